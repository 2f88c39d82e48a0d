//! `/ROOM` and `/-/meet`: opens the call and shows the page of its phase.

use call::CallView;
use call::view::Phase;
use leptos::prelude::*;
use shared::RoomName;

use super::choice::Choice;
use super::ended::Ended;
use super::in_call::InCall;
use super::preview::Preview;
use crate::components::seen::seen;
use crate::components::title::set_title;
use crate::session::open_call;
use crate::words::{self, meeting};

/// The page of that room, or without one the page on which one meets people. Each phase's page keeps standing while
/// the phase's details change.
#[component]
pub fn Visit(room: Option<RoomName>) -> impl IntoView {
    provide_context(open_call(room));
    let place = seen(|view| match view.meeting {
        Some(_) => meeting::title(view),
        None => view.room.clone(),
    });
    let stage = seen(Stage::of);
    set_title(move || words::title(Some(&place.get())));
    view! {
        {move || match stage.get() {
            Stage::Preview => view! { <Preview /> }.into_any(),
            Stage::Choice => view! { <Choice /> }.into_any(),
            Stage::During => view! { <InCall /> }.into_any(),
            Stage::After => view! { <Ended /> }.into_any(),
        }}
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Preview,
    Choice,
    During,
    After,
}

impl Stage {
    /// Who looks for someone sits where they will talk.
    fn of(view: &CallView) -> Self {
        match (&view.phase, view.meeting) {
            (Phase::Preview { .. } | Phase::Joining, None) => Self::Preview,
            (Phase::Preview { .. }, Some(_)) => Self::Choice,
            (Phase::Joining, Some(_)) => Self::During,
            (Phase::InCall | Phase::Reconnecting | Phase::Parted(_), _) => Self::During,
            (Phase::Ended(_), _) => Self::After,
        }
    }
}
