//! What changed between two editions of a source, as sentences about its claims.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use super::sentences;
use crate::model::{Claim, CodeRange};

/// One thing that a source says anew, no longer, or otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimChange {
    /// The code, or the codes, that it is about.
    pub codes: CodeRange,
    /// What changed, in words.
    pub text: String,
}

impl fmt::Display for ClaimChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.codes, self.text)
    }
}

/// Everything that a source says otherwise, by code. Where in the document it says so does not matter.
#[must_use]
pub fn claim_changes(old: &[Claim], new: &[Claim]) -> Vec<ClaimChange> {
    let by_codes = |claims: &[Claim]| {
        let mut sorted: BTreeMap<CodeRange, Vec<Claim>> = BTreeMap::new();
        for claim in claims {
            let mut claim = claim.clone();
            claim.facts.line = 0;
            sorted.entry(claim.facts.codes).or_default().push(claim);
        }
        sorted
    };
    let (mut old, mut new) = (by_codes(old), by_codes(new));
    let codes: BTreeSet<CodeRange> = old.keys().chain(new.keys()).copied().collect();
    let mut changes = Vec::new();
    for codes in codes {
        let (was, is) = (
            old.remove(&codes).unwrap_or_default(),
            new.remove(&codes).unwrap_or_default(),
        );
        let texts = of_codes(&was, &is);
        changes.extend(texts.into_iter().map(|text| ClaimChange { codes, text }));
    }
    changes
}

/// Takes out each claim of the first list and the first one of the second that has the same key.
fn pair<'c, K: Ord>(
    was: &mut Vec<&'c Claim>,
    is: &mut Vec<&'c Claim>,
    key: fn(&'c Claim) -> K,
) -> Vec<(&'c Claim, &'c Claim)> {
    let mut places: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
    for (place, new) in is.iter().enumerate() {
        places.entry(key(new)).or_default().push_back(place);
    }
    let mut pairs = Vec::new();
    let mut taken = BTreeSet::new();
    was.retain(|old| {
        let place = places.get_mut(&key(old)).and_then(VecDeque::pop_front);
        pairs.extend(place.map(|place| (*old, is[place])));
        place.is_none_or(|place| !taken.insert(place))
    });
    let mut places = 0..;
    is.retain(|_| places.next().is_some_and(|place| !taken.contains(&place)));
    pairs
}

/// What changed in the claims about the same codes: those that are equal go first, then those for
/// the same meaning are held against each other, then the rest in their order.
fn of_codes(was: &[Claim], is: &[Claim]) -> Vec<String> {
    let (mut was, mut is) = (Vec::from_iter(was), Vec::from_iter(is));
    let mut pairs = pair(&mut was, &mut is, |claim| claim);
    pairs.extend(pair(&mut was, &mut is, |claim| &claim.meaning));
    pairs.extend(pair(&mut was, &mut is, |_| ()));
    let changed = pairs.iter().flat_map(|(old, new)| fields(old, new));
    let gone = was
        .iter()
        .map(|claim| format!("no longer listed, was {}", summary(claim)));
    let come = is.iter().map(|claim| {
        let meaning = match (&claim.meaning, claim.is_vacancy()) {
            (Some(meaning), _) => format!(" → {meaning}"),
            (None, true) => String::new(),
            (None, false) => format!(" ({})", claim.matched),
        };
        format!("newly listed, {}{meaning}", summary(claim))
    });
    changed.chain(gone).chain(come).collect()
}

/// A claim in a few words.
fn summary(claim: &Claim) -> String {
    let facts = &claim.facts;
    if claim.is_vacancy() {
        return "unassigned".into();
    }
    let mut parts = Vec::new();
    parts.extend(facts.phrase.as_ref().map(|phrase| format!("'{phrase}'")));
    parts.extend(facts.name.clone());
    parts.extend(facts.registration.as_ref().map(ToString::to_string));
    parts.extend(facts.origin.as_ref().map(ToString::to_string));
    parts.extend(facts.references.iter().map(ToString::to_string));
    if parts.is_empty() {
        parts.push(format!("a text of {} characters", claim.text_length));
    }
    parts.join(", ")
}

/// What two claims say otherwise, field by field.
fn fields(old: &Claim, new: &Claim) -> Vec<String> {
    fn show<T: fmt::Display>(value: Option<&T>) -> Option<String> {
        value.map(ToString::to_string)
    }
    fn strings<T: fmt::Display>(list: &[T]) -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    }
    let (was, is) = (&old.facts, &new.facts);
    let values = [
        (
            "phrase",
            show(was.phrase.as_ref()),
            show(is.phrase.as_ref()),
        ),
        ("name", show(was.name.as_ref()), show(is.name.as_ref())),
        (
            "origin",
            show(was.origin.as_ref()),
            show(is.origin.as_ref()),
        ),
        (
            "registration",
            show(was.registration.as_ref()),
            show(is.registration.as_ref()),
        ),
        (
            "swallowed by the text of",
            show(was.embedded_in.as_ref()),
            show(is.embedded_in.as_ref()),
        ),
        ("meaning", old.meaning.clone(), new.meaning.clone()),
    ];
    let mut texts: Vec<String> = values
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(field, was, is)| {
            let show =
                |value: Option<String>| value.map_or("none".into(), |value| format!("'{value}'"));
            format!("{field} {} → {}", show(was), show(is))
        })
        .collect();
    let lists = [
        ("formerly", was.former.clone(), is.former.clone()),
        (
            "defined by",
            strings(&was.references),
            strings(&is.references),
        ),
        (
            "with the note",
            was.annotations.clone(),
            is.annotations.clone(),
        ),
    ];
    texts.extend(
        lists
            .iter()
            .filter_map(|(label, was, is)| sentences::list(label, was, is)),
    );
    if old.text_digest != new.text_digest {
        texts.push(format!(
            "its text is another one, of {} → {} characters",
            old.text_length, new.text_length
        ));
    }
    if texts.is_empty() && old.matched != new.matched {
        texts.push(format!("matched by '{}' → '{}'", old.matched, new.matched));
    }
    texts
}
