//! Names for rooms, for those who have none in mind: `amber-harbour-42`. Easy to say over the phone,
//! and enough of them that two strangers hardly get the same.

const FIRST: [&str; 32] = [
    "amber", "bold", "brisk", "calm", "clear", "cosy", "crisp", "deep", "early", "fair", "fresh",
    "gentle", "golden", "green", "kind", "late", "light", "lively", "mellow", "merry", "mild",
    "neat", "open", "plain", "quiet", "rosy", "silver", "soft", "sunny", "swift", "warm", "wide",
];

const SECOND: [&str; 32] = [
    "attic", "bakery", "bay", "bridge", "brook", "cabin", "cedar", "cloud", "cove", "field",
    "forest", "garden", "harbour", "hill", "island", "kitchen", "lake", "lantern", "library",
    "maple", "meadow", "orchard", "pine", "porch", "river", "shore", "studio", "table", "terrace",
    "valley", "village", "willow",
];

/// A name drawn by three random bytes.
pub fn room([first, second, number]: [u8; 3]) -> String {
    format!(
        "{}-{}-{}",
        drawn(FIRST, first),
        drawn(SECOND, second),
        10 + number % 90
    )
}

fn drawn(words: [&'static str; 32], byte: u8) -> &'static str {
    words[usize::from(byte) % words.len()]
}

#[cfg(test)]
mod tests {
    use super::room;
    use shared::RoomName;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn every_suggestion_is_a_valid_name() {
        for byte in 0..=255 {
            let name = room([byte, byte.wrapping_mul(7), byte]);
            assert!(RoomName::new(&name).is_ok(), "{name}");
        }
    }
}
