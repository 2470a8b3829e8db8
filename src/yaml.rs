//! YAML that people write, read into our types, with the line of each value.

mod mend;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};
use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostic, Diagnostics, MAX_TOLD, all};
use crate::model::text::{excerpt, is_unsafe};
use mend::{Fault, Mender};

/// How many bytes a file may have. The largest that is read so is a full export, of half a megabyte.
pub(crate) const MAX_FILE: usize = 16 * 1024 * 1024;

/// How many values, keys, lists and maps a file may have. Each takes some hundred bytes of memory. The largest
/// export has a tenth of that.
const MAX_NODES: usize = 300_000;

/// How deep values may be nested. Ours are up to 8 deep.
const MAX_NESTING: usize = 64;

/// How many characters of a value are told.
const SHOWN: usize = 200;

/// A file, and where its values stand.
pub struct Source {
    file: String,
    text: String,
    lines: Lines,
    /// The text as values of no type of ours, once it has been read.
    value: OnceCell<serde_yaml::Value>,
}

/// The line of a value, and those of the values in it.
#[derive(Default)]
struct Lines {
    line: u32,
    inside: BTreeMap<String, Lines>,
}

impl Source {
    /// Reads the structure of a file's text.
    ///
    /// # Errors
    /// Text that is no YAML, more than one document, aliases, and keys given twice.
    pub fn parse(file: impl Into<String>, text: impl Into<String>) -> Result<Self, Diagnostics> {
        let (file, text) = (file.into(), text.into());
        if text.len() > MAX_FILE {
            return Err(vec![too_large(file)]);
        }
        must_be_seen(&file, &text)?;
        let mut outline = Outline::default();
        let mut aliases = Diagnostics::new();
        let last = last_line(&text);
        for event in Parser::new_from_str(&text) {
            match event {
                Ok((event, span)) => {
                    let line = line_number(span.start.line()).min(last);
                    // One that stands for much would be much each time. One of a line is enough to tell.
                    let is_told = aliases.last().is_some_and(|last| last.line == Some(line));
                    if matches!(event, Event::Alias(_)) && !is_told {
                        let error = Diagnostic::error("an alias stands here, and none is read");
                        let help = "write out the value that it stands for";
                        aliases.push(error.at(&file, line).help(help));
                    }
                    outline.take(&event, line);
                    if outline.nodes > MAX_NODES {
                        return Err(vec![too_many_nodes(&file, line)]);
                    }
                    if aliases.len() + outline.twice.len() > MAX_TOLD {
                        break;
                    }
                    if outline.open.len() > MAX_NESTING {
                        return Err(vec![too_deep(&file, line)]);
                    }
                    if outline.documents > 1 {
                        let error = Diagnostic::error("a second YAML document starts here");
                        let help = "take out the line `---`, or write a file of its own";
                        return Err(vec![error.at(file, line).help(help)]);
                    }
                }
                // The parser has a limit of its own for brackets.
                Err(error) if error.info() == "recursion limit exceeded" => {
                    let line = line_number(error.marker().line()).min(last);
                    return Err(vec![too_deep(&file, line)]);
                }
                Err(error) => {
                    let line = line_number(error.marker().line()).min(last);
                    let help = if error.info().contains("escape") {
                        "write the character itself, or its number after \\u or \\U; a surrogate is no character"
                    } else {
                        "check brackets, quotes and indentation here and on the line above"
                    };
                    return Err(vec![
                        Diagnostic::error(format!("not YAML: {}", error.info()))
                            .at(file, line)
                            .help(help),
                    ]);
                }
            }
        }
        let twice = outline.twice.into_iter().map(|(key, line)| {
            let key = excerpt(&key, SHOWN);
            let error = Diagnostic::error(format!("`{key}` is given twice"));
            error.at(&file, line).help("keep one of them")
        });
        let wrong = aliases
            .into_iter()
            .chain(twice)
            .map(|error| Err::<(), _>(vec![error]));
        all(wrong)?;
        Ok(Self {
            file,
            text,
            lines: outline.root,
            value: OnceCell::new(),
        })
    }

    /// An error about the value at a path, or its nearest parent that stands in the file.
    #[must_use]
    pub fn error(&self, path: &[&str], message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(&self.file, self.line(path))
    }

    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line of the value at a path, or of its nearest parent that stands in the file.
    #[must_use]
    pub fn line(&self, path: &[&str]) -> u32 {
        self.lines_at(path).line.max(1)
    }

    /// The value at a path, or its nearest parent that stands in the file.
    fn lines_at(&self, path: &[&str]) -> &Lines {
        let mut lines = &self.lines;
        for key in path {
            match lines.inside.get(*key) {
                Some(inside) => lines = inside,
                None => break,
            }
        }
        lines
    }

    /// The whole file as a value of ours.
    ///
    /// # Errors
    /// Unknown keys, missing ones, values of the wrong type: all of them.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Diagnostics> {
        self.convert(self.value()?, &[])
    }

    /// The file as a list of values of ours. An empty file is an empty list.
    ///
    /// # Errors
    /// As for [`Self::read`], of each value in the list.
    pub fn read_list<T: DeserializeOwned>(&self) -> Result<Vec<T>, Diagnostics> {
        let items = match self.value()? {
            serde_yaml::Value::Null => &Vec::new(),
            serde_yaml::Value::Sequence(items) => items,
            _ => {
                return Err(vec![
                    self.error(&[], "a list is expected: each item starts with `- `"),
                ]);
            }
        };
        let items = items.iter().enumerate();
        let results = items.map(|(index, item)| self.convert(item, &[index.to_string()]));
        all(results)
    }

    fn value(&self) -> Result<&serde_yaml::Value, Diagnostics> {
        if let Some(value) = self.value.get() {
            return Ok(value);
        }
        let value = serde_yaml::from_str(&self.text).map_err(|error: serde_yaml::Error| {
            let line = error
                .location()
                .map_or(1, |location| line_number(location.line()))
                .min(last_line(&self.text));
            let message = error.to_string();
            let (told, help) = if message.contains("128, expected any YAML value") {
                ("the number is too large".to_owned(), "write a smaller one")
            } else {
                (
                    format!("not YAML: {message}"),
                    "check brackets, quotes and indentation",
                )
            };
            vec![Diagnostic::error(told).at(&self.file, line).help(help)]
        })?;
        Ok(self.value.get_or_init(|| value))
    }

    /// A value as one of ours, or all that is wrong with its shape, in the order of the lines. Reading stops
    /// at the first error, so what that is about is mended in a copy, which is then read in its turn.
    fn convert<T: DeserializeOwned>(
        &self,
        value: &serde_yaml::Value,
        base: &[String],
    ) -> Result<T, Diagnostics> {
        let mut value = Cow::Borrowed(value);
        let mut mender = Mender::default();
        let mut errors = Diagnostics::new();
        loop {
            let error = match serde_path_to_error::deserialize(&*value) {
                Ok(read) if errors.is_empty() => return Ok(read),
                Ok(_) => break,
                Err(error) => error,
            };
            let value = value.to_mut();
            let fault = Fault::of(&error, value);
            if !mender.is_follow_up(&fault) {
                errors.push(self.shape(&fault, base));
            }
            if mender.mend(value, &fault).is_none() {
                break;
            }
        }
        errors.sort_by_key(|error| error.line);
        Err(errors)
    }

    /// The error about the shape of a value that stands at a path.
    fn shape(&self, fault: &Fault, base: &[String]) -> Diagnostic {
        let place = base.iter().chain(&fault.place).map(String::as_str);
        let place: Vec<&str> = place.collect();
        let message = plain(&fault.message);
        let help = match remedy(&message) {
            QUOTE if fault.is_of_key => "put the key in double quotes",
            help => help,
        };
        let message = shown(&message);
        let error = match fault.path.join(".").as_str() {
            "" => self.error(&place, message),
            path => self.error(&place, format!("{}: {message}", excerpt(path, SHOWN))),
        };
        error.help(help)
    }
}

/// A message of the deserializer without the names of Rust's types.
fn plain(message: &str) -> String {
    let words = [
        ("unit value", "nothing"),
        (
            "internally tagged enum Origin",
            "a map such as { kind: rfc }",
        ),
        (
            "internally tagged enum Registration",
            "a map such as { state: registered }",
        ),
        ("a Value::Tagged enum", "one word"),
    ];
    let message = words
        .iter()
        .fold(message.to_owned(), |message, (from, to)| {
            message.replace(from, to)
        });
    let numbers = [
        ("expected u16", u64::from(u16::MAX)),
        ("expected u32", u64::from(u32::MAX)),
        ("expected u64", u64::MAX),
    ];
    let is_number = message.contains("invalid value: integer");
    let message = numbers.iter().fold(message, |message, (from, most)| {
        let range = match is_number {
            true => format!(" from 0 to {most}"),
            false => String::new(),
        };
        message.replace(from, &format!("expected a number{range}"))
    });
    match message.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected keys with values"),
        None => message,
    }
}

/// A message in which no value is long.
fn shown(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((found, expected)) => format!("{}, expected {expected}", excerpt(found, SHOWN)),
        None => excerpt(message, SHOWN),
    }
}

/// What to do about a value that should be a string.
const QUOTE: &str = "put the value in double quotes";

/// What to do about a value that is not what is expected.
fn remedy(message: &str) -> &'static str {
    if message.starts_with("unknown field") || message.ends_with("expected field identifier") {
        "take the key out, or correct its spelling"
    } else if message.starts_with("missing field") {
        "add the key"
    } else if message.contains("expected a string") {
        QUOTE
    } else {
        "correct the value"
    }
}

/// Fails for each line with characters that nobody can see, be it in a value or in a comment.
fn must_be_seen(file: &str, text: &str) -> Result<(), Diagnostics> {
    let lines = (1..).zip(text.split('\n'));
    let found = lines.filter_map(|(number, line)| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let c = line.chars().find(|&c| is_unsafe(c) && c != '\t')?;
        Some((number, c))
    });
    let errors = found.map(|(line, c)| {
        let message = format!(
            "the line holds the invisible character {}",
            c.escape_unicode()
        );
        let error = Diagnostic::error(message).at(file, line_number(line));
        Err::<(), _>(vec![error.help("take it out")])
    });
    all(errors).map(drop)
}

/// The last line of a text. Parsers name the one behind it for what ends too early.
fn last_line(text: &str) -> u32 {
    line_number(text.lines().count().max(1))
}

fn line_number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// The error of a file that has more than [`MAX_FILE`] bytes.
pub(crate) fn too_large(file: impl Into<String>) -> Diagnostic {
    let message = format!("the file has more bytes than MAX_FILE ({MAX_FILE})");
    let error = Diagnostic::error(message).in_file(file);
    error.help("split it, or look whether it is the right file. MAX_FILE stands in src/yaml.rs")
}

fn too_deep(file: &str, line: u32) -> Diagnostic {
    let message = format!("values are nested deeper than MAX_NESTING ({MAX_NESTING})");
    let error = Diagnostic::error(message).at(file, line);
    error.help("nothing here is nested so deep: check brackets, hyphens and indentation. MAX_NESTING stands in src/yaml.rs")
}

fn too_many_nodes(file: &str, line: u32) -> Diagnostic {
    let message = format!("there are more values and keys than MAX_NODES ({MAX_NODES})");
    let error = Diagnostic::error(message).at(file, line);
    error.help(
        "split the file, or look whether it is the right one. MAX_NODES stands in src/yaml.rs",
    )
}

/// The lines of all values, gathered from the parser's events.
#[derive(Default)]
struct Outline {
    twice: Vec<(String, u32)>,
    documents: usize,
    /// How many values, keys, lists and maps have started.
    nodes: usize,
    /// The lists and maps around the next value, from the outermost in.
    open: Vec<Open>,
    /// The whole file.
    root: Lines,
}

/// A list or map whose end has not been read.
struct Open {
    /// Where it goes in the one around it.
    key: Option<String>,
    lines: Lines,
    kind: Container,
}

enum Container {
    /// A list, and how many values of it have been read.
    Sequence(usize),
    /// A map, and the key that has been read and whose value comes next.
    Mapping(Option<(String, u32)>),
}

impl Outline {
    fn take(&mut self, event: &Event<'_>, line: u32) {
        if let Event::SequenceStart(..) | Event::MappingStart(..) | Event::Scalar(..) = event {
            self.nodes += 1;
        }
        match event {
            Event::DocumentStart(_) => self.documents += 1,
            Event::SequenceStart(..) => self.enter(Container::Sequence(0), line),
            Event::MappingStart(..) => self.enter(Container::Mapping(None), line),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { key, lines, .. }) = self.open.pop() {
                    self.keep(key, lines);
                }
            }
            Event::Scalar(..) | Event::Alias(_) => {
                if let (Event::Scalar(key, ..), Some(open)) = (event, self.open.last_mut())
                    && let Container::Mapping(next @ None) = &mut open.kind
                {
                    if open.lines.inside.contains_key(&**key) {
                        self.twice.push((key.to_string(), line));
                    }
                    *next = Some((key.to_string(), line));
                    return;
                }
                let (key, line) = self.next_key(line);
                let lines = Lines {
                    line,
                    ..Lines::default()
                };
                self.keep(key, lines);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }

    fn enter(&mut self, kind: Container, line: u32) {
        let (key, line) = self.next_key(line);
        let lines = Lines {
            line,
            ..Lines::default()
        };
        self.open.push(Open { key, lines, kind });
    }

    /// The key of the value that starts here, and its line. The line of a mapping's value is its key's.
    fn next_key(&mut self, line: u32) -> (Option<String>, u32) {
        match self.open.last_mut().map(|open| &mut open.kind) {
            Some(Container::Sequence(index)) => {
                *index += 1;
                (Some((*index - 1).to_string()), line)
            }
            Some(Container::Mapping(key)) => match key.take() {
                Some((key, line)) => (Some(key), line),
                // A list or map for a key.
                None => (None, line),
            },
            None => (None, line),
        }
    }

    fn keep(&mut self, key: Option<String>, lines: Lines) {
        match (self.open.last_mut(), key) {
            (Some(open), Some(key)) => {
                open.lines.inside.entry(key).or_insert(lines);
            }
            (Some(_), None) => {}
            (None, _) => self.root = lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_line_of_each_value() {
        let text = "a: 1\nb:\n  - c: x\n    d: |\n      long\n      text\n  - { e: 1, f: [2,\n      3] }\ng: end\n";
        let source = Source::parse("x.yaml", text).expect("YAML");
        for (path, line) in [
            (&["a"][..], 1),
            (&["b"], 2),
            (&["b", "0"], 3),
            (&["b", "0", "d"], 4),
            (&["b", "1", "e"], 7),
            (&["b", "1", "f", "1"], 8),
            (&["g"], 9),
            (&["b", "1", "nowhere", "at all"], 7),
        ] {
            assert_eq!(source.line(path), line, "{path:?}");
        }
    }

    #[test]
    fn a_key_given_twice_is_an_error() {
        let errors = Source::parse("x.yaml", "a: 1\nb: 2\na: 3\n")
            .err()
            .expect("an error");
        assert_eq!((errors.len(), errors[0].line), (1, Some(3)));
    }
}
