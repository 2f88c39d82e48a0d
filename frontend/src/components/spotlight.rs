//! The shared screen that has the stage: large, and full screen if one likes.

use leptos::html;
use leptos::prelude::*;
use shared::PeerId;

use super::icon::{Icon, Shape};
use super::person_tile::ScreenTile;
use super::show::Show;
use crate::browser::{fullscreen_supported, fullscreen_toggle, is_fullscreen};
use crate::words::call as words;

/// The stage.
#[component]
pub fn Spotlight(id: PeerId) -> impl IntoView {
    let stage = NodeRef::<html::Div>::new();
    view! {
        <div class="spotlight" node_ref=stage>
            <ScreenTile id>
                <Show when=fullscreen_supported>
                    <FullScreenButton stage />
                </Show>
            </ScreenTile>
        </div>
    }
}

#[component]
fn FullScreenButton(stage: NodeRef<html::Div>) -> impl IntoView {
    let full = is_fullscreen();
    let name = move || {
        if full.get() {
            words::LEAVE_FULL_SCREEN
        } else {
            words::FULL_SCREEN
        }
    };
    let shape = Signal::derive(move || {
        if full.get() {
            Shape::Shrink
        } else {
            Shape::Expand
        }
    });
    view! {
        <button
            class="round small over-picture"
            type="button"
            aria-label=name
            title=name
            on:click=move |_| fullscreen_toggle(stage)
        >
            <Icon of=shape />
        </button>
    }
}
