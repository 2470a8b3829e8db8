//! Each sentence on what changed between two registries, and what it asks of the version.

mod common;

use common::registries::*;
use common::snapshot;
use http_status_registry::model::{
    ClaimRef, Code, Origin, Reference, Registration, Registry, Settlement, SourceEntry, Support,
    Unassigned,
};
use http_status_registry::review::diff;

/// What is done to the old registry and to the new one.
type Edits = (&'static str, fn(&mut Registry), fn(&mut Registry));

fn nothing(_: &mut Registry) {}

const EDITS: &[Edits] = &[
    ("the phrase changes, the former one stays", nothing, |new| {
        let not_found = meaning(new, "404-not-found");
        not_found.phrase = Some("Not Here".into());
        not_found.former_phrases = vec![former("Not Found", "RFC 9110", "RFC 9999")];
    }),
    (
        "the phrase changes by two steps",
        |old| {
            meaning(old, "404-not-found").phrase = Some("Nowhere".into());
        },
        former_phrases,
    ),
    (
        "the phrase changes, the former one does not stay",
        nothing,
        |new| {
            meaning(new, "404-not-found").phrase = Some("Not Here".into());
        },
    ),
    ("the phrase in other letters", nothing, |new| {
        meaning(new, "404-not-found").phrase = Some("Not found".into());
    }),
    ("the phrase goes", nothing, |new| {
        let gone = meaning(new, "410-gone");
        gone.phrase = None;
        gone.registration = Registration::Reserved;
    }),
    ("a phrase comes", nothing, |new| {
        meaning(new, "418-unused").phrase = Some("I'm a teapot".into());
    }),
    ("former phrases come", nothing, former_phrases),
    ("former phrases go", former_phrases, nothing),
    ("former phrases in another order", former_phrases, |new| {
        former_phrases(new);
        meaning(new, "404-not-found").former_phrases.reverse();
    }),
    (
        "somebody else used a former phrase",
        former_phrases,
        |new| {
            former_phrases(new);
            meaning(new, "404-not-found").former_phrases[1].used_by = "RFC 2068".into();
        },
    ),
    (
        "registered for a time",
        |old| {
            meaning(old, "204-no-content").registration = Registration::Unregistered;
        },
        make_temporary,
    ),
    ("extended", make_temporary, extend_temporary),
    ("ran out", extend_temporary, |new| {
        meaning(new, "204-no-content").registration = Registration::Unregistered;
    }),
    (
        "ended early",
        |old| {
            meaning(old, "204-no-content").registration =
                temporary("2026-01-01", None, "2027-01-01");
        },
        |new| {
            meaning(new, "204-no-content").registration = Registration::Unregistered;
        },
    ),
    ("registered for good", extend_temporary, nothing),
    ("obsoleted", nothing, |new| {
        meaning(new, "404-not-found").registration = Registration::Obsoleted;
    }),
    (
        "a new unofficial meaning",
        |old| drop_meaning(old, "499-token-required"),
        nothing,
    ),
    (
        "a new meaning of a vendor",
        |old| drop_meaning(old, "499-client-closed-request"),
        nothing,
    ),
    (
        "a new code",
        |old| drop_meaning(old, "404-not-found"),
        nothing,
    ),
    (
        "a new reserved code",
        |old| drop_meaning(old, "418-unused"),
        nothing,
    ),
    ("a meaning goes", nothing, |new| {
        drop_meaning(new, "499-token-required")
    }),
    ("a registered meaning goes", nothing, |new| {
        drop_meaning(new, "404-not-found")
    }),
    ("an id changes", nothing, |new| {
        let gone = meaning(new, "410-gone");
        gone.id = "410-vanished".into();
        gone.former_ids = vec!["410-gone".into()];
    }),
    (
        "an id changes, and the former one is not kept",
        nothing,
        |new| {
            meaning(new, "410-gone").id = "410-vanished".into();
        },
    ),
    (
        "a former id goes",
        |old| {
            meaning(old, "410-gone").former_ids = vec!["410-lost".into()];
        },
        nothing,
    ),
    ("two meanings become one", nothing, |new| {
        drop_meaning(new, "499-token-required");
        meaning(new, "499-client-closed-request").former_ids = vec!["499-token-required".into()];
    }),
    ("another order of meanings", nothing, |new| {
        let mut codes = new.codes.iter_mut();
        let code = codes
            .find(|code| code.meanings.len() > 1)
            .expect("two meanings");
        code.meanings.reverse();
    }),
    ("another origin", nothing, |new| {
        let vendor = "Fence".into();
        meaning(new, "499-token-required").origin = Origin::Vendor { vendor };
    }),
    ("another reference", nothing, |new| {
        let not_found = meaning(new, "404-not-found");
        not_found
            .former_references
            .insert(0, not_found.references[0].clone());
        not_found.references = vec![Reference::parse("RFC 9999, Section 4")];
    }),
    (
        "another reference, and the former one is forgotten",
        nothing,
        |new| {
            meaning(new, "404-not-found").references =
                vec![Reference::parse("RFC 9999, Section 4")];
        },
    ),
    ("no reference any more", nothing, |new| {
        meaning(new, "404-not-found").references.clear()
    }),
    (
        "former references go",
        |old| {
            meaning(old, "404-not-found").former_references =
                vec![Reference::parse("RFC 7231, Section 6.5.4")];
        },
        |new| meaning(new, "404-not-found").former_references.clear(),
    ),
    (
        "names",
        |old| {
            meaning(old, "200-ok")
                .names
                .insert("de".into(), "In Ordnung".into());
        },
        |new| {
            let names = &mut meaning(new, "200-ok").names;
            names.insert("zh-Hans".into(), "成功".into());
            names.insert("fr".into(), "D'accord".into());
        },
    ),
    (
        "summaries",
        |old| {
            meaning(old, "200-ok")
                .summary
                .insert("de".into(), "Alles gut.".into());
        },
        |new| {
            let summary = &mut meaning(new, "200-ok").summary;
            summary.insert("en".into(), "All is very well.".into());
            summary.insert("fr".into(), "Tout va bien.".into());
        },
    ),
    ("other answers", nothing, |new| {
        let semantics = &mut meaning(new, "204-no-content").semantics;
        semantics.interim = None;
        let answer = semantics.may_have_content.as_mut().expect("an answer");
        answer.value = !answer.value;
    }),
    ("the same answers from elsewhere", nothing, |new| {
        let semantics = &mut meaning(new, "204-no-content").semantics;
        let answer = semantics.may_have_content.as_mut().expect("an answer");
        answer.references = vec![Reference::parse("RFC 9999, Section 4")];
    }),
    ("an answer given twice", nothing, |new| {
        let semantics = &mut meaning(new, "204-no-content").semantics;
        let answer = semantics.may_have_content.as_mut().expect("an answer");
        answer.references.push(answer.references[0].clone());
    }),
    ("variants come", nothing, add_variants),
    ("variants go", add_variants, nothing),
    ("a variant elsewhere", add_variants, |new| {
        add_variants(new);
        meaning(new, "200-ok").phrase_variants[1].claims[0] = place("items", 5);
    }),
    ("a history comes", nothing, add_history),
    ("a history says otherwise", add_history, |new| {
        add_history(new);
        meaning(new, "200-ok").history[0].registration = Registration::Registered;
    }),
    ("claims", nothing, |new| {
        let claims = &mut meaning(new, "200-ok").claims;
        claims.retain(|claim| claim.place.source != "items");
        let supports = vec![Support::Meaning];
        claims.push(ClaimRef {
            place: place("wall", 3),
            supports,
        });
        new.sources.push(a_source("wall"));
    }),
    ("claims on other lines", nothing, |new| {
        meaning(new, "200-ok").claims[0].place = place("records", 99);
    }),
    (
        "a claim comes, and its source has one",
        nothing,
        double_claim,
    ),
    (
        "a claim goes, and its source has another",
        double_claim,
        nothing,
    ),
    ("claims in another order", nothing, |new| {
        meaning(new, "200-ok").claims.reverse()
    }),
    (
        "sources",
        |old| old.sources.push(a_source("door")),
        |new| {
            new.sources.push(a_source("wall"));
            let first = &mut new.sources[0];
            first.title = "The new records".into();
            first.author = Some("A gardener".into());
            first.sha256 = None;
        },
    ),
    ("sources in another order", nothing, |new| {
        new.sources.reverse()
    }),
    ("unassigned codes", nothing, |new| {
        new.unassigned[0].last = Code::new(203).expect("a code");
        let first = Code::new(599).expect("a code");
        let claims = vec![place("records", 99)];
        new.unassigned.push(Unassigned {
            first,
            last: first,
            claims,
        });
    }),
    ("no unassigned codes any more", nothing, |new| {
        new.unassigned.clear();
    }),
    (
        "conflicts come",
        |old| old.conflicts.clear(),
        |new| new.conflicts.truncate(2),
    ),
    (
        "conflicts go",
        |old| old.conflicts.truncate(1),
        |new| new.conflicts.clear(),
    ),
    (
        "conflicts go with their source",
        |old| {
            old.conflicts.truncate(1);
            old.sources.push(a_source("door"));
            old.conflicts[0].sides[0].claims = vec![place("door", 1)];
        },
        |new| new.conflicts.clear(),
    ),
    ("a conflict is settled otherwise", nothing, |new| {
        let conflict = &mut new.conflicts[0];
        let decision = conflict.id.clone();
        conflict.settled_by = Settlement::Decision { decision };
        conflict.outcome = "All sides stand.".into();
        conflict.reason = "Both are right.".into();
    }),
    ("a conflict has another side", nothing, |new| {
        let side = new.conflicts[0].sides[0].clone();
        let value = "something else".into();
        new.conflicts[0].sides[0].value = value;
        new.conflicts[0].sides.push(side);
    }),
    ("a conflict has other claims", nothing, |new| {
        new.conflicts[0].sides[0].claims.push(place("wall", 1));
    }),
    ("a rule's reason", nothing, |new| {
        for conflict in &mut new.conflicts {
            if matches!(conflict.settled_by, Settlement::Rule { .. }) {
                conflict.reason = "It is so.".into();
            }
        }
    }),
    ("a constant stands for another code", nothing, |new| {
        meaning(new, "404-not-found").phrase = Some("Gone".into());
        meaning(new, "410-gone").phrase = Some("Not Found".into());
    }),
    ("another licence", nothing, |new| new.license = "MIT".into()),
];

/// A document may say the same twice on one line.
fn double_claim(registry: &mut Registry) {
    let claims = &mut meaning(registry, "200-ok").claims;
    claims.insert(0, claims[0].clone());
}

fn a_source(id: &str) -> SourceEntry {
    SourceEntry {
        id: id.into(),
        title: format!("The {id} of the garden"),
        ..small().sources[0].clone()
    }
}

#[test]
fn each_change_is_a_true_sentence() {
    let mut told = String::new();
    for (name, edit_old, edit_new) in EDITS {
        let (mut old, mut new) = (small(), small());
        edit_old(&mut old);
        edit_new(&mut new);
        let changes = diff(&old, &new);
        assert!(!changes.is_empty(), "{name}");
        told.push_str(&format!("# {name}\n"));
        for change in changes {
            let cause = change.cause.as_ref();
            let cause = cause.map_or(String::new(), |cause| format!("\n       because: {cause}"));
            told.push_str(&format!(
                "{:5}  {change}{cause}\n",
                change.impact.to_string()
            ));
        }
    }
    snapshot("sentences", "sentences", &told);
}
