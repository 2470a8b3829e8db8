//! Each error message, as a snapshot. Whatever is wrong, nothing is written; a warning stops nothing.

mod common;

use common::{Sandbox, fixtures, no_other_snapshots, snapshot};

/// What is done to the small tree, and the command that then fails.
struct Case {
    name: &'static str,
    command: &'static [&'static str],
    spoil: fn(&Sandbox),
}

const BUILD: &[&str] = &["build"];
const INGEST: &[&str] = &["ingest", "--documents", "documents"];

const CASES: &[Case] = &[
    Case {
        name: "meanings_of_another_ending",
        command: BUILD,
        spoil: |tree| {
            tree.write("registry/meanings/9xx.yml", "- code: 900\n");
            tree.write("registry/meanings/8xx.YAML", "- code: 800\n");
            tree.write("registry/meanings/README.md", "Not read, and no fault.\n");
        },
    },
    Case {
        name: "misspelt_files",
        command: BUILD,
        spoil: |tree| {
            tree.write("registry/decision.yaml", "[]\n");
            tree.write("registry/rfcs.yml", "[]\n");
            tree.write("registry/README.md", "Not read, and no fault.\n");
            tree.write("sources/other/sources.yaml", "id: other\n");
            tree.write("sources/notes.txt", "Not in a folder.\n");
            tree.write("sources/outline/claims.yaml", "[]\n");
            tree.write("sources/outline/.#claims.yaml", "of an editor");
            tree.write("sources/items/Claims.csv", "");
            tree.write("sources/outline/source.yml", "id: outline\n");
            tree.write("sources/standard/claims.csv", "");
        },
    },
    Case {
        name: "claims_without_a_row",
        command: BUILD,
        spoil: |tree| {
            for source in ["records", "items"] {
                let file = format!("sources/{source}/claims.csv");
                let claims = tree.read(&file);
                let (heading, _) = claims.split_once('\n').expect("lines");
                tree.write(&file, format!("{heading}\n"));
            }
        },
    },
    Case {
        name: "a_phrase_of_another_code",
        command: BUILD,
        spoil: |tree| tree.edit("sources/records/claims.csv", ",Not Found,", ",Gone,"),
    },
    Case {
        name: "faults_of_several_files",
        command: BUILD,
        spoil: |tree| {
            // What is no YAML in one of them, what is in another.
            tree.edit("registry/meanings/2xx.yaml", "phrase: OK", "phrase");
            tree.edit("registry/meanings/4xx.yaml", "phrase: Gone", "phrse: Gone");
            tree.edit("sources/rows/source.yaml", "title:", "titel:");
            tree.edit("sources/records/claims.csv", ",200-ok,", ",200-no,");
            tree.edit("sources/items/claims.csv", "200-ok", "\u{1b}");
        },
    },
    Case {
        name: "documents_beside_a_manifest_that_is_none",
        command: INGEST,
        spoil: |tree| {
            tree.edit("sources/rows/source.yaml", "title:", "title: [");
            tree.edit("sources/items/source.yaml", "select: li", "select: h6");
            tree.write("documents/outline.txt", "Another one.\n");
        },
    },
    Case {
        name: "a_named_source_whose_manifest_is_none",
        command: &["ingest", "--documents", "documents", "rows"],
        spoil: |tree| tree.edit("sources/rows/source.yaml", "title:", "title: ["),
    },
    Case {
        name: "given_twice",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/standard/claims.yaml";
            let claims = "- section: \"15.9\"\n  codes: [204, \"200-299\"]\n  interim: false\n\
                 - section: \"15.9\"\n  codes: [\"200-299\", 204]\n  interim: false\n";
            tree.write(file, tree.read(file) + claims);
            tree.edit(
                "registry/decisions.yaml",
                "sides: [unofficial, ",
                "sides: [unofficial, unofficial, ",
            );
            let file = "registry/rfcs.yaml";
            let rfcs = "- { rfc: 9997, obsoleted_by: [9998, 9999, 9998] }\n";
            tree.write(file, tree.read(file) + rfcs);
        },
    },
    Case {
        name: "standard_claims",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "sources/standard/claims.yaml",
                "- section: fifteen\n  codes: [204, \"404\"]\n  interim: false\n\
                 - section: \"15\"\n  codes: []\n\
                 - section: \"15.1\"\n  codes: [404]\n  fields:\n\
                 \x20   - { name: \"X: y\", requirement: must-not, when: { en: \"=1\" } }\n",
            );
        },
    },
    Case {
        name: "standard_claims_of_other_types",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "sources/standard/claims.yaml",
                "- section: \"15\"\n  codes: [204, 4040]\n  interim: false\n\
                 - section: \"15\"\n  codes: [204]\n  interim: perhaps\n\
                 - section: \"15\"\n  codes: [204]\n  cacheable: true\n",
            );
        },
    },
    Case {
        name: "standards_that_contradict_each_other",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/standard/claims.yaml",
                "  may_have_content: true\n",
                "  may_have_content: true\n  interim: true\n",
            );
        },
    },
    Case {
        name: "standards_that_repeat_themselves",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/standard/claims.yaml";
            let claims = tree.read(file);
            let more = "- section: \"15.5.5\"\n  codes: [404]\n  may_have_content: true\n  fields:\n\
                \x20   - { name: Retry-After, requirement: must }\n    - { name: retry-after, requirement: may }\n\
                \x20   - { name: Location, requirement: may }\n  retry:\n    - { requirement: must }\n    - { requirement: must-not }\n";
            tree.write(file, format!("{claims}{more}"));
        },
    },
    Case {
        name: "copy_of_the_registry",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/records/claims.csv";
            tree.edit(file, "OBSOLETED,,obsoleted", "OBSOLETED in 2026,,");
            tree.edit(
                file,
                "404-not-found,Not Found",
                "404-not-found,N\u{43e}t Found",
            );
            tree.edit(file, "8,499,,", "8,404-410,,");
        },
    },
    Case {
        name: "copy_of_the_registry_without_phrases",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/records/claims.csv";
            tree.edit(file, "404-not-found,Not Found,", "404-not-found,,");
            tree.edit(
                file,
                "OBSOLETED,,obsoleted",
                "TEMPORARY,,temporary registered 2027-01-01 expires 2026-01-01",
            );
            tree.edit(
                file,
                "15.3.5\",,,",
                "15.3.5\",TEMPORARY,,temporary registered 2026 expires 2027",
            );
        },
    },
    Case {
        name: "meanings_that_nobody_states",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "phrase: Not Found", "phrase: No # Found");
            // This is a source, and says nothing of the code.
            let other = tree.read("sources/standard/source.yaml");
            tree.write(
                "sources/other/source.yaml",
                other
                    .replace("id: standard", "id: other")
                    .replace("rfc: 9110", "rfc: 6585"),
            );
            tree.write(
                "sources/other/claims.yaml",
                "- section: \"4\"\n  codes: [404]\n  redirect_method: kept\n",
            );
            tree.edit(
                file,
                "{ rfc: 9110, section: \"15.5.11\" }",
                "{ rfc: 6585, section: \"4\" }",
            );
            let file = "registry/meanings/2xx.yaml";
            tree.edit(
                file,
                "{ rfc: 9110, section: \"15.3.1\" }",
                "{ rfc: 99999, section: \"15.3.1\" }",
            );
        },
    },
    Case {
        name: "copies_of_some_dates",
        command: BUILD,
        spoil: |tree| {
            for (id, date) in [("a", "2019"), ("b", "2015"), ("c", "2019")] {
                for name in ["source.yaml", "claims.csv"] {
                    let text = tree.read(&format!("sources/records/{name}"));
                    let text = text.replace("id: records", &format!("id: {id}\ndate: \"{date}\""));
                    tree.write(&format!("sources/{id}/{name}"), text);
                }
            }
        },
    },
    Case {
        name: "copies_of_one_date",
        command: BUILD,
        spoil: |tree| {
            for name in ["source.yaml", "claims.csv"] {
                let text = tree.read(&format!("sources/records/{name}"));
                let text = text.replace("id: records", "id: copies");
                tree.write(&format!("sources/copies/{name}"), text);
            }
        },
    },
    Case {
        name: "misspelt_meanings",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "phrase: Not Found", "phrase: Not Fuond");
            tree.edit(file, "phrase: Token Required", "phrase: Token Requird");
            tree.edit(
                file,
                "    - { rfc: 2616, section: \"10.4.5\" }\n",
                "    - { rfc: 2616, section: \"10.4.5\" }\n    - { rfc: 9110, section: \"15.5.5\" }\n",
            );
        },
    },
    Case {
        name: "meanings_that_share_a_name",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "zh-Hans: 没了", "zh-Hans: 找不到");
            tree.edit(
                file,
                "  phrase: Gone\n",
                "  phrase: Gone\n  former_phrases: [{ phrase: Lost, used_by: RFC 2616, replaced_by: RFC 2616 }]\n",
            );
        },
    },
    Case {
        name: "standard_of_no_rfc",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/standard/source.yaml";
            tree.edit(file, "rfc: 9110", "rfc: 0");
        },
    },
    Case {
        name: "standards_of_one_rfc",
        command: BUILD,
        spoil: |tree| {
            let text = tree.read("sources/standard/source.yaml");
            tree.write(
                "sources/again/source.yaml",
                text.replace("id: standard", "id: again"),
            );
            let claims = "- section: \"15.3.1\"\n  codes: [200]\n  may_have_content: true\n";
            tree.write("sources/again/claims.yaml", claims);
        },
    },
    Case {
        name: "misspelt_meanings_of_the_registry",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "phrase: Not Found", "phrase: Not Fuond");
            tree.edit(file, "phrase: Token Required", "phrase: Token Requird");
        },
    },
    Case {
        name: "standard_without_claims",
        command: BUILD,
        spoil: |tree| {
            tree.write("sources/standard/claims.yaml", "[]\n");
            tree.edit("sources/rows/source.yaml", "layout:", "rfc: 9110\nlayout:");
            tree.edit("sources/items/source.yaml", "layout:", "colour:");
        },
    },
    Case {
        name: "no_checkout",
        command: &["build", "--root", "nowhere"],
        spoil: |_| {},
    },
    Case {
        name: "manifest_unknown_key",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/source.yaml",
                "authority: note",
                "authority: note\ncolour: red",
            )
        },
    },
    Case {
        name: "manifest_unknown_key_in_layout",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/source.yaml",
                "  select: li",
                "  select: li\n  slect: ul",
            )
        },
    },
    Case {
        name: "manifest_missing_key",
        command: BUILD,
        spoil: |tree| tree.edit("sources/items/source.yaml", "authority: note\n", ""),
    },
    Case {
        name: "manifest_key_given_twice",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/source.yaml",
                "authority: note",
                "authority: note\nauthority: standard",
            )
        },
    },
    Case {
        name: "manifest_values",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/items/source.yaml";
            tree.edit(file, "id: items", "id: Item");
            tree.edit(
                file,
                "languages: [en, zh-Hans]",
                "url: gopher://x\nlanguages: [english]",
            );
            tree.edit(
                file,
                "  media_type: text/markdown",
                "  media_type: text/csv\n  charset: klingon\n  max_bytes: 0",
            );
            tree.edit(file, "name: items.md", "name: docs/items.md");
        },
    },
    Case {
        name: "document_named_as_the_claims",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/items/source.yaml";
            tree.edit(file, "name: items.md", "name: claims.csv");
        },
    },
    Case {
        name: "manifest_not_yaml",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/source.yaml",
                "languages: [en, zh-Hans]",
                "languages: [en, zh-Hans",
            )
        },
    },
    Case {
        name: "layout_patterns",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/outline/source.yaml";
            tree.edit(file, r"(?: \([^()]+\))?$'", r"(?: \([^()]+\)?$'");
            tree.edit(
                file,
                "section: '^(?:[1-5]xx .+|Hedge)$'",
                "section: '[z-a]'",
            );
            tree.edit(
                file,
                r"embedded: '(?m)\. - (?<code>\d{3}) ",
                r"embedded: '(?m)\. - \d{3} ",
            );
            tree.edit(file, "'^(?<vendor>Hedge)$'", "'^(?<seller>Hedge)$'");
        },
    },
    Case {
        name: "layout_selector",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/source.yaml",
                "select: li",
                "select: 'li >>> :::'",
            )
        },
    },
    Case {
        name: "layout_selectors_that_look_far",
        command: BUILD,
        spoil: |tree| {
            for (id, old, new) in [
                ("items", "select: li", "select: 'li:HAS(b)'"),
                (
                    "rows",
                    "select: table tr",
                    r"select: 'tr:n\6ft(table tr, a)'",
                ),
                (
                    "definitions",
                    "select: dl > dt",
                    r#"select: '[x="))))"], dt:is(b ~ dt)'"#,
                ),
                // These look at what is next to an element, and at names.
                (
                    "sections",
                    "select: h3",
                    r#"select: 'h3:is(dl > h3, b + h3, [title=":has(a ~ b"], .a\ b):not( p ):where(a, b) .\:has'"#,
                ),
            ] {
                tree.edit(&format!("sources/{id}/source.yaml"), old, new);
            }
        },
    },
    Case {
        name: "layout_days_without_a_temporary_registration",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/rows/source.yaml";
            tree.edit(file, "(?<text>.*)", "(?<expires>.*)");
            tree.edit(
                file,
                r"\((?<reference>RFC \d+)\)",
                "(?<registered>.+) (?<extended>.+)",
            );
            tree.edit(
                "sources/items/source.yaml",
                "(?<name>[^）]+)",
                "(?<extended>[^）]+)",
            );
        },
    },
    Case {
        name: "layout_keys_with_newlines",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/rows/source.yaml",
                "    What: '^(?<text>.*)$'",
                "    \"What\\nerror: nothing\\n  --> x:1\": '('",
            );
        },
    },
    Case {
        name: "document_cut_off_in_utf16",
        command: INGEST,
        spoil: |tree| {
            let text = "\u{feff}- 200 OK\n\u{fffd}\n".encode_utf16();
            let mut bytes: Vec<u8> = text.flat_map(u16::to_le_bytes).collect();
            bytes.push(b'x');
            let media_type = "media_type: text/plain";
            let with_charset = format!("{media_type}\n  charset: utf-16le");
            tree.edit("sources/outline/source.yaml", media_type, &with_charset);
            tree.replace_document("outline", "outline.txt", &bytes);
        },
    },
    Case {
        name: "layout_columns",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/records/source.yaml";
            tree.edit(
                file,
                "  kind: records\n",
                "  kind: records\n  delimiter: \"\\n\"\n",
            );
            tree.edit(file, "in: Reference", "in: section");
            tree.edit(file, "    Value:", "    \"0\":");
            tree.edit(file, "    Description:", "    \"02\":");
            tree.edit(file, "    Reference:", "    \"3\":");
            let file = "sources/outline/source.yaml";
            tree.edit(file, "  section: '^(?:[1-5]xx .+|Hedge)$'\n", "");
        },
    },
    Case {
        name: "layout_keys",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/source.yaml",
                "  select: li\n",
                "  section: x\n",
            );
            tree.edit(
                "sources/rows/source.yaml",
                "    Code: '^(?<code>\\d{3})$'",
                "    Code: '^\\d{3}$'",
            );
            tree.edit(
                "sources/rows/source.yaml",
                "    - { pattern:",
                "    - { in: Cod, pattern:",
            );
            let file = "sources/records/source.yaml";
            tree.edit(
                file,
                "  kind: records\n",
                "  kind: records\n  delimiter: '\"'\n",
            );
            tree.edit(
                file,
                r"\(OBSOLETED\)$', registration: obsoleted",
                r"\((?<registered>OBSOLETED)\)$', registration: temporary",
            );
        },
    },
    Case {
        name: "meanings_in_two_documents",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.write(file, format!("{}---\n- id: 405-x\n", tree.read(file)));
        },
    },
    Case {
        name: "manifest_number_too_large",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/source.yaml",
                "  media_type",
                "  max_bytes: 99999999999999999999999999\n  media_type",
            )
        },
    },
    Case {
        name: "meanings_without_any",
        command: BUILD,
        spoil: |tree| tree.write("registry/meanings/4xx.yaml", "# Nothing yet.\n"),
    },
    Case {
        name: "meanings",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "- id: 404-not-found", "- id: 405-not-found");
            tree.edit(file, "    en: It was here and is no more.\n", "");
            tree.edit(
                file,
                "terms: [moved away]",
                "terms: [moved away, \"=now()\"]",
            );
            tree.edit(file, "terms: [token]", "terms: [token, Gardener  left]");
            tree.edit(
                file,
                "phrase: Token Required",
                "phrase: \"Token\\u202eRequired\"",
            );
            tree.edit(file, "phrase: Gone", "phrase: Disparu à jamais");
            // Names in other languages may be written from right to left.
            tree.edit(
                file,
                "{ zh-Hans: 没了 }",
                "{ zh-Hans: \"\\u0630\\u0647\\u0628\", ar: \"\\u0630\\u0647\\u0628\" }",
            );
            tree.edit(
                file,
                "    - { rfc: 9110, section: \"15.5.11\" }",
                "    - { document: draft_gone }\n    - { title: Gone, url: \"http://example.org\" }",
            );
            tree.edit(
                file,
                "- id: 418-unused",
                "- id: 418-Unused\n  former_ids: [418-Unused]",
            );
            tree.edit(file, "phrases: [(Unused)]", "phrases: [(Unused), (unused)]");
        },
    },
    Case {
        name: "meanings_dates",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(
                file,
                "{ state: registered }",
                "{ state: temporary, registered: 2026-01-01, extended: 2025-12-31, expires: 2027-01-01 }",
            );
            tree.edit(
                file,
                "{ state: obsoleted }",
                "{ state: temporary, registered: 2026-01-01, extended: 2027-01-01, expires: 2027-01-01 }",
            );
        },
    },
    Case {
        name: "meanings_types",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "code: 410", "code: 4100");
            tree.edit(
                file,
                "origin: { kind: unofficial }",
                "origin: { kind: official }",
            );
            tree.edit(file, "section: \"10.4.5\"", "section: 10.4");
            tree.edit(
                file,
                "registration: { state: reserved }",
                "registration: { state: temporary, registered: 2026-02-30, expires: 2026-03-01 }",
            );
        },
    },
    Case {
        name: "meaning_of_unknown_fields",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(
                file,
                "origin: { kind: unofficial }",
                "origin: { kind: unofficial, vendr: x }",
            );
            tree.edit(
                file,
                "{ state: obsoleted }",
                "{ state: obsoleted, expires: 2026-01-01 }",
            );
            tree.edit(file, "{ rfc: 2616, section: \"10.4.5\" }", "{ rfc: 0 }");
            let file = "sources/definitions/source.yaml";
            let fact = "'^Unofficial$', registration: unregistered";
            tree.edit(
                file,
                fact,
                "'^Unofficial$', origin: { kind: unofficial, vendor: x }",
            );
        },
    },
    Case {
        name: "shapes_in_a_manifest",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/items/source.yaml";
            tree.edit(file, "title:", "titel:");
            tree.edit(file, "languages: [en, zh-Hans]", "languages: en");
            tree.edit(file, "licence:", "license:");
            tree.edit(file, "authority: note", "authority: nots\nretrieved: soon");
            tree.edit(file, "  select: li", "  slect: li");
            // What is told of the key that names the variant is not told of those that hang on it.
            let file = "sources/definitions/source.yaml";
            let fact = "'^Unofficial$', registration: unregistered";
            let origins = [
                "origin: { kind: vendr, vendor: x }",
                "origin: { kind: vendor, vendr: x }",
                "origin: { kind: unofficial, vendr: x, name: x }",
            ];
            let facts = origins.map(|origin| format!("'^Unofficial$', {origin} }}"));
            tree.edit(
                file,
                &format!("{fact} }}"),
                &facts.join("\n    - { in: section, pattern: "),
            );
            tree.edit(file, "media_type: ", "media_typ: ");
        },
    },
    Case {
        name: "shapes_in_a_meaning",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "phrase: Not Found", "phrase: 404");
            tree.edit(file, "section: \"10.4.5\"", "section: 10.4");
            tree.edit(
                file,
                "{ rfc: 9110, section: \"15.5.5\" }",
                "{ rfc: 0 }\n    - { rfcs: 1 }\n    - { title: x }",
            );
            tree.edit(file, "code: 410", "code: 4100");
            tree.edit(
                file,
                "{ state: obsoleted }",
                "{ state: temporary, registered: 2026-02-30, expires: 2026-03-01 }",
            );
            tree.edit(file, "terms: [moved away]", "terms: moved away");
            tree.edit(file, "- id: 418-unused", "- ids: 418-unused");
            tree.edit(
                file,
                "registration: { state: reserved }",
                "registration: reserved",
            );
        },
    },
    Case {
        name: "shapes_in_decisions",
        command: BUILD,
        spoil: |tree| {
            decide(
                tree,
                "- conflict: 499/meaning\n  ruling: acept\n  sides: x\n  resaon: Why not.\n\
                 - ruling: reject\n  claims: [{ source: items, line: nine }, { source: 9, lin: 9 }, 9, { source: items, line: -1 }, { source: items, line: 4294967296 }]\n  reason: 5\n",
            );
        },
    },
    Case {
        name: "shapes_in_claims_of_a_standard",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "sources/standard/claims.yaml",
                "- section: 15.5\n  codes: [204, 4040, none, 20x]\n  interim: perhaps\n  cacheable: true\n\
                 - codes: 204\n  fields:\n    - { nam: X, requirement: shall }\n    - { name: Y, when: x }\n",
            );
        },
    },
    Case {
        name: "shapes_in_a_release",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "registry/release.yaml",
                "version: 1.0\ndate: today\nremoved:\n  - { nam: x }\nday: 2026-11-20\n",
            )
        },
    },
    Case {
        name: "shapes_in_an_export",
        command: &["diff", "old.json"],
        spoil: |tree| {
            let mut export = tree.read("exports/v1/http-status-codes.json");
            for (old, new) in [
                ("\"languages\": [", "\"language\": ["),
                ("\"authority\": \"note\"", "\"authority\": \"nots\""),
                ("\"code\": 404", "\"code\": 4040"),
                (
                    "\"kind\": \"rfc\"",
                    "\"kind\": \"rfc\",\n \"vendor\": \"x\"",
                ),
                ("\"supports\": [", "\"support\": ["),
                ("\"line\": 3", "\"line\": \"three\""),
                ("\"rule\":", "\"rules\":"),
                ("\"reason\":", "\"reasons\":"),
            ] {
                assert!(export.contains(old), "{old}");
                export = export.replacen(old, new, 1);
            }
            tree.write("old.json", export);
        },
    },
    Case {
        name: "meanings_gone",
        command: INGEST,
        spoil: |tree| {
            for class in ["2xx", "4xx"] {
                let file = tree.path(&format!("registry/meanings/{class}.yaml"));
                std::fs::remove_file(file).expect("a file");
            }
        },
    },
    Case {
        name: "documents_a_file",
        command: &["ingest", "--documents", "documents/items.md"],
        spoil: |_| {},
    },
    Case {
        name: "meaning_in_the_wrong_file",
        command: BUILD,
        spoil: |tree| {
            let meanings = tree.read("registry/meanings/2xx.yaml");
            tree.write("registry/meanings/2xx.yaml", "");
            tree.write("registry/meanings/5xx.yaml", meanings);
        },
    },
    Case {
        name: "meaning_in_a_file_of_its_own",
        command: BUILD,
        spoil: |tree| {
            let meanings = tree.read("registry/meanings/2xx.yaml");
            tree.write("registry/meanings/2xx.yaml", "");
            tree.write("registry/meanings/vendor-2xx.yaml", meanings);
        },
    },
    Case {
        name: "meaning_gone",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "registry/meanings/4xx.yaml",
                "id: 410-gone",
                "id: 410-vanished",
            )
        },
    },
    Case {
        name: "release",
        command: BUILD,
        spoil: |tree| tree.write("registry/release.yaml", "version: 1.0\ndate: 2026-11-20\n"),
    },
    Case {
        name: "release_version",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "registry/release.yaml",
                "version: v1.0.0\ndate: 2026-11-20\n",
            )
        },
    },
    Case {
        name: "release_without_a_day",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "registry/release.yaml",
                "version: 0.1.0\ndate: \"2026-11\"\n",
            )
        },
    },
    Case {
        name: "claims_not_ingested",
        command: BUILD,
        spoil: |tree| {
            std::fs::remove_file(tree.path("sources/items/claims.csv")).expect("the claims")
        },
    },
    Case {
        name: "claims_spoilt",
        command: BUILD,
        spoil: |tree| {
            tree.edit("sources/items/claims.csv", "\n1,200,", "\n1,6OO,");
            tree.edit("sources/items/claims.csv", ",Gone,", ",\"=Gone()\",");
            let file = "sources/records/claims.csv";
            tree.edit(file, "2,200,200-ok,", "2,200,");
            let outline = "sources/outline/claims.csv";
            tree.edit(outline, "\n4,204,", "\n0,2O4,");
            tree.edit(file, "\n4,204,", "\n\n\nx,204,");
            tree.edit(file, "RFC 9110,0,\n6,", "RFC 9110,3l,\n6,");
        },
    },
    Case {
        name: "claims_columns",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/claims.csv",
                "line,code,meaning",
                "line,code,sense",
            )
        },
    },
    Case {
        name: "claims_not_utf8",
        command: BUILD,
        spoil: |tree| tree.write("sources/items/claims.csv", b"line\n\xff\n"),
    },
    Case {
        name: "claims_with_other_line_ends",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/items/claims.csv";
            let claims = tree.read(file);
            let (heading, claims) = claims.split_once('\n').expect("lines");
            let claims = claims.replace('\n', "\r");
            tree.write(file, format!("{heading}\r\n{claims}"));
        },
    },
    Case {
        name: "claim_without_a_meaning",
        command: BUILD,
        spoil: |tree| tree.edit("sources/items/claims.csv", "410,410-gone,", "410,,"),
    },
    Case {
        name: "claim_with_a_meaning_of_another_code",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/claims.csv",
                "410,410-gone,",
                "410,404-not-found,",
            )
        },
    },
    Case {
        name: "open_conflicts",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/claims.csv",
                ",Not Found,",
                ",Nowhere to be Found,",
            );
            tree.edit(
                "sources/outline/claims.csv",
                "404-not-found,Not Found,,,RFC 9110,",
                "404-not-found,Not Found,,,RFC 3658,",
            );
            tree.edit(
                "sources/items/claims.csv",
                "4,410,410-gone,Gone",
                "4,404,404-not-found,Not Found",
            );
        },
    },
    Case {
        name: "decisions",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "registry/decisions.yaml",
                "- conflict: 499/meaning\n  ruling: accept\n  reason: \"\"\n\
                 - conflict: 499/meaning\n  ruling: reject\n  reason: Twice.\n\
                 - conflict: nothing\n  ruling: choose\n  value: x\n  reason: Unknown.\n",
            );
        },
    },
    Case {
        name: "decisions_unused",
        command: BUILD,
        spoil: |tree| {
            decide(
                tree,
                "- conflict: 499/meaning\n  ruling: accept\n  sides: [x]\n  reason: A rule does it.\n\
                 - conflict: 404-not-found/phrase\n  ruling: accept\n  sides: [x]\n  reason: There is no such conflict.\n",
            );
        },
    },
    Case {
        name: "decisions_that_do_not_fit",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/items/claims.csv",
                ",Not Found,",
                ",Nowhere to be Found,",
            );
            tree.edit(
                "sources/items/claims.csv",
                "4,410,410-gone,Gone",
                "4,404,404-not-found,Not Found",
            );
            decide(
                tree,
                "- conflict: 404-not-found/phrase\n  ruling: choose\n  value: Nowhere to be Found\n  sides: [Not Found, Nowhere to be Found]\n  reason: We like it better.\n\
                 - conflict: 404/duplicate/items\n  ruling: assign\n  meaning: 404-lost\n  claims: [{ source: items, line: 9 }]\n  reason: No such claim.\n",
            );
        },
    },
    Case {
        name: "decisions_with_several_faults",
        command: BUILD,
        spoil: |tree| {
            tree.edit("sources/items/claims.csv", ",Gone,没了,", ",Gone,找不到,");
            tree.edit(
                "sources/items/claims.csv",
                ",Not Found,",
                ",Nowhere to be Found,",
            );
            decide(
                tree,
                "- conflict: 410-gone/name\n  ruling: choose\n  value: 别的\n  sides: [找不到, 也是]\n  reason: Nobody says so.\n\
                 - conflict: 404-not-found/phrase\n  ruling: reject\n  claims: [{ source: items, line: 2 }, { source: items, line: 90 }, { source: nope, line: 1 }]\n  reason: Some are no claims.\n",
            );
        },
    },
    Case {
        name: "phrases_and_reserved_codes",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            tree.edit(file, "  phrase: Gone\n", "");
            tree.edit(file, "  code: 418\n", "  code: 418\n  phrase: Teapot\n");
        },
    },
    Case {
        name: "a_meaning_twice",
        command: BUILD,
        spoil: |tree| {
            let file = "registry/meanings/4xx.yaml";
            let text = tree.read(file);
            let first = text.split("\n- id: ").next().expect("a meaning");
            tree.write(file, format!("{text}\n{first}"));
        },
    },
    Case {
        name: "decisions_that_miss_the_sides",
        command: BUILD,
        spoil: |tree| {
            tree.edit("sources/items/claims.csv", ",Gone,没了,", ",Gone,找不到,");
            let outline = "sources/outline/claims.csv";
            tree.edit(
                outline,
                "204-no-content,No Content,,,RFC 9110,",
                "204-no-content,No Content,,,RFC 3658,",
            );
            // Three codes have one text.
            for digest in ["ad2879977027a287", "a271a99b4ce5bd7f"] {
                tree.edit(outline, digest, "c39d2fa67d6edb69");
            }
            decide(
                tree,
                "- conflict: 410-gone/name\n  ruling: reject\n  claims: [{ source: items, line: 9 }]\n  reason: No such claim.\n\
                 - conflict: 204-no-content/reference\n  ruling: choose\n  value: RFC 1\n  sides: [RFC 9110, RFC 3658]\n  reason: Nobody says so.\n\
                 - conflict: 404/copied-text/outline/7\n  ruling: reject\n  claims: [{ source: outline, line: 7 }]\n  reason: One copy of two.\n",
            );
        },
    },
    Case {
        name: "rfcs",
        command: BUILD,
        spoil: |tree| {
            tree.write(
                "registry/rfcs.yaml",
                "- { rfc: 1, obsoleted_by: [2] }\n- { rfc: 2, obsoleted_by: [3] }\n- { rfc: 3, obsoleted_by: [1] }\n\
                 - { rfc: 4, obsoleted_by: [] }\n- { rfc: 2, obsoleted_by: [3] }\n\
                 - { rfc: 0, obsoleted_by: [5] }\n- { rfc: 10000, obsoleted_by: [10000] }\n",
            );
        },
    },
    Case {
        name: "names_that_start_with_what_none_does",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/standard/claims.yaml";
            let claims = "- section: \"15.9\"\n  codes: [204]\n  fields:\n    - { name: 1X, requirement: may }\n    - { name: -X, requirement: may }\n";
            tree.write(file, tree.read(file) + claims);
            tree.edit(
                "registry/meanings/4xx.yaml",
                "  phrase: Gone\n",
                "  phrase: Gone\n  former_references: [{ document: 1draft-x }]\n",
            );
        },
    },
    Case {
        name: "copies_as_short_as_may_be",
        command: BUILD,
        spoil: |tree| {
            let text = "4xx x\n- 404 Not Found\nAbcd.\n- 410 Gone\nAbcd.\n- 200 OK\nAbc.\n- 204 No Content\nAbc.\n";
            tree.replace_document("outline", "outline.txt", text.as_bytes());
            assert_eq!(tree.run(INGEST).code, 0);
        },
    },
    Case {
        name: "strays_among_claims_that_share_a_line",
        command: BUILD,
        spoil: |tree| {
            let row = "<tr><td>404<td>missing";
            let rows =
                format!("<table><tr><th>Code<th>What{row}{row}<tr><td>404<td>foo\n{row}</table>");
            tree.replace_document("rows", "rows.html", rows.as_bytes());
            assert_eq!(tree.run(INGEST).code, 0);
        },
    },
    Case {
        name: "open_conflicts_of_other_kinds",
        command: BUILD,
        spoil: |tree| {
            tree.edit("sources/items/claims.csv", ",Gone,没了,", ",Gone,找不到,");
            tree.edit(
                "sources/items/claims.csv",
                ",,,,,,phrase; name; terms: grows,",
                ",,,webdav,,,phrase; name; terms: grows,",
            );
            let digest = |line: &str| {
                line.rsplit(',')
                    .next()
                    .map(str::to_owned)
                    .expect("a digest")
            };
            let claims = tree.read("sources/sections/claims.csv");
            let digests: Vec<String> = claims.lines().map(digest).collect();
            tree.edit("sources/sections/claims.csv", &digests[3], &digests[1]);
        },
    },
    Case {
        name: "open_conflict_of_names_in_a_language_without_one",
        command: BUILD,
        spoil: |tree| {
            for source in ["items", "sections"] {
                let file = format!("sources/{source}/source.yaml");
                tree.edit(&file, "[en, zh-Hans]", "[en, fr]");
            }
            tree.edit("sources/items/claims.csv", ",找不到,", ",不见了,");
        },
    },
    Case {
        name: "open_conflict_of_a_meaning_that_is_said_to_be_registered",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/rows/claims.csv",
                "499-client-closed-request,,,,,,,,,",
                "499-client-closed-request,,,,,,,registered,,",
            )
        },
    },
    Case {
        name: "ingest_unknown_source",
        command: &["ingest", "--documents", "documents", "hedgehog"],
        spoil: |_| {},
    },
    Case {
        name: "ingest_no_folder",
        command: &["ingest", "--documents", "nowhere"],
        spoil: |_| {},
    },
    Case {
        name: "document_changed",
        command: INGEST,
        spoil: |tree| {
            let text = tree.read("documents/items.md");
            tree.write("documents/items.md", &text[..text.len() / 2]);
        },
    },
    Case {
        name: "document_not_utf8",
        command: INGEST,
        spoil: |tree| {
            tree.replace_document(
                "items",
                "items.md",
                b"- **200** : OK\n- **404** : \xd5\xd2\n",
            )
        },
    },
    Case {
        name: "document_not_of_its_charset",
        command: INGEST,
        spoil: |tree| {
            tree.replace_document("items", "items.md", "- **200** : OK（成）\n".as_bytes());
            for (id, charset) in [("items", "gbk"), ("sections", "gbk")] {
                let media_type = "media_type: text/markdown";
                let with_charset = format!("{media_type}\n  charset: {charset}");
                tree.edit(
                    &format!("sources/{id}/source.yaml"),
                    media_type,
                    &with_charset,
                );
            }
            tree.replace_document("sections", "sections.md", b"### 10.1 200 OK\n\n\xff\n");
            tree.replace_document("outline", "outline.txt", b"- 200 OK\n\xcf\n");
        },
    },
    Case {
        name: "manifest_keys_that_are_no_strings",
        command: INGEST,
        spoil: |tree| {
            let file = "sources/rows/source.yaml";
            tree.edit(file, "    What: '", "    2: '");
            tree.edit("sources/items/source.yaml", "id: items", "id: 404");
        },
    },
    Case {
        name: "claims_with_odd_digests",
        command: BUILD,
        spoil: |tree| {
            let file = "sources/items/claims.csv";
            let claims = tree.read(file);
            let (start, digest) = claims.trim_end().rsplit_once(',').expect("a digest");
            tree.write(file, format!("{start},{}x\n", &digest[1..]));
        },
    },
    Case {
        name: "claims_that_share_a_line",
        command: BUILD,
        spoil: share_a_line,
    },
    Case {
        name: "claims_without_a_meaning_that_share_a_line",
        command: BUILD,
        spoil: |tree| {
            share_a_line(tree);
            let file = "sources/items/claims.csv";
            let claims = tree.read(file);
            let lines = claims
                .lines()
                .map(|line| match line.contains(",404-not-found,") {
                    true => line
                        .replace(",404-not-found,Not Found,", ",,Nothing,")
                        .replace("phrase; name; ", ""),
                    false => line.to_owned(),
                });
            tree.write(file, lines.collect::<Vec<_>>().join("\n") + "\n");
        },
    },
    Case {
        name: "reference_unknown_beside_an_obsoleted_one",
        command: BUILD,
        spoil: |tree| {
            tree.edit(
                "sources/records/claims.csv",
                "RFC 9110, Section 15.5.11",
                "RFC 2616, Section 10.4.11",
            );
            tree.edit("sources/items/claims.csv", ",没了,,,", ",没了,,RFC 3658,");
        },
    },
    Case {
        name: "decisions_on_claims_that_share_a_line",
        command: BUILD,
        spoil: |tree| {
            share_a_line(tree);
            decide(
                tree,
                "- conflict: 404/meaning/items/2\n  ruling: reject\n  claims: [{ source: items, line: 2 }]\n  reason: A slip.\n",
            );
        },
    },
    Case {
        name: "document_of_another_charset",
        command: INGEST,
        spoil: |tree| {
            let text = "\u{feff}- **200** : OK\n".encode_utf16();
            let bytes: Vec<u8> = text.flat_map(u16::to_le_bytes).collect();
            tree.replace_document("items", "items.md", &bytes);
        },
    },
    Case {
        name: "document_in_utf32",
        command: INGEST,
        spoil: |tree| {
            let text = "\u{feff}- **200** : OK\n".chars();
            let bytes: Vec<u8> = text.flat_map(|c| u32::from(c).to_le_bytes()).collect();
            tree.replace_document("items", "items.md", &bytes);
        },
    },
    Case {
        name: "document_empty",
        command: INGEST,
        spoil: |tree| tree.replace_document("items", "items.md", b""),
    },
    Case {
        name: "document_without_entries",
        command: INGEST,
        spoil: |tree| {
            tree.replace_document("items", "items.md", b"- one\n- two\n- three\n- four\n")
        },
    },
    Case {
        name: "document_too_large",
        command: INGEST,
        spoil: |tree| {
            let file = "sources/items/source.yaml";
            tree.edit(
                file,
                "  media_type: text/markdown",
                "  media_type: text/markdown\n  max_bytes: 10",
            );
        },
    },
    Case {
        name: "document_of_a_hundred_megabytes",
        command: INGEST,
        spoil: |tree| {
            let file = std::fs::File::create(tree.path("documents/items.md")).expect("a file");
            file.set_len(100_000_000).expect("a large file");
        },
    },
];

/// Adds a claim without a meaning to the line of another one of its code.
fn share_a_line(tree: &Sandbox) {
    let file = "sources/items/claims.csv";
    let claims = tree.read(file);
    let claim = claims.lines().find(|line| line.contains(",404,"));
    let claim = claim.expect("a claim");
    let other = claim
        .replace(",404-not-found,", ",,")
        .replace("Not Found", "Nowhere");
    tree.write(file, claims.replace(claim, &format!("{claim}\n{other}")));
}

/// Adds decisions.
fn decide(tree: &Sandbox, decisions: &str) {
    let file = "registry/decisions.yaml";
    tree.write(file, tree.read(file) + decisions);
}

#[test]
fn each_error_says_what_is_wrong_where_and_what_to_do() {
    for case in CASES {
        let tree = Sandbox::small();
        common::copy_folder(&fixtures().join("documents"), &tree.path("documents"));
        assert_eq!(tree.run(BUILD).code, 0);
        (case.spoil)(&tree);
        let before = tree.files();
        let run = tree.run(case.command);
        assert_eq!(run.code, 2, "{}: {}", case.name, run.told());
        assert!(
            tree.files() == before,
            "{}: something was written",
            case.name
        );
        snapshot("errors", case.name, &run.told());
    }
    no_other_snapshots("errors", CASES.iter().map(|case| case.name.to_owned()));
}

/// What a maintainer should look at is told, and the exports are written all the same.
#[test]
fn each_warning_says_where_and_what_to_do() {
    let tree = Sandbox::small();
    let file = "registry/meanings/4xx.yaml";
    tree.edit(file, "phrase: Not Found", "phrase: Not found");
    tree.edit(file, "{ state: obsoleted }", "{ state: registered }");
    let file = "registry/meanings/2xx.yaml";
    tree.edit(file, "section: \"15.3.1\"", "section: \"15.3.2\"");
    let records = tree.read("sources/records/claims.csv");
    let without: Vec<&str> = records
        .lines()
        .filter(|line| !line.contains("418-unused"))
        .collect();
    tree.write("sources/records/claims.csv", without.join("\n") + "\n");
    let file = "sources/standard/claims.yaml";
    let unlisted = "- section: \"15.9\"\n  codes: [498, 520-530, 404-497]\n  interim: false\n";
    tree.write(file, tree.read(file) + unlisted);
    let run = tree.run(BUILD);
    assert_eq!(run.code, 0, "{}", run.told());
    insta::assert_snapshot!(run.err, @r"
    warning: the references of `200-ok` are written down differently in the registry: RFC 9110, Section 15.3.1
      --> registry/meanings/2xx.yaml:1
      help: make the old ones former ones; the registry's are used in any case
    warning: the phrase of `404-not-found` is written down differently in the registry: Not Found
      --> registry/meanings/4xx.yaml:1
      help: make the old phrase a former one; the registry's is used in any case
    warning: `410-gone` is written down as registered, but the registry says obsoleted
      --> registry/meanings/4xx.yaml:17
      help: write what the registry says, and look whether the summary still holds; its word is used in any case
    warning: no claim speaks of `418-unused`, so it is left out
      --> registry/meanings/4xx.yaml:31
      help: add a source that does, or take the meaning out
    warning: IANA does not list 498 with a phrase, so what RFC 9110, Section 15.9 says of it is left out
      --> sources/standard/claims.yaml:18
      help: take 498 out; if nothing is left then, take out the entry, or the folder of the source
    warning: IANA does not list 520-530 with a phrase, so what RFC 9110, Section 15.9 says of it is left out
      --> sources/standard/claims.yaml:18
      help: take 520-530 out; if nothing is left then, take out the entry, or the folder of the source
    ");
}
