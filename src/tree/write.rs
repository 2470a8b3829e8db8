//! Writing what is generated: all of it or nothing.

use std::fs;
use std::path::{Path, PathBuf};

use super::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics, all};

impl Tree {
    /// Which of the files would change if they were written.
    ///
    /// # Errors
    /// A file that is there but cannot be read.
    pub fn stale<'f>(
        &self,
        files: &'f [(String, String)],
    ) -> Result<Vec<&'f (String, String)>, Diagnostics> {
        let stale = files.iter().map(|file| match fs::read(self.path(&file.0)) {
            Ok(bytes) => Ok((bytes != file.1.as_bytes()).then_some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Some(file)),
            Err(error) => Err(vec![Diagnostic::io("read", &file.0, &error)]),
        });
        Ok(all(stale)?.into_iter().flatten().collect())
    }

    /// Writes those of the files that change, and returns their names. All are written beside
    /// their places first and moved there only when that has worked.
    ///
    /// # Errors
    /// A file that cannot be written. Then none has changed, unless moving one failed.
    pub fn write(&self, files: &[(String, String)]) -> Result<Vec<String>, Diagnostics> {
        let stale = self.stale(files)?;
        let mut staged: Vec<(PathBuf, PathBuf, &str)> = Vec::new();
        for (file, content) in stale {
            let place = self.path(file);
            let beside = place.with_file_name(format!(
                ".{}.new",
                place.file_name().unwrap_or_default().to_string_lossy()
            ));
            let written = place
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| {
                    staged.push((beside.clone(), place, file));
                    write_synced(&beside, content)
                });
            if let Err(error) = written {
                discard(&staged);
                return Err(vec![Diagnostic::io("write", file, &error)]);
            }
        }
        for (beside, place, file) in &staged {
            if let Err(error) = fs::rename(beside, place) {
                discard(&staged);
                return Err(vec![Diagnostic::io("write", *file, &error)]);
            }
        }
        Ok(staged
            .into_iter()
            .map(|(_, _, file)| file.to_owned())
            .collect())
    }
}

fn write_synced(path: &Path, content: &str) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    std::io::Write::write_all(&mut file, content.as_bytes())?;
    file.sync_all()
}

/// Removes what was written beside the places, as far as it is still there.
fn discard(staged: &[(PathBuf, PathBuf, &str)]) {
    for (beside, ..) in staged {
        // It may have been moved already; there is nothing more to do if it cannot be removed.
        let _ = fs::remove_file(beside);
    }
}
