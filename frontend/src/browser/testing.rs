//! What tests in a browser need: deadlines, eyes, and a place to draw on.

use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlAudioElement, HtmlElement, HtmlVideoElement, MediaStream};

use super::bindings;
use super::page;

const DEADLINE_MILLIS: u32 = 20_000;

/// Gives what comes of it, which has to be soon.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let deadline = TimeoutFuture::new(DEADLINE_MILLIS);
    match select(Box::pin(future), deadline).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => panic!("waited in vain for {what}"),
    }
}

/// Waits until that many new pictures of the stream have been seen.
pub async fn see_frames(what: &str, stream: &MediaStream, frames: u32) {
    let video: HtmlVideoElement = page::document()
        .create_element("video")
        .unwrap()
        .unchecked_into();
    video.set_muted(true);
    video.set_autoplay(true);
    page::document()
        .body()
        .unwrap()
        .append_child(&video)
        .unwrap();
    video.set_src_object(Some(stream));
    for _ in 0..frames {
        soon(what, next_frame(&video)).await;
    }
    video.set_src_object(None);
    video.remove();
}

/// Sound that is played until this is dropped.
pub struct Heard(HtmlAudioElement);

/// Plays it.
pub fn hear(stream: &MediaStream) -> Heard {
    let audio = HtmlAudioElement::new().unwrap();
    audio.set_autoplay(true);
    audio.set_src_object(Some(stream));
    Heard(audio)
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.0.set_src_object(None);
    }
}

/// A part of the page by itself, until dropped.
pub struct Drawn {
    place: HtmlElement,
    _view: Box<dyn std::any::Any>,
}

/// Draws it.
pub fn draw<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Drawn {
    let place: HtmlElement = page::document()
        .create_element("div")
        .unwrap()
        .unchecked_into();
    let body = page::document().body().unwrap();
    body.append_child(&place).unwrap();
    Drawn {
        _view: Box::new(leptos::mount::mount_to(place.clone(), view)),
        place,
    }
}

impl Drawn {
    /// What is to be read on it, once all that has changed is drawn.
    pub async fn text(&self) -> String {
        leptos::task::tick().await;
        self.place.inner_text()
    }

    /// The first element of that selector, once all that has changed is drawn.
    pub async fn the(&self, selector: &str) -> HtmlElement {
        leptos::task::tick().await;
        let found = self.place.query_selector(selector).unwrap();
        found
            .unwrap_or_else(|| panic!("no {selector} in {}", self.place.inner_html()))
            .unchecked_into()
    }
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.place.remove();
    }
}

/// Whether it has the keyboard focus.
pub fn has_focus(element: &Element) -> bool {
    page::document().active_element().as_ref() == Some(element)
}

async fn next_frame(video: &HtmlVideoElement) {
    let (seen, frame) = oneshot::channel();
    let callback = Closure::once(move || seen.send(()).unwrap());
    let request: js_sys::Function = bindings::property(video, "requestVideoFrameCallback")
        .unwrap()
        .unchecked_into();
    request.call1(video, callback.as_ref()).unwrap();
    frame.await.unwrap();
}
