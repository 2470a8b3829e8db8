//! Which phrases look like slips for others.

use crate::model::{Meaning, text};

/// The known phrase of a meaning that a phrase is a slip for: at most one edit away for every eight
/// characters or part of them. Nothing if the phrase is known itself.
pub fn slip_for<'m>(phrase: &str, meaning: &'m Meaning) -> Option<&'m str> {
    let written = text::normalize(phrase);
    if is_known(&written, meaning) {
        return None;
    }
    meaning
        .phrases()
        .find(|known| is_near(&written, &text::normalize(known)))
}

/// Whether one phrase is written with a slip in it, if the other is meant. Capitals are none.
pub fn is_slip(written: &str, meant: &str) -> bool {
    let (written, meant) = (text::normalize(written), text::normalize(meant));
    written != meant && is_near(&written, &meant)
}

/// Whether the meaning is known by a phrase, given in its normal form.
pub fn is_known(normal: &str, meaning: &Meaning) -> bool {
    meaning
        .phrases()
        .any(|known| text::normalize(known) == normal)
}

fn is_near(phrase: &str, known: &str) -> bool {
    let length = known.chars().count();
    // Two letters with one of them changed are another word.
    let most = if length < 4 { 0 } else { length.div_ceil(8) };
    // Counting edits takes time in proportion to both lengths, and most phrases differ in theirs.
    phrase.chars().count().abs_diff(length) <= most && strsim::osa_distance(phrase, known) <= most
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn one_edit_in_eight_characters_is_a_slip() {
        for (phrase, known, near) in [
            ("moved temporatily", "moved temporarily", true),
            ("not fuond", "not found", true),
            ("gnoe", "gone", true),
            ("ko", "ok", false),
            ("payload too large", "content too large", false),
            ("", "gone", false),
        ] {
            assert_eq!(is_near(phrase, known), near, "{phrase}");
        }
    }
}
