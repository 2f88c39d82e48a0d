//! The buttons that mute and turn the camera off, for the preview and for the call: named for what
//! a click does next.

use call::view::LocalDevice;
use call::{CallView, Intent};
use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::seen::{seen, the_call};
use crate::words::call as words;

/// `Mute microphone`, `Unmute microphone`.
#[component]
pub fn MicrophoneToggle(#[prop(optional)] button: NodeRef<html::Button>) -> impl IntoView {
    let toggle = Toggle {
        device: |view| view.local.microphone,
        intent: Intent::ToggleMicrophone,
        names: (words::MUTE, words::UNMUTE),
        shapes: (Shape::Microphone, Shape::MicrophoneOff),
        key: "D",
    };
    toggle.view(button)
}

/// `Turn camera off`, `Turn camera on`.
#[component]
pub fn CameraToggle(#[prop(optional)] button: NodeRef<html::Button>) -> impl IntoView {
    let toggle = Toggle {
        device: |view| view.local.camera,
        intent: Intent::ToggleCamera,
        names: (words::CAMERA_OFF, words::CAMERA_ON),
        shapes: (Shape::Camera, Shape::CameraOff),
        key: "E",
    };
    toggle.view(button)
}

/// What one button has of its own. Names and shapes: first those of a running device, then of one
/// that is off.
struct Toggle {
    device: fn(&CallView) -> LocalDevice,
    intent: Intent,
    names: (&'static str, &'static str),
    shapes: (Shape, Shape),
    key: &'static str,
}

impl Toggle {
    /// A device that cannot be had looks like one that is off, and a click tries to open it again.
    fn view(self, button: NodeRef<html::Button>) -> impl IntoView {
        let Self {
            device,
            intent,
            names,
            shapes,
            key,
        } = self;
        let handle = the_call();
        let device = seen(device);
        let runs = Memo::new(move |_| match device.get() {
            LocalDevice::Opening | LocalDevice::On => true,
            LocalDevice::Off | LocalDevice::Unavailable(_) => false,
        });
        let missing = move || matches!(device.get(), LocalDevice::Unavailable(_));
        let name = move || if runs.get() { names.0 } else { names.1 };
        let shape = Signal::derive(move || if runs.get() { shapes.0 } else { shapes.1 });
        view! {
            <button
                class="round"
                class:off=move || !runs.get()
                type="button"
                node_ref=button
                aria-label=name
                title=move || words::with_keys(name(), &format!("Ctrl + {key}"))
                aria-keyshortcuts=format!("Control+{key} Meta+{key}")
                on:click=move |_| handle.intents.run(intent.clone())
            >
                <Icon of=shape />
                {move || {
                    missing().then(|| view! { <span class="badge warning">"!"</span> }.into_any())
                }}
            </button>
        }
    }
}
