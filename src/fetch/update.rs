//! What is new in a source, and the files that say so.

use std::collections::BTreeSet;

use super::client::{Download, Validators};
use super::failure::Failure;
use super::judge::{self, Edition};
use super::{AtHand, Options, edit, refused};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::sha256;
use crate::model::{Authority, Claim, Code, Date};
use crate::reconcile::{Meanings, Rfcs};
use crate::review::{ClaimChange, claim_changes};
use crate::source::{Manifest, Reading};
use crate::tree::{SourceFolder, Tree};
use crate::{Found, yaml};

/// What is new in a source.
pub enum News {
    /// Its document is the one that is locked. What the server says of its edition may be new.
    Unchanged(Option<Update>),
    /// Its document is another one, or its claims are not what `ingest` would lock.
    Changed {
        /// Whether the document is another one.
        is_new: bool,
        /// What it says otherwise.
        changes: Vec<ClaimChange>,
        /// How many claims there were, and how many there are.
        claims: (usize, usize),
        /// The reasons for which it would be refused, had losses not been accepted.
        accepted: Vec<String>,
        /// What to write.
        update: Update,
    },
}

/// The files of a source that change together.
pub struct Update {
    files: Vec<(String, Vec<u8>)>,
    /// The manifest as it was read, and what it is to say.
    manifest: (Manifest, Manifest),
}

impl Update {
    /// Writes all of them or none, and returns their names.
    ///
    /// # Errors
    /// A manifest that somebody has changed since it was read or that cannot be edited, and files
    /// that cannot be written.
    pub fn write(self, tree: &Tree) -> Result<Vec<String>, Diagnostics> {
        let (was, wanted) = &self.manifest;
        let file = was.file();
        let text = tree.read(&file)?;
        if yaml::Source::parse(&file, text.as_str())?.read::<Manifest>()? != *was {
            let error = Diagnostic::error("the manifest was changed while its source was fetched");
            return Err(vec![error.in_file(file).help("run `fetch` again")]);
        }
        let mut files = self.files;
        if wanted != was {
            let edited = edit::edited(&file, &text, wanted)?;
            files.insert(0, (file, edited.into_bytes()));
        }
        tree.write(&files)
    }
}

/// What all sources share.
pub struct Context<'c> {
    pub tree: &'c Tree,
    pub meanings: &'c Meanings,
    pub registered: &'c BTreeSet<Code>,
    pub rfcs: &'c Rfcs,
    pub options: &'c Options,
    pub today: Date,
}

/// The codes that the tree's registries call registered.
pub fn registered(tree: &Tree, sources: &[Manifest]) -> Result<BTreeSet<Code>, Diagnostics> {
    let registries = sources
        .iter()
        .filter(|source| source.authority == Authority::Registry);
    let codes = crate::diagnostic::all(registries.map(|source| {
        let claims = locked(tree, &source.claims_file())?;
        Ok(judge::registered(&claims, source.authority))
    }))?;
    Ok(codes.into_iter().flatten().collect())
}

/// The claims that are locked; none if there are none yet.
fn locked(tree: &Tree, file: &str) -> Result<Vec<Claim>, Diagnostics> {
    if !tree.path(file).exists() {
        return Ok(Vec::new());
    }
    tree.read_claims(file)
}

/// What a download tells of a source.
pub fn news(
    context: &Context,
    source: &SourceFolder,
    old: Option<&AtHand>,
    download: Download,
    notes: &mut Vec<String>,
) -> Result<News, Diagnostics> {
    let Download {
        document,
        validators,
        ..
    } = download;
    let is_downloaded = document.is_some();
    // Without one, the one at hand is the latest.
    let Some(bytes) = document.or_else(|| old.map(|old| old.bytes.clone())) else {
        return Ok(News::Unchanged(None));
    };
    let digest = sha256(&bytes);
    let place = context.options.cache.folder().join(&digest);
    let name = place.display().to_string();
    if digest == source.document.sha256 {
        let mut wanted = source.manifest.clone();
        if is_downloaded {
            keep(context, &bytes)?;
            wanted = manifest(source, &digest, &validators);
        }
        let found = crate::read_document(source, &name, &bytes, context.meanings)?;
        return relocked(context, source, found, wanted, notes);
    }
    let refuse = |message: String, help: &str| {
        let failure = Failure::new(message, help).received(bytes.clone());
        vec![refused(source, failure, context.options)]
    };
    let found = crate::read_document(source, &name, &bytes, context.meanings);
    let found = found.map_err(|errors| {
        let why: Vec<String> = errors
            .iter()
            .map(|error| {
                // The others are about the manifest.
                let is_in_it = error.file.as_deref() == Some(name.as_str());
                let line = error.line.filter(|_| is_in_it);
                let line = line.map_or(String::new(), |line| format!("line {line}: "));
                format!("{line}{}", error.message)
            })
            .collect();
        let help = errors.iter().find_map(|error| error.help.clone());
        refuse(
            format!("the new document cannot be read: {}", why.join("; ")),
            &format!(
                "look at it: if it is an error page, try again later or correct `url`; else {}",
                help.unwrap_or_default()
            ),
        )
    })?;
    tell_skipped(&found, notes);
    let before = locked(context.tree, &source.claims_file)?;
    let mut must_stay = judge::registered(&before, source.manifest.authority);
    must_stay.extend(context.registered);
    let was = Edition {
        date: source.manifest.date,
        claims: &before,
        bytes: old.map(|old| &old.bytes[..]),
    };
    let is = Edition {
        date: last_changed(&validators),
        claims: &found.claims,
        bytes: Some(&bytes),
    };
    let objections = judge::objections(&was, &is, &must_stay, context.rfcs);
    if !objections.is_empty() && !context.options.accept_loss {
        return Err(refuse(
            format!("the new document {}", objections.join("; it ")),
            &format!(
                "compare it with the one before, and check `url`; if it is right, run `fetch --accept-loss {}`",
                source.manifest.id
            ),
        ));
    }
    keep(context, &bytes)?;
    let mut wanted = manifest(source, &digest, &validators);
    wanted.date = dated(context, source, &validators, notes);
    wanted.retrieved = Some(context.today);
    let mut update = update(source, wanted);
    let (claims_file, claims) = found.file;
    update.files.push((claims_file, claims.into_bytes()));
    if let Some(file) = old.and_then(|old| old.file.clone()) {
        update.files.push((file, bytes.clone()));
    }
    Ok(News::Changed {
        is_new: true,
        changes: claim_changes(&before, &found.claims),
        claims: (before.len(), found.claims.len()),
        accepted: objections,
        update,
    })
}

/// What is new where the document is the one that is locked: its claims may be none yet, or those of
/// another layout or other meanings.
fn relocked(
    context: &Context,
    source: &SourceFolder,
    found: Found,
    wanted: Manifest,
    notes: &mut Vec<String>,
) -> Result<News, Diagnostics> {
    let is_known = wanted == source.manifest;
    let mut update = update(source, wanted);
    if context
        .tree
        .stale(std::slice::from_ref(&found.file))?
        .is_empty()
    {
        return Ok(News::Unchanged((!is_known).then_some(update)));
    }
    tell_skipped(&found, notes);
    let before = locked(context.tree, &source.claims_file)?;
    let (file, claims) = found.file;
    update.files.push((file, claims.into_bytes()));
    Ok(News::Changed {
        is_new: false,
        changes: claim_changes(&before, &found.claims),
        claims: (before.len(), found.claims.len()),
        accepted: Vec::new(),
        update,
    })
}

fn tell_skipped(found: &Found, notes: &mut Vec<String>) {
    let skipped = found.skipped.iter();
    notes.extend(skipped.map(|remark| format!("skipped, line {}: {}", remark.line, remark.text)));
}

fn keep(context: &Context, bytes: &[u8]) -> Result<(), Diagnostics> {
    if context.options.keep {
        context
            .options
            .cache
            .put(bytes)
            .map_err(|error| vec![error])?;
    }
    Ok(())
}

/// The day on which the server says that the document was last changed.
fn last_changed(validators: &Validators) -> Option<Date> {
    let time = validators.last_modified.as_deref()?;
    let time = httpdate::parse_http_date(time).ok()?;
    super::day(time).ok()
}

/// The date of a new edition: the day of its last change; if the server does not tell, today, as
/// this is the first day that it is known of. A source that has no date gets none, unless it is a
/// registry: the newest of those is in force.
fn dated(
    context: &Context,
    source: &SourceFolder,
    validators: &Validators,
    notes: &mut Vec<String>,
) -> Option<Date> {
    let manifest = &source.manifest;
    if manifest.date.is_none() && manifest.authority != Authority::Registry {
        return None;
    }
    let changed = last_changed(validators);
    if changed.is_none() {
        notes.push(format!(
            "when it was last changed is not known: its date is now {}, the day of this fetch",
            context.today
        ));
    }
    Some(changed.unwrap_or(context.today))
}

/// A source's manifest for a document that was downloaded.
fn manifest(source: &SourceFolder, digest: &str, validators: &Validators) -> Manifest {
    let mut manifest = source.manifest.clone();
    if let Reading::Document { document, .. } = &mut manifest.reading {
        let is_known = *validators != Validators::default();
        digest.clone_into(&mut document.sha256);
        document.etag.clone_from(&validators.etag);
        document.last_modified.clone_from(&validators.last_modified);
        document.fetched_from = manifest.url.clone().filter(|_| is_known);
    }
    manifest
}

/// What makes a source's manifest say what is wanted.
fn update(source: &SourceFolder, wanted: Manifest) -> Update {
    Update {
        files: Vec::new(),
        manifest: (source.manifest.clone(), wanted),
    }
}
