/// The reason phrases that IANA's registry gives, each at the index that its code is.
static PHRASES: [Option<&str>; 600] = {
    let mut phrases = [None; 600];
    let mut index = 0;
    while index < MEANINGS.len() {
        let meaning = &MEANINGS[index];
        if is_listed(meaning) {
            phrases[meaning.code as usize] = meaning.phrase;
        }
        index += 1;
    }
    phrases
};

/// The reason phrase that IANA's registry gives a code; nothing for codes that it does not list
/// with one. See [`meanings_of`] for what else a code is used for.
///
#[doc = example!(r#"assert_eq!(reason_phrase(404), Some("Not Found"));"# "assert_eq!(reason_phrase(499), None);")]
#[inline]
#[must_use]
pub const fn reason_phrase(code: u16) -> Option<&'static str> {
    // What lies beyond the table is looked up as 0, which has no phrase: that is faster than to branch.
    let index = code as usize;
    PHRASES[if index < PHRASES.len() { index } else { 0 }]
}

/// All meanings of a code: the one that IANA has registered, if any, comes first.
///
#[doc = example!(r#"assert_eq!(meanings_of(421)[0].phrase, Some("Misdirected Request"));"# "assert!(meanings_of(299).is_empty());")]
#[must_use]
pub const fn meanings_of(code: u16) -> &'static [Meaning] {
    let (up_to_it, _) = MEANINGS.split_at(meanings_below(code as u32 + 1));
    let (_, of_it) = up_to_it.split_at(meanings_below(code as u32));
    of_it
}

/// How many meanings have a code below a limit.
const fn meanings_below(limit: u32) -> usize {
    let (mut low, mut high) = (0, MEANINGS.len());
    while low < high {
        let middle = (low + high) / 2;
        if (MEANINGS[middle].code as u32) < limit {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The meaning with this id, in any case of letters.
///
#[doc = example!(r#"assert_eq!(meaning("404-not-found").unwrap().code, NOT_FOUND);"#)]
#[must_use]
pub const fn meaning(id: &str) -> Option<&'static Meaning> {
    let mut index = 0;
    while index < MEANINGS.len() {
        if eq_ignore_case(MEANINGS[index].id, id) {
            return Some(&MEANINGS[index]);
        }
        index += 1;
    }
    None
}

/// The code with this reason phrase, in any case of letters. Registered phrases are looked at
/// first, then their former ones, then those of codes that are not registered.
///
#[doc = example!(r#"assert_eq!(code_of_phrase("payload too large"), Some(CONTENT_TOO_LARGE));"#)]
#[must_use]
pub const fn code_of_phrase(phrase: &str) -> Option<u16> {
    let mut best = None;
    let mut best_rank = 4;
    let mut index = 0;
    while index < MEANINGS.len() {
        let meaning = &MEANINGS[index];
        let rank = match (is_listed(meaning), bears(meaning, phrase)) {
            (true, true) => 0,
            (true, false) if bore(meaning, phrase) => 1,
            (false, true) => 2,
            (false, false) if bore(meaning, phrase) => 3,
            _ => 4,
        };
        if rank < best_rank {
            best = Some(meaning.code);
            best_rank = rank;
        }
        index += 1;
    }
    best
}

/// Whether IANA's registry lists the meaning.
const fn is_listed(meaning: &Meaning) -> bool {
    !matches!(meaning.registration, Registration::Unregistered)
}

/// Whether this is the meaning's phrase.
const fn bears(meaning: &Meaning, phrase: &str) -> bool {
    matches!(meaning.phrase, Some(own) if eq_ignore_case(own, phrase))
}

/// Whether the meaning had this phrase before.
const fn bore(meaning: &Meaning, phrase: &str) -> bool {
    let mut index = 0;
    while index < meaning.former_phrases.len() {
        if eq_ignore_case(meaning.former_phrases[index].phrase, phrase) {
            return true;
        }
        index += 1;
    }
    false
}

/// [`str::eq_ignore_ascii_case`], which is `const` since Rust 1.89 only.
const fn eq_ignore_case(one: &str, two: &str) -> bool {
    let (one, two) = (one.as_bytes(), two.as_bytes());
    if one.len() != two.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if !one[index].eq_ignore_ascii_case(&two[index]) {
            return false;
        }
        index += 1;
    }
    true
}
