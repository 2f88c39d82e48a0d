//! The room's link, to be given to others.

use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::seen::{seen, the_call};
use crate::session::CopyState;
use crate::words::call as words;
use crate::words::people;

/// The header's button, which shrinks to its picture where there is little room.
#[component]
pub fn CopyInviteLink() -> impl IntoView {
    let (copy, state) = copying();
    view! {
        <div class="invite">
            <button
                class="button compact invite-button"
                type="button"
                aria-label=words::COPY_INVITE
                title=words::COPY_INVITE
                on:click=move |_| copy.run(())
            >
                <CopyIcon state />
                <span class="invite-label" aria-hidden="true">{words::COPY_INVITE}</span>
            </button>
            <Copied state />
        </div>
    }
}

/// The empty place of whoever comes first, while nobody else is there.
#[component]
pub fn Invitation() -> impl IntoView {
    let (copy, state) = copying();
    let room = seen(|view| view.room.clone());
    let link = the_call().invite_link();
    let hint = seen(|view| words::alone_hint(view.server, view.locked));
    view! {
        <section class="invitation" aria-label=words::ALONE>
            <h2>{words::ALONE}</h2>
            <p class="quiet small-text">{move || hint.get()}</p>
            <p class="invitation-link">{move || readable(&link, &room.get())}</p>
            <button class="button primary compact" type="button" on:click=move |_| copy.run(())>
                <CopyIcon state />
                {people::COPY_LINK}
            </button>
            <Copied state />
        </section>
    }
}

/// The roster's button.
#[component]
pub fn CopyLinkRow() -> impl IntoView {
    let (copy, state) = copying();
    view! {
        <div class="copy-row">
            <button class="button wide" type="button" on:click=move |_| copy.run(())>
                <CopyIcon state />
                {people::COPY_LINK}
            </button>
            <Copied state />
        </div>
    }
}

/// What copies the link, and what became of it.
fn copying() -> (Callback<()>, Signal<CopyState>) {
    let handle = the_call();
    let last = RwSignal::new(None::<ReadSignal<CopyState>>);
    let copy = Callback::new(move |()| last.set(Some(handle.copy_invite_link())));
    let state = Signal::derive(move || last.get().map_or(CopyState::Idle, |state| state.get()));
    (copy, state)
}

#[component]
fn CopyIcon(state: Signal<CopyState>) -> impl IntoView {
    let shape = Signal::derive(move || match state.get() {
        CopyState::Copied => Shape::Check,
        CopyState::Idle | CopyState::Failed => Shape::Link,
    });
    view! { <Icon of=shape small=true /> }
}

/// What is said once it is copied, or was not.
#[component]
fn Copied(state: Signal<CopyState>) -> impl IntoView {
    let link = the_call().invite_link();
    view! {
        <div class="copied" aria-live="polite">
            {move || match state.get() {
                CopyState::Idle => ().into_any(),
                CopyState::Copied => view! { <p>{words::COPIED}</p> }.into_any(),
                CopyState::Failed => {
                    view! {
                        <p>{words::COPY_FAILED} " " <span class="copied-link">{link.clone()}</span></p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// A room's address as one reads it: without scheme, and with the room's name as it is spelled.
fn readable(link: &str, room: &str) -> String {
    let site = link.rsplit_once('/').map_or(link, |(site, _)| site);
    let site = site.split_once("://").map_or(site, |(_, site)| site);
    format!("{site}/{room}")
}

#[cfg(test)]
mod tests {
    use super::readable;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_link_is_shown_as_one_would_say_it() {
        let link = "https://moim.example:8443/%ED%95%9C%EA%B8%80%EB%B0%A9";
        assert_eq!(readable(link, "한글방"), "moim.example:8443/한글방");
    }
}
