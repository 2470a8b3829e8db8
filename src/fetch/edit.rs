//! Bringing a manifest up to date: a few lines of its text, and nothing else of it.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Manifest, Reading};
use crate::yaml;

/// The text of a manifest, changed to say what `wanted` says of the document's edition. All other
/// lines stay as they are, but a document in braces gets lines.
///
/// # Errors
/// A manifest whose keys do not stand on lines of their own.
pub fn edited(file: &str, text: &str, wanted: &Manifest) -> Result<String, Diagnostics> {
    let Reading::Document { document, .. } = &wanted.reading else {
        return Ok(text.to_owned());
    };
    let date = |date: Option<crate::model::Date>| date.map(|date| date.to_string());
    // The digits of a date may be all there is to it, and YAML takes 2019 for a number.
    let quoted = |value: &Option<String>| value.as_ref().map(|value| quote(value));
    let day = date(wanted.date).map(|day| if day.contains('-') { day } else { quote(&day) });
    let values: [(&[&str], Option<String>, &[&str]); 6] = [
        (&["date"], day, &["title"]),
        (&["retrieved"], date(wanted.retrieved), &["url"]),
        (
            &["document", "sha256"],
            Some(document.sha256.clone()),
            &["document"],
        ),
        (
            &["document", "fetched_from"],
            document.fetched_from.clone(),
            &["document", "sha256"],
        ),
        (
            &["document", "etag"],
            quoted(&document.etag),
            &["document", "fetched_from"],
        ),
        (
            &["document", "last_modified"],
            quoted(&document.last_modified),
            if document.etag.is_some() {
                &["document", "etag"]
            } else {
                &["document", "fetched_from"]
            },
        ),
    ];
    let edited = values
        .into_iter()
        .try_fold(unfolded(text), |text, (path, value, after)| {
            set(file, &text, path, value.as_deref(), after)
        });
    if let Ok(text) = edited
        && yaml::Source::parse(file, text.as_str())
            .and_then(|source| source.read::<Manifest>())
            .is_ok_and(|read| read == *wanted)
    {
        return Ok(text);
    }
    let error = Diagnostic::error(
        "the manifest cannot be brought up to date: not all of its keys stand on lines of their own",
    );
    Err(vec![error.in_file(file).help(
        "write `date`, `url`, `retrieved`, and below `document:` each key such as `sha256`, on lines of their own",
    )])
}

/// A manifest whose document stands in braces on one line, with each of its keys on a line of its own.
fn unfolded(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let braces = line.strip_prefix("document:").map(str::trim_start);
        let keys = braces.and_then(|braces| braces.strip_prefix('{')?.split_once('}'));
        let Some((keys, rest)) = keys else {
            return line.to_owned();
        };
        let end = line_end(line, text);
        // A value that holds a comma and a space is cut in two, and then refused.
        let keys = keys.trim().split(", ");
        let keys = keys.map(|key| format!("  {}{end}", key.trim()));
        format!(
            "document:{}{end}{}",
            rest.trim_end(),
            keys.collect::<String>()
        )
    });
    lines.collect()
}

/// Sets the value at a path, or takes its line out. A key that is not there yet follows the line of
/// `after`.
fn set(
    file: &str,
    text: &str,
    path: &[&str],
    value: Option<&str>,
    after: &[&str],
) -> Result<String, Diagnostics> {
    let source = yaml::Source::parse(file, text)?;
    let Some(key) = path.last() else {
        return Ok(text.to_owned());
    };
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let index = |path: &[&str]| (source.line(path) as usize).saturating_sub(1);
    let at = index(path);
    let Some(line) = lines.get(at) else {
        return Ok(text.to_owned());
    };
    let is_there = line
        .trim_start()
        .strip_prefix(key)
        .is_some_and(|rest| rest.starts_with(':'));
    match (is_there, value) {
        (true, Some(value)) => lines[at] = replaced(line, key, value),
        (true, None) => {
            lines.remove(at);
        }
        (false, None) => {}
        (false, Some(value)) => {
            let place = index(after);
            let Some(before) = lines.get_mut(place) else {
                return Ok(text.to_owned());
            };
            let end = line_end(before, text);
            if !before.ends_with('\n') {
                before.push_str(end);
            }
            // A key of the document stands as far in as its others.
            let model = if path.len() > 1 {
                index(&["document", "sha256"])
            } else {
                place
            };
            let model = &lines[model];
            let indent = &model[..model.len() - model.trim_start().len()];
            let new = format!("{indent}{key}: {value}{end}");
            lines.insert(place + 1, new);
        }
    }
    Ok(lines.concat())
}

/// What ends a line of a text. The last line may have no end: then it is what ends the others.
fn line_end(line: &str, text: &str) -> &'static str {
    let model = if line.ends_with('\n') { line } else { text };
    if model.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A line with another value for its key. A comment after it stays.
fn replaced(line: &str, key: &str, value: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let body = line.trim_end_matches(['\r', '\n']);
    let end = &line[body.len()..];
    // The values hold no ` #`: an entity tag and a URL hold no space, and a time no hash.
    let comment = body.find(" #").map_or("", |at| &body[at..]);
    let comment = match comment {
        "" => String::new(),
        comment => {
            let spaces = body.len() - comment.len();
            let spaces = spaces - body[..spaces].trim_end().len();
            format!("{}{comment}", " ".repeat(spaces))
        }
    };
    format!("{indent}{key}: {value}{comment}{end}")
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
