//! What has just happened, quietly, and what one should do now: a `status` region, so that screen
//! readers say it too. What the page's banner shows is only said.

use call::Intent;
use call::view::{Notice, NoticeKind};
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use super::seen::{seen, the_call};
use super::show::{Each, Show};
use super::ways::Ways;
use crate::words::call as words;
use crate::words::notices;

/// The notices.
#[component]
pub fn Notices() -> impl IntoView {
    let current = seen(|view| view.notices.clone());
    let muted_hint = seen(|view| view.local.speaking_while_muted);
    view! {
        <div class="notices" role="status">
            <Each of=move || current.get() key=|notice| notice.key.to_string() let:notice>
                {if notice.kind == NoticeKind::Reconnecting {
                    view! { <p class="heard">{notices::sentence(&notice.kind)}</p> }.into_any()
                } else {
                    card(&notice)
                }}
            </Each>
            <Ways />
            <Show when=move || muted_hint.get()>
                <div class="notice hint">
                    <Icon of=Shape::MicrophoneOff small=true />
                    <p>{words::MUTED_HINT}</p>
                </div>
            </Show>
        </div>
    }
}

/// A notice to be seen, and to be put away.
fn card(notice: &Notice) -> AnyView {
    let handle = the_call();
    let key = notice.key;
    view! {
        <div class="notice">
            <p dir="auto">{notices::sentence(&notice.kind)}</p>
            <button
                class="round plain small"
                type="button"
                aria-label=notices::DISMISS
                title=notices::DISMISS
                on:click=move |_| handle.intents.run(Intent::DismissNotice(key))
            >
                <Icon of=Shape::Close small=true />
            </button>
        </div>
    }
    .into_any()
}

/// Where the browser holds sound back until a click: the click.
#[component]
pub fn ClickToHear() -> impl IntoView {
    let handle = the_call();
    view! {
        <Show when=move || handle.sound_blocked.get()>
            <div class="hear">
                <button class="button primary" type="button" on:click=move |_| handle.allow_sound()>
                    <Icon of=Shape::Speaker />
                    {words::HEAR}
                </button>
                <p class="small-text">{words::HEAR_WHY}</p>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{a_call_with, stage};
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn an_outage_is_only_heard_here_and_its_end_is_seen() {
        let stage = stage(a_call_with(&[]), || view! { <Notices /> });
        let show = |key, kind| {
            stage
                .view
                .update(|view| view.notices = vec![Notice { key, kind }]);
        };
        show(1, NoticeKind::Reconnecting);
        let heard = stage.drawn.the("[role=status] > p.heard").await;
        let lost = notices::sentence(&NoticeKind::Reconnecting);
        assert_eq!(heard.text_content(), Some(lost));
        let all = stage.drawn.the(".notices").await.inner_html();
        assert!(!all.contains("button"), "nothing to see or to press: {all}");

        show(2, NoticeKind::Reconnected);
        let seen = stage.drawn.the("[role=status] > .notice > p").await;
        let back = notices::sentence(&NoticeKind::Reconnected);
        assert_eq!(seen.inner_text(), back);
        stage.drawn.the(".notice > button").await;
    }
}
