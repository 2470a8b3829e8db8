//! The words for what changed in one meaning, source or conflict.

use std::collections::{BTreeMap, BTreeSet};

use super::diff::{Changes, Impact};
use crate::model::{
    ClaimRef, Conflict, FormerPhrase, MeaningEntry, Reference, Registration, SourceEntry, Variant,
};

/// A meaning that was not there before.
pub fn new_meaning(is: &MeaningEntry, changes: &mut Changes) {
    let kind = match is.registration {
        Registration::Unregistered => is.origin.to_string(),
        _ => is.registration.state().to_owned(),
    };
    let from = is.claims.first();
    let from = from.map_or(String::new(), |claim| format!(", from {}", claim.place));
    let text = format!("new {kind} meaning {} ({}){from}", is.id, is.title());
    changes.add("meanings", Impact::Minor, text);
}

/// A meaning that was there before.
pub fn meaning(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    if was.id != is.id {
        let text = format!(
            "the id {} is now {}; the former one still leads to it",
            was.id, is.id
        );
        changes.add("id", Impact::Minor, text);
    }
    former_ids(was, is, changes);
    phrase(was, is, changes);
    former_phrases(was, is, changes);
    variants(
        "phrase_variants",
        "also written",
        &was.phrase_variants,
        &is.phrase_variants,
        changes,
    );
    texts("names", "name", &was.names, &is.names, changes);
    name_variants(was, is, changes);
    if was.origin != is.origin {
        let text = format!("origin {} → {}", was.origin, is.origin);
        changes.add("origin", Impact::Minor, text);
    }
    registration(&was.registration, &is.registration, changes);
    history(was, is, changes);
    let references = |list: &[Reference]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (field, label, old, new) in [
        ("references", "defined by", &was.references, &is.references),
        (
            "former_references",
            "formerly defined by",
            &was.former_references,
            &is.former_references,
        ),
    ] {
        if let Some(text) = list(label, &references(old), &references(new)) {
            changes.add(field, Impact::Minor, text);
        } else if old != new {
            changes.add(field, Impact::Minor, format!("{label}: another address"));
        }
    }
    semantics(was, is, changes);
    texts("summary", "summary", &was.summary, &is.summary, changes);
    claims(&was.claims, &is.claims, changes);
}

/// What of a list came and went; nothing if it is the same list.
pub fn list(label: &str, was: &[String], is: &[String]) -> Option<String> {
    let without = |list: &[String], others: &[String]| {
        let rest = list.iter().filter(|item| !others.contains(item));
        rest.cloned().collect::<Vec<_>>().join("; ")
    };
    let (gone, come) = (without(was, is), without(is, was));
    match (come.as_str(), gone.as_str()) {
        ("", "") if was == is => None,
        ("", "") => Some(format!("{label}, in another order: {}", is.join("; "))),
        (come, "") => Some(format!("{label} {come}")),
        ("", gone) => Some(format!("no longer {label} {gone}")),
        (come, gone) => Some(format!("{label} {come}, no longer {gone}")),
    }
}

fn former_ids(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    for id in &was.former_ids {
        if !is.former_ids.contains(id) && is.id != *id {
            let text = format!("the former id {id} is gone");
            changes.add("former_ids", Impact::Major, text);
        }
    }
    for id in &is.former_ids {
        if !was.former_ids.contains(id) && was.id != *id {
            changes.add("former_ids", Impact::Minor, format!("new former id {id}"));
        }
    }
}

fn phrase(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let text = match (&was.phrase, &is.phrase) {
        (was, is) if was == is => return,
        (None, None) => return,
        (None, Some(new)) => format!("phrase '{new}', where there was none"),
        (Some(old), None) => format!("the phrase '{old}' is gone"),
        (Some(old), Some(new)) => {
            let kept = is
                .former_phrases
                .iter()
                .find(|former| former.phrase == *old);
            let by = kept.and_then(|former| former.replaced_by.clone());
            let by = by.or_else(|| is.references.first().map(|by| by.document().to_string()));
            let by = by.map_or(String::new(), |by| format!(" ({by})"));
            let fate = if kept.is_some() {
                "the former one stays as an alias"
            } else {
                "the former one is gone"
            };
            format!("phrase '{old}' → '{new}'{by}; {fate}")
        }
    };
    changes.add("phrase", Impact::Minor, text);
}

fn former_phrases(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let find = |list: &[FormerPhrase], phrase: &str| {
        list.iter().find(|former| former.phrase == phrase).cloned()
    };
    let mut text = None;
    for old in &was.former_phrases {
        match find(&is.former_phrases, &old.phrase) {
            None if is.phrase.as_ref() == Some(&old.phrase) => {}
            None => changes.add(
                "former_phrases",
                Impact::Minor,
                format!("no longer known as '{}'", old.phrase),
            ),
            Some(new) if new != *old => changes.add(
                "former_phrases",
                Impact::Patch,
                format!("'{}' is now said to be {}", old.phrase, users(&new)),
            ),
            Some(_) => {}
        }
    }
    for new in &is.former_phrases {
        if find(&was.former_phrases, &new.phrase).is_none()
            && was.phrase.as_ref() != Some(&new.phrase)
        {
            text = Some(format!("formerly '{}', {}", new.phrase, users(new)));
            changes.add(
                "former_phrases",
                Impact::Minor,
                text.clone().unwrap_or_default(),
            );
        }
    }
    let phrases = |list: &[FormerPhrase]| {
        let phrases = list.iter().map(|former| former.phrase.clone());
        phrases.collect::<BTreeSet<_>>()
    };
    let same = phrases(&was.former_phrases) == phrases(&is.former_phrases);
    let order = |list: &[FormerPhrase]| {
        let phrases = list.iter().map(|former| former.phrase.clone());
        phrases.collect::<Vec<_>>()
    };
    if text.is_none() && same && order(&was.former_phrases) != order(&is.former_phrases) {
        let text = format!(
            "former phrases in another order: {}",
            order(&is.former_phrases).join("; ")
        );
        changes.add("former_phrases", Impact::Patch, text);
    }
}

fn users(former: &FormerPhrase) -> String {
    match &former.replaced_by {
        Some(by) => format!("used by {}, replaced by {by}", former.used_by),
        None => format!("used by {}", former.used_by),
    }
}

fn registration(was: &Registration, is: &Registration, changes: &mut Changes) {
    if was == is {
        return;
    }
    let text = match (was, is) {
        (Registration::Temporary { expires, .. }, Registration::Unregistered) => {
            format!("temporary registration expired {expires}")
        }
        (Registration::Temporary { expires: old, .. }, Registration::Temporary { expires, .. })
            if old != expires =>
        {
            format!("temporary registration now runs until {expires}, before until {old}")
        }
        (was, is) => format!("registration {was} → {is}"),
    };
    changes.add("registration", Impact::Minor, text);
}

fn texts(
    field: &'static str,
    label: &str,
    was: &BTreeMap<String, String>,
    is: &BTreeMap<String, String>,
    changes: &mut Changes,
) {
    let short = field == "names";
    for (language, old) in was {
        match is.get(language) {
            None => changes.add(
                field,
                Impact::Minor,
                format!("no {label} in {language} any more"),
            ),
            Some(new) if new != old && short => changes.add(
                field,
                Impact::Patch,
                format!("{label} in {language} '{old}' → '{new}'"),
            ),
            Some(new) if new != old => changes.add(
                field,
                Impact::Patch,
                format!("{label} in {language} reworded"),
            ),
            Some(_) => {}
        }
    }
    for language in is.keys().filter(|language| !was.contains_key(*language)) {
        let text = format!("new {label} in {language}");
        changes.add(field, Impact::Minor, text);
    }
}

fn variants(
    field: &'static str,
    label: &str,
    was: &[Variant],
    is: &[Variant],
    changes: &mut Changes,
) {
    let values = |list: &[Variant]| {
        let values = list.iter().map(|variant| format!("'{}'", variant.value));
        values.collect::<Vec<_>>()
    };
    if let Some(text) = list(label, &values(was), &values(is)) {
        changes.add(field, Impact::Patch, text);
    } else if was != is {
        let values = values(is).join("; ");
        changes.add(
            field,
            Impact::Patch,
            format!("{label} {values}, in other places"),
        );
    }
}

fn name_variants(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let languages: BTreeSet<&String> = was
        .name_variants
        .keys()
        .chain(is.name_variants.keys())
        .collect();
    for language in languages {
        let of = |meaning: &MeaningEntry| meaning.name_variants.get(language).cloned();
        variants(
            "name_variants",
            &format!("also called in {language}"),
            &of(was).unwrap_or_default(),
            &of(is).unwrap_or_default(),
            changes,
        );
    }
}

fn history(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    if was.history != is.history {
        let copies = is.history.len();
        let text = match copies {
            0 => "no history in copies of IANA's registry any more".to_owned(),
            _ => format!("history as {copies} copies of IANA's registry tell it"),
        };
        changes.add("history", Impact::Patch, text);
    }
}

fn semantics(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let answers = was.semantics.told().into_iter().zip(is.semantics.told());
    let mut changed = false;
    for ((question, old), (_, new)) in answers {
        if old != new {
            changed = true;
            let told = |answer: Option<String>| answer.unwrap_or_else(|| "not said".to_owned());
            let text = format!("{question}: {} → {}", told(old), told(new));
            changes.add("semantics", Impact::Minor, text);
        }
    }
    if !changed && was.semantics != is.semantics {
        let text = "semantics: the same, from other sections or in other words";
        changes.add("semantics", Impact::Patch, text);
    }
}

fn claims(was: &[ClaimRef], is: &[ClaimRef], changes: &mut Changes) {
    let sources = |claims: &[ClaimRef]| {
        let sources: BTreeSet<String> = claims
            .iter()
            .map(|claim| claim.place.source.clone())
            .collect();
        sources.into_iter().collect::<Vec<_>>()
    };
    if let Some(text) = list("supported by", &sources(was), &sources(is)) {
        changes.add("claims", Impact::Patch, text);
    } else if was != is {
        let differ = is.iter().filter(|claim| !was.contains(claim));
        let differ = differ.chain(was.iter().filter(|claim| !is.contains(claim)));
        let sources: BTreeSet<&str> = differ.map(|claim| claim.place.source.as_str()).collect();
        let sources: Vec<&str> = sources.into_iter().collect();
        let text = format!(
            "supported by the same sources, in another place or way: {}",
            sources.join(", ")
        );
        changes.add("claims", Impact::Patch, text);
    }
}

/// A source that was there before.
pub fn source(was: &SourceEntry, is: &SourceEntry, changes: &mut Changes) {
    if was == is {
        return;
    }
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let date = |date: Option<crate::model::Date>| date.map(|date| date.to_string());
    let fields = [
        ("title", Some(was.title.clone()), Some(is.title.clone())),
        ("author", was.author.clone(), is.author.clone()),
        ("date", date(was.date), date(is.date)),
        (
            "authority",
            Some(was.authority.as_str().to_owned()),
            Some(is.authority.as_str().to_owned()),
        ),
        (
            "languages",
            Some(was.languages.join(", ")),
            Some(is.languages.join(", ")),
        ),
        (
            "licence",
            Some(was.licence.clone()),
            Some(is.licence.clone()),
        ),
        ("url", was.url.clone(), is.url.clone()),
        ("retrieved", date(was.retrieved), date(is.retrieved)),
        (
            "rfc",
            was.rfc.map(|rfc| rfc.to_string()),
            is.rfc.map(|rfc| rfc.to_string()),
        ),
    ];
    let changed = fields.iter().filter(|(_, old, new)| old != new);
    let mut texts: Vec<String> = changed
        .map(|(field, old, new)| format!("{field} {} → {}", shown(old), shown(new)))
        .collect();
    if was.sha256 != is.sha256 {
        texts.push("another document".to_owned());
    }
    let text = format!("source {}: {}", is.id, texts.join("; "));
    changes.add("sources", Impact::Patch, text);
}

/// A conflict that was there before.
pub fn conflict(was: &Conflict, is: &Conflict, changes: &mut Changes) {
    if was == is {
        return;
    }
    let values = |conflict: &Conflict| {
        let values = conflict.sides.iter().map(|side| side.value.clone());
        values.collect::<Vec<_>>()
    };
    let text = if was.outcome != is.outcome {
        format!("conflict {}: {}", is.id, is.outcome)
    } else if was.settled_by != is.settled_by {
        format!(
            "conflict {} is settled by {}, no longer by {}",
            is.id, is.settled_by, was.settled_by
        )
    } else if let Some(text) = list("between", &values(was), &values(is)) {
        format!("conflict {}: {text}", is.id)
    } else if was.reason != is.reason {
        format!("conflict {}: another reason: {}", is.id, is.reason)
    } else {
        format!("conflict {}: other claims on its sides", is.id)
    };
    changes.add("conflicts", Impact::Patch, text);
}
