//! What the modules for programming languages share: the names of the codes, and how text gets
//! into string literals and comments without getting out of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::model::{Answer, FormerPhrase, MeaningEntry, Registration, Registry, text};

/// How a module makes a name of a phrase.
pub type Spell = fn(&str) -> String;

/// A code that IANA lists with a phrase, and the names that a module gives it.
pub struct Constant<'a> {
    /// The name, made of the phrase.
    pub name: String,
    /// The code.
    pub code: u16,
    /// The phrase.
    pub phrase: &'a str,
    /// What the code means.
    pub meaning: &'a MeaningEntry,
    /// Further names, made of the phrases that it bore before.
    pub former: Vec<(String, &'a FormerPhrase)>,
}

/// The constants of a module, by code. No two of their names are the same.
///
/// `spell` makes a name of a phrase. Where that gives none, or one that is taken, the code makes
/// the name.
pub fn constants<'a>(registry: &'a Registry, spell: Spell) -> Vec<Constant<'a>> {
    let by_code = |code: u16| spell(&format!("Code {code}"));
    // The modules have constants of their own, and no phrase may look like the name that another code is left with.
    let mut taken = BTreeSet::from(["VERSION", "MEANINGS", "StatusText"].map(str::to_owned));
    taken.extend((100..=599).map(by_code));
    let mut name = |phrase: &str| {
        let name = spell(phrase);
        let first = words(phrase).into_iter().next();
        let starts_well = first.is_some_and(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
        (starts_well && taken.insert(name.clone())).then_some(name)
    };
    let mut constants: Vec<Constant> = super::registered(registry)
        .map(|(code, phrase, meaning)| Constant {
            name: name(phrase).unwrap_or_else(|| by_code(code)),
            code,
            phrase,
            meaning,
            former: Vec::new(),
        })
        .collect();
    // Only when every code has its name: what one bore before may be the name of another now.
    for constant in &mut constants {
        let former = constant.meaning.former_phrases.iter();
        constant.former = former
            .filter_map(|former| Some((name(&former.phrase)?, former)))
            .collect();
    }
    constants
}

impl Constant<'_> {
    /// Where the code is defined: a title and an address.
    pub fn definition(&self) -> Option<(String, String)> {
        let reference = self.meaning.references.first()?;
        Some((reference.to_string(), reference.url()))
    }

    /// A sentence, after a space, about a registration that is not a plain one.
    pub fn remark(&self) -> String {
        match &self.meaning.registration {
            Registration::Obsoleted => " Obsolete.".to_owned(),
            Registration::Temporary { expires, .. } => {
                format!(" Registered for a time only, until {expires}.")
            }
            _ => String::new(),
        }
    }
}

/// All meanings, with their codes.
pub fn meanings(registry: &Registry) -> impl Iterator<Item = (u16, &MeaningEntry)> {
    registry.codes.iter().flat_map(|code| {
        let meanings = code.meanings.iter();
        meanings.map(|meaning| (code.code.into(), meaning))
    })
}

/// The text in a language; empty if there is none.
pub fn in_language<'a>(texts: &'a BTreeMap<String, String>, tag: &str) -> &'a str {
    texts.get(tag).map_or("", String::as_str)
}

/// What the standards answer, without where.
pub fn value<T: Copy>(answer: &Option<Answer<T>>) -> Option<T> {
    answer.as_ref().map(|answer| answer.value)
}

/// The words of a phrase that can be part of a name.
pub fn words(phrase: &str) -> Vec<String> {
    let plain = phrase.replace('\'', "");
    plain
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The phrase's words in capitals, with underscores between them.
pub fn upper_snake(phrase: &str) -> String {
    words(phrase).join("_").to_ascii_uppercase()
}

/// A literal in double quotes, for the languages that have `\"`, `\\` and `\u` with four digits.
///
/// What could end the literal, or is not to be seen, is escaped, and `<` too: the literal may come
/// to stand in a script element. `wide` escapes a character that four digits do not reach.
pub fn quoted(text: &str, wide: fn(char) -> String) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match u32::from(c) {
            0x22 | 0x5c => out.extend(['\\', c]),
            _ if c != '<' && !text::is_unsafe(c) => out.push(c),
            number @ ..=0xffff => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{number:04x}");
            }
            _ => out.push_str(&wide(c)),
        }
    }
    out.push('"');
    out
}

/// Text for a comment that ends with the line: on one line, with nothing in it that is not to be seen.
pub fn one_line(text: &str) -> String {
    text::excerpt(text, usize::MAX)
}
