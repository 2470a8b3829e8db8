//! What changed between two registries: no change is lost, in any format.

mod common;

use common::registries::*;
use common::{Sandbox, snapshot};
use http_status_registry::model::{Origin, Registry};
use http_status_registry::review::{Report, diff, next_version, read, with_entry};
use serde_json::Value;

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
    for source in common::SOURCES {
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
    let names = ["nothing", "text", "markdown", "json"];
    common::no_other_snapshots("diff", names.map(str::to_owned));
}

/// Two meanings of one code are told apart, in a line and among the lines that say the same.
#[test]
fn a_change_names_its_meaning_where_a_code_has_several() {
    let old = small();
    let reworded = |ids: &[&str]| {
        let mut new = small();
        new.version = "1.0.0".into();
        for id in ids {
            let summary = &mut meaning(&mut new, id).summary;
            summary.insert("en".into(), "It is otherwise.".into());
        }
        for conflict in &mut new.conflicts {
            if conflict.id.starts_with("499/duplicate/") {
                conflict.reason = "It is so.".into();
            }
        }
        let changes = diff(&old, &new);
        let report = Report::new("0.1.0", "1.0.0", changes.clone());
        let changelog = with_entry("", &new, Some(&changes));
        let (_, entry) = changelog.split_once("\n## ").expect("an entry");
        format!("{}\n{}\n{entry}", report.text(), report.markdown())
    };
    let one = reworded(&["499-token-required"]);
    insta::assert_snapshot!(one, @r"
    0.1.0 → 1.0.0: 0 major, 0 minor, 3 patch; suggested version: 0.1.1
    patch  499-token-required: summary in en reworded
    patch  499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words
    patch  499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words

    ### 0.1.0 → 1.0.0: 0 major, 0 minor, 3 patch; suggested version: 0.1.1

    <details><summary>4xx client error: 3 changes</summary>

    - 499-token-required: summary in en reworded
    - 499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words

    </details>

    1.0.0 (2026-11-20)

    ### Wording and provenance

    - 499-token-required: summary in en reworded (our own writing in registry/meanings/4xx.yaml)
    - 499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words (rule one-row-per-meaning)
    ");
    let all = [
        "404-not-found",
        "499-client-closed-request",
        "499-token-required",
    ];
    insta::assert_snapshot!(reworded(&all), @r"
    0.1.0 → 1.0.0: 0 major, 0 minor, 5 patch; suggested version: 0.1.1
    patch  404: summary in en reworded
    patch  499-client-closed-request: summary in en reworded
    patch  499-token-required: summary in en reworded
    patch  499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words
    patch  499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words

    ### 0.1.0 → 1.0.0: 0 major, 0 minor, 5 patch; suggested version: 0.1.1

    <details><summary>4xx client error: 5 changes</summary>

    - 404, 499-client-closed-request, 499-token-required: summary in en reworded
    - 499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words

    </details>

    1.0.0 (2026-11-20)

    ### Wording and provenance

    - 404, 499-client-closed-request, 499-token-required: summary in en reworded (our own writing in registry/meanings/4xx.yaml)
    - 499: the conflict of the kind duplicate: rule one-row-per-meaning gives its reason in other words (rule one-row-per-meaning)
    ");
    // It is so when there is only one left.
    let mut fewer = small();
    drop_meaning(&mut fewer, "499-client-closed-request");
    meaning(&mut fewer, "499-token-required").origin = Origin::Rfc;
    let report = Report::new("0.1.0", "1.0.0", diff(&small(), &fewer));
    insta::assert_snapshot!(report.text(), @r"
    0.1.0 → 1.0.0: 1 major, 1 minor, 0 patch; suggested version: 1.0.0
    major  499: the meaning 499-client-closed-request (Client Closed Request) is gone
    minor  499-token-required: origin unofficial → rfc
    ");
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
