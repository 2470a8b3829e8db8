//! What the snapshots of a registry say of each code.

use std::collections::BTreeMap;
use std::fmt::Write;

use http_status_registry::model::{Conflict, MeaningEntry, Registry, Settlement, Snapshot};

/// What is stated, by code.
pub fn statements(registry: &Registry) -> BTreeMap<String, String> {
    let codes = registry.codes.iter().map(|code| {
        let texts: Vec<String> = code.meanings.iter().map(describe_meaning).collect();
        (code.code.to_string(), texts.join("\n"))
    });
    codes.collect()
}

/// What was in dispute, by code.
pub fn disputes(registry: &Registry) -> BTreeMap<String, String> {
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    for conflict in &registry.conflicts {
        let text = codes.entry(conflict.code.to_string()).or_default();
        text.push_str(&describe_conflict(conflict));
    }
    codes
}

fn describe_meaning(meaning: &MeaningEntry) -> String {
    let mut text = format!("{}: {}\n", meaning.id, meaning.title());
    for former in &meaning.former_phrases {
        let by = former
            .replaced_by
            .as_ref()
            .map_or(String::new(), |by| format!(", replaced by {by}"));
        writeln!(text, "formerly {} ({}{by})", former.phrase, former.used_by).expect("a string");
    }
    writeln!(
        text,
        "registration: {}; origin: {}",
        meaning.registration, meaning.origin
    )
    .expect("a string");
    for reference in &meaning.references {
        writeln!(text, "defined by {reference}").expect("a string");
    }
    for reference in &meaning.former_references {
        writeln!(text, "formerly defined by {reference}").expect("a string");
    }
    for (language, name) in &meaning.names {
        writeln!(text, "{language}: {name}").expect("a string");
    }
    for (language, variants) in &meaning.name_variants {
        for variant in variants {
            writeln!(text, "{language}, elsewhere: {}", variant.value).expect("a string");
        }
    }
    for variant in &meaning.phrase_variants {
        writeln!(text, "elsewhere written {}", variant.value).expect("a string");
    }
    for (language, summary) in &meaning.summary {
        writeln!(text, "{language}: {summary}").expect("a string");
    }
    for (question, answer) in meaning.semantics.told() {
        if let Some(answer) = answer {
            writeln!(text, "{question}: {answer}").expect("a string");
        }
    }
    // What a copy of the registry only confirms is left out, and so are the copies' dates: an older
    // or newer copy that says the same changes nothing.
    let told = |copy: &Snapshot| (copy.registration.state(), copy.phrase.clone());
    let mut history: Vec<_> = meaning.history.iter().map(told).collect();
    history.dedup();
    for (state, phrase) in history.iter().rev().skip(1) {
        let phrase = phrase.as_ref();
        let phrase = phrase.map_or(String::new(), |phrase| format!(" as {phrase}"));
        writeln!(text, "before, in the registry: {state}{phrase}").expect("a string");
    }
    text
}

fn describe_conflict(conflict: &Conflict) -> String {
    let mut text = format!("{}: {}\n", conflict.id, conflict.outcome);
    for side in &conflict.sides {
        writeln!(text, "  \"{}\"", side.value).expect("a string");
    }
    // The reason of a rule is the same everywhere.
    let reason = match conflict.settled_by {
        Settlement::Rule { .. } => String::new(),
        Settlement::Decision { .. } => format!(": {}", conflict.reason),
    };
    writeln!(text, "  {}{reason}", conflict.settled_by).expect("a string");
    text
}
