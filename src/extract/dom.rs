use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use scraper::{ElementRef, Html, HtmlTreeSink, Node, Selector};

use super::lined::Lined;

/// The key of a node in the tree. (`scraper` has the type, but does not export its name.)
type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// A page, and the line on which each of its elements starts.
pub struct Dom {
    html: Html,
    lines: HashMap<NodeId, u32>,
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
        let sink = LineSink {
            inner: HtmlTreeSink::new(Html::new_document()),
            line: Cell::new(1),
            lines: RefCell::default(),
        };
        let (html, lines) = parse_document(sink, ParseOpts::default()).one(html);
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
    pub fn enter(
        &mut self,
        node: ego::NodeRef<'_>,
        wanted: impl Fn(ElementRef<'_>) -> bool,
    ) -> bool {
        match node.value() {
            Node::Text(text) => self.line = self.text.push_folded(self.line, text),
            Node::Comment(comment) => self.line += newlines(comment),
            Node::Element(element) => {
                if let Some(line) = self.dom.lines.get(&node.id()) {
                    self.line = *line;
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
    pub fn leave(&mut self, node: ego::NodeRef<'_>) {
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

/// Names of the tree's types, which `scraper` uses but does not export.
pub mod ego {
    /// A node of a page.
    pub type NodeRef<'a> = <scraper::ElementRef<'a> as std::ops::Deref>::Target;
}

/// Builds the page, and writes down the line on which each element starts.
struct LineSink {
    inner: HtmlTreeSink,
    line: Cell<u32>,
    lines: RefCell<HashMap<NodeId, u32>>,
}

impl TreeSink for LineSink {
    type Handle = NodeId;
    type Output = (Html, HashMap<NodeId, u32>);
    type ElemName<'a> = <HtmlTreeSink as TreeSink>::ElemName<'a>;

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let node = self.inner.create_element(name, attrs, flags);
        self.lines.borrow_mut().insert(node, self.line.get());
        node
    }

    fn finish(self) -> Self::Output {
        (self.inner.finish(), self.lines.into_inner())
    }

    fn parse_error(&self, message: std::borrow::Cow<'static, str>) {
        self.inner.parse_error(message);
    }

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Self::ElemName<'a> {
        self.inner.elem_name(target)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.inner.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        self.inner
            .append_based_on_parent_node(element, previous, child);
    }

    fn append_doctype_to_document(
        &self,
        name: StrTendril,
        public_id: StrTendril,
        system_id: StrTendril,
    ) {
        self.inner
            .append_doctype_to_document(name, public_id, system_id);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.inner.same_node(x, y)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.inner.append_before_sibling(sibling, new_node);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }
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
