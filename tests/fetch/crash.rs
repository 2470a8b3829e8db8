//! Killed at any moment, or run twice at once, `fetch` leaves a source as it was, or brought up to date.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::server::{Server, table};
use crate::{CLAIMS, MANIFEST, Place, document, newer};

/// Where the source keeps its document.
const KEPT: &str = "sources/records/records.csv";

fn start(place: &Place, arguments: &[&str]) -> Child {
    let mut command: Command = place.command(arguments);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program")
}

fn files(place: &Place) -> [String; 3] {
    [MANIFEST, CLAIMS, KEPT].map(|file| place.tree.read(file))
}

#[test]
fn a_killed_fetch_leaves_a_source_as_it_was_or_up_to_date() {
    // It takes some 20 ms for its response, so that a kill hits all of its ways.
    let server = Server::start(|_, mut wire| {
        let response = table(newer());
        for part in response.chunks(response.len() / 8) {
            std::thread::sleep(Duration::from_millis(2));
            if !wire.send(part) {
                return;
            }
        }
    });
    let place = Place::new(&server.url("/"));
    place.tree.write(KEPT, document());
    let before = files(&place);
    assert_eq!(place.fetch(&[]).code, 0);
    let after = files(&place);
    assert_ne!(before, after);
    let restore = || {
        for (file, content) in [MANIFEST, CLAIMS, KEPT].iter().zip(&before) {
            place.tree.write(file, content);
        }
    };
    // How long a whole run takes here.
    restore();
    let begin = std::time::Instant::now();
    assert_eq!(place.fetch(&[]).code, 0);
    let whole = begin.elapsed();
    let mut seen = [0, 0];
    for number in 0..60 {
        restore();
        let mut child = start(&place, &[]);
        // The last ones may end in peace, however slow the machine is by now.
        std::thread::sleep(whole * if number < 50 { number } else { 200 } / 50);
        child.kill().expect("a kill");
        child.wait().expect("an end");
        // What comes next in a checkout finishes the work, or takes it back.
        place.tree.run(&["conflicts"]);
        let now = files(&place);
        match (now == before, now == after) {
            (true, _) => seen[0] += 1,
            (_, true) => seen[1] += 1,
            _ => panic!("after {number}/50 of the time: {now:#?}"),
        }
        assert!(!place.tree.path(".pending").exists());
    }
    assert!(seen[0] > 2 && seen[1] > 2, "{seen:?}");
}

#[test]
fn two_fetches_at_once_take_turns() {
    let server = Server::start(|request, mut wire| {
        if request.number == 0 {
            std::thread::sleep(Duration::from_secs(3));
        }
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    let mut first = start(&place, &[]);
    while server.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let second = place.fetch(&[]);
    assert_eq!(second.code, 2, "{}", second.told());
    crate::common::snapshot("fetch", "locked", &second.told());
    // Those that write nothing may look at the same time.
    assert_eq!(place.fetch(&["--check"]).code, 1);
    assert!(first.wait().expect("an end").success());
    assert!(place.tree.read(CLAIMS).contains("425"));
    // The lock is gone with the first.
    assert_eq!(place.fetch(&[]).code, 0);
}

#[test]
fn a_manifest_that_is_edited_meanwhile_stays() {
    let server = Server::start(|_, mut wire| {
        std::thread::sleep(Duration::from_secs(1));
        wire.send(&table(newer()));
    });
    let place = Place::new(&server.url("/"));
    let mut child = start(&place, &[]);
    while server.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    place
        .tree
        .edit(MANIFEST, "title: The records", "title: Other records");
    let before = place.tree.files();
    assert_eq!(child.wait().expect("an end").code(), Some(2));
    assert!(place.tree.files() == before, "something was written");
}
