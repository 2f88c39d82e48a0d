//! What tests in a browser need: deadlines, and eyes.

use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlVideoElement, MediaStream};

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

async fn next_frame(video: &HtmlVideoElement) {
    let (seen, frame) = oneshot::channel();
    let callback = Closure::once(move || seen.send(()).unwrap());
    let request: js_sys::Function = bindings::property(video, "requestVideoFrameCallback")
        .unwrap()
        .unchecked_into();
    request.call1(video, callback.as_ref()).unwrap();
    frame.await.unwrap();
}
