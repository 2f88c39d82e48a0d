//! How loud one's own microphone is, so that one sees that it works before anyone listens.

use leptos::prelude::*;

use super::seen::the_call;
use crate::words::devices;

/// The bar of the call's microphone.
#[component]
pub fn LevelMeter() -> impl IntoView {
    view! { <LevelBar level=the_call().microphone_level /> }
}

/// A bar of any.
#[component]
pub fn LevelBar(level: ReadSignal<f64>) -> impl IntoView {
    let percent = Memo::new(move |_| (level.get().clamp(0.0, 1.0) * 100.0).round() as u8);
    view! {
        <div
            class="level"
            role="meter"
            aria-label=devices::LEVEL
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent.get().to_string()
            style=("--level", move || format!("{}%", percent.get()))
        >
            <div class="level-bar"></div>
        </div>
    }
}
