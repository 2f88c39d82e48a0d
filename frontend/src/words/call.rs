//! Words of the call: its header, its tiles, its controls.

use call::intent::Panel;
use call::view::{Path, ServerState};
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
pub const ALONE_HINT: &str = "Whoever opens this link comes in:";
pub const ALONE_LOCKED: &str =
    "The room is locked. Unlock it (under People), and whoever opens this link comes in:";

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
pub fn server(state: ServerState) -> Option<&'static str> {
    match state {
        ServerState::Connected => None,
        ServerState::Connecting | ServerState::Lost => Some(
            "Reconnecting to the server. You still hear and see each other; nobody new can come in.",
        ),
        ServerState::OutOfDate => {
            Some("This page is older than the server: load it again after the call.")
        }
    }
}

/// The keys that do the same as a button, for its tooltip.
pub fn with_keys(name: &str, keys: &str) -> String {
    format!("{name} ({keys})")
}
