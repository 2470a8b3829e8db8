//! `reference`: a source cites another document than the one that defines the meaning, or an obsoleted one.

use std::collections::BTreeMap;

use super::{Finding, side};
use crate::model::{Kind, Meaning, Reference};
use crate::reconcile::ledger::{Held, Ledger};
use crate::reconcile::rules::Rule;

pub fn of_meaning(ledger: &Ledger<'_>, meaning: &Meaning) -> Option<Finding> {
    let stated = ledger.stated(meaning);
    let is_stated = |cited: &Reference| stated.references.iter().any(|own| own.agrees_with(cited));
    // Where the registry gives another document than we do, ours is a former one.
    let was_reference = |cited: &Reference| {
        let mut known = meaning.all_references();
        known.any(|own| own.agrees_with(cited))
    };
    let mut cited: BTreeMap<Reference, Vec<&Held<'_>>> = BTreeMap::new();
    let mut agreeing: Vec<&Held<'_>> = Vec::new();
    for held in ledger.speaking_of(meaning) {
        for reference in &held.claim.facts.references {
            let places = match is_stated(reference) {
                true => &mut agreeing,
                false if was_reference(reference) => cited.entry(reference.document()).or_default(),
                false => cited.entry(reference.clone()).or_default(),
            };
            // A claim may cite two sections of one document.
            if !places.last().is_some_and(|last| std::ptr::eq(*last, held)) {
                places.push(held);
            }
        }
    }
    let obsoleted: Vec<String> = stated
        .references
        .iter()
        .filter_map(|own| {
            Some(format!(
                "{} was obsoleted by {}",
                own.document(),
                successors(ledger, own)?
            ))
        })
        .collect();
    if cited.is_empty() && obsoleted.is_empty() {
        return None;
    }

    let (former, unknown): (Vec<&Reference>, Vec<&Reference>) =
        cited.keys().partition(|cited| was_reference(cited));
    let today = match &stated.references[..] {
        [] => "no document".to_owned(),
        documents => list(documents.iter().map(Reference::document)),
    };
    let mut outcomes = Vec::new();
    if !former.is_empty() {
        let fates = former
            .iter()
            .map(|document| match successors(ledger, document) {
                Some(successors) => format!("{document} (obsoleted by {successors})"),
                None => document.to_string(),
            });
        outcomes.push(format!(
            "{today} is the reference; before, it was {}.",
            list(fates)
        ));
    }
    if !obsoleted.is_empty() {
        outcomes.push(format!(
            "{today} stays the reference, although {}.",
            obsoleted.join(", ")
        ));
    }
    let rule = if obsoleted.is_empty() {
        Rule::FormerReference
    } else {
        Rule::LastDefinition
    };
    let settled = unknown.is_empty() && (obsoleted.is_empty() || stated.by_registry);
    let question = if unknown.is_empty() {
        obsoleted.join(", ")
    } else {
        format!(
            "{} is not known to define \"{}\"",
            list(&unknown),
            meaning.id
        )
    };
    let in_doubt = obsoleted.iter().filter(|_| !stated.by_registry);
    let unsettled = unknown.iter().map(ToString::to_string);
    let unsettled = unsettled.chain(in_doubt.cloned()).collect();
    let newer = obsoleted.iter().map(|why| side(why, &[]));
    let others = cited
        .iter()
        .map(|(document, claims)| side(document, claims));
    Some(Finding {
        id: format!("{}/reference", meaning.id),
        code: meaning.code,
        kind: Kind::Reference,
        sides: std::iter::once(side(today, &agreeing))
            .chain(others)
            .chain(newer)
            .collect(),
        question,
        needs_fate: false,
        unsettled,
        settled: settled.then(|| (rule, outcomes.join(" "))),
    })
}

/// What says that it obsoletes a document, if anything does.
fn successors(ledger: &Ledger<'_>, document: &Reference) -> Option<String> {
    let successors = ledger.input.rfcs.successors_of(document.rfc()?);
    (!successors.is_empty()).then(|| list(successors.iter().map(|rfc| format!("RFC {rfc}"))))
}

fn list<T: ToString>(documents: impl IntoIterator<Item = T>) -> String {
    let documents: Vec<String> = documents
        .into_iter()
        .map(|document| document.to_string())
        .collect();
    documents.join(", ")
}
