//! `/ROOM` during the call: header, tiles, toolbar, and the panel that is open.

use call::Intent;
use call::view::ServerState;
use leptos::html;
use leptos::prelude::*;

use crate::browser::{Shortcut, focus, on_shortcut};
use crate::components::controls::Controls;
use crate::components::gathering::Gathering;
use crate::components::icon::{Icon, Shape, spinner};
use crate::components::invite::CopyInviteLink;
use crate::components::notices::{ClickToHear, Notices};
use crate::components::panel::SidePanel;
use crate::components::seen::{seen, the_call};
use crate::components::show::Show;
use crate::words;
use crate::words::call as call_words;

/// The page.
#[component]
pub fn InCall() -> impl IntoView {
    let handle = the_call();
    let panel = seen(|view| view.panel);
    on_shortcut(move |shortcut| match shortcut {
        Shortcut::Microphone => handle.intents.run(Intent::ToggleMicrophone),
        Shortcut::Camera => handle.intents.run(Intent::ToggleCamera),
        Shortcut::Escape if panel.get_untracked().is_some() => {
            handle.intents.run(Intent::ShowPanel(None));
        }
        Shortcut::Escape => {}
    });
    view! {
        <div class="call" class:has-panel=move || panel.get().is_some()>
            <Header />
            <ServerBanner />
            <main class="call-main">
                <Gathering />
                <ClickToHear />
                <Notices />
            </main>
            <Controls />
            <SidePanel />
        </div>
    }
}

#[component]
fn Header() -> impl IntoView {
    let room = seen(|view| view.room.clone());
    let people = seen(call::CallView::head_count);
    let locked = seen(|view| view.locked);
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || focus(heading));
    view! {
        <header class="call-header">
            <h1 node_ref=heading tabindex="-1">
                <bdi>{move || room.get()}</bdi>
            </h1>
            <p class="people-count">{move || words::head_count(people.get())}</p>
            <Show when=move || locked.get()>
                <p class="locked" title=call_words::LOCKED_WHY>
                    <Icon of=Shape::Lock small=true />
                    <span>{call_words::LOCKED}</span>
                </p>
            </Show>
            <CopyInviteLink />
        </header>
    }
}

/// The connection to the server, while it is worth a word.
#[component]
fn ServerBanner() -> impl IntoView {
    let server = seen(|view| view.server);
    view! {
        {move || {
            call_words::server(server.get()).map(|sentence| {
                view! {
                    <p class="banner">
                        {(server.get() != ServerState::OutOfDate).then(spinner)}
                        <span>{sentence}</span>
                    </p>
                }
                    .into_any()
            })
        }}
    }
}
