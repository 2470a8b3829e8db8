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
    let laws: BTreeSet<String> = laws::TARGETS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let names = |folder: &str| -> BTreeSet<String> {
        let files = files(&folder.parse::<PathBuf>().expect("a path")).into_iter();
        let names = files.map(|file| {
            file.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        });
        names.collect()
    };
    let _ = (&laws, &names);
    assert_eq!(names(&folder.join("targets").display().to_string()), laws);
}

#[test]
fn the_pipeline_without_a_disk_is_the_pipeline() {
    let (here, there) = (laws::small(), common::registries::small());
    assert!(here == there, "{:#?}", review::diff(&there, &here));
}
