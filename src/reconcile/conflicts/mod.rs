//! What claims disagree on. Each kind has a file, which finds its conflicts and says which rule settles them.

mod copied_text;
mod duplicate;
mod embedded;
mod meaning;
mod misspelling;
mod name;
mod origin;
mod phrase;
mod placeholder;
mod reference;
mod registration;

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::{Held, Ledger};
use super::rules::Rule;
use crate::model::{Code, Kind, Side};

/// A conflict, before any decision is heard.
#[derive(Clone)]
pub struct Finding {
    pub id: String,
    pub code: Code,
    pub kind: Kind,
    pub sides: Vec<Side>,
    /// What it is, for the message if it stays open.
    pub question: String,
    /// Whether a claim in it is tied to no meaning, so that it must be rejected or assigned.
    pub needs_fate: bool,
    /// The values that no rule settles, where it is about values.
    pub unsettled: BTreeSet<String>,
    /// What comes of it if nobody decides otherwise, and the rule that says so.
    pub settled: Option<(Rule, String)>,
}

/// Every conflict among the claims, by code, kind and id.
pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    let by_meaning = [
        phrase::of_meaning,
        misspelling::of_meaning,
        reference::of_meaning,
        origin::of_meaning,
    ];
    let across = [
        meaning::find,
        name::find,
        registration::find,
        duplicate::find,
        copied_text::find,
        embedded::find,
        placeholder::find,
    ];
    let mut findings: Vec<Finding> = across.iter().flat_map(|find| find(ledger)).collect();
    for meaning in ledger
        .input
        .meanings
        .iter()
        .filter(|meaning| ledger.speaking_of(meaning).next().is_some())
    {
        findings.extend(by_meaning.iter().filter_map(|find| find(ledger, meaning)));
    }
    findings.sort_by(|a, b| (a.code, a.kind, &a.id).cmp(&(b.code, b.kind, &b.id)));
    // One ruling is for all claims of a code on one line.
    let of_one_id = findings.chunk_by(|a, b| a.id == b.id);
    of_one_id.filter_map(Finding::of_all).collect()
}

impl Finding {
    /// One finding in the place of several with one id, which are of one kind and leave the same open.
    fn of_all(all: &[Self]) -> Option<Self> {
        let (first, rest) = all.split_first()?;
        if rest.is_empty() {
            return Some(first.clone());
        }
        let mut known = BTreeSet::new();
        let sides = all.iter().flat_map(|finding| &finding.sides);
        let sides = sides.filter(|side| known.insert((&side.value, &side.claims)));
        let questions: BTreeSet<&str> = all.iter().map(|finding| &*finding.question).collect();
        let outcomes = all.iter().map(|finding| finding.settled.as_ref());
        let outcomes: Option<BTreeSet<&(Rule, String)>> = outcomes.collect();
        let settled = outcomes.and_then(|outcomes| {
            let (rule, _) = outcomes.first()?;
            let outcomes = outcomes.iter().map(|(_, outcome)| outcome.as_str());
            Some((*rule, Vec::from_iter(outcomes).join(" ")))
        });
        Some(Self {
            sides: sides.cloned().collect(),
            question: Vec::from_iter(questions).join("; "),
            settled,
            ..first.clone()
        })
    }
}

/// Claims by what each of them says; a claim that says nothing is left out.
fn by_value<'h, 'a, V: Ord>(
    claims: impl Iterator<Item = &'h Held<'a>>,
    value: impl Fn(&'h Held<'a>) -> Option<V>,
) -> BTreeMap<V, Vec<&'h Held<'a>>> {
    let mut sides: BTreeMap<V, Vec<&Held<'_>>> = BTreeMap::new();
    for held in claims {
        if let Some(value) = value(held) {
            sides.entry(value).or_default().push(held);
        }
    }
    sides
}

/// A side that these claims take, each place once: a claim may write a phrase as a former one, too.
fn side(value: impl ToString, claims: &[&Held<'_>]) -> Side {
    let mut known = BTreeSet::new();
    let places = claims.iter().map(|held| held.place());
    Side {
        value: value.to_string(),
        claims: places.filter(|place| known.insert(place.clone())).collect(),
    }
}

/// How many lines, places and sides of one conflict a sentence or an error names.
pub const MAX_NAMED: usize = 20;

/// The first of many things, and how many more there are.
pub fn first_of(all: &[String], joint: &str) -> String {
    let first = all[..all.len().min(MAX_NAMED)].join(joint);
    match all.len().saturating_sub(MAX_NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Values in a sentence: `"a"`, `"a" and "b"`, `"a", "b" and "c"`.
fn enumerate<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<String> = values
        .into_iter()
        .map(|value| format!("\"{}\"", value.as_ref()))
        .collect();
    match values.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
