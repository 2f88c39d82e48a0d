//! The main job: people in one room see and hear each other.

use e2e::{Picture, Role, Setup, Source, stage};

use crate::{see_each_other, two_in};

#[test]
fn two_people_see_and_hear_each_other() {
    let stage = stage!();
    let ann = stage.person_with("Ann", Setup::default().picture(Picture::Full));
    let bob = stage.person("Bob");

    ann.opens("/");
    ann.heading("Moim").appears();
    ann.textbox("Room name").fill("tea");
    ann.textbox("Your name").fill("Ann");
    ann.button("Join").click();
    ann.heading("tea").appears();
    ann.find(Role::Video, "Camera preview").frames_advance();
    ann.textbox("Your name").holds("Ann");
    ann.button("Join now").click();
    ann.is_in_the_call();
    ann.counts(1);

    bob.enters("tea");
    see_each_other(&ann, &bob);
    for person in [&ann, &bob] {
        person.counts(2);
        person.own_tile().frames_advance();
        person.receives_from(1);
        person.hears(1);
    }
}

#[test]
fn three_people_see_and_hear_each_other() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let kim = stage.person("김한별");
    kim.enters("tea");
    let all = [&ann, &bob, &kim];
    for one in all {
        one.counts(3);
        for other in all.into_iter().filter(|other| other.name() != one.name()) {
            one.tile(other.name()).frames_advance();
        }
        one.receives_from(2);
        one.hears(2);
    }
}

/// As many as a room holds by default; what they see fits the window at that number too.
#[test]
fn six_people_see_and_hear_each_other_all_in_view() {
    let stage = stage!();
    // Six browsers that draw large pictures leave two cores no time for the call.
    let setup = || Setup::default().picture(Picture::Tiny).window(800, 600);
    let all =
        ["Ann", "Bob", "Kim", "Lee", "Mo", "Zoe"].map(|name| stage.person_with(name, setup()));
    for person in &all {
        person.enters("tea");
    }
    for one in &all {
        one.counts(6);
        for other in all.iter().filter(|other| other.name() != one.name()) {
            one.tile(other.name()).frames_advance();
        }
        one.receives_from(5);
        one.hears(5);
        let in_view = "function () {
            const { left, top, right, bottom } = this.getBoundingClientRect();
            return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        }";
        for other in all.iter().filter(|other| other.name() != one.name()) {
            assert_eq!(one.tile(other.name()).call(in_view, &[]), Ok(true));
        }
    }
}

#[test]
fn both_press_join_at_the_same_time_and_see_each_other() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    for person in [&ann, &bob] {
        person.opens_room("tea");
        person.textbox("Your name").fill(person.name());
    }
    ann.button("Join now").click();
    bob.button("Join now").click();
    see_each_other(&ann, &bob);
    ann.receives_from(1);
    bob.receives_from(1);
}

#[test]
fn nobody_is_seen_or_heard_before_joining_and_devices_are_let_go_afterwards() {
    let stage = stage!();
    let ann = stage.person("Ann");
    let bob = stage.person("Bob");
    ann.enters("tea");
    bob.opens_room("tea");
    bob.has_live_tracks(Source::Camera, 1);
    ann.counts(1);
    assert_eq!(ann.connections().map(|all| all.len()), Ok(0));

    bob.joins();
    see_each_other(&ann, &bob);
    bob.leaves();
    bob.heading("You left tea").appears();
    bob.lets_go_of(Source::Camera);
    bob.lets_go_of(Source::Microphone);
}

#[test]
fn the_invite_link_leads_into_the_room() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.enters("차 한잔");
    ann.may_use_the_clipboard();
    ann.button("Copy invite link").click();
    ann.reads("Link copied");
    let link: String = ann
        .evaluate("navigator.clipboard.readText()")
        .expect("the clipboard holds text");
    bob.goes_to(&link);
    bob.heading("차 한잔").appears();
    bob.joins();
    see_each_other(&ann, &bob);
}
