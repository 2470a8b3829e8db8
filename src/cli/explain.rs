use std::fmt::Write;

use anstyle::Style;
use http_status_registry::diagnostic::{Diagnostic, Diagnostics};
use http_status_registry::registry;
use http_status_registry::review::{Explanation, explain};
use http_status_registry::tree::Tree;

use super::{DONE, NO, conflicts, print};

/// The fields that can be asked for.
const FIELDS: [&str; 16] = [
    "phrase",
    "former_phrases",
    "names",
    "origin",
    "registration",
    "references",
    "former_references",
    "history",
    "interim",
    "may_have_content",
    "heuristically_cacheable",
    "fields",
    "redirect_method",
    "retry",
    "summary",
    "meaning",
];

#[derive(clap::Args)]
pub struct Arguments {
    /// A code such as 421, or a meaning's id such as 421-misdirected-request
    #[arg(value_name = "CODE|ID")]
    subject: String,
    /// Only this field
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(FIELDS))]
    field: Option<String>,
    /// Print JSON: a list of explanations
    #[arg(long)]
    json: bool,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let registry = registry(tree)?;
    let subject = arguments.subject.as_str();
    let mut explained: Vec<Explanation> = Vec::new();
    for code in &registry.codes {
        for meaning in &code.meanings {
            if meaning.id == subject
                || meaning.former_ids.iter().any(|id| id == subject)
                || code.code.to_string() == subject
            {
                explained.extend(explain(&registry, code, meaning));
            }
        }
    }
    if explained.is_empty() {
        let error = Diagnostic::error(format!("no code or meaning is called `{subject}`"));
        super::report(&[error.help("`lookup` finds codes and ids by parts of their names")]);
        return Ok(NO);
    }
    if let Some(field) = &arguments.field {
        explained.retain(|explanation| explanation.field == field);
    }
    if arguments.json {
        // No map in an explanation has keys other than strings, so this cannot fail.
        let json = serde_json::to_string_pretty(&explained).unwrap_or_default();
        print(&format!("{json}\n"));
    } else {
        let mut out = String::new();
        let mut last = "";
        for explanation in &explained {
            if explanation.meaning != last {
                let bold = Style::new().bold();
                let _ = writeln!(out, "{bold}{}{bold:#}", explanation.meaning);
                last = &explanation.meaning;
            }
            describe(explanation, &mut out);
        }
        print(&out);
    }
    Ok(DONE)
}

fn describe(explanation: &Explanation, out: &mut String) {
    let value = explanation.value.as_deref().unwrap_or("none");
    // Writing to a string cannot fail.
    let _ = writeln!(out, "  {}: {value}", explanation.field);
    let _ = writeln!(out, "    from: {}", explanation.from);
    if !explanation.said_by.is_empty() {
        let places: Vec<String> = explanation
            .said_by
            .iter()
            .map(ToString::to_string)
            .collect();
        let _ = writeln!(out, "    said by: {}", places.join(", "));
    }
    for conflict in &explanation.conflicts {
        let _ = writeln!(
            out,
            "    conflict {}",
            conflicts::describe(conflict)
                .trim_end()
                .replace('\n', "\n    ")
        );
    }
}
