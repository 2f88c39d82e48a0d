//! Stories about one negotiation.

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
fn a_restart_that_nobody_has_answered_is_made_anew_and_a_first_offer_is_not() {
    let mut negotiation = offering(Politeness::Polite);
    assert_eq!(steps(&mut negotiation, Negotiation::renew), []);
    receive(&mut negotiation, answer(id(0, 0), "theirs"));
    steps(&mut negotiation, Negotiation::answer_accepted);
    assert_eq!(steps(&mut negotiation, Negotiation::renew), []);

    let restart = [create_offer(IceCredentials::New)];
    assert_eq!(steps(&mut negotiation, Negotiation::restart), restart);
    assert_eq!(steps(&mut negotiation, Negotiation::renew), [], "under way");
    steps(&mut negotiation, |it, steps| {
        it.offer_created("by old servers".into(), steps);
    });
    assert_eq!(steps(&mut negotiation, Negotiation::renew), restart);
    let did = steps(&mut negotiation, |it, steps| {
        it.offer_created("by new ones".into(), steps);
    });
    assert_eq!(did, [Step::Send(offer(id(0, 2), "by new ones"))]);
    let late = receive(&mut negotiation, answer(id(0, 1), "to the old"));
    assert!(matches!(late.as_slice(), [Step::Log(_)]), "{late:?}");
    let did = receive(&mut negotiation, answer(id(0, 2), "to the new"));
    assert_eq!(did, [accept_answer("to the new")]);
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

#[test]
fn with_firefox_only_firefox_restarts_ice_and_the_other_replaces_the_link() {
    const FIREFOX: &str = "v=0\r\no=mozilla 1 0 IN IP4 0.0.0.0\r\n";
    const OTHER: &str = "v=0\r\no=- 1 0 IN IP4 0.0.0.0\r\n";
    for (own, peers) in [(FIREFOX, OTHER), (OTHER, FIREFOX)] {
        let mut negotiation = Negotiation::new(Politeness::Impolite, 0);
        receive(&mut negotiation, offer(id(0, 0), peers));
        steps(&mut negotiation, |it, steps| {
            it.answer_created(own.into(), steps);
        });
        let did = steps(&mut negotiation, Negotiation::restart);
        if own == FIREFOX {
            assert_eq!(did, [create_offer(IceCredentials::New)]);
        } else {
            let another = [
                Step::Close,
                Step::Open(LinkRole::Offerer),
                create_offer(IceCredentials::Same),
            ];
            assert_eq!(did, another);
            assert_eq!(negotiation.next_generation(), 2);
        }
    }
}
