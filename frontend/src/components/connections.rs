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
