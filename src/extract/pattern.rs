//! A layout, compiled.

use std::collections::BTreeMap;
use std::rc::Rc;

use regex::RegexBuilder;

use super::Extraction;
use super::lined::Lined;
use super::search::{GROUPS, Group, Pattern, Search};
use super::selector::Select;
use crate::model::{FactRule, Layout, LayoutKind, Origin, State, text};

/// How much memory a compiled pattern may take, in bytes. Matching takes time in proportion to it.
const MAX_PATTERN: usize = 10 * 1024 * 1024;

/// How many patterns of that size a layout may have. More of them have the same memory together.
const FULL_PATTERNS: usize = 8;

/// How many patterns a layout may have. Each is tried on the whole of an entry.
const MAX_PATTERNS: usize = 200;

/// How many missing columns are named for each row.
const MAX_NAMED: usize = 5;

/// A layout whose patterns and selectors work.
#[derive(Debug)]
pub struct Extractor {
    layout: Layout,
    select: Select,
    entry: Vec<Pattern>,
    columns: BTreeMap<String, Pattern>,
    section: Option<Pattern>,
    embedded: Option<Pattern>,
    facts: Vec<Fact>,
}

/// A [`FactRule`], compiled.
#[derive(Debug)]
pub struct Fact {
    pub part: String,
    pub pattern: Pattern,
    pub origin: Option<Origin>,
    pub registration: Option<State>,
}

/// What is wrong with a layout, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutFault {
    /// The keys that lead to the fault, from the layout down.
    pub path: Vec<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Extractor {
    /// Compiles a layout.
    ///
    /// # Errors
    /// Every pattern and selector that does not work, every key that the kind lacks or cannot use.
    pub fn compile(layout: &Layout) -> Result<Self, Vec<LayoutFault>> {
        let singles = [&layout.section, &layout.embedded];
        let singles = singles.into_iter().flatten().count();
        let patterns = layout.entry.0.len() + layout.columns.len() + layout.facts.len() + singles;
        let mut compiler = Compiler {
            layout,
            most: MAX_PATTERN * FULL_PATTERNS / patterns.max(FULL_PATTERNS),
            faults: Vec::new(),
        };
        if patterns > MAX_PATTERNS {
            compiler.fault(
                &[],
                format!("there are {patterns} patterns, more than MAX_PATTERNS ({MAX_PATTERNS})"),
                "say the same with fewer. MAX_PATTERNS stands in src/extract/pattern.rs",
            );
            return Err(compiler.faults);
        }
        compiler.check_keys();
        let select = compiler.selector();
        let entry = layout.entry.0.iter().enumerate();
        let entry = entry.filter_map(|(index, pattern)| {
            let path = if layout.entry.0.len() == 1 {
                vec!["entry".into()]
            } else {
                vec!["entry".into(), index.to_string()]
            };
            compiler.pattern_of_entry(path, pattern, true)
        });
        let entry = entry.collect();
        let mut columns = BTreeMap::new();
        for (column, pattern) in &layout.columns {
            columns.extend(
                compiler
                    .pattern_of_entry(vec!["columns".into(), column.clone()], pattern, false)
                    .map(|pattern| (column.clone(), pattern)),
            );
        }
        if columns.len() == layout.columns.len()
            && !columns.is_empty()
            && columns
                .values()
                .filter(|pattern| pattern.has(Group::Code))
                .count()
                != 1
        {
            compiler.fault(
                &["columns"],
                "exactly one column must carry the group `code`",
                "write (?<code>\\d{3}) in the pattern of the column that holds the code",
            );
        }
        let section = layout
            .section
            .as_ref()
            .and_then(|pattern| compiler.pattern(vec!["section".into()], pattern, false));
        let embedded = layout
            .embedded
            .as_ref()
            .and_then(|pattern| compiler.pattern_of_entry(vec!["embedded".into()], pattern, true));
        let facts = layout.facts.iter().enumerate();
        let facts = facts
            .filter_map(|(index, rule)| compiler.fact(index, rule))
            .collect();
        match (select, compiler.faults) {
            (Some(select), faults) if faults.is_empty() => Ok(Self {
                layout: layout.clone(),
                select,
                entry,
                columns,
                section,
                embedded,
                facts,
            }),
            (_, faults) => Err(faults),
        }
    }

    /// The kind of the layout.
    pub fn kind(&self) -> LayoutKind {
        self.layout.kind
    }

    pub(super) fn select(&self) -> &Select {
        &self.select
    }

    pub(super) fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Whether a fact is looked for in the heading of a section.
    pub(super) fn reads_sections(&self) -> bool {
        self.facts.iter().any(|fact| fact.part == "section")
    }

    pub(super) fn embedded(&self) -> Option<&Pattern> {
        self.embedded.as_ref()
    }

    pub(super) fn columns(&self) -> &BTreeMap<String, Pattern> {
        &self.columns
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.layout
            .delimiter
            .and_then(|c| u8::try_from(c).ok())
            .unwrap_or(b',')
    }

    pub(super) fn match_entry<'a>(&'a self, text: &'a str) -> Option<Search<'a>> {
        self.entry.iter().find_map(|pattern| pattern.find(text))
    }

    pub(super) fn starts_entry(&self, line: &str) -> bool {
        self.entry.iter().any(|pattern| pattern.is_match(line))
    }

    pub(super) fn starts_section(&self, line: &str) -> bool {
        self.section
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(line))
    }

    /// Whether the columns are named by their numbers, from 1, so that no row is a heading.
    pub(super) fn counts_columns(&self) -> bool {
        self.columns
            .keys()
            .all(|column| column.parse::<usize>().is_ok())
    }

    /// The places of the layout's columns, from 0, or the first that no heading has for a name. Headings
    /// come with their places, in order; of two with one name, the first is meant, and a remark is made.
    pub(super) fn place_columns(
        &self,
        line: u32,
        headings: &[(usize, &str)],
        found: &mut Extraction,
    ) -> Result<Vec<usize>, &str> {
        let (mut places, mut told) = (Vec::new(), Vec::new());
        for column in self.columns.keys() {
            let headed = headings.iter().filter(|(_, name)| name == column);
            let mut headed = headed.map(|(place, _)| *place);
            let number = || column.parse::<usize>().ok()?.checked_sub(1);
            let place = headed.next().or_else(number);
            places.push(place.ok_or(column.as_str())?);
            if headed.next().is_some() {
                told.push(format!(
                    "more than one column is headed `{column}`: the first of them is read"
                ));
            }
        }
        told.into_iter().for_each(|told| found.skip(line, told));
        Ok(places)
    }

    /// Says that no column has a name, in the tables on these lines.
    pub(super) fn tell_unheaded(&self, column: &str, tables: &[u32], found: &mut Extraction) {
        let (line, more) = match tables {
            [] => return,
            [line] => (line, String::new()),
            [line, other] => (line, format!(", nor in the table on line {other}")),
            [line, next, rest @ ..] => {
                let more = rest.len() + 1;
                let more = format!(", nor in {more} more tables, the first of them on line {next}");
                (line, more)
            }
        };
        found.skip(*line, format!("no column is headed `{column}` here{more}"));
    }

    /// A row's cells at the places of the layout's columns; nothing, and a remark, if one is missing.
    pub(super) fn pick_cells(
        &self,
        line: u32,
        places: &[usize],
        count: usize,
        cell: impl Fn(usize) -> Option<Rc<Lined>>,
        found: &mut Extraction,
    ) -> Option<Vec<Rc<Lined>>> {
        let cells: Option<Vec<_>> = places.iter().map(|place| cell(*place)).collect();
        if cells.is_none() {
            let columns = self.columns.keys().zip(places);
            let missing = columns.filter(|(_, place)| cell(**place).is_none());
            let missing: Vec<String> = missing
                .map(|(column, _)| text::excerpt(column, 40))
                .collect();
            let (named, rest) = missing.split_at(missing.len().min(MAX_NAMED));
            let named: Vec<String> = named.iter().map(|column| format!("`{column}`")).collect();
            let more = match rest.len() {
                0 => String::new(),
                more => format!(" and {more} more columns"),
            };
            let missing = named.join(", ");
            found.skip(
                line,
                format!("a row of {count} cells without one for {missing}{more}"),
            );
        }
        cells
    }
}

struct Compiler<'a> {
    layout: &'a Layout,
    /// How much memory each compiled pattern may take, in bytes.
    most: usize,
    faults: Vec<LayoutFault>,
}

impl Compiler<'_> {
    fn fault(&mut self, path: &[&str], message: impl Into<String>, help: impl Into<String>) {
        let path = path.iter().map(ToString::to_string).collect();
        self.faults.push(LayoutFault {
            path,
            message: message.into(),
            help: help.into(),
        });
    }

    /// Whether each key that the kind needs is there, and none that it cannot use.
    fn check_keys(&mut self) {
        use LayoutKind::{Outline, Records, Rows};
        let layout = self.layout;
        let kind = layout.kind;
        let by_columns = matches!(kind, Rows | Records);
        let keys = [
            (
                "select",
                layout.select.is_some(),
                !matches!(kind, Outline | Records),
                !matches!(kind, Outline | Records),
            ),
            (
                "entry",
                !layout.entry.0.is_empty(),
                !by_columns,
                !by_columns,
            ),
            (
                "columns",
                !layout.columns.is_empty(),
                by_columns,
                by_columns,
            ),
            ("section", layout.section.is_some(), false, kind == Outline),
            (
                "delimiter",
                layout.delimiter.is_some(),
                false,
                kind == Records,
            ),
        ];
        for (key, given, needed, usable) in keys {
            if needed && !given {
                self.fault(
                    &[],
                    format!("a layout of kind {} needs `{key}`", kind.as_str()),
                    format!("add `{key}:` to the layout"),
                );
            } else if given && !usable {
                self.fault(
                    &[key],
                    format!("a layout of kind {} has no use for `{key}`", kind.as_str()),
                    "take it out",
                );
            }
        }
        let numbers = layout.columns.keys();
        let numbers: Option<Vec<(&String, usize)>> = numbers
            .map(|column| Some((column, column.parse().ok()?)))
            .collect();
        for (column, number) in numbers.into_iter().flatten() {
            if number == 0 || number.to_string() != *column {
                self.fault(
                    &["columns", column],
                    format!("`{column}` is no number of a column"),
                    "they count from 1",
                );
            }
        }
        let is_odd = |c: char| !c.is_ascii() || c == '"' || (c.is_control() && c != '\t');
        if layout.delimiter.is_some_and(is_odd) {
            self.fault(
                &["delimiter"],
                "is no delimiter",
                "give one ASCII character, such as \";\" or \"\\t\"",
            );
        }
    }

    fn selector(&mut self) -> Option<Select> {
        let select = self.layout.select.as_deref().unwrap_or("html");
        let selector = Select::parse(select);
        let faults = selector.map_err(|(message, help)| self.fault(&["select"], message, help));
        faults.ok()
    }

    /// Fails for groups that only a temporary registration has.
    fn must_have_no_days(&mut self, path: &[&str], pattern: &Pattern) {
        let days = [Group::Registered, Group::Extended, Group::Expires];
        let useless = GROUPS.iter().filter(|(_, group)| days.contains(group));
        for (name, _) in useless.filter(|(_, group)| pattern.has(*group)) {
            self.fault(
                path,
                format!("the group `{name}` belongs to a temporary registration"),
                "move it to a rule of `facts` that has `registration: temporary`",
            );
        }
    }

    fn fact(&mut self, index: usize, rule: &FactRule) -> Option<Fact> {
        let index = index.to_string();
        let columns = &self.layout.columns;
        let by_columns = !columns.is_empty();
        let has_sections = match self.layout.kind {
            LayoutKind::Records => false,
            LayoutKind::Outline => self.layout.section.is_some(),
            _ => true,
        };
        let known = match rule.part.as_str() {
            "text" => true,
            "section" => has_sections,
            "entry" => !by_columns,
            column => columns.contains_key(column),
        };
        if !known {
            let section = has_sections.then_some("section");
            let entry = (!by_columns).then_some("entry");
            let parts = section.into_iter().chain(entry);
            let parts: Vec<&str> = parts.chain(columns.keys().map(String::as_str)).collect();
            self.fault(
                &["facts", &index, "in"],
                format!("`{}` is no part of an entry", rule.part),
                format!("one of text, {}", parts.join(", ")),
            );
        }
        let path = vec!["facts".into(), index.clone(), "pattern".into()];
        let pattern = self.pattern(path, &rule.pattern, false)?;
        let is_silent = pattern.regex.capture_names().flatten().next().is_none();
        if is_silent && rule.origin.is_none() && rule.registration.is_none() {
            self.fault(
                &["facts", &index],
                "says nothing",
                "name a group, as in (?<note>…), or give `origin` or `registration`",
            );
        }
        let dated = rule.registration == Some(State::Temporary);
        if dated && !(pattern.has(Group::Registered) && pattern.has(Group::Expires)) {
            self.fault(
                &["facts", &index, "pattern"],
                "a temporary registration needs the groups `registered` and `expires`",
                "write (?<registered>\\S+) and (?<expires>\\S+) around the dates",
            );
        }
        if !dated {
            self.must_have_no_days(&["facts", &index, "pattern"], &pattern);
        }
        for (name, _) in GROUPS
            .iter()
            .filter(|(_, group)| matches!(group, Group::Code | Group::Text) && pattern.has(*group))
        {
            self.fault(
                &["facts", &index, "pattern"],
                format!("the group `{name}` belongs to what starts an entry"),
                "move it to `entry`, `columns` or `embedded`",
            );
        }
        Some(Fact {
            part: rule.part.clone(),
            pattern,
            origin: rule.origin.clone(),
            registration: rule.registration,
        })
    }

    /// A pattern that reads facts, but for the days of a registration.
    fn pattern_of_entry(
        &mut self,
        path: Vec<String>,
        pattern: &str,
        needs_code: bool,
    ) -> Option<Pattern> {
        let compiled = self.pattern(path.clone(), pattern, needs_code)?;
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        self.must_have_no_days(&path, &compiled);
        Some(compiled)
    }

    fn pattern(&mut self, path: Vec<String>, pattern: &str, needs_code: bool) -> Option<Pattern> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let regex = RegexBuilder::new(pattern).size_limit(self.most).build();
        let regex = match regex {
            Ok(regex) => regex,
            Err(regex::Error::CompiledTooBig(_)) => {
                let limit = match self.most {
                    MAX_PATTERN => format!("MAX_PATTERN ({MAX_PATTERN}) bytes"),
                    most => format!(
                        "its part ({most} bytes) of {FULL_PATTERNS} times MAX_PATTERN ({MAX_PATTERN})"
                    ),
                };
                self.fault(
                    &path,
                    format!("the compiled pattern needs more than {limit}"),
                    "use smaller repeat counts, and [0-9] or [a-z] for \\d or \\w. MAX_PATTERN stands in src/extract/pattern.rs",
                );
                return None;
            }
            Err(error) => {
                let error = error.to_string();
                let reason = error
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ");
                self.fault(&path, format!("the pattern does not work: {reason}"), "the syntax is that of the Rust regex crate; in YAML, put patterns in single quotes");
                return None;
            }
        };
        let mut groups = Vec::new();
        for (number, name) in regex.capture_names().enumerate() {
            let Some(name) = name else { continue };
            match GROUPS.iter().find(|(known, _)| *known == name) {
                Some((_, group)) => groups.push((number, *group)),
                None => self.fault(
                    &path,
                    format!("the group `{name}` carries no fact"),
                    format!("use one of {}", GROUPS.map(|(name, _)| name).join(", ")),
                ),
            }
        }
        let pattern = Pattern::new(regex, groups);
        if needs_code && !pattern.has(Group::Code) {
            self.fault(
                &path,
                "the pattern has no group `code`",
                "write (?<code>\\d{3}) where the code stands",
            );
        }
        Some(pattern)
    }
}
