//! The laws that hold for any bytes at all. Each function is the body of a fuzz target; `cargo test`
//! replays the corpus through them.

#![allow(dead_code)]
#![forbid(unsafe_code)]

use std::cell::RefCell;

use http_status_registry::diagnostic::{Diagnostics, Severity};
use http_status_registry::extract::Extractor;
use http_status_registry::model::{Claim, LayoutKind, Registry, SourceEntry};
use http_status_registry::reconcile::{
    Decisions, Input, Meanings, Rfcs, Source, Standard, reconcile,
};
use http_status_registry::review::{self, Report};
use http_status_registry::source::{Manifest, MediaType, Reading};
use http_status_registry::tree::{FULL, SourceFolder, compile};
use http_status_registry::{Found, export, read_document, source, yaml};
use serde::Deserialize;
use serde_json::Value;

/// A law, by the name of its target. It says whether the bytes were taken: what is refused gets no further.
pub type Law = fn(&[u8]) -> bool;

/// Every target.
pub const TARGETS: &[(&str, Law)] = &[
    ("sections", sections),
    ("rows", rows),
    ("items", items),
    ("definitions", definitions),
    ("outline", outline),
    ("records", records),
    ("manifest", manifest),
    ("claims", claims),
    ("standard", standard),
    ("meanings", meanings),
    ("decisions", decisions),
    ("export", export),
    ("diff", diff),
    ("pipeline", pipeline),
];

/// A file of the small tree, or of the real one.
macro_rules! file {
    (small $name:literal) => {
        (
            $name,
            include_str!(concat!("../tests/fixtures/tree/", $name)),
        )
    };
    ($name:literal) => {
        ($name, include_str!(concat!("../", $name)))
    };
}

/// The manifests of the sources with a document: the small tree's, and then the real tree's.
const MANIFESTS: &[(&str, &str)] = &[
    file!(small "sources/sections/source.yaml"),
    file!(small "sources/rows/source.yaml"),
    file!(small "sources/items/source.yaml"),
    file!(small "sources/definitions/source.yaml"),
    file!(small "sources/outline/source.yaml"),
    file!(small "sources/records/source.yaml"),
    file!("sources/iana-2015/source.yaml"),
    file!("sources/iana-2019/source.yaml"),
    file!("sources/iana/source.yaml"),
    file!("sources/rfc2616-section10-zh/source.yaml"),
    file!("sources/rfc9110-notes/source.yaml"),
    file!("sources/status-list-en/source.yaml"),
    file!("sources/status-list-zh/source.yaml"),
    file!("sources/status-table-zh/source.yaml"),
];

/// What the small tree says of the codes, file by file.
const REGISTRY: &[(&str, &str)] = &[
    file!(small "registry/meanings/2xx.yaml"),
    file!(small "registry/meanings/4xx.yaml"),
    file!(small "registry/decisions.yaml"),
    file!(small "registry/rfcs.yaml"),
    file!(small "sources/standard/claims.yaml"),
];

const STANDARD: (&str, &str) = file!(small "sources/standard/source.yaml");

/// The documents of the small tree, in the order of its manifests.
const DOCUMENTS: &[&str] = &[
    include_str!("../tests/fixtures/documents/sections.md"),
    include_str!("../tests/fixtures/documents/rows.html"),
    include_str!("../tests/fixtures/documents/items.md"),
    include_str!("../tests/fixtures/documents/definitions.html"),
    include_str!("../tests/fixtures/documents/outline.txt"),
    include_str!("../tests/fixtures/documents/records.csv"),
];

/// A small export with something in every field.
const SMALL_EXPORT_TEXT: &str = include_str!("small.json");

/// The small tree, and what a build of it starts from.
struct Small {
    sources: Vec<SourceFolder>,
    input: Input,
}

thread_local! {
    /// The layouts are compiled once.
    static SOURCES: RefCell<Vec<SourceFolder>> = RefCell::new(folders(MANIFESTS));
    static SMALL: Small = read_small().expect("the small tree");
    static STANDARD_ENTRY: SourceEntry = standard_entry();
    static SMALL_EXPORT: (Value, Registry) = read_small_export();
}

fn folders(manifests: &[(&str, &str)]) -> Vec<SourceFolder> {
    let folders = manifests.iter().map(|(file, text)| folder(file, text));
    folders.collect()
}

fn folder(file: &str, text: &str) -> SourceFolder {
    let yaml = yaml::Source::parse(file, text).expect("YAML");
    let manifest = Manifest::read(&yaml).expect("a manifest");
    let Reading::Document { document, layout } = manifest.reading.clone() else {
        panic!("{file} has no document");
    };
    SourceFolder {
        document,
        extractor: Extractor::compile(&layout).expect("a layout"),
        manifest_file: file.to_owned(),
        claims_file: format!("sources/{}/claims.csv", manifest.id),
        manifest,
    }
}

fn read_meanings(files: &[(&str, &str)]) -> Result<Meanings, Diagnostics> {
    let sources = files.iter();
    let sources: Vec<yaml::Source> = sources
        .map(|(file, text)| yaml::Source::parse(*file, *text))
        .collect::<Result<_, _>>()?;
    Meanings::read(&sources)
}

/// The bytes were refused: every error names the file, and a line of it, and can be printed.
fn located(errors: &Diagnostics, file: &str, text: &str) -> bool {
    placed(errors, |name| {
        (name == file).then(|| lines(text.as_bytes()))
    });
    false
}

/// Every error names a line of one of the files of which it is known how many lines they have.
fn placed(errors: &Diagnostics, last: impl Fn(&str) -> Option<u32>) {
    assert!(!errors.is_empty(), "a failure without an error");
    for error in errors {
        assert_eq!(error.severity, Severity::Error, "{error}");
        let file = error.file.as_deref();
        let file = file.unwrap_or_else(|| panic!("no file: {error}"));
        let Some(line) = error.line else {
            assert_eq!(error.message, "the document is empty", "no line: {error}");
            continue;
        };
        let last = last(file).unwrap_or_else(|| panic!("not of this file: {error}"));
        assert!((1..=last).contains(&line), "{last} lines: {error}");
    }
}

/// How many lines an editor shows, or some more if it is UTF-16. A carriage return alone ends one too.
fn lines(bytes: &[u8]) -> u32 {
    let ends = (0..bytes.len()).filter(|&at| match bytes[at] {
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        byte => byte == b'\n',
    });
    u32::try_from(ends.count() + 1).expect("a small text")
}

/// How many lines a document has, for one who reads the source.
fn lines_of_document(source: &SourceFolder, bytes: &[u8]) -> u32 {
    match source::decode(bytes, &source.document, "document") {
        Ok(decoded) => lines(decoded.text.as_bytes()),
        Err(_) => lines(bytes),
    }
}

pub fn sections(data: &[u8]) -> bool {
    extraction(LayoutKind::Sections, data)
}

pub fn rows(data: &[u8]) -> bool {
    extraction(LayoutKind::Rows, data)
}

pub fn items(data: &[u8]) -> bool {
    extraction(LayoutKind::Items, data)
}

pub fn definitions(data: &[u8]) -> bool {
    extraction(LayoutKind::Definitions, data)
}

pub fn outline(data: &[u8]) -> bool {
    extraction(LayoutKind::Outline, data)
}

pub fn records(data: &[u8]) -> bool {
    extraction(LayoutKind::Records, data)
}

/// The first byte says which manifest reads the rest, as what media type and in which encoding.
fn extraction(kind: LayoutKind, data: &[u8]) -> bool {
    let Some((&choice, bytes)) = data.split_first() else {
        return false;
    };
    let choice = usize::from(choice);
    SOURCES.with_borrow_mut(|sources| {
        let of_kind = sources
            .iter_mut()
            .filter(|source| match &source.manifest.reading {
                Reading::Document { layout, .. } => layout.kind == kind,
                Reading::Rfc(_) => false,
            });
        let mut of_kind: Vec<&mut SourceFolder> = of_kind.collect();
        let count = of_kind.len();
        let source = &mut of_kind[choice % count];
        let choice = choice / count;
        source.document.media_type = match kind {
            LayoutKind::Outline => MediaType::Plain,
            LayoutKind::Records => MediaType::Csv,
            _ if choice.is_multiple_of(2) => MediaType::Markdown,
            _ if (choice / 6).is_multiple_of(2) => MediaType::Html,
            _ => MediaType::Xhtml,
        };
        let charset = [None, Some("gbk"), Some("utf-16le")][choice / 2 % 3];
        source.document.charset = charset.map(str::to_owned);
        SMALL.with(|small| reading(source, bytes, &small.input.meanings))
    })
}

/// A document gives the same claims each time, on lines that it has, and they can be locked.
fn reading(source: &SourceFolder, bytes: &[u8], meanings: &Meanings) -> bool {
    let read = || read_document(source, "document", bytes, meanings);
    let (found, again) = match (read(), read()) {
        (Ok(found), Ok(again)) => (found, again),
        (Err(errors), Err(again)) => {
            assert_eq!(errors, again);
            let last = lines_of_document(source, bytes);
            placed(&errors, |file| match file {
                "document" => Some(last),
                // Where the layout says what an entry is, if none was found.
                file => (file == source.manifest_file).then_some(source.manifest.lines.entries),
            });
            return false;
        }
        _ => panic!("the same bytes were read, and were not"),
    };
    assert_eq!(found.claims, again.claims);
    let remarks = |found: &Found| (found.repaired.clone(), found.skipped.clone());
    assert_eq!(remarks(&found), remarks(&again));
    let last = lines_of_document(source, bytes);
    let entries = found.claims.iter().map(|claim| claim.facts.line);
    let remarks = found.repaired.iter().chain(&found.skipped);
    for line in entries.chain(remarks.map(|remark| remark.line)) {
        assert!((1..=last).contains(&line), "line {line} of {last}");
    }
    let (file, text) = &found.file;
    let locked = source::parse_claims(file, text).expect("claims that were written");
    assert_eq!(locked, found.claims);
    true
}

/// A manifest is read, or its faults are told. With one that has none, documents can be read.
pub fn manifest(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let (file, id) = ("sources/items/source.yaml", "items");
    let parsed =
        yaml::Source::parse(file, text).and_then(|yaml| Ok((Manifest::read(&yaml)?, yaml)));
    let (manifest, yaml): (Manifest, yaml::Source) = match parsed {
        Ok(parsed) => parsed,
        Err(errors) => return located(&errors, file, text),
    };
    let mut faults = manifest.faults(&yaml, id);
    let Reading::Document { document, layout } = manifest.reading.clone() else {
        return faults.is_empty() || located(&faults, file, text);
    };
    let extractor = match compile(&layout, &yaml) {
        Ok(extractor) if faults.is_empty() => extractor,
        compiled => {
            faults.extend(compiled.err().unwrap_or_default());
            return located(&faults, file, text);
        }
    };
    let source = SourceFolder {
        document,
        extractor,
        manifest_file: file.to_owned(),
        claims_file: "sources/items/claims.csv".to_owned(),
        manifest,
    };
    SMALL.with(|small| {
        for document in DOCUMENTS {
            reading(&source, document.as_bytes(), &small.input.meanings);
        }
    });
    true
}

/// Claims that are read are written as they were read.
pub fn claims(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let file = "sources/items/claims.csv";
    match source::parse_claims(file, text) {
        Err(errors) => located(&errors, file, text),
        Ok(claims) => {
            let written = source::write_claims(&claims);
            if claims.is_empty() {
                return true;
            }
            let again = source::parse_claims(file, &written).expect("claims that were written");
            assert_eq!(claims, again);
            assert_eq!(source::write_claims(&again), written);
            true
        }
    }
}

/// What an RFC says is read, or its faults are told.
pub fn standard(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let file = "sources/standard/claims.yaml";
    match yaml::Source::parse(file, text).and_then(|yaml| read_standard(&yaml)) {
        Err(errors) => located(&errors, file, text),
        Ok(_) => true,
    }
}

fn read_standard(yaml: &yaml::Source) -> Result<Standard, Diagnostics> {
    Standard::read(STANDARD_ENTRY.with(Clone::clone), 9110, yaml)
}

fn standard_entry() -> SourceEntry {
    let (file, text) = STANDARD;
    let yaml = yaml::Source::parse(file, text).expect("YAML");
    Manifest::read(&yaml).expect("a manifest").entry()
}

/// Meanings are found by their codes and ids, on lines that the file has.
pub fn meanings(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let file = "registry/meanings/4xx.yaml";
    match read_meanings(&[(file, text)]) {
        Err(errors) => located(&errors, file, text),
        Ok(meanings) => {
            for meaning in meanings.iter() {
                assert_eq!(meanings.get(&meaning.id), Some(meaning));
                assert!(meanings.of(meaning.code).contains(meaning));
                let (_, line) = meanings.place(&meaning.id).expect("a place");
                assert!((1..=lines(text.as_bytes())).contains(&line));
            }
            true
        }
    }
}

/// Decisions are read, or their faults are told.
pub fn decisions(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let file = "registry/decisions.yaml";
    match yaml::Source::parse(file, text).and_then(|yaml| Decisions::read(&yaml)) {
        Err(errors) => located(&errors, file, text),
        Ok(_) => true,
    }
}

/// An export that is read is written as it was read, in JSON and in YAML, and differs from itself in nothing.
pub fn export(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    match review::read("export", text) {
        Err(errors) => located(&errors, "export", text),
        Ok(registry) => {
            for name in [FULL, "http-status-codes.yaml"] {
                let written = export::one(name, &registry).expect("a format");
                let read = review::read(name, &written).expect("an export that was written");
                assert_eq!(read, registry);
            }
            assert_eq!(review::diff(&registry, &registry), []);
            true
        }
    }
}

/// The diff of two exports is empty exactly if they are equal but for version and date. The bytes are
/// edits of a small export, half of them for the one, half for the other.
pub fn diff(data: &[u8]) -> bool {
    let (old, new) = data.split_at(data.len() / 2);
    let (Some(old), Some(mut new)) = (edited(old), edited(new)) else {
        return false;
    };
    assert_eq!(review::diff(&old, &old), []);
    let report = Report::new(&old.version, &new.version, review::diff(&old, &new));
    new.version.clone_from(&old.version);
    new.date = old.date;
    assert_eq!(report.changes.is_empty(), old == new);
    assert!(report.markdown().chars().count() <= 65_000);
    assert_eq!(report.text().lines().count(), report.changes.len() + 1);
    let read: Value = serde_json::from_str(&report.json()).expect("JSON");
    assert_eq!(
        read["changes"].as_array().map(Vec::len),
        Some(report.changes.len())
    );
    true
}

/// The small export, and the registry that it holds. Without edits it is written as it was read.
fn read_small_export() -> (Value, Registry) {
    let value: Value = serde_json::from_str(SMALL_EXPORT_TEXT).expect("JSON");
    let registry = written_as_read(&value).expect("an export");
    let written = export::one(FULL, &registry).expect("a format");
    assert_eq!(
        serde_json::from_str::<Value>(&written).ok().as_ref(),
        Some(&value)
    );
    (value, registry)
}

/// The small export with the edits made, if `read` takes it; four bytes make an edit.
fn edited(edits: &[u8]) -> Option<Registry> {
    let edits = edits.chunks_exact(4);
    SMALL_EXPORT.with(|(base, registry)| {
        if edits.len() == 0 {
            return Some(registry.clone());
        }
        let mut value = base.clone();
        for edit in edits {
            let [what, high, low, with] = [edit[0], edit[1], edit[2], edit[3]];
            let count = nodes(&value);
            let at = usize::from(u16::from_be_bytes([high, low])) % count;
            let other = usize::from(with) * count / 256;
            let other = node(&mut value, other).clone();
            change(&mut value, at, what, with, other);
            // Each edit can double it, by a copy of the whole in one of its parts.
            if nodes(&value) > 2 * nodes(base) {
                return None;
            }
        }
        written_as_read(&value)
    })
}

/// The registry in the value, if `read` takes it. It is read as it was written.
fn written_as_read(value: &Value) -> Option<Registry> {
    // What is no registry at all is the business of `export`.
    let registry = Registry::deserialize(value).ok()?;
    let text = export::one(FULL, &registry).expect("a format");
    match review::read("export", &text) {
        Ok(read) => {
            assert_eq!(read, registry);
            Some(registry)
        }
        Err(errors) => {
            located(&errors, "export", &text);
            None
        }
    }
}

/// How many values there are in a value, itself among them.
fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(fields) => fields.values().map(nodes).sum::<usize>(),
        _ => 0,
    }
}

/// One of them, by its number.
fn node(value: &mut Value, number: usize) -> &mut Value {
    fn find<'v>(value: &'v mut Value, number: &mut usize) -> Option<&'v mut Value> {
        if *number == 0 {
            return Some(value);
        }
        *number -= 1;
        match value {
            Value::Array(items) => items.iter_mut().find_map(|item| find(item, number)),
            Value::Object(fields) => fields.values_mut().find_map(|field| find(field, number)),
            _ => None,
        }
    }
    let mut number = number;
    find(value, &mut number).expect("a number of a node")
}

/// Changes a value: what it holds is dropped, doubled, swapped, or takes another's place.
fn change(value: &mut Value, at: usize, what: u8, with: u8, other: Value) {
    let node = node(value, at);
    let index = usize::from(with);
    match node {
        Value::Array(items) if !items.is_empty() => {
            let (index, next) = (index % items.len(), (index + 1) % items.len());
            match what % 4 {
                0 => drop(items.remove(index)),
                1 => items.insert(next, items[index].clone()),
                2 => items.swap(index, next),
                _ => items.push(other),
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            let key = fields.keys().nth(index % fields.len()).cloned();
            let key = key.expect("a key");
            match what % 4 {
                0 => drop(fields.remove(&key)),
                1 => drop(fields.insert(format!("{key}-x"), other)),
                _ => drop(fields.insert(key, other)),
            }
        }
        Value::String(text) => match what % 4 {
            0 => drop(text.pop()),
            1 => text.push(char::from(with)),
            2 => *text = text.replace(|c: char| c.is_ascii_digit(), &(with % 10).to_string()),
            _ => *node = other,
        },
        Value::Number(number) if what % 4 < 3 => {
            let old = number.as_u64().unwrap_or_default();
            *node = (old + u64::from(with)).saturating_sub(128).into();
        }
        Value::Bool(is) if what % 4 < 3 => *is = !*is,
        _ => *node = other,
    }
}

/// All the way from the documents to the exports, with one file of the small tree replaced: the first
/// byte says which. The exports are a function of the files, and are read back as they were written.
pub fn pipeline(data: &[u8]) -> bool {
    let Some((&choice, bytes)) = data.split_first() else {
        return false;
    };
    let choice = usize::from(choice) % (DOCUMENTS.len() + REGISTRY.len());
    if choice >= DOCUMENTS.len() && std::str::from_utf8(bytes).is_err() {
        return false;
    }
    SMALL.with(|small| {
        let build = || {
            let input = replaced(small, choice, bytes);
            let built = input.as_ref().map_err(Clone::clone).and_then(reconcile);
            (input, built)
        };
        let ((input, built), (_, again)) = (build(), build());
        match (built, again) {
            (Ok(built), Ok(again)) => {
                let (built, again) = (built.registry, again.registry);
                assert_eq!(built, again);
                let exports = export::all(&built);
                assert!(exports == export::all(&again), "other exports");
                let full = exports.iter().find(|export| export.name == FULL);
                let full = &full.expect("the full export").content;
                assert_eq!(review::read(FULL, full), Ok(built.clone()));
                assert_eq!(review::diff(&built, &built), []);
                true
            }
            (Err(errors), Err(again)) => {
                assert_eq!(errors, again);
                let input = input.as_ref().unwrap_or(&small.input);
                placed(&errors, |file| last_line(small, input, choice, bytes, file));
                false
            }
            _ => panic!("the same files were built, and were not"),
        }
    })
}

/// How many lines a file of the small tree has when one of them is replaced.
fn last_line(small: &Small, input: &Input, choice: usize, bytes: &[u8], file: &str) -> Option<u32> {
    if file == "document" {
        let folder = small.sources.get(choice);
        return folder.map(|folder| lines_of_document(folder, bytes));
    }
    if let Some((_, manifest)) = MANIFESTS.iter().find(|(name, _)| *name == file) {
        return Some(lines(manifest.as_bytes()));
    }
    if let Some(source) = input.sources.iter().find(|source| source.file == file) {
        return Some(lines(source::write_claims(&source.claims).as_bytes()));
    }
    let index = REGISTRY.iter().position(|(name, _)| *name == file)?;
    let is_replaced = small.sources.len() + index == choice;
    Some(lines(match is_replaced {
        true => bytes,
        false => REGISTRY[index].1.as_bytes(),
    }))
}

/// The registry of the small tree as it is.
pub fn small() -> Registry {
    let built = SMALL.with(|small| reconcile(&small.input));
    built
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
        .registry
}

fn read_small() -> Result<Small, Diagnostics> {
    let parse = |index: usize| {
        let (file, text) = REGISTRY[index];
        yaml::Source::parse(file, text)
    };
    let sources = folders(&MANIFESTS[..DOCUMENTS.len()]);
    let meanings = read_meanings(&REGISTRY[..2])?;
    let input = Input {
        version: "0.1.0".to_owned(),
        date: "2026-11-20".parse().expect("a date"),
        sources: read_documents(&sources, &meanings)?,
        standards: vec![read_standard(&parse(4)?)?],
        meanings,
        decisions: Decisions::read(&parse(2)?)?,
        rfcs: Rfcs::read(&parse(3)?)?,
    };
    Ok(Small { sources, input })
}

/// What a build of the small tree starts from when one of its files is replaced. Only that file is read,
/// and what depends on it.
fn replaced(small: &Small, choice: usize, bytes: &[u8]) -> Result<Input, Diagnostics> {
    let mut input = small.input.clone();
    if let Some(folder) = small.sources.get(choice) {
        let mut sources = input.sources.iter_mut();
        let source = sources.find(|source| source.file == folder.claims_file);
        let source = source.expect("a source of the small tree");
        source.claims = ingested(folder, bytes, &input.meanings)?;
        return Ok(input);
    }
    let choice = choice - small.sources.len();
    let (file, text) = (
        REGISTRY[choice].0,
        std::str::from_utf8(bytes).expect("text"),
    );
    let parse = || yaml::Source::parse(file, text);
    match choice {
        2 => input.decisions = Decisions::read(&parse()?)?,
        3 => input.rfcs = Rfcs::read(&parse()?)?,
        4 => input.standards = vec![read_standard(&parse()?)?],
        _ => {
            let mut files = [REGISTRY[0], REGISTRY[1]];
            files[choice].1 = text;
            input.meanings = read_meanings(&files)?;
            input.sources = read_documents(&small.sources, &input.meanings)?;
        }
    }
    Ok(input)
}

/// The sources with the claims of their documents, in the order of a build.
fn read_documents(
    folders: &[SourceFolder],
    meanings: &Meanings,
) -> Result<Vec<Source>, Diagnostics> {
    let sources = folders.iter().zip(DOCUMENTS).map(|(folder, text)| {
        Ok(Source {
            entry: folder.manifest.entry(),
            file: folder.claims_file.clone(),
            claims: ingested(folder, text.as_bytes(), meanings)?,
        })
    });
    let mut sources: Vec<Source> = sources.collect::<Result<_, Diagnostics>>()?;
    sources.sort_by(|a, b| {
        let key = |source: &Source| (source.entry.authority, source.entry.id.clone());
        key(a).cmp(&key(b))
    });
    Ok(sources)
}

/// The claims in a document, once they are locked.
fn ingested(
    folder: &SourceFolder,
    bytes: &[u8],
    meanings: &Meanings,
) -> Result<Vec<Claim>, Diagnostics> {
    let (file, text) = read_document(folder, "document", bytes, meanings)?.file;
    source::parse_claims(&file, &text)
}
