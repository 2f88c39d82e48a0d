//! `/ROOM` before the call: one sees oneself, chooses devices and a name, and goes in.

use call::Intent;
use call::view::{LocalDevice, Phase, Refusal, ServerState};
use leptos::html;
use leptos::prelude::*;
use shared::Rejection;

use crate::browser::text::nfc;
use crate::browser::{Shortcut, VideoSource, focus, on_shortcut, page, show_video};
use crate::components::device_select::DeviceChoices;
use crate::components::device_toggle::{CameraToggle, MicrophoneToggle};
use crate::components::hide_address::HideAddress;
use crate::components::icon::{Icon, Shape, spinner};
use crate::components::problems::DeviceProblems;
use crate::components::seen::{seen, the_call};
use crate::components::show::Show;
use crate::components::sound_only::SoundOnlyChoice;
use crate::components::text_field::TextField;
use crate::words::{self, check, hiding, preview};

/// The page.
#[component]
pub fn Preview() -> impl IntoView {
    let handle = the_call();
    let room = seen(|view| view.room.clone());
    on_shortcut(move |shortcut| match shortcut {
        Shortcut::Microphone => handle.intents.run(Intent::ToggleMicrophone),
        Shortcut::Camera => handle.intents.run(Intent::ToggleCamera),
        Shortcut::Escape => {}
    });
    view! {
        <main class="preview">
            <header class="preview-header">
                <a class="home" href="/" title=words::MOIM>
                    {words::MOIM}
                </a>
                <h1 id="room">
                    <bdi>{move || room.get()}</bdi>
                </h1>
                <p class="quiet">
                    {preview::READY} " " <a href="/-/check">{check::LINK}</a>
                </p>
            </header>
            <div class="preview-picture">
                <Mirror />
                <DeviceProblems />
            </div>
            <div class="card preview-side">
                <JoinForm />
                <DeviceChoices />
                <SoundOnlyChoice />
            </div>
        </main>
    }
}

/// One's own picture, with the two buttons that everyone looks for first.
#[component]
fn Mirror() -> impl IntoView {
    let camera = seen(|view| view.local.camera);
    let video = NodeRef::<html::Video>::new();
    let source = Memo::new(move |_| match camera.get() {
        LocalDevice::On => VideoSource::OwnCamera,
        LocalDevice::Opening | LocalDevice::Off | LocalDevice::Unavailable(_) => VideoSource::None,
    });
    let shape = show_video(video, the_call(), source.into());
    let instead = move || match camera.get() {
        LocalDevice::On => None,
        LocalDevice::Opening => Some(preview::CAMERA_STARTING),
        LocalDevice::Off => Some(preview::CAMERA_OFF),
        LocalDevice::Unavailable(_) => Some(preview::CAMERA_MISSING),
    };
    view! {
        <div class="mirror" class:has-picture=move || shape.get().has_frames>
            <video node_ref=video aria-label=preview::CAMERA_PREVIEW></video>
            <p class="mirror-words">{move || instead()}</p>
            <div class="mirror-buttons">
                <MicrophoneToggle />
                <CameraToggle />
            </div>
        </div>
    }
}

#[component]
fn JoinForm() -> impl IntoView {
    let handle = the_call();
    let nickname = RwSignal::new(handle.view.with_untracked(|view| view.nickname.clone()));
    let refusal = seen(|view| view.phase.refusal().cloned());
    let joining = seen(|view| view.phase == Phase::Joining);
    let field = NodeRef::<html::Input>::new();
    let button = NodeRef::<html::Button>::new();
    // Who has a name already is one key away from the room.
    Effect::new(move || {
        if nickname.with_untracked(|name| name.trim().is_empty()) {
            focus(field);
        } else {
            focus(button);
        }
    });
    Effect::new(move || {
        if refusal.with(|refusal| about_the_name(refusal).is_some()) {
            focus(field);
        }
    });
    let join = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !joining.get() {
            handle.join(nfc(&nickname.get()));
        }
    };
    view! {
        <form class="join" novalidate on:submit=join>
            <TextField
                id="your-name"
                label=preview::YOUR_NAME
                value=nickname
                error=Signal::derive(move || refusal.with(about_the_name))
                autocomplete="nickname"
                field=field
            />
            <HideAddress />
            <AtTheDoor refusal joining />
            <button
                class="button primary wide"
                type="submit"
                node_ref=button
                aria-describedby="room"
                aria-disabled=move || joining.get().then_some("true")
            >
                {preview::JOIN_NOW}
            </button>
        </form>
    }
}

/// What is said between asking to come in and being in.
#[component]
pub fn AtTheDoor(refusal: Memo<Option<Refusal>>, joining: Memo<bool>) -> impl IntoView {
    let elsewhere = seen(|view| view.meeting.is_none());
    let server = seen(|view| view.server);
    let waiting = move || match (server.get(), joining.get()) {
        (ServerState::Connected | ServerState::Connecting, true) => Some(preview::JOINING),
        (ServerState::Lost, true) => Some(preview::WAITING_FOR_SERVER),
        (ServerState::Lost, false) => Some(preview::SERVER_LOST),
        (ServerState::Connected | ServerState::Connecting, false) => None,
        (ServerState::OutOfDate, _) => Some(preview::OUT_OF_DATE),
    };
    let elsewhere_helps = Memo::new(move |_| {
        elsewhere.get() && refusal.with(|refusal| *refusal != Some(Refusal::NoRelay))
    });
    let refused = move || {
        refusal.with(|refusal| match refusal {
            Some(Refusal::NoRelay) if !elsewhere.get() => Some(hiding::NO_RELAY_TO_MEET.to_owned()),
            Some(refused) if about_the_name(refusal).is_none() => Some(preview::refusal(refused)),
            Some(_) | None => None,
        })
    };
    view! {
        <div class="door" role="alert">
            {move || {
                refused().map(|sentence| {
                    view! {
                        <p class="refusal">
                            <Icon of=Shape::Warning small=true />
                            <span>{sentence}</span>
                        </p>
                        <Show when=move || elsewhere_helps.get()>
                            <a class="button compact" href="/">
                                {preview::OTHER_ROOM}
                            </a>
                        </Show>
                    }
                        .into_any()
                })
            }}
        </div>
        <div class="door quiet small-text" role="status">
            {move || {
                waiting().map(|sentence| {
                    view! {
                        <p class="waiting">
                            {(server.get() != ServerState::OutOfDate).then(spinner)}
                            {sentence}
                        </p>
                    }
                        .into_any()
                })
            }}
            <Show when=move || server.get() == ServerState::OutOfDate>
                <button class="button compact" type="button" on:click=|_| page::reload()>
                    {preview::RELOAD}
                </button>
            </Show>
        </div>
    }
}

/// What is wrong with the name, where that is why one was refused: it stands at the field.
pub fn about_the_name(refusal: &Option<Refusal>) -> Option<String> {
    match refusal.as_ref()? {
        named @ (Refusal::Nickname(_) | Refusal::Rejected(Rejection::InvalidNickname { .. })) => {
            Some(preview::refusal(named))
        }
        Refusal::Rejected(_) | Refusal::NoAnswer | Refusal::NoRelay => None,
    }
}
