//! A checkout: where its files are, reading them, and writing those that are generated.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Diagnostics, all};
use crate::extract::Extractor;
use crate::model::Date;
use crate::reconcile::{Decisions, Input, Meanings, Rfcs, Source};
use crate::source::{Manifest, parse_claims};
use crate::yaml;

/// The folder of the exports; its last part is the schema's major version.
pub const EXPORTS: &str = "exports/v1";

/// A checkout of the registry.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
}

/// A source as it stands in the tree.
pub struct SourceFolder {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its layout, compiled.
    pub extractor: Extractor,
    /// The file of its manifest.
    pub manifest_file: String,
    /// The file of its claims.
    pub claims_file: String,
}

/// `registry/release.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    version: String,
    date: Date,
}

impl Tree {
    /// The checkout in a folder.
    ///
    /// # Errors
    /// A folder that is no checkout.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Diagnostics> {
        let tree = Self { root: root.into() };
        for folder in ["sources", "registry"] {
            if !tree.path(folder).is_dir() {
                let message = format!("no checkout of the registry: it has no folder `{folder}`");
                let error = Diagnostic::error(message).in_file(tree.root.display().to_string());
                return Err(vec![
                    error.help("run this in a checkout, or name one with --root"),
                ]);
            }
        }
        Ok(tree)
    }

    /// Where a file of the tree is. Its name has forward slashes on all systems.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        file.split('/')
            .fold(self.root.clone(), |path, part| path.join(part))
    }

    /// The text of a file.
    ///
    /// # Errors
    /// A file that cannot be read or is not UTF-8.
    pub fn read(&self, file: &str) -> Result<String, Diagnostics> {
        let bytes = fs::read(self.path(file))
            .map_err(|error| vec![Diagnostic::io("read", file, &error)])?;
        let mark = "\u{feff}".as_bytes();
        let bytes = bytes
            .strip_prefix(mark)
            .map_or_else(|| bytes.clone(), <[u8]>::to_vec);
        String::from_utf8(bytes).map_err(|error| {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|&&byte| byte == b'\n').count() + 1;
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            vec![
                Diagnostic::error("the file is not UTF-8")
                    .at(file, line)
                    .help("save it as UTF-8"),
            ]
        })
    }

    /// The sources, the most weighty first, then the newest, then by id.
    ///
    /// # Errors
    /// Everything that is wrong with any manifest.
    pub fn sources(&self) -> Result<Vec<SourceFolder>, Diagnostics> {
        let folders = self.list("sources")?;
        if folders.is_empty() {
            let error = Diagnostic::error("there are no sources").in_file("sources");
            return Err(vec![error.help("add a folder with a source.yaml")]);
        }
        let mut sources = all(folders.iter().map(|id| self.source(id)))?;
        sources.sort_by(|a, b| {
            let key = |source: &SourceFolder| {
                (
                    source.manifest.authority,
                    std::cmp::Reverse(source.manifest.date),
                )
            };
            key(a)
                .cmp(&key(b))
                .then_with(|| a.manifest.id.cmp(&b.manifest.id))
        });
        Ok(sources)
    }

    fn source(&self, id: &str) -> Result<SourceFolder, Diagnostics> {
        let manifest_file = format!("sources/{id}/source.yaml");
        let yaml = yaml::Source::parse(&manifest_file, self.read(&manifest_file)?)?;
        let manifest = Manifest::read(&yaml, id);
        // Both are looked at, so that all faults are told at once.
        let layout = manifest
            .as_ref()
            .map(|manifest| Extractor::compile(&manifest.layout))
            .or_else(|_| {
                yaml.read::<Manifest>()
                    .map(|manifest| Extractor::compile(&manifest.layout))
            });
        let faults = layout
            .map_or_else(|_| Ok(None), |layout| layout.map(Some))
            .map_err(|faults| {
                let faults = faults.into_iter().map(|fault| {
                    let path: Vec<&str> = std::iter::once("layout")
                        .chain(fault.path.iter().map(String::as_str))
                        .collect();
                    let place = path[1..].join(".");
                    let message = if place.is_empty() {
                        fault.message
                    } else {
                        format!("{place}: {}", fault.message)
                    };
                    yaml.error(&path, message).help(fault.help)
                });
                faults.collect::<Diagnostics>()
            });
        match (manifest, faults) {
            (Ok(manifest), Ok(Some(extractor))) => Ok(SourceFolder {
                manifest,
                extractor,
                manifest_file,
                claims_file: format!("sources/{id}/claims.csv"),
            }),
            (manifest, extractor) => {
                let errors = manifest.err().into_iter().chain(extractor.err());
                Err(errors.flatten().collect())
            }
        }
    }

    /// The known meanings.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn meanings(&self) -> Result<Meanings, Diagnostics> {
        let files = self.list("registry/meanings")?;
        let files = files.iter().filter(|name| name.ends_with(".yaml"));
        let sources = files.map(|name| {
            let file = format!("registry/meanings/{name}");
            yaml::Source::parse(&file, self.read(&file)?)
        });
        Meanings::read(&all(sources)?)
    }

    /// Everything that a build starts from.
    ///
    /// # Errors
    /// Everything that is wrong with any file.
    pub fn input(&self) -> Result<Input, Diagnostics> {
        let sources = self.sources().and_then(|folders| {
            all(folders.into_iter().map(|folder| {
                if !self.path(&folder.claims_file).exists() {
                    let error = Diagnostic::error("the source has no claims yet")
                        .in_file(&folder.manifest_file);
                    return Err(vec![error.help(
                        "run `ingest --documents DIR` with the folder that holds its document",
                    )]);
                }
                let claims = parse_claims(&folder.claims_file, &self.read(&folder.claims_file)?)?;
                Ok(Source {
                    entry: folder.manifest.entry(),
                    file: folder.claims_file,
                    claims,
                })
            }))
        });
        let decisions_file = "registry/decisions.yaml";
        let decisions = self
            .read(decisions_file)
            .and_then(|text| Decisions::read(&yaml::Source::parse(decisions_file, text)?));
        let release = self.release();
        let rfcs_file = "registry/rfcs.yaml";
        let rfcs = self
            .read(rfcs_file)
            .and_then(|text| Rfcs::read(&yaml::Source::parse(rfcs_file, text)?));
        match (sources, self.meanings(), decisions, rfcs, release) {
            (Ok(sources), Ok(meanings), Ok(decisions), Ok(rfcs), Ok(Release { version, date })) => {
                Ok(Input {
                    version,
                    date,
                    sources,
                    meanings,
                    decisions,
                    rfcs,
                })
            }
            (sources, meanings, decisions, rfcs, release) => {
                let first = sources
                    .err()
                    .into_iter()
                    .chain(meanings.err())
                    .chain(decisions.err());
                Err(first
                    .chain(rfcs.err())
                    .chain(release.err())
                    .flatten()
                    .collect())
            }
        }
    }

    fn release(&self) -> Result<Release, Diagnostics> {
        let file = "registry/release.yaml";
        let yaml = yaml::Source::parse(file, self.read(file)?)?;
        let release: Release = yaml.read()?;
        if !release.date.is_day() {
            let error = yaml.error(&["date"], format!("date: {} is no day", release.date));
            return Err(vec![
                error.help("write the day of the data, such as 2026-11-20"),
            ]);
        }
        let parts: Vec<&str> = release.version.split('.').collect();
        let number = |part: &&str| {
            part.parse::<u32>()
                .is_ok_and(|number| number.to_string() == **part)
        };
        if parts.len() != 3 || !parts.iter().all(number) {
            let message = format!(
                "version: `{}` is no version",
                release.version.escape_debug()
            );
            return Err(vec![
                yaml.error(&["version"], message)
                    .help("write three numbers, such as 1.0.0"),
            ]);
        }
        Ok(release)
    }

    /// The names in a folder, sorted, without hidden ones. A folder that is not there is empty.
    ///
    /// # Errors
    /// A folder that cannot be read, or a name that is not Unicode.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, Diagnostics> {
        let failed =
            |error: std::io::Error| vec![Diagnostic::io("read the folder", folder, &error)];
        let entries = match fs::read_dir(self.path(folder)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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
