//! Disks, permissions, links, names and environments as they may be: each works, or is told with a remedy.

#![cfg(target_os = "linux")]

mod common;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::Command;

use common::writers::{Case, changed};
use common::{Run, Sandbox, copy_folder, fixtures, has_tool, say_skipped, skip};

const CSV: &str = "exports/v1/http-status-codes.csv";

fn cases() -> [Case; 3] {
    [Case::build(), Case::ingest(), Case::release()]
}

/// What a command ends in, once another program has prepared its surroundings.
fn run_by(tree: &Sandbox, program: &[&str], arguments: &[&str]) -> Run {
    let inner = tree.command(arguments);
    let mut command = Command::new(program[0]);
    command
        .args(&program[1..])
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(tree.path(""));
    tree.finish(command)
}

/// The same, by a script that ends with `exec "$@"`.
fn run_in(tree: &Sandbox, script: &str, arguments: &[&str]) -> Run {
    run_by(tree, &["sh", "-c", script, "sh"], arguments)
}

/// What stands on standard error, and the exit code.
fn told(run: &Run) -> String {
    format!("{}exit code {}\n", run.err, run.code)
}

/// Runs a command that must fail and change nothing.
fn refused(tree: &Sandbox, arguments: &[&str]) -> String {
    let before = tree.files();
    let run = tree.run(arguments);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(run.err.contains("help: "), "no remedy: {}", run.told());
    assert!(tree.files() == before, "something was written");
    run.err
}

/// A file may have no more than so many bytes: at any limit, all or nothing is written.
#[test]
fn files_that_grow_too_large_for_a_limit_change_nothing() {
    let mut killed_amid = 0;
    for case in cases() {
        let mut refused = 0;
        for limit in [0, 1, 2, 4, 6, 8, 16, 32, 64, 128] {
            case.tree.restore(&case.old);
            let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
            let run = run_in(&case.tree, &script, case.command);
            let what = format!("{limit} blocks: {}", run.told());
            assert_eq!(case.is_new(&what), run.code == 0, "{what}");
            if run.code != 0 {
                assert_eq!(run.code, 2, "{what}");
                assert!(
                    run.err.contains("error: cannot write: File too large"),
                    "{what}"
                );
                assert!(
                    run.err.contains("help: raise your limit for files"),
                    "{what}"
                );
                assert!(
                    run.err.ends_with("\n1 error; nothing was written\n"),
                    "{what}"
                );
                refused += 1;
            }
        }
        assert!((2..10).contains(&refused), "{refused} limits");
        // Where nobody ignores the signal, the system itself kills the program in the middle of a write.
        for limit in [1, 8] {
            case.tree.restore(&case.old);
            let script = format!("ulimit -f {limit}; exec \"$@\"");
            let run = run_in(&case.tree, &script, case.command);
            let amid = case.tree.path(".pending").exists();
            killed_amid += u32::from(amid);
            assert!(run.code == -1 || run.code == 0, "{}", run.told());
            let next = case.tree.run(&["lookup", "404"]);
            assert_eq!(next.code, 0, "{}", next.told());
            assert_eq!(next.err.contains("is taken back"), amid, "{}", next.told());
            assert_eq!(case.is_new(&run.told()), run.code == 0);
        }
    }
    assert!(killed_amid > 0, "never in the middle");
}

/// A disk of its own, as full as wanted: at any size, all or nothing is written. Where nobody may mount one,
/// in CI too, `a_disk_that_becomes_full_or_read_only_is_told` has to do.
#[test]
fn a_disk_that_is_full_or_read_only_changes_nothing() {
    let unshare = ["unshare", "--map-root-user", "--mount"];
    let place = tempfile::tempdir().expect("a folder");
    let mut probe = Command::new(unshare[0]);
    probe.args(&unshare[1..]);
    probe
        .args(["mount", "-t", "tmpfs", "tmpfs"])
        .arg(place.path());
    if !probe.output().is_ok_and(|mount| mount.status.success()) {
        say_skipped(
            "a_disk_that_is_full_or_read_only",
            "the right to mount a disk",
        );
        return;
    }
    // Arguments: the old tree, where to mount, how many kilobytes to leave free, `ro` or `rw`, the program.
    let script = r#"
        old=$1 disk=$2 free=$3 mode=$4; shift 4
        mount -t tmpfs -o size=4m tmpfs "$disk" || exit 78
        cp -R "$old/." "$disk/" && cd "$disk" || exit 78
        head -c $((4 * 1024 * 1024)) /dev/zero >filler 2>/dev/null
        size=$(stat -c %s filler); truncate -s $((size - free * 1024)) filler
        mount -o "remount,$mode" "$disk" || exit 78
        "$@"; code=$?
        mount -o remount,rw "$disk"
        rm -f filler
        rm -R "$old"; mkdir "$old"; cp -R . "$old/"
        exit $code
    "#;
    for case in cases() {
        let outside = tempfile::tempdir().expect("a folder");
        let [copy, disk] = ["copy", "disk"].map(|name| outside.path().join(name));
        fs::create_dir(&disk).expect("a folder");
        let (mut full, mut done) = (0, 0);
        // The filler must not be in the way of a release.
        let ignore = ".git/info/exclude";
        if case.tree.path(ignore).exists() {
            case.tree.write(ignore, "filler\n");
        }
        let sizes = [0, 4, 16, 32, 64, 128, 512, 1024].map(|free| (free, "rw"));
        for (free, mode) in sizes.into_iter().chain([(1024, "ro")]) {
            let _ = fs::remove_dir_all(&copy);
            copy_folder(&case.tree.path(""), &copy);
            let paths = [&copy, &disk].map(|path| path.display().to_string());
            let free = free.to_string();
            let arguments = ["sh", "-c", script, "sh", &paths[0], &paths[1], &free, mode];
            let run = run_by(
                &case.tree,
                &[&unshare[..], &arguments].concat(),
                case.command,
            );
            let what = format!("{free} kB, {mode}: {}", run.told());
            let found = Sandbox::of(&copy);
            let expected = if run.code == 0 { &case.new } else { &case.old };
            assert_eq!(changed(expected, &found.files()), [].into(), "{what}");
            if mode == "ro" {
                assert_eq!(run.code, 2, "{what}");
                assert!(
                    run.err.contains("help: work in a checkout on a disk that"),
                    "{what}"
                );
            } else if run.code != 0 {
                assert_eq!(run.code, 2, "{what}");
                assert!(run.err.contains("help: free some disk space"), "{what}");
                full += 1;
            } else {
                done += 1;
            }
        }
        assert!(full > 2 && done > 1, "{full} full, {done} done");
    }
}

/// Permissions do not stop the superuser, unless the power to pass over them is taken away.
fn run_without_power(tree: &Sandbox, arguments: &[&str]) -> Option<Run> {
    let probe = tempfile::tempdir().expect("a folder");
    set_mode(probe.path(), 0o555);
    if fs::write(probe.path().join("probe"), "").is_err() {
        return Some(tree.run(arguments));
    }
    let setpriv = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
    let probed = Command::new(setpriv[0])
        .args(&setpriv[1..])
        .arg("touch")
        .arg(probe.path().join("probe2"))
        .output();
    if !probed.is_ok_and(|touch| String::from_utf8_lossy(&touch.stderr).contains("touch: ")) {
        skip(
            "permissions",
            "setpriv, as the superuser writes in read-only folders",
        );
        return None;
    }
    Some(run_by(tree, &setpriv, arguments))
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the permissions");
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn a_folder_that_is_read_only_changes_nothing() {
    for case in cases() {
        let files = changed(&case.old, &case.new);
        let folders = files.iter().filter_map(|file| Path::new(file).parent());
        let mut folders: Vec<_> = folders
            .filter(|path| case.tree.path("").join(path).exists())
            .collect();
        folders.push(Path::new(""));
        folders.dedup();
        for folder in folders {
            let folder = case.tree.path("").join(folder);
            set_mode(&folder, 0o555);
            let Some(run) = run_without_power(&case.tree, case.command) else {
                return;
            };
            set_mode(&folder, 0o755);
            let what = format!("{}: {}", folder.display(), run.told());
            assert_eq!(run.code, 2, "{what}");
            assert!(
                run.err.contains("error: cannot write: Permission denied"),
                "{what}"
            );
            assert!(run.err.contains("help: check the permissions"), "{what}");
            assert!(
                run.err.ends_with("\n1 error; nothing was written\n"),
                "{what}"
            );
            assert!(!case.is_new(&what), "{what}");
        }
        let run = case.tree.run(case.command);
        assert!(run.code == 0 && case.is_new("at last"), "{}", run.told());
        // Who only reads needs no more than that.
        let every = |mode: u32| {
            let mut folders = vec![case.tree.path("")];
            while let Some(folder) = folders.pop() {
                let entries = fs::read_dir(&folder).expect("a folder");
                let entries = entries.map(|entry| entry.expect("an entry").path());
                folders.extend(entries.filter(|path| path.is_dir()));
                set_mode(&folder, mode);
            }
        };
        every(0o555);
        let run = run_without_power(&case.tree, &["lookup", "404"]);
        every(0o755);
        assert_eq!(run.map(|run| run.code), Some(0));
    }
}

/// What a run takes back are the folders that it made, and no others.
#[test]
fn folders_that_were_empty_stay() {
    for made in ["exports/v1", "exports"] {
        let tree = Sandbox::small();
        let _ = fs::remove_dir_all(tree.path("exports"));
        fs::create_dir_all(tree.path(made)).expect("folders");
        set_mode(&tree.path(made), 0o555);
        let Some(run) = run_without_power(&tree, &["build"]) else {
            return;
        };
        set_mode(&tree.path(made), 0o755);
        assert_eq!(run.code, 2, "{}", run.told());
        assert!(tree.path(made).is_dir(), "{made}: {}", run.told());
        assert_eq!(tree.path("exports/v1").exists(), made == "exports/v1");
        assert_eq!(tree.run(&["build"]).code, 0);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let tree = Sandbox::small();
    set_mode(&tree.path("registry/decisions.yaml"), 0);
    let Some(run) = run_without_power(&tree, &["build"]) else {
        return;
    };
    insta::assert_snapshot!(told(&run), @r#"
    error: cannot read: Permission denied (os error 13)
      --> registry/decisions.yaml
      help: check the permissions of the file and its folder, and whose they are

    1 error; nothing was written
    exit code 2
    "#);
}

#[test]
fn a_pipe_where_a_file_should_be_is_told() {
    let ingest: &[&str] = &["ingest", "--documents", "documents"];
    for (name, command) in [
        ("sources/items/source.yaml", &["build"][..]),
        ("sources/items/claims.csv", &["build"]),
        ("sources/items/claims.csv", ingest),
        ("registry/decisions.yaml", &["build"]),
        (CSV, &["build"]),
        (CSV, &["check"]),
        (".pending", &["lookup", "404"]),
    ] {
        let tree = Sandbox::small();
        copy_folder(&fixtures().join("documents"), &tree.path("documents"));
        let path = tree.path(name);
        let _ = fs::remove_file(&path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo").success());
        let told = told(&tree.run(command));
        assert!(
            told.contains("this is a pipe, a socket or a device, and no file"),
            "{told}"
        );
        let place = format!("\n  --> {name}\n  help: put a file in its place\n");
        assert!(told.contains(&place), "{told}");
    }
}

#[test]
fn a_link_that_leads_to_itself_or_nowhere_is_told() {
    let tree = Sandbox::small();
    symlink("9xx.yaml", tree.path("registry/meanings/9xx.yaml")).expect("a link");
    insta::assert_snapshot!(refused(&tree, &["build"]), @r"
    error: cannot read: Too many levels of symbolic links (os error 40)
      --> registry/meanings/9xx.yaml
      help: a link leads back to itself: put a file in its place, or delete it

    1 error; nothing was written
    ");
    for name in [
        "registry/meanings/9xx.yaml",
        "registry/decisions.yaml",
        "registry/meanings",
        "sources/items",
        "sources/items/claims.csv",
        "sources/items/source.yaml",
    ] {
        let tree = Sandbox::small();
        let path = tree.path(name);
        let _ = fs::remove_file(&path);
        let _ = fs::remove_dir_all(&path);
        symlink("no\u{1b}where", &path).expect("a link");
        let err = refused(&tree, &["build"]);
        let wanted = format!(
            "error: this is a link that leads nowhere: to no\\u{{1b}}where\n  --> {name}\n  help: put what"
        );
        assert!(err.contains(&wanted), "{err}");
    }
}

#[test]
fn a_document_that_is_longer_than_it_says_is_not_read_to_its_end() {
    let tree = Sandbox::small();
    for name in common::SOURCES {
        let file = format!("sources/{name}/source.yaml");
        tree.edit(&file, "  media_type:", "  max_bytes: 9000\n  media_type:");
    }
    // Linux says that these have no bytes at all.
    fs::create_dir(tree.path("documents")).expect("a folder");
    symlink("/proc/self/smaps", tree.path("documents/maps")).expect("a link");
    let told = told(&tree.run(&["ingest", "--documents", "documents"]));
    let warning = "more than any source's max_bytes (9000), so it was not looked at";
    assert!(told.contains(warning), "{told}");
}

#[test]
fn a_link_that_leads_nowhere_is_no_document() {
    let tree = Sandbox::small();
    fs::create_dir(tree.path("documents")).expect("a folder");
    symlink("nowhere", tree.path("documents/gone")).expect("a link");
    let run = tree.run(&["ingest", "--documents", "documents"]);
    assert!(!run.told().contains("gone"), "{}", run.told());
}

#[test]
fn a_folder_where_a_file_should_be_is_told() {
    for (file, command) in [
        ("registry/decisions.yaml", "build"),
        ("registry/release.yaml", "build"),
        ("registry/meanings/4xx.yaml", "build"),
        ("sources/items/source.yaml", "ingest"),
        ("sources/items/claims.csv", "build"),
        (CSV, "build"),
        ("exports/v1/.http-status-codes.csv.new", "build"),
    ] {
        let tree = Sandbox::small();
        let _ = fs::remove_file(tree.path(file));
        fs::create_dir_all(tree.path(file)).expect("a folder");
        let err = refused(&tree, &[command]);
        assert!(err.contains(&format!("--> {file}\n")), "{err}");
        assert!(err.contains("move"), "{err}");
    }
    let case = Case::release();
    fs::create_dir(case.tree.path("CHANGELOG.md")).expect("a folder");
    let err = refused(&case.tree, case.command);
    insta::assert_snapshot!(err, @r#"
    error: cannot read: Is a directory (os error 21)
      --> CHANGELOG.md
      help: this is a folder: name a file, or move the folder away

    1 error; nothing was written
    "#);
    // And the other way round.
    let tree = Sandbox::small();
    tree.write("exports", "a file");
    insta::assert_snapshot!(refused(&tree, &["build"]), @r#"
    error: cannot read the folder: Not a directory (os error 20)
      --> exports/v1
      help: a file stands where a folder has to be: move it away

    1 error; nothing was written
    "#);
    let case = Case::release();
    case.tree.write("registry/releases", "a file");
    case.tree.commit("A file");
    insta::assert_snapshot!(refused(&case.tree, case.command), @r#"
    error: cannot read the folder: Not a directory (os error 20)
      --> registry/releases
      help: a file stands where a folder has to be: move it away

    1 error; nothing was written
    "#);
}

/// Who reads an export while it is written has the old one to the end.
#[test]
fn a_file_that_another_process_holds_is_replaced() {
    use std::io::Read;
    let case = Case::build();
    let mut held = fs::File::open(case.tree.path(CSV)).expect("the export");
    held.lock().expect("a lock");
    let run = case.tree.run(case.command);
    assert!(run.code == 0 && case.is_new("at last"), "{}", run.told());
    let mut bytes = Vec::new();
    held.read_to_end(&mut bytes).expect("the export");
    assert!(case.old.contains(&(CSV.to_owned(), bytes)));
}

#[test]
fn no_link_leads_a_writer_out_of_the_checkout() {
    let outside = Sandbox::empty();
    outside.write("file", "precious\n");
    let before = outside.files();
    // A file in place of one that is written, which is read first, and in place of what stands beside it.
    let read = "error: a link leads out of the checkout, to /";
    let written = "error: cannot write through a link, as it may lead out";
    for (case, name, error) in [
        (Case::build(), CSV, read),
        (
            Case::build(),
            "exports/v1/.http-status-codes.csv.new",
            written,
        ),
        (
            Case::build(),
            "exports/v1/.http-status-codes.csv.old",
            written,
        ),
        (Case::ingest(), "sources/items/claims.csv", read),
        (Case::build(), "sources/other", read),
    ] {
        let _ = fs::remove_file(case.tree.path(name));
        let to = if name == "sources/other" { "" } else { "file" };
        symlink(outside.path(to), case.tree.path(name)).expect("a link");
        let err = refused(&case.tree, case.command);
        assert!(err.contains(error), "{err}");
        assert!(err.contains(&format!("--> {name}\n")), "{err}");
    }
    // What is left of a journal goes away, whatever it is.
    let case = Case::build();
    symlink(outside.path("file"), case.tree.path("..pending.new")).expect("a link");
    let run = case.tree.run(case.command);
    assert!(run.code == 0 && case.is_new("at last"), "{}", run.told());
    // One that leads nowhere yet.
    let case = Case::build();
    fs::remove_file(case.tree.path(CSV)).expect("the export");
    symlink(outside.path("new"), case.tree.path(CSV)).expect("a link");
    insta::assert_snapshot!(refused(&case.tree, case.command), @r#"
    error: cannot write through a link, as it may lead out of the checkout
      --> exports/v1/http-status-codes.csv
      help: move the link away

    1 error; nothing was written
    "#);
    // A folder of what is written.
    for (case, name) in [
        (Case::build(), "exports"),
        (Case::build(), "exports/v1"),
        (Case::ingest(), "sources/items"),
        (Case::ingest(), "sources"),
        (Case::release(), "registry"),
    ] {
        let target = outside.path("folder");
        copy_folder(&case.tree.path(name), &target);
        fs::remove_dir_all(case.tree.path(name)).expect("the folder");
        symlink(&target, case.tree.path(name)).expect("a link");
        if case.command[0] == "release" {
            case.tree.commit("Link");
        }
        let there = outside.files();
        let err = refused(&case.tree, case.command);
        assert!(err.contains("link"), "{name}: {err}");
        assert!(err.matches("cannot write").count() <= 1, "{name}: {err}");
        assert!(outside.files() == there, "{name}");
        fs::remove_dir_all(&target).expect("the folder");
    }
    assert!(outside.files() == before);
}

/// A build needs nothing but the checkout, so it reads nothing else.
#[test]
fn no_link_leads_a_reader_out_of_the_checkout() {
    let outside = Sandbox::small();
    for name in [
        "registry/meanings",
        "registry/meanings/4xx.yaml",
        "registry/decisions.yaml",
        "registry",
        "sources/items",
        "sources/items/source.yaml",
        "sources",
    ] {
        let tree = Sandbox::small();
        let path = tree.path(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("the folder");
        } else {
            fs::remove_file(&path).expect("the file");
        }
        symlink(outside.path(name), &path).expect("a link");
        let err = refused(&tree, &["build"]);
        assert!(
            err.contains("error: a link leads out of the checkout, to /"),
            "{err}"
        );
        assert!(err.contains("help: put a copy in its place"), "{err}");
    }
    outside.write("items.md", "- **200** : OK\n");
    let tree = Sandbox::small();
    symlink(
        outside.path("items.md"),
        tree.path("sources/items/items.md"),
    )
    .expect("a link");
    let err = refused(&tree, &["ingest", "items"]);
    assert!(err.contains("--> sources/items/items.md"), "{err}");
    assert!(err.contains("help: put a copy in its place"), "{err}");
    // Whatever it leads to, and under any name: what is there is not even opened. One cannot be read, one is
    // larger than a document may be, one is a folder.
    outside.write("large", vec![b'x'; 9001]);
    for target in [
        "/proc/self/mem".into(),
        outside.path("large"),
        outside.path("sources"),
    ] {
        let tree = Sandbox::small();
        for name in common::SOURCES {
            let file = format!("sources/{name}/source.yaml");
            tree.edit(&file, "  media_type:", "  max_bytes: 9000\n  media_type:");
        }
        fs::create_dir(tree.path("sources/items/in")).expect("a folder");
        let link = OsStr::from_bytes(b"sources/items/in/caf\xe9");
        symlink(&target, tree.path("").join(link)).expect("a link");
        let err = refused(&tree, &["ingest"]);
        let wanted = "error: a link leads out of the checkout, to /";
        assert!(err.starts_with(wanted), "{err}");
        assert!(err.contains("--> sources/items/in/caf\u{fffd}\n"), "{err}");
        assert!(err.ends_with("\n1 error; nothing was written\n"), "{err}");
    }
    // The folder of documents is named by who runs this, and may be anywhere.
    let tree = Sandbox::small();
    copy_folder(&fixtures().join("documents"), &outside.path("documents"));
    symlink(outside.path("documents"), tree.path("documents")).expect("a link");
    for name in ["items.md", "rows.html"] {
        let path = outside.path("documents").join(name);
        fs::rename(&path, outside.path(name)).expect("a move");
        symlink(outside.path(name), path).expect("a link");
    }
    let run = tree.run(&["ingest", "--documents", "documents"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(!run.told().contains("is not there"), "{}", run.told());
    // Links that stay inside are read, and so is a checkout that is reached by a link.
    let tree = Sandbox::small();
    fs::rename(
        tree.path("registry/meanings/4xx.yaml"),
        tree.path("registry/4xx"),
    )
    .expect("a move");
    symlink("../4xx", tree.path("registry/meanings/4xx.yaml")).expect("a link");
    symlink(tree.path(""), outside.path("link")).expect("a link");
    let run = outside.run(&["build", "--root", "link"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(tree.run(&["check"]).code, 0);
}

#[test]
fn names_may_hold_spaces_and_any_letters() {
    let plain = Case::ingest();
    for name in [
        "a b  c",
        "Prüfung der Codes",
        "状态码 🙂",
        "-v",
        "a'b\"c$d`e",
        "caf\u{65}\u{301}",
    ] {
        let place = Sandbox::empty();
        let root = place.path(name);
        copy_folder(&plain.tree.path(""), &root);
        let documents = root.join("documents");
        fs::rename(
            documents.join("items.md"),
            documents.join(format!("{name} (1).md")),
        )
        .expect("a move");
        fs::rename(&documents, place.path("die Dokumente 文")).expect("a move");
        // From elsewhere, with a relative and an absolute root.
        let at = |root: &Path, arguments: &[&str]| {
            let mut command = place.command(arguments);
            command.arg(option("--root=", root));
            place.finish(command)
        };
        let ingest = at(
            Path::new(name),
            &["ingest", "--documents", "die Dokumente 文"],
        );
        assert_eq!(ingest.code, 0, "{name}: {}", ingest.told());
        let items = fs::read(root.join("sources/items/claims.csv")).expect("the claims");
        assert!(
            plain
                .new
                .contains(&("sources/items/claims.csv".to_owned(), items))
        );
        let build = at(&root, &["build"]);
        assert_eq!(build.code, 0, "{name}: {}", build.told());
        assert_eq!(at(Path::new(name), &["check"]).code, 0, "{name}");
        place.git(name, &["init", "--quiet"]);
        place.git(name, &["add", "--all"]);
        place.git(name, &["commit", "--quiet", "--message", "Start"]);
        let release = at(Path::new(name), &["release"]);
        assert_eq!(release.code, 0, "{name}: {}", release.told());
        let diff = at(&root, &["diff", "HEAD", "0.1.0"]);
        assert_eq!(diff.code, 0, "{name}: {}", diff.told());
    }
}

/// An option with a value that need not be Unicode.
fn option(name: &str, value: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(value);
    option
}

#[test]
fn names_that_are_not_unicode_work_or_are_told() {
    let odd = OsStr::from_bytes(b"caf\xe9");
    let place = Sandbox::empty();
    let root = place.path("").join(odd);
    copy_folder(&fixtures().join("tree"), &root);
    copy_folder(&fixtures().join("documents"), &place.path("documents"));
    fs::rename(
        place.path("documents/items.md"),
        place.path("documents").join(odd),
    )
    .expect("a move");
    let at = |arguments: &[&OsStr]| {
        let mut command = place.command(&[]);
        command.args(arguments).arg(option("--root=", &root));
        place.finish(command)
    };
    let ok = |arguments: &[&str]| {
        let run = at(&arguments.iter().map(OsStr::new).collect::<Vec<_>>());
        assert_eq!(run.code, 0, "{}", run.told());
    };
    ok(&["build"]);
    ok(&["ingest", "--documents", "documents"]);
    ok(&["check"]);
    ok(&["lookup", "404"]);
    fs::rename(
        place.path("documents"),
        place.path("").join(odd).join("sources/items/odd"),
    )
    .expect("a move");
    ok(&["ingest"]);

    // What is asked for must be Unicode, for all that there is is.
    let run = at(&[OsStr::new("lookup"), odd]);
    insta::assert_snapshot!(told(&run), @r#"
    error: this is not UTF-8: "caf\xE9", "--root=TREE/caf\xE9"
      help: write it in UTF-8; only the names of files and folders may be otherwise
    exit code 2
    "#);
    // An export may have any name.
    let export = OsStr::from_bytes(b"codes\xe9.json");
    fs::copy(
        root.join("exports/v1/http-status-codes.json"),
        place.path("").join(export),
    )
    .expect("a copy");
    let run = at(&[OsStr::new("diff"), export, export]);
    assert_eq!((run.code, &*run.err), (0, ""), "{}", run.told());
    let run = at(&[OsStr::new("diff"), OsStr::from_bytes(b"gone\xe9")]);
    insta::assert_snapshot!(told(&run), @r"
    error: there is no such file
      --> gone�
      help: name a full export, a version such as 1.0.0, or a revision such as HEAD

    1 error; nothing was written
    exit code 2
    ");
    let run = at(&[OsStr::new("verify"), odd]);
    insta::assert_snapshot!(told(&run), @r#"
    error: cannot read: Is a directory (os error 21)
      --> caf�
      help: this is a folder: name a file, or move the folder away

    1 error; nothing was written
    exit code 2
    "#);
    let mut nowhere = place.command(&["build", "--root"]);
    nowhere.arg(OsString::from_vec(b"nowhere\xff".to_vec()));
    insta::assert_snapshot!(told(&place.finish(nowhere)), @r#"
    error: no checkout of the registry: it has no folder `sources`
      --> nowhere�
      help: run this in a checkout, or name one with --root

    1 error; nothing was written
    exit code 2
    "#);
    for folder in ["sources", "registry/meanings", "exports/v1"] {
        let path = root.join(folder).join(odd);
        fs::create_dir_all(&path).expect("a folder");
        let run = at(&[OsStr::new("build")]);
        assert_eq!(run.code, 2, "{}", run.told());
        let told =
            format!("the name caf\u{fffd} is not Unicode\n  --> {folder}\n  help: rename it\n");
        assert!(run.err.contains(&told), "{}", run.told());
        fs::remove_dir(&path).expect("the folder");
    }
}

#[test]
fn nothing_of_the_environment_is_needed() {
    for case in cases() {
        let mut command = case.tree.command(case.command);
        // Only git must be found.
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let run = case.tree.finish(command);
        assert_eq!(run.code, 0, "{}", run.told());
        assert!(case.is_new("without an environment"));
    }
    for command in [
        &["check"][..],
        &["lookup", "404"],
        &["stats"],
        &["conflicts"],
    ] {
        let tree = Sandbox::small();
        assert_eq!(tree.run(&["build"]).code, 0);
        let mut bare = tree.command(command);
        bare.env_clear();
        let run = tree.finish(bare);
        assert_eq!(run.told(), tree.run(command).told());
    }
}

/// What is replaced keeps its permissions; for what is new, the umask holds, as for all that git writes.
#[test]
fn permissions_stay() {
    for case in cases() {
        let files = changed(&case.old, &case.new);
        let was = |name: &str| case.old.iter().any(|(old, _)| old == name);
        let modes = [0o644, 0o600, 0o664, 0o444, 0o640];
        let replaced = files
            .iter()
            .filter(|name| was(name))
            .zip(modes.into_iter().cycle());
        let replaced: Vec<_> = replaced.collect();
        for (name, mode) in &replaced {
            set_mode(&case.tree.path(name), *mode);
        }
        let run = run_in(&case.tree, "umask 077; exec \"$@\"", case.command);
        assert!(run.code == 0 && case.is_new("at last"), "{}", run.told());
        for (name, wanted) in replaced {
            assert_eq!(mode(&case.tree.path(name)), wanted, "{name}");
        }
        for name in files.iter().filter(|name| !was(name)) {
            assert_eq!(mode(&case.tree.path(name)), 0o600, "{name}");
        }
    }
}

/// This thread does it all then.
#[test]
fn without_threads_it_works_as_well() {
    let test = "without_threads_it_works_as_well";
    if !(has_tool("setpriv", test) && has_tool("prlimit", test)) {
        return;
    }
    for case in [Case::build(), Case::ingest()] {
        // Limits do not stop the superuser, so somebody else runs a program that anybody can reach.
        let inner = case.tree.command(case.command);
        let folder = tempfile::tempdir().expect("a folder");
        set_mode(folder.path(), 0o755);
        let program = folder.path().join("program");
        fs::copy(inner.get_program(), &program).expect("a copy");
        let mut command = Command::new("setpriv");
        if fs::metadata("/proc/self").expect("the process").uid() == 0 {
            let nobody = 65534;
            let mut places = vec![case.tree.path("")];
            while let Some(place) = places.pop() {
                chown(&place, Some(nobody), Some(nobody)).expect("another owner");
                if place.is_dir() {
                    let entries = fs::read_dir(&place).expect("a folder");
                    places.extend(entries.map(|entry| entry.expect("an entry").path()));
                }
            }
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        }
        command.args(["prlimit", "--nproc=1"]).arg(program);
        command
            .args(inner.get_args())
            .current_dir(case.tree.path(""));
        let run = case.tree.finish(command);
        assert!(run.code == 0 && case.is_new("at last"), "{}", run.told());
    }
}

#[test]
fn no_locale_changes_what_is_written_or_told() {
    let told = |case: &Case, command: &[&str], locale: &str| {
        let variables = [("LC_ALL", locale), ("LANG", locale), ("LANGUAGE", locale)];
        let run = case.tree.run_with(command, &variables);
        run.told()
    };
    let cases = cases();
    let reading = [
        &["lookup", "找不到"][..],
        &["conflicts"],
        &["lookup", "kein Ü"],
        &["--help"],
    ];
    let wanted = cases
        .each_ref()
        .map(|case| told(case, case.command, "C.UTF-8"));
    let wanted_of = reading.map(|command| told(&cases[0], command, "C.UTF-8"));
    assert!(wanted_of[0].contains("没有这个东西"), "{}", wanted_of[0]);
    for locale in ["C", "de_DE.ISO-8859-1", "zh_CN.GBK", "nonsense"] {
        for (case, wanted) in cases.iter().zip(&wanted) {
            case.tree.restore(&case.old);
            assert_eq!(told(case, case.command, locale), *wanted, "{locale}");
            assert!(case.is_new(locale));
        }
        for (command, wanted) in reading.iter().zip(&wanted_of) {
            assert_eq!(told(&cases[0], command, locale), *wanted, "{locale}");
        }
    }
}

/// What was written cannot be told then, but is not denied either.
#[test]
fn a_full_standard_output_or_error_is_told() {
    if !Path::new("/dev/full").exists() {
        skip("a_full_standard_output_or_error_is_told", "/dev/full");
        return;
    }
    let case = Case::build();
    let run = run_in(&case.tree, "exec \"$@\" >/dev/full", case.command);
    insta::assert_snapshot!(told(&run), @r#"
    error: cannot write to standard output: No space left on device (os error 28)
      help: let it write elsewhere and run this again; `git status` shows what is written in the checkout
    exit code 2
    "#);
    assert!(case.is_new("at last"));
    for asked in [&["--help"][..], &["help", "build"], &["--version"]] {
        let run = run_in(&case.tree, "exec \"$@\" >/dev/full", asked);
        assert_eq!(run.code, 2, "{}", run.told());
    }
    for error in ["/dev/full", "&-"] {
        let script = format!("exec \"$@\" 2>{error}");
        for (arguments, code) in [
            (&["build", "--root", "nowhere"][..], 2),
            (&["biuld"], 2),
            (&["\u{1b}[31m"], 2),
            (&["check"], 0),
        ] {
            let run = run_in(&case.tree, &script, arguments);
            assert_eq!(run.code, code, "{}", run.told());
        }
    }
}
