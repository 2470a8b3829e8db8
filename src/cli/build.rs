use std::fmt::Write;

use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::{Date, Stats};
use http_status_registry::release::broken_promises;
use http_status_registry::tree::{EXPORTS, Tree};
use http_status_registry::{Built, build, build_as_of};

use super::{DONE, NO, print, report};

#[derive(clap::Args)]
#[command(after_help = "\
Nothing looks at the clock. Without --date, only the temporary registrations are told of that ran
out before the date of the data. With it, each warning says how many days are left and which source
to fetch. Warnings do not change the exit code. As of today:
  http-status-registry check --date \"$(date +%F)\"

Exit codes: 0 exports/v1/ is what `build` writes, and no promise of a past release is broken; 1 it
is not, or one is; 2 it could not be done.")]
pub struct Check {
    /// Warn of temporary registrations that have run out by this day or will within 30 days of it
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = Date::day)]
    date: Option<Date>,
}

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
    ));
    Ok(DONE)
}

pub fn check(tree: &Tree, arguments: &Check) -> Result<u8, Diagnostics> {
    let built = build_as_of(tree, arguments.date)?;
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
    let verdict = match (stale.is_empty(), stray) {
        (true, false) => "is what `build` writes",
        (true, true) => "holds more than `build` writes",
        (false, _) => "is not what `build` writes: run it and commit the result",
    };
    print(&format!("{out}{EXPORTS:<12} {verdict}\n"));
    Ok(if fresh && broken.is_empty() { DONE } else { NO })
}

/// What the registry holds, in some ten lines.
fn summary(built: &Built) -> String {
    let stats = Stats::of(&built.registry);
    let mut out = String::new();
    let mut line = |label: &str, text: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{label:<12} {text}");
    };
    let states = stats.registrations.iter().filter(|(_, count)| *count > 0);
    let states: Vec<String> = states
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    line("data", format!("{} of {}", stats.version, stats.date));
    line("sources", stats.sources.len().to_string());
    line(
        "claims",
        format!(
            "{} for meanings, {} for unassigned codes, {} rejected",
            stats.claims(),
            stats.unassigned(),
            built.rejected
        ),
    );
    line("codes", stats.codes.to_string());
    line(
        "meanings",
        format!("{}: {}", stats.meanings, states.join(", ")),
    );
    line("conflicts", format!("{}, all settled", stats.conflicts));
    for (kind, of_kind) in stats.kinds.iter().filter(|(_, own)| own.conflicts > 0) {
        let decisions = Some(of_kind.by_decision).filter(|count| *count > 0);
        let decisions = decisions.map(|count| format!("{count} by decision"));
        let rules = of_kind.by_rule.iter();
        let rules = rules.map(|(rule, count)| format!("{count} by the rule {rule}"));
        let settled: Vec<String> = decisions.into_iter().chain(rules).collect();
        line(&format!("  {:<12}", kind.as_str()), settled.join(", "));
    }
    out
}
