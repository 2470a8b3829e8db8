use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Code, registry::Place};

/// What a conflict is about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One code has several meanings, or a claim fits none of them.
    ///
    /// Found where claims of one code are tied to different meanings, or one to none. Settled by
    /// the rule `distinct-meanings` where each meaning says what it is, else by a decision.
    Meaning,
    /// Sources write different reason phrases for one meaning.
    ///
    /// Found by comparing what is written, letter by letter. Settled by the rule `known-phrase`
    /// where the meaning is known to have borne them, else by a decision.
    Phrase,
    /// A phrase is near one that the meaning is known by, but is none of them.
    ///
    /// Found by counting edits: at most one in eight characters. Settled by the rule `spelling-slip`.
    Misspelling,
    /// Sources give one meaning different names in a language, or one gives a name to two codes.
    ///
    /// Found by comparing names across sources, and within one across codes. Settled by the rule
    /// `chosen-name`, unless a name also stands for another code: then by a decision.
    Name,
    /// A source cites another document than the one that defines the meaning, or an obsoleted one.
    ///
    /// Found by comparing what is cited with what is known to define the meaning, and with which RFC
    /// obsoletes which. Settled by the rules `former-reference` and `last-definition`, else by a decision.
    Reference,
    /// A source says of a code's registration what the registry does not.
    ///
    /// Found by comparing what the source says of a code's standing with IANA's registry, and older
    /// copies of the registry with the one in force. Settled by the rule `registry-states`.
    Registration,
    /// A source says that somebody else brought the meaning into the world.
    ///
    /// Found by comparing origins. Settled by the rule `registry-states` where a source calls unofficial
    /// what IANA has registered, else by a decision.
    Origin,
    /// One source lists one code twice.
    ///
    /// Found by counting. Settled by the rule `one-row-per-meaning` where each time another meaning
    /// is meant, else by a decision.
    Duplicate,
    /// One source has one text under two codes.
    ///
    /// Found by the digests of the texts. Settled by a decision.
    CopiedText,
    /// An entry stands inside the text of another one.
    ///
    /// Found by the layout's pattern for such entries. Settled by the rule `entry-of-its-own`.
    Embedded,
    /// A source lists a code and says nothing of it, although it has texts for others.
    ///
    /// Found by the length of the text. Settled by the rule `placeholder`.
    Placeholder,
}

impl Kind {
    /// All kinds, in the order in which a code's conflicts are shown.
    pub const ALL: [Self; 11] = [
        Self::Meaning,
        Self::Phrase,
        Self::Misspelling,
        Self::Name,
        Self::Reference,
        Self::Registration,
        Self::Origin,
        Self::Duplicate,
        Self::CopiedText,
        Self::Embedded,
        Self::Placeholder,
    ];

    /// The name that the exports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meaning => "meaning",
            Self::Phrase => "phrase",
            Self::Misspelling => "misspelling",
            Self::Name => "name",
            Self::Reference => "reference",
            Self::Registration => "registration",
            Self::Origin => "origin",
            Self::Duplicate => "duplicate",
            Self::CopiedText => "copied-text",
            Self::Embedded => "embedded",
            Self::Placeholder => "placeholder",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Claims that cannot all be what the registry states, and how that was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// What is said.
    pub value: String,
    /// Who says it; nobody where it is only written down in `registry/meanings/`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Place>,
}

/// What settled a conflict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a rule or a decision is expected")]
pub enum Settlement {
    /// A rule.
    Rule {
        /// The rule's id.
        rule: String,
    },
    /// A decision.
    Decision {
        /// The id of the conflict that it rules on.
        decision: String,
    },
}

impl fmt::Display for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule { rule: id } => write!(f, "rule {id}"),
            Self::Decision { decision: id } => write!(f, "decision on {id}"),
        }
    }
}
