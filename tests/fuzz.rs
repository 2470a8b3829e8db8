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

/// The folder of the fuzz targets.
fn folder() -> PathBuf {
    common::root().join("fuzz")
}

#[test]
fn the_laws_hold_for_the_corpus_and_for_what_was_found() {
    let mut regressions = 0;
    for (name, law) in laws::TARGETS {
        let corpus = files(&folder().join("corpus").join(name));
        let found = files(&folder().join("regressions").join(name));
        let holds = |file: &PathBuf| {
            let data = fs::read(file).expect("a file");
            std::panic::catch_unwind(|| law(&data)).unwrap_or_else(|_| panic!("{}", file.display()))
        };
        let mut taken = 0;
        for file in &corpus {
            // What is refused is of little use to start from, so only a seed that says so may be.
            let stem = file.file_name().and_then(|name| name.to_str());
            let is_to_be_refused = stem.is_some_and(|name| name.starts_with("refused-"));
            assert_eq!(holds(file), !is_to_be_refused, "{}", file.display());
            taken += usize::from(!is_to_be_refused);
        }
        assert!(taken > 0, "no seed of {name} is taken");
        for file in &found {
            holds(file);
        }
        regressions += found.len();
    }
    assert!(regressions > 0, "what was found is not there");
}

/// libFuzzer cuts a seed that is longer, and what is left of it is refused as a rule.
#[test]
fn every_seed_is_as_short_as_the_documented_command_asks() {
    let page = fs::read_to_string(folder().join("README.md")).expect("the page");
    let asked: Vec<&str> = page.split("-max_len=").skip(1).collect();
    let [asked] = asked[..] else {
        panic!("{} times -max_len", asked.len());
    };
    let number = asked.split(|c: char| !c.is_ascii_digit()).next();
    let most: u64 = number
        .and_then(|number| number.parse().ok())
        .expect("a number");
    for (name, _) in laws::TARGETS {
        let seeds = files(&folder().join("corpus").join(name));
        assert!(!seeds.is_empty(), "no seed for {name}");
        for seed in seeds {
            let length = fs::metadata(&seed).expect("a file").len();
            assert!(length <= most, "{length} bytes: {}", seed.display());
        }
    }
}

#[test]
fn every_law_has_a_target_and_every_folder_a_law() {
    let laws: BTreeSet<&str> = laws::TARGETS.iter().map(|(name, _)| *name).collect();
    for (inside, is_for_each) in [("targets", true), ("corpus", true), ("regressions", false)] {
        let files = files(&folder().join(inside));
        let names = files.iter().filter_map(|path| path.file_stem()?.to_str());
        let names: BTreeSet<&str> = names.collect();
        assert!(names.is_subset(&laws), "{inside}: {names:?}");
        assert!(names == laws || !is_for_each, "{inside}: {names:?}");
    }
}

#[test]
fn every_target_runs_its_own_law_and_is_built() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).expect("the manifest");
    let mut built: Vec<&str> = manifest
        .split("\n[[bin]]\n")
        .skip(1)
        .map(str::trim)
        .collect();
    built.sort_unstable();
    let mut expected = Vec::new();
    for (name, _) in laws::TARGETS {
        let text = fs::read_to_string(folder().join(format!("targets/{name}.rs")));
        assert_eq!(text.expect("a target"), target(name));
        expected.push(format!(
            "name = \"{name}\"\npath = \"targets/{name}.rs\"\nbench = false\ndoc = false\ntest = false"
        ));
    }
    expected.sort_unstable();
    assert_eq!(built, expected);
}

/// All that a target holds.
fn target(name: &str) -> String {
    format!(
        "#![no_main]

#[path = \"../laws.rs\"]
mod laws;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {{
    laws::{name}(data);
}});
"
    )
}

#[test]
fn the_pipeline_without_a_disk_is_the_pipeline() {
    let (here, there) = (laws::small(), common::registries::small());
    assert!(here == there, "{:#?}", review::diff(&there, &here));
}
