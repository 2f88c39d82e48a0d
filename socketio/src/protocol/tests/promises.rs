//! What holds whatever the server, the network and the application do, in any order.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Hear(String),
    HearBinary,
    LoseNetwork,
    Wait,
    Connect,
    Disconnect,
    ReconnectNow,
    Ask,
}

fn any_step() -> impl Strategy<Value = Step> {
    let frame = prop_oneof![
        4 => Just(OPEN.to_owned()),
        4 => Just(LET_IN.to_owned()),
        2 => Just("2".to_owned()),
        2 => Just(r#"42/chat,["event",1]"#.to_owned()),
        1 => Just("41/chat,".to_owned()),
        1 => Just("1".to_owned()),
        1 => Just(r#"44/chat,{"message":"no"}"#.to_owned()),
        1 => "43/chat,[0-9]\\[\\]",
        1 => any::<String>(),
    ];
    prop_oneof![
        12 => frame.prop_map(Step::Hear),
        1 => Just(Step::HearBinary),
        2 => Just(Step::LoseNetwork),
        3 => Just(Step::Wait),
        3 => Just(Step::Connect),
        1 => Just(Step::Disconnect),
        1 => Just(Step::ReconnectNow),
        3 => Just(Step::Ask),
    ]
}

proptest! {
    /// Whatever happens: no panic, one `Disconnected` for each `Connected`, nothing awaited without
    /// connection, and a timer whenever there is something to wait for.
    #[test]
    fn any_conversation_keeps_its_promises(
        mut connected in any::<bool>(), steps in prop::collection::vec(any_step(), 0..60),
    ) {
        let mut story = if connected {
            Story::connected()
        } else {
            Story::new(Options::new("ws://host/", "/chat"))
        };
        let mut answers = Vec::new();
        for step in steps {
            match step {
                Step::Hear(frame) if story.socket_open => story.hears(&frame),
                Step::HearBinary if story.socket_open => story.then(Protocol::binary_received),
                Step::LoseNetwork if story.socket_open => story.loses_the_network(),
                Step::Wait if story.timer.is_some() => story.waits(),
                Step::Hear(_) | Step::HearBinary | Step::LoseNetwork | Step::Wait => {}
                Step::Connect => story.then(Protocol::connect),
                Step::Disconnect => story.then(Protocol::disconnect),
                Step::ReconnectNow => story.then(Protocol::reconnect_now),
                Step::Ask => {
                    let asked = story.protocol.emit_with_ack(r#"["a",1]"#);
                    prop_assert_eq!(asked.is_ok(), connected);
                    answers.extend(asked.map(|(_, _, answer)| answer));
                }
            }
            for event in story.told() {
                if event.starts_with("connected") {
                    prop_assert!(!std::mem::replace(&mut connected, true));
                } else if event.starts_with("disconnected") {
                    prop_assert!(std::mem::replace(&mut connected, false));
                } else if event.starts_with("event") {
                    prop_assert!(connected);
                }
            }
            prop_assert!(story.timer.is_some() || !story.socket_open);
            if !connected {
                for mut answer in answers.drain(..) {
                    // Answered or cancelled, but not open.
                    prop_assert!(!matches!(answer.try_recv(), Ok(None)));
                }
            }
        }
    }
}
