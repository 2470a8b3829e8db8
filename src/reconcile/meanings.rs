use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Code, Meaning, Reference, Registration, text};
use crate::yaml;

/// The languages in which every meaning is described, as BCP 47 tags.
const SUMMARY_LANGUAGES: &[&str] = &["en", "zh-Hans"];

/// Every known meaning, in the order of the codes and then of the files.
#[derive(Debug, Clone, Default)]
pub struct Meanings {
    meanings: Vec<Meaning>,
    places: Vec<(String, u32)>,
}

impl Meanings {
    /// Reads the files under `registry/meanings/`.
    ///
    /// # Errors
    /// Everything that is wrong in any of them.
    pub fn read(files: &[yaml::Source]) -> Result<Self, Diagnostics> {
        let mut errors = Diagnostics::new();
        let mut found: Vec<(Meaning, String, u32)> = Vec::new();
        for file in files {
            match file.read_list::<Meaning>() {
                Ok(meanings) if meanings.is_empty() => errors.push(
                    Diagnostic::error("there is no meaning in the file")
                        .at(file.file(), 1)
                        .help("bring back what it held, or take the file out"),
                ),
                Ok(meanings) => {
                    for (index, meaning) in meanings.into_iter().enumerate() {
                        let index = index.to_string();
                        faults(&meaning, file, &index, &mut errors);
                        let line = file.line(&[&index]);
                        found.push((meaning, file.file().to_owned(), line));
                    }
                }
                Err(faults) => errors.extend(faults),
            }
        }
        found.sort_by_key(|(meaning, ..)| meaning.code);
        let (meanings, places) = found
            .into_iter()
            .map(|(meaning, file, line)| (meaning, (file, line)))
            .unzip();
        let meanings = Self { meanings, places };
        meanings.compare(&mut errors);
        if errors.is_empty() {
            Ok(meanings)
        } else {
            Err(errors)
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Meaning> {
        self.meanings.iter()
    }

    /// Those of a code.
    #[must_use]
    pub fn of(&self, code: Code) -> &[Meaning] {
        let start = self.meanings.partition_point(|meaning| meaning.code < code);
        let end = self
            .meanings
            .partition_point(|meaning| meaning.code <= code);
        &self.meanings[start..end]
    }

    /// The one with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Meaning> {
        let code = id.get(..3)?.parse().ok()?;
        self.of(code).iter().find(|meaning| meaning.id == id)
    }

    /// Where a meaning is written down.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<(&str, u32)> {
        let index = self.meanings.iter().position(|meaning| meaning.id == id)?;
        self.places
            .get(index)
            .map(|(file, line)| (file.as_str(), *line))
    }

    /// An error about a meaning, where it is written down.
    pub fn error_about(&self, meaning: &Meaning, message: String) -> Diagnostic {
        match self.place(&meaning.id) {
            Some((file, line)) => Diagnostic::error(message).at(file, line),
            None => Diagnostic::error(message),
        }
    }

    fn error(&self, index: usize, message: String) -> Diagnostic {
        match self.places.get(index) {
            Some((file, line)) => Diagnostic::error(message).at(file, *line),
            None => Diagnostic::error(message),
        }
    }

    /// What is wrong between meanings: ids given twice, phrases and terms that two of a code share.
    fn compare(&self, errors: &mut Diagnostics) {
        let mut seen: BTreeMap<(Code, String), usize> = BTreeMap::new();
        let mut names: BTreeMap<(&str, String), &Meaning> = BTreeMap::new();
        for (index, meaning) in self.meanings.iter().enumerate() {
            for (language, name) in &meaning.names {
                let first = names.insert((language, text::normalize(name)), meaning);
                if let Some(first) = first {
                    let message = format!("the name `{name}` also belongs to `{}`", first.id);
                    let help = "a name stands for one meaning: give them different ones";
                    errors.push(self.error(index, message).help(help));
                }
            }
            let phrases = meaning
                .phrases()
                .map(|phrase| format!("the phrase `{}`", text::normalize(phrase)));
            let terms = meaning
                .evidence
                .terms
                .iter()
                .map(|term| format!("the term `{}`", text::normalize(term)));
            let ids = [&meaning.id].into_iter().chain(&meaning.former_ids);
            let ids = ids.map(|id| format!("the id `{id}`"));
            let apart = "evidence must tell the meanings of a code apart: keep it with one of them";
            let own = "an id is that of one meaning: give this one another, or take it out";
            let evidence = phrases.chain(terms).map(|evidence| (evidence, apart));
            for (evidence, help) in evidence.chain(ids.map(|id| (id, own))) {
                match seen.insert((meaning.code, evidence.clone()), index) {
                    Some(other) if other != index => {
                        let (file, line) = &self.places[other];
                        errors.push(
                            self.error(
                                index,
                                format!(
                                    "{evidence} also belongs to `{}` ({file}:{line})",
                                    self.meanings[other].id
                                ),
                            )
                            .help(help),
                        );
                    }
                    Some(_) => errors.push(
                        self.error(
                            index,
                            format!("{evidence} is given twice in `{}`", meaning.id),
                        )
                        .help("keep one of them"),
                    ),
                    None => {}
                }
            }
        }
    }
}

/// What is wrong with one meaning.
fn faults(meaning: &Meaning, file: &yaml::Source, index: &str, errors: &mut Diagnostics) {
    let mut fault = |path: &[&str], message: String, help: &str| {
        let path: Vec<&str> = [index].iter().chain(path).copied().collect();
        errors.push(
            file.error(
                &path,
                format!("`{}`: {message}", text::excerpt(&meaning.id, 60)),
            )
            .help(help),
        );
    };
    let code = meaning.code;
    let prefix = format!("{code}-");
    let plain = |slug: &str| {
        slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
    };
    let ids = [("id", &meaning.id)].into_iter();
    for (key, id) in ids.chain(meaning.former_ids.iter().map(|id| ("former_ids", id))) {
        if !id.strip_prefix(&prefix).is_some_and(plain) {
            let message = format!(
                "{key}: `{}` does not fit the code {code}",
                text::excerpt(id, 60)
            );
            let help = format!(
                "write {prefix} and words of lower-case letters and digits with hyphens between them"
            );
            fault(&[key], message, &help);
        }
    }
    let expected = format!("registry/meanings/{}xx.yaml", u16::from(code) / 100);
    if file.file() != expected {
        fault(
            &["code"],
            format!("{code} does not belong in this file"),
            &format!("move the meaning to {expected}"),
        );
    }

    for (path, value) in texts(meaning) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let problem = match path[..] {
            ["phrase" | "former_phrases", ..] => text::phrase_fault(value),
            ["names", language] if !["en", "zh-Hans"].contains(&language) => text::fault(value),
            _ => text::sentence_fault(value),
        };
        if let Some(problem) = problem {
            fault(
                &path,
                format!(
                    "{}: `{}` {problem}",
                    path.join("."),
                    text::excerpt(value, 40)
                ),
                "give plain text on one line",
            );
        }
    }
    for (key, texts) in [("names", &meaning.names), ("summary", &meaning.summary)] {
        for tag in texts.keys().filter(|tag| !text::is_language_tag(tag)) {
            fault(
                &[key, tag],
                format!(
                    "{key}: `{}` is no BCP 47 tag of language, script and region",
                    text::excerpt(tag, 40)
                ),
                "write for example en, en-GB, zh-Hans, with these capitals",
            );
        }
    }
    for language in SUMMARY_LANGUAGES {
        if !meaning.summary.contains_key(*language) {
            fault(
                &["summary"],
                format!("has no summary in `{language}`"),
                "add one to three plain sentences of our own",
            );
        }
    }
    if !meaning.names.contains_key("zh-Hans") {
        fault(
            &["names"],
            "has no Chinese name".into(),
            "add `names: { zh-Hans: … }`",
        );
    }

    let lists = [
        ("references", &meaning.references),
        ("former_references", &meaning.former_references),
    ];
    let mut known = BTreeSet::new();
    for (key, references) in lists {
        for (at, reference) in references.iter().enumerate() {
            let title = reference.to_string();
            let problem = text::sentence_fault(&title).or_else(|| match reference {
                _ if !known.insert(reference) => Some("is given twice".into()),
                Reference::Page { url, .. }
                    if !url.starts_with("https://") || !text::is_web_address(url) =>
                {
                    Some("has no web address that starts with https://".into())
                }
                Reference::Document(name) if !is_document_name(name) => {
                    Some("is no name of an IETF document, such as draft-ietf-httpbis-x".into())
                }
                _ => None,
            });
            if let Some(problem) = problem {
                fault(
                    &[key, &at.to_string()],
                    format!("{key}: `{}` {problem}", text::excerpt(&title, 60)),
                    "mend the reference",
                );
            }
        }
    }
    if let Some(problem) = meaning.registration.fault() {
        fault(
            &["registration"],
            problem.to_owned(),
            "write days, such as 2026-11-13: registered, then extended, then expires",
        );
    }
    for (at, former) in meaning.former_phrases.iter().enumerate() {
        if former.replaced_by.as_ref() == Some(&former.used_by) {
            fault(
                &["former_phrases", &at.to_string()],
                format!("{} cannot replace the phrase that it used", former.used_by),
                "say in `replaced_by` who wrote another phrase first",
            );
        }
    }
    let is_reserved = meaning.registration == Registration::Reserved;
    if is_reserved && meaning.phrase.is_some() {
        fault(
            &["phrase"],
            "a reserved code has no phrase".into(),
            "take it out, or correct `registration`; what stands in for a phrase, such as `(Unused)`, goes among evidence.phrases",
        );
    }
    if !is_reserved && meaning.phrase.is_none() {
        fault(
            &["phrase"],
            "only a reserved code has no phrase".into(),
            "give the phrase, or set `registration` to `{ state: reserved }`",
        );
    }
}

/// Every text of a meaning, with the keys that lead to it.
fn texts(meaning: &Meaning) -> Vec<(Vec<String>, &str)> {
    let mut texts: Vec<(Vec<String>, &str)> = Vec::new();
    let mut add = |path: &[&str], value| {
        texts.push((path.iter().map(ToString::to_string).collect(), value));
    };
    if let Some(phrase) = &meaning.phrase {
        add(&["phrase"], phrase);
    }
    for (at, former) in meaning.former_phrases.iter().enumerate() {
        let at = at.to_string();
        add(&["former_phrases", &at, "phrase"], &former.phrase);
        add(&["former_phrases", &at, "used_by"], &former.used_by);
        if let Some(by) = &former.replaced_by {
            add(&["former_phrases", &at, "replaced_by"], by);
        }
    }
    for (key, by_language) in [("names", &meaning.names), ("summary", &meaning.summary)] {
        for (tag, value) in by_language {
            add(&[key, tag], value);
        }
    }
    if let Some(vendor) = meaning.origin.vendor() {
        add(&["origin", "vendor"], vendor);
    }
    let lists = [
        ("phrases", &meaning.evidence.phrases),
        ("terms", &meaning.evidence.terms),
    ];
    for (key, values) in lists {
        for (at, value) in values.iter().enumerate() {
            add(&["evidence", key, &at.to_string()], value);
        }
    }
    texts
}

/// Whether the IETF's datatracker could have a document of this name.
fn is_document_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
}
