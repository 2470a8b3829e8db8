//! Whatever was fuzzed stays as it is: the corpus and all findings of `fuzz/`, without a fuzzer.

#[path = "../fuzz/laws.rs"]
mod laws;

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use http_status_registry::review;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

#[test]
fn the_laws_hold_for_the_corpus_and_for_what_was_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for (name, law) in laws::TARGETS {
        let corpus = files(&folder.join("corpus").join(name));
        assert!(!corpus.is_empty(), "no corpus for {name}");
        for file in corpus
            .iter()
            .chain(&files(&folder.join("regressions").join(name)))
        {
            let data = fs::read(file).expect("a file");
            std::panic::catch_unwind(|| law(&data))
                .unwrap_or_else(|_| panic!("{}", file.display()));
        }
    }
}

#[test]
fn every_law_has_a_target_and_every_folder_a_law() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let laws: BTreeSet<&str> = laws::TARGETS.iter().map(|(name, _)| *name).collect();
    for (inside, is_for_each) in [("targets", true), ("corpus", true), ("regressions", false)] {
        let files = files(&folder.join(inside));
        let names = files.iter().filter_map(|path| path.file_stem()?.to_str());
        let names: BTreeSet<&str> = names.collect();
        assert!(names.is_subset(&laws), "{inside}: {names:?}");
        assert!(names == laws || !is_for_each, "{inside}: {names:?}");
    }
}

#[test]
fn the_pipeline_without_a_disk_is_the_pipeline() {
    let (here, there) = (laws::small(), common::registries::small());
    assert!(here == there, "{:#?}", review::diff(&there, &here));
}
