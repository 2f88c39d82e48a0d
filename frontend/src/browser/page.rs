//! The window, its address, and its coming and going.

use leptos::prelude::*;
use shared::RoomName;
use wasm_bindgen::JsCast;
use web_sys::{Document, Event, PageTransitionEvent, Window};

use super::console;
use super::listener::Listener;

/// What happens to the page as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEvent {
    /// It is being closed, reloaded or left. There is time for one more message.
    Hidden,
    /// The browser brings it back from its cache (W3C html `pageshow`, `persisted`), as it was left:
    /// its connections are gone.
    Restored,
    /// The browser sees a network again.
    Online,
    /// The browser has frozen the page and lets it run again; it has paused what was playing.
    Thawed,
}

/// The document's event for it (W3C page-lifecycle).
pub(super) const THAWED: &str = "resume";

/// Reports page events until dropped.
pub struct PageEvents {
    _listeners: [Listener; 4],
}

impl PageEvents {
    /// Begins to listen.
    pub fn new(handler: impl Fn(PageEvent) + Clone + 'static) -> Self {
        let window = window();
        let (hidden, restored) = (handler.clone(), handler.clone());
        let (online, thawed) = (handler.clone(), handler);
        Self {
            _listeners: [
                Listener::new(&window, "pagehide", move |_: Event| {
                    hidden(PageEvent::Hidden);
                }),
                Listener::new(&window, "pageshow", move |event: PageTransitionEvent| {
                    if event.persisted() {
                        restored(PageEvent::Restored);
                    }
                }),
                Listener::new(&window, "online", move |_: Event| {
                    online(PageEvent::Online);
                }),
                Listener::new(&document(), THAWED, move |_: Event| {
                    thawed(PageEvent::Thawed);
                }),
            ],
        }
    }
}

/// The global object: a page always has it.
pub fn window() -> Window {
    js_sys::global().unchecked_into()
}

pub(super) fn document() -> Document {
    leptos::prelude::document()
}

/// Whether the browser sees any network at all (W3C html `navigator.onLine`); it may be wrong, but not
/// when it says no.
#[must_use]
pub fn is_online() -> bool {
    window().navigator().on_line()
}

/// Loads the page afresh.
pub fn reload() {
    if let Err(error) = window().location().reload() {
        console::error(&format!("cannot reload: {error:?}"));
    }
}

/// Where the server is, as a WebSocket address.
#[must_use]
pub fn server_url() -> String {
    // `http` → `ws`, `https` → `wss`
    format!("{}/socket.io/", origin().replacen("http", "ws", 1))
}

/// The path of a room's page.
#[must_use]
pub fn room_path(room: &RoomName) -> String {
    format!(
        "/{}",
        String::from(js_sys::encode_uri_component(room.as_str()))
    )
}

/// The address of a room's page, which is the invitation to it.
#[must_use]
pub fn room_url(room: &RoomName) -> String {
    origin() + &room_path(room)
}

/// The path in the address bar, percent-encoded as it is.
#[must_use]
pub fn path() -> String {
    window().location().pathname().unwrap_or_else(|error| {
        console::error(&format!("the page has no path: {error:?}"));
        String::new()
    })
}

/// A segment of a path, decoded; as it is when its encoding is broken.
#[must_use]
pub fn decoded(segment: &str) -> String {
    js_sys::decode_uri_component(segment).map_or_else(|_| segment.to_owned(), String::from)
}

/// Keeps a guard for as long as the current reactive owner lives.
pub(super) fn keep<T: 'static>(guard: T) {
    StoredValue::new_local(guard);
}

pub(super) fn origin() -> String {
    window().location().origin().unwrap_or_else(|error| {
        console::error(&format!("the page has no origin: {error:?}"));
        String::new()
    })
}
