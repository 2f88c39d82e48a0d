//! How an element is looked at: how large, and whether at all. It is not when it is scrolled out of sight, when something
//! else is shown full screen, or when the page is hidden, in another tab or minimised, unless it has a window of its own by then
//! (picture in picture).

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::html::ElementType;
use leptos::prelude::*;
use shared::peer::Look;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, Event, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit, VisibilityState,
};

use super::listener::Listener;
use super::{bindings, console, describe, element_size, page};

/// What is about to be scrolled into sight is looked at already.
const MARGIN: &str = "96px";

/// The document's events after which something else may be looked at.
const EVENTS: [&str; 3] = [
    "visibilitychange",
    "fullscreenchange",
    "leavepictureinpicture",
];

/// One of the elements that may show the same picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Viewer(u32);

impl Viewer {
    /// Another than all before.
    #[must_use]
    pub fn next() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// How it is looked at, in physical pixels; hidden until it is drawn.
#[must_use]
pub fn looked_at<E>(element: NodeRef<E>) -> Memo<Look>
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    let size = element_size(element);
    let (in_sight, set_in_sight) = signal(false);
    let (on_top, set_on_top) = signal(true);
    let guards = StoredValue::new_local(None::<(Sight, [Listener; 3])>);
    Effect::new(move || {
        guards.set_value(element.get().map(|element| {
            let element: &Element = element.as_ref();
            let document = page::document();
            let listen = |name| {
                let (document, element) = (document.clone(), element.clone());
                Listener::new(&document.clone(), name, move |_: Event| {
                    set_on_top.set(is_on_top(&document, &element));
                })
            };
            set_on_top.set(is_on_top(&document, element));
            let sight = Sight::new(element, move |now| set_in_sight.set(now));
            (sight, EVENTS.map(listen))
        }));
    });
    Memo::new(move |_| {
        if in_sight.get() && on_top.get() {
            physical(size.get())
        } else {
            Look::Hidden
        }
    })
}

/// `as` takes the nearest that there is.
fn physical((width, height): (f64, f64)) -> Look {
    let ratio = page::window().device_pixel_ratio().max(1.0);
    Look::Within {
        width: (width * ratio).ceil() as u16,
        height: (height * ratio).ceil() as u16,
    }
}

fn is_on_top(document: &Document, element: &Element) -> bool {
    let apart = bindings::property(document, "pictureInPictureElement");
    if apart.is_some_and(|apart| apart == *AsRef::<JsValue>::as_ref(element)) {
        return true;
    }
    let is_covered = document
        .fullscreen_element()
        .is_some_and(|full| !full.contains(Some(element)));
    document.visibility_state() != VisibilityState::Hidden && !is_covered
}

/// Observes until dropped whether an element is within what can be seen of the page.
struct Sight {
    observer: Option<IntersectionObserver>,
    _closure: Closure<dyn FnMut(js_sys::Array)>,
}

impl Sight {
    fn new(element: &Element, mut seen: impl FnMut(bool) + 'static) -> Self {
        let closure = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            if let Some(entry) = entries.iter().last() {
                seen(
                    entry
                        .unchecked_ref::<IntersectionObserverEntry>()
                        .is_intersecting(),
                );
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let made =
            IntersectionObserver::new_with_options(closure.as_ref().unchecked_ref(), &options);
        let observer = match made {
            Ok(observer) => {
                observer.observe(element);
                Some(observer)
            }
            Err(error) => {
                console::error(&format!("cannot observe: {}", describe(&error)));
                None
            }
        };
        Self {
            observer,
            _closure: closure,
        }
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
