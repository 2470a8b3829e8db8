//! The counts: they add up, and they are those of the exports.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::{Sandbox, no_other_snapshots, root, snapshot};
use serde_json::Value;

/// What `stats` prints of the real tree, and the full export.
fn real() -> (Value, Value) {
    let run = Sandbox::real().run(&["stats", "--json"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let stats = serde_json::from_str(&run.out).expect("JSON");
    let export = fs::read_to_string(root().join("exports/v1/http-status-codes.json"));
    let export = serde_json::from_str(&export.expect("the export")).expect("JSON");
    (stats, export)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("{key}"))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value}"))
}

fn sum(counts: &Value) -> u64 {
    let counts = counts.as_object().expect("counts");
    assert!(!counts.is_empty());
    counts.values().map(number).sum()
}

/// Every meaning in the export, with the class of its code.
fn meanings(export: &Value) -> Vec<(&str, &Value)> {
    let codes = list(export, "codes").iter();
    let meanings = codes.flat_map(|code| {
        let class = code["class"].as_str().expect("a class");
        list(code, "meanings").iter().map(move |own| (class, own))
    });
    meanings.collect()
}

fn sources_of(meaning: &Value) -> BTreeSet<&str> {
    let claims = list(meaning, "claims").iter();
    claims
        .filter_map(|claim| claim["source"].as_str())
        .collect()
}

#[test]
fn the_parts_add_up_to_the_whole() {
    let (stats, export) = real();
    let total = number(&stats["meanings"]);
    assert_eq!(total, meanings(&export).len() as u64);
    assert_eq!(sum(&stats["origins"]), total);
    assert_eq!(sum(&stats["vendors"]), number(&stats["origins"]["vendor"]));
    assert_eq!(sum(&stats["registrations"]), total);
    assert_eq!(sum(&stats["sources_per_meaning"]), total);
    let classes = stats["classes"].as_object().expect("classes");
    let over_classes = |count: fn(&Value) -> u64| classes.values().map(count).sum::<u64>();
    assert_eq!(
        over_classes(|own| number(&own["codes"])),
        number(&stats["codes"])
    );
    assert_eq!(over_classes(|own| number(&own["meanings"])), total);
    assert_eq!(over_classes(|own| sum(&own["origins"])), total);
    assert_eq!(over_classes(|own| sum(&own["registrations"])), total);
    let kinds = stats["kinds"].as_object().expect("kinds");
    let conflicts = kinds.values().map(|kind| number(&kind["conflicts"]));
    assert_eq!(conflicts.sum::<u64>(), number(&stats["conflicts"]));
    for kind in kinds.values() {
        let rules = kind["by_rule"].as_object().expect("rules");
        let rules = rules.values().map(number).sum::<u64>();
        assert_eq!(
            number(&kind["by_decision"]) + rules,
            number(&kind["conflicts"])
        );
    }
    let sources = list(&stats, "sources").iter();
    let alone = sources.map(|source| list(source, "alone").len() as u64);
    assert_eq!(
        alone.sum::<u64>(),
        number(&stats["sources_per_meaning"]["1"])
    );
}

#[test]
fn the_numbers_are_those_of_the_export() {
    let (stats, export) = real();
    let meanings = meanings(&export);
    let count = |holds: &dyn Fn(&str, &Value) -> bool| {
        let found = meanings.iter().filter(|(class, own)| holds(class, own));
        found.count() as u64
    };
    for (class, own) in stats["classes"].as_object().expect("classes") {
        for (kind, origins) in own["origins"].as_object().expect("origins") {
            let found = count(&|of, own| of == class && own["origin"]["kind"] == kind.as_str());
            assert_eq!(number(origins), found, "{class} {kind}");
        }
        for (state, found) in own["registrations"].as_object().expect("registrations") {
            let is = |own: &Value| own["registration"]["state"] == state.as_str();
            assert_eq!(number(found), count(&|of, own| of == class && is(own)));
        }
    }
    let ids: Vec<&Value> = list(&stats, "sources")
        .iter()
        .map(|own| &own["id"])
        .collect();
    let named: Vec<&Value> = list(&export, "sources")
        .iter()
        .map(|own| &own["id"])
        .collect();
    assert_eq!(ids, named);
    for source in list(&stats, "sources") {
        let id = source["id"].as_str().expect("an id");
        let resting = count(&|_, own| sources_of(own).contains(id));
        assert_eq!(number(&source["meanings"]), resting, "{id}");
        let alone: Vec<&Value> = meanings
            .iter()
            .filter(|(_, own)| sources_of(own) == BTreeSet::from([id]))
            .map(|(_, own)| &own["id"])
            .collect();
        assert_eq!(
            list(source, "alone").iter().collect::<Vec<_>>(),
            alone,
            "{id}"
        );
        let claims = meanings.iter().flat_map(|(_, own)| list(own, "claims"));
        let claims = claims.filter(|claim| claim["source"] == id).count();
        assert_eq!(number(&source["claims"]), claims as u64, "{id}");
        let vacant = ["unassigned", "formerly_unassigned"].map(|key| list(&export, key));
        let vacant = vacant
            .into_iter()
            .flatten()
            .flat_map(|own| list(own, "claims"));
        let vacant = vacant.filter(|place| place["source"] == id).count();
        assert_eq!(number(&source["unassigned"]), vacant as u64, "{id}");
        let conflicts = list(&export, "conflicts").iter().filter(|conflict| {
            let sides = list(conflict, "sides").iter();
            let mut places = sides.flat_map(|side| side["claims"].as_array().into_iter().flatten());
            places.any(|place| place["source"] == id)
        });
        assert_eq!(
            number(&source["conflicts"]),
            conflicts.count() as u64,
            "{id}"
        );
    }
    let mut settled: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for conflict in list(&export, "conflicts") {
        let rule = conflict["settled_by"]["rule"].as_str();
        let kind = conflict["kind"].as_str().expect("a kind");
        *settled
            .entry((kind, rule.unwrap_or("decision")))
            .or_default() += 1;
    }
    for ((kind, by), count) in settled {
        let own = &stats["kinds"][kind];
        let told = if by == "decision" {
            &own["by_decision"]
        } else {
            &own["by_rule"][by]
        };
        assert_eq!(number(told), count, "{kind} {by}");
    }
    for (language, own) in stats["languages"].as_object().expect("languages") {
        let named = |own: &Value| !own["names"][language].is_null();
        let phrased = |own: &Value| language == "en" && !own["phrase"].is_null();
        let names = count(&|_, own| named(own) || phrased(own));
        assert_eq!(number(&own["names"]), names, "{language}");
        let summaries = count(&|_, own| !own["summary"][language].is_null());
        assert_eq!(number(&own["summaries"]), summaries, "{language}");
    }
}

/// Every meaning has a name and a summary for Chinese readers, and a summary for English ones.
#[test]
fn both_languages_are_covered() {
    let (stats, _) = real();
    let languages = &stats["languages"];
    let covered = [
        &languages["en"]["summaries"],
        &languages["zh-Hans"]["names"],
        &languages["zh-Hans"]["summaries"],
    ];
    assert_eq!(covered.map(number), [number(&stats["meanings"]); 3]);
}

#[test]
fn what_stats_prints_of_the_real_tree() {
    let tree = Sandbox::real();
    let run = tree.run(&["stats"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(
        run.out.lines().all(|line| line.chars().count() <= 100),
        "{}",
        run.out
    );
    // The version and the day change with each release, and are no news here.
    let (_, counts) = run.out.split_once("\n\n").expect("counts");
    snapshot("stats", "real", counts);
    no_other_snapshots("stats", ["real".to_owned()]);
    assert_eq!(tree.run(&["stats"]).out, run.out);
}
