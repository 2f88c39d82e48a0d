//! A peer whose page was tampered with: whatever it sends, the others' call goes on.

use e2e::{Person, Role, stage};

use crate::two_in;

/// Makes the attacker's page send this on its newest data channel: a JavaScript function of the channel.
#[track_caller]
fn sends(attacker: &Person, function: &str) {
    attacker
        .evaluate::<()>(&format!("({function})(tap.channels.at(-1)) ?? null"))
        .unwrap_or_else(|error| panic!("{} cannot send: {error}", attacker.name()));
}

#[test]
fn bad_messages_from_a_peer_harm_nobody() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    ann.controls().button("Chat").click();

    for garbage in [
        "(channel) => channel.send('not json')",
        "(channel) => channel.send('{\"kind\":\"chat\"}')",
        "(channel) => channel.send('{\"kind\":\"chat\",\"id\":-1,\"text\":{}}')",
        "(channel) => channel.send('{\"kind\":\"from the future\",\"x\":1}')",
        "(channel) => channel.send('{\"kind\":\"media\",\"media\":{\"camera\":\"exploded\"}}')",
        "(channel) => channel.send('['.repeat(60000))",
        "(channel) => channel.send(new Uint8Array([0, 255, 0, 255]))",
        "(channel) => channel.send('')",
        "(channel) => channel.send(JSON.stringify({ kind: 'chat', id: 900, text: 'x'.repeat(65000) }))",
        "(channel) => channel.send('x'.repeat(200000))",
        "(channel) => channel.send(JSON.stringify({ kind: 'chat_received', id: 4294967295 }))",
        "(channel) => channel.send(JSON.stringify({ kind: 'chat', id: 901, text: '<img src=x onerror=alert(1)>' + String.fromCharCode(0, 8238) }))",
    ] {
        sends(&bob, garbage);
    }
    // Still a call: seen, heard, and the page answers.
    ann.tile("Bob").frames_advance();
    ann.receives_from(1);
    let kim = stage.person("Kim");
    kim.enters("tea");
    kim.controls().button("Chat").click();
    kim.textbox("Message").fill("all well?");
    kim.button("Send").click();
    ann.find(Role::Region, "Chat")
        .the(Role::Log)
        .says("all well?");
    ann.tile("Kim").frames_advance();
    assert_eq!(
        ann.evaluate::<u32>("document.querySelectorAll('[role=log] img').length"),
        Ok(0)
    );
}

#[test]
fn a_flood_from_a_peer_stops_nobody() {
    let stage = stage!();
    let (ann, bob) = two_in(&stage, "tea");
    let kim = stage.person("Kim");
    kim.enters("tea");
    ann.tile("Kim").frames_advance();
    ann.controls().button("Chat").click();
    // To Ann and to Kim: as much as the channels take, at once.
    let flood = "tap.channels.filter((channel) => channel.readyState === 'open').forEach((channel) => {
        for (let id = 1000; id < 6000; id++) channel.send(JSON.stringify({ kind: 'chat', id, text: `flood ${id}` }));
    }) ?? null";
    bob.evaluate::<()>(flood).expect("it can send");

    kim.controls()
        .find_beginning_with(Role::Button, "Chat")
        .click();
    kim.textbox("Message").fill("still here");
    kim.button("Send").click();
    ann.find(Role::Region, "Chat")
        .the(Role::Log)
        .says("still here");
    ann.tile("Kim").frames_advance();
    kim.tile("Ann").frames_advance();
    let lines: u32 = ann
        .find(Role::Region, "Chat")
        .the(Role::Log)
        .call(
            "function () { return this.innerText.split('flood').length - 1; }",
            &[],
        )
        .expect("the log is there");
    assert!(lines < 1000, "{lines} lines of the flood got through");
    // And the way out works.
    ann.leaves();
    ann.heading("You left tea").appears();
}
