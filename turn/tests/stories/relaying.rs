//! Data on its way.

use turn::{
    Forward,
    wire::{
        Class, Encoder, Message, Method, TransactionId,
        attribute::{DATA, DONT_FRAGMENT, REQUESTED_ADDRESS_FAMILY, XOR_PEER_ADDRESS},
    },
};

use super::world::*;

#[test]
fn indications_carry_data_both_ways() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    alice.permit(&mut world, &[PEER]);
    let message = send_indication(PEER, b"hello");
    let sent = world.hear(alice.client, &message);
    let expected = Forward::ToPeer {
        allocation: world.bound[0],
        peer: address(PEER),
        data: b"hello",
    };
    assert_eq!(sent, Some(expected));

    let (to, envelope) = world.peer_sends(PEER, b"hello").unwrap();
    assert_eq!(to, alice.client);
    let message = packed(&envelope, b"hello");
    let message = Message::read(&message).unwrap();
    let header = message.header();
    assert_eq!(
        (header.class, header.method),
        (Class::Indication, Method::Data)
    );
    assert_eq!(message.address(XOR_PEER_ADDRESS), Some(address(PEER)));
    assert_eq!(message.find(DATA), Some(b"hello".as_slice()));

    let counters = world.relay.counters();
    assert_eq!((counters.packets_to_peers, counters.bytes_to_peers), (1, 5));
    assert_eq!(
        (counters.packets_to_clients, counters.bytes_to_clients),
        (1, 5)
    );
}

#[test]
fn an_envelope_is_at_most_48_bytes() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    alice.ask(&mut world, Method::Allocate, |it| {
        transport(it, 17).attribute(REQUESTED_ADDRESS_FAMILY, &[2, 0, 0, 0])
    });
    let peer = "[2606:4700::1111]:5000";
    assert_eq!(alice.permit(&mut world, &[peer]).error(), None);
    let (_, envelope) = world.peer_sends(peer, b"hello").unwrap();
    assert_eq!(envelope.head().len(), 48);
    let message = packed(&envelope, b"hello");
    let message = Message::read(&message).unwrap();
    assert_eq!(message.address(XOR_PEER_ADDRESS), Some(address(peer)));
}

#[test]
fn what_is_no_datagram_is_dropped() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    alice.permit(&mut world, &[PEER]);
    let begin = || Encoder::new(Class::Indication, Method::Send, TransactionId([1; 12]));
    let peer = address(PEER);
    let broken = [
        begin().attribute(DATA, b"hello"),
        begin().address(XOR_PEER_ADDRESS, peer),
        begin()
            .attribute(DATA, b"hello")
            .attribute(XOR_PEER_ADDRESS, b"us"),
        begin()
            .address(XOR_PEER_ADDRESS, peer)
            .attribute(DATA, b"hello")
            .attribute(0x7777, b"unknown"),
    ];
    for message in broken {
        assert!(
            world
                .ask(alice.client, &message.finish(None, false))
                .is_none()
        );
    }
    let whole = begin()
        .address(XOR_PEER_ADDRESS, peer)
        .attribute(DONT_FRAGMENT, b"")
        .attribute(DATA, b"")
        .finish(None, true);
    assert!(
        world.hear(alice.client, &whole).is_some(),
        "empty ones are datagrams too"
    );
    assert_eq!(world.relay.counters().malformed, 4);
}

#[test]
fn what_is_too_large_for_a_message_is_dropped() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    alice.permit(&mut world, &[PEER]);
    let data = vec![0; 65_507];
    assert!(world.peer_sends(PEER, &data).is_some());
    assert!(world.peer_sends(PEER, &vec![0; 65_535]).is_none());
    assert_eq!(world.relay.counters().dropped_too_large, 1);
    alice.bind_channel(&mut world, 0x4000, PEER);
    assert!(world.peer_sends(PEER, &vec![0; 65_535]).is_some());
}

#[test]
fn nothing_comes_from_or_to_an_allocation_that_there_is_not() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    alice.permit(&mut world, &[PEER]);
    alice.refresh(&mut world, 0);
    assert!(world.peer_sends(PEER, b"hello").is_none());
    assert!(
        world
            .hear(alice.client, &send_indication(PEER, b"hello"))
            .is_none()
    );
    assert_eq!(world.relay.counters().dropped_unknown, 2);
}

#[test]
fn two_who_are_relayed_here_are_handed_each_others_data() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    let mut bob = Caller::new("198.51.100.8:4000", "bob").by_tcp();
    let from_alice = alice.allocate(&mut world).to_string();
    let from_bob = bob.allocate(&mut world).to_string();

    assert_eq!(
        alice.bind_channel(&mut world, 0x4000, &from_bob).error(),
        None
    );
    let message = over_channel(0x4000, b"hello");
    assert!(
        world.hear(alice.client, &message).is_none(),
        "Bob has not allowed it"
    );

    assert_eq!(bob.permit(&mut world, &[&from_alice]).error(), None);
    let Some(Forward::ToClient {
        client,
        envelope,
        data,
    }) = world.hear(alice.client, &message)
    else {
        panic!("not handed over")
    };
    assert_eq!((client, data), (bob.client, b"hello".as_slice()));
    let message = packed(&envelope, data);
    let message = Message::read(&message).unwrap();
    assert_eq!(
        message.address(XOR_PEER_ADDRESS),
        Some(address(&from_alice))
    );
    assert_eq!(message.find(DATA), Some(b"hello".as_slice()));

    bob.bind_channel(&mut world, 0x4444, &from_alice);
    let message = send_indication(&from_alice, b"hello");
    let Some(Forward::ToClient {
        client, envelope, ..
    }) = world.hear(bob.client, &message)
    else {
        panic!("not handed over")
    };
    assert_eq!(client, alice.client);
    assert_eq!(packed(&envelope, b"hello"), over_channel(0x4000, b"hello"));

    let counters = world.relay.counters();
    assert_eq!(counters.packets_handed_over, 2);
    assert_eq!(counters.packets_to_clients, 2);
    assert_eq!(counters.packets_to_peers, 0);
    assert_eq!(counters.dropped_without_permission, 1);
}

#[test]
fn our_own_address_is_a_peer_even_if_it_is_private_but_only_by_hand() {
    let mut world = World::with(|config| {
        config.advertised_v4 = Some(core::net::Ipv4Addr::LOCALHOST);
    });
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    let mut bob = Caller::new("198.51.100.8:4000", "bob");
    let from_alice = alice.allocate(&mut world).to_string();
    let from_bob = bob.allocate(&mut world).to_string();
    assert_eq!(alice.permit(&mut world, &[&from_bob]).error(), None);
    assert_eq!(
        bob.bind_channel(&mut world, 0x4000, &from_alice).error(),
        None
    );
    let message = send_indication(&from_bob, b"hello");
    assert!(matches!(
        world.hear(alice.client, &message),
        Some(Forward::ToClient { .. })
    ));
    // What listens beside us on this machine.
    for port in ["127.0.0.1:22", "127.0.0.1:3478", "127.0.0.1:50002"] {
        let message = send_indication(port, b"hello");
        assert_eq!(world.hear(alice.client, &message), None, "{port}");
    }
    assert_eq!(world.relay.counters().dropped_to_nobody, 3);
    assert_eq!(
        alice.permit(&mut world, &["127.0.0.2:22"]).error(),
        Some(403)
    );

    bob.refresh(&mut world, 0);
    let message = send_indication(&from_bob, b"hello");
    assert_eq!(world.hear(alice.client, &message), None);
}
