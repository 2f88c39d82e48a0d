//! Getting a relayed address.

use turn::{
    AllocationId, Command,
    wire::{
        Class, Encoder, Method, TransactionId,
        attribute::{
            DONT_FRAGMENT, EVEN_PORT, LIFETIME, REALM, REQUESTED_ADDRESS_FAMILY, RESERVATION_TOKEN,
            UNKNOWN_ATTRIBUTES, XOR_MAPPED_ADDRESS,
        },
    },
};

use super::world::*;

#[test]
fn a_stranger_is_told_how_to_ask_and_then_gets_an_address() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");

    let challenge = alice.knock(&mut world);
    assert_eq!(challenge.error(), Some(401));
    assert_eq!(challenge.text(REALM), REALM_NAME);
    assert!(!challenge.message().has_integrity());
    assert!(world.bound.is_empty(), "nothing is kept for strangers");

    let reply = alice.ask(&mut world, Method::Allocate, |it| transport(it, 17));
    assert_eq!(reply.relayed(), address("203.0.113.1:50000"));
    assert_eq!(reply.lifetime(), 600);
    let message = reply.message();
    assert_eq!(
        message.address(XOR_MAPPED_ADDRESS),
        Some(alice.client.address)
    );
    assert!(message.is_signed_with(&alice.key()) && message.has_fingerprint());
    assert_eq!(world.relay.counters().allocations_made, 1);
    assert_eq!(world.relay.counters().allocations_now, 1);
}

#[test]
fn binding_needs_no_credentials() {
    let mut world = World::new();
    let mut alice = Caller::new("[2001:db8::7]:4000", "alice");
    let request = alice.begin(Method::Binding).finish(None, false);
    let reply = world.ask(alice.client, &request).unwrap();
    assert_eq!(
        reply.message().address(XOR_MAPPED_ADDRESS),
        Some(alice.client.address)
    );
    assert!(
        !reply.message().has_fingerprint(),
        "none was in the request"
    );
    assert_eq!(reply.0.len(), 44);

    // A socket for both families shows IPv4 so.
    let mut mapped = Caller::new("[::ffff:198.51.100.7]:4000", "alice");
    let request = mapped.begin(Method::Binding).finish(None, true);
    let reply = world.ask(mapped.client, &request).unwrap();
    let expected = address("198.51.100.7:4000");
    assert_eq!(reply.message().address(XOR_MAPPED_ADDRESS), Some(expected));
    assert!(reply.message().has_fingerprint());
}

#[test]
fn a_repeated_request_gets_the_same_answer_and_another_one_a_mismatch() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let request = transport(alice.begin(Method::Allocate), 17);
    let request = alice.sign(request);
    let first = world.ask(alice.client, &request).unwrap();
    let second = world.ask(alice.client, &request).unwrap();
    assert_eq!(first.0, second.0);
    assert_eq!(world.bound.len(), 1);

    assert_eq!(alice.try_allocate(&mut world).error(), Some(437));
    assert_eq!(world.bound.len(), 1);
}

#[test]
fn what_cannot_be_had_is_refused() {
    let cases: [(&str, u16, u16, &[u8]); 9] = [
        ("TCP", 442, 0x0019, &[6, 0, 0, 0]),
        ("a broken transport", 400, 0x0019, &[17]),
        (
            "another family",
            440,
            REQUESTED_ADDRESS_FAMILY,
            &[3, 0, 0, 0],
        ),
        ("a broken family", 400, REQUESTED_ADDRESS_FAMILY, &[1]),
        ("two ports", 508, EVEN_PORT, &[0x80]),
        ("a broken wish for an even port", 400, EVEN_PORT, &[]),
        ("a port set aside", 508, RESERVATION_TOKEN, &[1; 8]),
        ("a broken lifetime", 400, LIFETIME, &[1]),
        ("something unknown", 420, 0x0003, &[0; 4]),
    ];
    for (what, code, kind, value) in cases {
        let mut world = World::new();
        let mut alice = Caller::new("198.51.100.7:4000", "alice");
        alice.knock(&mut world);
        // The first of two counts.
        let reply = alice.ask(&mut world, Method::Allocate, |it| {
            transport(it.attribute(kind, value), 17)
        });
        assert_eq!(reply.error(), Some(code), "{what}");
        assert!(reply.message().is_signed_with(&alice.key()), "{what}");
        assert!(world.bound.is_empty(), "{what}");
        if code == 420 {
            assert_eq!(
                reply.message().find(UNKNOWN_ATTRIBUTES),
                Some([0, 3].as_slice())
            );
        }
    }
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let reply = alice.ask(&mut world, Method::Allocate, |it| it);
    assert_eq!(reply.error(), Some(400), "no transport");
}

#[test]
fn what_may_be_passed_over_is() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let reply = alice.ask(&mut world, Method::Allocate, |it| {
        transport(it, 17)
            .attribute(DONT_FRAGMENT, &[])
            .attribute(EVEN_PORT, &[0])
            .attribute(0x8000, &[2, 0, 0, 0])
            .attribute(0x8022, b"a browser")
    });
    assert_eq!(reply.relayed(), address("203.0.113.1:50000"));
}

#[test]
fn a_family_without_an_address_is_refused() {
    let v6 = |it: Encoder| transport(it, 17).attribute(REQUESTED_ADDRESS_FAMILY, &[2, 0, 0, 0]);
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let reply = alice.ask(&mut world, Method::Allocate, v6);
    assert_eq!(reply.relayed(), address("[2001:db8::1]:50000"));

    let mut world = World::with(|config| config.advertised_v6 = None);
    alice.knock(&mut world);
    let reply = alice.ask(&mut world, Method::Allocate, v6);
    assert_eq!(reply.error(), Some(440));
}

#[test]
fn without_a_port_there_is_no_allocation() {
    let mut world = World::new();
    world.next_port = None;
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    let reply = alice.try_allocate(&mut world);
    assert_eq!(reply.error(), Some(508));
    assert!(reply.message().is_signed_with(&alice.key()));
    assert_eq!(world.relay.deadline(), None);
    assert_eq!(world.relay.counters().allocations_now, 0);
    assert_eq!(world.relay.counters().refused_capacity, 1);

    world.next_port = Some(50_000);
    alice.allocate(&mut world);
}

#[test]
fn a_socket_that_is_bound_too_late_is_closed_again() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice").by_tcp();
    alice.knock(&mut world);
    let request = transport(alice.begin(Method::Allocate), 17);
    let request = alice.sign(request);
    let mut commands = Vec::new();
    world
        .relay
        .client_says(alice.client, &request, world.now, &mut commands);
    let [Command::Bind { allocation, .. }] = *commands.as_slice() else {
        panic!("{commands:?}")
    };
    world.relay.client_gone(alice.client, &mut Vec::new());
    commands.clear();
    world
        .relay
        .bound(allocation, Some(50_000), world.now, &mut commands);
    assert_eq!(commands, [Command::Unbind { allocation }]);
    assert_eq!(world.relay.counters().allocations_now, 0);
}

#[test]
fn what_is_no_request_is_never_answered() {
    let mut world = World::new();
    let alice = client("198.51.100.7:4000");
    let id = TransactionId([1; 12]);
    let messages = [
        Encoder::new(Class::Indication, Method::Binding, id).finish(None, true),
        Encoder::new(Class::Indication, Method::Allocate, id).finish(None, true),
        Encoder::new(Class::Success, Method::Binding, id).finish(None, true),
        Encoder::new(Class::Error, Method::Allocate, id).finish(None, true),
        Encoder::new(Class::Request, Method::Other(0xABC), id).finish(None, true),
        Encoder::new(Class::Request, Method::Data, id).finish(None, true),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        vec![],
        vec![0; 20],
        vec![0x40],
    ];
    for message in messages {
        assert!(world.ask(alice, &message).is_none(), "{message:?}");
    }
    assert_eq!(world.relay.counters().malformed, 9);
    assert!(world.hung_up.is_empty());
}

#[test]
fn a_request_with_broken_attributes_is_told_so() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    let mut request = transport(alice.begin(Method::Allocate), 17).finish(None, false);
    request[23] = 200;
    let reply = world.ask(alice.client, &request).unwrap();
    assert_eq!(reply.error(), Some(400));
    assert!(!reply.message().has_integrity());
}

#[test]
fn a_stream_that_is_no_stun_is_hung_up_on() {
    let mut world = World::new();
    let alice = Caller::new("198.51.100.7:4000", "alice").by_tcp();
    assert!(world.ask(alice.client, &[0x16, 3, 1, 2, 0]).is_none());
    assert_eq!(world.hung_up, [alice.client]);
}

#[test]
fn ids_are_never_given_twice() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    for _ in 0..3 {
        alice.allocate(&mut world);
        alice.refresh(&mut world, 0);
    }
    assert_eq!(world.bound, [1, 2, 3].map(AllocationId));
    assert_eq!(world.unbound, world.bound);
}
