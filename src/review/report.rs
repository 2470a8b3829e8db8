//! Changes, told for a terminal, for a pull request, and for programs.

use serde::Serialize;

use super::change::{Change, Impact, lines, next_version};
use crate::model::{Class, Code, text};

/// The most that a comment on GitHub may hold, in characters, less some room for what others add.
const MOST: usize = 65_000;

/// The most that one change may take up of it, before characters are escaped.
const LONGEST: usize = 3_000;

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

    /// The headline, and a line for each change.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}", text::printable(&self.headline()), self.lines())
    }

    /// A line for each change, with what it asks of the version.
    #[must_use]
    pub fn lines(&self) -> String {
        let lines = self.changes.iter().map(|change| {
            let told = text::printable(&change.to_string()).replace('\n', " ");
            format!("{:5}  {told}\n", change.impact.to_string())
        });
        lines.collect()
    }

    /// All of it, for programs.
    #[must_use]
    pub fn json(&self) -> String {
        // No map in a report has keys other than strings, so this cannot fail.
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{json}\n")
    }

    /// A comment on a pull request: the breaking changes first, then a section for each class that
    /// folds away. Every section is there; what goes beyond the length of a comment is only counted.
    #[must_use]
    pub fn markdown(&self) -> String {
        let (breaking, others): (Vec<&Change>, Vec<&Change>) = self
            .changes
            .iter()
            .partition(|change| change.impact == Impact::Major);
        let mut sections = vec![Section::new("\n**Breaking**\n\n".to_owned(), breaking, "")];
        let classes = Class::ALL.map(Some);
        for class in [None].into_iter().chain(classes) {
            let of = others.iter().copied();
            let of = of.filter(|change| change.code.map(Code::class) == class);
            let of: Vec<&Change> = of.collect();
            let name = class.map_or("The registry as a whole".to_owned(), Class::label);
            let plural = if of.len() == 1 { "" } else { "s" };
            let head = format!(
                "\n<details><summary>{name}: {} change{plural}</summary>\n\n",
                of.len()
            );
            sections.push(Section::new(head, of, "\n</details>\n"));
        }
        sections.retain(|section| !section.lines.is_empty());
        let headline = format!("### {}\n", escape(&self.headline()));
        let frames = sections.iter().map(|section| section.frame());
        let mut room = MOST.saturating_sub(headline.chars().count() + frames.sum::<usize>());
        let sections = sections.iter().map(|section| section.fill(&mut room));
        std::iter::once(headline).chain(sections).collect()
    }
}

/// A list of changes between a head and a foot.
struct Section {
    head: String,
    lines: Vec<String>,
    foot: &'static str,
}

impl Section {
    fn new(head: String, changes: Vec<&Change>, foot: &'static str) -> Self {
        let lines = lines(changes, false).into_iter().map(|line| {
            let line = text::excerpt(&line, LONGEST);
            format!("- {}\n", escape(&line))
        });
        Self {
            head,
            lines: lines.collect(),
            foot,
        }
    }

    /// How long it is without its lines, but with room to say how many are left out.
    fn frame(&self) -> usize {
        let note = left_out(self.lines.len());
        let parts = [self.head.as_str(), &note, self.foot];
        parts.iter().map(|part| part.chars().count()).sum()
    }

    /// The section with as many of its lines as there is room for.
    fn fill(&self, room: &mut usize) -> String {
        let mut out = self.head.clone();
        for (index, line) in self.lines.iter().enumerate() {
            let length = line.chars().count();
            if length > *room {
                // What follows in other sections weighs less than what is left out here.
                *room = 0;
                out.push_str(&left_out(self.lines.len() - index));
                break;
            }
            *room -= length;
            out.push_str(line);
        }
        out + self.foot
    }
}

fn left_out(count: usize) -> String {
    format!("- … and {count} more, which `diff` lists\n")
}

/// Text that Markdown shows as it is, on one line.
pub fn escape(value: &str) -> String {
    let value = text::printable(value).replace(['\n', '\r'], " ");
    let mut escaped = String::with_capacity(value.len());
    for (at, c) in value.char_indices() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A mention would call somebody. It is looked for in what is shown, so no escape helps.
            '@' => escaped.push('＠'),
            c if "\\`*_[]#~!|$".contains(c) || text::starts_link(&value, at) => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_and_nothing_becomes_a_link_of_itself() {
        let written = "see http://a.example, www.b.example: @c *d*";
        let shown = "see http\\://a.example, www\\.b.example: ＠c \\*d\\*";
        assert_eq!(escape(written), shown);
    }
}
