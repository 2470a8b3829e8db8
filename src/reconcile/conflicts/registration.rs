//! `registration`: a source says of a code's registration what the registry does not.

use super::{Finding, by_value};
use crate::model::{Kind, Meaning, Registration, Side};
use crate::reconcile::ledger::{Held, Ledger};
use crate::reconcile::rules::Rule;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    ledger
        .input
        .meanings
        .iter()
        .filter_map(|meaning| of_meaning(ledger, meaning))
        .collect()
}

fn of_meaning(ledger: &Ledger<'_>, meaning: &Meaning) -> Option<Finding> {
    let stated = ledger.stated(meaning);
    let said = |held: &Held<'_>| {
        held.claim
            .facts
            .registration
            .as_ref()
            .map(Registration::state)
    };
    let mut claims = by_value(ledger.claims_for(meaning), said);
    let state = stated.registration.state();
    let mut agreeing = claims.remove(state).unwrap_or_default();
    if claims.is_empty() {
        return None;
    }
    let registry = ledger
        .claims
        .iter()
        .filter(|held| Some(held.source.entry.id.as_str()) == ledger.registry);
    if stated.by_registry || stated.registration == Registration::Unregistered {
        // What the registry says of the code, be it that nobody or somebody else has it.
        let word = registry
            .filter(|held| held.claim.facts.codes.contains(meaning.code))
            .map(Held::place);
        agreeing.extend(
            word.filter(|place| !agreeing.contains(place))
                .collect::<Vec<_>>(),
        );
        agreeing.sort();
    }
    let wrong: Vec<&str> = claims.keys().copied().collect();
    let outcome = format!("The registration is {state}, not {}.", wrong.join(" or "));
    let heard = ledger.registry.is_some();
    let sides = std::iter::once((state, agreeing)).chain(claims.clone());
    Some(Finding {
        id: format!("{}/registration", meaning.id),
        code: meaning.code,
        kind: Kind::Registration,
        sides: sides
            .map(|(value, claims)| Side {
                value: value.to_owned(),
                claims,
            })
            .collect(),
        question: format!(
            "\"{}\" is said to be {}, and no registry says otherwise",
            meaning.id,
            wrong.join(" or ")
        ),
        needs_fate: false,
        settled: heard.then_some((Rule::RegistryStates, outcome)),
    })
}
