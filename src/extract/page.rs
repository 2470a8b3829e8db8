//! Parsing HTML into a page, with the lines on which its elements start and end.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{
    ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink,
};
use html5ever::{Attribute, QualName, TokenizerResult};
use scraper::{ElementRef, Html, HtmlTreeSink};

/// The key of a node in the tree. (`scraper` uses the type, but does not export its name.)
pub type NodeId = <HtmlTreeSink as TreeSink>::Handle;

/// A node of a page. (`scraper` uses the type, but does not export its name.)
pub type NodeRef<'a> = <ElementRef<'a> as std::ops::Deref>::Target;

/// The lines on which the start tag of each element ends, and on which the element is closed.
/// Elements that no tag of their own has made are not among them.
pub type Lines = HashMap<NodeId, (u32, Option<u32>)>;

/// Parses a page.
pub fn parse(html: &str) -> (Html, Lines) {
    let sink = LineSink {
        inner: HtmlTreeSink::new(Html::new_document()),
        line: Cell::new(1),
        in_start_tag: Cell::new(false),
        lines: RefCell::default(),
    };
    let builder = TreeBuilder::new(sink, TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(Builder(builder), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // The parser pauses behind a script, so that it could be run; none is.
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.0.sink.finish()
}

/// Builds the tree from tokens, and tells it which are start tags.
///
/// The tree makes elements for other reasons too: it closes and opens formatting anew around text.
/// Those have no line of their own.
struct Builder(TreeBuilder<NodeId, LineSink>);

impl TokenSink for Builder {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let starts = matches!(&token, Token::TagToken(tag) if tag.kind == TagKind::StartTag);
        self.0.sink.in_start_tag.set(starts);
        self.0.process_token(token, line)
    }

    fn end(&self) {
        self.0.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Builds the page, and writes down the lines on which each element starts and ends.
struct LineSink {
    inner: HtmlTreeSink,
    line: Cell<u32>,
    in_start_tag: Cell<bool>,
    lines: RefCell<Lines>,
}

impl TreeSink for LineSink {
    type Handle = NodeId;
    type Output = (Html, Lines);
    type ElemName<'a> = <HtmlTreeSink as TreeSink>::ElemName<'a>;

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let node = self.inner.create_element(name, attrs, flags);
        if self.in_start_tag.get() {
            self.lines
                .borrow_mut()
                .insert(node, (self.line.get(), None));
        }
        node
    }

    fn pop(&self, node: &NodeId) {
        if let Some((_, end)) = self.lines.borrow_mut().get_mut(node) {
            *end = Some(self.line.get());
        }
        self.inner.pop(node);
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
