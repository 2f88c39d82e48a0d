//! `/ROOM` and `/-/meet` during the call: header, tiles or chat, toolbar, and the panel that is open.

use call::Intent;
use call::view::ServerState;
use leptos::html;
use leptos::prelude::*;
use shared::room::MeetingKind;

use crate::browser::{Shortcut, focus, on_shortcut};
use crate::components::controls::Controls;
use crate::components::conversation::Conversation;
use crate::components::gathering::Gathering;
use crate::components::icon::{Icon, Shape, spinner};
use crate::components::invite::CopyInviteLink;
use crate::components::notices::{ClickToHear, Notices};
use crate::components::panel::SidePanel;
use crate::components::panel_opener::PanelOpener;
use crate::components::seen::{seen, the_call};
use crate::components::show::Show;
use crate::components::sound_only::SoundOnlyMark;
use crate::words;
use crate::words::call as call_words;
use crate::words::meeting as meeting_words;

/// The page.
#[component]
pub fn InCall() -> impl IntoView {
    let handle = the_call();
    let panel = seen(|view| view.panel);
    PanelOpener::provide();
    // Never changes while the page stands.
    let meeting = handle.view.with_untracked(|view| view.meeting);
    let writes = meeting == Some(MeetingKind::Text);
    on_shortcut(move |shortcut| match shortcut {
        Shortcut::Microphone | Shortcut::Camera if writes => {}
        Shortcut::Microphone => handle.intents.run(Intent::ToggleMicrophone),
        Shortcut::Camera => handle.intents.run(Intent::ToggleCamera),
        Shortcut::Escape if panel.get_untracked().is_some() => {
            handle.intents.run(Intent::ShowPanel(None));
        }
        Shortcut::Escape => {}
    });
    view! {
        <div class="call" class:writes=writes class:has-panel=move || panel.get().is_some()>
            {match meeting {
                Some(kind) => view! { <MeetingHeader kind /> }.into_any(),
                None => view! { <Header /> }.into_any(),
            }}
            <ServerBanner />
            <main class="call-main">
                {if writes {
                    view! { <Conversation /> }.into_any()
                } else {
                    view! { <Gathering /> }.into_any()
                }}
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
            <SoundOnlyMark beside=heading />
            <CopyInviteLink />
        </header>
    }
}

/// Whom one has met.
#[component]
fn MeetingHeader(kind: MeetingKind) -> impl IntoView {
    let name = seen(|view| view.people.first().map(|person| person.name.clone()));
    // What a tile would say of the way to them.
    let path = seen(move |view| match kind {
        MeetingKind::Text => view
            .people
            .first()
            .and_then(|person| call_words::path(person.path)),
        MeetingKind::Video => None,
    });
    let heading = NodeRef::<html::H1>::new();
    // Who writes has the focus in the field for it.
    Effect::new(move || {
        if name.with(Option::is_some) && kind == MeetingKind::Video {
            focus(heading);
        }
    });
    view! {
        <header class="call-header">
            <h1 node_ref=heading tabindex="-1">
                <bdi>{move || name.get().unwrap_or_else(|| meeting_words::MEET.to_owned())}</bdi>
            </h1>
            <p class="people-count">{move || path.get()}</p>
            <SoundOnlyMark beside=heading />
        </header>
    }
}

/// The connection to the server, while it is worth a word.
#[component]
fn ServerBanner() -> impl IntoView {
    let is_patient = seen(|view| view.server != ServerState::OutOfDate);
    let sentence = seen(|view| match (view.meeting, &view.you) {
        (None, _) => call_words::server(view),
        (Some(_), Some(_)) => meeting_words::server(view),
        // Said where one waits for somebody.
        (Some(_), None) => None,
    });
    // It stays the same one while its words change: it would wait again before it shows.
    view! {
        <Show when=move || sentence.with(Option::is_some)>
            <p class="banner" class:patient=move || is_patient.get()>
                <Show when=move || is_patient.get()>{spinner()}</Show>
                <span>{move || sentence.get()}</span>
            </p>
        </Show>
    }
}
