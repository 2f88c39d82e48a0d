//! Of three people in a room two cannot reach each other.

use std::time::Duration;

use e2e::{lab, lab::Traffic, within};

use crate::{come_back, missed_nothing, see_each_other};

#[test]
fn two_who_cannot_reach_each_other_are_told_and_the_third_notices_nothing() {
    let lab = lab!();
    let (ann, bob, kim) = (lab.person("Ann"), lab.person("Bob"), lab.person("Kim"));
    let outage = ann.line().loses(Traffic::With(bob.line().address()));
    for person in [&ann, &kim, &bob] {
        person.enters("tea");
    }
    for person in [&ann, &bob] {
        see_each_other(&kim, person);
        kim.follows(person.name());
        person.follows("Kim");
    }
    let made = kim.connections_made();

    within(Duration::from_secs(60), || {
        ann.tile("Bob").says("cannot connect");
        bob.tile("Ann").says("cannot connect");
    });
    for person in [&ann, &bob, &kim] {
        person.counts(3);
    }
    ann.follows("Bob");
    bob.follows("Ann");
    let back = outage.ends_after(Duration::ZERO);
    come_back(&ann, &bob, back);
    for person in [&ann, &bob] {
        person.reads_no_more("cannot connect");
        missed_nothing(&kim, person);
    }
    assert_eq!(kim.connections_made(), made, "Kim kept both connections");
}
