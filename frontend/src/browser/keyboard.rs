//! The shortcuts that people know from other calls.

use web_sys::KeyboardEvent;

use super::listener::Listener;
use super::page;

/// A shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Ctrl or ⌘ with D.
    Microphone,
    /// Ctrl or ⌘ with E.
    Camera,
    /// Escape.
    Escape,
}

/// Calls back for each shortcut while the current owner lives. Those with a modifier key are kept
/// from the browser, for which they mean bookmarks and the search field.
pub fn on_shortcut(handler: impl Fn(Shortcut) + 'static) {
    page::keep(Listener::new(
        &page::window(),
        "keydown",
        move |event: KeyboardEvent| {
            let Some(shortcut) = shortcut(&event) else {
                return;
            };
            if shortcut != Shortcut::Escape {
                event.prevent_default();
            }
            if !event.repeat() {
                handler(shortcut);
            }
        },
    ));
}

fn shortcut(event: &KeyboardEvent) -> Option<Shortcut> {
    let command = event.ctrl_key() || event.meta_key();
    if event.alt_key() || event.shift_key() || event.is_composing() {
        return None;
    }
    // `code` is where the key is, so that it works under a Korean or Russian layout too; `key` is
    // right for those who have moved their letters.
    let letter = |letter: &str, code: &str| {
        event.key().eq_ignore_ascii_case(letter)
            || (!event.key().is_ascii() && event.code() == code)
    };
    match command {
        true if letter("d", "KeyD") => Some(Shortcut::Microphone),
        true if letter("e", "KeyE") => Some(Shortcut::Camera),
        false if event.key() == "Escape" => Some(Shortcut::Escape),
        true | false => None,
    }
}
