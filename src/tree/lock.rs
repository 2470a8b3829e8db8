//! Keeping two runs of the program out of each other's way.

use std::fs::{File, TryLockError};

use super::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// A lock on the checkout. It ends when this is dropped, and when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Tree {
    /// Keeps other runs from fetching until it is dropped.
    ///
    /// # Errors
    /// Another run that is fetching now.
    pub fn lock_fetches(&self) -> Result<Lock, Diagnostics> {
        let place = "sources";
        let file = self.lockable(place)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => {
                let error = Diagnostic::error("another `fetch` is running in this checkout");
                Err(vec![error.in_file(place).help(
                    "wait until it has ended and run this again, or look without writing: --dry-run",
                )])
            }
            Err(TryLockError::Error(error)) => Err(vec![Diagnostic::io("lock", place, &error)]),
        }
    }

    /// Waits until no other run writes, and keeps them from it until it is dropped.
    pub(super) fn lock_writes(&self) -> Result<Lock, Diagnostics> {
        let place = "registry";
        let file = self.lockable(place)?;
        match file.lock() {
            Ok(()) => Ok(Lock { _file: Some(file) }),
            // Some network file systems have no locks. There, people must take turns.
            Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
                Ok(Lock { _file: None })
            }
            Err(error) => Err(vec![Diagnostic::io("lock", place, &error)]),
        }
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
