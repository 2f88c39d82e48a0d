//! Who may send to an allocation.

use core::net::Ipv4Addr;

use turn::{Limits, Network, wire::Method};

use super::world::*;

fn alice_in(world: &mut World) -> Caller {
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(world);
    alice
}

#[test]
fn only_those_who_may_are_heard_whatever_their_port() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    assert!(world.peer_sends(PEER, b"hello").is_none());
    assert_eq!(alice.permit(&mut world, &[PEER, "8.8.4.4:1"]).error(), None);
    for peer in [PEER, "9.9.9.9:1", "8.8.4.4:65535"] {
        assert!(world.peer_sends(peer, b"hello").is_some(), "{peer}");
    }
    assert!(world.peer_sends("9.9.9.8:5000", b"hello").is_none());
    assert_eq!(world.relay.counters().dropped_without_permission, 2);
}

#[test]
fn a_permission_lasts_five_minutes() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    alice.permit(&mut world, &[PEER]);
    world.later(299);
    assert!(world.peer_sends(PEER, b"hello").is_some());
    alice.permit(&mut world, &[PEER]);
    world.later(299);
    assert!(world.peer_sends(PEER, b"hello").is_some());
    assert!(
        world
            .hear(alice.client, &send_indication(PEER, b"hello"))
            .is_some()
    );
    world.later(1);
    assert!(world.peer_sends(PEER, b"hello").is_none());
    assert!(
        world
            .hear(alice.client, &send_indication(PEER, b"hello"))
            .is_none()
    );
}

#[test]
fn what_is_sent_makes_no_permission_and_needs_one() {
    let mut world = World::new();
    let alice = alice_in(&mut world);
    assert!(
        world
            .hear(alice.client, &send_indication(PEER, b"hello"))
            .is_none()
    );
    assert!(world.peer_sends(PEER, b"hello").is_none());
}

#[test]
fn peers_are_of_the_allocations_family() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    let v6 = "[2606:4700::1111]:5000";
    assert_eq!(alice.permit(&mut world, &[v6]).error(), Some(443));
    assert_eq!(alice.permit(&mut world, &[PEER, v6]).error(), Some(443));
    assert!(world.peer_sends(PEER, b"hello").is_none(), "all or none");
    assert_eq!(
        alice.bind_channel(&mut world, 0x4000, v6).error(),
        Some(443)
    );
    assert!(
        world
            .hear(alice.client, &send_indication(v6, b"hello"))
            .is_none()
    );
}

#[test]
fn a_permission_for_nobody_is_a_mistake() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    let reply = alice.ask(&mut world, Method::CreatePermission, |it| it);
    assert_eq!(reply.error(), Some(400));
    let reply = alice.ask(&mut world, Method::CreatePermission, |it| {
        it.attribute(0x0012, &[0, 9, 0, 0, 1, 2, 3, 4])
    });
    assert_eq!(reply.error(), Some(400));
}

#[test]
fn what_is_inside_is_not_lent_to_those_outside() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    for peer in [
        "10.0.0.1:80",
        "127.0.0.1:22",
        "169.254.169.254:80",
        "100.64.0.1:1",
    ] {
        assert_eq!(
            alice.permit(&mut world, &[peer]).error(),
            Some(403),
            "{peer}"
        );
        let reply = alice.bind_channel(&mut world, 0x4000, peer);
        assert_eq!(reply.error(), Some(403), "{peer}");
    }
    assert_eq!(world.relay.counters().refused_forbidden, 8);
}

#[test]
fn where_it_is_allowed_private_peers_are_relayed_to_but_never_metadata() {
    let mut world = World::with(|config| config.allow_private = true);
    let mut alice = alice_in(&mut world);
    for peer in ["10.0.0.1:80", "192.168.1.1:1"] {
        assert_eq!(alice.permit(&mut world, &[peer]).error(), None, "{peer}");
    }
    for peer in [
        "127.0.0.1:22",
        "169.254.169.254:80",
        "100.100.100.200:80",
        "224.0.0.1:1",
        "0.0.0.0:1",
    ] {
        assert_eq!(
            alice.permit(&mut world, &[peer]).error(),
            Some(403),
            "{peer}"
        );
    }
}

#[test]
fn a_relay_for_this_machine_alone_relays_to_it() {
    for (allowed, error) in [(true, None), (false, Some(403))] {
        let mut world = World::with(|config| {
            config.allow_private = allowed;
            config.advertised_v4 = Some(Ipv4Addr::LOCALHOST);
        });
        let mut alice = alice_in(&mut world);
        let reply = alice.permit(&mut world, &["127.0.0.2:22"]);
        assert_eq!(reply.error(), error);
    }
}

#[test]
fn this_machine_and_its_neighbours_are_inside_whatever_their_addresses() {
    let tell = |world: &mut World| {
        let mask = Some(address("255.255.255.0:0").ip());
        let networks =
            ["9.9.9.9:0", "203.0.113.1:0"].map(|own| Network::of(address(own).ip(), mask));
        world.relay.set_networks(networks.into());
    };
    let (own, neighbour, relay) = ("9.9.9.9:53", "9.9.9.10:53", "203.0.113.1:3478");
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    assert_eq!(alice.permit(&mut world, &[own]).error(), None);
    tell(&mut world);
    for peer in [own, neighbour] {
        assert_eq!(alice.permit(&mut world, &[peer]).error(), Some(403));
        let reply = alice.bind_channel(&mut world, 0x4000, peer);
        assert_eq!(reply.error(), Some(403));
    }
    assert_eq!(alice.permit(&mut world, &["9.9.8.9:53"]).error(), None);
    // At the relay's own address are those who are relayed, and nobody else.
    assert_eq!(alice.permit(&mut world, &[relay]).error(), None);
    let to_itself = send_indication(relay, b"hello");
    assert!(world.hear(alice.client, &to_itself).is_none());
    assert_eq!(world.relay.counters().dropped_to_nobody, 1);

    let mut world = World::with(|config| config.allow_private = true);
    let mut alice = alice_in(&mut world);
    tell(&mut world);
    let reply = alice.permit(&mut world, &[own, neighbour]);
    assert_eq!(reply.error(), None);
}

#[test]
fn permissions_are_counted_and_those_that_have_run_out_make_room() {
    let mut world = World::limited(Limits {
        permissions_per_allocation: 2,
        ..Limits::default()
    });
    let mut alice = alice_in(&mut world);
    let three = ["9.9.9.1:1", "9.9.9.2:1", "9.9.9.3:1"];
    assert_eq!(alice.permit(&mut world, &three).error(), Some(508));
    assert!(
        world.peer_sends("9.9.9.1:1", b"hello").is_none(),
        "all or none"
    );
    let same = ["9.9.9.1:1", "9.9.9.1:2", "9.9.9.2:1", "9.9.9.1:1"];
    assert_eq!(alice.permit(&mut world, &same).error(), None);
    assert_eq!(alice.permit(&mut world, &same).error(), None, "renewed");
    assert_eq!(alice.permit(&mut world, &["9.9.9.3:1"]).error(), Some(508));
    assert_eq!(
        alice.bind_channel(&mut world, 0x4000, "9.9.9.3:1").error(),
        Some(508),
        "a channel makes a permission"
    );
    world.later(300);
    assert_eq!(alice.permit(&mut world, &["9.9.9.3:1"]).error(), None);
}
