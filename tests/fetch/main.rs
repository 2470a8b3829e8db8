//! `fetch`, against servers on loopback.

#[path = "../common/mod.rs"]
mod common;
mod crash;
mod offline;
mod polite;
mod refusals;
mod server;
mod surroundings;
mod way;

use std::process::Command;

use common::{Run, Sandbox, fixtures};
use tempfile::TempDir;

/// The small tree, of which one source has a URL, and a cache.
struct Place {
    tree: Sandbox,
    cache: TempDir,
}

/// The manifest of that source.
const MANIFEST: &str = "sources/records/source.yaml";

/// Its claims.
const CLAIMS: &str = "sources/records/claims.csv";

impl Place {
    fn new(url: &str) -> Self {
        let place = Self {
            tree: Sandbox::small(),
            cache: tempfile::tempdir().expect("a folder"),
        };
        place.tree.edit(
            MANIFEST,
            "authority: registry\n",
            &format!("date: 2020-01-01\nurl: {url}\nauthority: registry\n"),
        );
        if url.starts_with("http:") {
            place.set("allow_http: true");
        }
        place
    }

    /// Adds a key of the document.
    fn set(&self, key: &str) {
        let line = "  media_type: text/csv\n";
        self.tree.edit(MANIFEST, line, &format!("{line}  {key}\n"));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.tree.command(&["fetch"]);
        command
            .args(arguments)
            .arg("--cache")
            .arg(self.cache.path());
        command
    }

    /// Fetches.
    fn fetch(&self, arguments: &[&str]) -> Run {
        self.finish(self.command(arguments))
    }

    /// Runs a command to its end. What differs from run to run is taken out of what it tells.
    fn finish(&self, command: Command) -> Run {
        let mut run = self.tree.finish(command);
        let cache = self.cache.path().display().to_string();
        for text in [&mut run.out, &mut run.err] {
            *text = text.replace(&cache, "CACHE");
            for (pattern, name) in [
                (r"127\.0\.0\.1:\d+", "SERVER"),
                (r" \(os error \d+\)", ""),
                (r"trying again in [\d.]+ s", "trying again in SOME s"),
                (r"is now \d{4}-\d\d-\d\d", "is now TODAY"),
                (r"asks to wait \d+ s", "asks to wait SOME s"),
            ] {
                *text = regex::Regex::new(pattern)
                    .expect("a pattern")
                    .replace_all(text, name)
                    .into_owned();
            }
        }
        run
    }

    /// The names in the cache.
    fn cached(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.cache.path()).expect("the cache");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names
            .map(|name| name.into_string().expect("a name"))
            .collect();
        names.sort();
        names
    }

    fn cache(&self) -> &std::path::Path {
        self.cache.path()
    }
}

/// The document that is locked.
fn document() -> String {
    std::fs::read_to_string(fixtures().join("documents/records.csv")).expect("the document")
}

/// A newer one: 404 has another name, 410 another state, and 425 is new.
fn newer() -> String {
    document()
        .replace("404,Not Found", "404,Lost")
        .replace("410,Gone (OBSOLETED)", "410,Gone")
        .replace("499,", "425,Too Early,[RFC8470]\n499,")
}
