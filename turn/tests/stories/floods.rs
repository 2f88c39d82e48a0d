//! Very many who are nobody.

use core::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use turn::{Client, Command, Limits, Transport, wire::Method};

use super::world::*;

#[test]
fn one_address_is_answered_so_much_and_credentials_lift_that() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:1", "alice");
    alice.allocate(&mut world);
    let mut stranger = Caller::new("198.51.100.7:2", "nobody");
    let answered = |world: &mut World, stranger: &mut Caller| {
        (0..300)
            .filter(|count| {
                let method = match count % 2 {
                    0 => Method::Binding,
                    _ => Method::Allocate,
                };
                let request = stranger.begin(method).finish(None, false);
                world.ask(stranger.client, &request).is_some()
            })
            .count()
    };
    assert_eq!(
        answered(&mut world, &mut stranger),
        99,
        "Alice has knocked once"
    );
    assert_eq!(world.relay.counters().unauthenticated_over_rate, 201);
    assert_eq!(alice.refresh(&mut world, 600).error(), None);
    world.later(1);
    assert_eq!(answered(&mut world, &mut stranger), 20);

    let mut elsewhere = Caller::new("198.51.100.8:1", "bob");
    elsewhere.allocate(&mut world);
}

#[test]
fn all_together_are_answered_so_much_and_take_no_memory() {
    let mut world = World::new();
    let mut alice = Caller::new("198.51.100.7:1", "alice");
    alice.allocate(&mut world);
    let request = alice.begin(Method::Allocate).finish(None, false);
    let mut commands = Vec::new();
    for number in 0..200_000_u32 {
        let client = Client {
            transport: Transport::Udp,
            address: SocketAddr::new(Ipv4Addr::from(number.wrapping_mul(19_349_663)).into(), 1),
            local: alice.client.local,
        };
        world.now.instant += Duration::from_micros(5);
        world
            .relay
            .client_says(client, &request, world.now, &mut commands);
    }
    // In one second: a burst, and what has come in since.
    let answered = commands.len();
    assert!((3_500..=4_000).contains(&answered), "{answered}");
    assert!(
        commands
            .iter()
            .all(|command| matches!(command, Command::Reply { .. }))
    );
    let counters = world.relay.counters();
    assert_eq!(
        counters.unauthenticated_over_rate,
        200_000 - answered as u64
    );
    assert_eq!(counters.allocations_now, 1);
    assert_eq!(alice.refresh(&mut world, 600).error(), None);
}

#[test]
fn wrong_passwords_are_strangers_too() {
    let mut world = World::limited(Limits {
        unauthenticated_per_second_per_address: 1,
        ..Limits::default()
    });
    let mut mallory = Caller::new("198.51.100.7:1", "alice");
    mallory.knock(&mut world);
    mallory.credentials.password = "guessed".to_owned();
    for guess in 0..10 {
        let request = transport(mallory.begin(Method::Allocate), 17);
        let request = mallory.sign(request);
        let is_answered = world.ask(mallory.client, &request).is_some();
        assert_eq!(is_answered, guess < 4, "{guess}");
    }
}

#[test]
fn a_flood_of_datagrams_leaves_the_way_by_tcp_open() {
    let mut world = World::limited(Limits {
        unauthenticated_per_second: 10,
        ..Limits::default()
    });
    let mut stranger = Caller::new("198.51.100.7:1", "nobody");
    let mut flood = |world: &mut World, number: u8| {
        let request = stranger.begin(Method::Allocate).finish(None, false);
        let client = client(&format!("198.51.100.{number}:1"));
        world.ask(client, &request).is_some()
    };
    let answered = (0..100).filter(|number| flood(&mut world, *number)).count();
    assert_eq!(answered, 10);
    let mut alice = Caller::new("198.51.100.200:1", "alice");
    let request = alice.begin(Method::Allocate).finish(None, false);
    assert!(world.ask(alice.client, &request).is_none(), "by UDP");
    Caller::new("198.51.100.200:1", "alice")
        .by_tcp()
        .allocate(&mut world);
}
