//! Temporary registrations that run out: what `check` and `build` say of them, and when.

mod common;

use common::{Sandbox, no_other_snapshots, snapshot};

/// The small tree, with a temporary registration of 410 that runs out before the date of the data.
fn tree() -> Sandbox {
    let tree = Sandbox::small();
    let state = "temporary registered 2025-11-13 expires 2026-11-13";
    tree.edit(
        "sources/records/claims.csv",
        "OBSOLETED,,obsoleted",
        &format!("TEMPORARY,,{state}"),
    );
    tree.edit(
        "registry/meanings/4xx.yaml",
        "{ state: obsoleted }",
        "{ state: temporary, registered: 2025-11-13, expires: 2026-11-13 }",
    );
    tree.edit(
        "sources/records/source.yaml",
        "authority: registry",
        "authority: registry\nurl: https://example.org/garden.csv",
    );
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
    tree
}

const RUNS: &[(&str, &[&str], i32)] = &[
    ("help", &["check", "--help"], 0),
    ("without_a_date", &["check"], 0),
    ("31_days_before", &["check", "--date", "2026-10-13"], 0),
    ("30_days_before", &["check", "--date", "2026-10-14"], 0),
    ("the_day_before", &["check", "--date", "2026-11-12"], 0),
    ("on_the_day", &["check", "--date", "2026-11-13"], 0),
    ("the_day_after", &["check", "--date", "2026-11-14"], 0),
    ("a_leap_day_later", &["check", "--date", "2028-02-29"], 0),
    ("no_such_day", &["check", "--date", "2026-02-30"], 2),
    ("a_month", &["check", "--date", "2026-11"], 2),
    ("tomorrow", &["check", "--date", "tomorrow"], 2),
];

#[test]
fn check_tells_of_what_runs_out() {
    let tree = tree();
    for (name, arguments, code) in RUNS {
        let run = tree.run(arguments);
        assert_eq!(run.code, *code, "{name}: {}", run.told());
        let warnings = run.err.matches("temporary registration of `410-gone`");
        let warned = *code == 0 && !["help", "31_days_before"].contains(name);
        assert_eq!(warnings.count(), usize::from(warned), "{name}: {}", run.err);
        let told = if run.err.is_empty() { run.out } else { run.err };
        snapshot("expiry", name, &told);
    }
    no_other_snapshots("expiry", RUNS.iter().map(|(name, ..)| (*name).to_owned()));
}

#[test]
fn a_warning_does_not_make_check_fail_or_pass() {
    let tree = tree();
    tree.edit("exports/v1/reason-phrases.json", "Gone", "Away");
    for arguments in [&["check"][..], &["check", "--date", "2026-11-13"]] {
        let run = tree.run(arguments);
        assert_eq!(run.code, 1, "{}", run.told());
        assert!(run.err.contains("410-gone"), "{}", run.err);
    }
}

/// What a build says of it does not hang on the day on which it runs, nor do the exports.
#[test]
fn build_says_what_check_says_without_a_date() {
    let tree = tree();
    let (build, check) = (tree.run(&["build"]), tree.run(&["check"]));
    assert_eq!(build.err, check.err);
    assert!(build.err.contains("date of the data"), "{}", build.err);
}

#[test]
fn what_runs_out_on_the_date_of_the_data_has_not_run_out() {
    let tree = tree();
    let told = |date: &str| {
        let release = format!("version: 0.1.0\ndate: {date}\n");
        tree.write("registry/release.yaml", release);
        let run = tree.run(&["build"]);
        assert_eq!(run.code, 0, "{}", run.told());
        run.err.contains("temporary registration of `410-gone`")
    };
    assert_eq!([told("2026-11-13"), told("2026-11-14")], [false, true]);
}

#[test]
fn without_a_copy_of_the_registry_there_is_none_to_fetch() {
    let tree = tree();
    tree.edit(
        "sources/records/source.yaml",
        "authority: registry",
        "authority: reference",
    );
    // Nothing else says then that 404 is registered.
    let decisions = tree.read("registry/decisions.yaml");
    let ruling = "\
- conflict: 404-not-found/registration
  ruling: accept
  sides: [\"registered\", \"unregistered\"]
  reason: It has been registered for long.
";
    tree.write("registry/decisions.yaml", decisions + ruling);
    let run = tree.run(&["check", "--date", "2026-11-13"]);
    assert!(
        run.err.contains("add its registry as a source"),
        "{}",
        run.err
    );
}
