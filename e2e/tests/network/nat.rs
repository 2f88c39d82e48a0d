//! People at home behind routers that let little through: the server's own STUN and TURN bring them together.

use std::time::Duration;

use e2e::{
    Person, Role, lab,
    lab::{Lab, Nat, Outage, Subnet},
    within,
};
use serde::Deserialize;

use crate::{come_back, missed_nothing, see_each_other};

/// Connecting over a relay takes its time, over TCP most.
const RELAYED: Duration = Duration::from_secs(30);

/// Ann and Bob at home behind such routers, who see each other.
#[track_caller]
fn two_behind(lab: &Lab, nats: [Nat; 2]) -> (Person, Person) {
    let [ann, bob] = nats;
    let (ann, bob) = (lab.person_behind(ann, "Ann"), lab.person_behind(bob, "Bob"));
    ann.enters("tea");
    bob.enters("tea");
    within(RELAYED, || see_each_other(&ann, &bob));
    ann.follows("Bob");
    bob.follows("Ann");
    (ann, bob)
}

/// What the panel says of the way between the two.
#[track_caller]
fn panel_says(person: &Person, way: &str) {
    person.controls().button("People").click();
    let people = person.find(Role::Region, "People");
    people.button("Connections").click();
    let panel = person.find(Role::Region, "Connections");
    within(RELAYED, || panel.says(way));
    person.button("Close panel").click();
}

#[test]
fn two_behind_full_cones_connect_directly() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::FullCone, Nat::FullCone]);
    for person in [&ann, &bob] {
        panel_says(person, "direct");
    }
}

#[test]
fn two_behind_symmetric_routers_connect_over_the_relay() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::Symmetric, Nat::Symmetric]);
    for person in [&ann, &bob] {
        panel_says(person, "relayed");
    }
    missed_nothing(&ann, &bob);
}

#[test]
fn one_whose_network_lets_no_udp_through_connects_over_tcp() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::NoUdp, Nat::Symmetric]);
    panel_says(&ann, "relayed over TCP");
    panel_says(&bob, "relayed");
}

/// How soon after the return of the server those who went over its relay see each other again, at most: in ms.
const WITH_THE_SERVER: f64 = 5000.0;

/// What someone's connection to the other looks for ways with: the credentials for the relay, and its own for ICE.
#[derive(Debug, Deserialize)]
struct Credentials {
    relay: String,
    ice: String,
}

#[track_caller]
fn credentials(person: &Person) -> Credentials {
    let all: Vec<Credentials> = person
        .evaluate(
            "tap.connections
                .filter((one) => one.getTransceivers().length > 0 && one.signalingState !== 'closed')
                .map((one) => ({
                    relay: one.getConfiguration().iceServers.map((server) => server.credential).join(),
                    ice: one.currentLocalDescription.sdp.match(/a=ice-pwd:(.*)/)[1],
                }))",
        )
        .expect("the page answers");
    let [one] = <[_; 1]>::try_from(all).expect("there is one connection");
    one
}

/// They see each other soon after the server is back, by an ICE restart with fresh credentials on the connections that they have.
#[track_caller]
fn come_back_with_the_server(both: [&Person; 2], outage: Outage<'_>, span: Duration) {
    let [ann, bob] = both;
    let (made, before) = (both.map(Person::connections_made), both.map(credentials));
    let back = outage.ends_after(span);
    come_back(ann, bob, back);
    for (who, whom) in [(ann, bob), (bob, ann)] {
        let time = who.timeline(whom.name()).flows_after(back);
        let is_soon = time.is_some_and(|time| time <= WITH_THE_SERVER);
        assert!(
            is_soon,
            "{} saw {} after {time:?} ms",
            who.name(),
            whom.name()
        );
    }
    for (before, after) in before.into_iter().zip(both.map(credentials)) {
        assert_ne!(before.relay, after.relay, "fresh ones for the relay");
        assert_ne!(before.ice, after.ice, "ICE was restarted");
    }
    assert_eq!(
        both.map(Person::connections_made),
        made,
        "the connections were kept"
    );
    panel_says(ann, "relayed");
}

#[test]
fn when_the_relay_dies_with_its_server_those_who_went_over_it_come_back_with_it() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::Symmetric, Nat::Symmetric]);
    let outage = lab.server().is_killed();
    ann.tile("Bob").says("reconnecting");
    bob.tile("Ann").says("reconnecting");
    come_back_with_the_server([&ann, &bob], outage, Duration::from_secs(15));
}

/// Before a browser has noticed that nothing comes over the relay any more.
#[test]
fn when_the_server_is_back_at_once_so_are_those_who_went_over_its_relay() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::Symmetric, Nat::Symmetric]);
    // The panel knows it by what was measured, and so does the call.
    panel_says(&ann, "relayed");
    panel_says(&bob, "relayed");
    let outage = lab.server().is_killed();
    come_back_with_the_server([&ann, &bob], outage, Duration::from_secs(1));
}

#[test]
fn the_provider_gives_a_full_cone_another_address_in_the_middle_of_a_call() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::FullCone, Nat::FullCone]);
    for subnet in [Subnet::Home, Subnet::Away] {
        let moved = bob.line().moves_to(subnet);
        come_back(&ann, &bob, moved);
    }
    panel_says(&bob, "direct");
}

#[test]
fn the_provider_gives_a_symmetric_router_another_address_in_the_middle_of_a_call() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::Symmetric, Nat::Symmetric]);
    for subnet in [Subnet::Home, Subnet::Away] {
        let moved = bob.line().moves_to(subnet);
        come_back(&ann, &bob, moved);
    }
    panel_says(&bob, "relayed");
}

#[test]
fn when_the_relay_dies_those_who_went_directly_notice_nothing() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::FullCone, Nat::FullCone]);
    lab.server().is_killed().ends_after(Duration::from_secs(10));
    within(RELAYED, || {
        for person in [&ann, &bob] {
            person.reads_no_more("Reconnecting");
        }
    });
    missed_nothing(&ann, &bob);
}
