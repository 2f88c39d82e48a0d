//! The server goes away and comes back: what runs between peers does not notice.

use std::time::Duration;

use e2e::{Role, stage, within};

use crate::{see_each_other, two_in};

#[test]
fn a_call_survives_a_crash_of_the_server() {
    let mut stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let made = [&ann, &bob].map(e2e::Person::connections_made);
    bob.controls().button("People").click();
    ann.controls().button("People").click();
    ann.button("Lock room").click();
    bob.reads("The room is locked now");
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
    // The room is the one that it was: locked, and Ann its host.
    let kim = stage.person("Kim");
    kim.opens_room("tea");
    kim.asks_to_join();
    kim.reads("The host has locked this room");
    ann.controls().button("People").click();
    ann.button("Unlock room").click();
    bob.reads("The room is unlocked now");
    kim.button("Join now").click();
    kim.is_in_the_call();
    see_each_other(&ann, &kim);
    see_each_other(&bob, &kim);
    kim.counts(3);
}

/// What this page sends to the server gets lost, and it finds the way there no more.
const CUT_OFF: &str = "(() => {
    window.realSocket ??= WebSocket;
    window.realSend ??= WebSocket.prototype.send;
    WebSocket.prototype.send = function () {};
    window.WebSocket = class { constructor() { throw new Error('no way to the server'); } };
    return true;
})()";

/// The way is there again.
const RECONNECTED: &str = "(() => {
    realSocket.prototype.send = realSend;
    window.WebSocket = realSocket;
    return true;
})()";

#[test]
fn one_whom_only_the_server_has_lost_is_still_seen_and_heard() {
    let stage = stage!(|config| {
        config.ping_interval = Duration::from_millis(500);
        config.ping_timeout = Duration::from_secs(2);
        config.grace_period = Duration::from_secs(1);
    });
    let (ann, bob) = two_in(&stage, "tea");
    let made = [&ann, &bob].map(e2e::Person::connections_made);
    bob.until_true(CUT_OFF);
    ann.tile("Bob").says("away");
    bob.reads("Reconnecting");
    // The server gives Bob up: someone who comes now does not meet him.
    let kim = stage.person("Kim");
    within(Duration::from_secs(30), || {
        kim.opens_room("tea");
        kim.joins();
        kim.counts(2);
    });
    see_each_other(&ann, &bob);
    ann.counts(3);

    bob.until_true(RECONNECTED);
    within(Duration::from_secs(30), || {
        bob.reads_no_more("Reconnecting");
        ann.counts(3);
        kim.counts(3);
    });
    see_each_other(&ann, &bob);
    see_each_other(&bob, &kim);
    assert_eq!(
        [&ann, &bob].map(e2e::Person::connections_made),
        [made[0] + 1, made[1] + 1]
    );
}
