//! The choice whether others learn this machine's network address, with a word about what it means. What becomes of
//! it is left to [`call`].

use call::Intent;
use call::view::{Phase, Relay};
use leptos::prelude::*;

use super::seen::{seen, the_call};
use super::show::Show;
use crate::words::hiding;

/// A check box, and below it what the choice means here. Where one meets someone and nothing can be hidden, there is
/// nothing to choose.
#[component]
pub fn HideAddress() -> impl IntoView {
    let handle = the_call();
    let wanted = seen(|view| view.hiding.wanted);
    let joining = seen(|view| view.phase == Phase::Joining);
    let is_choice = seen(|view| view.meeting.is_none() || view.hiding.relay != Relay::Missing);
    let hint = seen(hiding::hint);
    view! {
        <div class="check">
            <Show when=move || is_choice.get()>
                <input
                    id="hide-address"
                    type="checkbox"
                    aria-describedby="hide-address-hint"
                    prop:checked=move || wanted.get()
                    prop:disabled=move || joining.get()
                    on:change=move |event| {
                        handle.intents.run(Intent::HideAddress(event_target_checked(&event)));
                    }
                />
                <label for="hide-address">{hiding::HIDE}</label>
            </Show>
            // It may change after one has chosen, once the server has said what it can do.
            <p class="hint" id="hide-address-hint" aria-live="polite">
                {move || hint.get()}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use call::CallView;
    use call::view::HidingView;
    use shared::room::MeetingKind;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::components::testing::{a_call_with, stage};

    fn view(meeting: Option<MeetingKind>, wanted: bool, relay: Relay) -> CallView {
        CallView {
            phase: Phase::Preview { refusal: None },
            meeting,
            hiding: HidingView { wanted, relay },
            ..a_call_with(&[])
        }
    }

    #[wasm_bindgen_test]
    async fn a_click_is_a_wish() {
        let stage = stage(
            view(None, false, Relay::Unknown),
            || view! { <HideAddress /> },
        );
        stage.drawn.the("label").await.click();
        let wishes = stage.wishes.get_value();
        assert_eq!(wishes, [Intent::HideAddress(true)]);
    }

    #[wasm_bindgen_test]
    async fn where_nothing_can_be_hidden_it_says_so() {
        let stage = stage(
            view(None, true, Relay::Offered),
            || view! { <HideAddress /> },
        );
        let text = stage.drawn.text().await;
        assert!(text.contains("address of the server’s relay"), "{text}");
        stage.view.set(view(None, true, Relay::Missing));
        let text = stage.drawn.text().await;
        assert!(text.contains(hiding::HIDE), "one can turn it off: {text}");
        assert!(text.contains("has no relay"), "{text}");

        let to_meet = Some(MeetingKind::Text);
        stage.view.set(view(to_meet, true, Relay::Offered));
        let text = stage.drawn.text().await;
        assert!(text.contains(hiding::HIDE), "{text}");
        stage.view.set(view(to_meet, false, Relay::Offered));
        let text = stage.drawn.text().await;
        assert!(text.contains("can learn your network address"), "{text}");
        stage.view.set(view(to_meet, true, Relay::Missing));
        let text = stage.drawn.text().await;
        assert!(!text.contains(hiding::HIDE), "nothing to choose: {text}");
        assert!(text.contains("whoever you meet can learn it"), "{text}");
    }
}
