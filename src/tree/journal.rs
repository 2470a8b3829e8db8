//! What a run is writing, for the next one to know should it stop on the way.

use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::{CHANGELOG, Tree};
use crate::diagnostic::{Diagnostic, Diagnostics, all};
use crate::model::text;
use crate::yaml::{MAX_FILE, too_large};

/// The journal's file, in the root of the checkout while a run writes.
pub const JOURNAL: &str = ".pending";

/// What a run is writing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journal {
    /// Whether all files are in their places, so that none is taken back.
    pub done: bool,
    /// The process that writes, for people.
    pub process: u32,
    /// The files.
    pub files: Vec<Change>,
    /// The folders that are made for them, each before those in it.
    #[serde(default)]
    pub folders: Vec<String>,
}

/// A file that is replaced.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Its name in the tree.
    pub file: String,
    /// The digest of what was there; nothing if nothing was.
    pub old: Option<String>,
    /// The digest of what comes there.
    pub new: String,
}

impl Journal {
    /// The journal of this process.
    pub fn new(files: Vec<Change>, folders: Vec<String>) -> Self {
        Self {
            done: false,
            process: std::process::id(),
            files,
            folders,
        }
    }

    /// Its text, for its file.
    pub fn text(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

impl Tree {
    /// The journal, if a run is writing or stopped while it wrote.
    ///
    /// # Errors
    /// A file of this name that no run wrote, or that names files that no run writes.
    pub(super) fn journal(&self) -> Result<Option<Journal>, Diagnostics> {
        let Some(text) = self.content(JOURNAL, MAX_FILE)? else {
            return Ok(None);
        };
        if text.len() > MAX_FILE {
            return Err(vec![too_large(JOURNAL)]);
        }
        let refused = |message: String| {
            vec![Diagnostic::error(message).in_file(JOURNAL).help(
                "no run of this program wrote this file: delete it, and look at `git status`",
            )]
        };
        let journal: Journal = serde_json::from_slice(&text)
            .map_err(|error| refused(format!("this is no journal: {error}")))?;
        let files = journal.files.iter();
        let files = files.map(|change| (&change.file, change.file.clone()));
        // A folder may be the one that all of them are in.
        let folders = journal.folders.iter();
        let folders = folders.map(|folder| (folder, format!("{folder}/")));
        for (name, whole) in files.chain(folders) {
            let shown = text::excerpt(name, 60);
            if !is_inside(name) {
                return Err(refused(format!("`{shown}` lies outside the checkout")));
            }
            let ours = ["exports/", "registry/", "sources/"];
            if name != CHANGELOG && !ours.iter().any(|ours| whole.starts_with(ours)) {
                return Err(refused(format!("no run writes `{shown}`")));
            }
        }
        let files = journal.files.iter().map(|change| change.file.clone());
        // No link may lead out of the checkout where a folder is removed, either.
        let folders = journal.folders.iter();
        let folders = folders.map(|folder| format!("{folder}/{JOURNAL}"));
        all(files
            .chain(folders)
            .map(|file| self.must_be_writable(&file)))
        .map_err(|mut errors| {
            // One thing may be in the way of all files of a folder.
            errors.dedup();
            errors
        })?;
        Ok(Some(journal))
    }
}

/// Whether a name leads to a file in the checkout and not out of it.
fn is_inside(name: &str) -> bool {
    name.split('/').all(|part| {
        let mut parts = Path::new(part).components();
        matches!(parts.next(), Some(Component::Normal(name)) if name == part)
            && parts.next().is_none()
    })
}
