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
        .into_values()
        .flat_map(|texts| copies(&texts))
        .collect()
}

/// Those with another code than the first, which is taken for the original.
fn copies(texts: &[&Held<'_>]) -> Vec<Finding> {
    let Some((original, rest)) = texts.split_first() else {
        return Vec::new();
    };
    let codes = |held: &Held<'_>| held.claim.facts.codes;
    let copies = rest.iter().filter(|copy| codes(copy) != codes(original));
    copies.map(|copy| finding(original, copy)).collect()
}

fn finding(original: &Held<'_>, copy: &Held<'_>) -> Finding {
    let facts = &copy.claim.facts;
    let (source, code) = (&copy.source.entry.id, facts.codes.first());
    let side = |held: &Held<'_>| Side {
        value: format!("a text of {}", held.claim.facts.codes),
        claims: vec![held.place()],
    };
    Finding {
        id: format!("{code}/copied-text/{source}/{}", facts.line),
        code,
        kind: Kind::CopiedText,
        sides: vec![side(original), side(copy)],
        question: format!(
            "{source} has the text of {} under {code} too",
            original.claim.facts.codes
        ),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: None,
    }
}
