use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::{CodeRange, text};
use http_status_registry::tree::Tree;
use http_status_registry::{Ingestion, Kept, ingest};

use super::{DONE, NO, print, report};

/// How many lines of one sort are printed for a source unless all are asked for.
const MOST: usize = 20;

#[derive(clap::Args)]
pub struct Arguments {
    /// A folder that holds documents, under any names, such as the cache of `fetch`; may be given several times
    #[arg(long, value_name = "DIR")]
    documents: Vec<PathBuf>,
    /// Write nothing, and fail if the claims are not what the documents say
    #[arg(long)]
    check: bool,
    /// Print every repaired and skipped line, however many there are
    #[arg(long)]
    verbose: bool,
    /// The sources to read, whose documents must be there; all of them if none is named
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let Ingestion {
        sources: mut ingested,
        warnings,
    } = ingest(tree, &arguments.documents, &arguments.sources)?;
    report(&warnings);
    let files: Vec<(String, String)> = ingested
        .iter_mut()
        .filter_map(|source| source.found.as_mut())
        .map(|found| (found.file.0.clone(), std::mem::take(&mut found.file.1)))
        .collect();
    let stale = tree.stale(&files)?.into_iter();
    let stale: BTreeSet<&str> = stale.map(|(file, _)| file.as_str()).collect();
    if !arguments.check {
        tree.write(&files)?;
    }
    let most = if arguments.verbose { usize::MAX } else { MOST };
    let mut out = String::new();
    for source in &ingested {
        match &source.found {
            Some(found) => {
                describe(&source.id, found, &stale, arguments.check, most, &mut out);
                tell_lost(&source.lost, most, &mut out);
            }
            None if source.is_locked => {
                let _ = writeln!(
                    out,
                    "{}: the document is not there; its locked claims stay as they are",
                    source.id
                );
            }
            None => {
                let _ = writeln!(
                    out,
                    "{}: the document is not there, and no claims of it are locked yet",
                    source.id
                );
            }
        }
    }
    // Who names a source wants it read.
    let must_be_read = |is_locked: bool| !is_locked || !arguments.sources.is_empty();
    let is_unread = ingested
        .iter()
        .any(|source| source.found.is_none() && must_be_read(source.is_locked));
    print(&out);
    Ok(if is_unread || (arguments.check && !stale.is_empty()) {
        NO
    } else {
        DONE
    })
}

/// Tells which codes the claims had before.
fn tell_lost(lost: &BTreeSet<CodeRange>, most: usize, out: &mut String) {
    if lost.is_empty() {
        return;
    }
    let named = lost.iter().take(most).map(ToString::to_string);
    let named: Vec<String> = named.collect();
    let more = match lost.len().saturating_sub(most) {
        0 => String::new(),
        more => format!(" and {more} more (--verbose prints them)"),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  no longer found: {}{more}", named.join(", "));
}

fn describe(
    id: &str,
    found: &Kept,
    stale: &BTreeSet<&str>,
    check: bool,
    most: usize,
    out: &mut String,
) {
    let (file, _) = &found.file;
    let state = match (stale.contains(file.as_str()), check) {
        (false, _) => "claims unchanged",
        (true, false) => "claims written",
        (true, true) => "claims are stale: run `ingest` without --check",
    };
    let repaired = found.mended.len() + found.repaired.len();
    let skipped = found.skipped.len();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{id}: {} entries found, {repaired} repaired, {skipped} skipped; {state}",
        found.claims
    );
    for repair in &found.mended {
        let _ = writeln!(out, "  repaired: {repair}");
    }
    let remarks = [
        ("repaired", &found.repaired),
        ("skipped", &found.skipped),
        ("without a meaning", &found.untied),
    ];
    for (word, remarks) in remarks {
        for remark in remarks.iter().take(most) {
            let _ = writeln!(
                out,
                "  {word}, line {}: {}",
                remark.line,
                text::printable(&remark.text)
            );
        }
        if remarks.len() > most {
            let _ = writeln!(
                out,
                "  {word}: {} more (--verbose prints them)",
                remarks.len() - most
            );
        }
    }
}
