//! Showing an element on the whole screen (WHATWG fullscreen).

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::listener::Listener;
use super::{console, page};

/// Whether elements can go full screen here (on iPhones they cannot).
#[must_use]
pub fn fullscreen_supported() -> bool {
    page::document().fullscreen_enabled()
}

/// Shows the element full screen, or goes back when something is.
pub fn fullscreen_toggle<E>(element: NodeRef<E>)
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    let document = page::document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
        return;
    }
    let Some(element) = element.get_untracked() else {
        return;
    };
    let element: &Element = element.as_ref();
    if let Err(error) = element.request_fullscreen() {
        console::warn(&format!("cannot go full screen: {error:?}"));
    }
}

/// Whether something is shown full screen.
#[must_use]
pub fn is_fullscreen() -> ReadSignal<bool> {
    let document = page::document();
    let (fullscreen, set_fullscreen) = signal(document.fullscreen_element().is_some());
    page::keep(Listener::new(
        &document.clone(),
        "fullscreenchange",
        move |_: Event| set_fullscreen.set(document.fullscreen_element().is_some()),
    ));
    fullscreen
}
