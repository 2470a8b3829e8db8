//! `copied-text`: one source has one text under two codes.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::model::{Kind, Side};
use crate::reconcile::ledger::{Held, Ledger};

/// The shortest text whose second appearance is no accident, in characters.
const SHORTEST: usize = 5;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    let mut texts: BTreeMap<(&str, &str), Vec<&Held<'_>>> = BTreeMap::new();
    for held in &ledger.claims {
        if let Some(digest) = held
            .claim
            .text_digest
            .as_ref()
            .filter(|_| held.claim.text_length >= SHORTEST)
        {
            texts
                .entry((&held.source.entry.id, digest))
                .or_default()
                .push(held);
        }
    }
    texts
        .into_iter()
        .filter_map(|((source, _), copies)| finding(source, &copies))
        .collect()
}

fn finding(source: &str, copies: &[&Held<'_>]) -> Option<Finding> {
    // The first is taken for the original, and the conflict is about the last that has another code.
    let first = copies.first()?;
    let last = copies
        .iter()
        .rev()
        .find(|copy| copy.claim.facts.codes != first.claim.facts.codes)?;
    let (original, code) = (first.claim.facts.codes, last.claim.facts.codes.first());
    let side = |held: &&Held<'_>| Side {
        value: format!("a text of {}", held.claim.facts.codes),
        claims: vec![held.place()],
    };
    Some(Finding {
        id: format!("{code}/copied-text/{source}/{}", last.claim.facts.line),
        code,
        kind: Kind::CopiedText,
        sides: copies.iter().map(side).collect(),
        question: format!("{source} has the text of {original} under {code} too"),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: None,
    })
}
