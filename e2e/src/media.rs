//! Whether sound and pictures really arrive, and whether devices are really in use: asked of WebRTC's statistics and of
//! the tracks themselves, never of a label.

use std::{ops::RangeInclusive, time::Duration};

use serde::Deserialize;
use serde_json::json;

use crate::{locator::Locator, person::Person, waiting::until};

/// Where a track of one's own comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The camera.
    Camera,
    /// The microphone.
    Microphone,
    /// A shared screen.
    Screen,
    /// The sound of a shared tab.
    ScreenSound,
}

/// A medium that comes in over a connection, by its m-line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The voice.
    Microphone = 0,
    /// What a shared tab plays.
    ScreenSound = 3,
}

/// What one peer connection does.
#[derive(Clone, Debug, Deserialize)]
pub struct ConnectionStats {
    /// W3C `RTCPeerConnectionState`.
    pub state: String,
    /// What comes in.
    pub inbound: Vec<InboundStats>,
    /// What goes out.
    pub outbound: Vec<OutboundStats>,
}

/// One outgoing stream (W3C webrtc-stats `RTCOutboundRtpStreamStats`).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboundStats {
    /// The m-line.
    pub mid: String,
    /// `bytesSent` and `headerBytesSent`
    pub bytes: u64,
    /// `framesEncoded`
    pub frames: u64,
    /// `frameWidth`; 0 while there is none.
    pub width: u64,
    /// `totalEncodeTime`, in seconds
    pub encode_time: f64,
}

/// One incoming stream (W3C webrtc-stats `RTCInboundRtpStreamStats`).
#[derive(Clone, Debug, Deserialize)]
pub struct InboundStats {
    /// The m-line.
    pub mid: String,
    /// `audio` or `video`.
    pub kind: String,
    /// `packetsReceived`
    pub packets: u64,
    /// `framesDecoded`
    pub frames: u64,
    /// `totalAudioEnergy`: grows only while something that is not silence is played.
    pub energy: f64,
}

impl ConnectionStats {
    fn sum<N: std::iter::Sum>(&self, kind: &str, number: impl Fn(&InboundStats) -> N) -> N {
        self.inbound
            .iter()
            .filter(|stream| stream.kind == kind)
            .map(number)
            .sum()
    }

    /// Audio packets received so far.
    pub fn audio_packets(&self) -> u64 {
        self.sum("audio", |stream| stream.packets)
    }

    /// Pictures decoded so far.
    pub fn video_frames(&self) -> u64 {
        self.sum("video", |stream| stream.frames)
    }

    /// Sound played so far.
    pub fn audio_energy(&self) -> f64 {
        self.sum("audio", |stream| stream.energy)
    }
}

impl Person {
    /// The statistics of this person's peer connections that are not closed.
    pub fn connections(&self) -> Result<Vec<ConnectionStats>, String> {
        self.evaluate("tap.stats()")
    }

    /// Waits until the camera's picture goes out with a width in that range over the one connection there is.
    #[track_caller]
    pub fn sends_a_picture_as_wide_as(&self, widths: RangeInclusive<u64>) {
        until(
            &format!("{} to send a picture of {widths:?} pixels", self.name()),
            || match self.sent_picture()? {
                sent if widths.contains(&sent.width) => Ok(()),
                sent => Err(format!("it is {sent:?}")),
            },
        );
    }

    /// Waits until a second passes in which no picture of the camera goes out over the one connection there is.
    #[track_caller]
    pub fn sends_no_picture(&self) {
        until(&format!("{} to send no picture", self.name()), || {
            let before = self.sent_picture()?.frames;
            self.evaluate::<bool>("new Promise((passed) => setTimeout(passed, 1000, true))")?;
            match self.sent_picture()?.frames - before {
                0 => Ok(()),
                more => Err(format!("{more} were encoded in a second")),
            }
        });
    }

    /// Waits until pictures of the camera go out over the one connection there is.
    #[track_caller]
    pub fn sends_pictures(&self) {
        let mut first = None;
        until(&format!("{} to send pictures", self.name()), || {
            let frames = self.sent_picture()?.frames;
            if frames > *first.get_or_insert(frames) {
                Ok(())
            } else {
                Err(format!("{frames} were encoded so far"))
            }
        });
    }

    fn sent_picture(&self) -> Result<OutboundStats, String> {
        let connections = self.connections()?;
        let [connection] = connections.as_slice() else {
            return Err(format!("the connections are {connections:?}"));
        };
        let sent = connection.outbound.iter().find(|stream| stream.mid == "1");
        sent.cloned()
            .ok_or_else(|| format!("no picture is sent: {connection:?}"))
    }

    /// How many peer connections the page has made since it was loaded: those for media, not one that only looks for
    /// this machine's addresses.
    #[track_caller]
    pub fn connections_made(&self) -> u32 {
        self.evaluate("tap.connections.filter((one) => one.getTransceivers().length > 0).length")
            .expect("the page answers")
    }

    /// How long a packet and its answer take on the way to the one other person (W3C webrtc-stats `currentRoundTripTime`), once
    /// that is known.
    #[track_caller]
    pub fn round_trip(&self) -> Duration {
        let measure = "(async () => {
            const live = tap.connections.filter((one) => one.connectionState === 'connected');
            const stats = [...(await live[0].getStats()).values()];
            const pairs = stats.filter((entry) => entry.type === 'candidate-pair' && entry.nominated);
            return pairs.map((pair) => pair.currentRoundTripTime).find((time) => time > 0) ?? null;
        })()";
        until(&format!("the round trip of {}", self.name()), || {
            let seconds: Option<f64> = self.evaluate(measure)?;
            let known = seconds.map(Duration::from_secs_f64);
            known.ok_or_else(|| "it is not known".to_owned())
        })
    }

    /// Waits until there are exactly so many connections, all stand, and over each of them more audio packets and
    /// decoded pictures arrive than had at first.
    #[track_caller]
    pub fn receives_from(&self, peers: usize) {
        let mut first: Option<Vec<ConnectionStats>> = None;
        until(
            &format!("{} to receive sound and pictures from {peers}", self.name()),
            || {
                let now = self.connections()?;
                let standing = now
                    .iter()
                    .filter(|connection| connection.state == "connected")
                    .count();
                if now.len() != peers || standing != peers {
                    first = None;
                    return Err(format!("the connections are {now:?}"));
                }
                let before = first.get_or_insert_with(|| now.clone());
                let grows = before.iter().zip(&now).all(|(before, now)| {
                    now.audio_packets() > before.audio_packets()
                        && now.video_frames() > before.video_frames()
                });
                if grows {
                    Ok(())
                } else {
                    Err(format!("from {before:?}\nit only came to {now:?}"))
                }
            },
        );
    }

    /// Waits until sound that is not silence is played from each of exactly so many connections.
    #[track_caller]
    pub fn hears(&self, peers: usize) {
        let mut first: Option<Vec<ConnectionStats>> = None;
        until(&format!("{} to hear {peers}", self.name()), || {
            let now = self.connections()?;
            if now.len() != peers {
                return Err(format!("the connections are {now:?}"));
            }
            let before = first.get_or_insert_with(|| now.clone());
            let louder = before
                .iter()
                .zip(&now)
                .all(|(before, now)| now.audio_energy() > before.audio_energy());
            if louder {
                Ok(())
            } else {
                Err(format!("it is silent: {now:?}"))
            }
        });
    }

    /// Waits until sound that is not silence is played from that m-line of the one connection there is.
    #[track_caller]
    pub fn hears_on(&self, slot: Slot) {
        let mut first = None;
        until(&format!("{} to hear the {slot:?}", self.name()), || {
            let now = self.connections()?;
            let mid = (slot as u8).to_string();
            let energy = (now.iter().flat_map(|connection| &connection.inbound))
                .find(|stream| stream.mid == mid)
                .map(|stream| stream.energy)
                .ok_or_else(|| format!("nothing comes in on m-line {mid}: {now:?}"))?;
            if energy > *first.get_or_insert(energy) {
                Ok(())
            } else {
                Err(format!("it is silent: {now:?}"))
            }
        });
    }

    /// Waits until a second and a half pass in which nothing but silence is played. (The fake microphone beeps every
    /// second.)
    #[track_caller]
    pub fn hears_nothing(&self) {
        const BOTH: &str = "(async () => {
            const before = await tap.stats();
            await new Promise((passed) => setTimeout(passed, 1500));
            return [before, await tap.stats()];
        })()";
        until(&format!("{} to hear nothing", self.name()), || {
            let (before, after): (Vec<ConnectionStats>, Vec<ConnectionStats>) =
                self.evaluate(BOTH)?;
            let heard: f64 = (before.iter().zip(&after))
                .map(|(before, after)| after.audio_energy() - before.audio_energy())
                .sum();
            if heard < 1e-6 {
                Ok(())
            } else {
                Err(format!("the energy grew by {heard}"))
            }
        });
    }

    /// How many tracks from there run, clones not counted.
    ///
    /// # Errors
    /// When the page does not answer.
    pub fn live_tracks(&self, source: Source) -> Result<usize, String> {
        self.count_tracks(source, "!noted.clone")
    }

    /// Waits until exactly so many tracks from there run, clones not counted.
    #[track_caller]
    pub fn has_live_tracks(&self, source: Source, count: usize) {
        until(
            &format!("{} to have {count} live {source:?} tracks", self.name()),
            || match self.live_tracks(source)? {
                live if live == count => Ok(()),
                live => Err(format!("there are {live}")),
            },
        );
    }

    /// Waits until nothing holds the device any more, clones neither: its light is off.
    #[track_caller]
    pub fn lets_go_of(&self, source: Source) {
        until(
            &format!("{} to let go of the {source:?}", self.name()),
            || match self.count_tracks(source, "true")? {
                0 => Ok(()),
                live => Err(format!("{live} tracks of it still run")),
            },
        );
    }

    fn count_tracks(&self, source: Source, which: &str) -> Result<usize, String> {
        let source = json!(match source {
            Source::Camera => "camera",
            Source::Microphone => "microphone",
            Source::Screen => "screen",
            Source::ScreenSound => "screen sound",
        });
        self.evaluate(&format!(
            "tap.tracks.filter((noted) => noted.source === {source} && noted.track.readyState === 'live' && {which}).length"
        ))
    }
}

impl Locator<'_> {
    /// Waits until the video in it shows several new pictures within a few seconds: a machine that runs several browsers draws
    /// fewer than come.
    #[track_caller]
    pub fn frames_advance(&self) {
        until(&format!("the pictures in {self} to advance"), || {
            let frames: i64 = self.call(FRAMES, &[json!(4), json!(4000)])?;
            match frames {
                4.. => Ok(()),
                0.. => Err(format!(
                    "only {frames} came in four seconds; the video is {}",
                    self.video()?
                )),
                _ => Err("there is no visible video in it".to_owned()),
            }
        });
    }

    /// Waits until no picture moves in it: a second passes without a new one, or there is no visible video.
    #[track_caller]
    pub fn frames_stop(&self) {
        until(&format!("the pictures in {self} to stop"), || {
            match self.call::<i64>(FRAMES, &[json!(1), json!(1000)])? {
                1.. => Err("they still come".to_owned()),
                _ => Ok(()),
            }
        });
    }

    fn video(&self) -> Result<String, String> {
        self.call(
            "function () {
                const video = this.matches('video') ? this : this.querySelector('video');
                const tracks = video.srcObject?.getTracks().map((track) => `${track.kind} ${track.readyState} muted=${track.muted}`);
                return `paused=${video.paused} readyState=${video.readyState} ${video.videoWidth}x${video.videoHeight} tracks=[${tracks}]`;
            }",
            &[],
        )
    }
}

/// -1 when there is no visible video.
const FRAMES: &str = "function (enough, span) {
    const video = this.matches('video') ? this : this.querySelector('video');
    return video?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ? tap.countFrames(video, enough, span) : -1;
}";
