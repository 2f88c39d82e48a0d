//! The server goes away and comes back: what runs between peers does not notice.

use std::time::Duration;

use e2e::{Role, stage, within};

use crate::{see_each_other, two_in};

#[test]
fn a_call_survives_a_crash_of_the_server() {
    let mut stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let made = [&ann, &bob].map(e2e::Person::connections_made);
    ann.controls().button("Chat").click();
    stage.host().crash();
    ann.reads("Reconnecting");

    // Without a server: pictures, sound, chat, mute.
    see_each_other(&ann, &bob);
    ann.receives_from(1);
    ann.textbox("Message").fill("can you hear me?");
    ann.button("Send").click();
    bob.controls().button("Chat, 1 unread").click();
    bob.find(Role::Region, "Chat").says("can you hear me?");
    bob.controls().button("Mute microphone").click();
    ann.tile("Bob").says("muted");

    stage.host().start_again();
    within(Duration::from_secs(60), || {
        ann.reads_no_more("Reconnecting");
        bob.reads_no_more("Reconnecting");
    });
    see_each_other(&ann, &bob);
    ann.counts(2);
    bob.counts(2);
    // The connections between them were kept.
    assert_eq!([&ann, &bob].map(e2e::Person::connections_made), made);
    // Others can come in again.
    let kim = stage.person("Kim");
    kim.enters("tea");
    see_each_other(&ann, &kim);
    see_each_other(&bob, &kim);
    kim.counts(3);
}
