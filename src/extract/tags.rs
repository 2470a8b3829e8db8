//! How many attributes a tag has that is not yet at its end, told from its text alone.

/// Where in a tag a character stands, as the tokenizer of HTML sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Behind `<` or `</`.
    Opening,
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Unquoted,
    SingleQuoted,
    DoubleQuoted,
}

/// The tags that may be open at a place. Not each `<` starts one: it may stand in a comment or in a value of
/// an attribute. So each is followed, and of those that come to the same state, the one with the most attributes.
#[derive(Clone, Default)]
pub struct OpenTags([Option<(State, usize)>; STATES]);

/// How many states there are.
const STATES: usize = State::DoubleQuoted as usize + 1;

impl State {
    /// The state behind one more byte; nothing if the tag ends, or is none.
    fn behind(self, byte: u8) -> Option<Self> {
        use State::{
            AfterName, BeforeName, BeforeValue, DoubleQuoted, Name, Opening, SingleQuoted, TagName,
            Unquoted,
        };
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c');
        Some(match (self, byte) {
            (SingleQuoted, b'\'') | (DoubleQuoted, b'"') => BeforeName,
            (SingleQuoted | DoubleQuoted, _) => self,
            (_, b'>') => return None,
            (Opening, b'/') => Opening,
            (Opening, _) if !byte.is_ascii_alphabetic() => return None,
            (BeforeValue, b'\'') => SingleQuoted,
            (BeforeValue, b'"') => DoubleQuoted,
            (BeforeValue | BeforeName | AfterName, _) if is_space => self,
            (BeforeValue, _) => Unquoted,
            (Name, _) if is_space => AfterName,
            (Unquoted | TagName, _) if is_space => BeforeName,
            (Unquoted, _) => Unquoted,
            (Name | AfterName, b'=') => BeforeValue,
            (Name | AfterName | BeforeName | TagName, b'/') => BeforeName,
            (Opening | TagName, _) => TagName,
            (Name | AfterName | BeforeName, _) => Name,
        })
    }
}

impl OpenTags {
    /// Goes on behind more text.
    pub fn read(&mut self, text: &str) {
        for byte in text.bytes() {
            let before = std::mem::take(&mut self.0);
            for (state, attributes) in before.into_iter().flatten() {
                if let Some(next) = state.behind(byte) {
                    let starts = next == State::Name && state != State::Name;
                    self.add(next, attributes + usize::from(starts));
                }
            }
            if byte == b'<' {
                self.add(State::Opening, 0);
            }
        }
    }

    fn add(&mut self, state: State, attributes: usize) {
        let known = &mut self.0[state as usize];
        let most = known.map_or(attributes, |(_, known)| known.max(attributes));
        *known = Some((state, most));
    }

    /// How many attributes the tag has that is open here, at most.
    pub fn attributes(&self) -> usize {
        let attributes = self.0.iter().flatten().map(|(_, attributes)| *attributes);
        attributes.max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(text: &str) -> usize {
        let mut tags = OpenTags::default();
        tags.read(text);
        tags.attributes()
    }

    #[test]
    fn attributes_are_counted_as_the_tokenizer_does() {
        for (text, expected) in [
            ("<p a b=c d='e f' g=\"h i\"j k / l/m", 8),
            ("</p a b", 2),
            ("<p =a b = c = d", 4),
            ("<p \"a b' c", 3),
            ("<p a=b/c d=e\"f g", 3),
            ("<p a='b c d", 1),
            ("<p a=\"b ' c", 1),
            ("<p/a\u{e4}\tb\nc\rd\u{c}e", 5),
            // Nothing is open.
            ("<p a b> c d", 0),
            ("< p a b", 0),
            ("<!-- a b c", 0),
            ("<!-- <p a> b c", 0),
            ("a b c", 0),
            // Both may be.
            ("<p a=\"<b c d e", 3),
            ("<p a b <b c", 4),
        ] {
            assert_eq!(attributes(text), expected, "{text}");
        }
    }
}
