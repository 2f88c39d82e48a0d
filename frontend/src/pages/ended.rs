//! `/ROOM` and `/-/meet` after the call: why it ended, and the ways on.

use call::view::{Ending, Phase};
use call::{CallView, Intent};
use leptos::html;
use leptos::prelude::*;

use crate::app::App;
use crate::browser::focus;
use crate::components::seen::{seen, the_call};
use crate::words::{endings, meeting};

/// The page.
#[component]
pub fn Ended() -> impl IntoView {
    let app = expect_context::<App>();
    let handle = the_call();
    let ended = seen(|view| match &view.phase {
        Phase::Ended(ending) => Some(Words::of(ending, view)),
        Phase::Preview { .. }
        | Phase::Joining
        | Phase::InCall
        | Phase::Reconnecting
        | Phase::Parted(_) => None,
    });
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || focus(heading));
    let rejoin = move |_| {
        let (nickname, is_meeting) = handle
            .view
            .with_untracked(|view| (view.nickname.clone(), view.meeting.is_some()));
        if is_meeting {
            handle.intents.run(Intent::BackToPreview);
        } else {
            handle.join(nickname);
        }
    };
    view! {
        <main class="message">
            <h1 node_ref=heading tabindex="-1">
                {move || ended.get().map(|words| words.heading)}
            </h1>
            <p class="quiet">{move || ended.get().map(|words| words.sentence)}</p>
            <div class="message-ways">
                {move || {
                    ended.get().and_then(|words| words.again).map(|word| {
                        view! {
                            <button class="button primary" type="button" on:click=rejoin>
                                {word}
                            </button>
                        }
                            .into_any()
                    })
                }}
                <button class="button" type="button" on:click=move |_| app.go_home()>
                    {endings::BACK_TO_START}
                </button>
            </div>
        </main>
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    heading: String,
    sentence: String,
    /// What the button says that goes on, if one can.
    again: Option<&'static str>,
}

impl Words {
    fn of(ending: &Ending, view: &CallView) -> Self {
        if view.meeting.is_some() {
            let (heading, sentence) = meeting::ended(ending);
            return Self {
                heading: heading.to_owned(),
                sentence,
                again: Some(meeting::MEET),
            };
        }
        Self {
            heading: endings::heading(ending, &view.room),
            sentence: endings::sentence(ending),
            again: endings::rejoin(ending),
        }
    }
}
