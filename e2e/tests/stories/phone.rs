//! A phone held upright: everything fits, everything can be reached.

use e2e::{Person, Setup, stage};

#[track_caller]
fn fits(person: &Person) {
    let (content, window): (f64, f64) = person
        .evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        .expect("the page answers");
    assert!(
        content <= window,
        "the page is {content} pixels wide in a window of {window}"
    );
}

#[test]
fn a_call_fits_on_a_phone() {
    let stage = stage!();
    let phone = stage.person_with("Ann", Setup::default().phone(360, 740));
    let bob = stage.person("Bob");
    bob.enters("tea");

    phone.opens("/");
    phone.textbox("Room name").fill("tea");
    fits(&phone);
    phone.textbox("Your name").fill("Ann");
    phone.button("Join").click();
    phone.button("Join now").appears();
    fits(&phone);
    phone.joins();
    phone.tile("Bob").frames_advance();
    fits(&phone);

    // `click` refuses what is covered or outside the window.
    phone.controls().button("Mute microphone").click();
    phone.controls().button("Unmute microphone").click();
    phone.controls().button("Turn camera off").click();
    phone.controls().button("Turn camera on").click();
    for panel in ["People", "Devices", "Chat"] {
        phone.controls().button(panel).click();
        phone.find(e2e::Role::Region, panel).appears();
        fits(&phone);
    }
    phone.textbox("Message").fill("from the bus");
    phone.button("Send").click();
    bob.controls().button("Chat, 1 unread").appears();
    phone.button("Close panel").click();
    phone.controls().button("Leave").click();
    phone.heading("You left tea").appears();
    fits(&phone);
}

#[test]
fn the_keyboard_covers_none_of_what_was_said_last() {
    let stage = stage!();
    let phone = stage.person_with("Ann", Setup::default().phone(360, 740));
    phone.enters("tea");
    phone.controls().button("Chat").click();
    for line in 1..=30 {
        phone.textbox("Message").fill(&format!("line {line}"));
        phone.button("Send").click();
        phone.textbox("Message").holds("");
    }
    let shows_the_end = "(() => {
        const log = document.querySelector('[role=log]');
        return log.scrollHeight > log.clientHeight && log.scrollTop + log.clientHeight > log.scrollHeight - 2;
    })()";
    phone.until_true(shows_the_end);
    // `interactive-widget=resizes-content`: the keyboard takes its place from the page.
    phone.is_resized_to(360, 420);
    phone.until_true(&format!("innerHeight === 420 && {shows_the_end}"));
}

#[test]
fn what_has_just_happened_hides_nobodys_name() {
    let stage = stage!();
    let phone = stage.person_with("Ann", Setup::default().phone(360, 740));
    let (bob, kim) = (stage.person("Bob"), stage.person("Kim"));
    phone.enters("tea");
    bob.enters("tea");
    kim.enters("tea");
    for person in [&phone, &bob] {
        person.tile("Kim").appears();
        person.reads("Kim came in");
        let hidden: Vec<String> = person
            .evaluate(
                "[...document.querySelectorAll('.caption')].filter((name) => {
                    const { left, right, top, bottom } = name.getBoundingClientRect();
                    return [...document.querySelectorAll('.notice')].some((notice) => {
                        const over = notice.getBoundingClientRect();
                        return over.left < right && left < over.right && over.top < bottom && top < over.bottom;
                    });
                }).map((name) => name.innerText)",
            )
            .expect("the page answers");
        assert_eq!(hidden, [""; 0], "on {}'s screen", person.name());
    }
}

#[test]
fn the_smallest_phone_has_no_sideways_scrolling_either() {
    let stage = stage!();
    let phone = stage.person_with("Ann", Setup::default().phone(320, 568));
    phone.opens("/");
    phone.textbox("Room name").appears();
    fits(&phone);
    phone.enters("a-room-with-a-name-that-is-as-long-as-the-longest-one-may-be-64c");
    fits(&phone);
    phone.controls().button("Leave").click();
    phone.button("Rejoin").appears();
    fits(&phone);
}
