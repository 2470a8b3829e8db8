//! A row of a table.

use std::collections::BTreeMap;
use std::rc::Rc;

use html5ever::{LocalName, local_name};
use scraper::ElementRef;

use super::dom::{Dom, Selection};
use super::lined::Lined;
use super::nodes::NodeMap;
use super::{Block, Extraction, Extractor, facts, records};
use crate::model::text;

/// How many columns or rows a cell may span. HTML allows more, but no table of codes needs it.
const MAX_SPAN: usize = 1_000;

pub fn read(extractor: &Extractor, dom: &Dom, found: &mut Extraction) {
    let selection = dom.select(extractor, found);
    let mut tables = NodeMap::default();
    // The columns that tables lack: on which lines.
    let mut unheaded: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for first in &selection.elements {
        let table = table_of(*first).filter(|_| is(*first, &local_name!("tr")));
        let Some(table) = table else {
            let name = first.value().name();
            let told = format!("`{}` is no row of a table", text::excerpt(name, 40));
            found.skip(dom.line(*first), told);
            continue;
        };
        if tables.insert(table.id(), ()).is_some() {
            continue;
        }
        let mut grid = Grid::new(dom, &selection, table);
        let mut places = extractor.place_columns(dom.line(*first), &[], found);
        let mut above = Vec::new();
        let mut headings = usize::MAX;
        while let Err(nearest) = places
            && let Some((row, cells)) = grid.next()
            && found.has_room(dom.line(row), cells.count())
        {
            // What is missing from the row that has the most of them, in their order.
            places = extractor.place_columns(dom.line(row), &cells.names(), found);
            places = places.map_err(|column| column.max(nearest));
            headings = cells.width();
            if places.is_err() && selection.contains(row) {
                above.push(dom.line(row));
            }
        }
        let places = match places {
            Ok(places) => places,
            Err(column) => {
                unheaded.entry(column).or_default().push(dom.line(*first));
                continue;
            }
        };
        for line in above {
            found.skip(line, "a row above the headings");
        }
        for (row, cells) in grid.by_ref() {
            let line = dom.line(row);
            if !found.has_room(line, cells.count()) {
                return;
            }
            if !selection.contains(row) {
                continue;
            }
            let cell = |place| cells.at(place);
            if cells.cells.iter().any(|cell| cell.first >= headings) {
                found.skip(line, records::beyond(headings, cells.width()));
            }
            if cells.covered > 0 {
                found.skip(
                    line,
                    "a cell is so wide that it lies upon one from a row above",
                );
            }
            if let Some(cells) = extractor.pick_cells(line, &places, cells.width(), cell, found) {
                let block = Block {
                    line,
                    section: selection.section(row),
                    cells,
                    ..Block::default()
                };
                facts::read(extractor, block, found);
            }
        }
        for line in grid.cut {
            let told = format!(
                "a cell spans MAX_SPAN ({MAX_SPAN}, in src/extract/rows.rs) rows or columns, and not more"
            );
            found.repair(line, told);
        }
    }
    for (column, lines) in unheaded {
        extractor.tell_unheaded(column, &lines, found);
    }
}

fn is(element: ElementRef<'_>, name: &LocalName) -> bool {
    element.value().name.local == *name
}

/// The table that a row belongs to, not one around that.
fn table_of(row: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut ancestors = row.ancestors().filter_map(ElementRef::wrap);
    ancestors.find(|element| is(*element, &local_name!("table")))
}

/// The cells of a row, from left to right.
struct Cells {
    cells: Vec<Cell>,
    /// How many hang down into the row under a cell that is too wide.
    covered: usize,
}

/// A cell, which may span several columns and hang down into the rows below.
#[derive(Clone)]
struct Cell {
    first: usize,
    columns: usize,
    rows: usize,
    text: Rc<Lined>,
}

impl Cells {
    /// What they say of the columns below them, if they are headings: of one that spans several, twice.
    fn names(&self) -> Vec<(usize, &str)> {
        let names = self.cells.iter().flat_map(|cell| {
            let columns = (cell.first..cell.first + cell.columns).take(2);
            columns.map(|column| (column, cell.text.as_str()))
        });
        names.collect()
    }

    /// What stands in a column.
    fn at(&self, column: usize) -> Option<Rc<Lined>> {
        let after = self.cells.partition_point(|cell| cell.first <= column);
        let cell = self.cells.get(after.checked_sub(1)?)?;
        (column < cell.first + cell.columns).then(|| Rc::clone(&cell.text))
    }

    /// How many columns they take.
    fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.columns).sum()
    }

    /// The column behind the last one.
    fn end(&self) -> usize {
        let last = self.cells.last();
        last.map_or(0, |last| last.first + last.columns)
    }

    /// How many there are to look at, whether they have a text or not: those from above stand here again.
    fn count(&self) -> usize {
        self.cells.len() + self.covered
    }

    /// Adds a cell behind what is there: all of it that no other lies upon.
    fn push(&mut self, cell: Cell) {
        let end = cell.first + cell.columns;
        let first = cell.first.max(self.end());
        if first > cell.first {
            self.covered += 1;
        }
        if first < end {
            self.cells.push(Cell {
                first,
                columns: end - first,
                ..cell
            });
        }
    }
}

/// The rows of a table in a grid: a cell that spans several columns or rows stands in each of them.
struct Grid<'a> {
    dom: &'a Dom,
    selection: &'a Selection<'a>,
    table: ElementRef<'a>,
    /// The row above the next one.
    above: Option<ElementRef<'a>>,
    /// The cells of rows above that hang down into the next one, from left to right.
    hanging: Vec<Cell>,
    /// The lines of cells that span more than [`MAX_SPAN`].
    cut: Vec<u32>,
}

impl<'a> Grid<'a> {
    fn new(dom: &'a Dom, selection: &'a Selection<'a>, table: ElementRef<'a>) -> Self {
        Self {
            dom,
            selection,
            table,
            above: None,
            hanging: Vec::new(),
            cut: Vec::new(),
        }
    }

    /// The next row, not one of a table inside this one.
    fn next_row(&self) -> Option<ElementRef<'a>> {
        let mut node = *self.above.unwrap_or(self.table);
        loop {
            let element = ElementRef::wrap(node);
            let own = element.is_none_or(|element| {
                element == self.table
                    || !(is(element, &local_name!("tr")) || is(element, &local_name!("table")))
            });
            let child = if own { node.first_child() } else { None };
            node = match child {
                Some(child) => child,
                None => loop {
                    if node.id() == self.table.id() {
                        return None;
                    }
                    match node.next_sibling() {
                        Some(next) => break next,
                        None => node = node.parent()?,
                    }
                },
            };
            let element = ElementRef::wrap(node);
            if let Some(row) = element.filter(|element| is(*element, &local_name!("tr"))) {
                return Some(row);
            }
        }
    }

    /// The cells of a row, with those that hang down into it from above.
    fn cells(&mut self, row: ElementRef<'a>) -> Cells {
        let mut cells = Cells {
            cells: Vec::new(),
            covered: 0,
        };
        let mut above = std::mem::take(&mut self.hanging).into_iter().peekable();
        let mut hang = |cell: Cell, cells: &mut Cells| {
            if cell.rows > 1 {
                self.hanging.push(Cell {
                    rows: cell.rows - 1,
                    ..cell.clone()
                });
            }
            cells.push(cell);
        };
        let children = row.child_elements();
        let is_cell = |child: &ElementRef<'_>| {
            is(*child, &local_name!("td")) || is(*child, &local_name!("th"))
        };
        for element in children.filter(is_cell) {
            while let Some(cell) = above.next_if(|cell| cell.first <= cells.end()) {
                hang(cell, &mut cells);
            }
            let mut span = |name| {
                let value = element.value().attr(name).and_then(leading_number);
                let value = value.unwrap_or(1);
                if value > MAX_SPAN {
                    self.cut.push(self.dom.line(element));
                }
                value.min(MAX_SPAN)
            };
            let cell = Cell {
                first: cells.end(),
                columns: span("colspan").max(1),
                // With 0, it spans all that are left in the group.
                rows: match span("rowspan") {
                    0 => usize::MAX,
                    rows => rows,
                },
                // A table inside a cell may hold entries of its own.
                text: Rc::new(self.dom.text(element, |inner| {
                    !is(inner, &local_name!("table")) || !self.selection.is_around(inner)
                })),
            };
            hang(cell, &mut cells);
        }
        for cell in above {
            hang(cell, &mut cells);
        }
        self.hanging.sort_by_key(|cell| cell.first);
        cells
    }
}

/// The number with which an attribute starts, as HTML reads it.
fn leading_number(value: &str) -> Option<usize> {
    let value = value.trim_ascii_start();
    let value = value.strip_prefix('+').unwrap_or(value);
    let end = value.find(|c: char| !c.is_ascii_digit());
    let digits = &value[..end.unwrap_or(value.len())];
    // One that is too long for a number is larger than any limit.
    (!digits.is_empty()).then(|| digits.parse().unwrap_or(usize::MAX))
}

impl<'a> Iterator for Grid<'a> {
    type Item = (ElementRef<'a>, Cells);

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.next_row()?;
        let above = self.above.replace(row);
        // No cell hangs down into another group: from the head into the body.
        if above.is_some_and(|above| above.parent() != row.parent()) {
            self.hanging.clear();
        }
        let cells = self.cells(row);
        Some((row, cells))
    }
}
