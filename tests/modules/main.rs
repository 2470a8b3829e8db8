//! The modules for other languages than Rust, with the compilers and interpreters of those languages.

#[path = "../common/mod.rs"]
mod common;
mod go;
mod python;
mod typescript;
#[path = "../../exports/v1/http_status_codes.rs"]
mod vendored;

use common::modules::meanings;
use common::{export, registry};
use http_status_registry::model::Registry;
use serde_json::{Value, json};

/// Phrases to look up, as JSON: all that there are, in other letters, and some that nobody bears.
fn phrases() -> String {
    let strangers = [
        "",
        "no such phrase",
        "constructor",
        "__proto__",
        // The Kelvin sign and the long s are letters of other alphabets.
        "o\u{212a}",
        "\u{17f}ee other",
    ];
    let bears = vendored::MEANINGS.iter().flat_map(|meaning| {
        let former = meaning.former_phrases.iter().map(|former| former.phrase);
        meaning.phrase.into_iter().chain(former)
    });
    let phrases = strangers.into_iter().map(str::to_owned);
    let phrases: Vec<String> = phrases
        .chain(bears.flat_map(|phrase| [phrase.to_ascii_lowercase(), phrase.to_ascii_uppercase()]))
        .collect();
    serde_json::to_string(&phrases).expect("JSON")
}

/// What the Rust module says when it is asked what the others are asked.
fn rust_answers() -> Value {
    let asked: Vec<String> = serde_json::from_str(&phrases()).expect("JSON");
    let codes = 0..1000;
    let ids = codes.clone().map(|code| {
        let meanings = vendored::meanings_of(code).iter();
        meanings.map(|meaning| meaning.id).collect::<Vec<_>>()
    });
    json!({
        "version": vendored::VERSION,
        "meanings": meanings(&registry()),
        "meanings_of": ids.collect::<Vec<_>>(),
        "reason_phrase": codes.map(vendored::reason_phrase).collect::<Vec<_>>(),
        "code_of_phrase": asked.iter().map(|phrase| vendored::code_of_phrase(phrase)).collect::<Vec<_>>(),
    })
}

/// The names of the Rust module's constants with their codes: those in force, or the former ones.
fn rust_names(is_former: bool) -> Vec<(String, u16)> {
    let module = export("http_status_codes.rs");
    let constant =
        regex::Regex::new(r"(?m)^(#\[deprecated.*\n)?pub const ([A-Z0-9_]+): u16 = (\d+);")
            .expect("a pattern");
    let names: Vec<(String, u16)> = constant
        .captures_iter(&module)
        .filter(|found| found.get(1).is_some() == is_former)
        .map(|found| (found[2].to_owned(), found[3].parse().expect("a code")))
        .collect();
    assert!(names.len() > if is_former { 5 } else { 60 });
    names
}

/// The registry with texts that try to get out of their literals and comments.
fn hostile() -> Registry {
    const TEXTS: [&str; 9] = [
        "\"; throw 1; // ' ` ${x} {x} %s %(x)s #{x}",
        "*/ throw 1 /* \"\"\" ''' \"\"",
        "\n@deprecated\r\nimport os\u{2028}x\u{2029}y\u{85}z\u{b}\u{c}",
        "\\ \\\\ \\n \\u0041 \\N{DIGIT ONE} \\",
        "</script><!-- <script>",
        "\0 \u{1} \u{1b}[31m \u{7f} \u{9b} \u{feff}",
        "\u{202e}desrever\u{2066}\u{200f} שלום",
        "😀 \u{e0041} \u{10ffff} \u{fffe} é e\u{301}",
        "Code 404",
    ];
    let mut registry = registry();
    let mut texts = TEXTS.into_iter().cycle();
    let mut next = || texts.next().unwrap_or_default().to_owned();
    for code in &mut registry.codes {
        for meaning in &mut code.meanings {
            meaning.id = next();
            if let Some(phrase) = &mut meaning.phrase {
                *phrase = next();
            }
            for former in &mut meaning.former_phrases {
                former.phrase = next();
                former.used_by = next();
            }
            if let http_status_registry::model::Origin::Vendor { vendor } = &mut meaning.origin {
                *vendor = next();
            }
            meaning.names.values_mut().for_each(|name| *name = next());
            meaning.summary.values_mut().for_each(|text| *text = next());
        }
    }
    registry
}

/// A module for the hostile registry.
fn hostile_export(name: &str) -> String {
    let mut exports = http_status_registry::export::all(&hostile()).into_iter();
    exports
        .find(|export| export.name == name)
        .expect("the export")
        .content
}
