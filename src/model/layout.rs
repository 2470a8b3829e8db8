use std::collections::BTreeMap;

use serde::Deserialize;

use super::Origin;

/// How to read a document, as its source's manifest says. Patterns and selectors are still text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// What an entry looks like.
    pub kind: LayoutKind,
    /// The elements that hold an entry each, as a CSS selector over the document's HTML.
    pub select: Option<String>,
    /// Patterns for the line, heading or item that starts an entry; the first that matches is taken.
    #[serde(default)]
    pub entry: Patterns,
    /// Patterns for the cells of a row, by the column's heading, or by its number where none has a heading.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// What separates the cells of a line of CSV; a comma unless given.
    pub delimiter: Option<char>,
    /// A pattern for the lines of a plain text that start a section.
    pub section: Option<String>,
    /// A pattern for an entry that was swallowed by another one's text.
    pub embedded: Option<String>,
    /// What else the entry says, and where.
    #[serde(default)]
    pub facts: Vec<FactRule>,
}

/// What an entry looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LayoutKind {
    /// A heading, and all that follows it up to the next one.
    Sections,
    /// A row of a table.
    Rows,
    /// An item of a list.
    Items,
    /// A term of a definition list, and its definitions.
    Definitions,
    /// A line of plain text, and the lines that follow it.
    Outline,
    /// A record of a CSV file.
    Records,
}

impl LayoutKind {
    /// The name that manifests use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sections => "sections",
            Self::Rows => "rows",
            Self::Items => "items",
            Self::Definitions => "definitions",
            Self::Outline => "outline",
            Self::Records => "records",
        }
    }

    /// The key of a layout that says where in a document entries are.
    #[must_use]
    pub const fn finder(self) -> &'static str {
        match self {
            Self::Sections | Self::Rows | Self::Items | Self::Definitions => "select",
            Self::Outline => "entry",
            Self::Records => "columns",
        }
    }
}

/// One pattern or several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "OneOrMany")]
pub struct Patterns(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a pattern or a list of patterns is expected")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Patterns {
    fn from(patterns: OneOrMany) -> Self {
        match patterns {
            OneOrMany::One(pattern) => Self(vec![pattern]),
            OneOrMany::Many(patterns) => Self(patterns),
        }
    }
}

/// A pattern whose every match in a part of an entry is a fact.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// The part: `entry`, `text`, `section`, or a column.
    #[serde(rename = "in", default = "text_part")]
    pub part: String,
    /// The pattern. Its named groups carry facts.
    pub pattern: String,
    /// The origin that a match gives away.
    pub origin: Option<Origin>,
    /// The registration that a match gives away.
    pub registration: Option<State>,
}

fn text_part() -> String {
    "text".into()
}

/// A state of registration, whose dates the pattern's groups carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Registered.
    Registered,
    /// For a time: the groups `registered`, `extended` and `expires` carry the dates.
    Temporary,
    /// Kept from being assigned.
    Reserved,
    /// Registered, and obsolete.
    Obsoleted,
    /// Not registered, or unassigned.
    Unregistered,
}
