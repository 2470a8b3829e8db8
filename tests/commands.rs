//! What the commands print, on the small tree.

mod common;

use common::{Sandbox, no_other_snapshots, snapshot};

const RUNS: &[(&str, &[&str], i32)] = &[
    ("help", &["--help"], 0),
    ("help_ingest", &["ingest", "--help"], 0),
    ("help_lookup", &["lookup", "--help"], 0),
    ("help_conflicts", &["conflicts", "--help"], 0),
    ("help_explain", &["explain", "--help"], 0),
    ("no_command", &[], 2),
    ("unknown_command", &["biuld"], 2),
    ("build", &["build"], 0),
    ("build_again", &["build"], 0),
    ("check", &["check"], 0),
    ("lookup_code", &["lookup", "499"], 0),
    ("lookup_text", &["lookup", "HEDGE"], 0),
    ("lookup_name", &["lookup", "找不到"], 0),
    ("lookup_json", &["lookup", "204", "--json"], 0),
    ("lookup_unassigned", &["lookup", "202"], 1),
    ("lookup_unassigned_range", &["lookup", "202–203"], 1),
    ("lookup_unknown", &["lookup", "503"], 1),
    ("lookup_unknown_range", &["lookup", "503-505"], 1),
    ("lookup_backwards", &["lookup", "505-503"], 1),
    ("conflicts_of_a_range", &["conflicts", "400-404"], 0),
    ("lookup_no_code", &["lookup", "0404"], 1),
    ("lookup_out_of_range", &["lookup", "999"], 1),
    (
        "lookup_nothing",
        &["lookup", "\u{1b}[31mhedgehog\u{202e}"],
        1,
    ),
    ("lookup_nothing_json", &["lookup", "hedgehog", "--json"], 1),
    ("conflicts", &["conflicts"], 0),
    (
        "conflicts_of_a_code",
        &[
            "conflicts",
            "499",
            "--kind",
            "duplicate",
            "--source",
            "rows",
        ],
        0,
    ),
    ("conflicts_json", &["conflicts", "404", "--json"], 0),
    ("conflicts_none", &["conflicts", "200"], 1),
    (
        "conflicts_unknown_source",
        &["conflicts", "--source", "hedgehog"],
        2,
    ),
    (
        "conflicts_unknown_kind",
        &["conflicts", "--kind", "quarrel"],
        2,
    ),
    ("conflicts_no_code", &["conflicts", "soon"], 2),
    ("explain_code", &["explain", "499"], 0),
    (
        "explain_field",
        &["explain", "404-not-found", "references"],
        0,
    ),
    (
        "explain_json",
        &["explain", "410", "registration", "--json"],
        0,
    ),
    ("help_stats", &["stats", "--help"], 0),
    ("stats", &["stats"], 0),
    ("stats_json", &["stats", "--json"], 0),
    ("stats_of_something", &["stats", "404"], 2),
    ("explain_nothing", &["explain", "411"], 1),
];

#[test]
fn each_command_prints_what_it_should() {
    let tree = Sandbox::small();
    for (name, arguments, code) in RUNS {
        let run = tree.run(arguments);
        assert_eq!(run.code, *code, "{name}: {}", run.told());
        assert!(
            !run.told().contains(['\u{1b}', '\u{202e}']),
            "{name} printed control characters"
        );
        snapshot("commands", name, &run.told());
    }
    no_other_snapshots("commands", RUNS.iter().map(|(name, ..)| (*name).to_owned()));
}

/// What IANA lists of a range is told, and no more.
#[test]
fn a_range_that_is_partly_unassigned() {
    let tree = Sandbox::small();
    tree.edit("sources/records/claims.csv", "3,201-203,", "3,201-202,");
    insta::assert_snapshot!(tree.run(&["lookup", "202-203"]).told(), @r"
    202-203: no source gives them a meaning, and IANA lists 202 as unassigned (records line 3)
    exit code 1
    ");
    insta::assert_snapshot!(tree.run(&["lookup", "203"]).told(), @r"
    203: no source gives it a meaning
    exit code 1
    ");
}

#[test]
fn colour_is_for_terminals_only() {
    use std::process::Command;
    let tree = Sandbox::small();
    let coloured = Command::new(env!("CARGO_BIN_EXE_http-status-registry"))
        .args([
            "--root",
            &tree.path("").display().to_string(),
            "lookup",
            "404",
        ])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("the program");
    assert!(String::from_utf8_lossy(&coloured.stdout).contains('\u{1b}'));
    assert!(!tree.run(&["lookup", "404"]).out.contains('\u{1b}'));
}

#[test]
fn the_exports_of_the_small_tree() {
    let tree = Sandbox::small();
    assert_eq!(tree.run(&["build"]).code, 0);
    let names = [
        "CONFLICTS.md",
        "codes.svg",
        "http-status-codes.csv",
        "http-status-codes.ts",
        "http-status-codes.yaml",
        "http_status_codes.go",
        "http_status_codes.py",
        "http_status_codes.rs",
        "reason-phrases.json",
    ];
    for name in names {
        let content = tree.read(&format!("exports/v1/{name}"));
        snapshot("exports", name, &content);
    }
    no_other_snapshots("exports", names.map(str::to_owned));
}
