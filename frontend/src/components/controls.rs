//! The call's toolbar. Each button is named for what it does next; arrow keys move between them, as
//! in any toolbar (WAI-ARIA APG, toolbar pattern), and so does Tab.

use call::Intent;
use call::intent::Panel;
use call::view::{LocalScreen, Phase};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use shared::room::MeetingKind;

use super::device_toggle::{CameraToggle, MicrophoneToggle};
use super::icon::{Icon, Shape};
use super::panel_opener::PanelOpener;
use super::seen::{seen, the_call};
use super::show::Show;
use crate::browser::{can_share_screen, focus};
use crate::words::call as words;
use crate::words::meeting;

/// The toolbar.
#[component]
pub fn Controls() -> impl IntoView {
    let handle = the_call();
    let buttons: [NodeRef<html::Button>; 8] = std::array::from_fn(|_| NodeRef::new());
    let [
        microphone,
        camera,
        share,
        chat,
        people,
        devices,
        next,
        leave,
    ] = buttons;
    // Never changes while the toolbar stands.
    let meeting = handle.view.with_untracked(|view| view.meeting);
    let is_seen_and_heard = move || meeting != Some(MeetingKind::Text);
    give_the_focus_back([
        (Panel::Chat, chat),
        (Panel::People, people),
        (Panel::Devices, devices),
        (Panel::Connections, people),
    ]);
    let unread = seen(|view| view.chat.unread);
    let chat_name = Signal::derive(move || words::chat_button(unread.get()));
    view! {
        <div
            class="controls"
            role="toolbar"
            aria-label=words::CONTROLS
            on:keydown=move |event| move_along(&event, &buttons)
        >
            <Show when=is_seen_and_heard>
                <MicrophoneToggle button=microphone />
                <CameraToggle button=camera />
                <Show when=can_share_screen>
                    <ShareButton button=share />
                </Show>
                <PanelButton panel=Panel::Chat shape=Shape::Chat name=chat_name button=chat>
                    {move || {
                        let unread = unread.get();
                        (unread > 0).then(|| {
                            view! { <span class="badge">{unread.min(99).to_string()}</span> }.into_any()
                        })
                    }}
                </PanelButton>
                <Show when=move || meeting.is_none()>
                    <PanelButton
                        panel=Panel::People
                        shape=Shape::People
                        name=words::panel(Panel::People).to_owned()
                        button=people
                    />
                </Show>
                <PanelButton
                    panel=Panel::Devices
                    shape=Shape::Devices
                    name=words::panel(Panel::Devices).to_owned()
                    button=devices
                />
            </Show>
            <Show when=move || meeting.is_some()>
                <NextButton button=next />
            </Show>
            <button
                class="round danger leave"
                type="button"
                node_ref=leave
                aria-label=words::LEAVE
                title=words::LEAVE
                on:click=move |_| handle.intents.run(Intent::Leave)
            >
                <Icon of=Shape::Leave />
            </button>
        </div>
    }
}

/// On to somebody else, unless one is looking for them already.
#[component]
fn NextButton(button: NodeRef<html::Button>) -> impl IntoView {
    let handle = the_call();
    let looking = seen(|view| view.phase == Phase::Joining);
    view! {
        <button
            class="button next"
            type="button"
            node_ref=button
            aria-label=meeting::NEXT
            title=meeting::NEXT_HINT
            disabled=move || looking.get()
            on:click=move |_| handle.next()
        >
            <Icon of=Shape::Next />
            <span aria-hidden="true">{meeting::NEXT}</span>
        </button>
    }
}

#[component]
fn ShareButton(button: NodeRef<html::Button>) -> impl IntoView {
    let handle = the_call();
    let screen = seen(|view| view.local.screen);
    let shared = move || screen.get() == LocalScreen::Shared;
    let name = move || {
        if shared() {
            words::STOP_SHARING
        } else {
            words::SHARE
        }
    };
    let shape = Signal::derive(move || {
        if shared() {
            Shape::ScreenOff
        } else {
            Shape::Screen
        }
    });
    let toggle = move |_| {
        handle.intents.run(if shared() {
            Intent::StopSharing
        } else {
            Intent::ShareScreen
        });
    };
    view! {
        <button
            class="round"
            class:on=shared
            type="button"
            node_ref=button
            aria-label=name
            title=name
            disabled=move || screen.get() == LocalScreen::Choosing
            on:click=toggle
        >
            <Icon of=shape />
        </button>
    }
}

#[component]
fn PanelButton(
    panel: Panel,
    shape: Shape,
    #[prop(into)] name: Signal<String>,
    button: NodeRef<html::Button>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let handle = the_call();
    let open = seen(move |view| view.panel == Some(panel));
    let toggle = move |_| {
        let wanted = (!open.get()).then_some(panel);
        handle.intents.run(Intent::ShowPanel(wanted));
    };
    view! {
        <button
            class="round"
            class:on=open
            type="button"
            node_ref=button
            aria-label=move || name.get()
            title=move || name.get()
            aria-expanded=move || open.get().to_string()
            on:click=toggle
        >
            <Icon of=shape />
            {children.map(|children| children())}
        </button>
    }
}

/// When a panel is closed, the focus goes back to the button that opens it. One of several may have opened the
/// connections; where it is gone, the button is that of the people, among whom it was or could be.
fn give_the_focus_back(buttons: [(Panel, NodeRef<html::Button>); 4]) {
    let open = seen(|view| view.panel);
    let opener = expect_context::<PanelOpener>();
    Effect::new(move |before: Option<Option<Panel>>| {
        let now = open.get();
        let closed = before.flatten().filter(|panel| Some(*panel) != now);
        let opener = closed.and_then(|closed| match closed {
            Panel::Connections => opener.take(),
            Panel::Chat | Panel::People | Panel::Devices => None,
        });
        let button = buttons.iter().find(|(panel, _)| Some(*panel) == closed);
        if let (Some((_, button)), None) = (button, now) {
            focus(opener.unwrap_or(*button));
        }
        now
    });
}

/// Moves the focus with the arrow keys, past buttons that are not there.
fn move_along(event: &KeyboardEvent, buttons: &[NodeRef<html::Button>]) {
    let forward = match event.key().as_str() {
        "ArrowRight" => true,
        "ArrowLeft" => false,
        _ => return,
    };
    let there: Vec<_> = buttons
        .iter()
        .filter(|button| {
            button
                .get_untracked()
                .is_some_and(|button| !button.disabled())
        })
        .collect();
    let focused = |button: &&NodeRef<html::Button>| {
        button
            .get_untracked()
            .is_some_and(|button| button.matches(":focus") == Ok(true))
    };
    let Some(at) = there.iter().position(focused) else {
        return;
    };
    let step = if forward { 1 } else { there.len() - 1 };
    event.prevent_default();
    focus(*there[(at + step) % there.len()]);
}
