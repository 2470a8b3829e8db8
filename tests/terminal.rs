//! Text that takes hold of a terminal, put wherever text can come from: none of it is printed as it is, and
//! none of it gets into claims or exports.

mod common;

use common::{Run, Sandbox, copy_folder, fixtures};

/// Colours, a title, a cleared screen, an overwritten line, a bell, reversed text: each in all the
/// forms that it has. The last is in none of this program's own colours.
const ATTACKS: &[&str] = &[
    "\u{1b}[38;5;213m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\u{8}\u{8}\u{8}",
    "\u{202e}\u{2066}",
    "\u{200b}\u{feff}\u{7f}",
];

/// The same in the words of HTML.
const REFERENCES: &[&str] = &["&#27;[38;5;213m", "&#x9b;2J", "&#8238;", "&#8203;&#x7f;"];

/// What makes the program print as it does on a terminal: what comes from elsewhere is not stripped then.
const TERMINAL: &[(&str, &str)] = &[("CLICOLOR_FORCE", "1")];

/// What takes hold of a terminal, or hides or turns text on it: a list of the test's own, first and last.
const UNSAFE: &[(u32, u32)] = &[
    // The control characters but the newline, which the program writes too.
    (0x00, 0x09),
    (0x0b, 0x1f),
    (0x7f, 0x9f),
    // The soft hyphen, the joiner of graphemes, the Arabic mark of direction, fillers of Hangul and of others.
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x180b, 0x180f),
    (0x3164, 0x3164),
    (0xffa0, 0xffa0),
    // Zero widths and marks of direction.
    (0x200b, 0x200f),
    // Separators of lines and paragraphs; embeddings and overrides.
    (0x2028, 0x202e),
    // Joiners, invisible operators and isolates.
    (0x2060, 0x206f),
    // Selectors of variants, twice, and the byte order mark.
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    // Annotations.
    (0xfff9, 0xfffb),
    // Tags.
    (0xe0000, 0xe0fff),
];

fn is_unsafe(c: char) -> bool {
    let c = u32::from(c);
    UNSAFE
        .iter()
        .any(|&(first, last)| (first..=last).contains(&c))
}

/// Each of them by itself, as tests try only some wherever text can come from.
#[test]
fn each_is_shown_as_an_escape() {
    let tree = small();
    let each = UNSAFE.iter().flat_map(|&(first, last)| first..=last);
    // No argument holds the first one.
    let each = each.filter_map(char::from_u32).filter(|&c| c != '\0');
    let each: Vec<char> = each.collect();
    assert!(each.len() > 4000, "{} characters", each.len());
    for some in each.chunks(50) {
        for c in some {
            let shown = http_status_registry::model::text::printable(&c.to_string()).to_string();
            assert!(!shown.chars().any(is_unsafe), "{c:?}");
        }
        let some = format!("x{}x", String::from_iter(some));
        let run = tree.run_with(&["diff", &some], TERMINAL);
        assert_eq!(run.code, 2, "{some:?}");
        harmless(&run, &format!("{some:?}"));
    }
}

/// Every command that prints what the tree holds.
const COMMANDS: &[&[&str]] = &[
    &["build"],
    &["check"],
    &["lookup", "200"],
    &["lookup", "499"],
    &["lookup", "Not Found", "--json"],
    &["conflicts"],
    &["explain", "404"],
    &["explain", "499-token-required", "phrase"],
    &["stats"],
    &["diff", "old.json"],
    &["diff", "old.json", "--format", "markdown"],
];

/// Fails if the program printed what takes hold of a terminal. It has colours of its own, if it is
/// told that it prints on one.
fn harmless(run: &Run, place: &str) {
    for printed in [&run.out, &run.err] {
        let mut rest = printed.clone();
        for own in ["0", "1", "2", "31", "32", "33", "34", "35", "36"] {
            rest = rest.replace(&format!("\u{1b}[{own}m"), "");
        }
        let harm = rest.lines().find(|line| line.chars().any(is_unsafe));
        assert!(harm.is_none(), "{place}: {harm:?}");
    }
}

fn run_all(tree: &Sandbox, place: &str) {
    for arguments in COMMANDS {
        let run = tree.run_with(arguments, TERMINAL);
        harmless(&run, &format!("{arguments:?} after {place}"));
    }
}

fn exports_are_clean(tree: &Sandbox, place: &str) {
    for (name, bytes) in tree.files() {
        let generated = name.starts_with("exports/") || name.ends_with("claims.csv");
        if generated {
            let content = String::from_utf8(bytes).expect("UTF-8");
            let line = content
                .lines()
                .find(|line| line.chars().any(|c| is_unsafe(c) && c != '\t'));
            assert!(line.is_none(), "{name} after {place}: {line:?}");
        }
    }
}

/// The small tree, built, with the documents of its sources.
fn small() -> Sandbox {
    let tree = Sandbox::small();
    copy_folder(&fixtures().join("documents"), &tree.path("documents"));
    assert_eq!(tree.run(&["build"]).code, 0);
    tree.write("old.json", tree.read("exports/v1/http-status-codes.json"));
    tree
}

/// Each line of a text with something in its middle, and with it at each end of its words.
fn with_attack(text: &str, attack: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let replaced = |at: usize, line: String| {
        let mut lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        lines[at] = line;
        (at + 1, lines.join("\n") + "\n")
    };
    let mut attacked = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let letters = line.char_indices().filter(|(_, c)| c.is_alphanumeric());
        let places: Vec<usize> = letters.map(|(place, _)| place).collect();
        if let Some(&middle) = places.get(places.len() * 2 / 3) {
            attacked.push(replaced(
                at,
                format!("{}{attack}{}", &line[..middle], &line[middle..]),
            ));
            attacked.push(replaced(at, line.replace(' ', &format!("{attack} "))));
        }
    }
    attacked
}

#[test]
fn from_documents() {
    let mut ingested = 0;
    let attacks: Vec<&str> = ATTACKS.iter().chain(REFERENCES).copied().collect();
    for (id, name) in [
        ("items", "items.md"),
        ("outline", "outline.txt"),
        ("rows", "rows.html"),
        ("records", "records.csv"),
        ("sections", "sections.md"),
        ("definitions", "definitions.html"),
    ] {
        let tree = small();
        let document = tree.read(&format!("documents/{name}"));
        for (nth, attack) in attacks.iter().enumerate() {
            // Each attack in other lines: all of them in all lines take minutes.
            let attacked = with_attack(&document, attack).into_iter();
            for (line, text) in attacked.skip(nth % 5).step_by(5) {
                let place = format!("{attack:?} in line {line} of {name}");
                tree.replace_document(id, name, text.as_bytes());
                let arguments = ["ingest", "--documents", "documents", "--verbose", id];
                let run = tree.run_with(&arguments, TERMINAL);
                harmless(&run, &place);
                harmless(&tree.run_with(&["build"], TERMINAL), &place);
                if run.code == 0 {
                    ingested += 1;
                    for command in [&["conflicts"][..], &["lookup", "404"]] {
                        harmless(&tree.run_with(command, TERMINAL), &place);
                    }
                }
                exports_are_clean(&tree, &place);
            }
        }
        run_all(&tree, name);
    }
    assert!(ingested > 100, "only {ingested} documents were read");
}

#[test]
fn from_what_people_write() {
    let tree = small();
    let mut refused = 0;
    for (file, bytes) in tree.files() {
        if !(file.starts_with("sources/") || file.starts_with("registry/")) {
            continue;
        }
        let content = String::from_utf8(bytes).expect("UTF-8");
        // In the words of YAML too: in double quotes they are the character.
        for attack in ["\u{1b}[38;5;213m\u{9b}2J", "\\u001b[38;5;213m\\u202e"] {
            for (line, text) in with_attack(&content, attack).into_iter().step_by(6) {
                let place = format!("{attack:?} in line {line} of {file}");
                tree.write(&file, quoted(&text, attack));
                for arguments in [&["build"][..], &["ingest", "--documents", "documents"]] {
                    let run = tree.run_with(arguments, TERMINAL);
                    harmless(&run, &format!("{arguments:?} after {place}"));
                    refused += usize::from(run.code == 2);
                }
                exports_are_clean(&tree, &place);
            }
        }
        tree.write(&file, content);
    }
    assert!(refused > 50, "only {refused} refusals");
}

/// The text with double quotes about the value that holds the attack, where it stands in none and is to be
/// read as YAML reads it in them.
fn quoted(text: &str, attack: &str) -> String {
    if !attack.starts_with('\\') {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| match line.split_once(": ") {
        Some((key, value)) if value.contains(attack) && !value.contains(['"', '\'', '{', '[']) => {
            format!("{key}: \"{value}\"\n")
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn from_copied_files() {
    let tree = small();
    let names: Vec<String> = tree.files().into_iter().map(|(name, _)| name).collect();
    for name in names.iter().filter(|name| name.starts_with("exports/v1/")) {
        let content = tree.read(name);
        let lines = content.lines().count();
        let escaped = ["\\u001b[38;5;213m", "\\u202e"];
        let raw = [ATTACKS[0], ATTACKS[4], "\u{9b}31m"];
        let escaped = escaped.iter().filter(|_| name.ends_with("json"));
        for attack in raw.iter().chain(escaped) {
            let attacked = with_attack(&content, attack).into_iter();
            for (line, text) in attacked.step_by(1 + lines / 4) {
                let place = format!("{attack:?} in line {line} of {name}");
                let copy = format!("copy/{}", name.rsplit('/').next().expect("a name"));
                tree.write(&copy, text);
                harmless(&tree.run_with(&["verify", &copy], TERMINAL), &place);
                harmless(&tree.run_with(&["diff", &copy], TERMINAL), &place);
                harmless(
                    &tree.run_with(&["diff", "old.json", &copy], TERMINAL),
                    &place,
                );
                harmless(
                    &tree.run_with(&["diff", &copy, "--format", "json"], TERMINAL),
                    &place,
                );
            }
        }
    }
}

#[test]
fn from_the_command_line_and_from_names() {
    let tree = small();
    for attack in ATTACKS {
        for arguments in [
            &[*attack][..],
            &["lookup", attack],
            &["lookup", "404", attack],
            &["conflicts", attack],
            &["conflicts", "--kind", attack],
            &["conflicts", "--source", attack],
            &["explain", attack],
            &["explain", "404", attack],
            &["diff", attack],
            &["diff", "old.json", attack],
            &["diff", "old.json", "--format", attack],
            &["verify", attack],
            &["ingest", attack],
            &["ingest", "--documents", attack],
            &["check", "--date", attack],
            &["--root", attack, "check"],
            &["release", "--date", attack],
            #[cfg(feature = "fetch")]
            &["fetch", attack],
            #[cfg(feature = "fetch")]
            &["fetch", "--cache", attack, attack],
        ] {
            let run = tree.run_with(arguments, TERMINAL);
            assert_ne!(run.code, 0, "{arguments:?}");
            harmless(&run, &format!("{arguments:?}"));
        }
    }
    // Help is no error, whatever stands beside it.
    for attack in ATTACKS {
        let arguments = &["lookup", attack, "--help"];
        let run = tree.run_with(arguments, TERMINAL);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{arguments:?}");
        assert!(run.out.contains("Usage:"), "{}", run.told());
        harmless(&run, &format!("{arguments:?}"));
    }
    // A file system that takes such names.
    if cfg!(unix) {
        for attack in ATTACKS {
            let tree = small();
            tree.write(&format!("documents/{attack}.html"), "x");
            tree.write(&format!("sources/{attack}/source.yaml"), "id: x\n");
            tree.write(&format!("registry/meanings/{attack}.yaml"), "- code: x\n");
            tree.write(&format!("registry/releases/{attack}/x"), "x");
            tree.write(&format!("exports/v1/{attack}"), "x");
            run_all(&tree, "files with such names");
            harmless(
                &tree.run_with(&["ingest", "--documents", "documents"], TERMINAL),
                "such names",
            );
        }
    }
}
