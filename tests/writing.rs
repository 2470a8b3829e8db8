//! What stands in the way of writing is told, and stays as it is.

mod common;

use std::fs;

use common::Sandbox;
use common::writers::{Case, beside, changed};
use http_status_registry::build;
use http_status_registry::digest::sha256;
use http_status_registry::tree::Tree;

#[test]
fn a_journal_that_no_run_wrote_is_refused() {
    let outside = tempfile::tempdir().expect("a folder");
    let victim = outside.path().join("victim");
    fs::write(&victim, "precious").expect("a file");
    for name in [".victim.new", ".victim.old"] {
        fs::write(outside.path().join(name), "evil").expect("a file");
    }
    let journal = |done: bool, file: &str| {
        let [old, new] = ["evil", "precious"].map(|text| sha256(text.as_bytes()));
        let files = serde_json::json!([{ "file": file, "old": old, "new": new }]);
        serde_json::json!({ "done": done, "process": 1, "files": files }).to_string()
    };
    let refused = |content: &str, why: &str| {
        let tree = Sandbox::small();
        tree.write(".pending", content);
        let before = tree.files();
        for command in ["build", "check"] {
            let run = tree.run(&[command]);
            assert_eq!(run.code, 2, "{content}: {}", run.told());
            assert!(run.err.contains(why), "{}", run.told());
            assert!(run.err.contains("--> .pending"), "{}", run.told());
            assert!(run.err.contains("delete it"), "{}", run.told());
        }
        assert!(tree.files() == before, "{content}");
    };
    let absolute = victim.display().to_string();
    for done in [false, true] {
        for name in [
            absolute.as_str(),
            "../victim",
            "exports/../../victim",
            "./x",
            "a//b",
            "",
        ] {
            refused(&journal(done, name), "lies outside the checkout");
        }
    }
    for name in ["README.md", ".git/config", "CHANGELOG.md/x"] {
        refused(&journal(false, name), "no run writes");
    }
    let folder = |name: &str| {
        let folders = serde_json::json!([name]);
        serde_json::json!({ "done": false, "process": 1, "files": [], "folders": folders })
            .to_string()
    };
    refused(&folder("exports/../.."), "lies outside the checkout");
    refused(&folder("docs"), "no run writes");
    #[cfg(unix)]
    {
        // The folder is empty, but elsewhere.
        let tree = Sandbox::small();
        let (elsewhere, link) = (outside.path().join("elsewhere"), tree.path("exports"));
        fs::create_dir_all(elsewhere.join("v1")).expect("a folder");
        std::os::unix::fs::symlink(&elsewhere, link).expect("a link");
        tree.write(".pending", folder("exports/v1"));
        let told = tree.run(&["conflicts"]).told();
        assert!(
            told.contains("error: cannot write through a link"),
            "{told}"
        );
        assert!(elsewhere.join("v1").exists());
    }
    // Nor one that is none, such as the list that the first version of this program wrote.
    let whole = journal(false, "exports/v1/codes.svg");
    let more = whole.replacen('{', "{\"more\":1,", 1);
    for content in [
        "",
        "{}",
        "moving\nexports/v1/codes.svg\n",
        &whole[..whole.len() / 2],
        &more,
    ] {
        refused(content, "this is no journal");
    }
    for (name, content) in [
        ("victim", "precious"),
        (".victim.new", "evil"),
        (".victim.old", "evil"),
    ] {
        let found = fs::read_to_string(outside.path().join(name)).expect("the file");
        assert_eq!(found, content, "{name}");
    }
}

#[test]
fn what_changes_while_a_run_works_keeps_it_from_writing() {
    let sandbox = Sandbox::small();
    assert_eq!(sandbox.run(&["build"]).code, 0);
    let file = "registry/meanings/4xx.yaml";
    sandbox.edit(file, "A token is wanted", "A token is needed");
    let tree = Tree::open(sandbox.path("")).expect("a checkout");
    let first = build(&tree).expect("exports").files();
    sandbox.edit(file, "A token is needed", "A token is asked for");
    sandbox.edit("sources/items/claims.csv", "\n2,", "\n02,");
    let before = sandbox.files();
    let errors = tree.write(&first).expect_err("what was read has changed");
    let told = errors
        .iter()
        .map(|error| (&*error.message, error.file.as_deref()));
    let changed = "this has changed since it was read";
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (changed, Some(file)),
            (changed, Some("sources/items/claims.csv"))
        ]
    );
    assert!(sandbox.files() == before);
    // The next run reads anew; what it has written itself keeps it from nothing.
    let tree = Tree::open(sandbox.path("")).expect("a checkout");
    let second = build(&tree).expect("exports").files();
    assert!(!tree.write(&second).expect("written").is_empty());
    assert!(tree.write(&second).expect("written").is_empty());
}

#[test]
fn a_write_that_fails_changes_nothing() {
    let case = Case::build();
    let tree = &case.tree;
    let names = Vec::from_iter(changed(&case.old, &case.new));
    for name in &names {
        let bytes = fs::read(tree.path(name)).expect("the export");
        fs::remove_file(tree.path(name)).expect("the export");
        fs::create_dir(tree.path(name)).expect("a folder");
        let before = tree.files();
        let run = tree.run(&["build"]);
        assert_eq!(run.code, 2, "{name}: {}", run.told());
        assert!(run.err.contains(name), "{}", run.told());
        assert!(tree.files() == before, "{name}");
        fs::remove_dir(tree.path(name)).expect("the folder");
        tree.write(name, bytes);
    }
    // A folder where a file would be staged, or where the list would be.
    for blocked in [
        beside(&names[0], "new"),
        beside(&names[3], "new"),
        beside(&names[3], "old"),
        "..pending.new".to_owned(),
        ".pending".to_owned(),
    ] {
        fs::create_dir(tree.path(&blocked)).expect("a folder");
        let before = tree.files();
        let run = tree.run(&["build"]);
        assert_eq!(run.code, 2, "{blocked}: {}", run.told());
        assert!(
            run.err.contains(&format!("--> {blocked}\n")),
            "{}",
            run.told()
        );
        assert!(run.err.contains("move"), "{}", run.told());
        assert!(tree.files() == before, "{blocked}");
        fs::remove_dir(tree.path(&blocked)).expect("the folder");
    }
    assert_eq!(tree.run(&["build"]).code, 0);
    assert!(case.is_new("at last"));
}
