//! Releases: what makes one, what refuses one, and what the past ones promise.

mod common;

use common::{Run, Sandbox, has_tool, no_other_snapshots, snapshot};

const MEANINGS: &str = "registry/meanings/4xx.yaml";
const RELEASE: &str = "registry/release.yaml";
const DECISIONS: &str = "registry/decisions.yaml";

/// The small tree as a repository of git, all of it committed.
fn repository(test: &str) -> Option<Sandbox> {
    if !has_tool("git", test) {
        return None;
    }
    let tree = Sandbox::small();
    let release = "# What the data is called.\nversion: 0.1.0 # three numbers\n\n# The day.\ndate: 2026-11-20\n";
    tree.write(RELEASE, release);
    tree.git("", &["init", "--quiet", "--initial-branch", "main"]);
    tree.commit("Start");
    Some(tree)
}

/// Makes a release and does what it prints.
fn release(tree: &Sandbox, arguments: &[&str], version: &str) -> Run {
    let run = tree.run(&[&["release"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.told());
    tree.commit(&format!("Release {version}"));
    let tag = format!("v{version}");
    tree.git("", &["tag", "--annotate", &tag, "--message", &tag]);
    let check = tree.run(&["check"]);
    assert_eq!(check.code, 0, "{}", check.told());
    run
}

/// Runs a command that must fail, and change nothing.
fn refused(tree: &Sandbox, arguments: &[&str], code: i32, name: &str) {
    let before = (tree.files(), tree.git("", &["rev-parse", "HEAD"]));
    let run = tree.run(arguments);
    assert_eq!(run.code, code, "{name}: {}", run.told());
    let after = (tree.files(), tree.git("", &["rev-parse", "HEAD"]));
    assert!(before == after, "{name} changed something");
    snapshot(
        "releases",
        name,
        &format!("{}exit code {}\n", run.err, run.code),
    );
}

/// Takes a meaning out of the tree, with all that speaks of it.
fn remove_token_required(tree: &Sandbox) {
    let sources = common::SOURCES;
    for source in sources {
        let file = format!("sources/{source}/claims.csv");
        let claims = tree.read(&file);
        let kept = claims
            .lines()
            .filter(|line| !line.contains("499-token-required"));
        let kept: String = kept.map(|line| format!("{line}\n")).collect();
        tree.write(&file, kept);
    }
    let meanings = tree.read(MEANINGS);
    let start = meanings
        .find("- id: 499-token-required")
        .expect("the meaning");
    tree.write(MEANINGS, meanings[..start].trim_end().to_owned() + "\n");
    tree.write(DECISIONS, "[]\n");
}

/// Lets a meaning have another id, in all that speaks of it.
fn rename_gone(tree: &Sandbox, former: &str) {
    tree.edit(
        MEANINGS,
        "- id: 410-gone\n",
        &format!("- id: 410-vanished\n{former}"),
    );
    for source in common::SOURCES {
        let file = format!("sources/{source}/claims.csv");
        tree.write(&file, tree.read(&file).replace("410-gone", "410-vanished"));
    }
}

#[test]
fn releases_from_the_first_to_a_major_one() {
    let Some(tree) = repository("releases") else {
        return;
    };
    let first = release(&tree, &[], "0.1.0");
    snapshot("releases", "first", &first.told());
    refused(&tree, &["release"], 2, "nothing_changed");
    // Another day alone is no change.
    refused(
        &tree,
        &["release", "--date", "2027-01-01"],
        2,
        "nothing_changed",
    );

    tree.edit(MEANINGS, "en: A token is wanted.", "en: A token is needed.");
    assert_eq!(tree.run(&["build"]).code, 0);
    refused(&tree, &["check"], 1, "too_small");
    tree.commit("Reword");
    let patch = release(&tree, &["--date", "2026-11-21"], "0.1.1");
    snapshot("releases", "patch", &patch.told());
    let kept = "# What the data is called.\nversion: 0.1.1 # three numbers\n\n# The day.\ndate: 2026-11-21\n";
    assert_eq!(tree.read(RELEASE), kept);

    // An id may change if the former one still leads there.
    rename_gone(&tree, "");
    assert_eq!(tree.run(&["build"]).code, 0);
    refused(&tree, &["check"], 1, "id_gone");
    tree.edit(
        MEANINGS,
        "- id: 410-vanished\n",
        "- id: 410-vanished\n  former_ids: [410-gone]\n",
    );
    let phrase = "  phrase: Not Found\n";
    let renamed = "  phrase: Not Here\n  former_phrases:\n    - { phrase: Not Found, used_by: RFC 9110, replaced_by: RFC 9999 }\n";
    tree.edit(MEANINGS, phrase, renamed);
    tree.edit("sources/records/claims.csv", ",Not Found,", ",Not Here,");
    tree.commit("Rename");
    let minor = release(&tree, &["--date", "2026-12-01"], "0.2.0");
    snapshot("releases", "minor", &minor.told());
    for command in ["lookup", "explain"] {
        let run = tree.run(&[command, "410-gone"]);
        assert_eq!(run.code, 0, "{command}: {}", run.told());
        assert!(
            run.out.contains("410-vanished"),
            "{command}: {}",
            run.told()
        );
    }
    for export in [
        "http-status-codes.json",
        "http-status-codes.yaml",
        "http-status-codes.csv",
    ] {
        let text = tree.read(&format!("exports/v1/{export}"));
        assert!(text.contains("410-gone"), "{export}");
    }
    let old_constant = "pub const NOT_FOUND: u16 = 404;";
    assert!(
        tree.read("exports/v1/http_status_codes.rs")
            .contains(old_constant)
    );

    // What was published is given up in a major version only, and with a reason.
    remove_token_required(&tree);
    tree.edit(MEANINGS, renamed, "  phrase: Not Here\n");
    tree.edit("sources/items/claims.csv", ",Not Found,", ",Not Here,");
    for source in ["outline", "rows", "sections", "definitions"] {
        let file = format!("sources/{source}/claims.csv");
        tree.write(&file, tree.read(&file).replace(",Not Found,", ",Not Here,"));
    }
    tree.commit("Take three names away");
    refused(&tree, &["check"], 1, "names_gone");
    refused(&tree, &["release"], 2, "names_gone_at_a_release");
    let reasons = "removed:\n  - name: id 499-token-required\n    reason: Nobody asks for tokens any more.\n  - name: constant NOT_FOUND\n    reason: Plants are not lost.\n  - name: constant StatusNotFound\n    reason: Plants are not lost.\n";
    tree.write(RELEASE, tree.read(RELEASE) + reasons);
    tree.commit("Say why");
    let major = release(&tree, &["--date", "2027-01-01"], "1.0.0");
    snapshot("releases", "major", &major.told());

    // The reasons stay good in what comes after, and the names are not promised again.
    tree.edit(
        MEANINGS,
        "en: The client went away.",
        "en: The client went off.",
    );
    tree.commit("Reword again");
    release(&tree, &["--date", "2027-01-02"], "1.0.1");
    assert!(tree.read(RELEASE).ends_with(reasons));
    snapshot("releases", "changelog", &tree.read("CHANGELOG.md"));

    // Reasons for what is not gone, or never was there.
    let wrong = "  - name: id 200-ok\n    reason: It is there.\n  - name: id 299-never\n    reason: It never was.\n  - name: constant GONE\n    reason: \" \"\n";
    tree.write(RELEASE, tree.read(RELEASE) + wrong);
    refused(&tree, &["check"], 1, "wrong_reasons");
}

#[test]
fn a_constant_goes_to_another_code_in_a_major_version_with_a_reason() {
    let Some(tree) = repository("releases") else {
        return;
    };
    release(&tree, &[], "0.1.0");
    // The lower of two codes with one phrase has the constant.
    for (source, found) in [("records", ",OK,"), ("items", ",OK,")] {
        let file = format!("sources/{source}/claims.csv");
        tree.edit(&file, found, ",Not Found,");
    }
    let file = "registry/meanings/2xx.yaml";
    let phrase = "  phrase: OK\n";
    let renamed = "  phrase: Not Found\n  former_phrases:\n    - { phrase: OK, used_by: RFC 9110, replaced_by: RFC 9999 }\n";
    tree.edit(file, phrase, renamed);
    tree.commit("Share a phrase");
    refused(&tree, &["release"], 2, "constants_moved");
    let reasons = "removed:\n  - name: constant NOT_FOUND\n    reason: IANA gave the phrase to 200.\n  - name: constant StatusNotFound\n    reason: IANA gave the phrase to 200.\n";
    tree.write(RELEASE, tree.read(RELEASE) + reasons);
    tree.commit("Say why");
    let major = release(&tree, &[], "1.0.0");
    snapshot("releases", "constants_moved_with_a_reason", &major.told());
    let module = tree.read("exports/v1/http_status_codes.rs");
    for constant in ["NOT_FOUND: u16 = 200", "CODE_404: u16 = 404"] {
        assert!(module.contains(constant), "{constant}");
    }
    assert_eq!(tree.run(&["check"]).code, 0);
}

#[test]
fn a_release_is_made_of_what_is_committed_and_settled() {
    let Some(tree) = repository("releases") else {
        return;
    };
    tree.write("new.txt", "new");
    refused(&tree, &["release"], 2, "untracked");
    tree.git("", &["add", "new.txt"]);
    refused(&tree, &["release"], 2, "staged");
    tree.commit("New");
    tree.edit(MEANINGS, "en: A token is wanted.", "en: A token is needed.");
    refused(&tree, &["release"], 2, "modified");
    tree.git("", &["checkout", "--quiet", "--", "."]);
    tree.write(".git/info/exclude", "sources/private\n");
    let manifest = tree.read("sources/records/source.yaml");
    tree.write(
        "sources/private/source.yaml",
        manifest
            .replace("id: records", "id: private")
            .replace("authority: registry", "authority: note"),
    );
    let claims = tree.read("sources/records/claims.csv");
    tree.write("sources/private/claims.csv", claims);
    refused(&tree, &["release"], 2, "unknown_to_git");
    std::fs::remove_dir_all(tree.path("sources/private")).expect("the source");
    tree.write(DECISIONS, "[]\n");
    tree.commit("Undecide");
    refused(&tree, &["release"], 2, "open_conflict");
    tree.git("", &["reset", "--quiet", "--hard", "HEAD~1"]);
    // As an ignore file of one's own may say.
    tree.write(".git/info/exclude", "releases/\nCHANGELOG.md\n");
    refused(&tree, &["release"], 2, "ignored");
    tree.write(".git/info/exclude", "");
    tree.git("", &["checkout", "--quiet", "--detach"]);
    refused(&tree, &["release"], 2, "no_branch");
    tree.git("", &["checkout", "--quiet", "main"]);
    tree.git("", &["tag", "v0.1.0"]);
    refused(&tree, &["release"], 2, "tag_exists");
    tree.git("", &["tag", "--delete", "v0.1.0"]);
    refused(&tree, &["release", "--date", "2026-11"], 2, "no_day");

    // What is told to be done is not done.
    let head = tree.git("", &["rev-parse", "HEAD"]);
    assert_eq!(tree.run(&["release"]).code, 0);
    assert_eq!(tree.git("", &["rev-parse", "HEAD"]), head);
    assert_eq!(tree.git("", &["tag"]), "");
    assert_eq!(tree.git("", &["diff", "--cached", "--name-only"]), "");
    tree.commit("Release 0.1.0");

    // A version that is larger than it need be is the maintainer's choice; a smaller one is raised.
    tree.edit(MEANINGS, "en: A token is wanted.", "en: A token is needed.");
    tree.edit(RELEASE, "version: 0.1.0", "version: 0.7.0");
    tree.commit("Reword");
    let run = tree.run(&["release"]);
    assert!(
        run.out.contains("git tag --annotate v0.7.0"),
        "{}",
        run.told()
    );
    tree.commit("Release 0.7.0");
    tree.edit(RELEASE, "version: 0.7.0", "version: 0.6.0");
    assert_eq!(tree.run(&["build"]).code, 0);
    refused(&tree, &["check"], 1, "version_runs_backwards");
    tree.git("", &["checkout", "--quiet", "--", "."]);

    // What `release` wrote is not to be touched.
    let full = "registry/releases/0.7.0/http-status-codes.json";
    tree.edit(full, "\"phrase\": \"Gone\"", "\"phrase\": \"Went\"");
    refused(&tree, &["check"], 2, "release_touched");
    tree.git("", &["checkout", "--quiet", "--", "."]);
    std::fs::create_dir(tree.path("registry/releases/old")).expect("a folder");
    refused(&tree, &["check"], 2, "release_without_version");
    std::fs::remove_dir_all(tree.path("registry/releases")).expect("the releases");
    refused(&tree, &["check"], 1, "release_gone");
    tree.git("", &["checkout", "--quiet", "--", "."]);
    for (date, name) in [
        ("2026-11-21", "date_of_another_day"),
        ("1999-01-01", "date_runs_backwards"),
    ] {
        tree.edit(RELEASE, "date: 2026-11-20", &format!("date: {date}"));
        if name == "date_runs_backwards" {
            tree.edit(RELEASE, "version: 0.7.0", "version: 0.8.0");
        }
        assert_eq!(tree.run(&["build"]).code, 0);
        refused(&tree, &["check"], 1, name);
        tree.git("", &["checkout", "--quiet", "--", "."]);
    }
    tree.edit("CHANGELOG.md", "## 0.1.0", "## v0.1.0");
    refused(&tree, &["check"], 1, "release_untold");
    tree.git("", &["checkout", "--quiet", "--", "."]);
    let mut spoilt_release = String::new();
    let names = "registry/releases/0.7.0/names.txt";
    for name in ["id 404-not-found\n", "constant NOT_FOUND\n"] {
        tree.edit(names, name, "");
        refused(&tree, &["check"], 2, "names_touched");
        tree.git("", &["checkout", "--quiet", "--", "."]);
    }
    tree.write(
        names,
        format!("{}FOO\n\ncolumn \nconstant NOT FOUND\n", tree.read(names)),
    );
    refused(&tree, &["check"], 2, "no_names");
    tree.git("", &["checkout", "--quiet", "--", "."]);
    let full = "registry/releases/0.7.0/http-status-codes.json";
    let json = tree.read(full);
    let wrong = json.replacen("\"registered\"", "\"Registered\"", 1);
    for spoilt in [
        json.replacen('{', "{{", 1),
        json.replacen("],", ",", 1),
        wrong,
    ] {
        tree.write(full, spoilt);
        spoilt_release += &tree.run(&["check"]).told();
    }
    snapshot("releases", "data_spoilt", &spoilt_release);
    tree.write(full, json.replace("Not Found", "Not Fund"));
    refused(&tree, &["diff", "0.7.0"], 2, "diff_with_a_spoilt_release");
    tree.git("", &["checkout", "--quiet", "--", "."]);
    std::fs::remove_file(tree.path(names)).expect("the names");
    std::fs::create_dir(tree.path("registry/releases/0.8.0")).expect("a folder");
    refused(&tree, &["check"], 2, "release_incomplete");
    refused(&tree, &["diff", "v0.8.0"], 2, "release_empty");
    std::fs::remove_dir(tree.path("registry/releases/0.8.0")).expect("the folder");
    tree.git("", &["checkout", "--quiet", "--", "."]);
    let sums = "registry/releases/0.7.0/SHA256SUMS";
    let digest = "0".repeat(64);
    for more in ["codes.svg", "\u{1b}[31mred"] {
        let more = format!("{digest}  {more}\n");
        tree.write(sums, tree.read(sums) + &more);
        refused(&tree, &["verify", "CHANGELOG.md"], 2, "sums_touched");
        tree.git("", &["checkout", "--quiet", "--", "."]);
    }
    // The sum of what follows from the data is wrong, or the program writes it in another form by now.
    let now = tree.read(sums);
    let csv = now.lines().find(|line| line.ends_with(".csv"));
    let changed = format!("{digest}  http-status-codes.csv");
    tree.edit(sums, csv.expect("a sum"), &changed);
    refused(&tree, &["check"], 1, "another_form");
    tree.git("", &["checkout", "--quiet", "--", "."]);

    // A column or a file that was published is promised as an id is.
    let more = tree.read(names) + "column colour\nfile colours.json\n";
    tree.write(names, more);
    let more = tree.read(sums) + &format!("{digest}  colours.json\n");
    tree.write(sums, more);
    tree.edit(RELEASE, "version: 0.7.0", "version: 1.0.0");
    assert_eq!(tree.run(&["build"]).code, 0);
    refused(&tree, &["check"], 1, "column_gone");
    let reasons = "removed:\n  - { name: column colour, reason: Colours are out. }\n  - { name: file colours.json, reason: Colours are out. }\n";
    tree.write(RELEASE, tree.read(RELEASE) + reasons);
    assert_eq!(tree.run(&["check"]).code, 0);
}

#[test]
fn a_release_keeps_the_line_ends_of_its_file() {
    let Some(tree) = repository("releases") else {
        return;
    };
    let file = "version: 0.1.0 # three numbers\r\n# The day.\r\ndate: 2026-11-20";
    tree.write(RELEASE, file);
    tree.commit("Write it elsewhere");
    let run = tree.run(&["release", "--date", "2026-11-21"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(tree.read(RELEASE), file.replace("-20", "-21"));
}

#[test]
fn without_git_there_is_no_release() {
    let Some(tree) = repository("releases") else {
        return;
    };
    let before = tree.files();
    let run = tree.run_with(&["release"], &[("PATH", "")]);
    assert_eq!(run.code, 2, "{}", run.told());
    // As if the clone were somebody else's.
    let foreign = [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")];
    let run = tree.run_with(&["release"], &foreign);
    insta::assert_snapshot!(run.told(), @r"
    error: git cannot tell what is committed here
      help: make releases in a clone of the repository, where `git status` works
            git says: fatal: detected dubious ownership in repository at 'TREE'
            To add an exception for this directory, call:
            
                git config --global --add safe.directory TREE

    1 error; nothing was written
    exit code 2
    ");
    std::fs::remove_dir_all(tree.path(".git")).expect("the repository");
    let run = tree.run_with(&["release"], &[("GIT_CEILING_DIRECTORIES", "/")]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(run.err.contains("not a git repository"), "{}", run.told());
    assert!(tree.files() == before);
}

#[test]
fn no_snapshot_of_releases_is_left_over() {
    let names = [
        "another_form",
        "changelog",
        "column_gone",
        "constants_moved",
        "constants_moved_with_a_reason",
        "data_spoilt",
        "date_of_another_day",
        "date_runs_backwards",
        "diff_with_a_spoilt_release",
        "first",
        "id_gone",
        "major",
        "ignored",
        "minor",
        "modified",
        "names_gone",
        "names_gone_at_a_release",
        "names_touched",
        "no_branch",
        "no_day",
        "no_names",
        "nothing_changed",
        "open_conflict",
        "patch",
        "release_empty",
        "release_gone",
        "release_incomplete",
        "release_touched",
        "release_untold",
        "release_without_version",
        "staged",
        "sums_touched",
        "tag_exists",
        "too_small",
        "unknown_to_git",
        "untracked",
        "version_runs_backwards",
        "wrong_reasons",
    ];
    no_other_snapshots("releases", names.map(str::to_owned));
}
