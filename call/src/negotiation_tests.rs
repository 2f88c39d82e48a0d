//! Stories about one negotiation, then two against each other with nobody to repair what they
//! break: they must settle by themselves.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

fn id(generation: u32, seq: u32) -> DescriptionId {
    DescriptionId { generation, seq }
}

fn offer(id: DescriptionId, sdp: &str) -> Signal {
    let sdp = sdp.to_owned();
    Signal::Offer { id, sdp }
}

fn answer(id: DescriptionId, sdp: &str) -> Signal {
    let sdp = sdp.to_owned();
    Signal::Answer { id, sdp }
}

fn candidates(id: DescriptionId, of: SdpType, names: &[&str]) -> Signal {
    let candidates = names.iter().copied().map(candidate).collect();
    Signal::Candidates { id, of, candidates }
}

fn candidate(name: &str) -> IceCandidate {
    IceCandidate {
        candidate: name.to_owned(),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    }
}

fn accept_offer(sdp: &str) -> Step {
    let sdp = sdp.to_owned();
    Step::Command(LinkCommand::AcceptOffer { sdp })
}

fn accept_answer(sdp: &str) -> Step {
    let sdp = sdp.to_owned();
    Step::Command(LinkCommand::AcceptAnswer { sdp })
}

fn create_offer(credentials: IceCredentials) -> Step {
    Step::Command(LinkCommand::CreateOffer(credentials))
}

/// What it does when that happens.
fn steps(
    negotiation: &mut Negotiation,
    happen: impl FnOnce(&mut Negotiation, &mut Vec<Step>),
) -> Vec<Step> {
    let mut steps = Vec::new();
    happen(negotiation, &mut steps);
    steps
}

fn receive(negotiation: &mut Negotiation, signal: Signal) -> Vec<Step> {
    steps(negotiation, |it, steps| it.receive(signal, steps))
}

/// One that has offered and waits for the answer.
fn offering(politeness: Politeness) -> Negotiation {
    let mut negotiation = Negotiation::new(politeness, 0);
    let did = steps(&mut negotiation, Negotiation::offer);
    assert_eq!(
        did,
        [
            Step::Open(LinkRole::Offerer),
            create_offer(IceCredentials::Same)
        ]
    );
    let did = steps(&mut negotiation, |it, steps| {
        it.offer_created("mine".into(), steps);
    });
    assert_eq!(did, [Step::Send(offer(id(0, 0), "mine"))]);
    negotiation
}

/// One that has answered.
fn answered(politeness: Politeness) -> Negotiation {
    let mut negotiation = Negotiation::new(politeness, 0);
    let did = receive(&mut negotiation, offer(id(0, 0), "theirs"));
    assert_eq!(
        did,
        [Step::Open(LinkRole::Answerer), accept_offer("theirs")]
    );
    let did = steps(&mut negotiation, |it, steps| {
        it.answer_created("mine".into(), steps);
    });
    assert_eq!(did, [Step::Send(answer(id(0, 0), "mine"))]);
    negotiation
}

#[test]
fn an_offer_is_answered_and_settles() {
    let mut negotiation = offering(Politeness::Polite);
    assert!(!negotiation.is_settled());
    let did = receive(&mut negotiation, answer(id(0, 0), "theirs"));
    assert_eq!(did, [accept_answer("theirs")]);
    let did = steps(&mut negotiation, Negotiation::answer_accepted);
    assert_eq!(did, []);
    assert!(negotiation.is_settled());
}

#[test]
fn when_first_offers_cross_the_polite_one_starts_over_as_answerer() {
    let mut negotiation = offering(Politeness::Polite);
    let did = receive(&mut negotiation, offer(id(0, 0), "theirs"));
    assert_eq!(
        did,
        [
            Step::Close,
            Step::Open(LinkRole::Answerer),
            accept_offer("theirs")
        ]
    );
}

#[test]
fn when_offers_cross_the_other_ignores_the_offer_and_its_candidates() {
    let mut negotiation = offering(Politeness::Impolite);
    assert_eq!(receive(&mut negotiation, offer(id(0, 0), "theirs")), []);
    let did = receive(
        &mut negotiation,
        candidates(id(0, 0), SdpType::Offer, &["theirs"]),
    );
    assert_eq!(did, []);
    receive(&mut negotiation, answer(id(0, 0), "their answer"));
    let did = steps(&mut negotiation, Negotiation::answer_accepted);
    assert_eq!(did, [], "no candidates of what was ignored");
}

#[test]
fn an_offer_that_overtakes_a_lost_answer_does_not_start_the_link_over() {
    for politeness in [Politeness::Polite, Politeness::Impolite] {
        let mut answerer = answered(politeness);
        steps(&mut answerer, Negotiation::restart);
        let did = steps(&mut answerer, |it, steps| {
            it.offer_created("restart".into(), steps);
        });
        let restart = offer(id(0, 1), "restart");
        assert_eq!(did, [Step::Send(restart.clone())]);

        let mut offerer = offering(politeness);
        let first = Step::Send(offer(id(0, 0), "mine"));
        assert_eq!(receive(&mut offerer, restart.clone()), [first]);
        let did = receive(&mut answerer, offer(id(0, 0), "theirs"));
        let lost = answer(id(0, 0), "mine");
        assert_eq!(did, [Step::Send(lost.clone()), Step::Send(restart.clone())]);

        assert_eq!(receive(&mut offerer, lost), [accept_answer("mine")]);
        steps(&mut offerer, Negotiation::answer_accepted);
        assert_eq!(receive(&mut offerer, restart), [accept_offer("restart")]);
    }
}

#[test]
fn when_restarts_cross_the_offerer_of_the_link_takes_its_own_back() {
    for politeness in [Politeness::Polite, Politeness::Impolite] {
        let mut offerer = offering(politeness);
        receive(&mut offerer, answer(id(0, 0), "theirs"));
        steps(&mut offerer, Negotiation::answer_accepted);
        for (mut negotiation, expected) in [
            (offerer, vec![accept_offer("theirs again")]),
            (answered(politeness), vec![]),
        ] {
            let did = steps(&mut negotiation, Negotiation::restart);
            assert_eq!(did, [create_offer(IceCredentials::New)]);
            steps(&mut negotiation, |it, steps| {
                it.offer_created("again".into(), steps);
            });
            let did = receive(&mut negotiation, offer(id(0, 1), "theirs again"));
            assert_eq!(did, expected);
        }
    }
}

#[test]
fn one_operation_at_a_time_and_what_comes_meanwhile_waits() {
    let mut negotiation = Negotiation::new(Politeness::Polite, 0);
    receive(&mut negotiation, offer(id(0, 0), "theirs"));
    let early = candidates(id(0, 0), SdpType::Offer, &["one"]);
    assert_eq!(receive(&mut negotiation, early), []);
    assert_eq!(steps(&mut negotiation, Negotiation::restart), []);
    let did = steps(&mut negotiation, |it, steps| {
        it.answer_created("mine".into(), steps);
    });
    assert_eq!(
        did,
        [
            Step::Send(answer(id(0, 0), "mine")),
            Step::Command(LinkCommand::AddCandidates(vec![candidate("one")])),
        ]
    );
}

#[test]
fn candidates_ahead_of_their_description_wait_for_it() {
    let mut negotiation = offering(Politeness::Polite);
    let early = candidates(id(0, 0), SdpType::Answer, &["one"]);
    assert_eq!(receive(&mut negotiation, early), []);
    receive(&mut negotiation, answer(id(0, 0), "theirs"));
    let did = steps(&mut negotiation, Negotiation::answer_accepted);
    let added = Step::Command(LinkCommand::AddCandidates(vec![candidate("one")]));
    assert_eq!(did, [added]);
}

#[test]
fn a_repeated_offer_gets_the_same_answer_again() {
    let mut negotiation = answered(Politeness::Polite);
    let did = receive(&mut negotiation, offer(id(0, 0), "theirs"));
    assert_eq!(did, [Step::Send(answer(id(0, 0), "mine"))]);
}

#[test]
fn an_answer_to_something_else_is_dropped() {
    let mut negotiation = offering(Politeness::Polite);
    for other in [id(0, 1), id(1, 0)] {
        let did = receive(&mut negotiation, answer(other, "theirs"));
        assert!(matches!(did.as_slice(), [Step::Log(_)]), "{did:?}");
    }
}

#[test]
fn an_offer_of_a_later_generation_replaces_the_link_one_of_an_earlier_does_not() {
    let mut negotiation = answered(Politeness::Impolite);
    let did = receive(&mut negotiation, offer(id(2, 0), "new"));
    assert_eq!(
        did,
        [
            Step::Close,
            Step::Open(LinkRole::Answerer),
            accept_offer("new")
        ]
    );
    assert_eq!(receive(&mut negotiation, offer(id(1, 0), "old")), []);
}

#[test]
fn a_peer_that_holds_on_to_a_link_long_gone_is_offered_a_new_one() {
    let mut negotiation = Negotiation::new(Politeness::Polite, 3);
    let did = receive(&mut negotiation, offer(id(2, 5), "restart"));
    assert_eq!(
        did,
        [
            Step::Open(LinkRole::Offerer),
            create_offer(IceCredentials::Same)
        ]
    );
}

#[test]
fn what_was_lost_is_sent_again_under_the_same_number() {
    let mut negotiation = offering(Politeness::Polite);
    negotiation.gathered(vec![candidate("one")]);
    let sent = steps(&mut negotiation, Negotiation::send_candidates);
    assert_eq!(
        sent,
        [Step::Send(candidates(id(0, 0), SdpType::Offer, &["one"]))]
    );
    assert!(!negotiation.has_candidates());
    let did = steps(&mut negotiation, Negotiation::repeat);
    let again = candidates(id(0, 0), SdpType::Offer, &["one"]);
    assert_eq!(
        did,
        [Step::Send(offer(id(0, 0), "mine")), Step::Send(again)]
    );
}

#[test]
fn candidates_of_an_earlier_description_are_not_sent_as_this_ones() {
    let mut negotiation = Negotiation::new(Politeness::Polite, 0);
    steps(&mut negotiation, Negotiation::offer);
    let of = |fragment: &str| IceCandidate {
        username_fragment: Some(fragment.to_owned()),
        ..candidate(fragment)
    };
    negotiation.gathered(vec![of("old"), of("new")]);
    steps(&mut negotiation, |it, steps| {
        it.offer_created("v=0\r\na=ice-ufrag:new\r\n".into(), steps);
    });
    let did = steps(&mut negotiation, Negotiation::send_candidates);
    let Some(Step::Send(Signal::Candidates { candidates, .. })) = did.first() else {
        panic!("{did:?}");
    };
    assert_eq!(candidates, &[of("new")]);
}

#[test]
fn many_candidates_are_sent_in_parts_and_large_ones_not_at_all() {
    let mut negotiation = offering(Politeness::Polite);
    let mut gathered = vec![candidate("c"); 100];
    gathered.push(candidate(&"x".repeat(2_000)));
    negotiation.gathered(gathered);
    let did = steps(&mut negotiation, Negotiation::send_candidates);
    let sizes: Vec<usize> = did
        .iter()
        .map(|step| {
            let Step::Send(Signal::Candidates { candidates, .. }) = step else {
                panic!("{step:?}");
            };
            candidates.len()
        })
        .collect();
    assert_eq!(sizes, [64, 36]);
}

#[test]
fn a_failed_operation_breaks_the_link_until_it_is_replaced() {
    let mut negotiation = Negotiation::new(Politeness::Polite, 0);
    receive(&mut negotiation, offer(id(0, 0), "nonsense"));
    let did = steps(&mut negotiation, |it, steps| {
        it.operation_failed("no".into(), steps);
    });
    assert_eq!(did, [Step::Broken("no".into())]);
    assert_eq!(receive(&mut negotiation, offer(id(0, 1), "more")), []);
    let did = steps(&mut negotiation, Negotiation::replace);
    assert_eq!(
        did,
        [
            Step::Close,
            Step::Open(LinkRole::Offerer),
            create_offer(IceCredentials::Same)
        ]
    );
    let did = steps(&mut negotiation, |it, steps| {
        it.offer_created("mine".into(), steps);
    });
    assert_eq!(did, [Step::Send(offer(id(1, 0), "mine"))]);
}

#[test]
fn a_flood_of_signals_is_not_kept() {
    let mut negotiation = Negotiation::new(Politeness::Polite, 0);
    receive(&mut negotiation, offer(id(0, 0), "theirs"));
    let flood = || candidates(id(0, 0), SdpType::Offer, &["one"]);
    let dropped = (0..1_000)
        .filter(|_| !receive(&mut negotiation, flood()).is_empty())
        .count();
    assert_eq!(dropped, 1_000 - MOST_WAITING);
}

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
        for step in steps(&mut self.negotiation, happen) {
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
