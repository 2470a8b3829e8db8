//! A record of a CSV file (RFC 4180).

use std::rc::Rc;

use super::lined::{Lined, newlines};
use super::{Block, Extraction, Extractor, facts};

pub fn read(extractor: &Extractor, text: &str, found: &mut Extraction) {
    let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(extractor.delimiter())
        .from_reader(text.as_bytes());
    let start_of = |record: &csv::StringRecord| {
        // The reader takes the line end of the record before for the start of this one.
        let start = record.position().map_or(0, |position| {
            usize::try_from(position.byte()).unwrap_or(usize::MAX)
        });
        let start = start.min(text.len());
        let gap = text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        let newlines = lines.partition_point(|newline| *newline < start + gap);
        (start + gap, u32::try_from(newlines + 1).unwrap_or(u32::MAX))
    };
    // How many columns the headings give, and the places of the layout's.
    let mut columns = None;
    if extractor.counts_columns() {
        columns = Some((usize::MAX, extractor.place_columns(1, &[], found)));
    }
    let mut record = csv::StringRecord::new();
    let mut open_quote = None;
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => {
                if let Some(line) = open_quote {
                    // It may hold what should be records of their own.
                    found.skip_rest(line, "a quote");
                }
                return;
            }
            Ok(true) => {}
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                found.skip(
                    u32::try_from(line).unwrap_or(u32::MAX),
                    format!("not a record: {error}"),
                );
                continue;
            }
        }
        let (start, line) = start_of(&record);
        let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let raw = text.as_bytes().get(start..end).unwrap_or_default();
        open_quote = None;
        match quotes(raw, extractor.delimiter()) {
            Quotes::Paired => {}
            Quotes::Astray => found.skip(line, "text follows a closing quote: if a quote is missing, records below are taken for a part of this one"),
            Quotes::Open => open_quote = Some(line),
        }
        let Some((headings, places)) = &mut columns else {
            let names = record.iter().map(|cell| {
                let mut name = Lined::default();
                name.push_folded(line, cell);
                name.trimmed().into_string()
            });
            let names = names.enumerate();
            let names = names.filter(|(_, name)| extractor.columns().contains_key(name));
            let names: Vec<(usize, String)> = names.collect();
            let headings = names.iter().map(|(place, name)| (*place, name.as_str()));
            let headings: Vec<_> = headings.collect();
            let places = extractor.place_columns(line, &headings, found);
            if let Err(column) = places {
                extractor.tell_unheaded(column, &[line], found);
            }
            columns = Some((record.len(), places));
            continue;
        };
        if record.len() > *headings {
            found.skip(line, beyond(*headings, record.len()));
        }
        let Ok(places) = places else {
            continue;
        };
        // A quoted cell may go over several lines.
        let mut next = line;
        let cells = record.iter().enumerate().filter_map(|(place, cell)| {
            let start = next;
            next += newlines(cell);
            places.contains(&place).then(|| {
                let mut text = Lined::default();
                text.push_folded(start, cell);
                (place, Rc::new(text.trimmed()))
            })
        });
        let cells: Vec<(usize, Rc<Lined>)> = cells.collect();
        let cell = |place: usize| {
            let mut cells = cells.iter();
            cells.find_map(|(own, cell)| (*own == place).then(|| Rc::clone(cell)))
        };
        if let Some(cells) = extractor.pick_cells(line, places, record.len(), cell, found) {
            let block = Block {
                line,
                cells,
                ..Block::default()
            };
            facts::read(extractor, block, found);
        }
    }
}

/// Says that a row has more cells than there are headings.
pub fn beyond(headings: usize, cells: usize) -> String {
    format!("cells beyond the {headings} columns: the row has {cells}")
}

/// How the quotes of a record stand.
enum Quotes {
    /// Each quoted cell ends with its closing quote.
    Paired,
    /// Text follows a closing quote.
    Astray,
    /// A closing quote is missing: the cell takes in all that follows.
    Open,
}

fn quotes(record: &[u8], delimiter: u8) -> Quotes {
    let mut rest = record;
    while let Some(quote) = rest.iter().position(|&byte| byte == b'"') {
        rest = &rest[quote + 1..];
        let before = &record[..record.len() - rest.len() - 1];
        // A quote within a cell that is not quoted is a character like others.
        if before.last().is_some_and(|&byte| byte != delimiter) {
            continue;
        }
        let Some(behind) = behind_quoted(rest) else {
            return Quotes::Open;
        };
        rest = behind;
        let ends = [delimiter, b'\r', b'\n'];
        if rest.first().is_some_and(|next| !ends.contains(next)) {
            return Quotes::Astray;
        }
    }
    Quotes::Paired
}

/// What follows the closing quote of a cell, whose text behind the opening one is given; nothing if
/// there is none. A doubled quote is a character of the cell.
fn behind_quoted(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        let close = text.iter().position(|&byte| byte == b'"')?;
        text = &text[close + 1..];
        match text.strip_prefix(b"\"") {
            Some(more) => text = more,
            None => return Some(text),
        }
    }
}
