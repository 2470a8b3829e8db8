//! Every disagreement and its outcome, by code, as Markdown for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::markdown::{link, text};
use crate::model::{Code, Conflict, Place, Registry, Settlement, Stats};

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
    for (kind, of_kind) in Stats::of(registry).kinds {
        if of_kind.conflicts > 0 {
            writeln!(out, "| {kind} | {} |", of_kind.conflicts)?;
        }
    }
    sources(registry, out)?;
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

/// The names by which the sources are called below.
fn sources(registry: &Registry, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "\n## Sources\n\n| name | title | date | authority |\n| --- | --- | --- | --- |"
    )?;
    for source in &registry.sources {
        let date = source
            .date
            .map_or("not known".to_owned(), |date| date.to_string());
        let title = match &source.url {
            Some(url) => link(&source.title, url),
            None => text(&source.title),
        };
        writeln!(
            out,
            "| `{}` | {title} | {date} | {} |",
            source.id,
            source.authority.as_str()
        )?;
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
                format!(", {}", link(&reference.to_string(), &reference.url()))
            });
        writeln!(
            out,
            "- **{}** (`{}`): {}, origin {}{reference}",
            text(meaning.title()),
            meaning.id,
            meaning.registration,
            text(&meaning.origin.to_string())
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
        writeln!(out, "| {} | {who} |", text(&side.value))?;
    }
    let by = match &conflict.settled_by {
        Settlement::Rule { rule: id } => format!("Rule `{id}`"),
        Settlement::Decision { decision: id } => format!("Decision on `{id}`"),
    };
    writeln!(
        out,
        "\n**{}** {by}: {}",
        text(&conflict.outcome),
        text(&conflict.reason)
    )
}

/// A place by its source's title and name.
fn say(registry: &Registry, place: &Place) -> String {
    let source = registry
        .sources
        .iter()
        .find(|source| source.id == place.source);
    let title = source.map_or(String::new(), |source| text(&source.title));
    format!("{title} (`{}`), {}", place.source, place.at)
}

/// The anchor that code hosts make of a heading.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '-')
        .collect()
}
