use std::collections::BTreeMap;
use std::fmt::Write;

use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::{Kind, Registration, Registry};
use http_status_registry::tree::{EXPORTS, Tree};
use http_status_registry::{Built, build};

use super::{DONE, NO, print, report};

pub fn run(tree: &Tree) -> Result<u8, Diagnostics> {
    let Built {
        registry,
        files,
        warnings,
    } = build(tree)?;
    let written = tree.write(&files)?;
    report(&warnings);
    let mut out = summary(&registry);
    let names: Vec<&str> = written
        .iter()
        .map(|file| file.rsplit('/').next().unwrap_or(file))
        .collect();
    let unchanged = files.len() - written.len();
    let changed = if names.is_empty() {
        "none changed".to_owned()
    } else {
        format!("{} changed ({})", names.len(), names.join(", "))
    };
    let _ = writeln!(
        out,
        "{:<12} {} files: {changed}, {unchanged} unchanged",
        EXPORTS,
        files.len()
    );
    print(&out)?;
    Ok(DONE)
}

pub fn check(tree: &Tree) -> Result<u8, Diagnostics> {
    let Built {
        registry,
        files,
        warnings,
    } = build(tree)?;
    report(&warnings);
    let stale = tree.stale(&files)?;
    let mut out = summary(&registry);
    for (file, _) in &stale {
        let _ = writeln!(out, "stale: {file}");
    }
    let stray = warnings.iter().any(|warning| {
        warning
            .file
            .as_ref()
            .is_some_and(|file| file.starts_with(EXPORTS))
    });
    let fresh = stale.is_empty() && !stray;
    let verdict = if fresh {
        "is what `build` writes"
    } else {
        "is not what `build` writes: run it and commit the result"
    };
    let _ = writeln!(out, "{EXPORTS:<12} {verdict}");
    print(&out)?;
    Ok(if fresh { DONE } else { NO })
}

/// What the registry holds, in some ten lines.
fn summary(registry: &Registry) -> String {
    let mut out = String::new();
    let meanings = || registry.codes.iter().flat_map(|code| &code.meanings);
    let claims: usize = meanings().map(|meaning| meaning.claims.len()).sum();
    let vacant: usize = registry
        .unassigned
        .iter()
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
        "{:<12} {claims} for meanings, {vacant} for unassigned codes",
        "claims"
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
                http_status_registry::model::Settlement::Rule(rule) => {
                    format!("by the rule {rule}")
                }
                http_status_registry::model::Settlement::Decision(_) => "by decision".to_owned(),
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
