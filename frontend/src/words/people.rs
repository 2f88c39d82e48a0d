//! Words of the roster and of what the host can do.

pub const COPY_LINK: &str = "Copy link";
pub const LOCK: &str = "Lock room";
pub const UNLOCK: &str = "Unlock room";
pub const LOCK_HINT: &str = "A locked room lets nobody new in.";
pub const CANCEL: &str = "Cancel";

/// The name of the list.
pub const IN_THIS_ROOM: &str = "In this room";

/// The button that puts someone out.
pub fn remove(name: &str) -> String {
    format!("Remove {name}")
}

/// The question before it happens.
pub fn remove_question(name: &str) -> String {
    format!("Remove {name} from the room?")
}

/// The button that means it.
pub const REMOVE_NOW: &str = "Remove";
