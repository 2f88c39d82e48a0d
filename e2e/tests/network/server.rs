//! The server is killed, and started again with no memory.

use std::time::Duration;

use e2e::{Person, Role, lab, within};

use crate::{missed_nothing, see_each_other, two_in};

#[test]
fn a_call_goes_on_without_a_server_and_is_whole_when_it_is_back() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    let made = [&ann, &bob].map(Person::connections_made);

    let outage = lab.server().is_killed();
    for person in [&ann, &bob] {
        person.reads("Reconnecting to the server");
    }
    ann.controls().button("Chat").click();
    ann.textbox("Message").fill("can you hear me?");
    ann.button("Send").click();
    bob.controls().button("Chat, 1 unread").click();
    bob.find(Role::Region, "Chat").says("can you hear me?");
    bob.controls().button("Mute microphone").click();
    ann.tile("Bob").says("muted");
    bob.controls().button("Unmute microphone").click();
    ann.tile("Bob").says_no_more("muted");
    outage.ends_after(Duration::from_secs(10));

    within(Duration::from_secs(30), || {
        for person in [&ann, &bob] {
            person.reads_no_more("Reconnecting");
        }
    });
    for person in [&ann, &bob] {
        person.counts(2);
    }
    missed_nothing(&ann, &bob);
    assert_eq!(
        [&ann, &bob].map(Person::connections_made),
        made,
        "the connections were kept"
    );

    let kim = lab.person("Kim");
    kim.enters("tea");
    see_each_other(&ann, &kim);
    see_each_other(&bob, &kim);
    for person in [&ann, &bob, &kim] {
        person.counts(3);
    }
}

#[test]
fn a_room_is_locked_and_has_its_host_after_the_server_was_killed() {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, "tea");
    ann.controls().button("People").click();
    ann.button("Lock room").click();
    bob.reads("The room is locked now");

    let outage = lab.server().is_killed();
    for person in [&ann, &bob] {
        person.reads("Reconnecting to the server");
    }
    outage.ends_after(Duration::from_secs(2));
    within(Duration::from_secs(30), || {
        for person in [&ann, &bob] {
            person.reads_no_more("Reconnecting");
        }
    });
    let kim = lab.person("Kim");
    kim.opens_room("tea");
    kim.asks_to_join();
    kim.reads("The host has locked this room");

    ann.button("Unlock room").click();
    bob.reads("The room is unlocked now");
    bob.controls().button("People").click();
    bob.find(Role::Region, "People").says("Ann");
    assert_eq!(bob.button("Lock room").count(), Ok(0), "Bob is not host");
    kim.button("Join now").click();
    kim.is_in_the_call();
    see_each_other(&ann, &kim);
}
