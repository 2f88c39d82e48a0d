//! A line of text with its label above and its hint or its error below.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Icon, Shape};

/// One field. The error, where there is one, takes the place of the hint.
#[component]
pub fn TextField(
    /// Unique on the page; the hint and the error get theirs from it.
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    #[prop(into)] error: Signal<Option<String>>,
    #[prop(optional)] hint: Option<&'static str>,
    /// What the browser may fill in (HTML's autofill field names).
    autocomplete: &'static str,
    /// Where the caller wants to move the focus to it.
    field: NodeRef<html::Input>,
    /// A button at its end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let below = format!("{id}-below");
    let described = below.clone();
    let with_button = children.is_some();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="text-line" class:with-button=with_button>
            <input
                class="input"
                id=id
                node_ref=field
                type="text"
                dir="auto"
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="go"
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                bind:value=value
            />
                {children.map(|children| children())}
            </div>
            <div id=below>
                {move || match error.get() {
                    Some(error) => {
                        view! {
                            <p class="error">
                                <Icon of=Shape::Warning small=true />
                                <span>{error}</span>
                            </p>
                        }
                            .into_any()
                    }
                    None => hint.map(|hint| view! { <p class="hint">{hint}</p> }.into_any()).into_any(),
                }}
            </div>
        </div>
    }
}
