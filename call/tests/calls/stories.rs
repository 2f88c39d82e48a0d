//! What people live through in a call, told from the outside: whole calls over a server and a network
//! in memory.

use call::input::{RequestError, ServerInput};
use call::view::{Ending, NoticeKind, Path, Phase, Refusal};
use call::{Input, Intent};
use shared::to_browser::{Dropped, Replaced};
use shared::{NameError, Rejection};

use crate::support::look::{GRACE, SOON, heads, notices, path, said, undelivered};
use crate::support::world::World;

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
    let camera = |world: &World| {
        world
            .connection(0, 1)
            .limits
            .unwrap()
            .camera
            .unwrap()
            .bitrate
    };
    let shared = camera(&world);
    world.wish(2, Intent::Leave);
    world.wish(3, Intent::Leave);
    world.pass(SOON);
    let alone = camera(&world);
    assert!(alone > shared, "{alone} after {shared}");
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
    assert!(!notices(&world, 0).contains(&NoticeKind::SharesScreen("P2".into())));
    assert!(notices(&world, 0).contains(&NoticeKind::SharesScreen("P1".into())));
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
fn a_place_taken_by_another_tab_can_be_taken_back() {
    let mut world = World::in_call(2);
    let other = world.open_another_tab(1);
    for (taker, loser) in [(other, 1), (1, other), (other, 1)] {
        world.join(taker);
        world.pass(SOON);
        assert_eq!(world.view(taker).phase, Phase::InCall);
        assert_eq!(world.view(loser).phase, Phase::Ended(Ending::Replaced));
        assert_eq!(world.view(0).head_count(), 2);
        assert_eq!(path(&world, 0, 1), Path::Connected);
        assert_eq!(path(&world, taker, 0), Path::Connected);
        let line = format!("from {taker}");
        world.say(taker, &line);
        world.pass(SOON);
        assert_eq!(said(&world, 0).last(), Some(&line));
        assert_eq!(undelivered(&world, taker), [""; 0]);
    }
}

#[test]
fn who_is_refused_for_a_newer_page_may_ask_again() {
    let mut world = World::new(1);
    world.pass(SOON);
    let other = world.open_another_tab(0);
    world.pass(SOON);
    world.join(0);
    while world.server.people() == 0 {
        world.step_without_timers(0);
    }
    world.set_online(0, false);
    world.join(other);
    world.pass(SOON);
    world.set_online(0, true);
    world.pass(SOON);
    let refusal = Some(Refusal::Rejected(Rejection::StaleEpoch));
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });

    world.join(0);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::InCall);
    assert_eq!(world.view(other).phase, Phase::Ended(Ending::Replaced));
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
