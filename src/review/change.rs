//! What a change is, and what it asks of the version number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::explain::Explainer;
use super::sentences;
use crate::model::{Code, CodeEntry, Date, MeaningEntry, Place, Registry, version_numbers};

/// What a change asks of the version number.
///
/// | impact | what it is for |
/// | --- | --- |
/// | major | an id, a constant, a column, a file or a phrase leads nowhere any more or elsewhere; a field that had a value has none; another licence |
/// | minor | something is added; a phrase, id, origin, registration, reference or answer changes, and what led to it still does |
/// | patch | wording, translations, and who says so, even if nobody does any more: claims, variants, history, conflicts, sources, codes once unassigned |
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
    /// What it is about, as sentences name it: the code, or the meaning where a code has several.
    #[serde(skip)]
    pub subject: Option<String>,
    /// The code that it is about, unless it is about the registry as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The id of the meaning that it is about, unless it is about the code as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// The field of the full export that changed.
    pub field: &'static str,
    /// The export that it is about, if it is about the form of one.
    #[serde(skip)]
    pub export: Option<String>,
    /// What it asks of the version number.
    pub impact: Impact,
    /// What changed, in words.
    pub text: String,
    /// What it comes from: what the new value rests on, or why the old one is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The published name that it takes away, as `registry/release.yaml` lists those that were given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removes: Option<String>,
}

impl Change {
    /// A change of the form of an export.
    pub(super) fn of_form(export: &str, impact: Impact, text: impl Into<String>) -> Self {
        Self {
            export: Some(export.to_owned()),
            ..Self::new("exports", impact, text)
        }
    }

    /// A change of the registry as a whole.
    pub(super) fn new(field: &'static str, impact: Impact, text: impl Into<String>) -> Self {
        Self {
            subject: None,
            code: None,
            meaning: None,
            field,
            export: None,
            impact,
            text: text.into(),
            cause: None,
            removes: None,
        }
    }

    /// Says what it comes from.
    pub(super) fn because(&mut self, cause: impl Into<String>) -> &mut Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says which published name it takes away.
    pub(super) fn removing(&mut self, name: impl Into<String>) -> &mut Self {
        self.removes = Some(name.into());
        self
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Some(subject) => write!(f, "{subject}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// The changes as lines, those that say the same of several codes or meanings in one. The cause of each is given
/// if that is asked for.
pub(super) fn lines<'c>(
    changes: impl IntoIterator<Item = &'c Change>,
    with_cause: bool,
) -> Vec<String> {
    let mut groups: Vec<(Vec<&str>, &str, Option<&str>)> = Vec::new();
    let mut places: BTreeMap<(bool, &str, Option<&str>), usize> = BTreeMap::new();
    for change in changes {
        let cause = change.cause.as_deref().filter(|_| with_cause);
        let key = (change.subject.is_some(), change.text.as_str(), cause);
        let place = *places.entry(key).or_insert(groups.len());
        if place == groups.len() {
            groups.push((Vec::new(), &change.text, cause));
        }
        // Changes come by code, so those of one subject come one after the other.
        let subjects = &mut groups[place].0;
        let subject = change.subject.as_deref();
        subjects.extend(subject.filter(|subject| subjects.last() != Some(subject)));
    }
    let line = |(subjects, text, cause): (Vec<&str>, &str, Option<&str>)| {
        let about = match subjects.is_empty() {
            true => String::new(),
            false => format!("{}: ", subjects.join(", ")),
        };
        let cause = cause.map_or(String::new(), |cause| format!(" ({cause})"));
        format!("{about}{text}{cause}")
    };
    groups.into_iter().map(line).collect()
}

/// The version that the changes ask for, after the one that they start from.
///
/// A version that is no three numbers is taken for 0.0.0.
#[must_use]
pub fn next_version(old: &str, changes: &[Change]) -> String {
    let [major, minor, patch] = version_numbers(old).unwrap_or_default();
    let [major, minor, patch] = match changes.iter().map(|change| change.impact).max() {
        Some(Impact::Major) => [major.saturating_add(1), 0, 0],
        Some(Impact::Minor) => [major, minor.saturating_add(1), 0],
        Some(Impact::Patch) => [major, minor, patch.saturating_add(1)],
        None => [major, minor, patch],
    };
    format!("{major}.{minor}.{patch}")
}

/// The changes found so far, and what the next one is about.
pub(super) struct Changes {
    pub list: Vec<Change>,
    code: Option<Code>,
    meaning: Option<String>,
    /// The codes that have several meanings in either registry.
    shared: BTreeSet<Code>,
    /// The day of the new registry.
    pub today: Date,
    /// The sources that came and those that went, by id.
    come: BTreeSet<String>,
    gone: BTreeSet<String>,
}

impl Changes {
    pub fn between(old: &Registry, new: &Registry) -> Self {
        let ids = |registry: &Registry| -> BTreeSet<String> {
            let sources = registry.sources.iter();
            sources.map(|source| source.id.clone()).collect()
        };
        let (was, is) = (ids(old), ids(new));
        let shared = old.codes.iter().chain(&new.codes);
        let shared = shared.filter(|code| code.meanings.len() > 1);
        Self {
            list: Vec::new(),
            code: None,
            meaning: None,
            shared: shared.map(|code| code.code).collect(),
            today: new.date,
            come: is.difference(&was).cloned().collect(),
            gone: was.difference(&is).cloned().collect(),
        }
    }

    pub fn about(&mut self, code: Option<Code>, meaning: Option<&str>) {
        self.code = code;
        self.meaning = meaning.map(str::to_owned);
    }

    /// Adds a change of a field of what the next change is about.
    pub fn add(
        &mut self,
        field: &'static str,
        impact: Impact,
        text: impl Into<String>,
    ) -> &mut Change {
        let text = text.into();
        self.list.push(Change {
            subject: self.code.map(|code| self.subject(code, &text)),
            code: self.code,
            meaning: self.meaning.clone(),
            ..Change::new(field, impact, text)
        });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// What a sentence is about: the code, or the meaning where the code has several and the sentence
    /// does not name it.
    fn subject(&self, code: Code, text: &str) -> String {
        let names = |id: &String| text.split([' ', ',', ';']).any(|word| word == id);
        let meaning = self.meaning.as_ref();
        let meaning = meaning.filter(|id| self.shared.contains(&code) && !names(id));
        meaning.cloned().unwrap_or_else(|| code.to_string())
    }

    /// Which of these sources are gone; nothing if none is.
    pub fn gone_of<'s>(&self, places: impl IntoIterator<Item = &'s Place>) -> Option<String> {
        let sources = places.into_iter().map(|place| &place.source);
        self.cause_in(sources.filter(|source| self.gone.contains(*source)))
    }

    /// Why what these sources say has changed: one of them came or went, or its claims are others now.
    pub fn cause_in<'s>(&self, sources: impl IntoIterator<Item = &'s String>) -> Option<String> {
        let sources: BTreeSet<&String> = sources.into_iter().collect();
        let those = |label: &str, holds: &dyn Fn(&String) -> bool| {
            let those = sources.iter().filter(|id| holds(id));
            let those: Vec<&str> = those.map(|id| id.as_str()).collect();
            (!those.is_empty()).then(|| format!("{label} {}", those.join(", ")))
        };
        let causes = [
            those("new source", &|id| self.come.contains(id)),
            those("gone source", &|id| self.gone.contains(id)),
            those("other claims of", &|id| {
                !self.come.contains(id) && !self.gone.contains(id)
            }),
        ];
        let causes: Vec<String> = causes.into_iter().flatten().collect();
        (!causes.is_empty()).then(|| causes.join("; "))
    }

    /// Says of each change of a meaning that has no cause yet where its new value comes from.
    pub fn explain(
        &mut self,
        from: usize,
        explainer: &Explainer<'_>,
        code: &CodeEntry,
        meaning: &MeaningEntry,
    ) {
        let unexplained = self.list[from..]
            .iter_mut()
            .filter(|change| change.cause.is_none());
        let mut unexplained = unexplained.peekable();
        if unexplained.peek().is_none() {
            return;
        }
        let explained = explainer.explain(code, meaning);
        for change in unexplained {
            let field = match change.field {
                "meanings" => "meaning",
                field => field,
            };
            let found = explained.iter().find(|explained| explained.field == field);
            change.cause = found.map(|found| match found.said_by.is_empty() {
                false if sentences::is_question(field) => {
                    let places = found.said_by.iter().map(ToString::to_string);
                    places.collect::<Vec<_>>().join(", ")
                }
                _ => found.from.clone(),
            });
        }
    }
}
