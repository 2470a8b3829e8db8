use std::fmt::Write;
use std::path::{Path, PathBuf};

use http_status_registry::diagnostic::{Diagnostic, Diagnostics, all};
use http_status_registry::release::{Verdict, verify};
use http_status_registry::review::Report;
use http_status_registry::tree::Tree;

use super::{DONE, NO, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// Files that were copied out of exports/, under any name
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Ok((name, bytes)),
            Err(error) => Err(vec![Diagnostic::io("read", name, &error)]),
        }
    };
    let files = all(arguments.files.iter().map(read))?;
    let base_name = |file: &str| {
        let name = Path::new(file).file_name();
        name.map(|name| name.to_string_lossy().into_owned())
    };
    let named = files.iter().map(|(file, bytes)| {
        let name = base_name(file).unwrap_or_default();
        (name, bytes.as_slice())
    });
    let verdicts = verify(tree, &named.collect::<Vec<_>>())?;
    let mut out = String::new();
    let mut fine = true;
    for ((file, _), verdict) in files.iter().zip(verdicts) {
        fine &= matches!(
            verdict,
            Verdict::Newest { .. } | Verdict::NothingToNotice { .. }
        );
        // Writing to a string cannot fail.
        let _ = write!(out, "{file}: {}", describe(verdict));
    }
    print(&out)?;
    Ok(if fine { DONE } else { NO })
}

fn describe(verdict: Verdict) -> String {
    match verdict {
        Verdict::Newest { export, version } => {
            format!("unmodified, {export} of version {version}, which is the newest\n")
        }
        Verdict::NothingToNotice {
            export,
            version,
            newest,
        } => format!(
            "unmodified, {export} of version {version}; {newest} is out and changes nothing in it\n"
        ),
        Verdict::Outdated {
            export,
            version,
            newest,
            changes,
        } => {
            let report = Report::new(&version, &newest, changes);
            format!(
                "unmodified, {export} of version {version}; {newest} is out and changes what is in it\n{}",
                indent(&report.text())
            )
        }
        Verdict::LineEnds { export, version } => format!(
            "modified, but only in its line ends: it is {export} of version {version}\n  if git made them, mark the file `-text` in .gitattributes\n"
        ),
        Verdict::Modified {
            export,
            version,
            line,
        } => {
            let line = line.map_or(String::new(), |line| format!(" from line {line} on"));
            format!(
                "modified: it differs from {export} of version {version}{line}\n  copy the export again, and keep changes of your own in another file\n"
            )
        }
        Verdict::Unknown => {
            "no export of this registry, in any version that this checkout knows\n  if it is one of a newer version, update the checkout\n".to_owned()
        }
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
