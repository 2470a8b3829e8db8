//! The real registry: snapshots of what each source claims, of what is stated and of what was in
//! dispute, one small file per code.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use common::words::{disputes, statements};
use common::{no_other_snapshots, root, snapshot};
use http_status_registry::build;
use http_status_registry::model::{At, Claim, MeaningEntry, Registry};
use http_status_registry::source::parse_claims;
use http_status_registry::tree::Tree;

fn registry() -> Registry {
    match build(&Tree::open(root()).expect("the checkout")) {
        Ok(built) => {
            // IANA's last extension of 104 ran out before the date of the data, whatever that is by now.
            let told: Vec<&str> = built
                .warnings
                .iter()
                .map(|warning| warning.message.as_str())
                .collect();
            let lapsed = "the temporary registration of `104-upload-resumption-supported` ran out on 2026-11-13, ";
            let other = told.iter().find(|message| !message.starts_with(lapsed));
            assert_eq!(other, None);
            built.registry
        }
        Err(errors) => panic!(
            "{}",
            errors
                .iter()
                .map(|error| format!("{error}\n"))
                .collect::<String>()
        ),
    }
}

fn claims(source: &str) -> Vec<Claim> {
    let file = format!("sources/{source}/claims.csv");
    parse_claims(
        &file,
        &fs::read_to_string(root().join(&file)).expect("the claims"),
    )
    .expect("claims")
}

#[test]
fn claims_of_each_source_by_code() {
    let sources = registry().sources.into_iter();
    for source in sources.filter(|source| source.rfc.is_none()) {
        let mut codes: BTreeMap<String, String> = BTreeMap::new();
        for claim in claims(&source.id) {
            let text = codes.entry(claim.facts.codes.to_string()).or_default();
            text.push_str(&describe_claim(&claim));
        }
        let folder = format!("claims/{}", source.id);
        for (code, text) in &codes {
            snapshot(&folder, code, text);
        }
        no_other_snapshots(&folder, codes.into_keys());
    }
}

fn describe_claim(claim: &Claim) -> String {
    let facts = &claim.facts;
    let mut text = facts.phrase.clone().unwrap_or("no phrase".to_owned());
    let mut say = |label: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            write!(text, "\n  {label}: {value}").expect("a string");
        }
    };
    let list = |values: Vec<String>| Some(values.join(", "));
    say("name", facts.name.clone());
    say("formerly", list(facts.former.clone()));
    say(
        "cites",
        list(facts.references.iter().map(ToString::to_string).collect()),
    );
    say("notes", list(facts.annotations.clone()));
    say("origin", facts.origin.as_ref().map(ToString::to_string));
    say(
        "registration",
        facts.registration.as_ref().map(ToString::to_string),
    );
    say(
        "inside the entry of",
        facts.embedded_in.map(|code| code.to_string()),
    );
    let length = claim.text_length;
    say(
        "text",
        Some(if length == 0 {
            "none".to_owned()
        } else {
            format!("{length} characters")
        }),
    );
    let meaning = claim.meaning.as_deref().unwrap_or("no meaning");
    format!("{text}\n  -> {meaning} ({})\n", claim.matched)
}

#[test]
fn statements_by_code() {
    let registry = registry();
    let codes = statements(&registry);
    for (code, text) in &codes {
        snapshot("registry", code, text);
    }
    no_other_snapshots("registry", codes.into_keys());
}

#[test]
fn conflicts_by_code() {
    let registry = registry();
    let codes = disputes(&registry);
    for (code, text) in &codes {
        snapshot("conflicts", code, text);
    }
    no_other_snapshots("conflicts", codes.into_keys());
}

/// Every claim supports a meaning, says that nobody uses its codes, or was rejected by a decision.
#[test]
fn no_claim_is_lost() {
    let registry = registry();
    let meanings = || registry.codes.iter().flat_map(|code| &code.meanings);
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    let supporting = meanings()
        .flat_map(|meaning| &meaning.claims)
        .map(|claim| &claim.place)
        .filter(|place| matches!(place.at, At::Line { .. }));
    let vacant = registry
        .unassigned
        .iter()
        .chain(&registry.formerly_unassigned)
        .flat_map(|range| &range.claims);
    for place in supporting.chain(vacant) {
        *places
            .entry((place.source.clone(), place.at.number()))
            .or_default() += 1;
    }
    let mut missing = Vec::new();
    let mut count = 0;
    let documents = registry.sources.iter();
    for source in documents.filter(|source| source.rfc.is_none()) {
        for claim in claims(&source.id) {
            count += 1;
            let place = (source.id.clone(), claim.facts.line.to_string());
            match places.get_mut(&place).filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => missing.push(place),
            }
        }
    }
    assert!(count > 400, "only {count} claims");
    assert_eq!(
        missing,
        [("status-table-zh".to_owned(), "51".to_owned())],
        "claims that ended nowhere but in a decision that rejects"
    );
    assert!(
        places.values().all(|left| *left == 0),
        "claims that ended in two places"
    );
}

/// IANA wins: each code that it has assigned has one meaning with that state, phrase and reference.
#[test]
fn iana_wins_on_what_it_states() {
    let registry = registry();
    let csv = fs::read(root().join("sources/iana/http-status-codes-1.csv")).expect("the table");
    let mut rows = 0;
    for record in csv::Reader::from_reader(&csv[..]).records() {
        let record = record.expect("a record");
        let (value, description, reference) = (&record[0], &record[1], &record[2]);
        let Ok(code) = value.parse::<u16>() else {
            continue;
        };
        let meanings = registry
            .codes
            .iter()
            .find(|entry| u16::from(entry.code) == code);
        let meanings = meanings.map_or(&[][..], |entry| &entry.meanings[..]);
        let listed: Vec<&MeaningEntry> = meanings
            .iter()
            .filter(|meaning| meaning.registration.state() != "unregistered")
            .collect();
        if description == "Unassigned" {
            assert!(listed.is_empty(), "{code}");
            continue;
        }
        rows += 1;
        let [meaning] = listed[..] else {
            panic!("{code} has {} listed meanings", listed.len())
        };
        let state = match description {
            "(Unused)" => "reserved",
            text if text.ends_with("(OBSOLETED)") => "obsoleted",
            text if text.contains("(TEMPORARY") => "temporary",
            _ => "registered",
        };
        assert_eq!(meaning.registration.state(), state, "{code}");
        let phrase = description
            .split('(')
            .next()
            .map(str::trim)
            .filter(|phrase| !phrase.is_empty());
        assert_eq!(meaning.phrase.as_deref(), phrase, "{code}");
        for cited in reference
            .split(']')
            .filter_map(|part| part.strip_prefix('['))
        {
            let cited = cited.replacen("RFC", "RFC ", 1);
            let stated = meaning
                .references
                .iter()
                .any(|own| own.to_string().starts_with(&cited));
            assert!(stated, "{code} does not cite {cited}");
        }
    }
    assert_eq!(rows, 64);
}
