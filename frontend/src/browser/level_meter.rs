//! How loud a track is, about fifteen times a second. What counts as speaking is left to others.

use gloo_timers::callback::Interval;
use wasm_bindgen::JsValue;
use web_sys::{
    AnalyserNode, AudioContext, AudioContextOptions, AudioContextState, Event, MediaStreamTrack,
};

use super::listener::Listener;
use super::track::Track;
use super::{console, describe, object, page, set};

const INTERVAL_MILLIS: u32 = 66;

/// Samples looked at each time: 21 ms at 48 kHz.
const WINDOW: usize = 1024;

/// What counts as silence, in decibels below the loudest.
const FLOOR_DB: f64 = -60.0;

/// The browser measures no sound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot measure the level: {0}")]
pub struct MeterError(String);

/// Measures until dropped.
pub struct LevelMeter {
    context: AudioContext,
    /// A clone, so that it hears on when the original is muted.
    _ear: Track,
    _interval: Interval,
    _gestures: [Listener; 2],
}

impl LevelMeter {
    /// Tells the level, from 0 (silence) to 1 (as loud as can be).
    pub fn new(track: &Track, tell: impl Fn(f64) + 'static) -> Result<Self, MeterError> {
        // The standard's `clone`, not Rust's: a track of its own, with an end of its own.
        let ear = Track::new(MediaStreamTrack::clone(track.js()));
        ear.set_enabled(true);
        Self::listen(ear, tell).map_err(|error| MeterError(describe(&error)))
    }

    fn listen(ear: Track, tell: impl Fn(f64) + 'static) -> Result<Self, JsValue> {
        let context = AudioContext::new_with_context_options(&silent())?;
        let analyser = context.create_analyser()?;
        analyser.set_fft_size(WINDOW as u32);
        let stream = ear.stream().ok_or_else(|| JsValue::from_str("no stream"))?;
        context
            .create_media_stream_source(&stream)?
            .connect_with_audio_node(&analyser)?;
        let interval = Interval::new(INTERVAL_MILLIS, move || tell(level(&analyser)));
        // Browsers may hold back all audio processing until the person has touched the page.
        let wake = |name| {
            let context = context.clone();
            Listener::new(&page::window(), name, move |_: Event| resume(&context))
        };
        Ok(Self {
            _ear: ear,
            _interval: interval,
            _gestures: [wake("pointerdown"), wake("keydown")],
            context,
        })
    }
}

impl Drop for LevelMeter {
    fn drop(&mut self) {
        if let Err(error) = self.context.close() {
            console::warn(&format!("cannot close the meter: {}", describe(&error)));
        }
    }
}

/// For a context that is not to be heard (Web Audio §1.2.2, `sinkId`): where a browser knows it, no speaker is kept
/// open for its silence. Others do not mind.
fn silent() -> AudioContextOptions {
    let options = AudioContextOptions::new();
    set(&options, "sinkId", &object([("type", "none".into())]));
    options
}

fn resume(context: &AudioContext) {
    if context.state() != AudioContextState::Suspended {
        return;
    }
    if let Err(error) = context.resume() {
        console::warn(&format!("cannot resume the meter: {}", describe(&error)));
    }
}

fn level(analyser: &AnalyserNode) -> f64 {
    let mut samples = [0.0f32; WINDOW];
    analyser.get_float_time_domain_data(&mut samples);
    let power = samples
        .iter()
        .map(|&sample| f64::from(sample).powi(2))
        .sum::<f64>()
        / WINDOW as f64;
    level_of_power(power)
}

/// Decibels, as ears hear, mapped to 0 to 1.
fn level_of_power(power: f64) -> f64 {
    (1.0 - 10.0 * power.log10() / FLOOR_DB).clamp(0.0, 1.0)
}
