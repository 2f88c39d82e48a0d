//! Made-up calls, for tests of what is drawn of them.

use call::intent::Intent;
use call::view::{
    CallView, FlowView, Missing, PairView, Party, Path, PersonView, Phase, Picture, Quality, Route,
    RouteKind, Transport, YouView,
};
use call::{Call, Goal, Setup};
use leptos::prelude::*;
use shared::peer::{CameraState, MicrophoneState};
use shared::room::Presence;
use shared::{PeerId, RoomName, Secret};
use std::time::Duration;

use super::panel_opener::PanelOpener;
use crate::browser::testing::{Drawn, draw};
use crate::session::CallHandle;

/// The person at this page, who is called Ann.
pub const ANN: PeerId = PeerId::from_bytes([0; 16]);
/// Somebody else.
pub const KIM: PeerId = PeerId::from_bytes([1; 16]);
/// And somebody else.
pub const LEE: PeerId = PeerId::from_bytes([2; 16]);

/// Ann in a room with these.
pub fn a_call_with(people: &[(PeerId, &str)]) -> CallView {
    let call = Call::new(Setup {
        goal: Goal::Room {
            name: RoomName::new("tea").expect("it is a name"),
            list: None,
        },
        secret: Secret::from_bytes([7; 32]),
        preferences: Default::default(),
        random: 1,
    });
    CallView {
        phase: Phase::InCall,
        you: Some(YouView {
            id: ANN,
            name: "Ann".to_owned(),
            host: true,
        }),
        people: people.iter().map(|(id, name)| person(*id, name)).collect(),
        ..call.view()
    }
}

/// Someone who is well connected.
fn person(id: PeerId, name: &str) -> PersonView {
    PersonView {
        id,
        name: name.to_owned(),
        host: false,
        presence: Presence::Present,
        link: None,
        path: Path::Connected,
        quality: Quality::Good,
        missing: Missing::default(),
        missing_there: Missing::default(),
        microphone: Some(MicrophoneState::On),
        camera: Some(CameraState::On),
        screen: false,
        speaking: false,
    }
}

/// What was measured between two: pictures and sound from the first to the second, only sound back.
pub fn measured(one: PeerId, other: PeerId) -> PairView {
    let party = |id| Party {
        id,
        name: String::new(),
    };
    let sound = FlowView {
        bitrate: Some(48_000),
        lost_per_mille: Some(0),
        picture: None,
        sound: Some(true),
    };
    PairView {
        parties: [party(one), party(other)],
        quality: Quality::Good,
        route: Some(Route {
            kind: RouteKind::Direct,
            transport: Transport::Udp,
        }),
        round_trip: Some(Duration::from_millis(24)),
        flows: [
            FlowView {
                bitrate: Some(1_200_000),
                lost_per_mille: Some(4),
                picture: Some(Picture {
                    width: 640,
                    height: 360,
                    frames_per_second: 24,
                }),
                ..sound.clone()
            },
            sound,
        ],
    }
}

/// A part of the page, drawn of a made-up call.
pub struct Stage {
    /// What is drawn.
    pub drawn: Drawn,
    /// How the call looks; changes are drawn.
    pub view: WriteSignal<CallView>,
    /// What was wished for.
    pub wishes: StoredValue<Vec<Intent>>,
    _signals: Owner,
}

/// Draws it.
pub fn stage<V: IntoView + 'static>(view: CallView, part: fn() -> V) -> Stage {
    // Outside of what is drawn, like the session that keeps them for the page.
    let signals = Owner::new();
    let (view, set_view) = signals.with(|| signal(view));
    let wishes = signals.with(|| StoredValue::new(Vec::new()));
    let drawn = draw(move || {
        let intents = Callback::new(move |wish| wishes.update_value(|all| all.push(wish)));
        provide_context(CallHandle::made_up(view, intents));
        PanelOpener::provide();
        part()
    });
    Stage {
        drawn,
        view: set_view,
        wishes,
        _signals: signals,
    }
}
