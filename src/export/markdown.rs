//! Text and links as Markdown shows them unchanged: for `CONFLICTS.md`, and for Rust's documentation.

use crate::model::text::starts_link;

/// Text that is shown as it is, in a paragraph or in a cell.
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if "\\`*_[]<>#~!|&$".contains(c) || starts_link(text, at) {
            shown.push('\\');
        } else if c == '@' {
            // Code hosts look for mail addresses in what is shown, so that no escape helps.
            shown.push_str("<!-- -->");
        }
        shown.push(c);
    }
    shown
}

/// A link with this text.
pub fn link(title: &str, url: &str) -> String {
    let mut target = String::with_capacity(url.len());
    for c in url.chars() {
        if "\\()&".contains(c) {
            target.push('\\');
        }
        target.push(c);
    }
    format!("[{}]({target})", text(title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_link_of_itself() {
        for (written, shown) in [
            ("see http://a.example: b", "see http\\://a.example: b"),
            ("WWW.a.example", "WWW\\.a.example"),
            ("ask a@b.example", "ask a<!-- -->@b.example"),
            ("w.w: x//y", "w.w: x//y"),
        ] {
            assert_eq!(text(written), shown);
        }
        assert_eq!(link("a", "https://b/(c)"), "[a](https://b/\\(c\\))");
    }
}
