//! Text and links as Markdown shows them unchanged: for `CONFLICTS.md`, and for Rust's documentation.

/// Text that is shown as it is, in a paragraph or in a cell.
pub fn text(text: &str) -> String {
    escape(text, "\\`*_[]<>#~!|&$")
}

/// A link with this text.
pub fn link(title: &str, url: &str) -> String {
    format!("[{}]({})", text(title), escape(url, "\\()&"))
}

fn escape(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
