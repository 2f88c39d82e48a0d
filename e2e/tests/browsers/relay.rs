//! Hiding one's address from the other browser, over the server's own relay.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use backend::config::{TurnMode, TurnOptions};
use e2e::{Engine, Person, Role, stage};

use crate::{complain_of_nothing, see_each_other, two_at_the_door};

#[test]
fn chromium_hides_its_address_from_firefox_which_comes_second() {
    the_one_with(Engine::Chromium, Engine::Chromium);
}

#[test]
fn chromium_hides_its_address_from_firefox_which_came_first() {
    the_one_with(Engine::Chromium, Engine::Firefox);
}

#[test]
fn firefox_hides_its_address_from_chromium_which_comes_second() {
    the_one_with(Engine::Firefox, Engine::Firefox);
}

#[test]
fn firefox_hides_its_address_from_chromium_which_came_first() {
    the_one_with(Engine::Firefox, Engine::Chromium);
}

/// The one with that browser hides, be they the first or the second.
#[track_caller]
fn the_one_with(hiding: Engine, first: Engine) {
    let stage = stage!(|config| config.turn = built_in_relay());
    let (ann, bob) = two_at_the_door(&stage, "tea", first);
    let (hidden, other) = match hiding == first {
        true => (&ann, &bob),
        false => (&bob, &ann),
    };
    hidden.find(Role::Checkbox, "Hide my address").click();
    ann.joins();
    bob.joins();
    see_each_other(&ann, &bob);
    for person in [&ann, &bob] {
        person.receives_from(1);
        person.hears(1);
    }
    for candidate in candidates_told_to(other) {
        assert!(candidate.contains(" typ relay "), "{candidate}");
        assert!(candidate.contains(" raddr 0.0.0.0 "), "{candidate}");
    }
    // The other one hides nothing, which shows that the test would see it.
    let told = candidates_told_to(hidden).join("\n");
    assert!(told.contains(" typ host"), "{told}");
    assert_eq!(ends_of_the_way(hidden)[0], "relay");
    assert_eq!(ends_of_the_way(other)[1], "relay");
    for (person, of) in [(hidden, other), (other, hidden)] {
        let indicator = format!("{}: ", of.name());
        person
            .tile(of.name())
            .find_beginning_with(Role::Button, &indicator)
            .click();
        person.find(Role::Region, "Connections").says("relayed");
    }
    complain_of_nothing([&ann, &bob]);
}

/// It listens wherever there is a free port, and relays to loopback, where the browsers are.
fn built_in_relay() -> TurnOptions {
    let port = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|socket| socket.local_addr())
        .expect("a port is free")
        .port();
    TurnOptions {
        mode: Some(TurnMode::On),
        port,
        addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
        ..TurnOptions::default()
    }
}

/// All candidates that the server has passed on to that page, those within descriptions too.
#[track_caller]
fn candidates_told_to(person: &Person) -> Vec<String> {
    let told: Vec<String> = person
        .evaluate(
            r#"tap.sockets.flatMap(({ received }) => received)
                .flatMap((text) => text.match(/candidate:[^"\\]+/g) ?? [])"#,
        )
        .expect("the tap answers");
    assert!(!told.is_empty(), "the tap hears them");
    told
}

/// The types of the local and of the remote candidate that the one connection goes by.
#[track_caller]
fn ends_of_the_way(person: &Person) -> [String; 2] {
    person
        .evaluate(
            "(async () => {
                const connection = tap.connections.find((one) => one.connectionState === 'connected');
                const report = await connection.getStats();
                const transport = [...report.values()].find(({ type }) => type === 'transport');
                const pair = report.get(transport.selectedCandidatePairId);
                return [pair.localCandidateId, pair.remoteCandidateId].map((id) => report.get(id).candidateType);
            })()",
        )
        .expect("there is a connection")
}
