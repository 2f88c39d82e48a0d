//! Hiding one's address: what the other side is told, and what happens where the server has no relay for it.

use call::input::{RequestError, ServerInput};
use call::output::{IceTransportPolicy, Preferences, Request};
use call::view::{HidingView, NoticeKind, Path, Phase, Refusal, Relay};
use call::{Call, Input, Intent, Output};
use shared::room::IceServer;
use shared::room::MeetingKind::Text;
use shared::to_server::IceServers;
use shared::{Epoch, Rejection};

use crate::support::look::{GRACE, SOON, heads, notices, path};
use crate::support::page::setup;
use crate::support::server::turn;
use crate::support::world::World;

/// All candidates of one page's that the other was told.
fn told(world: &World, of: usize, to: usize) -> String {
    world.connection(to, of).told.join("\n")
}

#[track_caller]
fn is_told_of_a_relay_alone(world: &World, of: usize, to: usize) {
    let told = told(world, of, to);
    assert!(told.contains("typ relay"), "{told}");
    assert!(!told.contains("typ host"), "{told}");
    assert!(!told.contains("10.0.0.1"), "{told}");
}

/// A server that only says who one is.
fn stun() -> Vec<IceServer> {
    vec![IceServer {
        urls: vec!["stun:turn.example".to_owned()],
        username: None,
        credential: None,
    }]
}

/// Page 0 in a room with the others, its address hidden.
fn hidden_among(pages: usize) -> World {
    let mut world = World::new(pages);
    world.wish(0, Intent::HideAddress(true));
    for page in 0..pages {
        world.join(page);
        world.pass(SOON);
    }
    world
}

#[test]
fn who_hides_tells_a_relays_address_and_no_other() {
    let mut world = hidden_among(2);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    let own = world.connection(0, 1);
    assert_eq!(own.transport, IceTransportPolicy::Relay);
    is_told_of_a_relay_alone(&world, 0, 1);
    // The other has hidden nothing.
    assert!(told(&world, 1, 0).contains("typ host"));
    let other = world.connection(1, 0);
    assert_eq!(other.transport, IceTransportPolicy::All);

    // Nor when another way is looked for.
    world.break_path(0, 1);
    world.pass(GRACE);
    assert_eq!(path(&world, 1, 0), Path::Connected);
    is_told_of_a_relay_alone(&world, 0, 1);

    // The page remembers it.
    world.reload(0, true);
    world.pass(GRACE);
    assert_eq!(heads(&world), [2, 2]);
    is_told_of_a_relay_alone(&world, 0, 1);
}

#[test]
fn it_is_chosen_in_the_preview_and_holds_for_the_visit() {
    let mut world = hidden_among(2);
    world.wish(0, Intent::HideAddress(false));
    assert!(world.view(0).hiding.wanted);
    world.wish(0, Intent::Leave);
    world.wish(0, Intent::BackToPreview);
    world.wish(0, Intent::HideAddress(false));
    world.join(0);
    world.pass(SOON);
    assert!(told(&world, 0, 1).contains("typ host"));
}

#[test]
fn who_hides_does_not_come_in_where_there_is_no_relay() {
    let mut world = World::new(1);
    world.server.ice_servers = stun();
    world.pass(SOON);
    assert_eq!(world.view(0).hiding.relay, Relay::Unknown, "nobody asked");
    world.wish(0, Intent::HideAddress(true));
    world.pass(SOON);
    let hiding = HidingView {
        wanted: true,
        relay: Relay::Missing,
    };
    assert_eq!(world.view(0).hiding, hiding);
    world.join(0);
    world.pass(SOON);
    let refusal = Some(Refusal::NoRelay);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
    assert_eq!(world.server.people(), 0);

    world.wish(0, Intent::HideAddress(false));
    assert_eq!(world.view(0).phase, Phase::Preview { refusal: None });
    world.join(0);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::InCall);
}

#[test]
fn whoever_is_turned_back_was_seen_by_nobody() {
    let mut world = World::new(2);
    world.server.ice_servers = Vec::new();
    world.join(1);
    world.pass(SOON);
    // In a hurry: the server has not been asked yet.
    world.wish(0, Intent::HideAddress(true));
    world.join(0);
    world.pass(SOON);
    let refusal = Some(Refusal::NoRelay);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
    assert_eq!(notices(&world, 1), []);
}

#[test]
fn a_relay_that_is_gone_by_the_time_one_comes_in_turns_one_back_too() {
    let mut world = World::new(2);
    world.join(1);
    world.wish(0, Intent::HideAddress(true));
    world.pass(SOON);
    assert_eq!(world.view(0).hiding.relay, Relay::Offered);
    world.server.ice_servers = Vec::new();
    world.join(0);
    world.pass(SOON);
    let refusal = Some(Refusal::NoRelay);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
    assert_eq!(world.server.people(), 1);
    assert_eq!(heads(&world), [0, 1]);
}

#[test]
fn a_server_that_is_back_without_its_relay_is_told_of_and_nothing_is_given_away() {
    let mut world = hidden_among(2);
    let before = world.connection_numbers();
    world.server.ice_servers = Vec::new();
    world.restart_server();
    world.pass(SOON * 5);
    assert!(notices(&world, 0).contains(&NoticeKind::RelayGone));
    assert!(!notices(&world, 1).contains(&NoticeKind::RelayGone));
    assert_eq!(world.connection_numbers(), before, "what stands, stands");
    world.break_path(0, 1);
    world.pass(GRACE);
    is_told_of_a_relay_alone(&world, 0, 1);
}

#[test]
fn links_that_stand_get_the_credentials_that_come_with_the_way_back() {
    let mut world = hidden_among(3);
    for page in 0..3 {
        for other in (0..3).filter(|other| *other != page) {
            let link = world.connection(page, other);
            assert_eq!(link.ice_servers, [turn("first")]);
        }
    }
    world.server.ice_servers = vec![turn("second")];
    world.cut(0);
    world.pass(GRACE);
    for other in [1, 2] {
        let own = world.connection(0, other);
        assert_eq!(own.ice_servers, [turn("second")]);
        let theirs = world.connection(other, 0);
        assert_eq!(theirs.ice_servers, [turn("first")]);
    }
}

#[test]
fn from_strangers_the_address_is_hidden_unless_one_says_otherwise() {
    let mut world = World::for_meetings(2);
    world.pass(SOON);
    let by_default = HidingView {
        wanted: true,
        relay: Relay::Offered,
    };
    assert_eq!(world.view(0).hiding, by_default);
    world.wish(1, Intent::HideAddress(false));
    for page in 0..2 {
        world.meet(page, Text);
    }
    world.pass(SOON);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    is_told_of_a_relay_alone(&world, 0, 1);
    assert!(told(&world, 1, 0).contains("typ host"));

    // With the next one it is the same.
    for page in 0..2 {
        world.next(page);
    }
    world.pass(GRACE);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    is_told_of_a_relay_alone(&world, 0, 1);
}

#[test]
fn without_a_relay_one_meets_unhidden_once_one_has_been_told() {
    let mut world = World::for_meetings(2);
    world.server.ice_servers = stun();
    // This one looks before the page could say it.
    world.meet(0, Text);
    world.pass(SOON);
    let refusal = Some(Refusal::NoRelay);
    assert_eq!(world.view(0).phase, Phase::Preview { refusal });
    for page in 0..2 {
        assert_eq!(world.view(page).hiding.relay, Relay::Missing);
        world.meet(page, Text);
    }
    world.pass(SOON);
    assert_eq!(path(&world, 0, 1), Path::Connected);
    assert_eq!(
        world.connection(0, 1).transport,
        IceTransportPolicy::All,
        "as told"
    );
}

#[test]
fn two_who_are_brought_together_without_the_relay_that_there_was_part_unseen() {
    let mut world = World::for_meetings(2);
    world.meet(0, Text);
    world.pass(SOON);
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.server.ice_servers = Vec::new();
    world.meet(1, Text);
    world.pass(SOON);
    let refusal = Some(Refusal::NoRelay);
    for page in 0..2 {
        let phase = world.view(page).phase;
        assert_eq!(
            phase,
            Phase::Preview {
                refusal: refusal.clone()
            }
        );
    }
    assert_eq!(world.server.people(), 0);
    assert_eq!(world.opened(), 0, "no link was ever made");
}

#[test]
fn a_server_that_does_not_say_whether_it_relays() {
    let timed_out = || Err(RequestError::TimedOut);
    let refused = || Err(RequestError::Rejected(Rejection::RateLimited));
    let offered = || {
        Ok(IceServers {
            ice_servers: vec![turn("a")],
        })
    };
    let asks = |outputs: &[Output]| {
        let is_asked = |output: &Output| matches!(output, Output::Request(Request::IceServers(_)));
        outputs.iter().any(is_asked)
    };
    let joins = |outputs: &[Output]| {
        let is_join = |output: &Output| matches!(output, Output::Request(Request::Join(_)));
        outputs.iter().filter(|output| is_join(output)).count()
    };
    let mut preferences = Preferences::default();
    preferences.hides_address.in_rooms = true;
    let mut call = Call::new(call::Setup {
        preferences,
        ..setup(0)
    });
    let now = call::Time::since_unix_epoch(SOON);
    let join = || {
        Input::Intent(Intent::Join {
            nickname: "Ann".to_owned(),
            epoch: Epoch::from_bytes([1; 8]),
        })
    };
    let answer = |reply| Input::Server(ServerInput::IceServers(reply));
    call.start(now);
    assert!(asks(
        &call.handle(Input::Server(ServerInput::Connected), now)
    ));
    assert_eq!(call.handle(answer(timed_out()), now).len(), 1, "a log");

    for (reply, refusal) in [
        (timed_out(), Refusal::NoAnswer),
        (refused(), Refusal::Rejected(Rejection::RateLimited)),
    ] {
        let outputs = call.handle(join(), now);
        assert!(asks(&outputs) && joins(&outputs) == 0, "{outputs:?}");
        call.handle(answer(reply), now);
        let refusal = Some(refusal);
        assert_eq!(call.view().phase, Phase::Preview { refusal });
    }
    // Asked twice, it answers twice; one comes in once.
    call.handle(join(), now);
    assert_eq!(joins(&call.handle(answer(offered()), now)), 1);
    assert_eq!(joins(&call.handle(answer(offered()), now)), 0);
    assert_eq!(call.view().phase, Phase::Joining);
}

#[test]
fn who_looks_goes_on_asking_a_server_that_does_not_say_whether_it_relays() {
    let mut world = World::for_meetings(1);
    world.pages[0].nickname = "Ann".to_owned();
    world.meet(0, Text);
    let answer = |reply| Input::Server(ServerInput::IceServers(reply));
    world.handle(0, Input::Server(ServerInput::Disconnected));
    world.handle(0, answer(Err(RequestError::Disconnected)));
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.handle(0, answer(Err(RequestError::TimedOut)));
    assert_eq!(world.view(0).phase, Phase::Joining);
    world.pass(SOON * 5);
    assert_eq!(world.view(0).hiding.relay, Relay::Offered);

    // Who thinks better of it is not taken along by a late answer.
    world.wish(0, Intent::Leave);
    world.pass(SOON);
    world.handle(
        0,
        answer(Ok(IceServers {
            ice_servers: Vec::new(),
        })),
    );
    assert_eq!(world.view(0).phase, Phase::Preview { refusal: None });
}
