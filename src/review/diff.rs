//! What changed between two registries, as sentences, each sized by what it breaks.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Changes, Impact};
use super::explain::Explainer;
use super::{provenance, sentences};
use crate::export::{constant_names, constants};
use crate::model::{Code, CodeEntry, Conflict, MeaningEntry, Registry, SourceEntry, Unassigned};

/// Everything that changed, by code and then in the order of the export's fields. Nothing changed
/// exactly if the registries are equal but for their versions and dates.
#[must_use]
pub fn diff(old: &Registry, new: &Registry) -> Vec<Change> {
    let mut changes = Changes::between(old, new);
    if old.license != new.license {
        let text = format!("licence {} → {}", old.license, new.license);
        changes.add("license", Impact::Major, text);
    }
    sources(old, new, &mut changes);
    codes(old, new, &mut changes);
    changes.about(None, None);
    ranges(old, new, &mut changes);
    conflicts(old, new, &mut changes);
    let mut changes = changes.list;
    // The sort is stable: of each code, the order of the fields is kept.
    changes.sort_by_key(|change| change.code);
    changes
}

fn sources(old: &Registry, new: &Registry, changes: &mut Changes) {
    fn by_id(registry: &Registry) -> BTreeMap<&str, &SourceEntry> {
        let sources = registry.sources.iter();
        sources.map(|source| (source.id.as_str(), source)).collect()
    }
    let (before, now) = (by_id(old), by_id(new));
    let manifest = |id: &str| format!("sources/{id}/source.yaml");
    for was in &old.sources {
        match now.get(was.id.as_str()) {
            None => {
                let text = format!("the source {} is gone: {}", was.id, was.title);
                let cause = format!("sources/{} is gone", was.id);
                changes.add("sources", Impact::Patch, text).because(cause);
            }
            Some(is) if was != *is => {
                let text = provenance::source(was, is);
                let cause = manifest(&is.id);
                changes.add("sources", Impact::Patch, text).because(cause);
            }
            Some(_) => {}
        }
    }
    for is in &new.sources {
        if !before.contains_key(is.id.as_str()) {
            let text = format!("new source {}: {}", is.id, is.title);
            let cause = manifest(&is.id);
            changes.add("sources", Impact::Patch, text).because(cause);
        }
    }
    fn ids(registry: &Registry) -> Vec<&str> {
        let sources = registry.sources.iter();
        sources.map(|source| source.id.as_str()).collect()
    }
    if sentences::reordered(&ids(old), &ids(new)) {
        let text = format!("the order of the sources is now {}", ids(new).join(", "));
        let change = changes.add("sources", Impact::Patch, text);
        change.because("authority and date in sources/*/source.yaml");
    }
}

fn codes(old: &Registry, new: &Registry, changes: &mut Changes) {
    let codes: BTreeSet<Code> = old
        .codes
        .iter()
        .chain(&new.codes)
        .map(|entry| entry.code)
        .collect();
    let mut old_names: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for (name, code) in constants(old) {
        old_names.entry(code).or_default().push(name);
    }
    let new_names = constants(new);
    let explainer = Explainer::new(new);
    for code in codes {
        let entry = |registry: &Registry| {
            let mut entries = registry.codes.iter();
            let entry = entries.find(|entry| entry.code == code);
            entry.cloned().unwrap_or_else(|| CodeEntry {
                code,
                class: code.class(),
                meanings: Vec::new(),
            })
        };
        let from = changes.list.len();
        meanings(&entry(old), &entry(new), &explainer, changes);
        changes.about(Some(code), None);
        // A constant follows the phrase and the registration, and goes where they went.
        let follows = ["meanings", "registration", "phrase", "former_phrases"];
        let followed = changes.list[from..].iter();
        let followed = followed.filter(|change| follows.contains(&change.field));
        let followed: Vec<String> = followed.map(|change| change.text.clone()).collect();
        let mut naming: BTreeMap<String, &String> = BTreeMap::new();
        for text in &followed {
            let quoted = text.split('\'').skip(1).step_by(2);
            for name in quoted.flat_map(constant_names) {
                naming.entry(name).or_insert(text);
            }
        }
        for name in old_names.remove(&code.into()).unwrap_or_default() {
            let change = match new_names.get(&name) {
                Some(is) if *is == u16::from(code) => continue,
                Some(is) => {
                    let text = format!("the constant {name} now stands for {is}");
                    let change = changes.add("constants", Impact::Major, text);
                    change.removing(format!("constant {name}"))
                }
                None => {
                    let text = format!("the constant {name} is gone");
                    let change = changes.add("constants", Impact::Major, text);
                    change.removing(format!("constant {name}"))
                }
            };
            change.cause = naming.get(&name).copied().or(followed.first()).cloned();
        }
    }
    changes.about(None, None);
    let order = |registry: &Registry| -> Vec<Code> {
        let codes = registry.codes.iter();
        codes.map(|entry| entry.code).collect()
    };
    if sentences::reordered(&order(old), &order(new)) {
        changes.add("codes", Impact::Minor, "the codes, in another order");
    }
}

fn meanings(old: &CodeEntry, new: &CodeEntry, explainer: &Explainer<'_>, changes: &mut Changes) {
    let code = Some(new.code);
    changes.about(code, None);
    if old.class != new.class {
        let text = format!("class {} → {}", old.class.as_str(), new.class.as_str());
        changes.add("class", Impact::Major, text);
    }
    let former = new.meanings.iter().flat_map(|is| {
        let ids = is.former_ids.iter();
        ids.map(move |id| (id.as_str(), is))
    });
    let own = new.meanings.iter().map(|is| (is.id.as_str(), is));
    // An id that a meaning bears goes before those that others bore.
    let heirs: BTreeMap<&str, &MeaningEntry> = former.chain(own).collect();
    let heir = |was: &MeaningEntry| heirs.get(was.id.as_str()).copied();
    let before: BTreeSet<&str> = old.meanings.iter().map(|was| was.id.as_str()).collect();
    for was in &old.meanings {
        let Some(is) = heir(was) else {
            changes.about(code, Some(&was.id));
            let cause = changes.gone_of(was.claims.iter().map(|claim| &claim.place));
            let text = format!("the meaning {} ({}) is gone", was.id, was.title());
            let change = changes.add("meanings", Impact::Major, text);
            change.removing(format!("id {}", was.id)).cause = cause;
            continue;
        };
        changes.about(code, Some(&is.id));
        let from = changes.list.len();
        if was.id != is.id && before.contains(is.id.as_str()) {
            sentences::merged(was, is, changes);
        } else {
            sentences::meaning(was, is, &before, changes);
        }
        changes.explain(from, explainer, new, is);
    }
    let inherited = old.meanings.iter().filter_map(heir);
    let inherited: BTreeSet<&str> = inherited.map(|is| is.id.as_str()).collect();
    let is_new = |is: &&MeaningEntry| !inherited.contains(is.id.as_str());
    for is in new.meanings.iter().filter(is_new) {
        changes.about(code, Some(&is.id));
        let from = changes.list.len();
        sentences::new_meaning(is, changes);
        changes.explain(from, explainer, new, is);
    }
    changes.about(code, None);
    // Which one comes first is what a program that knows one meaning per code shows.
    let mut seen = BTreeSet::new();
    let was = old.meanings.iter();
    let was = was.map(|was| heir(was).unwrap_or(was).id.as_str());
    let was: Vec<&str> = was.filter(|id| seen.insert(*id)).collect();
    let is: Vec<&str> = new.meanings.iter().map(|is| is.id.as_str()).collect();
    if sentences::reordered(&was, &is) {
        let text = format!("the order of the meanings is now {}", is.join(", "));
        let change = changes.add("meanings", Impact::Minor, text);
        change.because("what IANA lists comes first, then the order in registry/meanings");
    }
}

fn ranges(old: &Registry, new: &Registry, changes: &mut Changes) {
    let lists = [
        ("unassigned", &old.unassigned, &new.unassigned),
        (
            "formerly_unassigned",
            &old.formerly_unassigned,
            &new.formerly_unassigned,
        ),
    ];
    for (field, old, new) in lists {
        let ranges = |list: &[Unassigned]| -> Vec<String> {
            let ranges = list.iter().map(|range| match range.first == range.last {
                true => range.first.to_string(),
                false => format!("{}–{}", range.first, range.last),
            });
            ranges.collect()
        };
        let impact = match (field, new.is_empty()) {
            ("unassigned", true) => Impact::Major,
            ("unassigned", false) => Impact::Minor,
            _ => Impact::Patch,
        };
        let label = field.replace('_', " ");
        let differ = sentences::without(new, old).into_iter();
        let differ = differ.chain(sentences::without(old, new));
        let places = differ.flat_map(|range| &range.claims);
        let cause = changes.cause_in(places.map(|place| &place.source));
        let change = if let Some(text) = sentences::list(&label, &ranges(old), &ranges(new)) {
            changes.add(field, impact, text)
        } else if old != new {
            let text = format!("other claims say what is {label}");
            changes.add(field, Impact::Patch, text)
        } else {
            continue;
        };
        change.cause = cause;
    }
}

fn conflicts(old: &Registry, new: &Registry, changes: &mut Changes) {
    fn by_id(registry: &Registry) -> BTreeMap<&str, &Conflict> {
        let conflicts = registry.conflicts.iter();
        conflicts
            .map(|conflict| (conflict.id.as_str(), conflict))
            .collect()
    }
    let (before, now) = (by_id(old), by_id(new));
    let mut lost_meanings: BTreeMap<Option<Code>, String> = BTreeMap::new();
    let lost = changes.list.iter();
    for change in lost.filter(|change| change.field == "meanings" && change.impact == Impact::Major)
    {
        let first = lost_meanings.entry(change.code);
        first.or_insert_with(|| change.text.clone());
    }
    for was in &old.conflicts {
        if !now.contains_key(was.id.as_str()) {
            changes.about(Some(was.code), None);
            let places = was.sides.iter().flat_map(|side| &side.claims);
            let meaning = lost_meanings.get(&Some(was.code)).cloned();
            let cause = changes.gone_of(places).or(meaning);
            let cause = cause.unwrap_or_else(|| "the claims disagree on it no more".to_owned());
            let text = format!("the conflict {} is gone", was.id);
            changes.add("conflicts", Impact::Patch, text).because(cause);
        }
    }
    for is in &new.conflicts {
        changes.about(Some(is.code), None);
        let text = match before.get(is.id.as_str()) {
            Some(was) if *was == is => continue,
            Some(was) => provenance::conflict(was, is),
            None => format!("new conflict {}: {}", is.id, is.outcome),
        };
        let change = changes.add("conflicts", Impact::Patch, text);
        change.because(is.settled_by.to_string());
    }
    changes.about(None, None);
    fn ids(registry: &Registry) -> Vec<&str> {
        let conflicts = registry.conflicts.iter();
        conflicts.map(|conflict| conflict.id.as_str()).collect()
    }
    if sentences::reordered(&ids(old), &ids(new)) {
        changes.add(
            "conflicts",
            Impact::Patch,
            "the conflicts, in another order",
        );
    }
}
