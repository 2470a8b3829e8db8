use std::fmt::Write;

use anstyle::Style;
use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::{
    Code, CodeEntry, CodeRange, Conflict, MeaningEntry, Registry, text,
};
use http_status_registry::registry;
use http_status_registry::tree::Tree;
use serde::Serialize;

use super::{DONE, NO, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// A code such as 404, a range such as 500-505, or a part of a phrase, former phrase, name, vendor or id, in any case
    #[arg(value_name = "CODE|TEXT")]
    query: String,
    /// Print JSON: a list of codes with their meanings and conflicts
    #[arg(long)]
    json: bool,
}

/// What is found under one code.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(flatten)]
    code: CodeEntry,
    conflicts: Vec<&'a Conflict>,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let registry = registry(tree)?;
    let found = find(&registry, &arguments.query);
    if arguments.json {
        // No map in a registry has keys other than strings, so this cannot fail.
        let json = serde_json::to_string_pretty(&found).unwrap_or_default();
        print(&format!("{json}\n"));
    } else if found.is_empty() {
        print(&not_found(&registry, &arguments.query));
    } else {
        let described: Vec<String> = found.iter().map(describe).collect();
        print(&described.join("\n"));
    }
    Ok(if found.is_empty() { NO } else { DONE })
}

/// The codes, and of each the meanings, that a query is about.
fn find<'a>(registry: &'a Registry, query: &str) -> Vec<Found<'a>> {
    let codes = query.trim().parse::<CodeRange>().ok();
    let words = text::normalize(query);
    let mut found = Vec::new();
    for code in &registry.codes {
        let mut entry = code.clone();
        if codes.is_none() {
            entry
                .meanings
                .retain(|meaning| !words.is_empty() && matches(code.code, meaning, &words));
        }
        if codes.map_or(!entry.meanings.is_empty(), |codes| {
            codes.contains(code.code)
        }) {
            let conflicts = registry
                .conflicts
                .iter()
                .filter(|conflict| conflict.code == code.code);
            found.push(Found {
                code: entry,
                conflicts: conflicts.collect(),
            });
        }
    }
    found
}

fn matches(code: Code, meaning: &MeaningEntry, words: &str) -> bool {
    let former = meaning.former_phrases.iter().map(|former| &former.phrase);
    let variants = meaning
        .phrase_variants
        .iter()
        .chain(meaning.name_variants.values().flatten());
    let texts = meaning
        .phrase
        .iter()
        .chain(former)
        .chain(meaning.names.values());
    let texts = texts.chain(variants.map(|variant| &variant.value));
    let coded = texts.map(|text| format!("{code} {text}"));
    let vendor = meaning.origin.vendor().map(str::to_owned);
    let mut texts = coded
        .chain(vendor)
        .chain([meaning.id.clone()])
        .chain(meaning.former_ids.iter().cloned());
    texts.any(|text| text::normalize(&text).contains(words))
}

fn not_found(registry: &Registry, query: &str) -> String {
    let error = match query.trim().parse::<CodeRange>() {
        Ok(codes) => return nothing_of(registry, codes),
        Err(error) => error,
    };
    let query = text::excerpt(query, 60);
    let number = query.parse::<u16>().ok();
    if let Some(code) = number.filter(|number| number.to_string() == query) {
        format!("{code} is no HTTP status code: they go from 100 to 599 (RFC 9110, Section 15)\n")
    } else if query.contains('-') && query.chars().all(|c| c.is_ascii_digit() || c == '-') {
        format!("{error}\n")
    } else {
        format!("nothing is called `{query}`: try a shorter part of the phrase, or a code\n")
    }
}

/// What there is to say of codes without a meaning: which of them IANA lists as unassigned.
fn nothing_of(registry: &Registry, codes: CodeRange) -> String {
    let them = codes.single().map_or("them", |_| "it");
    let listed = registry.unassigned.iter().filter_map(|range| {
        let first = range.first.max(codes.first());
        let last = range.last.min(codes.last());
        let listed = if (first, last) == (codes.first(), codes.last()) {
            them.to_owned()
        } else if first == last {
            first.to_string()
        } else {
            format!("{first}-{last}")
        };
        let place = range.claims.first();
        let place = place.map_or(String::new(), |place| format!(" ({place})"));
        (first <= last).then(|| format!("{listed} as unassigned{place}"))
    });
    let listed: Vec<String> = listed.collect();
    let listed = match listed.is_empty() {
        true => String::new(),
        false => format!(", and IANA lists {}", listed.join(", ")),
    };
    format!("{codes}: no source gives {them} a meaning{listed}\n")
}

fn describe(found: &Found<'_>) -> String {
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    let mut out = String::new();
    // Writing to a string cannot fail.
    for meaning in &found.code.meanings {
        let name = meaning.names.get("zh-Hans").map_or("", String::as_str);
        let _ = writeln!(
            out,
            "{bold}{} {}{bold:#}  {name}  {dim}{}{dim:#}",
            found.code.code,
            meaning.title(),
            meaning.id
        );
        let _ = writeln!(
            out,
            "  {}; origin: {}",
            meaning.registration, meaning.origin
        );
        for reference in &meaning.references {
            let _ = writeln!(out, "  {reference}  {dim}{}{dim:#}", reference.url());
        }
        for former in &meaning.former_phrases {
            let by = former
                .replaced_by
                .as_ref()
                .map_or(String::new(), |by| format!(", replaced by {by}"));
            let _ = writeln!(
                out,
                "  formerly: {} ({}{by})",
                former.phrase, former.used_by
            );
        }
        for (question, answer) in meaning.semantics.told() {
            if let Some(answer) = answer {
                let _ = writeln!(out, "  {question}: {answer}");
            }
        }
        for summary in meaning.summary.values() {
            let _ = writeln!(out, "  {summary}");
        }
        for claim in &meaning.claims {
            let supports: Vec<&str> = claim
                .supports
                .iter()
                .map(|support| support.as_str())
                .collect();
            let _ = writeln!(
                out,
                "  {dim}says {}: {}{dim:#}",
                claim.place,
                supports.join(", ")
            );
        }
    }
    for conflict in &found.conflicts {
        let _ = writeln!(
            out,
            "  conflict {}: {} ({})",
            conflict.id, conflict.outcome, conflict.settled_by
        );
    }
    out
}
