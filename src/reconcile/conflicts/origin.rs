//! `origin`: a source says that somebody else brought the meaning into the world.

use super::{Finding, by_value, enumerate, side};
use crate::model::{Kind, Meaning, Origin};
use crate::reconcile::ledger::Ledger;
use crate::reconcile::rules::Rule;

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
    let unofficial = Origin::Unofficial.to_string();
    let outdated =
        ledger.stated(meaning).by_registry && said.keys().all(|origin| *origin == unofficial);
    let settled = outdated.then(|| {
        (
            Rule::RegistryStates,
            format!("The origin is {stated}: what IANA has registered is not unofficial."),
        )
    });
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
        settled,
    })
}
