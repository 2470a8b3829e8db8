//! Every disagreement and its outcome, by code, as Markdown for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::{Code, Conflict, Kind, Place, Registry, Settlement};

pub fn render(registry: &Registry) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(registry, &mut out);
    out
}

fn write(registry: &Registry, out: &mut String) -> std::fmt::Result {
    for line in super::header(registry) {
        writeln!(out, "<!-- {line} -->")?;
    }
    let mut codes: BTreeMap<Code, Vec<&Conflict>> = BTreeMap::new();
    for conflict in &registry.conflicts {
        codes.entry(conflict.code).or_default().push(conflict);
    }
    writeln!(out, "\n# Conflicts\n")?;
    writeln!(
        out,
        "Where the sources of this registry disagree with each other or with what it states, who says what, what came of it \
         and why. Version {} of {}: {} conflicts under {} codes.\n",
        registry.version,
        registry.date,
        registry.conflicts.len(),
        codes.len()
    )?;
    writeln!(out, "| kind | conflicts |\n| --- | --- |")?;
    for kind in Kind::ALL {
        let count = registry
            .conflicts
            .iter()
            .filter(|conflict| conflict.kind == kind)
            .count();
        if count > 0 {
            writeln!(out, "| {kind} | {count} |")?;
        }
    }
    writeln!(out, "\n## Contents\n")?;
    for (code, conflicts) in &codes {
        let kinds: Vec<String> = conflicts
            .iter()
            .map(|conflict| format!("[{}](#{})", conflict.kind, anchor(&conflict.id)))
            .collect();
        writeln!(out, "- [{code}](#{code}): {}", kinds.join(", "))?;
    }
    for (code, conflicts) in &codes {
        writeln!(out, "\n## {code}\n")?;
        states(registry, *code, out)?;
        for conflict in conflicts {
            entry(registry, conflict, out)?;
        }
    }
    Ok(())
}

/// What the registry says of a code.
fn states(registry: &Registry, code: Code, out: &mut String) -> std::fmt::Result {
    let entry = registry.codes.iter().find(|entry| entry.code == code);
    for meaning in entry.into_iter().flat_map(|entry| &entry.meanings) {
        let reference = meaning
            .references
            .first()
            .map_or(String::new(), |reference| {
                format!(", [{reference}]({})", reference.url())
            });
        writeln!(
            out,
            "- **{}** (`{}`): {}, origin {}{reference}",
            meaning.title(),
            meaning.id,
            meaning.registration,
            meaning.origin
        )?;
    }
    Ok(())
}

fn entry(registry: &Registry, conflict: &Conflict, out: &mut String) -> std::fmt::Result {
    writeln!(out, "\n### {}\n", conflict.id)?;
    writeln!(out, "| what is said | who says it |\n| --- | --- |")?;
    for side in &conflict.sides {
        let who: Vec<String> = side
            .claims
            .iter()
            .map(|place| say(registry, place))
            .collect();
        let who = if who.is_empty() {
            "this registry".to_owned()
        } else {
            who.join("; ")
        };
        writeln!(out, "| {} | {who} |", side.value)?;
    }
    let by = match &conflict.settled_by {
        Settlement::Rule { rule: id } => format!("Rule `{id}`"),
        Settlement::Decision { decision: id } => format!("Decision on `{id}`"),
    };
    writeln!(out, "\n**{}** {by}: {}", conflict.outcome, conflict.reason)
}

/// A place by its source's title. Titles that several sources share are told apart by date.
fn say(registry: &Registry, place: &Place) -> String {
    let source = registry
        .sources
        .iter()
        .find(|source| source.id == place.source);
    let Some(source) = source else {
        return place.to_string();
    };
    let date = source
        .date
        .map_or(String::new(), |date| format!(" ({date})"));
    format!("{}{date}, line {}", source.title, place.line)
}

/// The anchor that code hosts make of a heading.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '-')
        .collect()
}
