use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Code, Date, Reference, text};

/// One use of a code by someone, as a person wrote it down in `registry/meanings/`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// The code, a hyphen, and a word or more: `421-misdirected-request`. Never changes once published.
    pub id: String,
    /// Ids that this meaning bore before.
    #[serde(default)]
    pub former_ids: Vec<String>,
    /// The status code.
    pub code: Code,
    /// The reason phrase; a reserved code has none.
    pub phrase: Option<String>,
    /// Phrases that this meaning bore before, the latest first.
    #[serde(default)]
    pub former_phrases: Vec<FormerPhrase>,
    /// What the meaning is called in other languages, by BCP 47 tag.
    pub names: BTreeMap<String, String>,
    /// Who brought the meaning into the world.
    pub origin: Origin,
    /// What IANA says today, as far as the person who wrote this knew.
    pub registration: Registration,
    /// Where the meaning is defined today.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// Where it was defined before, the latest first.
    #[serde(default)]
    pub former_references: Vec<Reference>,
    /// What the code means, in our own words, by BCP 47 tag.
    pub summary: BTreeMap<String, String>,
    /// What identifies the meaning in a source.
    #[serde(default)]
    pub evidence: Evidence,
}

/// A reason phrase that a meaning bore, and who used it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerPhrase {
    /// The phrase.
    pub phrase: String,
    /// The RFC or product that used it last, such as `RFC 7231`.
    pub used_by: String,
    /// The RFC or product that replaced it, such as `RFC 9110`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
}

/// What gives a meaning away when a source writes about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Further phrases that sources write for it, such as `(Unused)`.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// Words, in any language, that a text about this meaning holds and one about another meaning of the code does not.
    #[serde(default)]
    pub terms: Vec<String>,
}

impl Meaning {
    /// Whether this is the canonical phrase, in any case.
    #[must_use]
    pub fn has_phrase(&self, phrase: &str) -> bool {
        self.phrase
            .as_deref()
            .is_some_and(|own| text::normalize(own) == text::normalize(phrase))
    }

    /// Every phrase that the meaning is known by, the canonical one first.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        let former = self
            .former_phrases
            .iter()
            .map(|former| former.phrase.as_str());
        self.phrase
            .as_deref()
            .into_iter()
            .chain(former)
            .chain(self.evidence.phrases.iter().map(String::as_str))
    }

    /// Every document that defines it or did, those of today first.
    pub fn all_references(&self) -> impl Iterator<Item = &Reference> {
        self.references.iter().chain(&self.former_references)
    }
}

/// Who brought a meaning into the world.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase", from = "ReadOrigin")]
#[schemars(!from, deny_unknown_fields)]
pub enum Origin {
    /// The IETF, for HTTP at large: an RFC, or a working group's draft on its way to one.
    Rfc,
    /// The IETF, for WebDAV: RFC 2518, its successors, extensions and drafts.
    Webdav,
    /// A company, product or project, for its own use.
    Vendor {
        /// Its name.
        vendor: String,
    },
    /// Nobody who could be asked: a convention, a proposal, a custom.
    Unofficial,
}

/// An origin as it is read: a variant without braces would take any field.
#[derive(Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "lowercase",
    deny_unknown_fields,
    expecting = "a map with `kind`"
)]
enum ReadOrigin {
    Rfc {},
    Webdav {},
    Vendor { vendor: String },
    Unofficial {},
}

impl From<ReadOrigin> for Origin {
    fn from(read: ReadOrigin) -> Self {
        match read {
            ReadOrigin::Rfc {} => Self::Rfc,
            ReadOrigin::Webdav {} => Self::Webdav,
            ReadOrigin::Vendor { vendor } => Self::Vendor { vendor },
            ReadOrigin::Unofficial {} => Self::Unofficial,
        }
    }
}

impl Origin {
    /// Every [`kind`](Self::kind), in the order in which they are listed.
    pub const KINDS: [&str; 4] = ["rfc", "webdav", "vendor", "unofficial"];

    /// The vendor's name, if a vendor it was.
    #[must_use]
    pub fn vendor(&self) -> Option<&str> {
        match self {
            Self::Vendor { vendor } => Some(vendor),
            _ => None,
        }
    }

    /// The kind alone, as the exports write it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Rfc => "rfc",
            Self::Webdav => "webdav",
            Self::Vendor { .. } => "vendor",
            Self::Unofficial => "unofficial",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vendor { vendor } => write!(f, "vendor {vendor}"),
            other => other.kind().fmt(f),
        }
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("vendor ")) {
            ("rfc", _) => Ok(Self::Rfc),
            ("webdav", _) => Ok(Self::Webdav),
            ("unofficial", _) => Ok(Self::Unofficial),
            (_, Some(vendor)) => match text::fault(vendor) {
                None => Ok(Self::Vendor {
                    vendor: vendor.to_owned(),
                }),
                Some(fault) => Err(format!("the vendor's name {fault}")),
            },
            _ => Err(format!(
                "`{}` is no origin: rfc, webdav, unofficial or vendor and its name",
                text.escape_debug()
            )),
        }
    }
}

/// What IANA says of a meaning (RFC 9110, Section 16.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "lowercase", from = "ReadRegistration")]
#[schemars(!from, deny_unknown_fields)]
pub enum Registration {
    /// The registry lists it.
    Registered,
    /// The registry lists it for a time (RFC 7120).
    Temporary {
        /// The day it was registered.
        registered: Date,
        /// The day its registration was last extended.
        #[serde(skip_serializing_if = "Option::is_none")]
        extended: Option<Date>,
        /// The day it runs out unless extended.
        expires: Date,
    },
    /// The registry keeps the code from being assigned: its `(Unused)`.
    Reserved,
    /// The registry lists it and calls it obsolete.
    Obsoleted,
    /// The registry does not list it.
    Unregistered,
}

/// A registration as it is read: a variant without braces would take any field.
#[derive(Deserialize)]
#[serde(
    tag = "state",
    rename_all = "lowercase",
    deny_unknown_fields,
    expecting = "a map with `state`"
)]
enum ReadRegistration {
    Registered {},
    Temporary {
        registered: Date,
        extended: Option<Date>,
        expires: Date,
    },
    Reserved {},
    Obsoleted {},
    Unregistered {},
}

impl From<ReadRegistration> for Registration {
    fn from(read: ReadRegistration) -> Self {
        match read {
            ReadRegistration::Registered {} => Self::Registered,
            ReadRegistration::Temporary {
                registered,
                extended,
                expires,
            } => Self::Temporary {
                registered,
                extended,
                expires,
            },
            ReadRegistration::Reserved {} => Self::Reserved,
            ReadRegistration::Obsoleted {} => Self::Obsoleted,
            ReadRegistration::Unregistered {} => Self::Unregistered,
        }
    }
}

impl Registration {
    /// Every [`state`](Self::state), in the order in which they are listed.
    pub const STATES: [&str; 5] = [
        "registered",
        "temporary",
        "reserved",
        "obsoleted",
        "unregistered",
    ];

    /// Whether the registry lists the meaning: for good, for a time, or as obsolete.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        !matches!(self, Self::Unregistered | Self::Reserved)
    }

    /// What is wrong with the dates, if anything: they are days, in their order (RFC 7120).
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let Self::Temporary {
            registered,
            extended,
            expires,
        } = self
        else {
            return None;
        };
        let extended = extended.unwrap_or(*registered);
        if ![*registered, extended, *expires]
            .into_iter()
            .all(Date::is_day)
        {
            Some("the dates of a temporary registration are days")
        } else if *registered <= extended && extended < *expires {
            None
        } else {
            Some("the dates are out of order")
        }
    }

    /// The state alone, as the exports write it.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Temporary { .. } => "temporary",
            Self::Reserved => "reserved",
            Self::Obsoleted => "obsoleted",
            Self::Unregistered => "unregistered",
        }
    }
}

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state())?;
        if let Self::Temporary {
            registered,
            extended,
            expires,
        } = self
        {
            write!(f, " registered {registered}")?;
            if let Some(extended) = extended {
                write!(f, " extended {extended}")?;
            }
            write!(f, " expires {expires}")?;
        }
        Ok(())
    }
}

impl FromStr for Registration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split(' ').collect();
        match words[..] {
            ["registered"] => Ok(Self::Registered),
            ["reserved"] => Ok(Self::Reserved),
            ["obsoleted"] => Ok(Self::Obsoleted),
            ["unregistered"] => Ok(Self::Unregistered),
            ["temporary", "registered", registered, "expires", expires] => Ok(Self::Temporary {
                registered: registered.parse()?,
                extended: None,
                expires: expires.parse()?,
            }),
            [
                "temporary",
                "registered",
                registered,
                "extended",
                extended,
                "expires",
                expires,
            ] => Ok(Self::Temporary {
                registered: registered.parse()?,
                extended: Some(extended.parse()?),
                expires: expires.parse()?,
            }),
            _ => Err(format!(
                "`{}` is no registration: registered, reserved, obsoleted, unregistered, \
                 or temporary with `registered DATE`, `extended DATE` if so, and `expires DATE`",
                text.escape_debug()
            )),
        }
    }
}
