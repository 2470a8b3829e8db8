//! The whole way: a mirror shows the registry of 2015, then that of the time of RFC 7231, then that
//! of 2025. Each is fetched and built, and what changed is right.

use std::fs;
use std::sync::{Arc, Mutex};

use crate::common::{Sandbox, real_documents, snapshot};
use crate::server::{Server, response};
use http_status_registry::build;
use http_status_registry::model::Registry;
use http_status_registry::review::{Impact, diff};
use http_status_registry::tree::Tree;

const MANIFEST: &str = "sources/iana/source.yaml";

/// The editions: the document, its media type, and when it was last changed.
const EDITIONS: [(&str, &str, &str); 3] = [
    (
        "http-status-codes.2015-02-20.xhtml",
        "application/xhtml+xml",
        "Fri, 20 Feb 2015 12:00:00 GMT",
    ),
    (
        "http-status-codes-1.rfc7231-era.csv",
        "text/csv",
        "Tue, 01 Jan 2019 12:00:00 GMT",
    ),
    (
        "http-status-codes-1.2025-09-15.csv",
        "text/csv",
        "Mon, 15 Sep 2025 12:00:00 GMT",
    ),
];

#[test]
fn the_registry_of_2015_then_2019_then_2025() {
    let Some(documents) = real_documents("the_registry_of_2015_then_2019_then_2025") else {
        return;
    };
    let shown = Arc::new(Mutex::new(0));
    let edition = shown.clone();
    let bytes = EDITIONS
        .map(|(name, ..)| fs::read(documents.join("iana").join(name)).expect("the document"));
    let server = Server::start(move |_, mut wire| {
        let edition = *edition.lock().expect("the edition");
        let (_, media_type, changed) = EDITIONS[edition];
        let fields = [
            format!("Content-Type: {media_type}"),
            format!("Last-Modified: {changed}"),
        ];
        let fields = fields.each_ref().map(String::as_str);
        wire.send(&response("200 OK", &fields, &bytes[edition]));
    });
    let tree = Sandbox::real();
    let cache = tempfile::tempdir().expect("a folder");
    let fetch = |arguments: &[&str]| {
        let mut command = tree.command(&["fetch", "iana", "--cache"]);
        tree.finish({
            command.arg(cache.path()).args(arguments);
            command
        })
    };
    // What IANA and the RFCs say, without the notes that others took, and without what was decided
    // of those. The other editions that the tree knows would be in force before these.
    for source in Tree::open(tree.path(""))
        .and_then(|tree| tree.sources())
        .expect("sources")
        .documents
    {
        let id = source.id;
        if id != "iana" {
            fs::remove_dir_all(tree.path(&format!("sources/{id}"))).expect("a source");
        }
    }
    tree.write("registry/decisions.yaml", "");
    // A mirror of the web page, whose layout is that of 2015's.
    let table = tree.read(MANIFEST);
    let checkout = Tree::open(crate::common::root()).expect("the checkout");
    let page = checkout
        .read("sources/iana-2015/source.yaml")
        .expect("a manifest");
    let page = page
        .replace("id: iana-2015", "id: iana")
        .replace("  pinned: true\n", "  allow_http: true\n");
    let from = |manifest: &str, name: &str| {
        let lines = manifest.lines().map(|line| match line {
            line if line.starts_with("url: ") => format!("url: {}\n", server.url(name)),
            line if line.starts_with("  sha256: ") => format!("  sha256: {}\n", "0".repeat(64)),
            line if line.starts_with("  name: ") => String::new(),
            line => format!("{line}\n"),
        });
        lines.collect::<String>()
    };
    fs::remove_file(tree.path("sources/iana/http-status-codes-1.csv")).expect("the table");
    fs::remove_file(tree.path("sources/iana/claims.csv")).expect("the claims");
    tree.write(MANIFEST, from(&page, "/http-status-codes.xhtml"));
    let mut told = String::new();
    let mut registries: Vec<Registry> = Vec::new();
    for (edition, (name, ..)) in EDITIONS.into_iter().enumerate() {
        *shown.lock().expect("the edition") = edition;
        if edition == 1 {
            // The mirror has a table now, and a maintainer gives the manifest its layout. What
            // the document was, and of when, stays.
            let now = tree.read(MANIFEST);
            let line = |start: &str| {
                let mut lines = now.lines();
                lines
                    .find(|line| line.starts_with(start))
                    .expect("a line")
                    .to_owned()
            };
            let table = from(&table, "/http-status-codes-1.csv")
                .replace("date: 2025-09-15", &line("date: "))
                .replace(
                    &format!("  sha256: {}", "0".repeat(64)),
                    &line("  sha256: "),
                )
                .replace(
                    "  media_type: text/csv\n",
                    "  media_type: text/csv\n  allow_http: true\n",
                );
            tree.write(MANIFEST, table);
        }
        let run = fetch(&[]);
        assert_eq!(run.code, 0, "{}", run.told());
        told += &format!("{name}: {}\n", run.out);
        let built = build(&Tree::open(tree.path("")).expect("the tree"));
        let built = built.unwrap_or_else(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", errors.join("\n"))
        });
        registries.push(built.registry);
    }
    for pair in registries.windows(2) {
        let changes = diff(&pair[0], &pair[1]).into_iter();
        // Where a source says the same now, and which claims a conflict has, is of no interest here.
        let changes = changes.filter(|change| change.impact > Impact::Patch);
        let changes = changes.map(|change| format!("{change}\n"));
        told += &format!(
            "After that, the registry says:\n{}\n",
            changes.collect::<String>()
        );
    }
    snapshot("fetch", "the_whole_way", &told);
    // The way ends where the checkout is.
    assert_eq!(
        tree.read("sources/iana/claims.csv"),
        checkout
            .read("sources/iana/claims.csv")
            .expect("the claims")
    );
    assert!(tree.read(MANIFEST).contains("\ndate: 2025-09-15\n"));
    // And not back.
    *shown.lock().expect("the edition") = 1;
    let before = tree.files();
    let run = fetch(&[]);
    assert_eq!(run.code, 2, "{}", run.told());
    for words in [
        "of 2019-01-01, not 2025-09-15",
        "is an older edition",
        "lacks what is registered: 104, 418",
    ] {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
    assert!(tree.files() == before, "something was written");
}
