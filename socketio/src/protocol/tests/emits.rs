//! Events of ours, and their acks. Leaves time-outs to the browser's tests.

#![expect(clippy::unwrap_used)]

use futures::executor::block_on;

use super::*;

#[test]
fn acks_find_the_one_who_asked() {
    let mut story = Story::connected();
    let (first_frame, _, first) = story.protocol.emit_with_ack(r#"["a",1]"#).unwrap();
    let (second_frame, _, second) = story.protocol.emit_with_ack(r#"["b",2]"#).unwrap();
    assert_eq!(first_frame, r#"42/chat,1["a",1]"#);
    assert_eq!(second_frame, r#"42/chat,2["b",2]"#);

    story.hears(r#"43/chat,2[{"seat":2}]"#);
    story.hears(r#"43/chat,1["one"]"#);
    assert_eq!(block_on(first).unwrap().get(), r#""one""#);
    assert_eq!(block_on(second).unwrap().get(), r#"{"seat":2}"#);
}

#[test]
fn an_ack_that_nobody_waits_for_harms_nobody() {
    let mut story = Story::connected();
    let (_, id, answer) = story.protocol.emit_with_ack(r#"["a",1]"#).unwrap();
    story.protocol.forget_ack(id);
    assert!(block_on(answer).is_err());

    story.hears("43/chat,1[]");
    story.hears("43/chat,99[]");
    assert!(story.socket_open && story.told().is_empty());
}

#[test]
fn acks_fail_with_the_connection_and_are_never_taken_for_later_ones() {
    let mut story = Story::connected();
    let (_, _, lost) = story.protocol.emit_with_ack(r#"["a",1]"#).unwrap();
    story.loses_the_network();
    assert!(block_on(lost).is_err());

    story.waits();
    story.hears(OPEN);
    story.hears(LET_IN);
    let (frame, _, _) = story.protocol.emit_with_ack(r#"["a",1]"#).unwrap();
    assert_eq!(frame, r#"42/chat,2["a",1]"#);
}

#[test]
fn emits_without_connection_fail_at_once() {
    let mut story = Story::begun();
    for frame in [None, Some(OPEN)] {
        if let Some(frame) = frame {
            story.hears(frame);
        }
        assert!(matches!(
            story.protocol.emit(r#"["a",1]"#),
            Err(EmitError::Disconnected)
        ));
        assert!(matches!(
            story.protocol.emit_with_ack(r#"["a",1]"#),
            Err(EmitError::Disconnected)
        ));
    }
}

#[test]
fn frames_larger_than_the_server_takes_are_not_sent() {
    let mut story = Story::connected();
    let frame_of = |bytes: usize| format!("[\"{}\"]", "x".repeat(bytes - r#"42/chat,[""]"#.len()));

    let fits = story.protocol.emit(&frame_of(100)).unwrap();
    assert_eq!(fits.len(), 100);
    assert!(matches!(
        story.protocol.emit(&frame_of(101)),
        Err(EmitError::TooLarge {
            size: 101,
            limit: 100
        })
    ));
    // One that fits takes the id that the refused one did not.
    assert!(story.protocol.emit_with_ack(&frame_of(101)).is_err());
    let (frame, _, _) = story.protocol.emit_with_ack(r#"["a"]"#).unwrap();
    assert_eq!(frame, r#"42/chat,1["a"]"#);
}
