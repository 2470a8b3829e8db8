//! The schema, with a validator that is not ours.

mod common;

use std::fs;

use common::root;
use serde_json::{Value, json};

fn export(name: &str) -> String {
    fs::read_to_string(root().join("exports/v1").join(name)).expect("an export")
}

fn json(name: &str) -> Value {
    serde_json::from_str(&export(name)).expect("JSON")
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&json("schema.json")).expect("a schema")
}

#[test]
fn it_is_a_schema() {
    jsonschema::meta::validate(&json("schema.json")).expect("JSON Schema 2020-12");
}

#[test]
fn it_fits_the_json_and_the_yaml() {
    let yaml: Value = serde_yaml::from_str(&export("http-status-codes.yaml")).expect("YAML");
    for export in [json("http-status-codes.json"), yaml] {
        let faults: Vec<String> = validator()
            .iter_errors(&export)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[test]
fn it_refuses_what_the_exports_never_hold() {
    let good = json("http-status-codes.json");
    let meaning = "/codes/0/meanings/0";
    let reference = format!("{meaning}/references/0");
    let sources = good["sources"].as_array().expect("sources");
    let document = sources
        .iter()
        .position(|source| source["sha256"].is_string());
    let document = document.expect("a document");
    let web = sources.iter().position(|source| source["url"].is_string());
    let web = web.expect("an address");
    let mut values = vec![
        ("/version".to_owned(), Value::Null),
        ("/version".to_owned(), json!("1.0")),
        ("/version".to_owned(), json!("1.01.0")),
        ("/schema_version".to_owned(), json!(2)),
        ("/license".to_owned(), json!("MIT")),
        ("/date".to_owned(), json!("20 November 2026")),
        ("/date".to_owned(), json!("2026-13-01")),
        ("/date".to_owned(), json!("2026-00")),
        ("/date".to_owned(), json!("2026-11-32")),
        ("/codes".to_owned(), json!([])),
        ("/sources".to_owned(), json!([])),
        ("/sources/0/id".to_owned(), json!("IANA")),
        ("/sources/0/languages/0".to_owned(), json!("English")),
        (format!("/sources/{document}/sha256"), json!("abc123")),
        (format!("/sources/{web}/url"), json!("ftp://example.org/")),
        ("/codes/0/code".to_owned(), json!(99)),
        ("/codes/0/class".to_owned(), json!("success")),
        ("/codes/0/meanings".to_owned(), json!([])),
        (format!("{meaning}/id"), json!("600-beyond")),
        (format!("{meaning}/id"), json!("100-Continue")),
        (format!("{meaning}/phrase"), Value::Null),
        (format!("{meaning}/phrase"), json!("")),
        (format!("{meaning}/origin/kind"), json!("official")),
        (format!("{meaning}/registration/state"), json!("pending")),
        (format!("{meaning}/references"), json!([])),
        (reference.clone(), json!({ "rfc": 9110 })),
        (reference.clone(), json!({ "url": "https://example.org/" })),
        (
            reference.clone(),
            json!({ "rfc": 9110, "document": "draft", "url": "https://example.org/" }),
        ),
        (
            reference.clone(),
            json!({ "title": "A page", "section": "1", "url": "https://example.org/" }),
        ),
        (format!("{reference}/url"), json!("rfc9110")),
        (format!("{meaning}/semantics/interim/references"), json!([])),
        (format!("{meaning}/claims"), json!([])),
        (format!("{meaning}/claims/0/line"), json!("12")),
        (format!("{meaning}/claims/0/line"), json!(0)),
        ("/conflicts/0/kind".to_owned(), json!("quarrel")),
        ("/conflicts/0/sides".to_owned(), json!([])),
    ];
    let english = json!({ "English": "x" });
    let variants =
        json!({ "English": [{ "value": "x", "claims": [{ "source": "iana", "line": 1 }] }] });
    values.push((format!("{meaning}/names"), english.clone()));
    values.push((format!("{meaning}/summary"), english.clone()));
    // What may be absent is put in where it is not.
    for (parent, key, value) in [
        ("", "unassigned", json!([])),
        ("", "formerly_unassigned", json!([])),
        (meaning, "former_ids", json!([])),
        (meaning, "former_ids", json!(["continue"])),
        (meaning, "former_phrases", json!([])),
        (meaning, "phrase_variants", json!([])),
        (meaning, "name_variants", variants),
        (meaning, "history", json!([])),
        (meaning, "former_references", json!([])),
        ("/codes/0/meanings/0/semantics", "fields", json!([])),
        ("/codes/0/meanings/0/semantics", "retry", json!([])),
        ("/conflicts/0/sides/0", "claims", json!([])),
        ("/codes/1/meanings/0/semantics/fields/0", "when", english),
    ] {
        let mut bad = good.clone();
        bad.pointer_mut(parent)
            .unwrap_or_else(|| panic!("no {parent}"))[key] = value;
        assert!(!validator().is_valid(&bad), "{parent}/{key}");
    }
    for (path, value) in values {
        let mut bad = good.clone();
        *bad.pointer_mut(&path)
            .unwrap_or_else(|| panic!("no {path}")) = value;
        assert!(!validator().is_valid(&bad), "{path}");
    }
}

#[test]
fn every_field_is_described() {
    fn check(schema: &Value, path: &str, checked: &mut usize) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                let description = property["description"].as_str();
                let description = description.unwrap_or_else(|| panic!("{path}/{name}"));
                assert!(!description.contains('\n'), "{path}/{name}");
                *checked += 1;
            }
        }
        match schema {
            Value::Object(map) => map
                .iter()
                .for_each(|(key, value)| check(value, &format!("{path}/{key}"), checked)),
            Value::Array(values) => values.iter().for_each(|value| check(value, path, checked)),
            _ => {}
        }
    }
    let mut checked = 0;
    check(&json("schema.json"), "", &mut checked);
    assert!(checked > 60, "only {checked} fields");
}
