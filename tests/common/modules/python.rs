use std::process::Command;

use super::{folder, told};

pub const MODULE: &str = "http_status_codes.py";

/// Runs a program beside the module. What warns, fails.
pub fn run_python(python: &str, module: &str, program: &str) -> String {
    let folder = folder(&[(MODULE, module), ("main.py", program)]);
    told(
        Command::new(python)
            .args(["-B", "-W", "error", "-X", "utf8"])
            .arg(folder.path().join("main.py")),
    )
}

/// A program that tells what the module says: of everything, and of these phrases, a list in JSON.
pub fn program(phrases: &str) -> String {
    r#"
import json
from http_status_codes import MEANINGS, VERSION, code_of_phrase, meanings_of, reason_phrase

print(json.dumps({
    "version": VERSION,
    "meanings": [meaning._asdict() for meaning in MEANINGS],
    "meanings_of": [[meaning.id for meaning in meanings_of(code)] for code in range(1000)],
    "reason_phrase": [reason_phrase(code) for code in range(1000)],
    "code_of_phrase": [code_of_phrase(phrase) for phrase in PHRASES],
}))
"#
    .replace("PHRASES", phrases)
}
