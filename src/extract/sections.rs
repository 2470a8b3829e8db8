//! A heading, and all that follows it up to the next heading of its level or above.

use scraper::ElementRef;

use super::dom::{Dom, Reader, Selection, heading_level};
use super::lined::Lined;
use super::{Block, Extraction, Extractor, facts};

pub fn read(extractor: &Extractor, dom: &Dom, found: &mut Extraction) {
    let selection = dom.select(extractor, found);
    for heading in &selection.elements {
        let block = Block {
            entry: dom.text(*heading, |inner| !selection.contains(inner)),
            text: text_after(dom, *heading, &selection),
            line: dom.line(*heading),
            section: selection.section(*heading),
            ..Block::default()
        };
        facts::read(extractor, block, found);
    }
}

/// The text from behind a heading up to the next selected element, or a heading of the same level or
/// above. Nothing stands behind a heading in another one but the rest of that.
fn text_after(dom: &Dom, heading: ElementRef<'_>, selection: &Selection<'_>) -> Lined {
    let level = heading_level(heading).unwrap_or(6);
    let is_selected = |node| ElementRef::wrap(node).is_some_and(|node| selection.contains(node));
    let mut reader = Reader::new(dom);
    let mut node = *heading;
    let mut inside = false;
    loop {
        let child = if inside { node.first_child() } else { None };
        node = match child {
            Some(child) => child,
            None => loop {
                reader.leave(node);
                if let Some(sibling) = node.next_sibling() {
                    break sibling;
                }
                match node.parent() {
                    Some(parent) if !is_selected(parent) => node = parent,
                    _ => return reader.finish(),
                }
            },
        };
        if let Some(element) = ElementRef::wrap(node) {
            let ends = heading_level(element).is_some_and(|other| other <= level);
            if ends || selection.contains(element) {
                return reader.finish();
            }
        }
        inside = reader.enter(node, |_| true);
    }
}
