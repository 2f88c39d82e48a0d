//! Two people in the room and what is known of the way between them, read out of the [`CallView`]. How it is drawn is
//! [`pair_row`](super::pair_row)'s.

use std::fmt;
use std::time::Duration;

use call::CallView;
use call::view::{FlowView, Missing, PairView, PersonView, Quality, Route};
use shared::PeerId;

/// Which two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parties {
    /// The person at this page and somebody else.
    YouAnd(PeerId),
    /// Two others.
    Both([PeerId; 2]),
}

/// What is known of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// The names as shown; `None` for the person at this page.
    pub names: [Option<String>; 2],
    /// How it does; `None` while nobody has said.
    pub quality: Option<Quality>,
    /// What does not arrive here although it is sent.
    pub missing: Missing,
    /// What does not arrive there although this page sends it.
    pub missing_there: Missing,
    /// Which way the packets go.
    pub route: Option<Route>,
    /// How long a packet and its answer take.
    pub round_trip: Option<Duration>,
    /// What flows from the first to the second, and back.
    pub flows: [FlowView; 2],
}

/// Every two people in the room, this person's own pairs first.
pub fn everyone(view: &CallView) -> Vec<Parties> {
    if view.you.is_none() {
        return Vec::new();
    }
    let ids: Vec<PeerId> = view.people.iter().map(|person| person.id).collect();
    let own = ids.iter().map(|&id| Parties::YouAnd(id));
    let others = ids.iter().enumerate().flat_map(|(at, &one)| {
        ids[at + 1..]
            .iter()
            .map(move |&other| Parties::Both([one, other]))
    });
    own.chain(others).collect()
}

impl Pair {
    /// These two, as far as they are known.
    pub fn of(view: &CallView, parties: Parties) -> Self {
        let ids = match parties {
            Parties::YouAnd(id) => [view.you.as_ref().map(|you| you.id), Some(id)],
            Parties::Both(ids) => ids.map(Some),
        };
        let people = match parties {
            Parties::YouAnd(id) => [None, view.person(id)],
            Parties::Both(ids) => ids.map(|id| view.person(id)),
        };
        let pair = Self {
            names: people.map(|person| person.map(|person| person.name.clone())),
            ..measured(view, ids)
        };
        match parties {
            Parties::YouAnd(_) => pair.seen_by(people[1]),
            Parties::Both(_) => pair,
        }
    }

    /// Whether the person at this page is one of them.
    pub fn is_own(&self) -> bool {
        self.names[0].is_none()
    }

    /// Whether there are any figures.
    pub fn is_measured(&self) -> bool {
        self.round_trip.is_some() || self.flows.iter().any(|flow| *flow != FlowView::default())
    }

    /// Whether the figures are of a connection that stands no more.
    pub fn is_stale(&self) -> bool {
        let is_broken = match self.quality {
            Some(Quality::Reconnecting | Quality::Lost) => true,
            Some(Quality::Connecting | Quality::Good | Quality::Poor) | None => false,
        };
        is_broken && self.is_measured()
    }

    /// What the tile says of them holds here too.
    fn seen_by(self, person: Option<&PersonView>) -> Self {
        Self {
            quality: person.map(|person| person.quality),
            missing: person.map(|person| person.missing).unwrap_or_default(),
            missing_there: person
                .map(|person| person.missing_there)
                .unwrap_or_default(),
            ..self
        }
    }
}

/// What was measured between two, in their order.
fn measured(view: &CallView, ids: [Option<PeerId>; 2]) -> Pair {
    let is = |pair: &PairView, [one, other]: [usize; 2]| {
        Some(pair.parties[one].id) == ids[0] && Some(pair.parties[other].id) == ids[1]
    };
    let found = view.connections.iter().find_map(|pair| {
        let [there, back] = pair.flows.clone();
        if is(pair, [0, 1]) {
            Some((pair, [there, back]))
        } else if is(pair, [1, 0]) {
            Some((pair, [back, there]))
        } else {
            None
        }
    });
    found.map_or_else(Pair::default, |(pair, flows)| Pair {
        quality: Some(pair.quality),
        route: pair.route,
        round_trip: pair.round_trip,
        flows,
        ..Pair::default()
    })
}

impl fmt::Display for Parties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::YouAnd(id) => write!(f, "{id}"),
            Self::Both([one, other]) => write!(f, "{one} {other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ANN, KIM, LEE, a_call_with, measured};
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const KIM_AND_LEE: Parties = Parties::Both([KIM, LEE]);

    fn three() -> CallView {
        a_call_with(&[(KIM, "Kim"), (LEE, "Lee")])
    }

    #[wasm_bindgen_test]
    fn everyone_is_paired_with_everyone_and_own_pairs_come_first() {
        assert_eq!(everyone(&a_call_with(&[])), []);
        assert_eq!(
            everyone(&three()),
            [Parties::YouAnd(KIM), Parties::YouAnd(LEE), KIM_AND_LEE]
        );
        let elsewhere = CallView {
            you: None,
            ..three()
        };
        assert_eq!(everyone(&elsewhere), []);
    }

    #[wasm_bindgen_test]
    fn figures_are_found_whoever_of_the_two_is_named_first() {
        let straight = CallView {
            connections: vec![measured(KIM, LEE)],
            ..three()
        };
        let reversed = CallView {
            connections: vec![measured(LEE, KIM)],
            ..three()
        };
        let (straight, reversed) = (
            Pair::of(&straight, KIM_AND_LEE),
            Pair::of(&reversed, KIM_AND_LEE),
        );
        assert_eq!(straight.names, reversed.names);
        let [to_lee, to_kim] = straight.flows;
        assert_eq!(reversed.flows, [to_kim, to_lee]);
    }

    #[wasm_bindgen_test]
    fn a_pair_that_nobody_has_measured_has_names_all_the_same() {
        let view = CallView {
            connections: vec![measured(ANN, KIM)],
            ..three()
        };
        let unmeasured = Pair::of(&view, KIM_AND_LEE);
        assert_eq!(
            unmeasured,
            Pair {
                names: [Some("Kim".to_owned()), Some("Lee".to_owned())],
                ..Pair::default()
            }
        );
        assert!(!unmeasured.is_own());
    }

    #[wasm_bindgen_test]
    fn of_an_own_pair_panel_and_tile_say_the_same() {
        let mut view = three();
        view.connections = vec![measured(ANN, KIM)];
        view.people[0].quality = Quality::Lost;
        view.people[0].missing.sound = true;
        let pair = Pair::of(&view, Parties::YouAnd(KIM));
        assert_eq!(pair.quality, Some(Quality::Lost));
        assert!(pair.missing.sound && pair.is_own());
    }

    #[wasm_bindgen_test]
    fn figures_of_a_broken_connection_are_old_ones() {
        let mut view = three();
        let pair = |view: &CallView| Pair::of(view, Parties::YouAnd(KIM));
        view.people[0].quality = Quality::Reconnecting;
        assert!(!pair(&view).is_stale(), "there are none");
        view.connections = vec![measured(ANN, KIM)];
        assert!(pair(&view).is_stale());
        view.people[0].quality = Quality::Poor;
        assert!(!pair(&view).is_stale());
    }
}
