//! Microphone and camera, before and during a call: muted, off, on again, switched.

use e2e::{Role, Setup, Shim, Source, stage};

use crate::{see_each_other, two_in};

/// A camera that is not the first. (The second of Chromium's fakes gives 16-bit grey, which WebRTC cannot send.)
const OTHER: &str = "fake_device_2";

#[test]
fn the_muted_are_seen_to_be_muted_and_are_silent() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.hears(1);
    ann.controls().button("Mute microphone").click();
    bob.tile("Ann").says("muted");
    ann.own_tile().says("muted");
    bob.hears_nothing();

    ann.controls().button("Unmute microphone").click();
    bob.tile("Ann").says_no_more("muted");
    bob.hears(1);
}

#[test]
fn a_camera_that_is_off_is_really_off_and_comes_back() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let made = [&ann, &bob].map(e2e::Person::connections_made);
    ann.controls().button("Turn camera off").click();
    bob.tile("Ann").says("camera off");
    ann.own_tile().says("camera off");
    ann.lets_go_of(Source::Camera);
    bob.tile("Ann").frames_stop();
    // The rest of the call goes on.
    ann.tile("Bob").frames_advance();
    bob.hears(1);

    ann.controls().button("Turn camera on").click();
    bob.tile("Ann").says_no_more("camera off");
    bob.tile("Ann").frames_advance();
    ann.has_live_tracks(Source::Camera, 1);
    // By `replaceTrack`: no new connection, no new m-lines.
    assert_eq!([&ann, &bob].map(e2e::Person::connections_made), made);
}

#[test]
fn what_is_off_before_joining_is_off_in_the_call() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    bob.enters("tea");
    ann.opens_room("tea");
    ann.has_live_tracks(Source::Camera, 1);
    ann.button("Mute microphone").click();
    ann.button("Turn camera off").click();
    ann.button("Turn camera on").appears();
    ann.lets_go_of(Source::Camera);
    ann.joins();
    ann.tile("Bob").frames_advance();
    bob.tile("Ann").says("muted");
    bob.tile("Ann").says("camera off");

    ann.controls().button("Unmute microphone").click();
    ann.controls().button("Turn camera on").click();
    see_each_other(&ann, &bob);
    bob.hears(1);
}

#[test]
fn the_camera_is_switched_in_the_call_without_a_gap() {
    let stage = stage!();
    let ann = stage.person_with("Ann", Setup::default().cameras(3));
    let bob = stage.person("Bob");
    ann.enters("tea");
    bob.enters("tea");
    see_each_other(&ann, &bob);
    let made = ann.connections_made();

    ann.controls().button("Devices").click();
    let cameras = ann.find(Role::Combobox, "Camera");
    cameras.appears();
    assert_eq!(cameras.chosen().as_deref(), Ok("fake_device_0"));
    bob.follows("Ann");
    cameras.choose(OTHER);
    ann.until_true(&format!(
        "tap.tracks.filter(({{ source, track }}) => source === 'camera' && track.readyState === 'live').map(({{ track }}) => track.label).join() === {OTHER:?}"
    ));
    bob.tile("Ann").frames_advance();
    let gap = bob.timeline("Ann").longest_gap();
    assert!(gap < 1000.0, "the picture stood still for {gap} ms");
    assert_eq!(cameras.chosen().as_deref(), Ok(OTHER));
    assert_eq!(ann.connections_made(), made);
    bob.tile("Ann").says_no_more("camera off");
}

#[test]
fn the_microphone_is_switched_in_the_call() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.hears(1);
    let made = ann.connections_made();
    ann.controls().button("Devices").click();
    let microphones = ann.find(Role::Combobox, "Microphone");
    microphones.choose("Fake Audio Input 2");
    ann.until_true(
        "tap.tracks.some(({ track }) => track.label === 'Fake Audio Input 2' && track.readyState === 'live')",
    );
    ann.has_live_tracks(Source::Microphone, 1);
    bob.hears(1);
    assert_eq!(ann.connections_made(), made);

    // Muted stays muted.
    ann.press(e2e::Key::CtrlD);
    bob.tile("Ann").says("muted");
    microphones.choose("Fake Audio Input 1");
    ann.until_true(
        "tap.tracks.some(({ track }) => track.label === 'Fake Audio Input 1' && track.readyState === 'live')",
    );
    bob.hears_nothing();
}

/// With a stand-in for the microphone: the fake one beeps too shortly to count as a voice.
#[test]
fn who_speaks_is_shown_and_who_speaks_while_muted_is_told() {
    let stage = stage!();
    let ann = stage.person_with("Ann", Setup::default().shim(Shim::Talks));
    let bob = stage.person("Bob");
    ann.enters("tea");
    bob.enters("tea");
    see_each_other(&ann, &bob);
    bob.tile("Ann").says("speaking");
    ann.controls().button("Mute microphone").click();
    ann.reads("You are muted: nobody can hear you");
    bob.tile("Ann").says_no_more("speaking");
}

#[test]
fn choices_are_remembered() {
    let stage = stage!();
    let ann = stage.person_with("Ann", Setup::default().cameras(3));
    ann.opens_room("tea");
    ann.find(Role::Video, "Camera preview").frames_advance();
    let cameras = ann.find(Role::Combobox, "Camera");
    assert_eq!(cameras.chosen().as_deref(), Ok("fake_device_0"));
    cameras.choose(OTHER);
    ann.until_true(&format!(
        "tap.tracks.some(({{ track }}) => track.label === {OTHER:?} && track.readyState === 'live')"
    ));
    ann.joins();
    ann.leaves();
    ann.button("Back to start").click();
    ann.textbox("Your name").holds("Ann");

    ann.opens_room("coffee");
    ann.textbox("Your name").holds("Ann");
    ann.find(Role::Video, "Camera preview").frames_advance();
    let camera = ann.find(Role::Combobox, "Camera").chosen();
    assert_eq!(camera.as_deref(), Ok(OTHER));
}

#[test]
fn the_level_meter_shows_what_the_microphone_hears() {
    let stage = stage!();
    let ann = stage.person("Ann");
    ann.opens_room("tea");
    let meter = ann.find(Role::Meter, "Microphone level");
    // The fake microphone beeps about once a second.
    e2e::until("the meter to move", || {
        let level: f64 = meter.call(
            "function () { return Number(this.getAttribute('aria-valuenow') ?? this.value); }",
            &[],
        )?;
        if level > 0.0 {
            Ok(())
        } else {
            Err(format!("it shows {level}"))
        }
    });
}
