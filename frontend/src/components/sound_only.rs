//! Doing with sound alone: the choice, and what reminds of it. What becomes of it is left to [`call`].

use call::Intent;
use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::seen::{seen, the_call};
use super::show::Show;
use crate::browser::focus;
use crate::words::sound_only as words;

/// A check box, and what it means.
#[component]
pub fn SoundOnlyChoice() -> impl IntoView {
    let handle = the_call();
    let chosen = seen(|view| view.local.sound_only);
    view! {
        <div class="check">
            <input
                id="sound-only"
                type="checkbox"
                aria-describedby="sound-only-hint"
                prop:checked=move || chosen.get()
                on:change=move |event| {
                    handle.intents.run(Intent::SoundOnly(event_target_checked(&event)));
                }
            />
            <label for="sound-only">{words::SOUND_ONLY}</label>
            <p class="hint" id="sound-only-hint">{words::HINT}</p>
        </div>
    }
}

/// Says so while it holds; a click ends it, and gives the focus to what stands beside it.
#[component]
pub fn SoundOnlyMark(beside: NodeRef<html::H1>) -> impl IntoView {
    let handle = the_call();
    let end = move |_| {
        focus(beside);
        handle.intents.run(Intent::SoundOnly(false));
    };
    let chosen = seen(|view| view.local.sound_only);
    view! {
        <Show when=move || chosen.get()>
            <button
                class="button compact sound-only"
                type="button"
                aria-label=words::END
                title=words::END
                on:click=end
            >
                <Icon of=Shape::Speaker small=true />
                <span>{words::SOUND_ONLY}</span>
            </button>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::components::testing::{a_call_with, stage};

    #[wasm_bindgen_test]
    async fn it_is_chosen_by_a_check_box_and_ended_by_what_reminds_of_it() {
        let stage = stage(a_call_with(&[]), || {
            let heading = NodeRef::new();
            view! {
                <h1 node_ref=heading tabindex="-1">"tea"</h1>
                <SoundOnlyChoice />
                <SoundOnlyMark beside=heading />
            }
        });
        stage.drawn.the("label").await.click();
        stage.view.update(|view| view.local.sound_only = true);
        stage.drawn.the("button").await.click();
        let heading = stage.drawn.the("h1").await;
        assert_eq!(heading.matches(":focus"), Ok(true));
        let wishes = stage.wishes.get_value();
        assert_eq!(wishes, [true, false].map(Intent::SoundOnly));
    }
}
