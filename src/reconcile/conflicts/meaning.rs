//! `meaning`: a code has several meanings, or a claim fits none of them.

use std::collections::BTreeSet;

use super::{Finding, enumerate};
use crate::model::{Code, Kind, Meaning, Origin, Registration, Side};
use crate::reconcile::ledger::{Held, Ledger};
use crate::reconcile::rules::Rule;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    let mut codes: Vec<Code> = ledger
        .input
        .meanings
        .iter()
        .map(|meaning| meaning.code)
        .collect();
    codes.dedup();
    let several = codes
        .into_iter()
        .filter_map(|code| several_meanings(ledger, code));
    let strays = ledger
        .claims
        .iter()
        .filter(|held| held.claim.meaning.is_none() && !held.claim.is_vacancy());
    // One ruling is for all claims of a code on one line.
    let mut findings: Vec<Finding> = several
        .chain(strays.map(|held| no_meaning(ledger, held)))
        .collect();
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert(finding.id.clone()));
    findings
}

fn several_meanings(ledger: &Ledger<'_>, code: Code) -> Option<Finding> {
    let mut meanings: Vec<&Meaning> = ledger
        .input
        .meanings
        .of(code)
        .iter()
        .filter(|meaning| ledger.speaking_of(meaning).next().is_some())
        .collect();
    if meanings.len() < 2 {
        return None;
    }
    let registered =
        |meaning: &&Meaning| ledger.stated(meaning).registration != Registration::Unregistered;
    meanings.sort_by_key(|meaning| !registered(meaning));
    let sides = meanings.iter().map(|meaning| Side {
        value: meaning.id.clone(),
        claims: ledger.speaking_of(meaning).map(Held::place).collect(),
    });
    let unlabelled = meanings
        .iter()
        .filter(|meaning| !registered(meaning) && !is_labelled(ledger, meaning));
    let unlabelled: BTreeSet<String> = unlabelled.map(|meaning| meaning.id.clone()).collect();
    let outcome = match meanings.split_first() {
        Some((first, rest)) if registered(first) => {
            format!(
                "{} is the one in IANA's registry; beside it stands {}.",
                first.id,
                enumerate_ids(rest)
            )
        }
        _ => format!(
            "None of them is in IANA's registry; {} stand side by side.",
            enumerate_ids(&meanings)
        ),
    };
    Some(Finding {
        id: format!("{code}/meaning"),
        code,
        kind: Kind::Meaning,
        sides: sides.collect(),
        question: format!(
            "{code} has {} meanings: {}",
            meanings.len(),
            enumerate_ids(&meanings)
        ),
        needs_fate: false,
        settled: unlabelled
            .is_empty()
            .then_some((Rule::DistinctMeanings, outcome)),
        unsettled: unlabelled,
    })
}

/// Whether some claim for a meaning tells it from the registered one, and none says it is registered.
fn is_labelled(ledger: &Ledger<'_>, meaning: &Meaning) -> bool {
    let mut labelled = false;
    for facts in ledger.speaking_of(meaning).map(|held| &held.claim.facts) {
        let own_document = facts
            .references
            .iter()
            .any(|cited| meaning.all_references().any(|own| own.same_document(cited)));
        match facts.registration {
            Some(Registration::Unregistered) => labelled = true,
            Some(_) if !own_document => return false,
            _ => {
                labelled |= own_document
                    || matches!(
                        facts.origin,
                        Some(Origin::Vendor { .. } | Origin::Unofficial)
                    )
            }
        }
    }
    labelled
}

fn no_meaning(ledger: &Ledger<'_>, held: &Held<'_>) -> Finding {
    let code = held.claim.facts.codes.first();
    let place = held.place();
    let known: Vec<&Meaning> = ledger.input.meanings.of(code).iter().collect();
    let claims = known.iter().flat_map(|meaning| ledger.speaking_of(meaning));
    let others = claims.map(Held::place).filter(|other| *other != place);
    let known = (!known.is_empty()).then(|| Side {
        value: enumerate_ids(&known),
        claims: others.collect(),
    });
    let stray = Side {
        value: "no known meaning".into(),
        claims: vec![place.clone()],
    };
    Finding {
        id: format!("{code}/meaning/{}/{}", place.source, place.at.number()),
        code,
        kind: Kind::Meaning,
        sides: known.into_iter().chain([stray]).collect(),
        question: format!(
            "what {place} says of {code} has no meaning ({})",
            held.claim.matched
        ),
        needs_fate: true,
        unsettled: BTreeSet::new(),
        settled: None,
    }
}

fn enumerate_ids(meanings: &[&Meaning]) -> String {
    enumerate(meanings.iter().map(|meaning| meaning.id.as_str())).replace('"', "")
}
