//! Writing what is generated: all of it or nothing.
//!
//! Each file is written beside its place, and the old one gets a second name there, before the
//! first is moved to its place. A [`Journal`] tells the next run what to take back, should this one
//! be killed on the way, or be unable to take it back itself.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::Tree;
use super::disk;
use super::journal::{Change, JOURNAL, Journal};
use crate::diagnostic::{Diagnostic, Diagnostics, all, apart};
use crate::digest::{sha256, sha256_of};

impl Tree {
    /// Which of the files would change if they were written.
    ///
    /// # Errors
    /// A file that is there but cannot be read.
    pub fn stale<'f, C: AsRef<[u8]>>(
        &self,
        files: &'f [(String, C)],
    ) -> Result<Vec<&'f (String, C)>, Diagnostics> {
        let stale = files.iter().map(|file| {
            let content = file.1.as_ref();
            let there = self.content(&file.0, content.len())?;
            Ok((there.as_deref() != Some(content)).then_some(file))
        });
        Ok(all(stale)?.into_iter().flatten().collect())
    }

    /// Writes those of the files that change, and returns their names: all of them or none.
    ///
    /// # Errors
    /// A file that cannot be written, or one that has changed since it was read. Then nothing is written,
    /// unless an old file cannot be put back: see [`remains`].
    pub fn write<C: AsRef<[u8]>>(&self, files: &[(String, C)]) -> Result<Vec<String>, Diagnostics> {
        let _lock = self.lock_writes()?;
        if self.journal()?.is_some() {
            let error = Diagnostic::error("another run stopped while it wrote here");
            return Err(vec![error.in_file(JOURNAL).help(
                "run this again: it takes back what the other run had written, and reads anew",
            )]);
        }
        self.must_be_as_read()?;
        let stale = self.stale(files)?;
        if stale.is_empty() {
            return Ok(Vec::new());
        }
        let mut journal = Journal::new(self.changes(&stale)?, self.lacking_folders(&stale));
        let written = self.log(&journal).and_then(|()| {
            self.sync_folders([JOURNAL].into_iter())?;
            self.stage(&stale)?;
            self.move_staged(&journal)?;
            journal.done = true;
            self.log(&journal)
        });
        if let Err(mut errors) = written {
            // If it could not be said that all is written, all is taken back.
            journal.done = false;
            errors.extend(self.take_back(&journal).err().into_iter().flatten());
            return Err(errors);
        }
        // From here on it is written. What fails now, the next run does.
        let _ = self.sync_folders([JOURNAL].into_iter());
        let _ = self.clean_up(&journal);
        self.forget(journal.files.iter().map(|change| change.file.as_str()));
        Ok(stale.into_iter().map(|(file, _)| file.clone()).collect())
    }

    /// What writing the files changes, if nothing stands in the way.
    fn changes<C: AsRef<[u8]>>(&self, files: &[&(String, C)]) -> Result<Vec<Change>, Diagnostics> {
        let names = files.iter().flat_map(|(file, _)| {
            let besides = [NEW, OLD].map(|what| beside(file, what));
            [file.clone()].into_iter().chain(besides)
        });
        let names = names.chain([JOURNAL.to_owned(), beside(JOURNAL, NEW)]);
        all(names.map(|name| self.must_be_writable(&name))).map_err(|mut errors| {
            // One thing may be in the way of all files of a folder.
            errors.dedup();
            errors
        })?;
        all(files.iter().map(|(file, content)| {
            Ok(Change {
                old: self.digest(file)?,
                new: sha256(content.as_ref()),
                file: file.clone(),
            })
        }))
    }

    /// Takes back what a run that stopped on the way has left, and returns a word on it.
    pub(super) fn recover(&self) -> Result<Option<Diagnostic>, Diagnostics> {
        if !self.path(JOURNAL).exists() && !self.path(&beside(JOURNAL, NEW)).exists() {
            return Ok(None);
        }
        // Whoever wrote the journal may be alive; then it is gone once the lock is ours.
        let _lock = self.lock_writes()?;
        let Some(journal) = self.journal()? else {
            // Stopped while it wrote the journal, before all else.
            let _ = disk::remove(&self.path(&beside(JOURNAL, NEW)));
            return Ok(None);
        };
        let (left, note): (Vec<&str>, _) = if journal.done {
            let is_new = |change: &&Change| {
                let now = self.digest(&change.file);
                now.is_ok_and(|now| now.as_ref() == Some(&change.new))
            };
            let left = journal.files.iter().filter(|change| !is_new(change));
            let left = left.map(|change| change.file.as_str()).collect();
            self.clean_up(&journal)?;
            let note = "a run had written all its files, and not cleared up behind it; they stay";
            (left, note)
        } else {
            let note = "a run stopped while it wrote; all that it had written is taken back";
            (self.take_back(&journal)?, note)
        };
        Ok(Some(if left.is_empty() {
            Diagnostic::warning(note)
        } else {
            let left = left.join(", ");
            let note = format!("{note}, but for what something else has changed since: {left}");
            Diagnostic::warning(note).help("look at these files, for example with `git diff`")
        }))
    }

    /// Fails if anything but a file stands in a file's place, or anything but folders on the way there.
    pub(super) fn must_be_writable(&self, file: &str) -> Result<(), Diagnostics> {
        let ends = file.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([file.len()]) {
            let name = &file[..end];
            let is_last = end == file.len();
            let (found, why) = match fs::symlink_metadata(self.path(name)) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(vec![Diagnostic::io("write", name, &error)]),
                Ok(found) if found.is_symlink() => {
                    ("link", "through a link, as it may lead out of the checkout")
                }
                Ok(found) if is_last && found.is_dir() => {
                    ("folder", "where there is a folder of this name")
                }
                Ok(found) if !is_last && !found.is_dir() => {
                    ("file", "in a folder where there is a file of this name")
                }
                Ok(_) => continue,
            };
            let error = Diagnostic::error(format!("cannot write {why}")).in_file(name);
            return Err(vec![error.help(format!("move the {found} away"))]);
        }
        Ok(())
    }

    fn log(&self, journal: &Journal) -> Result<(), Diagnostics> {
        let (place, beside) = (self.path(JOURNAL), self.path(&beside(JOURNAL, NEW)));
        disk::create(&beside, journal.text().as_bytes(), None)
            .and_then(|()| disk::rename(&beside, &place))
            .map_err(|error| vec![Diagnostic::io("write", JOURNAL, &error)])
    }

    /// Writes the files beside their places, with second names for the old ones.
    fn stage<C: AsRef<[u8]>>(&self, files: &[&(String, C)]) -> Result<(), Diagnostics> {
        for (file, content) in files {
            let place = self.path(file);
            let (new, old) = (self.path(&beside(file, NEW)), self.path(&beside(file, OLD)));
            // What is replaced keeps its permissions.
            let permissions = fs::metadata(&place).ok().map(|found| found.permissions());
            let is_there = permissions.is_some();
            self.create_folders_of(file)
                .and_then(|()| disk::create(&new, content.as_ref(), permissions))
                .and_then(|()| {
                    if is_there {
                        disk::keep(&place, &old)
                    } else {
                        Ok(())
                    }
                })
                .map_err(|error| vec![Diagnostic::io("write", file, &error)])?;
        }
        self.sync_folders(files.iter().map(|(file, _)| file.as_str()))
    }

    /// The folders that the files need and that are not there, each before those in it.
    fn lacking_folders<C>(&self, files: &[&(String, C)]) -> Vec<String> {
        let folders = files.iter().flat_map(|(file, _)| {
            let ends = file.match_indices('/').map(|(end, _)| end);
            ends.map(|end| file[..end].to_owned())
        });
        let folders: BTreeSet<String> = folders.collect();
        let lacking = folders.into_iter();
        lacking
            .filter(|folder| !self.path(folder).exists())
            .collect()
    }

    fn create_folders_of(&self, file: &str) -> std::io::Result<()> {
        for (end, _) in file.match_indices('/') {
            let folder = self.path(&file[..end]);
            if !folder.exists() {
                disk::create_folder(&folder)?;
                folder.parent().map_or(Ok(()), disk::sync_folder)?;
            }
        }
        Ok(())
    }

    fn move_staged(&self, journal: &Journal) -> Result<(), Diagnostics> {
        for change in &journal.files {
            disk::rename(
                &self.path(&beside(&change.file, NEW)),
                &self.path(&change.file),
            )
            .map_err(|error| vec![Diagnostic::io("write", &change.file, &error)])?;
        }
        self.sync_folders(journal.files.iter().map(|change| change.file.as_str()))
    }

    /// Puts the old files back, and returns the names of those that are neither old nor new, or
    /// have no old one any more: they stay as they are.
    fn take_back<'j>(&self, journal: &'j Journal) -> Result<Vec<&'j str>, Diagnostics> {
        // One that cannot be put back is no reason to leave the others.
        let (undone, wrong) = apart(journal.files.iter().map(|change| self.put_back(change)));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let of = |wanted: Undone| {
            let all = undone.iter().zip(&journal.files);
            let of = all.filter(move |(undone, _)| **undone == wanted);
            of.map(|(_, change)| change.file.as_str())
        };
        self.sync_folders(of(Undone::Done))?;
        self.clean_up(journal)?;
        Ok(of(Undone::Refused).collect())
    }

    /// Puts an old file back, or removes a new one where there was none.
    fn put_back(&self, change: &Change) -> Result<Undone, Diagnostics> {
        let file = change.file.as_str();
        let place = self.path(file);
        let now = self.digest(file)?;
        if now == change.old {
            return Ok(Undone::Needless);
        }
        let old = beside(file, OLD);
        let undone = if now.as_ref() != Some(&change.new) {
            return Ok(Undone::Refused);
        } else if change.old.is_none() {
            disk::remove(&place)
        } else if self.digest(&old).is_ok_and(|old| old == change.old) {
            disk::rename(&self.path(&old), &place)
        } else {
            return Ok(Undone::Refused);
        };
        undone.map(|()| Undone::Done).map_err(|error| {
            let error = Diagnostic::io("put back the old file", file, &error);
            vec![error.help("mend this, and run any command: it puts back the rest")]
        })
    }

    /// Removes all but the files themselves, the journal last.
    fn clean_up(&self, journal: &Journal) -> Result<(), Diagnostics> {
        let remove = |name: &str| {
            disk::remove(&self.path(name))
                .map_err(|error| vec![Diagnostic::io("remove", name, &error)])
        };
        for change in &journal.files {
            let file = &change.file;
            remove(&beside(file, NEW))?;
            remove(&beside(file, OLD))?;
        }
        if !journal.done {
            for folder in journal.folders.iter().rev() {
                // One that holds something by now stays.
                let _ = disk::remove_folder(&self.path(folder));
            }
        }
        remove(&beside(JOURNAL, NEW))?;
        remove(JOURNAL)
    }

    fn sync_folders<'f>(&self, files: impl Iterator<Item = &'f str>) -> Result<(), Diagnostics> {
        let folders = files.map(|file| file.rsplit_once('/').map_or("", |(folder, _)| folder));
        for folder in folders.collect::<BTreeSet<_>>() {
            let path = self.path(folder);
            // A folder that was not made yet has nothing to last.
            if path.exists() {
                disk::sync_folder(&path)
                    .map_err(|error| vec![Diagnostic::io("write", folder, &error)])?;
            }
        }
        Ok(())
    }

    /// The digest of a file, if it is there.
    fn digest(&self, file: &str) -> Result<Option<String>, Diagnostics> {
        let Some(opened) = self.open_written(file)? else {
            return Ok(None);
        };
        let digest = sha256_of(opened);
        digest
            .map(Some)
            .map_err(|error| vec![Diagnostic::io("read", file, &error)])
    }

    /// The bytes of a file that a run writes, if it is there: one more than so many at most.
    pub(super) fn content(&self, file: &str, most: usize) -> Result<Option<Vec<u8>>, Diagnostics> {
        let Some(opened) = self.open_written(file)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        opened
            .take(most as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| vec![Diagnostic::io("read", file, &error)])?;
        Ok(Some(bytes))
    }

    fn open_written(&self, file: &str) -> Result<Option<File>, Diagnostics> {
        self.must_be_inside(file)?;
        self.must_end(file)?;
        match File::open(self.path(file)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            opened => opened
                .map(Some)
                .map_err(|error| vec![Diagnostic::io("read", file, &error)]),
        }
    }
}

/// What became of a file that was to be put back.
#[derive(PartialEq)]
enum Undone {
    /// The old one is there again.
    Done,
    /// It was there all along.
    Needless,
    /// What is there is another's, or there is no old one any more.
    Refused,
}

/// What a run that failed has left in a checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// Nothing.
    Nothing,
    /// Files beside their places, and no other change.
    Beside,
    /// Files that are new in their places.
    New,
}

/// What this run has left in a checkout when it failed. The next one takes it back.
#[must_use]
pub fn remains(root: &Path) -> Remains {
    let tree = Tree::unopened(root);
    if !tree.path(JOURNAL).exists() && !tree.path(&beside(JOURNAL, NEW)).exists() {
        return Remains::Nothing;
    }
    // What another run is writing is not ours to tell of.
    if !tree.is_lockable() {
        return Remains::Nothing;
    }
    let journal = match tree.journal() {
        Ok(Some(journal)) if !journal.done => journal,
        Ok(_) => return Remains::Beside,
        // No run has written it.
        Err(_) => return Remains::Nothing,
    };
    let is_old = |change: &Change| {
        let now = tree.digest(&change.file);
        now.is_ok_and(|now| now.as_ref() != Some(&change.new) || now == change.old)
    };
    if journal.files.iter().all(is_old) {
        Remains::Beside
    } else {
        Remains::New
    }
}

/// What is to come to a file's place.
const NEW: &str = "new";
/// What was there.
const OLD: &str = "old";

/// A hidden name beside a file, so that moving from there is one step.
fn beside(file: &str, what: &str) -> String {
    let name = file.rfind('/').map_or(0, |end| end + 1);
    format!("{}.{}.{what}", &file[..name], &file[name..])
}
