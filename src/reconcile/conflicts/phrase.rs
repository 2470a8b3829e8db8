//! `phrase`: sources write different reason phrases for one meaning.

use super::{Finding, by_value, enumerate, side};
use crate::model::{Kind, Meaning, text};
use crate::reconcile::ledger::Ledger;
use crate::reconcile::rules::Rule;
use crate::reconcile::spelling::{is_known, slip_for};

pub fn of_meaning(ledger: &Ledger<'_>, meaning: &Meaning) -> Option<Finding> {
    let stated = ledger.stated(meaning).phrase.as_deref();
    let mut written = by_value(ledger.speaking_of(meaning), |held| {
        held.claim.facts.phrase.as_deref()
    });
    if stated.is_none() {
        // What stands in for the phrase of a reserved code, such as `(Unused)`, is no disagreement.
        written.retain(|phrase, _| !is_known(&text::normalize(phrase), meaning));
    }
    // A phrase that the meaning is known by is no disagreement where a source calls it a former one.
    for held in ledger.speaking_of(meaning) {
        for former in &held.claim.facts.former {
            if !is_known(&text::normalize(former), meaning) {
                written.entry(former).or_default().push(held);
            }
        }
    }
    let stated = stated.unwrap_or("no phrase");
    let agreeing = written.remove(stated).unwrap_or_default();
    written.retain(|phrase, _| slip_for(phrase, meaning).is_none());
    if written.is_empty() {
        return None;
    }
    let (known, unknown): (Vec<&str>, Vec<&str>) = written
        .keys()
        .copied()
        .partition(|phrase| is_known(&text::normalize(phrase), meaning));
    let kept = if known.len() == 1 {
        "is kept as an alias"
    } else {
        "are kept as aliases"
    };
    let outcome = format!("\"{stated}\" is the phrase; {} {kept}.", enumerate(&known));
    let sides = std::iter::once((stated, agreeing)).chain(written);
    Some(Finding {
        id: format!("{}/phrase", meaning.id),
        code: meaning.code,
        kind: Kind::Phrase,
        sides: sides.map(|(value, claims)| side(value, &claims)).collect(),
        question: format!("\"{stated}\" has no known phrase {}", enumerate(&unknown)),
        needs_fate: false,
        unsettled: unknown.iter().map(ToString::to_string).collect(),
        settled: unknown.is_empty().then_some((Rule::KnownPhrase, outcome)),
    })
}
