//! A key frame for the peer once the way there is back, or another one. The peer cannot show what builds on pictures that it
//! missed, and libwebrtc asks for a whole one only three seconds after the last that it could show, or six, or nine. That
//! the way is looked for is the call's doing.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, EventTarget, RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender};

use super::bindings::{self, RtpSender};
use super::listener::Listener;
use super::{console, describe, object};

/// Sends them until dropped.
pub(super) struct KeyFrames {
    way: Rc<Way>,
    _state: Listener,
    route: RefCell<Option<Listener>>,
}

/// The way to the peer.
struct Way {
    pc: RtcPeerConnection,
    standing: Cell<Standing>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It never stood: the first picture is a whole one anyway.
    New,
    Stands,
    /// It stands, but another one is looked for.
    Restarting,
    /// It stood.
    Lost,
}

impl KeyFrames {
    /// Watches over that connection.
    pub fn new(pc: &RtcPeerConnection) -> Self {
        let way = Rc::new(Way {
            pc: pc.clone(),
            standing: Cell::new(Standing::New),
        });
        let changed = way.clone();
        let state = Listener::new(pc, "connectionstatechange", move |_: Event| {
            changed.changed()
        });
        Self {
            way,
            _state: state,
            route: RefCell::default(),
        }
    }

    /// A description is being set that may restart ICE. The browser may find another way without ever saying that the
    /// old one is lost.
    pub fn ice_may_restart(&self) {
        if self.way.standing.get() != Standing::Stands {
            return;
        }
        self.way.standing.set(Standing::Restarting);
        let mut route = self.route.borrow_mut();
        if route.is_none() {
            let way = self.way.clone();
            let listen = move |transport: EventTarget| {
                Listener::new(
                    &transport,
                    "selectedcandidatepairchange",
                    move |_: Event| {
                        way.is_another();
                    },
                )
            };
            *route = ice_transport(&self.way.pc).map(listen);
        }
    }
}

impl Way {
    fn changed(&self) {
        let state = self.pc.connection_state();
        let stands = state == RtcPeerConnectionState::Connected;
        let is_lost = state == RtcPeerConnectionState::Disconnected
            || state == RtcPeerConnectionState::Failed;
        match self.standing.get() {
            Standing::New if stands => self.standing.set(Standing::Stands),
            Standing::Lost if stands => {
                self.standing.set(Standing::Stands);
                self.send();
            }
            Standing::Stands | Standing::Restarting if is_lost => {
                self.standing.set(Standing::Lost);
            }
            Standing::New | Standing::Stands | Standing::Restarting | Standing::Lost => {}
        }
    }

    fn is_another(&self) {
        if self.standing.get() == Standing::Restarting {
            self.standing.set(Standing::Stands);
            self.send();
        }
    }

    fn send(&self) {
        for sender in self.pc.get_senders().iter() {
            let sender: RtcRtpSender = sender.unchecked_into();
            if sender.track().is_some_and(|track| track.kind() == "video") {
                ask_for_one(sender.unchecked_ref());
            }
        }
    }
}

/// W3C webrtc-extensions `RTCEncodingOptions.keyFrame`. Browsers that do not know it change nothing.
fn ask_for_one(sender: &RtpSender) {
    let parameters = sender.get_parameters();
    let encodings = bindings::property(&parameters, "encodings")
        .map(|encodings| Array::from(&encodings))
        .unwrap_or_default();
    let options: Array = encodings
        .iter()
        .map(|_| object([("keyFrame", true.into())]))
        .collect();
    let options = object([("encodingOptions", options.into())]);
    let asked = sender.set_parameters_with_options(&parameters, &options);
    spawn_local(async move {
        if let Err(error) = JsFuture::from(asked).await {
            console::warn(&format!("no key frame: {}", describe(&error)));
        }
    });
}

/// That of everything, since all is bundled; there is one once a description is set.
fn ice_transport(pc: &RtcPeerConnection) -> Option<EventTarget> {
    let sender: JsValue = pc.get_senders().get(0);
    let transport = bindings::property(&sender, "transport")?;
    bindings::property(&transport, "iceTransport").map(JsCast::unchecked_into)
}
