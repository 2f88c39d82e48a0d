//! Serves the plain page of `yardstick/` and relays what its people tell each other. What is measured is left to the
//! benchmark.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::header::CONTENT_TYPE,
    response::Html,
    routing::{any, get},
    serve::ListenerExt,
};
use serde_json::{Value, json};
use tokio::{runtime::Runtime, sync::mpsc};

use crate::runtime;

/// A running server; dropping it ends it.
pub struct Yardstick {
    address: SocketAddr,
    _runtime: Runtime,
}

#[derive(Default)]
struct Relay {
    next: u64,
    /// Who is in a room: their numbers.
    rooms: HashMap<String, Vec<u64>>,
    people: HashMap<u64, mpsc::UnboundedSender<String>>,
}

type Shared = Arc<Mutex<Relay>>;

impl Yardstick {
    /// Starts it on a free port of loopback.
    #[track_caller]
    pub fn start() -> Self {
        Self::start_at(runtime::ANY_PORT)
    }

    /// Starts it at that address.
    #[track_caller]
    pub fn start_at(address: SocketAddr) -> Self {
        let runtime = runtime::small();
        let (address, listener) = runtime::listen(&runtime, address);
        let script = [(CONTENT_TYPE, "text/javascript")];
        let app = Router::new()
            .route(
                "/",
                get(async || Html(include_str!("../yardstick/index.html"))),
            )
            .route(
                "/yardstick.js",
                get(async move || (script, include_str!("../yardstick/yardstick.js"))),
            )
            .route("/relay", any(relay))
            .with_state(Shared::default());
        // As the real server does: Nagle's algorithm would be measured otherwise.
        let listener = listener.tap_io(|stream| {
            stream
                .set_nodelay(true)
                .expect("an option of every TCP socket");
        });
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self {
            address,
            _runtime: runtime,
        }
    }

    /// The page for a room.
    pub fn url(&self, room: &str) -> String {
        format!("http://{}/?room={room}", self.address)
    }
}

async fn relay(State(relay): State<Shared>, upgrade: WebSocketUpgrade) -> axum::response::Response {
    upgrade.on_upgrade(async move |socket| serve(socket, &relay).await)
}

async fn serve(mut socket: WebSocket, relay: &Shared) {
    let (sender, mut messages) = mpsc::unbounded_channel();
    let own = {
        let mut relay = relay.lock().unwrap_or_else(PoisonError::into_inner);
        relay.next += 1;
        let own = relay.next;
        relay.people.insert(own, sender);
        own
    };
    loop {
        tokio::select! {
            message = messages.recv() => {
                let Some(message) = message else { break };
                if socket.send(Message::text(message)).await.is_err() {
                    break;
                }
            }
            frame = socket.recv() => {
                let Some(Ok(frame)) = frame else { break };
                let Message::Text(text) = frame else { continue };
                relay.lock().unwrap_or_else(PoisonError::into_inner).take(own, &text);
            }
        }
    }
    let mut relay = relay.lock().unwrap_or_else(PoisonError::into_inner);
    relay.people.remove(&own);
    for members in relay.rooms.values_mut() {
        members.retain(|member| *member != own);
    }
}

impl Relay {
    /// What our own page sends is well-formed; anything else is passed over.
    fn take(&mut self, from: u64, text: &str) {
        let Ok(mut message) = serde_json::from_str::<Value>(text) else {
            return;
        };
        if let Some(room) = message["join"].as_str() {
            let members = self.rooms.entry(room.to_owned()).or_default();
            let reply = json!({ "members": members }).to_string();
            members.push(from);
            self.send(from, reply);
        } else if let Some(to) = message["to"].as_u64() {
            message["from"] = json!(from);
            self.send(to, message.to_string());
        }
    }

    fn send(&self, to: u64, message: String) {
        if let Some(person) = self.people.get(&to) {
            // An error means that they are just leaving.
            let _ = person.send(message);
        }
    }
}
