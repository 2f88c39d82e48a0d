//! Asks one STUN or TURN server for a candidate, as a guard: dropping it stops the asking. What the
//! answers mean is left to [`call::check`].

use std::rc::Rc;

use call::check::{
    Candidate, CandidateKind, Family, GatheringError, GatheringEvent, Target, Transport,
};
use call::output::IceTransportPolicy;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, RtcIceGatheringState, RtcPeerConnection, RtcPeerConnectionIceEvent};

use super::bindings::{has, property};
use super::listener::Listener;
use super::peer_connection::{Closing, configuration};
use super::{console, describe};

/// A peer connection that only gathers.
pub struct Probe {
    // Fields are dropped in this order: nobody listens any more when it closes.
    _listeners: [Listener; 3],
    _pc: Closing,
}

impl Probe {
    /// Begins to gather; tells of all that comes, and of the end.
    ///
    /// # Errors
    /// The browser's words for what it has against the server's URL.
    pub fn new(target: &Target, tell: impl Fn(GatheringEvent) + 'static) -> Result<Self, String> {
        let policy = match target.transport {
            Transport::Stun => IceTransportPolicy::All,
            // Nothing but the relay: the rest would only take time.
            Transport::TurnUdp | Transport::TurnTcp | Transport::TurnTls => {
                IceTransportPolicy::Relay
            }
        };
        let configuration = configuration(std::slice::from_ref(&target.server), policy);
        let pc = RtcPeerConnection::new_with_configuration(configuration.unchecked_ref())
            .map_err(|error| describe(&error))?;
        let tell: Rc<dyn Fn(GatheringEvent)> = Rc::new(tell);
        let (candidates, errors, refused) = (tell.clone(), tell.clone(), tell.clone());
        let gathering = pc.clone();
        let listeners = [
            Listener::new(
                &pc,
                "icecandidate",
                move |event: RtcPeerConnectionIceEvent| {
                    if let Some(candidate) = event.candidate().and_then(|found| candidate(&found)) {
                        candidates(GatheringEvent::Candidate(candidate));
                    }
                },
            ),
            Listener::new(&pc, "icecandidateerror", move |event: Event| {
                errors(GatheringEvent::Error(error(&event)));
            }),
            Listener::new(&pc, "icegatheringstatechange", move |_: Event| {
                if gathering.ice_gathering_state() == RtcIceGatheringState::Complete {
                    tell(GatheringEvent::Done {
                        tells_errors: has(&gathering, "onicecandidateerror"),
                    });
                }
            }),
        ];
        // Something to connect, or there would be nothing to gather for.
        drop(pc.create_data_channel("probe"));
        let pc = Closing(pc.unchecked_into());
        let described = pc.0.set_local_description();
        spawn_local(async move {
            if let Err(error) = JsFuture::from(described).await {
                console::warn(&format!("cannot gather: {}", describe(&error)));
                refused(GatheringEvent::Refused);
            }
        });
        Ok(Self {
            _listeners: listeners,
            _pc: pc,
        })
    }
}

fn candidate(found: &JsValue) -> Option<Candidate> {
    let text = |name| property(found, name)?.as_string();
    let kind = match text("type")?.as_str() {
        "host" => CandidateKind::Host,
        "srflx" => CandidateKind::Reflexive,
        "relay" => CandidateKind::Relay,
        _ => return None,
    };
    Some(Candidate {
        kind,
        address: text("address"),
    })
}

fn error(event: &JsValue) -> GatheringError {
    let code = property(event, "errorCode").and_then(|code| code.as_f64());
    let address = property(event, "address").and_then(|address| address.as_string());
    GatheringError {
        code: code.map_or(0, |code| code as u16),
        from: address.as_deref().and_then(Family::of),
    }
}
