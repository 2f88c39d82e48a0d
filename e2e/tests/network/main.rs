//! What becomes of a call when the network breaks, told as stories and played by real Chromiums on a network of their own,
//! one file for each thing that breaks. How it is broken is left to the laboratory (`e2e/src/lab`); what people do while
//! nothing breaks is told in `tests/stories`.

mod asleep;
mod far;
mod moving;
mod nat;
mod path;
mod server;
mod signalling;
mod three;

use std::time::Duration;

use e2e::{
    Person,
    lab::{Lab, Moment},
    within,
};

/// The longest that a picture may stand still, or sound be missing, while the way between two people is whole: in ms.
const NOTICEABLE: f64 = 1000.0;

/// Ann, who is host, and Bob, in one room; they see each other, and what they see is noted from here on.
#[track_caller]
fn two_in(lab: &Lab, room: &str) -> (Person, Person) {
    let (ann, bob) = (lab.person("Ann"), lab.person("Bob"));
    ann.enters(room);
    bob.enters(room);
    see_each_other(&ann, &bob);
    ann.follows("Bob");
    bob.follows("Ann");
    (ann, bob)
}

#[track_caller]
fn see_each_other(one: &Person, other: &Person) {
    one.tile(other.name()).frames_advance();
    other.tile(one.name()).frames_advance();
}

/// Neither has missed the other for a noticeable time since [`two_in`].
#[track_caller]
fn missed_nothing(one: &Person, other: &Person) {
    for (who, whom) in [(one, other), (other, one)] {
        let timeline = who.timeline(whom.name());
        let (gap, silence) = (timeline.longest_gap(), timeline.longest_silence());
        println!(
            "{} missed {} for {gap:.0} ms, their sound for {silence:.0} ms",
            who.name(),
            whom.name()
        );
        assert!(
            gap < NOTICEABLE,
            "{}'s picture stood still for {gap} ms",
            whom.name()
        );
        assert!(
            silence < NOTICEABLE,
            "{}'s sound was missing for {silence} ms",
            whom.name()
        );
    }
}

/// After what parted them ended at that moment, they see and hear each other again and both know it, each the other still
/// being who they were.
#[track_caller]
fn come_back(one: &Person, other: &Person, ended: Moment) {
    within(Duration::from_secs(60), || {
        for (who, whom) in [(one, other), (other, one)] {
            who.sees_again(whom.name(), ended);
        }
        for person in [one, other] {
            person.reads_no_more("econnecting");
        }
        see_each_other(one, other);
    });
    for (who, whom) in [(one, other), (other, one)] {
        who.tile(&format!("{} (2)", whom.name())).disappears();
        let timeline = who.timeline(whom.name());
        let time = timeline.flows_after(ended).expect("pictures come");
        let (gap, silence) = (timeline.longest_gap(), timeline.longest_silence());
        println!(
            "{} saw {} again after {time:.0} ms, having missed them for {gap:.0} ms, their sound for {silence:.0} ms",
            who.name(),
            whom.name()
        );
    }
}
