//! The words for what changed in who says so: claims, variants, history, sources and conflicts.

use std::collections::BTreeSet;

use super::change::{Changes, Impact};
use super::sentences::{list, without};
use crate::model::{
    ClaimRef, Conflict, Date, MeaningEntry, Place, Settlement, Snapshot, SourceEntry, Variant,
};

/// How else the sources call a meaning.
pub fn all_variants(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    variants(
        "phrase_variants",
        "also written",
        &was.phrase_variants,
        &is.phrase_variants,
        changes,
    );
    name_variants(was, is, changes);
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
    let text = list(label, &values(was), &values(is));
    let text = text.or_else(|| {
        let differ: Vec<Variant> = without(is, was).into_iter().cloned().collect();
        let values = values(&differ).join("; ");
        (was != is).then(|| format!("{label} {values}, in other places"))
    });
    let come: Vec<String> = without(is, was)
        .into_iter()
        .flat_map(|variant| &variant.claims)
        .map(ToString::to_string)
        .collect();
    let cause = match come.is_empty() {
        true => changes.gone_of(was.iter().flat_map(|variant| &variant.claims)),
        false => Some(come.join(", ")),
    };
    if let Some(text) = text {
        changes.add(field, Impact::Patch, text).cause = cause;
    }
}

fn name_variants(was: &MeaningEntry, is: &MeaningEntry, changes: &mut Changes) {
    let languages = was.name_variants.keys().chain(is.name_variants.keys());
    for language in languages.collect::<BTreeSet<_>>() {
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

/// What the copies of IANA's registry say.
pub fn history(was: &[Snapshot], is: &[Snapshot], changes: &mut Changes) {
    let sources = |history: &[Snapshot]| {
        let sources = history.iter().map(|copy| copy.place.source.clone());
        sources.collect::<Vec<_>>()
    };
    let told = |history: &[Snapshot]| {
        let copies = history.iter().map(|copy| {
            let phrase = copy.phrase.as_ref();
            let phrase = phrase.map_or(String::new(), |phrase| format!(" '{phrase}'"));
            let date = copy.date.as_ref().map(Date::to_string);
            let date = date.unwrap_or_else(|| "undated".to_owned());
            format!("{}{phrase} ({}, {date})", copy.registration, copy.place)
        });
        copies.collect::<Vec<_>>()
    };
    let text = list("with", &sources(was), &sources(is));
    if let Some(text) = text.or_else(|| list("with", &told(was), &told(is))) {
        let differ = without(is, was).into_iter().chain(without(was, is));
        let cause = changes.cause_in(differ.map(|copy| &copy.place.source));
        let text = format!("history: {text}");
        changes.add("history", Impact::Patch, text).cause = cause;
    }
}

/// The claims that a meaning rests on.
pub fn claims(was: &[ClaimRef], is: &[ClaimRef], changes: &mut Changes) {
    fn sources<'a>(claims: impl Iterator<Item = &'a ClaimRef>) -> Vec<String> {
        let sources: BTreeSet<String> = claims.map(|claim| claim.place.source.clone()).collect();
        sources.into_iter().collect()
    }
    let (come, gone) = (without(is, was), without(was, is));
    let differ = sources(come.iter().chain(&gone).copied());
    let text = match list("supported by", &sources(was.iter()), &sources(is.iter())) {
        Some(text) => text,
        None if was == is => return,
        None if differ.is_empty() => "supported by the same claims, in another order".to_owned(),
        None => {
            let how = match (come.is_empty(), gone.is_empty()) {
                (false, true) => "supported by more claims of",
                (true, false) => "supported by fewer claims of",
                _ => "supported in another place or way by",
            };
            format!("{how} {}", differ.join("; "))
        }
    };
    fn places(claims: &[ClaimRef]) -> Vec<&Place> {
        claims.iter().map(|claim| &claim.place).collect()
    }
    let (before, now) = (places(was), places(is));
    let moved = without(&now, &before)
        .into_iter()
        .chain(without(&before, &now));
    let cause = changes.cause_in(moved.map(|place| &place.source));
    let cause = cause.or_else(|| (!differ.is_empty()).then(|| "what is stated has changed".into()));
    changes.add("claims", Impact::Patch, text).cause = cause;
}

/// What changed in a source that was there before.
pub fn source(was: &SourceEntry, is: &SourceEntry) -> String {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    let number = |rfc: Option<u32>| rfc.map(|rfc| rfc.to_string());
    let field = |value: &str| Some(value.to_owned());
    let (old, new) = (was, is);
    let fields = [
        ("title", field(&old.title), field(&new.title)),
        ("author", old.author.clone(), new.author.clone()),
        ("date", date(old.date), date(new.date)),
        (
            "authority",
            field(old.authority.as_str()),
            field(new.authority.as_str()),
        ),
        (
            "languages",
            field(&old.languages.join(", ")),
            field(&new.languages.join(", ")),
        ),
        ("licence", field(&old.licence), field(&new.licence)),
        ("url", old.url.clone(), new.url.clone()),
        ("retrieved", date(old.retrieved), date(new.retrieved)),
        ("rfc", number(old.rfc), number(new.rfc)),
    ];
    let changed = fields.iter().filter(|(_, old, new)| old != new);
    let mut texts: Vec<String> = changed
        .map(|(field, old, new)| format!("{field} {} → {}", shown(old), shown(new)))
        .collect();
    if was.sha256 != is.sha256 {
        texts.push("another document".to_owned());
    }
    format!("source {}: {}", is.id, texts.join("; "))
}

/// What changed in a conflict that was there before.
pub fn conflict(was: &Conflict, is: &Conflict) -> String {
    let values = |conflict: &Conflict| {
        let values = conflict.sides.iter().map(|side| side.value.clone());
        values.collect::<Vec<_>>()
    };
    let mut texts = Vec::new();
    if was.settled_by != is.settled_by {
        texts.push(format!(
            "now by {}, no longer by {}",
            is.settled_by, was.settled_by
        ));
    }
    if was.outcome != is.outcome {
        texts.push(is.outcome.clone());
    }
    texts.extend(list("with the side", &values(was), &values(is)));
    let ruled = matches!(is.settled_by, Settlement::Decision { .. });
    if was.reason != is.reason && (ruled || !texts.is_empty()) {
        texts.push(format!("because: {}", is.reason));
    }
    if !texts.is_empty() {
        return format!("conflict {}: {}", is.id, texts.join("; "));
    }
    // What is left is often the same of many codes, so it is told in the same words.
    let kind = format!("the conflict of the kind {}", is.kind);
    if was.reason != is.reason {
        return format!("{kind}: {} gives its reason in other words", is.settled_by);
    }
    let sources = |conflict: &Conflict| -> Vec<String> {
        let places = conflict.sides.iter().flat_map(|side| &side.claims);
        let sources: BTreeSet<String> = places.map(|place| place.source.clone()).collect();
        sources.into_iter().collect()
    };
    match list("with claims of", &sources(was), &sources(is)) {
        Some(text) => format!("{kind}: {text}"),
        None => format!("{kind}: with other claims of the same sources"),
    }
}
