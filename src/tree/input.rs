//! Reading what people write: everything that a build starts from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;

use super::Tree;
use super::release::RELEASE;
use crate::cores::on_all_cores;
use crate::diagnostic::{Diagnostic, Diagnostics, apart};
use crate::extract::Extractor;
use crate::model::{Authority, Date, Layout};
use crate::reconcile::{Decisions, Input, Meanings, Rfcs, Source, Standard};
use crate::source::{CLAIMS, Document, MANIFEST, Manifest, Reading};
use crate::yaml;

/// The file of the rulings.
const DECISIONS: &str = "registry/decisions.yaml";

/// The file that says which RFCs obsolete which.
const RFCS: &str = "registry/rfcs.yaml";

/// A source with a document, ready to be read. Its patterns take more memory than all else that is known
/// of it, so that it should be gone before the next one comes.
pub struct SourceFolder {
    /// Its manifest.
    pub manifest: Manifest,
    /// Its document.
    pub document: Document,
    /// Its layout, compiled.
    pub extractor: Extractor,
    /// The file of its manifest.
    pub manifest_file: String,
    /// The file of its claims.
    pub claims_file: String,
}

/// All sources.
pub struct Sources {
    /// The manifests of those with a document, the most weighty first, then the newest, then by id.
    pub documents: Vec<Manifest>,
    /// The RFCs, by id.
    pub standards: Vec<Standard>,
}

/// A folder of `sources`, by how its claims are come by.
enum Folder {
    Document(Box<Manifest>),
    Standard(Box<Manifest>, Box<Standard>),
}

impl Tree {
    /// The sources.
    ///
    /// # Errors
    /// Everything that is wrong with any manifest but the patterns and selectors of its layout, and
    /// with what is said of any RFC.
    pub fn sources(&self) -> Result<Sources, Diagnostics> {
        let (sources, errors) = self.readable_sources();
        if errors.is_empty() {
            Ok(sources)
        } else {
            Err(errors)
        }
    }

    /// The sources that can be read, and what is wrong with the others.
    pub fn readable_sources(&self) -> (Sources, Diagnostics) {
        let mut errors = Diagnostics::new();
        let folders = match self.list("sources") {
            Ok(folders) if folders.is_empty() => {
                let error = Diagnostic::error("there are no sources").in_file("sources");
                errors.push(error.help("add a folder with a source.yaml"));
                folders
            }
            Ok(folders) => folders,
            Err(faults) => {
                errors.extend(faults);
                Vec::new()
            }
        };
        let mut documents = Vec::new();
        let mut standards = Vec::new();
        let mut rfcs = Vec::new();
        let (found, faults) = apart(on_all_cores(&folders, |id| self.source(id)));
        errors.extend(faults);
        for folder in found {
            match folder {
                Folder::Document(manifest) => documents.push(*manifest),
                Folder::Standard(manifest, standard) => {
                    rfcs.push(*manifest);
                    standards.push(*standard);
                }
            }
        }
        errors.extend(read_twice(&rfcs));
        documents.sort_by(|a, b| {
            let key = |manifest: &Manifest| (manifest.authority, std::cmp::Reverse(manifest.date));
            key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
        });
        let sources = Sources {
            documents,
            standards,
        };
        (sources, errors)
    }

    fn source(&self, id: &str) -> Result<Folder, Diagnostics> {
        let manifest_file = format!("sources/{id}/{MANIFEST}");
        let folder = format!("sources/{id}");
        let is_absent = |file: &str| {
            let meta = fs::symlink_metadata(self.path(file));
            meta.is_err_and(|error| error.kind() == ErrorKind::NotFound)
        };
        self.must_be_inside(&folder)?;
        self.must_lead_somewhere(&folder)?;
        if is_absent(&manifest_file) {
            let error = Diagnostic::error("the folder has no source.yaml").in_file(folder);
            return Err(vec![error.help("write one, or take the folder out")]);
        }
        let yaml = yaml::Source::parse(&manifest_file, self.read(&manifest_file)?)?;
        let manifest = Manifest::read(&yaml)?;
        let mut errors = manifest.faults(&yaml, id);
        errors.extend(self.strays(&folder, &manifest.reading));
        let folder = match &manifest.reading {
            // All that is wrong with a manifest is told at once.
            Reading::Document { layout, .. } if !errors.is_empty() => {
                Err(compile(layout, &yaml).err().unwrap_or_default())
            }
            Reading::Document { .. } => Ok(Folder::Document(Box::new(manifest))),
            &Reading::Rfc(number) => {
                let file = format!("sources/{id}/claims.yaml");
                let text = self.read(&file);
                let claims = text.and_then(|text| yaml::Source::parse(&file, text));
                let standard =
                    claims.and_then(|yaml| Standard::read(manifest.entry(), number, &yaml));
                standard.map(|standard| Folder::Standard(Box::new(manifest), Box::new(standard)))
            }
        };
        match folder {
            Ok(folder) if errors.is_empty() => Ok(folder),
            Ok(_) => Err(errors),
            Err(faults) => {
                errors.extend(faults);
                Err(errors)
            }
        }
    }

    /// An error for each file in a source's folder whose name is misspelt, or that belongs to a source of
    /// another kind.
    fn strays(&self, folder: &str, reading: &Reading) -> Diagnostics {
        let (claims, document) = match reading {
            Reading::Document { document, .. } => (CLAIMS, document.name.as_deref()),
            Reading::Rfc(_) => ("claims.yaml", None),
        };
        // A name that is not Unicode is told where a document is read.
        let files = fs::read_dir(self.path(folder)).into_iter().flatten();
        let files = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
        let files = files.filter(|name| !name.starts_with('.') && document != Some(name.as_str()));
        let files = files.filter(|name| is_yaml(name) || name.eq_ignore_ascii_case(CLAIMS));
        let strays = files.filter(|name| name != MANIFEST && name != claims);
        let strays: BTreeSet<String> = strays.collect();
        let help = format!("read are {MANIFEST} and {claims}: rename it, or take it out");
        let errors = strays
            .iter()
            .map(|name| unread(format!("{folder}/{name}"), help.clone()));
        errors.collect()
    }

    /// A source with a document, with its layout compiled.
    ///
    /// # Errors
    /// Everything that is wrong with the layout's patterns and selectors.
    pub fn source_folder(&self, manifest: &Manifest) -> Result<SourceFolder, Diagnostics> {
        let file = manifest.file();
        let Reading::Document { document, layout } = &manifest.reading else {
            return Err(vec![
                Diagnostic::error("the source has no document").in_file(file),
            ]);
        };
        let extractor = match Extractor::compile(layout) {
            Ok(extractor) => extractor,
            // Where the patterns stand is not kept: few have a fault.
            Err(_) => compile(layout, &yaml::Source::parse(&file, self.read(&file)?)?)?,
        };
        Ok(SourceFolder {
            document: document.clone(),
            extractor,
            manifest_file: file,
            claims_file: manifest.claims_file(),
            manifest: manifest.clone(),
        })
    }

    /// The known meanings.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn meanings(&self) -> Result<Meanings, Diagnostics> {
        let files = self.list("registry/meanings")?;
        let is_meant = |name: &&String| !name.ends_with(".md");
        let files = files.iter().filter(is_meant).map(|name| {
            let file = format!("registry/meanings/{name}");
            if !name.ends_with(".yaml") {
                let help =
                    "only files whose names end in .yaml are read: rename it, or take it out";
                return Err(vec![unread(file, help.to_owned())]);
            }
            yaml::Source::parse(&file, self.read(&file)?)
        });
        let (sources, mut errors) = apart(files);
        if sources.is_empty() && errors.is_empty() {
            let error = Diagnostic::error("there are no meanings").in_file("registry/meanings");
            return Err(vec![error.help(
                "bring its files back; a new registry starts with a meaning in 1xx.yaml",
            )]);
        }
        match Meanings::read(&sources) {
            Ok(meanings) if errors.is_empty() => Ok(meanings),
            read => {
                errors.extend(read.err().into_iter().flatten());
                Err(errors)
            }
        }
    }

    /// Fails for each file beside those of the registry: its name is misspelt.
    fn only_known_files(&self) -> Result<(), Diagnostics> {
        let known = [DECISIONS, RELEASE, RFCS];
        let files = self.list("registry")?.into_iter();
        let files = files.filter(|name| is_yaml(name));
        let files = files.map(|name| format!("registry/{name}"));
        let strays = files.filter(|file| !known.contains(&file.as_str()));
        let help = format!("read are {}: rename it, or take it out", known.join(", "));
        let errors: Diagnostics = strays.map(|file| unread(file, help.clone())).collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// Which RFCs obsolete which.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn rfcs(&self) -> Result<Rfcs, Diagnostics> {
        Rfcs::read(&yaml::Source::parse(RFCS, self.read(RFCS)?)?)
    }

    /// Everything that a build starts from.
    ///
    /// # Errors
    /// Everything that is wrong with any file.
    pub fn input(&self) -> Result<Input, Diagnostics> {
        let (readable, mut faults) = self.readable_sources();
        faults.extend(undated(&readable.documents));
        let claims = on_all_cores(&readable.documents, |manifest| {
            let folder = self.source_folder(manifest)?;
            if self.path(&folder.claims_file).symlink_metadata().is_err() {
                let error = Diagnostic::error("the source has no claims yet")
                    .in_file(&folder.manifest_file);
                return Err(vec![error.help(
                    "run `ingest --documents DIR` with the folder that holds its document",
                )]);
            }
            let claims = self.read_claims(&folder.claims_file)?;
            Ok(Source {
                entry: folder.manifest.entry(),
                file: folder.claims_file,
                claims,
            })
        });
        let (sources, wrong) = apart(claims);
        faults.extend(wrong);
        let sources = if faults.is_empty() {
            Ok(sources)
        } else {
            Err(faults)
        };
        let decisions = self
            .read(DECISIONS)
            .and_then(|text| Decisions::read(&yaml::Source::parse(DECISIONS, text)?));
        let release = self.release();
        let strays = self.only_known_files();
        match (
            sources,
            self.meanings(),
            decisions,
            self.rfcs(),
            release,
            strays,
        ) {
            (Ok(sources), Ok(meanings), Ok(decisions), Ok(rfcs), Ok((release, _)), Ok(())) => {
                Ok(Input {
                    version: release.version,
                    date: release.date,
                    sources,
                    standards: readable.standards,
                    meanings,
                    decisions,
                    rfcs,
                })
            }
            (sources, meanings, decisions, rfcs, release, strays) => {
                let errors = [
                    sources.err(),
                    meanings.err(),
                    decisions.err(),
                    rfcs.err(),
                    release.err(),
                    strays.err(),
                ];
                Err(errors.into_iter().flatten().flatten().collect())
            }
        }
    }
}

/// An error for each copy of the registry whose date does not say whether it is newer than the others.
fn undated(documents: &[Manifest]) -> Diagnostics {
    let is_copy = |manifest: &&Manifest| manifest.authority == Authority::Registry;
    let copies: Vec<&Manifest> = documents.iter().filter(is_copy).collect();
    if copies.len() < 2 {
        return Diagnostics::new();
    }
    let mut known: BTreeMap<Date, &str> = BTreeMap::new();
    let errors = copies.into_iter().filter_map(|copy| {
        let id = copy.id.as_str();
        let message = match copy.date {
            None => format!("`{id}` is one of several copies of the registry, and has no date"),
            Some(date) => {
                let other = known.insert(date, id)?;
                format!(
                    "both `{other}` and `{id}` are copies of the registry with the date {date}, so that neither is the newer one"
                )
            }
        };
        let error = Diagnostic::error(message).at(copy.file(), copy.lines.date);
        Some(error.help("give each copy its own `date`: the newest is in force"))
    });
    errors.collect()
}

/// An error for each source whose RFC is that of another one.
fn read_twice(rfcs: &[Manifest]) -> Diagnostics {
    let mut known: BTreeMap<u32, &Manifest> = BTreeMap::new();
    let errors = rfcs.iter().filter_map(|manifest| {
        let Reading::Rfc(number) = manifest.reading else {
            return None;
        };
        let other = known.insert(number, manifest)?;
        let message = format!("RFC {number} is read in the source `{}`, too", other.id);
        let error = Diagnostic::error(message).at(manifest.file(), manifest.lines.rfc);
        Some(error.help("set `rfc` to the number of its own RFC in the manifest of this source or the other, or take one of them out"))
    });
    errors.collect()
}

/// Whether people would take a file for one of YAML.
fn is_yaml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// The error that a file is passed over.
fn unread(file: String, help: String) -> Diagnostic {
    Diagnostic::error("nothing reads this file")
        .in_file(file)
        .help(help)
}

/// The layout of a manifest, compiled.
///
/// # Errors
/// Everything that is wrong with its patterns and selectors, with the line of each in the manifest.
pub fn compile(layout: &Layout, manifest: &yaml::Source) -> Result<Extractor, Diagnostics> {
    Extractor::compile(layout).map_err(|faults| {
        let faults = faults.into_iter().map(|fault| {
            let path = ["layout"].into_iter();
            let path: Vec<&str> = path.chain(fault.path.iter().map(String::as_str)).collect();
            let place = path[1..].join(".");
            let message = if place.is_empty() {
                fault.message
            } else {
                format!("{place}: {}", fault.message)
            };
            manifest.error(&path, message).help(fault.help)
        });
        faults.collect()
    })
}
