//! Words of meeting someone: the choice, the search, the parting.

use call::view::{CallView, Ending, Parting, Phase, ServerState};

use super::call::is_connected;
use super::{endings, preview};

pub const MEET: &str = "Meet someone";
pub const MEET_HINT: &str = "Or talk with whoever looks for company, too.";
pub const HOW: &str = "You are brought together with the next one who looks for the same, in a room for the two of you. Press Next to go on to somebody else.";
pub const TEXT: &str = "Text only";
pub const VIDEO: &str = "Video";
pub const PRIVACY: &str = "You meet strangers, so tell them only what you want known. What you say, \
     show and write is encrypted from your browser to theirs.";

pub const LOOKING: &str = "Looking for someone…";
pub const LOOKING_HINT: &str = "The next one who looks for the same is yours to meet.";
pub const UNREACHABLE_HINT: &str =
    "The server cannot be reached right now. This page keeps trying, and goes on looking then.";
pub const CANCEL: &str = "Cancel";
pub const NEXT: &str = "Next";
pub const NEXT_HINT: &str = "Go on to somebody else";
pub const PARTED_HINT: &str = "Go on to somebody else, or leave it at that.";

/// Whom one is with, or what one does instead.
pub fn title(view: &CallView) -> String {
    match (view.people.first(), &view.phase) {
        (Some(person), _) => person.name.clone(),
        (None, Phase::Joining | Phase::Parted(_)) => alone(view).0,
        (None, Phase::Preview { .. } | Phase::InCall | Phase::Reconnecting | Phase::Ended(_)) => {
            MEET.to_owned()
        }
    }
}

/// What one who is alone is told: in short, and what follows from it.
pub fn alone(view: &CallView) -> (String, &'static str) {
    match (&view.phase, view.server) {
        (Phase::Parted(Parting::Left(name)), _) => (format!("{name} left"), PARTED_HINT),
        (Phase::Parted(Parting::Lost(name)), _) => {
            (format!("{name} lost the connection"), PARTED_HINT)
        }
        (_, ServerState::Lost) => (LOOKING.to_owned(), UNREACHABLE_HINT),
        (_, ServerState::Connecting | ServerState::Connected | ServerState::OutOfDate) => {
            (LOOKING.to_owned(), LOOKING_HINT)
        }
    }
}

/// The connection to the server, where it is worth a word to two who have met.
pub fn server(view: &CallView) -> Option<&'static str> {
    let other = view.people.first();
    match view.server {
        ServerState::Connected => None,
        ServerState::Connecting | ServerState::Lost => Some(match other {
            Some(other) if is_connected(other.quality) => {
                "Reconnecting to the server. The two of you can go on meanwhile."
            }
            Some(_) => "Reconnecting to the server, and to each other.",
            None => "Reconnecting to the server. You can go on to somebody else once it is back.",
        }),
        ServerState::OutOfDate => {
            Some("This page is older than the server: load it again before you go on to the next.")
        }
    }
}

/// What is said once it is over: the heading, and the sentence below it.
pub fn ended(ending: &Ending) -> (&'static str, String) {
    match ending {
        Ending::Left | Ending::Removed => (
            "You left",
            "Camera and microphone are off, and nobody can come back to this meeting.".to_owned(),
        ),
        Ending::Replaced => (
            "You are meeting someone in another tab",
            "Go on there, or begin again here.".to_owned(),
        ),
        Ending::Dropped(rejection) => (
            "You were disconnected",
            format!("{} {}", endings::CLOSED, preview::rejected(rejection)),
        ),
        Ending::NotReadmitted(_) => (
            "You were disconnected",
            "The connection was lost, and the meeting is over.".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use call::view::Quality;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::components::testing::{KIM, a_call_with};

    #[wasm_bindgen_test]
    fn two_are_told_to_go_on_only_while_they_are_connected() {
        let mut view = CallView {
            server: ServerState::Lost,
            ..a_call_with(&[(KIM, "Kim")])
        };
        for (quality, can_go_on) in [
            (Quality::Good, true),
            (Quality::Poor, true),
            (Quality::Connecting, false),
            (Quality::Reconnecting, false),
            (Quality::Lost, false),
        ] {
            view.people[0].quality = quality;
            let told = server(&view).expect("an outage is told");
            assert_eq!(told.contains("The two of you"), can_go_on, "{quality:?}");
        }
        view.people.clear();
        let told = server(&view).expect("an outage is told");
        assert!(!told.contains("The two of you") && !told.contains("each other"));
    }
}
