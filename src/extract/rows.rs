//! A row of a table.

use scraper::ElementRef;

use super::dom::Dom;
use super::lined::Lined;
use super::{Block, Extraction, Extractor};

pub fn blocks(extractor: &Extractor, dom: &Dom, found: &mut Extraction) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut headings = Headings::default();
    for row in dom.select(extractor.selector()) {
        let cells = cells(row.element);
        if is_heading(&cells) {
            continue;
        }
        let texts: Vec<Lined> = cells.iter().map(|cell| dom.text(*cell, |_| true)).collect();
        let line = dom.line(row.element);
        let headings = headings.above(row.element, dom);
        if let Some(cells) = extractor.name_cells(line, headings, texts, found) {
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

fn cells(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let children = row.child_elements();
    children
        .filter(|child| matches!(child.value().name(), "td" | "th"))
        .collect()
}

fn is_heading(cells: &[ElementRef<'_>]) -> bool {
    cells.iter().all(|cell| cell.value().name() == "th")
}

/// What stands above the columns of the table whose rows are being read.
#[derive(Default)]
struct Headings<'a> {
    table: Option<ElementRef<'a>>,
    texts: Vec<String>,
}

impl<'a> Headings<'a> {
    fn above(&mut self, row: ElementRef<'a>, dom: &Dom) -> &[String] {
        let table = row
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|element| element.value().name() == "table");
        if self.table != table {
            let rows = table
                .into_iter()
                .flat_map(|table| table.descendent_elements());
            let heads = rows
                .filter(|element| element.value().name() == "tr")
                .map(cells);
            let head = heads
                .into_iter()
                .find(|cells| !cells.is_empty() && is_heading(cells))
                .unwrap_or_default();
            self.texts = head
                .into_iter()
                .map(|cell| dom.text(cell, |_| true).as_str().to_owned())
                .collect();
            self.table = table;
        }
        &self.texts
    }
}
