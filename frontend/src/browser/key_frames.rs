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
    /// It stands, but another one is looked for. What is found may be given up for yet another.
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

    /// The way is back, as the caller knows.
    pub fn send(&self) {
        self.way.send();
    }

    /// A description is about to be set that may restart ICE, be it one's own: with that the browser tries its new
    /// candidates on the peer's old ones, and may have another way before the peer answers. It may find one without ever saying
    /// that the old one is lost.
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

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use futures::channel::oneshot;
    use js_sys::{Map, Promise};
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack};
    use web_sys::{RtcPeerConnectionIceEvent, RtcSdpType, RtcSessionDescriptionInit};

    use super::super::bindings::{PeerConnection, media_devices, property};
    use super::super::testing::{see_frames, soon};
    use super::super::track::stream_of;
    use super::*;

    /// One end, whose candidates are all in its descriptions.
    struct End {
        pc: PeerConnection,
        key_frames: KeyFrames,
    }

    impl End {
        fn new() -> Self {
            let pc: PeerConnection = RtcPeerConnection::new().unwrap().unchecked_into();
            let key_frames = KeyFrames::new(&pc);
            Self { pc, key_frames }
        }

        async fn describe(&self) -> RtcSessionDescriptionInit {
            let gathered = self.gathers();
            self.key_frames.ice_may_restart();
            done(self.pc.set_local_description()).await;
            soon("the last candidate", gathered).await;
            let description = self.pc.local_description().unwrap();
            let init = RtcSessionDescriptionInit::new(description.type_());
            init.set_sdp(&description.sdp());
            init
        }

        /// Until all candidates of the description that will be set next are there. For a while the connection's own state is
        /// that of the one before.
        fn gathers(&self) -> impl Future<Output = ()> + use<> {
            let (seen, sees) = oneshot::channel();
            let mut seen = Some(seen);
            let gathered = move |event: RtcPeerConnectionIceEvent| {
                if event.candidate().is_none()
                    && let Some(seen) = seen.take()
                {
                    seen.send(()).unwrap();
                }
            };
            let listener = Listener::new(&self.pc, "icecandidate", gathered);
            async move {
                sees.await.unwrap();
                drop(listener);
            }
        }

        async fn take(&self, description: &RtcSessionDescriptionInit) {
            self.key_frames.ice_may_restart();
            done(self.pc.set_remote_description(description)).await;
        }

        /// How many key frames came in.
        async fn decoded(&self) -> f64 {
            let report = JsFuture::from(self.pc.get_stats()).await.unwrap();
            let entries = report.unchecked_ref::<Map>().values();
            let number = |entry: &JsValue| property(entry, "keyFramesDecoded")?.as_f64();
            entries
                .into_iter()
                .filter_map(|entry| number(&entry.unwrap()))
                .sum()
        }
    }

    async fn done(promise: Promise) {
        JsFuture::from(promise).await.unwrap();
    }

    async fn exchange(one: &End, other: &End) {
        let offer = one.describe().await;
        other.take(&offer).await;
        let answer = other.describe().await;
        assert_eq!(answer.get_type(), RtcSdpType::Answer);
        one.take(&answer).await;
    }

    async fn camera() -> MediaStreamTrack {
        let wanted = MediaStreamConstraints::new();
        wanted.set_video(&true.into());
        let opened = media_devices().unwrap();
        let opened = opened.get_user_media_with_constraints(&wanted).unwrap();
        let stream: MediaStream = JsFuture::from(opened).await.unwrap().unchecked_into();
        stream.get_video_tracks().get(0).unchecked_into()
    }

    #[wasm_bindgen_test]
    async fn a_way_found_by_an_ice_restart_begins_with_a_key_frame() {
        let (one, other) = (End::new(), End::new());
        let track = camera().await;
        one.pc.add_track_0(&track, &stream_of(&track).unwrap());
        exchange(&one, &other).await;
        let receiver: web_sys::RtcRtpReceiver = other.pc.get_receivers().get(0).unchecked_into();
        let shown = stream_of(&receiver.track()).unwrap();
        see_frames("pictures", &shown, 3).await;
        let before = other.decoded().await;

        one.pc.restart_ice();
        exchange(&one, &other).await;
        soon("a key frame", async {
            while other.decoded().await == before {
                see_frames("pictures", &shown, 1).await;
            }
        })
        .await;
        track.stop();
        one.pc.close();
        other.pc.close();
    }
}
