//! The page's call with itself: two peer connections that send pictures and data to each other for a
//! while, as a guard. Whether what they carry is enough is left to [`call::check`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use call::check::{CallEvent, Measured};
use call::output::IceTransportPolicy;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::JsString;
use shared::room::IceServer;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Event, MessageEvent, RtcDataChannel, RtcDataChannelInit, RtcPeerConnection,
    RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit, RtcSdpType, RtcSessionDescriptionInit,
};

use super::bindings::{PeerConnection as Binding, property};
use super::listener::Listener;
use super::peer_connection::{Closing, configuration};
use super::track::Track;
use super::{clock, console, describe};

/// How long is measured, in milliseconds.
const SPAN: u32 = 5_000;

/// Beside the picture goes so much data: 8 KiB each 50 ms, which is 1.3 Mbit/s. With it a line that
/// is good enough shows it, also where the camera sees nothing but a wall.
const PACE: u32 = 50;
const PIECE: usize = 8 * 1024;

/// What may wait to be sent; while more does, nothing is added.
const HIGH_WATER: u32 = 64 * 1024;

/// Each so many pieces it is asked how long the way takes.
const ASK_EACH: u32 = 5;

/// Two connections and what goes over them.
pub struct Loopback {
    // Fields are dropped in this order: nothing is sent or listened for any more when they close.
    _traffic: Rc<RefCell<Option<Traffic>>>,
    _listeners: Vec<Listener>,
    _ends: [Closing; 2],
}

struct Traffic {
    _pieces: Interval,
    _end: Timeout,
}

impl Loopback {
    /// Begins to connect: over that relay, else directly. Sends the track's pictures, where there is one.
    ///
    /// # Errors
    /// The browser's words.
    pub fn new(
        relay: Option<&IceServer>,
        camera: Option<&Track>,
        tell: impl Fn(CallEvent) + 'static,
    ) -> Result<Self, String> {
        let tell: Rc<dyn Fn(CallEvent)> = Rc::new(tell);
        let near = end(relay).map_err(|error| describe(&error))?;
        let far = end(relay).map_err(|error| describe(&error))?;
        if let Some(track) = camera {
            let init = RtcRtpTransceiverInit::new();
            init.set_direction(RtcRtpTransceiverDirection::Sendonly);
            near.0
                .add_transceiver_with_media_stream_track_and_init(track.js(), &init);
        }
        let (here, there) = (channel(&near.0), channel(&far.0));
        let traffic = Rc::<RefCell<Option<Traffic>>>::default();
        let round_trip = Rc::<Cell<Option<Duration>>>::default();
        let listeners = vec![
            candidates(&near.0, &far.0),
            candidates(&far.0, &near.0),
            Listener::new(&here, "open", {
                let (tell, traffic, round_trip) =
                    (tell.clone(), traffic.clone(), round_trip.clone());
                let (here, ends) = (here.clone(), [near.0.clone(), far.0.clone()]);
                move |_: Event| {
                    tell(CallEvent::Connected);
                    let measured = (tell.clone(), round_trip.clone(), ends.clone());
                    *traffic.borrow_mut() = Some(Traffic::begin(here.clone(), move || {
                        let (tell, round_trip, ends) = measured;
                        spawn_local(async move {
                            tell(CallEvent::Measured(measure(&ends, round_trip.get()).await));
                        });
                    }));
                }
            }),
            Listener::new(&here, "message", move |event: MessageEvent| {
                let asked = event.data().as_string().and_then(|text| text.parse().ok());
                if let Some(asked) = asked.map(Duration::from_millis) {
                    let took =
                        Duration::from_millis(clock::now().as_millis()).saturating_sub(asked);
                    let least = round_trip.get().map_or(took, |least| least.min(took));
                    round_trip.set(Some(least));
                }
            }),
            Listener::new(&there.clone(), "message", move |event: MessageEvent| {
                if let Some(question) = event.data().dyn_ref::<JsString>()
                    && let Err(error) = there.send_with_str(&String::from(question))
                {
                    console::warn(&format!("cannot answer: {}", describe(&error)));
                }
            }),
            Listener::new(&near.0, "connectionstatechange", {
                let (near, tell) = (near.0.clone(), tell.clone());
                move |_: Event| {
                    if near.connection_state() == RtcPeerConnectionState::Failed {
                        tell(CallEvent::Unconnected);
                    }
                }
            }),
        ];
        let ends = [near.0.clone(), far.0.clone()];
        spawn_local(async move {
            if let Err(error) = introduce(&ends[0], &ends[1]).await {
                console::warn(&format!("cannot call oneself: {}", describe(&error)));
                tell(CallEvent::Unconnected);
            }
        });
        Ok(Self {
            _traffic: traffic,
            _listeners: listeners,
            _ends: [near, far],
        })
    }
}

impl Traffic {
    fn begin(channel: RtcDataChannel, end: impl FnOnce() + 'static) -> Self {
        let mut pieces = 0;
        Self {
            _pieces: Interval::new(PACE, move || {
                let asks = pieces % ASK_EACH == 0;
                pieces += 1;
                if let Err(error) = send(&channel, asks) {
                    console::warn(&format!("cannot send: {}", describe(&error)));
                }
            }),
            _end: Timeout::new(SPAN, end),
        }
    }
}

fn send(channel: &RtcDataChannel, asks: bool) -> Result<(), JsValue> {
    if asks {
        channel.send_with_str(&clock::now().as_millis().to_string())?;
    }
    if channel.buffered_amount() < HIGH_WATER {
        channel.send_with_u8_array(&vec![0x55; PIECE])?;
    }
    Ok(())
}

fn end(relay: Option<&IceServer>) -> Result<Closing, JsValue> {
    let (servers, policy) = match relay {
        Some(relay) => (std::slice::from_ref(relay), IceTransportPolicy::Relay),
        None => (&[][..], IceTransportPolicy::All),
    };
    let configuration = configuration(servers, policy);
    RtcPeerConnection::new_with_configuration(configuration.unchecked_ref())
        .map(|pc| Closing(pc.unchecked_into()))
}

fn channel(pc: &RtcPeerConnection) -> RtcDataChannel {
    let init = RtcDataChannelInit::new();
    init.set_negotiated(true);
    init.set_id(0);
    pc.create_data_channel_with_data_channel_dict("check", &init)
}

/// Hands the one's candidates to the other.
fn candidates(from: &RtcPeerConnection, to: &RtcPeerConnection) -> Listener {
    let to = to.clone();
    Listener::new(
        from,
        "icecandidate",
        move |event: RtcPeerConnectionIceEvent| {
            let Some(candidate) = event.candidate() else {
                return;
            };
            let added = to.add_ice_candidate_with_opt_rtc_ice_candidate(Some(&candidate));
            spawn_local(async move {
                if let Err(error) = JsFuture::from(added).await {
                    console::warn(&format!("candidate refused: {}", describe(&error)));
                }
            });
        },
    )
}

/// No candidate comes before its description: the browser tells of them in tasks of their own, after
/// what follows from the description's promise.
async fn introduce(near: &RtcPeerConnection, far: &RtcPeerConnection) -> Result<(), JsValue> {
    describe_locally(near).await?;
    tell_description(RtcSdpType::Offer, near, far).await?;
    describe_locally(far).await?;
    tell_description(RtcSdpType::Answer, far, near).await
}

async fn describe_locally(pc: &RtcPeerConnection) -> Result<(), JsValue> {
    let pc: &Binding = pc.unchecked_ref();
    JsFuture::from(pc.set_local_description()).await?;
    Ok(())
}

async fn tell_description(
    kind: RtcSdpType,
    from: &RtcPeerConnection,
    to: &RtcPeerConnection,
) -> Result<(), JsValue> {
    let description = RtcSessionDescriptionInit::new(kind);
    if let Some(local) = from.local_description() {
        description.set_sdp(&local.sdp());
    }
    JsFuture::from(to.set_remote_description(&description)).await?;
    Ok(())
}

async fn measure([near, far]: &[RtcPeerConnection; 2], round_trip: Option<Duration>) -> Measured {
    let (sent, _) = totals(near, "bytesSent").await;
    let (received, pictures) = totals(far, "bytesReceived").await;
    let rate = |bytes: f64| (bytes * 8_000.0 / f64::from(SPAN)) as u32;
    Measured {
        up: rate(sent),
        down: rate(received),
        round_trip,
        picture: pictures > 0.0,
    }
}

/// Bytes on all paths, by that counter, and pictures decoded (W3C webrtc-stats).
async fn totals(pc: &RtcPeerConnection, counter: &str) -> (f64, f64) {
    let (mut bytes, mut pictures) = (0.0, 0.0);
    match JsFuture::from(pc.get_stats()).await {
        Ok(report) => report
            .unchecked_ref::<js_sys::Map>()
            .for_each(&mut |entry, _| {
                let number = |name| property(&entry, name).and_then(|value| value.as_f64());
                match property(&entry, "type")
                    .and_then(|kind| kind.as_string())
                    .as_deref()
                {
                    Some("candidate-pair") => bytes += number(counter).unwrap_or_default(),
                    Some("inbound-rtp") => pictures += number("framesDecoded").unwrap_or_default(),
                    Some(_) | None => {}
                }
            }),
        Err(error) => console::warn(&format!("no statistics: {}", describe(&error))),
    }
    (bytes, pictures)
}
