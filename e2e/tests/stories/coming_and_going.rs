//! People leave, close the tab, load the page again: everyone's page is right about who is there.

use e2e::{Source, stage};

use crate::{see_each_other, two_in};

#[test]
fn who_leaves_is_gone_from_every_page_at_once_and_can_come_back() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.leaves();
    bob.heading("You left tea").appears();
    ann.tile("Bob").disappears();
    ann.counts(1);
    ann.reads("Bob left");

    bob.button("Rejoin").click();
    bob.is_in_the_call();
    see_each_other(&ann, &bob);
    ann.counts(2);
    bob.counts(2);
}

#[test]
fn who_closes_the_tab_is_gone_from_every_page_at_once() {
    // The grace period is longer than any deadline here: only a proper goodbye can make it in time.
    let stage = stage!(|config| {
        config.grace_period = std::time::Duration::from_secs(600);
    });
    let (ann, bob) = two_in(&stage, "tea");
    bob.closes_the_tab();
    ann.tile("Bob").disappears();
    ann.counts(1);
}

#[test]
fn who_loads_the_page_again_comes_back_as_the_same_person() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.reloads();
    bob.button("Join now").click();
    bob.is_in_the_call();
    see_each_other(&ann, &bob);
    for person in [&ann, &bob] {
        person.counts(2);
        person.receives_from(1);
    }
    ann.tile("Bob (2)").disappears();
    bob.tile("Bob").disappears();
    let identities: u32 = ann
        .evaluate(
            "new Set(tap.sockets.flatMap((socket) => socket.received).join(' ').match(/\"id\":\"[0-9a-f]{32}\"/g)).size",
        )
        .expect("the tap answers");
    assert_eq!(
        identities, 2,
        "Ann's page has heard of herself and of one Bob"
    );
}

#[test]
fn who_loads_the_page_again_is_as_muted_and_unseen_as_before() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    ann.hears(1);
    bob.controls().button("Mute microphone").click();
    bob.controls().button("Turn camera off").click();
    bob.lets_go_of(Source::Camera);
    bob.reloads();
    bob.button("Unmute microphone").appears();
    bob.button("Turn camera on").appears();
    bob.reads("Your camera is off");
    bob.has_live_tracks(Source::Microphone, 1);
    bob.joins();
    bob.tile("Ann").frames_advance();
    for says in ["muted", "camera off"] {
        ann.tile("Bob").says(says);
        bob.own_tile().says(says);
    }
    ann.hears_nothing();
    let asked_for_a_camera: bool = bob
        .evaluate("tap.asked.some(({ video }) => video)")
        .expect("the tap answers");
    assert!(!asked_for_a_camera, "the light went on");

    bob.controls().button("Unmute microphone").click();
    bob.controls().button("Turn camera on").click();
    see_each_other(&ann, &bob);
    ann.hears(1);
}

#[test]
fn what_was_off_in_one_tab_is_on_in_the_next() {
    let stage = stage!();
    let ann = stage.person("Ann");
    ann.opens_room("tea");
    ann.button("Mute microphone").click();
    ann.button("Turn camera off").click();
    ann.button("Turn camera on").appears();
    ann.closes_the_tab();
    ann.opens_room("tea");
    ann.button("Mute microphone").appears();
    ann.button("Turn camera off").appears();
}

#[test]
fn who_goes_elsewhere_in_the_same_tab_has_left_and_can_go_back() {
    // Only a proper goodbye can make it in time.
    let stage = stage!(|config| {
        config.grace_period = std::time::Duration::from_secs(600);
    });
    let (ann, bob) = two_in(&stage, "tea");
    bob.opens("/robots.txt");
    ann.tile("Bob").disappears();
    ann.counts(1);

    bob.goes_back();
    bob.joins();
    see_each_other(&ann, &bob);
    ann.counts(2);
    bob.counts(2);
}

#[test]
fn a_copy_of_the_tab_takes_the_place_and_gives_it_back() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.duplicates_the_tab();
    bob.joins();
    see_each_other(&ann, &bob);

    bob.goes_to_the_other_tab();
    bob.heading("tea is open in another tab").appears();
    bob.button("Use it here").click();
    bob.is_in_the_call();
    see_each_other(&ann, &bob);
    ann.counts(2);
    bob.goes_to_the_other_tab();
    bob.heading("tea is open in another tab").appears();
}

/// Which pages are kept, and when, is the browser's affair: here the page is told by hand.
#[test]
fn a_page_that_the_browser_brings_back_from_its_cache_is_loaded_afresh() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.evaluate::<bool>("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        .expect("the page answers");
    ann.tile("Bob").disappears();
    bob.evaluate::<bool>("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        .expect("the page answers");
    bob.joins();
    see_each_other(&ann, &bob);
    ann.counts(2);
    bob.counts(2);
}

#[test]
fn a_crowd_that_comes_and_goes_is_counted_right() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let kim = stage.person("Kim");
    kim.enters("tea");
    kim.tile("Ann").frames_advance();
    bob.leaves();
    ann.counts(2);
    kim.counts(2);
    kim.reloads();
    kim.joins();
    ann.counts(2);
    see_each_other(&ann, &kim);
    kim.leaves();
    ann.counts(1);
    ann.tile("Kim").disappears();
}
