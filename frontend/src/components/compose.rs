//! The field in which one writes to everyone: Enter sends, Shift with Enter starts a new line.

use call::Intent;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use shared::limits::CHAT_CHARS;

use super::icon::{Icon, Shape};
use super::seen::the_call;
use crate::browser::focus;
use crate::words::chat;

/// From how many characters on their number is shown.
const COUNTED_FROM: usize = CHAT_CHARS - 500;

/// What older browsers give as `keyCode` while an input method composes (W3C uievents).
const COMPOSING: u32 = 229;

/// The field and its button.
#[component]
pub fn Compose() -> impl IntoView {
    let handle = the_call();
    let field = NodeRef::<html::Textarea>::new();
    let text = RwSignal::new(String::new());
    let length = Memo::new(move |_| text.with(|text| text.trim().chars().count()));
    let too_long = move || length.get() > CHAT_CHARS;
    let send = move || {
        if length.get() == 0 || too_long() {
            return;
        }
        handle.intents.run(Intent::SendChat { text: text.get() });
        text.set(String::new());
        focus(field);
    };
    let on_key = move |event: KeyboardEvent| {
        let composing = event.is_composing() || event.key_code() == COMPOSING;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            send();
        }
    };
    Effect::new(move || focus(field));
    view! {
        <form
            class="compose"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <label class="heard" for="message">
                {chat::MESSAGE}
            </label>
            <textarea
                class="input"
                id="message"
                node_ref=field
                rows="1"
                dir="auto"
                placeholder=chat::MESSAGE
                aria-describedby="message-hint message-length"
                aria-invalid=move || too_long().then_some("true")
                bind:value=text
                on:keydown=on_key
            ></textarea>
            <button
                class="round primary"
                type="submit"
                aria-label=chat::SEND
                title=chat::SEND
                aria-disabled=move || (length.get() == 0 || too_long()).to_string()
            >
                <Icon of=Shape::Send small=true />
            </button>
            <p class="heard" id="message-hint">
                {chat::ENTER_SENDS}
            </p>
            <p class="compose-length" class:failed=too_long id="message-length">
                {move || {
                    (length.get() > COUNTED_FROM).then(|| chat::length(length.get(), CHAT_CHARS))
                }}
            </p>
        </form>
    }
}
