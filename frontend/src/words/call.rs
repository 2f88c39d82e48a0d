//! Words of the call: its header, its tiles, its controls.

use call::intent::Panel;
use call::view::{CallView, Missing, Path, PersonView, Quality, ServerState};
use shared::peer::{CameraState, MicrophoneState};

pub const CONTROLS: &str = "Call controls";
pub const MUTE: &str = "Mute microphone";
pub const UNMUTE: &str = "Unmute microphone";
pub const CAMERA_OFF: &str = "Turn camera off";
pub const CAMERA_ON: &str = "Turn camera on";
pub const SHARE: &str = "Share screen";
pub const STOP_SHARING: &str = "Stop sharing";
pub const LEAVE: &str = "Leave";
pub const CLOSE_PANEL: &str = "Close panel";

pub const COPY_INVITE: &str = "Copy invite link";
pub const COPIED: &str = "Link copied";
pub const COPY_FAILED: &str = "Copying did not work. This is the link:";
pub const LOCKED: &str = "Locked";
pub const LOCKED_WHY: &str = "Nobody new can come in";

pub const ALONE: &str = "You are the only one here";

/// What follows for one who is alone: over the room's link.
pub fn alone_hint(server: ServerState, is_locked: bool) -> &'static str {
    match (server, is_locked) {
        (ServerState::Connected, false) => "Whoever opens this link comes in:",
        (ServerState::Connected, true) => {
            "The room is locked. Unlock it (under People), and whoever opens this link comes in:"
        }
        (ServerState::Connecting | ServerState::Lost, false) => {
            "Once the server can be reached again, whoever opens this link comes in:"
        }
        (ServerState::Connecting | ServerState::Lost, true) => {
            "The room is locked. Once the server can be reached again, you can unlock it (under People) for whoever opens this link:"
        }
        (ServerState::OutOfDate, _) => {
            "Load this page again before you give this link to somebody:"
        }
    }
}

pub const HEAR: &str = "Click to hear";
pub const HEAR_WHY: &str = "Your browser holds the sound back until you click.";
pub const MUTED_HINT: &str = "You are muted: nobody can hear you.";
pub const YOU_SHARE: &str = "You are sharing your screen";
pub const FULL_SCREEN: &str = "Full screen";
pub const LEAVE_FULL_SCREEN: &str = "Leave full screen";

pub const HOST: &str = "host";
pub const SPEAKING: &str = "speaking";
pub const AWAY: &str = "away";
pub const AWAY_WHY: &str = "The server has lost them for the moment; they may come back.";

/// The accessible name of one's own tile.
pub fn you(name: &str) -> String {
    format!("{name} (you)")
}

/// The accessible name of a shared screen.
pub fn screen_of(name: &str) -> String {
    format!("{name}’s screen")
}

/// The name of a panel's button and of the panel.
pub fn panel(panel: Panel) -> &'static str {
    match panel {
        Panel::Chat => "Chat",
        Panel::People => "People",
        Panel::Devices => "Devices",
        Panel::Connections => "Connections",
    }
}

/// The chat's button: `Chat`, `Chat, 3 unread`.
pub fn chat_button(unread: usize) -> String {
    match unread {
        0 => panel(Panel::Chat).to_owned(),
        _ => format!("{}, {unread} unread", panel(Panel::Chat)),
    }
}

/// What to say about someone's microphone, if anything.
pub fn microphone(state: Option<MicrophoneState>) -> Option<&'static str> {
    match state? {
        MicrophoneState::On => None,
        MicrophoneState::Muted => Some("muted"),
        MicrophoneState::Absent => Some("no microphone"),
    }
}

/// What to say about someone's camera, if anything.
pub fn camera(state: Option<CameraState>) -> Option<&'static str> {
    match state? {
        CameraState::On => None,
        CameraState::Off => Some("camera off"),
        CameraState::Absent => Some("no camera"),
    }
}

/// What to say about the way to someone, if anything.
pub fn path(path: Path) -> Option<&'static str> {
    match path {
        Path::Connected => None,
        Path::Connecting => Some("connecting"),
        Path::Reconnecting => Some("reconnecting"),
        Path::Failed => Some("cannot connect"),
    }
}

/// Why one cannot connect to someone.
pub const NO_PATH: &str =
    "No way through your networks was found. It is tried again from time to time.";

/// The connection to the server, where it is worth a word.
pub fn server(view: &CallView) -> Option<&'static str> {
    match view.server {
        ServerState::Connected => None,
        ServerState::Connecting | ServerState::Lost if view.people.is_empty() => {
            Some("Reconnecting to the server. Nobody can come in meanwhile.")
        }
        ServerState::Connecting | ServerState::Lost if view.people.iter().all(comes_through) => {
            Some(
                "Reconnecting to the server. You still hear and see each other; nobody new can come in.",
            )
        }
        // Some are heard, and some may be gone for good: the server alone could tell.
        ServerState::Connecting | ServerState::Lost => Some(
            "Reconnecting to the server. The call goes on with whoever is still connected; nobody new can come in.",
        ),
        ServerState::OutOfDate => {
            Some("This page is older than the server: load it again after the call.")
        }
    }
}

/// Whether all that is sent arrives, here and there.
fn comes_through(person: &PersonView) -> bool {
    let nothing = Missing::default();
    is_connected(person.quality) && person.missing == nothing && person.missing_there == nothing
}

/// Whether anything arrives.
pub fn is_connected(quality: Quality) -> bool {
    match quality {
        Quality::Good | Quality::Poor => true,
        Quality::Connecting | Quality::Reconnecting | Quality::Lost => false,
    }
}

/// The keys that do the same as a button, for its tooltip.
pub fn with_keys(name: &str, keys: &str) -> String {
    format!("{name} ({keys})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::testing::{KIM, LEE, a_call_with};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn three_in_an_outage() -> CallView {
        CallView {
            server: ServerState::Lost,
            ..a_call_with(&[(KIM, "Kim"), (LEE, "Lee")])
        }
    }

    /// Whether the outage is told with those words.
    fn tells(view: &CallView, words: &str) -> bool {
        let told = server(view).expect("an outage is told");
        assert!(told.starts_with("Reconnecting to the server"), "{told}");
        told.contains(words)
    }

    #[wasm_bindgen_test]
    fn that_all_are_heard_is_said_only_while_they_are() {
        const ALL: &str = "You still hear and see each other";
        let mut view = three_in_an_outage();
        assert!(tells(&view, ALL));
        for (quality, is_heard) in [
            (Quality::Good, true),
            (Quality::Poor, true),
            (Quality::Connecting, false),
            (Quality::Reconnecting, false),
            (Quality::Lost, false),
        ] {
            view.people[1].quality = quality;
            assert_eq!(tells(&view, ALL), is_heard, "{quality:?}");
        }
        view = three_in_an_outage();
        view.people[0].missing.sound = true;
        assert!(!tells(&view, ALL));
        view = three_in_an_outage();
        view.people[0].missing_there.picture = true;
        assert!(!tells(&view, ALL));
    }

    #[wasm_bindgen_test]
    fn who_is_alone_in_an_outage_is_told_of_nobody_else_and_promised_nobody() {
        let view = CallView {
            people: Vec::new(),
            ..three_in_an_outage()
        };
        assert!(tells(&view, "Nobody can come in"));
        assert!(!tells(&view, "each other") && !tells(&view, "whoever"));
        for is_locked in [false, true] {
            let hint = |server| alone_hint(server, is_locked);
            assert_ne!(hint(ServerState::Lost), hint(ServerState::Connected));
            assert!(hint(ServerState::Lost).contains("Once the server can be reached again"));
        }
    }
}
