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
    // If nobody writes what is written down here, the slip may be ours.
    let ours = meaning
        .phrase
        .as_deref()
        .filter(|_| !ledger.stated(meaning).by_registry);
    let doubtful = ours.filter(|ours| meant.get(ours).is_some_and(Vec::is_empty));
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
        question: format!("no source writes {}", enumerate(doubtful)),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: doubtful.is_none().then_some((Rule::SpellingSlip, outcome)),
    })
}
