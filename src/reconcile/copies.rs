//! What a copy of the registry has to be, so that its word can be taken.

use std::collections::BTreeMap;

use super::{Input, Source, claim_error};
use crate::diagnostic::Diagnostics;
use crate::model::{Authority, Code, Registration, text};

/// Everything that is wrong with copies of the registry.
pub fn check(input: &Input, errors: &mut Diagnostics) {
    let is_copy = |source: &&Source| source.entry.authority == Authority::Registry;
    for copy in input.sources.iter().filter(is_copy) {
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
                "look whether `ingest` tells what is wrong with it, such as a date that is none; else let a fact of the source's layout read it, with the `registration` that it stands for, and run `ingest`",
            ));
        }
        let is_reserved = facts.registration == Some(Registration::Reserved);
        let fault = match &facts.phrase {
            Some(phrase) => text::phrase_fault(phrase)
                .map(|fault| format!("the phrase `{}` {fault}", text::excerpt(phrase, 40))),
            None if is_reserved => None,
            None => Some(format!(
                "the registry lists {} without a phrase",
                facts.codes
            )),
        };
        if let Some(message) = fault {
            errors.push(claim_error(copy, index, message).help(
                "look whether the document is the registry's own; a reason phrase is plain text of ASCII",
            ));
        }
        if let Some(fault) = facts.registration.as_ref().and_then(Registration::fault) {
            let message = format!("the registration of {}: {fault}", facts.codes);
            errors.push(claim_error(copy, index, message).help(
                "look whether the document is the registry's own; its dates are days: registered, then extended, then expires",
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
