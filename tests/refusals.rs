//! Text that has no business in any export: refused wherever people or documents may write it, at its place.

mod common;

use common::texts::invalid;
use common::{Sandbox, copy_folder, fixtures, no_other_snapshots, snapshot};
use http_status_registry::build;
use http_status_registry::tree::Tree;
use proptest::prelude::*;

/// A place where people write a text: what stands in a file, and what it is replaced by, with `@` for the text.
type Place = (&'static str, &'static str, &'static str);

const MEANINGS: &str = "registry/meanings/4xx.yaml";
const SOURCE: &str = "sources/items/source.yaml";
const CLAIMS: &str = "sources/items/claims.csv";

const YAML_PLACES: &[Place] = &[
    (MEANINGS, "id: 404-not-found", "id: @"),
    (MEANINGS, "phrase: Not Found", "phrase: @"),
    (
        MEANINGS,
        "phrase: Gone",
        "phrase: Gone\n  former_phrases:\n    - { phrase: @, used_by: RFC 1 }",
    ),
    (
        MEANINGS,
        "phrase: Gone",
        "phrase: Gone\n  former_phrases:\n    - { phrase: Went, used_by: @ }",
    ),
    (
        MEANINGS,
        "phrase: Gone",
        "phrase: Gone\n  former_phrases:\n    - { phrase: Went, used_by: x, replaced_by: @ }",
    ),
    (MEANINGS, "{ zh-Hans: 没了 }", "{ zh-Hans: @ }"),
    (MEANINGS, "{ zh-Hans: 没了 }", "{ zh-Hans: 没了, @: x }"),
    (MEANINGS, "vendor: Hedge", "vendor: @"),
    (
        MEANINGS,
        "{ rfc: 9110, section: \"15.5.11\" }",
        "{ rfc: 9110, section: @ }",
    ),
    (
        MEANINGS,
        "{ rfc: 9110, section: \"15.5.11\" }",
        "{ rfc: 9110, url: @ }",
    ),
    (
        MEANINGS,
        "{ rfc: 9110, section: \"15.5.11\" }",
        "{ document: @ }",
    ),
    (
        MEANINGS,
        "{ rfc: 9110, section: \"15.5.11\" }",
        "{ title: @, url: 'https://example.org' }",
    ),
    (
        MEANINGS,
        "{ rfc: 9110, section: \"15.5.11\" }",
        "{ title: x, url: @ }",
    ),
    (MEANINGS, "en: It was here and is no more.", "en: @"),
    (MEANINGS, "zh-Hans: 曾经有，现在没了。", "zh-Hans: @"),
    (
        MEANINGS,
        "zh-Hans: 曾经有，现在没了。",
        "zh-Hans: 曾经有。\n    @: x",
    ),
    (MEANINGS, "terms: [moved away]", "terms: [moved away, @]"),
    (MEANINGS, "phrases: [(Unused)]", "phrases: [(Unused), @]"),
    (SOURCE, "title: The items of the garden", "title: @"),
    (SOURCE, "authority: note", "authority: note\nauthor: @"),
    (SOURCE, "authority: note", "authority: note\nurl: @"),
    (SOURCE, "authority: note", "authority: @"),
    (SOURCE, "licence: CC0-1.0", "licence: @"),
    (SOURCE, "[en, zh-Hans]", "[en, @]"),
    (SOURCE, "name: items.md", "name: @"),
    (
        "registry/decisions.yaml",
        "conflict: 499-token-required/origin",
        "conflict: @",
    ),
    (
        "registry/decisions.yaml",
        "reason: The list puts it in the section on Hedge, but gates of all makes ask for tokens.",
        "reason: @",
    ),
    ("registry/release.yaml", "version: 0.1.0", "version: @"),
    ("registry/release.yaml", "date: 2026-11-20", "date: @"),
];

const CSV_PLACES: &[Place] = &[
    (CLAIMS, "410-gone,Gone,", "\"@\",Gone,"),
    (CLAIMS, ",Gone,", ",\"@\","),
    (CLAIMS, ",没了,,", ",\"@\",,"),
    (CLAIMS, ",没了,,", ",没了,\"@\","),
    (CLAIMS, ",没了,,,", ",没了,,\"@\","),
    (CLAIMS, ",没了,,,,", ",没了,,,\"@\","),
    (CLAIMS, ",没了,,,,,", ",没了,,,,\"@\","),
    (CLAIMS, ",没了,,,,,", ",没了,,,,\"vendor @\","),
    (CLAIMS, ",没了,,,,,,", ",没了,,,,,\"@\","),
    (CLAIMS, ",没了,,,,,,,", ",没了,,,,,,\"@\","),
    (CLAIMS, "phrase; name; terms: moved away", "\"@\""),
    (CLAIMS, "670de81b4eecdb67", "\"@\""),
];

/// A scalar of YAML, in double quotes: all that is not plain is escaped, or only what must be.
fn scalar(text: &str, escapes_all: bool) -> String {
    let mut scalar = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            scalar.extend(['\\', c]);
        } else if c.is_control() || escapes_all && !c.is_ascii() {
            scalar.push_str(&format!("\\U{:08X}", u32::from(c)));
        } else {
            scalar.push(c);
        }
    }
    scalar + "\""
}

/// Fails unless `build` refuses the tree for the text, at its line and with a remedy.
fn refused(place: Place, text: &str) -> Result<(), TestCaseError> {
    let (file, old, new) = place;
    let tree = Sandbox::small();
    tree.edit(file, old, new);
    let before = tree.read(file);
    let (before, after) = before.split_once('@').expect("a place");
    tree.write(file, format!("{before}{text}{after}"));
    let line = before.matches('\n').count() + 1;
    let tree = Tree::open(tree.path("")).expect("a tree");
    let errors = build(&tree).err();
    let errors = errors.ok_or_else(|| TestCaseError::fail("it was not refused"))?;
    let located = errors.iter().any(|error| {
        error.file.as_deref() == Some(file)
            && error.line.map(|line| line as usize) == Some(line)
            && error.help.is_some()
    });
    prop_assert!(located, "line {}: {:?}", line, errors);
    for error in errors {
        let told = error.to_string();
        let plain = told
            .chars()
            .all(|c| !c.is_control() || matches!(c, '\n' | '\u{1b}'));
        prop_assert!(plain && !told.contains('\u{202e}'), "{:?}", told);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn in_yaml(text in invalid(), place in prop::sample::select(YAML_PLACES), escapes_all: bool) {
        refused(place, &scalar(&text, escapes_all))?;
    }

    #[test]
    fn in_claims(text in invalid(), place in prop::sample::select(CSV_PLACES)) {
        refused(place, &text.replace('"', "\"\""))?;
    }
}

/// What is told of each kind of text, written as a summary or an address. YAML's escapes stand as they are.
#[test]
fn each_kind_of_text() {
    let summaries = [
        r#""a \"quoted\" text""#,
        "غير موجود",
        r#""a\\b""#,
        r#""a */ b""#,
        r#""</script>""#,
        r#""{{ x }}""#,
        r#""a\nb""#,
        r#""a\u202Eb""#,
        "a\u{202e}b",
        r#""a\0b""#,
        "a\0b",
        r#""=1+1""#,
        r#""+1""#,
        r#""-1""#,
        r#""@x""#,
        r#""\uD800""#,
        r#""\uD83D\uDE00""#,
        r#""a\uFFFDb""#,
        r#""a\uFFFFb""#,
    ];
    let addresses = ["'javascript:alert(1)'", "'https://example.org/\"x'"];
    let summaries = summaries.map(|text| (text, "en: It was here and is no more.", "en: @"));
    let addresses = addresses.map(|text| {
        let old = "{ rfc: 9110, section: \"15.5.11\" }";
        (text, old, "{ title: x, url: @ }")
    });
    let mut told = String::new();
    for (text, old, new) in summaries.into_iter().chain(addresses) {
        let tree = Sandbox::small();
        tree.edit(MEANINGS, old, &new.replace('@', text));
        let before = tree.files();
        let run = tree.run(&["build"]);
        let what = match run.code {
            0 => "accepted\n",
            _ => {
                assert!(tree.files() == before, "something was written");
                &run.err
            }
        };
        let text = new
            .replace('@', text)
            .replace('\0', "(NUL)")
            .replace('\u{202e}', "(U+202E)");
        told += &format!("{text}\n{what}\n");
    }
    snapshot("refusals", "texts", &told);
}

/// A document is not ours to mend: a value of it that cannot be kept is left out, and that is told.
#[test]
fn in_documents() {
    let tree = Sandbox::small();
    copy_folder(&fixtures().join("documents"), &tree.path("documents"));
    let records = tree.read("documents/records.csv");
    let records = records
        .replace(",OK,", ",\"=HYPERLINK(\"\"x\"\")\",")
        .replace(",No Content,", ",No\u{202e}Content,")
        .replace(",Not Found,", ",</script>,")
        .replace("Gone (OBSOLETED)", "a */ b {{x}} (OBSOLETED)");
    tree.replace_document("records", "records.csv", records.as_bytes());
    let run = tree.run(&["ingest", "--documents", "documents", "records"]);
    let claims = tree.read("sources/records/claims.csv");
    snapshot(
        "refusals",
        "documents",
        &format!("{}\n{claims}", run.told()),
    );

    let items = tree.read("documents/items.md");
    let items = items.replace("Not Found", "Not\0Found");
    tree.replace_document("items", "items.md", items.as_bytes());
    let before = tree.files();
    let run = tree.run(&["ingest", "--documents", "documents", "items"]);
    snapshot("refusals", "document_with_nul", &run.told());
    assert!(tree.files() == before);
    let names = ["document_with_nul", "documents", "texts"];
    no_other_snapshots("refusals", names.map(str::to_owned));
}
