//! Registries to compare, and ways to change them.

use std::collections::BTreeMap;

use http_status_registry::build;
use http_status_registry::model::{
    FormerPhrase, MeaningEntry, Place, Reference, Registration, Registry, Variant,
};
use http_status_registry::tree::Tree;

use super::{Sandbox, root};

pub fn built(tree: &Sandbox) -> Registry {
    let tree = Tree::open(tree.path("")).expect("a tree");
    build(&tree)
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
        .registry
}

/// The registry of the small tree.
pub fn small() -> Registry {
    built(&Sandbox::small())
}

/// The real registry.
pub fn real() -> Registry {
    let tree = Tree::open(root()).expect("the checkout");
    build(&tree)
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
        .registry
}

/// The registry of the small tree with something in every field.
pub fn rich() -> Registry {
    let mut registry = small();
    for edit in [former_phrases, extend_temporary, add_history, add_variants] {
        edit(&mut registry);
    }
    let gone = meaning(&mut registry, "410-gone");
    gone.former_ids = vec!["410-vanished".into(), "410-lost".into()];
    let page = |title: &str| Reference::Page {
        title: title.into(),
        url: format!("https://example.org/{}", title.len()),
    };
    gone.references
        .extend([page("A page"), page("Another page")]);
    registry
}

pub fn meaning<'r>(registry: &'r mut Registry, id: &str) -> &'r mut MeaningEntry {
    let meanings = registry
        .codes
        .iter_mut()
        .flat_map(|code| &mut code.meanings);
    let mut meanings = meanings.filter(|meaning| meaning.id == id);
    meanings.next().unwrap_or_else(|| panic!("{id}"))
}

pub fn drop_meaning(registry: &mut Registry, id: &str) {
    for code in &mut registry.codes {
        code.meanings.retain(|meaning| meaning.id != id);
    }
    registry.codes.retain(|code| !code.meanings.is_empty());
}

pub fn place(source: &str, line: u32) -> Place {
    serde_json::from_value(serde_json::json!({ "source": source, "line": line })).expect("a place")
}

pub fn temporary(registered: &str, extended: Option<&str>, expires: &str) -> Registration {
    Registration::Temporary {
        registered: registered.parse().expect("a date"),
        extended: extended.map(|date| date.parse().expect("a date")),
        expires: expires.parse().expect("a date"),
    }
}

pub fn former(phrase: &str, used_by: &str, replaced_by: &str) -> FormerPhrase {
    FormerPhrase {
        phrase: phrase.into(),
        used_by: used_by.into(),
        replaced_by: Some(replaced_by.into()),
    }
}

pub fn former_phrases(registry: &mut Registry) {
    meaning(registry, "404-not-found").former_phrases = vec![
        former("Nowhere Seen", "RFC 7231", "RFC 9110"),
        former("Nowhere", "RFC 2616", "RFC 7231"),
    ];
}

pub fn make_temporary(registry: &mut Registry) {
    meaning(registry, "204-no-content").registration = temporary("2024-11-13", None, "2025-11-13");
}

pub fn extend_temporary(registry: &mut Registry) {
    meaning(registry, "204-no-content").registration =
        temporary("2024-11-13", Some("2025-09-15"), "2026-11-13");
}

pub fn add_history(registry: &mut Registry) {
    let told = serde_json::json!([
        { "source": "records-2015", "line": 7, "date": "2015", "registration": { "state": "unregistered" } },
        { "source": "records", "line": 8, "registration": { "state": "registered" }, "phrase": "OK" },
    ]);
    meaning(registry, "200-ok").history = serde_json::from_value(told).expect("a history");
}

pub fn variant(value: &str, line: u32) -> Variant {
    Variant {
        value: value.into(),
        claims: vec![place("items", line)],
    }
}

pub fn add_variants(registry: &mut Registry) {
    let ok = meaning(registry, "200-ok");
    ok.phrase_variants = vec![variant("Okay", 3), variant("O. K.", 4)];
    let names = vec![variant("成了", 3), variant("行", 4)];
    ok.name_variants = BTreeMap::from([("zh-Hans".to_owned(), names)]);
}
