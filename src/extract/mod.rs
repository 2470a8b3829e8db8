//! Extraction: a document in, its entries out. Knows nothing of meanings.
//!
//! Each layout turns a document into [`Block`]s, the parts of what may be an entry; [`facts`]
//! turns a block into entries. What is repaired or skipped on the way is reported.

mod definitions;
mod dom;
mod facts;
mod items;
mod lined;
mod markdown;
mod outline;
mod page;
mod pattern;
mod records;
mod rows;
mod sections;

use crate::model::{Entry, LayoutKind};
use dom::Dom;
use lined::Lined;
pub use pattern::Extractor;

/// The text of a document, in the form that its layout reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// HTML or XHTML.
    Html,
    /// Markdown.
    Markdown,
    /// Lines of text or CSV.
    Text,
}

/// What a document holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Extraction {
    /// Its entries, in the order of their lines.
    pub entries: Vec<Entry>,
    /// What was mended, by line.
    pub repaired: Vec<Remark>,
    /// What looked like an entry and is none, by line.
    pub skipped: Vec<Remark>,
}

/// Something to tell about a line of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The line, from 1.
    pub line: u32,
    /// What is to be told.
    pub text: String,
}

/// The parts of what may be an entry.
#[derive(Default)]
struct Block {
    /// The line on which a row starts.
    line: u32,
    /// The heading, term, item or line that should start it.
    entry: Lined,
    /// What follows.
    text: Lined,
    /// The nearest heading before it that is no entry.
    section: Lined,
    /// The cells, by the names that the layout's columns have.
    cells: Vec<(String, Lined)>,
}

impl Extraction {
    fn skip(&mut self, line: u32, text: impl Into<String>) {
        self.skipped.push(Remark {
            line,
            text: text.into(),
        });
    }

    fn repair(&mut self, line: u32, text: impl Into<String>) {
        self.repaired.push(Remark {
            line,
            text: text.into(),
        });
    }
}

impl Extractor {
    /// Everything that a document defines. A function of the text alone.
    #[must_use]
    pub fn extract(&self, form: Form, text: &str) -> Extraction {
        let mut found = Extraction::default();
        let blocks = match (self.kind(), form) {
            (LayoutKind::Outline, _) => outline::blocks(self, text),
            (LayoutKind::Records, _) => records::blocks(self, text, &mut found),
            (kind, form) => {
                let dom = match form {
                    Form::Markdown => markdown::to_dom(text, &mut found),
                    Form::Html | Form::Text => Dom::parse(text, dom::LineMap::new()),
                };
                match kind {
                    LayoutKind::Sections => sections::blocks(self, &dom),
                    LayoutKind::Rows => rows::blocks(self, &dom, &mut found),
                    LayoutKind::Items => items::blocks(self, &dom),
                    _ => definitions::blocks(self, &dom),
                }
            }
        };
        for block in blocks {
            facts::read(self, &block, &mut found);
        }
        found.entries.sort_by_key(|entry| entry.facts.line);
        found.repaired.sort();
        found.skipped.sort();
        found
    }
}
