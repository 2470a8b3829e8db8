//! An item of a list. Items nested in it are entries of their own.

use super::dom::Dom;
use super::{Block, Extractor};

pub fn blocks(extractor: &Extractor, dom: &Dom) -> Vec<Block> {
    let selector = extractor.selector();
    let selected = dom.select(selector).into_iter();
    let block = selected.map(|item| Block {
        entry: dom.text(item.element, |inner| !selector.matches(&inner)),
        section: item.section,
        ..Block::default()
    });
    block.collect()
}
