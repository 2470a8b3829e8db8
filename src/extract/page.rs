//! Parsing HTML into a page, with the lines on which its elements and texts start.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::num::NonZeroU32;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{
    ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeBuilderOpts, TreeSink,
};
use html5ever::{Attribute, LocalName, QualName, TokenizerResult, local_name};
use scraper::{Html, HtmlTreeSink};

use super::Form;
use super::lined::newlines;
use super::nodes::{NodeId, NodeMap, number};
use super::tags::OpenTags;
use crate::diagnostic::Diagnostic;

/// Where an element or a comment stands.
#[derive(Default, Clone, Copy)]
pub struct Place {
    /// The line on which its start tag ends; nothing if no tag of its own has made it.
    pub start: Option<NonZeroU32>,
    /// The line on which the text starts that comes first in it, if it starts with text.
    pub within: Option<NonZeroU32>,
    /// The line on which the text starts that follows behind it, if text does.
    pub behind: Option<NonZeroU32>,
    /// How many attributes it has of its own.
    attributes: u16,
    around: Around,
    /// What comes last in it so far: the key of a node, or [`TEXT`] and the line on which it ends, or
    /// [`NOTHING`].
    last: u32,
}

/// What is around an element: so many elements, with so many attributes.
#[derive(Default, Clone, Copy)]
struct Around {
    elements: u16,
    attributes: u16,
}

impl Place {
    /// What is around what stands in this element.
    fn around_children(&self) -> Around {
        Around {
            elements: self.around.elements.saturating_add(1),
            attributes: self.around.attributes.saturating_add(self.attributes),
        }
    }
}

/// Keys of nodes count up from 1.
const NOTHING: u32 = 0;
/// More than any key and any line.
const TEXT: u32 = 1 << 31;

/// The place of each element and comment.
pub type Places = NodeMap<Place>;

/// How many elements may be nested in each other. Browsers stop at 512. The parser looks through
/// all open elements at many tags, so that its time grows with their number.
pub const MAX_DEPTH: u32 = 512;

/// How many attributes an element and those around it may have. The parser compares each formatting element
/// with those of its name that are open, attribute by attribute.
const MAX_AROUND: u16 = 1_000;

/// How many elements, attributes and comments a page may have for each 1,000 bytes of its document. Each takes
/// some hundred bytes of memory, and a page needs few bytes for one: Markdown starts an item with two, and a
/// formatting element that is not closed is opened anew in each paragraph below, with its attributes. A text
/// that the parser moves out of a table counts as a comment.
const MAX_ELEMENTS: usize = 200;

/// How many of them any page may have, in spite of [`MAX_ELEMENTS`].
const FEW_ELEMENTS: usize = 20_000;

/// How many elements that embed others a page may have. Where their end tag is missing, the parser keeps what
/// it notes of them, and looks through all that at each formatting element.
const MAX_OBJECTS: usize = 1_000;

/// How many different names of elements and attributes a page may have, of those that [`is_long`] says are kept
/// in lists, of which there are not many; and how many such classes.
pub const MAX_NAMES: usize = 2_000;

/// How many pairs of attributes the tags of a page may have for each of its bytes, of tags that a [`PIECE`] is
/// wholly within. The parser compares each attribute of a tag with those before it. A page of less than
/// [`PAIRS_FOR`] bytes may have as many as one of that size.
const MAX_PAIRS: usize = 200;

/// The least size that a page is taken to have for [`MAX_PAIRS`], in bytes.
const PAIRS_FOR: usize = 1_000_000;

/// How many bytes the parser is given at once.
const PIECE: usize = 16 * 1024;

/// What a page holds, and where.
pub struct Page {
    pub html: Html,
    pub places: Places,
    /// Its last line.
    pub last: u32,
    /// What is never closed and takes in all that follows, with its line.
    pub unclosed: Vec<(u32, String)>,
}

/// The error that elements are nested deeper than [`MAX_DEPTH`].
pub fn too_deep() -> Diagnostic {
    Diagnostic::error(format!(
        "elements are nested deeper than MAX_DEPTH ({MAX_DEPTH})"
    ))
    .help(
        "browsers do not nest them so deep either: look whether this is the right document, and whether tags are closed. \
         MAX_DEPTH stands in src/extract/page.rs",
    )
}

/// How many elements, attributes and comments a page may have that is made from a document of so many bytes.
pub fn most_elements(bytes: usize) -> usize {
    (bytes / 1_000 * MAX_ELEMENTS).max(FEW_ELEMENTS)
}

/// The error that a page has more.
pub fn too_many_elements() -> Diagnostic {
    Diagnostic::error(format!(
        "there are more elements, attributes and comments than MAX_ELEMENTS ({MAX_ELEMENTS}) for each 1,000 bytes of the document"
    ))
    .help(
        "close formatting tags such as <b> and <font>: each paragraph opens anew those that are open. Look at cells and items without a text, and \
         in Markdown at quotes and lists that are nested many times over. MAX_ELEMENTS stands in src/extract/page.rs",
    )
}

/// Whether the parser keeps a name in a list; shorter ones take no place.
pub fn is_long(name: &str) -> bool {
    name.len() > 7
}

/// The error that a page has more than [`MAX_NAMES`].
pub fn too_many_names() -> Diagnostic {
    Diagnostic::error(format!(
        "there are more than MAX_NAMES ({MAX_NAMES}) different names of elements and attributes, or of classes, with more than seven letters"
    ))
    .help("look whether this is the right document. MAX_NAMES stands in src/extract/page.rs")
}

/// The error that elements in each other have more attributes than [`MAX_AROUND`].
fn too_many_around() -> Diagnostic {
    Diagnostic::error(format!(
        "an element and those around it have more than MAX_AROUND ({MAX_AROUND}) attributes"
    ))
    .help(
        "look whether this is the right document, and whether tags are closed. MAX_AROUND stands in src/extract/page.rs",
    )
}

/// Parses a page that is made from a document of so many bytes.
///
/// # Errors
/// Elements nested too deep, or too many of them or of their attributes.
pub fn parse(html: &str, form: Form, bytes: usize) -> Result<Page, Diagnostic> {
    let sink = LineSink {
        inner: HtmlTreeSink::new(Html::new_document()),
        line: Cell::new(1),
        before: Cell::new(1),
        run: Cell::default(),
        read_to: Cell::new(1),
        in_start_tag: Cell::new(false),
        first_made: Cell::new(usize::MAX),
        moved: Cell::new(None),
        waiting: Cell::new(None),
        places: RefCell::default(),
        templates: RefCell::default(),
        elements: Cell::new(0),
        objects: Cell::new(0),
        names: RefCell::default(),
        added: Cell::new(0),
        most: most_elements(bytes),
        refused: OnceCell::new(),
    };
    let builder = TreeBuilder::new(sink, TreeBuilderOpts::default());
    let builder = Builder {
        tree: builder,
        is_xhtml: form == Form::Xhtml,
        tokens: Cell::new(0),
        raw: RefCell::default(),
        open: RefCell::default(),
        is_within: Cell::new(false),
    };
    let tokenizer = Tokenizer::new(builder, TokenizerOpts::default());
    let input = BufferQueue::default();
    // Those that are open, once a piece is wholly within one; and the piece before.
    let (mut tags, mut last_piece) = (None, "");
    let mut pairs_left = html.len().max(PAIRS_FOR).saturating_mul(MAX_PAIRS);
    let mut rest = html;
    while !rest.is_empty() {
        let mut ends = (0..=rest.len().min(PIECE)).rev();
        let end = ends.find(|end| rest.is_char_boundary(*end));
        let piece;
        (piece, rest) = rest.split_at(end.unwrap_or(rest.len()));
        input.push_back(StrTendril::from(piece));
        let builder = &tokenizer.sink;
        let before = builder.tokens.get();
        // The parser pauses behind a script, so that it could be run; none is.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {
            if let Some(refused) = builder.tree.sink.refused.get() {
                return Err(refused.clone());
            }
        }
        // Without a token, all of the piece is within a tag, a comment or the like.
        if builder.tokens.get() > before {
            (tags, last_piece) = (None, piece);
            continue;
        }
        let tags = tags.get_or_insert_with(|| {
            let mut tags = OpenTags::default();
            tags.read(last_piece);
            tags
        });
        let pairs = |tags: &OpenTags| tags.attributes() * tags.attributes() / 2;
        let pairs_before = pairs(tags);
        tags.read(piece);
        match pairs_left.checked_sub(pairs(tags).saturating_sub(pairs_before)) {
            Some(left) => pairs_left = left,
            None => {
                let error = Diagnostic::error(format!(
                    "what may be tags has more pairs of attributes than MAX_PAIRS ({MAX_PAIRS} for each byte of the page)"
                ));
                builder.tree.sink.refuse(error.help("look whether tags, quotes and comments are closed, and whether this is the right document; in a long comment or value, take out a `<` that a letter follows, or put a `>` behind it. MAX_PAIRS stands in src/extract/page.rs"));
                break;
            }
        }
    }
    let last = tokenizer.sink.tree.sink.line.get();
    tokenizer.end();
    let unclosed = tokenizer.sink.unclosed(last);
    let sink = tokenizer.sink.tree.sink;
    match sink.refused.get() {
        Some(refused) => Err(refused.clone()),
        None => Ok(Page {
            unclosed,
            ..sink.finish()
        }),
    }
}

/// Builds the tree from tokens, and tells it which are start tags.
///
/// The tree makes elements for other reasons too: it closes and opens formatting anew around text.
/// Those have no line of their own.
struct Builder {
    tree: TreeBuilder<NodeId, LineSink>,
    /// Whether each element may close itself, and hold CDATA sections.
    is_xhtml: bool,
    /// How many tokens have come. Faults within a tag are none.
    tokens: Cell<usize>,
    /// The open element that ends at nothing but its own end tag, such as a script, and its line.
    raw: RefCell<Option<(LocalName, u32)>>,
    /// The lines of the containers that are open, by their name.
    open: RefCell<BTreeMap<LocalName, Vec<u32>>>,
    /// Whether the page ends within a tag, a comment or the like.
    is_within: Cell<bool>,
}

/// Whether an element takes in what follows if it is not closed, so that it is no longer what it seems.
fn is_container(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("audio")
            | local_name!("canvas")
            | local_name!("datalist")
            | local_name!("math")
            | local_name!("meter")
            | local_name!("pre")
            | local_name!("progress")
            | local_name!("svg")
            | local_name!("template")
            | local_name!("video")
    )
}

impl Builder {
    /// Takes note of what a tag opens or closes.
    fn enter(&self, kind: TagKind, name: &LocalName, is_raw: bool) {
        let line = self.tree.sink.line.get();
        if kind == TagKind::EndTag {
            // Within a raw element, no other end tag comes.
            self.raw.take();
        } else if is_raw {
            self.raw.replace(Some((name.clone(), line)));
        }
        if is_container(name) {
            let mut open = self.open.borrow_mut();
            let lines = open.entry(name.clone()).or_default();
            match kind {
                TagKind::StartTag => lines.push(line),
                TagKind::EndTag => drop(lines.pop()),
            }
        }
    }

    /// What is open at the end of the page, and takes in all that follows. A comment or a tag opens on
    /// the last line that holds something else, or below.
    fn unclosed(&self, last: u32) -> Vec<(u32, String)> {
        let raw = self.raw.borrow();
        let is_within = self.is_within.get() && raw.is_none();
        let within = is_within.then_some((last, "a comment or a tag".to_owned()));
        let raw = raw.iter().map(|(name, line)| (*line, format!("<{name}>")));
        let open = self.open.borrow();
        let open = open
            .iter()
            .filter_map(|(name, lines)| Some((*lines.first()?, format!("<{name}>"))));
        raw.chain(open).chain(within).collect()
    }

    /// What comes of a start tag of XHTML: all that the element holds is read in the same way, and it may
    /// be closed already.
    #[cold]
    fn start_in_xhtml(
        &self,
        name: LocalName,
        closes_itself: bool,
        line: u64,
    ) -> TokenSinkResult<NodeId> {
        // Elements of SVG and MathML close themselves in HTML, too. The end tag of a void element does
        // nothing, or breaks the line once more.
        let is_foreign = self
            .tree
            .adjusted_current_node_present_but_not_in_html_namespace();
        if !closes_itself || is_foreign {
            return TokenSinkResult::Continue;
        }
        let end = Tag {
            kind: TagKind::EndTag,
            name,
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        self.process_token(Token::TagToken(end), line)
    }

    /// Whether a token of XHTML is no part of the page: markup in an element that holds text alone, where
    /// all would be text in HTML.
    fn is_astray(&self, token: &Token) -> bool {
        let raw = self.raw.borrow();
        raw.as_ref().is_some_and(|(open, _)| match token {
            Token::TagToken(tag) => tag.kind == TagKind::StartTag || tag.name != *open,
            Token::CharacterTokens(_) | Token::EOFToken | Token::ParseError(_) => false,
            _ => true,
        })
    }
}

impl TokenSink for Builder {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        if self.is_xhtml && self.is_astray(&token) {
            return TokenSinkResult::Continue;
        }
        let tag = match &token {
            Token::TagToken(tag) => Some((tag.kind, tag.name.clone(), tag.self_closing)),
            // Only at the end of the page does the tokenizer speak of that.
            Token::ParseError(fault) if fault.starts_with("Saw EOF") => {
                self.is_within.set(true);
                None
            }
            _ => None,
        };
        let starts = matches!(tag, Some((TagKind::StartTag, ..)));
        let sink = &self.tree.sink;
        sink.in_start_tag.set(starts);
        let end = u32::try_from(line).unwrap_or(u32::MAX);
        match &token {
            Token::CharacterTokens(text) => {
                let start = sink.before.replace(end);
                sink.run.set(Run::new(start, text));
            }
            Token::ParseError(_) => {}
            _ => {
                sink.before.set(end);
                sink.waiting.set(Some(sink.read_to.replace(end)));
                sink.first_made.set(usize::MAX);
            }
        }
        let mut result = self.tree.process_token(token, line);
        self.tree.sink.waiting.set(None);
        let Some((kind, name, closes_itself)) = tag else {
            return result;
        };
        let is_raw = match result {
            TokenSinkResult::RawData(_) => true,
            TokenSinkResult::Plaintext => !self.is_xhtml,
            _ => false,
        };
        let may_close_itself =
            self.is_xhtml || name == local_name!("svg") || name == local_name!("math");
        if !(closes_itself && may_close_itself) {
            self.enter(kind, &name, is_raw);
        }
        if starts && self.is_xhtml {
            result = self.start_in_xhtml(name, closes_itself, line);
        }
        if self.tree.sink.refused.get().is_some() {
            // As behind a script, the parser pauses.
            return TokenSinkResult::Script(self.tree.sink.get_document());
        }
        result
    }

    fn end(&self) {
        self.tree.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        // That is where CDATA sections may stand.
        self.is_xhtml
            || self
                .tree
                .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Builds the page, and writes down the place of each element.
struct LineSink {
    inner: HtmlTreeSink,
    line: Cell<u32>,
    in_start_tag: Cell<bool>,
    /// The line on which the last token ends.
    before: Cell<u32>,
    /// The text that is read.
    run: Cell<Run>,
    /// The line up to which text has come to stand in the page.
    read_to: Cell<u32>,
    /// The key of the first element that the start tag has made, or more than any.
    first_made: Cell<usize>,
    /// The node that was last taken from its place.
    moved: Cell<Option<NodeId>>,
    /// The line on which the next text starts if it waited until its run ended, as in tables, and nothing
    /// while a text is read.
    waiting: Cell<Option<u32>>,
    places: RefCell<Places>,
    /// The nodes that hold what templates hold.
    templates: RefCell<BTreeSet<NodeId>>,
    /// How many elements, attributes and comments there are.
    elements: Cell<usize>,
    /// How many elements embed others.
    objects: Cell<usize>,
    /// The names of more than seven letters.
    names: RefCell<HashSet<LocalName>>,
    /// How many attributes further tags gave to elements that were there.
    added: Cell<usize>,
    /// How many elements, attributes and comments it may have.
    most: usize,
    /// Why the page is not read to its end.
    refused: OnceCell<Diagnostic>,
}

impl LineSink {
    fn refuse(&self, error: Diagnostic) {
        // The first fault is the one to tell.
        let _ = self.refused.set(error.on_line(self.line.get()));
    }

    /// Takes note of what comes to stand behind all that is in an element so far.
    fn add(&self, parent: NodeId, child: &NodeOrText<NodeId>) {
        let mut places = self.places.borrow_mut();
        match child {
            NodeOrText::AppendNode(child) => {
                let place = places.get_mut(parent);
                let around = place.map_or(Around::default(), |place| {
                    place.last = u32::try_from(number(*child)).unwrap_or(NOTHING) & !TEXT;
                    if self.moved.get() == Some(*child) && number(parent) >= self.first_made.get() {
                        // It is made anew, around what was there before.
                        place.start = None;
                    }
                    place.around_children()
                });
                self.nest(*child, around, &mut places);
            }
            NodeOrText::AppendText(text) => {
                let Some(place) = places.get_mut(parent) else {
                    return;
                };
                let (start, end) = self.lines_of(text);
                let before = std::mem::replace(&mut place.last, TEXT | end);
                if before == TEXT | start {
                    return;
                }
                let line = NonZeroU32::new(start);
                if before == NOTHING {
                    place.within = line;
                } else if before & TEXT == 0 {
                    if let Some(before) = places.numbered(before) {
                        before.behind = line;
                    }
                } else {
                    drop(places);
                    let seam = self.seam(start);
                    self.inner.append(&parent, NodeOrText::AppendNode(seam));
                }
            }
        }
    }

    /// The lines on which a text starts that the parser has come to, and on which it ends as its newlines
    /// are counted. Those of character references do not end a line of the document, so that what comes
    /// behind them may start before that.
    fn lines_of(&self, text: &str) -> (u32, u32) {
        let lines = newlines(text.as_bytes());
        if let Some(start) = self.waiting.get() {
            self.waiting.set(Some(start + lines));
            return (start, start + lines);
        }
        let (start, read_to) = self.run.get().lines_of(text, lines, self.line.get());
        self.read_to.set(read_to);
        (start, start + lines)
    }

    /// What keeps two texts apart that come to stand beside each other, though something stood between them.
    fn seam(&self, line: u32) -> NodeId {
        self.count(1);
        let seam = self.inner.create_comment(StrTendril::new());
        let place = Place {
            behind: NonZeroU32::new(line),
            ..Place::default()
        };
        self.places.borrow_mut().insert(seam, place);
        seam
    }

    /// Takes note of what is around an element.
    fn nest(&self, element: NodeId, around: Around, places: &mut Places) {
        if let Some(place) = places.get_mut(element) {
            place.around = around;
            let error = if u32::from(around.elements) > MAX_DEPTH {
                too_deep()
            } else if place.around_children().attributes > MAX_AROUND {
                too_many_around()
            } else {
                return;
            };
            self.refuse(error);
        }
    }

    /// Takes note of what is around an element that comes to stand beside a node or in it.
    fn nest_beside(&self, child: &NodeOrText<NodeId>, around: impl FnOnce(&Places) -> Around) {
        if let NodeOrText::AppendNode(child) = child {
            let mut places = self.places.borrow_mut();
            let around = around(&places);
            self.nest(*child, around, &mut places);
        }
    }

    /// Counts what makes a page large.
    fn count(&self, more: usize) {
        self.elements.set(self.elements.get() + more);
        if self.elements.get() > self.most {
            self.refuse(too_many_elements());
        }
    }

    /// Takes note of the name of an element or an attribute.
    fn name(&self, name: &LocalName) {
        if !is_long(name) {
            return;
        }
        let mut names = self.names.borrow_mut();
        if !names.contains(name) {
            names.insert(name.clone());
        }
        if names.len() > MAX_NAMES {
            self.refuse(too_many_names());
        }
    }

    /// Counts the elements that embed others.
    fn embed(&self, name: &LocalName) {
        let embeds = matches!(
            *name,
            local_name!("object") | local_name!("applet") | local_name!("marquee")
        );
        if !embeds {
            return;
        }
        self.objects.set(self.objects.get() + 1);
        if self.objects.get() > MAX_OBJECTS {
            let error = Diagnostic::error(format!(
                "there are more than MAX_OBJECTS ({MAX_OBJECTS}) elements of the names object, applet and marquee"
            ));
            self.refuse(error.help("look whether this is the right document. MAX_OBJECTS stands in src/extract/page.rs"));
        }
    }
}

/// A text as the parser comes to it, of which it may make several: white space that it starts with, its
/// first word, and the rest, some of which may be left out.
#[derive(Default, Clone, Copy)]
struct Run {
    /// The line on which it starts.
    start: u32,
    /// How many bytes it has.
    length: usize,
    /// How many newlines there are before its first word.
    lead: u32,
}

impl Run {
    fn new(start: u32, text: &str) -> Self {
        let white = text.bytes().take_while(u8::is_ascii_whitespace);
        let lead = white.filter(|byte| *byte == b'\n').count();
        Self {
            start,
            length: text.len(),
            lead: u32::try_from(lead).unwrap_or(u32::MAX),
        }
    }

    /// The lines on which a part with so many newlines starts and ends, if the whole ends on this line.
    fn lines_of(self, part: &str, lines: u32, end: u32) -> (u32, u32) {
        if part.len() == self.length {
            return (self.start, end);
        }
        let word = self.start + self.lead;
        if part.trim_ascii().is_empty() {
            (word.saturating_sub(lines), word)
        } else if lines == 0 {
            (word, word)
        } else {
            (end.saturating_sub(lines), end)
        }
    }
}

/// What is around a child of a node.
fn around_in(parent: NodeId) -> impl FnOnce(&Places) -> Around {
    move |places| {
        places
            .get(parent)
            .map_or(Around::default(), Place::around_children)
    }
}

impl TreeSink for LineSink {
    type Handle = NodeId;
    type Output = Page;
    type ElemName<'a> = <HtmlTreeSink as TreeSink>::ElemName<'a>;

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        self.count(1 + attrs.len());
        self.name(&name.local);
        attrs.iter().for_each(|own| self.name(&own.name.local));
        self.embed(&name.local);
        let attributes = u16::try_from(attrs.len()).unwrap_or(u16::MAX);
        let node = self.inner.create_element(name, attrs, flags);
        let line = NonZeroU32::new(self.line.get());
        let place = Place {
            start: line.filter(|_| self.in_start_tag.get()),
            attributes,
            ..Place::default()
        };
        self.places.borrow_mut().insert(node, place);
        if self.in_start_tag.get() {
            self.first_made.set(self.first_made.get().min(number(node)));
        }
        node
    }

    fn finish(self) -> Self::Output {
        let mut html = self.inner.finish();
        // What a template holds is no part of the page.
        for contents in self.templates.into_inner() {
            if let Some(mut contents) = html.tree.get_mut(contents) {
                contents.detach();
            }
        }
        Page {
            html,
            places: self.places.into_inner(),
            last: self.line.get(),
            unclosed: Vec::new(),
        }
    }

    // Nobody asks a page for its faults, its doctype or its mode.
    fn parse_error(&self, _: std::borrow::Cow<'static, str>) {}

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Self::ElemName<'a> {
        self.inner.elem_name(target)
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.count(1);
        let comment = self.inner.create_comment(text);
        self.places.borrow_mut().insert(comment, Place::default());
        comment
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        self.inner.create_pi(target, data)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.add(*parent, &child);
        self.inner.append(parent, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        // A table keeps its texts until it ends, however many there are.
        if self.refused.get().is_some() {
            return;
        }
        // It goes before the element or into the one before that, which is at most one deeper.
        self.nest_beside(&child, around_in(*element));
        if let NodeOrText::AppendText(text) = &child {
            let seam = NodeOrText::AppendNode(self.seam(self.lines_of(text).0));
            self.inner
                .append_based_on_parent_node(element, previous, seam);
        }
        self.inner
            .append_based_on_parent_node(element, previous, child);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let contents = self.inner.get_template_contents(target);
        let mut places = self.places.borrow_mut();
        let around = around_in(*target)(&places);
        let place = Place {
            around,
            ..Place::default()
        };
        places.insert(contents, place);
        self.templates.borrow_mut().insert(contents);
        contents
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        self.inner.same_node(x, y)
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        self.nest_beside(&new_node, |places| {
            places
                .get(*sibling)
                .map_or(Around::default(), |place| place.around)
        });
        self.inner.append_before_sibling(sibling, new_node);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        // Those that are there already are counted, too: there are few.
        self.count(attrs.len());
        attrs.iter().for_each(|own| self.name(&own.name.local));
        let added = self.added.get().saturating_add(attrs.len());
        self.added.set(added);
        if added > usize::from(MAX_AROUND) {
            self.refuse(too_many_around());
            return;
        }
        self.inner.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.moved.set(Some(*target));
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut places = self.places.borrow_mut();
        if let Some(node) = places.get_mut(*node) {
            let (within, last) = (node.within.take(), std::mem::take(&mut node.last));
            if let Some(new_parent) = places.get_mut(*new_parent) {
                // It is made anew, around what was there before.
                new_parent.start = None;
                (new_parent.within, new_parent.last) = (within, last);
            }
        }
        self.inner.reparent_children(node, new_parent);
    }
}
