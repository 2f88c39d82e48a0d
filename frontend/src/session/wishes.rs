//! What someone wished on the welcome page for the room that they are about to open. Kept for the
//! tab, so that a reload still knows.

use shared::RoomName;

use crate::browser::storage::{self, Kept};

const LISTED: &str = "moim.listed";
const UNLISTED: &str = "moim.unlisted";

/// Remembers whether the room is to be listed, if this person opens it. One room at a time.
pub fn remember(room: &RoomName, list: Option<bool>) {
    for (slot, value) in [(LISTED, true), (UNLISTED, false)] {
        if list == Some(value) {
            storage::set(Kept::ByTab, slot, room.as_str());
        } else {
            storage::remove(Kept::ByTab, slot);
        }
    }
}

/// What was wished for this room; `None` leaves it to the server.
#[must_use]
pub fn list(room: &RoomName) -> Option<bool> {
    let named = |slot| storage::get(Kept::ByTab, slot).is_some_and(|name| name == room.as_str());
    if named(LISTED) {
        return Some(true);
    }
    named(UNLISTED).then_some(false)
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_wish_is_for_one_room() {
        let room = |name| RoomName::new(name).unwrap();
        for wish in [Some(true), Some(false), None] {
            remember(&room("Café"), wish);
            assert_eq!(list(&room("Café")), wish);
            assert_eq!(list(&room("elsewhere")), None);
        }
    }
}
