//! Someone is far away, behind a way that loses packets: everything takes 100 ms longer each way, and 5 % of UDP is lost each
//! way besides.

use std::time::Duration;

use e2e::{Person, lab, lab::Nat, within};

use crate::{missed_nothing, see_each_other};

const DELAY: Duration = Duration::from_millis(100);
const LOST: u8 = 5;

/// Connecting takes its time.
const FAR: Duration = Duration::from_secs(30);

/// They connect over Bob's way, which is as bad from the start, and miss nothing of each other for a while.
#[track_caller]
fn carries_a_call(ann: &Person, bob: &Person) {
    let slow = bob.line().is_slowed_by(DELAY);
    let losing = bob.line().loses_some(LOST);
    ann.enters("tea");
    bob.enters("tea");
    within(FAR, || see_each_other(ann, bob));
    let round_trip = bob.round_trip();
    assert!(round_trip >= 2 * DELAY, "only {round_trip:?}");
    ann.follows("Bob");
    bob.follows("Ann");
    losing.ends_after(Duration::from_secs(15));
    missed_nothing(ann, bob);
    drop(slow);
}

#[test]
fn a_slow_way_that_loses_packets_carries_a_call() {
    let lab = lab!();
    let (ann, bob) = (lab.person("Ann"), lab.person("Bob"));
    carries_a_call(&ann, &bob);
}

#[test]
fn a_slow_way_that_loses_packets_carries_a_call_over_the_relay() {
    let lab = lab!("--turn", "on");
    let [ann, bob] = ["Ann", "Bob"].map(|name| lab.person_behind(Nat::Symmetric, name));
    carries_a_call(&ann, &bob);
}
