//! `embedded`: an entry stands inside the text of another one.

use std::collections::BTreeSet;

use super::Finding;
use crate::model::{Kind, Side};
use crate::reconcile::ledger::{Held, Ledger};
use crate::reconcile::rules::Rule;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    ledger.claims.iter().filter_map(finding).collect()
}

fn finding(held: &Held<'_>) -> Option<Finding> {
    let facts = &held.claim.facts;
    let host = facts.embedded_in?;
    let code = facts.codes.single()?;
    let place = held.place();
    let sides = [
        format!("an entry of {code}"),
        format!("a part of the text of {host}"),
    ];
    let claims = [vec![place.clone()], Vec::new()];
    Some(Finding {
        id: format!("{code}/embedded/{}/{}", place.source, place.at.number()),
        code,
        kind: Kind::Embedded,
        sides: sides
            .into_iter()
            .zip(claims)
            .map(|(value, claims)| Side { value, claims })
            .collect(),
        question: format!("the entry of {code} stands inside the text of {host}"),
        needs_fate: false,
        unsettled: BTreeSet::new(),
        settled: Some((
            Rule::EntryOfItsOwn,
            format!("{place} is an entry of {code}."),
        )),
    })
}
