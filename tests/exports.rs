//! The exports: fresh, the same from any place, and the same data in every format.

mod common;

use std::fs;

use common::{Sandbox, export, meanings, registry};
use http_status_registry::model::Registry;
use serde_json::Value;

#[test]
fn the_exports_are_what_build_writes() {
    let tree = Sandbox::real();
    let before = tree.files();
    let run = tree.run(&["check"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(tree.files() == before, "a build changed something");
}

#[test]
fn two_trees_in_two_places_give_the_same_bytes() {
    let one = Sandbox::real();
    let two = Sandbox::real();
    for tree in [&one, &two] {
        fs::remove_dir_all(tree.path("exports")).expect("the exports");
        assert_eq!(tree.run(&["build"]).code, 0);
    }
    assert!(one.files() == two.files());
    assert!(one.path("exports/v1/http-status-codes.json").exists());
}

#[test]
fn check_fails_on_a_stale_export_and_on_a_stranger() {
    let tree = Sandbox::real();
    tree.edit("exports/v1/reason-phrases.json", "Not Found", "Nowhere");
    tree.write("exports/v1/notes.txt", "mine");
    let run = tree.run(&["check"]);
    assert_eq!(run.code, 1, "{}", run.told());
    assert!(
        run.out.contains("stale: exports/v1/reason-phrases.json\n"),
        "{}",
        run.out
    );
    assert!(run.err.contains("exports/v1/notes.txt"), "{}", run.err);
    assert_eq!(tree.read("exports/v1/notes.txt"), "mine");
    assert!(
        tree.read("exports/v1/reason-phrases.json")
            .contains("Nowhere"),
        "check has written"
    );
}

#[test]
fn json_holds_the_registry() {
    let read: Registry = serde_json::from_str(&export("http-status-codes.json")).expect("JSON");
    assert_eq!(read, registry());
}

#[test]
fn yaml_holds_the_same_as_json() {
    let yaml: Value = serde_yaml::from_str(&export("http-status-codes.yaml")).expect("YAML");
    let json: Value = serde_json::from_str(&export("http-status-codes.json")).expect("JSON");
    assert_eq!(yaml, json);
}

#[test]
fn csv_holds_a_row_for_each_meaning() {
    let csv = export("http-status-codes.csv");
    common::rows::compare(&registry(), &csv);
}

#[test]
fn reason_phrases_are_those_that_iana_lists() {
    let registry = registry();
    let phrases: serde_json::Map<String, Value> =
        serde_json::from_str(&export("reason-phrases.json")).expect("JSON");
    let listed: serde_json::Map<String, Value> = meanings(&registry)
        .into_iter()
        .filter(|(_, meaning)| {
            !["unregistered", "reserved"].contains(&meaning.registration.state())
        })
        .map(|(code, meaning)| (code.to_string(), meaning.phrase.clone().into()))
        .collect();
    assert_eq!(phrases, listed);
    assert_eq!(phrases["413"], "Content Too Large");
    assert!(!phrases.contains_key("418"));
}
