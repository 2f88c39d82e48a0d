//! The same call between Chromium and Firefox, told as stories, one file for each thing that the two have to agree on. What
//! people do besides is told in `tests/stories`, with Chromium alone.

mod call;
mod camera;
mod harness;
mod laboratory;
mod relay;
mod restart;
mod screen;

use e2e::{Engine, Person, Setup, Stage};

/// Ann and Bob, who comes second, in one room by different browsers; they see each other.
#[track_caller]
fn two_in(stage: &Stage, room: &str, first: Engine) -> (Person, Person) {
    let (ann, bob) = two_at_the_door(stage, room, first);
    ann.joins();
    bob.joins();
    see_each_other(&ann, &bob);
    (ann, bob)
}

/// The same, before they join.
#[track_caller]
fn two_at_the_door(stage: &Stage, room: &str, first: Engine) -> (Person, Person) {
    let second = match first {
        Engine::Chromium => Engine::Firefox,
        Engine::Firefox => Engine::Chromium,
    };
    let setup = |engine| {
        let setup = Setup::default().engine(engine);
        match engine {
            Engine::Chromium => setup.cameras(3),
            // It has but one.
            Engine::Firefox => setup,
        }
    };
    let person = |name, engine| stage.person_with(name, setup(engine));
    let (ann, bob) = (person("Ann", first), person("Bob", second));
    for person in [&ann, &bob] {
        person.opens_room(room);
    }
    (ann, bob)
}

/// Of those two, the first of whom has that browser: who has Chromium, and who has Firefox.
fn by_engine(first: Engine, [ann, bob]: [&Person; 2]) -> (&Person, &Person) {
    match first {
        Engine::Chromium => (ann, bob),
        Engine::Firefox => (bob, ann),
    }
}

#[track_caller]
fn see_each_other(one: &Person, other: &Person) {
    one.tile(other.name()).frames_advance();
    other.tile(one.name()).frames_advance();
}

/// Neither page has found anything wrong with its browser.
#[track_caller]
fn complain_of_nothing(people: [&Person; 2]) {
    for person in people {
        let complaints: Vec<String> = (person.console().into_iter())
            .filter(|line| !line.starts_with("info ") && !line.starts_with("log "))
            .collect();
        assert_eq!(complaints, [""; 0], "{}'s console", person.name());
    }
}
