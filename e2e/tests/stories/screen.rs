//! Sharing a screen beside the camera picture.

use e2e::{Role, Slot, Source, stage};

use crate::two_in;

#[test]
fn a_screen_is_shared_beside_the_camera_and_stopped_from_the_page() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let connections = ann.connections_made();
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    bob.tile("Ann").frames_advance();
    ann.tile("Bob").frames_advance();

    ann.controls().button("Stop sharing").click();
    bob.tile("Ann’s screen").disappears();
    ann.controls().button("Share screen").appears();
    ann.lets_go_of(Source::Screen);
    bob.tile("Ann").frames_advance();

    // And once more, over the same connection.
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    assert_eq!(ann.connections_made(), connections);
}

#[test]
fn who_comes_later_sees_the_screen_too() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    let kim = stage.person("Kim");
    kim.enters("tea");
    kim.tile("Ann’s screen").frames_advance();
    kim.tile("Ann").frames_advance();
    kim.tile("Bob").frames_advance();
    bob.tile("Ann’s screen").frames_advance();
}

#[test]
fn sharing_that_is_stopped_from_outside_the_page_ends_for_everyone() {
    let stage = stage!();
    let ann = stage.person_with("Ann", e2e::Setup::default().shares_the_tab_titled("Slides"));
    let bob = stage.person("Bob");
    ann.opens_another_tab(
        "data:text/html,<title>Slides</title><h1>1</h1><script>setInterval(() => document.querySelector('h1').textContent++, 50)</script>",
    );
    ann.enters("tea");
    bob.enters("tea");
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    // Chromium has brought the shared tab to the front.
    ann.comes_back_to_the_page();
    ann.controls().button("Stop sharing").appears();

    ann.closes_the_other_tab();
    bob.tile("Ann’s screen").disappears();
    ann.controls().button("Share screen").appears();
    bob.tile("Ann").frames_advance();
}

#[test]
fn the_sound_of_a_shared_tab_is_heard_beside_the_voice() {
    let stage = stage!();
    let ann = stage.person_with("Ann", e2e::Setup::default().shares_the_tab_titled("Music"));
    let bob = stage.person("Bob");
    ann.opens_another_tab(
        "data:text/html,<title>Music</title><h1>A</h1><script>const sound = new AudioContext(); const tone = sound.createOscillator(); tone.connect(sound.destination); tone.start()</script>",
    );
    ann.enters("tea");
    bob.enters("tea");
    ann.controls().button("Share screen").click();
    bob.hears_on(Slot::ScreenSound);
    bob.hears_on(Slot::Microphone);
    ann.comes_back_to_the_page();
    ann.controls().button("Stop sharing").click();
    ann.lets_go_of(Source::ScreenSound);
    bob.hears_on(Slot::Microphone);
}

#[test]
fn a_shared_screen_takes_the_stage() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    let area = "function () { const { width, height } = this.getBoundingClientRect(); return width * height; }";
    let screen: f64 = bob
        .tile("Ann’s screen")
        .call(area, &[])
        .expect("it is there");
    let camera: f64 = bob.tile("Ann").call(area, &[]).expect("it is there");
    assert!(
        screen > 2.0 * camera,
        "the screen has {screen} pixels, the camera {camera}"
    );
    bob.the(Role::Status).says("Ann is sharing a screen");

    bob.button("Full screen").click();
    bob.until_true("document.fullscreenElement !== null");
    bob.tile("Ann’s screen").frames_advance();
    bob.button("Leave full screen").click();
    bob.until_true("document.fullscreenElement === null");
}
