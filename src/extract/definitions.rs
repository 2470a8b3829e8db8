//! A term of a definition list, and all that follows it up to the next term.

use html5ever::{LocalName, local_name};
use scraper::{ElementRef, Node};

use super::dom::{Dom, Reader, is_hidden};
use super::nodes::{NodeMap, NodeRef};
use super::{Block, Extraction, Extractor, facts};

pub fn read(extractor: &Extractor, dom: &Dom, found: &mut Extraction) {
    let selection = dom.select(extractor, found);
    let mut rows = NodeMap::default();
    for term in &selection.elements {
        // The selector may name an element inside the term.
        let ancestors = term.ancestors().filter_map(ElementRef::wrap);
        let mut holders = std::iter::once(*term).chain(ancestors);
        let holder = holders.find(|element| is_term(element));
        let row = holder.map(|holder| row_of(*holder, &mut rows));
        let mut reader = Reader::new(dom);
        let mut is_defined = false;
        let line = dom.line(*term);
        if let Some(Row { last, next }) = row {
            reader.leave(last);
            for node in last.next_siblings().take_while(|node| Some(*node) != next) {
                is_defined |= !is_silent(node);
                match ElementRef::wrap(node) {
                    // A list of terms inside a definition holds entries of its own.
                    Some(element) => reader.read(element, |inner| {
                        !is(inner, &local_name!("dl")) || !selection.is_around(inner)
                    }),
                    None => {
                        reader.enter(node, |_| true);
                        reader.leave(node);
                    }
                }
            }
            // Terms that share what follows each read it, and not all of it is text.
            if !found.may_pass(line, reader.unseen()) {
                return;
            }
        }
        let block = Block {
            entry: dom.text(*term, |inner| !selection.contains(inner)),
            text: reader.finish(),
            line,
            section: selection.section(*term),
            ..Block::default()
        };
        if !is_defined {
            found.skip(line, "no definition follows this term");
        }
        facts::read(extractor, block, found);
        if found.refused.is_some() {
            return;
        }
    }
}

fn is(element: ElementRef<'_>, name: &LocalName) -> bool {
    element.value().name.local == *name
}

fn is_term(node: &NodeRef<'_>) -> bool {
    ElementRef::wrap(*node).is_some_and(|element| is(element, &local_name!("dt")))
}

/// Whether a node is a term or wraps one: a list may have `div` around each term and what follows it.
fn starts_term(node: &NodeRef<'_>) -> bool {
    let wraps = |element| {
        is(element, &local_name!("div")) && element.children().any(|inner| is_term(&inner))
    };
    is_term(node) || ElementRef::wrap(*node).is_some_and(wraps)
}

/// Whether a node stands between two terms without a word for a reader.
fn is_silent(node: NodeRef<'_>) -> bool {
    match node.value() {
        Node::Text(text) => text.trim().is_empty(),
        Node::Element(element) => {
            is_hidden(&element.name.local) || element.name.local == local_name!("br")
        }
        _ => true,
    }
}

/// Terms that stand in a row: they share what follows the last of them.
#[derive(Clone, Copy)]
struct Row<'a> {
    last: NodeRef<'a>,
    /// What starts the next term behind it.
    next: Option<NodeRef<'a>>,
}

fn row_of<'a>(term: NodeRef<'a>, known: &mut NodeMap<Row<'a>>) -> Row<'a> {
    if let Some(row) = known.get(term.id()) {
        return *row;
    }
    let next = |term: &NodeRef<'a>| {
        let mut behind = term.next_siblings();
        let next = behind.find(|node| !is_silent(*node));
        next.filter(is_term)
    };
    let terms: Vec<NodeRef<'a>> = std::iter::successors(Some(term), next).collect();
    let last = terms.last().copied().unwrap_or(term);
    let next = last.next_siblings().find(starts_term);
    let row = Row { last, next };
    for term in terms {
        known.insert(term.id(), row);
    }
    row
}
