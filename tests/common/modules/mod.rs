//! The modules for other languages than Rust, run by the tools of those languages.

pub mod go;
pub mod python;
pub mod typescript;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use http_status_registry::model::{Answer, Registry};
use serde::Serialize;
use serde_json::{Value, json};

/// A folder for what the tools want to keep from run to run.
pub fn cache(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    folder
}

/// Runs a command: whether it went well, and what it printed.
pub fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("the command");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
    (output.status.success(), text)
}

/// What a command prints. It must go well.
pub fn told(command: &mut Command) -> String {
    let (success, text) = run(command);
    assert!(success, "{command:?}: {text}");
    text
}

/// What the module says of everything, as each language's test prints it.
pub fn answers(printed: &str) -> Value {
    serde_json::from_str(printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

/// What the standards answer, as the full export writes it.
fn value<T: Serialize>(answer: &Option<Answer<T>>) -> Value {
    answer
        .as_ref()
        .map_or(Value::Null, |answer| json!(answer.value))
}

/// The meanings that a module for this registry must hold.
pub fn meanings(registry: &Registry) -> Value {
    let codes = registry.codes.iter();
    let meanings = codes.flat_map(|code| {
        code.meanings.iter().map(move |meaning| {
            let former = meaning.former_phrases.iter();
            json!({
                "id": meaning.id,
                "code": u16::from(code.code),
                "phrase": meaning.phrase,
                "former_phrases": former.map(|former| &former.phrase).collect::<Vec<_>>(),
                "name_zh_hans": meaning.names["zh-Hans"],
                "origin": meaning.origin.kind(),
                "vendor": meaning.origin.vendor(),
                "registration": meaning.registration.state(),
                "interim": value(&meaning.semantics.interim),
                "may_have_content": value(&meaning.semantics.may_have_content),
                "heuristically_cacheable": value(&meaning.semantics.heuristically_cacheable),
                "redirect_method": value(&meaning.semantics.redirect_method),
                "summary": meaning.summary["en"],
            })
        })
    });
    let meanings: Vec<Value> = meanings.collect();
    assert!(!meanings.is_empty());
    meanings.into()
}
