//! Keeping two runs of the program out of each other's way.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::time::Duration;

use super::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// How long a run waits for another one that writes. Writing takes less than a second.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How long it waits before it looks again.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// A lock on the checkout. It ends when this is dropped, and when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Tree {
    /// Keeps other runs from fetching until it is dropped.
    ///
    /// # Errors
    /// Another run that is fetching now.
    pub fn lock_fetches(&self) -> Result<Lock, Diagnostics> {
        let place = "sources";
        let file = self.lockable(place)?;
        if try_lock(&file, place)? {
            return Ok(Lock { _file: file });
        }
        let error = Diagnostic::error("another `fetch` is running in this checkout");
        let help = "wait until it has ended and run this again";
        Err(vec![error.in_file(place).help(help)])
    }

    /// Waits until no other run writes, and keeps them from it until it is dropped.
    pub(super) fn lock_writes(&self) -> Result<Lock, Diagnostics> {
        let place = "registry";
        let file = self.lockable(place)?;
        for _ in 0..LONGEST_WAIT.as_millis() / BETWEEN_TRIES.as_millis() {
            if try_lock(&file, place)? {
                return Ok(Lock { _file: file });
            }
            std::thread::sleep(BETWEEN_TRIES);
        }
        let who = match self.journal() {
            Ok(Some(journal)) => format!("process {} is writing here", journal.process),
            _ => "another process has locked this folder".to_owned(),
        };
        let wait = LONGEST_WAIT.as_secs();
        let error = Diagnostic::error(format!("{who}; waited {wait} s for its end"));
        Err(vec![error.in_file(place).help(
            "run this again later; if that process never ends, end it: what it has written so far is then taken back",
        )])
    }

    /// Whether no other run writes.
    pub(super) fn is_lockable(&self) -> bool {
        let place = "registry";
        let locked = self.lockable(place).and_then(|file| try_lock(&file, place));
        locked.unwrap_or(true)
    }

    /// A folder itself where the system can lock one, so that no file is left behind; a file in it
    /// elsewhere.
    fn lockable(&self, folder: &str) -> Result<File, Diagnostics> {
        let opened = if cfg!(unix) {
            File::open(self.path(folder))
        } else {
            File::create(self.path(folder).join(".lock"))
        };
        opened.map_err(|error| vec![Diagnostic::io("open", folder, &error)])
    }
}

/// Locks a file, unless another process has locked it.
fn try_lock(file: &File, place: &str) -> Result<bool, Diagnostics> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        // Some network file systems have no locks. There, people must take turns.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(vec![Diagnostic::io("lock", place, &error)]),
    }
}
