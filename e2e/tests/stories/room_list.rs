//! The list of open rooms on the welcome page, as it changes.

use e2e::{Person, Role, stage};
use shared::room::Listing;

/// Opens a room by the form, with the box ticked or not.
#[track_caller]
fn opens_by_form(person: &Person, room: &str, listed: bool) {
    person.opens("/");
    person.textbox("Room name").fill(room);
    person.textbox("Your name").fill(person.name());
    let list = person.find(Role::Checkbox, "List this room");
    if list.checked() != Ok(listed) {
        list.click();
    }
    person.button("Join").click();
    person.joins();
}

#[test]
fn rooms_whose_opener_wishes_it_are_listed_live_with_their_head_count() {
    let stage = stage!();
    let (ann, bob, guest) = (
        stage.person("Ann"),
        stage.person("Bob"),
        stage.person("Guest"),
    );
    guest.opens("/");
    guest.textbox("Room name").appears();
    let list = guest.find(Role::List, "Open rooms");
    opens_by_form(&ann, "Book Club", true);
    list.says("Book Club");
    list.says("1 person");
    opens_by_form(&bob, "hidden", false);
    bob.leaves();
    bob.opens_room("book club");
    bob.joins();
    list.says("2 people");
    list.says_no_more("hidden");

    list.find_beginning_with(Role::Link, "Book Club").click();
    guest.heading("Book Club").appears();
    guest.joins();
    guest.tile("Ann").frames_advance();
    guest.counts(3);

    // Nobody is left: the room is off the list.
    guest.leaves();
    guest.button("Back to start").click();
    list.says("2 people");
    bob.leaves();
    ann.leaves();
    guest.reads_no_more("Book Club");
}

#[test]
fn going_back_from_a_call_leaves_it_and_shows_the_list() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    bob.enters("tea");
    ann.opens("/");
    ann.textbox("Room name").fill("tea");
    ann.textbox("Your name").fill("Ann");
    ann.button("Join").click();
    ann.joins();
    bob.counts(2);
    ann.goes_back();
    ann.reads("No open rooms right now");
    bob.counts(1);
}

#[test]
fn the_host_can_list_all_rooms() {
    let stage = stage!(|config| config.list_rooms = Listing::All);
    let (ann, guest) = (stage.person("Ann"), stage.person("Guest"));
    guest.opens("/");
    ann.enters("tea");
    guest.find(Role::List, "Open rooms").says("tea");
    assert_eq!(
        guest.find(Role::Checkbox, "List this room").checked(),
        Ok(true)
    );
}

#[test]
fn the_host_can_do_without_the_list() {
    let stage = stage!(|config| config.list_rooms = Listing::Off);
    let (ann, guest) = (stage.person("Ann"), stage.person("Guest"));
    ann.enters("tea");
    guest.opens("/");
    guest.textbox("Room name").appears();
    guest.find(Role::Checkbox, "List this room").disappears();
    guest.find(Role::List, "Open rooms").disappears();
}
