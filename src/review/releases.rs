//! What past releases promise: that a version tells what changed, and that no name is ever lost.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::change::{Change, Impact, next_version};
use super::diff::diff;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::sha256;
use crate::export::{CSV, Export, SUMS, constants, names};
use crate::model::{Registry, text, version_numbers};
use crate::yaml;

/// A release that was made.
pub struct Release {
    /// Its version.
    pub version: String,
    /// What it held.
    pub registry: Registry,
    /// The names that it published: ids, constants, columns, files.
    pub names: BTreeSet<String>,
    /// Its `SHA256SUMS`.
    pub sums: String,
}

impl Release {
    /// Whether its `SHA256SUMS` has an export just as it is.
    #[must_use]
    pub fn held(&self, export: &Export) -> bool {
        let digest = sha256(export.content.as_bytes());
        let line = format!("{digest}  {}", export.name);
        self.sums.lines().any(|own| own == line)
    }

    /// The exports that are written otherwise today, from the same data: whatever differs is the form alone.
    fn reformed(&self) -> Vec<&'static str> {
        let exports = crate::export::all(&self.registry).into_iter();
        let reformed = exports.filter(|export| {
            let was_there = self.names.contains(&format!("file {}", export.name));
            was_there && export.name != SUMS && !self.held(export)
        });
        reformed.map(|export| export.name).collect()
    }
}

/// What to do about files of a release that are not what they were.
#[must_use]
pub fn put_back(version: &str) -> String {
    format!("put back what `release` wrote: git checkout v{version} -- registry/releases/{version}")
}

/// A published name that was given up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// The name, as a release lists it: `constant NOT_FOUND`.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What changed since a release, in the registry and in the form of the exports. `removed` gives
/// the reasons for what was given up.
#[must_use]
pub fn changes_since(
    release: &Release,
    registry: &Registry,
    exports: &[Export],
    removed: &[Removed],
) -> Vec<Change> {
    let mut changes = diff(&release.registry, registry);
    let now = names(registry, exports);
    for name in release.names.difference(&now) {
        if let Some(export) = formed(name) {
            let text = format!("the {name} is gone");
            let mut change = Change::of_form(export, Impact::Major, text);
            change.removing(name.as_str());
            changes.push(change);
        }
    }
    for name in now.difference(&release.names) {
        if let Some(export) = formed(name) {
            let text = format!("new {name}");
            changes.push(Change::of_form(export, Impact::Minor, text));
        }
    }
    for name in release.reformed() {
        let text = format!("{name} writes the same data in another form");
        changes.push(Change::of_form(name, Impact::Patch, text));
    }
    for change in &mut changes {
        let mut given_up = removed.iter();
        let reason = given_up.find(|removed| change.removes.as_ref() == Some(&removed.name));
        if let Some(removed) = reason {
            change.because(&removed.reason);
        } else if change.field == "exports" {
            change.because("the program, not the data");
        }
    }
    changes
}

/// The export to whose form a published name belongs; ids and constants come from the data.
fn formed(name: &str) -> Option<&str> {
    match name.split_once(' ')? {
        ("column", _) => Some(CSV),
        ("file", file) => Some(file),
        _ => None,
    }
}

/// Everything that the tree breaks of what its past releases promise.
///
/// `release` is `registry/release.yaml`, for the lines of the errors.
#[must_use]
pub fn broken_promises(
    releases: &[Release],
    registry: &Registry,
    exports: &[Export],
    removed: &[Removed],
    release: &yaml::Source,
) -> Diagnostics {
    let mut errors = Diagnostics::new();
    let now = names(registry, exports);
    if let Some(last) = releases.last() {
        let changes = changes_since(last, registry, exports, removed);
        let asked = next_version(&last.version, &changes);
        let reformed = last.reformed();
        if registry.version == last.version
            && !reformed.is_empty()
            && reformed.len() == changes.len()
        {
            let (version, names) = (&last.version, reformed.join(", "));
            let message = format!(
                "the sums of release {version} do not fit what this program writes of its data: {names}"
            );
            let file = format!("registry/releases/{version}/{SUMS}");
            let help = format!(
                "if it writes another form now, write {asked} in registry/release.yaml and build again; if not, {}",
                put_back(version)
            );
            errors.push(Diagnostic::error(message).in_file(file).help(help));
        } else if version_numbers(&registry.version) < version_numbers(&asked) {
            let message = format!(
                "version {} is too small: the changes since release {} ask for {asked}",
                registry.version, last.version
            );
            let error = release.error(&["version"], message);
            errors.push(error.help(format!(
                "write {asked} and build again; `diff {}` lists the changes",
                last.version
            )));
        }
        let (own, its) = (registry.date, last.registry.date);
        if registry.version == last.version && own != its {
            let message = format!(
                "release {}, which has this version, is of {its}",
                last.version
            );
            let error = release.error(&["date"], message);
            errors.push(error.help(format!("write {its}, or the version that is to come")));
        } else if own < its {
            let message = format!(
                "{own} is before {its}, the date of release {}",
                last.version
            );
            let error = release.error(&["date"], message);
            errors.push(error.help("give a later day"));
        }
    }
    let major = |version: &str| version_numbers(version).map(|numbers| numbers[0]);
    let stand_for = constants(registry);
    let mut lost: BTreeSet<String> = BTreeSet::new();
    for past in releases.iter().rev() {
        let gone = past.names.difference(&now);
        let gone = gone.map(|name| (name.clone(), "is gone".to_owned()));
        let moved = constants(&past.registry).into_iter();
        let moved = moved.filter_map(|(name, was)| {
            let is = stand_for.get(&name).filter(|is| **is != was)?;
            let what = format!("stood for {was} and stands for {is} now");
            Some((format!("constant {name}"), what))
        });
        for (name, what) in gone.chain(moved) {
            if !lost.insert(name.clone()) {
                continue;
            }
            let given_up = removed.iter().any(|removed| removed.name == name);
            if given_up && major(&registry.version) > major(&past.version) {
                continue;
            }
            let message = format!("the {name} of release {} {what}", past.version);
            errors.push(release.error(&["removed"], message).help(format!(
                "bring it back, an id as a former id, and a constant by a former phrase of a code that IANA lists; or give it up in a new major version, with this below `removed:` in registry/release.yaml:\n  - name: {name}\n    reason: \"\" # say why"
            )));
        }
    }
    for (index, removed) in removed.iter().enumerate() {
        let index = index.to_string();
        let name = text::excerpt(&removed.name, 80);
        let fault = if let Some(fault) = text::fault(&removed.reason) {
            Some(format!("the reason for removing `{name}` {fault}"))
        } else if now.contains(&removed.name) && !lost.contains(&removed.name) {
            Some(format!("`{name}` is said to be removed, but is there"))
        } else if !releases
            .iter()
            .any(|past| past.names.contains(&removed.name))
        {
            Some(format!(
                "`{name}` was in no release, so it cannot be removed"
            ))
        } else {
            None
        };
        if let Some(fault) = fault {
            let error = release.error(&["removed", &index], fault);
            errors.push(error.help("correct the entry, or take it out"));
        }
    }
    errors
}
