//! Small things that components ask of elements: focus, scrolling.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::console;

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

/// How an element's content is scrolled, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScrollPosition {
    /// How much is out of sight above.
    pub above: i32,
    /// How much is out of sight below.
    pub below: i32,
}

/// How the element's content is scrolled; none while it is not drawn.
pub fn scroll_position<E>(element: NodeRef<E>) -> Option<ScrollPosition>
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    element.get_untracked().map(|element| {
        let element: &Element = element.as_ref();
        let above = element.scroll_top();
        ScrollPosition {
            above,
            below: element.scroll_height() - above - element.client_height(),
        }
    })
}
