//! The network is another one, and the browser says so while the old path still stands. Firefox restarts ICE, on the connection
//! that there is; Chromium, which loses Firefox's sound and picture by that (`call/src/engine.rs`), puts another in its place.

use e2e::{Engine, Person, stage, until};

use crate::{by_engine, complain_of_nothing, see_each_other, two_in};

/// The longest that a picture may stand still, in ms.
const NOTICEABLE: f64 = 1000.0;

#[test]
fn ice_is_restarted_in_a_call_of_chromium_and_then_firefox() {
    either_finds_another_network(Engine::Chromium);
}

#[test]
fn ice_is_restarted_in_a_call_of_firefox_and_then_chromium() {
    either_finds_another_network(Engine::Firefox);
}

#[track_caller]
fn either_finds_another_network(first: Engine) {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea", first);
    let people = [&ann, &bob];
    let (chromium, firefox) = by_engine(first, people);
    let made = people.map(Person::connections_made);
    ann.follows("Bob");
    bob.follows("Ann");

    for _ in 0..2 {
        has_new_credentials_after(people, || finds_another_network(firefox));
        assert_eq!(people.map(Person::connections_made), made);
    }
    has_new_credentials_after(people, || finds_another_network(chromium));
    assert_eq!(
        people.map(Person::connections_made),
        made.map(|made| made + 1)
    );
    has_new_credentials_after(people, || finds_another_network(firefox));

    for (person, other) in [(&ann, &bob), (&bob, &ann)] {
        let gap = person.timeline(other.name()).longest_gap();
        println!("{} missed {} for {gap:.0} ms", person.name(), other.name());
        assert!(gap < NOTICEABLE, "the picture stood still for {gap} ms");
    }
    complain_of_nothing(people);
}

/// What browsers say when the network is another: nothing that stands on the old one is to be trusted.
#[track_caller]
fn finds_another_network(person: &Person) {
    person
        .evaluate::<bool>("dispatchEvent(new Event('online'))")
        .expect("the page hears it");
}

/// Both have new credentials after that, and see and hear each other by them.
#[track_caller]
fn has_new_credentials_after(people: [&Person; 2], happens: impl FnOnce()) {
    let before = people.map(credentials);
    happens();
    for (person, before) in people.into_iter().zip(before) {
        until(
            &format!("{} to have new credentials", person.name()),
            || {
                let now = credentials(person);
                let is_new = |now: &Vec<String>| {
                    now.len() == 2 && before.iter().all(|one| !now.contains(one))
                };
                if is_new(&now) {
                    Ok(())
                } else {
                    Err(format!("they are {now:?} after {before:?}"))
                }
            },
        );
    }
    let [one, other] = people;
    see_each_other(one, other);
    for person in people {
        person.receives_from(1);
        person.hears(1);
    }
}

/// The fragments of the user names (RFC 8445 §5.3) of both ends of that page's one connection, as agreed.
#[track_caller]
fn credentials(person: &Person) -> Vec<String> {
    person
        .evaluate(
            "tap.connections.filter((one) => one.connectionState === 'connected').flatMap((one) =>
                [one.currentLocalDescription, one.currentRemoteDescription].flatMap((description) =>
                    [...new Set(description?.sdp.match(/(?<=^a=ice-ufrag:).*$/gm))]))",
        )
        .expect("the tap answers")
}
