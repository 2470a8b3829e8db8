//! What the README and the pages beside it show, tried out.

#[path = "../common/mod.rs"]
mod common;
mod examples;
mod vendoring;

use std::fs;
use std::process::Command;

use common::{Sandbox, root};
use http_status_registry::extract::Extractor;
use http_status_registry::model::Layout;
use http_status_registry::reconcile::Rule;

const PAGES: [&str; 11] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/vendoring.md",
    "docs/reading.md",
    "docs/sources.md",
    "docs/meanings.md",
    "docs/differences.md",
    "docs/performance.md",
    "docs/testing.md",
    "fuzz/README.md",
];

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect("a page")
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(&format!("```{language}\n")) {
        let body = &rest[start + language.len() + 4..];
        let end = body.find("```").expect("the end of a block");
        blocks.push(body[..end].to_owned());
        rest = &body[end + 3..];
    }
    blocks
}

/// Whether this is what is printed. An ellipsis stands for what is left out.
fn is_shown(expected: &str, printed: &str) -> bool {
    let mut parts = expected.split('…');
    let first = parts.next().unwrap_or_default().trim_end_matches(' ');
    let mut rest = printed.strip_prefix(first);
    for part in parts {
        let part = part.trim_end();
        rest = rest.and_then(|rest| Some(rest.split_once(part)?.1));
    }
    rest.is_some()
}

#[test]
fn what_the_pages_show_on_the_console_is_printed() {
    let tree = Sandbox::real();
    // A copy that somebody has made.
    let copied = "http_status_codes.py";
    tree.write(&format!("vendor/{copied}"), common::export(copied));
    let mut runs = 0;
    for text in PAGES.map(page) {
        for block in blocks(&text, "console") {
            for shown in block.split("$ ").filter(|part| !part.is_empty()) {
                let (command, expected) = shown.split_once('\n').expect("a command");
                let words: Vec<&str> = command
                    .split('"')
                    .enumerate()
                    .flat_map(|(index, part)| match index % 2 {
                        0 => part.split_whitespace().collect(),
                        _ => vec![part],
                    })
                    .collect();
                assert_eq!(words[0], "http-status-registry", "{command}");
                let run = tree.run(&words[1..]);
                assert!(
                    is_shown(expected, &run.out),
                    "{command} printed\n{}",
                    run.out
                );
                runs += 1;
            }
        }
    }
    assert!(runs > 0);
}

#[test]
fn the_yaml_that_the_readme_shows_is_in_the_export() {
    let export =
        fs::read_to_string(root().join("exports/v1/http-status-codes.yaml")).expect("the export");
    let shown = blocks(&page("README.md"), "yaml");
    assert_eq!(shown.len(), 1);
    assert!(export.contains(&shown[0]), "{}", shown[0]);
}

#[test]
fn the_rust_that_the_readme_shows_runs() {
    let shown = blocks(&page("README.md"), "rust");
    assert_eq!(shown.len(), 1);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("main.rs"), &shown[0]).expect("a file");
    fs::copy(
        root().join("exports/v1/http_status_codes.rs"),
        folder.path().join("http_status_codes.rs"),
    )
    .expect("a copy");
    let binary = folder.path().join("main");
    let output = Command::new("rustc")
        .args(["--edition", "2021", "-D", "warnings", "-o"])
        .arg(&binary)
        .arg(folder.path().join("main.rs"))
        .output()
        .expect("rustc");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = Command::new(&binary).output().expect("the program");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("499 Client Closed Request: vendor nginx, unregistered\n"));
}

#[test]
fn the_layouts_that_the_pages_show_compile() {
    #[derive(serde::Deserialize)]
    struct Shown {
        layout: Layout,
    }
    let shown: Vec<String> = blocks(&page("docs/sources.md"), "yaml")
        .into_iter()
        .filter(|block| block.contains("layout:"))
        .collect();
    assert_eq!(shown.len(), 7);
    for block in shown {
        let Shown { layout } = serde_yaml::from_str(&block).expect("a layout");
        Extractor::compile(&layout).expect("an extractor");
    }
}

#[test]
fn the_readme_lists_every_rule_and_the_commands_that_ci_runs() {
    let readme = page("README.md");
    for rule in Rule::ALL {
        assert!(
            readme.contains(&format!("| `{}` |", rule.id())),
            "{}",
            rule.id()
        );
    }
    let commands = blocks(&readme, "sh").remove(0);
    let ci = page(".ci/run");
    for command in commands
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
    {
        assert!(ci.lines().any(|line| line == command), "{command}");
    }
}

#[test]
fn links_lead_somewhere() {
    let mut links = 0;
    for name in PAGES {
        let text = page(name);
        // Every second part is a block of code.
        let text: String = text.split("```").step_by(2).collect();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.starts_with("https://") {
                continue;
            }
            let from = root().join(name);
            let target = from.parent().expect("a folder").join(link);
            assert!(target.exists(), "{name}: {link}");
            links += 1;
        }
    }
    assert!(links > 10);
}

#[test]
fn the_meaning_and_the_decision_that_the_page_shows_are_read() {
    use http_status_registry::reconcile::{Decisions, Meanings};
    use http_status_registry::yaml::Source;
    let shown = blocks(&page("docs/meanings.md"), "yaml");
    assert_eq!(shown.len(), 2);
    let meanings = Source::parse("registry/meanings/4xx.yaml", &*shown[0]).expect("YAML");
    assert!(
        Meanings::read(&[meanings])
            .expect("a meaning")
            .get("413-content-too-large")
            .is_some()
    );
    let decisions = Source::parse("registry/decisions.yaml", &*shown[1]).expect("YAML");
    Decisions::read(&decisions).expect("a decision");
}

#[test]
fn what_contributing_shows_works_in_the_order_shown() {
    let shown = page("CONTRIBUTING.md");
    assert!(shown.lines().count() <= 60, "one screen");
    let document = blocks(&shown, "text").remove(0);
    let [manifest, meaning, decision] = blocks(&shown, "yaml").try_into().expect("three blocks");
    let tree = Sandbox::real();
    let append = |file: &str, entry: &str| tree.write(file, tree.read(file) + "\n" + entry);

    let folder = tree.path("FOLDER");
    tree.write("FOLDER/page.md", &document);
    let digest = http_status_registry::digest::sha256(document.as_bytes());
    tree.write(
        "sources/site-notes/source.yaml",
        manifest.replacen("DIGEST", &digest, 1),
    );
    let ingest = ["ingest", "--documents", folder.to_str().expect("UTF-8")];
    assert!(shown.contains("cargo run --release -- ingest --documents FOLDER"));
    let run = tree.run(&ingest);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(tree.path("sources/site-notes/claims.csv").exists());
    assert!(
        run.out.contains("590 fits none of the known meanings"),
        "{}",
        run.out
    );

    append("registry/meanings/5xx.yaml", &meaning);
    assert_eq!(tree.run(&ingest).code, 0);

    // The entry that `build` prints is the one that is shown, but for what a person says.
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 2, "{}", run.told());
    assert_eq!(run.err.matches("open conflict").count(), 1, "{}", run.err);
    let printed = decision
        .lines()
        .filter(|line| line.contains("conflict:") || line.contains("claims:"));
    for line in printed {
        assert!(run.err.contains(line.trim()), "{line}\n{}", run.err);
    }
    append("registry/decisions.yaml", &decision);

    let commands = blocks(&shown, "sh").remove(0);
    assert!(commands.contains("cargo run --release -- build\n"));
    let run = tree.run(&["build"]);
    assert_eq!(run.code, 0, "{}", run.told());
    assert!(
        tree.read("exports/v1/http-status-codes.json")
            .contains("590-warehouse-closed")
    );
    let accept = commands
        .lines()
        .find(|line| line.ends_with("# or: just accept"));
    let accept = accept
        .and_then(|line| line.split("    #").next())
        .expect("the command");
    let justfile = page("justfile");
    assert!(
        justfile.contains(&format!("accept:\n    {accept}")),
        "{accept}"
    );
}
