//! What a copy of the registry has to be, so that its word can be taken.

use std::collections::BTreeMap;

use super::{Input, Source, claim_error};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Authority, Code, text};

/// Everything that is wrong with copies of the registry.
pub fn check(input: &Input, errors: &mut Diagnostics) {
    let is_copy = |source: &&Source| source.entry.authority == Authority::Registry;
    let copies: Vec<&Source> = input.sources.iter().filter(is_copy).collect();
    if let [newest, next, ..] = copies[..]
        && newest.entry.date == next.entry.date
    {
        let (newest, next) = (&newest.entry, &next.entry);
        let date = newest
            .date
            .map_or("no date".into(), |date| format!("the date {date}"));
        let message = format!(
            "both {} and {} are copies of the registry with {date}, so that neither is the newest",
            newest.id, next.id
        );
        let file = format!("sources/{}/source.yaml", newest.id);
        let error = Diagnostic::error(message).in_file(file);
        errors.push(error.help("give each its `date` in its manifest, or take one out"));
    }
    for copy in copies {
        check_copy(copy, errors);
    }
}

fn check_copy(copy: &Source, errors: &mut Diagnostics) {
    let mut listed: BTreeMap<Code, u32> = BTreeMap::new();
    for (index, claim) in copy.claims.iter().enumerate() {
        let facts = &claim.facts;
        if claim.is_vacancy() {
            continue;
        }
        if let Some(code) = facts.codes.single() {
            listed.insert(code, facts.line);
        }
        if let Some(note) = facts.annotations.first()
            && facts.registration.is_none()
        {
            let note = text::excerpt(note, 100);
            let message = format!(
                "the registry's note on {} is not understood: {note}",
                facts.codes
            );
            errors.push(claim_error(copy, index, message).help(
                "let a fact of the source's layout read it, with the `registration` that it stands for, and run `ingest`",
            ));
        }
        if let Some(phrase) = &facts.phrase
            && let Some(fault) = text::phrase_fault(phrase)
        {
            let message = format!("the phrase `{}` {fault}", text::excerpt(phrase, 40));
            errors.push(claim_error(copy, index, message).help(
                "look whether the document is the registry's own; a reason phrase is plain text of ASCII",
            ));
        }
    }
    for (index, claim) in copy.claims.iter().enumerate() {
        let codes = claim.facts.codes;
        let mut within = listed.range(codes.first()..=codes.last());
        if claim.is_vacancy()
            && let Some((code, line)) = within.next()
        {
            let message = format!("{codes} is said to be unassigned, but line {line} lists {code}");
            errors.push(claim_error(copy, index, message).help(
                "look whether the document is the registry's own, and which of the two it means",
            ));
        }
    }
}
