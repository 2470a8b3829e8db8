//! The words for what changed in what a meaning states.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Changes, Impact};
use super::provenance;
use crate::model::{FormerPhrase, MeaningEntry, Reference, Registration, text};

/// A meaning that was not there before.
pub fn new_meaning(is: &MeaningEntry, changes: &mut Changes) {
    let kind = match is.registration {
        Registration::Unregistered => is.origin.to_string(),
        _ => is.registration.state().to_owned(),
    };
    let title = is.phrase.as_ref();
    let title = title.map_or(String::new(), |phrase| format!(" ({phrase})"));
    let from = is.claims.first();
    let from = from.map_or(String::new(), |claim| format!(", from {}", claim.place));
    let text = format!("new {kind} meaning {}{title}{from}", is.id);
    changes.add("meanings", Impact::Minor, text);
}

/// A meaning that was there before, but is one with another of those now.
pub fn merged(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let text = format!(
        "the meaning {} is one with {} now; its id still leads there",
        was.id, is.id
    );
    let change = changes.add("former_ids", Impact::Minor, text);
    change.because("former_ids in registry/meanings");
    let former = |meaning: &MeaningEntry| -> Vec<String> {
        let former = meaning.former_phrases.iter();
        let former = former.map(|former| former.phrase.clone());
        meaning.phrase.iter().cloned().chain(former).collect()
    };
    let kept: BTreeSet<String> = former(is).into_iter().collect();
    for phrase in former(was) {
        if !kept.contains(&phrase) {
            let text = format!("no longer known as '{phrase}'");
            changes.add("former_phrases", Impact::Major, text);
        }
    }
}

/// A meaning that was there before, beside others with these ids.
pub fn meaning(
    was: &MeaningEntry,
    is: &MeaningEntry,
    beside: &BTreeSet<&str>,
    changes: &mut Changes,
) {
    ids(was, is, beside, changes);
    phrase(was, is, changes);
    former_phrases(was, is, changes);
    texts("names", "name", &was.names, &is.names, changes);
    provenance::all_variants(was, is, changes);
    if was.origin != is.origin {
        let text = format!("origin {} → {}", was.origin, is.origin);
        changes.add("origin", Impact::Minor, text);
    }
    registration(&was.registration, &is.registration, changes);
    provenance::history(&was.history, &is.history, changes);
    references(was, is, changes);
    semantics(was, is, changes);
    texts("summary", "summary", &was.summary, &is.summary, changes);
    provenance::claims(&was.claims, &is.claims, changes);
}

/// What of a list is not in another one. What is there twice is left once if it is there once in the other.
pub fn without<'l, T: Ord>(list: &'l [T], others: &[T]) -> Vec<&'l T> {
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    for other in others {
        *counts.entry(other).or_default() += 1;
    }
    let is_left = |item: &&T| match counts.get_mut(*item) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    list.iter().filter(is_left).collect()
}

/// Whether those that are in both lists stand in another order.
pub fn reordered<T: Ord>(was: &[T], is: &[T]) -> bool {
    let (before, now) = (BTreeSet::from_iter(was), BTreeSet::from_iter(is));
    let kept = was.iter().filter(|item| now.contains(item));
    kept.ne(is.iter().filter(|item| before.contains(item)))
}

/// What of a list came and went; nothing if it is the same list.
pub fn list(label: &str, was: &[String], is: &[String]) -> Option<String> {
    let joined = |items: Vec<&String>| {
        let items: Vec<&str> = items.into_iter().map(String::as_str).collect();
        items.join("; ")
    };
    let (gone, come) = (joined(without(was, is)), joined(without(is, was)));
    match (come.as_str(), gone.as_str()) {
        ("", "") if was == is => None,
        ("", "") => Some(format!("{label}, in another order: {}", is.join("; "))),
        (come, "") => Some(format!("{label} {come}")),
        ("", gone) => Some(format!("no longer {label} {gone}")),
        (come, gone) => Some(format!("{label} {come}, no longer {gone}")),
    }
}

fn ids(was: &MeaningEntry, is: &MeaningEntry, beside: &BTreeSet<&str>, changes: &mut Changes) {
    let written = "former_ids in registry/meanings".to_owned();
    if was.id != is.id {
        let text = format!(
            "the id {} is now {}; the former one still leads to it",
            was.id, is.id
        );
        changes.add("id", Impact::Minor, text).because(&written);
    }
    let now: BTreeSet<&String> = is.former_ids.iter().collect();
    for id in &was.former_ids {
        if !now.contains(id) && is.id != *id {
            let text = format!("the former id {id} leads to it no more");
            let change = changes.add("former_ids", Impact::Major, text);
            change.because(&written).removing(format!("id {id}"));
        }
    }
    let told: BTreeSet<&String> = was.former_ids.iter().chain([&was.id]).collect();
    let is_new = |id: &&String| !told.contains(id) && !beside.contains(id.as_str());
    for id in is.former_ids.iter().filter(is_new) {
        let change = changes.add("former_ids", Impact::Minor, format!("new former id {id}"));
        change.because(&written);
    }
    let kept = is.former_ids.iter().filter(|id| told.contains(id));
    let before = was.former_ids.iter().filter(|id| now.contains(id));
    if was.id == is.id && kept.ne(before) {
        let change = changes.add("former_ids", Impact::Patch, "former ids in another order");
        change.because(&written);
    }
}

fn phrase(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let same = |a: &str, b: &str| text::normalize(a) == text::normalize(b);
    let (impact, text) = match (&was.phrase, &is.phrase) {
        (was, is) if was == is => return,
        (None, None) => return,
        (None, Some(new)) => (
            Impact::Minor,
            format!("phrase '{new}', where there was none"),
        ),
        (Some(old), Some(new)) if same(old, new) => (
            Impact::Minor,
            format!("phrase '{old}' is now written '{new}'"),
        ),
        (Some(old), new) => {
            let kept = is
                .former_phrases
                .iter()
                .any(|former| same(&former.phrase, old));
            let (impact, fate) = if kept {
                (Impact::Minor, "the former one stays as an alias")
            } else {
                (Impact::Major, "the former one is gone")
            };
            match new {
                Some(new) => {
                    // The latest former phrase tells who brought the new one.
                    let latest = is.former_phrases.first().filter(|_| kept);
                    let by = latest.and_then(|former| former.replaced_by.as_ref());
                    let by = by.map_or(String::new(), |by| format!(" ({by})"));
                    (impact, format!("phrase '{old}' → '{new}'{by}; {fate}"))
                }
                None => (Impact::Major, format!("no phrase any more; it was '{old}'")),
            }
        }
    };
    changes.add("phrase", impact, text);
}

fn former_phrases(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let field = "former_phrases";
    fn by_phrase(meaning: &MeaningEntry) -> BTreeMap<&str, &FormerPhrase> {
        let former = meaning.former_phrases.iter();
        former
            .map(|former| (former.phrase.as_str(), former))
            .collect()
    }
    let (before, now) = (by_phrase(was), by_phrase(is));
    let same = |phrase: &Option<String>, other: &str| {
        let phrase = phrase.as_deref().map(text::normalize);
        phrase.is_some_and(|phrase| phrase == text::normalize(other))
    };
    for old in &was.former_phrases {
        let text = match now.get(old.phrase.as_str()) {
            None if same(&is.phrase, &old.phrase) => continue,
            None => {
                let text = format!("no longer known as '{}'", old.phrase);
                changes.add(field, Impact::Major, text);
                continue;
            }
            Some(new) if *new == old => continue,
            Some(new) => format!("'{}' is now said to be {}", old.phrase, users(new)),
        };
        changes.add(field, Impact::Patch, text);
    }
    for new in &is.former_phrases {
        // That the phrase in force became a former one is told with the new phrase.
        if !before.contains_key(new.phrase.as_str()) && !same(&was.phrase, &new.phrase) {
            let text = format!("formerly '{}', {}", new.phrase, users(new));
            changes.add(field, Impact::Minor, text);
        }
    }
    let phrases = |meaning: &MeaningEntry| -> Vec<String> {
        let former = meaning.former_phrases.iter();
        former.map(|former| former.phrase.clone()).collect()
    };
    if reordered(&phrases(was), &phrases(is)) {
        let phrases = phrases(is).join("; ");
        let text = format!("the former phrases in another order: {phrases}");
        changes.add(field, Impact::Patch, text);
    }
}

fn users(former: &FormerPhrase) -> String {
    match &former.replaced_by {
        Some(by) => format!("used by {}, replaced by {by}", former.used_by),
        None => format!("used by {}", former.used_by),
    }
}

fn registration(was: &Registration, is: &Registration, changes: &mut Changes) {
    use Registration::{Registered, Temporary, Unregistered};
    if was == is {
        return;
    }
    let text = match (was, is) {
        (Temporary { expires, .. }, Unregistered) if *expires <= changes.today => {
            format!("temporary registration expired {expires}")
        }
        (Temporary { expires, .. }, Unregistered) => {
            format!("temporary registration is gone, before it was to expire {expires}")
        }
        (Temporary { expires, .. }, Registered) => {
            format!("registered for good; the temporary registration was to expire {expires}")
        }
        (
            Temporary { expires: old, .. },
            Temporary {
                extended, expires, ..
            },
        ) if old < expires => {
            let on = extended.map_or(String::new(), |day| format!(" on {day}"));
            format!("temporary registration extended{on}: expires {expires}, no longer {old}")
        }
        (
            _,
            Temporary {
                registered,
                expires,
                ..
            },
        ) if was.state() != is.state() => {
            format!("registered for a time: since {registered}, expires {expires}")
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
    for (language, old) in was {
        match is.get(language) {
            None => {
                let text = format!("no {label} in {language} any more");
                changes.add(field, Impact::Major, text);
            }
            Some(new) if new != old => {
                // Names are short enough to be shown.
                let text = match field {
                    "names" => format!("{label} in {language} '{old}' → '{new}'"),
                    _ => format!("{label} in {language} reworded"),
                };
                changes.add(field, Impact::Patch, text);
            }
            Some(_) => {}
        }
    }
    for (language, new) in is
        .iter()
        .filter(|(language, _)| !was.contains_key(*language))
    {
        let text = match field {
            "names" => format!("new {label} in {language} '{new}'"),
            _ => format!("new {label} in {language}"),
        };
        changes.add(field, Impact::Minor, text);
    }
}

fn references(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let titles = |list: &[Reference]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut field = |field, label: &str, old: &[Reference], new: &[Reference]| {
        let impact = match new.is_empty() {
            true => Impact::Major,
            false => Impact::Minor,
        };
        if let Some(text) = list(label, &titles(old), &titles(new)) {
            changes.add(field, impact, text);
        } else if old != new {
            let moved = without(new, old).into_iter();
            let moved = moved.map(|reference| format!("{reference} at {}", reference.url()));
            let text = format!("{label} {}", moved.collect::<Vec<_>>().join("; "));
            changes.add(field, Impact::Patch, text);
        }
    };
    field("references", "defined by", &was.references, &is.references);
    // That what defined it until now is a former one now needs no telling.
    let (current, former) = (
        BTreeSet::from_iter(&was.references),
        BTreeSet::from_iter(&was.former_references),
    );
    let replaced = |new: &&Reference| current.contains(new) && !former.contains(new);
    let replaced = is.former_references.iter().filter(replaced);
    let before: Vec<Reference> = replaced.chain(&was.former_references).cloned().collect();
    field(
        "former_references",
        "formerly defined by",
        &before,
        &is.former_references,
    );
}

/// Whether a field is a question that the standards answer.
pub fn is_question(field: &str) -> bool {
    let questions = crate::model::Semantics::default().told();
    questions.iter().any(|(question, _)| *question == field)
}

fn semantics(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let answers = was.semantics.told().into_iter().zip(is.semantics.told());
    let mut changed = false;
    for ((question, old), (_, new)) in answers.filter(|((_, old), (_, new))| old != new) {
        changed = true;
        let impact = match new {
            Some(_) => Impact::Minor,
            None => Impact::Major,
        };
        let told = |answer: Option<String>| answer.unwrap_or_else(|| "not said".to_owned());
        let text = format!("{question}: {} → {}", told(old), told(new));
        changes.add(question, impact, text);
    }
    if !changed && was.semantics != is.semantics {
        let text = "semantics: the same answers, with references or words that differ";
        let cause = is
            .semantics
            .references()
            .into_iter()
            .map(ToString::to_string);
        let cause = cause.collect::<Vec<_>>().join("; ");
        changes.add("semantics", Impact::Patch, text).because(cause);
    }
}
