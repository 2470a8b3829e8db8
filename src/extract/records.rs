//! A record of a CSV file (RFC 4180).

use super::lined::Lined;
use super::{Block, Extraction, Extractor};

pub fn blocks(extractor: &Extractor, text: &str, found: &mut Extraction) -> Vec<Block> {
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
    let mut headings: Option<Vec<String>> = extractor.counts_columns().then(Vec::new);
    let mut record = csv::StringRecord::new();
    let mut last = (0, 1);
    let mut blocks = Vec::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => {
                let (start, line) = last;
                report_open_quote(text, start, line, found);
                return blocks;
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
        last = start_of(&record);
        let Some(headings) = &headings else {
            headings = Some(record.iter().map(|cell| cell.trim().to_owned()).collect());
            continue;
        };
        let (_, line) = last;
        if !headings.is_empty() && record.len() > headings.len() {
            let (cells, columns) = (record.len(), headings.len());
            found.skip(
                line,
                format!("cells beyond the {columns} columns: the row has {cells}"),
            );
        }
        // A quoted cell may go over several lines.
        let mut end = line;
        let cells = record.iter().map(|cell| {
            let mut text = Lined::default();
            end = text.push_folded(end, cell);
            text.trimmed()
        });
        let cells = cells.collect();
        if let Some(cells) = extractor.name_cells(line, headings, cells, found) {
            blocks.push(Block {
                line,
                cells,
                ..Block::default()
            });
        }
    }
}

/// Says so if the last record's quotes do not pair, so that it may hold what should be records of their own.
fn report_open_quote(text: &str, start: usize, line: u32, found: &mut Extraction) {
    if text[start..].bytes().filter(|&byte| byte == b'"').count() % 2 == 1 {
        found.skip(line, "a quote is opened here or below and never closed: whatever follows is taken for one cell");
    }
}
