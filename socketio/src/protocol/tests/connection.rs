//! How connections begin, end and come back. Leaves what is said on them to `emits`.

#![expect(clippy::unwrap_used)]

use serde_json::value::RawValue;

use super::*;
use crate::Backoff;

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
fn an_abandoned_connection_is_replaced_at_once() {
    let mut story = Story::connected();
    story.then(Protocol::reconnect);
    assert_eq!(story.told(), ["disconnected: Abandoned"]);
    assert!(story.sent().is_empty(), "there is nobody to say goodbye to");
    assert!(story.socket_open);
    assert_eq!(story.timer, Some(CONNECT_TIMEOUT));
    story.hears(OPEN);
    story.hears(r#"40/chat,{"sid":"s2"}"#);
    assert_eq!(story.told(), ["connected as s2"]);

    // It was no failure: the next pause is a first one.
    story.loses_the_network();
    assert_eq!(story.timer, Some(Duration::from_millis(500)));
    story.told();
    story.then(Protocol::reconnect);
    assert!(story.socket_open && story.told().is_empty());
}

#[test]
fn an_attempt_that_may_hang_is_replaced_too() {
    let mut story = Story::begun();
    story.hears(OPEN);
    story.then(Protocol::reconnect);
    assert!(story.socket_open && story.told().is_empty());
    story.hears(OPEN);
    story.hears(LET_IN);
    assert_eq!(story.told(), ["connected as s1"]);

    story.then(Protocol::disconnect);
    story.then(Protocol::reconnect);
    assert!(story.is_at_rest());
}

#[test]
fn who_is_refused_or_sent_away_again_and_again_comes_back_after_growing_pauses() {
    let mut story = Story::begun();
    for millis in [500, 1_000, 2_000, 4_000, 5_000, 5_000] {
        story.hears(OPEN);
        story.hears(r#"44/chat,{"message":"full"}"#);
        story.then(Protocol::retry);
        assert_eq!(story.timer, Some(Duration::from_millis(millis)));
        story.then(Protocol::retry);
        story.waits();
        assert!(story.socket_open);
    }

    let mut story = Story::connected();
    story.hears("41/chat,");
    story.then(Protocol::retry);
    assert_eq!(story.timer, Some(Duration::from_millis(500)));
    story.then(Protocol::reconnect_now);
    assert!(story.socket_open);
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
