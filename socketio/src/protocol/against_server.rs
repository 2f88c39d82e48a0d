//! The protocol against a server that runs, over a real WebSocket. Here tokio stands in for the
//! browser; the browser's own part is tested in the browser.

#![expect(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::net::SocketAddr;

use futures::{SinkExt, StreamExt};
use serde_json::json;
use serde_json::value::RawValue;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::*;

const DEADLINE: Duration = Duration::from_secs(20);
/// Fewer than the server keeps for a connection that is not read yet.
const ROUNDS: u32 = 100;

/// A server with one namespace, `/chat`, whose events each do what their name says.
async fn start_server(max_payload: u64) -> SocketAddr {
    let (layer, io) = SocketIo::builder()
        .max_payload(max_payload)
        .ping_interval(Duration::from_millis(100))
        .build_layer();
    io.ns(
        "/chat",
        async |socket: SocketRef, Data::<serde_json::Value>(auth)| {
            socket.on(
                "echo",
                async |ack: AckSender, Data::<serde_json::Value>(payload)| {
                    ack.send(&payload).unwrap();
                },
            );
            socket.on("send me out", async |socket: SocketRef| {
                socket.disconnect().unwrap();
            });
            socket.emit("auth", &auth).unwrap();
            for number in 0..ROUNDS {
                socket.emit("number", &number).unwrap();
            }
        },
    );
    let app = axum::Router::new().layer(layer);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// What the driver is in the browser, but only as far as there is something to hear: timers are
/// the pure tests' matter.
struct Player {
    protocol: Protocol,
    url: String,
    socket: Option<WebSocketStream<MaybeTlsStream<TcpStream>>>,
    told: VecDeque<Event>,
    pongs: u32,
}

impl Player {
    async fn connect(server: SocketAddr, namespace: &str) -> Self {
        let mut options = Options::new(format!("ws://{server}/socket.io/"), namespace);
        options.auth = Some(RawValue::from_string(json!({"token": "t0"}).to_string()).unwrap());
        let mut player = Self {
            url: options.transport_url(),
            protocol: Protocol::new(options, || 0.0),
            socket: None,
            told: VecDeque::new(),
            pongs: 0,
        };
        let actions = player.protocol.connect();
        player.perform(actions).await;
        player
    }

    async fn perform(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Open => self.socket = Some(connect_async(&self.url).await.unwrap().0),
                Action::Send(frame) => {
                    self.pongs += u32::from(frame == packet::PONG);
                    self.send(frame).await;
                }
                Action::Close => self.socket = None,
                Action::Timer(_) => {}
                Action::Tell(event) => self.told.push_back(event),
            }
        }
    }

    async fn send(&mut self, frame: String) {
        let socket = self.socket.as_mut().unwrap();
        socket.send(Message::text(frame)).await.unwrap();
    }

    /// Hears one frame.
    async fn listen(&mut self) {
        let socket = self.socket.as_mut().unwrap();
        let frame = timeout(DEADLINE, socket.next()).await.unwrap().unwrap();
        let actions = self
            .protocol
            .text_received(frame.unwrap().to_text().unwrap());
        self.perform(actions).await;
    }

    async fn next_event(&mut self) -> Event {
        loop {
            if let Some(event) = self.told.pop_front() {
                return event;
            }
            self.listen().await;
        }
    }

    async fn expect_connected(&mut self) {
        let event = self.next_event().await;
        assert!(matches!(event, Event::Connected { .. }), "{event:?}");
    }

    /// The next event's payload.
    async fn expect_event(&mut self, expected: &str) -> String {
        let event = self.next_event().await;
        let Event::Received { name, payload } = event else {
            panic!("{event:?} instead of {expected}");
        };
        assert_eq!(name, expected);
        payload.get().to_owned()
    }
}

#[tokio::test]
async fn the_server_lets_us_in_and_loses_nothing_of_what_it_sends_at_once() {
    let server = start_server(100_000).await;
    let mut player = Player::connect(server, "/chat").await;

    player.expect_connected().await;
    assert_eq!(player.expect_event("auth").await, r#"{"token":"t0"}"#);
    for number in 0..ROUNDS {
        assert_eq!(player.expect_event("number").await, number.to_string());
    }
}

#[tokio::test]
async fn acks_come_back_to_the_one_who_asked() {
    let server = start_server(100_000).await;
    let mut player = Player::connect(server, "/chat").await;
    player.expect_connected().await;

    let payloads = [json!({"text": "안녕 \"you\""}), json!(null), json!(7)];
    let mut answers = Vec::new();
    for payload in &payloads {
        let arguments = json!(["echo", payload]).to_string();
        let (frame, _, answer) = player.protocol.emit_with_ack(&arguments).unwrap();
        player.send(frame).await;
        answers.push(answer);
    }
    for (payload, mut answer) in payloads.iter().zip(answers) {
        let answered = loop {
            if let Some(answered) = answer.try_recv().unwrap() {
                break answered;
            }
            player.listen().await;
        };
        assert_eq!(answered.get(), payload.to_string());
    }
}

#[tokio::test]
async fn our_pongs_keep_the_connection() {
    let server = start_server(100_000).await;
    let mut player = Player::connect(server, "/chat").await;
    player.expect_connected().await;
    while player.pongs < 3 {
        player.listen().await;
    }
}

#[tokio::test]
async fn the_servers_goodbye_is_understood() {
    let server = start_server(100_000).await;
    let mut player = Player::connect(server, "/chat").await;
    player.expect_connected().await;
    player.expect_event("auth").await;

    let frame = player.protocol.emit(r#"["send me out",null]"#).unwrap();
    player.send(frame).await;
    let reason = loop {
        if let Event::Disconnected(reason) = player.next_event().await {
            break reason;
        }
    };
    assert_eq!(reason, Reason::ServerDisconnect);
    assert!(player.socket.is_none());
}

#[tokio::test]
async fn a_namespace_that_does_not_exist_refuses_us() {
    let server = start_server(100_000).await;
    let mut player = Player::connect(server, "/nowhere").await;
    let event = player.next_event().await;
    assert!(
        matches!(&event, Event::ConnectRefused { message, .. } if message == "Invalid namespace"),
        "{event:?}"
    );
}

#[tokio::test]
async fn the_servers_limit_is_ours() {
    let server = start_server(1_000).await;
    let mut player = Player::connect(server, "/chat").await;
    player.expect_connected().await;

    let arguments = json!(["echo", "x".repeat(1_000)]).to_string();
    assert!(matches!(
        player.protocol.emit(&arguments),
        Err(EmitError::TooLarge { limit: 1_000, .. })
    ));
}
