//! Small things that components ask of elements: focus, scrolling.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::console;

/// How far from its end a list may be scrolled and still follow what is added, in pixels.
const NEAR_END: i32 = 48;

/// Gives the element keyboard focus.
pub fn focus<E>(element: NodeRef<E>)
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<HtmlElement> + 'static,
{
    let Some(element) = element.get_untracked() else {
        return;
    };
    let element: &HtmlElement = element.as_ref();
    if let Err(error) = element.focus() {
        console::warn(&format!("cannot focus: {error:?}"));
    }
}

/// Scrolls the element's content to its end.
pub fn scroll_to_end<E>(element: NodeRef<E>)
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    if let Some(element) = element.get_untracked() {
        let element: &Element = element.as_ref();
        element.set_scroll_top(element.scroll_height());
    }
}

/// Whether the element's content is scrolled to its end, or nearly so.
pub fn is_near_end<E>(element: NodeRef<E>) -> bool
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    element.get_untracked().is_none_or(|element| {
        let element: &Element = element.as_ref();
        element.scroll_height() - element.scroll_top() - element.client_height() <= NEAR_END
    })
}
