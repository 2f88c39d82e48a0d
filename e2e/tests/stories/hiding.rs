//! Hiding one's address: what the other side is told of it, over a real TURN server, and what is said where there is
//! none.

use e2e::{Key, Listens, Locator, Person, Relay, Role, Setup, stage};
use shared::room::IceServer;

use crate::see_each_other;

fn choice(person: &Person) -> Locator<'_> {
    person.find(Role::Checkbox, "Hide my address")
}

/// That relay by UDP and by TCP, as a host would name it.
fn by_both_ways(relay: &Relay) -> Vec<IceServer> {
    let ways = ["?transport=udp", "?transport=tcp"].map(|way| relay.turn(way));
    [relay.stun()].into_iter().chain(ways).collect()
}

/// All candidates that the server has passed on to that page, those within descriptions too.
#[track_caller]
fn candidates_told_to(person: &Person) -> Vec<String> {
    person
        .evaluate(
            r#"tap.sockets.flatMap(({ received }) => received)
                .flatMap((text) => text.match(/candidate:[^"\\]+/g) ?? [])"#,
        )
        .expect("the tap answers")
}

/// The addresses in the other lines of the descriptions that the server has passed on to that page.
#[track_caller]
fn addresses_told_to(person: &Person) -> Vec<String> {
    person
        .evaluate(
            r#"tap.sockets.flatMap(({ received }) => received)
                .flatMap((text) => [...text.matchAll(/IN IP[46] ([^"\\ ]+)/g)].map(([, address]) => address))"#,
        )
        .expect("the tap answers")
}

/// That nothing of what the page has been told is another's own address.
#[track_caller]
fn is_told_of_a_relay_alone(person: &Person) {
    let candidates = candidates_told_to(person);
    assert!(!candidates.is_empty(), "the tap hears them");
    for candidate in candidates {
        assert!(candidate.contains(" typ relay "), "{candidate}");
        assert!(candidate.contains(" raddr 0.0.0.0 "), "{candidate}");
    }
    let addresses = addresses_told_to(person);
    assert!(!addresses.is_empty(), "the tap hears them");
    for address in addresses {
        assert_eq!(address, "0.0.0.0");
    }
    // Nor has anything come to its browser from elsewhere, which would be a candidate of the peer's, too.
    person.until_true(
        "Promise.all(
            tap.connections
                .filter(({ connectionState }) => connectionState === 'connected')
                .map(async (connection) => [...(await connection.getStats()).values()]),
        ).then((reports) => {
            const remote = reports.flat().filter(({ type }) => type === 'remote-candidate');
            return remote.length > 0 && remote.every(({ candidateType }) => candidateType === 'relay');
        })",
    );
}

/// Opens the panel, which says so of the two.
#[track_caller]
fn reads_in_the_panel(person: &Person, other: &str, words: &str) {
    let indicator = format!("{other}: ");
    person
        .tile(other)
        .find_beginning_with(Role::Button, &indicator)
        .click();
    person.find(Role::Region, "Connections").says(words);
}

#[test]
fn the_other_side_sees_nothing_but_the_relay() {
    let relay = Relay::start(Listens::UdpAndTcp);
    let stage = stage!(|config| config.ice_servers = by_both_ways(&relay));
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.opens_room("tea");
    assert_eq!(choice(&ann).checked(), Ok(false), "it is a choice");
    choice(&ann).click();
    ann.joins();
    bob.enters("tea");
    see_each_other(&ann, &bob);
    is_told_of_a_relay_alone(&bob);
    reads_in_the_panel(&bob, "Ann", "relayed");
    // Bob hides nothing, which shows that the test would see it.
    let told = candidates_told_to(&ann).join("\n");
    assert!(told.contains(" typ host"), "{told}");

    // The other way about, and after a reload: the choice is remembered.
    ann.reloads();
    ann.button("Join now").appears();
    assert_eq!(choice(&ann).checked(), Ok(true));
    ann.joins();
    see_each_other(&ann, &bob);
    is_told_of_a_relay_alone(&bob);
    reads_in_the_panel(&ann, "Bob", "relayed");
}

#[test]
fn where_udp_is_closed_the_relay_is_reached_over_tcp() {
    let relay = Relay::start(Listens::TcpOnly);
    let stage = stage!(|config| config.ice_servers = by_both_ways(&relay));
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.opens_room("tea");
    choice(&ann).click();
    ann.joins();
    bob.enters("tea");
    see_each_other(&ann, &bob);
    is_told_of_a_relay_alone(&bob);
    reads_in_the_panel(&ann, "Bob", "relayed over TCP");
}

#[test]
fn where_there_is_no_relay_nobody_comes_in_unhidden_unasked() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    bob.enters("tea");
    ann.opens_room("tea");
    choice(&ann).click();
    ann.reads("This server has no relay");
    ann.asks_to_join();
    ann.reads("Turn “Hide my address” off to come in");
    ann.find(Role::Toolbar, "Call controls").disappears();
    bob.counts(1);
    assert_eq!(candidates_told_to(&bob), [""; 0]);

    choice(&ann).click();
    ann.reads_no_more("This server has no relay");
    ann.reads_no_more("to come in");
    ann.joins();
    see_each_other(&ann, &bob);
}

#[test]
fn strangers_see_nothing_of_each_other_but_the_relay() {
    let relay = Relay::start(Listens::UdpAndTcp);
    let stage = stage!(|config| config.ice_servers = by_both_ways(&relay));
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    for person in [&ann, &bob] {
        person.opens("/-/meet");
        person.textbox("Your name").fill(person.name());
        person.reads("sees only the address of the server’s relay");
        assert_eq!(choice(person).checked(), Ok(true));
        person.button("Video").click();
    }
    see_each_other(&ann, &bob);
    is_told_of_a_relay_alone(&ann);
    is_told_of_a_relay_alone(&bob);
}

#[test]
fn it_is_chosen_by_keyboard_and_fits_on_a_phone() {
    let stage = stage!();
    let phone = stage.person_with("Ann", Setup::default().phone(360, 740));
    let fits = || {
        phone.until_true(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth",
        );
    };
    phone.opens_room("tea");
    fits();
    phone.tabs_to(&choice(&phone));
    phone.press(Key::Space);
    assert_eq!(choice(&phone).checked(), Ok(true));
    phone.asks_to_join();
    phone.reads("Turn “Hide my address” off to come in");
    fits();
}
