use std::cell::Cell;
use std::collections::HashSet;
use std::num::NonZeroU32;
use std::rc::Rc;

use html5ever::{LocalName, local_name};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use super::lined::Lined;
use super::nodes::{NodeId, NodeMap, NodeRef};
use super::page::{MAX_NAMES, Places, is_long, parse, too_many_names};
use super::selector::Asked;
use super::{Extraction, Extractor, Form, facts};
use crate::diagnostic::Diagnostic;
use crate::model::{LayoutKind, text};

/// A page, and where its elements stand.
pub struct Dom {
    html: Html,
    places: Places,
    origins: LineMap,
    /// The last line of the document.
    last: u32,
    /// Where text is read before its length is known: it is used again and again.
    desk: Cell<Lined>,
}

/// Which lines of a document the lines of the page made from it come from: pairs of a line of the
/// page and one of the document, in order. Lines between two pairs run in step.
pub type LineMap = Vec<(u32, u32)>;

/// How many nodes may stand beside an element and beside each that is around it, together, where `select` asks for
/// them: they are gone through for each element.
const MAX_SIBLINGS: usize = 2_000;

/// How many bytes the values of an attribute may have, at an element and those around it, where `select` asks for it.
const MAX_ATTRIBUTES: usize = 10_000;

/// The elements that a selector matches.
pub struct Selection<'a> {
    /// In the order in which they stand in the page.
    pub elements: Vec<ElementRef<'a>>,
    /// For each the section that it is in.
    sections: NodeMap<Rc<Lined>>,
    /// What is around them.
    around: NodeMap<()>,
}

impl Selection<'_> {
    pub fn contains(&self, element: ElementRef<'_>) -> bool {
        self.sections.contains(element.id())
    }

    /// Whether selected elements are in an element.
    pub fn is_around(&self, element: ElementRef<'_>) -> bool {
        self.around.contains(element.id())
    }

    /// The heading of the section that a selected element is in; nothing if no fact is looked for in it.
    pub fn section(&self, element: ElementRef<'_>) -> Rc<Lined> {
        self.sections.get(element.id()).cloned().unwrap_or_default()
    }
}

impl Asked {
    /// How much of it is at a node; of what stands beside each other, at the node around it.
    fn weight(&self, node: NodeRef<'_>) -> usize {
        if let Asked::Attribute(asked) = self {
            // Those of an element that is around nothing are read for itself alone.
            let node = Some(node).filter(NodeRef::has_children);
            let element = node.and_then(|node| node.value().as_element());
            let attributes = element.into_iter().flat_map(Element::attrs);
            let attributes = attributes.filter(|(name, _)| name.eq_ignore_ascii_case(asked));
            return attributes.map(|(_, value)| value.len()).sum();
        }
        let (mut row, mut longest) = (0, 0);
        for child in node.children() {
            let ends = *self == Asked::Nearest && child.value().is_element();
            row = if ends { 0 } else { row + 1 };
            longest = longest.max(row);
        }
        longest
    }
}

/// Whether a reader sees a gap at the edges of an element.
fn is_block(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("address")
            | local_name!("article")
            | local_name!("aside")
            | local_name!("blockquote")
            | local_name!("br")
            | local_name!("caption")
            | local_name!("center")
            | local_name!("dd")
            | local_name!("details")
            | local_name!("dialog")
            | local_name!("dir")
            | local_name!("div")
            | local_name!("dl")
            | local_name!("dt")
            | local_name!("fieldset")
            | local_name!("figcaption")
            | local_name!("figure")
            | local_name!("footer")
            | local_name!("form")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("header")
            | local_name!("hgroup")
            | local_name!("hr")
            | local_name!("legend")
            | local_name!("li")
            | local_name!("listing")
            | local_name!("main")
            | local_name!("menu")
            | local_name!("nav")
            | local_name!("ol")
            | local_name!("optgroup")
            | local_name!("option")
            | local_name!("p")
            | local_name!("pre")
            | local_name!("search")
            | local_name!("section")
            | local_name!("summary")
            | local_name!("table")
            | local_name!("tbody")
            | local_name!("td")
            | local_name!("tfoot")
            | local_name!("th")
            | local_name!("thead")
            | local_name!("tr")
            | local_name!("ul")
            | local_name!("xmp")
    )
}

/// Whether nobody reads the text of an element: what browsers do not show, in HTML, SVG and MathML.
pub fn is_hidden(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("annotation")
            | local_name!("annotation-xml")
            | local_name!("audio")
            | local_name!("canvas")
            | local_name!("datalist")
            | local_name!("desc")
            | local_name!("head")
            | local_name!("iframe")
            | local_name!("metadata")
            | local_name!("meter")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("noscript")
            | local_name!("progress")
            | local_name!("rp")
            | local_name!("script")
            | local_name!("style")
            | local_name!("template")
            | local_name!("title")
            | local_name!("video")
    )
}

/// Whether an element is in nothing whose text nobody reads.
fn is_shown(element: ElementRef<'_>) -> bool {
    let mut around = element.ancestors().filter_map(ElementRef::wrap);
    !around.any(|outer| is_hidden(&outer.value().name.local))
}

impl Dom {
    /// Parses a page that is made from a document of so many bytes, and perhaps of other lines.
    ///
    /// # Errors
    /// A page that takes more than its size in time or memory.
    pub fn parse(
        html: &str,
        form: Form,
        bytes: usize,
        lines: Option<(LineMap, u32)>,
        found: &mut Extraction,
    ) -> Result<Self, Diagnostic> {
        let (origins, last) = lines.unzip();
        let origins = origins.unwrap_or_default();
        // End tags of Markdown's HTML have lines of their own, which may be counted beyond the end.
        let within = |line| origin(&origins, line).min(last.unwrap_or(line));
        let page = parse(html, form, bytes).map_err(|error| Diagnostic {
            line: error.line.map(within),
            ..error
        })?;
        let dom = Self {
            html: page.html,
            places: page.places,
            origins,
            last: last.unwrap_or(page.last),
            desk: Cell::default(),
        };
        for (line, what) in page.unclosed {
            found.skip_rest(dom.origin(line), &what);
        }
        Ok(dom)
    }

    /// Fails if there is too much of what a selector asks for.
    ///
    /// # Errors
    /// The line of an element that has too much, or those around it.
    pub fn must_not_be_crowded(&self, asked: &Asked) -> Result<(), Diagnostic> {
        let siblings = (MAX_SIBLINGS, "MAX_SIBLINGS");
        let ((most, limit), what, asks, help) = match asked {
            Asked::Nearest => (
                siblings,
                "comments and texts stand next to an element and those around it",
                "`+`, `…-child` or `:empty`".to_owned(),
                "select by the elements around them or by a class",
            ),
            Asked::Beside => (
                siblings,
                "elements and texts stand beside an element and those around it",
                "`~`, `:nth-…` or `…-of-type`".to_owned(),
                "select by the elements around them, by a class or with `+`",
            ),
            Asked::Attribute(name) => (
                (MAX_ATTRIBUTES, "MAX_ATTRIBUTES"),
                "bytes of an attribute are at an element and those around it",
                format!("the attribute `{}`", text::excerpt(name, 40)),
                "select by the elements around them",
            ),
            Asked::Classes => return self.must_have_few_classes(),
        };
        // Of each node around the one that is looked at, with what is at those around that.
        let mut around: Vec<(NodeId, usize)> = Vec::new();
        let is_crowded = |node: &NodeRef<'_>| {
            let outer = node.parent().map(|outer| outer.id());
            while around.pop_if(|(id, _)| Some(*id) != outer).is_some() {}
            let before = around.last().map_or(0, |(_, weight)| *weight);
            let weight = before + asked.weight(*node);
            around.push((node.id(), weight));
            weight > most
        };
        let crowd = self.html.tree.root().descendants().find(is_crowded);
        let Some(crowd) = crowd else {
            return Ok(());
        };
        let error = Diagnostic::error(format!(
            "more than {limit} ({most}) {what}, too many for a `select` with {asks}"
        ));
        let line = ElementRef::wrap(crowd).map_or(1, |element| self.line(element));
        let help = format!("{help}. {limit} stands in src/extract/dom.rs");
        Err(error.on_line(line).help(help))
    }

    /// Fails if there are too many classes: the selector keeps each as the parser keeps names.
    fn must_have_few_classes(&self) -> Result<(), Diagnostic> {
        let mut known = HashSet::new();
        for element in self.nodes().filter_map(ElementRef::wrap) {
            let classes = element.attr("class").unwrap_or_default();
            let classes = classes.split_ascii_whitespace();
            known.extend(classes.filter(|class| is_long(class)));
            if known.len() > MAX_NAMES {
                return Err(too_many_names().on_line(self.line(element)));
            }
        }
        Ok(())
    }

    /// The elements that a layout selects.
    pub fn select(&self, extractor: &Extractor, found: &mut Extraction) -> Selection<'_> {
        let (mut selected, mut around) = (NodeMap::default(), NodeMap::default());
        let matches = self.html.select(&extractor.select().selector);
        for element in matches.filter(|element| is_shown(*element)) {
            selected.insert(element.id(), ());
            let mut ancestors = element.ancestors();
            while ancestors
                .next()
                .is_some_and(|outer| around.insert(outer.id(), ()).is_none())
            {}
        }
        let (mut elements, mut sections) = (Vec::new(), NodeMap::default());
        let mut headings = Headings::default();
        let reads_sections = extractor.reads_sections();
        for node in self.nodes() {
            headings.leave(node);
            let Some(element) = ElementRef::wrap(node) else {
                continue;
            };
            let level = heading_level(element);
            let mut is_selected = selected.contains(element.id());
            if is_selected && level.is_some() && extractor.kind() == LayoutKind::Sections {
                // A heading that is no entry is a section, or a part of the entry above.
                let heading = self.text(element, |inner| !selected.contains(inner.id()));
                is_selected = extractor.starts_entry(heading.as_str());
                if !is_selected {
                    let (line, told) = facts::no_entry(self.line(element), &heading);
                    found.skip(line, told);
                }
            }
            let level = level.filter(|_| reads_sections && is_shown(element));
            match level {
                Some(level) if is_selected || around.contains(element.id()) => {
                    headings.end(level + 1);
                }
                Some(level) => {
                    let heading = self.text(element, |inner| heading_level(inner).is_none());
                    headings.start(level, found.section(heading));
                }
                None => {}
            }
            if is_selected {
                sections.insert(element.id(), headings.nearest());
                elements.push(element);
            }
            if reads_sections && (is_selected || is_definition(element)) {
                headings.enter(node);
            }
        }
        Selection {
            elements,
            sections,
            around,
        }
    }

    /// The nodes in their order. What the parser has moved stands elsewhere than it came, and what it
    /// has taken out again nowhere.
    fn nodes(&self) -> impl Iterator<Item = NodeRef<'_>> {
        std::iter::successors(Some(self.html.tree.root()), |node| {
            node.first_child().or_else(|| behind(*node))
        })
    }

    /// The text of an element, without that of the elements in it that `wanted` refuses.
    pub fn text(&self, element: ElementRef<'_>, wanted: impl Fn(ElementRef<'_>) -> bool) -> Lined {
        let mut reader = Reader::new(self);
        reader.read(element, wanted);
        reader.finish()
    }

    /// The line on which an element starts.
    pub fn line(&self, element: ElementRef<'_>) -> u32 {
        self.origin(self.start(element))
    }

    /// The line of the document that a line of the page comes from. Text that is moved out of a table is
    /// read where it does not stand, so that its lines may be counted beyond the end.
    fn origin(&self, line: u32) -> u32 {
        origin(&self.origins, line).min(self.last)
    }

    /// The line of the page on which an element starts, or what is around it if no tag has made it.
    fn start(&self, element: ElementRef<'_>) -> u32 {
        let mut nodes = std::iter::once(*element).chain(element.ancestors());
        let start = nodes.find_map(|node| self.places.get(node.id())?.start);
        start.map_or(1, NonZeroU32::get)
    }
}

/// The line of the document that a line of the page comes from.
fn origin(origins: &LineMap, line: u32) -> u32 {
    let after = origins.partition_point(|(page, _)| *page <= line);
    let origin = after.checked_sub(1).and_then(|index| origins.get(index));
    origin.map_or(line, |(page, document)| document + (line - page))
}

/// The level of a heading, 1 to 6; nothing for other elements.
pub fn heading_level(element: ElementRef<'_>) -> Option<u8> {
    match element.value().name.local {
        local_name!("h1") => Some(1),
        local_name!("h2") => Some(2),
        local_name!("h3") => Some(3),
        local_name!("h4") => Some(4),
        local_name!("h5") => Some(5),
        local_name!("h6") => Some(6),
        _ => None,
    }
}

fn is_definition(element: ElementRef<'_>) -> bool {
    element.value().name.local == local_name!("dd")
}

/// The node behind all that a node holds.
fn behind(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let mut open = std::iter::once(node).chain(node.ancestors());
    open.find_map(|node| node.next_sibling())
}

/// The headings above a place in a page.
#[derive(Default)]
struct Headings {
    /// Each with its level, the nearest last.
    open: Vec<(u8, Rc<Lined>)>,
    /// The elements around the place whose headings hold for what is in them alone: the node behind each,
    /// and how many headings were open at its start.
    closed: Vec<(Option<NodeId>, usize)>,
}

impl Headings {
    fn start(&mut self, level: u8, heading: Rc<Lined>) {
        self.end(level);
        self.open.push((level, heading));
    }

    /// Ends the sections of a level and below.
    fn end(&mut self, level: u8) {
        let outer = self.closed.last().map_or(0, |(_, outer)| *outer);
        while self.open.len() > outer && self.open.last().is_some_and(|(own, _)| *own >= level) {
            self.open.pop();
        }
    }

    fn nearest(&self) -> Rc<Lined> {
        let nearest = self.open.last();
        nearest
            .map(|(_, heading)| Rc::clone(heading))
            .unwrap_or_default()
    }

    fn enter(&mut self, element: NodeRef<'_>) {
        let end = behind(element).map(|node| node.id());
        self.closed.push((end, self.open.len()));
    }

    /// Takes note that a node is reached.
    fn leave(&mut self, node: NodeRef<'_>) {
        let is_end = |end: &mut (Option<NodeId>, usize)| end.0 == Some(node.id());
        while let Some((_, outer)) = self.closed.pop_if(is_end) {
            self.open.truncate(outer);
        }
    }
}

/// Reads text out of a page.
pub struct Reader<'a> {
    dom: &'a Dom,
    /// The line of the page.
    line: u32,
    text: Lined,
    /// How many nodes have been read, and bytes of white space that was folded.
    unseen: usize,
}

impl<'a> Reader<'a> {
    pub fn new(dom: &'a Dom) -> Self {
        Self {
            dom,
            line: 1,
            text: dom.desk.take(),
            unseen: 0,
        }
    }

    /// How much has been read that is not in the text: nodes, and bytes of white space.
    pub fn unseen(&self) -> usize {
        self.unseen
    }

    /// Adds the text of an element.
    pub fn read(&mut self, element: ElementRef<'_>, wanted: impl Fn(ElementRef<'_>) -> bool) {
        self.line = self.dom.start(element);
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
        self.unseen += 1;
        match node.value() {
            Node::Text(text) => {
                let before = self.text.as_str().len();
                self.line = self.text.push_folded(self.line, text);
                self.unseen += (before + text.len()).saturating_sub(self.text.as_str().len());
            }
            Node::Element(element) => {
                let place = self.dom.places.get(node.id());
                if let Some(start) = place.and_then(|place| place.within.or(place.start)) {
                    self.line = start.get();
                }
                if is_block(&element.name.local) {
                    self.text.push_space();
                }
                return !is_hidden(&element.name.local)
                    && ElementRef::wrap(node).is_some_and(wanted);
            }
            _ => {}
        }
        true
    }

    /// The text read, with the lines of the document.
    pub fn finish(mut self) -> Lined {
        let text = self.text.copied();
        self.text.clear();
        self.dom.desk.set(self.text);
        text.map_lines(|line| self.dom.origin(line))
    }

    /// Takes note that a node's children have been read.
    pub fn leave(&mut self, node: NodeRef<'_>) {
        if node.value().is_text() {
            return;
        }
        let place = self.dom.places.get(node.id());
        if let Some(behind) = place.and_then(|place| place.behind) {
            self.line = behind.get();
        }
        if let Node::Element(element) = node.value()
            && is_block(&element.name.local)
        {
            self.text.push_space();
        }
    }
}

#[cfg(test)]
mod tests {
    use scraper::Selector;

    use super::*;

    #[test]
    fn text_keeps_the_lines_of_the_page() {
        let page = "<!DOCTYPE html>\n<ul\n class=x>\n<li>one\n<li\nid=a\n>two <!-- a\ncomment --> three\n<script>no\n</script>four</ul>";
        let found = &mut Extraction::default();
        let dom = Dom::parse(page, Form::Html, page.len(), None, found).expect("a page");
        let items = Selector::parse("li").expect("a selector");
        let items = dom.html.select(&items);
        let text: Vec<Lined> = items.map(|item| dom.text(item, |_| true)).collect();
        assert_eq!(
            text.iter().map(Lined::as_str).collect::<Vec<_>>(),
            ["one", "two three four"]
        );
        for (word, line) in [("two", 7), ("three", 8), ("four", 10)] {
            let at = text[1].as_str().find(word).expect("the word");
            assert_eq!(text[1].line_at(at), line, "{word}");
        }
    }
}
