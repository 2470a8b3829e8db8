use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::{
    Authority, Class, Date, Kind, MeaningEntry, Origin, Place, Registration, Registry, Settlement,
};

/// How much there is of everything in a registry: the one way in which it is counted.
///
/// Of what has a fixed set of values, such as classes, all are there, also with none of them; of
/// everything else, such as vendors, only what occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// The version of the data.
    pub version: String,
    /// The date of the data.
    pub date: Date,
    /// The codes that anybody uses.
    pub codes: usize,
    /// Their meanings.
    pub meanings: usize,
    /// Codes and meanings by class.
    pub classes: BTreeMap<Class, ClassStats>,
    /// Meanings by the kind of their origin.
    pub origins: Tally,
    /// The meanings that vendors brought into the world, by vendor.
    pub vendors: BTreeMap<String, usize>,
    /// Meanings by registration.
    pub registrations: Tally,
    /// What each source says, in the order of the registry.
    pub sources: Vec<SourceStats>,
    /// Meanings by the number of the sources that they rest on.
    pub sources_per_meaning: BTreeMap<usize, usize>,
    /// The conflicts; all of them are settled.
    pub conflicts: usize,
    /// Conflicts by kind and by what settled them.
    pub kinds: BTreeMap<Kind, KindStats>,
    /// How many meanings have a name and a summary in each language, by BCP 47 tag.
    pub languages: BTreeMap<String, LanguageStats>,
}

/// What there is in a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassStats {
    /// The codes that anybody uses.
    pub codes: usize,
    /// Their meanings.
    pub meanings: usize,
    /// These by the kind of their origin.
    pub origins: Tally,
    /// These by registration.
    pub registrations: Tally,
}

/// What a source says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceStats {
    /// Its id.
    pub id: String,
    /// How much its word weighs.
    pub authority: Authority,
    /// Its claims on which meanings rest; one of an RFC is counted for each.
    pub claims: usize,
    /// Its claims that nobody uses some codes.
    pub unassigned: usize,
    /// The meanings that rest on it.
    pub meanings: usize,
    /// The ids of those of them that rest on nothing else.
    pub alone: Vec<String>,
    /// The conflicts in which it says something.
    pub conflicts: usize,
}

/// The conflicts of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KindStats {
    /// All of them.
    pub conflicts: usize,
    /// Those that decisions settled.
    pub by_decision: usize,
    /// Those that rules settled, by the rule's id.
    pub by_rule: BTreeMap<String, usize>,
}

/// What there is in a language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LanguageStats {
    /// The meanings with a name in it; in English that is the reason phrase.
    pub names: usize,
    /// The meanings with a summary in it.
    pub summaries: usize,
}

/// How many there are of each of a fixed set of values, in the order of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally(Vec<(&'static str, usize)>);

impl Tally {
    fn new(values: &[&'static str], found: impl Iterator<Item = &'static str>) -> Self {
        let found: Vec<&str> = found.collect();
        let count = |value: &str| found.iter().filter(|own| **own == value).count();
        Self(values.iter().map(|value| (*value, count(value))).collect())
    }

    /// Each value and how many there are.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.0.iter().copied()
    }
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Stats {
    /// Counts what is in a registry.
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        let meanings: Vec<&MeaningEntry> = meanings(registry).collect();
        let vendors = meanings.iter().filter_map(|own| own.origin.vendor());
        let per_meaning = meanings.iter().map(|own| sources_of(own).len());
        Self {
            version: registry.version.clone(),
            date: registry.date,
            codes: registry.codes.len(),
            meanings: meanings.len(),
            classes: Class::ALL
                .map(|class| (class, in_class(registry, class)))
                .into(),
            origins: origins(&meanings),
            vendors: count(vendors.map(str::to_owned)),
            registrations: registrations(&meanings),
            sources: sources(registry, &meanings),
            sources_per_meaning: count(per_meaning),
            conflicts: registry.conflicts.len(),
            kinds: Kind::ALL.map(|kind| (kind, of_kind(registry, kind))).into(),
            languages: languages(&meanings),
        }
    }

    /// The claims on which meanings rest.
    #[must_use]
    pub fn claims(&self) -> usize {
        self.sources.iter().map(|source| source.claims).sum()
    }

    /// The claims that nobody uses some codes.
    #[must_use]
    pub fn unassigned(&self) -> usize {
        self.sources.iter().map(|source| source.unassigned).sum()
    }
}

fn meanings(registry: &Registry) -> impl Iterator<Item = &MeaningEntry> {
    registry.codes.iter().flat_map(|code| &code.meanings)
}

fn count<T: Ord>(found: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    for value in found {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

fn origins(meanings: &[&MeaningEntry]) -> Tally {
    Tally::new(&Origin::KINDS, meanings.iter().map(|own| own.origin.kind()))
}

fn registrations(meanings: &[&MeaningEntry]) -> Tally {
    let found = meanings.iter().map(|own| own.registration.state());
    Tally::new(&Registration::STATES, found)
}

fn in_class(registry: &Registry, class: Class) -> ClassStats {
    let codes = || registry.codes.iter().filter(|code| code.class == class);
    let meanings: Vec<&MeaningEntry> = codes().flat_map(|code| &code.meanings).collect();
    ClassStats {
        codes: codes().count(),
        meanings: meanings.len(),
        origins: origins(&meanings),
        registrations: registrations(&meanings),
    }
}

/// The ids of the sources that a meaning rests on.
fn sources_of(meaning: &MeaningEntry) -> BTreeSet<&str> {
    let claims = meaning.claims.iter();
    claims.map(|claim| claim.place.source.as_str()).collect()
}

fn sources(registry: &Registry, meanings: &[&MeaningEntry]) -> Vec<SourceStats> {
    let vacant = registry
        .unassigned
        .iter()
        .chain(&registry.formerly_unassigned);
    let vacant: Vec<&Place> = vacant.flat_map(|range| &range.claims).collect();
    let stats = registry.sources.iter().map(|source| {
        let is_own = |place: &Place| place.source == source.id;
        let claims = meanings.iter().flat_map(|own| &own.claims);
        let resting: Vec<_> = meanings
            .iter()
            .filter(|own| sources_of(own).contains(source.id.as_str()))
            .collect();
        let alone = resting.iter().filter(|own| sources_of(own).len() == 1);
        let conflicts = registry.conflicts.iter().filter(|conflict| {
            let mut places = conflict.sides.iter().flat_map(|side| &side.claims);
            places.any(is_own)
        });
        SourceStats {
            id: source.id.clone(),
            authority: source.authority,
            claims: claims.filter(|claim| is_own(&claim.place)).count(),
            unassigned: vacant.iter().filter(|place| is_own(place)).count(),
            meanings: resting.len(),
            alone: alone.map(|own| own.id.clone()).collect(),
            conflicts: conflicts.count(),
        }
    });
    stats.collect()
}

fn of_kind(registry: &Registry, kind: Kind) -> KindStats {
    let mut stats = KindStats::default();
    let conflicts = registry.conflicts.iter();
    for conflict in conflicts.filter(|conflict| conflict.kind == kind) {
        stats.conflicts += 1;
        match &conflict.settled_by {
            Settlement::Decision { .. } => stats.by_decision += 1,
            Settlement::Rule { rule } => *stats.by_rule.entry(rule.clone()).or_default() += 1,
        }
    }
    stats
}

fn languages(meanings: &[&MeaningEntry]) -> BTreeMap<String, LanguageStats> {
    let mut languages: BTreeMap<String, LanguageStats> = BTreeMap::new();
    for meaning in meanings {
        let phrase = meaning.phrase.as_ref().map(|_| "en");
        let named = meaning.names.keys().map(String::as_str).chain(phrase);
        for language in named.collect::<BTreeSet<_>>() {
            languages.entry(language.to_owned()).or_default().names += 1;
        }
        for language in meaning.summary.keys() {
            languages.entry(language.clone()).or_default().summaries += 1;
        }
    }
    languages
}
