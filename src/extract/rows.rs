//! A row of a table.

use std::collections::HashMap;

use scraper::ElementRef;

use super::dom::Dom;
use super::lined::Lined;
use super::page::NodeId;
use super::{Block, Extraction, Extractor};

/// How many columns or rows a cell may span. HTML allows more, but no table of codes needs it.
const MAX_SPAN: usize = 1_000;

pub fn blocks(extractor: &Extractor, dom: &Dom, found: &mut Extraction) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut tables: HashMap<NodeId, Table> = HashMap::new();
    for row in dom.select(extractor.selector()) {
        let Some(element) = table_of(row.element) else {
            continue;
        };
        let table = tables
            .entry(element.id())
            .or_insert_with(|| Table::read(extractor, dom, element));
        let line = dom.line(row.element);
        let Some(cells) = table.rows.remove(&row.element.id()) else {
            continue;
        };
        if let Some(cells) = extractor.name_cells(line, &table.headings, cells, found) {
            blocks.push(Block {
                line,
                section: row.section,
                cells,
                ..Block::default()
            });
        }
    }
    blocks
}

/// The table that an element belongs to, not one around that.
fn table_of(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let ancestors = element.ancestors().filter_map(ElementRef::wrap);
    ancestors
        .into_iter()
        .find(|element| element.value().name() == "table")
}

/// The cells of a table in a grid: a cell that spans several columns or rows stands in each of them.
struct Table {
    /// The texts of the row that holds the layout's headings; none if it counts its columns.
    headings: Vec<String>,
    /// The rows below the headings.
    rows: HashMap<NodeId, Vec<Lined>>,
}

impl Table {
    fn read(extractor: &Extractor, dom: &Dom, table: ElementRef<'_>) -> Self {
        let mut read = Self {
            headings: Vec::new(),
            rows: HashMap::new(),
        };
        let rows = table
            .descendent_elements()
            .filter(|element| element.value().name() == "tr");
        let rows = rows.filter(|row| table_of(*row) == Some(table));
        // What cells of rows above leave in a column: the text, and for how many rows more.
        let mut hanging: Vec<Option<(Lined, usize)>> = Vec::new();
        let mut in_body = extractor.counts_columns();
        for row in rows {
            let cells = grid_row(dom, row, &mut hanging);
            let texts = || {
                cells
                    .iter()
                    .map(|cell| cell.as_str().to_owned())
                    .collect::<Vec<_>>()
            };
            if !in_body && extractor.names_columns(&texts()) {
                read.headings = texts();
                read.rows.clear();
                in_body = true;
            } else {
                // Until the headings are found, these may be the rows of a table without them.
                read.rows.insert(row.id(), cells);
            }
        }
        read
    }
}

/// The cells of a row, with those that hang down into it from above.
fn grid_row(
    dom: &Dom,
    row: ElementRef<'_>,
    hanging: &mut Vec<Option<(Lined, usize)>>,
) -> Vec<Lined> {
    let mut cells: Vec<Lined> = Vec::new();
    let take_hanging = |cells: &mut Vec<Lined>, hanging: &mut Vec<Option<(Lined, usize)>>| {
        while let Some(Some((text, left))) = hanging.get_mut(cells.len()) {
            cells.push(text.clone());
            *left -= 1;
            if *left == 0 {
                hanging[cells.len() - 1] = None;
            }
        }
    };
    let children = row.child_elements();
    for cell in children.filter(|child| matches!(child.value().name(), "td" | "th")) {
        take_hanging(&mut cells, hanging);
        let span = |name| {
            let value = cell
                .value()
                .attr(name)
                .and_then(|value| value.trim().parse::<usize>().ok());
            value.unwrap_or(1).clamp(1, MAX_SPAN)
        };
        let (columns, rows) = (span("colspan"), span("rowspan"));
        let text = dom.text(cell, |inner| inner.value().name() != "table");
        for _ in 0..columns {
            if rows > 1 {
                hanging.resize(hanging.len().max(cells.len() + 1), None);
                hanging[cells.len()] = Some((text.clone(), rows - 1));
            }
            cells.push(text.clone());
        }
    }
    take_hanging(&mut cells, hanging);
    cells
}
