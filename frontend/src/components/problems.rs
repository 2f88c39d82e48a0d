//! What is wrong with one's own devices and how to mend it, with a button that tries again.

use call::Intent;
use call::media::MediaError;
use call::view::LocalDevice;
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::seen::{seen, the_call};
use crate::words::devices;

/// A sentence for each problem, or one for both devices where it is the same; nothing when all is well.
#[component]
pub fn DeviceProblems() -> impl IntoView {
    let handle = the_call();
    let problems =
        seen(|view| sentences(problem(view.local.camera), problem(view.local.microphone)));
    let listed = move |problems: Vec<&'static str>| {
        view! {
            <div class="problems">
                {problems
                    .into_iter()
                    .map(|problem| {
                        view! {
                            <p>
                                <Icon of=Shape::Warning small=true />
                                <span>{problem}</span>
                            </p>
                        }
                            .into_any()
                    })
                    .collect_view()}
                <p class="problems-way-out">
                    <button
                        class="button compact"
                        type="button"
                        on:click=move |_| handle.intents.run(Intent::RetryDevices)
                    >
                        {devices::TRY_AGAIN}
                    </button>
                    <span class="quiet">{devices::JOIN_ANYWAY}</span>
                </p>
            </div>
        }
    };
    view! {
        {move || {
            let problems = problems.get();
            (!problems.is_empty()).then(|| listed(problems).into_any())
        }}
    }
}

fn problem(device: LocalDevice) -> Option<MediaError> {
    match device {
        LocalDevice::Unavailable(error) => Some(error),
        LocalDevice::Opening | LocalDevice::On | LocalDevice::Off => None,
    }
}

fn sentences(camera: Option<MediaError>, microphone: Option<MediaError>) -> Vec<&'static str> {
    match (camera, microphone) {
        (Some(camera), Some(microphone)) if camera == microphone => {
            vec![devices::both_problem(camera)]
        }
        (camera, microphone) => camera
            .map(devices::camera_problem)
            .into_iter()
            .chain(microphone.map(devices::microphone_problem))
            .collect(),
    }
}
