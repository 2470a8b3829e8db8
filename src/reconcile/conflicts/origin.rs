//! `origin`: a source says that somebody else brought the meaning into the world.

use super::{Finding, by_value, enumerate, side};
use crate::model::{Kind, Meaning};
use crate::reconcile::ledger::Ledger;

pub fn of_meaning(ledger: &Ledger<'_>, meaning: &Meaning) -> Option<Finding> {
    let mut said = by_value(ledger.speaking_of(meaning), |held| {
        held.claim.facts.origin.as_ref().map(ToString::to_string)
    });
    let stated = meaning.origin.to_string();
    let agreeing = said.remove(&stated).unwrap_or_default();
    if said.is_empty() {
        return None;
    }
    let question = format!(
        "\"{}\" has the origin {stated}, but is said to have {}",
        meaning.id,
        enumerate(said.keys())
    );
    let others = said.keys().cloned().collect();
    let sides = std::iter::once((stated, agreeing)).chain(said);
    Some(Finding {
        id: format!("{}/origin", meaning.id),
        code: meaning.code,
        kind: Kind::Origin,
        sides: sides.map(|(value, claims)| side(value, &claims)).collect(),
        question,
        needs_fate: false,
        unsettled: others,
        settled: None,
    })
}
