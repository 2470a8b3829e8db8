//! Reading documents: each layout on a document of our own in its shape, and what real files do to readers.

mod common;

use common::{Sandbox, copy_folder, fixtures, snapshot};
use http_status_registry::source::Folder;
use http_status_registry::tree::Tree;
use proptest::prelude::*;

fn small_with_documents() -> Sandbox {
    let tree = Sandbox::small();
    copy_folder(&fixtures().join("documents"), &tree.path("documents"));
    tree
}

fn ingest(tree: &Sandbox, arguments: &[&str]) -> common::Run {
    let fixed = ["ingest", "--documents", "documents"];
    tree.run(&[&fixed[..], arguments].concat())
}

/// What ingesting a source with this document tells, and the claims that it locks.
fn read(tree: &Sandbox, id: &str, document: &str) -> String {
    tree.replace_document(id, id, document.as_bytes());
    tree.forget_claims(id);
    let run = ingest(tree, &[id]);
    assert_eq!(run.code, 0, "{}", run.told());
    let claims = tree.read(&format!("sources/{id}/claims.csv"));
    format!("{}\n{claims}", run.told())
}

fn compiled(layout: &str) -> http_status_registry::extract::Extractor {
    let layout = serde_yaml::from_str(layout).expect("a layout");
    http_status_registry::extract::Extractor::compile(&layout).expect("a layout that works")
}

#[test]
fn each_layout() {
    let tree = small_with_documents();
    for kind in [
        "sections",
        "rows",
        "items",
        "definitions",
        "outline",
        "records",
    ] {
        tree.write(&format!("sources/{kind}/claims.csv"), "");
        let run = ingest(&tree, &[kind]);
        assert_eq!(run.code, 0, "{}", run.told());
        let claims = tree.read(&format!("sources/{kind}/claims.csv"));
        snapshot("layouts", kind, &format!("{}\n{claims}", run.told()));
        assert_eq!(ingest(&tree, &[kind, "--check"]).code, 0);
    }
}

#[test]
fn the_locked_claims_of_the_fixtures_are_fresh() {
    let run = ingest(&small_with_documents(), &["--check"]);
    assert_eq!(run.code, 0, "{}", run.told());
}

#[test]
fn check_fails_on_stale_claims_and_writes_nothing() {
    let tree = small_with_documents();
    tree.edit("sources/items/claims.csv", ",Gone,", ",Went,");
    let before = tree.files();
    let run = ingest(&tree, &["--check"]);
    assert_eq!(run.code, 1, "{}", run.told());
    assert!(
        run.out
            .contains("items: 3 entries found, 0 repaired, 1 skipped; claims are stale"),
        "{}",
        run.out
    );
    assert!(tree.files() == before);
}

#[test]
fn a_digest_counts_before_a_name() {
    let tree = small_with_documents();
    tree.write(
        "sources/items/items.md",
        "- 404 Not Found: an older edition\n",
    );
    let run = ingest(&tree, &["--check", "items"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(run.out.contains("claims unchanged"), "{}", run.told());
    // Nowhere has a file the digest, but two have the name.
    tree.write("documents/items.md", "- 404 Not Found: a newer edition\n");
    let run = ingest(&tree, &["--check", "items"]);
    insta::assert_snapshot!(run.told(), @r"
    error: the document of `items` has changed: its SHA-256 is
             e75f8a1394b4e4a021ea82babd59f24e0905a4019fe08f2950df8dcec6237ebd, but the manifest says
             38de45222d9440fd9741eb4ab195d92ba7815e2e5bd664ea70eec8f6fd613e4b
      --> ./sources/items/items.md
      help: put the original back, or set document.sha256 in sources/items/source.yaml to the new digest and review the claims that `ingest` then writes
    error: the document of `items` has changed: its SHA-256 is
             f7ad01bbfc48e8c6321473b0fb251bc63b4057d9ccfdd0b1763d4f17d7af7600, but the manifest says
             38de45222d9440fd9741eb4ab195d92ba7815e2e5bd664ea70eec8f6fd613e4b
      --> documents/items.md
      help: put the original back, or set document.sha256 in sources/items/source.yaml to the new digest and review the claims that `ingest` then writes

    2 errors; nothing was written
    exit code 2
    ");
}

#[test]
fn a_document_that_changes_while_it_is_read_is_told() {
    let tree = small_with_documents();
    let sources = Tree::open(tree.path("")).and_then(|tree| tree.sources());
    let sources = sources.expect("the sources").documents;
    let document = sources.iter().find(|source| source.id == "items");
    let document = document.expect("a source").document().expect("a document");
    let file = "documents/items.md";
    let original = tree.read(file);
    for other in [
        original.to_uppercase(),
        original.clone() + "more\n",
        String::new(),
    ] {
        tree.write(file, &original);
        let mut folder = Folder::default();
        folder
            .add(&tree.path("documents"), document.max_bytes)
            .expect("the documents");
        assert!(folder.find(document).expect("a file").is_some());
        tree.write(file, &other);
        let error = folder.find(document).expect_err("other bytes");
        assert_eq!(error.message, "this changed while it was read");
        assert!(error.file.is_some_and(|named| named.ends_with(file)));
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_no_claim() {
    let tree = small_with_documents();
    for (id, name) in [
        ("sections", "sections.md"),
        ("rows", "rows.html"),
        ("items", "items.md"),
        ("definitions", "definitions.html"),
        ("outline", "outline.txt"),
        ("records", "records.csv"),
    ] {
        let text = tree
            .read(&format!("documents/{name}"))
            .replace("\r\n", "\n");
        let before = tree.read(&format!("sources/{id}/claims.csv"));
        for changed in [
            text.clone(),
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
            format!("\u{feff}\u{feff}{text}"),
            text.replace('\n', "\r"),
            text.trim_end().replace('\n', "\r\n") + "\r",
            text.replacen('\n', "\r", 1),
        ] {
            tree.replace_document(id, name, changed.as_bytes());
            let run = ingest(&tree, &[id]);
            assert_eq!(run.code, 0, "{}", run.told());
            assert_eq!(
                tree.read(&format!("sources/{id}/claims.csv")),
                before,
                "{id}: {changed:?}"
            );
            let marked = changed.starts_with('\u{feff}');
            assert_eq!(
                run.out.contains("repaired: took off the byte order mark"),
                marked,
                "{}",
                run.out
            );
        }
    }
}

#[test]
fn a_document_in_gbk_reads_as_the_same_in_utf8() {
    let tree = small_with_documents();
    let before = tree.read("sources/items/claims.csv");
    let text = tree.read("documents/items.md");
    let (bytes, _, failed) = encoding_rs::GBK.encode(&text);
    assert!(!failed);
    tree.replace_document("items", "items.md", &bytes);
    assert_eq!(ingest(&tree, &["items"]).code, 2);
    tree.edit(
        "sources/items/source.yaml",
        "text/markdown\n",
        "text/markdown\n  charset: gbk\n",
    );
    let run = ingest(&tree, &["items"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(tree.read("sources/items/claims.csv"), before);
    // GB 18030 has a byte order mark, too.
    tree.edit(
        "sources/items/source.yaml",
        "charset: gbk",
        "charset: gb18030",
    );
    let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
    let marked = [&[0x84, 0x31, 0x95, 0x33], &bytes[..]].concat();
    tree.replace_document("items", "items.md", &marked);
    let run = ingest(&tree, &["items"]);
    assert!(
        run.out.contains("repaired: took off a byte order mark"),
        "{}",
        run.told()
    );
    assert_eq!(tree.read("sources/items/claims.csv"), before);
    // What stands in for other characters elsewhere may stand in the document itself.
    tree.replace_document("items", "items.md", b"a \x84\x31\xa4\x37\n\n404 \xff\n");
    let run = ingest(&tree, &["items"]);
    assert!(run.err.contains("items.md:3"), "{}", run.told());
}

/// A document beside its manifest that is too large is told as one elsewhere is, and its claims are not.
#[test]
fn a_kept_document_that_is_too_large_is_told() {
    let tree = small_with_documents();
    let file = "sources/items/source.yaml";
    tree.edit(file, "  name: items.md\n", "");
    tree.edit(file, "  media_type:", "  max_bytes: 100\n  media_type:");
    tree.write("sources/items/garden.md", tree.read("documents/items.md"));
    let run = tree.run(&["ingest", "items"]);
    insta::assert_snapshot!(run.told(), @r"
    items: the document is not there; its locked claims stay as they are
    warning: the file has 185 bytes, more than any source's max_bytes (100), so it was not looked at
      --> ./sources/items/garden.md
      help: if it is a source's document, raise document.max_bytes in the manifest
    exit code 1
    ");
}

/// What a hostile document says is told, made safe to print, and not kept.
#[test]
fn hostile_values_are_skipped_and_told() {
    let tree = small_with_documents();
    let text = "- 200 OK\u{202e}KO\n- fine\n- 404 =HYPERLINK\n- \u{1b}[31mmissing\n- 410 <script>\n- moved away\n- 499 Token Required\n- x\n";
    tree.replace_document("outline", "outline.txt", text.as_bytes());
    let run = ingest(&tree, &["outline"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let claims = tree.read("sources/outline/claims.csv");
    assert!(
        !run.told().contains(['\u{1b}', '\u{202e}']) && !claims.contains(['\u{1b}', '\u{202e}'])
    );
    snapshot("layouts", "hostile", &format!("{}\n{claims}", run.told()));
}

/// Names are of the first language that is no English.
#[test]
fn names_are_not_of_british_english() {
    let tree = small_with_documents();
    tree.edit(
        "sources/items/source.yaml",
        "languages: [",
        "languages: [en-GB, ",
    );
    let run = ingest(&tree, &["items"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert_eq!(tree.run(&["build"]).code, 0);
    let json = tree.read("exports/v1/http-status-codes.json");
    assert_eq!(
        json.matches("\"en-GB\"").count(),
        1,
        "only among the languages"
    );
}

/// Each kind of evidence speaks for a meaning on its own, but a phrase does not where the words speak for
/// another meaning alone.
#[test]
fn a_meaning_is_found_by_any_evidence() {
    let tree = small_with_documents();
    let items = "- **404** : Nowhere（找不到） Away.\n";
    tree.replace_document("items", "items.md", items.as_bytes());
    let outline = "4xx Not fine\n- 404 Not Fuond\n- Away.\n- 404 Nowhere (RFC 9110)\n- Away.\n- 404 Nowhere\n- Missing.\n\
        - 499 Somebody Left (Hedge)\n- Early.\n- 499 Client Closed Request\n- Early.\n\
        - 499 Client Closed Request\n- A token, please.\n";
    tree.replace_document("outline", "outline.txt", outline.as_bytes());
    let run = ingest(&tree, &["items", "outline"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let claims = ["items", "outline"].map(|id| tree.read(&format!("sources/{id}/claims.csv")));
    snapshot(
        "layouts",
        "evidence",
        &format!("{}\n{}", run.told(), claims.join("\n")),
    );
}

#[test]
fn markdown_rows_with_too_many_cells_are_told() {
    let tree = small_with_documents();
    let manifest = tree
        .read("sources/rows/source.yaml")
        .replace("media_type: text/html", "media_type: text/markdown");
    tree.write("sources/rows/source.yaml", manifest);
    let text = "| Code | What |\n|--|--|\n| 200 | grows |\n| 404 | a | missing |\n| 499 | gardener left \\| gone |\n| 410 |\n| 404 | a | missing\n\n\
        Right below a text, and with other columns in its head:\nCode | What\n--|--\n| 410 | moved away |\n\n> Code\n> |--|--|\n> | 410 | moved away |\n\n- a | b\n- - | -\n\n\
        - | Code | What |\n  |---|---|---|\n  | 410 | moved away |\n\n| Code | What |\n|---|---|\n| 410 | moved \\\\| away |\n| 410 | moved | away \\|\n\n\
        | Code | What |\n\n|---|---|\n| 410 | moved away |\n\n<details>\n| Code | What |\n|---|---|\n| 410 | moved away |\n</details>\n\n\
        usage: status\n| - *code*\n\n| Code | What |\n|---|---|\n| 200 | grows |\n\n| 410 | *moved* away |\n| 499 | gone |\n\n|x| y\n";
    tree.replace_document("rows", "rows.html", text.as_bytes());
    let run = ingest(&tree, &["rows"]);
    snapshot(
        "layouts",
        "markdown_rows",
        &format!("{}\n{}", run.told(), tree.read("sources/rows/claims.csv")),
    );
}

/// Lines of nothing between records count.
#[test]
fn records_apart_have_their_lines() {
    let tree = small_with_documents();
    let records = "Value,Description,Reference\n\n\n\n404,Not Found,\n\r\n\r\n410,Gone,\n";
    tree.replace_document("records", "records.csv", records.as_bytes());
    assert_eq!(ingest(&tree, &["records"]).code, 0);
    let claims = tree.read("sources/records/claims.csv");
    let lines: Vec<&str> = claims.lines().skip(1).map(|line| &line[..5]).collect();
    assert_eq!(lines, ["5,404", "8,410"]);
}

/// Rows, records and terms as real files have them: empty cells, no-break spaces, placeholders,
/// quotes that are not closed, codes that are none. Each is told at its line.
#[test]
fn odd_rows_records_and_terms() {
    let tree = small_with_documents();
    let rows = "<table>\n<tr><th>Code</th><th>What</th></tr>\n<tr><td></td><td>grows</td></tr>\n<tr><td>-404</td><td></td></tr>\n\
        <tr><td>200</td><td>The plant&nbsp;grows (RFC&nbsp;9110).</td></tr>\n<tr><td>404</td><td>??</td></tr>\n</table>\n\
        <table><tr><th>Kode</th><th>What</th></tr>\n<tr><td>200</td><td>x</td></tr>\n<tr><td>204</td><td>y</td></tr></table>\n\
        <template><table><tr><th>Code<th>What<tr><td>410<td>moved away</table></template>\n\
        <table><template><tr><th>Code<th>What</template><tr><th>Code<th colspan=2>What\n\
        <template><tr><td rowspan=2>410<td rowspan=2>unseen</template><tr><td>410<td>moved away<td>unseen\n<template><tr><td>x<td>410<td>unseen</template></table>\n";
    tree.replace_document("rows", "rows.html", rows.as_bytes());
    let records = "Value,Description,Reference\n200,O\u{a0}K,\n204,No Content,,more\n404,??,\n410,\"Gone,\n499,Unassigned,\n";
    tree.replace_document("records", "records.csv", records.as_bytes());
    let terms = "<dl>\n<dt><code>404 Not Found</code> <b>new</b></dt>\n<script></script>\n<dd>No such plant.</dd></dl>";
    tree.replace_document("definitions", "definitions.html", terms.as_bytes());
    tree.edit(
        "sources/definitions/source.yaml",
        "select: dl > dt",
        "select: dt > code",
    );
    let run = ingest(&tree, &["rows", "records", "definitions"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let claims =
        ["rows", "records", "definitions"].map(|id| tree.read(&format!("sources/{id}/claims.csv")));
    snapshot(
        "layouts",
        "odd",
        &format!("{}\n{}", run.told(), claims.join("\n")),
    );
}

/// Entries and texts in what browsers do not show are none.
#[test]
fn what_is_not_shown_is_not_read() {
    let tree = small_with_documents();
    let term = |code: u16, name: &str| {
        format!("<dl><dt>{code} Not Found<dd>Missing <{name}>unseen</{name}>.</dl>\n")
    };
    let mut page = term(404, "b");
    for name in [
        "audio", "canvas", "datalist", "meter", "noscript", "progress", "rp", "template", "video",
    ] {
        page += &term(404, name);
        page += &format!("<{name}>{}</{name}>\n", term(410, "b"));
    }
    page += &format!("<svg><title>{}</title></svg>\n", term(410, "b"));
    tree.replace_document("definitions", "definitions.html", page.as_bytes());
    let run = ingest(&tree, &["definitions"]);
    assert_eq!(run.code, 0, "{}", run.told());
    let claims = tree.read("sources/definitions/claims.csv");
    let lengths: Vec<&str> = claims
        .lines()
        .skip(1)
        .map(|line| {
            assert!(line.contains(",404,"), "{line}");
            line.rsplit(',').nth(1).expect("a length")
        })
        .collect();
    let (seen, unseen) = ("Missing unseen.".len(), "Missing .".len());
    let mut expected = vec![unseen.to_string(); 9];
    expected.insert(0, seen.to_string());
    assert_eq!(lengths, expected, "{claims}");
}

/// Rows are rows: other elements that are selected are told.
#[test]
fn what_is_no_row_is_told() {
    let tree = small_with_documents();
    let page = "<p>405 here\n<table><tr><th>Code<th>What\n<tr><td>404<td>missing</table>";
    tree.replace_document("rows", "rows.html", page.as_bytes());
    tree.edit(
        "sources/rows/source.yaml",
        "select: table tr",
        "select: 'tr, p, table'",
    );
    insta::assert_snapshot!(ingest(&tree, &["rows"]).out, @r"
    rows: 1 entries found, 0 repaired, 2 skipped; claims written
      skipped, line 1: `p` is no row of a table
      skipped, line 2: `table` is no row of a table
      no longer found: 200, 499
    ");
}

/// What looks like the start of an entry and does not match is told in a text, too.
#[test]
fn lines_with_characters_that_are_not_seen_are_told() {
    let tree = small_with_documents();
    let text = "- 404 Not Found\nNo such plant.\n\u{feff}- 410 Gone\n\u{200b}- 200 OK\n-\u{a0}204 No Content\n-\u{a0}410\u{a0}Gone\n花\u{3000}园\n";
    tree.replace_document("outline", "outline.txt", text.as_bytes());
    insta::assert_snapshot!(ingest(&tree, &["outline"]).out, @r"
    outline: 1 entries found, 0 repaired, 4 skipped; claims written
      skipped, line 3: `\u{feff}- 410 Gone` is no entry: a character in it that is not seen, or no plain space, keeps it from the layout's pattern
      skipped, line 4: `\u{200b}- 200 OK` is no entry: a character in it that is not seen, or no plain space, keeps it from the layout's pattern
      skipped, line 5: `- 204 No Content` is no entry: a character in it that is not seen, or no plain space, keeps it from the layout's pattern
      skipped, line 6: `- 410 Gone` is no entry: a character in it that is not seen, or no plain space, keeps it from the layout's pattern
      no longer found: 200, 204, 499
    ");
}

/// Tables as pages have them: cells that span, titles above the headings, headings in two rows, rows
/// of headings only, tables in tables.
#[test]
fn tables_of_all_shapes() {
    let tree = small_with_documents();
    tree.edit(
        "sources/rows/source.yaml",
        "  facts:\n",
        "  facts:\n    - { in: section, pattern: '^(?<note>Garden)$' }\n",
    );
    let rows = "<h2>Garden</h2><table>\n<tr><th colspan=3>Codes of the garden</th></tr>\n\
        <tr><th rowspan=2>Code</th><th colspan=2>Meaning</th></tr>\n<tr><th>Phrase</th><th>What</th></tr>\n\
        <tr><td>200</td><td>OK</td><td rowspan=2>The plant grows, or is missing.</td></tr>\n\
        <tr><td>404</td><td>Not Found</td></tr>\n\
        <tr><td rowspan=2>499</td><td>Client Closed Request</td><td>The gardener left.</td></tr>\n\
        <tr><td>Token Required</td><td>A token.</td></tr>\n\
        <tr><td>204</td><td colspan=2>No Content</td></tr>\n\
        <tr><th>410</th><th>Gone</th><th>moved away</th></tr>\n\
        <tr><th>407</th></tr>\n<tr><td>407</td><td>Nothing more</td></tr>\n\
        <tr><td>418</td><td></td><td>none <table><tr><td>404</td><td>inner</td></tr></table></td></tr>\n</table>\n";
    snapshot("layouts", "tables", &read(&tree, "rows", rows));
}

/// A table in a cell is part of its text, unless its rows are selected. A heading in a row holds for that alone.
#[test]
fn tables_in_cells() {
    let tree = small_with_documents();
    let file = "sources/rows/source.yaml";
    tree.edit(file, "select: table tr", "select: .codes > tbody > tr");
    tree.edit(
        file,
        "  facts:\n",
        "  facts:\n    - { in: section, pattern: '^(?<vendor>.+)$' }\n",
    );
    let rows = "<div><h3>Hedge</h3></div><table class=codes>\n<tr><th>Code<th>What\n\
        <tr><td>404<td>No such plant <table><tr><td>(RFC 9110)<td><h5>Fence</h5></table>\n\
        <tr><td>410<td><div>Nested <table class=codes><tr><th>Code<th>What<tr><td>200<td>grows</table>\n</table>\n\
        <table class=codes><tr><th>Codes<th>What\n<tr><td>204<td>never read</table>\n\
        <table class=codes><tr><td><h4>Garden</h4><table class=codes><tr><th>Code<th>What<tr><td>204<td>planted</table></table>";
    snapshot("layouts", "cells", &read(&tree, "rows", rows));
}

/// Cells hang down no further than the head or the body that they stand in, and span what HTML reads.
#[test]
fn spans_of_all_shapes() {
    let tree = small_with_documents();
    let rows = "<table>\n<thead><tr><th rowspan=3>Code<th colspan=2px>Phrase<th rowspan=0>What</thead>\n\
        <tbody><tr><td rowspan=9>404<td>Not<td>Found<td>No such plant.\n<tr><td>Not<td>Here<td>Missing.</tbody>\n\
        <tbody><tr><td rowspan=0>410<td colspan=0>Gone<td><td rowspan=+2>moved away\n<tr><td>Gone<td>\n<tr><td>Gone<td><td>again</tbody>\n\
        <tr><td>200<td rowspan=99999999999999999999>OK<td>\n<td>grows\n<tr><td>204<td>\n<td rowspan=-2>done\n</table>\n\
        <table><tr><th>Status</table>\n<table><tr><th>Kode<th>What</table>\n<table><tr><th>Code<th>Was</table>\n\
        <table><tfoot><tr><td>410<td>moved away</tfoot>\n<tr><td>404<td>Missing.\n<tr><th>Code<th>What\n<tr><td>200<td>grows</table>\n\
        <table><tr><th>Code<th>What<th>More\n<tr><td>404<td rowspan=3>Missing.<td colspan=2 rowspan=3>x\n<tr><td colspan=3>410\n<tr><td>204<td>unread</table>\n";
    snapshot("layouts", "spans", &read(&tree, "rows", rows));
}

/// In XHTML each element may close itself, and CDATA sections are text.
#[test]
fn xhtml_closes_what_closes_itself() {
    let tree = small_with_documents();
    let manifest = "sources/definitions/source.yaml";
    tree.edit(manifest, "text/html", "application/xhtml+xml");
    let page = "<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title/><script src=\"a.js\"/></head><video src=\"a\"/>\n\
        <body><template/><textarea/><p/><br/>\n<dl><dt>404 <![CDATA[Not Found]]></dt><dd>No <i/>such\n<svg><g><g/>plant</g></svg>.</dd></dl>\n\
        <script><!-- </script><dl><dt>404 Unseen</dt></dl> --><![CDATA[</script><dl><dt>404 Unseen</dt></dl>]]><dt>404 Unseen</dt></title></script>\n\
        <script/><plaintext>\n<dl><dt>410 Gone</dt><dd>moved <![CDATA[<away>]]> <textarea>seen</b><dt>404 Unseen</dt></textarea></dd></dl></body></html>\n";
    let xhtml = read(&tree, "definitions", page);
    tree.edit(manifest, "application/xhtml+xml", "text/html");
    let page = page.replace("<title/><script src=\"a.js\"/>", "");
    tree.replace_document("definitions", "definitions", page.as_bytes());
    let html = ingest(&tree, &["definitions"]).told();
    snapshot("layouts", "xhtml", &format!("{xhtml}\n{html}"));
}

/// An element that the parser makes anew has no tag, so that it is told where what is around it starts.
#[test]
fn elements_that_are_made_anew_are_told_where_they_are() {
    let tree = small_with_documents();
    let file = "sources/items/source.yaml";
    tree.edit(file, "select: li", "select: i");
    tree.edit(file, "text/markdown", "text/html");
    let page = "<i>404 : Not Found（找不到）</i>\n<div>\n<b>\n<i>\n<p>\n\n</b>\n\n</div>";
    tree.replace_document("items", "items", page.as_bytes());
    let run = ingest(&tree, &["items"]);
    insta::assert_snapshot!(run.out, @r"
    items: 1 entries found, 0 repaired, 2 skipped; claims written
      skipped, line 2: `` is no entry: it does not match the layout's pattern
      skipped, line 4: `` is no entry: it does not match the layout's pattern
      no longer found: 200, 410
    ");
}

/// What few documents have, so that nothing else shows what becomes of it: what is told, and the claims.
#[test]
fn what_few_documents_have() {
    let missing = "<tr><td>404<td>missing";
    let head = "<table>\n<tr><th>Code<th>What</tr>\n";
    let item = "- 404 : Not Found（找不到）a\n\n";
    let html = |tree: &Sandbox, select: &str| {
        let file = "sources/items/source.yaml";
        tree.edit(file, "select: li", &format!("select: {select}"));
        tree.edit(file, "text/markdown", "text/html");
    };
    let mut told = Vec::new();
    let mut add = |what: &str, tree: &Sandbox, id: &str, text: String| {
        told.push(format!("{what}\n{}", read(tree, id, &text)));
    };
    let rows = small_with_documents();
    for (what, more) in [
        (
            "a row without a tag below a cell that spans",
            "<tr><td rowspan=2>404<td>missing</tr>\n\n<td>moved</table>",
        ),
        (
            "a row without a tag",
            "<tr><td>404<td>missing\n</tr>\n\n<td>abc<td>missing</table>",
        ),
        (
            "a wide cell beside one that hangs down",
            "<tr><td>404<td rowspan=2>missing</tr>\n<tr><td colspan=2>410</table>",
        ),
    ] {
        add(what, &rows, "rows", format!("{head}{more}"));
    }
    let items = small_with_documents();
    for (what, text) in [
        (
            "a footnote above all",
            format!("[^1]: RFC9110\n\n{item}- 410 : Gone（没了）b\n"),
        ),
        ("a bar alone", format!("{item}|\nz\n")),
        ("a bar at an end", format!("{item}code |\nz\n")),
        (
            "a row with blanks behind it",
            format!("{item}| 410 | gone |  \n"),
        ),
        (
            "a table in a quote",
            format!("{item}> | Code | What |\n> |---|---|---|\n> | 410 | x |\n"),
        ),
        ("a fence without an end", format!("{item}```")),
        ("a line in a fence without an end", format!("{item}```\nx")),
        ("an instruction without an end", format!("{item}<?php")),
        ("a declaration without an end", format!("{item}<!X y")),
    ] {
        add(what, &items, "items", text);
    }
    let outline = small_with_documents();
    for (what, text) in [
        (
            "blanks that keep nothing from being an entry",
            "- 404 Not Found\n-\t410 Café\n-\u{a0}４０４ Not There\n- 200 OK\n",
        ),
        ("a letter less", "- 410 Gon\nxyz\n- 404 Not Found\n"),
    ] {
        add(what, &outline, "outline", text.to_owned());
    }
    let definitions = small_with_documents();
    let file = "sources/definitions/source.yaml";
    definitions.edit(file, "'^Unofficial$'", "'^Unofficial'");
    for length in [1_990, 1_991] {
        let heading = format!("Unofficial{}", "x".repeat(length));
        let text = format!("<h2>{heading}</h2><dl><dt>404 Not Found<dd>x</dl>");
        add("a long heading", &definitions, "definitions", text);
    }
    let bold = small_with_documents();
    html(&bold, "b");
    let text = "<b>404 : Not Found（找不到）</b>\n<ul>\n<a>\n<b>\n<p>\n\n<a>\n</ul>";
    add(
        "what is made anew around what was there",
        &bold,
        "items",
        text.to_owned(),
    );
    // Nothing stands between texts that no element stood between, so that there is little beside the last.
    let beside = small_with_documents();
    html(&beside, "'b ~ i, li'");
    let text = "<li>404 : Not Found（找不到）</li>\n".repeat(700);
    let run = read(&beside, "items", &format!("<p>x</p><ul>{text}</ul>"));
    assert!(
        run.starts_with("items: 700 entries found, 0 repaired, 0 skipped"),
        "{run}"
    );
    rows.edit(
        "sources/rows/source.yaml",
        "select: table tr",
        "select: 'b ~ i, tr'",
    );
    let text = format!(
        "<table><tr><th>Code<th>What{missing}<tbody>{}<tr><td>410<td>moved away</table>",
        "\n</foo>".repeat(1_100)
    );
    add(
        "newlines between tags that close nothing",
        &rows,
        "rows",
        text,
    );
    snapshot("layouts", "rare", &told.join("\n"));
}

/// What is never closed takes in all that follows, so it is told.
#[test]
fn what_is_never_closed_is_told() {
    let tree = small_with_documents();
    let mut told = String::new();
    let term = "<dl><dt>404 Not Found<dd>Missing.</dl>\n";
    for open in [
        "<script>\n",
        "<script><!-- <script>",
        "<template>\n<div></template><template>",
        "<textarea>",
        "text <!-- comment\n",
        "<![CDATA[",
        "<a title=\"",
        "<p class=x\n",
        "<pre>x",
        "<svg><path/></svg><svg/><math/>",
        "<video src=a />",
        "<audio>",
        "<audio></audio><canvas>",
        "<meter><progress>",
        "<datalist>",
        "<plaintext>",
        "<svg><path/></svg><math><svg>",
        "&am",
    ] {
        let page = format!("{term}{open}<dl><dt>410 Gone<dd>moved away</dl>\n");
        tree.replace_document("definitions", "definitions", page.as_bytes());
        told += &format!("{open:?}\n{}", ingest(&tree, &["definitions"]).told());
    }
    let page = format!("{term}&#");
    tree.replace_document("definitions", "definitions", page.as_bytes());
    told += &format!("at the end\n{}", ingest(&tree, &["definitions"]).told());
    let item = "- 404 : Not Found（找不到）Missing.\n\n";
    for open in [
        "```\n",
        "~~~ text\n\n```\n\n",
        "````\n- x\n````\n\n",
        "<!-- x\n",
        "> <!-- x\n\n",
        "<div>\n<!-- x\n\n- - x\n\n  [a][x\n  y]\n\n```\nx\n```\n\n",
        "> <!-- x\n\n- x\n\n<!-- y -->\n\n",
        "<script>\nx = '<!--';\n</script>\n\n<!-- y -->\n\n",
        "<div>\n<!-- <!-- x --> <!-- x\n\n",
        "<div>\n<!-- x\n\n<!-- y -->\n\n",
        "<!-- x -->\n\n",
        "<script>\n\n",
        "<PRE>\n\n",
        "<pre>\n\n</pre>\n\n",
        "<?php\n\n",
        "<![CDATA[\n\n",
        "<!X\n\n",
        "- ```\n  x\n\n",
        "> ```\n> x\n>\n> ",
        "`x\n\n",
    ] {
        let page = format!("{item}{open}- 410 : Gone（没了）moved away\n");
        tree.replace_document("items", "items", page.as_bytes());
        told += &format!("{open:?}\n{}", ingest(&tree, &["items"]).told());
    }
    // What looks like the end of a block of code, and is not.
    for (start, end) in [
        ("````", "```"),
        ("```", "~~~"),
        ("```", "    ```"),
        ("```", "```rust"),
    ] {
        let page = format!("{item}{start}\n- 410 : Gone（没了）moved away\n{end}\n");
        tree.replace_document("items", "items", page.as_bytes());
        let run = ingest(&tree, &["items"]).told();
        told += &format!("{start:?} to {end:?}\n{run}");
    }
    for block in [
        "```\nx\n  `````  \n",
        "```\n```\n",
        "- ```\n  x\n     ```\n",
        "```\nx\n```\n\n",
        "~~~\nx\n~~~\n",
        "> ```\n> x\n> ```",
        "> ```\n\nx\n",
        "<?x?>\n",
    ] {
        let page = format!("{item}{block}");
        tree.replace_document("items", "items", page.as_bytes());
        told += &format!("{block:?} at the end\n{}", ingest(&tree, &["items"]).told());
    }
    let row = "Value,Description,Reference\n204,No Content,\n";
    for open in [
        "404,\"Not Found,\n",
        "404,\"Not\" Found,\n",
        "404,Not Found,\"[x\n200,OK,\n499,Client,\"[y]\"\n",
        "404,\"Not \"\"Found\"\"\",\n",
        "404,Not \"Found\",\n",
        "404,\"\",\"[x]\"\r\n",
        "404,Not \"\"Found\" here,\n",
    ] {
        let text = format!("{row}{open}410,Gone,\n");
        tree.replace_document("records", "records", text.as_bytes());
        told += &format!("{open:?}\n{}", ingest(&tree, &["records"]).told());
    }
    snapshot("layouts", "unclosed", &told);
}

/// Only at the start of a document is what stands between two rules its metadata.
#[test]
fn rules_in_markdown_hide_nothing() {
    let tree = small_with_documents();
    let item = "- 404 : Not Found（找不到）Missing.\n";
    let rules = format!(
        "---\n- 410 : Gone（没了）moved away\n\n---\n{item}\n---\n## More\n\n- 200 : OK（好）\n\n---\n## End\n"
    );
    let metadata = format!(
        "---\nsub-title_2: x\ncodes:\n- 410 : Gone（没了）\n---{:40}\n{}",
        "",
        &rules[rules.find("\n---").expect("a rule")..]
    );
    let open = format!("---\ntitle: x\n{item}");
    let prose = metadata.replace("codes:\n", "");
    let list = metadata.replace("sub-title_2: x\ncodes:\n", "");
    let apart = metadata.replace("codes:\n", "\ncodes:\n");
    let texts = [&rules, &metadata, &open, &prose, &list, &apart];
    let told = texts.map(|text| read(&tree, "items", text));
    tree.edit("sources/outline/source.yaml", "text/plain", "text/markdown");
    let lines = "---\ntitle: x\ncodes:\n- 410 Gone\n---\n- 404 Not Found\n- Missing.\n";
    // A rule that ends what is no map ends the search for one.
    let prose = "---\n# Codes\n---\ncodes:\n- 404 Not Found\n---\n- 410 Gone\n";
    let lines = [lines, prose].map(|text| read(&tree, "outline", text));
    snapshot(
        "layouts",
        "rules",
        &[told.join("\n"), lines.join("\n")].join("\n"),
    );
}

/// What is written over several lines in a link puts no space into the text.
#[test]
fn links_over_lines() {
    let tree = small_with_documents();
    let items = "- **404** : [Not](x\n  \"y\")-[Found][a\n  b]（[找](x\n  'y')不到）Miss[ing](\n  z)ed\n- **200** : OK（好）\n  ![a](x\n  \"y\")x\n\n[a b]: x\n";
    let items = read(&tree, "items", items);
    let note = read(
        &tree,
        "items",
        "- **404** : Not Found（找不到）Missing[^1].\n\n[^1]: RFC9110\n",
    );
    snapshot("layouts", "links", &format!("{items}\n{note}"));
}

/// Definition lists as pages have them: terms in a definition, which are entries of their own, a
/// definition without a term, headings of all levels above;
/// and lists in Markdown.
#[test]
fn terms_of_all_shapes() {
    let tree = small_with_documents();
    let headings = (1..=6).zip(["Unofficial", "Official"].into_iter().cycle());
    let terms: String = headings
        .map(|(level, heading)| {
            format!(
                "<h{level}>{heading}</h{level}>\n<dl><dt>404 Not Found</dt><dd>Missing.</dd></dl>\n"
            )
        })
        .collect();
    let nested = "<dl>\n<dt>404 Not Found</dt>\n<dd>No such plant. <div>Missing.\n\
        <dl><dt>410 Gone</dt><dd>moved away</dd></dl></div>\n<dl><dd>Here a term is missing.</dd></dl></dd></dl>\n";
    // Between a term and its definition stands what is neither; the definition is missing; it has a heading.
    let astray = "<dl><dt>404 Not Found</dt><br>\n<template></template><dt>404 Not found</dt><br><dd>Missing.</dd><p>No such\nplant.</p>\n\
        <dt>200 OK</dt>It <i>grows</i><template>unseen</template>.<dd><h6>Unofficial</h6>.</dd>\n<dt>410 Gone</dt>moved away\n\
        <dt>204 No Content</dt> <!-- none -->\n<script></script></dl>\n\
        <dl><dd>No definition of 204</dd><dt>410 Gone</dt><dd></dd><dt>404 Not Found</dt><dd>Missing.</dd></dl>\n";
    // What is about a term that is not selected is no part of the one before it.
    let wrapped = "<dl><dt>404 Not Found<dd>Missing.</dd><div>No such plant.</div>\n\
        <div> <dt>410 Gone</dt><dd>moved away</dd></div>\n<div>Missing.</div></dl>\n";
    let select = "dl > dt";
    assert!(
        tree.read("sources/definitions/source.yaml")
            .contains(select)
    );
    let terms = read(
        &tree,
        "definitions",
        &format!("{terms}{nested}{astray}{wrapped}"),
    );
    tree.edit(
        "sources/definitions/source.yaml",
        "text/html",
        "text/markdown",
    );
    let marked = "404 Not Found\n: No such plant.\n: Missing.\n";
    let marked = read(&tree, "definitions", marked);
    snapshot("layouts", "terms", &format!("{terms}\n{marked}"));
}

/// What `ingest` writes, `build` reads, however much speaks for a meaning.
#[test]
fn of_very_much_evidence_the_start_is_kept() {
    let tree = small_with_documents();
    let terms: Vec<String> = (0..60)
        .map(|number| format!("a plant of the {number}th row that nobody has seen"))
        .collect();
    let terms = terms.join(", ");
    tree.edit(
        "registry/meanings/4xx.yaml",
        "terms: [no such plant, ",
        &format!("terms: [no such plant, {terms}, "),
    );
    let page = format!("- 404 : Not Found（找不到）{terms}\n");
    let told = read(&tree, "items", &page);
    assert!(
        told.contains("phrase; name; terms: a plant of the 0th row"),
        "{told}"
    );
    let run = tree.run(&["build"]);
    assert!(!run.err.contains("claims.csv"), "{}", run.told());
}

/// Items as documents have them: with a definition astray behind one, tasks, text struck out, and
/// facts that are given twice.
#[test]
fn items_of_all_shapes() {
    let tree = small_with_documents();
    tree.edit(
        "sources/items/source.yaml",
        r"{ pattern: '（(?<note>HTTP 1\.1新)）' }",
        r"{ pattern: '\{(?:(?<phrase>P\w)|(?<name>N\w)|(?<former>F\w)|(?<note>R\w)|(?<vendor>V\w))\}' }
    - { pattern: '^(?<note>grows)' }
    - { in: section, pattern: '^(?<vendor>Hedge)$' }",
    );
    let items = "<ul>\n<li>404 : Not Found（找不到）Missing.</li>\n<dd>No part of the item.</dd>\n</ul>\n\n\
        - [x] 410 : Gone（没了）~~moved away~~\n\n\
        - 200 : OK（好） grows {P1} {N1} {F1} {F2} {F1} {R1} {R2} {R1} {V1} {V2}\n\n\
        ## Hedge\n\n- 499 : Client Closed Request（关）The gardener left.\n\
        - 404 : Not Found（找不到）**Miss\n  ing**.\n- A remark\n  in two lines.\n";
    snapshot("layouts", "item_shapes", &read(&tree, "items", items));
}

/// Headings as documents have them: in part emphasised, with another entry in them, below one that
/// is none.
#[test]
fn headings_of_all_shapes() {
    let tree = small_with_documents();
    tree.edit(
        "sources/sections/source.yaml",
        "select: h3\n",
        "select: h3, h3 > b\n  facts:\n    - { in: section, pattern: '^(?<vendor>Hedge)$' }\n",
    );
    let headings = "### 10.1 *404* Not Found\n\nMissing.\n\n## Hedge\n\n\
        ### <b>10.2 204 No Content</b> 10.3 200 OK\n\nThe plant grows.\n";
    let headings = read(&tree, "sections", headings);
    // What is below an entry is no section of the next one; what is beside it is.
    let levels = "## Hedge\n\n### 10.1 404 Not Found\n\n#### Fence\n\nMissing.\n\n### 10.2 410 Gone\n\n\
        ### Fence\n\n### 10.3 200 OK\n\n# Hedge\n\n### 10.4 204 No Content\n\n# Garden\n\n### 10.5 404 Not Found\n";
    let levels = read(&tree, "sections", levels);
    tree.edit(
        "sources/sections/source.yaml",
        "select: h3, h3 > b",
        "select: 'h3[id]'",
    );
    let beside = "## Garden\n\n<h3>Hedge</h3>\n\n<h3 id=x>10.1 404 Not Found</h3>\n";
    let beside = read(&tree, "sections", beside);
    // A selected heading that is no entry is as others: a section, or a part of the text.
    tree.edit(
        "sources/sections/source.yaml",
        "select: 'h3[id]'",
        "select: 'h2, h3, h4, h4 > b'",
    );
    let mixed = "# Garden\n\n## Hedge\n\n### 10.1 404 Not Found\n\nMissing.\n\n#### Fence\n\n<!--\n-->The plant grows.\n\n\
        ## 10.2 410 Gone\n\n## Garden\n\n### 10.3 200 OK\n\n#### <b></b>\n\n### 10.4 204 No Content\n";
    let mixed = read(&tree, "sections", mixed);
    snapshot(
        "layouts",
        "headings",
        &format!("{headings}\n{levels}\n{beside}\n{mixed}"),
    );
}

/// An entry inside a text has the line on which it stands, whatever comes before: text without a tag of its
/// own, a script, a comment, a list with entries of its own.
#[test]
fn lines_of_bare_text() {
    let tree = small_with_documents();
    let embed = |id: &str, select: &str| {
        let file = format!("sources/{id}/source.yaml");
        let manifest = tree.read(&file);
        let lines = manifest
            .lines()
            .filter(|line| !line.starts_with("  embedded:"));
        let lines = lines.map(|line| match line.strip_prefix("  select:") {
            Some(_) => format!(
                "  select: {select}\n  embedded: '\\. (?<code>\\d{{3}}) (?<phrase>[A-Z][a-z]+)'\n"
            ),
            None => format!("{line}\n"),
        });
        tree.write(&file, lines.collect::<String>());
    };
    embed("sections", "h3");
    let markdown = "# T\n\n- x\n- y\n- ### 10.1 404 Not Found\n  So. 410 Gone\n\n<h3>10.2 204 No Content</h3>\nSo. 499 Token\n";
    let markdown = read(&tree, "sections", markdown);
    tree.edit("sources/sections/source.yaml", "text/markdown", "text/html");
    let html = "<p>\n<h3>10.1 404 Not\nFound</h3>\nSo. 410 Gone <script>\n\n</script>\nAnd. 200 Fine <!--\n--> yes.\n499 Token\n\
        <h3><b>10.2 200 OK</h3><script>\n\n</script>So. 404 Lost<pre>\n\nAnd. 410 Gone</pre>And.\n499 Left";
    let html = read(&tree, "sections", html);
    embed("definitions", "dl > dt");
    let terms = "<dl>\n<dt><code>404</code> Not Found\n<dd>x\n<dt><code>204</code> No Content</dt>\nkk. 410 Gone. ll\n<!--\n\n-->So. 499 Left<dd>z</dl>";
    let terms = read(&tree, "definitions", terms);
    embed("items", "li");
    tree.edit("sources/items/source.yaml", "text/markdown", "text/html");
    let items = "<ul>\n<li><b>404</b> : Not Found（找不到） <svg><title>unseen</title><desc>unseen</desc></svg>So <ruby>x<rp>(</rp></ruby>\n<ul>\n<li><b>200</b> : OK（好）\n</ul>\nSo. 410 Gone</ul>";
    let items = read(&tree, "items", items);
    // Anchors that nothing closes; text and a comment behind the body; text in a table that is moved before
    // it; a line end that is written as a character.
    let anchors = "<ul>\n<a name=404>\n<li><b>404</b> : Not Found（找不到） x\n. 410 Gone\n<a name=200>\n<li><b>200</b> : OK（好）&#10;&#10;\n\
        So. 410 Away. x <nobr><p>\n499 x. 410 Left<nobr>x</ul>";
    let anchors = read(&tree, "items", anchors);
    let table = "<ul><li><b>404</b> : Not Found（找不到） x<table>y<tr>\n\n<td>z</td></tr>\n\nSo. 410 Gone\n\n<tr></tr>\nSo. 410 Away</table>\n\
        So. 410 Left</body><!--\n\n-->So. 410 Lost\n</html>\n<!--\n-->So. 410 Last";
    let table = read(&tree, "items", table);
    snapshot(
        "layouts",
        "bare_text",
        &format!("{markdown}\n{html}\n{terms}\n{items}\n{anchors}\n{table}"),
    );
}

/// An entry has its line, whatever of a text the parser sees apart: its first word outside of the body,
/// newlines that are written as characters, and those of code.
#[test]
fn lines_of_parts_of_a_text() {
    use http_status_registry::extract::Form;
    let layout = r"{ kind: items, select: 'li, body', entry: '(?<code>\d{3}) (?<phrase>[A-Z][a-z]+)', embedded: '(?<code>\d{3}) (?<phrase>[A-Z][a-z]+)' }";
    let extractor = compiled(layout);
    for (form, document, lines) in [
        (
            Form::Html,
            "<ul>\n<li>404 One.\n</body>\n405 Two\n406 Three\n",
            &[2, 4, 5][..],
        ),
        (
            Form::Html,
            "<li>404 One</html>\n\n405 Two\n\n406 Three",
            &[1, 3, 5],
        ),
        (Form::Html, "\n\n404 One\n405 Two", &[3, 4]),
        // Blanks before a newline are a part of the same text.
        (Form::Html, " \n\n404 One\n405 Two", &[3, 4]),
        (
            Form::Html,
            "<li>404 One</body> \n\n405 Two\n\n406 Three",
            &[1, 3, 5],
        ),
        (
            Form::Html,
            "<li>404 One <table><colgroup> \n\n405 Two\n\n406 Three</colgroup></table>",
            &[1, 3, 5],
        ),
        (
            Form::Html,
            "<li>404 One <pre>\n \n405 Two\n</pre>406 Three",
            &[1, 3, 4],
        ),
        (Form::Html, "<html>\n<head>\n</head>\n\n404 One\n\n", &[5]),
        (
            Form::Html,
            "<li>404 One <table><colgroup>\n\n405 Two\n</colgroup></table>406 Three",
            &[1, 3, 4],
        ),
        (
            Form::Html,
            "<li>404 One <pre>\n\n405 Two\n</pre>406 Three",
            &[1, 3, 4],
        ),
        (
            Form::Html,
            "<li>404 One <table>\n\n<3 405 Two</table>",
            &[1, 3],
        ),
        (
            Form::Html,
            "<li>404 One <table>\n\n&amp;\n&amp;\n405 Two</table>",
            &[1, 5],
        ),
        (
            Form::Html,
            "<li>404 One a&#10;405 Two\nfoo 406 Three",
            &[1, 1, 2],
        ),
        (
            Form::Html,
            "<li>404 One<pre>a&#10;b&NewLine;405 Two&#10;&#13;c\n406 Three</pre>",
            &[1, 1, 2],
        ),
        (
            Form::Markdown,
            "- 404 One `x\n  405 Two` y\n  406 Three",
            &[1, 2, 3],
        ),
        (
            Form::Markdown,
            "- 404 One `x y\n  along 405 Two y\n  along 406 Three` 407 Four",
            &[1, 2, 3, 3],
        ),
        (
            Form::Markdown,
            "> - 404 One ``x\n> 405 ` Two``\n> 406 Three",
            &[1, 3],
        ),
        (
            Form::Markdown,
            "- 404 One a&#10;405 Two\n  406 Three&#13;407 Four\n  408 Five",
            &[1, 1, 2, 2, 3],
        ),
    ] {
        // A line behind the last one would be taken for that.
        let more = format!("{document}<!--\n\n\n\n\n-->");
        let found = extractor.extract(form, &more).expect("entries");
        let found = found.entries.iter().map(|entry| entry.facts.line);
        assert_eq!(Vec::from_iter(found), lines, "{document}");
    }
}

/// Lines of bars, or of dashes, alone are no foot of a table's head; of many tables without a column, all are
/// counted.
#[test]
fn what_is_told_of_tables_is_so() {
    use http_status_registry::extract::Form;
    let told = |layout: &str, form, document: &str| {
        let found = compiled(layout).extract(form, document).expect("entries");
        let told = found.skipped.iter();
        Vec::from_iter(told.map(|remark| format!("{}: {}", remark.line, remark.text)))
    };
    let items = r"{ kind: items, select: li, entry: '^(?<code>\d{3})' }";
    for text in ["x\n|\ny\n", "x\n-:\ny\n", "x\n::\ny\n"] {
        assert!(told(items, Form::Markdown, text).is_empty(), "{text}");
    }
    assert_eq!(told(items, Form::Markdown, "x\n-|-\ny\n").len(), 1);
    let rows = r"{ kind: rows, select: tr, columns: { Code: '^(?<code>\d{3})$' } }";
    let tables = "<table><tr><th>Kode<tr><td>404</table>\n".repeat(4);
    insta::assert_snapshot!(told(rows, Form::Html, &tables).join("\n"), @"1: no column is headed `Code` here, nor in 3 more tables, the first of them on line 2");
}

/// Records as files have them: without headings, with semicolons, over several lines; and with
/// headings that are not the layout's.
#[test]
fn records_of_all_shapes() {
    let tree = small_with_documents();
    let unheaded = "Kode,Description,Reference\n200,OK,\n204,No Content,\n";
    tree.replace_document("records", "records", unheaded.as_bytes());
    let unheaded = ingest(&tree, &["records"]).told();
    let twice = "Value , Description,\"Reference\n\",Description\n200,OK,,Fine\n204,No Content,,\n";
    let twice = read(&tree, "records", twice);
    // A quote within a cell opens nothing.
    let inches = "Value,Description,Reference\n404,Not Found,\"RFC 9110\"\n410,Gone 5\" tall,";
    let inches = read(&tree, "records", inches);
    let file = "sources/records/source.yaml";
    let manifest = tree.read(file);
    let (manifest, _) = manifest.split_once("  columns:").expect("the columns");
    let columns = "  delimiter: ;\n  columns:\n    \"1\": '^(?<phrase>.+)$'\n    \"2\": '^(?<code>\\d{3})$'\n";
    tree.write(file, format!("{manifest}{columns}"));
    let records = "OK;200\n\"No\nContent\";204\nNot Found;404\nSpade;soon\n";
    let records = read(&tree, "records", records);
    snapshot(
        "layouts",
        "record_shapes",
        &format!("{unheaded}\n{twice}\n{inches}\n{records}"),
    );
}

/// Pages whose tags are out of place are read as browsers read them.
#[test]
fn pages_with_tags_out_of_place() {
    let tree = small_with_documents();
    tree.edit(
        "sources/definitions/source.yaml",
        "select: dl > dt",
        "select: .codes dt, p > b, .moved, .moved i",
    );
    let page = "<p>Codes<body class=codes>\n\
        <dl><dt>404 Not Found<dd><table>No such plant. <tr><td>Missing.</table></dl>\n\
        <dl><dt>200 OK<dd>The plant <![CDATA[ left ]]>grows <svg><![CDATA[again]]></svg></dl>\n\
        <b>These are bold<p>410 Gone</b> and this is not</p>\n\
        <b class=moved><ul>200 OK<i>404 Not Found</b></ul>\n";
    let page = read(&tree, "definitions", page);
    // Frames take the place of a body without text.
    let frames = "<p><b><title>410 Gone</title></b></p><frameset>";
    tree.replace_document("definitions", "definitions", frames.as_bytes());
    let frames = ingest(&tree, &["definitions"]).told();
    snapshot("layouts", "tags", &format!("{page}\n{frames}"));
}

#[test]
fn a_byte_order_mark_in_our_own_files_is_no_fault() {
    let tree = Sandbox::small();
    for file in [
        "registry/release.yaml",
        "registry/meanings/4xx.yaml",
        "sources/rows/source.yaml",
        "sources/rows/claims.csv",
    ] {
        tree.write(file, format!("\u{feff}{}", tree.read(file)));
    }
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
}

/// A part of a page whose tags do not fit each other.
#[derive(Debug, Clone)]
enum Broken {
    /// An entry that says on which line it stands.
    Entry,
    Markup(String),
}

fn broken() -> impl Strategy<Value = Broken> {
    const TAGS: [&str; 34] = [
        "a", "b", "i", "p", "nobr", "div", "table", "tr", "td", "span", "pre", "font", "h3", "dl",
        "dt", "dd", "ul", "li", "script", "br", "template", "form", "select", "option", "textarea",
        "body", "html", "tbody", "svg", "button", "em", "head", "colgroup", "frameset",
    ];
    const BETWEEN: [&str; 7] = [
        "\n",
        "\n\n",
        " ",
        "\n",
        "<!-- x\n-->",
        "<!---->",
        "<!--\n\n-->",
    ];
    let markup = |text: String| Broken::Markup(text);
    let tag = || prop::sample::select(&TAGS[..]);
    let end = prop::sample::select(&["", "\n", " c\n"][..]);
    prop_oneof![
        3 => Just(Broken::Entry),
        3 => prop::sample::select(&BETWEEN[..]).prop_map(str::to_owned).prop_map(markup),
        2 => (tag(), end).prop_map(|(tag, end)| format!("<{tag}{end}>")).prop_map(markup),
        2 => tag().prop_map(|tag| format!("</{tag}>")).prop_map(markup),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Extraction never panics, is a function of the text, and every claim stands on a line of it.
    #[test]
    fn extraction_stays_within_its_document(parts in proptest::collection::vec(0..PIECES.len(), 0..40)) {
        use http_status_registry::extract::Form;
        use http_status_registry::tree::Tree;
        let text: String = parts.into_iter().map(|part| PIECES[part]).collect();
        let tree = Tree::open(fixtures().join("tree")).expect("the tree");
        for source in tree.sources().expect("sources").documents {
            let source = tree.source_folder(&source).expect("a source");
            let extractor = &source.extractor;
            for form in [Form::Html, Form::Xhtml, Form::Markdown, Form::Text] {
                let found = extractor.extract(form, &text).expect("entries");
                prop_assert_eq!(&found, &extractor.extract(form, &text).expect("entries"));
                let lines = text.matches('\n').count() + 1;
                for entry in &found.entries {
                    let line = entry.facts.line as usize;
                    prop_assert!((1..=lines).contains(&line), "line {} of {} in {:?}", line, lines, text);
                    let code = entry.facts.codes.first().to_string();
                    let written = text.lines().nth(line - 1).unwrap_or_default();
                    prop_assert!(written.contains(&code), "{} is not on line {} of {:?}", code, line, text);
                }
            }
        }
    }

    /// Text has the line on which it stands in the document, wherever the parser moves it to and whatever
    /// elements it makes anew around it.
    #[test]
    fn each_entry_of_a_broken_page_has_its_line(parts in proptest::collection::vec(broken(), 3..40)) {
        use http_status_registry::extract::Form;
        let layout = r"{ kind: items, select: li, entry: '^(?<code>\d{3}) (?<phrase>Line\d+);', embedded: '(?<code>50\d) (?<phrase>Line\d+);' }";
        let extractor = compiled(layout);
        let mut page = "<ul>\n<li>400 Line2; ".to_owned();
        for part in parts {
            match part {
                Broken::Entry => {
                    let line = page.matches('\n').count() + 1;
                    page += &format!("500 Line{line}; ");
                }
                Broken::Markup(markup) => page += &markup,
            }
        }
        let found = extractor.extract(Form::Html, &page).expect("entries");
        for entry in &found.entries {
            let line = format!("Line{}", entry.facts.line);
            prop_assert_eq!(entry.facts.phrase.as_ref(), Some(&line), "{}", page);
        }
    }

    /// What is written as claims is read back as it was.
    #[test]
    fn claims_survive_a_round_trip(phrase in "[A-Z][a-z\",' ;]{0,20}[a-z]", name in "([一-龥，]{0,5}[一-龥])?", line in 1u32..9999, length in 0usize..999) {
        use http_status_registry::model::{Claim, Code, Facts, Reference, Registration};
        use http_status_registry::source::{parse_claims, write_claims};
        let mut facts = Facts::new(line, Code::new(421).expect("a code").into());
        facts.phrase = Some(phrase.clone());
        facts.name = (!name.is_empty()).then_some(name);
        facts.former = vec![phrase.clone(), "b".into()];
        facts.references = vec![Reference::parse("RFC 9110, Section 15.5.20"), Reference::parse("draft-x")];
        facts.registration = Some(Registration::Obsoleted);
        let claim = Claim {
            facts,
            meaning: Some("421-x".into()),
            matched: "phrase; terms: a, \"b\"".into(),
            text_length: length,
            text_digest: (length > 0).then(|| "0123456789abcdef".into()),
        };
        let claims = vec![claim.clone(), claim];
        prop_assert_eq!(parse_claims("x", &write_claims(&claims)).expect("claims"), claims);
    }
}

/// What documents of all shapes are made of. None breaks a line where the HTML parser throws the
/// break away (a tag out of place, the start of a `pre`): lines behind that are one too low.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "- ",
    "  - ",
    "### 10.1 200 OK （好）\n",
    "200",
    "404 Not Found",
    "- 499 Token Required\n",
    "| 200 | grows |\n",
    "| Code | What |\n|--|--|\n",
    "<table>",
    "<tr><th>Code</th><th>What</th></tr>",
    "<tr>",
    "<td>",
    "<td>404</td>",
    "</td>",
    "</tr>\n",
    "</table>",
    "<dl>\n",
    "<dt>404 Not Found\n",
    "<dd>",
    "</dl>",
    "<ul><li>",
    "- **200** : OK（好）x\n",
    "<b>",
    "</b>",
    "<!-- a\nb -->",
    "> ",
    "```\n",
    "---\n",
    "200,OK,\"[RFC9110, Section 15.3.1]\"\n",
    "Value,Description,Reference\n",
    "\"",
    "x. 404 Not Found (RFC 2616) y",
    ". - 204 No Content\n",
    "<script>\n</script>",
    "继续",
    "&amp;\n",
    "\\",
    "    ",
    "<pre>",
    "1. ",
    ": ",
    "Term\n: 404 Not Found\n",
];
