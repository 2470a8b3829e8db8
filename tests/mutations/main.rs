//! Ten thousand times, one thing is changed in a real file: a byte, a line, a cell or a key. Then
//! the library ingests and builds, as the commands of a maintainer do, and each of these holds:
//!
//! - Nothing panics, and nothing hangs.
//! - A failure names the file, and the line where there is one.
//! - The commands, which one in twenty is given to, fail where the library does; then they write
//!   nothing, and else the exports that the library made.
//! - What is built differs exactly if `diff` says so, and `check` asks for the version that it names.
//! - A code that the mutation did not touch stays as it was.
//!
//! What a mutation touches is told from the items of the file before and after it, not from the
//! outcome:
//!
//! | file | items | what one touches that is not the same before and after |
//! | --- | --- | --- |
//! | `claims.csv` | claims | its codes, the code of its meaning, and the code in whose text it stood |
//! | document | the claims in it | the same |
//! | `meanings/*.yaml` | the meanings of a code | the code |
//! | `decisions.yaml` | decisions | the code of the conflict |
//! | `claims.yaml` | claims | its codes |
//! | `source.yaml` | all of it | the codes of the source's claims, before and after |
//! | `rfcs.yaml` | entries | the codes at which the old exports or the new ones name one of the entry's RFCs, or one that these obsolete or that obsoletes these |
//! | `release.yaml` | all of it | no code, only the version and the date |
//!
//! Claims of one source that share a text, and claims and meanings that share a name, are weighed
//! together: who touches the one touches the others.
//!
//! In a document, what stands before the entry at the mutated line is not touched either: the claims
//! from there stay the same. (The entry before that one may lose its end to it, or win its text.)
//!
//! `cargo test` runs a share. `MUTATIONS=10000` runs all of them, `MUTATIONS=4711..4712` one again.

#[path = "../common/mod.rs"]
mod common;
mod mutate;
mod touched;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

use common::{Sandbox, real_documents, root};
use http_status_registry::diagnostic::{Diagnostics, Severity};
use http_status_registry::model::{Claim, Registry, version_numbers};
use http_status_registry::release::releases;
use http_status_registry::review::{self, Release};
use http_status_registry::tree::Tree;
use http_status_registry::{Built, build, digest, ingest, source};
use mutate::{Mutation, Random, mutate};
use touched::Touched;

/// What all numbers follow from.
const SEED: u64 = 9110;

/// How many mutations plain `cargo test` runs.
const SHARE: usize = 100;

/// One in so many is given to the commands, too. Only they write, and they start anew each time.
const COMMANDS: usize = 20;

/// How long one of them may take before it is said to hang.
const HANGS: Duration = Duration::from_secs(120);

/// Which of the mutations to run.
fn numbers() -> Range<usize> {
    let Ok(asked) = std::env::var("MUTATIONS") else {
        return 0..SHARE;
    };
    let number = |text: &str| text.parse().expect("MUTATIONS=10000 or MUTATIONS=17..18");
    match asked.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => 0..number(&asked),
    }
}

/// What is mutated, and what was true before.
pub struct Base {
    /// The files, by their names in the tree; documents are in `documents/`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The source of each document, by its name.
    pub document_of: BTreeMap<String, String>,
    /// What is built from the files.
    pub registry: Registry,
    releases: Vec<Release>,
}

impl Base {
    fn read() -> Self {
        let sandbox = Sandbox::real();
        let tree = Tree::open(root()).expect("the checkout");
        let mut files: BTreeMap<String, Vec<u8>> = sandbox.files().into_iter().collect();
        files.retain(|name, _| {
            let is_authored = name.ends_with(".yaml") || name.ends_with("claims.csv");
            is_authored && !name.starts_with("exports/")
        });
        let mut document_of = BTreeMap::new();
        let sources = tree.sources().expect("the sources").documents;
        let folder = real_documents("mutations of the documents");
        let mut documents = Vec::new();
        // A source may keep its document beside its manifest.
        for folder in folder.into_iter().chain([root().join("sources")]) {
            collect(&folder, &mut documents);
        }
        for path in documents {
            let bytes = fs::read(&path).expect("a file");
            let sha256 = digest::sha256(&bytes);
            let source = sources.iter().find(|source| {
                let document = source.document();
                document.is_some_and(|document| document.sha256 == sha256)
            });
            if let Some(source) = source {
                let (id, file) = (&source.id, path.file_name().unwrap_or_default());
                let name = format!("documents/{id}/{}", file.display());
                document_of.insert(name.clone(), source.id.clone());
                files.insert(name, bytes);
            }
        }
        Self {
            files,
            document_of,
            registry: build(&tree)
                .unwrap_or_else(|errors| panic!("{errors:#?}"))
                .registry,
            releases: releases(&tree).expect("the releases"),
        }
    }
}

/// Adds the files of a folder and of those in it.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

#[test]
fn mutated_files_are_refused_or_change_what_they_touch() {
    let base = Base::read();
    let numbers = numbers();
    assert!(!numbers.is_empty(), "nothing to mutate");
    let next = AtomicUsize::new(numbers.start);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (tell, told) = mpsc::channel();
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (base, next, numbers, tell) = (&base, &next, &numbers, tell.clone());
            scope.spawn(move || {
                let work = Work::new(base);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        break;
                    }
                    tell.send((number, None)).expect("a listener");
                    let outcome = work.run(number);
                    tell.send((number, Some(outcome))).expect("a listener");
                }
                work.finish();
            });
        }
        drop(tell);
        let mut running = BTreeSet::new();
        loop {
            match told.recv_timeout(HANGS) {
                Ok((number, None)) => drop(running.insert(number)),
                Ok((number, Some(outcome))) => {
                    running.remove(&number);
                    match outcome {
                        Ok(what) => *tally.entry(what).or_default() += 1,
                        Err(fault) => {
                            eprintln!("{fault}");
                            faults.push(fault);
                        }
                    }
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    // The threads cannot be stopped, so all ends here.
                    eprintln!("one of the mutations {running:?} of seed {SEED} hangs");
                    std::process::exit(1);
                }
            }
        }
    });
    let count = numbers.len();
    println!("{count} mutations of seed {SEED}: {tally:?}");
    assert!(
        faults.is_empty(),
        "{} of {count}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert_eq!(tally.values().sum::<usize>(), count);
}

/// A tree of its own in which a thread works.
struct Work<'b> {
    base: &'b Base,
    sandbox: Sandbox,
    tree: Tree,
    exports: BTreeMap<String, Vec<u8>>,
}

/// What became of a mutation.
type Outcome = Result<&'static str, String>;

impl<'b> Work<'b> {
    fn new(base: &'b Base) -> Self {
        let sandbox = Sandbox::real();
        fs::create_dir_all(sandbox.path("documents")).expect("the folder");
        // Beside its manifest, a document would be found whatever is in the folder.
        for (name, _) in sandbox.files() {
            if name.starts_with("sources/") && !base.files.contains_key(&name) {
                fs::remove_file(sandbox.path(&name)).expect("the file");
            }
        }
        let tree = Tree::open(sandbox.path("")).expect("a tree");
        let exports = exports(&sandbox);
        Self {
            base,
            sandbox,
            tree,
            exports,
        }
    }

    /// Nothing has written anything but what was put back.
    fn finish(&self) {
        let is_same = exports(&self.sandbox) == self.exports;
        assert!(is_same, "the exports were touched");
    }

    fn run(&self, number: usize) -> Outcome {
        let seed = SEED.wrapping_mul(1_000_003).wrapping_add(number as u64);
        let mut random = Random::new(seed);
        let groups = [
            ".csv",
            "source.yaml",
            "claims.yaml",
            "meanings/",
            "decisions.yaml",
            "rfcs.yaml",
            "release.yaml",
            "documents/",
        ];
        let files = loop {
            let group = random.one_of(&groups);
            let files: Vec<&String> = self
                .base
                .files
                .keys()
                .filter(|name| match *group {
                    ".csv" => name.ends_with("claims.csv"),
                    group => name.contains(group),
                })
                .collect();
            if !files.is_empty() {
                break files;
            }
        };
        let file = *random.one_of(&files);
        let mutation = mutate(file, &self.base.files[file], &mut random);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let outcome = self.judge(file, &mutation)?;
            if number.is_multiple_of(COMMANDS) {
                self.restore(file);
                let obeyed = self.command(file, &mutation.bytes, outcome == "refused");
                self.restore_exports();
                obeyed?;
            }
            Ok(outcome)
        }));
        self.restore(file);
        let outcome = outcome.unwrap_or_else(|panic| {
            let message = panic.downcast_ref::<String>().cloned();
            let message = message.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string));
            Err(format!("panicked: {}", message.unwrap_or_default()))
        });
        outcome.map_err(|fault| {
            let (old, new) = (&self.base.files[file], &mutation.bytes);
            format!(
                "mutation {number} of {file}, {mutation}: {fault}\n{}",
                difference(old, new)
            )
        })
    }

    /// Puts back what a mutation and the `ingest` after it have written.
    fn restore(&self, file: &str) {
        let id = self.source_of(file);
        let beside = id.iter().flat_map(|id| {
            ["source.yaml", "claims.csv"].map(|name| format!("sources/{id}/{name}"))
        });
        for name in beside.chain([file.to_owned()]) {
            match self.base.files.get(&name) {
                Some(bytes) if !name.starts_with("documents/") => self.sandbox.write(&name, bytes),
                _ => drop(fs::remove_file(self.sandbox.path(&name))),
            }
        }
        for name in self.base.document_of.keys() {
            let _ = fs::remove_file(self.sandbox.path(name));
        }
    }

    /// Puts back the exports that a command has written, or should not have.
    fn restore_exports(&self) {
        fs::remove_dir_all(self.sandbox.path("exports")).expect("the exports");
        for (name, bytes) in &self.exports {
            self.sandbox.write(name, bytes);
        }
    }

    /// The source whose document has to be read again when a file has changed.
    fn source_of<'f>(&self, file: &'f str) -> Option<&'f str>
    where
        'b: 'f,
    {
        let of_manifest = file
            .strip_prefix("sources/")
            .and_then(|rest| rest.strip_suffix("/source.yaml"));
        let document = self.base.document_of.get(file).map(String::as_str);
        document.or(of_manifest)
    }

    /// Writes a mutated file, and beside it what `ingest` needs where a maintainer would run it. Returns
    /// the id of the source that it would be run for.
    fn mutate<'f>(&self, file: &'f str, bytes: &[u8]) -> Option<&'f str>
    where
        'b: 'f,
    {
        self.sandbox.write(file, bytes);
        let id = self.source_of(file)?;
        let mut documents = self.base.document_of.iter();
        let (document, _) = documents.find(|(_, source)| *source == id)?;
        if document == file {
            let manifest = format!("sources/{id}/source.yaml");
            let (old, new) = (&self.base.files[file], digest::sha256(bytes));
            self.sandbox.edit(&manifest, &digest::sha256(old), &new);
        } else {
            self.sandbox.write(document, &self.base.files[document]);
        }
        Some(id)
    }

    /// Runs `ingest` where a maintainer would, and then `build`; only the claims are written.
    fn build(&self, file: &str, bytes: &[u8]) -> Result<Built, Diagnostics> {
        if let Some(id) = self.mutate(file, bytes) {
            let folders = [self.sandbox.path("documents")];
            let ingested = ingest(&self.tree, &folders, &[id.to_owned()])?;
            for found in ingested
                .sources
                .into_iter()
                .filter_map(|source| source.found)
            {
                let (file, text) = found.file;
                self.sandbox.write(&file, text);
            }
        }
        build(&self.tree)
    }

    /// Runs the same commands. They are refused where the library was, and then write nothing.
    fn command(&self, file: &str, bytes: &[u8], is_refused: bool) -> Result<(), String> {
        let ingest = self
            .mutate(file, bytes)
            .map(|id| vec!["ingest", "--documents", "documents", id]);
        for arguments in ingest.into_iter().chain([vec!["build"]]) {
            let before = self.sandbox.files();
            let run = self.sandbox.run(&arguments);
            if run.code != 0 {
                let is_same = self.sandbox.files() == before;
                return match (is_refused, is_same) {
                    (true, true) => Ok(()),
                    (true, false) => Err(format!("{arguments:?} was refused, and wrote")),
                    (false, _) => Err(format!("{arguments:?} was refused: {}", run.told())),
                };
            }
        }
        let built = build(&self.tree).map_err(|errors| format!("only the library: {errors:?}"))?;
        let files = built.files();
        let stale = self.tree.stale(&files);
        match stale {
            Ok(stale) if stale.is_empty() && !is_refused => Ok(()),
            Ok(_) => Err("the commands wrote what the library does not say".to_owned()),
            Err(errors) => Err(format!("{errors:?}")),
        }
    }

    fn judge(&self, file: &str, mutation: &Mutation) -> Outcome {
        let base = &self.base.registry;
        let built = match self.build(file, &mutation.bytes) {
            Ok(built) => built,
            Err(errors) => return self.located(&errors).map(|()| "refused"),
        };
        let new = &built.registry;
        let changes = review::diff(base, new);
        let mut undated = new.clone();
        undated.version.clone_from(&base.version);
        undated.date = base.date;
        if changes.is_empty() != (undated == *base) {
            return Err(format!(
                "the registry changed, but not what `diff` shows, or the other way round: {changes:#?}"
            ));
        }
        if (new.version != base.version || new.date != base.date) && !file.ends_with("release.yaml")
        {
            return Err("the version or the date changed".to_owned());
        }
        let texts = |name: &str| {
            let old = self.base.files.get(name).cloned();
            [old, fs::read(self.sandbox.path(name)).ok()].map(|bytes| {
                String::from_utf8(bytes.unwrap_or_default()).expect("a text that was built from")
            })
        };
        let touched = Touched::of(self.base, file, &texts, new);
        let changed = touched::changed(base, new);
        let told: BTreeSet<u16> = changes
            .iter()
            .filter_map(|change| Some(change.code?.into()))
            .collect();
        let unseen: Vec<&u16> = changed.at_codes.difference(&told).collect();
        if !unseen.is_empty() {
            return Err(format!("`diff` does not say that {unseen:?} changed"));
        }
        let all: BTreeSet<u16> = changed
            .at_codes
            .union(&changed.of_ranges)
            .chain(&told)
            .copied()
            .collect();
        let beyond: Vec<&u16> = all.difference(&touched.codes).collect();
        if !beyond.is_empty() {
            return Err(format!(
                "{beyond:?} changed, but {:?} were touched",
                touched.codes
            ));
        }
        let sources = changed.sources;
        if sources.iter().any(|id| touched.source.as_ref() != Some(id)) {
            return Err(format!("the sources {sources:?} changed"));
        }
        if self.base.document_of.contains_key(file) {
            self.is_local(file, mutation)?;
        }
        if changes.is_empty() {
            return Ok("changed nothing");
        }
        self.gate(&built)?;
        Ok("changed")
    }

    /// Every error has a file, and a line of it; or it is about the file as a whole.
    fn located(&self, errors: &Diagnostics) -> Result<(), String> {
        if errors.is_empty() {
            return Err("refused without an error".to_owned());
        }
        for error in errors {
            let fault = |what: &str| Err(format!("{what}: {error}"));
            if error.severity != Severity::Error {
                return fault("no error");
            }
            let Some(file) = &error.file else {
                return fault("no file");
            };
            let Some(line) = error.line else {
                if error.message == "the document is empty" {
                    continue;
                }
                return fault("no line");
            };
            let path = self.sandbox.path(file);
            let bytes = fs::read(&path).map_err(|_| format!("no such file: {error}"))?;
            let lines = bytes
                .iter()
                .filter(|&&byte| byte == b'\n' || byte == b'\r')
                .count()
                + 1;
            if !(1..=lines).contains(&(line as usize)) {
                return fault("no such line");
            }
        }
        Ok(())
    }

    /// `check` refuses the old version exactly if the changes ask for another.
    fn gate(&self, built: &Built) -> Result<(), String> {
        let last = self.base.releases.last().ok_or("no release")?;
        let (release, yaml) = self
            .tree
            .release()
            .map_err(|errors| format!("{errors:?}"))?;
        let broken = review::broken_promises(
            &self.base.releases,
            &built.registry,
            &built.exports,
            &release.removed,
            &yaml,
        );
        let changes = review::diff(&last.registry, &built.registry);
        let asked = review::next_version(&last.version, &changes);
        let is_small = version_numbers(&built.registry.version) < version_numbers(&asked);
        let is_told = broken
            .iter()
            .any(|error| error.message.contains("is too small"));
        if is_small != is_told {
            return Err(format!(
                "the version {} for {asked}: {broken:?}",
                built.registry.version
            ));
        }
        match broken.is_empty() {
            true => Ok(()),
            false => self.located(&broken),
        }
    }

    /// The claims before the entry at the mutated line stay as they were.
    fn is_local(&self, file: &str, mutation: &Mutation) -> Result<(), String> {
        let claims_file = format!("sources/{}/claims.csv", self.base.document_of[file]);
        let parse = |bytes: &[u8]| -> Vec<Claim> {
            let text = String::from_utf8_lossy(bytes);
            source::parse_claims(&claims_file, &text).expect("claims that were built from")
        };
        let old = parse(&self.base.files[&claims_file]);
        let new = parse(&fs::read(self.sandbox.path(&claims_file)).expect("the claims"));
        let starts = old.iter().enumerate().filter(|(_, claim)| {
            claim.facts.embedded_in.is_none() && claim.facts.line as usize <= mutation.line
        });
        // The entry at the line, and the one before it.
        let stay = starts.rev().nth(1).map_or(0, |(index, _)| index);
        match old[..stay].iter().zip(&new).find(|(old, new)| old != new) {
            None if new.len() >= stay => Ok(()),
            found => Err(format!("of the claims before the line, {found:?} changed")),
        }
    }
}

fn exports(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let files = sandbox.files().into_iter();
    files
        .filter(|(name, _)| name.starts_with("exports/"))
        .collect()
}

/// The lines that differ, those of both ends left out.
fn difference(old: &[u8], new: &[u8]) -> String {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old
        .iter()
        .zip(&new)
        .take_while(|(old, new)| old == new)
        .count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = end.take_while(|(old, new)| old == new).count();
    let show = |sign: &str, lines: &[&str]| {
        let lines = lines[start..lines.len() - end].iter().take(3);
        lines
            .map(|line| format!("  {sign} {}\n", line.escape_debug()))
            .collect::<String>()
    };
    format!("{}{}", show("-", &old), show("+", &new))
}
