//! Releases: those that were made, what they promise, and the next one.

use crate::diagnostic::{self, Diagnostic, Diagnostics};
use crate::digest::sha256;
use crate::model::{Date, version_numbers};
use crate::review::{self, Change, Release};
use crate::tree::{CHANGELOG, FULL, NAMES, RELEASES, SUMS, Tree};
use crate::{Built, build, export, tree_files};

/// The past releases, the oldest first.
///
/// # Errors
/// Everything that is wrong with any of their files.
pub fn releases(tree: &Tree) -> Result<Vec<Release>, Diagnostics> {
    diagnostic::all(tree.releases()?.into_iter().map(|version| {
        let folder = format!("{RELEASES}/{version}");
        let full = format!("{folder}/{FULL}");
        let registry = review::read(&full, &tree.read(&full)?)?;
        if registry.version != version {
            let message = format!("this is version {}, not {version}", registry.version);
            let error = Diagnostic::error(message).in_file(full);
            return Err(vec![error.help("put back what `release` wrote")]);
        }
        let names = tree.read(&format!("{folder}/{NAMES}"))?;
        Ok(Release {
            version,
            registry,
            names: names.lines().map(str::to_owned).collect(),
            sums: tree.read(&format!("{folder}/{SUMS}"))?,
        })
    }))
}

/// What the tree breaks of what its past releases promise.
///
/// # Errors
/// Everything that is wrong with the files of past releases and with `registry/release.yaml`.
pub fn broken_promises(tree: &Tree, built: &Built) -> Result<Diagnostics, Diagnostics> {
    let (release, yaml) = tree.release()?;
    Ok(review::broken_promises(
        &releases(tree)?,
        &built.registry,
        &built.exports,
        &release.removed,
        &yaml,
    ))
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
    let mut registry = build(tree)?.registry;
    let (stated, yaml) = tree.release()?;
    let releases = releases(tree)?;
    registry.date = date.unwrap_or(registry.date);
    let mut since = None;
    if let Some(last) = releases.last() {
        let found = review::changes_since(last, &registry, &export::all(&registry));
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
    let mut errors =
        review::broken_promises(&releases, &registry, &exports, &stated.removed, &yaml);
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
    let changelog = if tree.path(CHANGELOG).exists() {
        Some(tree.read(CHANGELOG)?)
    } else {
        None
    };
    let changes = since.as_ref().map(|(_, changes)| changes.as_slice());
    let entry = review::with_entry(changelog.as_deref(), &registry, changes);
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

/// What a copied file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// An export of the checkout's own version.
    Newest {
        /// The export's name.
        export: String,
        /// Its version.
        version: String,
    },
    /// An export of an older version, and newer ones change nothing in it but the version.
    NothingToNotice {
        /// The export's name.
        export: String,
        /// Its version.
        version: String,
        /// The checkout's version.
        newest: String,
    },
    /// An export of an older version.
    Outdated {
        /// The export's name.
        export: String,
        /// Its version.
        version: String,
        /// The checkout's version.
        newest: String,
        /// What changed since then that can be seen in it.
        changes: Vec<Change>,
    },
    /// An export whose line ends were changed.
    LineEnds {
        /// The export's name.
        export: String,
        /// Its version.
        version: String,
    },
    /// An export that was changed otherwise.
    Modified {
        /// The export's name.
        export: String,
        /// The version that it says it is.
        version: String,
        /// The first line that differs, from 1, where that version is the checkout's.
        line: Option<usize>,
    },
    /// Nothing that this registry has exported, as far as the checkout knows.
    Unknown,
}

/// Tells what files are that were copied out of the exports: each by its name and its bytes.
///
/// # Errors
/// Everything that keeps the tree from being built, or its past releases from being read.
pub fn verify(tree: &Tree, files: &[(String, &[u8])]) -> Result<Vec<Verdict>, Diagnostics> {
    let built = build(tree)?;
    let releases = releases(tree)?;
    let archive = Archive {
        built: &built,
        releases: &releases,
    };
    let verdicts = files.iter().map(|(name, bytes)| archive.judge(name, bytes));
    Ok(verdicts.collect())
}

/// All exports that a checkout knows of.
struct Archive<'a> {
    built: &'a Built,
    releases: &'a [Release],
}

impl Archive<'_> {
    fn judge(&self, name: &str, bytes: &[u8]) -> Verdict {
        let newest = &self.built.registry.version;
        if let Some((export, version)) = self.find(bytes) {
            let mut releases = self.releases.iter();
            return match releases.find(|release| release.version == version) {
                Some(release) if version != *newest => self.compare(export, release, bytes),
                _ => Verdict::Newest { export, version },
            };
        }
        let text = String::from_utf8_lossy(bytes);
        let unix = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        if let Some((export, version)) = self.find(unix.as_bytes()) {
            return Verdict::LineEnds { export, version };
        }
        let versions = self.releases.iter().map(|release| &release.version);
        let said = versions
            .chain([newest])
            .find(|version| says(&unix, version));
        let mut exports = self.built.exports.iter();
        match (said, exports.find(|export| export.name == name)) {
            (Some(version), Some(export)) => Verdict::Modified {
                export: export.name.to_owned(),
                version: version.clone(),
                line: (version == newest).then(|| first_difference(&unix, &export.content)),
            },
            _ => Verdict::Unknown,
        }
    }

    /// The export that has these bytes: its name and version.
    fn find(&self, bytes: &[u8]) -> Option<(String, String)> {
        let mut exports = self.built.exports.iter();
        if let Some(export) = exports.find(|export| export.content.as_bytes() == bytes) {
            let version = self.built.registry.version.clone();
            return Some((export.name.to_owned(), version));
        }
        let digest = sha256(bytes);
        let mut releases = self.releases.iter().rev();
        releases.find_map(|release| {
            if release.sums.as_bytes() == bytes {
                return Some((SUMS.to_owned(), release.version.clone()));
            }
            let mut lines = release.sums.lines();
            let name = lines
                .find_map(|line| line.strip_prefix(&digest))?
                .trim_start();
            Some((name.to_owned(), release.version.clone()))
        })
    }

    /// What an unmodified export of an older version lacks.
    fn compare(&self, export: String, release: &Release, bytes: &[u8]) -> Verdict {
        let (new, version) = (&self.built.registry, release.version.clone());
        let newest = new.version.clone();
        let content = |exports: &[export::Export]| {
            let mut exports = exports.iter();
            let found = exports.find(|own| own.name == export);
            found.map(|found| found.content.clone())
        };
        // The old data under the new version: what differs then is what the data says.
        let mut old = release.registry.clone();
        let form_changed = content(&export::all(&old)).is_none_or(|text| text.as_bytes() != bytes);
        old.version.clone_from(&new.version);
        old.date = new.date;
        if !form_changed && content(&export::all(&old)) == content(&self.built.exports) {
            return Verdict::NothingToNotice {
                export,
                version,
                newest,
            };
        }
        let changes = review::changes_since(release, new, &self.built.exports);
        let seen = |change: &Change| export::shows(&export, change.field);
        Verdict::Outdated {
            changes: changes.into_iter().filter(seen).collect(),
            export,
            version,
            newest,
        }
    }
}

/// Whether a file says that it is of this version: in its header, or as the full export does.
fn says(text: &str, version: &str) -> bool {
    let head: String = text.lines().take(10).collect::<Vec<_>>().join("\n");
    head.contains(&format!("Data version {version},"))
        || head.contains(&format!("\"version\": \"{version}\""))
}

/// The first line in which two texts differ, from 1.
fn first_difference(one: &str, two: &str) -> usize {
    let same = one.lines().zip(two.lines());
    same.take_while(|(one, two)| one == two).count() + 1
}
