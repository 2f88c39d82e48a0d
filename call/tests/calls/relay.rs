//! The relay dies with its server: those whose way led over it are back soon after it is, on the connections that they
//! have, and the others are left alone.

use std::time::Duration;

use call::view::Path;
use call::{Intent, Time};

use crate::support::look::{GRACE, SOON, path};
use crate::support::measuring::TICK;
use crate::support::server::turn;
use crate::support::world::World;

/// Three in a room, of whom page 0 hides its address, so that its ways lead over the relay, as all have measured.
fn one_relayed() -> World {
    let mut world = World::new(3);
    world.wish(0, Intent::HideAddress(true));
    for page in 0..3 {
        world.join(page);
        world.pass(SOON);
    }
    world.pass_measuring(TICK * 3);
    world
}

/// Server and relay are killed, and come back after that time.
fn kill_for(world: &mut World, time: Duration) {
    world.kill_relay();
    world.restart_server();
    for page in 0..3 {
        world.set_online(page, false);
    }
    world.pass(time);
    world.server.ice_servers = vec![turn("second")];
    for page in 0..3 {
        world.set_online(page, true);
    }
}

#[test]
fn relayed_ways_are_back_with_the_server_by_one_restart_and_direct_ones_are_left_alone() {
    for seconds in [0, 1, 4, 8, 15, 30, 100] {
        let mut world = one_relayed();
        let before = world.connection_numbers();
        let ways = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)];
        let exchanges = |world: &World| ways.map(|(a, b)| world.connection(a, b).exchanges);
        let exchanged = exchanges(&world);
        kill_for(&mut world, Duration::from_secs(seconds));
        world.pass(SOON);
        for (one, other) in ways {
            let connection = world.connection(one, other);
            assert!(connection.runs(), "{one} to {other} after {seconds} s");
            assert_eq!(connection.ice_servers, [turn("second")]);
            assert_eq!(path(&world, one, other), Path::Connected);
        }
        world.pass(GRACE);
        let [a, b, c, d, e, f] = exchanged;
        let expected = [a + 1, b + 1, c + 1, d + 1, e, f];
        assert_eq!(exchanges(&world), expected, "after {seconds} s");
        assert_eq!(world.connection_numbers(), before);
    }
}

#[test]
fn who_comes_back_first_does_not_look_before_the_other_is_there() {
    for first in 0..2 {
        let mut world = one_relayed();
        let exchanges = world.connection(0, 1).exchanges;
        kill_for(&mut world, Duration::from_secs(10));
        world.set_online(1 - first, false);
        world.pass(Duration::from_secs(3));
        world.set_online(1 - first, true);
        world.pass(SOON);
        for (one, other) in [(0, 1), (1, 0)] {
            assert!(world.connection(one, other).runs());
        }
        world.pass(GRACE);
        assert_eq!(world.connection(0, 1).exchanges, exchanges + 1);
    }
}

/// When a page could not wait for the server, after its loss at that time.
fn hurried(world: &World, page: usize, lost: Time) -> Vec<Duration> {
    let times = &world.pages[page].hurried;
    times.iter().map(|time| time.since(lost)).collect()
}

#[test]
fn who_needs_the_server_for_a_way_tries_for_it_often_but_not_for_ever() {
    let mut world = one_relayed();
    let lost = world.now;
    for page in 0..3 {
        world.set_online(page, false);
    }
    world.pass(Duration::from_secs(3_600));
    for page in 0..3 {
        let tries = hurried(&world, page, lost);
        let pauses = tries.windows(2).map(|pair| pair[1] - pair[0]);
        let most = Duration::from_millis(2_050);
        assert!(tries[0] <= most, "{tries:?}");
        for pause in pauses {
            assert!(pause >= Duration::from_secs(1) && pause <= most);
        }
        let last = tries[tries.len() - 1];
        assert!((170..=181).contains(&last.as_secs()), "{last:?}");
    }
    let [one, other] = [0, 1].map(|page| hurried(&world, page, lost));
    assert_ne!(one, other, "not all at once");
}

#[test]
fn who_misses_nobody_is_patient_until_they_do() {
    let mut world = World::in_call(2);
    world.pass_measuring(TICK * 3);
    for page in 0..2 {
        world.set_online(page, false);
    }
    world.pass(Duration::from_secs(30));
    let lost = world.now;
    assert_eq!(hurried(&world, 0, lost), []);
    world.block(0, 1);
    world.pass(Duration::from_secs(10));
    assert!(hurried(&world, 0, lost).len() >= 2);
    world.set_online(0, true);
    world.pass(SOON);
    let tries = hurried(&world, 0, lost).len();
    world.pass(Duration::from_secs(30));
    assert_eq!(hurried(&world, 0, lost).len(), tries, "it is back");
}
