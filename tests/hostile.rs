//! Text that gets out of literals, comments, cells and tags where it can: what may be exported comes
//! out of every export as it went in.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use common::modules::{self, go, python, typescript};
use common::rows::meanings;
use common::shown::Shown;
use common::texts::{self, valid};
use common::{Sandbox, copy_folder, fixtures, has_tool, root, told};
use http_status_registry::model::{Reference, Registry, Settlement};
use http_status_registry::tree::Tree;
use http_status_registry::{build, export};
use proptest::prelude::*;
use serde_json::{Map, Value};

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let tree = Tree::open(root()).expect("the checkout");
    build(&tree)
        .unwrap_or_else(|errors| panic!("{errors:?}"))
        .registry
});

/// How each export is read back.
type Reader = fn(&Registry, &Path);
const QUICK: &[(&str, Reader)] = &[
    ("CONFLICTS.md", read_markdown),
    ("codes.svg", read_chart),
    ("SHA256SUMS", read_digests),
    ("http-status-codes.csv", read_csv),
    ("http-status-codes.json", read_json),
    ("http-status-codes.yaml", read_yaml),
    ("http_status_codes.py", read_python),
    ("reason-phrases.json", read_reason_phrases),
    ("schema.json", read_schema),
];

/// How those are read back that take a compiler seconds.
const SLOW: &[(&str, Reader)] = &[
    ("http-status-codes.ts", read_typescript),
    ("http_status_codes.go", read_go),
    ("http_status_codes.rs", read_rust),
];

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 5 * cases,
        ..ProptestConfig::with_cases(cases)
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn what_may_be_exported_comes_out_as_it_went_in(texts in prop::collection::vec(valid(), 1..400)) {
        read_back(&texts, QUICK);
    }
}

proptest! {
    #![proptest_config(cases(3))]

    #[test]
    fn what_may_be_exported_comes_out_of_compilers_as_it_went_in(texts in prop::collection::vec(valid(), 200..400)) {
        read_back(&texts, SLOW);
    }
}

fn read_back(texts: &[String], readers: &[(&str, Reader)]) {
    let registry = texts::within(&REGISTRY, texts);
    let folder = tempfile::tempdir().expect("a folder");
    for export in export::all(&registry) {
        fs::write(folder.path().join(export.name), &export.content).expect("a file");
    }
    for (name, read) in readers {
        read(&registry, &folder.path().join(name));
    }
}

/// Texts of the small documents, and what stands in place of them: in any format of a document it is what it
/// seems, in an export it could be more.
const IN_DOCUMENTS: [(&str, &str); 3] = [
    (
        "Not Found",
        r##"Not"""'''${x}#{x}%s'; DROP TABLE codes; --$1 Found"##,
    ),
    ("找不到", r##"找"""'''$x$%s'; r#"不到"##),
    ("Hedge", r##"Hedge"""'''$x$%s; --"##),
];

#[test]
fn what_documents_say_comes_out_of_every_export() {
    let tree = Sandbox::small();
    copy_folder(&fixtures().join("documents"), &tree.path("documents"));
    let manifest = "sources/outline/source.yaml";
    tree.edit(manifest, "|Hedge)$", "|Hedge.*)$");
    tree.edit(manifest, "(?<vendor>Hedge)", "(?<vendor>Hedge.*)");
    tree.edit(
        "sources/rows/source.yaml",
        "[A-Z][A-Za-z ]+[a-z])",
        "[A-Z][^().]+[a-z])",
    );
    for (file, bytes) in tree.files() {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let texts = IN_DOCUMENTS.iter();
        let text = texts.fold(text, |text, (plain, hostile)| text.replace(plain, hostile));
        if file.starts_with("registry/") {
            tree.write(&file, text);
        } else if let Some(name) = file.strip_prefix("documents/") {
            let (id, _) = name.split_once('.').expect("a name");
            tree.replace_document(id, name, text.as_bytes());
        }
    }
    for command in [&["ingest", "--documents", "documents"][..], &["build"]] {
        let run = tree.run(command);
        assert_eq!(run.code, 0, "{}", run.told());
    }
    let open = Tree::open(tree.path("")).expect("the checkout");
    let registry = build(&open).expect("the registry").registry;
    let claims = ["items", "outline"].map(|id| tree.read(&format!("sources/{id}/claims.csv")));
    let conflicts = tree.read("exports/v1/CONFLICTS.md");
    let full = tree.read("exports/v1/http-status-codes.json");
    for (_, hostile) in IN_DOCUMENTS {
        let cell = hostile.replace('"', "\"\"");
        assert!(claims.iter().any(|csv| csv.contains(&cell)), "{hostile}");
        let string = serde_json::to_string(hostile).expect("JSON");
        assert!(full.contains(string.trim_matches('"')), "{hostile}");
    }
    assert!(conflicts.contains("Hedge"));
    for (name, read) in QUICK.iter().chain(SLOW) {
        read(&registry, &tree.path("exports/v1").join(name));
    }
}

#[test]
fn every_export_is_read_back() {
    let exports = export::all(&REGISTRY).into_iter();
    let exports: BTreeSet<&str> = exports.map(|export| export.name).collect();
    let read = QUICK.iter().chain(SLOW).map(|(name, _)| *name);
    assert_eq!(read.collect::<BTreeSet<_>>(), exports);
}

fn content(file: &Path) -> String {
    fs::read_to_string(file).expect("an export")
}

fn value(registry: &Registry) -> Value {
    serde_json::to_value(registry).expect("JSON")
}

/// What Python makes of a file, with a reader that gives lists and maps.
fn in_python(import: &str, read: &str, file: &Path) -> Option<Value> {
    let script = format!(
        "import json, sys\n\
         try:\n    import {import}\n\
         except ImportError:\n    sys.exit(77)\n\
         with open(sys.argv[1], encoding='utf-8', newline='') as file:\n    json.dump({read}, sys.stdout)"
    );
    let mut python = Command::new("python3");
    let python = python.args(["-X", "utf8", "-c", &script]).arg(file);
    let json = told("hostile text in Python", import, python)?;
    Some(serde_json::from_slice(&json).expect("JSON"))
}

fn read_json(registry: &Registry, file: &Path) {
    let read: Registry = serde_json::from_str(&content(file)).expect("JSON");
    assert_eq!(read, *registry);
    if let Some(read) = in_python("json", "json.load(file)", file) {
        assert_eq!(read, value(registry));
    }
}

fn read_yaml(registry: &Registry, file: &Path) {
    let read: Value = serde_yaml::from_str(&content(file)).expect("YAML");
    assert_eq!(read, value(registry));
    if let Some(read) = in_python("yaml", "yaml.safe_load(file)", file) {
        assert_eq!(read, value(registry));
    }
}

fn read_csv(registry: &Registry, file: &Path) {
    let csv = content(file);
    common::rows::compare(registry, &csv);
    let rows = csv::ReaderBuilder::new().has_headers(false).from_path(file);
    let rows: Vec<Vec<String>> = rows
        .expect("CSV")
        .into_records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect();
    for cell in rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
    if let Some(read) = in_python("csv", "list(csv.reader(file, strict=True))", file) {
        assert_eq!(read, serde_json::json!(rows));
    }
}

fn read_reason_phrases(registry: &Registry, file: &Path) {
    let read: Value = serde_json::from_str(&content(file)).expect("JSON");
    assert_eq!(read, Value::Object(reason_phrases(registry)));
}

/// The phrases that the registry lists, by code.
fn reason_phrases(registry: &Registry) -> Map<String, Value> {
    let listed = meanings(registry)
        .into_iter()
        .filter(|(_, meaning)| meaning.is_registered());
    let listed = listed.map(|(code, meaning)| (code.to_string(), meaning.phrase.clone().into()));
    listed.collect()
}

fn read_schema(registry: &Registry, file: &Path) {
    let schema: Value = serde_json::from_str(&content(file)).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let faults: Vec<_> = validator
        .iter_errors(&value(registry))
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}

fn read_chart(registry: &Registry, file: &Path) {
    let text = content(file);
    let chart = roxmltree::Document::parse(&text).expect("XML");
    let mut nodes = chart.root().children();
    let comment = nodes.find_map(|node| node.text().filter(|_| node.is_comment()));
    assert!(comment.is_some_and(|text| text.contains(&registry.version)));
}

fn read_digests(_: &Registry, file: &Path) {
    let folder = file.parent().expect("a folder");
    let sums = content(file);
    assert_eq!(sums.lines().count() + 1, QUICK.len() + SLOW.len());
    for line in sums.lines() {
        let (digest, name) = line.split_once("  ").expect("a digest and a name");
        let bytes = fs::read(folder.join(name)).expect("an export");
        assert_eq!(digest, http_status_registry::digest::sha256(&bytes));
    }
}

fn read_typescript(registry: &Registry, file: &Path) {
    let test = "hostile text in TypeScript";
    if has_tool("tsc", test) && has_tool("node", test) {
        let program = typescript::program("[]");
        compare(
            registry,
            &typescript::run_typescript(&content(file), &program),
        );
    }
}

fn read_python(registry: &Registry, file: &Path) {
    if has_tool("python3", "hostile text in Python") {
        let program = python::program("[]");
        compare(
            registry,
            &python::run_python("python3", &content(file), &program),
        );
    }
}

fn read_go(registry: &Registry, file: &Path) {
    if has_tool("go", "hostile text in Go") {
        compare(registry, &go::run_go(&content(file), &go::program("[]")));
    }
}

/// Compares what a module was heard to say with the registry.
fn compare(registry: &Registry, printed: &str) {
    let told = modules::answers(printed);
    assert_eq!(told["version"], registry.version);
    assert_eq!(told["meanings"], modules::meanings(registry));
    let phrases = told["reason_phrase"].as_array().expect("phrases");
    let phrases = phrases.iter().enumerate();
    let listed = phrases.filter(|(_, phrase)| !phrase.is_null());
    let listed = listed.map(|(code, phrase)| (code.to_string(), phrase.clone()));
    assert_eq!(listed.collect::<Map<_, _>>(), reason_phrases(registry));
}

/// The module compiles without a warning, and says what the registry says.
fn read_rust(registry: &Registry, file: &Path) {
    let program = r#"
        fn main() {
            for m in http_status_codes::MEANINGS.iter() {
                let former: Vec<_> = m.former_phrases.iter().map(|f| (f.phrase, f.used_by, f.replaced_by)).collect();
                let vendor = match m.origin { http_status_codes::Origin::Vendor(vendor) => Some(vendor), _ => None };
                let defined: Vec<_> = m.references.iter().chain(m.former_references).map(|r| (r.title, r.url)).collect();
                println!("{:?}", (m.code, m.phrase, former, vendor, defined, m.name_zh_hans, m.summary, m.summary_zh_hans));
            }
        }"#;
    let folder = file.parent().expect("a folder");
    let main = folder.join("main.rs");
    fs::write(
        &main,
        format!("#[path = {file:?}]\nmod http_status_codes;\n{program}"),
    )
    .expect("a program");
    let binary = folder.join("main");
    let mut rustc = Command::new("rustc");
    rustc
        .args(["--edition", "2021", "-D", "warnings", "-o"])
        .arg(&binary)
        .arg(&main);
    told("hostile text in Rust", "", &mut rustc).expect("rustc");
    let printed =
        told("hostile text in Rust", "", &mut Command::new(&binary)).expect("the program");
    let expected: String = meanings(registry)
        .into_iter()
        .map(|(code, m)| {
            let former = m.former_phrases.iter();
            let former: Vec<_> = former
                .map(|f| (&f.phrase, &f.used_by, &f.replaced_by))
                .collect();
            let defined = m.references.iter().chain(&m.former_references);
            let defined: Vec<_> = defined.map(|r| (r.to_string(), r.url())).collect();
            let (name, en, zh) = (&m.names["zh-Hans"], &m.summary["en"], &m.summary["zh-Hans"]);
            format!(
                "{:?}\n",
                (
                    code,
                    &m.phrase,
                    former,
                    m.origin.vendor(),
                    defined,
                    name,
                    en,
                    zh
                )
            )
        })
        .collect();
    assert_eq!(String::from_utf8_lossy(&printed), expected);
}

/// What Markdown shows is what was written: no tag, no link, no cell and no emphasis of a text's own.
fn read_markdown(registry: &Registry, file: &Path) {
    let markdown = content(file);
    let shown = Shown::of(&markdown);
    assert_eq!(shown.html.lines().count(), 3, "{}", shown.html);
    assert!(shown.html.lines().all(|line| line.starts_with("<!-- ")));

    let conflicts = &registry.conflicts;
    let ids: Vec<_> = conflicts
        .iter()
        .map(|conflict| conflict.id.clone())
        .collect();
    assert_eq!(shown.headings, ids);
    let titles = registry.sources.iter().map(|source| &source.title);
    let titles: Vec<_> = ["title".to_owned()].iter().chain(titles).cloned().collect();
    let column = |table: &Vec<Vec<String>>, at: usize| {
        table.iter().map(|row| row[at].clone()).collect::<Vec<_>>()
    };
    // The kinds and the sources have tables before those of the conflicts.
    assert_eq!(column(&shown.tables[1], 1), titles);
    assert_eq!(shown.tables.len(), conflicts.len() + 2);
    for (conflict, table) in conflicts.iter().zip(&shown.tables[2..]) {
        let sides = conflict.sides.iter().map(|side| side.value.clone());
        let expected: Vec<_> = ["what is said".to_owned()]
            .into_iter()
            .chain(sides)
            .collect();
        assert_eq!(column(table, 0), expected);
        assert!(table.iter().all(|row| row.len() == 2), "{table:?}");
    }
    let settled = conflicts.iter().map(|conflict| {
        let by = match &conflict.settled_by {
            Settlement::Rule { rule } => format!("Rule {rule}"),
            Settlement::Decision { decision } => format!("Decision on {decision}"),
        };
        format!("{} {by}: {}", conflict.outcome, conflict.reason)
    });
    // The first paragraph tells what all this is.
    assert_eq!(shown.paragraphs[1..], settled.collect::<Vec<_>>());

    let codes: BTreeSet<_> = conflicts.iter().map(|conflict| conflict.code).collect();
    let listed = registry
        .codes
        .iter()
        .filter(|code| codes.contains(&code.code));
    let listed: Vec<_> = listed.flat_map(|code| &code.meanings).collect();
    let items = &shown.items[codes.len()..];
    assert_eq!(items.len(), listed.len());
    for (item, meaning) in items.iter().zip(listed) {
        let first = meaning.references.first();
        let cited = first.map_or(String::new(), |reference| format!(", {reference}"));
        let (title, id) = (meaning.title(), &meaning.id);
        let (registration, origin) = (&meaning.registration, &meaning.origin);
        assert_eq!(
            item.text,
            format!("{title} ({id}): {registration}, origin {origin}{cited}")
        );
        assert_eq!(
            item.links,
            first.map(Reference::url).into_iter().collect::<Vec<_>>()
        );
    }
}
