//! Someone's whole line: the cable is pulled, the address changes.

use std::time::Duration;

use e2e::{lab, lab::Subnet};

use crate::{come_back, two_in};

#[test]
fn a_cable_that_was_pulled_is_plugged_in_again() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    let outage = bob.line().is_unplugged();
    ann.tile("Bob").says("reconnecting");
    bob.tile("Ann").says("reconnecting");
    let back = outage.ends_after(Duration::from_secs(8));
    come_back(&ann, &bob, back);
}

#[test]
fn someone_walks_from_one_network_into_the_next() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    for subnet in [Subnet::Home, Subnet::Away] {
        let moved = bob.line().moves_to(subnet);
        come_back(&ann, &bob, moved);
    }
}
