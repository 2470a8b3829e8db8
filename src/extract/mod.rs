//! Extraction: a document in, its entries out. Knows nothing of meanings.
//!
//! Each layout turns a document into [`Block`]s, the parts of what may be an entry, one at a time;
//! [`facts`] turns a block into entries. What is repaired or skipped on the way is reported. Time and
//! memory grow with the document's size alone: what would need more is refused.

mod definitions;
mod dom;
mod facts;
mod items;
mod lined;
mod markdown;
mod nodes;
mod outline;
mod page;
mod pattern;
mod records;
mod rows;
mod search;
mod sections;
mod selector;
mod tags;

use std::rc::Rc;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::model::text::{self, MAX_VALUE};
use crate::model::{Entry, LayoutKind};
use dom::Dom;
use lined::Lined;
pub use pattern::Extractor;

/// The text of a document, in the form that its layout reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// HTML.
    Html,
    /// XHTML: any element may close itself, and CDATA sections are text.
    Xhtml,
    /// Markdown.
    Markdown,
    /// Lines of text or CSV.
    Text,
}

/// How many times as long as the document the texts of its entries may be together. Cells that span
/// rows stand in each of them, terms share a definition, and each entry is looked at with its heading.
const MAX_REPEATS: usize = 16;

/// How many of the last remarks a new one is compared with, so that rows of one shape are told in the same
/// memory.
const SHARED: usize = 4;

/// What a document holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Extraction {
    /// Its entries, in the order of their lines.
    pub entries: Vec<Entry>,
    /// What was mended, by line.
    pub repaired: Vec<Remark>,
    /// What looked like an entry and is none, by line.
    pub skipped: Vec<Remark>,
    /// How many more bytes the parts of entries may have.
    room: usize,
    /// How many more nodes and bytes of white space may be passed on the way to them.
    unseen: usize,
    /// Why it is not read to its end.
    refused: Option<Diagnostic>,
}

/// Something to tell about a line of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The line, from 1.
    pub line: u32,
    /// What is to be told. Lines that are told the same share it.
    pub text: Arc<str>,
}

/// The parts of what may be an entry.
#[derive(Default)]
struct Block {
    /// The line on which it starts.
    line: u32,
    /// The heading, term, item or line that should start it.
    entry: Lined,
    /// What follows.
    text: Lined,
    /// The nearest heading before it that is no entry.
    section: Rc<Lined>,
    /// The cells, in the order of the layout's columns.
    cells: Vec<Rc<Lined>>,
}

impl Extraction {
    fn skip(&mut self, line: u32, text: impl Into<Arc<str>>) {
        let text = text.into();
        let mut last = self.skipped.iter().rev().take(SHARED);
        let same = last.find(|remark| remark.text == text);
        let text = same.map_or(text, |remark| Arc::clone(&remark.text));
        self.skipped.push(Remark { line, text });
    }

    /// Says that something is never closed, so that nothing is found behind it.
    fn skip_rest(&mut self, line: u32, what: &str) {
        self.skip(
            line,
            format!("{what} is opened here or below and never closed: whatever follows is taken for a part of it"),
        );
    }

    fn repair(&mut self, line: u32, text: impl Into<Arc<str>>) {
        self.repaired.push(Remark {
            line,
            text: text.into(),
        });
    }

    /// A heading as the section of what follows. One that is too long for a fact is none.
    fn section(&mut self, heading: Lined) -> Rc<Lined> {
        let length = heading.as_str().len();
        if length <= MAX_VALUE {
            return Rc::new(heading);
        }
        let start = text::excerpt(heading.as_str(), 40);
        self.skip(
            heading.line(),
            format!("the heading `{start}` is longer than MAX_VALUE ({MAX_VALUE} bytes, in src/model/text.rs): no facts are looked for in it"),
        );
        Rc::default()
    }

    /// Whether a part of this many bytes may be read for one more entry.
    fn has_room(&mut self, line: u32, length: usize) -> bool {
        let left = self.room.checked_sub(length);
        self.room = left.unwrap_or_default();
        self.must_be_left(left, line, "the texts of the entries are")
    }

    /// Whether so many nodes and bytes of white space may be passed for one more entry.
    fn may_pass(&mut self, line: u32, unseen: usize) -> bool {
        let left = self.unseen.checked_sub(unseen);
        self.unseen = left.unwrap_or_default();
        let what = "the elements and the white space in what terms share are";
        self.must_be_left(left, line, what)
    }

    fn must_be_left(&mut self, left: Option<usize>, line: u32, what: &str) -> bool {
        if left.is_none() {
            let error = Diagnostic::error(format!(
                "{what} more than MAX_REPEATS ({MAX_REPEATS}) times as long as the document"
            ));
            self.refused.get_or_insert(error.on_line(line).help(
                "cells that span rows stand in each of them, terms share a definition, and each entry has the heading above it: look whether that is meant here. \
                 MAX_REPEATS stands in src/extract/mod.rs",
            ));
        }
        self.refused.is_none()
    }
}

impl Extractor {
    /// Everything that a document defines. A function of the text alone.
    ///
    /// # Errors
    /// A document that takes far more than its size in time or memory. The error names no file.
    pub fn extract(&self, form: Form, text: &str) -> Result<Extraction, Diagnostic> {
        // Markup is counted among the document's bytes, so short documents need some more.
        let room = text.len().saturating_mul(MAX_REPEATS).saturating_add(1024);
        let mut found = Extraction {
            room,
            unseen: room,
            ..Extraction::default()
        };
        match (self.kind(), form) {
            (LayoutKind::Outline, form) => {
                let skipped = match form {
                    Form::Markdown => text[..markdown::metadata(text)].lines().count(),
                    _ => 0,
                };
                outline::read(self, text, skipped, &mut found);
            }
            (LayoutKind::Records, _) => records::read(self, text, &mut found),
            (kind, form) => {
                let dom = match form {
                    Form::Markdown => markdown::to_dom(text, &mut found)?,
                    form => Dom::parse(text, form, text.len(), None, &mut found)?,
                };
                for asked in &self.select().asks {
                    dom.must_not_be_crowded(asked)?;
                }
                match kind {
                    LayoutKind::Sections => sections::read(self, &dom, &mut found),
                    LayoutKind::Rows => rows::read(self, &dom, &mut found),
                    LayoutKind::Items => items::read(self, &dom, &mut found),
                    _ => definitions::read(self, &dom, &mut found),
                }
            }
        }
        if let Some(refused) = found.refused {
            return Err(refused);
        }
        found.entries.sort_by_key(|entry| entry.facts.line);
        found.repaired.sort();
        found.skipped.sort();
        Ok(found)
    }
}
