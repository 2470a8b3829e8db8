//! The real documents: what is extracted from them is what is locked.

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Sandbox, real_documents, root};
use http_status_registry::ingest;
use http_status_registry::tree::Tree;

#[test]
fn the_claims_are_what_the_documents_say() {
    let Some(documents) = real_documents("the_claims_are_what_the_documents_say") else {
        return;
    };
    let tree = Tree::open(root()).expect("the checkout");
    let ingested = ingest(&tree, &[documents], &[]).expect("claims");
    assert_eq!(ingested.len(), 6);
    for source in ingested {
        let found = source
            .found
            .unwrap_or_else(|| panic!("the document of {} is not there", source.id));
        let (file, content) = found.file;
        assert_eq!(
            fs::read_to_string(root().join(&file)).expect("the claims"),
            content,
            "{file} is stale: run `ingest`"
        );
    }
}

/// Counted by reading the documents, not by the program.
#[test]
fn every_entry_is_found_and_nothing_else() {
    let Some(documents) = real_documents("every_entry_is_found_and_nothing_else") else {
        return;
    };
    let tree = Tree::open(root()).expect("the checkout");
    let ingested = ingest(&tree, &[documents], &[]).expect("claims");
    let counts: BTreeMap<String, [usize; 3]> = ingested
        .into_iter()
        .map(|source| {
            let extraction = source.found.expect("the document").extraction;
            (
                source.id,
                [
                    extraction.entries.len(),
                    extraction.repaired.len(),
                    extraction.skipped.len(),
                ],
            )
        })
        .collect();
    let expected = [
        ("iana", [75, 0, 0]),
        ("rfc2616-section10-zh", [41, 0, 0]),
        ("rfc9110-notes", [46, 0, 0]),
        ("status-list-en", [90, 1, 0]),
        ("status-list-zh", [39, 0, 0]),
        ("status-table-zh", [55, 1, 0]),
    ];
    assert_eq!(
        counts,
        expected.map(|(id, counts)| (id.to_owned(), counts)).into()
    );
}

/// The line of a claim holds its code, and its phrase if it has one, as the document writes them.
#[test]
fn each_claim_stands_at_its_line() {
    let Some(documents) = real_documents("each_claim_stands_at_its_line") else {
        return;
    };
    let tree = Tree::open(root()).expect("the checkout");
    let mut claims = 0;
    for source in tree.sources().expect("sources") {
        let id = &source.manifest.id;
        let name = source.manifest.document.name.as_ref().expect("a name");
        let kept = root().join("sources").join(id).join(name);
        let path = if kept.exists() {
            kept
        } else {
            documents.join(name)
        };
        let text = fs::read_to_string(path).expect("the document");
        let lines: Vec<&str> = text.lines().collect();
        let ingested = ingest(
            &tree,
            std::slice::from_ref(&documents),
            std::slice::from_ref(id),
        )
        .expect("claims");
        for claim in &ingested[0].found.as_ref().expect("the document").claims {
            let line = lines[claim.facts.line as usize - 1];
            assert!(
                line.contains(&claim.facts.codes.to_string()),
                "{id} line {}: {line}",
                claim.facts.line
            );
            let phrase = claim.facts.phrase.as_deref().unwrap_or_default();
            assert!(
                line.contains(phrase),
                "{id} line {}: {phrase}: {line}",
                claim.facts.line
            );
            claims += 1;
        }
    }
    assert_eq!(claims, 346);
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
    assert!(run.err.contains("the document has changed"), "{}", run.err);
    assert!(tree.files() == before, "something was written");
}

/// The registry's web page is read by its manifest alone.
#[test]
fn the_registry_is_read_from_its_web_page_too() {
    let Some(documents) = real_documents("the_registry_is_read_from_its_web_page_too") else {
        return;
    };
    let tree = Sandbox::real();
    tree.write(
        "sources/iana-2015/source.yaml",
        common::fixture("iana-2015.yaml"),
    );
    let run = tree.run(&[
        "ingest",
        "iana-2015",
        "--documents",
        &documents.display().to_string(),
    ]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(
        run.out
            .starts_with("iana-2015: 70 entries found, 0 repaired, 0 skipped; claims written"),
        "{}",
        run.out
    );
    let claims = tree.read("sources/iana-2015/claims.csv");
    let row = |start: &str| {
        claims
            .lines()
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("no {start}"))
    };
    assert!(row("77,103-199,").contains(",unregistered,"), "{claims}");
    assert!(
        claims.contains(
            ",413,413-content-too-large,Payload Too Large,,,\"RFC 7231, Section 6.5.11\""
        ),
        "{claims}"
    );
}
