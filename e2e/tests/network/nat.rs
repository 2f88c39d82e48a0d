//! People at home behind routers that let little through: the server's own STUN and TURN bring them together.

use std::time::Duration;

use e2e::{
    Person, Role, lab,
    lab::{Lab, Nat},
    within,
};

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

#[test]
fn when_the_relay_dies_with_its_server_those_who_went_over_it_come_back_with_it() {
    let lab = lab!("--turn", "on");
    let (ann, bob) = two_behind(&lab, [Nat::Symmetric, Nat::Symmetric]);
    let outage = lab.server().is_killed();
    ann.tile("Bob").says("reconnecting");
    bob.tile("Ann").says("reconnecting");
    let back = outage.ends_after(Duration::from_secs(15));
    come_back(&ann, &bob, back);
    panel_says(&ann, "relayed");
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
