//! What was read, so that nothing is written that no longer follows from it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics, all};

/// The files that were read, each as it was before.
#[derive(Debug, Default)]
pub struct Seen(Mutex<BTreeMap<String, Option<State>>>);

/// What is looked at to tell whether a file has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    length: u64,
    modified: Option<SystemTime>,
}

impl Seen {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Option<State>>> {
        // No step in between leaves the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tree {
    /// Takes note of a file that is going to be read.
    pub(super) fn see(&self, file: &str) {
        let state = self.state(file);
        self.seen.files().entry(file.to_owned()).or_insert(state);
    }

    /// The names of the files that were read.
    #[must_use]
    pub fn files_read(&self) -> Vec<String> {
        self.seen.files().keys().cloned().collect()
    }

    /// Fails for each file that has changed since it was read: another run may have written it, or a person.
    pub(super) fn must_be_as_read(&self) -> Result<(), Diagnostics> {
        let seen = self.seen.files();
        all(seen.iter().map(|(file, state)| {
            if self.state(file) == *state {
                return Ok(());
            }
            let error = Diagnostic::error("this has changed since it was read").in_file(file);
            Err(vec![
                error.help("run this again, and nothing else beside it"),
            ])
        }))?;
        Ok(())
    }

    /// Takes note that files are written: they are read anew the next time.
    pub(super) fn forget<'f>(&self, files: impl Iterator<Item = &'f str>) {
        let mut seen = self.seen.files();
        for file in files {
            seen.remove(file);
        }
    }

    fn state(&self, file: &str) -> Option<State> {
        let found = fs::metadata(self.path(file)).ok()?;
        Some(State {
            length: found.len(),
            modified: found.modified().ok(),
        })
    }
}
