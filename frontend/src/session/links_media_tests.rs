//! What two peer connections make of the tracks that they are given.
#![expect(clippy::unwrap_used)]

use std::time::Duration;

use call::input::LinkEvent;
use call::measure::Received;
use call::output::{LinkCommand, LinkRole, PictureLimits, PictureSize, SendLimits, Slot};
use call::view::{Route, RouteKind, Transport};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::links_pair::{Ann, Bob, Pair, camera, microphone};
use crate::browser::local_tracks::LocalTracks;
use crate::browser::testing::{hear, see_frames, soon};

fn limits(camera: Option<PictureLimits>) -> SendLimits {
    SendLimits {
        microphone: 32_000,
        camera,
        screen: camera,
    }
}

fn picture(size: Option<PictureSize>) -> Option<PictureLimits> {
    Some(PictureLimits {
        bitrate: 300_000,
        frame_rate: 30,
        size,
    })
}

/// What Bob has received of the camera.
async fn received(pair: &mut Pair) -> Received {
    pair.measurement(Bob).await.received[Slot::Camera as usize]
}

#[wasm_bindgen_test]
async fn pictures_pass_as_tracks_come_and_go_without_negotiation() {
    let mut pair = Pair::connected().await;
    let seen_by = [pair.streams(Ann).await, pair.streams(Bob).await];
    let [first, second] = [camera().await, camera().await];
    let limits = limits(picture(None));
    for (from, to) in [(Ann, Bob), (Bob, Ann)] {
        let camera = &seen_by[to as usize][Slot::Camera as usize];
        pair.command(from, LinkCommand::Limit(limits));
        for tracks in [first.clone(), second.clone()] {
            pair.links[from as usize].set_tracks(tracks);
            see_frames("frames", camera, 3).await;
        }
        pair.links[from as usize].set_tracks(LocalTracks::default());
    }
    assert!(pair.events.concat().is_empty(), "{:?}", pair.events);
}

#[wasm_bindgen_test]
async fn a_picture_is_made_as_small_as_it_is_shown_and_stops_where_nobody_looks() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    let camera = &streams[Slot::Camera as usize];
    let tracks = self::camera().await;
    let captured = tracks.get(Slot::Camera).unwrap().size().unwrap();
    pair.links[Ann as usize].set_tracks(tracks);
    see_frames("frames", camera, 3).await;
    let small = PictureSize {
        width: captured.width / 4,
        height: captured.height / 4,
    };
    for (size, by) in [(Some(small), 4), (None, 1)] {
        pair.command(Ann, LinkCommand::Limit(limits(picture(size))));
        let resized = async {
            while received(&mut pair).await.width != captured.width / by {
                see_frames("frames", camera, 3).await;
            }
        };
        soon("a picture of that size", resized).await;
    }
    pair.command(Ann, LinkCommand::Limit(limits(None)));
    let stopped = async {
        let mut before = received(&mut pair).await.bytes;
        loop {
            // Of a picture that comes, something does in that time.
            TimeoutFuture::new(500).await;
            let now = received(&mut pair).await.bytes;
            if now == before {
                break;
            }
            before = now;
        }
    };
    soon("the picture to stop", stopped).await;
    pair.command(Ann, LinkCommand::Limit(limits(picture(Some(small)))));
    see_frames("frames again", camera, 3).await;
}

#[wasm_bindgen_test]
async fn what_comes_in_is_counted_by_slot() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    pair.links[Ann as usize].set_tracks(camera().await);
    see_frames("frames", &streams[Slot::Camera as usize], 3).await;
    let first = pair.measurement(Bob).await;
    see_frames("frames", &streams[Slot::Camera as usize], 5).await;
    let then = pair.measurement(Bob).await;
    for slot in [Slot::Microphone, Slot::Screen, Slot::ScreenSound] {
        // A browser may send padding on any of them.
        let received = then.received[slot as usize];
        assert_eq!((received.bytes, received.frames), (0, 0), "{slot:?}");
    }
    let [first_camera, camera] = [&first, &then].map(|one| one.received[Slot::Camera as usize]);
    assert!(camera.packets > first_camera.packets && camera.lost == 0);
    assert!(camera.bytes > first_camera.bytes);
    assert!(camera.frames >= first_camera.frames + 4, "{camera:?}");
    assert!(camera.width >= 160 && camera.height >= 120, "{camera:?}");
    assert!(then.at > first.at && then.at - first.at < Duration::from_secs(20));
    assert_eq!(
        then.route,
        Some(Route {
            kind: RouteKind::Direct,
            transport: Transport::Udp
        })
    );
    assert!(then.round_trip.unwrap() < Duration::from_secs(1));
    // Nothing goes the other way.
    let other = pair.measurement(Ann).await;
    assert!(other.received.iter().all(|slot| slot.bytes == 0));
}

#[wasm_bindgen_test]
async fn that_sound_ceases_is_told() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    pair.links[Ann as usize].set_tracks(microphone().await);
    let heard = hear(&streams[Slot::Microphone as usize]);
    // A machine with much to do may interrupt it.
    let without_a_break = async { while listen(&mut pair, 30).await {} };
    soon("sound", without_a_break).await;
    pair.links[Ann as usize].set_tracks(LocalTracks::default());
    assert!(listen(&mut pair, 10).await);
    assert!(!listen(&mut pair, 10).await, "told twice");
    drop(heard);
}

/// Listens so often, and says whether Bob was told that sound has ceased. Tenths of a second do for seconds, for packets come
/// more often.
async fn listen(pair: &mut Pair, times: usize) -> bool {
    for _ in 0..times {
        TimeoutFuture::new(100).await;
        pair.links[Bob as usize].listen();
    }
    // Told after all that was told before.
    pair.measurement(Bob).await;
    let events = std::mem::take(&mut pair.events[Bob as usize]);
    events.contains(&LinkEvent::SoundCeased)
}

#[wasm_bindgen_test]
async fn one_measurement_at_a_time_is_made_and_none_before_there_are_media() {
    let mut pair = Pair::new(LinkRole::Offerer, LinkRole::Answerer);
    for side in [Ann, Bob] {
        for _ in 0..5 {
            pair.links[side as usize].measure();
        }
    }
    pair.offer_and_answer(Ann, Bob).await;
    for (side, most) in [(Ann, 1), (Bob, 0)] {
        let events = &pair.events[side as usize];
        let measured = |event: &&LinkEvent| matches!(event, LinkEvent::Measured(_));
        assert_eq!(events.iter().filter(measured).count(), most, "{events:?}");
    }
}

#[wasm_bindgen_test]
async fn what_is_sent_afresh_comes_again() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    let camera = &streams[Slot::Camera as usize];
    pair.links[Ann as usize].set_tracks(self::camera().await);
    see_frames("frames", camera, 3).await;
    for _ in 0..2 {
        pair.command(Ann, LinkCommand::SendAfresh(Slot::ALL.to_vec()));
        see_frames("frames", camera, 3).await;
    }
    assert!(pair.events.concat().is_empty(), "{:?}", pair.events);
}

#[wasm_bindgen_test]
async fn tracks_that_are_there_before_the_link_are_sent_by_either_role() {
    let mut pair = Pair::new(LinkRole::Answerer, LinkRole::Answerer);
    let tracks = camera().await;
    for side in [Ann, Bob] {
        pair.command(side, LinkCommand::Close);
        pair.links[side as usize].set_tracks(tracks.clone());
    }
    pair.open(LinkRole::Offerer, LinkRole::Answerer);
    pair.offer_and_answer(Ann, Bob).await;
    for side in [Ann, Bob] {
        pair.tells(side, LinkEvent::ChannelOpened).await;
        let streams = pair.streams(side).await;
        see_frames("frames", &streams[Slot::Camera as usize], 3).await;
    }
}
