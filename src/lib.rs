//! From documents about HTTP status codes to exports that others vendor.
//!
//! ```text
//! source ──▶ extract ──▶ assign ──▶ claims.csv ──▶ reconcile ──▶ registry ──▶ export
//! ```
//!
//! [`ingest`] walks up to the claims and needs the documents. [`build`] walks on from there and
//! needs nothing but the checkout: the same tree gives the same bytes on any machine. `fetch`, a
//! feature of its own, downloads the documents and walks up to the claims; nothing else opens a socket.

mod cores;
pub mod diagnostic;
pub mod digest;
pub mod export;
pub mod extract;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod model;
pub mod reconcile;
pub mod release;
pub mod review;
pub mod source;
pub mod tree;
pub mod verify;
pub mod yaml;

use std::collections::BTreeSet;
use std::path::PathBuf;

use cores::on_all_cores;
use diagnostic::{Diagnostic, Diagnostics};
use export::Export;
use extract::{Extraction, Form, Remark};
use model::{Claim, CodeRange, Date, LayoutKind, Registry};
use reconcile::{Meanings, Reconciled};
use source::{Folder, Manifest, MediaType};
use tree::{EXPORTS, SourceFolder, Sources, Tree};

/// What [`build`] made, before anything is written.
pub struct Built {
    /// The registry.
    pub registry: Registry,
    /// How many claims a decision rejects.
    pub rejected: usize,
    /// The exports.
    pub exports: Vec<Export>,
    /// What a maintainer should look at.
    pub warnings: Diagnostics,
}

impl Built {
    /// The files of the exports, by their names in the tree.
    #[must_use]
    pub fn files(&self) -> Vec<(String, String)> {
        tree_files(&self.exports)
    }
}

fn tree_files(exports: &[Export]) -> Vec<(String, String)> {
    let files = exports.iter();
    let files = files.map(|export| (format!("{EXPORTS}/{}", export.name), export.content.clone()));
    files.collect()
}

/// Reconciles the tree's claims.
///
/// # Errors
/// Everything that is wrong in the tree, and every open conflict.
pub fn registry(tree: &Tree) -> Result<Registry, Diagnostics> {
    Ok(reconcile::reconcile(&tree.input()?)?.registry)
}

/// Reconciles the tree's claims and renders the exports. Writes nothing.
///
/// # Errors
/// Everything that is wrong in the tree, and every open conflict.
pub fn build(tree: &Tree) -> Result<Built, Diagnostics> {
    build_as_of(tree, None)
}

/// The same, with warnings of the temporary registrations that have run out by a day or will soon,
/// instead of those that ran out before the date of the data.
///
/// # Errors
/// Everything that is wrong in the tree, and every open conflict.
pub fn build_as_of(tree: &Tree, day: Option<Date>) -> Result<Built, Diagnostics> {
    let input = tree.input()?;
    let Reconciled {
        registry,
        rejected,
        mut warnings,
    } = reconcile::reconcile(&input)?;
    warnings.extend(reconcile::expiring(&registry, &input.meanings, day));
    let exports = export::all(&registry);
    for name in tree.list(EXPORTS)? {
        if !exports.iter().any(|export| export.name == name) {
            warnings.push(
                Diagnostic::warning("this is no export")
                    .in_file(format!("{EXPORTS}/{name}"))
                    .help("take the file out"),
            );
        }
    }
    Ok(Built {
        registry,
        rejected,
        exports,
        warnings,
    })
}

/// What [`ingest`] found.
pub struct Ingestion {
    /// The sources, the most weighty first.
    pub sources: Vec<Ingested>,
    /// What a maintainer should look at.
    pub warnings: Diagnostics,
}

/// What [`ingest`] found of a source.
pub struct Ingested {
    /// The source's id.
    pub id: String,
    /// Whether claims of it are locked already.
    pub is_locked: bool,
    /// The codes of its locked claims that its document has no more.
    pub lost: BTreeSet<CodeRange>,
    /// What its document holds; nothing if the document is not there.
    pub found: Option<Kept>,
}

/// What is kept of a document that was read: of its claims, their file.
pub struct Kept {
    /// What was mended to get the text at all.
    pub mended: Vec<String>,
    /// What was mended in it, by line.
    pub repaired: Vec<Remark>,
    /// What looked like an entry in it and is none, by line.
    pub skipped: Vec<Remark>,
    /// How many claims its entries make, one each.
    pub claims: usize,
    /// The codes that they are for.
    pub codes: BTreeSet<CodeRange>,
    /// Which of them no evidence ties to a meaning, by line, though they say something.
    pub untied: Vec<Remark>,
    /// The file of the claims, and its text.
    pub file: (String, String),
}

/// What a document holds.
pub struct Found {
    /// What was mended to get the text at all.
    pub mended: Vec<String>,
    /// What was mended in it, by line.
    pub repaired: Vec<Remark>,
    /// What looked like an entry in it and is none, by line.
    pub skipped: Vec<Remark>,
    /// The claims that its entries make, one each.
    pub claims: Vec<Claim>,
    /// The file of the claims, and its text.
    pub file: (String, String),
}

/// Extracts the claims of the sources whose documents are in the folders. Writes nothing.
///
/// A source may keep its document beside its manifest. Only the sources with the given ids are
/// looked at, or all if there are none.
///
/// # Errors
/// Everything that is wrong with a manifest, a meaning or a document.
pub fn ingest(tree: &Tree, folders: &[PathBuf], ids: &[String]) -> Result<Ingestion, Diagnostics> {
    let (sources, mut errors) = tree.readable_sources();
    let sources = match named(sources, ids) {
        // A source whose manifest cannot be read is not unknown.
        Err(_) if !errors.is_empty() => return Err(errors),
        named => named?,
    };
    let meanings = tree.meanings();
    let meanings = meanings.map_err(|faults| [errors.clone(), faults].concat())?;
    let documents = sources.iter().filter_map(Manifest::document);
    let most = documents.map(|document| document.max_bytes).max();
    let most = most.unwrap_or_default();
    let mut documents = Folder::default();
    diagnostic::all(folders.iter().map(|folder| documents.add(folder, most)))?;
    // A document, its patterns, page, entries and claims are gone before the same core takes the next one.
    let ingested = on_all_cores(&sources, |manifest| {
        let source = tree.source_folder(manifest)?;
        let kept = tree.kept(&manifest.id, most)?;
        let is_locked = tree.path(&source.claims_file).exists();
        // The locked claims are gone before the document is read.
        let mut lost = locked_codes(tree, &source.claims_file);
        let found = ingest_source(&source, &kept, &documents, &meanings)?;
        lost.retain(|codes| {
            found
                .as_ref()
                .is_some_and(|found| !found.codes.contains(codes))
        });
        let ingested = Ingested {
            id: manifest.id.clone(),
            is_locked,
            lost,
            found,
        };
        Ok((ingested, kept.too_large))
    });
    let (ingested, faults) = diagnostic::apart(ingested);
    errors.extend(faults);
    if !errors.is_empty() {
        return Err(errors);
    }
    let (ingested, kept): (Vec<_>, Vec<_>) = ingested.into_iter().unzip();
    let too_large = kept.iter().flatten().chain(&documents.too_large);
    let warnings = too_large.map(|(path, length)| {
        Diagnostic::warning(format!("the file has {length} bytes, more than any source's max_bytes ({most}), so it was not looked at"))
            .in_file(path.display().to_string())
            .help("if it is a source's document, raise document.max_bytes in the manifest")
    });
    Ok(Ingestion {
        sources: ingested,
        warnings: warnings.collect(),
    })
}

/// The codes of a source's locked claims. A file that is not there or cannot be read tells none: it is
/// written anew.
fn locked_codes(tree: &Tree, file: &str) -> BTreeSet<CodeRange> {
    let locked = tree.read_claims(file).unwrap_or_default().into_iter();
    locked.map(|claim| claim.facts.codes).collect()
}

/// The sources with documents that have the given ids, or all if there are none.
fn named(sources: Sources, ids: &[String]) -> Result<Vec<Manifest>, Diagnostics> {
    let Sources {
        documents: mut sources,
        standards,
    } = sources;
    let unknown = ids
        .iter()
        .filter(|id| !sources.iter().any(|source| source.id == **id));
    let unknown = unknown.map(|id| {
        if standards.iter().any(|standard| standard.entry.id == *id) {
            let message = format!("the source `{id}` is an RFC: it has no document to read");
            let error = Diagnostic::error(message).in_file(format!("sources/{id}/claims.yaml"));
            return error.help("an RFC never changes; its claims are written by hand");
        }
        let error = Diagnostic::error(format!("there is no source `{id}`")).in_file("sources");
        error.help("name a folder of `sources`")
    });
    let unknown: Diagnostics = unknown.collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    sources.retain(|source| ids.is_empty() || ids.contains(&source.id));
    Ok(sources)
}

fn ingest_source(
    source: &SourceFolder,
    kept: &Folder,
    documents: &Folder,
    meanings: &Meanings,
) -> Result<Option<Kept>, Diagnostics> {
    let manifest = &source.manifest;
    // A document beside the manifest is the source's own; whatever has its name elsewhere does not matter then.
    let find = |folder: &Folder| folder.find(&source.document).map_err(|error| vec![error]);
    let found = match find(kept)? {
        Some(found) => Some(found),
        None => find(documents)?,
    };
    let Some((path, bytes)) = found else {
        let named = [kept, documents].map(|folder| {
            let named = folder.must_not_name(&manifest.id, &source.document);
            named.map_err(|error| vec![error])
        });
        diagnostic::all(named)?;
        return Ok(None);
    };
    let (mended, extraction) = extract_document(source, &path.display().to_string(), &bytes)?;
    drop(bytes);
    let mut untied = Vec::new();
    let mut codes = BTreeSet::new();
    let count = extraction.entries.len();
    let claims = extraction.entries.into_iter().map(|entry| {
        let claim = reconcile::assign(entry, meanings);
        codes.insert(claim.facts.codes);
        if claim.meaning.is_none() && !claim.is_vacancy() {
            untied.push(Remark {
                line: claim.facts.line,
                text: format!("{} {}", claim.facts.codes, claim.matched).into(),
            });
        }
        claim
    });
    let text = source::write_claims(claims);
    untied.shrink_to_fit();
    Ok(Some(Kept {
        mended,
        repaired: extraction.repaired,
        skipped: extraction.skipped,
        claims: count,
        codes,
        untied,
        file: (source.claims_file.clone(), text),
    }))
}

/// Extracts the claims in a document. Its name is for messages.
///
/// # Errors
/// Bytes that are no text, and a document without entries.
pub fn read_document(
    source: &SourceFolder,
    name: &str,
    bytes: &[u8],
    meanings: &Meanings,
) -> Result<Found, Diagnostics> {
    let (mended, extraction) = extract_document(source, name, bytes)?;
    let entries = extraction.entries.into_iter();
    let claims: Vec<Claim> = entries
        .map(|entry| reconcile::assign(entry, meanings))
        .collect();
    let file = (source.claims_file.clone(), source::write_claims(&claims));
    Ok(Found {
        mended,
        repaired: extraction.repaired,
        skipped: extraction.skipped,
        claims,
        file,
    })
}

/// What was mended to get a document's text, and what that holds, which is not nothing.
fn extract_document(
    source: &SourceFolder,
    name: &str,
    bytes: &[u8],
) -> Result<(Vec<String>, Extraction), Diagnostics> {
    let decoded = source::decode(bytes, &source.document, name).map_err(|error| vec![error])?;
    let form = match source.document.media_type {
        MediaType::Html => Form::Html,
        MediaType::Xhtml => Form::Xhtml,
        MediaType::Markdown => Form::Markdown,
        MediaType::Plain | MediaType::Csv => Form::Text,
    };
    let extraction = source.extractor.extract(form, &decoded.text);
    let extraction = extraction.map_err(|error| vec![error.in_file(name)])?;
    if extraction.entries.is_empty() {
        let error = if decoded.text.trim().is_empty() {
            Diagnostic::error("the document is empty")
                .in_file(name)
                .help("put the right document there, and its digest in the manifest")
        } else {
            let message = format!(
                "no entry was found in the document ({} skipped)",
                extraction.skipped.len()
            );
            let skipped = extraction
                .skipped
                .iter()
                .take(3)
                .map(|remark| format!("\nline {}: {}", remark.line, remark.text));
            let help = match source.extractor.kind() {
                _ if !extraction.skipped.is_empty() => {
                    "mend the layout so that it fits the document"
                }
                LayoutKind::Outline => "mend `entry`: no line of the document matches it",
                LayoutKind::Records => {
                    "look whether it is the right document: it has no row below its headings"
                }
                _ => "mend `select`: it finds nothing in the document",
            };
            let help: String = std::iter::once(help.to_owned()).chain(skipped).collect();
            let line = source.manifest.lines.entries;
            Diagnostic::error(message)
                .at(&source.manifest_file, line)
                .help(help)
        };
        return Err(vec![error]);
    }
    Ok((decoded.repaired, extraction))
}
