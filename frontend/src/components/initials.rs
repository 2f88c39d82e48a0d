//! What stands for a person whose picture is not there: the first letters of their name, on a quiet
//! tint that stays the same for the same name. The style sheet makes the letters capitals.

/// How many tints the style sheet has.
const TINTS: u32 = 6;

/// One or two letters.
pub fn initials(name: &str) -> String {
    let mut letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .filter(|first| first.is_alphanumeric());
    match (letters.next(), letters.next_back()) {
        (Some(first), Some(last)) if is_cased(first) && is_cased(last) => {
            [first, last].into_iter().collect()
        }
        (Some(first), _) => first.into(),
        (None, _) => name.chars().take(1).collect(),
    }
}

/// The class of the tint.
pub fn tint(name: &str) -> String {
    let sum = name.chars().fold(7u32, |sum, c| {
        sum.wrapping_mul(31).wrapping_add(u32::from(c))
    });
    format!("tint-{}", sum % TINTS)
}

/// Scripts without upper and lower case write words too dense for two of them side by side.
fn is_cased(letter: char) -> bool {
    letter.is_uppercase() || letter.is_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{initials, tint};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_name_in_any_script_has_initials() {
        for (name, expected) in [
            ("ada lovelace", "al"),
            ("Kim", "K"),
            ("Kim (2)", "K"),
            ("Jean de La Fontaine", "JF"),
            ("한별", "한"),
            ("김 한별", "김"),
            ("🦊 fox", "f"),
            ("🦊", "🦊"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[wasm_bindgen_test]
    fn the_same_name_keeps_its_tint() {
        assert_eq!(tint("Kim"), tint("Kim"));
        assert!(
            ["Kim", "Lee", "Ada", "Bo"]
                .iter()
                .any(|name| tint(name) != tint("Mo"))
        );
    }
}
