//! The text of a chat line: text is text, addresses are links.

use std::sync::Arc;

use leptos::prelude::*;

use super::linkify::{Piece, pieces};

/// The text.
#[component]
pub fn ChatText(text: Arc<str>) -> impl IntoView {
    view! {
        <p class="line-text" dir="auto">
            {pieces(&text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.into_any(),
                    Piece::Link(address) => {
                        let href = address.clone();
                        view! {
                            <a href=href target="_blank" rel="noopener noreferrer">
                                {address}
                            </a>
                        }
                            .into_any()
                    }
                })
                .collect_view()}
        </p>
    }
}
