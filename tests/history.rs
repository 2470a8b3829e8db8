//! True history: the registry as IANA's copies of 2015, of the time of RFC 7231 and of today tell it,
//! and what adding an old copy changes.

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::words::{disputes, statements};
use common::{Sandbox, no_other_snapshots, snapshot};
use http_status_registry::build;
use http_status_registry::model::Registry;
use http_status_registry::review::{Report, diff};
use http_status_registry::tree::Tree;

/// The real tree with these sources alone. A decision on what other sources say has no conflict to
/// settle there, so there are none.
fn tree_of(sources: &[&str]) -> Sandbox {
    let tree = Sandbox::real();
    let mut kept = Vec::new();
    for entry in fs::read_dir(tree.path("sources")).expect("the sources") {
        let entry = entry.expect("a source");
        let name = entry.file_name().into_string().expect("a name");
        if sources.contains(&name.as_str()) {
            kept.push(name);
        } else {
            fs::remove_dir_all(entry.path()).expect("the source");
        }
    }
    assert_eq!(kept.len(), sources.len(), "{sources:?}");
    tree.write("registry/decisions.yaml", "[]\n");
    tree
}

/// The registry that one copy of IANA's gives, when no RFC after `last_rfc` had obsoleted another.
fn registry_of(copy: &str, version: &str, date: &str, last_rfc: u32) -> Registry {
    let tree = tree_of(&[copy]);
    let release = format!("version: {version}\ndate: {date}\n");
    tree.write("registry/release.yaml", release);
    let facts = tree.read("registry/rfcs.yaml");
    let known = facts.lines().filter(|line| {
        let Some((_, successors)) = line.split_once("obsoleted_by: [") else {
            return true;
        };
        let successors = successors.trim_end_matches(['}', ']', ' ']);
        let mut numbers = successors.split(", ");
        numbers.all(|number| number.parse::<u32>().expect("a number") <= last_rfc)
    });
    let known: Vec<&str> = known.collect();
    tree.write("registry/rfcs.yaml", known.join("\n") + "\n");
    built(&tree)
}

fn built(tree: &Sandbox) -> Registry {
    let tree = Tree::open(tree.path("")).expect("a tree");
    match build(&tree) {
        Ok(built) => built.registry,
        Err(errors) => panic!("{errors:#?}"),
    }
}

#[test]
fn the_story_of_rfc_9110() {
    let copies = [
        // The last RFCs that were out by then.
        registry_of("iana-2015", "0.1.0", "2015-02-20", 7_480),
        registry_of("iana-2019", "0.2.0", "2019-12-31", 8_700),
        registry_of("iana", "0.3.0", "2025-09-15", 9_850),
    ];
    let names = ["2015_to_2019", "2019_to_2025"];
    for (name, pair) in names.iter().zip(copies.windows(2)) {
        let changes = diff(&pair[0], &pair[1]);
        let report = Report::new(&pair[0].version, &pair[1].version, changes);
        snapshot("history", name, &report.markdown());
    }
    // Nothing is called former before it was.
    for (copy, last_rfc) in copies.iter().zip([7_480, 8_700, 9_109]) {
        let mut told = 0;
        for meaning in copy.codes.iter().flat_map(|code| &code.meanings) {
            for reference in &meaning.former_references {
                let later = reference.rfc().is_some_and(|rfc| rfc > last_rfc);
                assert!(!later, "{}: {reference}", meaning.id);
                told += 1;
            }
            told += meaning.former_phrases.len();
        }
        assert!(told > 50, "only {told}");
    }
}

/// An old copy of IANA's registry confirms most codes. The snapshots of those, which reviewers read,
/// stay as they are; each of the others says what is new.
#[test]
fn a_source_touches_only_the_codes_on_which_it_says_something_new() {
    let without = Sandbox::real();
    fs::remove_dir_all(without.path("sources/iana-2015")).expect("the source");
    let texts = |tree: &Sandbox| -> BTreeMap<String, String> {
        let registry = built(tree);
        let mut texts = statements(&registry);
        for (code, text) in disputes(&registry) {
            texts.entry(code).or_default().push_str(&text);
        }
        texts
    };
    let (old, new) = (texts(&without), texts(&Sandbox::real()));
    let mut touched = BTreeMap::new();
    for code in old.keys().chain(new.keys()) {
        let lines = |texts: &BTreeMap<String, String>| -> Vec<String> {
            let text = texts.get(code).map_or("", String::as_str);
            text.lines().map(str::to_owned).collect()
        };
        let (was, is) = (lines(&old), lines(&new));
        let gone = was.iter().filter(|line| !is.contains(line));
        let come = is.iter().filter(|line| !was.contains(line));
        let gone = gone.map(|line| format!("  - {line}\n"));
        let told: String = gone
            .chain(come.map(|line| format!("  + {line}\n")))
            .collect();
        if was != is {
            touched.insert(code, told);
        }
    }
    let untouched = new.len() - touched.len();
    let mut out = format!("{untouched} codes are confirmed or not spoken of. Something new on:\n");
    for (code, told) in &touched {
        out.push_str(&format!("{code}\n{told}"));
    }
    snapshot("history", "adding_2015", &out);
    let names = ["2015_to_2019", "2019_to_2025", "adding_2015"];
    no_other_snapshots("history", names.map(str::to_owned));
}
