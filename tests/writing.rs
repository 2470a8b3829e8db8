//! Writing is all or nothing, wherever it is cut off.

mod common;

use std::fs;

use common::Sandbox;

/// The names of the files in the exports, as they are listed while they are written.
fn staged(tree: &Sandbox, new: &[(String, Vec<u8>)]) -> Vec<String> {
    let old = tree.files();
    let stale = new.iter().filter(|file| !old.contains(file));
    stale.map(|(name, _)| name.clone()).collect()
}

/// Where a file is written before it is moved to its place.
fn beside(name: &str) -> String {
    match name.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/.{file}.new"),
        None => format!(".{name}.new"),
    }
}

/// An old tree, and the files of the same tree after a command that writes.
fn old_and_new() -> (Sandbox, Vec<(String, Vec<u8>)>) {
    let change = |tree: &Sandbox| {
        let file = "registry/meanings/4xx.yaml";
        tree.edit(file, "en: A token is wanted.", "en: A token is needed.");
    };
    let tree = Sandbox::small();
    assert_eq!(tree.run(&["build"]).code, 0);
    change(&tree);
    let new = Sandbox::small();
    change(&new);
    assert_eq!(new.run(&["build"]).code, 0);
    (tree, new.files())
}

#[test]
fn a_run_that_was_killed_is_undone_or_done() {
    let (tree, new) = old_and_new();
    let names = staged(&tree, &new);
    assert!(names.len() >= 4, "{names:?}");
    // A file in a folder that is new, as a release has it.
    let extra = "registry/releases/9.9.9/names.txt".to_owned();
    let content = |name: &str| {
        let found = new.iter().find(|(own, _)| own == name);
        found.map_or(b"extra\n".to_vec(), |(_, bytes)| bytes.clone())
    };
    let all: Vec<String> = names.iter().cloned().chain([extra.clone()]).collect();
    let list = |stage: &str| format!("{stage}\n{}\n", all.join("\n"));
    let reset = |old: &[(String, Vec<u8>)]| {
        for (name, _) in tree.files() {
            fs::remove_file(tree.path(&name)).expect("the file");
        }
        let _ = fs::remove_dir_all(tree.path("registry/releases"));
        for (name, bytes) in old {
            tree.write(name, bytes);
        }
    };
    let old = tree.files();
    let mut steps = 0;
    let mut finish = |what: &str, wanted: &[(String, Vec<u8>)]| {
        let run = tree.run(&["lookup", "404"]);
        assert_eq!(run.code, 0, "{what}: {}", run.told());
        let found = tree.files();
        let names = |files: &[(String, Vec<u8>)]| {
            files
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&found), names(wanted), "{what}");
        assert!(found == wanted, "{what}: a file is neither old nor new");
        reset(&old);
        steps += 1;
    };

    // Killed while the list was written, at any byte.
    for part in ["", "stag", "staging\nexports", &list("staging")] {
        tree.write("..pending.new", part);
        finish("the list", &old);
    }
    // Killed while files were written beside their places: the last one may be cut short.
    for count in 0..=all.len() {
        for short in [false, true] {
            tree.write(".pending", list("staging"));
            for (index, name) in all[..count].iter().enumerate() {
                let mut bytes = content(name);
                if short && index + 1 == count {
                    bytes.truncate(bytes.len() / 2);
                }
                tree.write(&beside(name), bytes);
            }
            finish(&format!("{count} staged"), &old);
            assert!(
                !tree.path("registry/releases").exists(),
                "an empty folder is left"
            );
        }
    }
    // Killed while the list was written anew.
    tree.write(".pending", list("staging"));
    for name in &all {
        tree.write(&beside(name), content(name));
    }
    tree.write("..pending.new", "mov");
    finish("the list anew", &old);
    // Killed while files were moved to their places.
    let mut wanted = new.clone();
    wanted.push((extra.clone(), content(&extra)));
    wanted.sort();
    for count in 0..=all.len() {
        tree.write(".pending", list("moving"));
        for (index, name) in all.iter().enumerate() {
            let beside = beside(name);
            let place = if index < count { name } else { &beside };
            tree.write(place, content(name));
        }
        finish(&format!("{count} moved"), &wanted);
    }
    assert!(steps > 20, "only {steps} steps");
}

#[test]
fn a_list_of_files_that_no_run_wrote_is_refused() {
    let outside = tempfile::tempdir().expect("a folder");
    let victim = outside.path().join("victim");
    fs::write(&victim, "precious").expect("a file");
    fs::write(outside.path().join(".victim.new"), "evil").expect("a file");
    let absolute = victim.display().to_string();
    for stage in ["staging", "moving"] {
        for name in [
            absolute.as_str(),
            "../victim",
            "exports/../../victim",
            "a\\..\\b",
            "C:/x",
            "./x",
            "a//b",
        ] {
            let tree = Sandbox::small();
            tree.write(".pending", format!("{stage}\n{name}\n"));
            let before = tree.files();
            for command in ["build", "check"] {
                let run = tree.run(&[command]);
                assert_eq!(run.code, 2, "{name}: {}", run.told());
                assert!(
                    run.err.contains("lies outside the checkout"),
                    "{}",
                    run.told()
                );
                assert!(run.err.contains("--> .pending"), "{}", run.told());
            }
            assert!(tree.files() == before, "{name}");
        }
    }
    assert_eq!(fs::read_to_string(&victim).expect("the file"), "precious");
    assert!(outside.path().join(".victim.new").exists());
}

#[test]
fn a_write_that_fails_changes_nothing() {
    let (tree, new) = old_and_new();
    let names = staged(&tree, &new);
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
        beside(&names[0]),
        "..pending.new".to_owned(),
        beside(&names[3]),
    ] {
        fs::create_dir(tree.path(&blocked)).expect("a folder");
        let before = tree.files();
        let run = tree.run(&["build"]);
        assert_eq!(run.code, 2, "{blocked}: {}", run.told());
        assert!(tree.files() == before, "{blocked}");
        fs::remove_dir(tree.path(&blocked)).expect("the folder");
    }
    assert_eq!(tree.run(&["build"]).code, 0);
    assert!(tree.files() == new);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only_changes_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let (tree, new) = old_and_new();
    let folder = tree.path("exports/v1");
    let set = |mode| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(&folder, mode).expect("the permissions");
    };
    set(0o555);
    // Permissions do not stop the superuser.
    if fs::write(folder.join("probe"), "").is_ok() {
        fs::remove_file(folder.join("probe")).expect("the probe");
        set(0o755);
        eprintln!("skipped: a read-only folder stops nobody here");
        return;
    }
    let before = tree.files();
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(run.err.contains("check the permissions"), "{}", run.told());
    assert!(tree.files() == before);
    set(0o755);
    assert_eq!(tree.run(&["build"]).code, 0);
    assert!(tree.files() == new);
}
