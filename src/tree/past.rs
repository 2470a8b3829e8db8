//! Full exports of other times and places: files, past releases, revisions of git.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use super::{EXPORTS, Tree, decode, read_file};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::text::excerpt;
use crate::model::version_numbers;
use crate::review::put_back;
use crate::yaml::{MAX_FILE, too_large};

/// The folder of the past releases, each in a folder with its version for a name.
pub const RELEASES: &str = "registry/releases";

/// The name of the full export.
pub const FULL: &str = "http-status-codes.json";

/// The name of the list of the names that a release published.
pub const NAMES: &str = "names.txt";

/// The file that tells people what changed.
pub const CHANGELOG: &str = "CHANGELOG.md";

/// What to do where nothing of a name is found.
const NAME_ONE: &str = "name a full export, a version such as 1.0.0, or a revision such as HEAD";

impl Tree {
    /// The versions of the past releases, the oldest first.
    ///
    /// # Errors
    /// A folder that cannot be read or whose name is no version.
    pub fn releases(&self) -> Result<Vec<String>, Diagnostics> {
        let mut releases = Vec::new();
        for name in self.list(RELEASES)? {
            let Some(numbers) = version_numbers(&name) else {
                let error = Diagnostic::error(format!("`{name}` is no version")).in_file(RELEASES);
                return Err(vec![error.help("only `release` writes here: take it out")]);
            };
            releases.push((numbers, name));
        }
        releases.sort();
        Ok(releases.into_iter().map(|(_, name)| name).collect())
    }

    /// The name and the text of a file of a past release.
    ///
    /// # Errors
    /// A file that is not there or cannot be read.
    pub fn read_of_release(
        &self,
        version: &str,
        name: &str,
    ) -> Result<(String, String), Diagnostics> {
        let file = format!("{RELEASES}/{version}/{name}");
        if !self.path(&file).exists() {
            let help = put_back(version);
            let help = format!("{help}\nif there was no such release, take its folder out");
            let error = Diagnostic::error(format!("release {version} lacks this file"));
            return Err(vec![error.in_file(file).help(help)]);
        }
        let text = self.read(&file)?;
        Ok((file, text))
    }

    /// A full export: a file's, or that of a revision of git. Also the name to report its faults under.
    ///
    /// # Errors
    /// Nothing of that name, and git's own errors.
    pub fn full_export(&self, name: &OsStr) -> Result<(String, String), Diagnostics> {
        let path = Path::new(name);
        let shown = path.display().to_string();
        // It may be a pipe.
        if path.exists() && !path.is_dir() {
            let text = decode(&shown, read_file(path, &shown)?)?;
            return Ok((shown, text));
        }
        if path.is_dir() {
            let error = Diagnostic::error("this is a folder").in_file(shown);
            return Err(vec![
                error.help("name an http-status-codes.json or .yaml in it"),
            ]);
        }
        // Only a file has a name that is not Unicode.
        let Some(name) = name.to_str() else {
            let error = Diagnostic::error("there is no such file").in_file(shown);
            return Err(vec![error.help(NAME_ONE)]);
        };
        self.at_revision(name)
    }

    /// The version of the past release that a name such as `1.0.0` or `v1.0.0` means, if no file has it.
    ///
    /// # Errors
    /// A folder of releases that cannot be read.
    pub fn version_named(&self, name: &OsStr) -> Result<Option<String>, Diagnostics> {
        let path = Path::new(name);
        let version = name
            .to_str()
            .map(|name| name.strip_prefix('v').unwrap_or(name));
        let version = version.filter(|version| version_numbers(version).is_some());
        match version {
            Some(version) if path.is_dir() || !path.exists() => {
                let mut releases = self.releases()?.into_iter();
                Ok(releases.find(|release| release == version))
            }
            _ => Ok(None),
        }
    }

    fn at_revision(&self, revision: &str) -> Result<(String, String), Diagnostics> {
        let commit = self.git(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{revision}^{{commit}}"),
        ])?;
        if !commit.status.success() {
            let name = excerpt(revision, 60);
            let help = NAME_ONE;
            let why = git_says(&commit);
            // It says nothing if it looked and found none.
            let error = if commit.stderr.is_empty() || why.contains("not a git repository") {
                let message =
                    format!("`{name}` is no file, no past release and no revision of git");
                let help = format!("{help}; in a shallow clone, fetch the revision first");
                Diagnostic::error(message).help(help)
            } else {
                let message = format!(
                    "`{name}` is no file and no past release, and git cannot look for a revision"
                );
                Diagnostic::error(message).help(format!("{help}\n{why}"))
            };
            return Err(vec![error]);
        }
        let commit = String::from_utf8_lossy(&commit.stdout).trim().to_owned();
        let file = format!("{EXPORTS}/{FULL}");
        let label = format!("{revision}:{file}");
        let blob = format!("{commit}:./{file}");
        let length = self.git(&["cat-file", "-s", &blob])?;
        let length = String::from_utf8_lossy(&length.stdout).trim().parse();
        if length.is_ok_and(|length: usize| length > MAX_FILE) {
            return Err(vec![too_large(label)]);
        }
        let shown = self.git(&["show", &blob])?;
        if shown.status.success() {
            let text = decode(&label, shown.stdout)?;
            return Ok((label, text));
        }
        let folders = self.git(&["ls-tree", "--name-only", &commit, "exports/"])?;
        let folders = String::from_utf8_lossy(&folders.stdout).into_owned();
        let others: Vec<&str> = folders.lines().collect();
        let error = if others.contains(&EXPORTS) {
            let message = format!("git cannot show {file} in the revision `{revision}`");
            Diagnostic::error(message).help(git_says(&shown))
        } else if others.is_empty() {
            Diagnostic::error(format!("there is no {file} in the revision `{revision}`"))
                .help("name a revision in which `build` was run")
        } else {
            let message = format!(
                "the revision `{revision}` has exports of another schema: {}",
                others.join(", ")
            );
            Diagnostic::error(message).help(
                "exports of different schemas cannot be compared; use the program of that revision to look at them",
            )
        };
        Err(vec![error])
    }

    /// Runs git in the checkout, where it only reads.
    ///
    /// # Errors
    /// No git.
    pub fn git(&self, arguments: &[&str]) -> Result<Output, Diagnostics> {
        let mut command = Command::new("git");
        command.arg("--no-optional-locks").arg("-C");
        command.arg(&self.root).args(arguments);
        // What it says is English, as all else here.
        command.env("LC_ALL", "C");
        command.output().map_err(|error| {
            let error = Diagnostic::error(format!("cannot run git: {error}"));
            vec![error.help("install git, or name files instead of revisions")]
        })
    }
}

/// Why git failed, in its own words.
#[must_use]
pub fn git_says(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr).replace('\t', "    ");
    format!("git says: {}", told.trim())
}
