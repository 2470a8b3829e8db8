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
    let line_of = |record: &csv::StringRecord| {
        // The reader takes the line end of the record before for the start of this one.
        let start = record.position().map_or(0, |position| {
            usize::try_from(position.byte()).unwrap_or(usize::MAX)
        });
        let start = start.min(text.len());
        let gap = text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
        u32::try_from(lines.partition_point(|newline| *newline < start + gap) + 1)
            .unwrap_or(u32::MAX)
    };
    let mut headings: Option<Vec<String>> = extractor.counts_columns().then(Vec::new);
    let mut record = csv::StringRecord::new();
    let mut blocks = Vec::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return blocks,
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
        let Some(headings) = &headings else {
            headings = Some(record.iter().map(|cell| cell.trim().to_owned()).collect());
            continue;
        };
        let line = line_of(&record);
        let cells = record.iter().map(|cell| {
            let mut text = Lined::default();
            for (offset, part) in (0..).zip(cell.trim().split('\n')) {
                text.push(line + offset, if offset == 0 { "" } else { "\n" });
                text.push(line + offset, part.trim_end_matches('\r'));
            }
            text
        });
        if let Some(cells) = extractor.name_cells(headings, cells.collect(), found) {
            blocks.push(Block {
                cells,
                ..Block::default()
            });
        }
    }
}
