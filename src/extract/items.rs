//! An item of a list. Items nested in it are entries of their own.

use super::dom::Dom;
use super::{Block, Extraction, Extractor, facts};

pub fn read(extractor: &Extractor, dom: &Dom, found: &mut Extraction) {
    let selection = dom.select(extractor, found);
    for item in &selection.elements {
        let block = Block {
            entry: dom.text(*item, |inner| !selection.contains(inner)),
            line: dom.line(*item),
            section: selection.section(*item),
            ..Block::default()
        };
        facts::read(extractor, block, found);
    }
}
