//! The place of whoever one meets, while nobody has it: one looks for someone, or has been left.

use call::Intent;
use call::view::Phase;
use leptos::html;
use leptos::prelude::*;

use super::icon::spinner;
use super::seen::{seen, the_call};
use super::show::Show;
use crate::browser::focus;
use crate::words::{call as call_words, meeting as words};

/// What has happened, and the ways on.
#[component]
pub fn Companion() -> impl IntoView {
    let handle = the_call();
    let looking = seen(|view| view.phase == Phase::Joining);
    let said = seen(words::alone);
    let heading = NodeRef::<html::H2>::new();
    // For those who listen; and a key that was meant for whoever has left does nothing here.
    Effect::new(move || {
        looking.track();
        focus(heading);
    });
    view! {
        <section class="invitation companion">
            <div role="status">
                <Show when=move || looking.get()>{spinner()}</Show>
                <h2 node_ref=heading tabindex="-1" dir="auto">
                    {move || said.get().0}
                </h2>
                <p class="quiet small-text">{move || said.get().1}</p>
            </div>
            <div class="companion-ways">
                <Show when=move || !looking.get()>
                    <button
                        class="button primary compact"
                        type="button"
                        on:click=move |_| handle.next()
                    >
                        {words::NEXT}
                    </button>
                </Show>
                <button
                    class="button compact"
                    type="button"
                    on:click=move |_| handle.intents.run(Intent::Leave)
                >
                    {move || if looking.get() { words::CANCEL } else { call_words::LEAVE }}
                </button>
            </div>
        </section>
    }
}
