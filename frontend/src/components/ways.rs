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

#[cfg(test)]
mod tests {
    use super::super::testing::{KIM, LEE, a_call_with};
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// What is told after each of these qualities of the way to Kim.
    fn told(qualities: &[Quality]) -> Vec<Option<String>> {
        let mut view = a_call_with(&[(KIM, "Kim"), (LEE, "Lee")]);
        let mut told = Told::default();
        let mut all = Vec::new();
        for quality in qualities {
            view.people[0].quality = *quality;
            told = told.after(&view);
            all.push(told.last.clone().map(|(_, sentence)| sentence));
        }
        all
    }

    #[wasm_bindgen_test]
    fn a_loss_is_told_once_however_often_it_is_tried_again() {
        let lost = Some(words::lost("Kim"));
        let found = Some(words::found("Kim"));
        assert_eq!(
            told(&[
                Quality::Good,
                Quality::Reconnecting,
                Quality::Lost,
                Quality::Reconnecting,
                Quality::Connecting,
                Quality::Lost,
                Quality::Poor,
                Quality::Good,
            ]),
            [
                None,
                None,
                lost.clone(),
                lost.clone(),
                lost.clone(),
                lost,
                found.clone(),
                found,
            ]
        );
    }

    #[wasm_bindgen_test]
    fn ups_and_downs_of_a_way_that_stands_are_nobodys_news() {
        let ups_and_downs = [Quality::Good, Quality::Poor, Quality::Reconnecting];
        assert_eq!(told(&ups_and_downs.repeat(2)), [const { None }; 6]);
    }

    #[wasm_bindgen_test]
    fn nothing_more_is_told_of_who_has_gone() {
        let mut view = a_call_with(&[(KIM, "Kim")]);
        view.people[0].quality = Quality::Lost;
        let told = Told::default().after(&view);
        assert_ne!(told, Told::default());
        assert_eq!(told.after(&a_call_with(&[])), Told::default());
    }
}
