//! How long an allocation lasts.

use std::time::Duration;

use turn::{
    Limits,
    wire::{
        Method,
        attribute::{LIFETIME, REQUESTED_ADDRESS_FAMILY},
    },
};

use super::world::*;

#[test]
fn an_idle_allocation_ends_on_time() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    let end = world.now.instant + Duration::from_secs(600);
    assert_eq!(world.relay.deadline(), Some(end));
    world.later(599);
    assert!(world.unbound.is_empty());
    world.later(1);
    assert_eq!(world.unbound, world.bound);
    assert_eq!(world.relay.deadline(), None);
    assert_eq!(world.relay.counters().allocations_now, 0);
    assert_eq!(alice.refresh(&mut world, 600).error(), Some(437));
    assert_eq!(alice.permit(&mut world, &[PEER]).error(), Some(437));
    assert_eq!(
        alice.bind_channel(&mut world, 0x4000, PEER).error(),
        Some(437)
    );
}

#[test]
fn what_has_run_out_is_of_no_use_even_before_the_tick() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    world.later(599);
    alice.permit(&mut world, &[PEER]);
    assert!(world.peer_sends(PEER, b"hello").is_some());
    world.now.instant += Duration::from_secs(1);
    assert!(world.peer_sends(PEER, b"hello").is_none());
    assert!(
        world
            .hear(alice.client, &send_indication(PEER, b"hello"))
            .is_none()
    );
    assert_eq!(alice.refresh(&mut world, 600).error(), Some(437));
    assert_eq!(alice.allocate(&mut world), address("203.0.113.1:50001"));
}

#[test]
fn a_refresh_keeps_it() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    world.later(500);
    assert_eq!(alice.refresh(&mut world, 600).lifetime(), 600);
    world.later(599);
    assert!(world.unbound.is_empty());
    world.later(1);
    assert_eq!(world.unbound, world.bound);
}

#[test]
fn a_lifetime_is_neither_shorter_than_usual_nor_longer_than_allowed() {
    let mut world = World::limited(Limits {
        max_lifetime: Duration::from_secs(1_000),
        ..Limits::default()
    });
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.knock(&mut world);
    let reply = alice.ask(&mut world, Method::Allocate, |it| {
        transport(it, 17).attribute(LIFETIME, &u32::MAX.to_be_bytes())
    });
    assert_eq!(reply.lifetime(), 1_000);
    assert_eq!(alice.refresh(&mut world, 1).lifetime(), 600);
    assert_eq!(alice.refresh(&mut world, 900).lifetime(), 900);
    assert_eq!(alice.refresh(&mut world, 5_000).lifetime(), 1_000);
    let reply = alice.ask(&mut world, Method::Refresh, |it| it);
    assert_eq!(reply.lifetime(), 600, "nothing is wished for");
}

#[test]
fn a_lifetime_of_nothing_ends_it_at_once() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    assert_eq!(alice.refresh(&mut world, 0).lifetime(), 0);
    assert_eq!(world.unbound, world.bound);
    assert_eq!(alice.refresh(&mut world, 0).error(), Some(437));
    assert_eq!(alice.allocate(&mut world), address("203.0.113.1:50001"));
}

#[test]
fn a_refresh_for_another_family_is_a_mistake() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice");
    alice.allocate(&mut world);
    let mut refresh = |family: u8| {
        let value = [family, 0, 0, 0];
        alice
            .ask(&mut world, Method::Refresh, |it| {
                it.attribute(REQUESTED_ADDRESS_FAMILY, &value)
            })
            .error()
    };
    assert_eq!(refresh(2), Some(443));
    assert_eq!(refresh(1), None);
}

#[test]
fn an_allocation_ends_with_its_connection() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:4000", "alice").by_tcp();
    let mut bob = Caller::new("198.51.100.7:4000", "bob");
    alice.allocate(&mut world);
    bob.allocate(&mut world);
    world.close(alice.client);
    assert_eq!(world.unbound, world.bound[..1]);
    world.close(alice.client);
    assert_eq!(world.unbound.len(), 1);
    assert_eq!(bob.refresh(&mut world, 600).error(), None);
}

#[test]
fn many_end_each_at_its_time() {
    let mut world = World::new();
    for caller in 0..10_u64 {
        let at = format!("198.51.100.{caller}:4000");
        Caller::new(&at, "alice").allocate(&mut world);
        world.later(10);
    }
    // The first began 100 s ago.
    world.later(500);
    for ended in 1..=10 {
        assert_eq!(world.unbound, world.bound[..ended]);
        world.later(10);
    }
}
