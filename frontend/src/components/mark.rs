//! A small picture that says something about a person, with its word for those who cannot see it.

use leptos::prelude::*;

use super::icon::{Icon, Shape};

/// The picture and its word. `class` is one of the style sheet's for `mark`.
#[component]
pub fn Mark(
    shape: Shape,
    word: &'static str,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    view! {
        <span class=format!("mark {class}") title=word>
            <Icon of=shape small=true />
            <span class="heard">{word}</span>
        </span>
    }
}
