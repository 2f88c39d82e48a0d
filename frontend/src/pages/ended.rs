//! `/ROOM` after the call: why it ended, and the ways on.

use call::Intent;
use call::view::Phase;
use leptos::html;
use leptos::prelude::*;

use crate::app::App;
use crate::browser::focus;
use crate::components::seen::{seen, the_call};
use crate::words::endings;

/// The page.
#[component]
pub fn Ended() -> impl IntoView {
    let app = expect_context::<App>();
    let handle = the_call();
    let ended = seen(|view| match &view.phase {
        Phase::Ended(ending) => Some((ending.clone(), view.room.clone())),
        Phase::Preview { .. } | Phase::Joining | Phase::InCall | Phase::Reconnecting => None,
    });
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || focus(heading));
    let rejoin = move |_| {
        let nickname = handle.view.with_untracked(|view| view.nickname.clone());
        handle.intents.run(Intent::Join { nickname });
    };
    view! {
        <main class="message">
            <h1 node_ref=heading tabindex="-1">
                {move || ended.get().map(|(ending, room)| endings::heading(&ending, &room))}
            </h1>
            <p class="quiet">{move || ended.get().map(|(ending, _)| endings::sentence(&ending))}</p>
            <div class="message-ways">
                {move || {
                    ended.get().and_then(|(ending, _)| endings::rejoin(&ending)).map(|word| {
                        view! {
                            <button class="button primary" type="button" on:click=rejoin>
                                {word}
                            </button>
                        }
                            .into_any()
                    })
                }}
                <button class="button" type="button" on:click=move |_| app.go_home()>
                    {endings::BACK_TO_START}
                </button>
            </div>
        </main>
    }
}
