//! What is said once a call is over.

use call::view::Ending;

use super::preview;

pub const REJOIN: &str = "Rejoin";
pub const USE_HERE: &str = "Use it here";
pub const CLOSED: &str = "The server closed the connection.";
pub const BACK_TO_START: &str = "Back to start";

/// The heading.
pub fn heading(ending: &Ending, room: &str) -> String {
    match ending {
        Ending::Left => format!("You left {room}"),
        Ending::Removed => format!("The host removed you from {room}"),
        Ending::Replaced => format!("{room} is open in another tab"),
        Ending::Dropped(_) => format!("You were disconnected from {room}"),
        Ending::NotReadmitted(_) => format!("You are no longer in {room}"),
    }
}

/// The sentence below it.
pub fn sentence(ending: &Ending) -> String {
    match ending {
        Ending::Left => "Camera and microphone are off. The link still works.".to_owned(),
        Ending::Removed => "You can come back to this room once everyone has left it.".to_owned(),
        Ending::Replaced => "Your place in the room has moved there.".to_owned(),
        Ending::Dropped(rejection) => {
            format!("{CLOSED} {}", preview::rejected(rejection))
        }
        Ending::NotReadmitted(rejection) => {
            format!("The connection was lost. {}", preview::rejected(rejection))
        }
    }
}

/// What the button says that goes back in; `None` where the way is barred.
pub fn rejoin(ending: &Ending) -> Option<&'static str> {
    match ending {
        Ending::Left | Ending::Dropped(_) | Ending::NotReadmitted(_) => Some(REJOIN),
        Ending::Replaced => Some(USE_HERE),
        Ending::Removed => None,
    }
}
