//! A Python module that needs the standard library only, from Python 3.9 on.

use std::fmt::Write;

use super::modules::{self, Constant, Spell, in_language, one_line, value};
use crate::model::{MeaningEntry, RedirectMethod, Registry};

/// The part of the module that does not depend on the data: the types and the lookups.
const TYPES: &str = include_str!("python_types.py");

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
        writeln!(out, "# {line}")?;
    }
    out.push('\n');
    out.push_str(TYPES);
    writeln!(
        out,
        "\n\nVERSION: str = {}\n\"\"\"The version of the data.\"\"\"\n\n",
        literal(&registry.version)
    )?;
    let constants = modules::constants(registry, SPELL);
    former_names(&constants, out)?;
    members(&constants, out)?;
    reason_phrases(registry, out)?;
    meanings(registry, out)
}

/// Former names are properties of the enumeration's class: as members they could not warn, and
/// would be further values to whoever goes through all of them.
fn former_names(constants: &[Constant], out: &mut String) -> std::fmt::Result {
    out.push_str(
        "class _FormerNames(EnumMeta):\n    \"\"\"The names that codes had before. To use one warns.\"\"\"\n",
    );
    for constant in constants {
        let Constant { name, code, .. } = constant;
        for (former_name, former) in &constant.former {
            let doc = docstring(&format!(
                "{code} {}, as {} has it.",
                former.phrase, former.used_by
            ));
            writeln!(
                out,
                "\n    @property\n    @deprecated(\"{former_name} is a former name: use {name}\")"
            )?;
            writeln!(out, "    def {former_name}(cls) -> HTTPStatus:")?;
            writeln!(out, "        {doc}\n        return HTTPStatus.{name}")?;
        }
    }
    out.push_str("\n\n");
    Ok(())
}

fn members(constants: &[Constant], out: &mut String) -> std::fmt::Result {
    out.push_str(
        "class HTTPStatus(IntEnum, metaclass=_FormerNames):\n    \
         \"\"\"The status codes that IANA lists with a reason phrase, named as in `http.HTTPStatus`.\"\"\"\n\n    \
         @property\n    def phrase(self) -> str:\n        \
         \"\"\"The reason phrase.\"\"\"\n        \
         return REASON_PHRASES[self]\n\n",
    );
    for constant in constants {
        let Constant {
            name, code, phrase, ..
        } = constant;
        let source = constant
            .definition()
            .map_or(String::new(), |(title, url)| format!(": {title}, {url}"));
        let remark = constant.remark();
        let end = if remark.is_empty() { "" } else { "." };
        let doc = docstring(&format!("{code} {phrase}{source}{end}{remark}"));
        writeln!(out, "    {name} = {code}\n    {doc}")?;
    }
    out.push_str("\n\n");
    Ok(())
}

fn reason_phrases(registry: &Registry, out: &mut String) -> std::fmt::Result {
    out.push_str("REASON_PHRASES: dict[int, str] = {\n");
    for (code, phrase, _) in super::registered(registry) {
        writeln!(out, "    {code}: {},", literal(phrase))?;
    }
    out.push_str("}\n\"\"\"The reason phrases that IANA lists, by code.\"\"\"\n\n");
    Ok(())
}

fn meanings(registry: &Registry, out: &mut String) -> std::fmt::Result {
    out.push_str("MEANINGS: tuple[Meaning, ...] = (\n");
    for (code, meaning) in modules::meanings(registry) {
        write_meaning(code, meaning, out)?;
    }
    out.push_str(
        ")\n\"\"\"All meanings, by code; of each code, the one that IANA has registered comes first.\"\"\"\n",
    );
    Ok(())
}

fn write_meaning(code: u16, meaning: &MeaningEntry, out: &mut String) -> std::fmt::Result {
    let option = |text: Option<&str>| text.map_or("None".to_owned(), literal);
    let former = meaning.former_phrases.iter();
    let former: Vec<String> = former.map(|former| literal(&former.phrase)).collect();
    let comma = if former.len() == 1 { "," } else { "" };
    let name = in_language(&meaning.names, "zh-Hans");
    let summary = in_language(&meaning.summary, "en");
    writeln!(out, "    Meaning(\n        id={},", literal(&meaning.id))?;
    writeln!(out, "        code={code},")?;
    writeln!(out, "        phrase={},", option(meaning.phrase.as_deref()))?;
    writeln!(
        out,
        "        former_phrases=({}{comma}),",
        former.join(", ")
    )?;
    writeln!(out, "        name_zh_hans={},", literal(name))?;
    writeln!(out, "        origin={},", literal(meaning.origin.kind()))?;
    writeln!(out, "        vendor={},", option(meaning.origin.vendor()))?;
    let registration = literal(meaning.registration.state());
    writeln!(out, "        registration={registration},")?;
    let semantics = &meaning.semantics;
    for (question, answer) in [
        ("interim", &semantics.interim),
        ("may_have_content", &semantics.may_have_content),
        (
            "heuristically_cacheable",
            &semantics.heuristically_cacheable,
        ),
    ] {
        let answer = match value(answer) {
            Some(true) => "True",
            Some(false) => "False",
            None => "None",
        };
        writeln!(out, "        {question}={answer},")?;
    }
    let method = value(&semantics.redirect_method).map(RedirectMethod::as_str);
    writeln!(out, "        redirect_method={},", option(method))?;
    writeln!(out, "        summary={},\n    ),", literal(summary))
}

/// A string literal.
fn literal(text: &str) -> String {
    modules::quoted(text, |c| format!("\\U{:08x}", u32::from(c)))
}

/// A docstring, on one line: a literal within two more pairs of quotes, in which any quote is escaped.
fn docstring(text: &str) -> String {
    format!("\"\"{}\"\"", literal(&one_line(text)))
}
