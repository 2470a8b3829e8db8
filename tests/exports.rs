//! The exports: fresh, the same from any place, and the same data in every format.

mod common;

use std::fs;
use std::process::Command;

use common::{Sandbox, export, has_tool, meanings, registry, root};
use http_status_registry::model::{Registration, Registry};
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

/// Python's reader takes YAML 1.1, where more looks like something that it is not.
#[test]
fn yaml_reads_the_same_in_python() {
    let test = "yaml_reads_the_same_in_python";
    if !has_tool("python3", test) {
        return;
    }
    let script = "import json, sys\n\
        try:\n    import yaml\n\
        except ImportError:\n    sys.exit(77)\n\
        json.dump(yaml.safe_load(open(sys.argv[1], encoding='utf-8')), sys.stdout)";
    let file = root().join("exports/v1/http-status-codes.yaml");
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(file)
        .output()
        .expect("python3");
    if output.status.code() == Some(77) {
        common::skip(test, "PyYAML");
        return;
    }
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let json: Value = serde_json::from_str(&export("http-status-codes.json")).expect("JSON");
    assert_eq!(read, json);
}

#[test]
fn csv_holds_a_row_for_each_meaning() {
    let registry = registry();
    let csv = export("http-status-codes.csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    let meanings = meanings(&registry);
    assert_eq!(rows.len(), meanings.len());
    for (row, (code, meaning)) in rows.iter().zip(meanings) {
        let cell = |name: &str| {
            let column = headers
                .iter()
                .position(|header| header == name)
                .expect("the column");
            row[column].to_owned()
        };
        let list = |name: &str| {
            cell(name)
                .split('|')
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(cell("code"), code.to_string());
        assert_eq!(cell("class"), meaning_class(code));
        assert_eq!(cell("id"), meaning.id);
        assert_eq!(cell("phrase"), meaning.phrase.clone().unwrap_or_default());
        let former: Vec<String> = meaning
            .former_phrases
            .iter()
            .map(|former| former.phrase.clone())
            .collect();
        assert_eq!(list("former_phrases"), former);
        let by: Vec<String> = meaning
            .former_phrases
            .iter()
            .map(|former| former.used_by.clone())
            .collect();
        assert_eq!(list("former_phrases_used_by"), by);
        let until: Vec<String> = meaning
            .former_phrases
            .iter()
            .filter_map(|former| former.replaced_by.clone())
            .collect();
        assert_eq!(list("former_phrases_replaced_by"), until);
        let values = |variants: &[http_status_registry::model::Variant]| {
            variants
                .iter()
                .map(|variant| variant.value.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(list("phrase_variants"), values(&meaning.phrase_variants));
        let names = meaning
            .name_variants
            .get("zh-Hans")
            .map_or(&[][..], Vec::as_slice);
        assert_eq!(list("name_variants_zh_hans"), values(names));
        assert_eq!(cell("name_zh_hans"), meaning.names["zh-Hans"]);
        assert_eq!(cell("origin"), meaning.origin.kind());
        assert_eq!(cell("vendor"), meaning.origin.vendor().unwrap_or_default());
        assert_eq!(cell("registration"), meaning.registration.state());
        let (registered, extended, expires) = dates(&meaning.registration);
        assert_eq!(
            [cell("registered"), cell("extended"), cell("expires")],
            [registered, extended, expires]
        );
        let texts = |references: &[http_status_registry::model::Reference]| {
            references
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(list("references"), texts(&meaning.references));
        assert_eq!(list("former_references"), texts(&meaning.former_references));
        let urls: Vec<String> = meaning
            .references
            .iter()
            .map(|reference| reference.url())
            .collect();
        assert_eq!(list("reference_urls"), urls);
        assert_eq!(cell("summary_en"), meaning.summary["en"]);
        assert_eq!(cell("summary_zh_hans"), meaning.summary["zh-Hans"]);
        let claims: Vec<String> = meaning
            .claims
            .iter()
            .map(|claim| format!("{}:{}", claim.place.source, claim.place.at.number()))
            .collect();
        assert_eq!(list("claims"), claims);
    }
    assert!(!csv.contains('\r'));
}

fn meaning_class(code: u16) -> &'static str {
    [
        "informational",
        "successful",
        "redirection",
        "client-error",
        "server-error",
    ][usize::from(code / 100) - 1]
}

fn dates(registration: &Registration) -> (String, String, String) {
    match registration {
        Registration::Temporary {
            registered,
            extended,
            expires,
        } => (
            registered.to_string(),
            extended.map(|date| date.to_string()).unwrap_or_default(),
            expires.to_string(),
        ),
        _ => Default::default(),
    }
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
