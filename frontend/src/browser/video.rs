//! Showing a track in a `<video>`.

use call::output::{LinkId, Slot};
use leptos::html::Video;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, HtmlVideoElement, MediaStream};

use super::listener::Listener;
use super::looked_at::{Viewer, looked_at};
use super::{console, describe, page};
use crate::session::CallHandle;

/// Whose picture to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VideoSource {
    /// Nobody's.
    None,
    /// This page's camera.
    OwnCamera,
    /// The screen that this page shares.
    OwnScreen,
    /// What a peer sends.
    Peer {
        /// By which connection.
        link: LinkId,
        /// [`Slot::Camera`] or [`Slot::Screen`].
        slot: Slot,
    },
}

/// The picture that an element shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VideoShape {
    /// In the picture's own pixels; 0 before the first.
    pub width: f64,
    /// In the picture's own pixels; 0 before the first.
    pub height: f64,
    /// Whether there is a picture to see.
    pub has_frames: bool,
}

/// The events after which an element's shape may be another.
const SHAPE_EVENTS: [&str; 4] = ["loadeddata", "resize", "playing", "emptied"];

/// Shows the source in the element for as long as the current owner lives, without its sound; and tells the call how it
/// is looked at.
pub fn show_video(
    element: NodeRef<Video>,
    handle: CallHandle,
    source: Signal<VideoSource>,
) -> ReadSignal<VideoShape> {
    tell_look(element, handle, source);
    show_stream(element, Box::new(move || handle.stream(source.get())))
}

fn tell_look(element: NodeRef<Video>, handle: CallHandle, source: Signal<VideoSource>) {
    let viewer = Viewer::next();
    let look = looked_at(element);
    let told = StoredValue::new(VideoSource::None);
    Effect::new(move || {
        let (source, look) = (source.get(), look.get());
        let before = told.get_value();
        if before != source {
            handle.shows(viewer, before, None);
            told.set_value(source);
        }
        handle.shows(viewer, source, Some(look));
    });
    on_cleanup(move || {
        if let Some(source) = told.try_get_value() {
            handle.shows(viewer, source, None);
        }
    });
}

/// The same for any stream; which one is tracked.
pub fn show_stream(
    element: NodeRef<Video>,
    stream: Box<dyn Fn() -> Option<MediaStream>>,
) -> ReadSignal<VideoShape> {
    let (shape, set_shape) = signal(VideoShape::default());
    let listeners = StoredValue::new_local(Vec::<Listener>::new());
    Effect::new(move || {
        let Some(video) = element.get() else {
            listeners.set_value(Vec::new());
            return;
        };
        // As properties: a `muted` attribute counts only when a parser sets it.
        video.set_muted(true);
        video.set_autoplay(true);
        super::set(&video, "playsInline", &true.into());
        let listen = |name| {
            let video = video.clone();
            Listener::new(&video.clone(), name, move |_: Event| {
                let now = shape_of(&video);
                if shape.get_untracked() != now {
                    set_shape.set(now);
                }
            })
        };
        let mut all: Vec<Listener> = SHAPE_EVENTS.map(listen).into();
        // A page that the browser freezes is paused, and stays so when it is thawed.
        all.push(Listener::new(
            &page::document(),
            page::THAWED,
            move |_: Event| {
                play(&video);
            },
        ));
        listeners.set_value(all);
    });
    Effect::new(move || {
        let Some(video) = element.get() else {
            return;
        };
        let stream = stream();
        if video.src_object() != stream {
            video.set_src_object(stream.as_ref());
        }
    });
    on_cleanup(move || {
        if let Some(video) = element.get_untracked() {
            video.set_src_object(None);
        }
    });
    shape
}

fn play(video: &HtmlVideoElement) {
    let started = video.play();
    spawn_local(async move {
        let played = match started {
            Ok(promise) => JsFuture::from(promise).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = played {
            console::warn(&format!(
                "cannot show the picture again: {}",
                describe(&error)
            ));
        }
    });
}

fn shape_of(video: &HtmlVideoElement) -> VideoShape {
    VideoShape {
        width: f64::from(video.video_width()),
        height: f64::from(video.video_height()),
        has_frames: video.ready_state() >= web_sys::HtmlMediaElement::HAVE_CURRENT_DATA
            && video.video_width() > 0,
    }
}
