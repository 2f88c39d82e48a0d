//! Addresses that lead to no room.

use leptos::html;
use leptos::prelude::*;
use shared::NameError;

use crate::browser::focus;
use crate::components::title::set_title;
use crate::words::{self, names, welcome};

/// Any path that is not a room's.
#[component]
pub fn NotFound() -> impl IntoView {
    view! { <Lost why=welcome::NOT_FOUND_WHY.to_owned() /> }
}

/// `/ROOM` with a name that no room can have.
#[component]
pub fn InvalidRoom(name: String, why: NameError) -> impl IntoView {
    view! { <Lost name=name why=names::room(why) /> }
}

#[component]
fn Lost(#[prop(optional)] name: String, why: String) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || focus(heading));
    set_title(|| words::title(Some(welcome::NOT_FOUND)));
    view! {
        <main class="message">
            <h1 node_ref=heading tabindex="-1">
                {welcome::NOT_FOUND}
            </h1>
            {(!name.is_empty()).then(|| view! { <p class="lost-name"><bdi>{name}</bdi></p> })}
            <p class="quiet">{why}</p>
            <div class="message-ways">
                <a class="button primary" href="/">
                    {welcome::BACK_TO_START}
                </a>
            </div>
        </main>
    }
}
