//! From the parts of a block to the facts of its entries.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::lined::Lined;
use super::pattern::{Extractor, Fact};
use super::search::{Group, MAX_MATCHES, Search};
use super::{Block, Extraction};
use crate::model::{CodeRange, Date, Entry, Facts, Origin, Reference, Registration, State, text};

/// Adds the entries of a block: the one that it starts with, and those that its text swallowed.
pub fn read(extractor: &Extractor, block: Block, found: &mut Extraction) {
    let cells = block.cells.iter().map(|cell| cell.as_str().len());
    // Each entry looks for facts in the heading above it.
    let section_length = match extractor.reads_sections() {
        true => block.section.as_str().len(),
        false => 0,
    };
    let length = section_length
        + block.entry.as_str().len()
        + block.text.as_str().len()
        + cells.sum::<usize>();
    if !found.has_room(block.entry.line().max(block.line), length) {
        return;
    }
    let Block {
        line,
        entry,
        text,
        section,
        cells,
    } = block;
    let read = if cells.is_empty() {
        read_entry(extractor, line, &entry, text)
    } else {
        read_cells(extractor, line, &cells)
    };
    let Opening {
        mut facts,
        text,
        entry: opening,
    } = match read {
        Ok(opening) => opening,
        Err((line, reason)) => return found.skip(line, reason),
    };
    let host = facts.codes.single();
    let swallowed = swallowed(extractor, &facts, &text, found);
    let end = text.as_str().len();
    let end_of = |index: usize| swallowed.get(index).map_or(end, |next| next.start);
    let (own, text) = if swallowed.is_empty() {
        (text, Lined::default())
    } else {
        (text.slice(0..end_of(0)), text)
    };
    let part = |name: &str| match name {
        "text" => Some(Cow::Borrowed(&own)),
        "section" => Some(Cow::Borrowed(&*section)),
        // Rows have none: a layout by columns cannot look for facts in it.
        "entry" => Some(Cow::Owned(entry.slice(opening.clone()))),
        column => {
            let mut columns = extractor.columns().keys().zip(&cells);
            columns.find_map(|(name, cell)| (name == column).then_some(Cow::Borrowed(&**cell)))
        }
    };
    add_facts(extractor, &mut facts, part, found);
    finish(facts, own, found);

    for (index, Swallowed { start, opening }) in swallowed.iter().enumerate() {
        if !found.has_room(text.line_at(*start), section_length) {
            return;
        }
        match opening {
            Ok((facts, entry)) => {
                let mut facts = Facts {
                    embedded_in: host,
                    ..facts.clone()
                };
                let host = host.map_or(String::new(), |code| format!(" of {code}"));
                found.repair(
                    facts.line,
                    format!("the entry of {} stood inside the text{host}", facts.codes),
                );
                let own = text.slice(entry.end..end_of(index + 1));
                let part = |name: &str| match name {
                    "entry" => Some(Cow::Owned(text.slice(entry.clone()))),
                    "text" => Some(Cow::Borrowed(&own)),
                    "section" => Some(Cow::Borrowed(&*section)),
                    _ => None,
                };
                add_facts(extractor, &mut facts, part, found);
                finish(facts, own, found);
            }
            Err(reason) => found.skip(text.line_at(*start), reason.clone()),
        }
    }
}

/// The start of an entry: its first facts, its text, and what of the block's entry the pattern matched.
struct Opening {
    facts: Facts,
    text: Lined,
    entry: Range<usize>,
}

/// Why a block is no entry, and where it stands.
type Skipped = (u32, String);

/// Says that an element, which starts on this line, is no entry.
pub fn no_entry(line: u32, text: &Lined) -> Skipped {
    let start = text::excerpt(text.as_str(), 40);
    let is_empty = text.as_str().is_empty();
    (
        if is_empty { line } else { text.line() },
        format!("`{start}` is no entry: it does not match the layout's pattern"),
    )
}

/// Reads an entry whose element starts on this line, and the text behind it.
fn read_entry(
    extractor: &Extractor,
    line: u32,
    entry: &Lined,
    after: Lined,
) -> Result<Opening, Skipped> {
    let Some(found) = extractor.match_entry(entry.as_str()) else {
        return Err(no_entry(line, entry));
    };
    let matched = found.range();
    let facts = open(entry, &found).map_err(|reason| (entry.line(), reason))?;
    let own = found.place(Group::Text);
    let own = own.unwrap_or(matched.end..entry.as_str().len());
    let words = entry.as_str()[own.clone()].trim_start().len();
    let mut text = entry.slice(own.end - words..own.end);
    text.append(after);
    Ok(Opening {
        facts,
        text: text.trimmed(),
        entry: matched,
    })
}

/// Reads the cells of a row that starts on this line.
fn read_cells(extractor: &Extractor, line: u32, cells: &[Rc<Lined>]) -> Result<Opening, Skipped> {
    let mut facts: Option<Facts> = None;
    let mut others = Vec::new();
    let mut text = Lined::default();
    for (cell, (column, pattern)) in cells.iter().zip(extractor.columns()) {
        if pattern.takes_all() {
            text.append((**cell).clone());
            continue;
        }
        let Some(found) = pattern.find(cell.as_str()) else {
            let start = text::excerpt(cell.as_str(), 40);
            let column = text::excerpt(column, 40);
            return Err((
                line,
                format!("`{start}` does not match the layout's pattern for the column `{column}`"),
            ));
        };
        if let Some(range) = found.place(Group::Text) {
            text.append(cell.slice(range));
        }
        if found.place(Group::Code).is_some() {
            let mut opened = open(cell, &found).map_err(|reason| (line, reason))?;
            // The cell may hang down from a row above.
            opened.line = opened.line.max(line);
            facts = Some(opened);
        } else {
            others.push((cell, found));
        }
    }
    let mut facts = facts.ok_or_else(|| (line, "no column holds a code".to_owned()))?;
    for (cell, found) in &others {
        add_groups(&mut facts, cell, found);
    }
    Ok(Opening {
        facts,
        text: text.trimmed(),
        entry: 0..0,
    })
}

/// The facts of an entry's opening, or why it opens none.
fn open(part: &Lined, found: &Search<'_>) -> Result<Facts, String> {
    let code = found
        .place(Group::Code)
        .ok_or("no code where the pattern expects one")?;
    let codes = part.as_str()[code.clone()].trim();
    let codes: CodeRange = codes.parse().map_err(|error| format!("{error}"))?;
    let mut facts = Facts::new(part.line_at(code.start), codes);
    add_groups(&mut facts, part, found);
    Ok(facts)
}

/// An entry inside the text of another.
struct Swallowed {
    /// Where in the text it starts.
    start: usize,
    /// Its facts and where its opening stands, or why it is no entry.
    opening: Result<(Facts, Range<usize>), String>,
}

/// Says that an entry has more matches of patterns than are taken.
fn tell_cut(entry: &Facts, found: &mut Extraction) {
    let codes = entry.codes;
    let told = format!(
        "the entry of {codes} has more than MAX_MATCHES ({MAX_MATCHES}, in src/extract/search.rs) matches of patterns: what more of them say is left out"
    );
    found.skip(entry.line, told);
}

/// The entries that the text of an entry swallowed, in order.
fn swallowed(
    extractor: &Extractor,
    host: &Facts,
    text: &Lined,
    found: &mut Extraction,
) -> Vec<Swallowed> {
    let Some(pattern) = extractor.embedded() else {
        return Vec::new();
    };
    let mut swallowed = Vec::new();
    let mut search = pattern.search(text.as_str());
    while search.advance() {
        let Some(code) = search.place(Group::Code) else {
            continue;
        };
        let start = code.start;
        let end = match search.place(Group::Text) {
            Some(range) => range.start,
            None => search.range().end,
        };
        let facts = open(text, &search);
        swallowed.push(Swallowed {
            start,
            opening: facts.map(|facts| (facts, start..end.max(start))),
        });
    }
    if search.is_cut() {
        tell_cut(host, found);
    }
    swallowed
}

/// Adds what the layout's fact rules find in an entry's parts.
fn add_facts<'a>(
    extractor: &Extractor,
    facts: &mut Facts,
    part: impl Fn(&str) -> Option<Cow<'a, Lined>>,
    found: &mut Extraction,
) {
    let mut matches = 0;
    for fact in extractor.facts() {
        // What is constant is said once, and there is always room for that.
        let is_constant = fact.pattern.groups.is_empty();
        if matches > MAX_MATCHES && !is_constant {
            continue;
        }
        let Some(part) = part(&fact.part) else {
            continue;
        };
        let before = if is_constant { 0 } else { matches };
        let mut search = fact.pattern.search_behind(before, part.as_str());
        while search.advance() {
            add_groups(facts, &part, &search);
            if let Err(reason) = add_constants(facts, fact, &search) {
                found.skip(facts.line, format!("{}: {reason}", facts.codes));
            }
            if is_constant {
                break;
            }
        }
        if !is_constant {
            matches = search.matches();
            if search.is_cut() {
                tell_cut(facts, found);
            }
        }
    }
}

/// Takes the entry in.
fn finish(mut facts: Facts, text: Lined, found: &mut Extraction) {
    clean(&mut facts, found);
    // A text without a word, such as `??`, only holds the place of one.
    let mut text = text.trimmed().into_string();
    if !text.chars().any(char::is_alphanumeric) {
        text = String::new();
    }
    found.entries.push(Entry { facts, text });
}

fn add_groups(facts: &mut Facts, part: &Lined, found: &Search<'_>) {
    for (group, range) in found.groups() {
        let value = part.as_str()[range].trim();
        // A value without a letter or digit, such as `??`, only holds the place of one.
        if !value.chars().any(char::is_alphanumeric) {
            continue;
        }
        let own = || value.to_owned();
        match group {
            Group::Phrase if facts.phrase.is_none() => facts.phrase = Some(own()),
            Group::Name if facts.name.is_none() => facts.name = Some(own()),
            Group::Former if !facts.former.iter().any(|known| known == value) => {
                facts.former.push(own());
            }
            Group::Note if !facts.annotations.iter().any(|known| known == value) => {
                facts.annotations.push(own());
            }
            Group::Reference => {
                let reference = Reference::parse(value);
                if !facts.references.contains(&reference) {
                    // Most entries have one: room for four would be much of what a claim takes.
                    facts.references.reserve_exact(1);
                    facts.references.push(reference);
                }
            }
            Group::Vendor if facts.origin.is_none() => {
                facts.origin = Some(Origin::Vendor { vendor: own() });
            }
            _ => {}
        }
    }
}

fn add_constants(facts: &mut Facts, fact: &Fact, found: &Search<'_>) -> Result<(), String> {
    if facts.origin.is_none() {
        facts.origin.clone_from(&fact.origin);
    }
    let Some(state) = fact.registration.filter(|_| facts.registration.is_none()) else {
        return Ok(());
    };
    let date = |group| found.get(group).map(str::parse::<Date>).transpose();
    facts.registration = Some(match state {
        State::Registered => Registration::Registered,
        State::Reserved => Registration::Reserved,
        State::Obsoleted => Registration::Obsoleted,
        State::Unregistered => Registration::Unregistered,
        State::Temporary => Registration::Temporary {
            registered: date(Group::Registered)?.ok_or("no day of registration")?,
            extended: date(Group::Extended)?,
            expires: date(Group::Expires)?.ok_or("no day of expiry")?,
        },
    });
    Ok(())
}

/// Takes out values that are not safe to keep, and says so.
fn clean(facts: &mut Facts, found: &mut Extraction) {
    let line = facts.line;
    let codes = facts.codes;
    let mut keep = |what: &str, value: &str| match text::fault(value) {
        None => true,
        Some(fault) => {
            found.skip(
                line,
                format!(
                    "the {what} of {codes}, `{}`, {fault}",
                    text::excerpt(value, 40)
                ),
            );
            false
        }
    };
    facts.phrase.take_if(|phrase| !keep("phrase", phrase));
    facts.name.take_if(|name| !keep("name", name));
    facts.former.retain(|phrase| keep("former phrase", phrase));
    facts.annotations.retain(|note| keep("note", note));
    facts.references.retain(|reference| {
        // A number is safe.
        matches!(reference, Reference::Rfc { section: None, .. })
            || keep("reference", &reference.to_string())
    });
    facts.origin.take_if(|origin| {
        // It is written with a word before it.
        let is_kept = |vendor| keep("vendor", vendor) && keep("origin", &origin.to_string());
        !origin.vendor().is_none_or(is_kept)
    });
}
