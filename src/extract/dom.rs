use scraper::{ElementRef, Html, Node, Selector};

use super::lined::Lined;
use super::page::{Lines, NodeRef, parse};

/// A page, and the lines on which each of its elements starts and ends.
pub struct Dom {
    html: Html,
    lines: Lines,
    origins: LineMap,
}

/// Which lines of a document the lines of the page made from it come from: pairs of a line of the
/// page and one of the document, in order. Lines between two pairs run in step.
pub type LineMap = Vec<(u32, u32)>;

/// An element, and the nearest heading before it that is not selected.
pub struct Selected<'a> {
    pub element: ElementRef<'a>,
    pub section: Lined,
}

/// Elements at whose edges a reader sees a gap.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements whose text nobody reads.
const HIDDEN: &[&str] = &["head", "script", "style", "template"];

impl Dom {
    /// Parses a page.
    pub fn parse(html: &str, origins: LineMap) -> Self {
        let (html, lines) = parse(html);
        Self {
            html,
            lines,
            origins,
        }
    }

    /// The elements that match, in the document's order, each with its section.
    pub fn select(&self, selector: &Selector) -> Vec<Selected<'_>> {
        let mut selected = Vec::new();
        let mut section = Lined::default();
        for element in self
            .html
            .tree
            .root()
            .descendants()
            .filter_map(ElementRef::wrap)
        {
            if selector.matches(&element) {
                selected.push(Selected {
                    element,
                    section: section.clone(),
                });
            } else if heading_level(element).is_some() {
                section = self.text(element, |_| true);
            }
        }
        selected
    }

    /// The text of an element, without that of the elements in it that `wanted` refuses.
    pub fn text(&self, element: ElementRef<'_>, wanted: impl Fn(ElementRef<'_>) -> bool) -> Lined {
        let mut reader = Reader::new(self);
        reader.read(element, wanted);
        reader.finish()
    }

    /// The line on which an element starts.
    pub fn line(&self, element: ElementRef<'_>) -> u32 {
        let line = self.lines.get(&element.id()).map_or(1, |(start, _)| *start);
        self.origin(line)
    }

    /// The line of the document that a line of the page comes from.
    fn origin(&self, line: u32) -> u32 {
        let after = self.origins.partition_point(|(page, _)| *page <= line);
        let origin = after
            .checked_sub(1)
            .and_then(|index| self.origins.get(index));
        origin.map_or(line, |(page, document)| document + (line - page))
    }
}

/// The level of a heading, 1 to 6; nothing for other elements.
pub fn heading_level(element: ElementRef<'_>) -> Option<u8> {
    match element.value().name().as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Reads text out of a page.
pub struct Reader<'a> {
    dom: &'a Dom,
    /// The line of the page.
    line: u32,
    text: Lined,
}

impl<'a> Reader<'a> {
    pub fn new(dom: &'a Dom) -> Self {
        Self {
            dom,
            line: 1,
            text: Lined::default(),
        }
    }

    /// Adds the text of an element.
    pub fn read(&mut self, element: ElementRef<'_>, wanted: impl Fn(ElementRef<'_>) -> bool) {
        // Walks without recursion: a hostile page may nest without end.
        let mut node = *element;
        loop {
            let entered = self.enter(node, |inner| inner == element || wanted(inner));
            if entered && let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            loop {
                self.leave(node);
                if node.id() == element.id() {
                    return;
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                match node.parent() {
                    Some(parent) => node = parent,
                    None => return,
                }
            }
        }
    }

    /// Takes note of a node, and says whether its children are to be read.
    pub fn enter(&mut self, node: NodeRef<'_>, wanted: impl Fn(ElementRef<'_>) -> bool) -> bool {
        match node.value() {
            Node::Text(text) => self.line = self.text.push_folded(self.line, text),
            Node::Comment(comment) => self.line += newlines(comment),
            Node::Element(element) => {
                if let Some((start, _)) = self.dom.lines.get(&node.id()) {
                    self.line = *start;
                }
                if BLOCKS.contains(&element.name()) {
                    self.text.push_space();
                }
                return !HIDDEN.contains(&element.name())
                    && ElementRef::wrap(node).is_some_and(wanted);
            }
            _ => {}
        }
        true
    }

    /// The text read, with the lines of the document.
    pub fn finish(self) -> Lined {
        self.text.trimmed().map_lines(|line| self.dom.origin(line))
    }

    /// Takes note that a node's children have been read.
    pub fn leave(&mut self, node: NodeRef<'_>) {
        if let Some((_, Some(end))) = self.dom.lines.get(&node.id()) {
            self.line = *end;
        }
        if node
            .value()
            .as_element()
            .is_some_and(|element| BLOCKS.contains(&element.name()))
        {
            self.text.push_space();
        }
    }
}

fn newlines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|&byte| byte == b'\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_the_lines_of_the_page() {
        let page = "<!DOCTYPE html>\n<ul\n class=x>\n<li>one\n<li\nid=a\n>two <!-- a\ncomment --> three\n<script>no\n</script>four</ul>";
        let dom = Dom::parse(page, LineMap::new());
        let items = Selector::parse("li").expect("a selector");
        let text: Vec<Lined> = dom
            .select(&items)
            .iter()
            .map(|item| dom.text(item.element, |_| true))
            .collect();
        assert_eq!(
            text.iter().map(Lined::as_str).collect::<Vec<_>>(),
            ["one", "two three four"]
        );
        for (word, line) in [("two", 7), ("three", 8), ("four", 10)] {
            let at = text[1].as_str().find(word).expect("the word");
            assert_eq!(text[1].line_at(at), line, "{word}");
        }
    }

    #[test]
    fn deep_nesting_is_read_without_recursion() {
        let page = format!("<ul><li>{}deep", "<b>".repeat(20_000));
        let dom = Dom::parse(&page, LineMap::new());
        assert_eq!(dom.text(dom.html.root_element(), |_| true).as_str(), "deep");
    }
}
