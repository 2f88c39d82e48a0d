//! One person in the roster: face, name, and what holds for them.

use call::view::PersonView;
use leptos::prelude::*;
use shared::peer::{CameraState, MicrophoneState};
use shared::room::Presence;

use super::icon::Shape;
use super::initials::{initials, tint};
use super::mark::Mark;
use crate::words::call as words;

/// What a row says. The default stands for someone who has just left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub name: String,
    /// Whether it is the person at this page.
    pub you: bool,
    pub host: bool,
    pub microphone: Option<MicrophoneState>,
    pub camera: Option<CameraState>,
    pub away: bool,
}

impl From<&PersonView> for Row {
    fn from(person: &PersonView) -> Self {
        Self {
            name: person.name.clone(),
            you: false,
            host: person.host,
            microphone: person.microphone,
            camera: person.camera,
            away: person.presence == Presence::Away,
        }
    }
}

impl Row {
    /// The name as it is shown. What stands for a face is made of the plain one, as in the tile.
    fn label(&self) -> String {
        if self.you {
            words::you(&self.name)
        } else {
            self.name.clone()
        }
    }
}

/// The row.
#[component]
pub fn RosterRow(
    row: Memo<Row>,
    /// What one can do about them.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = move || row.with(|row| row.name.clone());
    let muted = move || row.with(|row| words::microphone(row.microphone));
    let dark = move || row.with(|row| words::camera(row.camera));
    view! {
        <div class="roster-row">
            <span class=move || format!("avatar {}", tint(&name())) aria-hidden="true">
                {move || initials(&name())}
            </span>
            <span class="roster-name">
                <bdi>{move || row.with(Row::label)}</bdi>
                {move || row.with(|row| row.host).then(|| tag(words::HOST))}
                {move || row.with(|row| row.away).then(|| tag(words::AWAY))}
            </span>
            {move || muted().map(|word| mark(Shape::MicrophoneOff, word))}
            {move || dark().map(|word| mark(Shape::CameraOff, word))}
            {children.map(|children| children())}
        </div>
    }
}

fn tag(word: &'static str) -> AnyView {
    view! { <span class="tag">{word}</span> }.into_any()
}

fn mark(shape: Shape, word: &'static str) -> AnyView {
    view! { <Mark shape word /> }.into_any()
}
