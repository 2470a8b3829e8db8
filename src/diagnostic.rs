//! What went wrong, where, and what to do about it.

use std::fmt;

use anstyle::{AnsiColor, Style};

use crate::model::text;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// The work goes on.
    Warning,
}

/// An error or a warning, with its place and a remedy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the tree, with forward slashes.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Everything that is wrong. A step that fails reports all of it at once.
pub type Diagnostics = Vec<Diagnostic>;

impl Diagnostic {
    /// An error without a place.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            file: None,
            line: None,
            severity: Severity::Error,
            message: message.into(),
            help: None,
        }
    }

    /// A warning without a place.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(message)
        }
    }

    /// The same, in a file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Puts it on a line of a file that is named later.
    #[must_use]
    pub fn on_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// The same, at a line of a file.
    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: u32) -> Self {
        self.file = Some(file.into());
        self.line = Some(line);
        self
    }

    /// The same, with a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The error that a file operation ended in.
    #[must_use]
    pub fn io(action: &str, file: impl Into<String>, error: &std::io::Error) -> Self {
        use std::io::ErrorKind::{
            FileTooLarge, IsADirectory, NotADirectory, NotFound, PermissionDenied, QuotaExceeded,
            ReadOnlyFilesystem, StorageFull,
        };
        let help = match error.kind() {
            NotFound => {
                "check the name, and that you run this in the checkout or name it with --root; `git status` there tells of deleted files"
            }
            PermissionDenied => {
                "check the permissions of the file and its folder, and whose they are"
            }
            ReadOnlyFilesystem => "work in a checkout on a disk that can be written to",
            StorageFull => "free some disk space and run this again",
            QuotaExceeded | FileTooLarge => {
                "raise your limit for files (see `ulimit -f` and `quota`) and run this again"
            }
            IsADirectory => "this is a folder: name a file, or move the folder away",
            NotADirectory => "a file stands where a folder has to be: move it away",
            _ if is_loop(error) => {
                "a link leads back to itself: put a file in its place, or delete it"
            }
            _ => "mend this, and run the command again",
        };
        Self::error(format!("cannot {action}: {error}"))
            .in_file(file)
            .help(help)
    }
}

/// Whether links lead round in a circle. The standard library knows such an error, but does not name it yet.
fn is_loop(error: &std::io::Error) -> bool {
    let loops = match std::env::consts::OS {
        "linux" | "android" => 40,
        "windows" => 1921,
        _ => 62,
    };
    error.raw_os_error() == Some(loops)
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bold = Style::new().bold();
        let dim = Style::new().dimmed();
        let (word, colour) = match self.severity {
            Severity::Error => ("error", AnsiColor::Red.on_default().bold()),
            Severity::Warning => ("warning", AnsiColor::Yellow.on_default().bold()),
        };
        // What follows a newline looks like no other diagnostic.
        let message = text::printable(&self.message).replace('\n', "\n         ");
        write!(f, "{colour}{word}{colour:#}{bold}: {message}{bold:#}")?;
        if let Some(file) = &self.file {
            // Only a name has a newline that is not ours.
            let file = file.replace('\n', "\\n");
            write!(f, "\n  {dim}-->{dim:#} {}", text::printable(&file))?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
        }
        if let Some(help) = &self.help {
            let help = text::printable(help).replace('\n', "\n        ");
            write!(f, "\n  {dim}help:{dim:#} {help}")?;
        }
        Ok(())
    }
}

/// How many things that are wrong are told of one step.
pub const MAX_TOLD: usize = 1_000;

/// The results that are fine, or all that is wrong with the others. Once there is more than is told, no
/// more results are asked for.
///
/// # Errors
/// Every diagnostic of every failure.
pub fn all<T>(
    results: impl IntoIterator<Item = Result<T, Diagnostics>>,
) -> Result<Vec<T>, Diagnostics> {
    let mut faults = 0;
    let results = results.into_iter().take_while(|result| {
        let is_told = faults <= MAX_TOLD;
        faults += result.as_ref().err().map_or(0, Vec::len);
        is_told
    });
    let (fine, wrong) = apart(results);
    if wrong.is_empty() {
        Ok(fine)
    } else {
        Err(wrong)
    }
}

/// What is fine, and all that is wrong.
pub fn apart<T>(
    results: impl IntoIterator<Item = Result<T, Diagnostics>>,
) -> (Vec<T>, Diagnostics) {
    let (mut fine, mut wrong) = (Vec::new(), Diagnostics::new());
    for result in results {
        match result {
            Ok(value) => fine.push(value),
            // One more than are told, to know that there is more.
            Err(diagnostics) => {
                wrong.extend(diagnostics.into_iter().take(MAX_TOLD + 1 - wrong.len()))
            }
        }
    }
    if let Some(last) = wrong.get_mut(MAX_TOLD) {
        last.message = format!("more is wrong, as here: only the first {MAX_TOLD} are told");
        last.help = Some("mend those, and run this again".into());
    }
    (fine, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_looked_at_than_is_told() {
        let mut looked_at = 0;
        let results = (0..10 * MAX_TOLD).map(|_| {
            looked_at += 1;
            Err::<(), _>(vec![Diagnostic::error("wrong"); 2])
        });
        let told = all(results).map_err(|wrong| wrong.len());
        assert_eq!(told, Err(MAX_TOLD + 1));
        assert_eq!(looked_at, MAX_TOLD / 2 + 2);
    }

    #[test]
    fn the_name_of_a_file_stays_on_its_line() {
        let error = Diagnostic::error("unknown").in_file("a\n  help: b");
        let told = anstream::adapter::strip_str(&error.to_string()).to_string();
        assert_eq!(told, "error: unknown\n  --> a\\n  help: b");
    }
}
