use std::borrow::Borrow;
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::{TEXT_DIGITS, is_digest};
use crate::model::{Claim, Facts, Reference, text};

/// What separates the values of a cell that holds several.
const SEPARATOR: &str = " | ";

/// The names of the columns of `claims.csv`.
const COLUMNS: [&str; 14] = [
    "line",
    "code",
    "meaning",
    "phrase",
    "name",
    "former",
    "references",
    "annotations",
    "origin",
    "registration",
    "embedded_in",
    "matched",
    "text_length",
    "text_digest",
];

/// The columns of `claims.csv`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    line: String,
    code: String,
    meaning: String,
    phrase: String,
    name: String,
    former: String,
    references: String,
    annotations: String,
    origin: String,
    registration: String,
    embedded_in: String,
    matched: String,
    text_length: String,
    text_digest: String,
}

/// The text of `claims.csv`. No claim is needed after the next one is asked for.
#[must_use]
pub fn write_claims<C: Borrow<Claim>>(claims: impl IntoIterator<Item = C>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for claim in claims {
        // Writing to memory cannot fail, and every row has the same columns.
        let _ = writer.serialize(Row::from(claim.borrow()));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    let mut text = String::from_utf8(bytes).unwrap_or_default();
    text.shrink_to_fit();
    text
}

/// Reads `claims.csv`.
///
/// # Errors
/// Every row that does not hold a claim, with its line.
pub fn parse_claims(file: &str, content: &str) -> Result<Vec<Claim>, Diagnostics> {
    let mut lines = (1..).zip(content.split('\n'));
    let odd = lines.find(|(_, line)| line.strip_suffix('\r').unwrap_or(line).contains('\r'));
    if let Some((line, _)) = odd {
        // The reader takes it for the end of a line, and does not count it.
        let error = Diagnostic::error("a carriage return without a newline stands here");
        let help = "run `ingest` again to write this file anew";
        return Err(vec![error.at(file, line).help(help)]);
    }
    let mut reader = csv::ReaderBuilder::new().from_reader(content.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut next = 2;
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return Err(vec![csv_error(file, &error)]),
    };
    if headers.iter().ne(COLUMNS) {
        let error = Diagnostic::error("the columns are not those of a table of claims").at(file, 1);
        let help = format!("run `ingest` again; the columns are {}", COLUMNS.join(","));
        return Err(vec![error.help(help)]);
    }
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(1, csv::Position::line);
                let row = record
                    .deserialize::<Row>(Some(&headers))
                    .map_err(|error| vec![error.to_string()]);
                let claim = row.and_then(Claim::try_from).map_err(|faults| {
                    let faults = faults.into_iter().map(|message| {
                        let error = Diagnostic::error(message).at(file, line_number(line));
                        error.help("this file is written by `ingest`: run it again rather than editing by hand")
                    });
                    faults.collect()
                });
                rows.push(claim);
            }
            Err(error) => rows.push(Err(vec![csv_error(file, &error)])),
        }
        // The line of a claim follows from its place among them.
        let line = std::mem::replace(&mut next, reader.position().line());
        if next > line + 1 && !record.iter().any(|cell| cell.contains(['\r', '\n'])) {
            let error = Diagnostic::error("the line is empty").at(file, line_number(line));
            let help = "take it out, or run `ingest` to write this file anew";
            rows.push(Err(vec![error.help(help)]));
        }
    }
    if rows.is_empty() {
        let error = Diagnostic::error("there are no claims").at(file, 1);
        return Err(vec![error.help(
            "run `ingest` again to write this file anew, or take out the folder of the source",
        )]);
    }
    crate::diagnostic::all(rows)
}

fn line_number(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

fn csv_error(file: &str, error: &csv::Error) -> Diagnostic {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("the row has {len} cells, and there are {expected_len} columns"),
        _ => format!("not a table of claims: {error}"),
    };
    Diagnostic::error(message)
        .at(file, line_number(line))
        .help("run `ingest` again to write this file anew")
}

impl From<&Claim> for Row {
    fn from(claim: &Claim) -> Self {
        let facts = &claim.facts;
        Self {
            line: facts.line.to_string(),
            code: facts.codes.to_string(),
            meaning: claim.meaning.clone().unwrap_or_default(),
            phrase: facts.phrase.clone().unwrap_or_default(),
            name: facts.name.clone().unwrap_or_default(),
            former: facts.former.join(SEPARATOR),
            references: join(&facts.references),
            annotations: facts.annotations.join(SEPARATOR),
            origin: display(facts.origin.as_ref()),
            registration: display(facts.registration.as_ref()),
            embedded_in: display(facts.embedded_in.as_ref()),
            matched: claim.matched.clone(),
            text_length: claim.text_length.to_string(),
            text_digest: claim.text_digest.clone().unwrap_or_default(),
        }
    }
}

impl TryFrom<Row> for Claim {
    /// What is wrong with each cell.
    type Error = Vec<String>;

    fn try_from(row: Row) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let told = &mut faults;
        let line = kept(line("line", &row.line), told);
        let codes = row.code.parse().map_err(|error| format!("code: {error}"));
        let codes = kept(codes, told);
        let meaning = kept(value("meaning", row.meaning), told);
        let phrase = kept(value("phrase", row.phrase), told);
        let name = kept(value("name", row.name), told);
        let former = kept(values("former", &row.former), told);
        let references = kept(values("references", &row.references), told);
        let annotations = kept(values("annotations", &row.annotations), told);
        let origin = kept(parsed("origin", row.origin), told);
        let registration = kept(parsed("registration", row.registration), told);
        let embedded_in = kept(parsed("embedded_in", row.embedded_in), told);
        let matched = kept(value("matched", row.matched), told);
        let text_length = kept(number("text_length", &row.text_length), told);
        let text_digest = digest("text_digest", row.text_digest, text_length);
        let text_digest = kept(text_digest, told);
        let claim = || {
            let references = references?;
            let references = references.iter().map(|text| Reference::parse(text));
            Some(Self {
                facts: Facts {
                    line: line?,
                    codes: codes?,
                    phrase: phrase?,
                    name: name?,
                    former: former?,
                    references: references.collect(),
                    annotations: annotations?,
                    origin: origin?,
                    registration: registration?,
                    embedded_in: embedded_in?,
                },
                meaning: meaning?,
                matched: matched?.unwrap_or_default(),
                text_length: text_length?,
                text_digest: text_digest?,
            })
        };
        claim().ok_or(faults)
    }
}

/// What a cell says, unless something is wrong with it, which is told.
fn kept<T>(cell: Result<T, String>, faults: &mut Vec<String>) -> Option<T> {
    cell.map_err(|fault| faults.push(fault)).ok()
}

fn line(column: &str, cell: &str) -> Result<u32, String> {
    match number(column, cell)? {
        0 => Err(format!("{column}: lines are counted from 1")),
        line => Ok(line),
    }
}

/// The digest of a text that is as long, if that is known.
fn digest(column: &str, cell: String, length: Option<usize>) -> Result<Option<String>, String> {
    let digest = value(column, cell)?;
    if length.is_some_and(|length| digest.is_some() != (length > 0)) {
        return Err(format!("{column}: given exactly when text_length is not 0"));
    }
    match digest {
        Some(digest) if !is_digest(&digest, TEXT_DIGITS) => Err(format!(
            "{column}: {TEXT_DIGITS} hexadecimal digits are expected"
        )),
        digest => Ok(digest),
    }
}

fn display(value: Option<&impl Display>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

fn join(values: &[impl Display]) -> String {
    values
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(SEPARATOR)
}

fn number<T: FromStr>(column: &str, cell: &str) -> Result<T, String> {
    let number = cell.parse();
    number.map_err(|_| format!("{column}: `{}` is no number", text::excerpt(cell, 40)))
}

fn value(column: &str, cell: String) -> Result<Option<String>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    match text::fault(&cell) {
        Some(fault) => Err(format!("{column}: `{}` {fault}", text::excerpt(&cell, 40))),
        None => Ok(Some(cell)),
    }
}

fn values(column: &str, cell: &str) -> Result<Vec<String>, String> {
    let cells = cell.split(SEPARATOR).filter(|cell| !cell.is_empty());
    cells
        .map(|cell| value(column, cell.to_owned()).map(Option::unwrap_or_default))
        .collect()
}

fn parsed<T: FromStr<Err: Display>>(column: &str, cell: String) -> Result<Option<T>, String> {
    let value = value(column, cell)?;
    value
        .map(|cell| cell.parse().map_err(|error| format!("{column}: {error}")))
        .transpose()
}
