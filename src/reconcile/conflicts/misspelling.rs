//! `misspelling`: a phrase is near one that the meaning is known by, but is none of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, enumerate, side};
use crate::model::{Kind, Meaning};
use crate::reconcile::ledger::{Held, Ledger};
use crate::reconcile::rules::Rule;
use crate::reconcile::spelling::slip_for;

pub fn of_meaning(ledger: &Ledger<'_>, meaning: &Meaning) -> Option<Finding> {
    let mut written: BTreeMap<&str, Vec<&Held<'_>>> = BTreeMap::new();
    for held in ledger.speaking_of(meaning) {
        let facts = &held.claim.facts;
        for phrase in facts.phrase.iter().chain(&facts.former) {
            written.entry(phrase).or_default().push(held);
        }
    }
    let mut slips: BTreeMap<&str, Vec<&Held<'_>>> = BTreeMap::new();
    let mut meant: BTreeMap<&str, Vec<&Held<'_>>> = BTreeMap::new();
    for (phrase, places) in &written {
        if let Some(known) = slip_for(phrase, meaning) {
            slips.insert(phrase, places.clone());
            meant.insert(known, written.get(known).cloned().unwrap_or_default());
        }
    }
    if slips.is_empty() {
        return None;
    }
    let outcome = format!(
        "{} is heard as {}.",
        enumerate(slips.keys()),
        enumerate(meant.keys())
    );
    let sides = meant.into_iter().chain(slips);
    Some(Finding {
        id: format!("{}/misspelling", meaning.id),
        code: meaning.code,
        kind: Kind::Misspelling,
        sides: sides.map(|(value, claims)| side(value, &claims)).collect(),
        question: "a phrase is misspelt".into(),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: Some((Rule::SpellingSlip, outcome)),
    })
}
