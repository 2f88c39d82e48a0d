//! The list of cameras, microphones or speakers to choose from, for the preview and for the call.

use call::Intent;
use call::media::{Device, DeviceId, DeviceKind};
use call::view::LocalView;
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::level_meter::LevelMeter;
use super::seen::{seen, the_call};
use super::show::Show;
use crate::browser::can_choose_speaker;
use crate::words::devices;

/// All that one can choose, with the microphone's level and a test of the speaker.
#[component]
pub fn DeviceChoices() -> impl IntoView {
    let handle = the_call();
    view! {
        <div class="devices">
            <DeviceSelect kind=DeviceKind::Camera />
            <div class="device-with-level">
                <DeviceSelect kind=DeviceKind::Microphone />
                <LevelMeter />
            </div>
            <Show when=can_choose_speaker>
                <div class="device-with-test">
                    <DeviceSelect kind=DeviceKind::Speaker />
                    <button
                        class="round plain"
                        type="button"
                        aria-label=devices::TEST_SPEAKER
                        title=devices::TEST_SPEAKER
                        on:click=move |_| handle.test_speaker()
                    >
                        <Icon of=Shape::Speaker />
                    </button>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn DeviceSelect(kind: DeviceKind) -> impl IntoView {
    let handle = the_call();
    let choices = seen(move |view| choices(&view.local, kind));
    let id = match kind {
        DeviceKind::Camera => "camera",
        DeviceKind::Microphone => "microphone",
        DeviceKind::Speaker => "speaker",
    };
    let choose = move |value: String| {
        handle.intents.run(Intent::ChooseDevice {
            kind,
            id: DeviceId(value),
        });
    };
    view! {
        <div class="field">
            <label for=id>{devices::label(kind)}</label>
            <select
                class="input"
                id=id
                disabled=move || choices.with(Vec::is_empty)
                on:change=move |event| choose(event_target_value(&event))
            >
                {move || match choices.get() {
                    none if none.is_empty() => {
                        view! { <option>{devices::NONE_LISTED}</option> }.into_any()
                    }
                    some => {
                        some.into_iter()
                            .map(|choice| {
                                view! {
                                    <option value=choice.id.0 prop:selected=choice.chosen>
                                        {choice.label}
                                    </option>
                                }
                            })
                            .collect_view()
                            .into_any()
                    }
                }}
            </select>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    id: DeviceId,
    label: String,
    chosen: bool,
}

/// What to choose from. Before permission is given, browsers list devices without names, and some
/// without ids: such are numbered.
fn choices(local: &LocalView, kind: DeviceKind) -> Vec<Choice> {
    let chosen = match kind {
        DeviceKind::Camera => &local.camera_id,
        DeviceKind::Microphone => &local.microphone_id,
        DeviceKind::Speaker => &local.speaker_id,
    };
    let listed = local.devices.iter().filter(|device| device.kind == kind);
    let mut choices: Vec<Choice> = listed
        .enumerate()
        .map(|(index, device)| Choice {
            chosen: chosen.as_ref() == Some(&device.id),
            label: label(device, index + 1),
            id: device.id.clone(),
        })
        .collect();
    // Speakers need no opening: until one is chosen, the system's plays.
    let default_is_listed = choices
        .iter()
        .any(|choice| choice.id.0.is_empty() || choice.id.0 == "default");
    if kind == DeviceKind::Speaker && !choices.is_empty() && !default_is_listed {
        choices.insert(
            0,
            Choice {
                id: DeviceId(String::new()),
                label: devices::SYSTEM_DEFAULT.to_owned(),
                chosen: chosen.is_none(),
            },
        );
    }
    choices
}

fn label(device: &Device, number: usize) -> String {
    if device.label.is_empty() {
        devices::unnamed(device.kind, number)
    } else {
        device.label.clone()
    }
}
