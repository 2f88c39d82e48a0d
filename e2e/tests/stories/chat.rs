//! Chat, which goes from browser to browser.

use e2e::{Key, Person, Role, Stage, stage};

use crate::two_in;

#[track_caller]
fn opens_the_chat(person: &Person) {
    person.controls().button("Chat").click();
    person.find(Role::Region, "Chat").appears();
}

#[track_caller]
fn says(person: &Person, text: &str) {
    person.textbox("Message").fill(text);
    person.button("Send").click();
    person.textbox("Message").holds("");
}

fn log(person: &Person) -> e2e::Locator<'_> {
    person.find(Role::Region, "Chat").the(Role::Log)
}

/// Everything that this page and the server have told each other.
fn told_the_server(person: &Person) -> String {
    let all: Vec<String> = person
        .evaluate("tap.sockets.flatMap(({ sent, received }) => [...sent, ...received])")
        .expect("the tap answers");
    all.join("\n")
}

fn two_chatting(stage: &Stage) -> (Person, Person) {
    let (ann, bob) = two_in(stage, "tea");
    opens_the_chat(&ann);
    opens_the_chat(&bob);
    (ann, bob)
}

#[test]
fn messages_go_both_ways_and_the_server_sees_none() {
    let stage = stage!();
    let (ann, bob) = two_chatting(&stage);

    says(&ann, "Shall we begin?");
    log(&bob).says("Shall we begin?");
    log(&bob).says("Ann");
    bob.textbox("Message").fill("네, 시작해요 🙂");
    bob.press(Key::Enter);
    log(&ann).says("네, 시작해요 🙂");
    log(&ann).says("Bob");
    log(&ann).says("Shall we begin?");

    for person in [&ann, &bob] {
        let told = told_the_server(person);
        assert!(
            told.contains("join_room"),
            "the tap sees what goes to the server: {told}"
        );
        for secret in ["Shall we begin", "시작해요", "\\uc2dc"] {
            assert!(!told.contains(secret), "the server saw {secret:?}");
        }
    }
}

#[test]
fn text_stays_text_and_links_can_be_clicked() {
    let stage = stage!();
    let (ann, bob) = two_chatting(&stage);

    let attack = "<img src=x onerror=\"window.pwned = 1\"><b>bold</b> &amp; <script>window.pwned = 2</script>";
    says(&ann, attack);
    says(
        &ann,
        "see https://example.org/a?b=c&d=e, or javascript:alert(1)",
    );
    for person in [&ann, &bob] {
        log(person).says(attack);
        let link = log(person).find(Role::Link, "https://example.org/a?b=c&d=e");
        link.appears();
        let (href, rel, target): (String, String, String) = link
            .call(
                "function () { return [this.href, this.rel, this.target]; }",
                &[],
            )
            .expect("the link is there");
        assert_eq!(href, "https://example.org/a?b=c&d=e");
        assert!(rel.contains("noopener"), "rel is {rel:?}");
        assert_eq!(target, "_blank");
        let (links, elements, pwned): (u32, u32, bool) = log(person)
            .call(
                "function () {
                    return [this.querySelectorAll('a').length, this.querySelectorAll('img, b, script').length, 'pwned' in window];
                }",
                &[],
            )
            .expect("the log is there");
        assert_eq!((links, elements, pwned), (1, 0, false));
    }
}

#[test]
fn what_came_while_the_chat_was_closed_is_counted() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    opens_the_chat(&ann);
    says(&ann, "one");
    bob.controls().button("Chat, 1 unread").appears();
    says(&ann, "two");
    says(&ann, "three");
    bob.controls().button("Chat, 3 unread").click();
    log(&bob).says("three");
    bob.controls().button("Chat").appears();
}

#[test]
fn a_long_message_arrives_whole_and_a_longer_one_is_not_sent() {
    let stage = stage!();
    let (ann, bob) = two_chatting(&stage);
    let longest = "가".repeat(8_000 - 3) + "end";
    says(&ann, &longest);
    log(&bob).says(&longest);

    let lines = "function () { return this.innerText.split('end').length - 1; }";
    ann.textbox("Message").fill(&format!("{longest}!"));
    ann.press(Key::Enter);
    // What follows arrives after it, so by then it would be there.
    ann.textbox("Message").fill("after");
    ann.press(Key::Enter);
    log(&bob).says("after");
    assert_eq!(log(&bob).call::<u32>(lines, &[]), Ok(1));
}

#[test]
fn a_message_that_did_not_arrive_says_so() {
    let stage = stage!();
    let (ann, bob) = two_chatting(&stage);
    says(&ann, "heard");
    log(&bob).says("heard");
    log(&ann).says_no_more("Not delivered");

    // Bob's page confirms nothing any more, as when it hangs; then it is gone.
    bob.evaluate::<()>("tap.channels.forEach((channel) => { channel.send = () => {}; }) ?? null")
        .expect("the tap answers");
    says(&ann, "into the void");
    log(&ann).says("into the void");
    bob.closes_the_tab();
    log(&ann).says("Not delivered to Bob");
}

#[test]
fn who_comes_later_starts_empty_and_is_told_so() {
    let stage = stage!();
    let (ann, bob) = two_chatting(&stage);
    says(&ann, "before Kim");
    log(&bob).says("before Kim");
    let kim = stage.person("Kim");
    kim.enters("tea");
    kim.tile("Ann").frames_advance();
    kim.controls().button("Chat").click();
    kim.find(Role::Region, "Chat")
        .says("Messages are visible only to those who are here now");
    says(&ann, "after Kim");
    log(&kim).says("after Kim");
    log(&kim).says_no_more("before Kim");
    log(&kim).says("What was said before you came is not shown");
}
