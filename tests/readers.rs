//! The programs that people read CSV, YAML and digests with: each reads what was written.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{root, skip, told};
use serde_json::Value;

type Table = Vec<Vec<String>>;

fn export(name: &str) -> PathBuf {
    root().join("exports/v1").join(name)
}

fn csv() -> PathBuf {
    export("http-status-codes.csv")
}

/// The table as the `csv` crate reads it, its headings first.
fn table_in(file: &Path) -> Table {
    let reader = csv::ReaderBuilder::new().has_headers(false).from_path(file);
    let rows = reader.expect("the file").into_records();
    rows.map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

/// A table that a program wrote as JSON: rows as lists, or as maps whose keys are the headings.
fn table_of(json: &[u8]) -> Table {
    let rows: Vec<Value> = serde_json::from_slice(json).expect("JSON");
    let cell = |value: &Value| match value {
        // For a database, an empty cell holds nothing.
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let headings = rows.first().and_then(Value::as_object);
    let headings = headings.map(|row| row.keys().cloned().collect());
    let cells = rows.iter().map(|row| match row {
        Value::Object(row) => row.values().map(cell).collect(),
        row => row.as_array().expect("a row").iter().map(cell).collect(),
    });
    headings.into_iter().chain(cells).collect()
}

/// Fails if a cell that was read is not, letter by letter, what was written.
fn assert_read(by: &str, read: &Table) {
    let written = table_in(&csv());
    assert_eq!(read.len(), written.len(), "rows read by {by}");
    for (row, (read, written)) in read.iter().zip(&written).enumerate() {
        assert_eq!(read, written, "row {row}, read by {by}");
    }
}

fn python(script: &str) -> Command {
    let mut python = Command::new("python3");
    python.args(["-X", "utf8", "-c", script]);
    python
}

#[test]
fn csv_keeps_to_its_laws() {
    let bytes = fs::read_to_string(csv()).expect("UTF-8");
    assert!(!bytes.starts_with('\u{feff}') && !bytes.contains('\r') && bytes.ends_with('\n'));
    let table = table_in(&csv());
    assert!(table.iter().all(|row| row.len() == table[0].len()));
    for cell in table.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
        assert!(!cell.contains('\n'), "{cell}");
    }
    // What separates the values of a cell stands in no value of the registry.
    let mut values = Vec::new();
    strings(&json(), &mut values);
    assert!(values.len() > table.len());
    let separated: Vec<_> = values.iter().filter(|value| value.contains('|')).collect();
    assert!(separated.is_empty(), "{separated:?}");
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(map) => map.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

#[test]
fn csv_in_python() {
    let script = "import csv, json, sys\n\
        with open(sys.argv[1], encoding='utf-8', newline='') as file:\n\
        \x20   json.dump(list(csv.reader(file, strict=True)), sys.stdout)";
    if let Some(json) = told("csv_in_python", "", python(script).arg(csv())) {
        assert_read("Python", &table_of(&json));
    }
}

#[test]
fn csv_in_sqlite() {
    let import = format!(".import --csv {:?} codes", csv());
    let mut sqlite = Command::new("sqlite3");
    sqlite.args(["-json", ":memory:", &import, "SELECT * FROM codes"]);
    if let Some(json) = told("csv_in_sqlite", "", &mut sqlite) {
        assert_read("SQLite", &table_of(&json));
    }
}

/// DuckDB guesses types: the codes are numbers to it, and the dates are dates. As text they are what they were.
#[test]
fn csv_in_duckdb() {
    let script = "import json, sys\n\
        try:\n    import duckdb\n\
        except ImportError:\n    sys.exit(77)\n\
        guessed = duckdb.read_csv(sys.argv[1])\n\
        text = duckdb.sql('SELECT CAST(COLUMNS(*) AS VARCHAR) FROM guessed')\n\
        json.dump([text.columns, *text.fetchall()], sys.stdout)";
    let mut python = python(script);
    if let Some(json) = told("csv_in_duckdb", "Python's duckdb", python.arg(csv())) {
        assert_read("DuckDB", &table_of(&json));
    }
}

/// PostgreSQL copies the table into columns with types and gives them back.
#[test]
fn csv_in_postgresql() {
    let test = "csv_in_postgresql";
    let Some(programs) = postgresql() else {
        return skip(test, "PostgreSQL's server");
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (folder.path().join("in.csv"), folder.path().join("out.csv"));
    let cluster = folder.path().join("cluster").display().to_string();
    fs::copy(csv(), &input).expect("a copy");
    // The server refuses to be root.
    let is_root = told(test, "", Command::new("id").arg("-u")).is_some_and(|id| id == b"0\n");
    if is_root {
        let mut chown = Command::new("chown");
        told(test, "", chown.args(["-R", "postgres"]).arg(folder.path()));
    }
    let server = |program: &str| {
        let program = programs.join(program);
        if !is_root {
            return Command::new(program);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    };
    let mut initdb = server("initdb");
    initdb.args(["--no-sync", "--no-locale", "--encoding=UTF8", "-D"]);
    told(test, "", initdb.arg(&cluster)).expect("a cluster");

    let columns = table_in(&csv()).swap_remove(0);
    let columns = columns.iter().map(|name| match name.as_str() {
        "code" => format!("\"{name}\" integer"),
        "registered" | "extended" | "expires" => format!("\"{name}\" date"),
        _ => format!("\"{name}\" text"),
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let commands = format!(
        "CREATE TABLE codes ({columns})\n\
         COPY codes FROM '{}' WITH (FORMAT csv, HEADER)\n\
         COPY (SELECT json_agg(codes) FROM codes) TO '{}' WITH (FORMAT csv)\n",
        input.display(),
        output.display()
    );
    let script = folder.path().join("script.sql");
    fs::write(&script, commands).expect("a file");
    // A server for one user takes its commands from standard input, and needs neither port nor socket.
    let mut single = server("postgres");
    single.args(["--single", "-D", &cluster, "postgres"]);
    single.stdin(Stdio::from(fs::File::open(&script).expect("a file")));
    let run = single.output().expect("the server");
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(output.exists(), "{errors}");
    let mut read = table_of(table_in(&output)[0][0].as_bytes());
    // A table of a database has no order.
    let id = read[0].iter().position(|name| name == "id").expect("ids");
    let written = table_in(&csv());
    read.sort_by_key(|row| written.iter().position(|own| own[id] == row[id]));
    assert_read("PostgreSQL", &read);
}

/// The folder of the server's programs: the newest that Debian has, or wherever the path leads.
fn postgresql() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let mut folders: Vec<PathBuf> = folders.filter(|bin| bin.join("initdb").exists()).collect();
    folders.sort();
    let on_path = || Command::new("initdb").arg("--version").output().is_ok();
    folders.pop().or_else(|| on_path().then(PathBuf::new))
}

/// LibreOffice takes ISO dates for dates, and writes them as it read them. No cell is a formula to it.
#[test]
fn csv_in_libreoffice() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = format!("file://{}", folder.path().join("profile").display());
    let convert = |to: &str| {
        let mut office = Command::new("soffice");
        office.arg(format!("-env:UserInstallation={profile}"));
        // Commas, double quotes, UTF-8, from the first line on; all else as LibreOffice has it.
        office.args([
            "--headless",
            "--infilter=CSV:44,34,76,1",
            "--convert-to",
            to,
        ]);
        office.arg("--outdir").arg(folder.path()).arg(csv());
        told("csv_in_libreoffice", "", &mut office)
    };
    if convert("fods").is_none() {
        return;
    }
    let sheet = fs::read_to_string(folder.path().join("http-status-codes.fods")).expect("a sheet");
    assert!(sheet.contains("<text:p>Not Found</text:p>"));
    assert!(!sheet.contains("table:formula"));
    convert("csv:Text - txt - csv (StarCalc):44,34,76,1");
    assert_read(
        "LibreOffice",
        &table_in(&folder.path().join("http-status-codes.csv")),
    );
}

fn json() -> Value {
    let json = fs::read(export("http-status-codes.json")).expect("an export");
    serde_json::from_slice(&json).expect("JSON")
}

/// Fails if what a program read from the YAML, and wrote as JSON a line, is not what the JSON holds.
fn assert_yaml(test: &str, needs: &str, command: &mut Command) {
    let command = command.arg(export("http-status-codes.yaml"));
    if let Some(lines) = told(test, needs, command) {
        let lines = String::from_utf8(lines).expect("UTF-8");
        assert!(!lines.is_empty());
        for line in lines.lines() {
            let read: Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(read, json());
        }
    }
}

/// YAML 1.1, where more looks like something that it is not.
#[test]
fn yaml_in_python() {
    let script = "import json, sys\n\
        try:\n    import yaml\n\
        except ImportError:\n    sys.exit(77)\n\
        json.dump(yaml.safe_load(open(sys.argv[1], encoding='utf-8')), sys.stdout)";
    assert_yaml("yaml_in_python", "PyYAML", &mut python(script));
}

/// YAML 1.1 with symbols. A date or a symbol is an error to it, since neither is asked for.
#[test]
fn yaml_in_ruby() {
    let script = "puts JSON.generate(YAML.safe_load(File.read(ARGV[0], encoding: 'UTF-8')))";
    let mut ruby = Command::new("ruby");
    assert_yaml(
        "yaml_in_ruby",
        "",
        ruby.args(["-ryaml", "-rjson", "-e", script]),
    );
}

/// YAML 1.2, by each of its schemas, and YAML 1.1 where js-yaml has it.
#[test]
fn yaml_in_javascript() {
    let script = "let yaml;\n\
        try { yaml = require('js-yaml'); } catch { process.exit(77); }\n\
        const text = require('fs').readFileSync(process.argv[1], 'utf8');\n\
        const names = ['DEFAULT_SCHEMA', 'CORE_SCHEMA', 'JSON_SCHEMA', 'YAML11_SCHEMA'];\n\
        const schemas = names.map((name) => yaml[name]).filter((schema) => schema);\n\
        console.log(JSON.stringify(yaml.load(text)));\n\
        for (const schema of schemas) console.log(JSON.stringify(yaml.load(text, { schema })));";
    let test = "yaml_in_javascript";
    let mut npm = Command::new("npm");
    let Some(modules) = told(test, "", npm.args(["root", "--global"])) else {
        return;
    };
    let modules = String::from_utf8(modules).expect("UTF-8");
    let mut node = Command::new("node");
    node.env("NODE_PATH", modules.trim_end());
    assert_yaml(test, "js-yaml", node.args(["-e", script]));
}

/// YAML 1.2 with some of 1.1.
#[test]
fn yaml_in_go() {
    let test = "yaml_in_go";
    let packages = Path::new("/usr/share/gocode");
    if !packages.join("src/gopkg.in/yaml.v3").exists() {
        return skip(test, "Go's yaml.v3");
    }
    let program = r#"package main

import (
	"encoding/json"
	"os"

	"gopkg.in/yaml.v3"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	var value interface{}
	if err == nil {
		err = yaml.Unmarshal(text, &value)
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(value)
	}
	if err != nil {
		panic(err)
	}
}
"#;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("main.go"), program).expect("a program");
    let mut go = Command::new("go");
    go.env("GO111MODULE", "off").env("GOPATH", packages);
    assert_yaml(test, "", go.arg("run").arg(folder.path().join("main.go")));
}

#[test]
fn the_digests_are_checked_by_plain_tools() {
    for (tool, arguments) in [
        ("sha256sum", &["-c", "SHA256SUMS"][..]),
        ("shasum", &["-a", "256", "-c", "SHA256SUMS"]),
        ("busybox", &["sha256sum", "-c", "SHA256SUMS"]),
    ] {
        let mut command = Command::new(tool);
        command
            .args(arguments)
            .current_dir(root().join("exports/v1"));
        let Some(lines) = told("the_digests_are_checked_by_plain_tools", "", &mut command) else {
            continue;
        };
        let lines = String::from_utf8(lines).expect("UTF-8");
        let mut checked: Vec<&str> = lines
            .lines()
            .map(|line| line.strip_suffix(": OK").expect("a file that is right"))
            .chain(["SHA256SUMS"])
            .collect();
        checked.sort_unstable();
        let exports = fs::read_dir(root().join("exports/v1")).expect("the exports");
        let mut exports: Vec<String> = exports
            .map(|entry| {
                entry
                    .expect("an export")
                    .file_name()
                    .into_string()
                    .expect("a name")
            })
            .collect();
        exports.sort();
        assert_eq!(checked, exports, "{tool}");
    }
}
