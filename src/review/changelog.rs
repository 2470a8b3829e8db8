//! The entry of a release in `CHANGELOG.md`.

use std::fmt::Write;

use super::change::{Change, Impact, lines};
use super::report::escape;
use crate::model::{Registry, version_numbers};

/// What stands above the entries.
const HEAD: &str = "# Changelog\n\n\
    What changed in the data from release to release. `release` writes it.\n\
    After a major version, something that led somewhere does not; a minor one adds something or changes a statement; a patch changes wording,\n\
    translations or provenance.\n";

/// The changelog with the entry of a release above the others.
#[must_use]
pub fn with_entry(changelog: &str, new: &Registry, changes: Option<&[Change]>) -> String {
    let entry = entry(new, changes);
    if changelog.is_empty() {
        return format!("{HEAD}\n{entry}");
    }
    match changelog.split_once("\n## ") {
        Some((head, rest)) => format!("{head}\n{entry}\n## {rest}"),
        None => format!("{}\n\n{entry}", changelog.trim_end()),
    }
}

/// The versions that a changelog tells of, each with its line.
pub fn versions(changelog: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(changelog.lines()).filter_map(|(line, text)| {
        let version = text.strip_prefix("## ")?.split(' ').next()?;
        version_numbers(version).map(|_| (line, version))
    })
}

/// The entry of a release: what changed since the one before, or what is in it if it is the first.
fn entry(new: &Registry, changes: Option<&[Change]>) -> String {
    let mut out = format!("## {} ({})\n", new.version, new.date);
    // Writing to a string cannot fail.
    let Some(changes) = changes else {
        let meanings: usize = new.codes.iter().map(|code| code.meanings.len()).sum();
        let _ = writeln!(
            out,
            "\nThe first release: {meanings} meanings of {} codes, from these sources:\n",
            new.codes.len()
        );
        for source in &new.sources {
            let title = super::report::escape(&source.title);
            let date = source
                .date
                .map_or(String::new(), |date| format!(", {date}"));
            let _ = writeln!(out, "- `{}`: {title}{date}", source.id);
        }
        return out;
    };
    for impact in Impact::ALL {
        let title = match impact {
            Impact::Major => "Breaking",
            Impact::Minor => "Added and changed",
            Impact::Patch => "Wording and provenance",
        };
        let of = changes.iter().filter(|change| change.impact == impact);
        let lines = lines(of, true);
        let lines: Vec<String> = lines
            .iter()
            .map(|line| format!("- {}", escape(line)))
            .collect();
        if !lines.is_empty() {
            let _ = writeln!(out, "\n### {title}\n\n{}", lines.join("\n"));
        }
    }
    out
}
