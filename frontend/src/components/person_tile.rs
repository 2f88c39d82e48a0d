//! The tiles of somebody else: their camera, and the screen that they share.

use call::output::Slot;
use call::view::{Missing, Path, PersonView};
use leptos::prelude::*;
use shared::PeerId;
use shared::peer::CameraState;
use shared::room::Presence;

use super::connection::Connection;
use super::seen::seen;
use super::tile::{Fit, Tile, TileState};
use crate::browser::VideoSource;
use crate::words::call as words;
use crate::words::connections;

/// Their camera's picture, or what stands for it.
#[component]
pub fn PersonTile(id: PeerId) -> impl IntoView {
    let name = name(id);
    let source = seen(move |view| view.person(id).map_or(VideoSource::None, camera_of));
    let state = seen(move |view| view.person(id).map(state_of).unwrap_or_default());
    view! {
        <Tile label=name name=name face=name source=source fit=Fit::Cover state=state>
            <Connection id over_picture=true />
        </Tile>
    }
}

/// The screen that they share. What stands over it is the caller's.
#[component]
pub fn ScreenTile(id: PeerId, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let name = name(id);
    let label = Memo::new(move |_| words::screen_of(&name.get()));
    let source = seen(move |view| view.person(id).map_or(VideoSource::None, screen_of));
    let state = seen(move |view| {
        view.person(id)
            .map_or_else(TileState::default, |person| TileState {
                path: words::path(person.path),
                missing: connections::missing(missing_screen(person)),
                trying: is_tried(person.path),
                ..TileState::default()
            })
    });
    let over = children.map(|children| children());
    view! {
        <Tile label=label name=label face=name source=source fit=Fit::Contain state=state>
            {over}
        </Tile>
    }
}

fn name(id: PeerId) -> Memo<String> {
    seen(move |view| {
        view.person(id)
            .map(|person| person.name.clone())
            .unwrap_or_default()
    })
}

fn camera_of(person: &PersonView) -> VideoSource {
    match (person.link, person.camera) {
        (Some(link), Some(CameraState::On) | None) => VideoSource::Peer {
            link,
            slot: Slot::Camera,
        },
        (Some(_), Some(CameraState::Off | CameraState::Absent)) | (None, _) => VideoSource::None,
    }
}

fn screen_of(person: &PersonView) -> VideoSource {
    match person.link {
        Some(link) if person.screen => VideoSource::Peer {
            link,
            slot: Slot::Screen,
        },
        Some(_) | None => VideoSource::None,
    }
}

fn state_of(person: &PersonView) -> TileState {
    TileState {
        microphone: words::microphone(person.microphone),
        camera: words::camera(person.camera),
        path: words::path(person.path),
        missing: connections::missing(missing_person(person)),
        trying: is_tried(person.path),
        away: person.presence == Presence::Away,
        host: person.host,
        speaking: person.speaking,
    }
}

/// What is missing of themselves. Of two pictures it is not known which one it is.
fn missing_person(person: &PersonView) -> Missing {
    Missing {
        picture: person.missing.picture && !missing_screen(person).picture,
        ..person.missing
    }
}

/// What is missing of their screen: the picture, when they send no other.
fn missing_screen(person: &PersonView) -> Missing {
    let only_screen = person.screen && person.camera != Some(CameraState::On);
    Missing {
        sound: false,
        picture: person.missing.picture && only_screen,
    }
}

/// Whether a way is being looked for at this moment.
fn is_tried(path: Path) -> bool {
    match path {
        Path::Connecting | Path::Reconnecting => true,
        Path::Connected | Path::Failed => false,
    }
}
