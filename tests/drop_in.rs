//! `reason-phrases.json` beside the tables that people have today. Every difference must be explained in
//! `docs/differences.md`.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::process::Command;

use common::{export, has_tool, root};
use http::StatusCode;

/// The shape of Node's `http.STATUS_CODES`: phrases by code.
type Table = BTreeMap<String, String>;

/// A code, what the other table has for it, and what ours has.
type Difference = (String, Option<String>, Option<String>);

const PAGE: &str = "docs/differences.md";

fn ours() -> Table {
    serde_json::from_str(&export("reason-phrases.json")).expect("a table")
}

fn differences(theirs: &Table, ours: &Table) -> BTreeSet<Difference> {
    let codes: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    codes
        .into_iter()
        .map(|code| {
            (
                code.clone(),
                theirs.get(code).cloned(),
                ours.get(code).cloned(),
            )
        })
        .filter(|(_, theirs, ours)| theirs != ours)
        .collect()
}

/// The version that the page compares with, and the differences that it explains.
fn explained(project: &str) -> (String, BTreeSet<Difference>) {
    let page = fs::read_to_string(root().join(PAGE)).expect("the page");
    let start = format!("\n## {project} ");
    let (_, section) = page.split_once(&start).expect("the project's section");
    let section = section.split("\n## ").next().expect("a section");
    let (version, section) = section.split_once('\n').expect("a version");
    let rows = section
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"))
        .skip(1);
    let rows = rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [code, theirs, ours, why] = cells[..] else {
            panic!("{PAGE}: {row}");
        };
        assert!(!why.is_empty(), "{PAGE} does not say why: {row}");
        let phrase = |cell: &str| (cell != "—").then(|| cell.to_owned());
        (code.to_owned(), phrase(theirs), phrase(ours))
    });
    let rows: Vec<Difference> = rows.collect();
    let set: BTreeSet<Difference> = rows.iter().cloned().collect();
    assert_eq!(rows.len(), set.len(), "{PAGE}: {project} has a row twice");
    assert!(!set.is_empty(), "{PAGE}: {project} has no rows");
    (version.to_owned(), set)
}

/// Prints what differs. Fails on what the page does not explain and, where the version is the one that
/// the page names, on what it explains in vain.
fn compare(project: &str, version: &str, theirs: &Table) {
    let ours = ours();
    assert!(ours.len() > 60 && theirs.len() > 50, "{project}: too few");
    let found = differences(theirs, &ours);
    let (page_version, explained) = explained(project);
    // Not `eprintln!`, which the test harness swallows.
    let say = |line: String| {
        let _ = writeln!(std::io::stderr(), "{project} {version}: {line}");
    };
    let show = |(code, theirs, ours): &Difference| {
        let phrase = |phrase: &Option<String>| phrase.clone().unwrap_or("nothing".to_owned());
        format!("{code} is {} there, {} here", phrase(theirs), phrase(ours))
    };
    for difference in &found {
        say(show(difference));
    }
    for difference in explained.difference(&found) {
        say(format!("no longer so: {}", show(difference)));
    }
    let unexplained: Vec<&Difference> = found.difference(&explained).collect();
    assert!(
        unexplained.is_empty(),
        "{PAGE} does not explain of {project} {version}: {unexplained:?}"
    );
    if version == page_version {
        assert_eq!(explained, found, "{PAGE} explains what is not so");
    }
}

/// The output of a tool: a line with its version, and a line with its table.
fn ask(tool: &str, option: &str, script: &str) -> (String, Table) {
    let output = Command::new(tool)
        .args([option, script])
        .output()
        .expect("the tool");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = String::from_utf8(output.stdout).expect("UTF-8");
    let (version, table) = output.split_once('\n').expect("two lines");
    let table = serde_json::from_str(table).expect("a table");
    (version.trim().to_owned(), table)
}

#[test]
fn node_differs_where_the_page_says() {
    if !has_tool("node", "node_differs_where_the_page_says") {
        return;
    }
    let script = "console.log(process.versions.node);\
        console.log(JSON.stringify(require('http').STATUS_CODES))";
    let (version, table) = ask("node", "-e", script);
    compare("Node.js", &version, &table);
}

#[test]
fn python_differs_where_the_page_says() {
    if !has_tool("python3", "python_differs_where_the_page_says") {
        return;
    }
    let script = "import http, json, platform\n\
        print(platform.python_version())\n\
        print(json.dumps({status.value: status.phrase for status in http.HTTPStatus}))";
    let (version, table) = ask("python3", "-c", script);
    compare("Python", &version, &table);
}

#[test]
fn the_http_crate_differs_where_the_page_says() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("the lock");
    let version = lock
        .split_once("name = \"http\"\nversion = \"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .expect("the version")
        .0;
    let codes = (100..1000).map(|code| StatusCode::from_u16(code).expect("a code"));
    let phrases = codes.filter_map(|code| {
        code.canonical_reason()
            .map(|phrase| (code.as_str().to_owned(), phrase.to_owned()))
    });
    compare("http", version, &phrases.collect());
}

#[test]
fn older_phrases_are_former_ones() {
    let registry = common::registry();
    let meanings = common::meanings(&registry);
    let mut older = 0;
    for project in ["Node.js", "Python", "http"] {
        for (code, theirs, ours) in explained(project).1 {
            let (Some(theirs), Some(ours)) = (theirs, ours) else {
                continue;
            };
            let plain = |phrase: &str| phrase.replace('-', " ");
            if plain(&theirs) == plain(&ours) {
                continue;
            }
            let is_former = meanings.iter().any(|(number, meaning)| {
                let mut former = meaning.former_phrases.iter();
                number.to_string() == code && former.any(|former| former.phrase == theirs)
            });
            assert!(is_former, "{code} {theirs}");
            older += 1;
        }
    }
    assert!(older > 0);
}
