use std::fmt::Write;

use anstyle::Style;
use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::{Origin, Registration, Stats};
use http_status_registry::registry;
use http_status_registry::tree::Tree;

use super::{DONE, print};

#[derive(clap::Args)]
#[command(after_help = "\
What is counted:
  class         the codes of each class, and their meanings: by origin, which is who brought them
                into the world, and by registration, which is what IANA says of them
  vendor        the meanings that vendors brought into the world
  source        claims on which meanings rest; the meanings that rest on the source, and those that
                rest on it only; claims that codes are unassigned; conflicts in which it has a say
  rest on       how many meanings rest on how many sources; those on one could do with another
  conflict      conflicts of each kind, by what settled them
  language      the meanings that have a name (in English: a reason phrase) and a summary in it

The meanings that rest on one source only:
  http-status-registry stats --json | jq --raw-output '.sources[].alone[]'")]
pub struct Arguments {
    /// Print JSON: an object with the same numbers, and the ids of the meanings that rest on one source only
    #[arg(long)]
    json: bool,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let stats = Stats::of(&registry(tree)?);
    print(&if arguments.json {
        // The keys of all maps are written as strings, so this cannot fail.
        let json = serde_json::to_string_pretty(&stats).unwrap_or_default();
        format!("{json}\n")
    } else {
        describe(&stats)
    });
    Ok(DONE)
}

fn describe(stats: &Stats) -> String {
    let tables = [
        by_origin(stats),
        by_registration(stats),
        by_vendor(stats),
        by_source(stats),
        by_number_of_sources(stats),
        by_kind(stats),
        by_language(stats),
    ];
    let tables = tables.iter().map(|table| format!("\n{}", table.text()));
    let tables: String = tables.collect();
    format!("data {} of {}\n{tables}", stats.version, stats.date)
}

fn by_origin(stats: &Stats) -> Table {
    let head = ["class", "codes", "meanings"].into_iter();
    let mut table = Table::new(head.chain(Origin::KINDS));
    for (class, own) in &stats.classes {
        let origins = own.origins.iter().map(|(_, count)| count);
        table.row(
            class.as_str(),
            [own.codes, own.meanings].into_iter().chain(origins),
        );
    }
    let origins = stats.origins.iter().map(|(_, count)| count);
    table.row(
        "all",
        [stats.codes, stats.meanings].into_iter().chain(origins),
    );
    table
}

fn by_registration(stats: &Stats) -> Table {
    let mut table = Table::new(["class"].into_iter().chain(Registration::STATES));
    for (class, own) in &stats.classes {
        table.row(
            class.as_str(),
            own.registrations.iter().map(|(_, count)| count),
        );
    }
    table.row("all", stats.registrations.iter().map(|(_, count)| count));
    table
}

fn by_vendor(stats: &Stats) -> Table {
    let mut table = Table::new(["vendor", "meanings"]);
    for (vendor, count) in &stats.vendors {
        table.row(vendor, [*count]);
    }
    table
}

fn by_source(stats: &Stats) -> Table {
    let mut table = Table::new([
        "source",
        "claims",
        "meanings",
        "alone",
        "unassigned",
        "conflicts",
    ]);
    for own in &stats.sources {
        let alone = own.alone.len();
        table.row(
            &own.id,
            [
                own.claims,
                own.meanings,
                alone,
                own.unassigned,
                own.conflicts,
            ],
        );
    }
    table
}

fn by_number_of_sources(stats: &Stats) -> Table {
    let mut table = Table::new(["rest on", "meanings"]);
    for (sources, meanings) in &stats.sources_per_meaning {
        let plural = if *sources == 1 { " only" } else { "s" };
        table.row(format!("{sources} source{plural}"), [*meanings]);
    }
    table
}

fn by_kind(stats: &Stats) -> Table {
    let mut table = Table::new(["conflict", "settled"]);
    for (kind, own) in stats.kinds.iter().filter(|(_, own)| own.conflicts > 0) {
        table.row(kind.as_str(), [own.conflicts]);
        if own.by_decision > 0 {
            table.row("  by decision", [own.by_decision]);
        }
        for (rule, count) in &own.by_rule {
            table.row(format!("  by the rule {rule}"), [*count]);
        }
    }
    table.row("all", [stats.conflicts]);
    table
}

fn by_language(stats: &Stats) -> Table {
    let mut table = Table::new(["language", "names", "summaries", "of meanings"]);
    for (language, own) in &stats.languages {
        table.row(language, [own.names, own.summaries, stats.meanings]);
    }
    table
}

/// Numbers in columns; the first column says what they are of.
struct Table(Vec<Vec<String>>);

impl Table {
    fn new<'a>(head: impl IntoIterator<Item = &'a str>) -> Self {
        Self(vec![head.into_iter().map(str::to_owned).collect()])
    }

    fn row(&mut self, name: impl Into<String>, numbers: impl IntoIterator<Item = usize>) {
        let numbers = numbers.into_iter().map(|number| number.to_string());
        self.0
            .push([name.into()].into_iter().chain(numbers).collect());
    }

    fn text(&self) -> String {
        let bold = Style::new().bold();
        let width = |column: usize| {
            let cells = self.0.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let mut out = String::new();
        for (index, row) in self.0.iter().enumerate() {
            let cells = row.iter().enumerate().map(|(column, cell)| {
                let width = width(column);
                if column == 0 {
                    format!("{cell:<width$}")
                } else {
                    format!("  {cell:>width$}")
                }
            });
            let line: String = cells.collect();
            // Writing to a string cannot fail.
            let _ = if index == 0 {
                writeln!(out, "{bold}{line}{bold:#}")
            } else {
                writeln!(out, "{line}")
            };
        }
        out
    }
}
