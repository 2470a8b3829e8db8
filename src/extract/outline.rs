//! A line of plain text that starts an entry, and the lines that follow it up to the next entry or section.

use std::rc::Rc;

use super::lined::Lined;
use super::{Block, Extraction, Extractor, facts};

/// Reads a text, but for the first lines of it.
pub fn read(extractor: &Extractor, text: &str, skipped: usize, found: &mut Extraction) {
    let mut block: Option<Block> = None;
    let mut section = Rc::default();
    for (number, line) in (1..).zip(text.lines()).skip(skipped) {
        let starts_entry = extractor.starts_entry(line);
        if starts_entry || extractor.starts_section(line) {
            if let Some(block) = block.take() {
                facts::read(extractor, block, found);
            }
            if starts_entry {
                block = Some(Block {
                    line: number,
                    entry: Lined::new(number, line),
                    section: Rc::clone(&section),
                    ..Block::default()
                });
            } else {
                section = found.section(Lined::new(number, line).trimmed());
            }
        } else if let Some(block) = &mut block {
            block.text.push(number, line);
            block.text.push(number, "\n");
        }
    }
    if let Some(block) = block {
        facts::read(extractor, block, found);
    }
}
