//! How fast `build` is on the real tree, and `ingest` on synthetic documents of each layout.
//!
//! Run with `cargo bench`. `extract` and `ingest` are given in bytes of the document a second.

mod corpus;

use corpus::{SAMPLES, Sample};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use http_status_registry::build;
use http_status_registry::extract::Extractor;
use http_status_registry::reconcile::{Meanings, assign};
use http_status_registry::tree::Tree;

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

const NAMES: [&str; 10] = {
    let mut names = [""; 10];
    let mut index = 0;
    while index < SAMPLES.len() {
        names[index] = SAMPLES[index].name;
        index += 1;
    }
    names
};

/// How many entries a document has.
const ENTRIES: u32 = 5_000;

fn sample(name: &str) -> (&'static Sample, String, Extractor) {
    let sample = SAMPLES.iter().find(|sample| sample.name == name);
    let sample = sample.expect("a sample");
    (sample, sample.document(ENTRIES), sample.extractor())
}

/// From the text of a document to its entries.
#[divan::bench(args = NAMES)]
fn extract_entries(bencher: Bencher, name: &str) {
    let (sample, text, extractor) = sample(name);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let found = extractor.extract(sample.form, black_box(&text));
        let found = found.expect("entries");
        assert_eq!(found.entries.len(), ENTRIES as usize);
        found
    });
}

/// From the text of a document to its claims.
#[divan::bench(args = NAMES)]
fn ingest_document(bencher: Bencher, name: &str) {
    let (sample, text, extractor) = sample(name);
    let meanings: Meanings = tree().meanings().expect("the meanings");
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let found = extractor.extract(sample.form, black_box(&text));
        let entries = found.expect("entries").entries;
        let claims = entries.into_iter().map(|entry| assign(entry, &meanings));
        claims.collect::<Vec<_>>()
    });
}
