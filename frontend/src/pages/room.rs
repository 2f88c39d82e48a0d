//! `/ROOM`: opens the call and shows the page of its phase.

use call::view::Phase;
use leptos::prelude::*;
use shared::RoomName;

use super::ended::Ended;
use super::in_call::InCall;
use super::preview::Preview;
use crate::components::seen::seen;
use crate::components::title::set_title;
use crate::session::open_call;
use crate::words;

/// The page. Each phase's page keeps standing while the phase's details change.
#[component]
pub fn Room(room: RoomName) -> impl IntoView {
    provide_context(open_call(room));
    let name = seen(|view| view.room.clone());
    let stage = seen(|view| Stage::of(&view.phase));
    set_title(move || words::title(Some(&name.get())));
    view! {
        {move || match stage.get() {
            Stage::Before => view! { <Preview /> }.into_any(),
            Stage::During => view! { <InCall /> }.into_any(),
            Stage::After => view! { <Ended /> }.into_any(),
        }}
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Before,
    During,
    After,
}

impl Stage {
    fn of(phase: &Phase) -> Self {
        match phase {
            Phase::Preview { .. } | Phase::Joining => Self::Before,
            Phase::InCall | Phase::Reconnecting => Self::During,
            Phase::Ended(_) => Self::After,
        }
    }
}
