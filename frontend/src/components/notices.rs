//! What has just happened, quietly, and what one should do now: a `status` region, so that screen
//! readers say it too.

use call::Intent;
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::seen::{seen, the_call};
use super::show::{Each, Show};
use super::ways::Ways;
use crate::words::call as words;
use crate::words::notices;

/// The notices.
#[component]
pub fn Notices() -> impl IntoView {
    let handle = the_call();
    let current = seen(|view| view.notices.clone());
    let muted_hint = seen(|view| view.local.speaking_while_muted);
    view! {
        <div class="notices" role="status">
            <Each of=move || current.get() key=|notice| notice.key.to_string() let:notice>
                <div class="notice">
                    <p dir="auto">{notices::sentence(&notice.kind)}</p>
                    <button
                        class="round plain small"
                        type="button"
                        aria-label=notices::DISMISS
                        title=notices::DISMISS
                        on:click=move |_| handle.intents.run(Intent::DismissNotice(notice.key))
                    >
                        <Icon of=Shape::Close small=true />
                    </button>
                </div>
            </Each>
            <Ways />
            <Show when=move || muted_hint.get()>
                <div class="notice hint">
                    <Icon of=Shape::MicrophoneOff small=true />
                    <p>{words::MUTED_HINT}</p>
                </div>
            </Show>
        </div>
    }
}

/// Where the browser holds sound back until a click: the click.
#[component]
pub fn ClickToHear() -> impl IntoView {
    let handle = the_call();
    view! {
        <Show when=move || handle.sound_blocked.get()>
            <div class="hear">
                <button class="button primary" type="button" on:click=move |_| handle.allow_sound()>
                    <Icon of=Shape::Speaker />
                    {words::HEAR}
                </button>
                <p class="small-text">{words::HEAR_WHY}</p>
            </div>
        </Show>
    }
}
