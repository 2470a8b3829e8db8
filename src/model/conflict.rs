use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Code, registry::Place};

/// What a conflict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One code has several meanings, or a claim fits none of them.
    Meaning,
    /// Sources write different reason phrases for one meaning.
    Phrase,
    /// A source cites another document than the one that defines the meaning.
    Reference,
    /// A source says of a code's registration what the registry does not.
    Registration,
    /// One source lists one code twice.
    Duplicate,
}

impl Kind {
    /// All kinds, in the order in which a code's conflicts are shown.
    pub const ALL: [Self; 5] = [
        Self::Meaning,
        Self::Phrase,
        Self::Reference,
        Self::Registration,
        Self::Duplicate,
    ];

    /// The name that the exports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meaning => "meaning",
            Self::Phrase => "phrase",
            Self::Reference => "reference",
            Self::Registration => "registration",
            Self::Duplicate => "duplicate",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Claims that cannot all be what the registry states, and how that was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What it is about, a slash, its kind, and the source where it is within one: `421/meaning`.
    pub id: String,
    /// The status code.
    pub code: Code,
    /// What the claims disagree on.
    pub kind: Kind,
    /// Who says what; what the registry states comes first.
    pub sides: Vec<Side>,
    /// The rule or decision that settled it.
    pub settled_by: Settlement,
    /// What came of it, in a sentence.
    pub outcome: String,
    /// Why, in a sentence or two.
    pub reason: String,
}

/// One of the things said in a conflict, and the claims that say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// What is said.
    pub value: String,
    /// Who says it; nobody where it is only written down in `registry/meanings/`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Place>,
}

/// What settled a conflict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Settlement {
    /// A rule, by its id.
    Rule(String),
    /// A decision, by the id of the conflict that it rules on.
    Decision(String),
}

impl fmt::Display for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(id) => write!(f, "rule {id}"),
            Self::Decision(id) => write!(f, "decision on {id}"),
        }
    }
}
