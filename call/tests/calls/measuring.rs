//! What the pages measure, tell each other of it, and do when something does not arrive.

use std::time::Duration;

use call::input::LinkEvent;
use call::intent::Panel;
use call::output::Slot;
use call::view::{FlowView, Missing, PairView, PersonView, Picture, Quality, RouteKind};
use call::{Input, Intent};
use shared::PeerMessage;
use shared::report::{LinkQuality, LinkReport};

use crate::support::browser::Ailment;
use crate::support::look::{SOON, notices};
use crate::support::measuring::TICK;
use crate::support::world::World;

const NOTHING: Missing = Missing {
    sound: false,
    picture: false,
};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn person(world: &World, from: usize, to: usize) -> PersonView {
    let view = world.view(from);
    view.person(world.pages[to].id).unwrap().clone()
}

/// What that page is told by another, whatever that one's call would say.
fn whisper(world: &mut World, from: usize, to: usize, message: &PeerMessage) {
    let link = world.connection(to, from).link;
    let event = LinkEvent::ChannelMessage(serde_json::to_string(message).unwrap());
    world.handle(to, Input::Link { link, event });
}

/// The pairs that a page shows, by the numbers of their pages.
fn pairs(world: &World, page: usize) -> Vec<(usize, usize, PairView)> {
    let number = |id| world.pages.iter().position(|page| page.id == id).unwrap();
    let pairs = world.view(page).connections;
    pairs
        .into_iter()
        .map(|pair| {
            let [one, other] = pair.parties.clone().map(|party| number(party.id));
            (one, other, pair)
        })
        .collect()
}

#[test]
fn where_everything_arrives_nothing_is_done() {
    let mut world = World::in_call(3);
    world.wish(0, Intent::ShareScreen);
    world.wish(1, Intent::ToggleMicrophone);
    world.wish(2, Intent::ToggleCamera);
    let before = world.connection_numbers();
    world.pass_measuring(seconds(300));
    for (from, to) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
        let person = person(&world, from, to);
        assert_eq!(person.quality, Quality::Good);
        assert_eq!((person.missing, person.missing_there), (NOTHING, NOTHING));
        let connection = world.connection(from, to);
        assert_eq!((connection.exchanges, connection.sent_afresh), (1, 0));
    }
    assert_eq!(world.connection_numbers(), before);
}

#[test]
fn a_picture_that_stays_away_is_told_to_both_and_comes_back_on_the_same_link() {
    let mut world = World::in_call(3);
    world.pass_measuring(seconds(10));
    let before = world.connection_numbers();
    world.ail(0, 1, Slot::Camera, Ailment::SentAfresh);
    let began = world.now;
    let picture = Missing {
        sound: false,
        picture: true,
    };
    while person(&world, 1, 0).missing == NOTHING {
        world.pass_measuring(TICK);
        assert!(world.now.since(began) < seconds(10), "nobody notices");
    }
    assert_eq!(person(&world, 1, 0).missing, picture);
    assert_eq!(person(&world, 1, 0).quality, Quality::Poor);
    assert_eq!(person(&world, 0, 1).missing_there, picture);
    assert_eq!(person(&world, 0, 1).quality, Quality::Poor);
    assert_eq!(person(&world, 0, 2).quality, Quality::Good);
    world.pass_measuring(seconds(6));
    for (from, to) in [(1, 0), (0, 1)] {
        let person = person(&world, from, to);
        assert_eq!((person.missing, person.missing_there), (NOTHING, NOTHING));
        assert_eq!(person.quality, Quality::Good);
    }
    assert_eq!(world.connection(0, 1).sent_afresh, 1);
    assert_eq!(world.connection(0, 1).exchanges, 1);
    assert_eq!(world.connection_numbers(), before);
}

#[test]
fn what_asking_does_not_cure_is_cured_by_a_restart() {
    let mut world = World::in_call(2);
    let before = world.connection_numbers();
    world.ail(0, 1, Slot::Microphone, Ailment::Restarted);
    world.pass_measuring(seconds(30));
    assert_eq!(person(&world, 1, 0).missing, NOTHING);
    assert_eq!(world.connection(0, 1).exchanges, 2);
    assert_eq!(world.connection_numbers(), before);
}

#[test]
fn what_a_restart_does_not_cure_is_cured_by_a_new_link() {
    let mut world = World::in_call(3);
    let untouched = world.connection(0, 2).number;
    let before = world.connection(0, 1).number;
    world.ail(0, 1, Slot::Microphone, Ailment::Replaced);
    world.pass_measuring(seconds(40));
    assert_eq!(person(&world, 1, 0).missing, NOTHING);
    assert_ne!(world.connection(0, 1).number, before);
    assert_eq!(world.connection(0, 2).number, untouched);
}

#[test]
fn one_who_only_says_that_they_send_makes_nobody_work_for_long() {
    let mut world = World::in_call(2);
    let opened = world.opened();
    for _ in 0..60 {
        // Whatever is done about it.
        world.ail(0, 1, Slot::Microphone, Ailment::Replaced);
        world.pass_measuring(seconds(60));
    }
    assert!(world.opened() - opened <= 4, "{}", world.opened());
    assert!(world.connection(0, 1).sent_afresh <= 20);
    assert!(person(&world, 1, 0).missing.sound);
}

#[test]
fn one_who_says_that_nothing_arrives_makes_nobody_work_for_long_either() {
    let mut world = World::in_call(2);
    for _ in 0..600 {
        for sound in [true, false] {
            let message = PeerMessage::Missing {
                sound,
                picture: sound,
            };
            whisper(&mut world, 0, 1, &message);
        }
        world.pass(seconds(1));
    }
    let afresh = world.connection(1, 0).sent_afresh;
    assert!((1..=33).contains(&afresh), "{afresh}");
    assert_eq!(world.connection(1, 0).exchanges, 1);
}

#[test]
fn what_is_off_is_not_missed_there() {
    let mut world = World::in_call(2);
    world.wish(0, Intent::ToggleCamera);
    world.wish(0, Intent::ToggleMicrophone);
    let message = PeerMessage::Missing {
        sound: true,
        picture: true,
    };
    whisper(&mut world, 1, 0, &message);
    assert_eq!(person(&world, 0, 1).missing_there, NOTHING);
    assert_eq!(world.connection(0, 1).sent_afresh, 0);
}

#[test]
fn a_path_that_is_gone_is_lost_and_not_one_way() {
    let mut world = World::in_call(2);
    world.pass_measuring(seconds(4));
    world.block(0, 1);
    world.pass_measuring(seconds(20));
    assert_eq!(person(&world, 0, 1).quality, Quality::Reconnecting);
    assert_eq!(person(&world, 0, 1).missing, NOTHING);
    world.unblock(0, 1);
    world.pass_measuring(seconds(20));
    assert_eq!(person(&world, 0, 1).quality, Quality::Good);
    assert_eq!(world.connection(0, 1).sent_afresh, 0);
}

#[test]
fn who_looks_sees_every_pair_once_and_both_directions() {
    let mut world = World::in_call(4);
    world.pass_measuring(seconds(6));
    assert_eq!(world.view(1).connections, []);
    world.wish(1, Intent::ShowPanel(Some(Panel::Connections)));
    world.wish(0, Intent::ToggleCamera);
    world.pass_measuring(seconds(6));
    let pairs = pairs(&world, 1);
    let who: Vec<_> = pairs.iter().map(|(one, other, _)| (*one, *other)).collect();
    assert_eq!(who, [(1, 0), (1, 2), (1, 3), (0, 2), (0, 3), (2, 3)]);
    let full = FlowView {
        bitrate: Some(800_000),
        lost_per_mille: Some(0),
        picture: Some(Picture {
            width: 640,
            height: 360,
            frames_per_second: 30,
        }),
        sound: Some(true),
    };
    let voice = FlowView {
        bitrate: Some(400_000),
        picture: None,
        ..full.clone()
    };
    for (one, other, pair) in &pairs {
        let sent_by = |page: &usize| if *page == 0 { &voice } else { &full };
        assert_eq!(pair.flows[0], *sent_by(one), "{one} to {other}");
        assert_eq!(pair.flows[1], *sent_by(other), "{other} to {one}");
        assert_eq!(pair.quality, Quality::Good);
        assert_eq!(pair.round_trip, Some(Duration::from_millis(20)));
        assert_eq!(pair.route.map(|route| route.kind), Some(RouteKind::Direct));
    }
}

#[test]
fn who_looks_sees_what_two_others_suffer() {
    let mut world = World::in_call(3);
    world.wish(2, Intent::ShowPanel(Some(Panel::Connections)));
    world.block(0, 1);
    world.pass_measuring(seconds(20));
    let quality = |world: &World| {
        let pairs = pairs(world, 2);
        pairs
            .iter()
            .map(|(.., pair)| pair.quality)
            .collect::<Vec<_>>()
    };
    let expected = [Quality::Good, Quality::Good, Quality::Reconnecting];
    assert_eq!(quality(&world), expected);
    world.unblock(0, 1);
    world.pass_measuring(seconds(10));
    assert_eq!(quality(&world), [Quality::Good; 3]);
}

#[test]
fn reports_end_with_the_looking_and_begin_again_with_a_new_link() {
    let mut world = World::in_call(3);
    let reports = |world: &mut World| {
        world.reports_sent = 0;
        world.pass_measuring(seconds(20));
        world.reports_sent
    };
    assert_eq!(reports(&mut world), 0);
    world.wish(0, Intent::ShowPanel(Some(Panel::Connections)));
    let sent = reports(&mut world);
    assert!((15..=20).contains(&sent), "{sent}");
    world.reload(1, false);
    let sent = reports(&mut world);
    assert!((12..=20).contains(&sent), "{sent}");
    world.wish(0, Intent::ShowPanel(None));
    world.pass(SOON);
    assert_eq!(reports(&mut world), 0);
    assert_eq!(world.view(0).connections, []);
}

#[test]
fn reports_that_no_longer_come_no_longer_hold() {
    let mut world = World::in_call(3);
    world.wish(0, Intent::ShowPanel(Some(Panel::Connections)));
    world.pass_measuring(seconds(6));
    assert_eq!(pairs(&world, 0).len(), 3);
    for page in 1..3 {
        world.block(0, page);
    }
    world.pass_measuring(seconds(14));
    assert_eq!(pairs(&world, 0).len(), 2);
}

fn report(world: &World, about: usize) -> LinkReport {
    LinkReport {
        peer: world.pages[about].id,
        quality: LinkQuality::Good,
        route: None,
        round_trip: Some(u32::MAX),
        bitrate: Some(u32::MAX),
        lost_per_mille: Some(u32::MAX),
        width: Some(u32::MAX),
        height: None,
        frames_per_second: None,
        sound: None,
    }
}

#[test]
fn what_is_reported_is_believed_within_limits() {
    let mut world = World::in_call(3);
    let stranger = LinkReport {
        peer: shared::PeerId::from_bytes([9; 16]),
        ..report(&world, 0)
    };
    let worse = LinkReport {
        quality: LinkQuality::Lost,
        ..report(&world, 2)
    };
    let links = vec![stranger, report(&world, 1), report(&world, 2), worse];
    let message = PeerMessage::Report { links };
    whisper(&mut world, 1, 0, &message);
    world.wish(0, Intent::ShowPanel(Some(Panel::Connections)));
    assert_eq!(pairs(&world, 0).len(), 2, "nobody had asked");
    whisper(&mut world, 1, 0, &message);
    let shown = pairs(&world, 0);
    assert_eq!(shown.len(), 3);
    let (one, other, pair) = &shown[2];
    assert_eq!((*one, *other), (1, 2));
    assert_eq!(pair.quality, Quality::Good);
    assert_eq!(pair.round_trip, Some(seconds(60)));
    assert_eq!(pair.flows[1].lost_per_mille, Some(1_000));

    let links = vec![report(&world, 2); 17];
    for _ in 0..10 {
        let links = links.clone();
        whisper(&mut world, 1, 0, &PeerMessage::Report { links });
    }
    let last = notices(&world, 0).pop();
    let misbehaves = call::view::NoticeKind::PeerMisbehaves("P1".into());
    assert_eq!(last, Some(misbehaves));
}

#[test]
fn one_who_asks_for_reports_all_the_time_gets_them_at_the_usual_rate() {
    let mut world = World::in_call(2);
    world.pass(SOON);
    world.reports_sent = 0;
    for _ in 0..20 {
        whisper(&mut world, 0, 1, &PeerMessage::Watch { watching: true });
        world.pass_measuring(TICK / 2);
    }
    assert!(world.reports_sent <= 21, "{}", world.reports_sent);
}
