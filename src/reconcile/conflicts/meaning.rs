//! `meaning`: a code has several meanings, or a claim fits none of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, enumerate};
use crate::model::{Code, Kind, Meaning, Origin, Place, Registration, Side};
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
    let mut known: BTreeMap<Code, Known> = BTreeMap::new();
    let strays = strays.map(|held| {
        let code = held.claim.facts.codes.first();
        let known = known.entry(code).or_insert_with(|| Known::of(ledger, code));
        no_meaning(known, held)
    });
    several.chain(strays).collect()
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
                "{} is the one in IANA's registry; beside it {} {}.",
                first.id,
                if rest.len() == 1 { "stands" } else { "stand" },
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

/// What the other side of a claim without a meaning is made of.
struct Known {
    /// The ids of the code's meanings.
    ids: String,
    /// The first two claims for them in each source. One speaks for all of its source, so that a side
    /// does not grow with the source; the other is for the claim itself, once it is assigned.
    claims: Vec<Place>,
}

impl Known {
    fn of(ledger: &Ledger<'_>, code: Code) -> Self {
        let meanings: Vec<&Meaning> = ledger.input.meanings.of(code).iter().collect();
        let claims = meanings
            .iter()
            .flat_map(|meaning| ledger.speaking_of(meaning));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let claims = claims.filter(|held| {
            let count = counts.entry(&held.source.entry.id).or_default();
            *count += 1;
            *count <= 2
        });
        Self {
            claims: claims.map(Held::place).collect(),
            ids: enumerate_ids(&meanings),
        }
    }

    fn side(&self, stray: &Place) -> Option<Side> {
        let others = self.claims.iter().filter(|place| *place != stray);
        let mut sources = BTreeSet::new();
        let first = others.filter(|place| sources.insert(&place.source));
        (!self.ids.is_empty()).then(|| Side {
            value: self.ids.clone(),
            claims: first.cloned().collect(),
        })
    }
}

fn no_meaning(known: &Known, held: &Held<'_>) -> Finding {
    let code = held.claim.facts.codes.first();
    let place = held.place();
    let stray = Side {
        value: "no known meaning".into(),
        claims: vec![place.clone()],
    };
    Finding {
        id: format!("{code}/meaning/{}/{}", place.source, place.at.number()),
        code,
        kind: Kind::Meaning,
        question: format!(
            "what {place} says of {code} has no meaning ({})",
            held.claim.matched
        ),
        needs_fate: true,
        unsettled: BTreeSet::from([stray.value.clone()]),
        sides: known.side(&place).into_iter().chain([stray]).collect(),
        settled: None,
    }
}

fn enumerate_ids(meanings: &[&Meaning]) -> String {
    enumerate(meanings.iter().map(|meaning| meaning.id.as_str())).replace('"', "")
}
