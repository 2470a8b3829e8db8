//! Changes, told for a terminal, for a pull request, and for programs.

use std::fmt::Write;

use serde::Serialize;

use super::diff::{Change, Impact, next_version};
use crate::model::{Class, text};

/// The most that a comment on GitHub may hold, in characters, less some room for what others add.
const MOST: usize = 65_000;

/// Everything that changed between two registries.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of the old registry.
    pub old: String,
    /// The version of the new one.
    pub new: String,
    /// The version that the changes ask for, after the old one.
    pub suggested: String,
    /// The changes, by code.
    pub changes: Vec<Change>,
}

impl Report {
    /// The report on these changes.
    #[must_use]
    pub fn new(old: &str, new: &str, changes: Vec<Change>) -> Self {
        Self {
            suggested: next_version(old, &changes),
            old: old.to_owned(),
            new: new.to_owned(),
            changes,
        }
    }

    /// How many changes there are of each impact, in words.
    fn counts(&self) -> String {
        let counts = Impact::ALL.map(|impact| {
            let of = self.changes.iter().filter(|change| change.impact == impact);
            format!("{} {impact}", of.count())
        });
        counts.join(", ")
    }

    /// How much changed, and the version that it asks for.
    #[must_use]
    pub fn headline(&self) -> String {
        let (old, new) = (&self.old, &self.new);
        if self.changes.is_empty() {
            return format!("{old} → {new}: nothing changed");
        }
        format!(
            "{old} → {new}: {}; suggested version: {}",
            self.counts(),
            self.suggested
        )
    }

    /// A line for each change, the breaking ones marked.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.headline());
        for change in &self.changes {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{:5}  {change}", change.impact.to_string());
        }
        out
    }

    /// All of it, for programs.
    #[must_use]
    pub fn json(&self) -> String {
        // No map in a report has keys other than strings, so this cannot fail.
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{json}\n")
    }

    /// A comment on a pull request: the breaking changes first, then a section for each class that
    /// folds away. What goes beyond the length of a comment is counted instead.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut page = Page::new(&format!("### {}\n", escape(&self.headline())));
        let breaking = self.changes.iter();
        let breaking: Vec<&Change> = breaking
            .filter(|change| change.impact == Impact::Major)
            .collect();
        if !breaking.is_empty() {
            page.section("\n**Breaking**\n\n", &breaking, "");
        }
        let classes = [
            None,
            Some(Class::Informational),
            Some(Class::Successful),
            Some(Class::Redirection),
            Some(Class::ClientError),
            Some(Class::ServerError),
        ];
        for class in classes {
            let of = self.changes.iter();
            let of: Vec<&Change> = of
                .filter(|change| change.code.map(crate::model::Code::class) == class)
                .filter(|change| change.impact != Impact::Major)
                .collect();
            if of.is_empty() {
                continue;
            }
            let name = class.map_or("The registry as a whole".to_owned(), |class| {
                let digit = class as u8 + 1;
                format!("{digit}xx {}", class.as_str().replace('-', " "))
            });
            let plural = if of.len() == 1 { "" } else { "s" };
            let head = format!(
                "\n<details><summary>{name}: {} change{plural}</summary>\n\n",
                of.len()
            );
            page.section(&head, &of, "\n</details>\n");
        }
        page.finish()
    }
}

/// Markdown that stays within its length.
struct Page {
    text: String,
    /// How long `text` is, in characters.
    length: usize,
    left_out: usize,
}

impl Page {
    /// Room for the note on what was left out.
    const NOTE: usize = 200;

    fn new(text: &str) -> Self {
        Self {
            length: text.chars().count(),
            text: text.to_owned(),
            left_out: 0,
        }
    }

    fn fits(&self, length: usize) -> bool {
        self.length + length + Self::NOTE <= MOST
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }

    /// A list of changes between a head and a foot, or as much of it as there is room for.
    fn section(&mut self, head: &str, changes: &[&Change], foot: &str) {
        let frame = head.chars().count() + foot.chars().count();
        let lines: Vec<String> = changes
            .iter()
            .map(|change| format!("- {}\n", escape(&change.to_string())))
            .collect();
        let first = lines.first().map_or(0, |line| line.chars().count());
        if !self.fits(frame + first) {
            self.left_out += lines.len();
            return;
        }
        self.push(head);
        for line in &lines {
            if self.left_out == 0 && self.fits(line.chars().count() + foot.chars().count()) {
                self.push(line);
            } else {
                self.left_out += 1;
            }
        }
        self.push(foot);
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            let note = format!(
                "\n{} more changes do not fit in a comment: run `diff` to see them.\n",
                self.left_out
            );
            self.push(&note);
        }
        self.text
    }
}

/// Text that Markdown shows as it is, on one line.
pub fn escape(value: &str) -> String {
    let value = text::printable(value).replace(['\n', '\r'], " ");
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A mention would call somebody.
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' | '|' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
