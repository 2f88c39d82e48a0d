//! The roster: who is here, who is the host, who can be heard and seen; and what the host may do.

use call::Intent;
use call::intent::Panel;
use leptos::html;
use leptos::prelude::*;
use shared::PeerId;

use super::connection::Connection;
use super::icon::{Icon, Shape};
use super::invite::CopyLinkRow;
use super::own_tile::{camera, microphone, own_name};
use super::roster_row::{RosterRow, Row};
use super::seen::{seen, the_call};
use super::show::{Each, Show};
use crate::browser::focus;
use crate::words::{call as words, people};

/// The panel's content.
#[component]
pub fn People() -> impl IntoView {
    let you = seen(|view| Row {
        name: own_name(view),
        you: true,
        host: view.you.as_ref().is_some_and(|you| you.host),
        microphone: microphone(view.local.microphone),
        camera: camera(view.local.camera),
        away: false,
    });
    let i_am_host = Memo::new(move |_| you.with(|you| you.host));
    let others = seen(|view| {
        view.people
            .iter()
            .map(|person| person.id)
            .collect::<Vec<_>>()
    });
    let asked = RwSignal::new(None);
    view! {
        <div class="panel-body">
            <ul class="roster" role="list" aria-label=people::IN_THIS_ROOM>
                <li class="roster-entry">
                    <RosterRow row=you />
                </li>
                <Each of=move || others.get() key=PeerId::to_string let:id>
                    <Other id i_am_host asked />
                </Each>
            </ul>
            <ConnectionsButton />
            <CopyLinkRow />
            <Show when=move || i_am_host.get()>
                <LockButton />
            </Show>
        </div>
    }
}

/// Somebody else: as the host, one can put them out, and is asked once more.
#[component]
fn Other(
    id: PeerId,
    i_am_host: Memo<bool>,
    /// Of whom it is asked: one at a time.
    asked: RwSignal<Option<PeerId>>,
) -> impl IntoView {
    let handle = the_call();
    let row = seen(move |view| view.person(id).map(Row::from).unwrap_or_default());
    let name = Memo::new(move |_| row.with(|row| row.name.clone()));
    let asking = Memo::new(move |_| asked.get() == Some(id));
    let answer = Callback::new(move |yes: bool| {
        asked.set(None);
        if yes {
            handle.intents.run(Intent::RemoveMember(id));
        }
    });
    view! {
        <li class="roster-entry">
            <RosterRow row=row>
                <Connection id />
                <Show when=move || i_am_host.get() && !asking.get()>
                    <button
                        class="round plain small"
                        type="button"
                        aria-label=move || people::remove(&name.get())
                        title=move || people::remove(&name.get())
                        on:click=move |_| asked.set(Some(id))
                    >
                        <Icon of=Shape::Remove small=true />
                    </button>
                </Show>
            </RosterRow>
            <Show when=move || i_am_host.get() && asking.get()>
                <Question name on_answer=answer />
            </Show>
        </li>
    }
}

/// Asks once more, in place.
#[component]
fn Question(name: Memo<String>, on_answer: Callback<bool>) -> impl IntoView {
    let question = move || people::remove_question(&name.get());
    let cancel = NodeRef::<html::Button>::new();
    Effect::new(move || focus(cancel));
    view! {
        <div class="question" role="group" aria-label=question>
            <p>{move || question()}</p>
            <button
                class="button danger compact"
                type="button"
                on:click=move |_| on_answer.run(true)
            >
                {people::REMOVE_NOW}
            </button>
            <button
                class="button compact"
                type="button"
                node_ref=cancel
                on:click=move |_| on_answer.run(false)
            >
                {people::CANCEL}
            </button>
        </div>
    }
}

/// On to the panel that shows how everyone is connected.
#[component]
fn ConnectionsButton() -> impl IntoView {
    let handle = the_call();
    view! {
        <button
            class="button wide small-text"
            type="button"
            on:click=move |_| handle.intents.run(Intent::ShowPanel(Some(Panel::Connections)))
        >
            <Icon of=Shape::SignalGood small=true />
            {words::panel(Panel::Connections)}
        </button>
    }
}

#[component]
fn LockButton() -> impl IntoView {
    let handle = the_call();
    let locked = seen(|view| view.locked);
    let name = move || {
        if locked.get() {
            people::UNLOCK
        } else {
            people::LOCK
        }
    };
    let shape = Signal::derive(move || {
        if locked.get() {
            Shape::LockOpen
        } else {
            Shape::Lock
        }
    });
    view! {
        <div class="lock-row">
            <button
                class="button wide"
                type="button"
                on:click=move |_| handle.intents.run(Intent::LockRoom(!locked.get()))
            >
                <Icon of=shape small=true />
                {move || name()}
            </button>
            <p class="quiet small-text">{people::LOCK_HINT}</p>
        </div>
    }
}
