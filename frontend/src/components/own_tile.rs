//! The tiles of the person at this page: their own camera, mirrored, and the screen they share.

use call::CallView;
use call::view::LocalDevice;
use leptos::prelude::*;
use shared::peer::{CameraState, MicrophoneState};

use super::seen::seen;
use super::tile::{Fit, Tile, TileState};
use crate::browser::VideoSource;
use crate::words::call as words;

/// One's own camera, as in a mirror.
#[component]
pub fn OwnTile() -> impl IntoView {
    let name = seen(own_name);
    let label = Memo::new(move |_| words::you(&name.get()));
    let source = seen(|view| match view.local.camera {
        LocalDevice::On => VideoSource::OwnCamera,
        LocalDevice::Opening | LocalDevice::Off | LocalDevice::Unavailable(_) => VideoSource::None,
    });
    let state = seen(|view| TileState {
        microphone: words::microphone(microphone(view.local.microphone)),
        camera: words::camera(camera(view.local.camera)),
        host: view.you.as_ref().is_some_and(|you| you.host),
        speaking: view.local.speaking,
        ..TileState::default()
    });
    view! { <Tile label=label name=label face=name source=source fit=Fit::Mirror state=state /> }
}

/// One's own shared screen, small: a reminder that others see it.
#[component]
pub fn OwnScreenTile() -> impl IntoView {
    let name = seen(own_name);
    let label = Memo::new(move |_| words::screen_of(&name.get()));
    view! {
        <Tile
            label=label
            name=words::YOU_SHARE.to_owned()
            face=name
            source=VideoSource::OwnScreen
            fit=Fit::Contain
            state=TileState::default()
        />
    }
}

/// One's own name as others see it.
pub fn own_name(view: &CallView) -> String {
    match &view.you {
        Some(you) => you.name.clone(),
        None => view.nickname.clone(),
    }
}

/// What others are told of one's own microphone; `None` while it opens.
pub fn microphone(device: LocalDevice) -> Option<MicrophoneState> {
    match device {
        LocalDevice::Opening => None,
        LocalDevice::On => Some(MicrophoneState::On),
        LocalDevice::Off => Some(MicrophoneState::Muted),
        LocalDevice::Unavailable(_) => Some(MicrophoneState::Absent),
    }
}

/// What others are told of one's own camera; `None` while it opens.
pub fn camera(device: LocalDevice) -> Option<CameraState> {
    match device {
        LocalDevice::Opening => None,
        LocalDevice::On => Some(CameraState::On),
        LocalDevice::Off => Some(CameraState::Off),
        LocalDevice::Unavailable(_) => Some(CameraState::Absent),
    }
}
