//! One tile of a call: a picture or what stands for it, a name, and what there is to say about its
//! person. Whose it is and what holds for them is given by [`person_tile`](super::person_tile) and
//! [`own_tile`](super::own_tile).

use leptos::html;
use leptos::prelude::*;

use super::icon::{Shape, spinner};
use super::initials::{initials, tint};
use super::mark::Mark;
use super::seen::the_call;
use super::show::Show;
use crate::browser::{VideoSource, show_video};
use crate::words::call as words;
use crate::words::{connections, sound_only};

/// What a tile says about its person besides their name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TileState {
    /// `muted`, `no microphone`.
    pub microphone: Option<&'static str>,
    /// `camera off`, `no camera`.
    pub camera: Option<&'static str>,
    /// `connecting`, `cannot connect`.
    pub path: Option<&'static str>,
    /// `no sound arrives`.
    pub missing: Option<&'static str>,
    /// `cannot hear you`.
    pub missing_there: Option<&'static str>,
    /// `not shown: sound only`.
    pub resting: Option<&'static str>,
    /// Whether one is still trying to reach them.
    pub trying: bool,
    /// Whether the server has lost them.
    pub away: bool,
    /// Whether they are the host.
    pub host: bool,
    /// Whether they speak.
    pub speaking: bool,
}

/// How a picture is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// A face: fills the tile.
    Cover,
    /// One's own face: as in a mirror.
    Mirror,
    /// A screen: all of it is seen.
    Contain,
}

/// The tile.
#[component]
pub fn Tile(
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// What stands in it.
    #[prop(into)]
    name: Signal<String>,
    /// The person's plain name: of it is made what stands for their picture.
    #[prop(into)]
    face: Signal<String>,
    /// Where its picture comes from.
    #[prop(into)]
    source: Signal<VideoSource>,
    fit: Fit,
    #[prop(into)] state: Signal<TileState>,
    /// What stands over the picture.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let shape = show_video(video, the_call(), source);
    let has_picture = move || shape.with(|shape| shape.has_frames);
    view! {
        <div
            class="tile"
            role="group"
            aria-label=move || label.get()
            class:has-picture=has_picture
            class:mirrored=matches!(fit, Fit::Mirror)
            class:contain=matches!(fit, Fit::Contain)
            class:speaking=move || state.get().speaking
        >
            <video node_ref=video></video>
            <Show when=move || !matches!(fit, Fit::Contain)>
                <div class=move || format!("avatar {}", tint(&face.get())) aria-hidden="true">
                    {move || initials(&face.get())}
                </div>
            </Show>
            <PathWords state />
            <p class="caption">
                {move || {
                    state.get().microphone.map(|word| {
                        view! { <Mark shape=Shape::MicrophoneOff word class="muted" /> }.into_any()
                    })
                }}
                <bdi>{move || name.get()}</bdi>
                {move || {
                    state.get().host.then(|| {
                        view! { <Mark shape=Shape::Host word=words::HOST /> }.into_any()
                    })
                }}
                {move || heard(state.get().camera)}
                {move || heard(state.get().speaking.then_some(words::SPEAKING))}
            </p>
            {children.map(|children| children())}
        </div>
    }
}

/// What is wrong with the way to the person, over the picture.
#[component]
fn PathWords(state: Signal<TileState>) -> impl IntoView {
    view! { {move || path_words(state.get())} }
}

fn path_words(state: TileState) -> Option<AnyView> {
    let TileState {
        path,
        missing,
        missing_there,
        resting,
        trying,
        away,
        ..
    } = state;
    let away = away.then_some(words::AWAY);
    // Where nothing comes through, there is no more to be said of what does not.
    let [missing, missing_there] =
        [missing, missing_there].map(|word| word.filter(|_| path.is_none()));
    let why = if trying {
        None
    } else if path.is_some() {
        Some(words::NO_PATH)
    } else if resting.is_some() {
        Some(sound_only::NOT_SHOWN_WHY)
    } else if missing.or(missing_there).is_some() {
        Some(connections::MISSING_WHY)
    } else {
        Some(words::AWAY_WHY)
    };
    let said: Vec<_> = [path, resting, missing, missing_there, away]
        .into_iter()
        .flatten()
        .collect();
    if said.is_empty() {
        return None;
    }
    Some(
        view! {
            <p class="path-words" title=why>
                {trying.then(spinner)}
                {said.join(", ")}
            </p>
        }
        .into_any(),
    )
}

/// A word for those who cannot see what the tile shows.
fn heard(word: Option<&'static str>) -> Option<AnyView> {
    word.map(|word| view! { <span class="heard">{word}</span> }.into_any())
}
