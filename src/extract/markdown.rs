use std::cell::{Cell, RefCell};
use std::fmt;

use pulldown_cmark::{Event, Options, Parser, Tag, html};

use super::Extraction;
use super::dom::{Dom, LineMap};
use super::lined::lines;
use crate::diagnostic::Diagnostic;

/// Reads Markdown as the HTML that it becomes, with the lines of the Markdown.
///
/// # Errors
/// Those of the HTML.
pub fn to_dom(text: &str, found: &mut Extraction) -> Result<Dom, Diagnostic> {
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let line_of = |offset: usize| {
        u32::try_from(starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    };

    let options = Options::from_iter([
        Options::ENABLE_TABLES,
        Options::ENABLE_DEFINITION_LIST,
        Options::ENABLE_STRIKETHROUGH,
        Options::ENABLE_TASKLISTS,
        Options::ENABLE_YAML_STYLE_METADATA_BLOCKS,
    ]);
    let written = Written::default();
    let mut columns = 0;
    let events = Parser::new_ext(text, options).into_offset_iter().flat_map(|(event, range)| {
        if let Event::End(_) = event {
            return [None, Some(event)];
        }
        let line = line_of(range.start);
        match event {
            Event::Start(Tag::Table(ref alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) if cells(&text[range]) > columns => {
                found.skip(line, format!("cells beyond the table's {columns} columns; write a bar inside a cell as \\|"));
            }
            _ => {}
        }
        let newline = written.start(line).then(|| Event::InlineHtml("\n".into()));
        [newline, Some(event)]
    });
    // Writing to a string cannot fail.
    let _ = html::write_html_fmt(&written, events.flatten());
    let page = written.page.take();
    Dom::parse(&page, written.origins.take(), lines(text))
}

/// How many cells a row of a table has.
fn cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let is_escaped = |at: usize| {
        let before = row[..at].bytes().rev();
        before.take_while(|&byte| byte == b'\\').count() % 2 == 1
    };
    let bars = row.match_indices('|');
    let bars = bars.filter(|(at, _)| !is_escaped(*at)).count();
    if row.ends_with('|') { bars } else { bars + 1 }
}

/// The HTML written so far, and where its lines come from. The parser's side and the writer's both hold it.
#[derive(Default)]
struct Written {
    page: RefCell<String>,
    /// The newlines in the page.
    newlines: Cell<u32>,
    origins: RefCell<LineMap>,
}

impl Written {
    /// Takes note that what is written next stands on this line of the document. Says whether a
    /// newline has to be written first, because the page's line came from another line.
    fn start(&self, document: u32) -> bool {
        let mut origins = self.origins.borrow_mut();
        let page = self.newlines.get() + 1;
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
        let newlines = text.bytes().filter(|&byte| byte == b'\n').count();
        self.newlines
            .set(self.newlines.get() + u32::try_from(newlines).unwrap_or(u32::MAX));
        self.page.borrow_mut().push_str(text);
        Ok(())
    }
}
