//! Rooms that are full or locked, and people who are removed: told at the door, and let in when it changes.

use e2e::{Role, stage};

use crate::{see_each_other, two_in};

#[test]
fn a_full_room_says_so_and_lets_one_in_by_one_click_once_there_is_space() {
    let stage = stage!(|config| config.room_capacity = 2);
    let (ann, bob) = two_in(&stage, "tea");
    let kim = stage.person("Kim");
    kim.opens_room("tea");
    kim.asks_to_join();
    kim.reads("This room is full: it holds 2 people");
    ann.counts(2);

    bob.leaves();
    ann.counts(1);
    kim.button("Join now").click();
    kim.is_in_the_call();
    see_each_other(&ann, &kim);
    ann.counts(2);
}

#[test]
fn a_locked_room_lets_nobody_in_until_the_host_opens_it() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    ann.controls().button("People").click();
    ann.button("Lock room").click();
    bob.reads("The room is locked now");
    let kim = stage.person("Kim");
    kim.opens_room("tea");
    kim.asks_to_join();
    kim.reads("The host has locked this room");
    ann.counts(2);

    // Who was in before is not locked out by loading the page again.
    bob.reloads();
    bob.joins();
    see_each_other(&ann, &bob);

    ann.button("Unlock room").click();
    bob.reads("The room is unlocked now");
    kim.button("Join now").click();
    kim.is_in_the_call();
    see_each_other(&ann, &kim);
    ann.counts(3);
}

#[test]
fn someone_removed_is_out_and_stays_out() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    ann.controls().button("People").click();
    bob.controls().button("People").click();
    bob.find(Role::Region, "People").says("Ann");
    // The others know the same face.
    let face = "[...document.querySelectorAll('.roster-row')].filter((row) => row.innerText.includes('Ann'))
        .map((row) => row.querySelector('.avatar')).map((face) => face.className + face.innerText)";
    let faces = |person: &e2e::Person| person.evaluate::<Vec<String>>(face);
    assert_eq!(faces(&ann), faces(&bob));
    assert_eq!(faces(&ann).map(|faces| faces.len()), Ok(1));
    assert_eq!(
        bob.button("Remove Ann").count(),
        Ok(0),
        "only the host can remove people"
    );
    assert_eq!(
        bob.button("Lock room").count(),
        Ok(0),
        "only the host can lock the room"
    );
    let kim = stage.person("Kim");
    kim.enters("tea");
    ann.button("Remove Kim").click();
    ann.button("Remove Bob").click();
    assert_eq!(
        ann.button("Remove").count(),
        Ok(1),
        "one question at a time"
    );
    ann.button("Remove").click();
    bob.heading("The host removed you from tea").appears();
    ann.tile("Bob").disappears();
    ann.counts(2);

    bob.opens_room("tea");
    bob.asks_to_join();
    bob.reads("The host has removed you from this room");
    ann.counts(2);
}

#[test]
fn when_the_host_leaves_the_one_longest_there_is_the_host() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let kim = stage.person("Kim");
    kim.enters("tea");
    kim.tile("Bob").frames_advance();
    ann.leaves();
    bob.reads("You are the host now");
    bob.controls().button("People").click();
    bob.button("Remove Kim").appears();
    kim.controls().button("People").click();
    kim.find(Role::Region, "People").says("Bob");
    assert_eq!(kim.button("Remove Bob").count(), Ok(0));
}
