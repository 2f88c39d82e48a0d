//! An `RTCPeerConnection` with Moim's fixed media descriptions, as a guard: dropping it closes it.
//! One operation at a time, as its caller sees to; what to do when, is the call's.

use std::rc::Rc;

use call::input::{LinkEvent, LinkState};
use call::measure::Measurement;
use call::output::{IceCredentials, IceTransportPolicy, LinkRole, SendLimits, Slot};
use shared::room::IceServer;
use shared::signal::IceCandidate;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, MediaStream, RtcIceCandidateInit, RtcPeerConnection, RtcPeerConnectionIceEvent,
    RtcPeerConnectionState, RtcRtpTransceiverDirection, RtcRtpTransceiverInit, RtcSdpType,
    RtcSessionDescriptionInit,
};

use super::bindings::PeerConnection as Binding;
use super::data_channel::DataChannel;
use super::key_frames::KeyFrames;
use super::listener::Listener;
use super::local_tracks::LocalTracks;
use super::slots::{Replacement, Slots};
use super::start_bitrate::with_start_bitrate;
use super::{console, describe, object, stats};

/// Why an operation on a peer connection failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The browser refused it.
    #[error("{operation}: {reason}")]
    Refused {
        /// What was tried.
        operation: &'static str,
        /// The browser's words.
        reason: String,
    },
    /// There is no local description after one was set.
    #[error("the browser made no description")]
    NoDescription,
    /// The offer has not the four media descriptions.
    #[error("the offer has {found} of four media descriptions")]
    ForeignOffer {
        /// How many of ours it has.
        found: usize,
    },
}

/// A peer connection.
pub struct PeerConnection {
    // Fields are dropped in this order: nobody listens any more when it closes.
    _listeners: [Listener; 2],
    key_frames: KeyFrames,
    channel: DataChannel,
    slots: Option<Slots>,
    limits: Option<SendLimits>,
    tracks: LocalTracks,
    replacements: Vec<Replacement>,
    pc: Closing,
}

impl PeerConnection {
    /// Makes one; the offerer's with its four transceivers, the answerer's without any.
    pub fn new(
        ice_servers: &[IceServer],
        transport: IceTransportPolicy,
        role: LinkRole,
        tell: Rc<dyn Fn(LinkEvent)>,
    ) -> Result<Self, LinkError> {
        let configuration = configuration(ice_servers, transport);
        let pc = RtcPeerConnection::new_with_configuration(configuration.unchecked_ref())
            .map_err(refused("RTCPeerConnection"))?;
        let pc = Closing(pc.unchecked_into());
        let slots = match role {
            LinkRole::Offerer => Some(Slots::new(Slot::ALL.map(|slot| {
                let init = RtcRtpTransceiverInit::new();
                init.set_direction(RtcRtpTransceiverDirection::Sendrecv);
                pc.0.add_transceiver_with_str_and_init(kind(slot), &init)
            }))),
            LinkRole::Answerer => None,
        };
        let channel = DataChannel::new(&pc.0, &tell);
        let candidates = tell.clone();
        let states = RtcPeerConnection::clone(&pc.0);
        let listeners = [
            Listener::new(
                &pc.0,
                "icecandidate",
                move |event: RtcPeerConnectionIceEvent| {
                    // None says that there are no more, which nobody needs to know.
                    if let Some(candidate) = gathered(&event) {
                        candidates(LinkEvent::CandidatesGathered(vec![candidate]));
                    }
                },
            ),
            Listener::new(&pc.0, "connectionstatechange", move |_: Event| {
                tell(LinkEvent::StateChanged(state(&states)));
            }),
        ];
        Ok(Self {
            _listeners: listeners,
            key_frames: KeyFrames::new(&pc.0),
            channel,
            slots,
            limits: None,
            tracks: LocalTracks::default(),
            replacements: Vec::new(),
            pc,
        })
    }

    /// Looks for ways by these servers from the next ICE restart on.
    pub fn configure(&self, ice_servers: &[IceServer], transport: IceTransportPolicy) {
        let configuration = configuration(ice_servers, transport);
        if let Err(error) = self.pc.0.set_configuration(&configuration) {
            // What stands goes on; a restart that finds no way is followed by another link.
            console::warn(&format!("other servers refused: {}", describe(&error)));
        }
    }

    /// Makes an offer and sets it locally; gives its text.
    pub async fn create_offer(&mut self, credentials: IceCredentials) -> Result<String, LinkError> {
        match credentials {
            IceCredentials::Same => {}
            IceCredentials::New => self.pc.0.restart_ice(),
        }
        self.describe_locally().await
    }

    /// Sets an offer remotely, which rolls an own one back; takes its transceivers, puts the own
    /// tracks in, and answers. Gives the answer's text.
    pub async fn accept_offer(&mut self, sdp: &str) -> Result<String, LinkError> {
        self.set_remote(RtcSdpType::Offer, sdp).await?;
        let slots = Slots::of_offer(&self.pc.0)?;
        slots.send_and_receive();
        self.slots = Some(slots);
        self.put_tracks_in();
        self.describe_locally().await
    }

    /// Sets an answer remotely.
    pub async fn accept_answer(&mut self, sdp: &str) -> Result<(), LinkError> {
        self.set_remote(RtcSdpType::Answer, sdp).await
    }

    /// Adds remote candidates; those that the browser refuses are left out.
    pub async fn add_candidates(&self, candidates: Vec<IceCandidate>) {
        for candidate in candidates {
            let init = RtcIceCandidateInit::new(&candidate.candidate);
            init.set_sdp_mid(candidate.sdp_mid.as_deref());
            init.set_sdp_m_line_index(candidate.sdp_m_line_index);
            if let Some(fragment) = &candidate.username_fragment {
                super::set(&init, "usernameFragment", &fragment.as_str().into());
            }
            let added = self
                .pc
                .0
                .add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
            if let Err(error) = JsFuture::from(added).await {
                console::warn(&format!("candidate refused: {}", describe(&error)));
            }
        }
    }

    /// Sends these tracks from now on, without negotiating.
    pub fn set_tracks(&mut self, tracks: LocalTracks) {
        self.tracks = tracks;
        self.put_tracks_in();
    }

    /// Takes the tracks out of these slots and puts them in again.
    pub fn send_afresh(&mut self, slots: &[Slot]) {
        if let Some(transceivers) = &self.slots {
            let afresh = transceivers.send_afresh(slots, &self.tracks);
            self.replacements.extend(afresh);
        }
    }

    /// Sends no more than this from now on.
    pub fn set_limits(&mut self, limits: SendLimits) {
        self.limits = Some(limits);
    }

    /// Waits for what the operations above have begun and nobody was kept waiting for: tracks in
    /// their places, limits in force. To be called after each of them.
    pub async fn settle(&mut self) {
        for replacement in self.replacements.drain(..) {
            replacement.done().await;
        }
        if let (Some(slots), Some(limits)) = (&self.slots, self.limits) {
            slots.limit(limits).await;
        }
    }

    /// What the browser has counted so far, if it says, once there are transceivers.
    pub async fn measure(&self) -> Option<Measurement> {
        let mids = self.slots.as_ref()?.mids();
        match JsFuture::from(self.pc.0.get_stats()).await {
            Ok(stats) => stats::read(&stats, &mids),
            Err(error) => {
                console::warn(&format!("cannot measure: {}", describe(&error)));
                None
            }
        }
    }

    /// The RTP timestamp of the newest packet of the peer's microphone that was played. It costs nothing, unlike `measure`.
    #[must_use]
    pub fn newest_sound(&self) -> Option<u32> {
        self.slots.as_ref()?.newest_sound()
    }

    /// Begins anew with pictures that build on none before.
    pub fn send_key_frames(&self) {
        self.key_frames.send();
    }

    /// Sends text on the data channel.
    pub fn send(&self, text: String) {
        self.channel.send(text);
    }

    /// What comes from the peer, by [`Slot`], as soon as there are transceivers.
    #[must_use]
    pub fn remote_streams(&self) -> Option<[MediaStream; 4]> {
        self.slots.as_ref()?.remote_streams()
    }

    async fn describe_locally(&self) -> Result<String, LinkError> {
        self.key_frames.ice_may_restart();
        JsFuture::from(self.pc.0.set_local_description())
            .await
            .map_err(refused("setLocalDescription"))?;
        self.pc
            .0
            .local_description()
            .map(|description| description.sdp())
            .ok_or(LinkError::NoDescription)
    }

    async fn set_remote(&self, kind: RtcSdpType, sdp: &str) -> Result<(), LinkError> {
        self.key_frames.ice_may_restart();
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(&with_start_bitrate(sdp));
        JsFuture::from(self.pc.0.set_remote_description(&description))
            .await
            .map(|_: JsValue| ())
            .map_err(refused("setRemoteDescription"))
    }

    fn put_tracks_in(&mut self) {
        if let Some(slots) = &self.slots {
            self.replacements.extend(slots.send(&self.tracks));
        }
    }
}

/// The candidate that an event tells of, or none when there are no more.
pub(super) fn gathered(event: &RtcPeerConnectionIceEvent) -> Option<IceCandidate> {
    let candidate = event.candidate()?;
    let fragment = super::bindings::property(&candidate, "usernameFragment");
    Some(IceCandidate {
        candidate: candidate.candidate(),
        sdp_mid: candidate.sdp_mid(),
        sdp_m_line_index: candidate.sdp_m_line_index(),
        username_fragment: fragment.and_then(|fragment| fragment.as_string()),
    })
}

/// Closes with its guard.
pub(super) struct Closing(pub(super) Binding);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn kind(slot: Slot) -> &'static str {
    match slot {
        Slot::Microphone | Slot::ScreenSound => "audio",
        Slot::Camera | Slot::Screen => "video",
    }
}

/// A W3C webrtc-pc `RTCConfiguration`.
pub(super) fn configuration(ice_servers: &[IceServer], transport: IceTransportPolicy) -> JsValue {
    let servers = js_sys::Array::new();
    for server in ice_servers {
        let urls = js_sys::Array::new();
        for url in &server.urls {
            urls.push(&url.as_str().into());
        }
        let entry = object([("urls", urls.into())]);
        for (name, value) in [
            ("username", &server.username),
            ("credential", &server.credential),
        ] {
            if let Some(value) = value {
                super::set(&entry, name, &value.as_str().into());
            }
        }
        servers.push(&entry);
    }
    object([
        ("iceServers", servers.into()),
        (
            "iceTransportPolicy",
            match transport {
                IceTransportPolicy::All => "all",
                IceTransportPolicy::Relay => "relay",
            }
            .into(),
        ),
        // One transport for everything: fewer candidates, one handshake.
        ("bundlePolicy", "max-bundle".into()),
    ])
}

fn state(pc: &RtcPeerConnection) -> LinkState {
    match pc.connection_state() {
        RtcPeerConnectionState::Connecting => LinkState::Connecting,
        RtcPeerConnectionState::Connected => LinkState::Connected,
        RtcPeerConnectionState::Disconnected => LinkState::Disconnected,
        RtcPeerConnectionState::Failed => LinkState::Failed,
        RtcPeerConnectionState::Closed => LinkState::Closed,
        // Or what a later standard may add.
        RtcPeerConnectionState::New | _ => LinkState::New,
    }
}

fn refused(operation: &'static str) -> impl Fn(JsValue) -> LinkError {
    move |error| LinkError::Refused {
        operation,
        reason: describe(&error),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::super::bindings::property;
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn turn(user: &str) -> [IceServer; 1] {
        [IceServer {
            urls: vec!["turn:127.0.0.1:9?transport=tcp".to_owned()],
            username: Some(user.to_owned()),
            credential: Some("secret".to_owned()),
        }]
    }

    /// The policy in force, and for whom its server relays.
    fn in_force(connection: &PeerConnection) -> [String; 2] {
        let get: js_sys::Function = property(&connection.pc.0, "getConfiguration")
            .unwrap()
            .unchecked_into();
        let configuration = get.call0(&connection.pc.0).unwrap();
        let policy = property(&configuration, "iceTransportPolicy").unwrap();
        let servers: js_sys::Array = property(&configuration, "iceServers")
            .unwrap()
            .unchecked_into();
        let user = property(&servers.get(0), "username").unwrap();
        [policy, user].map(|value| value.as_string().unwrap())
    }

    #[wasm_bindgen_test]
    async fn a_connection_takes_other_servers_and_stays_as_hidden() {
        for (transport, policy) in [
            (IceTransportPolicy::All, "all"),
            (IceTransportPolicy::Relay, "relay"),
        ] {
            let ignore: Rc<dyn Fn(LinkEvent)> = Rc::new(|_| {});
            let offerer = LinkRole::Offerer;
            let mut connection =
                PeerConnection::new(&turn("first"), transport, offerer, ignore).unwrap();
            assert_eq!(in_force(&connection), [policy, "first"]);
            // In the midst of an exchange, too.
            connection.create_offer(IceCredentials::Same).await.unwrap();
            connection.configure(&turn("second"), transport);
            assert_eq!(in_force(&connection), [policy, "second"]);
        }
    }
}
