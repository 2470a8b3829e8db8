//! A checkout: where its files are, reading them, and writing those that are generated.

mod disk;
mod input;
mod journal;
mod lock;
mod past;
mod release;
mod seen;
mod write;

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, all};
use crate::model::Claim;
use crate::source::{Folder, parse_claims};
use crate::yaml::{MAX_FILE, too_large};

pub use input::{SourceFolder, Sources, compile};
pub use lock::Lock;
pub use past::{CHANGELOG, FULL, NAMES, RELEASES, git_says};
use seen::Seen;
pub use write::{Remains, remains};

/// The folder of the exports; its last part is the schema's major version.
pub const EXPORTS: &str = "exports/v1";

/// A checkout of the registry.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
    recovered: Option<Diagnostic>,
    /// Shared with its clones: what one has read, another may write.
    seen: Arc<Seen>,
}

impl Tree {
    /// The checkout in a folder. What a run has left half done there is taken back.
    ///
    /// # Errors
    /// A folder that is no checkout.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Diagnostics> {
        let mut tree = Self::unopened(root);
        for folder in ["sources", "registry"] {
            if !tree.path(folder).is_dir() {
                let message = format!("no checkout of the registry: it has no folder `{folder}`");
                let error = Diagnostic::error(message).in_file(tree.root.display().to_string());
                return Err(vec![
                    error.help("run this in a checkout, or name one with --root"),
                ]);
            }
        }
        tree.recovered = tree.recover()?;
        Ok(tree)
    }

    fn unopened(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            recovered: None,
            seen: Arc::default(),
        }
    }

    /// What a run that stopped on the way had left, and what became of it.
    #[must_use]
    pub fn recovered(&self) -> &[Diagnostic] {
        self.recovered.as_slice()
    }

    /// Where a file of the tree is. Its name has forward slashes on all systems.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        file.split('/')
            .fold(self.root.clone(), |path, part| path.join(part))
    }

    /// Fails if a link leads from here out of the checkout: a build needs nothing from elsewhere.
    fn must_be_inside(&self, name: &str) -> Result<(), Diagnostics> {
        self.must_lead_inside(&self.path(name), name)
    }

    fn must_lead_inside(&self, path: &Path, name: &str) -> Result<(), Diagnostics> {
        let ends = (fs::canonicalize(&self.root), fs::canonicalize(path));
        // Why something cannot be reached, reading it tells better.
        let (Ok(root), Ok(end)) = ends else {
            return Ok(());
        };
        if end.starts_with(root) {
            return Ok(());
        }
        let message = format!("a link leads out of the checkout, to {}", end.display());
        let error = Diagnostic::error(message).in_file(name);
        Err(vec![error.help("put a copy in its place")])
    }

    /// Fails for a link that leads nowhere, on the way too: what it should lead to would be told to be
    /// missing, where people see a file.
    fn must_lead_somewhere(&self, name: &str) -> Result<(), Diagnostics> {
        let ends = name.match_indices('/').map(|(end, _)| end);
        for link in ends.chain([name.len()]).map(|end| &name[..end]) {
            let path = self.path(link);
            if let Ok(target) = fs::read_link(&path)
                && fs::metadata(&path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
            {
                let target = target.display();
                let error =
                    Diagnostic::error(format!("this is a link that leads nowhere: to {target}"));
                let help = "put what it should lead to in its place, or delete it";
                return Err(vec![error.in_file(link).help(help)]);
            }
        }
        Ok(())
    }

    /// Fails for a pipe, a socket or a device: reading it might never end.
    fn must_end(&self, name: &str) -> Result<(), Diagnostics> {
        match fs::metadata(self.path(name)) {
            Ok(meta) if !(meta.is_file() || meta.is_dir()) => {
                let error = Diagnostic::error("this is a pipe, a socket or a device, and no file");
                Err(vec![error.in_file(name).help("put a file in its place")])
            }
            // What else is wrong, reading it tells better.
            _ => Ok(()),
        }
    }

    /// The text of a file that people write, or of an export.
    ///
    /// # Errors
    /// A file that cannot be read, is too large or not UTF-8, or lies outside the checkout.
    pub fn read(&self, file: &str) -> Result<String, Diagnostics> {
        self.must_be_inside(file)?;
        self.must_lead_somewhere(file)?;
        self.must_end(file)?;
        self.see(file);
        decode(file, read_file(&self.path(file), file)?)
    }

    /// The claims in a file that `ingest` wrote, as large as the document made it.
    ///
    /// # Errors
    /// As for [`Self::read`], and every row that holds no claim.
    pub fn read_claims(&self, file: &str) -> Result<Vec<Claim>, Diagnostics> {
        self.must_be_inside(file)?;
        self.must_lead_somewhere(file)?;
        self.must_end(file)?;
        self.see(file);
        let bytes = fs::read(self.path(file))
            .map_err(|error| vec![Diagnostic::io("read", file, &error)])?;
        parse_claims(file, &decode(file, bytes)?)
    }

    /// The files beside a source's manifest, its document perhaps among them.
    ///
    /// # Errors
    /// A file that cannot be read, and a link that leads out of the checkout.
    pub fn kept(&self, id: &str, most: u64) -> Result<Folder, Diagnostics> {
        let folder = format!("sources/{id}");
        self.must_be_inside(&folder)?;
        // All are looked at before the first is read, whatever they lead to.
        let links = links_in(&self.path(&folder));
        all(links.iter().map(|link| {
            let name = link.strip_prefix(&self.root).unwrap_or(link);
            self.must_lead_inside(link, &name.display().to_string())
        }))?;
        Folder::of_source(&self.path(&folder), most)
    }

    /// The names in a folder, sorted, without hidden ones. A folder that is not there is empty.
    ///
    /// # Errors
    /// A folder that cannot be read, or a name that is not Unicode.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, Diagnostics> {
        self.must_be_inside(folder)?;
        self.must_lead_somewhere(folder)?;
        let failed =
            |error: std::io::Error| vec![Diagnostic::io("read the folder", folder, &error)];
        let entries = match fs::read_dir(self.path(folder)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            let name = name.into_string().map_err(|name| {
                vec![
                    Diagnostic::error(format!("the name {} is not Unicode", name.display()))
                        .in_file(folder)
                        .help("rename it"),
                ]
            })?;
            if !name.starts_with('.') {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}

/// The links in a folder and in the folders in it, sorted. What cannot be listed holds none: reading it
/// tells why.
fn links_in(folder: &Path) -> Vec<PathBuf> {
    let mut links = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_symlink() {
                links.push(path);
            } else if path.is_dir() {
                folders.push(path);
            }
        }
    }
    links.sort();
    links
}

/// The bytes of a file of any place that people write, or that should be an export. What goes beyond
/// the limit is not read at all: the file may have no end.
///
/// # Errors
/// A file that cannot be read or is too large, under the name given.
pub fn read_file(path: &Path, name: &str) -> Result<Vec<u8>, Diagnostics> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| vec![Diagnostic::io("read", name, &error)])?;
    if bytes.len() > MAX_FILE {
        return Err(vec![too_large(name)]);
    }
    Ok(bytes)
}

/// The text of a file, without the byte order mark that some editors write.
fn decode(file: &str, mut bytes: Vec<u8>) -> Result<String, Diagnostics> {
    let mark = "\u{feff}".as_bytes();
    if bytes.starts_with(mark) {
        bytes.drain(..mark.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|&&byte| byte == b'\n').count() + 1;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let error = Diagnostic::error("the file is not UTF-8").at(file, line);
        vec![error.help("save it as UTF-8")]
    })
}
