//! The zoom clone's plain WebSocket chat, on `/` and `/ws`, without Socket.IO: every message goes to everyone, the
//! sender too. Serves both stages: JSON (`nickname`, `new_message`) and, before it, bare text.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::RequestExt;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{ConnectInfo, Extension, Request, State};
use axum::http::header::UPGRADE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use shared::limits::SOCKET_MESSAGE_BYTES;
use shared::{Nickname, Rejection};
use tokio::sync::mpsc;
use tokio::time::interval;

use super::chat::NOBODY;
use crate::admission::HasRoom;
use crate::connection::gate::Gate;
use crate::cors::Sender;
use crate::names;
use crate::rate::Verdict;
use crate::server::{READ_BUFFER_BYTES, Server};
use crate::trace::Trace;
use crate::unsent::Unsent;
use crate::upgrade::{refuse_one_more, refuse_stranger};

/// Everyone who chats.
#[derive(Debug)]
pub struct PlainChat {
    server: Arc<Server>,
    next: AtomicU64,
    people: Mutex<HashMap<u64, Listener>>,
}

/// Where one of them is told what others say.
#[derive(Debug)]
struct Listener {
    queue: mpsc::Sender<Utf8Bytes>,
    unsent: Unsent,
}

/// One of them; takes the listener out when dropped.
struct Person<'a> {
    chat: &'a PlainChat,
    id: u64,
    nickname: Option<Nickname>,
}

/// What a text means.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Nickname(String),
    Message(String),
    /// It is of the stage before JSON.
    Bare,
}

/// Takes the WebSockets for the chat; everything else goes on.
pub async fn intercept(
    State(chat): State<Arc<PlainChat>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(unsent): Extension<Unsent>,
    Extension(trace): Extension<Arc<Trace>>,
    mut request: Request,
    next: Next,
) -> Response {
    let for_us = matches!(request.uri().path(), "/" | "/ws");
    if !for_us || !request.headers().contains_key(UPGRADE) {
        return next.run(request).await;
    }
    let config = &chat.server.config;
    let address = peer.ip().to_canonical();
    let sender = Sender::of(
        request.headers(),
        address.is_loopback(),
        &config.allow_origins,
    );
    if sender == Sender::Stranger {
        return refuse_stranger(&trace);
    }
    let upgrade = match request.extract_parts::<WebSocketUpgrade>().await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let admitted = chat.server.sockets.admit(address);
    let Some(admitted) = admitted.filter(|place| place.room() == HasRoom::Yes) else {
        return refuse_one_more(&trace);
    };
    let gate = Gate::new(config, admitted, unsent, trace);
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(SOCKET_MESSAGE_BYTES)
        .max_frame_size(SOCKET_MESSAGE_BYTES)
        .on_upgrade(async move |socket| chat.converse(socket, &gate).await)
}

impl PlainChat {
    /// Without anybody.
    #[must_use]
    pub fn new(server: Arc<Server>) -> Arc<Self> {
        Arc::new(Self {
            server,
            next: AtomicU64::new(0),
            people: Mutex::default(),
        })
    }

    async fn converse(&self, mut socket: WebSocket, gate: &Gate) {
        let config = &self.server.config;
        let (mut person, mut queue) = self.enter(gate);
        let closing = self.server.closed();
        tokio::pin!(closing);
        let mut pings = interval(config.ping_interval);
        let mut last_sign = Instant::now();
        let close = loop {
            tokio::select! {
                biased;
                () = &mut closing => break Some(close_code::AWAY),
                text = queue.recv() => {
                    // There is always somebody to send: the listener is `person`'s.
                    let Some(text) = text else { break None };
                    if socket.send(Message::Text(text)).await.is_err() {
                        break None;
                    }
                }
                _ = pings.tick() => {
                    let silence = last_sign.elapsed();
                    if silence > config.ping_interval + config.ping_timeout
                        || socket.send(Message::Ping(Default::default())).await.is_err()
                    {
                        break None;
                    }
                }
                message = socket.recv() => {
                    last_sign = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => {
                            if let ControlFlow::Break(code) = person.hear(gate, text) {
                                break Some(code);
                            }
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_))) => break Some(close_code::UNSUPPORTED),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
                    }
                }
            }
        };
        drop(person);
        if let Some(code) = close {
            let reason = Utf8Bytes::default();
            let frame = CloseFrame { code, reason };
            // Whoever is gone needs no goodbye.
            let _ = socket.send(Message::Close(Some(frame))).await;
        }
    }

    fn enter(&self, gate: &Gate) -> (Person<'_>, mpsc::Receiver<Utf8Bytes>) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let most = self.server.config.event_burst_or_default() as usize;
        let (queue, told) = mpsc::channel(most);
        let unsent = gate.unsent().clone();
        self.people().insert(id, Listener { queue, unsent });
        let person = Person {
            chat: self,
            id,
            nickname: None,
        };
        (person, told)
    }

    /// Tells everyone, in one order. Those who read too slowly miss it; of those who do not read at all, their streams
    /// make an end.
    fn tell_all(&self, text: &Utf8Bytes) {
        for listener in self.people().values() {
            let unsent = &listener.unsent;
            if unsent.add_signal(text.len()).is_ok()
                && listener.queue.try_send(text.clone()).is_err()
            {
                unsent.taken(text.len());
            }
        }
    }

    fn people(&self) -> MutexGuard<'_, HashMap<u64, Listener>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Person<'_> {
    fn hear(&mut self, gate: &Gate, text: Utf8Bytes) -> ControlFlow<u16> {
        let event = "a text of the plain chat";
        match gate.count() {
            Verdict::Within => {}
            Verdict::Over => {
                gate.log_refusal(event, &Rejection::RateLimited);
                return ControlFlow::Continue(());
            }
            Verdict::FarOver => {
                gate.log_refusal(event, &Rejection::RateLimited);
                return ControlFlow::Break(close_code::POLICY);
            }
        }
        if let Err(rejection) = gate.count_signal(text.len()) {
            gate.log_refusal(event, &rejection);
            return ControlFlow::Continue(());
        }
        match Meaning::of(&text) {
            Ok(Meaning::Bare) => self.chat.tell_all(&text),
            Ok(Meaning::Message(text)) => {
                let name = self.nickname.as_ref().map_or(NOBODY, Nickname::as_str);
                self.chat.tell_all(&format!("{name} : {text}").into());
            }
            Ok(Meaning::Nickname(text)) => match names::nickname(&text) {
                Ok(nickname) => self.nickname = Some(nickname),
                Err(rejection) => gate.log_refusal(event, &rejection),
            },
            Err(rejection) => gate.log_refusal(event, &rejection),
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Person<'_> {
    fn drop(&mut self) {
        self.chat.people().remove(&self.id);
    }
}

impl Meaning {
    /// What has no `type` is bare text, even if it is JSON.
    fn of(text: &str) -> Result<Self, Rejection> {
        let Ok(object) = serde_json::from_str::<Map<String, Value>>(text) else {
            return Ok(Self::Bare);
        };
        let Some(Value::String(kind)) = object.get("type") else {
            return Ok(Self::Bare);
        };
        let payload = match object.get("payload") {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        match kind.as_str() {
            "nickname" => Ok(Self::Nickname(payload)),
            "new_message" => Ok(Self::Message(payload)),
            _ => Err(Rejection::UnknownEvent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_stages_are_understood() {
        let message = r#"{"type":"new_message","payload":"hi"}"#;
        assert_eq!(Meaning::of(message), Ok(Meaning::Message("hi".to_owned())));
        let number = r#"{"payload":7,"type":"nickname"}"#;
        assert_eq!(Meaning::of(number), Ok(Meaning::Nickname("7".to_owned())));
        for bare in ["hi", "7", "{}", r#"{"kind":"x"}"#, "[\"type\"]", ""] {
            assert_eq!(Meaning::of(bare), Ok(Meaning::Bare), "{bare}");
        }
        let unknown = Meaning::of(r#"{"type":"shout"}"#);
        assert_eq!(unknown, Err(Rejection::UnknownEvent));
    }
}
