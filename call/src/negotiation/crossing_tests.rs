//! Two negotiations against each other, with nobody to repair what they break: whatever crosses and
//! whatever is lost, they must settle by themselves.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

/// One side of the world of two: a negotiation, and as much of a browser as it needs.
struct Side {
    negotiation: Negotiation,
    /// The operation under way.
    operation: Option<LinkCommand>,
    /// Sent and not yet arrived.
    sent: VecDeque<Signal>,
    /// Counts descriptions, so that no two are alike.
    described: u32,
    name: &'static str,
    transceivers: usize,
    is_offering: bool,
    has_remote: bool,
    /// What it was last connected by: the offer's text and the answer's.
    agreed: Option<(String, String)>,
    mine: String,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Offer(usize),
    Restart(usize),
    Renew(usize),
    Replace(usize),
    Deliver(usize),
    Work(usize),
    /// What is on its way is lost; both sides are told that signals get through again.
    Lose,
}

impl Side {
    fn new(politeness: Politeness, name: &'static str) -> Self {
        Self {
            negotiation: Negotiation::new(politeness, 0),
            operation: None,
            sent: VecDeque::new(),
            described: 0,
            name,
            transceivers: 0,
            is_offering: false,
            has_remote: false,
            agreed: None,
            mine: String::new(),
        }
    }

    fn act(&mut self, happen: impl FnOnce(&mut Negotiation, &mut Vec<Step>)) {
        let mut steps = Vec::new();
        happen(&mut self.negotiation, &mut steps);
        for step in steps {
            match step {
                Step::Open(role) => {
                    self.transceivers = match role {
                        LinkRole::Offerer => 4,
                        LinkRole::Answerer => 0,
                    };
                    self.is_offering = false;
                    self.has_remote = false;
                    self.agreed = None;
                }
                Step::Close => self.operation = None,
                Step::Command(LinkCommand::AddCandidates(_)) => assert!(self.has_remote),
                Step::Command(command) => {
                    assert_eq!(self.operation.replace(command), None, "two at a time");
                }
                Step::Send(signal) => self.sent.push_back(signal),
                Step::Broken(reason) => panic!("{reason}"),
                Step::Log(_) => {}
            }
        }
    }

    /// The browser finishes what it was asked to do.
    fn work(&mut self) {
        self.described += 1;
        let text = format!("{}{}", self.name, self.described);
        match self.operation.take() {
            Some(LinkCommand::CreateOffer(_)) => {
                assert!(self.transceivers > 0);
                self.is_offering = true;
                self.mine.clone_from(&text);
                self.act(|it, steps| it.offer_created(text, steps));
            }
            Some(LinkCommand::AcceptOffer { sdp }) => {
                assert!(
                    self.has_remote || self.transceivers == 0,
                    "{} would have twice the m-lines",
                    self.name
                );
                self.transceivers = 4;
                self.is_offering = false;
                self.has_remote = true;
                self.agreed = Some((sdp, text.clone()));
                self.act(|it, steps| it.answer_created(text, steps));
            }
            Some(LinkCommand::AcceptAnswer { sdp }) => {
                assert!(self.is_offering, "InvalidStateError");
                self.is_offering = false;
                self.has_remote = true;
                self.agreed = Some((self.mine.clone(), sdp));
                self.act(Negotiation::answer_accepted);
            }
            Some(other) => panic!("{other:?}"),
            None => {}
        }
    }
}

fn act(sides: &mut [Side; 2], act: Act) {
    match act {
        Act::Offer(side) => sides[side].act(Negotiation::offer),
        Act::Restart(side) => sides[side].act(Negotiation::restart),
        Act::Renew(side) => sides[side].act(Negotiation::renew),
        Act::Replace(side) => sides[side].act(Negotiation::replace),
        Act::Work(side) => sides[side].work(),
        Act::Deliver(from) => {
            if let Some(signal) = sides[from].sent.pop_front() {
                sides[1 - from].act(|it, steps| it.receive(signal, steps));
            }
        }
        Act::Lose => {
            for side in sides.iter_mut() {
                side.sent.clear();
            }
            for side in sides {
                side.act(Negotiation::repeat);
            }
        }
    }
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..2_usize).prop_map(Act::Offer),
        2 => (0..2_usize).prop_map(Act::Restart),
        1 => (0..2_usize).prop_map(Act::Renew),
        1 => (0..2_usize).prop_map(Act::Replace),
        8 => (0..2_usize).prop_map(Act::Deliver),
        8 => (0..2_usize).prop_map(Act::Work),
        1 => Just(Act::Lose),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn two_sides_settle_whatever_crosses(acts in proptest::collection::vec(any_act(), 0..60)) {
        let mut sides = [Side::new(Politeness::Polite, "a"), Side::new(Politeness::Impolite, "b")];
        act(&mut sides, Act::Offer(0));
        for one in acts {
            act(&mut sides, one);
        }
        for _ in 0..100 {
            for one in [Act::Work(0), Act::Work(1), Act::Deliver(0), Act::Deliver(1)] {
                act(&mut sides, one);
            }
        }
        for side in &sides {
            prop_assert!(side.operation.is_none() && side.sent.is_empty() && !side.is_offering);
            prop_assert_eq!(side.transceivers, 4);
        }
        prop_assert!(sides[0].agreed.is_some());
        prop_assert_eq!(&sides[0].agreed, &sides[1].agreed);
    }
}
