use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CodeRange, Reference};

/// What programs ask of a code, as the standards answer it. Where they say nothing, nothing is said here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Semantics {
    /// Whether the response is interim, so that a final one follows; else it is final (RFC 9110, Section 15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interim: Option<Answer<bool>>,
    /// Whether the response may have content, unless it is to HEAD or CONNECT (RFC 9110, Section 6.4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_have_content: Option<Answer<bool>>,
    /// Whether a cache may store and reuse the response without being told for how long (RFC 9110, Section 15.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heuristically_cacheable: Option<Answer<bool>>,
    /// The fields that the server is to send with it. Those that all responses need, such as Date, are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldRequirement>,
    /// What becomes of the request method when the client follows a redirect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_method: Option<Answer<RedirectMethod>>,
    /// Whether the client may repeat the request, and when. Where a section takes for granted that it may, that is a `may`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retry: Vec<RetryRequirement>,
}

/// An answer, and the standards that give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}_answer")]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// Where it stands.
    pub references: Vec<Reference>,
}

/// A field that the server is to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldRequirement {
    /// The field's name.
    pub name: String,
    /// How strongly it is required: must, should or may.
    pub requirement: Requirement,
    /// When, if not always: a clause by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub when: BTreeMap<String, String>,
    /// Where it stands.
    pub references: Vec<Reference>,
}

/// Whether the client may repeat the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RetryRequirement {
    /// How strongly it is asked to, or not to.
    pub requirement: Requirement,
    /// When, if not always: a clause by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub when: BTreeMap<String, String>,
    /// Where it stands.
    pub references: Vec<Reference>,
}

/// The words by which standards require, recommend and permit (BCP 14).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// MUST.
    Must,
    /// SHOULD.
    Should,
    /// MAY.
    May,
    /// SHOULD NOT.
    ShouldNot,
    /// MUST NOT.
    MustNot,
}

/// What becomes of the request method when the client follows a redirect.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectMethod {
    /// The client must not change it.
    Kept,
    /// The client may change POST to GET, for historical reasons.
    MayBecomeGet,
    /// The client retrieves the other resource: with GET, or HEAD.
    BecomesGet,
}

/// What a section of a standard says of the codes that it names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardClaim {
    /// The section, such as `15.5.2`.
    pub section: String,
    /// The codes, and ranges of codes, of which it says so.
    pub codes: Vec<CodeRange>,
    /// Whether the response is interim.
    pub interim: Option<bool>,
    /// Whether the response may have content.
    pub may_have_content: Option<bool>,
    /// Whether the response is heuristically cacheable.
    pub heuristically_cacheable: Option<bool>,
    /// The fields that the server is to send.
    #[serde(default)]
    pub fields: Vec<FieldClaim>,
    /// What becomes of the method.
    pub redirect_method: Option<RedirectMethod>,
    /// Whether the client may repeat the request.
    #[serde(default)]
    pub retry: Vec<RetryClaim>,
}

/// A field that a section requires, recommends or permits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldClaim {
    /// The field's name.
    pub name: String,
    /// How strongly.
    pub requirement: Requirement,
    /// When, if not always, by BCP 47 tag.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
}

/// What a section says of repeating the request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryClaim {
    /// How strongly.
    pub requirement: Requirement,
    /// When, if not always, by BCP 47 tag.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
}

/// A value, with the condition under which it holds behind it, in English.
#[must_use]
pub fn qualified(value: &str, when: &BTreeMap<String, String>) -> String {
    match when.get("en") {
        Some(when) => format!("{value} when {when}"),
        None => value.to_owned(),
    }
}

impl Semantics {
    /// Whether no standard answers anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Each question by its name in the exports, and its answer as text, if there is one.
    #[must_use]
    pub fn told(&self) -> [(&'static str, Option<String>); 6] {
        let yes =
            |answer: &Option<Answer<bool>>| answer.as_ref().map(|answer| answer.value.to_string());
        let list = |items: Vec<String>| (!items.is_empty()).then(|| items.join("; "));
        let fields = self.fields.iter().map(|field| {
            qualified(
                &format!("{} {}", field.requirement, field.name),
                &field.when,
            )
        });
        let retry = self.retry.iter();
        let retry = retry.map(|retry| qualified(retry.requirement.as_str(), &retry.when));
        let method = self.redirect_method.as_ref();
        [
            ("interim", yes(&self.interim)),
            ("may_have_content", yes(&self.may_have_content)),
            (
                "heuristically_cacheable",
                yes(&self.heuristically_cacheable),
            ),
            ("fields", list(fields.collect())),
            (
                "redirect_method",
                method.map(|answer| answer.value.to_string()),
            ),
            ("retry", list(retry.collect())),
        ]
    }

    /// Every section that answers something, in order.
    #[must_use]
    pub fn references(&self) -> BTreeSet<&Reference> {
        let bools = [
            &self.interim,
            &self.may_have_content,
            &self.heuristically_cacheable,
        ];
        let answers = bools.into_iter().flatten().map(|answer| &answer.references);
        let method = self.redirect_method.iter().map(|answer| &answer.references);
        let fields = self.fields.iter().map(|field| &field.references);
        let retry = self.retry.iter().map(|retry| &retry.references);
        answers
            .chain(method)
            .chain(fields)
            .chain(retry)
            .flatten()
            .collect()
    }
}

impl Requirement {
    /// The name that the exports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::May => "may",
            Self::ShouldNot => "should-not",
            Self::MustNot => "must-not",
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl RedirectMethod {
    /// The name that the exports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::MayBecomeGet => "may-become-get",
            Self::BecomesGet => "becomes-get",
        }
    }
}

impl fmt::Display for RedirectMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
