//! What the data is called: `registry/release.yaml`.

use serde::Deserialize;

use super::Tree;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Date, version_numbers};
use crate::review::Removed;
use crate::yaml;

/// The file that says what the data is called.
pub const RELEASE: &str = "registry/release.yaml";

/// What to say of what is no version.
const FORM: &str = "write three numbers, such as 1.0.0";

/// What the data is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The version of the data.
    pub version: String,
    /// The day of the data.
    pub date: Date,
    /// Names that past releases published and that were given up.
    #[serde(default)]
    pub removed: Vec<Removed>,
}

impl Tree {
    /// What the data is called, and the file that says so.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn release(&self) -> Result<(Release, yaml::Source), Diagnostics> {
        let yaml = yaml::Source::parse(RELEASE, self.read(RELEASE)?)?;
        let release: Release = yaml.read().map_err(|errors| {
            let help = |error: Diagnostic| match error.message.starts_with("version: ") {
                true => error.help(FORM),
                false => error,
            };
            errors.into_iter().map(help).collect::<Diagnostics>()
        })?;
        let mut errors = Diagnostics::new();
        if !release.date.is_day() {
            let error = yaml.error(&["date"], format!("date: {} is no day", release.date));
            errors.push(error.help("write the day of the data, such as 2026-11-20"));
        }
        if version_numbers(&release.version).is_none() {
            let version = release.version.escape_debug();
            let error = yaml.error(&["version"], format!("version: `{version}` is no version"));
            errors.push(error.help(FORM));
        }
        if errors.is_empty() {
            Ok((release, yaml))
        } else {
            Err(errors)
        }
    }

    /// `registry/release.yaml` with another version and date, and all else as it is but for a byte
    /// order mark.
    ///
    /// # Errors
    /// A file that cannot be read, or whose version or date is not on a line of its own.
    pub fn redated(&self, version: &str, date: Date) -> Result<(String, String), Diagnostics> {
        let lines = self.read(RELEASE)?;
        let lines = lines.split_inclusive('\n').map(|line| {
            // A comment behind the value stays, and so does the line's end.
            let end = line.trim_end_matches(['\r', '\n']).len();
            let rest = &line[line.find(" #").unwrap_or(end)..];
            if line.starts_with("version:") {
                format!("version: {version}{rest}")
            } else if line.starts_with("date:") {
                format!("date: {date}{rest}")
            } else {
                line.to_owned()
            }
        });
        let text: String = lines.collect();
        let release: Release = yaml::Source::parse(RELEASE, text.as_str())?.read()?;
        if release.version == version && release.date == date {
            return Ok((RELEASE.to_owned(), text));
        }
        let error = Diagnostic::error("version and date do not stand on lines of their own");
        let help = "write `version: 1.0.0` and `date: 2026-11-20`, each at the start of a line";
        Err(vec![error.in_file(RELEASE).help(help)])
    }
}
