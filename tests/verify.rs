//! Telling what a copied file is.

mod common;

use common::{Sandbox, has_tool, no_other_snapshots, snapshot};

/// The small tree with three releases. The second rewords a summary and renames a phrase; the third
/// only adds a claim.
fn tree() -> Option<Sandbox> {
    if !has_tool("git", "releases") {
        return None;
    }
    let tree = Sandbox::small();
    tree.git("", &["init", "--quiet", "--initial-branch", "main"]);
    tree.commit("Start");
    let release = |version: &str| {
        let run = tree.run(&["release"]);
        assert_eq!(run.code, 0, "{}", run.told());
        tree.commit(version);
        let from = tree.path("exports/v1");
        common::copy_folder(&from, &tree.path(&format!("vendored/{version}")));
        tree.commit("Vendor");
    };
    release("0.1.0");
    let file = "registry/meanings/4xx.yaml";
    tree.edit(file, "en: A token is wanted.", "en: A token is needed.");
    let phrase = "  phrase: Not Found\n";
    let renamed = "  phrase: Not Here\n  former_phrases:\n    - { phrase: Not Found, used_by: RFC 9110, replaced_by: RFC 9999 }\n";
    tree.edit(file, phrase, renamed);
    tree.edit("sources/records/claims.csv", ",Not Found,", ",Not Here,");
    tree.commit("Rename");
    release("0.2.0");
    let manifest = "sources/items/source.yaml";
    tree.edit(
        manifest,
        "title: The items of the garden",
        "title: All items of the garden",
    );
    tree.commit("Retitle");
    release("0.2.1");
    Some(tree)
}

#[test]
fn a_constant_is_gone_from_the_files_that_had_it() {
    let Some(tree) = tree() else { return };
    let file = "registry/meanings/2xx.yaml";
    tree.edit(file, "  phrase: OK\n", "  phrase: Fine\n");
    for source in ["records", "sections", "items", "outline"] {
        let file = format!("sources/{source}/claims.csv");
        tree.edit(&file, ",OK,", ",Fine,");
    }
    tree.edit("registry/release.yaml", "version: 0.2.1", "version: 1.0.0");
    let had = [
        ("http-status-codes.ts", "OK"),
        ("http_status_codes.go", "StatusOK"),
        ("http_status_codes.py", "OK"),
        ("http_status_codes.rs", "OK"),
    ];
    let folder = tree.path("vendored/0.2.1");
    let files = std::fs::read_dir(folder).expect("the folder");
    let names = files.map(|file| file.expect("a file").file_name());
    let names: Vec<_> = names.filter(|name| name != "SHA256SUMS").collect();
    assert_eq!(names.len(), 11);
    for name in names {
        let name = name.to_str().expect("a name");
        let run = tree.run(&["verify", &format!("vendored/0.2.1/{name}")]);
        let told = run.out.lines().filter(|line| line.contains("constant"));
        let told: Vec<&str> = told.collect();
        let own = had.iter().find(|(file, _)| *file == name);
        let own = own.map(|(_, constant)| format!("  major  200: the constant {constant} is gone"));
        assert_eq!(told, Vec::from_iter(own), "{name}: {}", run.told());
    }
}

#[test]
fn another_form_is_told_of_the_file_that_has_it() {
    let Some(tree) = tree() else { return };
    // As if the last release had been made by another program.
    let release = "registry/releases/0.2.1";
    let (names, sums) = (
        format!("{release}/names.txt"),
        format!("{release}/SHA256SUMS"),
    );
    let mut written = tree.read(&sums);
    // The first name is the end of the second.
    for name in ["codes.csv", "http-status-codes.csv", "codes.json"] {
        let text = format!("{name} of old\n");
        tree.write(&format!("mine/{name}"), &text);
        let digest = http_status_registry::digest::sha256(text.as_bytes());
        let other = written
            .lines()
            .filter(|line| !line.ends_with(&format!("  {name}")));
        let other: String = other.map(|line| format!("{line}\n")).collect();
        written = format!("{other}{digest}  {name}\n");
    }
    tree.write(&sums, written);
    let more = "column colour\nfile codes.csv\nfile codes.json\n";
    tree.write(&names, tree.read(&names) + more);
    tree.edit("registry/release.yaml", "version: 0.2.1", "version: 1.0.0");
    let gone = |name: &str| format!("  major  the file {name} is gone");
    let column = "  major  the column colour is gone".to_owned();
    let form = "  patch  http-status-codes.csv writes the same data in another form".to_owned();
    for (file, told) in [
        ("mine/codes.csv", vec![gone("codes.csv")]),
        ("mine/codes.json", vec![gone("codes.json")]),
        ("mine/http-status-codes.csv", vec![column, form]),
        ("vendored/0.2.1/http-status-codes.json", vec![]),
    ] {
        let run = tree.run(&["verify", file]);
        let lines = run.out.lines().skip(1).collect::<Vec<_>>();
        assert_eq!(lines, told, "{}", run.told());
    }
}

#[test]
fn a_version_of_two_data_tells_nothing() {
    let Some(tree) = tree() else { return };
    tree.edit(
        "registry/meanings/4xx.yaml",
        "en: A token is needed.",
        "en: A token is asked for.",
    );
    assert_eq!(tree.run(&["build"]).code, 0);
    for file in [
        "exports/v1/http_status_codes.py",
        "vendored/0.2.1/http_status_codes.py",
    ] {
        let run = tree.run(&["verify", file]);
        assert_eq!(run.code, 2, "{}", run.told());
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.told(), @r"
            error: release 0.2.1 had other data than is here
              --> registry/release.yaml:1
              help: write the version that `check` asks for, or look at the release: git checkout v0.2.1

            1 error; nothing was written
            exit code 2
            ");
        }
    }
}

#[test]
fn each_file_is_told_for_what_it_is() {
    let Some(tree) = tree() else { return };
    let copy = |from: &str, to: &str, change: fn(String) -> String| {
        tree.write(to, change(tree.read(from)));
    };
    let newest = "exports/v1/http_status_codes.rs";
    copy(newest, "mine/status.rs", |text| text);
    copy(newest, "mine/crlf.rs", |text| text.replace('\n', "\r\n"));
    copy(newest, "mine/mark.rs", |text| format!("\u{feff}{text}"));
    let reword = |text: String| text.replace("There is no such thing.", "Nothing here.");
    copy(newest, "mine/changed.rs", reword);
    copy(
        "vendored/0.1.0/http_status_codes.rs",
        "mine/old-changed.rs",
        reword,
    );
    copy(
        "vendored/0.1.0/reason-phrases.json",
        "mine/short.json",
        |text| text.replace("No Content", "Nothing"),
    );
    copy(
        "exports/v1/http-status-codes.json",
        "mine/cut.json",
        |text| text[..text.len() / 3 * 2].to_owned(),
    );
    tree.write("mine/other.json", "{\n  \"404\": \"Lost\"\n}\n");
    // Formatted anew, and edited.
    copy(
        "vendored/0.2.0/http-status-codes.json",
        "mine/a\nb.json",
        |text| {
            let text = text.replace("There is no such thing.", "Nothing here.");
            let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            value.to_string()
        },
    );
    tree.write("mine/empty.rs", "");
    tree.write("mine/binary", [0, 255, 254, 10, 13]);
    let runs: [(&str, &[&str], i32); 11] = [
        (
            "newest",
            &["exports/v1/http-status-codes.json", "exports/v1/SHA256SUMS"],
            0,
        ),
        ("newest_under_another_name", &["mine/status.rs"], 0),
        (
            "older_with_changes",
            &["vendored/0.1.0/http_status_codes.rs"],
            1,
        ),
        ("older_phrases", &["vendored/0.1.0/reason-phrases.json"], 1),
        ("older_conflicts", &["vendored/0.1.0/CONFLICTS.md"], 1),
        ("older_full", &["vendored/0.2.0/http-status-codes.yaml"], 1),
        // The third release changes nothing in these, though it changes the first of them.
        (
            "older_without_changes",
            &[
                "vendored/0.2.0/http_status_codes.rs",
                "vendored/0.2.0/reason-phrases.json",
                "vendored/0.2.0/http-status-codes.csv",
                "vendored/0.1.0/schema.json",
            ],
            0,
        ),
        ("line_ends", &["mine/crlf.rs", "mine/mark.rs"], 1),
        (
            "modified",
            &[
                "mine/changed.rs",
                "mine/old-changed.rs",
                "mine/short.json",
                "mine/cut.json",
                "mine/a\nb.json",
            ],
            1,
        ),
        (
            "unknown",
            &[
                "mine/other.json",
                "mine/empty.rs",
                "mine/binary",
                "registry/release.yaml",
            ],
            1,
        ),
        (
            "not_there",
            &["mine/nowhere.rs", "exports/v1/SHA256SUMS", "mine"],
            2,
        ),
    ];
    let before = tree.files();
    for (name, files, code) in runs {
        let run = tree.run(&[&["verify"], files].concat());
        assert_eq!(run.code, code, "{name}: {}", run.told());
        snapshot("verify", name, &run.told());
    }
    assert!(tree.files() == before);
    no_other_snapshots("verify", runs.iter().map(|(name, ..)| (*name).to_owned()));
    // The line that is told is the first that differs.
    let (own, changed) = (tree.read(newest), tree.read("mine/changed.rs"));
    let mut lines = own.lines().zip(changed.lines());
    let line = lines
        .position(|(own, changed)| own != changed)
        .expect("a line")
        + 1;
    let told = tree.run(&["verify", "mine/changed.rs"]).out;
    assert!(told.contains(&format!("from line {line} on")), "{told}");
}
