//! Texts that get out of literals, comments, cells and tags where they can.

use http_status_registry::model::text;
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
