//! How well people are connected is to be seen: in a small picture at each tile, and for every pair in a panel.

use std::time::Duration;

use e2e::{Key, Person, Role, Setup, stage, until, within};

use crate::{see_each_other, two_in};

/// That the name of what has the focus begins so.
#[track_caller]
fn has_focus_on(person: &Person, name: &str) {
    person.until_true(&format!(
        "document.activeElement.getAttribute('aria-label')?.startsWith({name:?})"
    ));
}

#[test]
fn the_tile_says_how_good_the_connection_is_and_opens_the_panel() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.tile("Ann").button("Ann: good connection").appears();
    ann.tile("Bob").button("Bob: good connection").click();
    let panel = ann.find(Role::Region, "Connections");
    panel.says("You and Bob");
    panel.says("good connection");

    // Who has gone is connected with nobody.
    bob.leaves();
    panel.says_no_more("Bob");
    panel.says("Nobody else is here yet");
}

#[test]
fn the_panel_names_every_pair_in_the_room() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let kim = stage.person("Kim");
    kim.enters("tea");
    see_each_other(&ann, &kim);
    see_each_other(&bob, &kim);
    ann.controls().button("People").click();
    let people = ann.find(Role::Region, "People");
    people.find_beginning_with(Role::Button, "Kim: ").appears();
    people.button("Connections").click();
    let panel = ann.find(Role::Region, "Connections");
    for pair in ["You and Bob", "You and Kim", "Bob and Kim"] {
        panel.says(pair);
    }
    // What opened it is gone with the list of people; the focus goes where that can be opened.
    ann.button("Close panel").click();
    has_focus_on(&ann, "People");
}

#[test]
fn the_connections_by_keyboard() {
    let stage = stage!();
    let (ann, _bob) = two_in(&stage, "tea");
    let indicator = ann.tile("Bob").find_beginning_with(Role::Button, "Bob: ");
    ann.tabs_to(&indicator);
    ann.press(Key::Enter);
    let panel = ann.find(Role::Region, "Connections");
    panel.says("You and Bob");
    has_focus_on(&ann, "Close panel");
    ann.until_true("document.querySelector('.pair > details').open");
    ann.press(Key::Tab);
    ann.press(Key::Space);
    ann.until_true("!document.querySelector('.pair > details').open");
    ann.press(Key::Escape);
    panel.disappears();
    has_focus_on(&ann, "Bob: ");
}

#[test]
fn the_connections_fit_on_a_phone() {
    let stage = stage!();
    let phone = stage.person_with("Ann", Setup::default().phone(360, 740));
    let others = ["Bob", "Kim", "Lee"].map(|name| stage.person(name));
    phone.enters("tea");
    for other in &others {
        other.enters("tea");
        phone.tile(other.name()).frames_advance();
    }
    // `click` refuses what is covered or outside the window.
    phone
        .tile("Lee")
        .find_beginning_with(Role::Button, "Lee: ")
        .click();
    phone.find(Role::Region, "Connections").says("You and Lee");
    // Nothing reaches beyond the window.
    phone.until_true(
        "(({ scrollWidth, scrollHeight }) => scrollWidth <= innerWidth && scrollHeight <= innerHeight)\
         (document.documentElement)",
    );
    phone.until_true(
        "[...document.querySelectorAll('.panel *')].every((part) => part.scrollWidth <= part.clientWidth + 1 \
         || getComputedStyle(part).display === 'inline' || part.matches('.heard, svg *, summary::after'))",
    );
    phone.button("Close panel").click();
    // The corner that one presses hides neither name nor face of a small tile.
    let covers: Vec<String> = phone
        .evaluate(
            "[...document.querySelectorAll('.tile')].filter((tile) => {
                const [button, name] = ['.connection', '.caption'].map((part) => tile.querySelector(part));
                if (!button) return false;
                const [a, b] = [button, name].map((part) => part.getBoundingClientRect());
                return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
            }).map((tile) => tile.innerText)",
        )
        .expect("the page answers");
    assert_eq!(covers, [""; 0]);
}

/// The words of the table's row of that label, for each direction.
#[track_caller]
fn figures(person: &Person, pair: &str, label: &str) -> Vec<String> {
    person
        .evaluate(&format!(
            "[...document.querySelectorAll('.pair')]
                .filter((pair) => pair.querySelector('.pair-names').innerText === {pair:?})
                .flatMap((pair) => [...pair.querySelectorAll('tr')])
                .filter((row) => row.querySelector('th[scope=row]')?.textContent === {label:?})
                .flatMap((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))"
        ))
        .expect("the page answers")
}

/// Waits until both directions of the pair say of it what one wants to read.
#[track_caller]
fn shows(person: &Person, pair: &str, label: &str, wanted: fn(&str) -> bool) {
    within(Duration::from_secs(30), || {
        until(&format!("{pair}'s {label} to be right"), || {
            let figures = figures(person, pair, label);
            if !figures.is_empty() && figures.iter().all(|figure| wanted(figure)) {
                Ok(())
            } else {
                Err(format!("it is {figures:?}"))
            }
        });
    });
}

#[test]
fn the_panel_has_the_figures_of_every_pair() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let kim = stage.person("Kim");
    kim.enters("tea");
    see_each_other(&ann, &kim);
    see_each_other(&bob, &kim);
    ann.tile("Bob")
        .find_beginning_with(Role::Button, "Bob: ")
        .click();
    // One's own are measured here and told by the other; those of others are told by both.
    for pair in ["You and Bob", "You and Kim", "Bob and Kim"] {
        shows(&ann, pair, "Sound", |figure| figure == "arrives");
        shows(&ann, pair, "Picture", |figure| figure.contains('×'));
        shows(&ann, pair, "Bitrate", |figure| {
            figure.ends_with("bit/s") && !figure.starts_with("0 ")
        });
        shows(&ann, pair, "Lost", |figure| figure.ends_with('%'));
        shows(&ann, pair, "Round trip", |figure| figure.ends_with(" ms"));
    }
    let panel = ann.find(Role::Region, "Connections");
    panel.says("connection, direct");
    panel.says("Direct: it goes straight from browser to browser.");

    // Whose camera is off sends no picture; that is no fault of the connection.
    bob.press(Key::CtrlE);
    within(Duration::from_secs(30), || {
        until("Bob's picture to be gone", || {
            match figures(&ann, "You and Bob", "Picture").as_slice() {
                [yours, bobs] if yours.contains('×') && bobs == "none" => Ok(()),
                figures => Err(format!("they are {figures:?}")),
            }
        });
    });
}
