//! No camera, no permission, no secure page, no sound without a click: told in a sentence, and never a reason not to join.

use e2e::{Autoplay, Permission, Role, Setup, Shim, Source, Stage, stage};

/// Someone with such a browser reads the sentence, joins all the same, and sees and hears Ann.
#[track_caller]
fn joins_all_the_same(stage: &Stage, setup: Setup, sentence: &str, words: &[&str]) {
    let (ann, bob) = (stage.person("Ann"), stage.person_with("Bob", setup));
    ann.enters("tea");
    bob.opens_room("tea");
    bob.reads(sentence);
    bob.joins();
    bob.tile("Ann").frames_advance();
    bob.hears(1);
    for words in words {
        ann.tile("Bob").says(words);
    }
    ann.counts(2);
}

#[test]
fn without_a_camera() {
    let setup = Setup::default().cameras(0);
    let stage = stage!();
    joins_all_the_same(&stage, setup, "No camera found", &["no camera"]);
}

#[test]
fn with_permission_denied() {
    let setup = Setup::default().permission(Permission::Denied);
    let stage = stage!();
    let words = ["no camera", "no microphone"];
    joins_all_the_same(
        &stage,
        setup,
        "Camera and microphone are blocked. Allow them for this site",
        &words,
    );
}

/// With a stand-in for the device: Chromium's fakes always have a microphone.
#[test]
fn without_a_microphone() {
    let setup = Setup::default().shim(Shim::NoMicrophone);
    let stage = stage!();
    joins_all_the_same(&stage, setup, "No microphone found", &["no microphone"]);
}

/// With a stand-in for the device: Chromium's fakes are never in use.
#[test]
fn with_a_camera_that_another_program_uses() {
    let setup = Setup::default().shim(Shim::CameraInUse);
    let stage = stage!();
    joins_all_the_same(
        &stage,
        setup,
        "Another program is using the camera",
        &["no camera"],
    );
}

#[test]
fn on_an_insecure_page() {
    let setup = Setup::default().insecure();
    let stage = stage!();
    let words = ["no camera", "no microphone"];
    joins_all_the_same(
        &stage,
        setup,
        "Browsers give camera and microphone to secure pages only",
        &words,
    );
}

/// With a stand-in for the device: Chromium's fakes cannot be pulled out.
#[test]
fn a_camera_pulled_out_in_the_preview_is_taken_up_when_it_is_back() {
    let stage = stage!();
    let bob = stage.person_with("Bob", Setup::default().shim(Shim::Unpluggable));
    bob.opens_room("tea");
    bob.find(Role::Video, "Camera preview").frames_advance();
    bob.evaluate::<()>("tap.unplug('videoinput') ?? null")
        .expect("it is pulled out");
    bob.reads("No camera found");
    bob.lets_go_of(Source::Camera);
    bob.evaluate::<()>("tap.plugIn('videoinput') ?? null")
        .expect("it is plugged in");
    bob.find(Role::Video, "Camera preview").frames_advance();
    bob.reads_no_more("No camera found");
}

/// With a stand-in for the device: Chromium's fakes cannot be pulled out.
#[test]
fn a_camera_pulled_out_in_the_call_is_told_to_both_sides() {
    let stage = stage!();
    let ann = stage.person_with("Ann", Setup::default().shim(Shim::Unpluggable));
    let bob = stage.person("Bob");
    ann.enters("tea");
    bob.enters("tea");
    bob.tile("Ann").frames_advance();
    ann.evaluate::<()>("tap.unplug('videoinput') ?? null")
        .expect("it is pulled out");
    ann.reads("Your camera is gone");
    bob.tile("Ann").says("no camera");
    ann.tile("Bob").frames_advance();
    bob.hears(1);
}

#[test]
fn sound_that_the_browser_holds_back_is_heard_after_a_click() {
    let stage = stage!();
    let ann = stage.person("Ann");
    ann.enters("tea");
    // No capture either, which would be permission enough to play: a listener without devices, as when the browser
    // itself brings a tab back.
    let setup = Setup::default()
        .autoplay(Autoplay::AsUsual)
        .permission(Permission::Denied);
    let bob = stage.person_with("Bob", setup);
    bob.opens_room("tea");
    bob.comes_in_without_a_gesture();
    bob.tile("Ann").frames_advance();
    bob.button("Click to hear").appears();
    bob.button("Click to hear").click();
    bob.button("Click to hear").disappears();
    bob.hears(1);
}
