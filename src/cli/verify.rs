use std::fmt::Write;
use std::path::PathBuf;

use http_status_registry::diagnostic::Diagnostics;
use http_status_registry::model::text;
use http_status_registry::review::Report;
use http_status_registry::tree::{Tree, read_file};
use http_status_registry::verify::{Known, Verdict, verify};

use super::{DONE, NO, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// Files that were copied out of exports/, under any name
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    let mut files = Vec::new();
    let mut errors = Diagnostics::new();
    for path in &arguments.files {
        let name = path.display().to_string();
        match read_file(path, &name) {
            Ok(bytes) => files.push((name, bytes)),
            Err(unread) => errors.extend(unread),
        }
    }
    let bytes: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let verdicts = verify(tree, &bytes).unwrap_or_else(|unbuilt| {
        errors.extend(unbuilt);
        Vec::new()
    });
    let mut out = String::new();
    let mut fine = true;
    for ((file, _), verdict) in files.iter().zip(verdicts) {
        fine &= match &verdict {
            Verdict::Newest(_) => true,
            Verdict::Older { changes, .. } => changes.is_empty(),
            _ => false,
        };
        // Writing to a string cannot fail.
        let file = text::printable(file).replace('\n', "\\n");
        let _ = write!(out, "{file}: {}", describe(verdict));
    }
    print(&out);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(if fine { DONE } else { NO })
}

fn describe(verdict: Verdict) -> String {
    let named = |known: &Known| {
        let export = text::printable(&known.export);
        format!("{export} of version {}", known.version)
    };
    match verdict {
        Verdict::Newest(known) => {
            format!("unmodified, {}, which is the newest\n", named(&known))
        }
        Verdict::Older {
            known,
            newest,
            changes,
        } => {
            let unmodified = format!("unmodified, {}; {newest} is out", named(&known));
            if changes.is_empty() {
                return format!("{unmodified} and changes nothing in it\n");
            }
            let report = Report::new(&known.version, &newest, changes);
            let told = indent(&report.lines());
            format!("{unmodified} and changes what is in it\n{told}")
        }
        Verdict::LineEnds(known) => format!(
            "modified, but only in its line ends or byte order mark: it is {}\n  if git made them, mark the file `-text` in .gitattributes\n",
            named(&known)
        ),
        Verdict::Modified {
            known,
            line,
            tells_version,
        } => {
            let newer = match tells_version {
                true => "",
                false => "; if it is one of a newer version, update the checkout",
            };
            format!(
                "modified: it differs from {} from line {line} on\n  copy the export again, and keep changes of your own in another file{newer}\n",
                named(&known)
            )
        }
        Verdict::Cut { known, line } => format!(
            "modified: it is {}, cut off after line {line}\n  copy the export again\n",
            named(&known)
        ),
        Verdict::Reformatted(known) => format!(
            "modified, but only in its form: it says what the full export of version {} says\n  to check it by its digest, copy the export again and keep formatters off it\n",
            known.version
        ),
        Verdict::OtherVersion(version) => format!(
            "it says that it is of version {version}, which this checkout does not know\n  update the checkout, or fetch that version, and run this again\n"
        ),
        Verdict::Unknown => {
            "no export of this registry, in any version that this checkout knows\n  if it is one of a newer version, update the checkout\n".to_owned()
        }
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
