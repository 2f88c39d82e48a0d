//! Names of rooms and people: any script, spelled one way or another, twins, and what is refused.

use e2e::{Role, stage};

use crate::see_each_other;

#[test]
fn a_korean_room_is_the_same_by_link_by_form_and_in_either_spelling() {
    let stage = stage!();
    let (ann, bob, kim) = (
        stage.person("Ann"),
        stage.person("Bob"),
        stage.person("김한별"),
    );
    ann.opens("/한글방");
    ann.heading("한글방").appears();
    ann.joins();

    bob.opens("/");
    bob.textbox("Room name").fill("한글방");
    bob.textbox("Your name").fill("Bob");
    bob.button("Join").click();
    bob.heading("한글방").appears();
    bob.button("Join now").click();
    bob.is_in_the_call();
    see_each_other(&ann, &bob);

    // As macOS writes it in file names: each syllable as its letters (NFD).
    kim.enters("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}\u{1107}\u{1161}\u{11bc}");
    see_each_other(&ann, &kim);
    see_each_other(&bob, &kim);
    for person in [&ann, &bob, &kim] {
        person.counts(3);
        person.reads("한글방");
    }
}

#[test]
fn capitals_make_no_other_room_and_the_openers_spelling_is_shown() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.enters("Book Club");
    bob.enters("book club");
    see_each_other(&ann, &bob);
    bob.reads("Book Club");
}

#[test]
fn twins_in_name_are_told_apart() {
    let stage = stage!();
    let (first, second) = (stage.person("Kim"), stage.person("Kim"));
    let watcher = stage.person("Ann");
    watcher.enters("tea");
    first.enters("tea");
    watcher.tile("Kim").frames_advance();
    second.opens_room("tea");
    second.asks_to_join();
    watcher.tile("Kim").frames_advance();
    watcher.tile("Kim (2)").frames_advance();
    watcher.counts(3);
}

#[test]
fn names_that_cannot_be_are_refused_with_a_sentence() {
    let stage = stage!();
    let ann = stage.person("Ann");
    ann.opens("/");
    ann.textbox("Your name").fill("Ann");
    for (name, sentence) in [
        ("", "Please give the room a name"),
        ("a/b", "cannot contain “/”"),
        ("socket.io", "This site needs that name for itself"),
        ("in\u{200B}visible", "U+200B"),
    ] {
        ann.textbox("Room name").fill(name);
        ann.button("Join").click();
        ann.reads(sentence);
        ann.button("Join now").disappears();
    }
    ann.opens_room("tea");
    ann.textbox("Your name").fill("  ");
    ann.button("Join now").click();
    ann.reads("Please type the name that the others will see");
    ann.find(Role::Toolbar, "Call controls").disappears();
}

#[test]
fn an_address_that_is_no_room_says_so() {
    let stage = stage!();
    let ann = stage.person("Ann");
    ann.opens("/tea/and/cake");
    ann.heading("There is no room here").appears();
    ann.find(Role::Link, "Back to start").click();
    ann.textbox("Room name").appears();
}
