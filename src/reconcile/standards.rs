//! What the standards say of the codes that IANA lists: the answers to what programs ask of a code.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::ledger::Ledger;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Answer, At, ClaimRef, Code, CodeRange, FieldRequirement, Place, Reference, Requirement,
    RetryRequirement, Semantics, SourceEntry, StandardClaim, Support, text,
};
use crate::yaml;

/// The languages in which a condition is told, as BCP 47 tags.
const LANGUAGES: [&str; 2] = ["en", "zh-Hans"];

/// An RFC, and what a person read in it: `sources/<id>/claims.yaml`.
#[derive(Clone)]
pub struct Standard {
    /// The source.
    pub entry: SourceEntry,
    /// The number of the RFC.
    rfc: u32,
    /// The file of its claims.
    file: String,
    /// Its claims, each with its line in the file.
    claims: Vec<(StandardClaim, u32)>,
}

impl Standard {
    /// Reads the claims of an RFC.
    ///
    /// # Errors
    /// Everything that is wrong in the file.
    pub fn read(entry: SourceEntry, rfc: u32, source: &yaml::Source) -> Result<Self, Diagnostics> {
        let mut errors = Diagnostics::new();
        let mut claims = Vec::new();
        for (index, claim) in source.read_list::<StandardClaim>()?.into_iter().enumerate() {
            let index = index.to_string();
            faults(&claim, |path, message, help| {
                let path: Vec<&str> = [index.as_str()].iter().chain(path).copied().collect();
                errors.push(source.error(&path, message).help(help));
            });
            let line = source.line(&[&index]);
            claims.push((claim, line));
        }
        if claims.is_empty() {
            let error = source.error(&[], "there are no claims");
            errors.push(error.help(
                "say what the RFC says of at least one code, or take out the folder of the source",
            ));
        }
        if errors.is_empty() {
            Ok(Self {
                entry,
                rfc,
                file: source.file().to_owned(),
                claims,
            })
        } else {
            Err(errors)
        }
    }
}

impl Standard {
    /// Whether the RFC says anything of a code, as far as its claims go.
    pub fn speaks_of(&self, code: Code) -> bool {
        self.claims.iter().any(|(claim, _)| claim.names(code))
    }
}

/// What is wrong with one claim, by the path to it.
fn faults(claim: &StandardClaim, mut fault: impl FnMut(&[&str], String, &str)) {
    if !Reference::is_section(&claim.section) {
        let section = text::excerpt(&claim.section, 40);
        let help = "write its number in quotes, such as \"15.5.2\" or \"B.2\"";
        fault(&["section"], format!("`{section}` is no section"), help);
    }
    if claim.codes.is_empty() {
        fault(
            &["codes"],
            "there are no codes".into(),
            "list the codes that the section speaks of, or take the entry out",
        );
    }
    for (index, codes) in claim.codes.iter().enumerate() {
        let mut before = claim.codes[..index].iter();
        if before.any(|other| other.contains(codes.first()) || codes.contains(other.first())) {
            fault(
                &["codes", &index.to_string()],
                format!("{codes} is among the codes twice"),
                "name each code once",
            );
        }
    }
    if claim.supports().is_empty() {
        fault(
            &[],
            "the claim says nothing".into(),
            "give at least one of interim, may_have_content, heuristically_cacheable, fields, redirect_method, retry",
        );
    }
    for (index, field) in claim.fields.iter().enumerate() {
        let index = index.to_string();
        if !is_field_name(&field.name) {
            let name = text::excerpt(&field.name, 40);
            let help = "write it as its RFC does, such as WWW-Authenticate";
            fault(
                &["fields", &index, "name"],
                format!("`{name}` is no field name"),
                help,
            );
        }
        if matches!(
            field.requirement,
            Requirement::ShouldNot | Requirement::MustNot
        ) {
            let message = format!(
                "`{}` does not say that the field is sent",
                field.requirement
            );
            fault(
                &["fields", &index, "requirement"],
                message,
                "write must, should or may",
            );
        }
        condition(&field.when, &["fields", &index, "when"], &mut fault);
    }
    for (index, retry) in claim.retry.iter().enumerate() {
        let index = index.to_string();
        condition(&retry.when, &["retry", &index, "when"], &mut fault);
    }
}

/// What is wrong with a condition: it is told in all languages, or there is none.
fn condition(
    when: &BTreeMap<String, String>,
    path: &[&str],
    fault: &mut impl FnMut(&[&str], String, &str),
) {
    if !when.is_empty() && !when.keys().eq(LANGUAGES) {
        fault(
            path,
            format!("the condition is not in {}", LANGUAGES.join(" and ")),
            "write a clause in each of these languages, or take `when` out",
        );
    }
    for (language, clause) in when {
        if let Some(problem) = text::sentence_fault(clause) {
            let path: Vec<&str> = path.iter().chain([&language.as_str()]).copied().collect();
            fault(
                &path,
                format!("the condition {problem}"),
                "give plain text on one line",
            );
        }
    }
}

/// Whether this can name a field (RFC 9110, Section 5.1), with the letters that registered ones have.
fn is_field_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

impl StandardClaim {
    fn names(&self, code: Code) -> bool {
        self.codes.iter().any(|codes| codes.contains(code))
    }

    /// What of a code's semantics the claim speaks of.
    fn supports(&self) -> Vec<Support> {
        let said = [
            (Support::Interim, self.interim.is_some()),
            (Support::MayHaveContent, self.may_have_content.is_some()),
            (
                Support::HeuristicallyCacheable,
                self.heuristically_cacheable.is_some(),
            ),
            (Support::Fields, !self.fields.is_empty()),
            (Support::RedirectMethod, self.redirect_method.is_some()),
            (Support::Retry, !self.retry.is_empty()),
        ];
        let said = said.into_iter().filter(|(_, is_said)| *is_said);
        said.map(|(support, _)| support).collect()
    }
}

/// What the standards say of each code that IANA lists, and where.
#[derive(Default)]
pub struct Answers {
    semantics: BTreeMap<Code, Semantics>,
    claims: BTreeMap<Code, Vec<ClaimRef>>,
}

impl Answers {
    /// What is answered of a code.
    pub fn semantics_of(&self, code: Code) -> Semantics {
        self.semantics.get(&code).cloned().unwrap_or_default()
    }

    /// Who answers it.
    pub fn claims_of(&self, code: Code) -> &[ClaimRef] {
        self.claims.get(&code).map_or(&[], Vec::as_slice)
    }
}

/// Gathers the answers. Two that differ are an error: a code has one.
pub fn answers(
    ledger: &Ledger<'_>,
    errors: &mut Diagnostics,
    warnings: &mut Diagnostics,
) -> Answers {
    let listed: Vec<Code> = listed(ledger).collect();
    let mut answers = Answers::default();
    for standard in &ledger.input.standards {
        for (claim, line) in &standard.claims {
            let at = |diagnostic: Diagnostic| diagnostic.at(&standard.file, *line);
            let reference = Reference::Rfc {
                number: standard.rfc,
                section: Some(claim.section.clone()),
            };
            // Of a range, those that are listed are meant.
            let is_unlisted = |codes: &&CodeRange| !listed.iter().any(|code| codes.contains(*code));
            for codes in claim.codes.iter().filter(is_unlisted) {
                let message = format!(
                    "IANA does not list {codes} with a phrase, so what {reference} says of it is left out"
                );
                warnings.push(at(Diagnostic::warning(message)).help(format!("take {codes} out; if nothing is left then, take out the entry, or the folder of the source")));
            }
            for code in listed.iter().filter(|code| claim.names(**code)) {
                let semantics = answers.semantics.entry(*code).or_default();
                for fault in semantics.hear(claim, &reference) {
                    let message = format!("{code}: {fault}");
                    errors.push(at(Diagnostic::error(message)).help(
                        "a code has one answer, given once for each section: keep the more specific one, or that of the newer RFC",
                    ));
                }
                answers.claims.entry(*code).or_default().push(ClaimRef {
                    place: Place {
                        source: standard.entry.id.clone(),
                        at: At::Section {
                            section: claim.section.clone(),
                        },
                    },
                    supports: claim.supports(),
                });
            }
        }
    }
    answers
}

/// The codes that IANA lists with a phrase.
fn listed(ledger: &Ledger<'_>) -> impl Iterator<Item = Code> {
    let meanings = ledger.input.meanings.iter();
    let listed = meanings.filter(|meaning| ledger.is_listed(meaning));
    listed.map(|meaning| meaning.code)
}

impl Semantics {
    /// Adds what a claim says, and returns what contradicts it.
    fn hear(&mut self, claim: &StandardClaim, reference: &Reference) -> Vec<String> {
        let answers = [
            answer(&mut self.interim, claim.interim, reference)
                .map(|other| format!("interim: {other}")),
            answer(
                &mut self.may_have_content,
                claim.may_have_content,
                reference,
            )
            .map(|other| format!("may_have_content: {other}")),
            answer(
                &mut self.heuristically_cacheable,
                claim.heuristically_cacheable,
                reference,
            )
            .map(|other| format!("heuristically_cacheable: {other}")),
            answer(&mut self.redirect_method, claim.redirect_method, reference)
                .map(|other| format!("redirect_method: {other}")),
        ];
        let mut faults: Vec<String> = answers.into_iter().flatten().collect();
        for field in &claim.fields {
            let mut own = self.fields.iter_mut();
            let own = own
                .find(|own| own.name.eq_ignore_ascii_case(&field.name) && own.when == field.when);
            let said = format!("{} {}", field.requirement, field.name);
            match own {
                Some(own) => {
                    let known = format!("{} {}", own.requirement, own.name);
                    let other = repeat(&said, &known, &mut own.references, reference);
                    faults.extend(other.map(|other| format!("fields: {other}")));
                }
                None => self.fields.push(FieldRequirement {
                    name: field.name.clone(),
                    requirement: field.requirement,
                    when: field.when.clone(),
                    references: vec![reference.clone()],
                }),
            }
        }
        for retry in &claim.retry {
            let mut own = self.retry.iter_mut();
            match own.find(|own| own.when == retry.when) {
                Some(own) => {
                    let (said, known) = (&retry.requirement, &own.requirement);
                    let other = repeat(said, known, &mut own.references, reference);
                    faults.extend(other.map(|other| format!("retry: {other}")));
                }
                None => self.retry.push(RetryRequirement {
                    requirement: retry.requirement,
                    when: retry.when.clone(),
                    references: vec![reference.clone()],
                }),
            }
        }
        faults
    }
}

/// Enters an answer, or returns how the one that is there already differs.
fn answer<T: PartialEq + Display>(
    slot: &mut Option<Answer<T>>,
    value: Option<T>,
    reference: &Reference,
) -> Option<String> {
    let value = value?;
    match slot {
        None => {
            *slot = Some(Answer {
                value,
                references: vec![reference.clone()],
            });
            None
        }
        Some(own) => repeat(&value, &own.value, &mut own.references, reference),
    }
}

/// Enters where an answer is given once more, or returns how it differs from the one that is there already.
fn repeat<T: PartialEq + Display>(
    said: &T,
    known: &T,
    references: &mut Vec<Reference>,
    reference: &Reference,
) -> Option<String> {
    if said != known {
        let others: Vec<String> = references.iter().map(ToString::to_string).collect();
        return Some(format!("{said} here, but {known} in {}", others.join("; ")));
    }
    if references.contains(reference) {
        return Some(format!("{said} is given twice for {reference}"));
    }
    references.push(reference.clone());
    None
}
