//! How everyone in the room is connected with everyone: a row for each pair, and what the figures mean. It changes
//! every few seconds, so none of it is announced, and only what has changed is drawn again.

use leptos::prelude::*;

use super::pair::{Parties, everyone};
use super::pair_row::PairRow;
use super::seen::seen;
use super::show::{Each, Show};
use crate::words::connections as words;

/// The panel's content.
#[component]
pub fn Connections() -> impl IntoView {
    let pairs = seen(everyone);
    let alone = Memo::new(move |_| pairs.with(Vec::is_empty));
    view! {
        <div class="panel-body connections">
            <Show when=move || alone.get()>
                <p class="quiet">{words::ALONE}</p>
            </Show>
            <Show when=move || !alone.get()>
                <ul class="pairs" role="list" aria-label=words::PAIRS>
                    <Each of=move || pairs.get() key=Parties::to_string let:parties>
                        <PairRow parties />
                    </Each>
                </ul>
                <Legend />
            </Show>
        </div>
    }
}

#[component]
fn Legend() -> impl IntoView {
    view! {
        <details class="legend">
            <summary>{words::LEGEND}</summary>
            <dl>
                {words::LEGEND_ENTRIES
                    .map(|(term, meaning)| view! { <dt>{term}</dt><dd>{meaning}</dd> })
                    .into_iter()
                    .collect_view()}
            </dl>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ANN, KIM, LEE, a_call_with, measured, stage};
    use super::*;
    use crate::browser::testing::has_focus;
    use call::view::Quality;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn who_is_alone_is_told_what_will_be_here() {
        let stage = stage(a_call_with(&[]), || view! { <Connections /> });
        assert_eq!(stage.drawn.text().await.trim(), words::ALONE);
    }

    #[wasm_bindgen_test]
    async fn a_pair_that_is_not_measured_yet_says_so() {
        let mut view = a_call_with(&[(KIM, "Kim")]);
        let stage = stage(view.clone(), || view! { <Connections /> });
        assert!(stage.drawn.text().await.contains(words::NO_FIGURES));
        view.connections = vec![measured(ANN, KIM)];
        stage.view.set(view);
        assert!(!stage.drawn.text().await.contains(words::NO_FIGURES));
    }

    #[wasm_bindgen_test]
    async fn what_is_not_known_is_a_dash_to_see_and_a_word_to_hear() {
        let mut view = a_call_with(&[(KIM, "Kim")]);
        view.connections = vec![measured(ANN, KIM)];
        view.connections[0].round_trip = None;
        let stage = stage(view, || view! { <Connections /> });
        let cell = stage.drawn.the("td[colspan]").await;
        assert_eq!(cell.text_content().as_deref(), Some("–not known"));
        let dash = stage.drawn.the("td[colspan] > [aria-hidden=true]").await;
        assert_eq!(dash.text_content().as_deref(), Some("–"));
    }

    #[wasm_bindgen_test]
    async fn a_pair_has_its_figures_for_each_direction() {
        let mut view = a_call_with(&[(KIM, "Kim")]);
        view.connections = vec![measured(ANN, KIM)];
        let stage = stage(view, || view! { <Connections /> });
        let row = stage.drawn.the(".pair").await;
        let text = row.inner_text();
        let lines: Vec<&str> = text
            .split(['\n', '\t'])
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(
            lines,
            [
                "You and Kim good connection, direct, 24 ms",
                "Direct: it goes straight from browser to browser.",
                "From you",
                "From Kim",
                "Sound",
                "arrives",
                "arrives",
                "Picture",
                "640×360 at 24/s",
                "none",
                "Bitrate",
                "1.2 Mbit/s",
                "48 kbit/s",
                "Lost",
                "0.4%",
                "0%",
                "Round trip",
                "24 ms",
            ]
        );
    }

    #[wasm_bindgen_test]
    async fn what_does_not_arrive_is_said_of_either_direction() {
        let mut view = a_call_with(&[(KIM, "Kim")]);
        view.people[0].missing.sound = true;
        view.people[0].missing_there.picture = true;
        let stage = stage(view, || view! { <Connections /> });
        let text = stage.drawn.text().await;
        assert!(text.contains("no sound arrives"), "{text}");
        assert!(text.contains("Kim cannot see you"), "{text}");
    }

    #[wasm_bindgen_test]
    async fn new_figures_leave_the_focus_and_what_is_open_where_they_are() {
        let mut view = a_call_with(&[(KIM, "Kim"), (LEE, "Lee")]);
        view.connections = vec![measured(ANN, KIM), measured(KIM, LEE)];
        let stage = stage(view, || view! { <Connections /> });
        let of_others = stage.drawn.the("li:last-child > details:not([open])").await;
        let summary = stage.drawn.the("li:last-child summary").await;
        summary.click();
        summary.focus().expect("a summary can have the focus");

        stage.view.update(|view| {
            view.connections[1].quality = Quality::Poor;
            view.connections[1].round_trip = None;
        });
        let now = stage.drawn.the("li:last-child > details[open]").await;
        assert_eq!(now, of_others);
        assert!(has_focus(&summary));
        assert_eq!(
            summary.inner_text().trim(),
            "Kim and Lee poor connection, direct"
        );
    }
}
