use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::modules::go::{MODULE, PLACE, PROJECT, go, program, run_go};
use crate::common::modules::{answers, folder, meanings, run, told};
use crate::common::{export, has_tool};
use crate::{hostile, hostile_export, phrases, rust_answers, rust_names};

#[test]
fn go_says_what_rust_says() {
    if !has_tool("go", "go_says_what_rust_says") {
        return;
    }
    assert_eq!(
        answers(&run_go(&export(MODULE), &program(&phrases()))),
        rust_answers()
    );
}

#[test]
fn go_holds_hostile_texts() {
    if !has_tool("go", "go_holds_hostile_texts") {
        return;
    }
    let told = answers(&run_go(&hostile_export(MODULE), &program(&phrases())));
    assert_eq!(told["meanings"], meanings(&hostile()));
}

#[test]
fn go_is_formatted_and_known_as_generated() {
    let module = export(MODULE);
    let package = module
        .find("\npackage httpstatus\n")
        .expect("a package clause");
    let mark = regex::Regex::new(r"(?m)^// Code generated .* DO NOT EDIT\.$").expect("a pattern");
    assert!(mark.find(&module).expect("the mark").start() < package);
    if !has_tool("go", "go_is_formatted_and_known_as_generated") {
        return;
    }
    let folder = folder(&[(MODULE, &module), ("hostile.go", &hostile_export(MODULE))]);
    let printed = told(
        Command::new("gofmt")
            .args(["-s", "-l", "."])
            .current_dir(folder.path()),
    );
    assert_eq!(printed, "");
}

/// The package's constants, and for former names what to use instead, as Go's own parser reads them.
fn constants() -> BTreeMap<String, (u16, Option<String>)> {
    let program = r#"package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
)

func main() {
	file, err := parser.ParseFile(token.NewFileSet(), "httpstatus/http_status_codes.go", nil, parser.ParseComments)
	if err != nil {
		panic(err)
	}
	constants := map[string][2]interface{}{}
	for _, decl := range file.Decls {
		decl, ok := decl.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST {
			continue
		}
		for _, spec := range decl.Specs {
			spec := spec.(*ast.ValueSpec)
			literal, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || literal.Kind != token.INT {
				continue
			}
			if spec.Type != nil {
				panic(spec.Names[0].Name + " has a type")
			}
			code, err := strconv.Atoi(literal.Value)
			if err != nil {
				panic(err)
			}
			var instead interface{}
			for _, paragraph := range strings.Split(spec.Doc.Text(), "\n\n") {
				const mark = "Deprecated: use "
				if strings.HasPrefix(paragraph, mark) {
					instead = strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(paragraph, mark)), ".")
				}
			}
			constants[spec.Names[0].Name] = [2]interface{}{code, instead}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(constants); err != nil {
		panic(err)
	}
}
"#;
    serde_json::from_str(&run_go(&export(MODULE), program)).expect("constants")
}

#[test]
fn go_deprecates_former_names() {
    if !has_tool("go", "go_deprecates_former_names") {
        return;
    }
    let constants = constants();
    let in_force: BTreeMap<u16, &str> = constants
        .iter()
        .filter(|(_, (_, instead))| instead.is_none())
        .map(|(name, (code, _))| (*code, name.as_str()))
        .collect();
    let codes = |is_former| rust_names(is_former).into_iter().map(|(_, code)| code);
    assert!(in_force.keys().copied().eq(codes(false)));
    let mut former = Vec::new();
    for (name, (code, instead)) in &constants {
        if let Some(instead) = instead {
            assert_eq!(in_force[code], instead, "{name}");
            former.push(*code);
        }
    }
    former.sort_unstable();
    assert!(former.into_iter().eq(codes(true)));
    assert_eq!(constants["StatusContentTooLarge"], (413, None));
}

/// Whoever changes the import from `net/http` to this package finds every name.
#[test]
fn go_has_the_names_of_net_http() {
    if !has_tool("go", "go_has_the_names_of_net_http") {
        return;
    }
    let here = folder(&[PROJECT]);
    let place = told(&mut go(
        here.path(),
        &["list", "-f", "{{.Dir}}", "net/http"],
    ));
    let source = fs::read_to_string(Path::new(place.trim()).join("status.go")).expect("net/http");
    let constant = regex::Regex::new(r"(?m)^\t(Status\w+)\s+= (\d+)\b").expect("a pattern");
    let registered: Vec<u16> = rust_names(false)
        .into_iter()
        .map(|(_, code)| code)
        .collect();
    let mut names: Vec<&str> = Vec::new();
    let mut strangers = Vec::new();
    for found in constant.captures_iter(&source) {
        let (_, [name, code]) = found.extract();
        if registered.contains(&code.parse().expect("a code")) {
            names.push(name);
        } else {
            strangers.push(name);
        }
    }
    assert!(names.len() >= 60, "{names:?}");
    assert_eq!(strangers, ["StatusTeapot"]);
    let mut program = "package main\n\nimport (\n\t\"fmt\"\n\t\"net/http\"\n\n\t\"example.test/consumer/httpstatus\"\n)\n\nfunc main() {\n".to_owned();
    for name in &names {
        program +=
            &format!("\tif httpstatus.{name} != http.{name} {{\n\t\tpanic(\"{name}\")\n\t}}\n");
    }
    program += &format!("\tfmt.Println({})\n}}\n", names.len());
    assert_eq!(
        run_go(&export(MODULE), &program).trim(),
        names.len().to_string()
    );
}

#[test]
fn go_serves_a_consumer() {
    if !has_tool("go", "go_serves_a_consumer") {
        return;
    }
    let start =
        "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.test/consumer/httpstatus\"\n)\n\n";
    let good = format!(
        "{start}func main() {{\n\
         \tvar small uint16 = httpstatus.StatusContentTooLarge\n\
         \tfor _, meaning := range httpstatus.MeaningsOf(499) {{\n\
         \t\tif meaning.Origin == httpstatus.OriginVendor {{\n\t\t\tfmt.Println(meaning.Vendor, meaning.Phrase)\n\t\t}}\n\t}}\n\
         \tcode, ok := httpstatus.CodeOfPhrase(\"payload too large\")\n\
         \tfmt.Println(small, code, ok, httpstatus.StatusText(499) == \"\")\n}}\n"
    );
    assert_eq!(
        run_go(&export(MODULE), &good),
        "Esri Token Required\nnginx Client Closed Request\n413 413 true true\n"
    );

    let bad = [
        ("httpstatus.StatusTeapot", "undefined"),
        ("httpstatus.StatusText(\"404\")", "cannot use"),
        ("httpstatus.Meaning{Origin: 3}", "cannot use"),
        (
            "byte(httpstatus.StatusOK) + httpstatus.StatusNotFound",
            "overflows",
        ),
    ];
    let line = start.lines().count() + 2;
    for (bad, error) in bad {
        let program = format!("{start}func main() {{\n\tfmt.Println({bad})\n}}\n");
        let folder = folder(&[PROJECT, (PLACE, &export(MODULE)), ("main.go", &program)]);
        let (success, printed) = run(&mut go(folder.path(), &["build", "-o", "/dev/null", "."]));
        assert!(!success, "{bad}");
        assert!(
            printed.contains(&format!("main.go:{line}:")) && printed.contains(error),
            "{bad}: {printed}"
        );
    }
}
