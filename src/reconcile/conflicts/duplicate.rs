//! `duplicate`: one source lists one code twice.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, first_of};
use crate::model::{Code, Kind, Side};
use crate::reconcile::ledger::{Fate, Held, Ledger};
use crate::reconcile::rules::Rule;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    let mut rows: BTreeMap<(&str, Code), Vec<&Held<'_>>> = BTreeMap::new();
    for held in &ledger.claims {
        if let Some(code) = held
            .claim
            .facts
            .codes
            .single()
            .filter(|_| !held.claim.is_vacancy())
        {
            rows.entry((&held.source.entry.id, code))
                .or_default()
                .push(held);
        }
    }
    let twice = rows.into_iter().filter(|(_, held)| held.len() > 1);
    twice
        .map(|((source, code), held)| finding(source, code, &held))
        .collect()
}

fn finding(source: &str, code: Code, rows: &[&Held<'_>]) -> Finding {
    let meanings: BTreeSet<&str> = rows
        .iter()
        .filter_map(|held| match held.fate {
            Fate::Supports(meaning) => Some(meaning.id.as_str()),
            _ => None,
        })
        .collect();
    let apart = meanings.len() == rows.len();
    let value = |held: &Held<'_>| {
        held.claim
            .meaning
            .clone()
            .unwrap_or_else(|| "no known meaning".into())
    };
    let mut rows_by_doubt = rows.to_vec();
    rows_by_doubt.sort_by_key(|held| held.claim.meaning.is_none());
    let sides = rows_by_doubt.iter().map(|held| Side {
        value: value(held),
        claims: vec![held.place()],
    });
    Finding {
        id: format!("{code}/duplicate/{source}"),
        code,
        kind: Kind::Duplicate,
        sides: sides.collect(),
        question: format!("{source} lists {code} {}", lines(rows)),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: apart.then(|| {
            let outcome = format!(
                "Each of the {} rows is a claim for another meaning.",
                rows.len()
            );
            (Rule::OneRowPerMeaning, outcome)
        }),
    }
}

fn lines(rows: &[&Held<'_>]) -> String {
    let lines: BTreeSet<u32> = rows.iter().map(|held| held.claim.facts.line).collect();
    let several = lines.len() > 1;
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let lines = first_of(&lines, " and ");
    if several {
        format!("on each of the lines {lines}")
    } else {
        format!("more than once on line {lines}")
    }
}
