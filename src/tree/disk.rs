//! The steps that change the disk. Nothing else in a tree changes it.
//!
//! A program built for tests stops or fails at the step with the number that a variable of its
//! environment gives, so that tests can kill it there; `2,5-` has it fail at the second, the fifth
//! and all that come after. Another variable says what it fails as: `full` spares what a full disk
//! still does, `read-only` spares nothing. A released one knows nothing of this.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Result, Write};
use std::path::Path;

/// Writes a new file, and makes its bytes last. What another run has left under its name goes away.
pub fn create(path: &Path, content: &[u8], permissions: Option<Permissions>) -> Result<()> {
    let create = || step("create", path, || File::create_new(path));
    // Never through a link that may stand there.
    let mut file = match create() {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            remove(path)?;
            create()?
        }
        created => created?,
    };
    // In two parts, so that a test can stop between them.
    let (half, rest) = content.split_at(content.len() / 2);
    step("write", path, || file.write_all(half))?;
    step("write the rest of", path, || file.write_all(rest))?;
    if let Some(permissions) = permissions {
        step("permit", path, || file.set_permissions(permissions))?;
    }
    step("sync", path, || file.sync_all())
}

/// Gives a file a second name, or a copy where the file system has no second names.
pub fn keep(path: &Path, second: &Path) -> Result<()> {
    remove(second)?;
    step("link", second, || fs::hard_link(path, second)).or_else(|_| {
        let permissions = fs::metadata(path)?.permissions();
        create(second, &fs::read(path)?, Some(permissions))
    })
}

/// Moves a file to a place in the same folder. What was there is gone.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    step("rename to", to, || fs::rename(from, to))
}

/// Removes a file, if it is there.
pub fn remove(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    step("remove", path, || fs::remove_file(path))
}

/// Makes a folder that is not there.
pub fn create_folder(path: &Path) -> Result<()> {
    step("create", path, || fs::create_dir(path))
}

/// Removes a folder, if it is there. One that is not empty cannot be removed.
pub fn remove_folder(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    step("remove", path, || fs::remove_dir(path))
}

/// Makes what was created, moved and removed in a folder last, on systems that can; elsewhere it
/// lasts anyway or cannot be helped.
pub fn sync_folder(path: &Path) -> Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match step("sync", path, || File::open(path)?.sync_all()) {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Takes a step: one call that changes the disk, or makes a change last.
#[cfg(not(debug_assertions))]
fn step<T>(_: &str, _: &Path, change: impl FnOnce() -> Result<T>) -> Result<T> {
    change()
}

/// Takes a step, unless a test wants it to stop there for good, or to fail.
#[cfg(debug_assertions)]
fn step<T>(name: &str, path: &Path, change: impl FnOnce() -> Result<T>) -> Result<T> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    let number = STEPS.fetch_add(1, Ordering::Relaxed) + 1;
    let chosen = |variable| {
        let value = std::env::var(variable).unwrap_or_default();
        value.split(',').any(|value| match value.strip_suffix('-') {
            Some(first) => first.parse().is_ok_and(|first: usize| first <= number),
            None => value == number.to_string(),
        })
    };
    if chosen("HTTP_STATUS_REGISTRY_HALT_AT") {
        eprintln!("halted before step {number}: {name} {}", path.display());
        loop {
            std::thread::park();
        }
    }
    let (error, stores_nothing) = match std::env::var("HTTP_STATUS_REGISTRY_FAIL_AS").as_deref() {
        Ok("read-only") => (ErrorKind::ReadOnlyFilesystem, &[][..]),
        Ok("full") => (
            ErrorKind::StorageFull,
            &["permit", "sync", "rename to", "remove"][..],
        ),
        _ => (ErrorKind::StorageFull, &[][..]),
    };
    if chosen("HTTP_STATUS_REGISTRY_FAIL_AT") && !stores_nothing.contains(&name) {
        eprintln!("failing at step {number}: {name} {}", path.display());
        return Err(error.into());
    }
    change()
}
