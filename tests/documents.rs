//! The real documents: what is extracted from them is what is locked.

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Sandbox, real_documents, root};
use http_status_registry::source::parse_claims;
use http_status_registry::tree::Tree;
use http_status_registry::{Ingested, ingest};

#[test]
fn the_claims_are_what_the_documents_say() {
    let Some(documents) = real_documents("the_claims_are_what_the_documents_say") else {
        return;
    };
    let tree = Tree::open(root()).expect("the checkout");
    let ingested = ingest(&tree, &[documents], &[]).expect("claims").sources;
    // Whoever adds a source need not put its document into this folder.
    let found = ingested.into_iter().filter_map(|source| source.found);
    let found: Vec<_> = found.collect();
    assert!(found.len() >= 8, "only {} documents are there", found.len());
    for found in found {
        let (file, content) = found.file;
        let locked = fs::read_to_string(root().join(&file)).expect("the claims");
        assert!(locked == content, "{file} is stale: run `ingest`");
    }
}

/// Counted by reading the documents, not by the program.
#[test]
fn every_entry_is_found_and_nothing_else() {
    let Some(documents) = real_documents("every_entry_is_found_and_nothing_else") else {
        return;
    };
    let tree = Tree::open(root()).expect("the checkout");
    let ingested = ingest(&tree, &[documents], &[]).expect("claims").sources;
    let expected = [
        ("iana", [75, 0, 0]),
        ("iana-2015", [70, 0, 0]),
        ("iana-2019", [65, 0, 0]),
        ("rfc2616-section10-zh", [41, 0, 0]),
        ("rfc9110-notes", [46, 0, 0]),
        ("status-list-en", [90, 1, 0]),
        ("status-list-zh", [39, 0, 0]),
        ("status-table-zh", [55, 1, 0]),
    ];
    let expected: BTreeMap<&str, [usize; 3]> = expected.into();
    let counted = |source: &Ingested| expected.contains_key(source.id.as_str());
    let counts = ingested.iter().filter(|source| counted(source));
    let counts = counts.map(|source| {
        let found = source.found.as_ref().expect("the document");
        let counts = [found.claims, found.repaired.len(), found.skipped.len()];
        (source.id.as_str(), counts)
    });
    assert_eq!(counts.collect::<BTreeMap<_, _>>(), expected);
}

/// The line of a claim holds its code, and its phrase if it has one, as the document writes them.
#[test]
fn each_claim_stands_at_its_line() {
    let Some(documents) = real_documents("each_claim_stands_at_its_line") else {
        return;
    };
    let tree = Tree::open(root()).expect("the checkout");
    let mut claims = 0;
    for source in tree.sources().expect("sources").documents {
        let id = &source.id;
        let name = source
            .document()
            .and_then(|document| document.name.as_ref());
        let Some(name) = name else {
            continue;
        };
        let kept = root().join("sources").join(id).join(name);
        let places = [
            kept,
            documents.join(name),
            documents.join("iana").join(name),
        ];
        let Some(path) = places.iter().find(|path| path.exists()) else {
            continue;
        };
        let text = fs::read_to_string(path).expect("the document");
        let lines: Vec<&str> = text.lines().collect();
        let ingested = ingest(
            &tree,
            std::slice::from_ref(&documents),
            std::slice::from_ref(id),
        )
        .expect("claims")
        .sources;
        let (file, text) = &ingested[0].found.as_ref().expect("the document").file;
        for claim in parse_claims(file, text).expect("claims") {
            let line = lines[claim.facts.line as usize - 1];
            assert!(
                line.contains(&claim.facts.codes.to_string()),
                "{id} line {}: {line}",
                claim.facts.line
            );
            // A cell of a page may stand on a line of its own.
            let phrase = claim
                .facts
                .phrase
                .as_deref()
                .filter(|_| !name.ends_with("html"))
                .unwrap_or_default();
            assert!(
                line.contains(phrase),
                "{id} line {}: {phrase}: {line}",
                claim.facts.line
            );
            claims += 1;
        }
    }
    assert_eq!(claims, 481);
}

#[test]
fn a_document_is_found_under_any_name() {
    let Some(documents) = real_documents("a_document_is_found_under_any_name") else {
        return;
    };
    let tree = Sandbox::real();
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("deeper")).expect("a folder");
    fs::copy(
        documents.join("status-list-zh.md"),
        folder.path().join("deeper/别的名字 1.txt"),
    )
    .expect("a copy");
    let run = tree.run(&[
        "ingest",
        "--check",
        "--documents",
        &folder.path().display().to_string(),
    ]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(
        run.out
            .contains("status-list-zh: 39 entries found, 0 repaired, 0 skipped; claims unchanged"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains(
            "status-list-en: the document is not there; its locked claims stay as they are"
        ),
        "{}",
        run.out
    );
    // Who names a source wants it read.
    for command in [
        &["ingest", "status-list-en"][..],
        &["ingest", "--check", "status-list-en"],
    ] {
        assert_eq!(tree.run(command).code, 1, "{command:?}");
    }
}

#[test]
fn a_changed_document_is_an_error_with_both_digests() {
    let Some(documents) = real_documents("a_changed_document_is_an_error_with_both_digests") else {
        return;
    };
    let tree = Sandbox::real();
    let before = tree.files();
    let folder = tempfile::tempdir().expect("a folder");
    let mut bytes = fs::read(documents.join("status-list-zh.md")).expect("the document");
    bytes.truncate(bytes.len() - 100);
    fs::write(folder.path().join("status-list-zh.md"), bytes).expect("the document");
    let run = tree.run(&[
        "ingest",
        "--documents",
        &folder.path().display().to_string(),
    ]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert!(
        run.err
            .contains("8e825aa3e667f22c7828114bbb7463dd40c9ffc5287aabbfa01c6bc6fd139ceb"),
        "{}",
        run.err
    );
    assert!(
        run.err
            .contains("the document of `status-list-zh` has changed"),
        "{}",
        run.err
    );
    assert!(tree.files() == before, "something was written");
}

/// The registry is read from its web page as well as from its table, by the manifests alone.
#[test]
fn the_web_page_and_the_table_of_the_registry_read_alike() {
    let claims = |id: &str| {
        let file = format!("sources/{id}/claims.csv");
        let text = fs::read_to_string(root().join(&file)).expect("the claims");
        parse_claims(&file, &text).expect("claims")
    };
    let (page, table) = (claims("iana-2015"), claims("iana-2019"));
    let mut compared = 0;
    for old in &page {
        if let Some(new) = table
            .iter()
            .find(|new| new.facts.codes == old.facts.codes && !old.is_vacancy())
        {
            assert_eq!(old.facts.phrase, new.facts.phrase, "{}", old.facts.codes);
            assert_eq!(
                old.facts.registration, new.facts.registration,
                "{}",
                old.facts.codes
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 59);
    let range = page
        .iter()
        .find(|claim| claim.facts.codes.to_string() == "103-199")
        .expect("the range");
    assert!(range.is_vacancy() && range.facts.line == 77);
}
