//! The four transceivers of a peer connection, by [`Slot`]: what goes out by them, how much, and what
//! comes in.

use call::output::{PictureLimits, SendLimits, Slot};
use call::scale::scale_down_by;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection};

use super::bindings::{self, RtpSender};
use super::local_tracks::LocalTracks;
use super::peer_connection::LinkError;
use super::track::{size_of, stream_of};
use super::{console, describe};

/// Transceivers in the order of [`Slot::ALL`].
pub(super) struct Slots {
    transceivers: [RtcRtpTransceiver; 4],
}

impl Slots {
    pub fn new(transceivers: [RtcRtpTransceiver; 4]) -> Self {
        Self { transceivers }
    }

    /// Those that an offer, just set remotely, has made or met. Own ones from an offer that it
    /// rolled back have no media description any more: they are stopped.
    pub fn of_offer(pc: &RtcPeerConnection) -> Result<Self, LinkError> {
        let (offered, left_over): (Vec<_>, Vec<_>) = pc
            .get_transceivers()
            .iter()
            .map(JsValue::unchecked_into::<RtcRtpTransceiver>)
            .partition(|transceiver| transceiver.mid().is_some());
        for transceiver in left_over {
            transceiver.stop();
        }
        let found = offered.len();
        offered
            .try_into()
            .map(Self::new)
            .map_err(|_| LinkError::ForeignOffer { found })
    }

    /// An answer only receives, unless told otherwise.
    pub fn send_and_receive(&self) {
        for transceiver in &self.transceivers {
            transceiver.set_direction(RtcRtpTransceiverDirection::Sendrecv);
        }
    }

    /// Begins to send these tracks, and nothing where there is none. The browser does it before
    /// anything that it is asked for after this; [`Replacement::done`] is for learning how it went.
    pub fn send(&self, tracks: &LocalTracks) -> Vec<Replacement> {
        Slot::ALL
            .into_iter()
            .filter_map(|slot| {
                let sender = self.transceivers[slot as usize].sender();
                let track = tracks.get(slot).map(|track| track.js());
                (sender.track().as_ref() != track).then(|| Replacement {
                    slot,
                    promise: sender.replace_track(track),
                })
            })
            .collect()
    }

    /// Takes the tracks out of these slots, and puts them in again behind that.
    pub fn send_afresh(&self, slots: &[Slot], tracks: &LocalTracks) -> Vec<Replacement> {
        let turns = slots.iter().filter_map(|slot| {
            let track = tracks.get(*slot)?.js();
            let sender = self.transceivers[*slot as usize].sender();
            Some([None, Some(track)].map(|track| Replacement {
                slot: *slot,
                promise: sender.replace_track(track),
            }))
        });
        turns.flatten().collect()
    }

    /// The RTP timestamp of the microphone's newest packet that was played (W3C webrtc-pc
    /// `RTCRtpReceiver.getSynchronizationSources`).
    pub fn newest_sound(&self) -> Option<u32> {
        let receiver = self.transceivers[Slot::Microphone as usize].receiver();
        let source = receiver.get_synchronization_sources().get(0);
        // `as` keeps it within what an RTP timestamp is.
        bindings::property(&source, "rtpTimestamp")?
            .as_f64()
            .map(|timestamp| timestamp as u32)
    }

    /// What their media descriptions are called, in this order.
    pub fn mids(&self) -> [Option<String>; 4] {
        [0, 1, 2, 3].map(|place: usize| self.transceivers[place].mid())
    }

    /// Sends no more than that. Where the browser will not, it sends what it thinks right. To be called again when tracks
    /// have changed: pictures are made smaller by a factor, which depends on how large they are captured.
    pub async fn limit(&self, limits: SendLimits) {
        let sound = Encoding {
            is_active: true,
            priority: "high",
            bitrate: limits.microphone,
            frame_rate: None,
            scale_down_by: None,
        };
        for (slot, encoding) in [
            (Slot::Microphone, sound),
            (Slot::Screen, self.picture(Slot::Screen, limits.screen)),
            (Slot::Camera, self.picture(Slot::Camera, limits.camera)),
        ] {
            let sender = self.transceivers[slot as usize].sender();
            if let Err(error) = limit(sender.unchecked_ref(), encoding).await {
                console::warn(&format!("cannot limit {slot:?}: {}", describe(&error)));
            }
        }
    }

    fn picture(&self, slot: Slot, limits: Option<PictureLimits>) -> Encoding {
        // Sound comes before pictures, and text before faces.
        let priority = if slot == Slot::Screen {
            "low"
        } else {
            "very-low"
        };
        let Some(limits) = limits else {
            return Encoding {
                is_active: false,
                priority,
                ..Encoding::default()
            };
        };
        let captured = self.transceivers[slot as usize]
            .sender()
            .track()
            .and_then(|track| size_of(&track));
        let scale = match (captured, limits.size) {
            (Some(captured), Some(size)) => scale_down_by(slot, captured, size),
            (None, _) | (_, None) => 1.0,
        };
        Encoding {
            is_active: true,
            priority,
            bitrate: limits.bitrate,
            frame_rate: Some(limits.frame_rate),
            scale_down_by: Some(scale),
        }
    }

    /// One stream for each slot: their tracks last as long as the connection.
    pub fn remote_streams(&self) -> Option<[MediaStream; 4]> {
        let streams: Vec<_> = self
            .transceivers
            .iter()
            .filter_map(|transceiver| stream_of(&transceiver.receiver().track()))
            .collect();
        streams.try_into().ok()
    }
}

/// A track that is being replaced.
pub(super) struct Replacement {
    slot: Slot,
    promise: Promise,
}

impl Replacement {
    /// Waits until it is done; the console gets to know when it failed.
    pub async fn done(self) {
        if let Err(error) = JsFuture::from(self.promise).await {
            console::error(&format!(
                "cannot send {:?}: {}",
                self.slot,
                describe(&error)
            ));
        }
    }
}

/// What is asked of a sender's encoding (W3C webrtc-pc `RTCRtpEncodingParameters`).
#[derive(Clone, Copy, Debug, Default)]
struct Encoding {
    is_active: bool,
    /// W3C webrtc-priority `RTCPriorityType`.
    priority: &'static str,
    /// 0 for as it was.
    bitrate: u32,
    frame_rate: Option<u8>,
    scale_down_by: Option<f64>,
}

impl Encoding {
    fn members(self) -> impl Iterator<Item = (&'static str, JsValue)> {
        [
            ("active", Some(self.is_active.into())),
            ("priority", Some(self.priority.into())),
            (
                "maxBitrate",
                (self.bitrate > 0).then(|| self.bitrate.into()),
            ),
            ("maxFramerate", self.frame_rate.map(JsValue::from)),
            (
                "scaleResolutionDownBy",
                self.scale_down_by.map(JsValue::from),
            ),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// Between getting parameters and setting them there must be no await: the browser takes back only
/// the very object that it gave last (W3C webrtc-pc `setParameters`).
async fn limit(sender: &RtpSender, wanted: Encoding) -> Result<(), JsValue> {
    let parameters = sender.get_parameters();
    let encodings = bindings::property(&parameters, "encodings")
        .map(|encodings| js_sys::Array::from(&encodings))
        .unwrap_or_default();
    let mut changed = false;
    for encoding in encodings.iter() {
        for (name, value) in wanted.members() {
            let name = JsValue::from_str(name);
            if Reflect::get(&encoding, &name)? != value {
                Reflect::set(&encoding, &name, &value)?;
                changed = true;
            }
        }
    }
    if changed {
        JsFuture::from(sender.set_parameters(&parameters)).await?;
    }
    Ok(())
}
