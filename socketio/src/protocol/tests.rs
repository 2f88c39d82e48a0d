//! Conversations, played without browser and server: what the browser would report is put in, and
//! what it would send, tell and time is looked at.

#![expect(clippy::unwrap_used)]

use futures::executor::block_on;
use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;
use crate::Backoff;

const OPEN: &str =
    r#"0{"sid":"e1","upgrades":[],"pingInterval":10000,"pingTimeout":5000,"maxPayload":100}"#;
const LET_IN: &str = r#"40/chat,{"sid":"s1"}"#;
const WATCHDOG: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A protocol, and a browser that only takes notes.
struct Story {
    protocol: Protocol,
    socket_open: bool,
    timer: Option<Duration>,
    sent: Vec<String>,
    told: Vec<String>,
}

impl Story {
    fn new(options: Options) -> Self {
        Self {
            protocol: Protocol::new(options, || 1.0),
            socket_open: false,
            timer: None,
            sent: Vec::new(),
            told: Vec::new(),
        }
    }

    fn begun() -> Self {
        let mut story = Self::new(Options::new("ws://host/", "/chat"));
        story.then(Protocol::connect);
        story
    }

    fn connected() -> Self {
        let mut story = Self::begun();
        story.hears(OPEN);
        story.hears(LET_IN);
        story.sent();
        story.told();
        story
    }

    fn then(&mut self, input: impl FnOnce(&mut Protocol) -> Vec<Action>) {
        for action in input(&mut self.protocol) {
            match action {
                Action::Open => {
                    assert!(!self.socket_open, "a second socket");
                    self.socket_open = true;
                }
                Action::Send(frame) => {
                    assert!(self.socket_open, "{frame} without a socket");
                    self.sent.push(frame);
                }
                Action::Close => {
                    self.socket_open = false;
                    self.timer = None;
                }
                Action::Timer(duration) => self.timer = Some(duration),
                Action::Tell(event) => self.told.push(in_words(&event)),
            }
        }
    }

    fn hears(&mut self, frame: &str) {
        self.then(|protocol| protocol.text_received(frame));
    }

    fn loses_the_network(&mut self) {
        self.then(|protocol| protocol.socket_closed(1006, String::new()));
    }

    fn waits(&mut self) {
        assert!(self.timer.take().is_some(), "no timer runs");
        self.then(Protocol::timer_fired);
    }

    /// What was sent since the last look.
    fn sent(&mut self) -> Vec<String> {
        std::mem::take(&mut self.sent)
    }

    /// What was told since the last look.
    fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }

    fn is_at_rest(&self) -> bool {
        !self.socket_open && self.timer.is_none()
    }
}

fn in_words(event: &Event) -> String {
    match event {
        Event::Connected { sid } => format!("connected as {sid}"),
        Event::Disconnected(reason) => format!("disconnected: {reason:?}"),
        Event::ConnectRefused { message, data } => match data {
            Some(data) => format!("refused: {message} {data}"),
            None => format!("refused: {message}"),
        },
        Event::Received { name, payload } => format!("{name} {payload}"),
        Event::Reconnecting {
            attempt,
            delay,
            cause,
        } => format!("attempt {attempt} in {delay:?}: {cause:?}"),
    }
}

#[test]
fn a_handshake_ends_in_the_namespace() {
    let mut options = Options::new("ws://host/", "/chat");
    options.auth = Some(RawValue::from_string(r#"{"token":"t"}"#.to_owned()).unwrap());
    let mut story = Story::new(options);

    story.then(Protocol::connect);
    assert!(story.socket_open);
    assert_eq!(story.timer, Some(CONNECT_TIMEOUT));

    story.hears(OPEN);
    assert_eq!(story.sent(), [r#"40/chat,{"token":"t"}"#]);
    assert!(story.told().is_empty());

    story.hears(LET_IN);
    assert_eq!(story.told(), ["connected as s1"]);
    assert_eq!(story.timer, Some(WATCHDOG));
}

#[test]
fn the_first_events_are_told_after_connected_even_if_they_overtook_it() {
    let mut story = Story::begun();
    story.hears(OPEN);
    story.hears(r#"42/chat,["early",1]"#);
    assert!(story.told().is_empty());
    story.hears(LET_IN);
    story.hears(r#"42/chat,["first",2]"#);
    assert_eq!(story.told(), ["connected as s1", "early 1", "first 2"]);
}

#[test]
fn pings_are_answered_and_wind_the_watchdog_up() {
    let mut story = Story::connected();
    story.timer = None;
    story.hears("2");
    assert_eq!(story.sent(), ["3"]);
    assert_eq!(story.timer, Some(WATCHDOG));
}

#[test]
fn a_ping_before_the_answer_to_connect_does_not_prolong_the_attempt() {
    let mut story = Story::begun();
    story.hears(OPEN);
    story.hears("2");
    assert_eq!(story.sent(), ["40/chat,", "3"]);
    assert_eq!(story.timer, Some(CONNECT_TIMEOUT));
}

#[test]
fn silence_means_that_the_connection_is_lost() {
    let mut story = Story::connected();
    story.waits();
    assert_eq!(
        story.told(),
        [
            "disconnected: PingTimeout",
            "attempt 1 in 500ms: PingTimeout"
        ]
    );
    assert!(!story.socket_open);
}

#[test]
fn a_lost_connection_comes_back_after_a_pause() {
    let mut story = Story::connected();
    story.loses_the_network();
    assert_eq!(
        story.told(),
        [
            r#"disconnected: TransportClosed { code: 1006, reason: "" }"#,
            r#"attempt 1 in 500ms: TransportClosed { code: 1006, reason: "" }"#,
        ]
    );

    story.waits();
    assert!(story.socket_open);
    story.hears(OPEN);
    story.hears(r#"40/chat,{"sid":"s2"}"#);
    assert_eq!(story.sent(), ["40/chat,"]);
    assert_eq!(story.told(), ["connected as s2"]);
}

#[test]
fn pauses_grow_from_failure_to_failure_until_a_connection_proves_good() {
    let mut story = Story::begun();
    for (attempt, millis) in [(1, 500), (2, 1_000), (3, 2_000)] {
        story.loses_the_network();
        assert_eq!(story.timer, Some(Duration::from_millis(millis)));
        assert_eq!(story.told().len(), 1, "attempt {attempt}");
        story.waits();
    }

    // Let in and thrown out at once: no reason to hurry.
    story.hears(OPEN);
    story.hears(LET_IN);
    story.loses_the_network();
    assert_eq!(story.timer, Some(Duration::from_secs(4)));

    // A ping came through: as good as new.
    story.waits();
    story.hears(OPEN);
    story.hears(LET_IN);
    story.hears("2");
    story.loses_the_network();
    assert_eq!(story.timer, Some(Duration::from_millis(500)));
}

#[test]
fn an_attempt_that_takes_too_long_is_given_up() {
    for frames in [&[][..], &[OPEN][..]] {
        let mut story = Story::begun();
        for frame in frames {
            story.hears(frame);
        }
        story.waits();
        assert_eq!(story.told(), ["attempt 1 in 500ms: ConnectTimeout"]);
        assert!(!story.socket_open);
    }
}

#[test]
fn the_pause_is_what_the_options_say() {
    let mut options = Options::new("ws://host/", "/");
    options.backoff = Backoff {
        first: Duration::from_secs(8),
        max: Duration::from_secs(9),
    };
    let mut story = Story::new(options);
    story.then(Protocol::connect);
    story.loses_the_network();
    assert_eq!(story.timer, Some(Duration::from_secs(8)));
}

#[test]
fn reconnect_now_skips_a_pause_and_does_nothing_else() {
    let mut story = Story::connected();
    story.then(Protocol::reconnect_now);
    assert_eq!(story.timer, Some(WATCHDOG));

    story.loses_the_network();
    story.then(Protocol::reconnect_now);
    assert!(story.socket_open);
    assert_eq!(story.timer, Some(CONNECT_TIMEOUT));
    story.then(Protocol::reconnect_now);

    story.then(Protocol::disconnect);
    story.then(Protocol::reconnect_now);
    assert!(story.is_at_rest());
}

#[test]
fn after_the_servers_goodbye_we_stay_away_until_told() {
    let mut story = Story::connected();
    story.hears("41/chat,");
    assert_eq!(story.told(), ["disconnected: ServerDisconnect"]);
    assert!(story.is_at_rest());
    story.then(Protocol::reconnect_now);
    assert!(story.is_at_rest());

    story.then(Protocol::connect);
    assert!(story.socket_open);
}

#[test]
fn after_a_refusal_we_stay_away_until_told() {
    let mut story = Story::begun();
    story.hears(OPEN);
    story.hears(r#"44/chat,{"message":"full","data":[6]}"#);
    assert_eq!(story.told(), ["refused: full [6]"]);
    assert!(story.is_at_rest());

    story.then(Protocol::connect);
    story.hears(OPEN);
    story.hears(LET_IN);
    assert_eq!(story.told(), ["connected as s1"]);
}

#[test]
fn an_address_that_the_browser_refuses_is_not_tried_again() {
    let mut story = Story::begun();
    story.then(|protocol| protocol.socket_refused("malformed".to_owned()));
    assert_eq!(story.told(), ["refused: malformed"]);
    assert!(story.is_at_rest());
}

#[test]
fn our_goodbye_is_said_and_final() {
    let mut story = Story::connected();
    story.then(Protocol::disconnect);
    assert_eq!(story.sent(), ["41/chat,"]);
    assert_eq!(story.told(), ["disconnected: ClientDisconnect"]);
    assert!(story.is_at_rest());

    // A frame that was on its way does not wake anything.
    story.hears(r#"42/chat,["late",1]"#);
    story.loses_the_network();
    story.then(Protocol::disconnect);
    assert!(story.is_at_rest());
    assert!(story.told().is_empty());
}

#[test]
fn our_goodbye_ends_an_attempt_and_a_pause_without_a_word() {
    let mut attempt = Story::begun();
    attempt.then(Protocol::disconnect);
    assert!(attempt.is_at_rest());

    let mut pause = Story::begun();
    pause.loses_the_network();
    pause.told();
    pause.then(Protocol::disconnect);
    assert!(pause.is_at_rest());

    assert!(attempt.told().is_empty() && attempt.sent().is_empty());
    assert!(pause.told().is_empty() && pause.sent().is_empty());
}

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

#[test]
fn an_auth_payload_larger_than_the_server_takes_is_a_refusal() {
    let mut options = Options::new("ws://host/", "/chat");
    let token = format!("{:?}", "x".repeat(100));
    options.auth = Some(RawValue::from_string(token).unwrap());
    let mut story = Story::new(options);
    story.then(Protocol::connect);
    story.hears(OPEN);
    assert_eq!(
        story.told(),
        ["refused: 110 bytes are more than the 100 that the server takes"]
    );
    assert!(story.sent().is_empty() && story.is_at_rest());
}

#[test]
fn what_the_protocol_forbids_ends_the_connection_and_it_comes_back() {
    for frame in [
        "",
        "garbage",
        "42/chat,[7]",
        r#"42["other",1]"#,
        OPEN,
        LET_IN,
    ] {
        let mut story = Story::connected();
        story.hears(frame);
        let told = story.told();
        assert!(
            told[0].starts_with("disconnected: ProtocolError"),
            "{told:?}"
        );
        assert!(
            told[1].starts_with("attempt 1 in 500ms: ProtocolError"),
            "{told:?}"
        );
        assert!(!story.socket_open);
        story.waits();
        assert!(story.socket_open);
    }

    let mut story = Story::connected();
    story.then(Protocol::binary_received);
    assert_eq!(story.told()[0], "disconnected: ProtocolError(Binary)");
}

#[test]
fn packets_out_of_turn_end_the_attempt() {
    for frame in [LET_IN, "2", "41/chat,", r#"42/chat,["a"]"#] {
        let mut story = Story::begun();
        story.hears(frame);
        assert!(story.told()[0].contains("OutOfTurn"), "{frame}");
    }
}

#[test]
fn a_session_that_the_server_closes_comes_back() {
    let mut story = Story::connected();
    story.hears("1");
    assert_eq!(
        story.told(),
        [
            "disconnected: SessionClosed",
            "attempt 1 in 500ms: SessionClosed"
        ]
    );
}

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
    fn any_conversation_keeps_its_promises(steps in prop::collection::vec(any_step(), 0..60)) {
        let mut story = Story::new(Options::new("ws://host/", "/chat"));
        let mut answers = Vec::new();
        let mut connected = false;
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
