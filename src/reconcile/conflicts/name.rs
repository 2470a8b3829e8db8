//! `name`: sources give one meaning different names, or one source gives a name to two codes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, by_value, enumerate, side};
use crate::model::{Code, Kind, Meaning, text};
use crate::reconcile::ledger::Ledger;
use crate::reconcile::rules::Rule;

pub fn find(ledger: &Ledger<'_>) -> Vec<Finding> {
    let given = Given::collect(ledger);
    let mut findings = Vec::new();
    for meaning in ledger.input.meanings.iter() {
        let claims = ledger
            .speaking_of(meaning)
            .filter(|held| held.claim.facts.name.is_some());
        let languages: BTreeSet<&str> = claims.map(|held| held.name_language()).collect();
        findings.extend(
            languages
                .into_iter()
                .filter_map(|language| of_meaning(ledger, meaning, language, &given)),
        );
    }
    findings
}

/// Which codes a name stands for: by source, and where it is stated.
struct Given<'a> {
    by_source: BTreeMap<(&'a str, String), BTreeSet<Code>>,
    stated: BTreeMap<String, BTreeSet<Code>>,
}

impl<'a> Given<'a> {
    fn collect(ledger: &Ledger<'a>) -> Self {
        let mut given = Self {
            by_source: BTreeMap::new(),
            stated: BTreeMap::new(),
        };
        for held in &ledger.claims {
            if let (Some(name), Some(code)) =
                (&held.claim.facts.name, held.claim.facts.codes.single())
            {
                let source = held.source.entry.id.as_str();
                given
                    .by_source
                    .entry((source, text::normalize(name)))
                    .or_default()
                    .insert(code);
            }
        }
        for meaning in ledger.input.meanings.iter() {
            for name in ledger.stated(meaning).names.values() {
                given
                    .stated
                    .entry(text::normalize(name))
                    .or_default()
                    .insert(meaning.code);
            }
        }
        given
    }

    /// The other codes for which a name stands, for one of these sources or for us.
    fn elsewhere<'s>(
        &self,
        name: &str,
        code: Code,
        sources: impl Iterator<Item = &'s str>,
    ) -> BTreeSet<Code> {
        let name = text::normalize(name);
        let mut codes = self.stated.get(&name).cloned().unwrap_or_default();
        for source in sources {
            codes.extend(
                self.by_source
                    .get(&(source, name.clone()))
                    .into_iter()
                    .flatten(),
            );
        }
        codes.remove(&code);
        codes
    }
}

fn of_meaning(
    ledger: &Ledger<'_>,
    meaning: &Meaning,
    language: &str,
    given: &Given<'_>,
) -> Option<Finding> {
    let claims = || {
        ledger
            .speaking_of(meaning)
            .filter(|held| held.name_language() == language)
    };
    let mut written = by_value(claims(), |held| held.claim.facts.name.as_deref());
    let stated = ledger
        .stated(meaning)
        .names
        .get(language)
        .map(String::as_str);
    let agreeing = stated
        .and_then(|stated| written.remove(stated))
        .unwrap_or_default();
    let contested = if stated.is_some() {
        !written.is_empty()
    } else {
        written.len() > 1
    };
    let mut doubtful = Vec::new();
    let mut doubtful_names = BTreeSet::new();
    for (name, claims) in &written {
        let others = given.elsewhere(
            name,
            meaning.code,
            claims.iter().map(|held| held.source.entry.id.as_str()),
        );
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(ToString::to_string).collect();
            doubtful_names.insert((*name).to_owned());
            doubtful.push(format!(
                "\"{name}\" also stands for {}",
                others.join(" and ")
            ));
        }
    }
    if !contested && doubtful.is_empty() {
        return None;
    }
    let question = match &doubtful[..] {
        [] => format!(
            "sources name {} differently in {language}, and registry/meanings has no name",
            meaning.id
        ),
        doubtful => doubtful.join("; "),
    };
    let settled = stated.filter(|_| doubtful.is_empty()).map(|stated| {
        let kept = if written.len() == 1 {
            "is kept as a variant"
        } else {
            "are kept as variants"
        };
        (
            Rule::ChosenName,
            format!(
                "\"{stated}\" is the name; {} {kept}.",
                enumerate(written.keys())
            ),
        )
    });
    let sides = stated
        .map(|stated| (stated, agreeing))
        .into_iter()
        .chain(written.clone());
    let suffix = if language == "zh-Hans" {
        String::new()
    } else {
        format!("/{language}")
    };
    Some(Finding {
        id: format!("{}/name{suffix}", meaning.id),
        code: meaning.code,
        kind: Kind::Name,
        sides: sides.map(|(value, claims)| side(value, &claims)).collect(),
        question,
        needs_fate: false,
        unsettled: doubtful_names,
        settled,
    })
}
