//! Unicode's normalisation form C (UAX #15). The crate that holds the tables has it too, but cannot
//! leave out those of compatibility, which form C never needs and every visitor would download.

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

/// Of how many characters one character of form C is composed, at most.
pub const LONGEST_DECOMPOSITION: usize = 4;

/// The text in form C.
pub fn nfc(text: &str) -> String {
    let mut composed: Vec<char> = Vec::new();
    // Where the last starter stands: what follows may be composed with it.
    let mut starter = None;
    for c in decomposed(text) {
        if let Some(at) = starter
            && !is_blocked(&composed[at + 1..], c)
            && let Some(one) = compose(composed[at], c)
        {
            composed[at] = one;
            continue;
        }
        if is_starter(c) {
            starter = Some(composed.len());
        }
        composed.push(c);
    }
    composed.into_iter().collect()
}

/// The full canonical decomposition, in canonical order: the marks after each starter by their class.
fn decomposed(text: &str) -> Vec<char> {
    let mut chars = Vec::new();
    for c in text.chars() {
        decompose_canonical(c, |part| chars.push(part));
    }
    for starter_and_marks in chars.chunk_by_mut(|_, &next| !is_starter(next)) {
        starter_and_marks.sort_by_key(|&c| canonical_combining_class(c));
    }
    chars
}

fn is_starter(c: char) -> bool {
    canonical_combining_class(c) == 0
}

/// Whether the marks between a starter and `c` keep the two apart.
fn is_blocked(between: &[char], c: char) -> bool {
    between
        .last()
        .is_some_and(|&mark| canonical_combining_class(mark) >= canonical_combining_class(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn every_character_alone_and_after_a_letter_is_as_the_crate_has_it() {
        for c in '\0'..=char::MAX {
            for text in [
                format!("{c}"),
                format!("a\u{328}{c}"),
                format!("{c}\u{301}"),
            ] {
                let expected: String = text.nfc().collect();
                assert_eq!(nfc(&text), expected, "with {}", c.escape_unicode());
            }
        }
    }

    #[test]
    fn no_decomposition_is_longer_than_said() {
        let longest = ('\0'..=char::MAX)
            .map(|c| decomposed(&c.to_string()).len())
            .max();
        assert_eq!(longest, Some(LONGEST_DECOMPOSITION));
    }

    proptest! {
        #[test]
        fn letters_marks_and_jamo_in_any_order(
            text in "[a-eA-Eé가각ᄀ-다-ᅣᆨ-ᆪ\u{300}-\u{345}\u{5b0}-\u{5c7}\u{9c7}\u{9be}\u{f71}-\u{f80}]{0,12}",
        ) {
            let expected: String = text.nfc().collect();
            prop_assert_eq!(nfc(&text), expected);
        }
    }
}
