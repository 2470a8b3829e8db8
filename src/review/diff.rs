//! What changed between two registries, as sentences, each sized by what it breaks.

use std::collections::BTreeSet;

use super::change::{Change, Changes, Impact};
use super::{provenance, sentences};
use crate::export::{constant_names, constants};
use crate::model::{Code, CodeEntry, MeaningEntry, Registry, SourceEntry, Unassigned};

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

/// Whether those that are in both lists stand in another order.
fn reordered<T: PartialEq>(was: &[T], is: &[T]) -> bool {
    let kept = was.iter().filter(|item| is.contains(item));
    kept.ne(is.iter().filter(|item| was.contains(item)))
}

fn sources(old: &Registry, new: &Registry, changes: &mut Changes) {
    let find = |registry: &Registry, id: &str| -> Option<SourceEntry> {
        let mut sources = registry.sources.iter();
        sources.find(|source| source.id == id).cloned()
    };
    let manifest = |id: &str| format!("sources/{id}/source.yaml");
    for was in &old.sources {
        match find(new, &was.id) {
            None => {
                let text = format!("the source {} is gone: {}", was.id, was.title);
                let cause = format!("sources/{} is gone", was.id);
                changes.add("sources", Impact::Patch, text).because(cause);
            }
            Some(is) if *was != is => {
                let text = provenance::source(was, &is);
                let cause = manifest(&is.id);
                changes.add("sources", Impact::Patch, text).because(cause);
            }
            Some(_) => {}
        }
    }
    for is in &new.sources {
        if find(old, &is.id).is_none() {
            let text = format!("new source {}: {}", is.id, is.title);
            let cause = manifest(&is.id);
            changes.add("sources", Impact::Patch, text).because(cause);
        }
    }
    fn ids(registry: &Registry) -> Vec<&str> {
        let sources = registry.sources.iter();
        sources.map(|source| source.id.as_str()).collect()
    }
    if reordered(&ids(old), &ids(new)) {
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
    let (old_names, new_names) = (constants(old), constants(new));
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
        meanings(&entry(old), &entry(new), new, changes);
        changes.about(Some(code), None);
        // A constant follows the phrase and the registration, and goes where they went.
        let follows = ["meanings", "registration", "phrase", "former_phrases"];
        let followed = changes.list[from..].iter();
        let followed = followed.filter(|change| follows.contains(&change.field));
        let followed: Vec<String> = followed.map(|change| change.text.clone()).collect();
        let cause_of = |name: &str| {
            let named = |text: &&String| {
                let mut quoted = text.split('\'').skip(1).step_by(2);
                quoted.any(|phrase| constant_names(phrase).iter().any(|own| own == name))
            };
            followed.iter().find(named).or(followed.first()).cloned()
        };
        for (name, _) in old_names.iter().filter(|(_, own)| **own == u16::from(code)) {
            let change = match new_names.get(name) {
                Some(is) if *is == u16::from(code) => continue,
                Some(is) => {
                    let text = format!("the constant {name} now stands for {is}");
                    changes.add("constants", Impact::Major, text)
                }
                None => {
                    let text = format!("the constant {name} is gone");
                    let change = changes.add("constants", Impact::Major, text);
                    change.removing(format!("constant {name}"))
                }
            };
            change.cause = cause_of(name);
        }
    }
    changes.about(None, None);
    let order = |registry: &Registry| -> Vec<Code> {
        let codes = registry.codes.iter();
        codes.map(|entry| entry.code).collect()
    };
    if reordered(&order(old), &order(new)) {
        changes.add("codes", Impact::Minor, "the codes, in another order");
    }
}

fn meanings(old: &CodeEntry, new: &CodeEntry, registry: &Registry, changes: &mut Changes) {
    let code = Some(new.code);
    changes.about(code, None);
    if old.class != new.class {
        let text = format!("class {} → {}", old.class.as_str(), new.class.as_str());
        changes.add("class", Impact::Major, text);
    }
    let heir = |was: &MeaningEntry| {
        let same = new.meanings.iter().find(|is| is.id == was.id);
        let mut heirs = new.meanings.iter();
        same.or_else(|| heirs.find(|is| is.former_ids.contains(&was.id)))
    };
    let before: Vec<&str> = old.meanings.iter().map(|was| was.id.as_str()).collect();
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
        if was.id != is.id && before.contains(&is.id.as_str()) {
            sentences::merged(was, is, changes);
        } else {
            sentences::meaning(was, is, &before, changes);
        }
        changes.explain(from, registry, new, is);
    }
    let is_new = |is: &&MeaningEntry| {
        let mut heirs = old.meanings.iter().filter_map(heir);
        !heirs.any(|heir| heir.id == is.id)
    };
    for is in new.meanings.iter().filter(is_new) {
        changes.about(code, Some(&is.id));
        let from = changes.list.len();
        sentences::new_meaning(is, changes);
        changes.explain(from, registry, new, is);
    }
    changes.about(code, None);
    // Which one comes first is what a program that knows one meaning per code shows.
    let mut was: Vec<&str> = Vec::new();
    for meaning in &old.meanings {
        let id = heir(meaning).unwrap_or(meaning).id.as_str();
        if !was.contains(&id) {
            was.push(id);
        }
    }
    let is: Vec<&str> = new.meanings.iter().map(|is| is.id.as_str()).collect();
    if reordered(&was, &is) {
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
        let impact = if field == "unassigned" {
            Impact::Minor
        } else {
            Impact::Patch
        };
        let label = field.replace('_', " ");
        let differ = new.iter().filter(|range| !old.contains(range));
        let differ = differ.chain(old.iter().filter(|range| !new.contains(range)));
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
    for was in &old.conflicts {
        if !new.conflicts.iter().any(|is| is.id == was.id) {
            changes.about(Some(was.code), None);
            let places = was.sides.iter().flat_map(|side| &side.claims);
            let gone = changes.list.iter();
            let mut gone = gone
                .filter(|change| change.field == "meanings" && change.impact == Impact::Major)
                .filter(|change| change.code == Some(was.code));
            let meaning = gone.next().map(|change| change.text.clone());
            let cause = changes.gone_of(places).or(meaning);
            let cause = cause.unwrap_or_else(|| "the claims disagree on it no more".to_owned());
            let text = format!("the conflict {} is gone", was.id);
            changes.add("conflicts", Impact::Patch, text).because(cause);
        }
    }
    for is in &new.conflicts {
        changes.about(Some(is.code), None);
        let text = match old.conflicts.iter().find(|was| was.id == is.id) {
            Some(was) if was == is => continue,
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
    if reordered(&ids(old), &ids(new)) {
        changes.add(
            "conflicts",
            Impact::Patch,
            "the conflicts, in another order",
        );
    }
}
