//! What two see who meet to write to each other: the chat, and nothing beside it.

use call::view::Phase;
use leptos::prelude::*;

use super::chat::Chat;
use super::companion::Companion;
use super::seen::seen;
use super::show::Show;

/// The chat, which stays to be read when the other is gone; above it what has happened.
#[component]
pub fn Conversation() -> impl IntoView {
    let alone = seen(|view| view.you.is_none());
    let looking = seen(|view| view.phase == Phase::Joining);
    view! {
        <div class="conversation">
            <Show when=move || alone.get()>
                <Companion />
            </Show>
            <Show when=move || !looking.get()>
                <Chat />
            </Show>
        </div>
    }
}
