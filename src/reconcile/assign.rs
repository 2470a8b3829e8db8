use crate::digest::{TEXT_DIGITS, sha256};
use crate::model::{Claim, Entry, Facts, Meaning, text};

use super::Meanings;
use super::spelling::{is_known, slip_for};

/// How many characters of the evidence are kept: there may be hundreds of terms.
const MOST: usize = 500;

/// Ties an entry to the one meaning of its code that the evidence speaks for, and says which evidence that was.
///
/// A phrase speaks louder than all else, unless the text's words speak for another meaning alone. An
/// entry that fits no meaning of its code, or several, is tied to none.
#[must_use]
pub fn assign(entry: Entry, meanings: &Meanings) -> Claim {
    let Entry { facts, text } = entry;
    let (meaning, matched) = if facts.is_vacancy() && text.is_empty() {
        (None, "unassigned".to_owned())
    } else {
        match facts.codes.single() {
            Some(code) => choose(&facts, &text, meanings.of(code)),
            None => (None, "a range of codes has no meaning".to_owned()),
        }
    };
    // Texts that differ in white space only are one text.
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    Claim {
        facts,
        meaning: meaning.map(|meaning| meaning.id.clone()),
        matched: text::excerpt(&matched, MOST),
        text_length: folded.chars().count(),
        text_digest: (!folded.is_empty()).then(|| {
            let mut digest = sha256(folded.as_bytes());
            digest.truncate(TEXT_DIGITS);
            digest
        }),
    }
}

fn choose<'a>(
    facts: &Facts,
    text: &str,
    candidates: &'a [Meaning],
) -> (Option<&'a Meaning>, String) {
    let words = text::normalize(&format!(
        "{} {} {text}",
        facts.phrase.as_deref().unwrap_or_default(),
        facts.name.as_deref().unwrap_or_default()
    ));
    let weighed: Vec<(&Meaning, Evidence)> = candidates
        .iter()
        .map(|meaning| (meaning, Evidence::weigh(facts, &words, meaning)))
        .collect();
    let fitting: Vec<&(&Meaning, Evidence)> = weighed
        .iter()
        .filter(|(_, evidence)| evidence.fits())
        .collect();
    let by_phrase: Vec<_> = fitting
        .iter()
        .filter(|(_, evidence)| evidence.phrase.is_some())
        .collect();
    let contradicted = |own: &Evidence| {
        own.terms.is_empty() && fitting.iter().any(|(_, other)| !other.terms.is_empty())
    };

    match (&by_phrase[..], &fitting[..]) {
        ([(meaning, evidence)], _) if !contradicted(evidence) => {
            (Some(meaning), evidence.to_string())
        }
        ([], [(meaning, evidence)]) => (Some(meaning), evidence.to_string()),
        (_, []) => (None, format!("fits none of {}", list(candidates.iter()))),
        _ => {
            let fits = fitting
                .iter()
                .map(|(meaning, evidence)| format!("{} ({evidence})", meaning.id));
            (
                None,
                format!("fits {}", fits.collect::<Vec<_>>().join(" and ")),
            )
        }
    }
}

fn list<'a>(meanings: impl Iterator<Item = &'a Meaning>) -> String {
    let ids: Vec<&str> = meanings.map(|meaning| meaning.id.as_str()).collect();
    if ids.is_empty() {
        "the known meanings: the code has none".to_owned()
    } else {
        ids.join(", ")
    }
}

/// What speaks for a meaning.
#[derive(Default)]
struct Evidence {
    phrase: Option<&'static str>,
    name: bool,
    references: Vec<String>,
    vendor: bool,
    near: Option<String>,
    terms: Vec<String>,
}

impl Evidence {
    /// Weighs an entry's facts and the normal form of its words for a meaning.
    fn weigh(facts: &Facts, words: &str, meaning: &Meaning) -> Self {
        let phrase = facts.phrase.as_deref();
        let known = phrase.is_some_and(|phrase| is_known(&text::normalize(phrase), meaning));
        let canonical = phrase.is_some_and(|phrase| meaning.has_phrase(phrase));
        let near = phrase.and_then(|phrase| slip_for(phrase, meaning));
        let vendor = facts
            .origin
            .as_ref()
            .and_then(|origin| origin.vendor())
            .map(text::normalize);
        let cited = facts
            .references
            .iter()
            .filter(|cited| meaning.all_references().any(|own| own.same_document(cited)));
        let name = facts.name.as_deref().map(text::normalize);
        Self {
            phrase: match (canonical, known) {
                (true, _) => Some("phrase"),
                (false, true) => Some("known phrase"),
                (false, false) => None,
            },
            name: name.is_some_and(|name| {
                meaning
                    .names
                    .values()
                    .any(|own| text::normalize(own) == name)
            }),
            references: cited
                .map(|reference| reference.document().to_string())
                .collect(),
            vendor: vendor.is_some() && vendor == meaning.origin.vendor().map(text::normalize),
            near: near.map(str::to_owned),
            terms: meaning
                .evidence
                .terms
                .iter()
                .filter(|term| words.contains(&text::normalize(term)))
                .cloned()
                .collect(),
        }
    }

    fn fits(&self) -> bool {
        self.phrase.is_some()
            || self.name
            || self.vendor
            || self.near.is_some()
            || !self.references.is_empty()
            || !self.terms.is_empty()
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.phrase.map(str::to_owned));
        parts.extend(
            self.near
                .as_ref()
                .map(|near| format!("near the phrase {near}")),
        );
        parts.extend(self.name.then(|| "name".to_owned()));
        parts.extend(
            (!self.references.is_empty())
                .then(|| format!("reference: {}", self.references.join(", "))),
        );
        parts.extend(self.vendor.then(|| "vendor".to_owned()));
        parts.extend((!self.terms.is_empty()).then(|| format!("terms: {}", self.terms.join(", "))));
        f.write_str(&parts.join("; "))
    }
}
