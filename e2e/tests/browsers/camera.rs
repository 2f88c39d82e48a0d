//! Another camera, and one that goes off and comes back: no new connection, no new description. Firefox's fake is one camera, so
//! the other is chosen in Chromium; for the connection it is the same as a camera that comes back, another track.

use e2e::{Engine, Person, Role, Source, stage};

use crate::{by_engine, complain_of_nothing, two_in};

/// A camera that is not the first. (The second of Chromium's fakes gives 16-bit grey, which WebRTC cannot send.)
const OTHER: &str = "fake_device_2";

/// The longest that a picture may stand still, in ms.
const NOTICEABLE: f64 = 1000.0;

#[test]
fn cameras_change_in_a_call_of_chromium_and_then_firefox() {
    cameras_change(Engine::Chromium);
}

#[test]
fn cameras_change_in_a_call_of_firefox_and_then_chromium() {
    cameras_change(Engine::Firefox);
}

#[track_caller]
fn cameras_change(first: Engine) {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea", first);
    let (chromium, firefox) = by_engine(first, [&ann, &bob]);
    let made = [&ann, &bob].map(Person::connections_made);
    let described = [&ann, &bob].map(descriptions);

    chromium.controls().button("Devices").click();
    let cameras = chromium.find(Role::Combobox, "Camera");
    cameras.appears();
    firefox.follows(chromium.name());
    cameras.choose(OTHER);
    chromium.until_true(&format!(
        "tap.tracks.filter(({{ source, track }}) => source === 'camera' && track.readyState === 'live').map(({{ track }}) => track.label).join() === {OTHER:?}"
    ));
    firefox.tile(chromium.name()).frames_advance();
    let gap = firefox.timeline(chromium.name()).longest_gap();
    assert!(gap < NOTICEABLE, "the picture stood still for {gap} ms");

    for (one, other) in [(firefox, chromium), (chromium, firefox)] {
        one.controls().button("Turn camera off").click();
        other.tile(one.name()).says("camera off");
        one.lets_go_of(Source::Camera);
        other.tile(one.name()).frames_stop();
        other.hears(1);
        one.controls().button("Turn camera on").click();
        other.tile(one.name()).says_no_more("camera off");
        other.tile(one.name()).frames_advance();
        one.has_live_tracks(Source::Camera, 1);
    }
    assert_eq!([&ann, &bob].map(Person::connections_made), made);
    assert_eq!([&ann, &bob].map(descriptions), described);
    complain_of_nothing([&ann, &bob]);
}

/// How many descriptions that page has made or taken.
#[track_caller]
fn descriptions(person: &Person) -> usize {
    person
        .evaluate("tap.moments.filter(([, what]) => what.endsWith('description set')).length")
        .expect("the tap answers")
}
