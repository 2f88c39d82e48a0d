//! The harness's Firefox against a small page of its own: that it finds what its Chromium finds (`tests/harness.rs`), fails where
//! that would, and says what it cannot do.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use e2e::{Engine, Key, Role, Setup, Site, Stage, within};

const PAGE: &str = r#"<!doctype html><title>form</title>
<h1>Form</h1>
<form>
  <label>Word <input name="word" value="old"></label>
  <label><input type="checkbox"> Agree</label>
  <label>Colour <select><option>red</option><option>green</option></select></label>
  <button>Send</button>
</form>
<button disabled>Disabled</button>
<div style="position:relative"><button aria-label="Covered">c</button><div style="position:absolute;inset:0"></div></div>
<button aria-pressed="true">Toggle</button><button aria-haspopup="menu">Menu</button><button aria-expanded="false">Panel</button>
<div hidden><button>Hidden</button></div><div style="visibility:hidden"><button>Hidden</button></div>
<div aria-hidden="true"><button>Hidden</button></div>
<div role="group" aria-label="Ann"><button>Wave</button> muted</div>
<div role="group" aria-label="Bob"><button>Wave</button><video aria-label="Picture"></video></div>
<p role="status"></p>
<script src="form.js"></script>"#;

const SCRIPT: &str = "document.forms[0].onsubmit = (event) => {
    event.preventDefault();
    document.querySelector('[role=status]').textContent = 'Sent ' + event.target.word.value;
    console.warn('sent', 1);
    fetch('nowhere').then(() => never.there);
};";

/// The sentence with which this fails.
fn failure(run: impl FnOnce()) -> String {
    let failed = catch_unwind(AssertUnwindSafe(|| within(Duration::from_secs(2), run)));
    let panic = failed.expect_err("it must fail");
    panic.downcast_ref::<String>().expect("a sentence").clone()
}

#[test]
fn firefox_finds_things_by_role_and_name_and_uses_them_as_a_person_does() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in [("index.html", PAGE), ("form.js", SCRIPT)] {
        fs::write(folder.path().join(name), text).expect("the folder can be written to");
    }
    let site = Site::of(folder.path().to_owned());
    let stage = Stage::at("browsers::harness::form::here", site.port());
    let ann = stage.person_with("Ann", Setup::default().engine(Engine::Firefox));
    ann.opens("/");

    ann.heading("Form").appears();
    ann.textbox("Word").fill("새 단어");
    ann.find(Role::Checkbox, "Agree").click();
    assert_eq!(ann.find(Role::Checkbox, "Agree").checked(), Ok(true));
    ann.find(Role::Combobox, "Colour").choose("green");
    let chosen = ann.find(Role::Combobox, "Colour").chosen();
    assert_eq!(chosen.as_deref(), Ok("green"));
    ann.button("Send").click();
    ann.the(Role::Status).says("Sent 새 단어");
    ann.tabs_to(&ann.textbox("Word"));
    ann.press(Key::SelectAll);
    ann.type_text("by keys");
    ann.press(Key::Enter);
    ann.the(Role::Status).says("Sent by keys");

    for name in ["Toggle", "Menu", "Panel"] {
        ann.button(name).appears();
    }
    for (name, count) in [("Wave", 2), ("Hidden", 0)] {
        assert_eq!(ann.button(name).count(), Ok(count), "{name}");
    }
    assert_eq!(ann.tile("Ann").button("Wave").count(), Ok(1));
    assert_eq!(ann.find(Role::Button, "Ann").count(), Ok(0));
    assert_eq!(ann.tile("Bob").the(Role::Video).count(), Ok(1));
    for (name, why) in [
        ("Covered", "covered by"),
        ("Disabled", "is disabled"),
        ("Wave", "there are 2"),
        ("Hidden", "there is none"),
    ] {
        let text = failure(|| ann.button(name).click());
        assert!(text.contains(why), "{text}");
    }
    let still = failure(|| ann.tile("Bob").frames_advance());
    assert!(still.contains("only 0 came"), "{still}");
    let cannot = failure(|| ann.may_use_the_clipboard());
    assert!(cannot.contains("Firefox cannot"), "{cannot}");
    let threw = ann.evaluate::<u8>("nothing.there");
    assert!(threw.is_err_and(|error| error.contains("nothing is not defined")));
    let console = ann.console().join("\n");
    assert!(console.contains("warn sent 1"), "{console}");
    assert!(console.contains("unhandled ReferenceError"), "{console}");
}
