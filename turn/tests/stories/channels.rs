//! Numbers that stand for peers.

use turn::{Forward, Limits, wire::Method};

use super::world::*;

fn alice_in(world: &mut World) -> Caller {
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(world);
    alice
}

#[test]
fn a_channel_carries_data_both_ways_and_is_a_permission() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    assert_eq!(alice.bind_channel(&mut world, 0x4000, PEER).error(), None);

    let message = over_channel(0x4000, b"hello");
    let sent = world.hear(alice.client, &message);
    let expected = Forward::ToPeer {
        allocation: world.bound[0],
        peer: address(PEER),
        data: b"hello",
    };
    assert_eq!(sent, Some(expected));

    let (to, envelope) = world.peer_sends(PEER, b"hello").unwrap();
    assert_eq!(to, alice.client);
    assert_eq!(packed(&envelope, b"hello"), message);

    // From another port of that peer: permitted, but not the channel's.
    let (_, envelope) = world.peer_sends("9.9.9.9:5001", b"hello").unwrap();
    assert_eq!(envelope.head().len(), 36);
}

#[test]
fn in_a_stream_channel_data_is_padded() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice").by_tcp();
    alice.allocate(&mut world);
    alice.bind_channel(&mut world, 0x7FFF, PEER);
    for (size, padding) in [(0, 0), (1, 3), (2, 2), (3, 1), (4, 0)] {
        let data = &b"abcd"[..size];
        let (_, envelope) = world.peer_sends(PEER, data).unwrap();
        assert_eq!(envelope.padding().len(), padding);
        let message = packed(&envelope, data);
        assert_eq!(turn::frame(&message), Ok(Some(message.len())));
        let sent = world.hear(alice.client, &message);
        let Some(Forward::ToPeer { data: arrived, .. }) = sent else {
            panic!("{sent:?}")
        };
        assert_eq!(arrived, data);
    }
}

#[test]
fn numbers_have_their_range() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    for number in [0, 0x3FFF, 0x8000, 0xFFFF] {
        let reply = alice.bind_channel(&mut world, number, PEER);
        assert_eq!(reply.error(), Some(400), "{number:x}");
    }
    // The last two are RFC 5766's alone.
    let peers = [
        (0x4000, PEER),
        (0x4FFF, "9.9.9.9:5001"),
        (0x5000, "9.9.9.9:5002"),
        (0x7FFF, "9.9.9.9:5003"),
    ];
    for (number, peer) in peers {
        let reply = alice.bind_channel(&mut world, number, peer);
        assert_eq!(reply.error(), None, "{number:x}");
        let message = over_channel(number, b"hello");
        assert!(world.hear(alice.client, &message).is_some(), "{number:x}");
    }
    let reply = alice.ask(&mut world, Method::ChannelBind, |it| {
        it.attribute(0x000C, &[0x40, 0, 0, 0])
    });
    assert_eq!(reply.error(), Some(400), "no peer");
}

#[test]
fn a_number_has_one_peer_and_a_peer_one_number() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    let other = "9.9.9.9:5001";
    assert_eq!(alice.bind_channel(&mut world, 0x4000, PEER).error(), None);
    assert_eq!(
        alice.bind_channel(&mut world, 0x4000, other).error(),
        Some(400)
    );
    assert_eq!(
        alice.bind_channel(&mut world, 0x4001, PEER).error(),
        Some(400)
    );
    assert_eq!(alice.bind_channel(&mut world, 0x4001, other).error(), None);
    assert_eq!(
        alice.bind_channel(&mut world, 0x4000, PEER).error(),
        None,
        "renewed"
    );
}

#[test]
fn a_channel_lasts_ten_minutes_and_its_permission_five() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    alice.bind_channel(&mut world, 0x4000, PEER);
    alice.refresh(&mut world, 3_600);
    let message = over_channel(0x4000, b"hello");
    world.later(300);
    assert!(world.peer_sends(PEER, b"hello").is_none());
    assert!(world.hear(alice.client, &message).is_some());
    alice.permit(&mut world, &[PEER]);
    let (_, envelope) = world.peer_sends(PEER, b"hello").unwrap();
    assert_eq!(envelope.head().len(), 4, "still over the channel");
    world.later(299);
    assert!(world.hear(alice.client, &message).is_some());
    world.later(1);
    assert!(world.hear(alice.client, &message).is_none());

    // Both are free again, the other way round.
    let other = "9.9.9.9:5001";
    assert_eq!(alice.bind_channel(&mut world, 0x4000, other).error(), None);
    assert_eq!(alice.bind_channel(&mut world, 0x4001, PEER).error(), None);
    let (_, envelope) = world.peer_sends(PEER, b"hello").unwrap();
    assert_eq!(packed(&envelope, b"hello"), over_channel(0x4001, b"hello"));
}

#[test]
fn a_channel_that_is_renewed_lasts() {
    let mut world = World::new();
    let mut alice = alice_in(&mut world);
    alice.refresh(&mut world, 3_600);
    for _ in 0..5 {
        alice.bind_channel(&mut world, 0x4000, PEER);
        world.later(299);
        assert!(world.peer_sends(PEER, b"hello").is_some());
    }
}

#[test]
fn channels_are_counted() {
    let mut world = World::limited(Limits {
        channels_per_allocation: 2,
        ..Limits::default()
    });
    let mut alice = alice_in(&mut world);
    let bind = |alice: &mut Caller, world: &mut World, number: u16| {
        let peer = format!("9.9.9.9:{number}");
        alice.bind_channel(world, number, &peer).error()
    };
    assert_eq!(bind(&mut alice, &mut world, 0x4000), None);
    assert_eq!(bind(&mut alice, &mut world, 0x4001), None);
    assert_eq!(bind(&mut alice, &mut world, 0x4002), Some(508));
    assert_eq!(bind(&mut alice, &mut world, 0x4001), None);
    world.later(599);
    alice.refresh(&mut world, 600);
    assert_eq!(bind(&mut alice, &mut world, 0x4001), None);
    world.later(1);
    assert_eq!(bind(&mut alice, &mut world, 0x4002), None);
}

#[test]
fn what_comes_over_no_channel_is_dropped() {
    let mut world = World::new();
    let message = over_channel(0x4000, b"hello");
    assert!(world.hear(client("198.51.100.7:4000"), &message).is_none());
    let mut alice = alice_in(&mut world);
    assert!(world.hear(alice.client, &message).is_none());
    alice.bind_channel(&mut world, 0x4000, PEER);
    assert!(world.hear(client("198.51.100.8:4000"), &message).is_none());
    assert!(
        world
            .hear(alice.client, &over_channel(0x4001, b""))
            .is_none()
    );
    assert_eq!(world.relay.counters().dropped_unknown, 4);
}

#[test]
fn who_has_no_allocation_has_no_channel_in_its_stream() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice").by_tcp();
    let message = over_channel(0x4000, b"hello");
    let framed =
        |world: &mut World, bytes: &[u8]| world.relay.frame(alice.client, bytes, world.now);
    for other in [
        &b"GET / HTTP/1.1"[..],
        b"G",
        b"SSH-2.0",
        b"POST /",
        &message,
    ] {
        assert_eq!(framed(&mut world, other), Err(turn::NotStun), "{other:?}");
    }
    assert_eq!(world.relay.counters().malformed, 5);
    assert_eq!(framed(&mut world, b""), Ok(None));
    assert_eq!(framed(&mut world, &[0, 1, 0, 8]), Ok(None));

    alice.allocate(&mut world);
    let framed = |world: &mut World| world.relay.frame(alice.client, &message, world.now);
    // Over a channel that is not bound, or not any more: dropped, and no more than that.
    assert_eq!(framed(&mut world), Ok(Some(12)));
    assert!(world.hear(alice.client, &message).is_none());
    assert_eq!(world.relay.counters().dropped_unknown, 1);
    world.now.instant += std::time::Duration::from_secs(600);
    assert_eq!(framed(&mut world), Err(turn::NotStun));
}
