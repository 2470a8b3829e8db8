//! A pattern of a layout, and the search for it.

use std::cell::{RefCell, RefMut};
use std::ops::Range;

use regex::{CaptureLocations, Regex};

/// What a named group of a pattern carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Code,
    Phrase,
    Name,
    Former,
    Reference,
    Vendor,
    Note,
    Text,
    Registered,
    Extended,
    Expires,
}

/// The groups by their names in patterns.
pub const GROUPS: [(&str, Group); 11] = [
    ("code", Group::Code),
    ("phrase", Group::Phrase),
    ("name", Group::Name),
    ("former", Group::Former),
    ("reference", Group::Reference),
    ("vendor", Group::Vendor),
    ("note", Group::Note),
    ("text", Group::Text),
    ("registered", Group::Registered),
    ("extended", Group::Extended),
    ("expires", Group::Expires),
];

/// A pattern, and its groups that carry something.
#[derive(Debug)]
pub struct Pattern {
    pub regex: Regex,
    /// Each with its number, in their order.
    pub groups: Vec<(usize, Group)>,
    /// Where the groups of the last match are. No two searches of one pattern run at once: an entry, a
    /// cell of each column and a fact are each looked for in one text and left before the next.
    places: RefCell<CaptureLocations>,
}

/// How many matches of patterns are taken in one entry. Each is searched for anew, behind the last, and what it
/// says is compared with what the others say.
pub const MAX_MATCHES: usize = 1_000;

/// A way through a text, from one match of a pattern to the next.
pub struct Search<'a> {
    pattern: &'a Pattern,
    text: &'a str,
    places: RefMut<'a, CaptureLocations>,
    /// Where to look for the next one.
    next: usize,
    /// How many there have been in this entry.
    matches: usize,
}

impl Pattern {
    pub fn new(regex: Regex, groups: Vec<(usize, Group)>) -> Self {
        Self {
            places: RefCell::new(regex.capture_locations()),
            regex,
            groups,
        }
    }

    pub fn search<'a>(&'a self, text: &'a str) -> Search<'a> {
        self.search_behind(0, text)
    }

    /// A search in an entry in which other patterns have had so many matches.
    pub fn search_behind<'a>(&'a self, matches: usize, text: &'a str) -> Search<'a> {
        Search {
            pattern: self,
            text,
            places: self.places.borrow_mut(),
            next: 0,
            matches,
        }
    }

    /// A search that stands at its first match, if there is one.
    pub fn find<'a>(&'a self, text: &'a str) -> Option<Search<'a>> {
        let mut search = self.search(text);
        search.advance().then_some(search)
    }

    /// Whether this takes all of any line for its text, so that nothing need be searched for.
    pub fn takes_all(&self) -> bool {
        self.regex.as_str() == "^(?<text>.*)$"
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    pub fn has(&self, group: Group) -> bool {
        self.groups.iter().any(|(_, carried)| *carried == group)
    }
}

impl<'a> Search<'a> {
    /// Goes on to the next match, if there is one and [`MAX_MATCHES`] allows it.
    pub fn advance(&mut self) -> bool {
        let (text, places) = (self.text, &mut self.places);
        let start = self.next;
        if start > text.len() {
            return false;
        }
        let Some(found) = self.pattern.regex.captures_read_at(places, text, start) else {
            return false;
        };
        // Behind an empty match, the next one starts a character further on.
        let end = found.end();
        let step = text[end..].chars().next().map_or(1, char::len_utf8);
        self.next = if found.is_empty() { end + step } else { end };
        self.matches += 1;
        !self.is_cut()
    }

    /// How many matches there have been, with those before.
    pub fn matches(&self) -> usize {
        self.matches
    }

    /// Whether there is a match more than are taken.
    pub fn is_cut(&self) -> bool {
        self.matches > MAX_MATCHES
    }

    /// Where the match is.
    pub fn range(&self) -> Range<usize> {
        self.places.get(0).map_or(0..0, |(start, end)| start..end)
    }

    /// Where what a group carries is.
    pub fn place(&self, group: Group) -> Option<Range<usize>> {
        let mut groups = self.groups();
        groups.find_map(|(carried, range)| (carried == group).then_some(range))
    }

    /// What a group carries.
    pub fn get(&self, group: Group) -> Option<&'a str> {
        self.place(group).map(|range| &self.text[range])
    }

    /// All groups that carry something here, in their order.
    pub fn groups(&self) -> impl Iterator<Item = (Group, Range<usize>)> {
        self.pattern.groups.iter().filter_map(|(number, group)| {
            let (start, end) = self.places.get(*number)?;
            Some((*group, start..end))
        })
    }
}
