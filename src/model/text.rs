//! What text may hold, and how texts are compared.

use std::borrow::Cow;

/// The form in which phrases, names and terms are compared: lower case, one space for any run of
/// white space, full-width ASCII and curly apostrophes made plain.
#[must_use]
pub fn normalize(text: &str) -> String {
    let plain = text.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{2018}' | '\u{2019}' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let mut normal = String::with_capacity(text.len());
    for c in plain.flat_map(char::to_lowercase) {
        if c != ' ' || !(normal.is_empty() || normal.ends_with(' ')) {
            normal.push(c);
        }
    }
    normal.truncate(normal.trim_end().len());
    normal
}

/// The longest value that a field may have, in bytes.
pub const MAX_VALUE: usize = 2_000;

/// Why a value must not go into a claim or an export: the first fault found.
#[must_use]
pub fn fault(value: &str) -> Option<String> {
    if value.trim().is_empty() {
        return Some("is empty".into());
    }
    if value.trim() != value {
        return Some("starts or ends with white space".into());
    }
    if value.len() > MAX_VALUE {
        return Some(format!("is longer than {MAX_VALUE} bytes"));
    }
    if let Some(c) = value.chars().find(|&c| is_unsafe(c)) {
        return Some(format!(
            "holds the control character {}",
            c.escape_unicode()
        ));
    }
    if value.starts_with(['=', '+', '-', '@']) {
        return Some(
            "starts with a character that makes a spreadsheet take it for a formula".into(),
        );
    }
    if value.contains(['<', '>', '|', '\\', '`']) || value.contains("*/") || value.contains("{{") {
        return Some("holds markup (one of < > | \\ ` */ {{)".into());
    }
    None
}

/// Control characters, bidirectional overrides and invisible ones that can hide or reorder text.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text made safe to print: unsafe characters are shown as escapes.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_unsafe(c) && c != '\n') {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) && c != '\n' {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// The start of a text, for a message: at most `most` characters, safe to print, on one line.
#[must_use]
pub fn excerpt(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut start: String = line.chars().take(most).collect();
    if line.chars().count() > most {
        start.push('…');
    }
    printable(&start).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparison_ignores_case_width_and_white_space() {
        assert_eq!(normalize("  I’m  A\u{3000}ＴＥＡ pot "), "i'm a tea pot");
    }

    #[test]
    fn hostile_values_have_a_fault() {
        for value in [
            "",
            " a",
            "a\u{202e}b",
            "a\0",
            "=1+1",
            "@x",
            "<b>",
            "a*/b",
            "{{x",
            "a\nb",
        ] {
            assert!(fault(value).is_some(), "{value:?}");
        }
        for value in [
            "I'm a teapot",
            "(Unused)",
            "继续",
            "Requested range not satisfiable",
            "\"quoted\"",
        ] {
            assert_eq!(fault(value), None, "{value:?}");
        }
    }
}
