//! A term of a definition list, and the definitions that follow it.

use scraper::ElementRef;

use super::dom::{Dom, Reader};
use super::{Block, Extractor};

pub fn blocks(extractor: &Extractor, dom: &Dom) -> Vec<Block> {
    let selected = dom.select(extractor.selector()).into_iter();
    let block = selected.map(|term| {
        let mut reader = Reader::new(dom);
        // The selector may name an element inside the term.
        let ancestors = term.element.ancestors().filter_map(ElementRef::wrap);
        let mut holders = std::iter::once(term.element).chain(ancestors);
        let holder = holders.find(|element| element.value().name() == "dt");
        let siblings = holder
            .unwrap_or(term.element)
            .next_siblings()
            .filter_map(ElementRef::wrap);
        // Several terms in a row share the definitions behind the last of them.
        let definitions = siblings.skip_while(|element| element.value().name() == "dt");
        for definition in definitions.take_while(|element| element.value().name() == "dd") {
            // A list of terms inside a definition holds entries of its own.
            reader.read(definition, |inner| {
                inner.value().name() != "dl" || inner.select(extractor.selector()).next().is_none()
            });
        }
        Block {
            entry: dom.text(term.element, |_| true),
            text: reader.finish(),
            section: term.section,
            ..Block::default()
        }
    });
    block.collect()
}
