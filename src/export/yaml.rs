//! Everything, as YAML that reads the same under versions 1.1 and 1.2.
//!
//! YAML libraries quote a string only where their own version of YAML would misread it, and so
//! leave `2026-11-20`, `y` and `12:30` to be taken for something else by others. Here every
//! string that is a value stands in double quotes, escaped as in JSON, which every YAML reads alike.

use serde_json::Value;

use crate::model::Registry;

/// Language tags that YAML 1.1 takes for booleans, Norwegian's first of all. All other keys are words
/// that every version takes for strings.
const MISREAD: [&str; 4] = ["no", "off", "on", "yes"];

pub fn render(registry: &Registry) -> String {
    let header = super::header(registry)
        .map(|line| format!("# {line}\n"))
        .concat();
    // No map in a registry has keys other than strings, so this cannot fail.
    let value = serde_json::to_value(registry).unwrap_or_default();
    let mut yaml = format!("{header}---\n");
    block(&value, 0, &mut yaml);
    yaml
}

/// Writes a map or a list, one entry a line; the cursor is at the start of a line.
fn block(value: &Value, depth: usize, yaml: &mut String) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                yaml.push_str(&"  ".repeat(depth));
                entry(key, value, depth, yaml);
            }
        }
        Value::Array(items) => {
            for item in items {
                yaml.push_str(&"  ".repeat(depth));
                yaml.push_str("- ");
                match item {
                    // The first entry stands behind the dash, the others below it.
                    Value::Object(map) if !map.is_empty() => {
                        for (index, (key, value)) in map.iter().enumerate() {
                            if index > 0 {
                                yaml.push_str(&"  ".repeat(depth + 1));
                            }
                            entry(key, value, depth + 1, yaml);
                        }
                    }
                    item => line(item, yaml),
                }
            }
        }
        scalar => line(scalar, yaml),
    }
}

fn entry(key: &str, value: &Value, depth: usize, yaml: &mut String) {
    if MISREAD.contains(&key) {
        yaml.push_str(&format!("{key:?}"));
    } else {
        yaml.push_str(key);
    }
    yaml.push(':');
    let nested = match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => items.iter().any(|item| !item.is_string()),
        _ => false,
    };
    if nested {
        yaml.push('\n');
        block(value, depth + 1, yaml);
    } else {
        yaml.push(' ');
        line(value, yaml);
    }
}

/// Scalars, lists of strings and empty containers are written as in JSON, which is YAML.
fn line(value: &Value, yaml: &mut String) {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(ToString::to_string).collect();
            yaml.push_str(&format!("[{}]", items.join(", ")));
        }
        other => yaml.push_str(&other.to_string()),
    }
    yaml.push('\n');
}
