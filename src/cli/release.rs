use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Output;

use http_status_registry::diagnostic::{Diagnostic, Diagnostics};
use http_status_registry::model::Date;
use http_status_registry::release::prepare;
use http_status_registry::review::Report;
use http_status_registry::tree::{Tree, git_says};

use super::{DONE, print};

#[derive(clap::Args)]
pub struct Arguments {
    /// The day of the data; what registry/release.yaml says unless it is given
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = Date::day)]
    date: Option<Date>,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<u8, Diagnostics> {
    clean(tree)?;
    on_a_branch(tree)?;
    let prepared = prepare(tree, arguments.date)?;
    committed(tree)?;
    not_ignored(tree, &prepared.files)?;
    let version = &prepared.version;
    let tag = format!("v{version}");
    let reference = format!("refs/tags/{tag}");
    let tagged = tree.git(&["rev-parse", "--verify", "--quiet", &reference])?;
    if tagged.status.success() {
        let error = Diagnostic::error(format!("git has a tag {tag} already"));
        let help = "write the version that is to come in registry/release.yaml, or delete the tag if nothing was published under it";
        return Err(vec![error.help(help)]);
    }
    let written = tree.write(&prepared.files)?;
    let mut out = String::new();
    // Writing to a string cannot fail.
    if let Some((last, changes)) = prepared.since {
        let _ = writeln!(out, "{}", Report::new(&last, version, changes).headline());
    }
    for file in &written {
        let _ = writeln!(out, "wrote {file}");
    }
    let _ = write!(
        out,
        "\nLook at CHANGELOG.md, then:\n  git add --all\n  git commit --message \"Release {version}\"\n  git tag --annotate {tag} --message \"Release {version}\"\n  git push --follow-tags\n"
    );
    print(&out);
    Ok(DONE)
}

/// What git answers.
fn answer(output: &Output) -> Result<String, Diagnostics> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let error = Diagnostic::error("git cannot tell what is committed here");
    let help = "make releases in a clone of the repository, where `git status` works";
    Err(vec![error.help(format!("{help}\n{}", git_says(output)))])
}

/// What git does not know is in no commit, though `git status` may keep quiet about it.
fn committed(tree: &Tree) -> Result<(), Diagnostics> {
    let known = answer(&tree.git(&["ls-files", "-z"])?)?;
    let known: BTreeSet<&str> = known.split('\0').collect();
    let read = tree.files_read().into_iter();
    let unknown = read.filter(|file| !known.contains(file.as_str()));
    let errors: Diagnostics = unknown
        .map(|file| {
            let error = Diagnostic::error("this is read, but git does not know it");
            error
                .in_file(file)
                .help("commit it, with `git add --force` if git ignores it, or move it away")
        })
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

/// What git ignores would be missing in the commit.
fn not_ignored(tree: &Tree, files: &[(String, String)]) -> Result<(), Diagnostics> {
    let mut question = vec!["check-ignore", "--"];
    question.extend(files.iter().map(|(file, _)| file.as_str()));
    let output = tree.git(&question)?;
    if output.status.code() == Some(1) {
        // It ignores none.
        return Ok(());
    }
    let ignored = answer(&output)?;
    let errors = ignored.lines().map(|file| {
        let error = Diagnostic::error("the release needs this, but git ignores it");
        let help = format!("take out the pattern that `git check-ignore -v {file}` shows");
        error.in_file(file).help(help)
    });
    Err(errors.collect())
}

/// A commit that is on no branch would not be pushed.
fn on_a_branch(tree: &Tree) -> Result<(), Diagnostics> {
    let branch = tree.git(&["symbolic-ref", "--quiet", "HEAD"])?;
    if branch.status.success() {
        return Ok(());
    }
    let error = Diagnostic::error("no branch is checked out, so the release could not be pushed");
    Err(vec![
        error.help("check one out, for example: git switch main"),
    ])
}

/// A release is made of what is committed, and of nothing else.
fn clean(tree: &Tree) -> Result<(), Diagnostics> {
    let status = ["status", "--porcelain", "--untracked-files=all", "--", "."];
    let status = answer(&tree.git(&status)?)?;
    let files: Vec<&str> = status.lines().collect();
    if files.is_empty() {
        return Ok(());
    }
    let shown: String = files
        .iter()
        .take(5)
        .map(|line| format!("\n{line}"))
        .collect();
    let more = match files.len().saturating_sub(5) {
        0 => String::new(),
        more => format!("\nand {more} more"),
    };
    let message = format!("the checkout has changes that are not committed:{shown}{more}");
    Err(vec![
        Diagnostic::error(message).help("commit them, or take them back"),
    ])
}
