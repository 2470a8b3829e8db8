//! The examples of the pages for those who vendor, each run as a reader would run it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{copy_folder, export, has_tool, root};
use crate::page;
use crate::vendoring::{published, rewritten};

const PAGES: [&str; 2] = ["docs/vendoring.md", "docs/reading.md"];
const RAW: &str = "https://raw.githubusercontent.com/http-status-registry/http-status-registry";

/// The examples in a language, each with the output that the page shows after it.
fn examples(language: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for text in PAGES.map(page) {
        let fence = format!("```{language}\n");
        for example in text.split(&fence).skip(1) {
            let (code, rest) = example.split_once("```\n").expect("the end of a block");
            let output = rest.trim_start().strip_prefix("```text\n");
            let output = output.and_then(|output| output.split("```").next());
            examples.push((code.to_owned(), output.unwrap_or_default().to_owned()));
        }
    }
    assert!(!examples.is_empty(), "no example in {language}");
    examples
}

/// A folder that holds the exports.
fn beside_the_exports() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&root().join("exports/v1"), folder.path());
    folder
}

/// What a command prints in a folder. It must go well.
fn told(command: &mut Command, folder: &Path) -> String {
    let output = command.current_dir(folder).output().expect("the command");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Runs each example in a language, from a file of this name beside the exports.
fn try_all(language: &str, file: &str, tools: &[&str], run: impl Fn(&Path) -> String) {
    let test = format!("the examples in {language}");
    if !tools.iter().all(|tool| has_tool(tool, &test)) {
        return;
    }
    for (code, output) in examples(language) {
        let folder = beside_the_exports();
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        fs::write(path, &code).expect("a file");
        assert_eq!(run(folder.path()), output, "{code}");
    }
}

/// A folder for what the tools want to keep from run to run.
fn cache(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn typescript() {
    try_all("ts", "main.ts", &["tsc", "node"], |folder| {
        fs::write(folder.join("package.json"), r#"{"type": "module"}"#).expect("a file");
        let options = "--strict --module nodenext --target es2022 --outDir out main.ts";
        told(Command::new("tsc").args(options.split_whitespace()), folder);
        told(Command::new("node").arg("out/main.js"), folder)
    });
}

#[test]
fn python() {
    try_all("python", "main.py", &["python3"], |folder| {
        let options = ["-B", "-W", "error", "main.py"];
        told(Command::new("python3").args(options), folder)
    });
}

#[test]
fn javascript() {
    try_all("js", "main.mjs", &["node"], |folder| {
        told(Command::new("node").arg("main.mjs"), folder)
    });
}

#[test]
fn go() {
    try_all("go", "main.go", &["go"], |folder| {
        let module = "module example.com/project\n\ngo 1.19\n";
        fs::write(folder.join("go.mod"), module).expect("a file");
        fs::create_dir(folder.join("httpstatus")).expect("a folder");
        let (copied, place) = ("http_status_codes.go", "httpstatus/http_status_codes.go");
        fs::rename(folder.join(copied), folder.join(place)).expect("a move");
        let mut go = Command::new("go");
        go.args(["run", "."])
            .env("GOCACHE", cache("go"))
            .env("GOPATH", cache("gopath"))
            .env("GOPROXY", "off")
            .env("GOTOOLCHAIN", "local")
            .env("GOFLAGS", "")
            .env("GO111MODULE", "on")
            .env("CGO_ENABLED", "0");
        told(&mut go, folder)
    });
}

#[test]
fn ruby() {
    try_all("ruby", "main.rb", &["ruby"], |folder| {
        told(Command::new("ruby").args(["-w", "main.rb"]), folder)
    });
}

#[test]
fn rust() {
    try_all("rust", "src/main.rs", &["cargo"], |folder| {
        let manifest = "[package]\nname = \"project\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[dependencies]\nserde_json = \"1\"\n";
        fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
        // The crates that this project has need no network.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a copy");
        let mut cargo = Command::new("cargo");
        cargo
            .args(["run", "--quiet", "--offline"])
            .env("CARGO_TARGET_DIR", cache("rust"))
            .env("RUSTFLAGS", "-D warnings");
        told(&mut cargo, folder)
    });
}

/// Where a reader would have the files already, they are there; what fetches them begins with nothing.
#[test]
fn shell() {
    let version = regex::Regex::new(r"v\d+\.\d+\.\d+").expect("a pattern");
    for (code, output) in examples("sh") {
        let tools = ["curl", "git", "jq", "sha256sum", "sqlite3", "tar"];
        let mut tools = tools.into_iter().filter(|tool| code.contains(tool));
        if !tools.all(|tool| has_tool(tool, "an example for the shell")) {
            continue;
        }
        let mut bash = Command::new("bash");
        bash.args(["-euo", "pipefail", "-c"]);
        let Some(version) = version.find(&code) else {
            let printed = told(bash.arg(&code), beside_the_exports().path());
            assert_eq!(printed, output, "{code}");
            continue;
        };
        let registry = published(&[(version.as_str(), None)]);
        let folder = tempfile::tempdir().expect("a folder");
        rewritten(&mut bash, registry.path());
        told(Command::new("git").args(["init", "--quiet"]), folder.path());
        let files = code.replace(
            &format!("{RAW}/{}", version.as_str()),
            &format!("file://{}", registry.path().display()),
        );
        assert_eq!(told(bash.arg(files), folder.path()), output, "{code}");
        assert_copied(folder.path(), &["http_status_codes.py"]);
        let all = folder.path().join("third_party/http-status-codes");
        if code.contains("third_party") {
            assert_copied(&all, &exports());
        }
    }
}

fn exports() -> Vec<String> {
    let folder = fs::read_dir(root().join("exports/v1")).expect("the exports");
    let names = folder.map(|file| file.expect("a file").file_name().into_string());
    names.map(|name| name.expect("UTF-8")).collect()
}

/// Fails unless these exports are in a folder, byte by byte.
fn assert_copied(folder: &Path, names: &[impl AsRef<str>]) {
    for name in names {
        let copy = fs::read_to_string(folder.join(name.as_ref())).expect("a copy");
        assert!(copy == export(name.as_ref()), "{}", name.as_ref());
    }
}

/// No block is in a language that no test knows.
#[test]
fn every_example_is_run() {
    for text in PAGES.map(page) {
        for fence in text.lines().filter_map(|line| line.strip_prefix("```")) {
            let known = "console gitattributes go js python ruby rust sh text ts yaml";
            assert!(
                fence.is_empty() || known.split(' ').any(|known| known == fence),
                "{fence}"
            );
        }
    }
}

/// The table walks through a meaning of the JSON.
#[test]
fn the_values_that_the_page_shows_are_in_the_json() {
    let registry: serde_json::Value =
        serde_json::from_str(&export("http-status-codes.json")).expect("JSON");
    let codes = registry["codes"].as_array().expect("codes");
    let code = codes.iter().find(|code| code["code"] == 413).expect("413");
    let text = page("docs/reading.md");
    let (text, _) = text.split_once("\n## Read the JSON").expect("the table");
    let mut values = 0;
    for row in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row
            .split(" | ")
            .map(|cell| cell.trim_matches(['|', ' ', '`']))
            .collect();
        let path = cells[0].replace(['.', '['], "/").replace(']', "");
        let found = code["meanings"][0].pointer(&format!("/{path}"));
        let shown = serde_json::from_str(cells[1]).expect("a value");
        assert_eq!(found, Some(&shown), "{row}");
        values += 1;
    }
    assert!(values > 10);
}

/// The columns are listed in the order in which they are in the file.
#[test]
fn every_column_of_the_csv_is_listed() {
    let text = page("docs/reading.md");
    let (_, text) = text.split_once("\n## Read the CSV").expect("the CSV");
    let (text, _) = text.split_once("\n## ").expect("the next part");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: Vec<&str> = rows
        .filter_map(|row| Some(row.split_once("` | ")?.0))
        .collect();
    let csv = export("http-status-codes.csv");
    let columns = csv.lines().next().expect("a heading");
    assert_eq!(listed, columns.split(',').collect::<Vec<_>>());
}

#[test]
fn every_export_is_listed() {
    let (readme, vendoring) = (page("README.md"), page("docs/vendoring.md"));
    for name in exports() {
        assert!(readme.contains(&format!("(exports/v1/{name})")), "{name}");
        assert!(
            vendoring.contains(&format!("(../exports/v1/{name})")),
            "{name}"
        );
    }
}
