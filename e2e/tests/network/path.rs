//! The way between two people is cut, while both reach the server.

use std::time::Duration;

use e2e::{Person, lab, lab::Traffic};

use crate::{come_back, missed_nothing, two_in};

#[test]
fn a_short_cut_heals_by_itself() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    let made = [&ann, &bob].map(Person::connections_made);
    let back = bob
        .line()
        .loses(Traffic::Media)
        .ends_after(Duration::from_secs(2));
    come_back(&ann, &bob, back);
    assert_eq!(
        [&ann, &bob].map(Person::connections_made),
        made,
        "the connections were kept"
    );
}

#[test]
fn a_long_cut_is_told_and_heals() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    for span in [8, 30].map(Duration::from_secs) {
        let outage = bob.line().loses(Traffic::Media);
        ann.tile("Bob").says("reconnecting");
        bob.tile("Ann").says("reconnecting");
        let back = outage.ends_after(span);
        come_back(&ann, &bob, back);
    }
    for person in [&ann, &bob] {
        person.reads_no_more("reconnecting");
    }
}

#[test]
fn a_way_that_loses_packets_carries_a_call() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    bob.line().loses_some(5).ends_after(Duration::from_secs(15));
    missed_nothing(&ann, &bob);
}
