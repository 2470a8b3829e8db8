use anstyle::Style;
use std::fmt::Write;

use http_status_registry::diagnostic::{Diagnostic, Diagnostics};
use http_status_registry::model::{CodeRange, Conflict, Kind};
use http_status_registry::registry;
use http_status_registry::tree::Tree;

use super::{DONE, NO, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only the conflicts of this code, or of a range such as 500-505
    #[arg(value_name = "CODE")]
    codes: Option<CodeRange>,
    /// Only the conflicts of this kind, such as phrase or duplicate
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(Kind::ALL.map(Kind::as_str)))]
    kind: Option<String>,
    /// Only the conflicts in which this source says something
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Print JSON: a list of conflicts
    #[arg(long)]
    json: bool,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let registry = registry(tree)?;
    if let Some(id) = arguments
        .source
        .as_ref()
        .filter(|id| !registry.sources.iter().any(|source| source.id == **id))
    {
        let ids: Vec<&str> = registry
            .sources
            .iter()
            .map(|source| source.id.as_str())
            .collect();
        let error = Diagnostic::error(format!("there is no source `{id}`"));
        return Err(vec![error.help(format!("one of {}", ids.join(", ")))]);
    }
    let found: Vec<&Conflict> = registry
        .conflicts
        .iter()
        .filter(|conflict| wanted(conflict, arguments))
        .collect();
    if arguments.json {
        // No map in a conflict has keys other than strings, so this cannot fail.
        let json = serde_json::to_string_pretty(&found).unwrap_or_default();
        print(&format!("{json}\n"));
    } else if found.is_empty() {
        print("no conflict is like that\n");
    } else {
        let described: Vec<String> = found.iter().map(|conflict| describe(conflict)).collect();
        print(&described.join("\n"));
    }
    Ok(if found.is_empty() { NO } else { DONE })
}

fn wanted(conflict: &Conflict, arguments: &Arguments) -> bool {
    let mut claims = conflict.sides.iter().flat_map(|side| &side.claims);
    let codes = arguments.codes;
    codes.is_none_or(|codes| codes.contains(conflict.code))
        && arguments
            .kind
            .as_ref()
            .is_none_or(|kind| kind == conflict.kind.as_str())
        && arguments
            .source
            .as_ref()
            .is_none_or(|source| claims.any(|place| place.source == *source))
}

/// A conflict for people: what is said by whom, what came of it, and why.
pub fn describe(conflict: &Conflict) -> String {
    let bold = Style::new().bold();
    let dim = Style::new().dimmed();
    // Writing to a string cannot fail.
    let mut out = format!("{bold}{}{bold:#}: {}\n", conflict.id, conflict.outcome);
    for side in &conflict.sides {
        let who: Vec<String> = side.claims.iter().map(ToString::to_string).collect();
        let who = if who.is_empty() {
            "this registry".to_owned()
        } else {
            who.join(", ")
        };
        let _ = writeln!(out, "  {}: {who}", side.value);
    }
    let _ = writeln!(
        out,
        "  {dim}{}: {}{dim:#}",
        conflict.settled_by, conflict.reason
    );
    out
}
