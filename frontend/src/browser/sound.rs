//! What is heard from others: one hidden `<audio>` for each sound, all on one speaker. The page's
//! own sound is never played.

use std::collections::HashMap;
use std::rc::Rc;

use call::media::DeviceId;
use call::output::{LinkId, Slot};
use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AudioContext, DomException, HtmlAudioElement, MediaStream};

use super::bindings::SinkElement;
use super::{bindings, console, describe, page};

/// How long the test tone sounds, and how high, in hertz.
const TONE_MILLIS: u32 = 500;
const TONE_PITCH: f32 = 523.25;

/// Everything that is to be heard.
pub struct Sound {
    players: HashMap<(LinkId, Slot), Player>,
    speaker: Option<DeviceId>,
    tone: Option<Tone>,
    blocked: Rc<dyn Fn()>,
}

impl Sound {
    /// Nothing yet. `blocked` is called when the browser holds sound back until a click.
    pub fn new(blocked: impl Fn() + 'static) -> Self {
        Self {
            players: HashMap::new(),
            speaker: None,
            tone: None,
            blocked: Rc::new(blocked),
        }
    }

    /// Plays a stream that comes by that link.
    pub fn play(&mut self, link: LinkId, slot: Slot, stream: &MediaStream) {
        match Player::new(stream) {
            Ok(player) => {
                player.use_speaker(self.speaker.as_ref());
                player.play(&self.blocked);
                self.players.insert((link, slot), player);
            }
            Err(error) => console::error(&format!("cannot play sound: {}", describe(&error))),
        }
    }

    /// Plays nothing more of that link.
    pub fn stop(&mut self, link: LinkId) {
        self.players.retain(|&(of, _), _| of != link);
    }

    /// Plays everything on this speaker.
    pub fn use_speaker(&mut self, speaker: DeviceId) {
        let speaker = self.speaker.insert(speaker);
        for player in self.players.values() {
            player.use_speaker(Some(speaker));
        }
    }

    /// Tries again to play what was held back. To be called from a click.
    pub fn allow(&self) {
        for player in self.players.values() {
            player.play(&self.blocked);
        }
    }

    /// Plays a short tone.
    pub fn test(&mut self) {
        match Tone::new(self.speaker.as_ref(), &self.blocked) {
            Ok(tone) => self.tone = Some(tone),
            Err(error) => console::warn(&format!("cannot play a tone: {}", describe(&error))),
        }
    }
}

/// One element that plays one stream until dropped.
struct Player {
    element: HtmlAudioElement,
}

impl Player {
    fn new(stream: &MediaStream) -> Result<Self, JsValue> {
        let element = HtmlAudioElement::new()?;
        element.set_hidden(true);
        element.set_src_object(Some(stream));
        // In the document, so that whoever looks at the page with developer tools finds it.
        if let Some(body) = page::document().body() {
            body.append_child(&element)?;
        }
        Ok(Self { element })
    }

    fn play(&self, blocked: &Rc<dyn Fn()>) {
        let started = match self.element.play() {
            Ok(promise) => promise,
            Err(error) => {
                console::warn(&format!("cannot play: {}", describe(&error)));
                return;
            }
        };
        let blocked = blocked.clone();
        spawn_local(async move {
            let Err(error) = JsFuture::from(started).await else {
                return;
            };
            let name = error.dyn_ref::<DomException>().map(DomException::name);
            match name.as_deref() {
                Some("NotAllowedError") => blocked(),
                // Taken away again before it had begun.
                Some("AbortError") => {}
                Some(_) | None => console::warn(&format!("cannot play: {}", describe(&error))),
            }
        });
    }

    fn use_speaker(&self, speaker: Option<&DeviceId>) {
        let Some(DeviceId(id)) = speaker else {
            return;
        };
        let element: &SinkElement = self.element.unchecked_ref();
        if !bindings::has(element, "setSinkId") {
            return;
        }
        let chosen = element.set_sink_id(id);
        spawn_local(async move {
            let result = match chosen {
                Ok(promise) => JsFuture::from(promise).await,
                Err(error) => Err(error),
            };
            // The speaker of another day may be gone: then it sounds on the default one.
            if let Err(error) = result {
                console::warn(&format!("cannot use the speaker: {}", describe(&error)));
            }
        });
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.element.set_src_object(None);
        self.element.remove();
    }
}

/// A tone that sounds until its time is over, or it is dropped.
struct Tone {
    context: AudioContext,
    _player: Player,
    _end: Timeout,
}

impl Tone {
    fn new(speaker: Option<&DeviceId>, blocked: &Rc<dyn Fn()>) -> Result<Self, JsValue> {
        let context = AudioContext::new()?;
        let destination = context.create_media_stream_destination()?;
        let oscillator = context.create_oscillator()?;
        let gain = context.create_gain()?;
        oscillator.frequency().set_value(TONE_PITCH);
        gain.gain().set_value(0.2);
        oscillator.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&destination)?;
        // By way of an element, because only elements have a speaker everywhere.
        let player = Player::new(&destination.stream())?;
        player.use_speaker(speaker);
        player.play(blocked);
        oscillator.start()?;
        let end = Timeout::new(TONE_MILLIS, move || {
            if let Err(error) = oscillator.stop() {
                console::warn(&format!("cannot end the tone: {}", describe(&error)));
            }
        });
        Ok(Self {
            context,
            _player: player,
            _end: end,
        })
    }
}

impl Drop for Tone {
    fn drop(&mut self) {
        if let Err(error) = self.context.close() {
            console::warn(&format!("cannot close the tone: {}", describe(&error)));
        }
    }
}
