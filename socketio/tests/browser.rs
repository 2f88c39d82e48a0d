//! The client in a real browser: its task, timers and clean-up. Most tests play the server through
//! a WebSocket made of script (`scripted`); two use the browser's own. What does not need a
//! browser is tested beside the code.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used)]

mod scripted;

use std::time::Duration;

use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use gloo_timers::future::TimeoutFuture;
use serde_json::json;
use socketio::{AckError, Backoff, Client, EmitError, Event, Events, Options, Reason};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use scripted::Server;

wasm_bindgen_test_configure!(run_in_browser);

/// Nothing here takes that long.
const LONG: Duration = Duration::from_secs(60);

fn options(url: &str) -> Options {
    let mut options = Options::new(url, "/chat");
    options.backoff = Backoff {
        first: Duration::from_millis(8),
        max: LONG,
    };
    options
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    let what = std::pin::pin!(what);
    match select(what, TimeoutFuture::new(10_000)).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => panic!("waited in vain"),
    }
}

async fn next(events: &mut Events) -> Event {
    soon(events.next()).await.unwrap()
}

async fn ended(events: &mut Events) -> bool {
    soon(events.next()).await.is_none()
}

async fn connected(server: &Server) -> (Client, Events) {
    let (client, mut events) = socketio::connect(options("ws://scripted/socket.io/"));
    server.let_in().await;
    assert!(matches!(next(&mut events).await, Event::Connected { sid } if sid == "s1"));
    (client, events)
}

#[wasm_bindgen_test]
async fn the_first_events_follow_connected_in_order() {
    let server = Server::install();
    let (_client, mut events) = socketio::connect(options("ws://scripted/socket.io/"));
    server.let_in().await;
    for number in 0..3 {
        server.says(&format!(r#"42/chat,["number",{number}]"#));
    }

    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
    for expected in ["0", "1", "2"] {
        let Event::Received { name, payload } = next(&mut events).await else {
            panic!("no event");
        };
        assert_eq!((name.as_str(), payload.get()), ("number", expected));
    }
}

#[wasm_bindgen_test]
async fn emits_leave_in_order_and_within_the_call() {
    let server = Server::install();
    let (client, _events) = connected(&server).await;

    client.emit("a", &1).unwrap();
    let answer = client.emit_with_ack::<_, u8>("b", &json!({"c": [2]}), LONG);
    client.emit("d", "e").unwrap();
    assert_eq!(
        server.heard(),
        [
            r#"42/chat,["a",1]"#,
            r#"42/chat,1["b",{"c":[2]}]"#,
            r#"42/chat,["d","e"]"#
        ]
    );

    server.says("43/chat,1[7]");
    assert_eq!(soon(answer).await.unwrap(), 7);
}

#[wasm_bindgen_test]
async fn an_ack_fails_in_as_many_ways_as_there_are() {
    let server = Server::install();
    let (client, mut events) = connected(&server).await;

    let malformed = client.emit_with_ack::<_, u8>("a", &1, LONG);
    server.says(r#"43/chat,1["seven"]"#);
    assert!(matches!(soon(malformed).await, Err(AckError::Malformed(_))));

    let late = client.emit_with_ack::<_, u8>("a", &1, Duration::from_millis(1));
    assert!(matches!(soon(late).await, Err(AckError::TimedOut)));
    server.says("43/chat,2[7]");

    let too_large = client.emit_with_ack::<_, u8>("a", &"x".repeat(100), LONG);
    assert!(matches!(
        soon(too_large).await,
        Err(AckError::NotSent(EmitError::TooLarge { limit: 100, .. }))
    ));

    drop(client.emit_with_ack::<_, u8>("a", &1, LONG));
    let cut_off = client.emit_with_ack::<_, u8>("a", &1, LONG);
    server.cuts_the_line();
    assert!(matches!(soon(cut_off).await, Err(AckError::Disconnected)));
    assert!(matches!(next(&mut events).await, Event::Disconnected(_)));

    assert!(matches!(client.emit("a", &1), Err(EmitError::Disconnected)));
    let offline = client.emit_with_ack::<_, u8>("a", &1, LONG);
    assert!(matches!(soon(offline).await, Err(AckError::Disconnected)));
}

#[wasm_bindgen_test]
async fn a_cut_line_is_mended() {
    let server = Server::install();
    let (client, mut events) = connected(&server).await;
    server.cuts_the_line();

    let lost = Reason::TransportClosed {
        code: 1006,
        reason: String::new(),
    };
    assert!(matches!(next(&mut events).await, Event::Disconnected(cause) if cause == lost));
    assert!(matches!(
        next(&mut events).await,
        Event::Reconnecting { attempt: 1, cause, .. } if cause == lost
    ));
    server.let_in().await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
    client.emit("again", &()).unwrap();
    assert_eq!(server.heard(), [r#"42/chat,["again",null]"#]);
}

#[wasm_bindgen_test]
async fn a_silent_server_is_given_up() {
    let server = Server::install();
    let (_client, mut events) = socketio::connect(options("ws://scripted/socket.io/"));
    server.let_in_with_pings_every(1).await;

    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
    assert!(matches!(
        next(&mut events).await,
        Event::Disconnected(Reason::PingTimeout)
    ));
    assert!(!server.is_connected());
}

#[wasm_bindgen_test]
async fn reconnect_now_does_not_wait_for_the_pause() {
    let server = Server::install();
    let mut patient = options("ws://scripted/socket.io/");
    patient.backoff.first = LONG;
    let (client, mut events) = socketio::connect(patient);
    server.let_in().await;
    server.cuts_the_line();
    while !matches!(next(&mut events).await, Event::Reconnecting { .. }) {}

    client.reconnect_now();
    server.let_in().await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
}

#[wasm_bindgen_test]
async fn reconnect_does_not_wait_for_a_dead_connection() {
    let server = Server::install();
    let (client, mut events) = connected(&server).await;
    let cut_off = client.emit_with_ack::<_, u8>("a", &1, LONG);
    client.reconnect();
    assert!(!server.is_connected());
    assert!(matches!(soon(cut_off).await, Err(AckError::Disconnected)));
    assert!(matches!(
        next(&mut events).await,
        Event::Disconnected(Reason::Abandoned)
    ));
    server.let_in().await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
    client.emit("again", &()).unwrap();
    assert_eq!(server.heard(), [r#"42/chat,["again",null]"#]);
}

#[wasm_bindgen_test]
async fn only_a_silent_connection_is_given_up_on_waking() {
    let server = Server::install();
    let (client, mut events) = connected(&server).await;
    client.reconnect_if_silent();
    assert!(server.is_connected(), "a ping is not due yet");

    // As after a long sleep, without the wait for it.
    server.hours_pass();
    client.reconnect_if_silent();
    assert!(!server.is_connected());
    assert!(matches!(
        next(&mut events).await,
        Event::Disconnected(Reason::Abandoned)
    ));
    server.let_in().await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
    client.reconnect_if_silent();
    assert!(server.is_connected());
}

#[wasm_bindgen_test]
async fn a_goodbye_of_the_servers_is_followed_by_a_pause() {
    let server = Server::install();
    let (client, mut events) = connected(&server).await;
    server.says("41/chat,");
    assert!(matches!(
        next(&mut events).await,
        Event::Disconnected(Reason::ServerDisconnect)
    ));
    client.retry();
    server.let_in().await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
}

#[wasm_bindgen_test]
async fn a_goodbye_is_said_within_the_call_and_can_be_taken_back() {
    let server = Server::install();
    let (client, mut events) = connected(&server).await;

    client.disconnect();
    assert_eq!(server.heard(), ["41/chat,"]);
    assert!(!server.is_connected());
    assert!(matches!(
        next(&mut events).await,
        Event::Disconnected(Reason::ClientDisconnect)
    ));

    client.connect();
    server.let_in().await;
    assert!(matches!(next(&mut events).await, Event::Connected { .. }));
}

#[wasm_bindgen_test]
async fn the_connection_goes_with_the_last_client() {
    let server = Server::install();
    let (client, mut events) = connected(&server).await;
    let clone = client.clone();
    drop(client);
    clone.emit("still here", &()).unwrap();
    assert_eq!(server.heard().len(), 1);

    drop(clone);
    assert_eq!(server.heard(), ["41/chat,"]);
    assert!(!server.is_connected());
    assert!(matches!(
        next(&mut events).await,
        Event::Disconnected(Reason::ClientDisconnect)
    ));
    assert!(ended(&mut events).await);
}

#[wasm_bindgen_test]
async fn the_connection_goes_with_its_events() {
    let server = Server::install();
    let (client, events) = connected(&server).await;
    drop(events);
    assert!(!server.is_connected());
    assert!(matches!(client.emit("a", &1), Err(EmitError::Disconnected)));
}

#[wasm_bindgen_test]
async fn a_closed_port_is_tried_with_growing_pauses_until_the_client_is_dropped() {
    let (client, mut events) = socketio::connect(options("ws://127.0.0.1:49151/socket.io/"));
    let mut longest = Duration::from_millis(8);
    for expected in 1..=3 {
        let Event::Reconnecting {
            attempt,
            delay,
            cause: Reason::TransportClosed { code: 1006, .. },
        } = next(&mut events).await
        else {
            panic!("no failed attempt");
        };
        assert_eq!(attempt, expected);
        assert!(longest / 2 <= delay && delay <= longest, "{delay:?}");
        longest *= 2;
    }

    drop(client);
    // What was told before the drop comes first; there is no end while the task lives.
    while let Some(event) = soon(events.next()).await {
        assert!(matches!(event, Event::Reconnecting { .. }), "{event:?}");
    }
    assert!(events.next().now_or_never().is_some());
}

#[wasm_bindgen_test]
async fn a_malformed_address_is_refused() {
    let (_client, mut events) = socketio::connect(options("ftp://127.0.0.1/"));
    let Event::ConnectRefused { message, .. } = next(&mut events).await else {
        panic!("no refusal");
    };
    assert!(message.contains("ftp"), "{message}");
}
