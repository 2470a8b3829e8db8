//! `reference`: a source cites another document than the one that defines the meaning.

use std::collections::BTreeMap;

use super::{Finding, enumerate};
use crate::model::{Kind, Meaning, Place, Reference, Side};
use crate::reconcile::ledger::Ledger;
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
    let stated = &ledger.stated(meaning).references;
    let mut cited: BTreeMap<Reference, Vec<Place>> = BTreeMap::new();
    let mut agreeing: Vec<Place> = Vec::new();
    for held in ledger.claims_for(meaning) {
        let mut agrees = false;
        for reference in &held.claim.facts.references {
            if stated.iter().any(|own| own.same_document(reference)) {
                agrees = true;
            } else {
                let places = cited.entry(reference.document()).or_default();
                if !places.contains(&held.place()) {
                    places.push(held.place());
                }
            }
        }
        if agrees {
            agreeing.push(held.place());
        }
    }
    if cited.is_empty() {
        return None;
    }
    let is_former = |document: &&Reference| {
        meaning
            .former_references
            .iter()
            .any(|own| own.same_document(document))
    };
    let unknown: Vec<String> = cited
        .keys()
        .filter(|document| !is_former(document))
        .map(ToString::to_string)
        .collect();
    let today = match &stated[..] {
        [] => "no document".to_owned(),
        documents => documents
            .iter()
            .map(|own| own.document().to_string())
            .collect::<Vec<_>>()
            .join(", "),
    };
    let former: Vec<String> = cited.keys().map(ToString::to_string).collect();
    let outcome = format!("{today} defines it; {} did before.", former.join(", "));
    let question = format!(
        "{} {} not known to define \"{}\"",
        enumerate(&unknown).replace('"', ""),
        if unknown.len() == 1 { "is" } else { "are" },
        meaning.id
    );
    let sides = cited.into_iter().map(|(document, claims)| Side {
        value: document.to_string(),
        claims,
    });
    Some(Finding {
        id: format!("{}/reference", meaning.id),
        code: meaning.code,
        kind: Kind::Reference,
        sides: std::iter::once(Side {
            value: today,
            claims: agreeing,
        })
        .chain(sides)
        .collect(),
        question,
        needs_fate: false,
        settled: unknown
            .is_empty()
            .then_some((Rule::FormerReference, outcome)),
    })
}
