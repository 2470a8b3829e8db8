//! What a mutation touches, and what changed.

use std::collections::{BTreeMap, BTreeSet};

use http_status_registry::model::{
    Claim, CodeEntry, CodeRange, Conflict, Meaning, Place, Registry, SourceEntry, Unassigned, text,
};
use http_status_registry::{source, yaml};
use serde_yaml::Value;

use super::Base;

/// What of a registry is not as it was.
pub struct Changed {
    /// The codes whose entry or conflicts changed.
    pub at_codes: BTreeSet<u16>,
    /// The codes that the ranges of unassigned ones count, and did not, or on the word of others.
    pub of_ranges: BTreeSet<u16>,
    /// The sources whose entry changed.
    pub sources: BTreeSet<String>,
}

pub fn changed(old: &Registry, new: &Registry) -> Changed {
    let mut of_ranges = differing(&by_code(&old.unassigned), &by_code(&new.unassigned));
    of_ranges.extend(differing(
        &by_code(&old.formerly_unassigned),
        &by_code(&new.formerly_unassigned),
    ));
    Changed {
        at_codes: differing(&at_codes(old), &at_codes(new)),
        of_ranges,
        sources: differing(&sources(old), &sources(new))
            .into_iter()
            .collect(),
    }
}

/// The entry of each code, and the conflicts about it.
fn at_codes(registry: &Registry) -> BTreeMap<u16, (Vec<&CodeEntry>, Vec<&Conflict>)> {
    let mut parts: BTreeMap<u16, (Vec<&CodeEntry>, Vec<&Conflict>)> = BTreeMap::new();
    for entry in &registry.codes {
        parts.entry(entry.code.into()).or_default().0.push(entry);
    }
    for conflict in &registry.conflicts {
        parts
            .entry(conflict.code.into())
            .or_default()
            .1
            .push(conflict);
    }
    parts
}

fn sources(registry: &Registry) -> BTreeMap<String, &SourceEntry> {
    let sources = registry.sources.iter();
    sources.map(|source| (source.id.clone(), source)).collect()
}

/// Who says that each code is unassigned.
fn by_code(ranges: &[Unassigned]) -> BTreeMap<u16, &[Place]> {
    let codes = ranges.iter().flat_map(|range| {
        let (first, last): (u16, u16) = (range.first.into(), range.last.into());
        (first..=last).map(|code| (code, range.claims.as_slice()))
    });
    codes.collect()
}

/// The keys at which two maps differ.
fn differing<K: Ord + Clone, V: PartialEq>(
    old: &BTreeMap<K, V>,
    new: &BTreeMap<K, V>,
) -> BTreeSet<K> {
    let keys = old.keys().chain(new.keys());
    keys.filter(|key| old.get(key) != new.get(key))
        .cloned()
        .collect()
}

/// What a mutation touches.
pub struct Touched {
    pub codes: BTreeSet<u16>,
    /// The source whose manifest or document it is.
    pub source: Option<String>,
}

/// A text of the tree before the mutation, and the one after it, by the name of the file.
type Texts<'t> = dyn Fn(&str) -> [String; 2] + 't;

impl Touched {
    /// What the mutation of a file has touched.
    pub fn of(base: &Base, file: &str, texts: &Texts<'_>, new_registry: &Registry) -> Self {
        let of_manifest = file
            .strip_prefix("sources/")
            .and_then(|rest| rest.split_once('/'));
        let id = base
            .document_of
            .get(file)
            .map(String::as_str)
            .or(of_manifest.map(|(id, _)| id));
        let is_manifest = file.ends_with("source.yaml");
        let mut codes = BTreeSet::new();
        let mut names: Vec<String> = Vec::new();
        if let Some(id) = id {
            let name = format!("sources/{id}/claims.csv");
            let [old, new] = texts(&name).map(|text| claims(&name, &text));
            let touched: Vec<&Claim> = match is_manifest {
                true => old.iter().chain(&new).collect(),
                false => unlike(&old, &new),
            };
            for claim in touched {
                codes.extend(of_claim(claim));
                let same_text = |other: &&Claim| {
                    claim.text_digest.is_some() && other.text_digest == claim.text_digest
                };
                codes.extend(old.iter().chain(&new).filter(same_text).flat_map(of_claim));
                names.extend(claim.facts.name.clone());
            }
            let name = format!("sources/{id}/claims.yaml");
            let [old, new] = texts(&name).map(|text| items(&name, &text));
            let touched: Vec<&Value> = match is_manifest {
                true => old.iter().chain(&new).collect(),
                false => unlike(&old, &new),
            };
            codes.extend(touched.into_iter().flat_map(of_standard));
        }
        if file.starts_with("registry/meanings/") {
            let [old, new] = texts(file).map(|text| {
                let yaml = yaml::Source::parse(file, text).expect("YAML that was built from");
                let mut meanings: BTreeMap<u16, Vec<Meaning>> = BTreeMap::new();
                for meaning in yaml
                    .read_list::<Meaning>()
                    .expect("meanings that were built from")
                {
                    meanings
                        .entry(meaning.code.into())
                        .or_default()
                        .push(meaning);
                }
                meanings
            });
            codes = differing(&old, &new);
            let touched = codes.iter().flat_map(|code| [old.get(code), new.get(code)]);
            let touched = touched.flatten().flatten();
            names.extend(touched.flat_map(|meaning| meaning.names.values().cloned()));
        }
        if file == "registry/decisions.yaml" {
            let [old, new] = texts(file).map(|text| items(file, &text));
            let conflicts = unlike(&old, &new)
                .into_iter()
                .filter_map(|item| item["conflict"].as_str());
            codes.extend(conflicts.filter_map(|id| id.get(..3)?.parse::<u16>().ok()));
        }
        if file == "registry/rfcs.yaml" {
            let [old, new] = texts(file).map(|text| items(file, &text));
            codes.extend(of_rfcs(&old, &new, [&base.registry, new_registry]));
        }
        let names: BTreeSet<String> = names.iter().map(|name| text::normalize(name)).collect();
        codes.extend(named(&names, base, texts));
        Self {
            codes,
            source: id
                .filter(|_| is_manifest || base.document_of.contains_key(file))
                .map(str::to_owned),
        }
    }
}

fn claims(name: &str, text: &str) -> Vec<Claim> {
    match text {
        "" => Vec::new(),
        text => source::parse_claims(name, text).expect("claims that were built from"),
    }
}

fn items(name: &str, text: &str) -> Vec<Value> {
    let yaml = yaml::Source::parse(name, text).expect("YAML that was built from");
    yaml.read_list().expect("a list that was built from")
}

/// The items that are not in both lists, or not in the same place.
fn unlike<'i, T: PartialEq>(old: &'i [T], new: &'i [T]) -> Vec<&'i T> {
    let lost = old
        .iter()
        .filter(|item| count(*item, old) != count(*item, new));
    let come = new
        .iter()
        .filter(|item| count(*item, old) != count(*item, new));
    let unlike: Vec<&T> = lost.chain(come).collect();
    if !unlike.is_empty() {
        return unlike;
    }
    let moved = old.iter().zip(new).filter(|(old, new)| old != new);
    moved.flat_map(|(old, new)| [old, new]).collect()
}

fn count<T: PartialEq>(item: &T, list: &[T]) -> usize {
    list.iter().filter(|other| *other == item).count()
}

fn of_claim(claim: &Claim) -> BTreeSet<u16> {
    let (first, last): (u16, u16) = (
        claim.facts.codes.first().into(),
        claim.facts.codes.last().into(),
    );
    let meaning = claim
        .meaning
        .as_ref()
        .and_then(|id| id.get(..3)?.parse().ok());
    let host = claim.facts.embedded_in.map(u16::from);
    (first..=last).chain(meaning).chain(host).collect()
}

/// The codes of a claim of a standard: `[204, 300-399]`.
fn of_standard(claim: &Value) -> BTreeSet<u16> {
    let codes = claim["codes"].as_sequence().into_iter().flatten();
    let codes = codes.flat_map(|code| {
        let text = match code {
            Value::Number(number) => number.to_string(),
            code => code.as_str().expect("a range").to_owned(),
        };
        let range: CodeRange = text.parse().expect("codes that were built from");
        u16::from(range.first())..=u16::from(range.last())
    });
    codes.collect()
}

/// The codes that one of these names stands for, in a claim or a meaning.
fn named(names: &BTreeSet<String>, base: &Base, texts: &Texts<'_>) -> BTreeSet<u16> {
    let mut codes = BTreeSet::new();
    if names.is_empty() {
        return codes;
    }
    let is_one = |name: &str| names.contains(&text::normalize(name));
    for file in base.files.keys() {
        if file.ends_with("claims.csv") {
            let claims = texts(file).map(|text| claims(file, &text));
            let named = claims
                .iter()
                .flatten()
                .filter(|claim| claim.facts.name.as_deref().is_some_and(is_one));
            codes.extend(named.flat_map(of_claim));
        }
    }
    for code in &base.registry.codes {
        if code
            .meanings
            .iter()
            .any(|meaning| meaning.names.values().any(|name| is_one(name)))
        {
            codes.insert(code.code.into());
        }
    }
    codes
}

/// The codes at which a registry names an RFC of the entries that changed, or one that leads to them
/// or follows from them.
fn of_rfcs(old: &[Value], new: &[Value], registries: [&Registry; 2]) -> BTreeSet<u16> {
    let rfcs = |item: &Value| -> BTreeSet<u64> {
        let after = item["obsoleted_by"].as_sequence().into_iter().flatten();
        after
            .chain([&item["rfc"]])
            .filter_map(Value::as_u64)
            .collect()
    };
    let mut touched: BTreeSet<u64> = unlike(old, new).into_iter().flat_map(rfcs).collect();
    loop {
        let entries = old.iter().chain(new).map(rfcs);
        let linked = entries
            .filter(|entry| !entry.is_disjoint(&touched))
            .flatten();
        let grown: BTreeSet<u64> = linked.chain(touched.iter().copied()).collect();
        if grown == touched {
            break;
        }
        touched = grown;
    }
    let names_one = |text: &str| {
        let mut named = text
            .split("RFC ")
            .skip(1)
            .chain(text.split("number: ").skip(1));
        named.any(|rest| {
            let digits = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            rest[..digits]
                .parse()
                .is_ok_and(|rfc| touched.contains(&rfc))
        })
    };
    let mut codes = BTreeSet::new();
    for registry in registries {
        let entries = registry
            .codes
            .iter()
            .map(|code| (code.code, format!("{code:?}")));
        let conflicts = registry
            .conflicts
            .iter()
            .map(|conflict| (conflict.code, format!("{conflict:?}")));
        let named = entries.chain(conflicts).filter(|(_, text)| names_one(text));
        codes.extend(named.map(|(code, _)| u16::from(code)));
    }
    codes
}
