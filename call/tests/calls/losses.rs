//! Lost connections, lost servers, lost paths: a hiccup never ends a call.

use std::time::Duration;

use call::input::ServerInput;
use call::view::{Ending, NoticeKind, Path, Phase};
use call::{Input, Intent};
use shared::Rejection;
use shared::room::Presence;
use shared::to_browser::{Bye, ByeReason, Welcome};

use crate::support::look::{GRACE, SOON, heads, notices, path, said};
use crate::support::world::World;

#[test]
fn a_lost_connection_to_the_server_goes_by_quietly() {
    let mut world = World::in_call(3);
    let before = world.connection_numbers();
    world.set_online(1, false);
    assert_eq!(world.view(1).phase, Phase::Reconnecting);
    world.pass(SOON);
    let presence = |world: &World| world.view(0).person(world.pages[1].id).unwrap().presence;
    assert_eq!(presence(&world), Presence::Away);
    world.say(1, "can you hear me?");
    world.pass(SOON);
    assert_eq!(said(&world, 0), ["can you hear me?"]);
    assert_eq!(notices(&world, 1).last(), Some(&NoticeKind::Reconnecting));

    world.set_online(1, true);
    world.pass(SOON);
    assert_eq!(world.view(1).phase, Phase::InCall);
    assert_eq!(notices(&world, 1).last(), Some(&NoticeKind::Reconnected));
    assert_eq!(presence(&world), Presence::Present);
    assert_eq!(heads(&world), [3, 3, 3]);
    assert_eq!(before, world.connection_numbers());
}

#[test]
fn a_server_that_has_forgotten_everything_interrupts_nobody() {
    let mut world = World::in_call(3);
    let before = world.connection_numbers();
    world.restart_server();
    for page in 0..3 {
        world.set_online(page, false);
    }
    for page in [2, 0, 1] {
        world.set_online(page, true);
        world.pass(SOON);
        assert_eq!(heads(&world), [3, 3, 3]);
    }
    assert_eq!(before, world.connection_numbers());
    let hosts: Vec<bool> = (0..3)
        .map(|page| world.view(page).you.unwrap().host)
        .collect();
    assert_eq!(hosts, [false, false, true]);
}

#[test]
fn who_does_not_come_back_after_a_restart_is_not_waited_for_forever() {
    let mut world = World::in_call(3);
    world.restart_server();
    world.set_online(2, false);
    world.pass(SOON);
    assert_eq!(heads(&world), [3, 3, 3]);
    world.pass(GRACE);
    assert_eq!(heads(&world)[..2], [2, 2]);
    assert_eq!(
        notices(&world, 0).last(),
        Some(&NoticeKind::Lost("P2".into()))
    );
}

#[test]
fn who_left_during_a_restart_is_not_waited_for_at_all() {
    let mut world = World::in_call(3);
    world.restart_server();
    for page in 0..3 {
        world.set_online(page, false);
    }
    world.wish(2, Intent::Leave);
    for page in 0..2 {
        world.set_online(page, true);
    }
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 2, 0]);
}

#[test]
fn who_was_away_for_too_long_is_gone_and_comes_back_connected() {
    let mut world = World::in_call(3);
    world.set_online(1, false);
    world.pass(GRACE);
    assert_eq!(heads(&world)[0], 2);
    assert_eq!(
        notices(&world, 0).last(),
        Some(&NoticeKind::Lost("P1".into()))
    );
    world.set_online(1, true);
    world.pass(SOON * 5);
    assert_eq!(heads(&world), [3, 3, 3]);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(path(&world, 0, 1), Path::Connected);
}

#[test]
fn an_offer_lost_with_the_connection_is_sent_again_at_once() {
    let mut world = World::new(2);
    world.join(0);
    world.pass(SOON);
    world.join(1);
    while world.opened() == 0 || !world.is_sending(1) {
        world.step_without_timers(0);
    }
    world.cut(1);
    world.pass(SOON);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(world.opened(), 2);
}

#[test]
fn an_answer_lost_with_the_connection_is_sent_again_at_once() {
    let mut world = World::new(2);
    world.join(0);
    world.pass(SOON);
    world.join(1);
    while world.opened() < 2 || !world.is_sending(0) {
        world.step_without_timers(0);
    }
    world.cut(0);
    world.pass(SOON);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(world.opened(), 2);
}

#[test]
fn one_who_was_given_up_and_does_not_know_it_is_offered_a_new_link() {
    let mut world = World::in_call(2);
    let peer = world.pages[1].id;
    let member = world.server.members().last().unwrap().clone();
    let opened = world.opened();
    let reason = ByeReason::Lost;
    for event in [Bye { peer, reason }.into(), Welcome { member }.into()] {
        world.handle(0, Input::Server(ServerInput::Event(event)));
    }
    assert_eq!(world.opened(), opened + 1);
    world.pass(SOON);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
}

#[test]
fn a_reload_after_a_crash_comes_back_as_the_same_person() {
    let mut world = World::in_call(3);
    world.reload(1, false);
    world.pass(SOON);
    assert_eq!(heads(&world), [3, 3, 3]);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert!(!notices(&world, 0).contains(&NoticeKind::Left("P1".into())));
    world.pass(GRACE);
    assert_eq!(heads(&world), [3, 3, 3]);
}

#[test]
fn two_who_cannot_connect_are_told_and_go_on_trying() {
    let mut world = World::new(3);
    world.blocked.insert((1, 2));
    for page in 0..3 {
        world.join(page);
    }
    world.pass(SOON * 20);
    assert_eq!(path(&world, 1, 2), Path::Failed);
    assert_eq!(path(&world, 2, 1), Path::Failed);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 0, 2), Path::Connected);
    let opened = world.opened();
    world.pass(Duration::from_secs(600));
    let tries = (world.opened() - opened) / 2;
    assert!((4..40).contains(&tries), "{tries} tries in ten minutes");
    assert_eq!(heads(&world), [3, 3, 3]);

    world.blocked.clear();
    world.pass(Duration::from_secs(90));
    assert_eq!(path(&world, 1, 2), Path::Connected);
    assert_eq!(path(&world, 2, 1), Path::Connected);
}

#[test]
fn a_broken_path_heals_without_a_new_link() {
    let mut world = World::in_call(2);
    let before = world.connection_numbers();
    world.break_path(0, 1);
    let noticed = (0..10).any(|_| {
        world.step_without_timers(0);
        path(&world, 0, 1) == Path::Reconnecting
    });
    assert!(noticed);
    world.pass(SOON * 3);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(before, world.connection_numbers());
}

#[test]
fn a_path_that_breaks_while_the_server_is_away_heals_when_it_is_back() {
    let mut world = World::in_call(2);
    let before = world.connection_numbers();
    for page in 0..2 {
        world.set_online(page, false);
    }
    world.break_path(0, 1);
    world.pass(SOON * 10);
    assert_eq!(path(&world, 0, 1), Path::Reconnecting);
    for page in 0..2 {
        world.set_online(page, true);
    }
    world.pass(SOON * 3);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(before, world.connection_numbers());
}

#[test]
fn who_is_not_let_in_again_is_told_why() {
    let mut world = World::in_call(2);
    world.server.set_capacity(1);
    world.restart_server();
    world.set_online(1, false);
    world.pass(SOON);
    world.set_online(1, true);
    world.pass(SOON);
    let why = Rejection::RoomFull { capacity: 1 };
    assert_eq!(
        world.view(1).phase,
        Phase::Ended(Ending::NotReadmitted(why))
    );
    assert_eq!(heads(&world), [1, 0]);
    assert!(world.connections.is_empty());
}
