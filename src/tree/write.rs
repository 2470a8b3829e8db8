//! Writing what is generated: all of it or nothing.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics, all};
use crate::model::text;

impl Tree {
    /// Which of the files would change if they were written.
    ///
    /// # Errors
    /// A file that is there but cannot be read.
    pub fn stale<'f, C: AsRef<[u8]>>(
        &self,
        files: &'f [(String, C)],
    ) -> Result<Vec<&'f (String, C)>, Diagnostics> {
        let stale = files.iter().map(|file| match fs::read(self.path(&file.0)) {
            Ok(bytes) => Ok((bytes != file.1.as_ref()).then_some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Some(file)),
            Err(error) => Err(vec![Diagnostic::io("read", &file.0, &error)]),
        });
        Ok(all(stale)?.into_iter().flatten().collect())
    }

    /// Writes those of the files that change, and returns their names: all of them or none.
    ///
    /// Each is written beside its place first. A list of them, [`PENDING`], says whether to take
    /// them back or to move them to their places, should the program be killed on the way.
    ///
    /// # Errors
    /// A file that cannot be written. Then none has changed, unless moving one failed: then the
    /// next run moves the rest.
    pub fn write<C: AsRef<[u8]>>(&self, files: &[(String, C)]) -> Result<Vec<String>, Diagnostics> {
        let _lock = self.lock_writes()?;
        let stale = self.stale(files)?;
        let names: Vec<&str> = stale.iter().map(|(file, _)| file.as_str()).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let staged = self
            .list_pending(STAGING, &names)
            .and_then(|()| self.stage(&stale))
            .and_then(|()| self.list_pending(MOVING, &names));
        if let Err(errors) = staged {
            self.discard(&names);
            return Err(errors);
        }
        self.move_staged(&names)?;
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// Finishes or takes back what a run that was killed has left.
    pub(super) fn recover(&self) -> Result<(), Diagnostics> {
        if !self.path(PENDING).exists() && !self.beside(PENDING).exists() {
            return Ok(());
        }
        // Whoever wrote the list may be alive; then it is gone once the lock is ours.
        let _lock = self.lock_writes()?;
        let pending = match fs::read_to_string(self.path(PENDING)) {
            Ok(pending) => pending,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // It was killed while it wrote the list, before all else.
                let _ = fs::remove_file(self.beside(PENDING));
                return Ok(());
            }
            Err(error) => return Err(vec![Diagnostic::io("read", PENDING, &error)]),
        };
        let mut lines = pending.lines();
        let stage = lines.next();
        let names: Vec<&str> = lines.collect();
        if let Some(name) = names.iter().find(|name| !is_inside(name)) {
            let error = Diagnostic::error(format!(
                "`{}` lies outside the checkout",
                text::printable(name)
            ));
            return Err(vec![
                error
                    .in_file(PENDING)
                    .help("no run of this program wrote this file: delete it"),
            ]);
        }
        if stage == Some(MOVING) {
            self.move_staged(&names)
        } else {
            self.discard(&names);
            Ok(())
        }
    }

    fn list_pending(&self, stage: &str, names: &[&str]) -> Result<(), Diagnostics> {
        let content = format!("{stage}\n{}\n", names.join("\n"));
        let (place, beside) = (self.path(PENDING), self.beside(PENDING));
        write_synced(&beside, content.as_bytes())
            .and_then(|()| fs::rename(&beside, &place))
            .map_err(|error| vec![Diagnostic::io("write", PENDING, &error)])
    }

    fn stage<C: AsRef<[u8]>>(&self, files: &[&(String, C)]) -> Result<(), Diagnostics> {
        all(files.iter().map(|(file, content)| {
            let place = self.path(file);
            let failed = |error| vec![Diagnostic::io("write", file, &error)];
            if place.is_dir() {
                let error = Diagnostic::error("cannot write: there is a folder of this name");
                return Err(vec![error.in_file(file).help("move the folder away")]);
            }
            place
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| write_synced(&self.beside(file), content.as_ref()))
                .map_err(failed)
        }))
        .map(drop)
    }

    /// Moves what is still staged to its place, and forgets the list.
    fn move_staged(&self, names: &[&str]) -> Result<(), Diagnostics> {
        for name in names {
            match fs::rename(self.beside(name), self.path(name)) {
                Ok(()) => {}
                // It was moved before the program was killed.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => {
                    let error = Diagnostic::io("write", *name, &error);
                    return Err(vec![
                        error.help("mend this, and run any command again: it writes the rest"),
                    ]);
                }
            }
        }
        for name in names {
            sync_folder_of(&self.path(name));
        }
        let _ = fs::remove_file(self.beside(PENDING));
        fs::remove_file(self.path(PENDING))
            .map_err(|error| vec![Diagnostic::io("remove", PENDING, &error)])
    }

    /// Removes what is staged, and the list. What cannot be removed does no harm.
    fn discard(&self, names: &[&str]) {
        for name in names.iter().chain([&PENDING]) {
            let _ = fs::remove_file(self.beside(name));
            // Folders that were made for it are empty now; others stay, for they cannot be removed so.
            let folders = name.rmatch_indices('/').map(|(end, _)| &name[..end]);
            for folder in folders {
                let _ = fs::remove_dir(self.path(folder));
            }
        }
        let _ = fs::remove_file(self.path(PENDING));
    }

    /// Where a file is staged: beside its place, so that moving it is one step.
    fn beside(&self, file: &str) -> PathBuf {
        let place = self.path(file);
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        place.with_file_name(format!(".{name}.new"))
    }
}

/// The list of the files that are being written, in the root of the checkout.
const PENDING: &str = ".pending";
/// The first line of the list while files are written beside their places.
const STAGING: &str = "staging";
/// The first line of the list once all are written, and are moved to their places.
const MOVING: &str = "moving";

/// Whether a name leads to a file in the checkout and not out of it.
fn is_inside(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    parts.iter().all(|part| {
        !part.is_empty() && *part != "." && *part != ".." && !part.contains(['\\', ':'])
    })
}

fn write_synced(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    std::io::Write::write_all(&mut file, content)?;
    file.sync_all()
}

/// Makes moves in a folder last, on systems that can; elsewhere they last anyway or cannot be helped.
fn sync_folder_of(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| fs::File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}
