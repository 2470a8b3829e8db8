//! What text may hold, and how texts are compared.

use std::borrow::Cow;

/// The form in which phrases, names and terms are compared: lower case, one space for any run of
/// white space, full-width ASCII and curly apostrophes made plain.
#[must_use]
pub fn normalize(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '!'..='~' => normal.push(c.to_ascii_lowercase()),
            '\u{ff01}'..='\u{ff5e}' => {
                let plain = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
                normal.push(plain.to_ascii_lowercase());
            }
            '\u{2018}' | '\u{2019}' => normal.push('\''),
            c if c.is_whitespace() => {
                if !(normal.is_empty() || normal.ends_with(' ')) {
                    normal.push(' ');
                }
            }
            c => normal.extend(c.to_lowercase()),
        }
    }
    normal.truncate(normal.trim_end().len());
    normal
}

/// The longest value that a field may have, in bytes.
pub const MAX_VALUE: usize = 2_000;

/// What makes a spreadsheet take a cell for a formula when it stands first, in half and full width.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What ends a comment, and what opens a part of a template.
const PAIRS: [&[u8]; 4] = [b"*/", b"{{", b"{%", b"{#"];

/// Whether a spreadsheet that starts a cell behind a `;` would take what stands there for a formula.
fn starts_formula(value: &str) -> bool {
    let mut parts = value.split(';').skip(1);
    parts.any(|part| part.starts_with(FORMULA_STARTS))
}

fn too_long() -> String {
    format!("is longer than MAX_VALUE ({MAX_VALUE} bytes, in src/model/text.rs)")
}

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
        return Some(too_long());
    }
    let has_word = value.chars().any(char::is_alphanumeric);
    let without_word = || (!has_word).then(|| "holds no letter or digit".to_owned());
    // Most values need no closer look.
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(
                c,
                ' ' | '(' | ')' | ',' | '.' | '/' | ':' | '\'' | '_' | '\u{4e00}'..='\u{9fff}'
            )
    };
    if value.chars().all(is_plain) {
        return without_word();
    }
    if value.contains(char::REPLACEMENT_CHARACTER) {
        return Some("holds \\u{fffd}, which stands for a character that was lost".into());
    }
    if let Some(c) = value.chars().find(|&c| is_unsafe(c)) {
        return Some(format!(
            "holds the invisible character {}",
            c.escape_unicode()
        ));
    }
    if value.starts_with(FORMULA_STARTS) {
        return Some(
            "starts with a character that makes a spreadsheet take it for a formula".into(),
        );
    }
    if starts_formula(value) {
        return Some(
            "has a `;` before a character that makes a spreadsheet take what follows for a formula"
                .into(),
        );
    }
    let pairs = value.as_bytes().windows(2);
    let holds_pair = |pair: &[u8]| pairs.clone().any(|held| held == pair);
    if value.contains(['<', '>', '|', '\\', '`']) || PAIRS.into_iter().any(holds_pair) {
        return Some("holds markup (one of < > | \\ ` */ {{ {% {#)".into());
    }
    without_word()
}

/// Whether this hides or reorders text, or is none: control characters, what Unicode calls default
/// ignorable (bidirectional overrides are), the other line ends, and what is no character.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether this is an address on the web, written so that it can stand in any format as it is.
#[must_use]
pub fn is_web_address(url: &str) -> bool {
    web_address_fault(url).is_none()
}

/// Why this is no such address: the first fault found, and how to mend it.
#[must_use]
pub fn web_address_fault(url: &str) -> Option<String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Some("is no web address".into());
    };
    if !["https", "http"].contains(&scheme) {
        let plain = scheme.to_ascii_lowercase();
        return Some(if ["https", "http"].contains(&plain.as_str()) {
            format!("starts with {scheme}: write {plain}")
        } else {
            "is no web address".into()
        });
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_of_hosts = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
    if host.contains('@') {
        return Some("holds a user or a password, which everybody could read: take it out".into());
    }
    if host.starts_with('[') {
        return Some("has an IPv6 address for its host: give the host's name".into());
    }
    if let Some(c) = host.chars().find(|c| !c.is_ascii()) {
        let c = c.escape_debug();
        return Some(format!(
            "has a host with `{c}`: write it in ASCII, as xn--…"
        ));
    }
    if !host.starts_with(|c: char| c.is_ascii_alphanumeric()) || !host.chars().all(is_of_hosts) {
        return Some("has no host that could be on the web".into());
    }
    if url.len() > MAX_VALUE {
        return Some(too_long());
    }
    if starts_formula(url) {
        let fault = "has a `;` before a character that makes a spreadsheet take what follows for a formula: write %3B";
        return Some(fault.into());
    }
    let c = url
        .chars()
        .find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c))?;
    let mut bytes = [0; 4];
    let bytes = c.encode_utf8(&mut bytes).bytes();
    let written: String = bytes.map(|byte| format!("%{byte:02X}")).collect();
    Some(format!("holds `{}`: write {written}", c.escape_debug()))
}

/// Whether this is a language, then perhaps a script and a region, as BCP 47 writes them.
#[must_use]
pub fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-').peekable();
    let lower = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    let upper = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
    let language = parts
        .next()
        .is_some_and(|part| (2..=3).contains(&part.len()) && lower(part));
    let script = |part: &&str| {
        part.len() == 4 && part.is_char_boundary(1) && upper(&part[..1]) && lower(&part[1..])
    };
    parts.next_if(script);
    parts.next_if(|part| part.len() == 2 && upper(part));
    language && parts.next().is_none()
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

/// Why a value must not go into a text in English or Chinese: the first fault found.
#[must_use]
pub fn sentence_fault(value: &str) -> Option<String> {
    let right_to_left = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    fault(value).or_else(|| {
        let letter = value.chars().find(|c| right_to_left(*c))?;
        let letter = letter.escape_unicode();
        Some(format!(
            "holds {letter}, which is written from right to left"
        ))
    })
}

/// Why a value is no reason phrase that a server could send everywhere: the first fault found. RFC
/// 9112, Section 4, leaves it at ASCII for new ones.
#[must_use]
pub fn phrase_fault(value: &str) -> Option<String> {
    fault(value).or_else(|| {
        let stranger = value.chars().find(|c| !c.is_ascii())?;
        Some(format!(
            "holds {stranger}, which is not ASCII",
            stranger = stranger.escape_unicode()
        ))
    })
}

/// Whether code hosts take a text for an address on the web because of what is at this offset: `://`, or
/// the point behind `www`.
#[must_use]
pub fn starts_link(text: &str, at: usize) -> bool {
    let (before, rest) = text.split_at(at);
    let www = before.get(before.len().saturating_sub(3)..);
    rest.starts_with("://")
        || rest.starts_with('.') && www.is_some_and(|www| www.eq_ignore_ascii_case("www"))
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
            "＝1",
            "a\u{fffd}b",
            "a\u{ad}b",
            "a\u{ffff}b",
            "a\u{1fffe}b",
            "a;=b",
            "a;＋b",
            "()",
            "\u{2800}",
        ] {
            assert!(fault(value).is_some(), "{value:?}");
        }
        for value in [
            "I'm a teapot",
            "(Unused)",
            "继续",
            "Requested range not satisfiable",
            "\"quoted\"",
            "a; b = c",
            "غير موجود",
            "𝑷𝒍𝒖𝒔",
        ] {
            assert_eq!(fault(value), None, "{value:?}");
        }
    }
    #[test]
    fn only_plain_addresses_on_the_web_pass() {
        for url in [
            "https://example.org",
            "http://example.org:8080/a_(b)?c=d&e#f",
        ] {
            assert!(is_web_address(url), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "https:example.org",
            "https://",
            "https:///x",
            "https://me@example.org/",
            "https://example.org/a b",
            "https://example.org/a;=b",
            "https://example.org/\"x",
            "https://example.org/名",
            "https://example.org/{{x}}",
            "https://-/",
        ] {
            assert!(!is_web_address(url), "{url}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said() {
        for (url, fault) in [
            ("ftp://example.org/", "is no web address"),
            ("HTTP://example.org/", "starts with HTTP: write http"),
            (
                "https://me:secret@example.org/",
                "holds a user or a password, which everybody could read: take it out",
            ),
            (
                "https://[2606:4700::1111]/",
                "has an IPv6 address for its host: give the host's name",
            ),
            (
                "https://é.example/",
                "has a host with `é`: write it in ASCII, as xn--…",
            ),
            ("https://a_b/", "has no host that could be on the web"),
            ("https://example.org/é", "holds `é`: write %C3%A9"),
            ("https://example.org/a b", "holds ` `: write %20"),
            (
                "https://example.org/\u{202e}",
                "holds `\\u{202e}`: write %E2%80%AE",
            ),
        ] {
            assert_eq!(web_address_fault(url).as_deref(), Some(fault));
        }
    }
}
