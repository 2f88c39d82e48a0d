//! Meeting someone: choosing, looking, talking, going on to the next.

use call::input::{RequestError, ServerInput};
use call::output::Request;
use call::view::{Ending, NoticeKind, Parting, Path, Phase, Refusal};
use call::{Input, Intent, Output};
use proptest::prelude::*;
use shared::room::MeetingKind::{Text, Video};
use shared::to_server::LeaveRoom;
use shared::{NameError, Rejection};

use crate::support::look::{GRACE, SOON, heads, notices, path, said};
use crate::support::world::World;

/// Two who have met.
fn two_met() -> World {
    let mut world = World::for_meetings(2);
    for page in 0..2 {
        world.meet(page, Text);
        world.pass(SOON);
    }
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    world
}

#[test]
fn two_who_look_for_someone_meet_and_write_to_each_other() {
    let mut world = World::for_meetings(2);
    world.meet(0, Text);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.meet(1, Text);
    world.pass(SOON);
    assert_eq!(notices(&world, 0), [NoticeKind::Met("P1".into())]);
    assert_eq!(notices(&world, 1), [NoticeKind::Met("P0".into())]);
    assert_eq!(world.opened(), 2, "only one of them offers");
    for page in 0..2 {
        let view = world.view(page);
        assert!(!view.you.unwrap().host && !view.people[0].host);
    }

    world.say(0, "hello");
    world.pass(SOON);
    assert_eq!(said(&world, 1), ["hello"]);
    assert_eq!(world.view(1).chat.unread, 0, "it is all there is to see");
}

#[test]
fn whoever_meets_for_text_opens_no_device() {
    let mut world = two_met();
    world.next(0);
    world.pass(SOON);
    for page in 0..2 {
        assert!(world.pages[page].opened_devices.is_empty());
    }
    let mut world = World::for_meetings(1);
    world.pass(SOON);
    assert!(
        world.pages[0].opened_devices.is_empty(),
        "nothing is chosen"
    );
    world.meet(0, Video);
    assert!(!world.pages[0].opened_devices.is_empty());
}

#[test]
fn the_one_left_behind_is_told_and_can_go_on() {
    let mut world = two_met();
    world.say(1, "where are you from?");
    world.pass(SOON);
    world.next(0);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::Joining);
    assert_eq!(said(&world, 0), [""; 0]);
    assert_eq!(
        world.view(1).phase,
        Phase::Parted(Parting::Left("P0".into()))
    );
    assert_eq!(said(&world, 1), ["where are you from?"]);
    assert_eq!(world.server.people(), 0, "the room is given up");
    assert!(world.connections.is_empty());

    world.next(1);
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 2]);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    assert_eq!(said(&world, 1), [""; 0]);
    world.say(0, "again?");
    world.pass(SOON);
    assert_eq!(said(&world, 1), ["again?"]);
}

#[test]
fn leaving_ends_it_and_the_choice_is_a_click_away() {
    let mut world = two_met();
    world.wish(0, Intent::Leave);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::Ended(Ending::Left));
    world.wish(1, Intent::Leave);
    assert_eq!(world.view(1).phase, Phase::Ended(Ending::Left));
    world.pass(SOON);
    assert_eq!(world.server.people(), 0);

    world.wish(0, Intent::BackToPreview);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal: None });
    world.meet(0, Video);
    world.wish(0, Intent::Leave);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal: None });
}

#[test]
fn one_who_changes_their_mind_meets_nobody() {
    let mut world = World::for_meetings(2);
    world.meet(0, Text);
    world.pass(SOON);
    world.wish(0, Intent::Leave);
    world.meet(1, Text);
    world.pass(SOON);
    assert_eq!(world.view(1).phase, Phase::Joining);
}

#[test]
fn a_meeting_that_crosses_a_change_of_mind_is_nobodys() {
    let mut world = World::for_meetings(2);
    world.meet(0, Text);
    world.pass(SOON);
    world.meet(1, Text);
    // They are brought together, and the first has not heard of it yet.
    while world.server.people() < 2 {
        world.step_without_timers(0);
    }
    world.wish(0, Intent::Leave);
    world.meet(0, Video);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::Joining);
    assert_eq!(
        world.view(1).phase,
        Phase::Parted(Parting::Left("P0".into()))
    );
    assert_eq!(world.server.people(), 0);
}

#[test]
fn looking_goes_on_when_the_server_is_back() {
    let mut world = World::for_meetings(2);
    world.set_online(0, false);
    world.meet(0, Text);
    world.pass(SOON);
    world.set_online(0, true);
    world.pass(SOON);
    world.restart_server();
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.meet(1, Text);
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 2]);
}

#[test]
fn a_meeting_outlives_a_restart_of_the_server() {
    let mut world = two_met();
    let connections = world.connection_numbers();
    world.restart_server();
    world.pass(SOON * 10);
    assert_eq!(world.view(0).phase, Phase::InCall);
    assert_eq!(heads(&world), [2, 2]);
    assert_eq!(world.connection_numbers(), connections);
    let heard = notices(&world, 1);
    assert!(!heard.contains(&NoticeKind::YouAreHost), "{heard:?}");
}

#[test]
fn one_whom_only_the_server_has_lost_is_still_there() {
    let mut world = two_met();
    let before = world.connection_numbers();
    world.set_online(0, false);
    world.pass(GRACE * 2);
    assert_eq!(heads(&world), [2, 2]);
    world.set_online(0, true);
    world.pass(GRACE * 2);
    assert_eq!(heads(&world), [2, 2]);
    assert_eq!(world.server.people(), 2);
    assert_eq!(world.connection_numbers(), before);
}

#[test]
fn one_whose_connection_is_lost_for_good_is_missed() {
    let mut world = two_met();
    world.set_online(0, false);
    world.blocked.insert((0, 1));
    world.break_path(0, 1);
    world.pass(GRACE);
    let lost = Phase::Parted(Parting::Lost("P0".into()));
    assert_eq!(world.view(1).phase, lost);
    world.set_online(0, true);
    world.pass(GRACE * 2);
    assert_eq!(world.server.people(), 0);
}

#[test]
fn nobody_else_gets_into_a_meeting_that_is_restored() {
    let mut world = two_met();
    world.restart_server();
    world.pass(SOON);
    let room = world.server.room().unwrap().clone();
    assert_eq!(room.capacity(), 2);
    assert_eq!(room.members().count(), 2);
}

#[test]
fn next_without_a_server_waits_for_it() {
    let mut world = two_met();
    world.set_online(0, false);
    world.next(0);
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.set_online(0, true);
    world.pass(GRACE * 2);
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.next(1);
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 2]);
}

#[test]
fn a_screen_is_not_for_the_next_one_to_see() {
    let mut world = two_met();
    world.wish(0, Intent::ShareScreen);
    world.pass(SOON);
    assert!(world.view(1).stage.is_some());
    world.next(0);
    world.next(1);
    world.pass(SOON);
    assert_eq!(heads(&world), [2, 2]);
    assert_eq!(world.view(1).stage, None);
}

#[test]
fn what_the_server_says_to_one_who_looks() {
    let mut world = World::for_meetings(1);
    world.meet(0, Text);
    world.pass(SOON);
    let answer = |world: &mut World, error| {
        world.handle(0, Input::Server(ServerInput::Waiting(Err(error))));
    };
    // What passes is tried again, however often.
    for _ in 0..3 {
        answer(&mut world, RequestError::TimedOut);
        answer(&mut world, RequestError::Rejected(Rejection::RateLimited));
        assert_eq!(world.view(0).phase, Phase::Joining);
        world.pass(SOON * 60);
    }
    let malformed = Rejection::Malformed {
        detail: String::new(),
    };
    answer(&mut world, RequestError::Rejected(malformed.clone()));
    let refusal = Some(Refusal::Rejected(malformed));
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
}

#[test]
fn a_name_that_is_not_valid_is_refused_before_looking() {
    let mut world = World::for_meetings(1);
    world.pages[0].nickname = " ".to_owned();
    world.meet(0, Video);
    let refusal = Some(Refusal::Nickname(NameError::Empty));
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
    assert!(world.pages[0].opened_devices.is_empty());
}

#[test]
fn a_page_that_goes_away_says_that_nobody_looks_any_more() {
    let mut world = World::for_meetings(1);
    world.meet(0, Text);
    world.pass(SOON);
    let now = world.now;
    let outputs = world.pages[0]
        .call
        .handle(Input::Intent(Intent::Leave), now);
    let leave = Output::Request(Request::Leave(LeaveRoom {}));
    assert!(outputs.contains(&leave), "{outputs:?}");
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Step(usize),
    Meet(usize),
    Next(usize),
    Leave(usize),
    Cut(usize),
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let page = 0..2usize;
    prop_oneof![
        20 => any::<usize>().prop_map(Act::Step),
        3 => page.clone().prop_map(Act::Meet),
        3 => page.clone().prop_map(Act::Next),
        1 => page.clone().prop_map(Act::Leave),
        1 => page.prop_map(Act::Cut),
        1 => Just(Act::Restart),
    ]
}

proptest! {
    /// In any order, with any losses: whoever looks for someone afterwards finds them.
    #[test]
    fn whatever_happens_two_who_look_meet(acts in prop::collection::vec(act(), 0..120)) {
        let mut world = World::for_meetings(2);
        for act in acts {
            match act {
                Act::Step(choice) => world.step(choice),
                Act::Meet(page) => world.meet(page, Text),
                Act::Next(page) => world.next(page),
                Act::Leave(page) => world.wish(page, Intent::Leave),
                Act::Cut(page) => world.cut(page),
                Act::Restart => world.restart_server(),
            }
        }
        for page in 0..2 {
            world.wish(page, Intent::Leave);
            world.wish(page, Intent::BackToPreview);
        }
        world.pass(GRACE * 3);
        prop_assert_eq!(world.server.people(), 0);
        prop_assert!(world.connections.is_empty());
        for page in 0..2 {
            world.meet(page, Text);
        }
        world.pass(GRACE * 3);
        prop_assert_eq!(heads(&world), [2, 2]);
        prop_assert_eq!(path(&world, 0, 1), Path::Connected);
        prop_assert_eq!(path(&world, 1, 0), Path::Connected);
    }
}
