//! How the uplink is shared.

use proptest::prelude::*;

use super::*;

const FULL: Demand = Demand {
    camera: Look::Full,
    screen: Look::Full,
    carries: None,
};

fn within(width: u16, height: u16) -> Look {
    Look::Within { width, height }
}

fn camera(limits: &SendLimits) -> PictureLimits {
    limits.camera.expect("it is looked at")
}

fn screen(limits: &SendLimits) -> PictureLimits {
    limits.screen.expect("it is looked at")
}

fn on_a_path_of(carries: u32) -> Demand {
    let carries = Some(carries);
    Demand { carries, ..FULL }
}

#[test]
fn two_people_get_the_best_and_many_get_a_share() {
    let of = |peers: usize| camera(&share(&vec![FULL; peers], false)[0]).bitrate;
    assert_eq!(of(1), 1_700_000);
    assert_eq!(of(2), 1_700_000);
    assert_eq!(of(5), 700_000);
    assert_eq!(of(15), 233_333);
    assert_eq!(share(&[], true), []);
    let best = camera(&share(&[FULL], false)[0]);
    assert_eq!((best.frame_rate, best.size), (30, None));
}

#[test]
fn a_picture_is_sent_as_it_is_looked_at() {
    let of = |camera| {
        let limits = share(&[Demand { camera, ..FULL }], false)[0];
        limits
            .camera
            .map(|camera| (camera.bitrate, camera.frame_rate, camera.size))
    };
    let size = |width, height| Some(PictureSize { width, height });
    assert_eq!(of(Look::Hidden), None);
    assert_eq!(
        of(within(1280, 720)),
        Some((1_700_000, 30, size(1280, 720)))
    );
    assert_eq!(of(within(640, 384)), Some((600_000, 30, size(640, 384))));
    assert_eq!(of(within(320, 192)), Some((200_000, 15, size(320, 192))));
    assert_eq!(of(within(160, 96)), Some((80_000, 10, size(160, 96))));
}

#[test]
fn what_one_does_not_look_at_is_left_for_the_others() {
    let hidden = Demand {
        camera: Look::Hidden,
        ..FULL
    };
    let small = Demand {
        camera: within(320, 180),
        ..FULL
    };
    let limits = share(&[FULL, FULL, hidden, small, small, small], false);
    assert_eq!(camera(&limits[0]).bitrate, 1_450_000);
    assert_eq!(camera(&limits[3]).bitrate, 200_000);
    assert_eq!(limits[2].camera, None);
    assert!(
        limits[2].microphone > 0,
        "whoever does not look still hears"
    );
}

#[test]
fn on_a_narrow_path_sound_comes_before_text_and_text_before_faces() {
    let of = |carries| share(&[on_a_path_of(carries)], true)[0];
    for carries in [60_000, 200_000, 400_000, 1_000_000, 2_000_000, 3_000_000] {
        let limits = of(carries);
        assert_eq!(limits.microphone, VOICE);
        let pictures = carries - VOICE;
        assert_eq!(
            screen(&limits).bitrate,
            pictures.clamp(LEAST_SCREEN, 2_500_000)
        );
        let rest = pictures.saturating_sub(2_500_000);
        assert_eq!(camera(&limits).bitrate, rest.max(LEAST_CAMERA));
    }
    let narrow = screen(&of(200_000));
    assert_eq!(
        (narrow.frame_rate, narrow.size),
        (3, None),
        "it can be read"
    );
}

#[test]
fn on_a_narrow_path_a_face_gets_smaller_and_slower() {
    let of = |carries| camera(&share(&[on_a_path_of(carries)], false)[0]);
    let heights = [2_000_000, 700_000, 400_000, 250_000, 150_000, 60_000]
        .map(|carries| of(carries).size.map(|size| size.height));
    let expected = [None, Some(540), Some(360), Some(270), Some(180), Some(90)];
    assert_eq!(heights, expected);
    assert_eq!(of(60_000).frame_rate, 10);
}

#[test]
fn one_narrow_path_is_no_loss_for_the_others() {
    let limits = share(&[FULL, on_a_path_of(300_000), FULL], false);
    assert!(camera(&limits[0]).bitrate > 1_600_000);
}

fn looks() -> impl Strategy<Value = Look> {
    prop_oneof![
        Just(Look::Full),
        Just(Look::Hidden),
        (any::<u16>(), any::<u16>()).prop_map(|(width, height)| within(width, height)),
    ]
}

fn demands() -> impl Strategy<Value = Demand> {
    (looks(), looks(), any::<Option<u32>>()).prop_map(|(camera, screen, carries)| Demand {
        camera,
        screen,
        carries,
    })
}

proptest! {
    #[test]
    fn the_uplink_is_not_overdrawn_but_for_the_least(
        all in prop::collection::vec(demands(), 0..40),
        shares_screen: bool,
    ) {
        let limits = share(&all, shares_screen);
        prop_assert_eq!(limits.len(), all.len());
        let sum = |of: fn(&SendLimits) -> u32| limits.iter().map(of).sum::<u32>();
        let cameras = sum(|limits| limits.camera.map_or(0, |camera| camera.bitrate));
        let screens = sum(|limits| limits.screen.map_or(0, |screen| screen.bitrate));
        let least = u32::try_from(all.len()).expect("they are few");
        prop_assert!(cameras <= CAMERAS + least * LEAST_CAMERA);
        prop_assert!(screens <= SCREENS + least * LEAST_SCREEN);
        if shares_screen {
            let sounds = sum(|limits| limits.microphone);
            prop_assert!(cameras + screens + sounds <= UPLINK + least * (LEAST_CAMERA + LEAST_SCREEN));
        }
    }

    #[test]
    fn what_is_looked_at_is_sent_and_nothing_else(
        all in prop::collection::vec(demands(), 1..20),
        shares_screen: bool,
    ) {
        for (demand, limits) in all.iter().zip(share(&all, shares_screen)) {
            prop_assert_eq!(limits.camera.is_some(), demand.camera != Look::Hidden);
            prop_assert_eq!(limits.screen.is_some(), demand.screen != Look::Hidden);
            for picture in limits.camera.into_iter().chain(limits.screen) {
                prop_assert!(picture.bitrate > 0 && picture.frame_rate > 0);
            }
        }
    }

    #[test]
    fn more_peers_never_get_more_each(peers in 1..40_usize, shares_screen: bool) {
        let [fewer, more] = [peers, peers + 1].map(|peers| share(&vec![FULL; peers], shares_screen)[0]);
        prop_assert!(camera(&more).bitrate <= camera(&fewer).bitrate);
        prop_assert!(screen(&more).bitrate <= screen(&fewer).bitrate);
        prop_assert!(more.microphone <= fewer.microphone);
    }
}
