//! One person's way to the server is blocked; the way to the others is not.

use std::time::Duration;

use e2e::{Person, lab, lab::Traffic, within};

use crate::{missed_nothing, see_each_other, two_in};

/// A connection counts as dead after three seconds, and as gone after two more.
#[test]
fn who_cannot_reach_the_server_is_still_heard_and_seen() {
    let lab = lab!(
        "--ping-interval",
        "2s",
        "--ping-timeout",
        "1s",
        "--grace-period",
        "2s"
    );
    let (ann, bob) = two_in(&lab, "tea");
    let made = [&ann, &bob].map(Person::connections_made);

    let outage = bob.line().loses(Traffic::Signalling);
    bob.reads("Reconnecting to the server");
    ann.receives_from(1);
    bob.receives_from(1);
    bob.controls().button("Mute microphone").click();
    ann.tile("Bob").says("muted");
    bob.controls().button("Unmute microphone").click();
    outage.ends_after(Duration::from_secs(12));

    within(Duration::from_secs(30), || {
        bob.reads_no_more("Reconnecting")
    });
    ann.tile("Bob").says_no_more("muted");
    for person in [&ann, &bob] {
        person.counts(2);
    }
    missed_nothing(&ann, &bob);
    assert_eq!(
        [&ann, &bob].map(Person::connections_made),
        made,
        "the connections were kept"
    );
    see_each_other(&ann, &bob);
}
