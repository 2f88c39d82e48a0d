//! Lost connections, lost servers, lost paths: a hiccup never ends a call.

use std::time::Duration;

use call::input::{RequestError, ServerInput};
use call::output::{Request, Timer};
use call::view::{Ending, NoticeKind, Path, Phase, ServerState};
use call::{Input, Intent, Output};
use shared::room::{Presence, RoomState};
use shared::to_browser::{Bye, ByeReason, RoomStateChange, Welcome};
use shared::to_server::JoinRoom;
use shared::{PeerId, Rejection};

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
fn who_is_given_up_by_the_server_and_still_heard_is_not_gone() {
    let mut world = World::in_call(3);
    let before = world.connection_numbers();
    world.set_online(1, false);
    world.pass(GRACE * 4);
    assert_eq!(world.server.people(), 2);
    assert_eq!(heads(&world), [3, 3, 3]);
    let person = world.view(0).person(world.pages[1].id).unwrap().clone();
    assert_eq!(person.presence, Presence::Away);
    assert!(!notices(&world, 0).contains(&NoticeKind::Lost("P1".into())));
    world.say(1, "I am still here");
    world.pass(SOON);
    assert_eq!(said(&world, 2), ["I am still here"]);

    world.set_online(1, true);
    world.pass(SOON * 5);
    assert_eq!(world.server.people(), 3);
    let person = world.view(0).person(world.pages[1].id).unwrap().clone();
    assert_eq!(person.presence, Presence::Present);
    assert_eq!(before, world.connection_numbers());
}

#[test]
fn who_is_given_up_by_the_server_goes_with_the_link() {
    let mut world = World::in_call(3);
    world.set_online(1, false);
    world.pass(GRACE);
    world.break_path(0, 1);
    world.pass(SOON);
    assert_eq!(heads(&world)[..2], [2, 3], "only the one is broken");
    let lost = NoticeKind::Lost("P1".into());
    assert_eq!(notices(&world, 0).last(), Some(&lost));
    world.wish(1, Intent::Leave);
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 0, 2]);
    let left = NoticeKind::Left("P1".into());
    assert_eq!(notices(&world, 2).last(), Some(&left));
}

#[test]
fn who_is_gone_with_their_link_comes_back_connected() {
    let mut world = World::in_call(3);
    world.set_online(1, false);
    world.break_path(0, 1);
    world.pass(GRACE);
    assert_eq!(heads(&world)[0], 2);
    world.set_online(1, true);
    world.pass(SOON * 5);
    assert_eq!(heads(&world), [3, 3, 3]);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(path(&world, 0, 1), Path::Connected);
}

#[test]
fn the_host_can_remove_one_whom_the_server_has_given_up() {
    let mut world = World::in_call(3);
    world.set_online(1, false);
    world.pass(GRACE);
    let peer = world.pages[1].id;
    world.wish(0, Intent::RemoveMember(peer));
    world.pass(SOON);
    assert_eq!([heads(&world)[0], heads(&world)[2]], [2, 2]);
    let removed = NoticeKind::Removed("P1".into());
    assert_eq!(notices(&world, 2).last(), Some(&removed));
    world.set_online(1, true);
    world.pass(SOON);
    assert_eq!(world.view(1).phase, Phase::Ended(Ending::Removed));
}

#[test]
fn nobody_is_moderated_without_a_server() {
    let mut world = World::in_call(2);
    world.set_online(0, false);
    world.wish(0, Intent::LockRoom(true));
    let told = notices(&world, 0);
    assert_eq!(told.last(), Some(&NoticeKind::ModerationUnavailable));
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
    world.break_path(0, 1);
    while path(&world, 0, 1) != Path::Reconnecting {
        world.step_without_timers(0);
    }
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
fn who_is_not_let_in_again_asks_for_as_long_as_somebody_is_heard() {
    let mut world = World::in_call(2);
    world.server.set_capacity(1);
    world.restart_server();
    world.set_online(1, false);
    world.pass(SOON);
    world.set_online(1, true);
    world.pass(GRACE * 4);
    assert_eq!(world.view(1).phase, Phase::Reconnecting);
    assert_eq!(
        world.view(1).server,
        ServerState::Lost,
        "it is not over yet"
    );
    assert_eq!(heads(&world), [2, 2]);
    world.say(1, "they do not let me in");
    world.pass(SOON);
    assert_eq!(said(&world, 0), ["they do not let me in"]);

    world.blocked.insert((0, 1));
    world.break_path(0, 1);
    world.pass(SOON * 60);
    let why = Rejection::RoomFull { capacity: 1 };
    assert_eq!(
        world.view(1).phase,
        Phase::Ended(Ending::NotReadmitted(why))
    );
    assert_eq!(heads(&world), [1, 0]);
    assert!(world.connections.is_empty());
}

#[test]
fn who_is_not_let_in_again_comes_in_when_there_is_a_place() {
    let mut world = World::in_call(3);
    world.server.set_capacity(2);
    world.restart_server();
    world.set_online(2, false);
    world.pass(SOON);
    world.set_online(2, true);
    world.pass(GRACE);
    assert_eq!(world.view(2).phase, Phase::Reconnecting);
    world.wish(1, Intent::Leave);
    world.pass(SOON * 60);
    assert_eq!(world.view(2).phase, Phase::InCall);
    assert_eq!(heads(&world), [2, 0, 2]);
}

/// What that page asks the server when it hears this.
fn asks(world: &mut World, page: usize, heard: ServerInput) -> Option<JoinRoom> {
    let now = world.now;
    let outputs = world.pages[page].call.handle(Input::Server(heard), now);
    outputs.into_iter().find_map(|output| {
        if let Output::Request(Request::Join(join)) = output {
            return Some(join);
        }
        None
    })
}

fn refused(rejection: Rejection) -> ServerInput {
    ServerInput::Joined(Err(RequestError::Rejected(rejection)))
}

#[test]
fn a_server_that_does_not_take_what_is_remembered_is_asked_without_it() {
    let mut world = World::in_call(2);
    world.set_online(1, false);
    let join = asks(&mut world, 1, ServerInput::Connected).unwrap();
    assert_eq!(join.resume.unwrap().members.len(), 2);
    let malformed = || Rejection::Malformed {
        detail: String::new(),
    };
    let join = asks(&mut world, 1, refused(malformed())).unwrap();
    assert_eq!(join.resume, None);
    assert_eq!(asks(&mut world, 1, refused(malformed())), None);
    let ended = Phase::Ended(Ending::NotReadmitted(malformed()));
    assert_eq!(world.view(1).phase, ended);
}

#[test]
fn a_refusal_that_passes_ends_nothing() {
    let mut world = World::in_call(2);
    world.set_online(1, false);
    for rejection in [
        Rejection::NotInRoom,
        Rejection::Closing,
        Rejection::RateLimited,
        Rejection::QueueFull,
        Rejection::RoomLocked,
        Rejection::RoomFull { capacity: 2 },
    ] {
        assert!(asks(&mut world, 1, ServerInput::Connected).is_some());
        assert_eq!(asks(&mut world, 1, refused(rejection)), None);
        assert_eq!(world.view(1).phase, Phase::Reconnecting);
        // It is asked again by itself.
        let timer = Input::Timer(Timer::Rejoin);
        let later = world.now + Duration::from_secs(60);
        let outputs = world.pages[1].call.handle(timer, later);
        let is_join = |output: &Output| matches!(output, Output::Request(Request::Join(_)));
        assert!(outputs.iter().any(is_join));
    }
}

#[test]
fn nonsense_about_the_room_is_not_told_to_the_next_server() {
    let mut world = World::in_call(2);
    let state = RoomState {
        host: PeerId::from_bytes([0xEE; 16]),
        locked: true,
        listed: false,
    };
    let change = ServerInput::Event(RoomStateChange { state }.into());
    world.handle(1, Input::Server(change));
    world.set_online(1, false);
    let join = asks(&mut world, 1, ServerInput::Connected).unwrap();
    assert_eq!(join.resume, None, "a host who is not there");
}

#[test]
fn whom_the_host_puts_out_while_one_is_away_is_gone_for_that_one_too() {
    let mut world = World::in_call(3);
    world.set_online(1, false);
    world.pass(GRACE);
    world.set_online(2, false);
    world.pass(SOON);
    assert_eq!(heads(&world)[2], 3, "they can still be heard");
    let peer = world.pages[1].id;
    world.wish(0, Intent::RemoveMember(peer));
    world.pass(SOON);
    world.set_online(2, true);
    world.pass(SOON * 5);
    assert_eq!([heads(&world)[0], heads(&world)[2]], [2, 2]);
}

#[test]
fn who_leaves_while_there_is_no_server_is_gone_at_once() {
    let mut world = World::in_call(3);
    world.restart_server();
    for page in 0..3 {
        world.set_online(page, false);
    }
    world.wish(2, Intent::Leave);
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 2, 0]);
    assert!(notices(&world, 0).contains(&NoticeKind::Left("P2".into())));
}
