//! Paths that break for a while, or for good: how soon they are back, by what, and that nobody else
//! is touched by it.

use std::time::Duration;

use call::input::{LinkEvent, MediaEvent, NetworkEvent};
use call::media::MediaError;
use call::view::Path;
use call::{Input, Intent};
use proptest::prelude::*;
use shared::signal::IceCandidate;

use crate::support::look::{SOON, heads, path, said};
use crate::support::world::World;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The two are cut off from each other for that long; gives how long after it they are back.
fn cut_for(world: &mut World, cut: Duration) -> Duration {
    world.block(0, 1);
    world.pass(cut);
    world.unblock(0, 1);
    let back = world.now;
    while [path(world, 0, 1), path(world, 1, 0)] != [Path::Connected; 2] {
        world.pass(Duration::from_millis(100));
        assert!(
            world.now.since(back) < seconds(60),
            "not back after {cut:?}"
        );
    }
    world.now.since(back)
}

/// A page's machine is found to have this address.
fn look(world: &mut World, page: usize, address: &str) {
    let candidate = IceCandidate {
        candidate: format!("candidate:1 1 udp 1 {address} 9 typ host"),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    };
    let gathered = NetworkEvent::Gathered(vec![candidate]);
    world.handle(page, Input::Network(gathered));
}

#[test]
fn a_short_cut_is_over_without_anyone_doing_anything() {
    let mut world = World::in_call(2);
    let before = world.connection_numbers();
    let exchanges = world.connection(0, 1).exchanges;
    assert_eq!(cut_for(&mut world, seconds(2)), Duration::ZERO);
    world.pass(seconds(60));
    assert_eq!(world.connection(0, 1).exchanges, exchanges);
    assert_eq!(world.connection_numbers(), before);
}

#[test]
fn a_path_that_is_back_is_found_at_once_on_the_same_connection() {
    for cut in [4, 8, 12, 16, 20, 25, 30, 35] {
        let mut world = World::in_call(3);
        let before = world.connection_numbers();
        let took = cut_for(&mut world, seconds(cut));
        assert!(took <= seconds(2), "{took:?} after {cut} s");
        assert_eq!(world.connection_numbers(), before, "after {cut} s");
    }
}

#[test]
fn where_no_sound_comes_any_more_another_path_is_looked_for_and_nobody_is_alarmed() {
    for hearer in 0..2 {
        let mut world = World::in_call(2);
        let before = world.connection_numbers();
        let exchanges = world.connection(0, 1).exchanges;
        let link = world.connection(hearer, 1 - hearer).link;
        let event = LinkEvent::SoundCeased;
        world.handle(hearer, Input::Link { link, event });
        assert_eq!(path(&world, hearer, 1 - hearer), Path::Connected);
        world.pass(SOON * 2);
        assert_eq!(world.connection(0, 1).exchanges, exchanges + 1);
        world.pass(seconds(60));
        assert_eq!(world.connection(0, 1).exchanges, exchanges + 1);
        assert_eq!(world.connection_numbers(), before);
    }
}

#[test]
fn who_has_no_microphone_any_more_is_not_looked_for() {
    let mut world = World::in_call(2);
    let exchanges = world.connection(0, 1).exchanges;
    world.handle(1, Input::Media(MediaEvent::MicrophoneEnded));
    let none = MediaEvent::MicrophoneFailed(MediaError::NoDevice);
    world.pages[1].media = [none].into();
    world.pass(SOON);
    let link = world.connection(0, 1).link;
    let event = LinkEvent::SoundCeased;
    world.handle(0, Input::Link { link, event });
    world.pass(SOON * 2);
    assert_eq!(world.connection(0, 1).exchanges, exchanges);
}

#[test]
fn one_that_was_away_for_minutes_is_found_soon() {
    for cut in [60, 90, 120, 170] {
        let mut world = World::in_call(2);
        let took = cut_for(&mut world, seconds(cut));
        assert!(took <= seconds(5), "{took:?} after {cut} s");
        assert_eq!(world.connections.len(), 2);
    }
}

#[test]
fn the_tile_says_so_when_it_takes_long_and_the_rest_goes_on() {
    let mut world = World::in_call(3);
    world.block(0, 1);
    world.pass(seconds(20));
    assert_eq!(path(&world, 0, 1), Path::Reconnecting);
    assert_eq!(path(&world, 1, 0), Path::Reconnecting);
    world.pass(seconds(100));
    assert_eq!(path(&world, 0, 1), Path::Failed);
    assert_eq!(path(&world, 1, 0), Path::Failed);
    for (one, other) in [(0, 2), (1, 2), (2, 0), (2, 1)] {
        assert_eq!(path(&world, one, other), Path::Connected);
    }
    world.say(2, "we two hear each other");
    world.pass(SOON);
    assert_eq!(said(&world, 0), ["we two hear each other"]);
    assert_eq!(heads(&world), [3, 3, 3]);
}

#[test]
fn a_path_and_the_server_lost_together_are_back_together() {
    for away in [3, 10, 30, 100] {
        let mut world = World::in_call(2);
        world.block(0, 1);
        world.set_online(0, false);
        world.pass(seconds(away).min(seconds(14)));
        world.set_online(1, false);
        world.restart_server();
        world.pass(seconds(away));
        world.unblock(0, 1);
        for page in 0..2 {
            world.set_online(page, true);
        }
        world.pass(seconds(2));
        assert_eq!(heads(&world), [2, 2], "after {away} s");
        assert_eq!(path(&world, 0, 1), Path::Connected, "after {away} s");
        assert_eq!(path(&world, 1, 0), Path::Connected, "after {away} s");
    }
}

#[test]
fn an_offer_that_the_server_could_not_be_told_of_is_made_once_it_can() {
    for mover in 0..2 {
        let mut world = World::in_call(2);
        let before = world.connection_numbers();
        let exchanges = world.connection(0, 1).exchanges;
        // The path stands all the while, so nothing else will ask for new credentials.
        world.handle(mover, Input::Network(NetworkEvent::Changed));
        world.set_online(mover, false);
        world.pass(SOON);
        world.set_online(mover, true);
        world.pass(SOON);
        for (one, other) in [(0, 1), (1, 0)] {
            let connection = world.connection(one, other);
            assert_eq!(connection.exchanges, exchanges + 1, "{mover} moves");
            assert!(connection.matches(world.connection(other, one)));
        }
        assert_eq!(world.connection_numbers(), before);
    }
}

#[test]
fn another_network_is_moved_to_at_once() {
    for mover in 0..2 {
        let mut world = World::in_call(3);
        let before = world.connection_numbers();
        world.move_network(mover);
        world.say(mover, "from elsewhere");
        world.pass(SOON);
        for other in (0..3).filter(|other| *other != mover) {
            assert_eq!(said(&world, other), ["from elsewhere"]);
            assert_eq!(path(&world, mover, other), Path::Connected);
        }
        assert_eq!(world.connection_numbers(), before);
        let exchanges = world.connection(0, 1).exchanges;
        world.pass(seconds(60));
        assert_eq!(
            world.connection(0, 1).exchanges,
            exchanges,
            "and that is it"
        );
    }
}

#[test]
fn other_addresses_are_another_network() {
    let mut world = World::in_call(2);
    let exchanges = world.connection(0, 1).exchanges;
    // That of the links is 10.0.0.1.
    for (address, restarts) in [("10.0.0.1", 0), ("192.168.1.7", 1)] {
        look(&mut world, 0, address);
        world.pass(SOON);
        assert_eq!(world.connection(0, 1).exchanges, exchanges + restarts);
    }
}

#[test]
fn a_way_to_the_server_that_only_seems_to_stand_in_another_network_is_found_dead() {
    let mut world = World::in_call(3);
    let before = world.connection_numbers();
    world.strand(0);
    world.pass(seconds(2));
    look(&mut world, 0, "192.168.1.7");
    assert_eq!(world.pages[0].reconnects, 0, "left to the browser");
    world.pass(seconds(25));
    assert!(world.is_in_call(0));
    for other in 1..3 {
        assert_eq!(path(&world, 0, other), Path::Connected);
        assert!(world.connection(0, other).runs());
    }
    assert_eq!(world.connection_numbers(), before);
}

#[test]
fn for_one_change_the_way_to_the_server_is_begun_anew_once() {
    let mut world = World::in_call(2);
    let exchanges = world.connection(0, 1).exchanges;
    look(&mut world, 0, "10.0.0.1");
    assert_eq!(world.pages[0].reconnects, 0, "the same network");
    world.move_network(0);
    // The links of this browser have 10.0.0.1 wherever it is.
    for _ in 0..3 {
        world.pass(SOON);
        look(&mut world, 0, "10.0.0.1");
    }
    assert_eq!(world.pages[0].reconnects, 1);
    assert_eq!(world.pages[1].reconnects, 0);
    assert_eq!(world.connection(0, 1).exchanges, exchanges + 1);
}

#[test]
fn another_network_without_a_server_is_moved_to_when_that_is_back() {
    let mut world = World::in_call(2);
    let before = world.connection_numbers();
    world.set_online(0, false);
    world.move_network(0);
    world.pass(seconds(10));
    world.set_online(0, true);
    world.pass(SOON);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(world.connection_numbers(), before);
}

#[test]
fn both_in_another_network_settle() {
    let mut world = World::in_call(2);
    let before = world.connection_numbers();
    world.move_network(0);
    world.move_network(1);
    world.pass(SOON * 2);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert!(world.connection(0, 1).runs() && world.connection(1, 0).runs());
    assert_eq!(world.connection_numbers(), before);
}

/// Something that happens to a network.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Block(usize, usize),
    Unblock(usize, usize),
    BreakPath(usize, usize),
    Move(usize),
    Strand(usize),
    Offline(usize),
    Online(usize),
    Cut(usize),
    RestartServer,
    Say(usize),
}

/// Two pages of the first so many.
fn pair(pages: usize) -> impl Strategy<Value = (usize, usize)> {
    (0..pages, 1..pages).prop_map(move |(one, step)| (one, (one + step) % pages))
}

fn turn(pages: usize) -> impl Strategy<Value = Turn> {
    let page = 0..pages;
    prop_oneof![
        4 => pair(pages).prop_map(|(one, other)| Turn::Block(one, other)),
        3 => pair(pages).prop_map(|(one, other)| Turn::Unblock(one, other)),
        2 => pair(pages).prop_map(|(one, other)| Turn::BreakPath(one, other)),
        2 => page.clone().prop_map(Turn::Move),
        1 => page.clone().prop_map(Turn::Strand),
        2 => page.clone().prop_map(Turn::Offline),
        2 => page.clone().prop_map(Turn::Online),
        1 => page.clone().prop_map(Turn::Cut),
        1 => Just(Turn::RestartServer),
        1 => page.prop_map(Turn::Say),
    ]
}

/// Turns, each followed by some of what it leads to and then by time.
fn story(pages: usize) -> impl Strategy<Value = Vec<(Turn, Vec<usize>, u64)>> {
    let steps = proptest::collection::vec(0..10_000_usize, 0..30);
    let millis = prop_oneof![Just(0), 0..2_000_u64, 0..40_000_u64];
    proptest::collection::vec((turn(pages), steps, millis), 1..12)
}

fn play(world: &mut World, story: &[(Turn, Vec<usize>, u64)]) {
    for (turn, steps, millis) in story {
        match *turn {
            Turn::Block(one, other) => world.block(one, other),
            Turn::Unblock(one, other) => world.unblock(one, other),
            Turn::BreakPath(one, other) => world.break_path(one, other),
            Turn::Move(page) => world.move_network(page),
            Turn::Strand(page) => world.strand(page),
            Turn::Offline(page) => world.set_online(page, false),
            Turn::Online(page) => world.set_online(page, true),
            Turn::Cut(page) => world.cut(page),
            Turn::RestartServer => world.restart_server(),
            Turn::Say(page) => world.say(page, "still there?"),
        }
        for step in steps {
            world.step_without_timers(*step);
        }
        world.pass_choosing(Duration::from_millis(*millis), &mut steps.iter().copied());
    }
}

/// Everything gets through again; long enough for a growing pause to end.
fn heal(world: &mut World, choices: &mut impl Iterator<Item = usize>) {
    for (one, other) in std::mem::take(&mut world.blocked) {
        world.unblock(one, other);
    }
    for page in 0..world.pages.len() {
        world.set_online(page, true);
    }
    world.pass_choosing(seconds(90), choices);
}

fn check_connected(world: &World, one: usize, other: usize) {
    assert_eq!(path(world, one, other), Path::Connected, "{one} to {other}");
    let connection = world.connection(one, other);
    assert!(connection.runs() && connection.channel_is_open);
    assert!(connection.matches(world.connection(other, one)));
}

fn cases() -> u32 {
    let asked = std::env::var("CALL_CASES").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_becomes_of_the_paths_all_are_connected_in_the_end(
        pages in 2..4_usize,
        story in story(3),
        choices in proptest::collection::vec(0..10_000_usize, 1..60),
    ) {
        let within = |page: usize| page < pages;
        let story: Vec<_> = story
            .into_iter()
            .filter(|(turn, _, _)| match *turn {
                Turn::Block(one, other)
                | Turn::Unblock(one, other)
                | Turn::BreakPath(one, other) => within(one) && within(other),
                Turn::Move(page)
                | Turn::Strand(page)
                | Turn::Offline(page)
                | Turn::Online(page)
                | Turn::Cut(page)
                | Turn::Say(page) => within(page),
                Turn::RestartServer => true,
            })
            .collect();
        let mut world = World::in_call(pages);
        play(&mut world, &story);
        heal(&mut world, &mut choices.into_iter().cycle());
        prop_assert_eq!(heads(&world), vec![pages; pages]);
        prop_assert_eq!(world.connections.len(), pages * (pages - 1));
        for one in 0..pages {
            for other in (0..pages).filter(|other| *other != one) {
                check_connected(&world, one, other);
            }
        }
        let exchanges: Vec<u32> = world.connections.values().map(|one| one.exchanges).collect();
        world.pass(seconds(300));
        let later: Vec<u32> = world.connections.values().map(|one| one.exchanges).collect();
        prop_assert_eq!(exchanges, later, "at rest nobody negotiates");
    }

    #[test]
    fn what_becomes_of_one_path_touches_no_other(
        turns in proptest::collection::vec((0..3_usize, 0..40_000_u64), 1..10),
    ) {
        let mut world = World::in_call(4);
        let others = [(0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (2, 0), (3, 0), (2, 1), (3, 1), (3, 2)];
        let state = |world: &World| {
            others.map(|(one, other)| {
                let connection = world.connection(one, other);
                (connection.number, connection.exchanges)
            })
        };
        let before = state(&world);
        for (turn, millis) in turns {
            match turn {
                0 => world.block(0, 1),
                1 => world.unblock(0, 1),
                _ => world.break_path(0, 1),
            }
            let opened = world.opened();
            world.pass(Duration::from_millis(millis));
            let links = (world.opened() - opened) / 2;
            prop_assert!(links <= millis / 8_000 + 2, "{links} links in {millis} ms");
            prop_assert_eq!(state(&world), before);
            for (one, other) in others {
                prop_assert_eq!(path(&world, one, other), Path::Connected);
            }
        }
        heal(&mut world, &mut std::iter::repeat(0));
        check_connected(&world, 0, 1);
        check_connected(&world, 1, 0);
        prop_assert_eq!(state(&world), before);
        world.wish(0, Intent::Leave);
    }
}
