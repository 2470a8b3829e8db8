use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::common::modules::typescript::{
    MODULE, PACKAGE, STRICTEST, program, run_typescript, tsc,
};
use crate::common::modules::{answers, folder, meanings, run, told};
use crate::common::{export, has_tool, skip};
use crate::{hostile, hostile_export, phrases, rust_answers, rust_names};

#[test]
fn typescript_is_strict() {
    if !has_tool("tsc", "typescript_is_strict") {
        return;
    }
    let folder = folder(&[PACKAGE, (MODULE, &export(MODULE))]);
    for arguments in ["--strict", STRICTEST] {
        told(&mut tsc(
            folder.path(),
            &format!("{arguments} --noEmit {MODULE}"),
        ));
    }
}

#[test]
fn typescript_says_what_rust_says() {
    let test = "typescript_says_what_rust_says";
    if !has_tool("tsc", test) || !has_tool("node", test) {
        return;
    }
    assert_eq!(
        answers(&run_typescript(&export(MODULE), &program(&phrases()))),
        rust_answers()
    );
}

#[test]
fn typescript_holds_hostile_texts() {
    let test = "typescript_holds_hostile_texts";
    if !has_tool("tsc", test) || !has_tool("node", test) {
        return;
    }
    let module = hostile_export(MODULE);
    assert!(!module.contains("<script") && !module.contains("</script"));
    let told = answers(&run_typescript(&module, &program(&phrases())));
    assert_eq!(told["meanings"], meanings(&hostile()));
}

#[test]
fn typescript_has_the_names_that_rust_has() {
    let test = "typescript_has_the_names_that_rust_has";
    if !has_tool("tsc", test) || !has_tool("node", test) {
        return;
    }
    let program = r#"
        import { HttpStatus } from "./http-status-codes.js";
        console.log(JSON.stringify(Object.entries(HttpStatus)));
    "#;
    let mut names: Vec<(String, u16)> =
        serde_json::from_str(&run_typescript(&export(MODULE), program)).expect("names");
    let mut expected = [rust_names(false), rust_names(true)].concat();
    names.sort();
    expected.sort();
    assert_eq!(names, expected);
}

/// A function that has a case for each of these codes, and for no other.
fn exhaustive(codes: &[(String, u16)]) -> String {
    let cases: Vec<String> = codes
        .iter()
        .map(|(name, _)| format!("case HttpStatus.{name}: return code;"))
        .collect();
    format!(
        "function all(code: StatusCode): number {{ switch (code) {{ {} default: {{ const never: never = code; return never; }} }} }}",
        cases.join(" ")
    )
}

#[test]
fn typescript_knows_every_code_and_phrase_as_a_type() {
    let test = "typescript_knows_every_code_and_phrase_as_a_type";
    if !has_tool("tsc", test) || !has_tool("node", test) {
        return;
    }
    const IMPORT: &str = r#"import { HttpStatus, codeOfPhrase, isStatusCode, meaningsOf, reasonPhrase, type Meaning, type Origin, type ReasonPhrase, type StatusCode } from "./http-status-codes.js";"#;
    let codes = rust_names(false);
    let good = format!(
        r#"{IMPORT}
        {}
        function refuse(status: number): ReasonPhrase {{
            return isStatusCode(status) ? reasonPhrase(status) : "Internal Server Error";
        }}
        const tooLarge: 413 = HttpStatus.CONTENT_TOO_LARGE;
        const former: 413 = HttpStatus.PAYLOAD_TOO_LARGE;
        const phrase: ReasonPhrase = reasonPhrase(tooLarge);
        const perhaps: ReasonPhrase | undefined = reasonPhrase(Number("499"));
        const vendors: (string | undefined)[] = meaningsOf(499).map((meaning: Meaning) => meaning.vendor);
        const origin: Origin | undefined = meaningsOf(207)[0]?.origin;
        console.log(all(404), former, phrase, perhaps, vendors, origin, codeOfPhrase("payload too large"), refuse(499));
        "#,
        exhaustive(&codes)
    );
    assert_eq!(
        run_typescript(&export(MODULE), &good),
        "404 413 Content Too Large undefined [ 'Esri', 'nginx', undefined ] webdav 413 Internal Server Error\n"
    );

    // A line each, with what the compiler has against it.
    let missing = exhaustive(&codes[1..]);
    let bad = [
        ("const a: StatusCode = 299;", "TS2322"),
        ("const b: ReasonPhrase = \"Nowhere\";", "TS2322"),
        ("const c: Origin = \"ietf\";", "TS2322"),
        ("HttpStatus.OK = 201;", "TS2540"),
        ("HttpStatus.IM_A_TEAPOT;", "TS2339"),
        ("reasonPhrase(\"404\");", "TS2769"),
        ("const d: string = reasonPhrase(Number(\"404\"));", "TS2322"),
        ("meaningsOf(404).push();", "TS2339"),
        (missing.as_str(), "TS2322"),
    ];
    let mut text = IMPORT.to_owned();
    let mut expected = Vec::new();
    for (line, (bad, error)) in (2..).zip(bad) {
        text += &format!("\n{bad}");
        expected.push((line.to_string(), error.to_owned()));
    }
    let folder = folder(&[PACKAGE, (MODULE, &export(MODULE)), ("bad.ts", &text)]);
    let flags = "--strict --module nodenext --target es2022 --pretty false --noEmit";
    let (success, printed) = run(&mut tsc(folder.path(), &format!("{flags} bad.ts")));
    assert!(!success);
    let error = regex::Regex::new(r"(?m)^bad\.ts\((\d+),\d+\): error (TS\d+)").expect("a pattern");
    let found: Vec<(String, String)> = error
        .captures_iter(&printed)
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect();
    assert_eq!(found, expected, "{printed}");
}

/// The compiler's own library, which lies beside the program.
fn library() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut programs = std::env::split_paths(&path).map(|folder| folder.join("tsc"));
    let program = programs
        .find(|program| program.is_file())?
        .canonicalize()
        .ok()?;
    let library = program.parent()?.parent()?.join("lib/typescript.js");
    library.is_file().then_some(library)
}

/// What an editor strikes through.
#[test]
fn typescript_deprecates_former_names() {
    let test = "typescript_deprecates_former_names";
    if !has_tool("node", test) || !has_tool("tsc", test) {
        return;
    }
    let Some(library) = library() else {
        return skip(test, "tsc with lib/typescript.js beside it: TypeScript 5");
    };
    let names = [rust_names(false), rust_names(true)].concat();
    let uses: Vec<String> = names
        .iter()
        .map(|(name, _)| format!("HttpStatus.{name};"))
        .collect();
    let main = format!(
        "import {{ HttpStatus }} from \"./http-status-codes.js\";\n{}\n",
        uses.join("\n")
    );
    let script = r#"
        const ts = require(process.argv[2]);
        const options = { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext };
        const service = ts.createLanguageService({
            getScriptFileNames: () => ["main.ts"],
            getScriptVersion: () => "1",
            getScriptSnapshot: (file) => ts.sys.fileExists(file) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(file)) : undefined,
            getCurrentDirectory: () => process.cwd(),
            getCompilationSettings: () => options,
            getDefaultLibFileName: ts.getDefaultLibFilePath,
            fileExists: ts.sys.fileExists,
            readFile: ts.sys.readFile,
        });
        const errors = service.getSemanticDiagnostics("main.ts");
        if (errors.length > 0) throw new Error(JSON.stringify(errors.map((error) => error.messageText)));
        const struck = service.getSuggestionDiagnostics("main.ts").filter((note) => note.reportsDeprecated);
        console.log(JSON.stringify(struck.map((note) => note.file.text.substr(note.start, note.length))));
    "#;
    let folder = folder(&[
        PACKAGE,
        (MODULE, &export(MODULE)),
        ("main.ts", &main),
        ("script.cjs", script),
    ]);
    let printed = told(
        Command::new("node")
            .arg("script.cjs")
            .arg(library)
            .current_dir(folder.path()),
    );
    let struck: Value = serde_json::from_str(&printed).expect("JSON");
    let former: Vec<String> = rust_names(true).into_iter().map(|(name, _)| name).collect();
    assert_eq!(struck, Value::from(former));
}
