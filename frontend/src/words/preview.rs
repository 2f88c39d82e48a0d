//! Words of the preview, and of refusals at the door.

use call::view::Refusal;
use shared::Rejection;

use super::{hiding, names};

pub const READY: &str = "Check camera and microphone, then come in.";
pub const CAMERA_PREVIEW: &str = "Camera preview";
pub const YOUR_NAME: &str = "Your name";
pub const JOIN_NOW: &str = "Join now";
pub const OTHER_ROOM: &str = "Choose another room";
pub const JOINING: &str = "Joining…";
pub const WAITING_FOR_SERVER: &str =
    "The server cannot be reached right now. You will be let in as soon as it answers.";
pub const SERVER_LOST: &str = "The server cannot be reached right now; this page keeps trying.";
pub const OUT_OF_DATE: &str = "This page is older than the server. Load it again to go on.";
pub const RELOAD: &str = "Load again";
pub const CAMERA_OFF: &str = "Your camera is off";
pub const CAMERA_STARTING: &str = "Starting your camera…";
pub const CAMERA_MISSING: &str = "No picture from your camera";

/// Why one is not let in, and what can be done.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Nickname(why) => names::nickname(*why),
        Refusal::NoAnswer => "The server did not answer. Please try again.".to_owned(),
        Refusal::Rejected(rejection) => rejected(rejection),
        Refusal::NoRelay => hiding::NO_RELAY.to_owned(),
    }
}

/// What a rejected request means for the person.
pub fn rejected(rejection: &Rejection) -> String {
    match rejection {
        Rejection::RoomFull { capacity } => format!(
            "This room is full: it holds {capacity} people. Try again when someone has left, or open another room."
        ),
        Rejection::RoomLocked => {
            "The host has locked this room. Ask someone inside to unlock it, then try again."
                .to_owned()
        }
        Rejection::RemovedByHost => {
            "The host has removed you from this room. You can come back once everyone has left it."
                .to_owned()
        }
        Rejection::InvalidNickname { why } => names::nickname(*why),
        Rejection::InvalidRoomName { why } => names::room(*why),
        Rejection::StaleEpoch => {
            "A newer page of yours is in this room. Go on there, or try again here.".to_owned()
        }
        Rejection::RateLimited | Rejection::QueueFull => {
            "That was too much at once for the server. Wait a moment, then try again.".to_owned()
        }
        Rejection::Closing => {
            "The server is just restarting. Please try again in a moment.".to_owned()
        }
        Rejection::Malformed { .. }
        | Rejection::UnknownEvent
        | Rejection::TooLarge { .. }
        | Rejection::NotInRoom
        | Rejection::AlreadyInRoom
        | Rejection::NotHost
        | Rejection::NoSuchPeer
        | Rejection::PeerAway => {
            "The server did not understand this page. Load it again, then try once more.".to_owned()
        }
    }
}
