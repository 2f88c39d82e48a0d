//! Names that people give: of rooms and of themselves. Validated newtypes: what has the type is
//! valid. Their look on the page (twins, truncation) is left to the page, and Unicode's normal form
//! to whoever reads a name from a person: browser and server have their own means for it.

use std::fmt;

use crate::limits;
use serde::{Deserialize, Serialize};

/// Room names that would collide with paths of the server or of the browser.
const RESERVED: [&str; 9] = [
    "-",
    ".",
    "..",
    "socket.io",
    "ws",
    "healthz",
    "readyz",
    "favicon.ico",
    "robots.txt",
];

/// A room's name as its opener spelled it: trimmed, 1 to 64 scalar values of any script.
///
/// Refused are control, bidi-control and invisible characters, `/`, and a few reserved names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomName(String);

/// A person's name: trimmed, 1 to 40 scalar values of any script, without control, bidi-control and
/// invisible characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nickname(String);

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum NameError {
    /// Nothing is left after trimming.
    Empty,
    /// Longer than the limit.
    TooLong {
        /// The limit, in Unicode scalar values.
        limit: usize,
    },
    /// Contains a character that a name may not have.
    Forbidden {
        /// The first such character.
        character: char,
    },
    /// The name is taken by a path of the server.
    Reserved,
}

impl RoomName {
    /// Trims and checks a room's name.
    ///
    /// # Errors
    /// [`NameError`], whatever it is first.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let name = checked(text, limits::ROOM_NAME_CHARS)?;
        if name.contains('/') {
            return Err(NameError::Forbidden { character: '/' });
        }
        if RESERVED
            .iter()
            .any(|reserved| name.eq_ignore_ascii_case(reserved))
        {
            return Err(NameError::Reserved);
        }
        Ok(Self(name))
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Nickname {
    /// Trims and checks a person's name.
    ///
    /// # Errors
    /// [`NameError`], whatever it is first; never [`NameError::Reserved`].
    pub fn new(text: &str) -> Result<Self, NameError> {
        checked(text, limits::NICKNAME_CHARS).map(Self)
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn checked(text: &str, limit: usize) -> Result<String, NameError> {
    // One past the limit is enough to refuse a name, however long it is.
    let name: String = text.trim().chars().take(limit + 1).collect();
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if let Some(character) = name.chars().find(|&c| is_forbidden(c)) {
        return Err(NameError::Forbidden { character });
    }
    if name.chars().count() > limit {
        return Err(NameError::TooLong { limit });
    }
    Ok(name)
}

/// Control, bidi-control, zero-width and blank-looking characters: all that could make one name
/// look like another or like nothing.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}'                  // soft hyphen
            | '\u{034F}'                // combining grapheme joiner
            | '\u{061C}'                // Arabic letter mark
            | '\u{115F}' | '\u{1160}'   // Hangul fillers
            | '\u{17B4}' | '\u{17B5}'   // Khmer inherent vowels
            | '\u{180B}'..='\u{180F}'   // Mongolian selectors and separator
            | '\u{200B}'..='\u{200F}'   // zero-width characters, direction marks
            | '\u{2028}'..='\u{202E}'   // line separators, bidi embeddings
            | '\u{2060}'..='\u{206F}'   // invisible operators, bidi isolates
            | '\u{2800}'                // braille blank
            | '\u{3164}' | '\u{FFA0}'   // Hangul fillers
            | '\u{FEFF}'                // byte-order mark
            | '\u{FFF9}'..='\u{FFFB}'   // interlinear annotation
            | '\u{E0000}'..='\u{E0FFF}' // tags and other invisible specials
        )
}

impl TryFrom<String> for RoomName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl TryFrom<String> for Nickname {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl From<RoomName> for String {
    fn from(name: RoomName) -> Self {
        name.0
    }
}

impl From<Nickname> for String {
    fn from(name: Nickname) -> Self {
        name.0
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Nickname {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty"),
            Self::TooLong { limit } => write!(f, "the name is longer than {limit} characters"),
            Self::Forbidden { character } => {
                write!(f, "the name contains {}", character.escape_unicode())
            }
            Self::Reserved => f.write_str("the name is reserved"),
        }
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_script_is_welcome() {
        for name in ["Lobby", "한글방", "غرفة", "комната", "部屋 1", "🎉", "a b"]
        {
            assert_eq!(RoomName::new(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_could_mislead_or_collide_is_refused() {
        let forbidden = |character| Err(NameError::Forbidden { character });
        assert_eq!(RoomName::new(" \t "), Err(NameError::Empty));
        assert_eq!(RoomName::new("a/b"), forbidden('/'));
        assert_eq!(RoomName::new("a\u{202E}b"), forbidden('\u{202E}'));
        assert_eq!(RoomName::new("a\u{200B}b"), forbidden('\u{200B}'));
        assert_eq!(RoomName::new("a\nb"), forbidden('\n'));
        assert_eq!(
            Nickname::new("\u{3164}"),
            Err(NameError::Forbidden {
                character: '\u{3164}'
            })
        );
        for name in RESERVED {
            assert_eq!(RoomName::new(name), Err(NameError::Reserved));
        }
        assert_eq!(RoomName::new("Socket.IO"), Err(NameError::Reserved));
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(RoomName::new(&"한".repeat(64)).is_ok());
        assert_eq!(
            RoomName::new(&"한".repeat(65)),
            Err(NameError::TooLong { limit: 64 })
        );
    }

    proptest! {
        #[test]
        fn a_valid_name_stays_as_it_is(text in "\\PC{0,80}") {
            if let Ok(name) = RoomName::new(&text) {
                prop_assert_eq!(RoomName::new(name.as_str()), Ok(name));
            }
        }
    }
}
