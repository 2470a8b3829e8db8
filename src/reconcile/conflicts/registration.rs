//! `registration`: a source says of a code's registration what the registry does not.

use std::collections::BTreeSet;

use super::{Finding, by_value, side};
use crate::model::{Kind, Meaning, Registration};
use crate::reconcile::ledger::{Held, Ledger};
use crate::reconcile::rules::Rule;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    let in_force = |held: &&Held<'_>| Some(held.source.entry.id.as_str()) == ledger.registry;
    let registry: Vec<&Held<'_>> = ledger.claims.iter().filter(in_force).collect();
    let vacancies: Vec<&Held<'_>> = ledger.vacancies().filter(|held| !in_force(held)).collect();
    let meanings = ledger
        .input
        .meanings
        .iter()
        .filter(|meaning| ledger.is_live(meaning));
    meanings
        .filter_map(|meaning| of_meaning(ledger, meaning, &registry, &vacancies))
        .collect()
}

fn of_meaning(
    ledger: &Ledger<'_>,
    meaning: &Meaning,
    registry: &[&Held<'_>],
    vacancies: &[&Held<'_>],
) -> Option<Finding> {
    let stated = ledger.stated(meaning);
    let mut said = by_value(ledger.speaking_of(meaning), |held| {
        held.claim
            .facts
            .registration
            .as_ref()
            .map(Registration::state)
    });
    let unassigned = Registration::Unregistered.state();
    for held in about(meaning, vacancies) {
        said.entry(unassigned).or_default().push(held);
    }
    let state = stated.registration.state();
    let agreeing = said.remove(state).unwrap_or_default();
    if said.is_empty() {
        return None;
    }
    // What the registry says of the code, be it that nobody or somebody else has it.
    let known: BTreeSet<*const Held<'_>> = agreeing.iter().map(|held| &raw const **held).collect();
    let says = about(meaning, registry).filter(|held| !known.contains(&&raw const **held));
    let mut says: Vec<&Held<'_>> = says.collect();
    says.reverse();
    says.extend(agreeing);
    let wrong: Vec<&str> = said.keys().copied().collect();
    let wrong = wrong.join(" or ");
    let outcome = format!("The registration is {state}, not {wrong}.");
    let sides = std::iter::once((state, says)).chain(said);
    Some(Finding {
        id: format!("{}/registration", meaning.id),
        code: meaning.code,
        kind: Kind::Registration,
        sides: sides.map(|(value, claims)| side(value, &claims)).collect(),
        question: format!(
            "\"{}\" is said to be {wrong}, and no registry says otherwise",
            meaning.id
        ),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: ledger
            .registry
            .is_some()
            .then_some((Rule::RegistryStates, outcome)),
    })
}

fn about<'h, 'a>(meaning: &Meaning, claims: &[&'h Held<'a>]) -> impl Iterator<Item = &'h Held<'a>> {
    claims
        .iter()
        .copied()
        .filter(|held| held.claim.facts.codes.contains(meaning.code))
}
