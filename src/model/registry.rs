use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Authority, Class, Code, Conflict, Date, FormerPhrase, Origin, Reference, Registration,
    Semantics, pattern,
};

/// The major version of the exports' shape. It is part of their path.
pub const SCHEMA_VERSION: u32 = 1;

/// The licence of the data, as an SPDX identifier.
pub const LICENSE: &str = "CC0-1.0";

/// All meanings, reconciled, with their provenance: what every export is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Registry {
    /// The version of the data (semantic versioning).
    #[schemars(regex(pattern = pattern::VERSION))]
    pub version: String,
    /// The major version of this shape.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub schema_version: u32,
    /// The date of the data.
    pub date: Date,
    /// The licence of the data, as an SPDX identifier.
    #[schemars(extend("const" = LICENSE))]
    pub license: String,
    /// Who was heard, the most weighty first.
    pub sources: Vec<SourceEntry>,
    /// The codes that anybody uses, in order.
    pub codes: Vec<CodeEntry>,
    /// The codes that IANA's registry says nobody may use yet, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unassigned: Vec<Unassigned>,
    /// The codes of which other sources say so, or older copies of the registry said so, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly_unassigned: Vec<Unassigned>,
    /// Every disagreement and its outcome, by code.
    #[schemars(length(min = 0))]
    pub conflicts: Vec<Conflict>,
}

impl Registry {
    /// The newest copy of IANA's registry: what it says of a registration holds.
    #[must_use]
    pub fn in_force(&self) -> Option<&SourceEntry> {
        // Of the same authority, the newest source is listed first.
        let mut sources = self.sources.iter();
        sources.find(|source| source.authority == Authority::Registry)
    }
}

/// A source, as the exports name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceEntry {
    /// The id by which claims refer to it.
    #[schemars(regex(pattern = pattern::SOURCE_ID))]
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The day it was written or last updated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// How much its word weighs.
    pub authority: Authority,
    /// Its languages, as BCP 47 tags.
    #[schemars(inner(regex(pattern = pattern::LANGUAGE_TAG)))]
    pub languages: Vec<String>,
    /// Its own licence.
    pub licence: String,
    /// Where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(url, regex(pattern = pattern::WEB_ADDRESS))]
    pub url: Option<String>,
    /// The day on which these bytes of it were fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<Date>,
    /// The number of the RFC, if it is one. Claims name its sections then; of all others they name lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub rfc: Option<u32>,
    /// The SHA-256 of the document, unless it is an RFC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = pattern::SHA256))]
    pub sha256: Option<String>,
}

/// A code and its meanings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CodeEntry {
    /// The status code.
    pub code: Code,
    /// Its class.
    pub class: Class,
    /// Its meanings; the one that IANA has registered comes first.
    pub meanings: Vec<MeaningEntry>,
}

/// One use of a code by someone, reconciled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeaningEntry {
    /// The id, stable from version to version.
    #[schemars(regex(pattern = pattern::MEANING_ID))]
    pub id: String,
    /// Ids that it bore before; they still lead to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(inner(regex(pattern = pattern::MEANING_ID)))]
    pub former_ids: Vec<String>,
    /// The reason phrase; a reserved code has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
    /// Phrases that it bore before, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_phrases: Vec<FormerPhrase>,
    /// Other ways in which sources write its phrases, such as in other letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrase_variants: Vec<Variant>,
    /// What it is called in other languages, by BCP 47 tag.
    pub names: BTreeMap<String, String>,
    /// Other names that sources give it, by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub name_variants: BTreeMap<String, Vec<Variant>>,
    /// Who brought it into the world.
    pub origin: Origin,
    /// What IANA says of it.
    pub registration: Registration,
    /// What IANA's registry said of it at each time of which there is a copy, the oldest first; only
    /// where there are several copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Snapshot>,
    /// Where it is defined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference>,
    /// Where it was defined before, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_references: Vec<Reference>,
    /// What programs ask of the code, as the standards answer it; only where IANA lists this meaning.
    #[serde(default, skip_serializing_if = "Semantics::is_empty")]
    pub semantics: Semantics,
    /// What it means, by BCP 47 tag.
    pub summary: BTreeMap<String, String>,
    /// Who says so: every claim that is tied to it.
    pub claims: Vec<ClaimRef>,
}

impl MeaningEntry {
    /// The phrase, or the state that stands in for one where a code is reserved: for people.
    #[must_use]
    pub fn title(&self) -> &str {
        self.phrase.as_deref().unwrap_or("(Unused)")
    }

    /// Whether IANA's registry lists this meaning with a reason phrase.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.phrase.is_some() && self.registration.is_listed()
    }
}

/// A value that sources have beside the one that is stated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Variant {
    /// The value, as written.
    pub value: String,
    /// Who writes it.
    pub claims: Vec<Place>,
}

/// What IANA's registry said of a meaning at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    /// Where the copy of the registry says so.
    #[serde(flatten)]
    pub place: Place,
    /// The date of the copy, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The registration at that time.
    pub registration: Registration,
    /// The phrase at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
}

/// A place in a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The source's id.
    #[schemars(regex(pattern = pattern::SOURCE_ID))]
    pub source: String,
    /// Where in it.
    #[serde(flatten)]
    pub at: At,
}

/// Where in a source something stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a line or a section is expected")]
pub enum At {
    /// In a document.
    Line {
        /// The line of the document, from 1.
        #[schemars(range(min = 1))]
        line: u32,
    },
    /// In an RFC.
    Section {
        /// The section of the RFC, such as `15.5.20`.
        section: String,
    },
}

impl At {
    /// The line's number or the section's, alone.
    #[must_use]
    pub fn number(&self) -> String {
        match self {
            Self::Line { line } => line.to_string(),
            Self::Section { section } => section.clone(),
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line } => write!(f, "line {line}"),
            Self::Section { section } => write!(f, "section {section}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.source, self.at)
    }
}

/// A claim, and what of a meaning it supports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ClaimRef {
    /// Where the claim stands.
    #[serde(flatten)]
    pub place: Place,
    /// What it supports.
    pub supports: Vec<Support>,
}

/// What of a meaning a claim supports.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Support {
    /// That the code is used in this way: its text says so.
    Meaning,
    /// Its reason phrase.
    Phrase,
    /// A phrase that it bore before.
    FormerPhrase,
    /// Another way in which its phrase is written.
    PhraseVariant,
    /// Its name in another language.
    Name,
    /// Where it is defined.
    Reference,
    /// Where it was defined before.
    FormerReference,
    /// Who brought it into the world.
    Origin,
    /// What IANA says of it.
    Registration,
    /// Whether the response is interim.
    Interim,
    /// Whether the response may have content.
    MayHaveContent,
    /// Whether the response is heuristically cacheable.
    HeuristicallyCacheable,
    /// The fields that the server is to send.
    Fields,
    /// What becomes of the method when a redirect is followed.
    RedirectMethod,
    /// Whether the client may repeat the request.
    Retry,
}

impl Support {
    /// The name that the exports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meaning => "meaning",
            Self::Phrase => "phrase",
            Self::FormerPhrase => "former-phrase",
            Self::PhraseVariant => "phrase-variant",
            Self::Name => "name",
            Self::Reference => "reference",
            Self::FormerReference => "former-reference",
            Self::Origin => "origin",
            Self::Registration => "registration",
            Self::Interim => "interim",
            Self::MayHaveContent => "may-have-content",
            Self::HeuristicallyCacheable => "heuristically-cacheable",
            Self::Fields => "fields",
            Self::RedirectMethod => "redirect-method",
            Self::Retry => "retry",
        }
    }
}

/// Codes that the registry lists as unassigned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unassigned {
    /// The first of them.
    pub first: Code,
    /// The last of them.
    pub last: Code,
    /// Who says so.
    pub claims: Vec<Place>,
}

/// The three numbers of a version, without leading zeros.
#[must_use]
pub fn version_numbers(version: &str) -> Option<[u64; 3]> {
    let parts: Vec<&str> = version.split('.').collect();
    let number = |part: &str| {
        let number = part.parse::<u64>().ok()?;
        (number.to_string() == part).then_some(number)
    };
    match parts[..] {
        [major, minor, patch] => Some([number(major)?, number(minor)?, number(patch)?]),
        _ => None,
    }
}
