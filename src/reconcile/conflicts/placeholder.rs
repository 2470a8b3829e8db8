//! `placeholder`: a source lists a code and says nothing of it, although it has texts for others.

use std::collections::BTreeSet;

use super::Finding;
use crate::model::{Kind, Side};
use crate::reconcile::ledger::{Fate, Held, Ledger};
use crate::reconcile::rules::Rule;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    let with_text = ledger
        .claims
        .iter()
        .filter(|held| held.claim.text_length > 0);
    let sources: BTreeSet<&str> = with_text
        .map(|held| held.source.entry.id.as_str())
        .collect();
    let silent = ledger
        .claims
        .iter()
        .filter(|held| held.claim.text_length == 0 && !held.claim.is_vacancy());
    silent
        .filter(|held| sources.contains(held.source.entry.id.as_str()))
        .filter_map(finding)
        .collect()
}

fn finding(held: &Held<'_>) -> Option<Finding> {
    let code = held.claim.facts.codes.single()?;
    let Fate::Supports(meaning) = held.fate else {
        return None;
    };
    let place = held.place();
    let said = match &held.claim.facts.phrase {
        Some(phrase) => format!("{place} is heard for the phrase \"{phrase}\" only."),
        None => format!("{place} is heard for the code only."),
    };
    let stated = Side {
        value: meaning.id.clone(),
        claims: Vec::new(),
    };
    let silent = Side {
        value: "no text".into(),
        claims: vec![place.clone()],
    };
    Some(Finding {
        id: format!("{code}/placeholder/{}/{}", place.source, place.at.number()),
        code,
        kind: Kind::Placeholder,
        sides: vec![stated, silent],
        question: format!("{place} says nothing of {code}"),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: Some((Rule::Placeholder, said)),
    })
}
