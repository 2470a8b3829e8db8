//! Arguments in, exit code out.

mod build;
mod conflicts;
mod diff;
mod explain;
#[cfg(feature = "fetch")]
mod fetch;
mod ingest;
mod lookup;
mod release;
mod stats;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use http_status_registry::diagnostic::{Diagnostic, MAX_TOLD, Severity};
use http_status_registry::model::text;
use http_status_registry::tree::{Remains, Tree, remains};

/// Done.
const DONE: u8 = 0;
/// The answer is no: something is stale, or nothing was found.
const NO: u8 = 1;
/// It could not be done.
const FAILED: u8 = 2;

/// HTTP status codes with a source for every statement: reads documents about them, settles their
/// disagreements in the open, and writes files for other projects to vendor.
#[derive(Parser)]
#[command(
    version,
    after_help = "\
Typical use:
  http-status-registry ingest --documents ~/documents   read documents, lock their claims
  http-status-registry build                            reconcile, write exports/v1/
  http-status-registry check                            fail if exports/v1/ is stale
  http-status-registry lookup 421                       what is known of a code
  http-status-registry conflicts --kind duplicate       what the sources disagree on
  http-status-registry explain 421 phrase               who says so, who says otherwise
  http-status-registry diff v1.0.0 HEAD                 what changed, and how grave it is

Exit codes: 0 done; 1 the answer is no (stale, not found); 2 it could not be done, and nothing
was written unless the last line says otherwise, or it is done and could not be told, as on a
full disk."
)]
struct Arguments {
    /// The checkout to work in
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read the sources' documents and write the claims in them to sources/<id>/claims.csv
    Ingest(ingest::Arguments),
    /// Reconcile all claims and write exports/v1/
    Build,
    /// Do all of build but writing, and fail if exports/v1/ is stale
    Check(build::Check),
    /// Print what the sources disagree on, and how it was settled
    Conflicts(conflicts::Arguments),
    /// Print what changed between two full exports, in words, and the version that it asks for
    Diff(diff::Arguments),
    /// Download the sources' documents, show what changed in them, and lock their claims
    #[cfg(feature = "fetch")]
    Fetch(fetch::Arguments),
    /// Print where each field of a meaning comes from, and who says otherwise
    Explain(explain::Arguments),
    /// Tell whether copied files are unmodified exports, of which version, and what a newer one changes in them
    Verify(verify::Arguments),
    /// Make a release: set the version that the changes ask for, write CHANGELOG.md and the exports
    Release(release::Arguments),
    /// Print how much there is of everything: meanings, claims, conflicts, names
    Stats(stats::Arguments),
    /// Print what the registry knows of a code, or of a phrase, name or vendor
    Lookup(lookup::Arguments),
}

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => return answer_of_parser(&answer),
    };
    let root = arguments.root.clone();
    let opened = Tree::open(arguments.root).inspect(|tree| report(tree.recovered()));
    let done = opened.and_then(|tree| match arguments.command {
        Command::Ingest(arguments) => ingest::run(&tree, &arguments),
        Command::Build => build::run(&tree),
        Command::Check(arguments) => build::check(&tree, &arguments),
        Command::Conflicts(arguments) => conflicts::run(&tree, &arguments),
        Command::Diff(arguments) => diff::run(&tree, &arguments),
        #[cfg(feature = "fetch")]
        Command::Fetch(arguments) => fetch::run(&tree, &arguments),
        Command::Explain(arguments) => explain::run(&tree, &arguments),
        Command::Verify(arguments) => verify::run(&tree, &arguments),
        Command::Release(arguments) => release::run(&tree, &arguments),
        Command::Stats(arguments) => stats::run(&tree, &arguments),
        Command::Lookup(arguments) => lookup::run(&tree, &arguments),
    });
    ExitCode::from(done.unwrap_or_else(|errors| {
        report(&errors);
        let count = errors
            .iter()
            .filter(|error| error.severity == Severity::Error)
            .count();
        let plural = if count == 1 { "error" } else { "errors" };
        let written = match remains(&root) {
            Remains::Nothing => "nothing was written",
            Remains::Beside => "nothing was written but what the next command removes",
            Remains::New => "some files are new until the next command puts the old ones back",
        };
        tell(&format!("\n{count} {plural}; {written}"));
        FAILED
    }))
}

/// Prints help, the version or what is wrong with the arguments. It repeats them: if that could take
/// hold of a terminal, they are shown as escapes, and nothing is in colour.
fn answer_of_parser(answer: &clap::Error) -> ExitCode {
    if answer.kind() == ErrorKind::InvalidUtf8 {
        report(&[not_utf8()]);
        return ExitCode::from(FAILED);
    }
    let is_unsafe =
        |argument: std::ffi::OsString| argument.to_string_lossy().chars().any(text::is_unsafe);
    let told = if std::env::args_os().any(is_unsafe) {
        text::printable(&answer.to_string()).to_string()
    } else {
        answer.render().ansi().to_string()
    };
    ExitCode::from(if answer.use_stderr() {
        tell(told.trim_end());
        FAILED
    } else {
        print(&told);
        DONE
    })
}

/// What is wrong with arguments that have to be Unicode and are not.
fn not_utf8() -> Diagnostic {
    let arguments = std::env::args_os().skip(1);
    let odd = arguments.filter(|argument| argument.to_str().is_none());
    // Bytes that are no text are shown as escapes, and so is what takes hold of a terminal.
    let odd: Vec<_> = odd.map(|argument| format!("{argument:?}")).collect();
    let error = Diagnostic::error(format!("this is not UTF-8: {}", odd.join(", ")));
    error.help("write it in UTF-8; only the names of files and folders may be otherwise")
}

/// Prints errors and warnings to standard error.
fn report(diagnostics: &[Diagnostic]) {
    // The last of as many may say that there is more.
    let most = MAX_TOLD + 1;
    for diagnostic in diagnostics.iter().take(most) {
        tell(&diagnostic.to_string());
    }
    if diagnostics.len() > most {
        let more = diagnostics.len() - most;
        tell(&format!(
            "{more} more are not told: mend these, and run this again"
        ));
    }
}

/// Prints a line to standard error. Where that fails, the exit code tells the rest.
fn tell(line: &str) {
    use std::io::Write;
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Prints to standard output. A reader who has gone away is no error. Any other one ends the program,
/// and not as one that has written nothing.
fn print(text: &str) {
    use std::io::Write;
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let message = format!("cannot write to standard output: {error}");
            let help = "let it write elsewhere and run this again; `git status` shows what is written in the checkout";
            report(&[Diagnostic::error(message).help(help)]);
            std::process::exit(FAILED.into());
        }
        _ => {}
    }
}
