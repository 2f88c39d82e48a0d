//! The panel beside the call (on phones, a sheet over its lower part): chat, people, devices or connections.

use call::Intent;
use call::intent::Panel;
use leptos::html;
use leptos::prelude::*;

use super::chat::Chat;
use super::connections::Connections;
use super::device_select::DeviceChoices;
use super::icon::{Icon, Shape};
use super::people::People;
use super::problems::DeviceProblems;
use super::seen::{seen, the_call};
use super::sound_only::SoundOnlyChoice;
use crate::browser::focus;
use crate::words::call as words;

/// The panel that is open, if one is.
#[component]
pub fn SidePanel() -> impl IntoView {
    let open = seen(|view| view.panel);
    view! {
        {move || {
            open.get().map(|panel| match panel {
                Panel::Chat => view! { <Frame panel><Chat /></Frame> }.into_any(),
                Panel::People => view! { <Frame panel><People /></Frame> }.into_any(),
                Panel::Devices => {
                    view! {
                        <Frame panel>
                            <div class="panel-body">
                                <DeviceChoices />
                                <DeviceProblems />
                                <SoundOnlyChoice />
                            </div>
                        </Frame>
                    }
                        .into_any()
                }
                Panel::Connections => view! { <Frame panel><Connections /></Frame> }.into_any(),
            })
        }}
    }
}

#[component]
fn Frame(panel: Panel, children: Children) -> impl IntoView {
    let handle = the_call();
    let close = NodeRef::<html::Button>::new();
    // The chat gives the focus to its own text field.
    if panel != Panel::Chat {
        Effect::new(move || focus(close));
    }
    view! {
        <section class="panel" role="region" aria-label=words::panel(panel)>
            <header class="panel-header">
                <h2>{words::panel(panel)}</h2>
                <button
                    class="round plain small"
                    type="button"
                    node_ref=close
                    aria-label=words::CLOSE_PANEL
                    title=words::with_keys(words::CLOSE_PANEL, "Esc")
                    on:click=move |_| handle.intents.run(Intent::ShowPanel(None))
                >
                    <Icon of=Shape::Close small=true />
                </button>
            </header>
            {children()}
        </section>
    }
}
