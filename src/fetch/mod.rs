//! Keeping the sources current: downloads their documents, and says what changed in them. This is
//! all that opens a socket.

mod address;
mod body;
mod cache;
mod client;
mod edit;
mod failure;
mod judge;
mod proxy;
mod response;
mod tls;
mod update;

use std::path::PathBuf;
use std::time::SystemTime;

use futures_util::stream::{self, StreamExt};
use reqwest::Url;

pub use cache::Cache;
pub use client::{Event, Limits};
pub use update::{News, Update};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Date;
use crate::source::{Document, Manifest};
use crate::tree::{SourceFolder, Tree};
use client::{Client, Download, Request, Validators};
use failure::Failure;

/// How many sources are downloaded at once.
const AT_ONCE: usize = 4;

/// How to fetch.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where documents are kept, if they are: a run that writes nothing has no cache to write to.
    pub cache: Cache,
    /// Whether what is downloaded is put into the cache.
    pub keep: bool,
    /// How long to wait.
    pub limits: Limits,
    /// A file of certificates to trust besides those of the web.
    pub authorities: Option<PathBuf>,
    /// Whether an edition may be older than the one that is there, or lack what that one has.
    pub accept_loss: bool,
}

/// What came of a source.
pub struct Fetched {
    /// The source's id.
    pub id: String,
    /// What a maintainer should know: where it was redirected to, what of it was not kept.
    pub notes: Vec<String>,
    /// What is new, or why that is not known.
    pub news: Result<News, Diagnostics>,
}

/// Downloads the documents of the sources with the given ids, or of all that have a URL, and finds
/// out what is new in them. Writes nothing but the cache.
///
/// # Errors
/// Everything that is wrong in the tree or with an id. What is wrong with one download is that source's.
pub fn fetch(
    tree: &Tree,
    ids: &[String],
    options: &Options,
    tell: &dyn Fn(&str, Event),
) -> Result<Vec<Fetched>, Diagnostics> {
    let sources = tree.sources()?;
    let registered = update::registered(tree, &sources.documents)?;
    let (meanings, rfcs) = (tree.meanings()?, tree.rfcs()?);
    let sources = wanted(crate::named(sources, ids)?, ids)?;
    let sources = sources.iter().map(|source| tree.source_folder(source));
    let sources = crate::diagnostic::all(sources)?;
    let client = Client::new(options.limits.clone(), options.authorities.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| vec![Diagnostic::error(format!("cannot start: {error}"))])?;
    let downloads = sources.iter().enumerate().map(|(nth, source)| {
        let client = &client;
        async move {
            let tell = |event| tell(&source.manifest.id, event);
            let old = at_hand(tree, source, options);
            let download = download(client, source, old, options, &tell).await;
            tell(if download.is_ok() {
                Event::Done
            } else {
                Event::Failed
            });
            (nth, download)
        }
    });
    // One that is slow keeps no other from starting.
    let downloads = stream::iter(downloads).buffer_unordered(AT_ONCE);
    let mut downloads: Vec<_> = runtime.block_on(downloads.collect());
    downloads.sort_by_key(|(nth, _)| *nth);
    // A name may still be looked up for a download that was given up: nobody waits for that.
    runtime.shutdown_background();
    let context = update::Context {
        tree,
        meanings: &meanings,
        registered: &registered,
        rfcs: &rfcs,
        options,
        today: day(SystemTime::now())?,
    };
    let fetched = sources.iter().zip(downloads);
    let fetched = fetched.map(|(source, (_, download))| {
        let id = source.manifest.id.clone();
        let mut notes = Vec::new();
        let news = download.and_then(|(old, mut download)| {
            notes.append(&mut download.notes);
            update::news(&context, source, old.as_ref(), download, &mut notes)
        });
        Fetched { id, notes, news }
    });
    Ok(fetched.collect())
}

/// The sources that can be fetched.
fn wanted(mut sources: Vec<Manifest>, ids: &[String]) -> Result<Vec<Manifest>, Diagnostics> {
    let is_pinned = |source: &Manifest| source.document().is_some_and(|document| document.pinned);
    let errors = sources.iter().filter_map(|source| {
        let (id, file) = (&source.id, source.file());
        let (why, help) = if source.url.is_none() {
            ("has no `url`", "add the `url` of its document")
        } else if is_pinned(source) {
            (
                "is one edition of its document (`pinned: true`), so a newer one is not fetched",
                "take `pinned` out if it should follow its document",
            )
        } else {
            return None;
        };
        let error = Diagnostic::error(format!("the source `{id}` {why}")).in_file(file);
        ids.contains(id).then(|| error.help(help))
    });
    let errors: Diagnostics = errors.collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    sources.retain(|source| source.url.is_some() && !is_pinned(source));
    Ok(sources)
}

/// The document that is locked, where its bytes are at hand.
struct AtHand {
    /// The file of the tree that holds it, if it is kept beside the manifest.
    file: Option<String>,
    bytes: Vec<u8>,
}

fn at_hand(
    tree: &Tree,
    source: &SourceFolder,
    options: &Options,
) -> Result<Option<AtHand>, Diagnostics> {
    let folder = format!("sources/{}", source.manifest.id);
    let kept = tree.kept(&source.manifest.id, source.document.max_bytes)?;
    let found = kept.find(&source.document);
    if let Some((path, bytes)) = found.map_err(|error| vec![error])? {
        let name = path.strip_prefix(tree.path(&folder)).unwrap_or(&path);
        let mut file = folder;
        for part in name {
            let part = part.to_str().ok_or_else(|| {
                let error = Diagnostic::error("the document's name is not Unicode");
                vec![error.in_file(path.display().to_string()).help("rename it")]
            })?;
            file = format!("{file}/{part}");
        }
        return Ok(Some(AtHand {
            file: Some(file),
            bytes,
        }));
    }
    let named = kept.must_not_name(&source.manifest.id, &source.document);
    named.map_err(|error| vec![error])?;
    let bytes = options.cache.get(&source.document.sha256);
    Ok(bytes.map(|bytes| AtHand { file: None, bytes }))
}

/// The document at hand and what the server has, or why the source cannot be fetched.
async fn download(
    client: &Client,
    source: &SourceFolder,
    old: Result<Option<AtHand>, Diagnostics>,
    options: &Options,
    tell: &dyn Fn(Event),
) -> Result<(Option<AtHand>, Download), Diagnostics> {
    let old = old?;
    let download = ask(client, source, old.is_some(), tell).await;
    let download = download.map_err(|failure| vec![refused(source, failure, options)])?;
    Ok((old, download))
}

/// Downloads a source's document, unless the one at hand is the latest.
async fn ask(
    client: &Client,
    source: &SourceFolder,
    is_at_hand: bool,
    tell: &dyn Fn(Event),
) -> Result<Download, Failure> {
    let Document {
        media_type,
        max_bytes,
        allow_http,
        ..
    } = source.document;
    let url = source.manifest.url.as_deref().unwrap_or_default();
    let parsed = Url::parse(url).map_err(|error| {
        Failure::new(
            format!("{url} is no URL: {error}"),
            "correct `url` in the manifest",
        )
    })?;
    tell(Event::Started(url.to_owned()));
    match parsed.scheme() {
        "file" => return read_file(&parsed, max_bytes, tell),
        "http" if !allow_http => {
            return Err(Failure::new(
                format!("{url} is plain HTTP, which anybody on the way can change"),
                "write https:// in `url`; if there is no other way, allow it with `allow_http: true` below `document:`",
            ));
        }
        _ => {}
    }
    // What is known of an edition is good for its own URL only, and no use without its bytes.
    let document = &source.document;
    let is_known = is_at_hand && document.fetched_from.as_deref() == Some(url);
    let known = is_known.then(|| Validators {
        etag: document.etag.clone(),
        last_modified: document.last_modified.clone(),
    });
    let request = Request {
        url: parsed,
        max_bytes,
        media_type,
        known: known.unwrap_or_default(),
    };
    client.download(&request, tell).await
}

/// The document in a local mirror. Its file says nothing that can be trusted of its time.
fn read_file(url: &Url, most: u64, tell: &dyn Fn(Event)) -> Result<Download, Failure> {
    use std::io::Read;
    let failed = |error: std::io::Error| {
        Failure::new(
            format!("cannot read {url}: {error}"),
            "correct `url` in the manifest",
        )
    };
    let path = url.to_file_path().map_err(|()| {
        Failure::new(
            format!("{url} names no file"),
            "write file:/// and the whole path in `url`",
        )
    })?;
    // A device or a pipe may have no end.
    if !std::fs::metadata(&path).map_err(failed)?.is_file() {
        return Err(Failure::new(
            format!("{url} is no file"),
            "name a file in `url`",
        ));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&path).map_err(failed)?;
    let read = file.take(most.saturating_add(1)).read_to_end(&mut bytes);
    if read.map_err(failed)? as u64 > most {
        let message = format!("{url} has more bytes than max_bytes ({most})");
        return Err(Failure::new(
            message,
            "raise document.max_bytes in the manifest if that is right",
        ));
    }
    tell(Event::Received(bytes.len()));
    Ok(Download {
        document: Some(bytes),
        validators: Validators::default(),
        notes: Vec::new(),
    })
}

/// A failure as a diagnostic of its source. What was received is kept, and named.
fn refused(source: &SourceFolder, failure: Failure, options: &Options) -> Diagnostic {
    let (id, file) = (&source.manifest.id, &source.manifest_file);
    let error = Diagnostic::error(format!("`{id}`: {}", failure.message)).in_file(file);
    let Some(bytes) = failure.received else {
        return error.help(failure.help);
    };
    let kept = if options.keep {
        match options.cache.put(&bytes) {
            Ok(place) => format!("it is kept in {}", place.display()),
            Err(error) => format!("it could not be kept: {}", error.message),
        }
    } else {
        "without --dry-run, it is kept for you to look at".to_owned()
    };
    error.help(format!("{}\n{kept}", failure.help))
}

/// The day of a time, in UTC.
fn day(time: SystemTime) -> Result<Date, Diagnostics> {
    let text = httpdate::fmt_http_date(time);
    let parts: Vec<&str> = text.split(' ').collect();
    let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let date = match parts[..] {
        [_, day, month, year, ..] => {
            let month = months.find(month).unwrap_or_default() / 3 + 1;
            format!("{year}-{month:02}-{day}").parse()
        }
        _ => Err(format!("`{text}` is no time")),
    };
    date.map_err(|error| vec![Diagnostic::error(error)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn days_are_of_utc() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_868_799, "2000-02-29"),
            (1_757_894_400, "2025-09-15"),
            (1_798_761_599, "2026-12-31"),
        ] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(day(time).expect("a day").to_string(), expected);
        }
    }
}
