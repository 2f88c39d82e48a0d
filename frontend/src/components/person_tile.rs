//! The tiles of somebody else: their camera, and the screen that they share.

use call::CallView;
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
use crate::words::{connections, sound_only};

/// Their camera's picture, or what stands for it.
#[component]
pub fn PersonTile(id: PeerId) -> impl IntoView {
    let name = name(id);
    let source = seen(move |view| shown(view, id, camera_of));
    let state = seen(move |view| {
        view.person(id)
            .map_or_else(TileState::default, |person| TileState {
                resting: resting(view, camera_of(person)),
                ..state_of(person)
            })
    });
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
    let source = seen(move |view| shown(view, id, screen_of));
    let state = seen(move |view| {
        view.person(id)
            .map_or_else(TileState::default, |person| TileState {
                path: words::path(person.path),
                missing: connections::missing(missing_screen(person)),
                resting: resting(view, screen_of(person)),
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

/// Why what there would be to see is not shown.
fn resting(view: &CallView, source: VideoSource) -> Option<&'static str> {
    let is_held_back = view.local.sound_only && source != VideoSource::None;
    is_held_back.then_some(sound_only::NOT_SHOWN)
}

/// Nothing, where the person does with sound alone.
fn shown(view: &CallView, id: PeerId, source: fn(&PersonView) -> VideoSource) -> VideoSource {
    match view.person(id) {
        Some(person) if !view.local.sound_only => source(person),
        Some(_) | None => VideoSource::None,
    }
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
        missing_there: connections::missing_there(person.missing_there),
        resting: None,
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

#[cfg(test)]
mod tests {
    use super::super::testing::{KIM, a_call_with, stage};
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn the_tile_says_what_does_not_come_through() {
        let stage = stage(
            a_call_with(&[(KIM, "Kim")]),
            || view! { <PersonTile id=KIM /> },
        );
        assert!(!stage.drawn.text().await.contains("arrives"));
        stage.view.update(|view| {
            view.people[0].missing.sound = true;
            view.people[0].missing_there.sound = true;
        });
        let words = stage.drawn.the(".path-words").await;
        assert_eq!(words.inner_text(), "no sound arrives, cannot hear you");
        assert_eq!(words.title(), connections::MISSING_WHY);

        stage
            .view
            .update(|view| view.people[0].path = Path::Reconnecting);
        let words = stage.drawn.the(".path-words").await;
        assert_eq!(words.inner_text(), "reconnecting", "says it all");
    }

    #[wasm_bindgen_test]
    fn of_two_pictures_the_missing_one_is_the_one_that_is_sent() {
        let mut view = a_call_with(&[(KIM, "Kim")]);
        let person = &mut view.people[0];
        person.missing.picture = true;
        let missing = |person: &PersonView| {
            [missing_person(person), missing_screen(person)].map(|one| one.picture)
        };
        assert_eq!(missing(person), [true, false]);
        person.screen = true;
        assert_eq!(missing(person), [true, false], "either");
        person.camera = Some(CameraState::Off);
        assert_eq!(missing(person), [false, true]);
    }
}
