//! Texts that get out of literals, comments, cells and tags where they can.

use std::collections::BTreeMap;

use http_status_registry::model::{Origin, Reference, Registry, text};
use proptest::prelude::*;

/// What other languages, formats and readers take for something else, and what we keep nevertheless.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "\"\"",
    "\"\"\"",
    "'''",
    "a",
    " ",
    "  ",
    ",",
    ";",
    ": ",
    " #",
    "- ",
    "? ",
    "!",
    "&",
    "~",
    "no",
    "yes",
    "null",
    "0x1F",
    "0o17",
    "0777",
    "12:30",
    "1e3",
    ".inf",
    "2014-06-05",
    "---",
    "...",
    "%",
    "%s",
    "%YAML 1.1",
    "&amp;",
    "&lt;script&gt;",
    "*",
    "**",
    "_a_",
    "[x](y)",
    "![i](j)",
    "]",
    "[^1]",
    "~~",
    "${x}",
    "$x$",
    "#{x}",
    "{x}",
    "}}",
    "r#\"",
    "\"#",
    "//",
    "/*",
    "# ",
    "'; DROP TABLE codes; --",
    "(",
    ")",
    "http://x/?a=b&copy;",
    "VERSION",
    "MEANINGS",
    "Not Found",
    "غير موجود",
    "לא נמצא",
    "继续",
    "😀",
    "e\u{301}",
    "\u{a0}",
    "\u{3000}",
    "ß",
    "İ",
];

/// What has no business in any text of ours, wherever in it.
const BAD: &[&str] = &[
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{7}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{200f}",
    "\u{ad}",
    "\u{fe0f}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{10ffff}",
    "\u{e0041}",
    "*/",
    "</script>",
    "<!--",
    "-->",
    "{{",
    "{%",
    "{#",
    "\\",
    "\\u0022",
    "|",
    "`",
];

/// What has none at the start of a text.
const BAD_STARTS: &[&str] = &["=", "+", "-", "@", "＝", "＋", "－", "＠", " ", "\u{3000}"];

/// A text that may be exported.
pub fn valid() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let pieces = prop::collection::vec(piece, 1..8);
    pieces.prop_filter_map("refused", |pieces| {
        let text = pieces.concat().trim().to_owned();
        text::fault(&text).is_none().then_some(text)
    })
}

/// A text that may not.
pub fn invalid() -> impl Strategy<Value = String> {
    let within = (valid(), prop::sample::select(BAD), valid());
    let start = (prop::sample::select(BAD_STARTS), valid());
    prop_oneof![
        3 => within.prop_map(|(before, bad, after)| format!("{before}{bad}{after}")),
        1 => start.prop_map(|(bad, after)| format!("{bad}{after}")),
    ]
}

/// The registry with the texts in place of its own, one in a language whose tag looks like a boolean,
/// and a former id.
pub fn within(registry: &Registry, texts: &[String]) -> Registry {
    let mut registry = registry.clone();
    for code in &mut registry.codes {
        for meaning in &mut code.meanings {
            meaning.names.insert("no".into(), String::new());
            let former = format!("{}-of-old", meaning.id);
            meaning.former_ids.push(former);
        }
    }
    let slots = slots(&mut registry);
    for (slot, text) in slots.into_iter().zip(texts.iter().cycle()) {
        slot.clone_from(text);
    }
    registry
}

/// Every text of the registry that people or sources write.
fn slots(registry: &mut Registry) -> Vec<&mut String> {
    let mut slots = Vec::new();
    for source in &mut registry.sources {
        slots.extend([&mut source.title, &mut source.licence]);
        slots.extend(&mut source.author);
    }
    for meaning in registry
        .codes
        .iter_mut()
        .flat_map(|code| &mut code.meanings)
    {
        slots.extend(&mut meaning.phrase);
        for former in &mut meaning.former_phrases {
            slots.extend([&mut former.phrase, &mut former.used_by]);
            slots.extend(&mut former.replaced_by);
        }
        let variants = meaning.name_variants.values_mut().flatten();
        slots.extend(
            variants
                .chain(&mut meaning.phrase_variants)
                .map(|variant| &mut variant.value),
        );
        slots.extend(
            meaning
                .names
                .values_mut()
                .chain(meaning.summary.values_mut()),
        );
        slots.extend(
            meaning
                .history
                .iter_mut()
                .flat_map(|snapshot| &mut snapshot.phrase),
        );
        let semantics = &mut meaning.semantics;
        let fields = semantics.fields.iter_mut().map(|field| &mut field.when);
        let retry = semantics.retry.iter_mut().map(|retry| &mut retry.when);
        slots.extend(fields.chain(retry).flat_map(BTreeMap::values_mut));
        if let Origin::Vendor { vendor } = &mut meaning.origin {
            slots.push(vendor);
        }
        for reference in meaning
            .references
            .iter_mut()
            .chain(&mut meaning.former_references)
        {
            match reference {
                Reference::Document(text) | Reference::Page { title: text, .. } => slots.push(text),
                Reference::Rfc { .. } => {}
            }
        }
    }
    for conflict in &mut registry.conflicts {
        slots.extend([&mut conflict.outcome, &mut conflict.reason]);
        slots.extend(conflict.sides.iter_mut().map(|side| &mut side.value));
    }
    slots
}
