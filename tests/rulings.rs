//! Decisions: each ruling that `build` offers for an open conflict settles it.

mod common;

use common::Sandbox;
use serde_json::Value;

/// Makes the small tree say something that no rule settles.
fn spoilt() -> Sandbox {
    let tree = Sandbox::small();
    tree.edit(
        "sources/items/claims.csv",
        ",Not Found,",
        ",Nowhere to be Found,",
    );
    tree.edit("sources/items/claims.csv", ",Gone,没了,", ",Gone,找不到,");
    tree.edit(
        "sources/outline/claims.csv",
        "204-no-content,No Content,,,RFC 9110,",
        "204-no-content,No Content,,,RFC 3658,",
    );
    tree.edit(
        "sources/definitions/claims.csv",
        "vendor Hedge",
        "vendor Fence",
    );
    let claims = tree.read("sources/sections/claims.csv");
    let digests: Vec<&str> = claims
        .lines()
        .filter_map(|line| line.rsplit(',').next())
        .collect();
    tree.edit("sources/sections/claims.csv", digests[3], digests[1]);
    tree
}

/// What each open conflict of the spoilt tree may be settled by.
const OFFERED: &[(&str, &[&str])] = &[
    (
        "404-not-found/phrase",
        &[
            "ruling: accept",
            "ruling: reject\n  claims: [{ source: items, line: 2 }]",
            "ruling: choose\n  value: Not Found",
        ],
    ),
    (
        "410-gone/name",
        &[
            "ruling: accept",
            "ruling: reject\n  claims: [{ source: items, line: 4 }]",
            "ruling: choose\n  value: 没了",
        ],
    ),
    (
        "204-no-content/reference",
        &[
            "ruling: accept",
            "ruling: reject\n  claims: [{ source: outline, line: 4 }]",
            "ruling: choose\n  value: RFC 9110",
        ],
    ),
    (
        "499-client-closed-request/origin",
        &[
            "ruling: accept",
            "ruling: reject\n  claims: [{ source: definitions, line: 4 }]",
            "ruling: choose\n  value: vendor Hedge",
        ],
    ),
    (
        "404/copied-text/sections/17",
        &[
            "ruling: accept",
            "ruling: reject\n  claims: [{ source: sections, line: 17 }]",
        ],
    ),
];

#[test]
fn each_offered_ruling_settles_its_conflict() {
    let open = spoilt().run(&["build"]);
    assert_eq!(open.code, 2);
    for (conflict, _) in OFFERED {
        assert!(
            open.err.contains(&format!("- conflict: {conflict}\n")),
            "{}",
            open.err
        );
    }
    assert!(
        open.err
            .contains(&format!("\n{} errors; nothing was written", OFFERED.len())),
        "{}",
        open.err
    );
    for round in 0..3 {
        let tree = spoilt();
        let file = "registry/decisions.yaml";
        let mut decisions = tree.read(file);
        for (conflict, rulings) in OFFERED {
            let ruling = rulings[round % rulings.len()];
            let sides = if ruling.contains("reject") {
                String::new()
            } else {
                offered_sides(&open.err, conflict)
            };
            decisions += &format!(
                "- conflict: {conflict}\n  {ruling}\n{sides}  reason: Because we say so here.\n"
            );
        }
        tree.write(file, &decisions);
        let run = tree.run(&["build"]);
        assert_eq!(run.code, 0, "{decisions}\n{}", run.told());
    }
}

/// IANA may give another phrase before it is written down here: the one before was used by whom a source names.
#[test]
fn the_phrase_before_is_a_former_one() {
    let tree = Sandbox::small();
    let file = "sources/records/claims.csv";
    // What the registry cites does not matter.
    tree.edit(
        file,
        "404-not-found,Not Found,,,\"RFC 9110, Section 15.5.5\"",
        "404-not-found,Nowhere to be Found,,,",
    );
    let export = decided(&tree, "");
    let missing = meaning(&export, "404-not-found");
    assert_eq!(missing["phrase"], "Nowhere to be Found");
    let former = serde_json::json!([{ "phrase": "Not Found", "used_by": "RFC 9110" }]);
    assert_eq!(missing["former_phrases"], former);
}

/// A meaning is defined somewhere, so that of two documents one stands even if all are accepted.
#[test]
fn of_accepted_documents_one_is_stated() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/outline/claims.csv",
        "204-no-content,No Content,,,RFC 9110,",
        "204-no-content,No Content,,,RFC 3658,",
    );
    let export = decided(
        &tree,
        "- conflict: 204-no-content/reference\n  ruling: accept\n  sides: [RFC 9110, RFC 3658]\n  reason: A test.\n",
    );
    let conflicts = export["conflicts"].as_array().expect("conflicts");
    let outcomes = conflicts
        .iter()
        .filter(|conflict| conflict["id"] == "204-no-content/reference");
    let outcomes: Vec<&Value> = outcomes.map(|conflict| &conflict["outcome"]).collect();
    assert_eq!(
        outcomes,
        ["\"RFC 9110\" is stated; what else is said stands here alone."]
    );
}

/// Where what we have written down is in doubt, no claim can be rejected for it.
#[test]
fn a_document_in_doubt_is_our_own() {
    let tree = Sandbox::small();
    let meanings = "registry/meanings/4xx.yaml";
    let text = tree.read(meanings);
    let phrase = "phrase: Token Required\n";
    let doubtful = format!("{phrase}  references: [{{ rfc: 2617 }}]\n");
    tree.write(meanings, text.replace(phrase, &doubtful));
    let open = tree.run(&["build"]);
    insta::assert_snapshot!(open.told(), @r#"
    error: open conflict 499-token-required/reference: RFC 2617 was obsoleted by RFC 7235, RFC 7615, RFC 7616, RFC 7617
             "RFC 2617": this registry
             "RFC 2617 was obsoleted by RFC 7235, RFC 7615, RFC 7616, RFC 7617": this registry
      --> registry/meanings/4xx.yaml:56
      help: settle it in registry/decisions.yaml, or mend the meanings or the source's layout:
            - conflict: 499-token-required/reference
              ruling: accept # or choose, with `value: "RFC 2617"`
              sides: ["RFC 2617", "RFC 2617 was obsoleted by RFC 7235, RFC 7615, RFC 7616, RFC 7617"]
              reason: "" # say why

    1 error; nothing was written
    exit code 2
    "#);
    tree.write(
        "registry/decisions.yaml",
        "- conflict: 499-token-required/reference\n  ruling: reject\n  claims: [{ source: outline, line: 14 }]\n  reason: A test.\n",
    );
    assert_eq!(tree.run(&["build"]).code, 2);
}

/// IANA may give another document before it is written down here: the sources still cite the one before.
#[test]
fn the_reference_before_is_a_former_one() {
    let tree = Sandbox::small();
    let file = "sources/records/claims.csv";
    tree.edit(file, "RFC 9110, Section 15.5.5", "RFC 9999");
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(run.err.contains(
        "the references of `404-not-found` are written down differently in the registry: RFC 9999"
    ));
    let told = tree.run(&["conflicts", "404", "--kind", "reference"]);
    insta::assert_snapshot!(told.out, @r"
    404-not-found/reference: RFC 9999 is the reference; before, it was RFC 2616 (obsoleted by RFC 7230, RFC 7231, RFC 7232, RFC 7233, RFC 7234, RFC 7235), RFC 9110.
      RFC 9999: records line 5
      RFC 2616: rows line 9
      RFC 9110: outline line 7
      rule former-reference: A document that defined the meaning before is kept as a former reference, since the newer one defines it now.
    ");
    // One that no RFC of ours is, but that a source cites, is enough.
    let tree = Sandbox::small();
    let file = "registry/meanings/4xx.yaml";
    tree.edit(file, "{ rfc: 2616, section: \"10.4.5\" }", "{ rfc: 2068 }");
    tree.edit(
        file,
        "{ rfc: 9110, section: \"15.5.5\" }",
        "{ rfc: 2616, section: \"10.4.5\" }",
    );
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
}

#[test]
fn a_side_names_each_place_once() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/items/claims.csv",
        "404-not-found,Not Found,找不到,",
        "404-not-found,Not Fuond,找不到,Not Fuond",
    );
    let told = tree.run(&["conflicts", "404", "--kind", "misspelling"]);
    insta::assert_snapshot!(told.told(), @r#"
    404-not-found/misspelling: "Not Fuond" is heard as "Not Found".
      Not Found: records line 5, definitions line 3, outline line 7, rows line 9, sections line 17
      Not Fuond: items line 2
      rule spelling-slip: A phrase that is one edit in eight characters or fewer away from a known one is heard as that one and not kept, since nobody means a misspelt phrase.
    exit code 0
    "#);
}

/// Claims of one code on one line, which is what a page without line ends holds, make one conflict.
#[test]
fn claims_on_one_line_share_their_conflicts() {
    const JSON: &str = "exports/v1/http-status-codes.json";
    let tree = Sandbox::small();
    let items = "<ul><li><b>200</b> : OK（好）Fine.</li><li><b>499</b> : Token Required（需要令牌）</li>\
        <li><b>499</b> : Client Closed Request（客户端关闭请求）</li></ul>";
    tree.edit("sources/items/source.yaml", "text/markdown", "text/html");
    tree.replace_document("items", "items.md", items.as_bytes());
    for command in [
        &["ingest", "--documents", "documents", "items"][..],
        &["build"],
        &["diff", JSON, JSON],
    ] {
        let run = tree.run(command);
        assert_eq!(run.code, 0, "{}", run.told());
    }
    let told = tree.run(&["conflicts", "499", "--kind", "placeholder"]);
    insta::assert_snapshot!(told.out, @r#"
    499/placeholder/items/1: items line 1 is heard for the phrase "Client Closed Request" only. items line 1 is heard for the phrase "Token Required" only.
      499-token-required: this registry
      no text: items line 1
      499-client-closed-request: this registry
      rule placeholder: An entry without a text is heard for its phrase and what else it says, since a place kept for a text says nothing.
    "#);
}

/// A source of a list of codes, with phrases and former ones.
const NOTES: &str = r"id: notes
title: Notes
languages: [en]
licence: not stated
authority: note
document: { sha256: DIGEST, media_type: text/markdown }
layout:
  kind: items
  select: li
  entry: '^(?<code>\d{3}) (?<phrase>[^:(]+)(?: \(once (?<former>[^)]+)\))?:'
";

/// What `build` offers is to be pasted as it is, also where one ruling has to be on several claims.
#[test]
fn an_offered_rejection_is_on_all_claims_that_are_open() {
    for (document, offered) in [
        (
            "- 404 Not Found: The very same words.\n- 410 Gone: The very same words.\n- 409 Conflict: The very same words.\n",
            &[
                ("410/copied-text/notes/2", "{ source: notes, line: 2 }"),
                ("409/copied-text/notes/3", "{ source: notes, line: 3 }"),
            ][..],
        ),
        (
            "- 404 Not Found: Nothing is there.\n- 404 Lost: It is lost.\n- 404 Mislaid: It is not at hand.\n",
            &[(
                "404/duplicate/notes",
                "{ source: notes, line: 2 }, { source: notes, line: 3 }",
            )],
        ),
        (
            "- 410 Vanished (once Away): It is gone, and no longer available.\n",
            &[("410-gone/phrase", "{ source: notes, line: 1 }")],
        ),
    ] {
        let tree = Sandbox::real();
        let digest = http_status_registry::digest::sha256(document.as_bytes());
        tree.write(
            "sources/notes/source.yaml",
            NOTES.replace("DIGEST", &digest),
        );
        tree.write("sources/notes/notes.md", document);
        assert_eq!(tree.run(&["ingest", "notes"]).code, 0);
        let open = tree.run(&["build"]);
        let file = "registry/decisions.yaml";
        let mut decisions = tree.read(file);
        for (conflict, claims) in offered {
            let (_, offer) = open
                .err
                .split_once(&format!("- conflict: {conflict}\n"))
                .unwrap_or_else(|| panic!("{conflict}: {}", open.err));
            let offer = offer.lines().next().expect("a ruling");
            let claims = format!("claims: [{claims}]");
            assert!(
                offer.contains(&format!("reject, with `{claims}` for sides")),
                "{offer}"
            );
            decisions += &format!(
                "- conflict: {conflict}\n  ruling: reject\n  {claims}\n  reason: Because we say so here.\n"
            );
        }
        tree.write(file, &decisions);
        let run = tree.run(&["build"]);
        assert_eq!(run.code, 0, "{decisions}\n{}", run.told());
    }
}

/// The line of sides that the message offers for a conflict.
fn offered_sides(told: &str, conflict: &str) -> String {
    let (_, entry) = told
        .split_once(&format!("- conflict: {conflict}\n"))
        .expect("the entry");
    let sides = entry
        .lines()
        .find(|line| line.trim_start().starts_with("sides: "))
        .expect("the sides");
    format!("  {}\n", sides.trim_start())
}

/// The JSON export of a tree after a decision.
fn decided(tree: &Sandbox, decision: &str) -> Value {
    let file = "registry/decisions.yaml";
    tree.write(file, tree.read(file) + decision);
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
    serde_json::from_str(&tree.read("exports/v1/http-status-codes.json")).expect("JSON")
}

fn meaning<'v>(export: &'v Value, id: &str) -> &'v Value {
    let codes = export["codes"].as_array().expect("codes").iter();
    let mut meanings = codes.flat_map(|code| code["meanings"].as_array().expect("meanings"));
    meanings
        .find(|meaning| meaning["id"] == id)
        .unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn a_rejected_claim_supports_nothing() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/items/claims.csv",
        ",Not Found,",
        ",Nowhere to be Found,",
    );
    let export = decided(
        &tree,
        "- conflict: 404-not-found/phrase\n  ruling: reject\n  claims: [{ source: items, line: 2 }]\n  reason: A slip.\n",
    );
    let claims = meaning(&export, "404-not-found")["claims"]
        .as_array()
        .expect("claims");
    assert!(
        claims.iter().all(|claim| claim["source"] != "items"),
        "{claims:?}"
    );
}

#[test]
fn an_accepted_phrase_is_a_variant_and_so_is_a_known_one() {
    let accept = "- conflict: 404-not-found/phrase\n  ruling: accept\n  sides: [Not Found, Nowhere to be Found]\n  reason: It reads well.\n";
    let terms = "terms: [no such plant, missing]";
    let known = format!("{terms}\n    phrases: [Nowhere to be Found]");
    for (decision, evidence) in [(accept, terms), ("", &known)] {
        let tree = Sandbox::small();
        tree.edit(
            "sources/items/claims.csv",
            ",Not Found,",
            ",Nowhere to be Found,",
        );
        tree.edit("registry/meanings/4xx.yaml", terms, evidence);
        let export = decided(&tree, decision);
        let meaning = meaning(&export, "404-not-found");
        assert_eq!(
            meaning["phrase_variants"][0]["value"],
            "Nowhere to be Found"
        );
        let claims = meaning["claims"].as_array().expect("claims");
        let claim = claims
            .iter()
            .find(|claim| claim["source"] == "items")
            .expect("the claim");
        assert!(
            claim["supports"]
                .as_array()
                .expect("a list")
                .contains(&"phrase-variant".into()),
            "{claim}"
        );
    }
}

#[test]
fn an_accepted_former_phrase_is_a_variant() {
    let tree = Sandbox::small();
    let file = "sources/items/claims.csv";
    tree.edit(
        file,
        "410-gone,Gone,没了,,",
        "410-gone,Gone,没了,Never Here,",
    );
    let accept = "- conflict: 410-gone/phrase\n  ruling: accept\n  sides: [Gone, Never Here]\n  reason: It was once called so.\n";
    let export = decided(&tree, accept);
    let variants = serde_json::json!([{ "value": "Never Here", "claims": [{ "source": "items", "line": 4 }] }]);
    assert_eq!(meaning(&export, "410-gone")["phrase_variants"], variants);
}

#[test]
fn a_phrase_that_was_decided_against_supports_none() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/items/claims.csv",
        ",Not Found,",
        ",Nowhere to be Found,",
    );
    let decision = "- conflict: 404-not-found/phrase\n  ruling: choose\n  value: Not Found\n  sides: [Not Found, Nowhere to be Found]\n  reason: A slip.\n";
    let export = decided(&tree, decision);
    let meaning = meaning(&export, "404-not-found");
    assert_eq!(meaning["phrase_variants"], Value::Null);
    let claims = meaning["claims"].as_array().expect("claims");
    let claim = claims
        .iter()
        .find(|claim| claim["source"] == "items")
        .expect("the claim");
    assert_eq!(claim["supports"], serde_json::json!(["meaning", "name"]));
}

#[test]
fn a_chosen_value_is_stated_and_the_others_are_not_kept() {
    let tree = Sandbox::small();
    tree.edit("sources/items/claims.csv", ",Gone,没了,", ",Gone,找不到,");
    let export = decided(
        &tree,
        "- conflict: 410-gone/name\n  ruling: choose\n  value: 没了\n  sides: [没了, 找不到]\n  reason: The other is 404.\n",
    );
    let gone = meaning(&export, "410-gone");
    assert_eq!(gone["names"]["zh-Hans"], "没了");
    assert_eq!(gone["name_variants"], Value::Null);

    let tree = Sandbox::small();
    tree.edit(
        "sources/outline/claims.csv",
        "499-token-required,Token Required,,,,",
        "499-token-required,Token Required,,,RFC 6750,",
    );
    let export = decided(
        &tree,
        "- conflict: 499-token-required/reference\n  ruling: choose\n  value: RFC 6750\n  sides: [RFC 6750, no document]\n  reason: It is about tokens.\n",
    );
    assert_eq!(
        meaning(&export, "499-token-required")["references"][0]["rfc"],
        6750
    );

    let tree = Sandbox::small();
    tree.edit(
        "sources/outline/claims.csv",
        "499-token-required,Token Required,",
        "499-token-required,Pass Wanted,",
    );
    let export = decided(
        &tree,
        "- conflict: 499-token-required/phrase\n  ruling: choose\n  value: Pass Wanted\n  sides: [Token Required, Pass Wanted]\n  reason: It is what gates say.\n",
    );
    let token = meaning(&export, "499-token-required");
    assert_eq!(token["phrase"], "Pass Wanted");
    assert_eq!(token["former_phrases"], Value::Null);
    assert!(!tree.run(&["build"]).err.contains("written down"));
}

/// What is no phrase, and what only says why a document is doubtful, cannot be stated.
#[test]
fn what_cannot_be_stated_cannot_be_chosen() {
    let tree = Sandbox::small();
    let outline = "sources/outline/claims.csv";
    let plain = "499-token-required,Token Required,,,,";
    tree.edit(outline, plain, "499-token-required,要令牌,,,RFC 6750,");
    let meanings = "registry/meanings/4xx.yaml";
    let text = tree.read(meanings);
    let (before, token) = text.split_once("phrase: Token Required\n").expect("it");
    let token = format!("{before}phrase: Token Required\n  references: [{{ rfc: 2617 }}]\n{token}");
    tree.write(meanings, token);
    let open = tree.run(&["build"]);
    assert_eq!(open.code, 2, "{}", open.told());
    for (kind, value) in [
        ("phrase", "要令牌"),
        (
            "reference",
            "RFC 2617 was obsoleted by RFC 7235, RFC 7615, RFC 7616, RFC 7617",
        ),
    ] {
        let conflict = format!("499-token-required/{kind}");
        let sides = offered_sides(&open.err, &conflict);
        let decision = format!(
            "- conflict: {conflict}\n  ruling: choose\n  value: {value}\n{sides}  reason: A test.\n"
        );
        let file = "registry/decisions.yaml";
        tree.write(file, tree.read(file) + &decision);
    }
    let told = tree.run(&["build"]);
    insta::assert_snapshot!(told.told(), @r"
    error: `要令牌` holds \u{8981}, which is not ASCII
      --> registry/decisions.yaml:6
      help: mend the decision, or take it out to see what is open
    error: `RFC 2617 was obsoleted by RFC 7235, RFC 7615, RFC 7616, RFC …` is no document that a source cites
      --> registry/decisions.yaml:11
      help: mend the decision, or take it out to see what is open

    2 errors; nothing was written
    exit code 2
    ");
}

#[test]
fn an_assigned_claim_supports_the_other_meaning() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/rows/claims.csv",
        "12,499,499-client-closed-request,",
        "12,499,,",
    );
    let export = decided(
        &tree,
        "- conflict: 499/meaning/rows/12\n  ruling: assign\n  meaning: 499-client-closed-request\n  claims: [{ source: rows, line: 12 }]\n  reason: It says who left.\n",
    );
    let claims = meaning(&export, "499-client-closed-request")["claims"]
        .as_array()
        .expect("claims");
    assert!(
        claims
            .iter()
            .any(|claim| claim["source"] == "rows" && claim["line"] == 12),
        "{claims:?}"
    );
    let conflicts = export["conflicts"].as_array().expect("conflicts");
    let conflict = conflicts
        .iter()
        .find(|conflict| conflict["id"] == "499/meaning/rows/12")
        .expect("the conflict");
    assert_eq!(
        conflict["outcome"],
        "rows line 12 is a claim for 499-client-closed-request."
    );
    // Its source says something else besides.
    let known = conflict["sides"][0]["claims"].as_array().expect("claims");
    let known = known.iter().filter(|claim| claim["source"] == "rows");
    let lines: Vec<&Value> = known.map(|claim| &claim["line"]).collect();
    assert_eq!(lines, [13]);
}

#[test]
fn a_ruling_that_leaves_other_claims_open_is_an_error() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/items/claims.csv",
        ",Not Found,",
        ",Nowhere to be Found,",
    );
    tree.edit(
        "sources/sections/claims.csv",
        ",Not Found,",
        ",Lost and Never Found,",
    );
    let file = "registry/decisions.yaml";
    let decision = "- conflict: 404-not-found/phrase\n  ruling: reject\n  claims: [{ source: items, line: 2 }]\n  reason: A slip.\n";
    tree.write(file, tree.read(file) + decision);
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err
            .contains("leaves a part of 404-not-found/phrase open: \"Lost and Never Found\""),
        "{}",
        run.err
    );
}

/// A decision holds for the sides that it names: a new one reopens the conflict.
#[test]
fn a_decision_does_not_settle_what_it_did_not_know() {
    let tree = Sandbox::small();
    tree.edit("sources/items/claims.csv", ",Gone,没了,", ",Gone,找不到,");
    let decision = "- conflict: 410-gone/name\n  ruling: choose\n  value: 没了\n  sides: [没了, 找不到]\n  reason: The other is 404.\n";
    decided(&tree, decision);
    tree.edit(
        "sources/sections/claims.csv",
        "404,404-not-found,Not Found,找不到",
        "404,404-not-found,Not Found,没了",
    );
    tree.edit(
        "registry/decisions.yaml",
        "sides: [没了, 找不到]",
        "sides: [没了, 找不到, 走了]",
    );
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains(
            "the sides of 410-gone/name are not those that were ruled on; they differ in \"走了\""
        ),
        "{}",
        run.err
    );
}

#[test]
fn a_phrase_for_a_reserved_code_is_a_conflict() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/items/claims.csv",
        "4,410,410-gone,Gone,没了",
        "4,418,418-unused,Teapot,没了",
    );
    let run = tree.run(&["build"]);
    assert!(
        run.err.contains(
            "open conflict 418-unused/phrase: \"no phrase\" has no known phrase \"Teapot\""
        ),
        "{}",
        run.err
    );
}

#[test]
fn a_reserved_code_keeps_no_phrase() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/items/claims.csv",
        "4,410,410-gone,Gone,没了",
        "4,418,418-unused,Teapot,保留",
    );
    let decision = "- conflict: 418-unused/phrase\n  ruling: choose\n  value: no phrase\n  sides: [no phrase, Teapot]\n  reason: It is reserved.\n";
    let export = decided(&tree, decision);
    let unused = meaning(&export, "418-unused");
    assert_eq!(
        (&unused["phrase"], &unused["phrase_variants"]),
        (&Value::Null, &Value::Null)
    );
}

/// Two codes may have one phrase if we know of it, or nobody speaks of the other.
#[test]
fn codes_may_share_a_phrase() {
    let tree = Sandbox::small();
    tree.edit("sources/records/claims.csv", ",Not Found,", ",Gone,");
    let alone = tree.files();
    let former = "  phrase: Gone\n  former_phrases: [{ phrase: Not Found, used_by: RFC 2616, replaced_by: RFC 9110 }]\n";
    tree.edit(
        "registry/meanings/4xx.yaml",
        "  phrase: Not Found\n",
        former,
    );
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());

    tree.restore(&alone);
    for (file, bytes) in alone
        .iter()
        .filter(|(file, _)| file.ends_with("claims.csv"))
    {
        let claims = String::from_utf8(bytes.clone()).expect("UTF-8");
        let others = claims
            .split_inclusive('\n')
            .filter(|line| !line.contains("410-gone"));
        tree.write(file, others.collect::<String>());
    }
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
}

#[test]
fn a_wrong_section_is_a_conflict() {
    let tree = Sandbox::small();
    tree.edit(
        "sources/outline/claims.csv",
        "204-no-content,No Content,,,RFC 9110,",
        "204-no-content,No Content,,,\"RFC 9110, Section 15.5.5\",",
    );
    let run = tree.run(&["build"]);
    let expected = "RFC 9110, Section 15.5.5 is not known to define \"204-no-content\"";
    assert!(run.err.contains(expected), "{}", run.err);
}

/// Nobody could name one of them, and none says what it is about.
#[test]
fn claims_without_a_meaning_on_one_line_are_ruled_on_together() {
    let tree = Sandbox::small();
    let file = "sources/items/claims.csv";
    let claims = tree.read(file);
    let claim = claims.lines().find(|line| line.contains(",404,"));
    let claim = claim
        .expect("a claim")
        .replace("2,404,404-not-found,", "99,404,,");
    let strays = ["Nowhere", "Nothing"].map(|phrase| claim.replace("Not Found", phrase));
    tree.write(file, format!("{claims}{}\n", strays.join("\n")));
    let export = decided(
        &tree,
        "- conflict: 404/meaning/items/99\n  ruling: reject\n  claims: [{ source: items, line: 99 }]\n  reason: Two slips.\n",
    );
    let claims = meaning(&export, "404-not-found")["claims"].to_string();
    assert!(
        claims.contains("\"line\":2") && !claims.contains("99"),
        "{claims}"
    );
}
