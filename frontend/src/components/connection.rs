//! How well one is connected with somebody, at a glance: a button with a small picture, which opens the panel that
//! tells more. What it says is told by its shape and its words, never by colour alone.

use call::Intent;
use call::intent::Panel;
use call::view::Quality;
use leptos::html;
use leptos::prelude::*;
use shared::PeerId;

use super::icon::{Icon, Shape};
use super::panel_opener::PanelOpener;
use super::seen::{seen, the_call};
use crate::words::connections as words;

/// The button. Good is faint over a picture, so that only what is worth a look is seen.
#[component]
pub fn Connection(
    id: PeerId,
    /// Whether it stands in a tile.
    #[prop(optional)]
    over_picture: bool,
) -> impl IntoView {
    let handle = the_call();
    let opener = expect_context::<PanelOpener>();
    let button = NodeRef::<html::Button>::new();
    let quality = seen(move |view| {
        view.person(id)
            .map_or(Quality::Connecting, |person| person.quality)
    });
    let name = seen(move |view| {
        view.person(id)
            .map(|person| words::indicator(&person.name, person.quality))
    });
    let open = seen(|view| view.panel == Some(Panel::Connections));
    let place = if over_picture {
        "over-picture"
    } else {
        "plain"
    };
    let toggle = move |_| {
        opener.is(button);
        let wanted = (!open.get()).then_some(Panel::Connections);
        handle.intents.run(Intent::ShowPanel(wanted));
    };
    view! {
        <button
            class=move || format!("round small connection {place} {}", class(Some(quality.get())))
            type="button"
            node_ref=button
            aria-label=move || name.get()
            title=move || words::quality(quality.get())
            aria-expanded=move || open.get().to_string()
            on:click=toggle
        >
            <Icon of=Signal::derive(move || shape(quality.get())) small=true />
        </button>
    }
}

/// The picture of it.
pub fn shape(quality: Quality) -> Shape {
    match quality {
        Quality::Connecting => Shape::SignalSought,
        Quality::Good => Shape::SignalGood,
        Quality::Poor => Shape::SignalPoor,
        Quality::Reconnecting => Shape::SignalRepaired,
        Quality::Lost => Shape::SignalLost,
    }
}

/// What the style sheet calls it; `None` where nothing is known.
pub fn class(quality: Option<Quality>) -> &'static str {
    match quality {
        None | Some(Quality::Connecting) => "is-connecting",
        Some(Quality::Good) => "is-good",
        Some(Quality::Poor) => "is-poor",
        Some(Quality::Reconnecting) => "is-reconnecting",
        Some(Quality::Lost) => "is-lost",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{KIM, a_call_with, stage};
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn the_button_says_whose_connection_it_is_and_how_it_does() {
        let stage = stage(
            a_call_with(&[(KIM, "Kim")]),
            || view! { <Connection id=KIM /> },
        );
        let button = stage.drawn.the("button").await;
        let name = || button.get_attribute("aria-label");
        let picture = || async { stage.drawn.the("path").await.get_attribute("d") };
        let mut pictures = Vec::new();
        for (quality, said) in [
            (Quality::Good, "Kim: good connection"),
            (Quality::Poor, "Kim: poor connection"),
            (Quality::Reconnecting, "Kim: reconnecting"),
            (Quality::Lost, "Kim: connection lost"),
            (Quality::Connecting, "Kim: connecting"),
        ] {
            stage.view.update(|view| view.people[0].quality = quality);
            pictures.push(picture().await);
            assert_eq!(name().as_deref(), Some(said));
        }
        pictures.sort();
        pictures.dedup();
        assert_eq!(pictures.len(), 5, "each has a shape of its own");
    }

    #[wasm_bindgen_test]
    async fn it_opens_the_panel_and_closes_it() {
        let stage = stage(
            a_call_with(&[(KIM, "Kim")]),
            || view! { <Connection id=KIM /> },
        );
        let button = stage.drawn.the("button[aria-expanded=false]").await;
        button.click();
        stage
            .view
            .update(|view| view.panel = Some(Panel::Connections));
        stage.drawn.the("button[aria-expanded=true]").await.click();
        assert_eq!(
            stage.wishes.get_value(),
            [Some(Panel::Connections), None].map(Intent::ShowPanel)
        );
    }
}
