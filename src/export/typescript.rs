//! A TypeScript module: ESM, without imports, and without syntax that a runtime cannot erase.

use std::fmt::Write;

use super::modules::{self, Constant, Spell, in_language, one_line, value};
use crate::model::{MeaningEntry, Registry};

/// The part of the module that does not depend on the data: the types and the lookups.
const TYPES: &str = include_str!("typescript_types.ts");

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
    out.push_str(TYPES);
    writeln!(
        out,
        "\n/** The version of the data. */\nexport const VERSION = {};\n",
        literal(&registry.version)
    )?;
    constants(registry, out)?;
    reason_phrases(registry, out)?;
    meanings(registry, out)
}

fn constants(registry: &Registry, out: &mut String) -> std::fmt::Result {
    out.push_str("/** The status codes that IANA lists with a reason phrase. */\nexport const HttpStatus = {\n");
    for constant in modules::constants(registry, SPELL) {
        let Constant {
            name, code, phrase, ..
        } = &constant;
        let source = constant
            .definition()
            .map_or(String::new(), |(title, url)| format!(": [{title}]({url})"));
        let doc = comment(&format!("{code} {phrase}{source}.{}", constant.remark()));
        writeln!(out, "  /** {doc} */\n  {name}: {code},")?;
        for (former_name, former) in &constant.former {
            let doc = comment(&format!(
                "{code} {}, as {} has it.",
                former.phrase, former.used_by
            ));
            writeln!(
                out,
                "  /**\n   * {doc}\n   * @deprecated use `{name}`\n   */\n  {former_name}: {code},"
            )?;
        }
    }
    out.push_str("} as const;\n\n");
    Ok(())
}

fn reason_phrases(registry: &Registry, out: &mut String) -> std::fmt::Result {
    out.push_str(
        "/** The reason phrases that IANA lists, by code. */\nexport const REASON_PHRASES = {\n",
    );
    for (code, phrase, _) in super::registered(registry) {
        writeln!(out, "  {code}: {},", literal(phrase))?;
    }
    out.push_str("} as const;\n\n");
    Ok(())
}

fn meanings(registry: &Registry, out: &mut String) -> std::fmt::Result {
    out.push_str(
        "/** All meanings, by code; of each code, the one that IANA has registered comes first. */\n\
         export const MEANINGS: readonly Meaning[] = [\n",
    );
    for (code, meaning) in modules::meanings(registry) {
        write_meaning(code, meaning, out)?;
    }
    out.push_str("];\n");
    Ok(())
}

fn write_meaning(code: u16, meaning: &MeaningEntry, out: &mut String) -> std::fmt::Result {
    let former = meaning.former_phrases.iter();
    let former: Vec<String> = former.map(|former| literal(&former.phrase)).collect();
    let name = in_language(&meaning.names, "zh-Hans");
    let summary = in_language(&meaning.summary, "en");
    writeln!(out, "  {{\n    id: {},", literal(&meaning.id))?;
    writeln!(out, "    code: {code},")?;
    if let Some(phrase) = &meaning.phrase {
        writeln!(out, "    phrase: {},", literal(phrase))?;
    }
    writeln!(out, "    formerPhrases: [{}],", former.join(", "))?;
    writeln!(out, "    nameZhHans: {},", literal(name))?;
    writeln!(out, "    origin: {},", literal(meaning.origin.kind()))?;
    if let Some(vendor) = meaning.origin.vendor() {
        writeln!(out, "    vendor: {},", literal(vendor))?;
    }
    let registration = literal(meaning.registration.state());
    writeln!(out, "    registration: {registration},")?;
    let semantics = &meaning.semantics;
    for (question, answer) in [
        ("interim", &semantics.interim),
        ("mayHaveContent", &semantics.may_have_content),
        ("heuristicallyCacheable", &semantics.heuristically_cacheable),
    ] {
        if let Some(answer) = value(answer) {
            writeln!(out, "    {question}: {answer},")?;
        }
    }
    if let Some(method) = value(&semantics.redirect_method) {
        writeln!(out, "    redirectMethod: {},", literal(method.as_str()))?;
    }
    writeln!(out, "    summary: {},\n  }},", literal(summary))
}

/// A string literal.
fn literal(text: &str) -> String {
    modules::quoted(text, |c| format!("\\u{{{:x}}}", u32::from(c)))
}

/// Text for a comment: it does not close the comment, nor a script element around it.
fn comment(text: &str) -> String {
    one_line(text).replace("*/", "* /").replace('<', "&lt;")
}
