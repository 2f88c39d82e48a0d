//! What the page says about things that have just happened.

use call::view::NoticeKind;

use super::{devices, hiding};

pub const DISMISS: &str = "Dismiss";

/// One notice, as a sentence.
pub fn sentence(kind: &NoticeKind) -> String {
    match kind {
        NoticeKind::Met(name) => format!("You met {name}. Say hello!"),
        NoticeKind::Joined(name) => format!("{name} came in"),
        NoticeKind::Left(name) => format!("{name} left"),
        NoticeKind::Lost(name) => format!("{name} lost the connection"),
        NoticeKind::Removed(name) => format!("The host removed {name}"),
        NoticeKind::SharesScreen(name) => format!("{name} is sharing a screen"),
        NoticeKind::Locked => "The room is locked now: nobody new can come in".to_owned(),
        NoticeKind::Unlocked => {
            "The room is unlocked now: whoever has its link can come in".to_owned()
        }
        NoticeKind::YouAreHost => {
            "You are the host now: you can lock the room and remove people".to_owned()
        }
        NoticeKind::Reconnecting => "Connection to the server lost, reconnecting".to_owned(),
        NoticeKind::Reconnected => "Connected to the server again".to_owned(),
        NoticeKind::RelayGone => hiding::RELAY_GONE.to_owned(),
        NoticeKind::DeviceReplaced(label) => format!("Switched to {label}"),
        NoticeKind::MicrophoneGone => {
            "Your microphone is gone. Plug it in again or choose another under Devices.".to_owned()
        }
        NoticeKind::CameraGone => {
            "Your camera is gone. Plug it in again or choose another under Devices.".to_owned()
        }
        NoticeKind::MicrophoneProblem(error) => devices::microphone_problem(*error).to_owned(),
        NoticeKind::CameraProblem(error) => devices::camera_problem(*error).to_owned(),
        NoticeKind::DevicesProblem(error) => devices::both_problem(*error).to_owned(),
        NoticeKind::ScreenProblem(error) => devices::screen_problem(*error).to_owned(),
        NoticeKind::ModerationFailed => "That did not work. Please try again.".to_owned(),
        NoticeKind::ModerationUnavailable => {
            "That cannot be done right now: the server cannot be reached. Please try again once it can.".to_owned()
        }
        NoticeKind::PeerMisbehaves(name) => {
            format!("{name}’s page sends what this one does not understand")
        }
    }
}
