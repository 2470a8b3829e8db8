//! What can be compared: files, past releases and revisions of git; and what says that it cannot.

mod common;

use common::{Sandbox, has_tool, no_other_snapshots, snapshot};

const FULL: &str = "exports/v1/http-status-codes.json";

/// The small tree with its exports, and a copy of the full one.
fn built() -> Sandbox {
    let tree = Sandbox::small();
    assert_eq!(tree.run(&["build"]).code, 0);
    tree.write("old.json", tree.read(FULL));
    tree
}

/// What is done to a copy of the full export.
type Spoil = fn(&Sandbox);

fn edit(tree: &Sandbox, old: &str, new: &str) {
    let text = tree.read("old.json");
    assert!(text.contains(old), "{old}");
    tree.write("old.json", text.replacen(old, new, 1));
}

const BAD: &[(&str, &str, Spoil)] = &[
    ("other_schema", "old.json", |tree| {
        edit(tree, "\"schema_version\": 1", "\"schema_version\": 2")
    }),
    ("schema_version_of_another_type", "old.json", |tree| {
        edit(tree, "\"schema_version\": 1", "\"schema_version\": \"one\"");
    }),
    ("version_that_is_none", "old.json", |tree| {
        edit(
            tree,
            "\"version\": \"0.1.0\"",
            "\"version\": \"<b>\\u001b[31m\"",
        );
    }),
    ("invisible_keys_and_values", "old.json", |tree| {
        edit(tree, "\"title\": \"", "\"title\": \"\\u009b31m");
        edit(tree, "\"zh-Hans\":", "\"zh\\u202e\":");
    }),
    ("unknown_fields", "old.json", |tree| {
        edit(tree, "\"license\":", "\"colour\": \"red\",\n  \"license\":");
        edit(
            tree,
            "\"summary\":",
            "\"flavour\": { \"sweet\": 1 },\n          \"summary\":",
        );
        edit(
            tree,
            "\"sides\": [\n        {",
            "\"sides\": [\n        {\n          \"taste\": 2,",
        );
    }),
    ("unknown_field_of_an_origin", "old.json", |tree| {
        edit(
            tree,
            "\"origin\": {",
            "\"origin\": {\n            \"since\": 1999,",
        );
    }),
    ("missing_and_empty_fields", "old.json", |tree| {
        edit(
            tree,
            "\"former_references\": [",
            "\"phrase_variants\": [],\n          \"former_references\": [",
        );
        let url = ",\n              \"url\": \"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.3.1\"";
        edit(tree, url, "");
        edit(
            tree,
            "rfc9110.html#section-15.3.5",
            "rfc9110.html#section-15.3.6",
        );
    }),
    ("missing_class", "old.json", |tree| {
        edit(tree, "\"class\": \"successful\",", "")
    }),
    ("values_of_other_types", "old.json", |tree| {
        edit(tree, "\"code\": 204", "\"code\": \"204\"");
    }),
    ("code_out_of_range", "old.json", |tree| {
        edit(tree, "\"code\": 204", "\"code\": 2040")
    }),
    ("place_without_line", "old.json", |tree| {
        edit(tree, "\"line\": 3,", "")
    }),
    ("unknown_kind", "old.json", |tree| {
        edit(tree, "\"kind\": \"embedded\"", "\"kind\": \"quarrel\"");
    }),
    ("class_of_another_code", "old.json", |tree| {
        edit(
            tree,
            "\"class\": \"successful\"",
            "\"class\": \"redirection\"",
        );
    }),
    ("code_without_meanings", "old.json", |tree| {
        let text = tree.read("old.json");
        let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        json["codes"][1]["meanings"] = serde_json::json!([]);
        tree.write("old.json", format!("{json:#}\n"));
    }),
    ("given_twice", "old.json", |tree| {
        let text = tree.read("old.json");
        let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for list in ["sources", "codes", "conflicts"] {
            let list = json[list].as_array_mut().expect("a list");
            list.push(list[0].clone());
        }
        let meanings = json["codes"][1]["meanings"].as_array_mut().expect("a list");
        meanings.push(meanings[0].clone());
        let former = serde_json::json!({ "phrase": "Nothing", "used_by": "RFC 1945" });
        meanings[0]["former_phrases"] = vec![former; 2].into();
        let reference = meanings[0]["references"][0].clone();
        for list in ["references", "former_references"] {
            meanings[0][list] = vec![reference.clone(); 2].into();
        }
        json["sources"][0]["languages"] = serde_json::json!(["en", "en"]);
        tree.write("old.json", format!("{json:#}\n"));
    }),
    ("key_given_twice", "old.json", |tree| {
        edit(
            tree,
            "\"license\":",
            "\"license\": \"MIT\",\n  \"license\":",
        );
    }),
    ("schema_json", "exports/v1/schema.json", |_| {}),
    ("csv", "exports/v1/http-status-codes.csv", |_| {}),
    ("reason_phrases", "exports/v1/reason-phrases.json", |_| {}),
    ("rust", "exports/v1/http_status_codes.rs", |_| {}),
    ("binary", "old.json", |tree| {
        tree.write("old.json", b"\n\x00\xff\xfe\x89PNG")
    }),
    ("empty", "old.json", |tree| tree.write("old.json", "")),
    ("list", "old.json", |tree| {
        tree.write("old.json", "[1, 2]\n")
    }),
    ("folder", "exports", |_| {}),
    ("not_there", "nowhere.json", |_| {}),
    ("deep", "old.json", |tree| {
        tree.write("old.json", "[".repeat(100_000))
    }),
    ("alias", "old.json", |tree| {
        tree.write("old.json", "schema_version: &one 1\ncodes: [*one, *one]\n")
    }),
];

/// Neither a folder of a release's name nor what is wrong with the releases is in the way of others.
#[test]
fn a_release_is_looked_at_where_it_is_named() {
    let tree = built();
    tree.write("registry/releases/notes.txt", "no release");
    let run = tree.run(&["diff", FULL, FULL]);
    assert_eq!(run.code, 0, "{}", run.told());
    let tree = Sandbox::real();
    std::fs::create_dir(tree.path("1.0.0")).expect("a folder");
    let run = tree.run(&["diff", "1.0.0"]);
    assert_eq!(run.code, 0, "{}", run.told());
}

#[test]
fn what_is_no_export_is_refused_with_its_place() {
    for (name, file, spoil) in BAD {
        let tree = built();
        spoil(&tree);
        let before = tree.files();
        let run = tree.run(&["diff", file, FULL, "--exit-code"]);
        assert_eq!(run.code, 2, "{name}: {}", run.told());
        assert_eq!(run.out, "", "{name}");
        assert!(!run.told().contains('\u{1b}'), "{name}");
        snapshot("unreadable", name, &run.told());
        // On the other side too.
        assert_eq!(tree.run(&["diff", FULL, file]).code, 2, "{name}");
        assert!(tree.files() == before, "{name}");
    }
    no_other_snapshots(
        "unreadable",
        BAD.iter().map(|(name, ..)| (*name).to_owned()),
    );
}

/// An export that was cut short is never taken for a whole one, wherever it was cut.
#[test]
fn a_truncated_export_is_refused_with_its_place() {
    let tree = built();
    let text = tree.read(FULL);
    let yaml = tree.read("exports/v1/http-status-codes.yaml");
    let mut cuts = 0;
    for (file, text) in [("old.json", &text), ("old.yaml", &yaml)] {
        let lines: Vec<usize> = text.match_indices('\n').map(|(end, _)| end).collect();
        let ends = lines.iter().step_by(lines.len() / 15);
        for end in ends.copied().chain([text.len() / 2, text.len() - 3]) {
            let end = (0..=end).rev().find(|end| text.is_char_boundary(*end));
            let cut = &text[..end.expect("a place to cut")];
            tree.write(file, cut);
            let run = tree.run(&["diff", file, FULL]);
            // YAML has no end: what was cut between two conflicts is a whole export of fewer.
            if file == "old.yaml" && cut.contains("\nconflicts:") {
                continue;
            }
            assert_eq!(run.code, 2, "{}", run.told());
            assert!(run.err.contains(&format!("--> {file}:")), "{}", run.err);
            assert!(run.err.contains("help: "), "{}", run.err);
            cuts += 1;
        }
    }
    assert!(cuts > 25, "only {cuts}");
}

#[test]
fn json_and_yaml_are_read_however_they_are_written() {
    let tree = built();
    let text = tree.read("old.json");
    let text = text.replace(
        "The outline of the garden",
        r"The 𝑷𝒍𝒏 of \\ud835\\udc77, and é",
    );
    tree.write("old.json", &text);
    let escape = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    let escaped: String = text.encode_utf16().map(escape).collect();
    assert!(escaped.contains(r"\ud835\udc77"));
    tree.write("escaped.json", &escaped);
    tree.write("escaped-one-line.json", escaped.replace('\n', ""));
    tree.write("mark.json", format!("\u{feff}{text}"));
    tree.write("crlf.json", text.replace('\n', "\r\n"));
    tree.write("one-line.json", text.replace("\n", ""));
    let yaml = "exports/v1/http-status-codes.yaml";
    let written = ["mark.json", "crlf.json", "one-line.json", "old.json"];
    let escaped = ["escaped.json", "escaped-one-line.json"];
    let own = (yaml, FULL);
    let others = written
        .iter()
        .chain(&escaped)
        .map(|file| (*file, "old.json"));
    for (file, other) in others.chain([own]) {
        let run = tree.run(&["diff", file, other, "--exit-code"]);
        assert_eq!(
            run.told(),
            "0.1.0 → 0.1.0: nothing changed\nexit code 0\n",
            "{file}"
        );
    }
}

/// A history of four commits: without exports, with the first ones, with those of another schema
/// only, and with newer ones. All of it in a folder of the repository.
fn history(folder: &str) -> Option<Sandbox> {
    if !has_tool("git", "revisions of git") {
        return None;
    }
    let whole = Sandbox::small();
    let tree = Sandbox::empty();
    for (file, bytes) in whole.files() {
        tree.write(&format!("{folder}/{file}"), bytes);
    }
    let root = tree.path(folder).display().to_string();
    let commit = |tag: &str| {
        tree.commit(tag);
        tree.git("", &["tag", tag]);
    };
    tree.git("", &["init", "--quiet", "--initial-branch", "main"]);
    commit("none");
    assert_eq!(tree.run(&["--root", &root, "build"]).code, 0);
    commit("first");
    let exports = tree.path(folder).join("exports");
    std::fs::rename(exports.join("v1"), exports.join("v2")).expect("the exports");
    commit("other");
    std::fs::rename(exports.join("v2"), exports.join("v1")).expect("the exports");
    let file = format!("{folder}/registry/meanings/4xx.yaml");
    tree.edit(&file, "en: A token is wanted.", "en: A token is needed.");
    assert_eq!(tree.run(&["--root", &root, "build"]).code, 0);
    commit("newest");
    Some(tree)
}

#[test]
fn revisions_of_git_are_compared() {
    for folder in [".", "data/registry"] {
        let Some(tree) = history(folder) else { return };
        let root = tree.path(folder).display().to_string();
        let diff = |arguments: &[&str]| {
            let start = ["--root", root.as_str(), "diff", "--exit-code"];
            tree.run(&[&start[..], arguments].concat())
        };
        let reworded = "0.1.0 → 0.1.0: 0 major, 0 minor, 1 patch; suggested version: 0.1.1\n\
                        patch  499-token-required: summary in en reworded\nexit code 1\n";
        assert_eq!(diff(&["first", "newest"]).told(), reworded, "{folder}");
        assert_eq!(diff(&["first", "HEAD"]).told(), reworded, "{folder}");
        assert_eq!(diff(&["HEAD~2", "main"]).told(), reworded, "{folder}");
        assert_eq!(diff(&["refs/tags/first"]).told(), reworded, "{folder}");
        assert_eq!(diff(&["HEAD", "newest"]).code, 0, "{folder}");
        let bad: [(&str, &[&str]); 6] = [
            ("without_exports", &["none", "HEAD"]),
            ("with_other_exports", &["HEAD", "other"]),
            ("no_revision", &["v9.9.9", "HEAD"]),
            ("hyphen", &["--", "--output=x", "-x"]),
            ("path_in_a_revision", &["HEAD:registry", "HEAD"]),
            ("hostile", &["\u{1b}[31m\u{202e}\nHEAD", "HEAD"]),
        ];
        for (name, arguments) in bad {
            let run = diff(arguments);
            assert_eq!(run.code, 2, "{name}: {}", run.told());
            assert!(!run.err.contains(['\u{1b}', '\u{202e}']), "{name}");
            snapshot("revisions", name, &run.told());
        }
        // Nothing was written, and no option was taken from a name.
        assert!(!tree.path("x").exists());
    }
    let names = [
        "without_exports",
        "with_other_exports",
        "no_revision",
        "hyphen",
    ];
    let more = ["path_in_a_revision", "hostile", "without_git"];
    no_other_snapshots(
        "revisions",
        names.into_iter().chain(more).map(str::to_owned),
    );
}

#[test]
fn a_revision_with_too_large_an_export_is_refused() {
    let Some(tree) = history(".") else { return };
    tree.write(FULL, vec![b' '; 17 << 20]);
    tree.commit("large");
    insta::assert_snapshot!(tree.run(&["diff", "newest", "HEAD"]).told(), @r"
    error: the file has more bytes than MAX_FILE (16777216)
      --> HEAD:exports/v1/http-status-codes.json
      help: split it, or look whether it is the right file. MAX_FILE stands in src/yaml.rs

    1 error; nothing was written
    exit code 2
    ");
}

#[test]
fn why_git_cannot_look_is_told() {
    let Some(tree) = history(".") else { return };
    // As if the clone were somebody else's. The words are git's, which differ between its versions.
    let foreign = [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")];
    let run = tree.run_with(&["diff", "HEAD"], &foreign);
    let message = "`HEAD` is no file and no past release, and git cannot look for a revision";
    let told = run.told();
    assert!(
        run.code == 2 && told.contains(message) && told.contains("git says: fatal: "),
        "{told}"
    );
    let blob = tree.git("", &["rev-parse", &format!("HEAD:{FULL}")]);
    let (folder, name) = blob.trim().split_at(2);
    std::fs::remove_file(tree.path(&format!(".git/objects/{folder}/{name}"))).expect("the blob");
    let told = tree.run(&["diff", "HEAD"]).told();
    let message =
        format!("git cannot show {FULL} in the revision `HEAD`\n  help: git says: fatal: ");
    assert!(told.contains(&message), "{told}");
}

#[test]
fn a_revision_with_an_export_that_is_no_text_is_refused() {
    let Some(tree) = history(".") else { return };
    let mut bytes = tree.read(FULL).into_bytes();
    bytes.extend(b"\xff\n");
    tree.write(FULL, bytes);
    tree.commit("latin");
    insta::assert_snapshot!(tree.run(&["diff", "newest", "HEAD"]).told(), @r"
    error: the file is not UTF-8
      --> HEAD:exports/v1/http-status-codes.json:1036
      help: save it as UTF-8

    1 error; nothing was written
    exit code 2
    ");
}

#[test]
fn without_git_only_files_are_compared() {
    let tree = built();
    let run = |arguments: &[&str]| tree.run_with(arguments, &[("PATH", "")]);
    assert_eq!(run(&["diff", "old.json"]).code, 0);
    let missing = run(&["diff", "HEAD"]);
    assert_eq!(missing.code, 2);
    snapshot("revisions", "without_git", &missing.told());
}
