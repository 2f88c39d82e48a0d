//! Tells those who listen, once each, whom one can no longer reach and when one can again. Those who look see it at
//! the tiles; the several tries in between are nobody's news.

use call::CallView;
use call::view::Quality;
use leptos::prelude::*;
use shared::PeerId;

use super::seen::the_call;
use crate::words::connections as words;

/// Stands in the `status` region.
#[component]
pub fn Ways() -> impl IntoView {
    let view = the_call().view;
    let told = Memo::new(move |before: Option<&Told>| {
        view.with(|view| before.cloned().unwrap_or_default().after(view))
    });
    view! {
        <p class="heard" dir="auto">
            {move || told.with(|told| told.last.as_ref().map(|(_, sentence)| sentence.clone()))}
        </p>
    }
}

/// What has been told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    /// Who cannot be reached.
    lost: Vec<PeerId>,
    /// The last news, and of whom.
    last: Option<(PeerId, String)>,
}

impl Told {
    fn after(mut self, view: &CallView) -> Self {
        self.lost.retain(|id| view.person(*id).is_some());
        self.last = self.last.filter(|(id, _)| view.person(*id).is_some());
        for person in &view.people {
            let was_lost = self.lost.contains(&person.id);
            match person.quality {
                Quality::Lost if !was_lost => {
                    self.lost.push(person.id);
                    self.last = Some((person.id, words::lost(&person.name)));
                }
                Quality::Good | Quality::Poor if was_lost => {
                    self.lost.retain(|id| *id != person.id);
                    self.last = Some((person.id, words::found(&person.name)));
                }
                Quality::Lost
                | Quality::Good
                | Quality::Poor
                | Quality::Connecting
                | Quality::Reconnecting => {}
            }
        }
        self
    }
}
