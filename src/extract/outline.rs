//! A line of plain text that starts an entry, and the lines that follow it up to the next entry or section.

use super::lined::Lined;
use super::{Block, Extractor};

pub fn blocks(extractor: &Extractor, text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut section = Lined::default();
    let mut in_entry = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line_text = Lined::new(number, line);
        if extractor.match_entry(line).is_some() {
            blocks.push(Block {
                entry: line_text,
                section: section.clone(),
                ..Block::default()
            });
            in_entry = true;
        } else if extractor.starts_section(line) {
            section = line_text.trimmed();
            in_entry = false;
        } else if in_entry && let Some(block) = blocks.last_mut() {
            block.text.push(number, line);
            block.text.push(number, "\n");
        }
    }
    blocks
}
