//! What is sent is what is looked at, as far as the way carries it; and doing with sound alone.

use std::time::Duration;

use call::input::{LinkEvent, MediaEvent};
use call::media::{DeviceChoice, MediaCommand, MediaError};
use call::output::{Output, PictureLimits, Slot};
use call::view::{LocalDevice, LocalScreen, Missing, Quality};
use call::{Call, Input, Intent};
use shared::PeerMessage;
use shared::peer::{CameraState, Look};

use crate::support::look::SOON;
use crate::support::page::setup;
use crate::support::world::World;

const A_MOMENT: Duration = Duration::from_secs(3);
const A_WHILE: Duration = Duration::from_secs(60);

const SMALL: Look = Look::Within {
    width: 320,
    height: 180,
};

/// That page shows another's picture so from now on.
fn shows(world: &mut World, page: usize, of: usize, slot: Slot, look: Look) {
    let link = world.connection(page, of).link;
    let event = LinkEvent::Shown { slot, look };
    world.handle(page, Input::Link { link, event });
}

/// What is sent of the camera.
fn camera(world: &World, from: usize, to: usize) -> Option<PictureLimits> {
    world.connection(from, to).limits.unwrap().camera
}

fn screen(world: &World, from: usize, to: usize) -> Option<PictureLimits> {
    world.connection(from, to).limits.unwrap().screen
}

#[test]
fn a_small_tile_gets_a_small_picture_and_the_others_what_they_look_at() {
    let mut world = World::in_call(3);
    let before = camera(&world, 0, 1).unwrap();
    shows(&mut world, 1, 0, Slot::Camera, SMALL);
    world.pass(A_MOMENT);
    let small = camera(&world, 0, 1).unwrap();
    assert!(small.bitrate < before.bitrate / 4, "{small:?}");
    assert!(small.frame_rate < before.frame_rate);
    assert_eq!(camera(&world, 0, 2), Some(before));
    shows(&mut world, 1, 0, Slot::Camera, Look::Full);
    world.settle(&mut std::iter::repeat(0));
    assert_eq!(camera(&world, 0, 1), Some(before), "at once");
}

#[test]
fn whoever_does_not_look_gets_no_picture_and_misses_none() {
    let mut world = World::in_call(2);
    let connections = world.connection_numbers();
    world.pass_measuring(A_MOMENT);
    shows(&mut world, 1, 0, Slot::Camera, Look::Hidden);
    world.pass_measuring(A_WHILE);
    assert_eq!(camera(&world, 0, 1), None);
    assert!(camera(&world, 1, 0).is_some(), "who is looked at");
    for (from, to) in [(0, 1), (1, 0)] {
        let view = world.view(from);
        let person = view.person(world.pages[to].id).unwrap();
        assert_eq!(person.quality, Quality::Good);
        assert_eq!(person.missing, Missing::default());
        assert_eq!(world.connection(from, to).sent_afresh, 0);
    }
    shows(&mut world, 1, 0, Slot::Camera, SMALL);
    world.pass(SOON);
    assert!(camera(&world, 0, 1).is_some());
    assert_eq!(world.connection_numbers(), connections);
}

#[test]
fn a_new_link_is_told_too() {
    let mut world = World::in_call(2);
    shows(&mut world, 1, 0, Slot::Camera, Look::Hidden);
    world.pass(A_MOMENT);
    world.reload(0, true);
    world.pass(A_MOMENT);
    assert!(camera(&world, 0, 1).is_some(), "until the page shows it");
    shows(&mut world, 1, 0, Slot::Camera, Look::Hidden);
    world.pass(A_MOMENT);
    assert_eq!(camera(&world, 0, 1), None);
}

#[test]
fn a_screen_that_nobody_looks_at_is_not_sent_and_comes_before_faces_otherwise() {
    let mut world = World::in_call(4);
    let before = camera(&world, 0, 1).unwrap();
    world.wish(0, Intent::ShareScreen);
    world.pass(SOON);
    let beside = camera(&world, 0, 1).unwrap();
    assert!(beside.bitrate < before.bitrate / 2, "{beside:?}");
    let shared = screen(&world, 0, 1).unwrap();
    assert!(shared.bitrate > beside.bitrate);
    assert_eq!(shared.size, None, "text stays as large as it is");
    shows(&mut world, 1, 0, Slot::Screen, Look::Hidden);
    world.pass(A_MOMENT);
    assert_eq!(screen(&world, 0, 1), None);
    assert!(screen(&world, 0, 2).unwrap().bitrate > shared.bitrate);
}

#[test]
fn a_way_that_carries_little_gets_a_small_picture_until_it_carries_more() {
    let mut world = World::in_call(3);
    world.pass_measuring(A_MOMENT);
    let before = camera(&world, 0, 1).unwrap();
    world.carries(0, 1, Some(300_000));
    world.pass_measuring(Duration::from_secs(8));
    let narrow = camera(&world, 0, 1).unwrap();
    assert!(narrow.bitrate <= 300_000, "{narrow:?}");
    assert!(narrow.size.is_some_and(|size| size.height <= 360));
    assert_eq!(camera(&world, 0, 2), Some(before));
    world.carries(0, 1, Some(10_000_000));
    world.pass_measuring(A_WHILE);
    assert_eq!(camera(&world, 0, 1), Some(before));
}

#[test]
fn a_peer_that_changes_its_mind_all_the_time_is_followed_in_measure() {
    let mut world = World::in_call(5);
    let times = |world: &World| [1, 2].map(|to| world.connection(0, to).limited);
    let before = times(&world);
    let link = world.connection(0, 1).link;
    for number in 0..2_000 {
        let camera = if number % 2 == 0 { Look::Hidden } else { SMALL };
        let screen = Look::Full;
        let view = PeerMessage::View { camera, screen };
        let text = serde_json::to_string(&view).unwrap();
        let event = LinkEvent::ChannelMessage(text);
        world.handle(0, Input::Link { link, event });
        world.pass(Duration::from_millis(10));
    }
    let limited = [0, 1].map(|place| times(&world)[place] - before[place]);
    assert!((1..=30).contains(&limited[0]), "{limited:?} in 20 seconds");
    assert!(limited[1] <= 30, "{limited:?}: what is left for another");
    world.pass_measuring(Duration::from_secs(40));
    assert!(camera(&world, 0, 1).is_some(), "the last word counts");
    shows(&mut world, 2, 0, Slot::Camera, Look::Hidden);
    world.pass(A_MOMENT);
    assert_eq!(camera(&world, 0, 2), None, "the other is heard as ever");
}

#[test]
fn with_sound_alone_no_picture_comes_or_goes() {
    let mut world = World::in_call(3);
    world.wish(0, Intent::ShareScreen);
    world.pass(SOON);
    world.wish(0, Intent::SoundOnly(true));
    world.pass_measuring(A_WHILE);
    let local = world.view(0).local;
    assert!(local.sound_only);
    assert_eq!(local.camera, LocalDevice::Off);
    assert_eq!(local.screen, LocalScreen::None);
    for other in [1, 2] {
        assert_eq!(camera(&world, other, 0), None);
        assert_eq!(screen(&world, other, 0), None);
        let view = world.view(other);
        let person = view.person(world.pages[0].id).unwrap();
        assert_eq!(person.camera, Some(CameraState::Off));
        assert_eq!(
            world.view(0).person(world.pages[other].id).unwrap().quality,
            Quality::Good
        );
    }
    assert!(camera(&world, 1, 2).is_some(), "the others see each other");

    world.wish(0, Intent::SoundOnly(false));
    world.pass(SOON);
    assert_eq!(world.view(0).local.camera, LocalDevice::On);
    assert!(camera(&world, 1, 0).is_some());
}

#[test]
fn whoever_turns_the_camera_on_or_shares_a_screen_wants_pictures_again() {
    for (wish, camera) in [
        (Intent::ToggleCamera, LocalDevice::On),
        // Nobody has asked to be seen.
        (Intent::ShareScreen, LocalDevice::Off),
    ] {
        let mut world = World::in_call(2);
        world.wish(0, Intent::SoundOnly(true));
        world.wish(0, wish);
        world.pass(SOON);
        assert!(!world.view(0).local.sound_only);
        assert_eq!(world.view(0).local.camera, camera);
    }
}

#[test]
fn a_share_that_is_thought_better_of_changes_nothing() {
    let mut world = World::in_call(2);
    world.wish(0, Intent::SoundOnly(true));
    world.pages[0].refuses_screens = true;
    world.wish(0, Intent::ShareScreen);
    world.pass(A_MOMENT);
    let local = world.view(0).local;
    assert_eq!((local.camera, local.sound_only), (LocalDevice::Off, true));
}

#[test]
fn sound_alone_lasts_over_a_leave_and_a_reload() {
    let mut world = World::in_call(2);
    world.wish(0, Intent::SoundOnly(true));
    world.wish(0, Intent::Leave);
    world.wish(0, Intent::BackToPreview);
    world.join(0);
    world.pass(A_MOMENT);
    assert!(world.view(0).local.sound_only);
    world.reload(0, true);
    world.pass(A_MOMENT);
    let local = world.view(0).local;
    assert_eq!((local.camera, local.sound_only), (LocalDevice::Off, true));
    world.wish(0, Intent::SoundOnly(false));
    world.pass(SOON);
    assert_eq!(world.view(0).local.camera, LocalDevice::On);
}

#[test]
fn a_camera_that_is_off_stays_so_after_sound_alone() {
    let mut world = World::in_call(2);
    world.wish(0, Intent::ToggleCamera);
    world.wish(0, Intent::SoundOnly(true));
    world.wish(0, Intent::SoundOnly(false));
    world.pass(SOON);
    assert_eq!(world.view(0).local.camera, LocalDevice::Off);
}

#[test]
fn a_camera_that_could_not_be_had_is_tried_again_by_one_click() {
    let mut world = World::in_call(2);
    for event in [
        MediaEvent::CameraEnded,
        MediaEvent::CameraFailed(MediaError::NoDevice),
    ] {
        world.handle(0, Input::Media(event));
    }
    world.pages[0].media.clear();
    assert_eq!(
        world.view(0).local.camera,
        LocalDevice::Unavailable(MediaError::NoDevice)
    );
    world.wish(0, Intent::SoundOnly(true));
    world.wish(0, Intent::ToggleCamera);
    world.pass(SOON);
    assert_eq!(world.view(0).local.camera, LocalDevice::On);
}

#[test]
fn no_camera_is_opened_for_sound_alone() {
    let mut call = Call::new(setup(0));
    let now = call::Time::since_unix_epoch(A_WHILE);
    call.start(now);
    let opened = |device: Option<&str>| {
        let device = device.map(|id| call::media::DeviceId(id.to_owned()));
        Input::Media(MediaEvent::CameraOpened { device })
    };
    call.handle(Input::Intent(Intent::SoundOnly(true)), now);
    let outputs = call.handle(opened(Some("late")), now);
    assert!(outputs.contains(&Output::Media(MediaCommand::CloseCamera)));
    let outputs = call.handle(Input::Intent(Intent::RetryDevices), now);
    let opens_camera = |output: &Output| {
        matches!(
            output,
            Output::Media(MediaCommand::Open {
                camera: Some(_),
                ..
            })
        )
    };
    assert!(!outputs.iter().any(opens_camera), "{outputs:?}");
    let outputs = call.handle(Input::Intent(Intent::SoundOnly(false)), now);
    let opens = Output::Media(MediaCommand::Open {
        microphone: None,
        camera: Some(DeviceChoice::Default),
    });
    assert!(outputs.contains(&opens), "{outputs:?}");
}
