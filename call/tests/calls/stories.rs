//! What people live through in a call, told from the outside: whole calls over a server and a network
//! in memory.

use std::time::Duration;

use crate::support::world::World;
use call::input::{RequestError, ServerInput};
use call::view::{ChatAuthor, Ending, NoticeKind, Path, Phase, Refusal};
use call::{Input, Intent};
use shared::room::Presence;
use shared::to_browser::{Bye, ByeReason, Dropped, Replaced, Welcome};
use shared::{NameError, Rejection};

const SOON: Duration = Duration::from_secs(1);
const GRACE: Duration = Duration::from_secs(16);

fn notices(world: &World, page: usize) -> Vec<NoticeKind> {
    let notices = world.view(page).notices;
    notices.into_iter().map(|notice| notice.kind).collect()
}

fn heads(world: &World) -> Vec<usize> {
    (0..world.pages.len())
        .map(|page| world.view(page).head_count())
        .collect()
}

fn path(world: &World, from: usize, to: usize) -> Path {
    world.view(from).person(world.pages[to].id).unwrap().path
}

/// Whom the last line that this page said did not reach.
fn undelivered(world: &World, page: usize) -> Vec<String> {
    let lines = world.view(page).chat.lines.into_iter().rev();
    let mut own = lines.filter_map(|line| match line.author {
        ChatAuthor::You { undelivered, .. } => Some(undelivered),
        ChatAuthor::Peer { .. } => None,
    });
    own.next().unwrap()
}

fn said(world: &World, page: usize) -> Vec<String> {
    let lines = world.view(page).chat.lines;
    lines.into_iter().map(|line| line.text).collect()
}

#[test]
fn someone_joins_and_everyone_sees_it() {
    let mut world = World::in_call(2);
    assert_eq!(notices(&world, 0), [NoticeKind::Joined("P1".into())]);
    assert_eq!(notices(&world, 1), []);
    assert!(world.view(0).you.unwrap().host);
    assert!(!world.view(1).you.unwrap().host);

    world.join_as(0, "ignored while in the call");
    assert_eq!(world.view(0).you.unwrap().name, "P0");
    assert_eq!(world.opened(), 2);
}

#[test]
fn twins_are_told_apart() {
    let mut world = World::new(3);
    for page in 0..3 {
        world.join_as(page, "Kim");
        world.pass(SOON);
    }
    let names = |page| -> Vec<String> {
        let people = world.view(page).people;
        people.into_iter().map(|person| person.name).collect()
    };
    assert_eq!(names(0), ["Kim (2)", "Kim (3)"]);
    assert_eq!(names(1), ["Kim", "Kim (3)"]);
    assert_eq!(world.view(2).you.unwrap().name, "Kim (3)");
}

#[test]
fn the_uplink_is_shared_among_those_who_are_there() {
    let mut world = World::in_call(4);
    let camera = |world: &World| world.connection(0, 1).limits.unwrap().camera;
    let shared = camera(&world);
    world.wish(2, Intent::Leave);
    world.wish(3, Intent::Leave);
    world.pass(SOON);
    let alone = camera(&world);
    assert!(alone > shared, "{alone} after {shared}");
}

#[test]
fn a_lost_connection_to_the_server_goes_by_quietly() {
    let mut world = World::in_call(3);
    let before = world.connection_numbers();
    world.set_online(1, false);
    assert_eq!(world.view(1).phase, Phase::Reconnecting);
    assert_eq!(notices(&world, 1).last(), Some(&NoticeKind::Reconnecting));
    world.pass(SOON);
    let presence = |world: &World| world.view(0).person(world.pages[1].id).unwrap().presence;
    assert_eq!(presence(&world), Presence::Away);
    world.say(1, "can you hear me?");
    world.pass(SOON);
    assert_eq!(said(&world, 0), ["can you hear me?"]);

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
fn someone_leaves_and_comes_back_on_the_same_page() {
    let mut world = World::in_call(2);
    world.wish(1, Intent::Leave);
    assert_eq!(world.view(1).phase, Phase::Ended(Ending::Left));
    world.pass(SOON);
    assert_eq!(heads(&world), [1, 0]);
    assert_eq!(
        notices(&world, 0).last(),
        Some(&NoticeKind::Left("P1".into()))
    );
    assert!(world.connections.is_empty());

    world.join(1);
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 2]);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(world.opened(), 4);
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
fn a_full_room_lets_one_in_by_one_click_once_there_is_space() {
    let mut world = World::new(3);
    world.server.set_capacity(2);
    for page in 0..3 {
        world.join(page);
        world.pass(SOON);
    }
    let full = Refusal::Rejected(Rejection::RoomFull { capacity: 2 });
    let refused = Phase::Preview {
        refusal: Some(full),
    };
    assert_eq!(world.view(2).phase, refused);

    world.wish(0, Intent::Leave);
    world.pass(SOON);
    world.join(2);
    world.pass(SOON);
    assert_eq!(heads(&world), [0, 2, 2]);
    assert_eq!(path(&world, 2, 1), Path::Connected);
    assert!(world.view(1).you.unwrap().host);
    assert!(notices(&world, 1).contains(&NoticeKind::YouAreHost));
}

#[test]
fn the_host_locks_the_room_and_puts_someone_out() {
    let mut world = World::in_call(2);
    world.wish(0, Intent::LockRoom(true));
    world.pass(SOON);
    assert!(world.view(1).locked);
    assert_eq!(notices(&world, 1), [NoticeKind::Locked]);
    world.wish(1, Intent::LockRoom(false));
    world.pass(SOON);
    assert!(world.view(0).locked);
    assert!(notices(&world, 1).contains(&NoticeKind::ModerationFailed));

    let peer = world.pages[1].id;
    world.wish(0, Intent::RemoveMember(peer));
    world.pass(SOON);
    assert_eq!(world.view(1).phase, Phase::Ended(Ending::Removed));
    assert_eq!(heads(&world), [1, 0]);
    assert!(world.connections.is_empty());
    assert!(notices(&world, 0).contains(&NoticeKind::Removed("P1".into())));
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
    world.step_without_timers(0);
    world.pass(Duration::from_millis(1));
    assert_eq!(path(&world, 0, 1), Path::Reconnecting);
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
fn chat_reaches_those_who_are_there_and_names_those_it_missed() {
    let mut world = World::in_call(2);
    world.say(0, "hello");
    world.pass(SOON);
    assert_eq!(said(&world, 1), ["hello"]);
    assert_eq!(world.view(1).chat.unread, 1);
    assert_eq!(undelivered(&world, 0), [""; 0]);

    world.set_online(1, false);
    world.break_path(0, 1);
    world.say(0, "are you there?");
    world.pass(GRACE);
    assert_eq!(undelivered(&world, 0), ["P1"]);

    world.set_online(1, true);
    world.pass(SOON * 5);
    assert_eq!(said(&world, 1), ["hello"], "it was given up when P1 was");
}

#[test]
fn a_line_said_while_the_path_heals_arrives_once() {
    let mut world = World::in_call(2);
    world.break_path(0, 1);
    world.say(0, "one");
    world.say(1, "two");
    world.pass(SOON * 5);
    for page in 0..2 {
        let mut lines = said(&world, page);
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
    }
    assert_eq!(undelivered(&world, 0), [""; 0]);
}

#[test]
fn who_joins_later_starts_with_an_empty_chat() {
    let mut world = World::new(3);
    for page in 0..2 {
        world.join(page);
        world.pass(SOON);
    }
    world.say(0, "before");
    world.pass(SOON);
    world.join(2);
    world.pass(SOON);
    world.say(0, "after");
    world.pass(SOON);
    assert_eq!(said(&world, 1), ["before", "after"]);
    assert_eq!(said(&world, 2), ["after"]);
}

#[test]
fn the_screen_shared_last_takes_the_stage() {
    let mut world = World::in_call(3);
    let stage = |world: &World| world.view(0).stage;
    for page in [1, 2] {
        world.wish(page, Intent::ShareScreen);
        world.pass(SOON);
        assert_eq!(stage(&world), Some(world.pages[page].id));
    }
    assert!(notices(&world, 0).contains(&NoticeKind::SharesScreen("P2".into())));
    world.wish(2, Intent::StopSharing);
    world.pass(SOON);
    assert_eq!(stage(&world), Some(world.pages[1].id));
    world.wish(1, Intent::Leave);
    world.pass(SOON);
    assert_eq!(stage(&world), None);
}

#[test]
fn who_joins_sees_the_screen_that_is_shared_already() {
    let mut world = World::new(2);
    world.join(0);
    world.pass(SOON);
    world.wish(0, Intent::ShareScreen);
    world.pass(SOON);
    world.join(1);
    world.pass(SOON);
    assert_eq!(world.view(1).stage, Some(world.pages[0].id));
}

#[test]
fn a_tab_whose_place_is_taken_ends_and_closes_everything() {
    for (event, ending) in [
        (Replaced {}.into(), Ending::Replaced),
        (
            Dropped {
                reason: Rejection::RateLimited,
            }
            .into(),
            Ending::Dropped(Rejection::RateLimited),
        ),
    ] {
        let mut world = World::in_call(2);
        world.handle(1, Input::Server(ServerInput::Event(event)));
        assert_eq!(world.view(1).phase, Phase::Ended(ending));
        assert!(world.connections.values().all(|open| open.page == 0));
    }
}

#[test]
fn joining_waits_for_the_server() {
    let mut world = World::new(1);
    world.set_online(0, false);
    world.join(0);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.set_online(0, true);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::InCall);
}

#[test]
fn a_name_that_is_not_valid_is_refused_before_asking() {
    let mut world = World::new(1);
    world.join_as(0, "  ");
    let refusal = Some(Refusal::Nickname(NameError::Empty));
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
}

#[test]
fn a_server_that_does_not_answer_is_told_that_nobody_waits() {
    let mut world = World::new(1);
    world.pass(SOON);
    world.join(0);
    let reply = ServerInput::Joined(Err(RequestError::TimedOut));
    world.handle(0, Input::Server(reply));
    let refusal = Some(Refusal::NoAnswer);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
    world.pass(SOON);
    assert_eq!(world.server.people(), 0);
}

#[test]
fn one_who_changes_their_mind_while_joining_is_not_left_in_the_room() {
    let mut world = World::in_call(1);
    world.wish(0, Intent::Leave);
    world.join(0);
    world.wish(0, Intent::Leave);
    world.join(0);
    world.wish(0, Intent::Leave);
    world.pass(SOON);
    assert_eq!(world.server.people(), 0);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal: None });
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
