//! A track that this page captures, as a guard: its light goes out when it is dropped.

use call::media::DeviceId;
use call::output::PictureSize;
use wasm_bindgen::JsCast;
use web_sys::{Event, MediaStream, MediaStreamTrack};

use super::bindings::{self, HintedTrack};
use super::listener::Listener;

/// A captured track. Dropping it stops it.
pub struct Track {
    track: MediaStreamTrack,
    ended: Option<Listener>,
}

impl Track {
    pub(super) fn new(track: MediaStreamTrack) -> Self {
        Self { track, ended: None }
    }

    /// Says when the track ends by itself: the device was pulled out, or sharing stopped from
    /// outside. Not when it is stopped here.
    pub fn when_ended(&mut self, handler: impl FnOnce() + 'static) {
        let mut handler = Some(handler);
        self.ended = Some(Listener::new(&self.track, "ended", move |_: Event| {
            if let Some(handler) = handler.take() {
                handler();
            }
        }));
    }

    /// Stops it now, whoever still holds it.
    pub fn stop(&self) {
        self.track.stop();
    }

    /// Whether it carries sound or picture, or silence and black.
    pub fn set_enabled(&self, enabled: bool) {
        self.track.set_enabled(enabled);
    }

    /// Tells the encoder what matters in this track (W3C mst-content-hint); browsers that don't
    /// know hints ignore it.
    pub fn hint(&self, hint: &str) {
        self.track
            .unchecked_ref::<HintedTrack>()
            .set_content_hint(hint);
    }

    /// The device that it comes from, if the browser says.
    #[must_use]
    pub fn device(&self) -> Option<DeviceId> {
        let id = bindings::property(&self.track.get_settings(), "deviceId")?.as_string()?;
        (!id.is_empty()).then_some(DeviceId(id))
    }

    /// How large its pictures are, as far as the browser knows.
    #[must_use]
    pub fn size(&self) -> Option<PictureSize> {
        size_of(&self.track)
    }

    /// A stream of this track alone, for an element to show.
    #[must_use]
    pub fn stream(&self) -> Option<MediaStream> {
        stream_of(&self.track)
    }

    /// Whether this is what a stream of ours shows.
    #[must_use]
    pub fn is_in(&self, stream: &MediaStream) -> bool {
        stream.get_track_by_id(&self.track.id()).is_some()
    }

    pub(super) fn js(&self) -> &MediaStreamTrack {
        &self.track
    }
}

impl Drop for Track {
    fn drop(&mut self) {
        self.ended = None;
        self.track.stop();
    }
}

/// How large a track's pictures are, as far as the browser knows.
pub(super) fn size_of(track: &MediaStreamTrack) -> Option<PictureSize> {
    let settings = track.get_settings();
    // `as` takes the nearest that there is.
    let length = |name| Some(bindings::property(&settings, name)?.as_f64()? as u16);
    let (width, height) = (length("width")?, length("height")?);
    (width > 0 && height > 0).then_some(PictureSize { width, height })
}

/// A stream of one track.
pub(super) fn stream_of(track: &MediaStreamTrack) -> Option<MediaStream> {
    match MediaStream::new() {
        Ok(stream) => {
            stream.add_track(track);
            Some(stream)
        }
        Err(error) => {
            super::console::error(&format!("cannot make a stream: {error:?}"));
            None
        }
    }
}
