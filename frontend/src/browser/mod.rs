//! Everything that speaks to the browser: the only folder with web-sys and js-sys in it. Its types
//! are guards: dropping one ends what it began. What to do with all this is left to `session`.

mod bindings;
pub mod capture;
pub mod clipboard;
pub mod clock;
pub mod console;
mod data_channel;
pub mod devices;
pub mod element;
pub mod fullscreen;
mod key_frames;
pub mod keyboard;
pub mod level_meter;
pub mod listener;
pub mod local_tracks;
pub mod location;
pub mod looked_at;
pub mod loopback;
mod media_error;
pub mod network;
pub mod page;
pub mod peer_connection;
pub mod probe;
pub mod random;
pub mod resize;
#[cfg(test)]
mod signaling_tests;
mod slots;
pub mod sound;
mod start_bitrate;
mod stats;
pub mod storage;
#[cfg(test)]
#[expect(clippy::unwrap_used)]
pub mod testing;
pub mod text;
pub mod track;
pub mod video;
pub mod wake_lock;
pub mod wakes;

use wasm_bindgen::{JsCast, JsValue};

pub use clock::time_of_day;
pub use element::{ScrollPosition, focus, scroll_position, scroll_to_end};
pub use fullscreen::{fullscreen_supported, fullscreen_toggle, is_fullscreen};
pub use keyboard::{Shortcut, on_shortcut};
pub use looked_at::{Viewer, looked_at};
pub use resize::element_size;
pub use web_sys::MediaStream;

pub use video::{VideoShape, VideoSource, show_stream, show_video};

/// Whether this browser can share a screen at all (phones cannot).
#[must_use]
pub fn can_share_screen() -> bool {
    bindings::media_devices().is_some_and(|devices| bindings::has(&devices, "getDisplayMedia"))
}

/// Whether the page may choose the speaker (W3C audio-output `setSinkId`).
#[must_use]
pub fn can_choose_speaker() -> bool {
    bindings::global("HTMLMediaElement")
        .and_then(|class| bindings::property(&class, "prototype"))
        .is_some_and(|prototype| bindings::has(&prototype, "setSinkId"))
}

/// A plain JavaScript object of these properties: a WebIDL dictionary.
fn object<const N: usize>(properties: [(&str, JsValue); N]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in properties {
        set(&object, name, &value);
    }
    object.into()
}

/// Sets a property of a plain object, which cannot fail.
fn set(object: &JsValue, name: &str, value: &JsValue) {
    if let Err(error) = js_sys::Reflect::set(object, &JsValue::from_str(name), value) {
        console::error(&format!("cannot set {name}: {error:?}"));
    }
}

/// What a thrown value says, for logs.
fn describe(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        // DOMException inherits from Error.
        Some(error) => String::from(error.to_string()),
        None => format!("{error:?}"),
    }
}
