//! Releases: those that were made, what they promise, and the next one.

use std::collections::BTreeSet;

use crate::diagnostic::{self, Diagnostic, Diagnostics};
use crate::digest::{is_digest, sha256};
use crate::export::{Export, SUMS};
use crate::model::{Date, text, version_numbers};
use crate::review::{self, Change, Release};
use crate::tree::{CHANGELOG, FULL, NAMES, RELEASES, Tree};
use crate::{Built, export, registry, tree_files};

/// The past releases, the oldest first.
///
/// # Errors
/// Everything that is wrong with any of their files.
pub fn releases(tree: &Tree) -> Result<Vec<Release>, Diagnostics> {
    let versions = tree.releases()?.into_iter();
    diagnostic::all(versions.map(|version| past(tree, version)))
}

/// A past release.
///
/// # Errors
/// Everything that is wrong with any of its files.
pub fn past(tree: &Tree, version: String) -> Result<Release, Diagnostics> {
    let read = |name| tree.read_of_release(&version, name);
    let ((full, text), (sums_file, sums), (names_file, names)) =
        match (read(FULL), read(SUMS), read(NAMES)) {
            (Ok(full), Ok(sums), Ok(names)) => (full, sums, names),
            (full, sums, names) => {
                let errors = [full.err(), sums.err(), names.err()];
                return Err(errors.into_iter().flatten().flatten().collect());
            }
        };
    let registry = review::read(&full, &text).map_err(|errors| {
        let errors = errors.into_iter();
        let errors = errors.map(|error| error.help(review::put_back(&version)));
        errors.collect::<Diagnostics>()
    })?;
    let digest = format!("{}  {FULL}", sha256(text.as_bytes()));
    let strays = strays(&names, &names_file, &version);
    if !strays.is_empty() {
        return Err(strays);
    }
    let names: BTreeSet<String> = names.split_terminator('\n').map(str::to_owned).collect();
    let release = Release {
        version,
        registry,
        names,
        sums,
    };
    let (version, names) = (&release.version, &release.names);
    let either = format!("this or its line in {SUMS}");
    let (what, spoilt) = if release.registry.version != *version {
        ("this", full)
    } else if !release.sums.lines().any(|line| line == digest) {
        (either.as_str(), full)
    } else if !are(names, "id ", export::ids(&release.registry)) || !has_constants(&release) {
        ("this", names_file)
    } else if !are(names, "file ", summed(&release.sums)) {
        ("this", sums_file)
    } else {
        return Ok(release);
    };
    let message = format!("{what} is not what was released as {version}");
    let error = Diagnostic::error(message).in_file(spoilt);
    Err(vec![error.help(review::put_back(version))])
}

/// The lines of a release's list of names that name nothing.
fn strays(names: &str, file: &str, version: &str) -> Diagnostics {
    let kinds = ["column ", "constant ", "file ", "id "];
    let lines = (1..).zip(names.split_terminator('\n'));
    let is_name = |line: &str| {
        let name = kinds.iter().find_map(|kind| line.strip_prefix(kind));
        name.is_some_and(|name| !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic()))
    };
    let strays = lines.filter(|(_, line)| !is_name(line));
    let errors = strays.map(|(number, line)| {
        let line = text::excerpt(line, 60);
        let error = Diagnostic::error(format!("`release` writes no line such as `{line}`"));
        error.at(file, number).help(review::put_back(version))
    });
    errors.collect()
}

/// Whether a release lists the constants of its data. They are known where this program writes the
/// modules that have them all as it did then; elsewhere it may give other names by now.
fn has_constants(release: &Release) -> bool {
    let is_known = ["http_status_codes.rs", "http_status_codes.go"]
        .into_iter()
        .all(|name| {
            let content = export::one(name, &release.registry);
            content.is_some_and(|content| release.held(&Export { name, content }))
        });
    let constants = export::constants(&release.registry).into_keys();
    let mut constants = constants.map(|name| format!("constant {name}"));
    !is_known || constants.all(|name| release.names.contains(&name))
}

/// Whether the names with this start are these, each once.
fn are<'k>(names: &BTreeSet<String>, start: &str, known: impl Iterator<Item = &'k str>) -> bool {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    let names = names.iter().filter_map(|name| name.strip_prefix(start));
    names.eq(known)
}

/// The files of which sums are given, and the file of sums; a line that gives none stands for itself.
fn summed(sums: &str) -> impl Iterator<Item = &str> {
    let names = sums.split_terminator('\n').map(|line| {
        let sum = line
            .split_once("  ")
            .filter(|(digest, _)| is_digest(digest, 64));
        sum.map_or(line, |(_, name)| name)
    });
    names.chain([SUMS])
}

/// What the tree breaks of what its past releases promise.
///
/// # Errors
/// Everything that is wrong with the files of past releases and with `registry/release.yaml`.
pub fn broken_promises(tree: &Tree, built: &Built) -> Result<Diagnostics, Diagnostics> {
    let (release, yaml) = tree.release()?;
    let releases = releases(tree)?;
    let mut errors = lost(&changelog(tree)?, &releases);
    errors.extend(review::broken_promises(
        &releases,
        &built.registry,
        &built.exports,
        &release.removed,
        &yaml,
    ));
    Ok(errors)
}

/// The changelog; empty before the first release.
fn changelog(tree: &Tree) -> Result<String, Diagnostics> {
    if tree.path(CHANGELOG).exists() {
        tree.read(CHANGELOG)
    } else {
        Ok(String::new())
    }
}

/// The releases that the changelog tells of and that are not kept, so that nobody would miss their
/// names; and those that are kept and that it does not tell of.
fn lost(changelog: &str, releases: &[Release]) -> Diagnostics {
    let told: Vec<(u32, &str)> = review::versions(changelog).collect();
    let lost = told
        .iter()
        .filter(|(_, version)| !releases.iter().any(|kept| kept.version == *version));
    let errors = lost.map(|(line, version)| {
        let error = Diagnostic::error(format!("release {version} is not kept in {RELEASES}"));
        let help = format!("bring back {RELEASES}/{version}, as `release` wrote it");
        error.at(CHANGELOG, *line).help(help)
    });
    let untold = releases
        .iter()
        .filter(|kept| !told.iter().any(|(_, version)| kept.version == *version));
    let untold = untold.map(|Release { version, .. }| {
        let error = Diagnostic::error(format!("release {version} is not told of"));
        let help =
            format!("bring back its part, which starts with `## {version}`, as `release` wrote it");
        error.in_file(CHANGELOG).help(help)
    });
    errors.chain(untold).collect()
}

/// A release that is ready to be written.
pub struct Prepared {
    /// Its version.
    pub version: String,
    /// The version of the last one, and what changed since then; nothing if this is the first.
    pub since: Option<(String, Vec<Change>)>,
    /// Every file that it writes.
    pub files: Vec<(String, String)>,
}

/// Makes a release of the tree, dated as `registry/release.yaml` says unless a day is given. Writes nothing.
///
/// # Errors
/// Everything that keeps the tree from being built or released.
pub fn prepare(tree: &Tree, date: Option<Date>) -> Result<Prepared, Diagnostics> {
    let mut registry = registry(tree)?;
    let (stated, yaml) = tree.release()?;
    let releases = releases(tree)?;
    registry.date = date.unwrap_or(registry.date);
    let mut since = None;
    if let Some(last) = releases.last() {
        let found =
            review::changes_since(last, &registry, &export::all(&registry), &stated.removed);
        let asked = review::next_version(&last.version, &found);
        if version_numbers(&asked) > version_numbers(&registry.version) {
            registry.version = asked;
        }
        if found.is_empty() {
            let message = format!("nothing changed since release {}", last.version);
            let error = yaml.error(&["version"], message);
            return Err(vec![error.help("there is nothing to release")]);
        }
        since = Some((last.version.clone(), found));
    }
    let version = registry.version.clone();
    let exports = export::all(&registry);
    let changelog = changelog(tree)?;
    let mut errors = lost(&changelog, &releases);
    errors.extend(review::broken_promises(
        &releases,
        &registry,
        &exports,
        &stated.removed,
        &yaml,
    ));
    if releases.iter().any(|past| past.version == version) {
        let error = yaml.error(
            &["version"],
            format!("there is a release {version} already"),
        );
        errors.push(error.help("write the version that is to come"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let changes = since.as_ref().map(|(_, changes)| changes.as_slice());
    let entry = review::with_entry(&changelog, &registry, changes);
    let folder = format!("{RELEASES}/{version}");
    let names: Vec<String> = export::names(&registry, &exports).into_iter().collect();
    let mut files = tree_files(&exports);
    let kept = exports
        .iter()
        .filter(|export| [FULL, SUMS].contains(&export.name));
    files.extend(kept.map(|export| (format!("{folder}/{}", export.name), export.content.clone())));
    files.push((format!("{folder}/{NAMES}"), names.join("\n") + "\n"));
    files.push((CHANGELOG.to_owned(), entry));
    files.push(tree.redated(&version, registry.date)?);
    Ok(Prepared {
        version,
        since,
        files,
    })
}
