//! A shared screen beside the camera picture.

use e2e::{Engine, Person, Source, stage};

use crate::{by_engine, complain_of_nothing, see_each_other, two_in};

#[test]
fn screens_are_shared_in_a_call_of_chromium_and_then_firefox() {
    screens_are_shared(Engine::Chromium);
}

#[test]
fn screens_are_shared_in_a_call_of_firefox_and_then_chromium() {
    screens_are_shared(Engine::Firefox);
}

#[track_caller]
fn screens_are_shared(first: Engine) {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea", first);
    let (chromium, firefox) = by_engine(first, [&ann, &bob]);
    let made = [&ann, &bob].map(Person::connections_made);
    for (one, other) in [(firefox, chromium), (chromium, firefox)] {
        let screen = format!("{}’s screen", one.name());
        for _ in 0..2 {
            one.controls().button("Share screen").click();
            other.tile(&screen).frames_advance();
            see_each_other(one, other);
            one.controls().button("Stop sharing").click();
            other.tile(&screen).disappears();
            one.lets_go_of(Source::Screen);
        }
    }
    see_each_other(&ann, &bob);
    assert_eq!([&ann, &bob].map(Person::connections_made), made);
    complain_of_nothing([&ann, &bob]);
}
