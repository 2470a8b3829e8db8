//! Reading a full export back, without trusting it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Code, Registry, SCHEMA_VERSION, Semantics, text, version_numbers};
use crate::yaml;

/// What every full export says of itself, whatever its schema.
#[derive(Deserialize)]
struct Head {
    schema_version: u32,
}

/// What to say of what `build` never writes.
const NOT_OURS: &str = "this is no export that `build` wrote: take the original";

/// What to do about a file that is something else.
const WHICH: &str = "name an http-status-codes.json or .yaml, just as `build` wrote it";

/// The registry in the text of a full export: the JSON or the YAML.
///
/// # Errors
/// Text that is no full export of this schema, with the line of each fault.
pub fn read(file: &str, text: &str) -> Result<Registry, Diagnostics> {
    let json: Option<Registry> = serde_json::from_str(text).ok();
    let json = match json {
        Some(registry) if is_plain(text) && is_as_written(&registry, text) => return Ok(registry),
        json => json,
    };
    if text.trim_start().starts_with('{')
        && let Err(error) = serde_json::from_str::<IgnoredAny>(text)
    {
        let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
        let error = Diagnostic::error(format!("not JSON: {error}"));
        return Err(vec![error.at(file, line).help(WHICH)]);
    }
    // JSON is YAML but for surrogates, so one reader knows the lines of both.
    let source = yaml::Source::parse(file, without_surrogates(text)).map_err(|errors| {
        let errors = errors.into_iter();
        let errors = errors.map(|error| match error.message.starts_with("not YAML") {
            true => error.help(WHICH),
            false => error,
        });
        errors.collect::<Diagnostics>()
    })?;
    // The lines are asked of YAML; the values are read from JSON if they can be, which is faster.
    let (registry, given) = match (json, serde_json::from_str(text)) {
        (Some(registry), Ok(given)) => {
            known_schema(registry.schema_version, &source)?;
            (registry, given)
        }
        _ => from_yaml(&source)?,
    };
    let mut errors = Diagnostics::new();
    in_head(&registry, &source, &mut errors);
    let known = serde_json::to_value(&registry).unwrap_or_default();
    strangers(
        &given,
        &known,
        &mut Vec::new(),
        &mut |path, given, known| {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let name = text::excerpt(&path.join("."), 120);
            let message = match (given, known) {
                (None, _) => format!("{name} is missing"),
                (Some(given), Some(known)) => {
                    let (given, known) = (given.to_string(), known.to_string());
                    let (given, known) = (text::excerpt(&given, 80), text::excerpt(&known, 80));
                    format!("{name} is {given}, but {known} follows from the rest")
                }
                (Some(Value::Null), _) => format!("{name} is null"),
                (Some(Value::Array(list)), _) if list.is_empty() => {
                    format!("{name} is an empty list")
                }
                (Some(Value::Object(map)), _) if map.is_empty() => {
                    format!("{name} is an empty map")
                }
                _ => format!("unknown field: {name}"),
            };
            errors.push(source.error(&path, message).help(NOT_OURS));
        },
    );
    invisible(&known, &source, &mut Vec::new(), &mut errors);
    twice(&registry, &source, &mut errors);
    out_of_place(&registry, &source, &mut errors);
    if errors.is_empty() {
        Ok(registry)
    } else {
        Err(errors)
    }
}

/// The registry in a text, and all that the text holds.
fn from_yaml(source: &yaml::Source) -> Result<(Registry, Value), Diagnostics> {
    let head: Head = source.read().map_err(|errors| {
        let is_fault = |error: &Diagnostic| {
            let message = &error.message;
            message.starts_with("not YAML") || message.starts_with("schema_version")
        };
        if errors.iter().any(is_fault) {
            return errors;
        }
        let message = "this is no full export: it has no schema_version";
        let error = Diagnostic::error(message).at(source.file(), 1);
        vec![error.help(WHICH)]
    })?;
    known_schema(head.schema_version, source)?;
    Ok((source.read()?, source.read()?))
}

fn known_schema(version: u32, source: &yaml::Source) -> Result<(), Diagnostics> {
    if version == SCHEMA_VERSION {
        return Ok(());
    }
    let message =
        format!("the export has schema version {version}, and this program knows {SCHEMA_VERSION}");
    let error = source.error(&["schema_version"], message);
    Err(vec![error.help(
        "exports of different schemas cannot be compared; use the program of that version to look at it",
    )])
}

/// The text with each pair of surrogates that JSON may escape as the character that it stands for. The
/// lines stay.
fn without_surrogates(text: &str) -> Cow<'_, str> {
    if !(text.contains("\\ud") || text.contains("\\uD")) {
        return text.into();
    }
    let unit = |escape: &str| u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        plain.push_str(before);
        let pair = unit(escape).zip(escape.get(6..).and_then(unit));
        let pair = pair.map(|(high, low)| String::from_utf16(&[high, low]));
        rest = match pair {
            Some(Ok(pair)) if pair.chars().count() == 1 => {
                plain.push_str(&pair);
                &escape[12..]
            }
            // The backslash escapes what is behind it, which may be another one.
            _ => {
                let behind = escape.chars().nth(1).map_or(0, char::len_utf8);
                plain.push_str(&escape[..=behind]);
                &escape[1 + behind..]
            }
        };
    }
    plain.push_str(rest);
    plain.into()
}

/// Whether a text holds nothing invisible, and JSON in it escapes nothing but quotes and backslashes.
fn is_plain(text: &str) -> bool {
    let unescaped = text.replace("\\\\", "").replace("\\\"", "");
    !unescaped.contains('\\') && !text.chars().any(|c| text::is_unsafe(c) && c != '\n')
}

/// Keys and values with characters that nobody can see, which JSON and YAML may write as escapes.
fn invisible(
    known: &Value,
    source: &yaml::Source,
    path: &mut Vec<String>,
    errors: &mut Diagnostics,
) {
    let parts: Vec<(String, &Value)> = match known {
        Value::Object(fields) => {
            let fields = fields.iter();
            fields.map(|(key, value)| (key.clone(), value)).collect()
        }
        Value::Array(items) => {
            let numbers = (0..).map(|number: usize| number.to_string());
            numbers.zip(items).collect()
        }
        _ => Vec::new(),
    };
    let texts = [path.last().map(String::as_str), known.as_str()];
    let found = texts
        .into_iter()
        .flatten()
        .flat_map(str::chars)
        .find(|&c| text::is_unsafe(c));
    if let Some(c) = found {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let name = text::excerpt(&path.join("."), 120);
        let message = format!(
            "{name} holds the invisible character {}",
            c.escape_unicode()
        );
        errors.push(source.error(&path, message).help(NOT_OURS));
    }
    for (key, value) in parts {
        path.push(key);
        invisible(value, source, path, errors);
        path.pop();
    }
}

/// Whether a text is the registry in JSON just as `build` writes it, which is most, and read far faster so.
fn is_as_written(registry: &Registry, text: &str) -> bool {
    let written = serde_json::to_string_pretty(registry);
    let is_same = written.is_ok_and(|written| written == text.trim_end());
    if !is_same || registry.schema_version != SCHEMA_VERSION {
        return false;
    }
    let Ok(nowhere) = yaml::Source::parse("", "") else {
        return false;
    };
    let mut errors = Diagnostics::new();
    in_head(registry, &nowhere, &mut errors);
    twice(registry, &nowhere, &mut errors);
    out_of_place(registry, &nowhere, &mut errors);
    errors.is_empty()
}

/// What is wrong with what stands in the heads of the exports.
fn in_head(registry: &Registry, source: &yaml::Source, errors: &mut Diagnostics) {
    if version_numbers(&registry.version).is_none() {
        let version = text::excerpt(&registry.version, 40);
        let error = source.error(&["version"], format!("`{version}` is no version"));
        errors.push(error.help("three numbers are expected, such as 1.0.0"));
    }
    // A second line would be no comment any more.
    if let Some(fault) = text::fault(&registry.license) {
        let error = source.error(&["license"], format!("the licence {fault}"));
        errors.push(error.help(NOT_OURS));
    }
}

/// What is called with a path, the value that is given there, and the one that was read.
type Found<'f> = dyn FnMut(&[String], Option<&Value>, Option<&Value>) + 'f;

/// Calls back with each value that reading has not kept as it is given.
fn strangers(given: &Value, known: &Value, path: &mut Vec<String>, found: &mut Found<'_>) {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            for (key, value) in given {
                path.push(key.clone());
                match known.get(key) {
                    Some(known) => strangers(value, known, path, found),
                    None => found(path, Some(value), None),
                }
                path.pop();
            }
            for (key, value) in known.iter().filter(|(key, _)| !given.contains_key(*key)) {
                path.push(key.clone());
                found(path, None, Some(value));
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
        _ if given != known => found(path, Some(given), Some(known)),
        _ => {}
    }
}

/// Ids, codes, sources and their languages, former phrases and references that are given twice. Claims
/// are not among them: a document may say the same twice on one line.
fn twice(registry: &Registry, source: &yaml::Source, errors: &mut Diagnostics) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut check = |what: String, path: &[&str]| {
        let line = source.line(path);
        if let Some(first) = seen.insert(what.clone(), line) {
            let error = source.error(
                path,
                format!("{what} is given twice, first on line {first}"),
            );
            errors.push(error.help(NOT_OURS));
        }
    };
    for (index, entry) in registry.sources.iter().enumerate() {
        let index = index.to_string();
        check(format!("the source `{}`", entry.id), &["sources", &index]);
        for (nth, language) in entry.languages.iter().enumerate() {
            check(
                format!("the language `{language}` of `{}`", entry.id),
                &["sources", &index, "languages", &nth.to_string()],
            );
        }
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
            for (nth, former) in meaning.former_phrases.iter().enumerate() {
                let (phrase, id) = (&former.phrase, &meaning.id);
                let nth = nth.to_string();
                check(
                    format!("the former phrase `{phrase}` of `{id}`"),
                    &["codes", &at, "meanings", &index, "former_phrases", &nth],
                );
            }
            let lists = [
                ("references", "reference", &meaning.references),
                (
                    "former_references",
                    "former reference",
                    &meaning.former_references,
                ),
            ];
            for (field, label, references) in lists {
                for (nth, reference) in references.iter().enumerate() {
                    let (url, id) = (reference.url(), &meaning.id);
                    check(
                        format!("the {label} `{reference}` ({url}) of `{id}`"),
                        &["codes", &at, "meanings", &index, field, &nth.to_string()],
                    );
                }
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

/// The languages in which conditions are given.
fn languages(semantics: &Semantics) -> Vec<&String> {
    let fields = semantics.fields.iter().map(|field| &field.when);
    let whens = fields.chain(semantics.retry.iter().map(|retry| &retry.when));
    whens.flat_map(BTreeMap::keys).collect()
}

/// Codes without a meaning; classes, meanings and conflicts that are not those of their code; and texts by
/// languages that are none.
fn out_of_place(registry: &Registry, source: &yaml::Source, errors: &mut Diagnostics) {
    let mut wrong = |path: &[&str], message: String| {
        errors.push(source.error(path, message).help(NOT_OURS));
    };
    let is_of = |id: &str, code: Code| id.starts_with(&code.to_string());
    for (at, entry) in registry.codes.iter().enumerate() {
        let (at, code) = (at.to_string(), entry.code);
        if entry.class != code.class() {
            let class = entry.class.as_str();
            wrong(&["codes", &at, "class"], format!("{code} is no {class}"));
        }
        if entry.meanings.is_empty() {
            wrong(
                &["codes", &at, "meanings"],
                format!("{code} has no meaning"),
            );
        }
        for (index, meaning) in entry.meanings.iter().enumerate() {
            let index = index.to_string();
            let id = text::excerpt(&meaning.id, 80);
            if !is_of(&meaning.id, code) {
                let path = ["codes", &at, "meanings", &index, "id"];
                wrong(&path, format!("`{id}` is no meaning of {code}"));
            }
            let in_languages = [
                ("names", meaning.names.keys().collect()),
                ("name_variants", meaning.name_variants.keys().collect()),
                ("summary", meaning.summary.keys().collect()),
                ("semantics", languages(&meaning.semantics)),
            ];
            for (field, languages) in in_languages {
                let none = languages.iter().find(|tag| !text::is_language_tag(tag));
                if let Some(tag) = none {
                    let path = ["codes", &at, "meanings", &index, field, tag];
                    let tag = text::excerpt(tag, 40);
                    wrong(&path, format!("{field} of `{id}`: `{tag}` is no language"));
                }
            }
        }
    }
    for (index, conflict) in registry.conflicts.iter().enumerate() {
        let index = index.to_string();
        let id = text::excerpt(&conflict.id, 80);
        if !is_of(&conflict.id, conflict.code) {
            let message = format!("`{id}` is no conflict on {}", conflict.code);
            wrong(&["conflicts", &index, "id"], message);
        }
        if conflict.id.split('/').nth(1) != Some(conflict.kind.as_str()) {
            let message = format!("`{id}` is no conflict of the kind {}", conflict.kind);
            wrong(&["conflicts", &index, "id"], message);
        }
    }
}
