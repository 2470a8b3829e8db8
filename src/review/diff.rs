//! What changed between two registries, as sentences, each sized by what it breaks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::sentences;
use crate::export::constants;
use crate::model::{Code, CodeEntry, MeaningEntry, Registry};

/// What a change asks of the version number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// Wording, translations, provenance.
    Patch,
    /// Something is added, or a statement changes.
    Minor,
    /// An id or a constant goes away, or stands for something else.
    Major,
}

impl Impact {
    /// All of them, the gravest first.
    pub const ALL: [Self; 3] = [Self::Major, Self::Minor, Self::Patch];
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The code that it is about, unless it is about the registry as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The id of the meaning that it is about, unless it is about the code as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// The field of the full export that changed.
    pub field: &'static str,
    /// What it asks of the version number.
    pub impact: Impact,
    /// What changed, in words.
    pub text: String,
    /// What the new value rests on, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// Everything that changed, by code and then in the order of the export's fields. Nothing changed
/// exactly if the registries are equal but for their versions and dates.
#[must_use]
pub fn diff(old: &Registry, new: &Registry) -> Vec<Change> {
    let mut changes = Changes::default();
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
    for change in &mut changes {
        change.cause = cause(change, new);
    }
    // The sort is stable: of each code, the order of the fields is kept.
    changes.sort_by_key(|change| change.code);
    changes
}

/// The version that the changes ask for, after the one that they start from.
///
/// A version that is no three numbers is taken for 0.0.0.
#[must_use]
pub fn next_version(old: &str, changes: &[Change]) -> String {
    let mut numbers = old.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let (major, minor, patch) = (next(), next(), next());
    let (major, minor, patch) = match changes.iter().map(|change| change.impact).max() {
        Some(Impact::Major) => (major + 1, 0, 0),
        Some(Impact::Minor) => (major, minor + 1, 0),
        Some(Impact::Patch) => (major, minor, patch + 1),
        None => (major, minor, patch),
    };
    format!("{major}.{minor}.{patch}")
}

/// The changes found so far, and what the next one is about.
#[derive(Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    code: Option<Code>,
    meaning: Option<String>,
}

impl Changes {
    fn about(&mut self, code: Option<Code>, meaning: Option<&str>) {
        self.code = code;
        self.meaning = meaning.map(str::to_owned);
    }

    /// Adds a change of a field of what the next change is about.
    pub fn add(&mut self, field: &'static str, impact: Impact, text: impl Into<String>) {
        self.list.push(Change {
            code: self.code,
            meaning: self.meaning.clone(),
            field,
            impact,
            text: text.into(),
            cause: None,
        });
    }
}

/// What the new value of a field rests on.
fn cause(change: &Change, new: &Registry) -> Option<String> {
    let code = new
        .codes
        .iter()
        .find(|entry| Some(entry.code) == change.code);
    let mut meanings = code.into_iter().flat_map(|code| &code.meanings);
    let meaning = meanings.find(|meaning| change.meaning.as_ref() == Some(&meaning.id));
    match (code, meaning) {
        (Some(code), Some(meaning)) => {
            let question = change.text.split(':').next();
            let mut explained = super::explain(new, code, meaning).into_iter();
            let explained = explained.find(|explained| {
                explained.field == change.field
                    || (change.field == "semantics" && Some(explained.field) == question)
            })?;
            let said_by: Vec<String> = explained.said_by.iter().map(ToString::to_string).collect();
            Some(match (change.field, said_by.is_empty()) {
                ("semantics", false) => said_by.join(", "),
                _ => explained.from,
            })
        }
        _ if change.field == "conflicts" => {
            let about = |id: &str| change.text.contains(&format!("conflict {id}"));
            let mut conflicts = new.conflicts.iter();
            let conflict = conflicts.find(|conflict| about(&conflict.id))?;
            Some(conflict.settled_by.to_string())
        }
        _ => None,
    }
}

fn sources(old: &Registry, new: &Registry, changes: &mut Changes) {
    let by_id = |registry: &Registry| -> BTreeMap<String, crate::model::SourceEntry> {
        let sources = registry.sources.iter();
        sources
            .map(|source| (source.id.clone(), source.clone()))
            .collect()
    };
    let (old, new) = (by_id(old), by_id(new));
    for (id, was) in &old {
        match new.get(id) {
            None => changes.add(
                "sources",
                Impact::Patch,
                format!("the source {id} is gone: {}", was.title),
            ),
            Some(is) => sentences::source(was, is, changes),
        }
    }
    for (id, is) in new.iter().filter(|(id, _)| !old.contains_key(*id)) {
        let text = format!("new source {id}: {}", is.title);
        changes.add("sources", Impact::Patch, text);
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
        changes.about(Some(code), None);
        let of = |registry: &Registry| -> Vec<MeaningEntry> {
            let mut entries = registry.codes.iter();
            let entry: Option<&CodeEntry> = entries.find(|entry| entry.code == code);
            entry
                .map(|entry| entry.meanings.clone())
                .unwrap_or_default()
        };
        meanings(code, &of(old), &of(new), changes);
        changes.about(Some(code), None);
        for (name, _) in old_names.iter().filter(|(_, own)| **own == u16::from(code)) {
            match new_names.get(name) {
                Some(is) if *is == u16::from(code) => {}
                Some(is) => {
                    let text = format!("the constant {name} now stands for {is}");
                    changes.add("constants", Impact::Major, text);
                }
                None => {
                    let text = format!("the constant {name} is gone");
                    changes.add("constants", Impact::Major, text);
                }
            }
        }
    }
}

fn meanings(code: Code, old: &[MeaningEntry], new: &[MeaningEntry], changes: &mut Changes) {
    let heir = |was: &MeaningEntry| {
        let same = new.iter().find(|is| is.id == was.id);
        same.or_else(|| new.iter().find(|is| is.former_ids.contains(&was.id)))
    };
    for was in old {
        changes.about(Some(code), Some(&was.id));
        match heir(was) {
            Some(is) => {
                changes.about(Some(code), Some(&is.id));
                sentences::meaning(was, is, changes);
            }
            None => {
                let text = format!("the meaning {} ({}) is gone", was.id, was.title());
                changes.add("meanings", Impact::Major, text);
            }
        }
    }
    let is_new = |is: &&MeaningEntry| {
        let mut heirs = old.iter().filter_map(heir);
        !heirs.any(|heir| heir.id == is.id)
    };
    for is in new.iter().filter(is_new) {
        changes.about(Some(code), Some(&is.id));
        sentences::new_meaning(is, changes);
    }
    // Which one comes first is what a program that knows one meaning per code shows.
    let order = |meanings: &[MeaningEntry], kept: &[MeaningEntry]| -> Vec<String> {
        let ids = meanings.iter().map(|meaning| meaning.id.clone());
        ids.filter(|id| kept.iter().any(|other| other.id == *id))
            .collect()
    };
    let (was, is) = (order(old, new), order(new, old));
    if was != is {
        changes.about(Some(code), None);
        let text = format!("the order of the meanings is now {}", is.join(", "));
        changes.add("meanings", Impact::Minor, text);
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
        let ranges = |list: &[crate::model::Unassigned]| -> Vec<String> {
            let ranges = list.iter();
            ranges
                .map(|range| format!("{}–{}", range.first, range.last))
                .collect()
        };
        let (was, is) = (ranges(old), ranges(new));
        let impact = if field == "unassigned" {
            Impact::Minor
        } else {
            Impact::Patch
        };
        let label = field.replace('_', " ");
        if let Some(text) = sentences::list(&label, &was, &is) {
            changes.add(field, impact, text);
        } else if old != new {
            let text = format!("other claims say what is {label}");
            changes.add(field, Impact::Patch, text);
        }
    }
}

fn conflicts(old: &Registry, new: &Registry, changes: &mut Changes) {
    for was in &old.conflicts {
        changes.about(Some(was.code), None);
        match new.conflicts.iter().find(|is| is.id == was.id) {
            Some(is) => sentences::conflict(was, is, changes),
            None => {
                let text = format!("the conflict {} is gone", was.id);
                changes.add("conflicts", Impact::Patch, text);
            }
        }
    }
    for is in &new.conflicts {
        if !old.conflicts.iter().any(|was| was.id == is.id) {
            changes.about(Some(is.code), None);
            let text = format!("new conflict {}: {}", is.id, is.outcome);
            changes.add("conflicts", Impact::Patch, text);
        }
    }
}
