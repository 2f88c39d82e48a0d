//! Nobody is sent more than they look at; and doing with sound alone.

use e2e::{Picture, Role, Setup, Source, stage};

use crate::two_in;

#[test]
fn whoever_is_in_another_tab_gets_no_pictures_and_hears() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let connections = ann.connections_made();
    let elsewhere = bob.is_in_another_tab();
    ann.sends_no_picture();
    bob.hears(1);
    ann.tile("Bob").frames_advance();
    ann.tile("Bob").says_no_more("arrives");
    drop(elsewhere);
    ann.sends_pictures();
    bob.tile("Ann").frames_advance();
    assert_eq!(ann.connections_made(), connections);
}

#[test]
fn a_picture_is_sent_as_large_as_it_is_shown() {
    let stage = stage!();
    let ann = stage.person_with(
        "Ann",
        Setup::default().picture(Picture::Full).window(500, 400),
    );
    let bob = stage.person("Bob");
    ann.enters("tea");
    bob.enters("tea");
    bob.tile("Ann").frames_advance();
    // Two side by side in a window 1280 wide.
    ann.sends_a_picture_as_wide_as(500..=700);
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    // Beside a screen there is little room for a face.
    ann.sends_a_picture_as_wide_as(100..=450);
    ann.controls().button("Stop sharing").click();
    ann.sends_a_picture_as_wide_as(500..=700);
    bob.tile("Ann").frames_advance();
}

#[test]
fn behind_a_screen_that_fills_the_whole_display_no_face_is_sent() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").frames_advance();
    bob.button("Full screen").click();
    bob.until_true("document.fullscreenElement !== null");
    ann.sends_no_picture();
    bob.tile("Ann’s screen").frames_advance();
    bob.button("Leave full screen").click();
    bob.tile("Ann").frames_advance();
}

#[test]
fn with_sound_alone_no_picture_comes_or_goes() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.controls().button("Devices").click();
    bob.find(Role::Checkbox, "Sound only").click();
    bob.button("Close panel").click();
    ann.tile("Bob").says("camera off");
    ann.sends_no_picture();
    bob.sends_no_picture();
    bob.tile("Ann").frames_stop();
    bob.hears(1);
    ann.hears(1);

    // A screen that is shared then is named, and not fetched.
    ann.controls().button("Share screen").click();
    bob.tile("Ann’s screen").says("not shown: sound only");
    ann.controls().button("Stop sharing").click();
    bob.tile("Ann’s screen").disappears();

    bob.button("Sound only: show pictures again").click();
    bob.tile("Ann").frames_advance();
    ann.tile("Bob").frames_advance();
}

#[test]
fn sound_alone_is_chosen_before_one_comes_in_and_lasts_over_a_reload() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.enters("tea");
    bob.opens_room("tea");
    bob.find(Role::Checkbox, "Sound only").click();
    bob.lets_go_of(Source::Camera);
    bob.asks_to_join();
    bob.hears(1);
    bob.tile("Ann").says("not shown: sound only");
    ann.sends_no_picture();
    bob.reloads();
    bob.asks_to_join();
    bob.hears(1);
    bob.tile("Ann").says("not shown: sound only");
    ann.sends_no_picture();
    bob.sends_no_picture();
}

#[test]
fn whoever_turns_the_camera_on_sees_again() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    bob.controls().button("Devices").click();
    bob.find(Role::Checkbox, "Sound only").click();
    bob.button("Close panel").click();
    ann.sends_no_picture();
    bob.controls().button("Turn camera on").click();
    bob.button("Sound only: show pictures again").disappears();
    bob.tile("Ann").frames_advance();
    ann.tile("Bob").frames_advance();
}
