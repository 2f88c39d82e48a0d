//! Pages written after the tutorials call each other through Moim, one story for each dialect that makes calls. The pages
//! are in `e2e/tutorials`; the client that they load is the official one.

use std::{env, fs, path::Path};

use e2e::{Person, Role, Stage, stage};
use tempfile::TempDir;

/// A folder as the follower of a tutorial has it: the page, and the client where a server of Socket.IO has it.
#[track_caller]
fn folder(page: &str) -> TempDir {
    let client = env::var_os("SOCKET_IO_CLIENT")
        .expect("the official client is there: run `cargo xtask test browser tutorials`");
    let folder = tempfile::tempdir().expect("a folder");
    let copy = |from: &Path, to: &str| {
        let to = folder.path().join(to);
        fs::copy(from, &to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    };
    fs::create_dir(folder.path().join("socket.io")).expect("a folder");
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tutorials");
    copy(&pages.join(page), "index.html");
    copy(Path::new(&client), "socket.io/socket.io.js");
    folder
}

fn serve(config: &mut backend::Config, folder: &TempDir) {
    config.tutorials = true;
    config.static_dir = Some(folder.path().to_owned());
}

fn two_at(stage: &Stage, path: &str) -> (Person, Person) {
    let (ann, bob) = (stage.person("Ann"), stage.person("Bob"));
    ann.opens(path);
    bob.opens(path);
    (ann, bob)
}

#[track_caller]
fn see_each_other(ann: &Person, bob: &Person, video: &str) {
    for person in [ann, bob] {
        person.find(Role::Video, video).frames_advance();
        person.receives_from(1);
    }
}

#[test]
fn the_classic_page_makes_a_call() {
    let folder = folder("classic.html");
    let stage = stage!(|config| serve(config, &folder));
    let (ann, bob) = two_at(&stage, "/");
    for (person, state) in [(&ann, "Created 7"), (&bob, "Joined 7")] {
        person.textbox("Room number").fill("7");
        person.button("Connect").click();
        person.reads(state);
    }
    see_each_other(&ann, &bob, "Remote video");
    let kim = stage.person("Kim");
    kim.opens("/");
    kim.textbox("Room number").fill("7");
    kim.button("Connect").click();
    kim.reads("7 is full");
}

#[test]
fn the_codelabs_page_makes_a_call_in_the_room_of_its_address() {
    let folder = folder("codelab.html");
    let stage = stage!(|config| serve(config, &folder));
    let ann = stage.person("Ann");
    ann.opens("/foo");
    ann.reads("Created foo");
    let bob = stage.person("Bob");
    bob.opens("/foo");
    bob.reads("Joined foo");
    see_each_other(&ann, &bob, "Remote video");
    let log = ann.console();
    let quoted = |words: &str| log.iter().any(|line| line.contains(words));
    assert!(quoted("Message from server:"), "{log:?}");
}

#[test]
fn the_zoom_clones_page_makes_a_call_and_chats_beside_it() {
    let folder = folder("call.html");
    let stage = stage!(|config| serve(config, &folder));
    let (ann, bob) = two_at(&stage, "/");
    for person in [&ann, &bob] {
        person.textbox("Room name").fill("tea");
        person.button("Enter room").click();
        person.find(Role::Video, "My face").frames_advance();
    }
    see_each_other(&ann, &bob, "Peer's face");
    for (one, other, text) in [(&ann, &bob, "hello"), (&bob, &ann, "hello yourself")] {
        one.until_true("document.querySelector('#chat').hasAttribute('data-open')");
        one.textbox("Message").fill(text);
        one.button("Send").click();
        other.reads(text);
    }
}
