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
    for (path, value) in [
        ("/version".to_owned(), Value::Null),
        ("/date".to_owned(), json!("20 November 2026")),
        ("/codes/0/code".to_owned(), json!(99)),
        ("/codes/0/class".to_owned(), json!("success")),
        (format!("{meaning}/phrase"), Value::Null),
        (format!("{meaning}/phrase"), json!("")),
        (format!("{meaning}/origin/kind"), json!("official")),
        (format!("{meaning}/registration/state"), json!("pending")),
        (format!("{meaning}/claims/0/line"), json!("12")),
        ("/conflicts/0/kind".to_owned(), json!("quarrel")),
    ] {
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
                assert!(property["description"].is_string(), "{path}/{name}");
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
