//! Meeting someone: strangers who wait for the same are brought together, and go on to the next.

use std::time::Duration;

use e2e::{Person, Role, Setup, Source, stage, within};

use crate::see_each_other;

/// From the welcome page to the choice.
#[track_caller]
fn goes_to_meet(person: &Person) {
    person.opens("/");
    person.textbox("Your name").fill(person.name());
    person.button("Meet someone").click();
    person.heading("Meet someone").appears();
    person.textbox("Your name").holds(person.name());
    // What comes before anyone is looked for.
    person.reads("This server has no relay, so your address cannot be hidden");
}

#[track_caller]
fn looks_for_text(person: &Person) {
    goes_to_meet(person);
    person.button("Text only").click();
}

#[track_caller]
fn waits(person: &Person) {
    person.heading("Looking for someone…").appears();
}

#[track_caller]
fn has_met(person: &Person, other: &str) {
    person.heading(other).appears();
    person.heading("Looking for someone…").disappears();
}

#[track_caller]
fn says(person: &Person, text: &str) {
    person.textbox("Message").fill(text);
    person.button("Send").click();
    person.textbox("Message").holds("");
}

fn log(person: &Person) -> e2e::Locator<'_> {
    person.the(Role::Log)
}

#[test]
fn two_write_to_each_other_without_a_device_or_a_word_to_the_server() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    looks_for_text(&ann);
    waits(&ann);
    looks_for_text(&bob);
    has_met(&ann, "Bob");
    has_met(&bob, "Ann");
    ann.reads("You met Bob. Say hello!");

    says(&ann, "where are you from?");
    log(&bob).says("where are you from?");
    says(&bob, "from the bus 🙂");
    log(&ann).says("from the bus 🙂");
    for person in [&ann, &bob] {
        assert_eq!(person.evaluate("tap.asked.length"), Ok(0), "no device");
        person.button("Mute microphone").disappears();
        let told: String = person
            .evaluate("tap.sockets.flatMap(({ sent, received }) => [...sent, ...received]).join()")
            .expect("the tap answers");
        assert!(told.contains("paired"), "the tap hears: {told}");
        assert!(!told.contains("bus"), "the server was told: {told}");
    }
}

#[test]
fn next_leads_to_somebody_else_and_the_other_is_told() {
    let stage = stage!();
    let (ann, bob, kim) = (
        stage.person("Ann"),
        stage.person("Bob"),
        stage.person("Kim"),
    );
    looks_for_text(&ann);
    looks_for_text(&bob);
    has_met(&ann, "Bob");
    says(&ann, "nice to meet you");
    log(&bob).says("nice to meet you");
    looks_for_text(&kim);
    waits(&kim);

    ann.controls().button("Next").click();
    has_met(&ann, "Kim");
    has_met(&kim, "Ann");
    log(&ann).says_no_more("nice to meet you");
    bob.heading("Ann left").appears();
    log(&bob).says("nice to meet you");
    bob.textbox("Message").disappears();

    bob.controls().button("Next").click();
    waits(&bob);
    kim.controls().button("Leave").click();
    kim.heading("You left").appears();
    ann.heading("Kim left").appears();
    // Only these two are left: they meet again.
    ann.controls().button("Next").click();
    has_met(&ann, "Bob");
    has_met(&bob, "Ann");
    says(&bob, "you again!");
    log(&ann).says("you again!");
}

#[test]
fn two_see_and_hear_each_other() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    goes_to_meet(&ann);
    ann.button("Video").click();
    waits(&ann);
    ann.own_tile().frames_advance();
    goes_to_meet(&bob);
    bob.button("Video").click();
    see_each_other(&ann, &bob);
    ann.receives_from(1);
    bob.hears(1);
    ann.controls().button("Mute microphone").click();
    bob.tile("Ann").says("muted");
    for button in ["People", "Copy invite link"] {
        ann.button(button).disappears();
    }

    // Who goes on is as muted as before, and their camera runs on.
    ann.controls().button("Next").click();
    bob.heading("Ann left").appears();
    waits(&ann);
    ann.own_tile().frames_advance();
    bob.controls().button("Next").click();
    see_each_other(&ann, &bob);
    bob.tile("Ann").says("muted");

    bob.leaves();
    bob.heading("You left").appears();
    bob.lets_go_of(Source::Camera);
    bob.lets_go_of(Source::Microphone);
    ann.heading("Bob left").appears();
    ann.leaves();
    ann.lets_go_of(Source::Camera);
    ann.button("Meet someone").click();
    ann.button("Text only").appears();
}

#[test]
fn whoever_waits_can_think_better_of_it() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    goes_to_meet(&ann);
    ann.button("Video").click();
    waits(&ann);
    ann.button("Cancel").click();
    ann.button("Video").appears();
    ann.lets_go_of(Source::Camera);
    looks_for_text(&bob);
    waits(&bob);

    // Nor does one who has closed the page wait.
    ann.button("Video").click();
    waits(&ann);
    ann.closes_the_tab();
    bob.button("Cancel").click();
    bob.button("Video").click();
    waits(&bob);
    let kim = stage.person("Kim");
    goes_to_meet(&kim);
    kim.button("Video").click();
    see_each_other(&bob, &kim);
}

#[test]
fn a_meeting_and_a_search_outlive_a_crash_of_the_server() {
    let mut stage = stage!();
    let (ann, bob, kim) = (
        stage.person("Ann"),
        stage.person("Bob"),
        stage.person("Kim"),
    );
    looks_for_text(&ann);
    looks_for_text(&bob);
    has_met(&ann, "Bob");
    says(&ann, "hello");
    log(&bob).says("hello");
    looks_for_text(&kim);
    waits(&kim);
    stage.host().crash();
    kim.reads("The server cannot be reached right now");
    says(&bob, "still there?");
    log(&ann).says("still there?");

    stage.host().start_again();
    within(Duration::from_secs(60), || {
        for person in [&ann, &bob] {
            person.reads_no_more("Reconnecting");
        }
        kim.reads_no_more("The server cannot be reached right now");
    });
    says(&ann, "yes");
    log(&bob).says("yes");
    ann.controls().button("Next").click();
    within(Duration::from_secs(30), || has_met(&ann, "Kim"));
    bob.heading("Ann left").appears();
}

#[test]
fn a_name_is_needed() {
    let stage = stage!();
    let ann = stage.person("Ann");
    ann.opens("/-/meet");
    ann.reads("This server has no relay");
    ann.button("Video").click();
    ann.reads("Please type the name");
    ann.textbox("Your name").fill("Ann");
    ann.button("Video").click();
    waits(&ann);
}

#[test]
fn it_fits_on_a_phone() {
    let stage = stage!();
    let phone = stage.person_with("Ann", Setup::default().phone(360, 740));
    let bob = stage.person("Bob");
    let fits = || {
        phone.until_true(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth",
        );
    };
    goes_to_meet(&phone);
    fits();
    phone.button("Video").click();
    waits(&phone);
    fits();
    goes_to_meet(&bob);
    bob.button("Video").click();
    see_each_other(&phone, &bob);
    fits();
    for button in ["Chat", "Devices"] {
        phone.controls().button(button).click();
        phone.find(Role::Region, button).appears();
        fits();
    }
    phone.button("Close panel").click();
    bob.leaves();
    phone.heading("Bob left").appears();
    fits();
    phone.controls().button("Leave").click();
    phone.heading("You left").appears();
    fits();
}
