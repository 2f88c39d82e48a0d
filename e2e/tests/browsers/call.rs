//! Seeing and hearing each other, and chatting.

use e2e::{Engine, Role, stage};

use crate::{complain_of_nothing, two_in};

#[test]
fn chromium_and_then_firefox_see_and_hear_each_other() {
    see_and_hear_each_other(Engine::Chromium);
}

#[test]
fn firefox_and_then_chromium_see_and_hear_each_other() {
    see_and_hear_each_other(Engine::Firefox);
}

#[track_caller]
fn see_and_hear_each_other(first: Engine) {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea", first);
    for person in [&ann, &bob] {
        person.counts(2);
        person.own_tile().frames_advance();
        person.receives_from(1);
        person.hears(1);
    }
    for person in [&ann, &bob] {
        person.controls().button("Chat").click();
    }
    for (person, other, text) in [(&ann, &bob, "Are you there?"), (&bob, &ann, "네")] {
        person.textbox("Message").fill(text);
        person.button("Send").click();
        other.find(Role::Log, "Messages").says(text);
    }
    ann.controls().button("Mute microphone").click();
    bob.tile("Ann").says("muted");
    bob.hears_nothing();
    complain_of_nothing([&ann, &bob]);
}
