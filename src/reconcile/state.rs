//! What the registry states, once everything is settled.

use std::collections::BTreeMap;

use super::Input;
use super::ledger::{Held, Ledger};
use super::spelling::{is_known, slip_for};
use super::standards::Answers;
use crate::model::{
    Authority, ClaimRef, Code, CodeEntry, Conflict, FormerPhrase, LICENSE, Meaning, MeaningEntry,
    Place, Reference, Registration, Registry, SCHEMA_VERSION, Snapshot, SourceEntry, Support,
    Unassigned, Variant, text,
};

pub fn registry(ledger: &Ledger<'_>, answers: &Answers, conflicts: Vec<Conflict>) -> Registry {
    let input = ledger.input;
    let mut codes: BTreeMap<Code, Vec<MeaningEntry>> = BTreeMap::new();
    for meaning in input
        .meanings
        .iter()
        .filter(|meaning| ledger.is_live(meaning))
    {
        codes
            .entry(meaning.code)
            .or_default()
            .push(entry(ledger, answers, meaning));
    }
    let code_entry = |(code, mut meanings): (Code, Vec<MeaningEntry>)| {
        meanings.sort_by_key(|meaning| meaning.registration == Registration::Unregistered);
        CodeEntry {
            code,
            class: code.class(),
            meanings,
        }
    };
    Registry {
        version: input.version.clone(),
        schema_version: SCHEMA_VERSION,
        date: input.date,
        license: LICENSE.to_owned(),
        sources: sources(input),
        codes: codes.into_iter().map(code_entry).collect(),
        unassigned: unassigned(ledger, true),
        formerly_unassigned: unassigned(ledger, false),
        conflicts,
    }
}

/// Everybody who was heard, the most weighty first, then the newest, then by id.
fn sources(input: &Input) -> Vec<SourceEntry> {
    let documents = input.sources.iter().map(|source| &source.entry);
    let standards = input.standards.iter().map(|standard| &standard.entry);
    let mut sources: Vec<SourceEntry> = documents.chain(standards).cloned().collect();
    sources.sort_by(|a, b| {
        let key = |source: &SourceEntry| (source.authority, std::cmp::Reverse(source.date));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    sources
}

/// The ranges that the registry in force leaves unassigned, or those of all other sources.
fn unassigned(ledger: &Ledger<'_>, in_force: bool) -> Vec<Unassigned> {
    let mut ranges: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let is_in_force = |held: &&Held<'_>| Some(held.source.entry.id.as_str()) == ledger.registry;
    for held in ledger
        .vacancies()
        .filter(|held| is_in_force(held) == in_force)
    {
        ranges
            .entry(held.claim.facts.codes)
            .or_default()
            .push(held.place());
    }
    let ranges = ranges.into_iter();
    ranges
        .map(|(codes, claims)| Unassigned {
            first: codes.first(),
            last: codes.last(),
            claims,
        })
        .collect()
}

fn entry(ledger: &Ledger<'_>, answers: &Answers, meaning: &Meaning) -> MeaningEntry {
    // The standards speak of what is listed, not of what else a code is used for.
    let (semantics, standards) = if ledger.is_listed(meaning) {
        (
            answers.semantics_of(meaning.code),
            answers.claims_of(meaning.code),
        )
    } else {
        Default::default()
    };
    let stated = ledger.stated(meaning);
    let former = former_phrases(ledger, meaning);
    let documents = ledger.supporting(meaning);
    let documents = documents.map(|held| claim(ledger, meaning, &former, held));
    let claims = documents.chain(standards.iter().cloned()).collect();
    let phrase = stated.phrase.clone();
    MeaningEntry {
        id: meaning.id.clone(),
        former_ids: meaning.former_ids.clone(),
        phrase: phrase.clone(),
        names: stated.names.clone(),
        phrase_variants: phrase_variants(ledger, meaning, &former),
        former_phrases: former,
        name_variants: name_variants(ledger, meaning),
        history: history(ledger, meaning),
        origin: stated.origin.clone(),
        registration: stated.registration.clone(),
        references: stated.references.clone(),
        former_references: former_references(&stated.references, meaning),
        semantics,
        summary: meaning.summary.clone(),
        claims,
    }
}

/// The phrases that a meaning bore before the one that is stated, the latest first.
///
/// An older copy of the registry states one that we know as a former one: those that we know to be
/// later were still to come then.
fn former_phrases(ledger: &Ledger<'_>, meaning: &Meaning) -> Vec<FormerPhrase> {
    let stated = ledger.stated(meaning);
    let ours = meaning.phrase.as_ref();
    let ours = ours.filter(|ours| !stated.disowned.contains(*ours));
    let ours = ours.and_then(|ours| {
        Some(FormerPhrase {
            phrase: ours.clone(),
            used_by: user_of(ledger, meaning, ours)?,
            replaced_by: None,
        })
    });
    let ours = ours.into_iter();
    let mut phrases: Vec<FormerPhrase> =
        ours.chain(meaning.former_phrases.iter().cloned()).collect();
    let stated = stated.phrase.as_deref().map(text::normalize);
    let is_stated =
        |other: &FormerPhrase| stated.as_deref() == Some(&*text::normalize(&other.phrase));
    if let Some(stated) = phrases.iter().position(is_stated) {
        phrases.drain(..=stated);
    }
    phrases
}

/// Who wrote the phrase of a meaning, by the claim with the most weight: the document that it cites, or else
/// its source.
fn user_of(ledger: &Ledger<'_>, meaning: &Meaning, phrase: &str) -> Option<String> {
    let phrase = text::normalize(phrase);
    let writes = |held: &&Held<'_>| {
        let facts = &held.claim.facts;
        let mut written = facts.phrase.iter().chain(&facts.former);
        written.any(|own| text::normalize(own) == phrase)
    };
    let writing: Vec<&Held<'_>> = ledger.supporting(meaning).filter(writes).collect();
    let cited = writing
        .iter()
        .find_map(|held| held.claim.facts.references.first());
    let document = cited.map(|cited| cited.document().to_string());
    document.or_else(|| Some(writing.first()?.source.entry.title.clone()))
}

/// The documents that defined a meaning before those that are stated, the latest first; as for the
/// phrases, those that we know to be later were still to come.
fn former_references(stated: &[Reference], meaning: &Meaning) -> Vec<Reference> {
    let is_stated = |own: &Reference| stated.iter().any(|stated| stated.same_document(own));
    let latest = match meaning.all_references().any(is_stated) {
        // Where we know what is stated, ours is what is stated today.
        true => &[][..],
        false => &meaning.references,
    };
    let former = &meaning.former_references;
    let later = former.iter().position(is_stated).unwrap_or(0);
    let former = latest.iter().chain(&former[later..]);
    former.filter(|own| !is_stated(own)).cloned().collect()
}

/// How else the claims write the phrases of a meaning: other than it is stated or was used before.
fn phrase_variants(
    ledger: &Ledger<'_>,
    meaning: &Meaning,
    former: &[FormerPhrase],
) -> Vec<Variant> {
    let stated = ledger.stated(meaning);
    let known = |phrase: &str| {
        if stated.phrase.is_none() && is_known(&text::normalize(phrase), meaning) {
            return true;
        }
        let mut former = former.iter();
        stated.phrase.as_deref() == Some(phrase) || former.any(|former| former.phrase == phrase)
    };
    let mut variants: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for held in ledger.supporting(meaning) {
        let facts = &held.claim.facts;
        let former = facts.former.iter();
        let former = former.filter(|former| !is_known(&text::normalize(former), meaning));
        for phrase in facts.phrase.iter().chain(former) {
            if !known(phrase)
                && !stated.disowned.contains(phrase)
                && slip_for(phrase, meaning).is_none()
            {
                variants.entry(phrase).or_default().push(held.place());
            }
        }
    }
    in_order(variants)
}

fn name_variants(ledger: &Ledger<'_>, meaning: &Meaning) -> BTreeMap<String, Vec<Variant>> {
    let stated = ledger.stated(meaning);
    let mut languages: BTreeMap<&str, BTreeMap<&str, Vec<Place>>> = BTreeMap::new();
    for held in ledger.supporting(meaning) {
        let language = held.name_language();
        let name = held.claim.facts.name.as_deref();
        let is_stated = |name: &&str| stated.names.get(language).is_some_and(|own| own == name);
        if let Some(name) = name.filter(|name| !is_stated(name) && !stated.disowned.contains(*name))
        {
            languages
                .entry(language)
                .or_default()
                .entry(name)
                .or_default()
                .push(held.place());
        }
    }
    let languages = languages.into_iter();
    languages
        .map(|(language, variants)| (language.to_owned(), in_order(variants)))
        .collect()
}

fn in_order(variants: BTreeMap<&str, Vec<Place>>) -> Vec<Variant> {
    let variants = variants.into_iter();
    variants
        .map(|(value, claims)| Variant {
            value: value.to_owned(),
            claims,
        })
        .collect()
}

/// What each copy of IANA's registry says of a meaning that the registry lists or listed, the oldest
/// copy first. A copy that does not mention the code, as one that was cut short, says nothing.
fn history(ledger: &Ledger<'_>, meaning: &Meaning) -> Vec<Snapshot> {
    let snapshot = |held: &Held<'_>| Snapshot {
        place: held.place(),
        date: held.source.entry.date,
        registration: held
            .claim
            .facts
            .registration
            .clone()
            .unwrap_or(Registration::Registered),
        phrase: held.claim.facts.phrase.clone(),
    };
    let is_registry = |held: &&Held<'_>| held.source.entry.authority == Authority::Registry;
    let listed = ledger.supporting(meaning).filter(is_registry);
    let mut history: Vec<Snapshot> = listed.map(snapshot).collect();
    if history.is_empty() {
        return history;
    }
    let vacant = ledger.vacancies().filter(is_registry);
    history.extend(
        vacant
            .filter(|held| held.claim.facts.codes.contains(meaning.code))
            .map(snapshot),
    );
    history.sort_by(|a, b| (a.date, &a.place).cmp(&(b.date, &b.place)));
    if history.len() > 1 {
        history
    } else {
        Vec::new()
    }
}

/// What of a meaning a claim supports.
fn claim(
    ledger: &Ledger<'_>,
    meaning: &Meaning,
    former: &[FormerPhrase],
    held: &Held<'_>,
) -> ClaimRef {
    let stated = ledger.stated(meaning);
    let facts = &held.claim.facts;
    let same = |a: &str, b: &str| text::normalize(a) == text::normalize(b);
    let stated_phrase = stated.phrase.as_deref();
    let is_stated = |phrase: &String| stated_phrase.is_some_and(|stated| same(stated, phrase));
    // A misspelt phrase is heard as the one that was meant.
    let heard = |phrase: &'_ String| {
        slip_for(phrase, meaning).map_or_else(|| phrase.clone(), str::to_owned)
    };
    let phrases: Vec<String> = facts
        .phrase
        .iter()
        .chain(&facts.former)
        .map(heard)
        .collect();
    let was_phrase = |phrase: &String| {
        let mut former = former.iter();
        former.any(|former| same(&former.phrase, phrase)) && !is_stated(phrase)
    };
    // What stands in for the phrase of a reserved code is no phrase, and what was decided against is not kept.
    let is_variant = |phrase: &String| {
        !is_stated(phrase)
            && !stated.disowned.contains(phrase)
            && !was_phrase(phrase)
            && (stated_phrase.is_some() || !is_known(&text::normalize(phrase), meaning))
    };
    let states_name = |name: &String| stated.names.values().any(|own| same(own, name));
    let cites = |own: &[Reference]| {
        facts
            .references
            .iter()
            .any(|cited| own.iter().any(|own| own.agrees_with(cited)))
    };
    let today = cites(&stated.references);
    let supported = [
        (
            Support::Phrase,
            facts
                .phrase
                .as_ref()
                .map(heard)
                .as_ref()
                .is_some_and(is_stated),
        ),
        (Support::FormerPhrase, phrases.iter().any(was_phrase)),
        (Support::PhraseVariant, phrases.iter().any(is_variant)),
        (Support::Name, facts.name.as_ref().is_some_and(states_name)),
        (Support::Reference, today),
        (
            Support::FormerReference,
            !today && cites(&former_references(&stated.references, meaning)),
        ),
        (
            Support::Origin,
            facts.origin.as_ref() == Some(&stated.origin),
        ),
        (
            Support::Registration,
            facts.registration.as_ref().map_or(
                stated.by_registry && Some(held.source.entry.id.as_str()) == ledger.registry,
                |said| said.state() == stated.registration.state(),
            ),
        ),
    ];
    let mut supports: Vec<Support> = supported
        .into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(support, _)| support)
        .collect();
    if held.claim.text_length > 0 || supports.is_empty() {
        supports.insert(0, Support::Meaning);
    }
    ClaimRef {
        place: held.place(),
        supports,
    }
}
