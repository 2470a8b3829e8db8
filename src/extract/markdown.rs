use std::cell::{Cell, LazyCell, RefCell};
use std::fmt;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};

use super::dom::{Dom, LineMap};
use super::lined::newlines;
use super::{Extraction, Form, page};
use crate::diagnostic::Diagnostic;
use crate::model::text::excerpt;

/// How many cells the rows of a table may lack together. Behind twice as many and some more, the parser
/// takes the rest of the table for text.
const MAX_MISSING: usize = 100_000;

/// Reads Markdown as the HTML that it becomes, with the lines of the Markdown.
///
/// # Errors
/// A table that lacks too many cells, too many elements, and those of the HTML.
pub fn to_dom(document: &str, found: &mut Extraction) -> Result<Dom, Diagnostic> {
    let (metadata, text) = document.split_at(metadata(document));
    let (mut last, mut line) = (0, newlines(metadata.as_bytes()) + 1);
    // Events come in the order of the text, but for some that step back a little, and a few are said to
    // start within a character.
    let mut line_of = |offset: usize| {
        let bytes = text.as_bytes();
        if offset < last {
            line -= newlines(&bytes[offset..last]);
        } else {
            line += newlines(&bytes[last..offset]);
        }
        last = offset;
        line
    };

    let options = Options::from_iter([
        Options::ENABLE_TABLES,
        Options::ENABLE_DEFINITION_LIST,
        Options::ENABLE_STRIKETHROUGH,
        Options::ENABLE_TASKLISTS,
    ]);
    let written = Written::default();
    let end = text.trim_end().len();
    let last_comment = LazyCell::new(|| text.rfind("-->").unwrap_or_default());
    let mut columns = 0;
    let mut missing = 0;
    let (mut starts_line, mut starts_text) = (false, false);
    // What the page would be refused for need not be written.
    let mut elements_left = page::most_elements(document.len());
    let mut depth = 0;
    let mut refused = None;
    let mut parser = Parser::new_ext(text, options).into_offset_iter();
    let mut waiting = None;
    // The line on which a block of code starts that may go on to the end, and whether its last line is code.
    let mut code: Option<(u32, bool)> = None;
    let events = std::iter::from_fn(|| {
        if waiting.is_some() {
            return waiting.take();
        }
        let (event, range) = parser.next()?;
        if let Event::End(_) = event {
            depth -= 1;
            if let Some((line, true)) = code.take_if(|_| event == Event::End(TagEnd::CodeBlock)) {
                found.skip_rest(line, "a block of code");
            }
            return Some(event);
        }
        if let (Some((_, is_code)), Event::Text(_)) = (&mut code, &event) {
            *is_code = range.end >= end;
        }
        let line = line_of(range.start);
        if let Event::Start(tag) = &event {
            depth += 1;
            if depth > page::MAX_DEPTH {
                refused.get_or_insert_with(|| page::too_deep().on_line(line));
            } else if elements_left == 0 {
                refused.get_or_insert_with(|| page::too_many_elements().on_line(line));
            }
            elements_left = elements_left.saturating_sub(usize::from(*tag != Tag::HtmlBlock));
        }
        if refused.is_some() {
            return None;
        }
        let starts = matches!(
            event,
            Event::SoftBreak | Event::HardBreak | Event::Start(Tag::Paragraph)
        );
        let is_start = std::mem::replace(&mut starts_line, starts);
        let is_first = std::mem::replace(
            &mut starts_text,
            matches!(event, Event::Start(Tag::Paragraph)),
        );
        let event = with_lines(event, text.get(range.clone()).unwrap_or_default());
        match event {
            Event::Start(Tag::Table(ref alignments)) => {
                columns = alignments.len();
                missing = 0;
            }
            // Of a table, the head and the line below it are no text.
            Event::Text(_) | Event::Html(_)
                if (is_start || matches!(event, Event::Html(_)))
                    && text.get(range.start..).is_some_and(is_below_head) =>
            {
                found.skip(line, "what looks like a table is none: it needs an empty line before it, and as many columns in its head as in this line");
            }
            Event::Text(_) if is_first && text.get(range.start..).is_some_and(is_row) => {
                found.skip(
                    line,
                    "what looks like a row is in no table: an empty line ends a table",
                );
            }
            Event::Start(Tag::TableRow) => {
                let cells = text.get(range).map_or(columns, cells);
                if cells > columns {
                    found.skip(line, format!("cells beyond the table's {columns} columns; write a bar inside a cell as \\|"));
                }
                missing += columns.saturating_sub(cells);
                if missing > MAX_MISSING {
                    refused.get_or_insert_with(|| lacks_cells().on_line(line));
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) if range.end >= end => {
                let is_alone = text
                    .get(range)
                    .is_some_and(|block| !block.trim_end().contains('\n'));
                code = Some((line, is_alone));
            }
            Event::Start(Tag::HtmlBlock) => {
                let block = text.get(range.clone()).unwrap_or_default();
                if range.end >= end && is_open(block.trim_start()) {
                    found.skip_rest(line, "a block of HTML");
                } else if is_open_comment(block.trim_start()) && range.end <= *last_comment {
                    found.skip(line, "a comment is opened here and not closed in its block: whatever follows is taken for a part of it, up to the next `-->`");
                }
            }
            _ => {}
        }
        if written.start(line) {
            waiting = Some(event);
            // White space would be a part of the text, and the end of a comment that of one that is open.
            return Some(Event::InlineHtml("<?\n>".into()));
        }
        Some(event)
    });
    // Writing to a string cannot fail.
    let _ = html::write_html_fmt(&written, events);
    let definitions = parser.reference_definitions().iter();
    let footnotes = definitions.filter(|(label, _)| label.starts_with('^'));
    let mut footnotes: Vec<_> = footnotes
        .map(|(label, definition)| (definition.span.start, label))
        .collect();
    // They come in any order, and a line is found from the last one that was asked for.
    footnotes.sort_unstable();
    for (start, label) in footnotes {
        let label = excerpt(label, 40);
        let told = format!(
            "the footnote [{label}] is taken for the place that a link leads to, and left out"
        );
        found.skip(line_of(start), told);
    }
    // What it knows of the text takes more memory than that.
    drop(parser);
    if let Some(refused) = refused {
        return Err(refused);
    }
    let page = written.page.take();
    let end = line_of(text.len());
    Dom::parse(
        &page,
        Form::Markdown,
        document.len(),
        Some((written.origins.take(), end)),
        found,
    )
}

/// The error that the rows of a table are too short.
fn lacks_cells() -> Diagnostic {
    Diagnostic::error(format!(
        "the rows of the table lack more than MAX_MISSING ({MAX_MISSING}) cells together"
    ))
    .help("write the cells, or take needless columns out of the table's head. MAX_MISSING stands in src/extract/markdown.rs")
}

/// A part of a text with the newlines that it has in the document. The parser takes those of code for
/// spaces, and character references may stand for others.
fn with_lines<'a>(event: Event<'a>, document: &str) -> Event<'a> {
    let has_lines = || document.contains('\n');
    match event {
        // Each reference comes alone.
        Event::Text(text) if matches!(&*text, "\n" | "\r") && !has_lines() => {
            Event::Text(" ".into())
        }
        Event::Code(code) if has_lines() => Event::Code(code_with_lines(&code, document).into()),
        event => event,
    }
}

fn code_with_lines(code: &str, document: &str) -> String {
    let (mut text, mut rest) = (String::new(), document);
    for piece in code.split_inclusive(' ') {
        let word = piece.trim_end_matches(' ');
        // Its words stand in the document as they are, with more before them on a new line.
        let start = rest.find(word);
        let before = start.map_or("", |start| &rest[..start]);
        text.extend(before.matches('\n'));
        rest = start.map_or("", |start| &rest[start + word.len()..]);
        text.push_str(piece);
    }
    text
}

/// How many bytes of a document are metadata: a map of YAML between two rules at its very start, without
/// an empty line. The parser would take all that is between two rules for that, anywhere.
pub fn metadata(document: &str) -> usize {
    let mut lines = document.split_inclusive('\n');
    let Some(rule) = lines.next().filter(|line| line.trim_end() == "---") else {
        return 0;
    };
    let mut end = rule.len();
    for line in lines {
        match line.trim_end() {
            "" => return 0,
            "---" | "..." if is_map(&document[rule.len()..end]) => return end + line.len(),
            "---" | "..." => return 0,
            _ => end += line.len(),
        }
    }
    0
}

/// Whether a text is a map of YAML.
fn is_map(text: &str) -> bool {
    let mut is_map = false;
    for (number, event) in saphyr_parser::Parser::new_from_str(text).enumerate() {
        match event {
            Ok((saphyr_parser::Event::MappingStart(..), _)) => is_map = true,
            // The first two are the starts of the stream and of the document.
            Ok(_) if is_map || number < 2 => {}
            _ => return false,
        }
    }
    is_map
}

/// Whether a block of HTML goes on to the end of the document because what it starts with is not
/// closed. Of elements and comments, the page tells.
fn is_open(block: &str) -> bool {
    let ends = [("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">")];
    let end = ends.into_iter().find(|(start, _)| block.starts_with(start));
    !block.starts_with("<!--") && end.is_some_and(|(_, end)| !block.contains(end))
}

/// Whether a block of HTML is a comment that goes on behind it.
fn is_open_comment(block: &str) -> bool {
    block.starts_with("<!--") && !block.contains("-->")
}

/// Whether the first line of a text is what stands below the head of a table: `|---|---|`.
fn is_below_head(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    line.contains('|') && line.contains('-') && line.chars().all(|c| "|:- \t".contains(c))
}

/// Whether the first line of a text stands between bars as a row does, but is not the head of what looks like
/// a table.
fn is_row(text: &str) -> bool {
    let mut lines = text.lines();
    let line = lines.next().unwrap_or_default().trim_end();
    line.len() > 1
        && line.starts_with('|')
        && line.ends_with('|')
        && !lines
            .next()
            .is_some_and(|next| is_below_head(next.trim_start_matches(['>', ' '])))
}

/// How many cells a row of a table has.
fn cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    // For the parser, a backslash before it does not escape the one that is before a bar.
    let bars = row.match_indices('|');
    let bars = bars.filter(|(at, _)| !row[..*at].ends_with('\\')).count();
    if row.ends_with('|') && !row.ends_with("\\|") {
        bars
    } else {
        bars + 1
    }
}

/// The HTML written so far, and where its lines come from. The parser's side and the writer's both hold it.
#[derive(Default)]
struct Written {
    page: RefCell<String>,
    /// How many bytes of the page have been looked at, and how many newlines there are in them.
    counted: Cell<(usize, u32)>,
    origins: RefCell<LineMap>,
}

impl Written {
    /// Takes note that what is written next stands on this line of the document. Says whether a
    /// newline has to be written first, because the page's line came from another line.
    fn start(&self, document: u32) -> bool {
        let mut origins = self.origins.borrow_mut();
        let written = self.page.borrow();
        let (bytes, lines) = self.counted.get();
        let lines = lines + newlines(&written[bytes..]);
        self.counted.set((written.len(), lines));
        let page = lines + 1;
        let taken = origins.last().filter(|(last_page, _)| *last_page >= page);
        match taken.map(|(_, last)| *last == document) {
            Some(true) => false,
            Some(false) => {
                origins.push((page + 1, document));
                true
            }
            None => {
                origins.push((page, document));
                false
            }
        }
    }
}

impl fmt::Write for &Written {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.page.borrow_mut().push_str(text);
        Ok(())
    }
}
