use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::common::modules::python::{MODULE, program, run_python};
use crate::common::modules::{answers, cache, folder, meanings, run, told};
use crate::common::{export, has_tool, skip};
use crate::{hostile, hostile_export, phrases, rust_answers, rust_names};

/// The Pythons that are here. One must be.
fn pythons(test: &str) -> Vec<&'static str> {
    if !has_tool("python3", test) {
        return Vec::new();
    }
    let others = [
        "python3.9",
        "python3.10",
        "python3.11",
        "python3.12",
        "python3.13",
        "python3.14",
    ];
    let is_here = |python: &&str| {
        let version = Command::new(python).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    let (here, missing): (Vec<&str>, Vec<&str>) = others.into_iter().partition(is_here);
    // Nobody has all of them, so this is no reason to fail in CI.
    let _ = writeln!(
        std::io::stderr(),
        "{test} is without {}",
        missing.join(", ")
    );
    [vec!["python3"], here].concat()
}

/// mypy for the oldest Python that the module is for.
fn mypy(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command
        .args([
            "-m",
            "mypy",
            "--strict",
            "--python-version",
            "3.9",
            "--no-pretty",
            "--cache-dir",
        ])
        .arg(cache("mypy"))
        .args(arguments)
        .current_dir(folder);
    command
}

fn has_mypy(test: &str) -> bool {
    if !has_tool("python3", test) {
        return false;
    }
    let folder = folder(&[("empty.py", "")]);
    let (found, printed) = run(&mut mypy(folder.path(), &["empty.py"]));
    if !found {
        skip(
            test,
            &format!("mypy that knows Python 3.9 (mypy<1.20): {}", printed.trim()),
        );
    }
    found
}

#[test]
fn python_says_what_rust_says() {
    let expected = rust_answers();
    for python in pythons("python_says_what_rust_says") {
        let told = answers(&run_python(python, &export(MODULE), &program(&phrases())));
        assert_eq!(told, expected, "{python}");
    }
}

#[test]
fn python_holds_hostile_texts() {
    let expected = meanings(&hostile());
    for python in pythons("python_holds_hostile_texts") {
        let told = answers(&run_python(
            python,
            &hostile_export(MODULE),
            &program(&phrases()),
        ));
        assert_eq!(told["meanings"], expected, "{python}");
    }
}

#[test]
fn python_has_the_names_that_rust_has_and_former_ones_warn() {
    let former = rust_names(true);
    let program = format!(
        r#"
import warnings
from http_status_codes import HTTPStatus, REASON_PHRASES

expected = {{{}}}
assert {{name: member.value for name, member in HTTPStatus.__members__.items()}} == expected, HTTPStatus.__members__
for member in HTTPStatus:
    assert member == member.value and HTTPStatus(member.value) is member
    assert member.phrase == REASON_PHRASES[member.value]
for name, code in {{{}}}.items():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        member = getattr(HTTPStatus, name)
    assert member is HTTPStatus(code), name
    [warning] = caught
    assert warning.category is DeprecationWarning and warning.filename == __file__, warning
    assert str(warning.message) == name + " is a former name: use " + member.name, warning
"#,
        dict(&rust_names(false)),
        dict(&former)
    );
    for python in pythons("python_has_the_names_that_rust_has_and_former_ones_warn") {
        run_python(python, &export(MODULE), &program);
    }
}

fn dict(names: &[(String, u16)]) -> String {
    let entries: Vec<String> = names
        .iter()
        .map(|(name, code)| format!("{name:?}: {code}"))
        .collect();
    entries.join(", ")
}

/// The standard library's names differ from Python to Python: newer ones have newer phrases.
#[test]
fn python_has_the_names_of_the_standard_library() {
    let program = r#"
import http, warnings
from http_status_codes import HTTPStatus, REASON_PHRASES

warnings.simplefilter("ignore")
checked = 0
for name, member in http.HTTPStatus.__members__.items():
    if member.value in REASON_PHRASES:
        assert getattr(HTTPStatus, name) == member.value, name
        checked += 1
assert checked > 55, checked
"#;
    for python in pythons("python_has_the_names_of_the_standard_library") {
        run_python(python, &export(MODULE), program);
    }
}

/// A function that asks for each of these members, and for no other.
fn exhaustive(names: &[(String, u16)]) -> String {
    let mut function = "def every(status: HTTPStatus) -> int:\n".to_owned();
    for (name, code) in names {
        function += &format!("    if status is HTTPStatus.{name}:\n        return {code}\n");
    }
    function + "    never(status)\n"
}

#[test]
fn python_is_strict() {
    let test = "python_is_strict";
    if !has_mypy(test) {
        return;
    }
    const START: &str = "from typing import NoReturn, Optional\n\
        from http_status_codes import HTTPStatus, Meaning, Origin, meanings_of, reason_phrase\n\
        def never(value: NoReturn) -> NoReturn: raise AssertionError(value)\n";
    let names = rust_names(false);
    let good = format!(
        "{START}{}\
         def vendors(code: int) -> list[Optional[str]]:\n    return [meaning.vendor for meaning in meanings_of(code)]\n\
         status: HTTPStatus = HTTPStatus.PAYLOAD_TOO_LARGE\n\
         number: int = status\n\
         phrase: str = status.phrase\n\
         perhaps: Optional[str] = reason_phrase(499)\n\
         origin: Origin = meanings_of(207)[0].origin\n\
         print(every(status), vendors(499), perhaps, origin)\n",
        exhaustive(&names)
    );
    let (module, python) = (export(MODULE), "python3");
    let folder = folder(&[(MODULE, &module), ("good.py", &good)]);
    told(&mut mypy(folder.path(), &[MODULE, "good.py"]));
    let printed = told(
        Command::new(python)
            .arg("-B")
            .arg(folder.path().join("good.py")),
    );
    let (out, warning) = printed.split_once('\n').expect("a line");
    assert_eq!(out, "413 ['Esri', 'nginx', None] None webdav");
    assert!(warning.contains("DeprecationWarning: PAYLOAD_TOO_LARGE"));

    let bad = [
        ("a: HTTPStatus = 404", "assignment"),
        ("b: Origin = 'ietf'", "assignment"),
        ("c: str = reason_phrase(404)", "assignment"),
        ("reason_phrase('404')", "arg-type"),
        ("HTTPStatus.IM_A_TEAPOT", "attr-defined"),
        ("HTTPStatus.OK = 201", "misc"),
        ("meanings_of(404)[0].code = 405", "misc"),
        ("HTTPStatus.UNPROCESSABLE_ENTITY", "deprecated"),
    ];
    let mut text = format!("{START}{}", exhaustive(&names[1..]));
    // The call of `never` is not the end for a code that was not asked for.
    let mut expected = vec![(text.lines().count().to_string(), "arg-type".to_owned())];
    for (line, (bad, error)) in (text.lines().count() + 1..).zip(bad) {
        text += &format!("{bad}\n");
        expected.push((line.to_string(), error.to_owned()));
    }
    std::fs::write(folder.path().join("bad.py"), text).expect("a file");
    let (success, printed) = run(&mut mypy(
        folder.path(),
        &["--enable-error-code", "deprecated", "bad.py"],
    ));
    assert!(!success);
    let error =
        regex::Regex::new(r"(?m)^bad\.py:(\d+): error: .*\[([a-z-]+)\]$").expect("a pattern");
    let found: Vec<(String, String)> = error
        .captures_iter(&printed)
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect();
    assert_eq!(found, expected, "{printed}");
}
