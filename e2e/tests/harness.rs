//! The harness against small pages of its own: that its questions are answered rightly, and that they can fail. What Moim
//! does is left to the stories.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use axum::{Router, response::Html, routing::get};
use e2e::{Key, Permission, Role, Setup, Shim, Source, Stage, within};

/// Serves the page on a port of its own, for as long as the process lives.
fn serve(page: &'static str) -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener
        .set_nonblocking(true)
        .expect("a non-blocking listener");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a tokio runtime starts");
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a tokio listener");
            let app = Router::new().fallback(get(async move || Html(page)));
            axum::serve(listener, app)
                .await
                .expect("the page is served");
        });
    });
    port
}

/// The sentence with which this fails.
fn failure(run: impl FnOnce()) -> String {
    let failed = catch_unwind(AssertUnwindSafe(|| within(Duration::from_secs(3), run)));
    let panic = failed.expect_err("it must fail");
    panic.downcast_ref::<String>().expect("a sentence").clone()
}

fn stage(name: &str, page: &'static str) -> Stage {
    Stage::at(&format!("harness::{name}::here"), serve(page))
}

const FORM: &str = r#"<!doctype html><title>form</title>
<h1>Form</h1>
<form onsubmit="event.preventDefault(); document.querySelector('[role=status]').textContent = 'Sent ' + this.word.value">
  <label>Word <input name="word" value="old"></label>
  <label><input type="checkbox"> Agree</label>
  <label>Colour <select><option>red</option><option>green</option></select></label>
  <button>Send</button>
</form>
<button aria-label="Covered" id="covered">c</button>
<button disabled>Disabled</button>
<button aria-pressed="true">Toggle</button><button aria-haspopup="menu">Menu</button><button aria-expanded="false">Panel</button>
<div hidden><button>Hidden</button></div>
<div role="group" aria-label="Ann"><button>Wave</button> muted</div>
<div role="group" aria-label="Bob"><button>Wave</button></div>
<div role="toolbar" aria-label="Tools"><button>Hammer</button></div>
<p role="status"></p>
<script>
  const box = covered.getBoundingClientRect(), cover = document.createElement("div");
  cover.style.cssText = `position:fixed;left:${box.x}px;top:${box.y}px;width:${box.width}px;height:${box.height}px`;
  document.body.append(cover);
</script>"#;

#[test]
fn things_are_found_by_role_and_name_and_used_as_by_a_person() {
    let stage = stage("form", FORM);
    let ann = stage.person("Ann");
    ann.opens("/");

    ann.heading("Form").appears();
    ann.textbox("Word").fill("새 단어");
    ann.find(Role::Checkbox, "Agree").click();
    assert_eq!(ann.find(Role::Checkbox, "Agree").checked(), Ok(true));
    ann.find(Role::Combobox, "Colour").choose("green");
    assert_eq!(
        ann.find(Role::Combobox, "Colour").chosen(),
        Ok("green".to_owned())
    );
    ann.button("Send").click();
    ann.the(Role::Status).says("Sent 새 단어");

    for name in ["Toggle", "Menu", "Panel"] {
        ann.button(name).appears();
    }
    assert_eq!(ann.button("Wave").count(), Ok(2));
    assert_eq!(ann.tile("Ann").button("Wave").count(), Ok(1));
    assert_eq!(
        ann.find(Role::Toolbar, "Tools").button("Hammer").count(),
        Ok(1)
    );
    assert_eq!(ann.button("Hidden").count(), Ok(0));
    ann.tile("Ann").says("muted");
    ann.tile("Bob").says_no_more("muted");

    ann.tabs_to(&ann.textbox("Word"));
    ann.press(Key::SelectAll);
    ann.type_text("by keys");
    ann.press(Key::Enter);
    ann.the(Role::Status).says("Sent by keys");
}

#[test]
fn what_cannot_be_pressed_is_not_pressed() {
    let stage = stage("covered", FORM);
    let ann = stage.person("Ann");
    ann.opens("/");
    for (name, why) in [
        ("Covered", "covered by"),
        ("Disabled", "is disabled"),
        ("Wave", "there are 2"),
    ] {
        let text = failure(|| ann.button(name).click());
        assert!(text.contains(why), "{text}");
    }
}

/// One page that calls itself: a camera at one end, a video element at the other.
const LOOP: &str = r#"<!doctype html><title>loop</title>
<div role="group" aria-label="Bob"><video autoplay playsinline></video></div>
<div role="group" aria-label="Nobody"><video autoplay playsinline></video></div>
<button>Share</button><button>Stop</button>
<script>
  const video = document.querySelector("video");
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = ({ candidate }) => b.addIceCandidate(candidate);
  b.onicecandidate = ({ candidate }) => a.addIceCandidate(candidate);
  b.ontrack = ({ streams }) => { video.srcObject = streams[0]; };
  let own;
  const start = async () => {
    try {
      own = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    } catch (error) {
      document.body.append(error.name);
      return;
    }
    for (const track of own.getTracks()) a.addTrack(track, own);
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
  };
  const [share, stop] = document.querySelectorAll("button");
  share.onclick = async () => {
    const screen = await navigator.mediaDevices.getDisplayMedia({ video: true });
    screen.getTracks()[0].onended = () => document.body.append("screen ended");
  };
  stop.onclick = () => own.getTracks().forEach((track) => track.stop());
  start();
</script>"#;

#[test]
fn pictures_and_sound_that_arrive_are_seen_to_arrive() {
    let stage = stage("loop", LOOP);
    let ann = stage.person("Ann");
    ann.opens("/");
    ann.tile("Bob").frames_advance();
    ann.has_live_tracks(Source::Camera, 1);

    // The caller's end gets nothing, the other end everything.
    ann.until_true("tap.connections.length === 2");
    ann.evaluate::<()>("void a.close() ?? null")
        .expect("it closes");
    let frozen = failure(|| ann.tile("Bob").frames_advance());
    assert!(frozen.contains("only 0 came"), "{frozen}");
    ann.tile("Bob").frames_stop();

    ann.button("Stop").click();
    ann.has_live_tracks(Source::Camera, 0);
    ann.button("Share").click();
    ann.has_live_tracks(Source::Screen, 1);
}

#[test]
fn sound_is_heard_and_counted() {
    let stage = stage("sound", LOOP);
    let ann = stage.person("Ann");
    ann.opens("/");
    // Of the two ends only one receives: look at that one alone.
    ann.until_true("tap.connections.length === 2 && tap.connections.shift() === a");
    ann.receives_from(1);
    ann.hears(1);
    let wrong = failure(|| ann.receives_from(2));
    assert!(wrong.contains("the connections are"), "{wrong}");
}

#[test]
fn devices_are_as_the_setup_says() {
    let stage = stage("devices", LOOP);
    let denied = stage.person_with("Denied", Setup::default().permission(Permission::Denied));
    denied.opens("/");
    denied.reads("NotAllowedError");
    drop(denied);

    let no_camera = stage.person_with("No-camera", Setup::default().cameras(0));
    no_camera.opens("/");
    no_camera.reads("NotFoundError");
    drop(no_camera);

    let in_use = stage.person_with("In-use", Setup::default().shim(Shim::CameraInUse));
    in_use.opens("/");
    in_use.reads("NotReadableError");
    drop(in_use);

    let insecure = stage.person_with("Insecure", Setup::default().insecure());
    insecure.opens("/");
    insecure.until_true("!window.isSecureContext && navigator.mediaDevices === undefined");
    drop(insecure);

    let two = stage.person_with("Two", Setup::default().cameras(2));
    two.opens("/");
    two.tile("Bob").frames_advance();
    two.until_true(
        "navigator.mediaDevices.enumerateDevices().then((all) => all.filter((one) => one.kind === 'videoinput').length === 2)",
    );
}
