//! What programs ask of a code: answered for every code that IANA lists, with the section that says so.

mod common;

use std::collections::BTreeSet;

use common::root;
use http_status_registry::build;
use http_status_registry::model::{MeaningEntry, RedirectMethod, Requirement};
use http_status_registry::tree::Tree;

fn meanings() -> Vec<(u16, MeaningEntry)> {
    let built = build(&Tree::open(root()).expect("the checkout"));
    let registry = built.unwrap_or_else(|errors| panic!("{errors:?}")).registry;
    let codes = registry.codes.into_iter();
    let meanings = codes.flat_map(|code| {
        let number = code.code.into();
        code.meanings
            .into_iter()
            .map(move |meaning| (number, meaning))
    });
    meanings.collect()
}

/// The codes of the meanings for which this holds.
fn codes(holds: impl Fn(&MeaningEntry) -> bool) -> BTreeSet<u16> {
    let meanings = meanings().into_iter();
    meanings
        .filter(|(_, meaning)| holds(meaning))
        .map(|(code, _)| code)
        .collect()
}

#[test]
fn every_listed_code_is_answered_for_and_no_other_meaning_is() {
    let meanings = meanings();
    let mut listed = 0;
    for (_, meaning) in &meanings {
        let semantics = &meaning.semantics;
        if !meaning.is_registered() {
            assert!(semantics.is_empty(), "{}", meaning.id);
            continue;
        }
        listed += 1;
        let questions = [
            &semantics.interim,
            &semantics.may_have_content,
            &semantics.heuristically_cacheable,
        ];
        for answer in questions {
            let answer = answer.as_ref().unwrap_or_else(|| panic!("{}", meaning.id));
            assert!(!answer.references.is_empty(), "{}", meaning.id);
        }
        // Every reference of an answer is a claim of the meaning too.
        for reference in semantics.references() {
            let text = reference.to_string();
            let said = meaning.claims.iter().any(|claim| {
                let rfc = claim.place.source.trim_start_matches("rfc");
                text == format!("RFC {rfc}, Section {}", claim.place.at.number())
            });
            assert!(said, "{}: {text}", meaning.id);
        }
    }
    assert!(listed > 60, "only {listed} listed meanings");
}

#[test]
fn responses_without_content() {
    let none = codes(|meaning| {
        let answer = meaning.semantics.may_have_content.as_ref();
        answer.is_some_and(|answer| !answer.value)
    });
    assert_eq!(
        none,
        BTreeSet::from([100, 101, 102, 103, 104, 204, 205, 304])
    );
}

#[test]
fn interim_responses_are_those_of_the_first_class() {
    let interim = codes(|meaning| {
        let answer = meaning.semantics.interim.as_ref();
        answer.is_some_and(|answer| answer.value)
    });
    assert_eq!(interim, BTreeSet::from([100, 101, 102, 103, 104]));
}

#[test]
fn heuristically_cacheable_responses() {
    let cacheable = codes(|meaning| {
        let answer = meaning.semantics.heuristically_cacheable.as_ref();
        answer.is_some_and(|answer| answer.value)
    });
    let expected = [
        200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501,
    ];
    assert_eq!(cacheable, BTreeSet::from(expected));
}

#[test]
fn fields_that_must_always_be_sent() {
    let must = |name: &str| {
        codes(|meaning| {
            let mut fields = meaning.semantics.fields.iter();
            fields.any(|field| {
                field.name == name
                    && field.requirement == Requirement::Must
                    && field.when.is_empty()
            })
        })
    };
    for (name, expected) in [
        ("WWW-Authenticate", &[401][..]),
        ("Proxy-Authenticate", &[407]),
        ("Allow", &[405]),
        ("Upgrade", &[101, 426]),
        ("Retry-After", &[]),
    ] {
        assert_eq!(must(name), expected.iter().copied().collect(), "{name}");
    }
}

#[test]
fn redirects_and_the_method() {
    let method = |method: RedirectMethod| {
        codes(|meaning| {
            let answer = meaning.semantics.redirect_method.as_ref();
            answer.is_some_and(|answer| answer.value == method)
        })
    };
    assert_eq!(method(RedirectMethod::Kept), BTreeSet::from([307, 308]));
    assert_eq!(
        method(RedirectMethod::MayBecomeGet),
        BTreeSet::from([301, 302])
    );
    assert_eq!(method(RedirectMethod::BecomesGet), BTreeSet::from([303]));
}
