//! Everything by keyboard alone: no mouse is touched here.

use e2e::{Key, Role, stage};

#[test]
fn the_whole_way_in_and_out_by_keyboard() {
    let stage = stage!();
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    bob.enters("tea");

    ann.opens("/");
    ann.tabs_to(&ann.textbox("Room name"));
    ann.type_text("tea");
    ann.tabs_to(&ann.textbox("Your name"));
    ann.type_text("Ann");
    ann.press(Key::Enter);
    ann.heading("tea").appears();
    ann.tabs_to(&ann.button("Join now"));
    ann.press(Key::Enter);
    ann.is_in_the_call();
    ann.tile("Bob").frames_advance();

    ann.press(Key::CtrlD);
    bob.tile("Ann").says("muted");
    ann.controls().button("Unmute microphone").appears();
    ann.press(Key::CtrlD);
    bob.tile("Ann").says_no_more("muted");
    ann.press(Key::CtrlE);
    bob.tile("Ann").says("camera off");
    ann.press(Key::CtrlE);
    bob.tile("Ann").frames_advance();

    ann.tabs_to(&ann.controls().button("Chat"));
    ann.press(Key::Enter);
    ann.find(Role::Region, "Chat").appears();
    ann.tabs_to(&ann.textbox("Message"));
    ann.type_text("typed");
    ann.press(Key::Enter);
    bob.controls().button("Chat, 1 unread").appears();

    for name in [
        "Mute microphone",
        "Turn camera off",
        "Share screen",
        "People",
        "Devices",
        "Leave",
    ] {
        ann.tabs_to(&ann.controls().button(name));
    }
    ann.press(Key::Enter);
    ann.heading("You left tea").appears();
    bob.counts(1);
    ann.tabs_to(&ann.button("Rejoin"));
    ann.press(Key::Space);
    ann.is_in_the_call();
}
