//! Names as the server takes them: in Unicode's normalisation form C (UAX #15), so that one spelling
//! is one name. What a name may consist of is `shared`'s; a page normalises by its browser's means.

use std::fmt;
use std::sync::Arc;

use shared::{Nickname, Rejection, RoomName};
use unicode_normalization::UnicodeNormalization;

/// What makes two room names the same room: NFC(lowercase(NFC(name))).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomKey(Arc<str>);

/// A room's name as a client wrote it.
///
/// # Errors
/// [`Rejection::InvalidRoomName`].
pub fn room_name(text: &str) -> Result<RoomName, Rejection> {
    RoomName::new(&nfc(text)).map_err(|why| Rejection::InvalidRoomName { why })
}

/// A person's name as a client wrote it.
///
/// # Errors
/// [`Rejection::InvalidNickname`].
pub fn nickname(text: &str) -> Result<Nickname, Rejection> {
    Nickname::new(&nfc(text)).map_err(|why| Rejection::InvalidNickname { why })
}

/// What the names begin with that are made up here: nobody types one by chance.
const MADE_UP: char = '~';

/// A name for a room of two who are brought together, which nobody can guess: 128 random bits.
#[must_use]
pub fn made_up() -> RoomName {
    let name = format!("{MADE_UP}{:032x}", rand::random::<u128>());
    RoomName::new(&name).expect("a tilde and hexadecimal digits are a name")
}

/// Whether a name is such a one.
#[must_use]
pub fn is_made_up(name: &str) -> bool {
    let digits = name.strip_prefix(MADE_UP);
    digits.is_some_and(|digits| {
        digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

impl RoomKey {
    /// The key of the room of that name.
    #[must_use]
    pub fn of(name: &RoomName) -> Self {
        Self(nfc(&nfc(name.as_str()).to_lowercase()).into())
    }

    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn nfc(text: &str) -> String {
    text.nfc().collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared::NameError;

    #[test]
    fn spelling_does_not_divide_a_room() {
        let key = |name: &str| RoomKey::of(&room_name(name).unwrap());
        assert_eq!(key("Café"), key("cafe\u{301}"));
        assert_eq!(key("CAFÉ"), key("café"));
        assert_ne!(key("cafe"), key("café"));
    }

    #[test]
    fn length_counts_what_is_composed() {
        // Decomposed, each syllable is three scalars; in NFC it is one.
        let decomposed: String = "한".repeat(40).nfd().collect();
        assert_eq!(nickname(&decomposed).unwrap().as_str(), "한".repeat(40));
    }

    #[test]
    fn what_composes_to_a_reserved_name_is_reserved() {
        let kelvin = room_name("soc\u{212A}et.io");
        let why = NameError::Reserved;
        assert_eq!(kelvin, Err(Rejection::InvalidRoomName { why }));
    }

    proptest! {
        #[test]
        fn a_valid_name_stays_as_it_is(text in "\\PC{0,80}") {
            if let Ok(name) = room_name(&text) {
                prop_assert_eq!(room_name(name.as_str()), Ok(name));
            }
        }
    }
}
