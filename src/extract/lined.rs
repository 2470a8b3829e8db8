use std::ops::Range;

/// Text that knows on which line of its document each part of it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lined {
    text: String,
    /// Where in the text a line begins to hold, in order.
    marks: Vec<(usize, u32)>,
}

impl Lined {
    /// Text that stands on one line.
    pub fn new(line: u32, text: &str) -> Self {
        let mut lined = Self::default();
        lined.push(line, text);
        lined
    }

    /// Adds text that stands on a line. Newlines in it do not count.
    pub fn push(&mut self, line: u32, text: &str) {
        self.mark(line);
        self.text.push_str(text);
    }

    /// Adds text that starts on a line, with its white space folded as a reader sees it: a no-break
    /// space is a space. Returns the line on which it ends.
    pub fn push_folded(&mut self, mut line: u32, text: &str) -> u32 {
        self.mark(line);
        let mut rest = text;
        loop {
            let next = rest.trim_start();
            let space = &rest[..rest.len() - next.len()];
            if !space.is_empty() {
                self.push_space();
                line = line.saturating_add(newlines(space));
                self.mark(line);
            }
            if next.is_empty() {
                return line;
            }
            let words;
            (words, rest) = next.split_at(folded(next));
            self.text.push_str(words);
        }
    }

    /// Adds a space unless the text is empty or ends with one.
    pub fn push_space(&mut self) {
        if !(self.text.is_empty() || self.text.ends_with([' ', '\n'])) {
            self.text.push(' ');
        }
    }

    /// Adds another text behind a space.
    pub fn append(&mut self, other: Self) {
        if self.text.is_empty() {
            *self = other;
            return;
        }
        if other.text.is_empty() {
            return;
        }
        self.push_space();
        let base = self.text.len();
        self.marks
            .extend(other.marks.iter().map(|(at, line)| (base + at, *line)));
        self.text.push_str(&other.text);
    }

    fn mark(&mut self, line: u32) {
        if self.marks.last().is_none_or(|(_, last)| *last != line) {
            self.marks.push((self.text.len(), line));
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The line on which the character at an offset stands.
    pub fn line_at(&self, offset: usize) -> u32 {
        let after = self.marks.partition_point(|(at, _)| *at <= offset);
        let mark = after
            .checked_sub(1)
            .and_then(|index| self.marks.get(index))
            .or(self.marks.first());
        mark.map_or(1, |(_, line)| *line)
    }

    /// The line on which the first character that is not white space stands.
    pub fn line(&self) -> u32 {
        self.line_at(self.text.len() - self.text.trim_start().len())
    }

    /// A part of the text.
    pub fn slice(&self, range: Range<usize>) -> Self {
        if range.is_empty() {
            return Self::default();
        }
        let first = self.marks.partition_point(|(at, _)| *at <= range.start);
        let inside = self.marks[first..].iter();
        let inside = inside.take_while(|(at, _)| *at < range.end);
        let inside = inside.map(|(at, line)| (at - range.start, *line));
        Self {
            marks: std::iter::once((0, self.line_at(range.start)))
                .chain(inside)
                .collect(),
            text: self.text[range].to_owned(),
        }
    }

    /// The same text on other lines.
    pub fn map_lines(mut self, line_of: impl Fn(u32) -> u32) -> Self {
        self.marks
            .iter_mut()
            .for_each(|(_, line)| *line = line_of(*line));
        self
    }

    /// The text without white space at its ends.
    pub fn trimmed(mut self) -> Self {
        let Range { start, end } = self.inside();
        if start > 0 {
            return self.slice(start..end);
        }
        self.text.truncate(end);
        let inside = self.marks.partition_point(|(at, _)| *at < end);
        self.marks.truncate(inside);
        self
    }

    /// What is between white space at the ends.
    fn inside(&self) -> Range<usize> {
        let text = self.text.trim_end();
        text.len() - text.trim_start().len()..text.len()
    }

    /// A copy of the text without white space at its ends.
    pub fn copied(&self) -> Self {
        self.slice(self.inside())
    }

    /// Makes room for another text.
    pub fn clear(&mut self) {
        self.text.clear();
        self.marks.clear();
    }

    /// The text alone, in no more memory than it needs.
    pub fn into_string(mut self) -> String {
        self.text.shrink_to_fit();
        self.text
    }
}

/// How many bytes are looked at side by side.
const LANES: usize = 32;

/// Whether a byte could be the first of white space in UTF-8. Here and in what calls it no branches, so
/// that the processor can do it for many bytes at once.
fn starts_space(byte: u8) -> bool {
    (byte.wrapping_sub(b'\t') < 5) | (byte == b' ') | (byte == 0xc2) | (byte.wrapping_sub(0xe1) < 3)
}

/// How many of the first bytes are words with one space between them, as far as a byte and the next
/// can tell that.
fn words(bytes: &[u8]) -> usize {
    let mut at = 0;
    for window in bytes.windows(LANES + 1).step_by(LANES) {
        let pairs = window[..LANES].iter().zip(&window[1..]);
        let mut first = u8::MAX;
        for (place, (&byte, &next)) in pairs.enumerate() {
            let before_word = (byte == b' ') & next.is_ascii_graphic();
            let odd = starts_space(byte) & !before_word;
            // A byte is enough for a place in the window.
            first = first.min(if odd { place as u8 } else { u8::MAX });
        }
        if first < u8::MAX {
            return at + usize::from(first);
        }
        at += LANES;
    }
    while let Some(&byte) = bytes.get(at) {
        if !starts_space(byte) {
            at += 1;
        } else if byte == b' ' && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic) {
            at += 2;
        } else {
            break;
        }
    }
    at
}

/// How much of a text is words with one space between them.
fn folded(text: &str) -> usize {
    let mut at = 0;
    loop {
        at += words(&text.as_bytes()[at..]);
        // White space does not start within a character.
        let mut chars = text[at..].chars();
        let is_word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let c = chars.next();
        if !(is_word(c) || c == Some(' ') && is_word(chars.next())) {
            return at;
        }
        at += c.map_or(1, char::len_utf8);
    }
}

/// How many newlines there are.
pub fn newlines(text: impl AsRef<[u8]>) -> u32 {
    // No more at once than fit into a byte, in which the processor counts many side by side.
    let few = text.as_ref().chunks(usize::from(u8::MAX));
    few.map(|bytes| {
        let found = bytes.iter().map(|byte| u8::from(*byte == b'\n'));
        u32::from(found.sum::<u8>())
    })
    .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_keeps_its_line() {
        let mut text = Lined::default();
        let end = text.push_folded(3, "  one\n two\n\nthree ");
        text.push_folded(end, "four");
        assert_eq!(text.as_str(), "one two three four");
        for (word, line) in [("one", 3), ("two", 4), ("three", 6), ("four", 6)] {
            assert_eq!(
                text.line_at(text.as_str().find(word).expect("the word")),
                line,
                "{word}"
            );
        }
        let part = text.slice(4..13);
        assert_eq!(
            (part.as_str(), part.line_at(0), part.line_at(4)),
            ("two three", 4, 6)
        );
        text.append(part);
        let lines = [3, 19, 23].map(|at| text.line_at(at));
        assert_eq!(
            (text.as_str(), lines),
            ("one two three four two three", [3, 4, 6])
        );
    }

    #[test]
    fn white_space_is_folded_whatever_it_is() {
        for text in [
            "一 二\u{3000}三\u{a0}four\u{85}é\u{2003}€  ",
            "\u{3000} 一 二 \u{2028} 三  four \t é\u{1680}€",
        ] {
            let mut folded = Lined::default();
            folded.push_folded(1, text);
            assert_eq!(folded.trimmed().as_str(), "一 二 三 four é €");
        }
    }

    #[test]
    fn white_space_is_folded_wherever_it_is() {
        let spaces = ["\n", " ", "  ", " \t", "\u{85}", "\u{3000} ", "\u{2028}"];
        let words = ["a", "é", "一", "。", "\u{200b}", "~", "\u{7f}"];
        for (space, word) in spaces
            .iter()
            .flat_map(|space| words.map(|word| (space, word)))
        {
            for (before, after) in (0..=2 * LANES).flat_map(|before| [(before, 0), (before, LANES)])
            {
                let text = [&word.repeat(before), *space, &word.repeat(after)].concat();
                let mut folded = Lined::default();
                folded.push_folded(1, &text);
                let plain: Vec<&str> = text.split_whitespace().collect();
                assert_eq!(folded.trimmed().as_str(), plain.join(" "), "{text:?}");
            }
        }
    }

    #[test]
    fn a_part_knows_only_its_own_lines() {
        let mut text = Lined::default();
        text.push_folded(3, "one\ntwo");
        assert_eq!(text.slice(0..4), Lined::new(3, "one "));
        let mut text = Lined::new(3, "one");
        text.push(4, " ");
        assert_eq!(text.trimmed(), Lined::new(3, "one"));
        let mut text = Lined::new(3, "\n ");
        assert_eq!(text.clone().trimmed(), Lined::default());
        text.push(4, "two\n");
        assert_eq!(text.trimmed(), Lined::new(4, "two"));
    }
}
