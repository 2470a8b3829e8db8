//! A term of a definition list, and the definitions that follow it.

use html5ever::{LocalName, local_name};
use scraper::ElementRef;

use super::dom::{Dom, Reader, Selection, is_hidden};
use super::page::NodeMap;
use super::{Block, Extraction, Extractor, facts};

pub fn read(extractor: &Extractor, dom: &Dom, found: &mut Extraction) {
    let selection = dom.select(extractor, found);
    let around = around(&selection);
    let mut first_definitions = NodeMap::default();
    for term in &selection.elements {
        // The selector may name an element inside the term.
        let ancestors = term.ancestors().filter_map(ElementRef::wrap);
        let mut holders = std::iter::once(*term).chain(ancestors);
        let holder = holders.find(|element| is(*element, &local_name!("dt")));
        let first = first_definition(holder.unwrap_or(*term), &mut first_definitions);
        let definitions = std::iter::successors(first, |before| next(*before));
        let mut reader = Reader::new(dom);
        for definition in definitions.take_while(|element| is(*element, &local_name!("dd"))) {
            // A list of terms inside a definition holds entries of its own.
            reader.read(definition, |inner| {
                !is(inner, &local_name!("dl")) || !around.contains(inner.id())
            });
        }
        let block = Block {
            entry: dom.text(*term, |inner| !selection.contains(inner)),
            text: reader.finish(),
            line: dom.line(*term),
            section: selection.section(*term),
            ..Block::default()
        };
        facts::read(extractor, block, found);
        if found.refused.is_some() {
            return;
        }
    }
}

fn is(element: ElementRef<'_>, name: &LocalName) -> bool {
    element.value().name.local == *name
}

/// The next element that somebody reads.
fn next(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut siblings = element.next_siblings().filter_map(ElementRef::wrap);
    siblings.find(|sibling| !is_hidden(&sibling.value().name.local))
}

/// The elements around terms.
fn around(terms: &Selection<'_>) -> NodeMap<()> {
    let mut around = NodeMap::default();
    for term in &terms.elements {
        for ancestor in term.ancestors() {
            if around.insert(ancestor.id(), ()).is_some() {
                break;
            }
        }
    }
    around
}

/// What follows a term: several terms in a row share the definitions behind the last of them.
fn first_definition<'a>(
    term: ElementRef<'a>,
    known: &mut NodeMap<Option<ElementRef<'a>>>,
) -> Option<ElementRef<'a>> {
    if let Some(first) = known.get(term.id()) {
        return *first;
    }
    let mut row = vec![term.id()];
    let mut first = next(term);
    while let Some(other) = first.filter(|element| is(*element, &local_name!("dt"))) {
        row.push(other.id());
        first = next(other);
    }
    for term in row {
        known.insert(term, first);
    }
    first
}
