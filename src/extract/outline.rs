//! A line of plain text that starts an entry, and the lines that follow it up to the next entry or section.

use std::rc::Rc;

use super::lined::Lined;
use super::{Block, Extraction, Extractor, facts};
use crate::model::text;

/// Reads a text, but for the first lines of it.
pub fn read(extractor: &Extractor, document: &str, skipped: usize, found: &mut Extraction) {
    let mut block: Option<Block> = None;
    let mut section = Rc::default();
    for (number, line) in (1..).zip(document.lines()).skip(skipped) {
        let starts_entry = extractor.starts_entry(line);
        if starts_entry || extractor.starts_section(line) {
            if let Some(block) = block.take() {
                facts::read(extractor, block, found);
            }
            if starts_entry {
                block = Some(Block {
                    entry: Lined::new(number, line),
                    section: Rc::clone(&section),
                    ..Block::default()
                });
            } else {
                section = found.section(Lined::new(number, line).trimmed());
            }
        } else {
            if is_almost_an_entry(extractor, line) {
                let start = text::excerpt(line, 40);
                let told = format!(
                    "`{start}` is no entry: a character in it that is not seen, or no plain space, keeps it from the layout's pattern"
                );
                found.skip(number, told);
            }
            if let Some(block) = &mut block {
                block.text.push(number, line);
                block.text.push(number, "\n");
            }
        }
    }
    if let Some(block) = block {
        facts::read(extractor, block, found);
    }
}

/// Whether a line would start an entry without the characters in it that nobody sees, and with plain spaces.
fn is_almost_an_entry(extractor: &Extractor, line: &str) -> bool {
    // Most characters need no closer look.
    let is_plain = |c: char| c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}');
    let is_odd = |c: char| !is_plain(c) && (c.is_whitespace() || text::is_unsafe(c));
    if line.is_ascii() || !line.bytes().any(|byte| byte.is_ascii_digit()) || !line.contains(is_odd)
    {
        return false;
    }
    let seen = line
        .chars()
        .filter(|c| c.is_ascii() || !text::is_unsafe(*c));
    let plain = seen.map(|c| if c.is_whitespace() { ' ' } else { c });
    extractor.starts_entry(&plain.collect::<String>())
}
