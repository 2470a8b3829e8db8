//! Reading a full export back, without trusting it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Registry, SCHEMA_VERSION};
use crate::yaml;

/// What every full export says of itself, whatever its schema.
#[derive(Deserialize)]
struct Head {
    schema_version: u32,
}

/// The registry in the text of a full export: the JSON or the YAML.
///
/// # Errors
/// Text that is no full export of this schema, with the line of each fault.
pub fn read(file: &str, text: &str) -> Result<Registry, Diagnostics> {
    // JSON is YAML, so one reader knows the lines of both.
    let source = yaml::Source::parse(file, text)?;
    let head: Head = source.read().map_err(|_| {
        let error =
            Diagnostic::error("this is no full export: it has no schema_version").at(file, 1);
        vec![error.help("name an http-status-codes.json or .yaml")]
    })?;
    if head.schema_version != SCHEMA_VERSION {
        let message = format!(
            "the export has schema version {}, and this program knows {SCHEMA_VERSION}",
            head.schema_version
        );
        let error = source.error(&["schema_version"], message);
        return Err(vec![error.help(
            "exports of different schemas cannot be compared; use the program of that version to look at it",
        )]);
    }
    let registry: Registry = source.read()?;
    let mut errors = Diagnostics::new();
    let given: Value = source.read()?;
    let known = serde_json::to_value(&registry).unwrap_or_default();
    strangers(&given, &known, &mut Vec::new(), &mut |path| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let error = source.error(&path, format!("unknown field: {}", path.join(".")));
        errors.push(error.help("this is no field of this schema: build the export again"));
    });
    twice(&registry, &source, &mut errors);
    if errors.is_empty() {
        Ok(registry)
    } else {
        Err(errors)
    }
}

/// Calls back with the path of each value that reading has not kept.
fn strangers(
    given: &Value,
    known: &Value,
    path: &mut Vec<String>,
    found: &mut impl FnMut(&[String]),
) {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            for (key, value) in given {
                path.push(key.clone());
                match known.get(key) {
                    Some(known) => strangers(value, known, path, found),
                    None => found(path),
                }
                path.pop();
            }
        }
        (Value::Array(given), Value::Array(known)) => {
            for (index, (value, known)) in given.iter().zip(known).enumerate() {
                path.push(index.to_string());
                strangers(value, known, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Ids, codes and sources that are given twice.
fn twice(registry: &Registry, source: &yaml::Source, errors: &mut Diagnostics) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut check = |what: String, path: &[&str]| {
        let line = source.line(path);
        if let Some(first) = seen.insert(what.clone(), line) {
            let error = source.error(
                path,
                format!("{what} is given twice, first on line {first}"),
            );
            errors.push(error.help("this is no export that `build` wrote"));
        }
    };
    for (index, entry) in registry.sources.iter().enumerate() {
        let index = index.to_string();
        check(format!("the source `{}`", entry.id), &["sources", &index]);
    }
    for (at, code) in registry.codes.iter().enumerate() {
        let at = at.to_string();
        check(format!("the code {}", code.code), &["codes", &at]);
        for (index, meaning) in code.meanings.iter().enumerate() {
            let index = index.to_string();
            for id in [&meaning.id].into_iter().chain(&meaning.former_ids) {
                check(
                    format!("the id `{id}`"),
                    &["codes", &at, "meanings", &index],
                );
            }
        }
    }
    for (index, conflict) in registry.conflicts.iter().enumerate() {
        let index = index.to_string();
        check(
            format!("the conflict `{}`", conflict.id),
            &["conflicts", &index],
        );
    }
}
