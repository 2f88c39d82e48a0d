//! Two measurements and what they come to.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// Two seconds after `before`, in which so many packets came in each slot.
fn after(before: &Measurement, packets: [u64; 4]) -> Measurement {
    let mut now = before.clone();
    now.at += SECOND * 2;
    for (slot, packets) in now.received.iter_mut().zip(packets) {
        slot.packets += packets;
        slot.bytes += packets * 100;
    }
    now
}

#[test]
fn rates_are_what_was_added_over_the_time_that_passed() {
    let before = Measurement {
        at: SECOND * 100,
        received: [Received {
            packets: 7_000,
            lost: 500,
            bytes: 9_000_000,
            ..Received::default()
        }; 4],
        ..Measurement::default()
    };
    let mut now = after(&before, [100, 300, 0, 0]);
    now.received[Slot::Microphone as usize].lost += 4;
    let camera = &mut now.received[Slot::Camera as usize];
    (camera.frames, camera.width, camera.height) = (60, 640, 360);
    let mut flow = Flow::default();
    assert!(!flow.measured(before));
    assert!(flow.measured(now));
    let rates = flow.rates().cloned().unwrap_or_else(|| unreachable!());
    assert_eq!(
        rates.arriving,
        FlowView {
            bitrate: Some(400 * 100 * 8 / 2),
            lost_per_mille: Some(9),
            picture: Some(Picture {
                width: 640,
                height: 360,
                frames_per_second: 30
            }),
            sound: Some(true),
        }
    );
    assert_eq!(rates.arrived, [true, true, false, false]);
}

#[test]
fn the_larger_picture_is_shown_and_a_still_one_is_one() {
    let before = Measurement::default();
    let mut now = after(&before, [0, 50, 2, 0]);
    for (slot, frames, width) in [(Slot::Camera, 30, 320), (Slot::Screen, 1, 1_920)] {
        let received = &mut now.received[slot as usize];
        (received.frames, received.width, received.height) = (frames, width, 1_080);
    }
    let rates = rates(&before, &now);
    let picture = rates
        .arriving
        .picture
        .map(|picture| (picture.width, picture.frames_per_second));
    assert_eq!(picture, Some((1_920, 1)));
    assert_eq!(rates.arriving.sound, Some(false));
}

#[test]
fn padding_is_nothing_that_arrives() {
    let before = Measurement::default();
    let mut now = after(&before, [0, 0, 0, 0]);
    now.received[Slot::Microphone as usize].packets += 7;
    let rates = rates(&before, &now);
    assert_eq!(rates.arrived, [false; 4]);
    assert_eq!(rates.arriving.sound, Some(false));
}

#[test]
fn counters_that_begin_anew_do_no_harm() {
    let before = Measurement {
        received: [Received {
            packets: u64::MAX,
            lost: u64::MAX,
            bytes: u64::MAX,
            frames: u64::MAX,
            width: u16::MAX,
            height: u16::MAX,
        }; 4],
        ..Measurement::default()
    };
    let now = Measurement {
        at: SECOND,
        ..Measurement::default()
    };
    assert_eq!(rates(&before, &now).arriving.bitrate, Some(0));
    let back = Measurement {
        at: SECOND,
        ..before
    };
    let most = rates(&now, &back).arriving;
    assert_eq!(most.bitrate, Some(u32::MAX));
    assert!(most.lost_per_mille.is_some_and(|lost| lost <= 1_000));
}

#[test]
fn measurements_too_close_to_each_other_are_passed_over() {
    let mut flow = Flow::default();
    flow.measured(Measurement::default());
    let soon = Measurement {
        at: CLOSEST / 2,
        ..Measurement::default()
    };
    assert!(!flow.measured(soon));
    assert_eq!(flow.rates(), None);
}

/// Whether it is poor after each measurement, of which each adds 1000 packets.
fn grades(measurements: &[(u64, u64)]) -> Vec<bool> {
    let mut flow = Flow::default();
    let mut last = Measurement::default();
    flow.measured(last.clone());
    measurements
        .iter()
        .map(|(lost, round_trip)| {
            last = after(&last, [1_000 - lost, 0, 0, 0]);
            last.received[0].lost += lost;
            last.round_trip = Some(Duration::from_millis(*round_trip));
            flow.measured(last.clone());
            flow.is_poor()
        })
        .collect()
}

#[test]
fn it_is_poor_when_it_stays_bad_and_good_when_it_stays_fine() {
    let fine = (0, 20);
    for bad in [(30, 20), (0, 400), (500, 2_000)] {
        assert_eq!(grades(&[bad, fine, bad, bad]), [false, false, false, true]);
        let recovers = grades(&[bad, bad, fine, fine, bad, fine, fine, fine]);
        assert_eq!(recovers, [false, true, true, true, true, true, true, false]);
    }
}

#[test]
fn between_the_limits_it_stays_as_it_was() {
    let between = (20, 350);
    assert_eq!(grades(&[between; 4]), [false; 4]);
    let bad = (30, 20);
    assert_eq!(
        grades(&[bad, bad, between, between, between, between]),
        [false, true, true, true, true, true]
    );
}

#[test]
fn a_loss_that_the_peer_tells_of_counts_too() {
    let mut flow = Flow::default();
    let mut last = Measurement::default();
    for _ in 0..4 {
        last = after(&last, [100, 0, 0, 0]);
        last.lost_there_per_mille = Some(200);
        flow.measured(last.clone());
    }
    assert!(flow.is_poor());
}
