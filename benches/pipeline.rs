//! How fast `build` is on the real tree, and `ingest` on synthetic documents of each layout.
//!
//! Run with `cargo bench`. `extract` and `ingest` are given in bytes of the document a second.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use http_status_registry::extract::{Extractor, Form};
use http_status_registry::model::Layout;
use http_status_registry::reconcile::{Meanings, assign};
use http_status_registry::tree::Tree;
use http_status_registry::{build, extract};

fn main() {
    divan::main();
}

fn tree() -> Tree {
    Tree::open(env!("CARGO_MANIFEST_DIR")).expect("the checkout")
}

/// All of `build` but writing the files: reading the tree, reconciling, rendering.
#[divan::bench]
fn build_the_real_tree() -> usize {
    build(black_box(&tree()))
        .map(|built| built.exports.len())
        .expect("a build")
}

/// A synthetic document, and the layout that reads it.
struct Sample {
    form: Form,
    text: String,
    extractor: Extractor,
}

const LAYOUTS: [&str; 6] = [
    "sections",
    "rows",
    "items",
    "definitions",
    "outline",
    "records",
];

/// How many entries a document has.
const ENTRIES: u16 = 5_000;

const PROSE: &str =
    "The gardener looks at bed 404 and finds it empty; see section 10.4.5 and 200 OK elsewhere.";

fn sample(kind: &str) -> Sample {
    let codes = (0..ENTRIES).map(|number| 100 + number % 500);
    let entries = |write: fn(u16) -> String| codes.clone().map(write).collect::<String>();
    let (form, text, layout) = match kind {
        "sections" => (
            Form::Markdown,
            entries(|code| format!("### {code} Not Found\n\n{PROSE}\n\n")),
            r"{ kind: sections, select: h3, entry: '^(?<code>\d{3}) (?<phrase>.+)$' }",
        ),
        "rows" => (
            Form::Html,
            format!(
                "<table><tr><th>Code<th>What</tr>\n{}</table>",
                entries(|code| format!("<tr><td>{code}</td><td>{PROSE}</td></tr>\n"))
            ),
            r"{ kind: rows, select: table tr, columns: { Code: '^(?<code>\d{3})$', What: '^(?<text>.*)$' } }",
        ),
        "items" => (
            Form::Markdown,
            entries(|code| format!("- **{code}** : Not Found（找不到） {PROSE}\n")),
            r"{ kind: items, select: ul > li, entry: '^(?<code>\d{3}) : (?<phrase>[^（]+)（(?<name>[^）]+)）' }",
        ),
        "definitions" => (
            Form::Html,
            format!(
                "<dl>\n{}</dl>",
                entries(|code| format!("<dt>{code} Not Found</dt>\n<dd>{PROSE}</dd>\n"))
            ),
            r"{ kind: definitions, select: dl > dt, entry: '^(?<code>\d{3}) (?<phrase>.+)$' }",
        ),
        "outline" => (
            Form::Text,
            entries(|code| format!("- {code} Not Found (RFC 9110)\n- {PROSE}\n")),
            r"{ kind: outline, entry: '^- (?<code>\d{3}) (?<phrase>[^()]+?)(?: \([^()]+\))?$', facts: [{ in: entry, pattern: '\((?<reference>RFC \d+)\)' }] }",
        ),
        _ => (
            Form::Text,
            format!(
                "Value,Description,Reference\n{}",
                entries(|code| format!("{code},Not Found,\"[RFC9110, Section 15.5.5]\"\n"))
            ),
            r"{ kind: records, columns: { Value: '^(?<code>\d{3})$', Description: '^(?<phrase>.+)$', Reference: '^\[(?<reference>.+)\]$' } }",
        ),
    };
    let layout: Layout = serde_yaml::from_str(layout).expect("a layout");
    Sample {
        form,
        text,
        extractor: Extractor::compile(&layout).expect("an extractor"),
    }
}

/// From the text of a document to its entries.
#[divan::bench(args = LAYOUTS)]
fn extract_entries(bencher: Bencher, kind: &str) {
    let sample = sample(kind);
    bencher
        .counter(BytesCount::of_str(&sample.text))
        .bench_local(|| {
            let found: extract::Extraction = sample
                .extractor
                .extract(sample.form, black_box(&sample.text))
                .expect("entries");
            assert_eq!(found.entries.len(), usize::from(ENTRIES));
            found
        });
}

/// From the text of a document to its claims.
#[divan::bench(args = LAYOUTS)]
fn ingest_document(bencher: Bencher, kind: &str) {
    let sample = sample(kind);
    let meanings: Meanings = tree().meanings().expect("the meanings");
    bencher
        .counter(BytesCount::of_str(&sample.text))
        .bench_local(|| {
            let found = sample
                .extractor
                .extract(sample.form, black_box(&sample.text))
                .expect("entries");
            found
                .entries
                .iter()
                .map(|entry| assign(entry, &meanings))
                .collect::<Vec<_>>()
        });
}
