//! The server is restarted and has forgotten everything: those who come back restore the room, and nothing
//! between them is interrupted.

use call::Intent;
use call::view::{NoticeKind, Phase};
use proptest::prelude::*;
use shared::PeerId;

use crate::support::look::{GRACE, SOON, heads, notices};
use crate::support::world::World;

/// A call of that many, the first of whom is host and has locked the room if told so.
fn call_of(people: usize, locked: bool) -> World {
    let mut world = World::in_call(people);
    if locked {
        world.wish(0, Intent::LockRoom(true));
        world.pass(SOON);
    }
    world
}

fn hosts(world: &World) -> Vec<bool> {
    let host = |page| world.view(page).you.is_some_and(|you| you.host);
    (0..world.pages.len()).map(host).collect()
}

#[test]
fn a_server_that_has_forgotten_everything_interrupts_nobody() {
    let mut world = call_of(3, true);
    world.pass(GRACE);
    let before = world.connection_numbers();
    world.restart_server();
    for page in 0..3 {
        world.set_online(page, false);
    }
    for page in [2, 0, 1] {
        world.set_online(page, true);
        world.pass(SOON);
        assert_eq!(heads(&world), [3, 3, 3]);
        assert_eq!(world.server.people(), 3, "counted from the start");
    }
    assert_eq!(before, world.connection_numbers());
    assert_eq!(hosts(&world), [true, false, false]);
    for page in 0..3 {
        assert!(world.view(page).locked);
        let told = notices(&world, page);
        let nothing_else = told.iter().all(|kind| *kind == NoticeKind::Reconnected);
        assert!(nothing_else, "{page} was told {told:?}");
    }
}

#[test]
fn who_cannot_reach_the_server_after_a_restart_is_still_in_the_call() {
    let mut world = call_of(3, false);
    let before = world.connection_numbers();
    world.restart_server();
    world.set_online(2, false);
    world.pass(GRACE * 3);
    assert_eq!(heads(&world), [3, 3, 3]);
    assert_eq!(world.server.people(), 2);
    world.set_online(2, true);
    world.pass(SOON * 3);
    assert_eq!(world.server.people(), 3);
    assert_eq!(before, world.connection_numbers());
}

#[test]
fn who_left_during_a_restart_is_not_waited_for_for_long() {
    let mut world = call_of(3, false);
    world.restart_server();
    for page in 0..3 {
        world.set_online(page, false);
    }
    world.wish(2, Intent::Leave);
    world.pass(SOON);
    for page in 0..2 {
        world.set_online(page, true);
    }
    world.pass(GRACE);
    assert_eq!(heads(&world), [2, 2, 0]);
    assert_eq!(world.server.people(), 2);
}

#[test]
fn one_whom_the_first_did_not_know_gets_past_the_lock_once_another_vouches() {
    let mut world = call_of(2, false);
    world.set_online(1, false);
    world.pages.push(crate::support::page::Page::new(
        2,
        crate::support::page::room(),
    ));
    world.join(2);
    world.pass(SOON);
    world.wish(0, Intent::LockRoom(true));
    world.pass(SOON);
    assert_eq!(heads(&world), [3, 2, 3]);
    world.restart_server();
    for page in 0..3 {
        world.set_online(page, false);
    }
    // The first neither knows the third nor of the lock.
    for page in [1, 2, 0] {
        world.set_online(page, true);
        world.pass(SOON);
    }
    world.pass(SOON * 5);
    assert_eq!(heads(&world), [3, 3, 3]);
    assert_eq!(hosts(&world), [true, false, false]);
    assert!((0..3).all(|page| world.view(page).locked));
}

#[test]
fn a_page_loaded_again_and_back_before_the_others_keeps_their_places_and_their_lock() {
    let mut world = call_of(3, true);
    for page in [0, 2] {
        world.set_online(page, false);
    }
    world.restart_server();
    world.reload(1, false);
    world.pass(SOON);
    assert_eq!(heads(&world)[1], 1);
    for page in [2, 0] {
        world.set_online(page, true);
        world.pass(SOON);
    }
    world.pass(SOON * 5);
    assert_eq!(heads(&world), [3, 3, 3]);
    // Nobody can prove to have been the host to one who is there already.
    assert_eq!(hosts(&world), [false, true, false]);
    assert!((0..3).all(|page| world.view(page).locked));
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Step(usize),
    Cut(usize),
    Restart,
    Crash(usize),
    Reload(usize),
    Leave(usize),
    Pause,
}

const PEOPLE: usize = 4;

fn act() -> impl Strategy<Value = Act> {
    let page = 0..PEOPLE;
    prop_oneof![
        24 => any::<usize>().prop_map(Act::Step),
        4 => page.clone().prop_map(Act::Cut),
        2 => Just(Act::Restart),
        1 => page.clone().prop_map(Act::Crash),
        1 => page.clone().prop_map(Act::Reload),
        1 => page.prop_map(Act::Leave),
        1 => Just(Act::Pause),
    ]
}

/// Which connections there are between those pages, by their numbers.
fn between(world: &World, pages: &[usize]) -> Vec<u64> {
    let ids: Vec<PeerId> = pages.iter().map(|page| world.pages[*page].id).collect();
    let connections = world.connections.values();
    connections
        .filter(|connection| pages.contains(&connection.page) && ids.contains(&connection.peer))
        .map(|connection| connection.number)
        .collect()
}

proptest! {
    /// Whatever is lost, and whenever: everybody who did not leave is in the same room in the end, with the
    /// same host and lock, and whoever kept their page kept their connections.
    #[test]
    fn whatever_is_lost_the_room_is_as_it_was(
        locked in any::<bool>(),
        acts in prop::collection::vec(act(), 0..80),
        choices in prop::collection::vec(any::<usize>(), 1..40),
    ) {
        let mut world = call_of(PEOPLE, locked);
        let mut left = [false; PEOPLE];
        let mut loaded = [false; PEOPLE];
        let before = world.connection_numbers();
        let kept = |left: [bool; PEOPLE], loaded: [bool; PEOPLE]| -> Vec<usize> {
            (0..PEOPLE).filter(|page| !left[*page] && !loaded[*page]).collect()
        };
        for act in acts {
            match act {
                Act::Step(choice) => world.step_without_timers(choice),
                Act::Cut(page) => world.cut(page),
                Act::Restart => world.restart_server(),
                // A lock lets nobody back in whom all have forgotten.
                Act::Crash(_) | Act::Reload(_) if locked => {}
                Act::Crash(page) | Act::Reload(page) if left[page] => {}
                Act::Crash(page) => {
                    loaded[page] = true;
                    world.reload(page, false);
                }
                Act::Reload(page) => {
                    loaded[page] = true;
                    world.reload(page, true);
                }
                // Somebody stays.
                Act::Leave(page) if page < 2 => {}
                Act::Leave(page) => {
                    left[page] = true;
                    world.wish(page, Intent::Leave);
                }
                Act::Pause => world.pass(SOON / 10),
            }
        }
        world.pass_choosing(GRACE * 4, &mut choices.into_iter().cycle());

        let stayed: Vec<usize> = (0..PEOPLE).filter(|page| !left[*page]).collect();
        let mut expected: Vec<PeerId> = stayed.iter().map(|page| world.pages[*page].id).collect();
        let mut members: Vec<PeerId> = world.server.members().map(|member| member.id).collect();
        expected.sort();
        members.sort();
        prop_assert_eq!(members, expected);
        let state = world.server.room().unwrap().state();
        prop_assert_eq!(state.locked, locked);
        // Who has loaded the page again and comes first after a restart opens the room.
        if loaded == [false; PEOPLE] {
            prop_assert_eq!(state.host, world.pages[0].id);
        }
        for page in stayed.iter().copied() {
            let view = world.view(page);
            prop_assert_eq!(&view.phase, &Phase::InCall);
            prop_assert_eq!(view.head_count(), stayed.len());
            prop_assert_eq!(view.locked, locked);
            prop_assert_eq!(view.you.unwrap().host, state.host == world.pages[page].id);
        }
        let kept = kept(left, loaded);
        let now = between(&world, &kept);
        prop_assert_eq!(now.len(), kept.len() * kept.len().saturating_sub(1));
        prop_assert!(now.iter().all(|number| before.contains(number)), "{:?} {:?}", now, before);
    }
}
