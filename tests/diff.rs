//! What changed between two registries: nothing is lost, and each sentence says what is true.

mod common;

use std::collections::BTreeMap;

use common::{Sandbox, root, snapshot};
use http_status_registry::build;
use http_status_registry::model::{
    ClaimRef, Code, FormerPhrase, MeaningEntry, Origin, Place, Reference, Registration, Registry,
    Settlement, SourceEntry, Support, Unassigned, Variant,
};
use http_status_registry::review::{Impact, Report, diff, next_version, read};
use http_status_registry::tree::Tree;
use serde_json::Value;

fn built(tree: &Sandbox) -> Registry {
    let tree = Tree::open(tree.path("")).expect("a tree");
    build(&tree)
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
        .registry
}

/// The registry of the small tree.
fn small() -> Registry {
    built(&Sandbox::small())
}

/// The real registry.
fn real() -> Registry {
    let tree = Tree::open(root()).expect("the checkout");
    build(&tree)
        .unwrap_or_else(|errors| panic!("{errors:#?}"))
        .registry
}

#[test]
fn nothing_changed_in_the_same_registry() {
    for registry in [small(), real()] {
        assert!(registry.codes.len() > 3);
        assert_eq!(diff(&registry, &registry), []);
        // Neither does writing and reading change anything.
        let json = serde_json::to_string_pretty(&registry).expect("JSON");
        assert_eq!(read("x.json", &json).expect("an export"), registry);
        let mut later = registry.clone();
        later.version = "99.0.0".into();
        later.date = "2099-01-01".parse().expect("a date");
        assert_eq!(diff(&registry, &later), []);
    }
}

/// Every way to change one thing in a value: each with the path to it.
fn mutants(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
    let mut add = |what: &str, mutant: Value| found.push((format!("{path} {what}"), mutant));
    match value {
        Value::String(text) => {
            add("longer", Value::from(format!("{text}x")));
            let swapped = text.chars().rev().collect::<String>();
            if swapped != *text {
                add("backwards", Value::from(swapped));
            }
        }
        Value::Number(number) => {
            let number = number.as_u64().expect("a number");
            add("one more", Value::from(number + 1));
            add("one less", Value::from(number.saturating_sub(1)));
        }
        Value::Bool(yes) => add("flipped", Value::from(!yes)),
        Value::Null => panic!("{path} is null"),
        Value::Array(items) => {
            for index in 0..items.len() {
                let mut dropped = items.clone();
                dropped.remove(index);
                add(&format!("{index} dropped"), Value::from(dropped));
                let mut doubled = items.clone();
                doubled.insert(index, items[index].clone());
                add(&format!("{index} doubled"), Value::from(doubled));
                if index > 0 && items[index] != items[index - 1] {
                    let mut swapped = items.clone();
                    swapped.swap(index, index - 1);
                    add(&format!("{index} swapped"), Value::from(swapped));
                }
            }
            for (index, item) in items.iter().enumerate() {
                let mut inner = Vec::new();
                mutants(item, &format!("{path}.{index}"), &mut inner);
                found.extend(inner.into_iter().map(|(what, mutant)| {
                    let mut items = items.clone();
                    items[index] = mutant;
                    (what, Value::from(items))
                }));
            }
        }
        Value::Object(map) => {
            for key in map.keys() {
                let mut dropped = map.clone();
                dropped.shift_remove(key);
                add(&format!("without {key}"), Value::from(dropped));
            }
            for (key, item) in map {
                let mut inner = Vec::new();
                mutants(item, &format!("{path}.{key}"), &mut inner);
                found.extend(inner.into_iter().map(|(what, mutant)| {
                    let mut map = map.clone();
                    map[key] = mutant;
                    (what, Value::from(map))
                }));
            }
        }
    }
}

/// Whatever is changed in an export, be it a leaf or an item of a list: either it is no export any
/// more, or the diff tells it.
#[test]
fn no_change_is_lost() {
    let registry = rich();
    let json = serde_json::to_value(&registry).expect("JSON");
    let mut found = Vec::new();
    mutants(&json, "", &mut found);
    let (mut told, mut refused) = (0, 0);
    let mut lost = Vec::new();
    for (what, mutant) in &found {
        let is_name = [".version ", ".date ", ".schema_version "];
        if is_name.iter().any(|name| what.starts_with(name)) {
            continue;
        }
        let Ok(new) = serde_json::from_value::<Registry>(mutant.clone()) else {
            refused += 1;
            continue;
        };
        let both = [diff(&registry, &new), diff(&new, &registry)];
        if both.iter().all(|changes| !changes.is_empty()) {
            told += 1;
        } else if read("x.json", &mutant.to_string()).is_err() {
            refused += 1;
        } else {
            lost.push(what.as_str());
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(
        told > 1_200 && refused > 700,
        "{told} told, {refused} refused"
    );
}

/// The registry of the small tree with something in every field.
fn rich() -> Registry {
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

fn meaning<'r>(registry: &'r mut Registry, id: &str) -> &'r mut MeaningEntry {
    let meanings = registry
        .codes
        .iter_mut()
        .flat_map(|code| &mut code.meanings);
    let mut meanings = meanings.filter(|meaning| meaning.id == id);
    meanings.next().unwrap_or_else(|| panic!("{id}"))
}

fn drop_meaning(registry: &mut Registry, id: &str) {
    for code in &mut registry.codes {
        code.meanings.retain(|meaning| meaning.id != id);
    }
    registry.codes.retain(|code| !code.meanings.is_empty());
}

fn place(source: &str, line: u32) -> Place {
    serde_json::from_value(serde_json::json!({ "source": source, "line": line })).expect("a place")
}

fn temporary(registered: &str, extended: Option<&str>, expires: &str) -> Registration {
    Registration::Temporary {
        registered: registered.parse().expect("a date"),
        extended: extended.map(|date| date.parse().expect("a date")),
        expires: expires.parse().expect("a date"),
    }
}

fn former(phrase: &str, used_by: &str, replaced_by: &str) -> FormerPhrase {
    FormerPhrase {
        phrase: phrase.into(),
        used_by: used_by.into(),
        replaced_by: Some(replaced_by.into()),
    }
}

fn former_phrases(registry: &mut Registry) {
    meaning(registry, "404-not-found").former_phrases = vec![
        former("Nowhere Seen", "RFC 7231", "RFC 9110"),
        former("Nowhere", "RFC 2616", "RFC 7231"),
    ];
}

fn make_temporary(registry: &mut Registry) {
    meaning(registry, "204-no-content").registration = temporary("2024-11-13", None, "2025-11-13");
}

fn extend_temporary(registry: &mut Registry) {
    meaning(registry, "204-no-content").registration =
        temporary("2024-11-13", Some("2025-09-15"), "2026-11-13");
}

fn add_history(registry: &mut Registry) {
    let told = serde_json::json!([
        { "source": "records-2015", "line": 7, "date": "2015", "registration": { "state": "unregistered" } },
        { "source": "records", "line": 8, "registration": { "state": "registered" }, "phrase": "OK" },
    ]);
    meaning(registry, "200-ok").history = serde_json::from_value(told).expect("a history");
}

fn variant(value: &str, line: u32) -> Variant {
    Variant {
        value: value.into(),
        claims: vec![place("items", line)],
    }
}

fn add_variants(registry: &mut Registry) {
    let ok = meaning(registry, "200-ok");
    ok.phrase_variants = vec![variant("Okay", 3), variant("O. K.", 4)];
    let names = vec![variant("成了", 3), variant("行", 4)];
    ok.name_variants = BTreeMap::from([("zh-Hans".to_owned(), names)]);
}

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
    snapshot("diff", "sentences", &told);
}

/// Edits of a tree, as a maintainer makes them, in each of the formats.
#[test]
fn each_format() {
    let tree = Sandbox::small();
    assert_eq!(tree.run(&["build"]).code, 0);
    tree.write("old.json", tree.read("exports/v1/http-status-codes.json"));
    tree.write("old.yaml", tree.read("exports/v1/http-status-codes.yaml"));
    let same = tree.run(&["diff", "old.json", "old.yaml", "--exit-code"]);
    snapshot("diff", "nothing", &same.told());
    let file = "registry/meanings/4xx.yaml";
    tree.edit(
        file,
        "- id: 410-gone",
        "- id: 410-vanished\n  former_ids: [410-gone]",
    );
    for source in [
        "definitions",
        "items",
        "outline",
        "records",
        "rows",
        "sections",
    ] {
        let file = format!("sources/{source}/claims.csv");
        let claims = tree.read(&file);
        tree.write(&file, claims.replace("410-gone", "410-vanished"));
    }
    tree.edit(file, "en: A token is wanted.", "en: A token is needed.");
    tree.edit(file, "zh-Hans: 找不到 }", "zh-Hans: 没找到 }");
    for format in ["text", "markdown", "json"] {
        let run = tree.run(&["diff", "old.json", "--format", format, "--exit-code"]);
        assert_eq!(run.code, 1, "{}", run.told());
        snapshot("diff", format, &run.told());
    }
    assert_eq!(tree.run(&["diff", "old.json"]).code, 0);
    let names = ["sentences", "nothing", "text", "markdown", "json"];
    common::no_other_snapshots("diff", names.map(str::to_owned));
}

/// What Markdown shows, and what it holds of HTML.
fn rendered(markdown: &str) -> (String, Vec<String>) {
    use pulldown_cmark::{Event, Parser};
    let (mut shown, mut html) = (String::new(), Vec::new());
    for event in Parser::new(markdown) {
        match event {
            Event::Text(text) | Event::Code(text) => shown.push_str(&text),
            Event::Html(tag) | Event::InlineHtml(tag) => html.push(tag.trim().to_owned()),
            Event::Start(pulldown_cmark::Tag::Link { .. } | pulldown_cmark::Tag::Image { .. }) => {
                panic!("a link in {markdown}")
            }
            _ => shown.push(' '),
        }
    }
    (shown, html)
}

/// The comment holds only the HTML that folds its sections, and each of these is closed.
fn assert_sound(markdown: &str) -> String {
    let length = markdown.chars().count();
    assert!(length <= 65_536, "{length} characters");
    let (shown, html) = rendered(markdown);
    let (mut open, mut sections) = (0, 0);
    for tag in &html {
        let is_head = tag.starts_with("<details><summary>") && tag.ends_with("</summary>");
        match tag.as_str() {
            "</details>" => open -= 1,
            _ if is_head && tag.matches('<').count() == 3 => {
                open += 1;
                sections += 1;
            }
            other => panic!("HTML: {other}"),
        }
        assert!((0..=1).contains(&open), "{html:?}");
    }
    assert_eq!(open, 0);
    assert!(sections <= 6);
    assert!(!shown.contains('@'), "a mention");
    shown
}

#[test]
fn markdown_shows_hostile_values_as_they_are() {
    let hostile = [
        "</details><script>alert(1)</script>",
        "@everyone and <img src=x onerror=y>",
        "[a](javascript:b) ![c](d) `e` **f** ~~g~~",
        "line one\n\n# line two\n<details>",
        "```\nx",
        "\u{202e}\u{1b}[31m",
        "$x$ | y | # 1",
        "&lt;b&gt; &copy;",
    ];
    for value in hostile {
        let old = small();
        let mut new = small();
        meaning(&mut new, "404-not-found").phrase = Some(value.into());
        meaning(&mut new, "200-ok")
            .names
            .insert("zh-Hans".into(), value.into());
        new.license = value.into();
        new.sources[0].title = value.into();
        let changes = diff(&old, &new);
        let report = Report::new(&old.version, &new.version, changes);
        let shown = assert_sound(&report.markdown());
        let first = value.split(['\n', '@', '\u{202e}']).next().expect("a part");
        assert!(shown.contains(first), "{first:?} in {shown}");
        // Nor does the text for terminals hold what a terminal would obey.
        let text = report.text();
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        assert_eq!(text.lines().count(), report.changes.len() + 1, "{text}");
    }
}

/// A registry with thousands of meanings whose every text is long.
fn enormous(count: usize, length: usize) -> Registry {
    let mut registry = small();
    let like = meaning(&mut registry, "404-not-found").clone();
    for code in &mut registry.codes {
        for index in 0..count {
            let mut meaning = like.clone();
            meaning.id = format!("{}-{index}-{}", code.code, "long".repeat(length));
            meaning.phrase = Some(format!("{index} {}", "<@phrase&>".repeat(length)));
            code.meanings.push(meaning);
        }
    }
    registry
}

#[test]
fn markdown_stays_within_a_comment() {
    let small = small();
    let edit = |mut registry: Registry| {
        for meaning in registry
            .codes
            .iter_mut()
            .flat_map(|code| &mut code.meanings)
        {
            meaning.origin = Origin::Webdav;
            meaning.phrase = Some(format!("Other {}", meaning.id));
        }
        registry
    };
    let all = [
        ("breaking", enormous(400, 10), small.clone()),
        ("added", small.clone(), enormous(400, 10)),
        ("both", enormous(300, 10), edit(enormous(300, 10))),
        ("few but long", enormous(2, 30_000), small.clone()),
        ("one enormous", small.clone(), enormous(1, 100_000)),
    ];
    for (name, old, new) in all {
        let report = Report::new("1.0.0", "2.0.0", diff(&old, &new));
        let majors = report
            .changes
            .iter()
            .filter(|change| change.impact == Impact::Major);
        let majors = majors.count();
        let markdown = report.markdown();
        let shown = assert_sound(&markdown);
        let counts = format!("{majors} major, ");
        assert!(markdown.contains(&counts), "{name}");
        assert!(markdown.contains("suggested version: "), "{name}");
        let breaking = markdown.find("**Breaking**");
        assert_eq!(breaking.is_some(), majors > 0, "{name}");
        if let (Some(breaking), Some(section)) = (breaking, markdown.find("<details>")) {
            assert!(breaking < section, "{name}");
        }
        if !name.contains("long") {
            assert!(
                markdown.chars().count() > 10_000,
                "{name} has room for more"
            );
        }
        // Every class that changed has its section, with the count of all of its changes.
        let minor = report
            .changes
            .iter()
            .filter(|change| change.impact != Impact::Major);
        let of_404 = minor.filter(|change| change.code.is_some_and(|code| u16::from(code) >= 400));
        let of_404 = of_404.count();
        if of_404 > 0 {
            let count = format!("4xx client error: {of_404} change");
            assert!(markdown.contains(&count), "{name}: {count}");
        }
        assert!(shown.contains('…'), "{name}");
    }
}

#[test]
fn the_version_that_changes_ask_for() {
    let (old, mut new) = (small(), small());
    assert_eq!(next_version("1.2.3", &diff(&old, &new)), "1.2.3");
    meaning(&mut new, "200-ok")
        .summary
        .insert("en".into(), "Well.".into());
    assert_eq!(next_version("1.2.3", &diff(&old, &new)), "1.2.4");
    meaning(&mut new, "200-ok").origin = Origin::Webdav;
    assert_eq!(next_version("1.2.3", &diff(&old, &new)), "1.3.0");
    drop_meaning(&mut new, "499-token-required");
    assert_eq!(next_version("1.2.3", &diff(&old, &new)), "2.0.0");
    let largest = format!("{}.0.0", u64::MAX);
    assert_eq!(next_version(&largest, &diff(&old, &new)), largest);
}
