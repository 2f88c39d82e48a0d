//! On a network that breaks: the path between the two browsers is cut for a while.

use std::time::Duration;

use e2e::{
    Engine, Person, Setup, lab,
    lab::{Lab, Traffic},
    within,
};

use crate::{by_engine, see_each_other};

/// How long the path is cut: both browsers notice, and look for another.
const CUT: Duration = Duration::from_secs(12);

#[test]
fn chromium_and_then_firefox_come_back_after_a_cut() {
    come_back_after_a_cut(Engine::Chromium);
}

#[test]
fn firefox_and_then_chromium_come_back_after_a_cut() {
    come_back_after_a_cut(Engine::Firefox);
}

#[track_caller]
fn come_back_after_a_cut(first: Engine) {
    let lab = lab!();
    let (ann, bob) = two_in(&lab, first);
    let (chromium, firefox) = by_engine(first, [&ann, &bob]);
    ann.follows("Bob");
    bob.follows("Ann");
    for cut_off in [firefox, chromium] {
        let outage = cut_off.line().loses(Traffic::Media);
        ann.tile("Bob").says("reconnecting");
        bob.tile("Ann").says("reconnecting");
        let ended = outage.ends_after(CUT);
        within(Duration::from_secs(60), || {
            for (who, whom) in [(&ann, &bob), (&bob, &ann)] {
                let time = who.sees_again(whom.name(), ended);
                println!(
                    "{} saw {} again after {time:.0} ms",
                    who.name(),
                    whom.name()
                );
                who.reads_no_more("econnecting");
            }
            see_each_other(&ann, &bob);
        });
        for person in [&ann, &bob] {
            person.receives_from(1);
            person.hears(1);
        }
    }
}

/// Ann and Bob, who comes second, by different browsers at the ends of lines of their own.
#[track_caller]
fn two_in(lab: &Lab, first: Engine) -> (Person, Person) {
    let second = match first {
        Engine::Chromium => Engine::Firefox,
        Engine::Firefox => Engine::Chromium,
    };
    let person = |name, engine| lab.person_with(name, Setup::default().engine(engine));
    let (ann, bob) = (person("Ann", first), person("Bob", second));
    for person in [&ann, &bob] {
        person.enters("tea");
    }
    see_each_other(&ann, &bob);
    (ann, bob)
}
