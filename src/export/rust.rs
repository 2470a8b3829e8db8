//! A Rust module without dependencies, for `no_std` too.

use std::fmt::Write;

use super::markdown::{link, text};
use super::modules::{self, Constant, Spell, one_line, value};
use crate::model::{MeaningEntry, Origin, RedirectMethod, Reference, Registration, Registry};

// The parts of the module that do not depend on the data.
const TYPES: &str = include_str!("rust/types.rs");
const LOOKUPS: &str = include_str!("rust/lookups.rs");

/// How the names of its constants are made.
pub const SPELL: Spell = modules::upper_snake;

pub fn render(registry: &Registry) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(registry, &mut out);
    out
}

fn write(registry: &Registry, out: &mut String) -> std::fmt::Result {
    for line in super::header(registry) {
        writeln!(out, "// {line}")?;
    }
    out.push('\n');
    writeln!(out, "{TYPES}\n{LOOKUPS}")?;
    writeln!(
        out,
        "/// The version of the data.\npub const VERSION: &str = {};\n",
        literal(&registry.version)
    )?;
    constants(registry, out)?;
    meanings(registry, out)
}

fn constants(registry: &Registry, out: &mut String) -> std::fmt::Result {
    for constant in modules::constants(registry, SPELL) {
        let Constant {
            name, code, phrase, ..
        } = &constant;
        let source = constant.definition().map_or(String::new(), |(title, url)| {
            format!(": {}", link(&title, &url))
        });
        let doc = one_line(&format!(
            "{code} {}{source}.{}",
            text(phrase),
            constant.remark()
        ));
        writeln!(out, "/// {doc}\npub const {name}: u16 = {code};\n")?;
        for (former_name, former) in &constant.former {
            let doc = one_line(&format!(
                "{code} {}, as {} has it; now {}{source}.",
                text(&former.phrase),
                text(&former.used_by),
                text(phrase)
            ));
            let since = former
                .replaced_by
                .as_ref()
                .map_or(String::new(), |by| format!("replaced in {by}: "));
            let note = literal(&format!("{since}use `{name}`"));
            writeln!(
                out,
                "/// {doc}\n#[deprecated(note = {note})]\npub const {former_name}: u16 = {code};\n"
            )?;
        }
    }
    Ok(())
}

fn meanings(registry: &Registry, out: &mut String) -> std::fmt::Result {
    let count = registry
        .codes
        .iter()
        .map(|code| code.meanings.len())
        .sum::<usize>();
    out.push_str("/// All meanings, by code; of each code, the one that IANA has registered comes first.\n#[rustfmt::skip]\n");
    writeln!(out, "pub static MEANINGS: [Meaning; {count}] = [")?;
    for code in &registry.codes {
        for meaning in &code.meanings {
            write_meaning(code.code.into(), meaning, out)?;
        }
    }
    out.push_str("];\n");
    Ok(())
}

fn write_meaning(code: u16, meaning: &MeaningEntry, out: &mut String) -> std::fmt::Result {
    writeln!(out, "    Meaning {{")?;
    writeln!(out, "        id: {},", literal(&meaning.id))?;
    writeln!(out, "        code: {code},")?;
    match &meaning.phrase {
        Some(phrase) => writeln!(out, "        phrase: Some({}),", literal(phrase))?,
        None => writeln!(out, "        phrase: None,")?,
    }
    let former = meaning.former_phrases.iter();
    let former = former.map(|former| {
        let replaced = former
            .replaced_by
            .as_ref()
            .map_or("None".to_owned(), |by| format!("Some({})", literal(by)));
        let (phrase, by) = (literal(&former.phrase), literal(&former.used_by));
        format!("FormerPhrase {{ phrase: {phrase}, used_by: {by}, replaced_by: {replaced} }}")
    });
    writeln!(out, "        former_phrases: {},", list(former))?;
    writeln!(
        out,
        "        name_zh_hans: {},",
        literal(meaning.names.get("zh-Hans").map_or("", String::as_str))
    )?;
    let origin = match &meaning.origin {
        Origin::Rfc => "Origin::Rfc".to_owned(),
        Origin::Webdav => "Origin::Webdav".to_owned(),
        Origin::Vendor { vendor } => format!("Origin::Vendor({})", literal(vendor)),
        Origin::Unofficial => "Origin::Unofficial".to_owned(),
    };
    writeln!(out, "        origin: {origin},")?;
    let registration = match &meaning.registration {
        Registration::Registered => "Registered".to_owned(),
        Registration::Reserved => "Reserved".to_owned(),
        Registration::Obsoleted => "Obsoleted".to_owned(),
        Registration::Unregistered => "Unregistered".to_owned(),
        Registration::Temporary {
            registered,
            extended,
            expires,
        } => format!(
            "Temporary {{ registered: {}, extended: {}, expires: {} }}",
            literal(&registered.to_string()),
            extended.map_or("None".to_owned(), |date| format!(
                "Some({})",
                literal(&date.to_string())
            )),
            literal(&expires.to_string()),
        ),
    };
    writeln!(out, "        registration: Registration::{registration},")?;
    let reference = |reference: &Reference| {
        format!(
            "Reference {{ title: {}, url: {} }}",
            literal(&reference.to_string()),
            literal(&reference.url())
        )
    };
    writeln!(
        out,
        "        references: {},",
        list(meaning.references.iter().map(reference))
    )?;
    writeln!(
        out,
        "        former_references: {},",
        list(meaning.former_references.iter().map(reference))
    )?;
    let semantics = &meaning.semantics;
    for (question, answer) in [
        ("interim", &semantics.interim),
        ("may_have_content", &semantics.may_have_content),
        (
            "heuristically_cacheable",
            &semantics.heuristically_cacheable,
        ),
    ] {
        writeln!(out, "        {question}: {:?},", value(answer))?;
    }
    let method = match value(&semantics.redirect_method) {
        Some(RedirectMethod::Kept) => "Some(RedirectMethod::Kept)",
        Some(RedirectMethod::MayBecomeGet) => "Some(RedirectMethod::MayBecomeGet)",
        Some(RedirectMethod::BecomesGet) => "Some(RedirectMethod::BecomesGet)",
        None => "None",
    };
    writeln!(out, "        redirect_method: {method},")?;
    writeln!(
        out,
        "        summary: {},",
        literal(meaning.summary.get("en").map_or("", String::as_str))
    )?;
    writeln!(
        out,
        "        summary_zh_hans: {},",
        literal(meaning.summary.get("zh-Hans").map_or("", String::as_str))
    )?;
    writeln!(out, "    }},")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("&[{}]", items.collect::<Vec<_>>().join(", "))
}

/// A string literal. Rust's own escapes are used for all that is not plain.
fn literal(text: &str) -> String {
    format!("{text:?}")
}
