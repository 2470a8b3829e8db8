use std::ffi::OsString;

use clap::ValueEnum;
use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::Registry;
use http_status_registry::release::past;
use http_status_registry::review::{Report, diff, read};
use http_status_registry::tree::Tree;

use super::{DONE, NO, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// A full export (http-status-codes.json or .yaml), a past release such as 1.0.0, or a revision of git
    old: OsString,
    /// The same; what the checkout's sources give now unless it is named
    new: Option<OsString>,
    /// How to print the changes; markdown is made for a comment on a pull request
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 if anything changed
    #[arg(long)]
    exit_code: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let registry = |name: &OsString| {
        if let Some(version) = tree.version_named(name)? {
            return Ok(past(tree, version)?.registry);
        }
        let (file, text) = tree.full_export(name)?;
        read(&file, &text)
    };
    let new = match &arguments.new {
        Some(name) => registry(name),
        None => http_status_registry::registry(tree),
    };
    let (old, new): (Registry, Registry) = match (registry(&arguments.old), new) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => {
            let errors = old.err().into_iter().chain(new.err());
            return Err(errors.flatten().collect());
        }
    };
    let report = Report::new(&old.version, &new.version, diff(&old, &new));
    print(&match arguments.format {
        Format::Text => report.text(),
        Format::Markdown => report.markdown(),
        Format::Json => report.json(),
    });
    Ok(if arguments.exit_code && !report.changes.is_empty() {
        NO
    } else {
        DONE
    })
}
