//! `fetch` is the only command that opens a socket, and without its feature there is nothing to open one.

use std::process::Command;

use crate::common::{Sandbox, fixtures, has_tool, root};
use crate::server::{Server, table};
use crate::{Place, newer};

/// The network's system calls of a command, as strace lists them.
fn calls(command: &Command) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = folder.path().join("trace");
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-e", "trace=network", "-o"])
        .arg(&trace)
        .arg(command.get_program())
        .args(command.get_args())
        .current_dir(command.get_current_dir().expect("a folder"));
    let output = traced.output().expect("strace");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code < 2), "{error}");
    let trace = std::fs::read_to_string(trace).expect("the trace");
    // Signals and ends of processes are listed too.
    let calls = trace
        .lines()
        .filter(|line| !line.contains("+++") && !line.contains("---"));
    calls.map(|line| format!("{line}\n")).collect()
}

#[test]
fn no_other_command_opens_a_socket() {
    if !has_tool("strace", "no_other_command_opens_a_socket") {
        return;
    }
    let tree = Sandbox::small();
    let documents = fixtures().join("documents").display().to_string();
    let export = root().join("exports/v1/reason-phrases.json");
    let export = export.display().to_string();
    let full = "exports/v1/http-status-codes.json";
    let runs: &[&[&str]] = &[
        &["ingest", "--documents", &documents],
        &["build"],
        &["check"],
        &["conflicts"],
        &["explain", "499"],
        &["lookup", "404"],
        &["diff", full, full],
        &["verify", &export],
        &["--help"],
    ];
    for arguments in runs {
        let calls = calls(&tree.command(arguments));
        assert_eq!(calls, "", "{arguments:?}");
    }
    // `release` is for a checkout under git.
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(tree.path(""));
        git.args(["-c", "user.name=x", "-c", "user.email=x@example.org"]);
        let output = git.args(arguments).output().expect("git");
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "x"]);
    assert_eq!(calls(&tree.command(&["release"])), "");
    // The trace sees what `fetch` does.
    let server = Server::fixed(table(newer()));
    let place = Place::new(&server.url("/"));
    let calls = calls(&place.command(&[]));
    assert!(calls.contains("socket(AF_INET"), "{calls}");
}

#[test]
fn without_the_feature_there_is_no_network_in_the_binary() {
    let tree = |arguments: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args([
                "tree",
                "--locked",
                "--offline",
                "--prefix",
                "none",
                "--edges",
                "normal",
            ])
            .args(arguments)
            .current_dir(root());
        let output = cargo.output().expect("cargo");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let names = text
            .lines()
            .map(|line| line.split(' ').next().unwrap_or_default().to_owned());
        names.collect::<std::collections::BTreeSet<String>>()
    };
    let (with, without) = (tree(&[]), tree(&["--no-default-features"]));
    for name in ["reqwest", "hyper", "rustls", "ring", "tokio", "socket2"] {
        assert!(with.contains(name), "{name}");
        assert!(!without.contains(name), "{name}");
    }
}

/// The sources that call on the network are those of `fetch`.
#[test]
fn only_fetch_names_the_network() {
    fn look(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                look(&path, found);
            } else {
                let text = std::fs::read_to_string(&path).expect("a source");
                let calls = ["std::net", "reqwest", "tokio::", "rustls"];
                if calls.iter().any(|call| text.contains(call)) {
                    let name = path.strip_prefix(root()).expect("a path");
                    found.push(name.display().to_string());
                }
            }
        }
    }
    let mut found = Vec::new();
    look(&root().join("src"), &mut found);
    assert!(!found.is_empty());
    for file in found {
        assert!(file.starts_with("src/fetch/"), "{file}");
    }
}
