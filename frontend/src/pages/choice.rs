//! `/-/meet` before a meeting: what for, and under which name.

use call::view::Refusal;
use leptos::html;
use leptos::prelude::*;
use shared::room::MeetingKind;

use super::preview::{AtTheDoor, about_the_name};
use crate::browser::focus;
use crate::browser::text::nfc;
use crate::components::hide_address::HideAddress;
use crate::components::icon::{Icon, Shape};
use crate::components::seen::{seen, the_call};
use crate::components::text_field::TextField;
use crate::words::{self, meeting, preview};

/// The page.
#[component]
pub fn Choice() -> impl IntoView {
    let handle = the_call();
    let nickname = RwSignal::new(handle.view.with_untracked(|view| view.nickname.clone()));
    let refusal = seen(|view| view.phase.refusal().cloned());
    let on_name = move || refusal.with(|refusal: &Option<Refusal>| about_the_name(refusal));
    let field = NodeRef::<html::Input>::new();
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || {
        if on_name().is_some() || nickname.with_untracked(|name| name.trim().is_empty()) {
            focus(field);
        } else {
            focus(heading);
        }
    });
    let meet = move |kind| handle.meet(kind, nfc(&nickname.get()));
    view! {
        <main class="welcome">
            <header class="welcome-header">
                <a class="home" href="/">
                    {words::MOIM}
                </a>
                <h1 node_ref=heading tabindex="-1">
                    {meeting::MEET}
                </h1>
                <p class="quiet">{meeting::HOW}</p>
            </header>
            <form
                class="card entry"
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    meet(MeetingKind::Text);
                }
            >
                <TextField
                    id="your-name"
                    label=preview::YOUR_NAME
                    value=nickname
                    error=Signal::derive(on_name)
                    autocomplete="nickname"
                    field=field
                />
                <HideAddress />
                <AtTheDoor refusal joining=Memo::new(|_| false) />
                <div class="choice">
                    <button class="button primary" type="submit">
                        <Icon of=Shape::Chat small=true />
                        {meeting::TEXT}
                    </button>
                    <button
                        class="button primary"
                        type="button"
                        on:click=move |_| meet(MeetingKind::Video)
                    >
                        <Icon of=Shape::Camera small=true />
                        {meeting::VIDEO}
                    </button>
                </div>
            </form>
            <footer class="quiet small-text">
                <p>{meeting::PRIVACY}</p>
            </footer>
        </main>
    }
}
