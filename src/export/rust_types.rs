//! HTTP status codes: what each of them means, who says so, and what IANA has registered.
//!
//! Copy this file into your project as a module. It needs neither `std` nor any crate.

#![allow(dead_code)]

/// One use of a status code by someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The id, stable from version to version, such as `421-misdirected-request`.
    pub id: &'static str,
    /// The status code.
    pub code: u16,
    /// The reason phrase; a reserved code has none.
    pub phrase: Option<&'static str>,
    /// Phrases that it bore before, the latest first.
    pub former_phrases: &'static [FormerPhrase],
    /// What it is called in Simplified Chinese.
    pub name_zh_hans: &'static str,
    /// Who brought it into the world.
    pub origin: Origin,
    /// What IANA's registry says of it.
    pub registration: Registration,
    /// Where it is defined.
    pub references: &'static [Reference],
    /// Where it was defined before, the latest first.
    pub former_references: &'static [Reference],
    /// What it means.
    pub summary: &'static str,
    /// What it means, in Simplified Chinese.
    pub summary_zh_hans: &'static str,
}

/// A reason phrase that a meaning bore before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormerPhrase {
    /// The phrase.
    pub phrase: &'static str,
    /// The RFC or product that used it last.
    pub used_by: &'static str,
    /// The RFC or product that replaced it.
    pub replaced_by: Option<&'static str>,
}

/// A document that defines a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Its name, with the section where there is one.
    pub title: &'static str,
    /// Where to read it.
    pub url: &'static str,
}

/// Who brought a meaning into the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The IETF, for HTTP at large.
    Rfc,
    /// The IETF, for `WebDAV`.
    Webdav,
    /// The company, product or project of this name.
    Vendor(&'static str),
    /// A convention, a proposal, a custom.
    Unofficial,
}

/// What IANA's registry says of a meaning. Dates are written `2026-11-20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Registration {
    /// It is listed.
    Registered,
    /// It is listed for a time.
    Temporary {
        /// The day it was registered.
        registered: &'static str,
        /// The day its registration was last extended.
        extended: Option<&'static str>,
        /// The day it runs out unless extended.
        expires: &'static str,
    },
    /// The code is kept from being assigned.
    Reserved,
    /// It is listed, and obsolete.
    Obsoleted,
    /// It is not listed.
    Unregistered,
}

/// All meanings of a code: the one that IANA has registered, if any, comes first.
#[must_use]
pub fn meanings_of(code: u16) -> &'static [Meaning] {
    let below = |limit: u16| {
        MEANINGS
            .iter()
            .take_while(|meaning| meaning.code < limit)
            .count()
    };
    match code.checked_add(1) {
        Some(next) => &MEANINGS[below(code)..below(next)],
        None => &[],
    }
}

/// The code with this reason phrase, in any case of letters. Registered phrases are looked at
/// first, then their former ones, then those of codes that are not registered.
#[must_use]
pub fn code_of_phrase(phrase: &str) -> Option<u16> {
    let is_registered =
        |meaning: &&Meaning| !matches!(meaning.registration, Registration::Unregistered);
    let bears = |meaning: &&Meaning| {
        meaning
            .phrase
            .is_some_and(|own| own.eq_ignore_ascii_case(phrase))
    };
    let bore = |meaning: &&Meaning| {
        let mut former = meaning.former_phrases.iter();
        former.any(|former| former.phrase.eq_ignore_ascii_case(phrase))
    };
    let registered = || MEANINGS.iter().filter(is_registered);
    let others = || MEANINGS.iter().filter(|meaning| !is_registered(meaning));
    registered()
        .find(bears)
        .or_else(|| registered().find(bore))
        .or_else(|| others().find(bears))
        .or_else(|| others().find(bore))
        .map(|meaning| meaning.code)
}
