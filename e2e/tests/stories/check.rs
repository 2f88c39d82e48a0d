//! The page that tests before a call whether a call would work, against a real TURN server and without one.

use std::time::Duration;

use e2e::{
    Listens, Permission, Person, Relay, Role, Setup, Shim, Source, Stage, silent_port, stage, stun,
    turn_at, until, within,
};

/// All waits of a check together, with browsers that share two cores.
const CHECK: Duration = Duration::from_secs(90);

/// Opens the page and begins.
#[track_caller]
fn begins(stage: &Stage, setup: Setup) -> Person {
    let ann = stage.person_with("Ann", setup);
    ann.opens("/-/check");
    ann.button("Start the check").click();
    ann
}

/// Waits until the test of that name stands so, and says so.
#[track_caller]
fn finds(person: &Person, name: &str, state: &str, sentence: &str) {
    let row = format!(
        "[...document.querySelectorAll('.test')].map((test) => test.innerText).find((text) => text.startsWith({name:?}))"
    );
    within(CHECK, || {
        until(&format!("{name} to be found: {state}, {sentence}"), || {
            let text: String = person.evaluate(&format!("{row} ?? ''"))?;
            if text.contains(state) && text.contains(sentence) {
                Ok(())
            } else {
                Err(format!("it says {text:?}"))
            }
        });
    });
}

#[track_caller]
fn comes_to(person: &Person, summary: &str) {
    within(CHECK, || person.the(Role::Status).says(summary));
}

#[test]
fn everything_works_over_a_real_turn_server() {
    let relay = Relay::start(Listens::UdpAndTcp);
    let stage = stage!(|config| config.ice_servers = vec![relay.stun(), relay.turn("")]);
    let ann = begins(&stage, Setup::default());
    ann.find(Role::Video, "Your camera").frames_advance();
    finds(&ann, "Camera", "works", "320 × 240");
    finds(&ann, "Microphone", "works", "It hears you");
    finds(&ann, "This server", "works", "It answers, within");
    finds(&ann, "STUN over UDP", "works", "It answers");
    finds(&ann, "TURN over UDP", "works", "It relays");
    finds(&ann, "TURN over TCP", "works", "It relays");
    finds(
        &ann,
        "A call with yourself",
        "works",
        "over the TURN server",
    );
    finds(&ann, "A call with yourself", "works", "there and back");
    // While the person is asked, nothing films them.
    comes_to(&ann, "One question is left");
    ann.lets_go_of(Source::Camera);
    ann.lets_go_of(Source::Microphone);
    ann.button("Yes").click();
    finds(&ann, "Speaker", "works", "You heard it");
    comes_to(&ann, "Everything works");
    ann.until_true("tap.connections.length >= 5 && tap.connections.every((pc) => pc.connectionState === 'closed')");

    ann.may_use_the_clipboard();
    ann.button("Copy results").click();
    ann.reads("Copied.");
    let copied: String = ann
        .evaluate("navigator.clipboard.readText()")
        .expect("it may be read");
    assert!(copied.contains("Everything works"), "{copied}");
    assert!(
        copied.contains("TURN over UDP: (an address): works"),
        "{copied}"
    );
    for hidden in ["127.0.0.1", "open sesame"] {
        assert!(!copied.contains(hidden), "{copied}");
    }
    ann.find(Role::Checkbox, "With IP addresses").click();
    ann.button("Copy results").click();
    until("the addresses to be copied", || {
        let copied: String = ann.evaluate("navigator.clipboard.readText()")?;
        if copied.contains("TURN over UDP: 127.0.0.1:") && !copied.contains("open sesame") {
            Ok(())
        } else {
            Err(copied)
        }
    });
}

#[test]
fn a_turn_server_that_refuses_the_password_is_told_as_such() {
    let relay = Relay::start(Listens::UdpAndTcp);
    let stage = stage!(|config| config.ice_servers = vec![relay.turn_with("", "guessed")]);
    let ann = begins(&stage, Setup::default());
    let refusal = "refuses the user name or the password (401)";
    finds(&ann, "TURN over UDP", "needs attention", refusal);
    finds(&ann, "TURN over TCP", "needs attention", refusal);
    finds(
        &ann,
        "A call with yourself",
        "works",
        "without a TURN server",
    );
    ann.button("No").click();
    finds(&ann, "Speaker", "needs attention", "Turn the volume up");
    comes_to(&ann, "3 things need attention");
}

#[test]
fn where_udp_is_closed_the_call_goes_over_tcp() {
    let relay = Relay::start(Listens::TcpOnly);
    let stage = stage!(|config| config.ice_servers = vec![relay.turn("")]);
    let ann = begins(&stage, Setup::default());
    finds(
        &ann,
        "TURN over UDP",
        "needs attention",
        "UDP port may be closed",
    );
    finds(&ann, "TURN over TCP", "works", "It relays");
    finds(
        &ann,
        "A call with yourself",
        "works",
        "over the TURN server",
    );
    ann.button("Skip").click();
    finds(&ann, "Speaker", "skipped", "You skipped it");
    comes_to(&ann, "1 thing needs attention");
}

#[test]
fn what_does_not_answer_is_told_by_what_was_asked_for() {
    let (_held, silent) = silent_port();
    let dead = stun(silent);
    let tcp = turn_at(silent, "?transport=tcp");
    let stage = stage!(|config| config.ice_servers = vec![dead, tcp]);
    let ann = begins(&stage, Setup::default());
    finds(
        &ann,
        "STUN over UDP",
        "needs attention",
        "It did not answer",
    );
    finds(
        &ann,
        "TURN over TCP",
        "needs attention",
        "nothing answers on its TCP port",
    );
    finds(
        &ann,
        "A call with yourself",
        "works",
        "without a TURN server",
    );
}

#[test]
fn denied_devices_are_told_how_to_be_allowed_and_the_rest_is_tested() {
    let stage = stage!();
    let ann = begins(&stage, Setup::default().permission(Permission::Denied));
    finds(
        &ann,
        "Camera",
        "needs attention",
        "The camera is blocked. Allow it for this site",
    );
    finds(
        &ann,
        "Microphone",
        "needs attention",
        "The microphone is blocked. Allow it",
    );
    finds(
        &ann,
        "STUN and TURN servers",
        "skipped",
        "calls work on one network only",
    );
    finds(
        &ann,
        "A call with yourself",
        "works",
        "No picture was sent, only data",
    );
    ann.button("Yes").click();
    comes_to(&ann, "2 things need attention");
}

/// With a stand-in for the device: Chromium's fakes always beep.
#[test]
fn a_microphone_that_hears_nothing_needs_attention() {
    let stage = stage!();
    let ann = begins(&stage, Setup::default().shim(Shim::SilentMicrophone));
    finds(&ann, "Microphone", "running", "Say something");
    finds(
        &ann,
        "Microphone",
        "needs attention",
        "Look for a mute switch",
    );
}

#[test]
fn on_an_insecure_page_without_a_camera_it_says_why() {
    let stage = stage!();
    let ann = begins(&stage, Setup::default().insecure());
    finds(&ann, "Camera", "needs attention", "secure pages only");
    finds(
        &ann,
        "A call with yourself",
        "works",
        "without a TURN server",
    );
    ann.button("Skip").click();
    // Such a page has no clipboard either.
    ann.button("Copy results").click();
    let text = ann.textbox("Results");
    text.appears();
    assert!(
        text.value()
            .is_ok_and(|text| text.contains("connection check"))
    );
}

#[test]
fn a_server_that_goes_away_is_noticed_during_the_check_and_after_it() {
    let mut stage = stage!();
    let ann = begins(&stage, Setup::default());
    finds(&ann, "A call with yourself", "running", "calls itself");
    stage.host().crash();
    finds(
        &ann,
        "This server",
        "needs attention",
        "was lost while the check went on",
    );
    finds(
        &ann,
        "A call with yourself",
        "works",
        "without a TURN server",
    );
    ann.button("Yes").click();
    comes_to(&ann, "1 thing needs attention");

    ann.button("Try again").click();
    finds(
        &ann,
        "This server",
        "needs attention",
        "The server did not answer",
    );
    finds(
        &ann,
        "STUN and TURN servers",
        "skipped",
        "did not say which there are",
    );
    finds(
        &ann,
        "A call with yourself",
        "works",
        "without a TURN server",
    );
    ann.button("Yes").click();
    stage.host().start_again();
    ann.button("Try again").click();
    finds(&ann, "This server", "works", "It answers, within");
}

#[test]
fn whoever_leaves_or_stops_is_filmed_no_more() {
    let (_held, silent) = silent_port();
    let stage = stage!(|config| config.ice_servers = vec![stun(silent)]);
    let ann = begins(&stage, Setup::default());
    finds(&ann, "STUN over UDP", "running", "Waiting");
    ann.has_live_tracks(Source::Camera, 1);
    ann.button("Stop").click();
    ann.lets_go_of(Source::Camera);
    ann.button("Start the check").click();
    finds(&ann, "STUN over UDP", "running", "Waiting");
    ann.has_live_tracks(Source::Camera, 1);
    ann.find(Role::Link, "Back to start").click();
    ann.textbox("Room name").appears();
    ann.lets_go_of(Source::Camera);
    ann.lets_go_of(Source::Microphone);
    ann.until_true("tap.connections.every((pc) => pc.connectionState === 'closed')");
}

#[test]
fn it_is_found_from_the_start_and_from_a_room_and_done_by_keyboard_on_a_phone() {
    let stage = stage!();
    let ann = stage.person_with("Ann", Setup::default().phone(360, 740).log_network());
    ann.opens_room("tea");
    ann.find(Role::Link, "Check your connection").click();
    ann.heading("Check your connection").appears();
    ann.goes_back();
    ann.button("Join now").appears();
    ann.opens("/");
    ann.find(Role::Link, "Check your connection").click();
    ann.tabs_to(&ann.button("Start the check"));
    ann.press(e2e::Key::Enter);
    comes_to(&ann, "One question is left");
    let (content, window): (f64, f64) = ann
        .evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        .expect("the page answers");
    assert!(
        content <= window,
        "{content} pixels in a window of {window}"
    );
    // What is asked and the answers to it are in sight, and next for the keyboard.
    ann.until_true("document.activeElement.ariaLabel === 'Did you hear it?'");
    ann.until_true(
        "[document.activeElement.previousElementSibling, document.activeElement]
            .map((part) => part.getBoundingClientRect())
            .every(({ top, bottom }) => top >= 0 && bottom <= innerHeight)",
    );
    ann.press(e2e::Key::Tab);
    ann.until_true("document.activeElement.innerText === 'Yes'");
    ann.press(e2e::Key::Enter);
    comes_to(&ann, "What was tested works; 1 test was skipped");
    comes_to(&ann, "calls work on one network only");
    ann.find(Role::List, "Tests").says("Speaker works");
    let own = ann.origin().replacen("http://", "", 1);
    for url in ann.requests() {
        assert!(
            url.contains(&own) || url.starts_with("data:"),
            "asked for {url}"
        );
    }
    let violations: Vec<String> = ann.evaluate("tap.violations").expect("the tap answers");
    assert!(violations.is_empty(), "{violations:?}");
}
