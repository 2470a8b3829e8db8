//! `fetch` in odd surroundings: without a home, with a cache that cannot be written, with odd names.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use crate::common::has_tool;
use crate::server::{Server, table};
use crate::{CLAIMS, Place, document, newer};

#[test]
fn a_user_without_a_home_has_a_cache_or_is_told() {
    let server = Server::start(|_, mut wire| {
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    let before = place.tree.files();
    let command = |arguments: &[&str]| {
        let mut command = place.tree.command(&["fetch"]);
        command.args(arguments).env_clear();
        command
    };
    // A home that is no folder, as some services have it.
    let mut homeless = command(&[]);
    homeless.env("HOME", "/dev/null");
    let run = place.finish(homeless);
    insta::assert_snapshot!(run.told(), @r#"
    records: not fetched; its files are as they were
    records: fetching http://SERVER/
    records: received
    error: cannot write to the cache: Not a directory
      --> /dev/null/.cache/http-status-registry/68d6efb727707984b9817e3c7934e4679a8a5add67a282ec1eaa1cfb71e30d57
      help: name another folder with --cache DIR
    exit code 2
    "#);
    assert!(place.tree.files() == before, "something was written");
    // Nothing of the environment is needed to look, and a cache is enough to write.
    let run = place.finish(command(&["--dry-run"]));
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(place.tree.files() == before, "something was written");
    let cache = place.cache().display().to_string();
    let run = place.finish(command(&["--cache", &cache]));
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(place.tree.read(CLAIMS).contains("425"));
    assert_eq!(place.cached().len(), 1);
}

#[test]
fn a_cache_that_cannot_be_written_changes_nothing() {
    let server = Server::start(|_, mut wire| {
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    place.tree.write("a file", "");
    let before = place.tree.files();
    let mut command = place.tree.command(&["fetch", "--cache"]);
    command.arg(place.tree.path("a file").join("in it"));
    let run = place.finish(command);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(
        run.err
            .contains("help: name another folder with --cache DIR"),
        "{}",
        run.told()
    );
    assert!(place.tree.files() == before, "something was written");
}

/// Some network file systems have none.
#[cfg(target_os = "linux")]
#[test]
fn a_file_system_without_locks_is_no_fault() {
    if !has_tool("strace", "a_file_system_without_locks_is_no_fault") {
        return;
    }
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/"));
    let fetch = place.command(&[]);
    let mut traced = Command::new("strace");
    traced
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "inject=flock:error=EOPNOTSUPP",
        ])
        .arg(fetch.get_program())
        .args(fetch.get_args())
        .current_dir(place.tree.path(""));
    let run = place.finish(traced);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(place.tree.read(CLAIMS).contains("425"), "{}", run.told());
}

#[test]
fn a_kept_document_is_renewed_wherever_it_is_kept() {
    let server = Server::start(|_, mut wire| {
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    let kept = "sources/records/as downloaded/Überblick (1): 状态.csv";
    place.tree.write(kept, document());
    let run = place.fetch(&[]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(place.tree.read(kept), newer());
    let names = |name: &(String, Vec<u8>)| name.0.starts_with("sources/records/");
    assert_eq!(
        place.tree.files().iter().filter(|file| names(file)).count(),
        3
    );
}

/// The files of a checkout have names that are Unicode.
#[cfg(target_os = "linux")]
#[test]
fn a_kept_document_whose_name_is_not_unicode_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let server = Server::start(|_, mut wire| {
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    let name = OsStr::from_bytes(b"caf\xe9");
    fs::write(place.tree.path("sources/records").join(name), document()).expect("a file");
    let before = place.tree.files();
    let run = place.fetch(&[]);
    assert_eq!(run.code, 2, "{}", run.told());
    insta::assert_snapshot!(run.err, @r#"
    records: failed
    error: the document's name is not Unicode
      --> ./sources/records/caf�
      help: rename it
    "#);
    assert!(place.tree.files() == before, "something was written");
}
