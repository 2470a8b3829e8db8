//! The documents that were downloaded, outside the checkout, each under its SHA-256.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::sha256;

/// A folder of documents, named by their digests.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// The cache in a folder, which need not be there yet; the user's own unless one is given.
    ///
    /// # Errors
    /// A user without a home.
    pub fn open(folder: Option<&Path>) -> Result<Self, Diagnostics> {
        if let Some(folder) = folder {
            return Ok(Self {
                folder: folder.to_owned(),
            });
        }
        let strategy = etcetera::choose_base_strategy().map_err(|error| {
            let error = Diagnostic::error(format!("no folder for the cache is known: {error}"));
            vec![error.help("name one with --cache DIR")]
        })?;
        Ok(Self {
            folder: strategy.cache_dir().join(env!("CARGO_PKG_NAME")),
        })
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The document with a digest. A file whose bytes have another one is not it.
    #[must_use]
    pub fn get(&self, digest: &str) -> Option<Vec<u8>> {
        let bytes = fs::read(self.folder.join(digest)).ok()?;
        (sha256(&bytes) == digest).then_some(bytes)
    }

    /// Keeps a document, and returns its place.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub fn put(&self, bytes: &[u8]) -> Result<PathBuf, Diagnostic> {
        let digest = sha256(bytes);
        let place = self.folder.join(&digest);
        if self.get(&digest).is_some() {
            return Ok(place);
        }
        let failed = |error| {
            Diagnostic::io("write to the cache", place.display().to_string(), &error)
                .help("name another folder with --cache DIR")
        };
        fs::create_dir_all(&self.folder).map_err(failed)?;
        // Two runs may keep the same document at once.
        let beside = self
            .folder
            .join(format!(".{digest}.{}.new", std::process::id()));
        fs::write(&beside, bytes)
            .and_then(|()| fs::rename(&beside, &place))
            .map_err(|error| {
                // What is left is no document's name, so it does no harm.
                let _ = fs::remove_file(&beside);
                failed(error)
            })?;
        Ok(place)
    }
}
