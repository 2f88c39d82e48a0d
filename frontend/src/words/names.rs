//! What is wrong with a name that was typed, and what to do about it.

use shared::NameError;

/// About a room's name.
pub fn room(error: NameError) -> String {
    match error {
        NameError::Empty => "Please give the room a name.".to_owned(),
        NameError::TooLong { limit } => {
            format!("A room’s name can have at most {limit} characters.")
        }
        NameError::Forbidden { character } => {
            format!("A room’s name cannot contain {}.", spelled(character))
        }
        NameError::Reserved => {
            "This site needs that name for itself. Please choose another.".to_owned()
        }
    }
}

/// About a person's name.
pub fn nickname(error: NameError) -> String {
    match error {
        NameError::Empty => "Please type the name that the others will see.".to_owned(),
        NameError::TooLong { limit } => format!("Your name can have at most {limit} characters."),
        NameError::Forbidden { character } => {
            format!("Your name cannot contain {}.", spelled(character))
        }
        NameError::Reserved => "That name cannot be used. Please choose another.".to_owned(),
    }
}

/// A forbidden character for people: those that can be seen as they are, the others by number.
fn spelled(character: char) -> String {
    if character.is_ascii_graphic() {
        format!("“{character}”")
    } else {
        format!("the invisible character U+{:04X}", u32::from(character))
    }
}

#[cfg(test)]
mod tests {
    use super::{nickname, room};
    use shared::{NameError, Nickname, RoomName};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_forbidden_character_is_named_so_that_one_can_find_it() {
        let slash = RoomName::new("a/b").map_err(room);
        assert_eq!(slash, Err("A room’s name cannot contain “/”.".to_owned()));
        let hidden = Nickname::new("a\u{200B}b").map_err(nickname);
        assert_eq!(
            hidden,
            Err("Your name cannot contain the invisible character U+200B.".to_owned())
        );
    }

    #[wasm_bindgen_test]
    fn limits_are_told() {
        assert!(room(NameError::TooLong { limit: 64 }).contains("64"));
    }
}
