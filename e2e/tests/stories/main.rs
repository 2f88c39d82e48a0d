//! What people do with Moim, told as stories and played by real Chromiums against the real server, one file for each
//! subject. How a browser is driven is left to the harness (`e2e/src`).

mod adapting;
mod admin;
mod call;
mod chat;
mod check;
mod coming_and_going;
mod connections;
mod devices;
mod healing;
mod hiding;
mod hostile;
mod keyboard;
mod meeting;
mod names;
mod obstacles;
mod outage;
mod phone;
mod privacy;
mod room_list;
mod room_rules;
mod screen;
mod tutorials;

use e2e::{Person, Stage};

/// Two people in one room, who see each other.
#[track_caller]
fn two_in(stage: &Stage, room: &str) -> (Person, Person) {
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.enters(room);
    bob.enters(room);
    see_each_other(&ann, &bob);
    (ann, bob)
}

#[track_caller]
fn see_each_other(one: &Person, other: &Person) {
    one.tile(other.name()).frames_advance();
    other.tile(one.name()).frames_advance();
}
