//! Mending what an error of shape is about in a copy of a file's values, so that the next one is found.

use std::collections::BTreeMap;

use serde_path_to_error::{Error, Segment};
use serde_yaml::{Mapping, Value};

/// How often the values of a file are mended at most. An error takes up to a dozen mends, and most take one
/// or two; after each of them the values are read once more.
const MAX_MENDS: usize = 100;

/// The keys and indices that lead to a value.
type Place = Vec<String>;

/// What serde says is wrong with the shape of a value.
pub(super) struct Fault {
    /// Where serde was: at the value, or at a map around it that it keeps whole until it knows the type.
    pub path: Place,
    /// Where to mend it: the path, or the key in the map there that the message names.
    pub place: Place,
    /// The message.
    pub message: String,
    /// Whether the key is wrong, and not its value.
    pub is_of_key: bool,
}

impl Fault {
    /// What an error in reading a value is about.
    pub fn of(error: &Error<serde_yaml::Error>, value: &mut Value) -> Self {
        let segments = error.path().iter().filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
        let path: Place = segments.collect();
        let message = error.inner().to_string();
        let named = message.split('`').nth(1).map(str::to_owned);
        let inside: Place = path.iter().cloned().chain(named.clone()).collect();
        let is_inside = named.is_some() && value_at(value, &inside).is_some();
        let is_unknown = message.starts_with("unknown field");
        let is_in_map = is_inside && (is_unknown || message.starts_with("invalid type"));
        let is_of_key = is_in_map || (is_unknown && path.last() == named.as_ref());
        let is_named = is_in_map || message.starts_with("missing field");
        Self {
            place: if is_named { inside } else { path.clone() },
            path,
            message,
            is_of_key,
        }
    }
}

/// The places that hold a stand-in, and how many were tried at each.
#[derive(Default)]
pub(super) struct Mender {
    tried: BTreeMap<Place, usize>,
    mends: usize,
}

impl Mender {
    /// Whether a fault may come from a stand-in: it is in one, or in a map that was judged with one in it.
    pub fn is_follow_up(&self, fault: &Fault) -> bool {
        let mut tried = self.tried.keys();
        tried.any(|mended| fault.place.starts_with(mended)) || self.suspect(fault).is_some()
    }

    /// Mends what a fault is about; nothing if that cannot be done.
    pub fn mend(&mut self, value: &mut Value, fault: &Fault) -> Option<()> {
        self.mends += 1;
        if self.mends > MAX_MENDS {
            return None;
        }
        if fault.is_of_key {
            return set(value, &fault.place, None);
        }
        let mut place = self.suspect(fault).unwrap_or(&fault.place).clone();
        // Where no stand-in does, one is tried for what is around it, up to all but the whole.
        while !place.is_empty() {
            let tried = self.tried.entry(place.clone()).or_default();
            let new = stand_in(tried, &fault.message);
            if new.is_some() && set(value, &place, new).is_some() {
                return Some(());
            }
            place.pop();
        }
        None
    }

    /// The stand-in in the map of a fault that the fault may come from. What is missing never does.
    fn suspect(&self, fault: &Fault) -> Option<&Place> {
        if fault.message.starts_with("missing field") {
            return None;
        }
        let inside = self.tried.iter().filter(|(place, _)| {
            place.len() == fault.path.len() + 1 && place.starts_with(&fault.path)
        });
        Some(inside.min_by_key(|(_, tried)| **tried)?.0)
    }
}

/// The next value to try in a place: the first variant that serde names, or one of the type that it
/// expects, or one after the other. They suit every type here: the string is a day, the number a code, and
/// the map has keys of which some types need one.
fn stand_in(tried: &mut usize, message: &str) -> Option<Value> {
    let keys = [
        ("rfc", 404.into()),
        ("line", 404.into()),
        ("rule", "x".into()),
    ];
    let map = Mapping::from_iter(keys.map(|(key, value): (&str, Value)| (key.into(), value)));
    let values = [
        ("nothing", Value::Null),
        ("a string", "2026-01-01".into()),
        ("u", 404.into()),
        ("a boolean", true.into()),
        ("a sequence", Value::Sequence(Vec::new())),
        ("struct", map.into()),
    ];
    let expected = message.rsplit("expected ").next().unwrap_or_default();
    let suited = values
        .iter()
        .position(|(kind, _)| expected.starts_with(kind));
    let next = suited.unwrap_or_default().max(*tried);
    *tried = next + 1;
    let (_, value) = values.into_iter().nth(next)?;
    let variant = message.strip_prefix("unknown variant");
    let variant = variant.and_then(|message| message.split('`').nth(3));
    Some(variant.map_or(value, Value::from))
}

/// The value at a place.
fn value_at<'v>(value: &'v mut Value, place: &[String]) -> Option<&'v mut Value> {
    place.iter().try_fold(value, |value, key| match value {
        Value::Mapping(map) => Some(map.iter_mut().find(|(name, _)| is_key(name, key))?.1),
        Value::Sequence(items) => items.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Puts a value in a place, or takes the key there out.
fn set(value: &mut Value, place: &[String], new: Option<Value>) -> Option<()> {
    let (key, around) = place.split_last()?;
    match (value_at(value, around)?, new) {
        (Value::Mapping(map), new) => {
            map.retain(|name, _| !is_key(name, key));
            map.extend(new.map(|new| (key.as_str().into(), new)));
        }
        (Value::Sequence(items), Some(new)) => *items.get_mut(key.parse::<usize>().ok()?)? = new,
        _ => return None,
    }
    Some(())
}

/// Whether a key, which may be a number, is written so.
fn is_key(key: &Value, name: &str) -> bool {
    match key {
        Value::String(key) => key == name,
        Value::Number(key) => key.to_string() == name,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::source::Manifest;
    use crate::yaml::Source;

    /// The sources whose manifests are spoilt: of each reading one, and one with most keys.
    const MANIFESTS: [&str; 3] = ["status-list-en", "rfc4918", "iana"];

    /// What is done to a key: it is taken out or renamed, or has another value.
    #[derive(Debug, Clone)]
    enum Spoil {
        TakeOut,
        Rename,
        Replace(&'static str),
    }

    fn spoil() -> impl Strategy<Value = Spoil> {
        const VALUES: [&str; 7] = ["~", "5", "word", "[1]", "{ a: 1 }", "true", "4.5"];
        prop_oneof![
            Just(Spoil::TakeOut),
            Just(Spoil::Rename),
            prop::sample::select(&VALUES[..]).prop_map(Spoil::Replace),
        ]
    }

    /// Every place in a value but the whole.
    fn places(value: &Value, around: &[String], found: &mut Vec<Place>) {
        let parts: Vec<(String, &Value)> = match value {
            Value::Mapping(map) => {
                let keys = map.iter();
                keys.map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), value))
                    .collect()
            }
            Value::Sequence(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| (index.to_string(), item))
                    .collect()
            }
            _ => Vec::new(),
        };
        for (key, value) in parts {
            let place = [around, &[key]].concat();
            places(value, &place, found);
            found.push(place);
        }
    }

    /// Spoils a value, and says where: at a place, and at those in a new value there.
    fn spoil_at(value: &mut Value, place: &[String], spoil: &Spoil) -> Vec<Place> {
        let mut place = place.to_vec();
        let old = value_at(value, &place).expect("a value").clone();
        let mut spoilt = Vec::new();
        match spoil {
            Spoil::Replace(new) => {
                let new = serde_yaml::from_str(new).expect("YAML");
                places(&new, &place, &mut spoilt);
                set(value, &place, Some(new));
            }
            Spoil::TakeOut => drop(set(value, &place, None)),
            // Items have no names, and stay.
            Spoil::Rename if set(value, &place, None).is_some() => {
                place.last_mut().expect("a key").push('x');
                set(value, &place, Some(old));
            }
            Spoil::Rename => {}
        }
        spoilt.push(place);
        spoilt
    }

    fn told(manifest: &str) -> Vec<String> {
        let source = Source::parse("source.yaml", manifest).expect("YAML");
        let errors = source.read::<Manifest>().expect_err("errors");
        errors.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn what_follows_from_a_mended_value_is_not_told() {
        let manifest = "id: 5\ntitle: x\nlanguages: [en, [de]]\nlicence: x\nauthority: nots\n";
        let kind = "document: { sha256: x, media_type: x }\nlayout:\n  kind: list\n  facts:\n";
        let facts = [
            "    - { pattern: x, origin: { kind: vendr, vendor: x, name: x } }\n",
            "    - { pattern: x, origin: { kind: vendor, vendor: 5, name: x } }\n",
            "    - { pattern: x, origin: vendor, registration: 5 }\n",
        ];
        let told = told(&[manifest, kind, &facts.concat()].concat());
        let places: Vec<&str> = told
            .iter()
            .filter_map(|told| told.split(": ").next())
            .collect();
        assert_eq!(
            places,
            [
                "id",
                "languages.1",
                "authority",
                "document.media_type",
                "layout.kind",
                "layout.facts.0.origin.kind",
                "layout.facts.1.origin",
                "layout.facts.2.origin",
                "layout.facts.2.registration",
            ],
            "{told:#?}"
        );
    }

    #[test]
    fn reading_ends_at_the_limit() {
        let keys: String = (0..3 * MAX_MENDS)
            .map(|key| format!("key{key}: x\n"))
            .collect();
        assert_eq!(told(&keys).len(), MAX_MENDS + 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        /// Whatever is done to the keys of a manifest: reading ends, tells at least the error at which serde
        /// stops, and every misspelt key of the manifest itself, and nothing of what was not touched.
        #[test]
        fn every_spoilt_key_is_told_and_no_other(
            manifest in prop::sample::select(&MANIFESTS[..]),
            spoils in prop::collection::vec((any::<prop::sample::Index>(), spoil()), 1..6),
        ) {
            let file = format!("{}/sources/{manifest}/source.yaml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(file).expect("a manifest");
            let mut value: Value = serde_yaml::from_str(&text).expect("YAML");
            let mut spoilt = Vec::new();
            for (index, spoil) in &spoils {
                let mut found = Vec::new();
                places(&value, &[], &mut found);
                if !found.is_empty() {
                    spoilt.extend(spoil_at(&mut value, index.get::<Place>(&found), spoil));
                }
            }
            let text = serde_yaml::to_string(&value).expect("YAML");
            let source = Source::parse("source.yaml", text.as_str()).expect("YAML");
            let told = source.read::<Manifest>().err().unwrap_or_default();
            let first = serde_path_to_error::deserialize::<_, Manifest>(&value).err();
            let first = first.map(|error| source.shape(&Fault::of(&error, &mut value), &[]));
            prop_assert_eq!(first.is_some(), !told.is_empty());
            prop_assert!(first.iter().all(|first| told.contains(first)), "{text}{told:#?}");
            prop_assert!(told.is_sorted_by_key(|error| error.line));
            let touched: BTreeSet<Option<u32>> = spoilt
                .iter()
                .flat_map(|place| (0..=place.len()).map(|length| &place[..length]))
                .map(|place| Some(source.line(&place.iter().map(String::as_str).collect::<Vec<_>>())))
                .collect();
            for error in &told {
                prop_assert!(touched.contains(&error.line), "{text}{error:#?}");
            }
            for place in spoilt.iter().filter(|place| place.len() == 1 && place[0].ends_with('x')) {
                let is_told = value_at(&mut value, place).is_none()
                    || told.iter().any(|error| error.message.contains(&format!("unknown field `{}`", place[0])));
                prop_assert!(is_told, "{text}{told:#?}");
            }
        }
    }
}
