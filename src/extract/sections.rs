//! A heading, and all that follows it up to the next heading of its level or above.

use scraper::ElementRef;

use super::dom::{Dom, Reader, heading_level};
use super::lined::Lined;
use super::{Block, Extractor};

pub fn blocks(extractor: &Extractor, dom: &Dom) -> Vec<Block> {
    let selected = dom.select(extractor.selector());
    let mut blocks: Vec<Block> = Vec::with_capacity(selected.len());
    let mut ends = selected
        .iter()
        .skip(1)
        .map(|next| Some(next.element))
        .chain([None]);
    for selected in &selected {
        blocks.push(Block {
            entry: dom.text(selected.element, |_| true),
            text: text_after(dom, selected.element, ends.next().flatten()),
            section: selected.section.clone(),
            ..Block::default()
        });
    }
    blocks
}

/// The text from behind a heading up to the next selected element, or a heading of the same level or above.
fn text_after(dom: &Dom, heading: ElementRef<'_>, next: Option<ElementRef<'_>>) -> Lined {
    let level = heading_level(heading).unwrap_or(6);
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
                    Some(parent) => node = parent,
                    None => return reader.finish(),
                }
            },
        };
        if let Some(element) = ElementRef::wrap(node) {
            let ends = heading_level(element).is_some_and(|other| other <= level);
            if ends || next == Some(element) {
                return reader.finish();
            }
        }
        inside = reader.enter(node, |_| true);
    }
}
