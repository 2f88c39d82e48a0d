//! A page stands still: the browser puts its tab to sleep, or the laptop's lid is closed.

use std::time::Duration;

use e2e::lab;

use crate::{come_back, two_in};

#[test]
fn a_tab_that_was_put_to_sleep_wakes_up_in_the_call() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    let woken = bob.is_frozen().ends_after(Duration::from_secs(20));
    come_back(&ann, &bob, woken);
}

/// The lid is closed for longer than a connection may be silent and a place is kept.
#[test]
fn a_laptop_that_was_closed_is_back_in_the_room_when_it_is_opened() {
    let lab = lab!(
        "--ping-interval",
        "2s",
        "--ping-timeout",
        "1s",
        "--grace-period",
        "2s"
    );
    let (ann, bob) = two_in(&lab, "tea");
    let outage = bob.line().sleeps();
    ann.tile("Bob").disappears();
    ann.counts(1);
    let woken = outage.ends_after(Duration::from_secs(12));
    come_back(&ann, &bob, woken);
}
