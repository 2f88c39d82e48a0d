//! How much there may be of everything.

use turn::{Limits, Secret};

use super::world::*;

#[test]
fn a_user_has_so_many_allocations_under_whatever_expiry() {
    let mut world = World::limited(Limits {
        allocations_per_user: 2,
        ..Limits::default()
    });
    let allocate = |world: &mut World, port: u16, name: &str, expires: u64| {
        let mut caller = Caller::new(&format!("198.51.100.7:{port}"), name);
        caller.credentials = Secret::new(SECRET).credentials(name, expires);
        caller.try_allocate(world).error()
    };
    assert_eq!(allocate(&mut world, 1, "alice", 1_700_001_000), None);
    assert_eq!(allocate(&mut world, 2, "alice", 1_700_002_000), None);
    assert_eq!(allocate(&mut world, 3, "alice", 1_700_003_000), Some(486));
    assert_eq!(allocate(&mut world, 4, "bob", 1_700_003_000), None);
    assert_eq!(world.relay.counters().refused_quota, 1);
    // What ends makes room.
    world.later(600);
    assert_eq!(allocate(&mut world, 3, "alice", 1_700_003_000), None);
}

#[test]
fn an_address_has_so_many_allocations_and_a_64_counts_as_one() {
    let mut world = World::limited(Limits {
        allocations_per_address: 1,
        ..Limits::default()
    });
    let mut allocate = |at: &str| Caller::new(at, at).try_allocate(&mut world).error();
    assert_eq!(allocate("198.51.100.7:1"), None);
    assert_eq!(allocate("198.51.100.7:2"), Some(486));
    assert_eq!(allocate("[::ffff:198.51.100.7]:3"), Some(486));
    assert_eq!(allocate("198.51.100.8:1"), None);
    assert_eq!(allocate("[2001:db8:0:1::1]:1"), None);
    assert_eq!(allocate("[2001:db8:0:1:ffff::1]:1"), Some(486));
    assert_eq!(allocate("[2001:db8:0:2::1]:1"), None);
}

#[test]
fn there_are_so_many_allocations_in_all() {
    let mut world = World::limited(Limits {
        allocations: 2,
        ..Limits::default()
    });
    let mut alice = Caller::new("198.51.100.7:1", "alice");
    let mut bob = Caller::new("198.51.100.8:1", "bob");
    let mut carol = Caller::new("198.51.100.9:1", "carol");
    alice.allocate(&mut world);
    bob.allocate(&mut world);
    assert_eq!(carol.try_allocate(&mut world).error(), Some(508));
    bob.refresh(&mut world, 0);
    assert_eq!(carol.try_allocate(&mut world).error(), None);
    assert_eq!(world.relay.counters().allocations_now, 2);
}

#[test]
fn an_allocation_has_a_rate_each_way() {
    let mut world = World::limited(Limits {
        bytes_per_second_per_allocation: 10_000,
        ..Limits::default()
    });
    let mut alice = Caller::new("198.51.100.7:1", "alice");
    alice.allocate(&mut world);
    alice.bind_channel(&mut world, 0x4000, PEER);
    // With 28 bytes of headers, a thousand each.
    let data = [0; 972];
    let message = over_channel(0x4000, &data);
    let up = |world: &mut World| {
        (0..20)
            .filter(|_| world.hear(alice.client, &message).is_some())
            .count()
    };
    let down = |world: &mut World| {
        (0..20)
            .filter(|_| world.peer_sends(PEER, &data).is_some())
            .count()
    };
    assert_eq!((up(&mut world), down(&mut world)), (10, 10));
    assert_eq!(world.relay.counters().dropped_over_rate, 20);
    world.later(1);
    assert_eq!((up(&mut world), down(&mut world)), (10, 10));
    assert_eq!(world.relay.counters().bytes_to_peers, 20 * 972);
}

#[test]
fn empty_datagrams_have_a_rate_too() {
    let mut world = World::limited(Limits {
        bytes_per_second_per_allocation: 280,
        ..Limits::default()
    });
    let mut alice = Caller::new("198.51.100.7:1", "alice");
    alice.allocate(&mut world);
    alice.bind_channel(&mut world, 0x4000, PEER);
    let message = over_channel(0x4000, b"");
    let sent = (0..20)
        .filter(|_| world.hear(alice.client, &message).is_some())
        .count();
    assert_eq!(sent, 10);
}

#[test]
fn all_together_have_a_rate() {
    let mut world = World::limited(Limits {
        bytes_per_second: 10_000,
        ..Limits::default()
    });
    let mut alice = Caller::new("198.51.100.7:1", "alice");
    let mut bob = Caller::new("198.51.100.8:1", "bob");
    alice.allocate(&mut world);
    bob.allocate(&mut world);
    alice.permit(&mut world, &[PEER]);
    bob.permit(&mut world, &[PEER]);
    let message = send_indication(PEER, &[0; 972]);
    let mut sent = 0;
    for _ in 0..4 {
        sent += usize::from(world.hear(alice.client, &message).is_some());
        sent += usize::from(world.hear(bob.client, &message).is_some());
        sent += usize::from(world.peer_sends(PEER, &[0; 972]).is_some());
    }
    assert_eq!(sent, 10);
    assert_eq!(world.relay.counters().dropped_over_rate_of_all, 2);
}

#[test]
fn what_is_handed_over_counts_for_both() {
    let mut world = World::limited(Limits {
        bytes_per_second_per_allocation: 10_000,
        ..Limits::default()
    });
    let mut alice = Caller::new("198.51.100.7:1", "alice");
    let mut bob = Caller::new("198.51.100.8:1", "bob");
    let from_alice = alice.allocate(&mut world).to_string();
    let from_bob = bob.allocate(&mut world).to_string();
    alice.permit(&mut world, &[&from_bob]);
    bob.permit(&mut world, &[&from_alice, PEER]);
    // Others take half of what Bob may get.
    for _ in 0..5 {
        assert!(world.peer_sends(PEER, &[0; 972]).is_some());
    }
    let message = send_indication(&from_bob, &[0; 972]);
    let sent = (0..20)
        .filter(|_| world.hear(alice.client, &message).is_some())
        .count();
    assert_eq!(sent, 5);
}
