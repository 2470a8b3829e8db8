use std::collections::BTreeMap;
use std::fmt::Write;

use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::{Kind, Registration};
use http_status_registry::release::broken_promises;
use http_status_registry::tree::{EXPORTS, Tree};
use http_status_registry::{Built, build};

use super::{DONE, NO, print, report};

pub fn run(tree: &Tree) -> Result<u8, Diagnostics> {
    let built = build(tree)?;
    let written = tree.write(&built.files())?;
    report(&built.warnings);
    let names: Vec<&str> = written
        .iter()
        .map(|file| file.rsplit('/').next().unwrap_or(file))
        .collect();
    let changed = match names.len() {
        0 => "none changed".to_owned(),
        count => format!("{count} changed ({})", names.join(", ")),
    };
    let (count, unchanged) = (built.exports.len(), built.exports.len() - written.len());
    let out = summary(&built);
    print(&format!(
        "{out}{EXPORTS:<12} {count} files: {changed}, {unchanged} unchanged\n"
    ))?;
    Ok(DONE)
}

pub fn check(tree: &Tree) -> Result<u8, Diagnostics> {
    let built = build(tree)?;
    report(&built.warnings);
    let files = built.files();
    let stale = tree.stale(&files)?;
    let broken = broken_promises(tree, &built)?;
    report(&broken);
    let mut out = summary(&built);
    for (file, _) in &stale {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "stale: {file}");
    }
    let is_export = |file: &String| file.starts_with(EXPORTS);
    let stray = built
        .warnings
        .iter()
        .any(|warning| warning.file.as_ref().is_some_and(is_export));
    let fresh = stale.is_empty() && !stray;
    let verdict = if fresh {
        "is what `build` writes"
    } else {
        "is not what `build` writes: run it and commit the result"
    };
    print(&format!("{out}{EXPORTS:<12} {verdict}\n"))?;
    Ok(if fresh && broken.is_empty() { DONE } else { NO })
}

/// What the registry holds, in some ten lines.
fn summary(built: &Built) -> String {
    let registry = &built.registry;
    let mut out = String::new();
    let meanings = || registry.codes.iter().flat_map(|code| &code.meanings);
    let claims: usize = meanings().map(|meaning| meaning.claims.len()).sum();
    let vacant: usize = registry
        .unassigned
        .iter()
        .chain(&registry.formerly_unassigned)
        .map(|range| range.claims.len())
        .sum();
    let states: Vec<String> = [
        "registered",
        "temporary",
        "reserved",
        "obsoleted",
        "unregistered",
    ]
    .iter()
    .map(|state| {
        (
            state,
            meanings()
                .filter(|meaning| Registration::state(&meaning.registration) == *state)
                .count(),
        )
    })
    .filter(|(_, count)| *count > 0)
    .map(|(state, count)| format!("{count} {state}"))
    .collect();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{:<12} {} of {}",
        "data", registry.version, registry.date
    );
    let _ = writeln!(out, "{:<12} {}", "sources", registry.sources.len());
    let _ = writeln!(
        out,
        "{:<12} {claims} for meanings, {vacant} for unassigned codes, {} rejected",
        "claims", built.rejected
    );
    let _ = writeln!(out, "{:<12} {}", "codes", registry.codes.len());
    let _ = writeln!(
        out,
        "{:<12} {}: {}",
        "meanings",
        meanings().count(),
        states.join(", ")
    );
    let _ = writeln!(
        out,
        "{:<12} {}, all settled",
        "conflicts",
        registry.conflicts.len()
    );
    for kind in Kind::ALL {
        let mut settled: BTreeMap<String, usize> = BTreeMap::new();
        for conflict in registry
            .conflicts
            .iter()
            .filter(|conflict| conflict.kind == kind)
        {
            let by = match &conflict.settled_by {
                http_status_registry::model::Settlement::Rule { rule } => {
                    format!("by the rule {rule}")
                }
                http_status_registry::model::Settlement::Decision { .. } => {
                    "by decision".to_owned()
                }
            };
            *settled.entry(by).or_default() += 1;
        }
        if !settled.is_empty() {
            let settled: Vec<String> = settled
                .into_iter()
                .map(|(by, count)| format!("{count} {by}"))
                .collect();
            let _ = writeln!(out, "  {:<12} {}", kind.as_str(), settled.join(", "));
        }
    }
    out
}
