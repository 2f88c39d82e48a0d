//! Socket.IO by hand on a bare WebSocket: for clients that misbehave, that come by the thousand, or
//! that send at a chosen instant.

use std::net::SocketAddr;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use shared::event::PROTOCOL_VERSION;
use shared::{ClientEvent, Rejection};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::soon;

pub struct RawClient {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next_ack: u64,
}

/// Something that the server sent on the namespace.
#[derive(Debug)]
pub enum Packet {
    Event(String, Value),
    Ack(u64, Value),
    Other(#[expect(dead_code, reason = "a failing test prints it")] String),
}

impl RawClient {
    /// Connects the WebSocket, as a page of that origin would; no further.
    pub async fn open(server: SocketAddr, origin: Option<&str>) -> Result<Self, Error> {
        let url = format!("ws://{server}/socket.io/?EIO=4&transport=websocket");
        let mut request = url.into_client_request()?;
        if let Some(origin) = origin {
            request
                .headers_mut()
                .insert("Origin", origin.parse().unwrap());
        }
        let (socket, _) = soon("the upgrade", connect_async(request)).await?;
        let mut client = Self {
            socket,
            next_ack: 0,
        };
        let open = client.text().await.unwrap();
        assert!(open.starts_with('0'), "{open}");
        Ok(client)
    }

    /// Connects the namespace too.
    pub async fn connect(server: SocketAddr) -> Self {
        let mut client = Self::open(server, None).await.unwrap();
        let answer = client.greet(json!({ "protocol": PROTOCOL_VERSION })).await;
        assert!(answer.starts_with("40/moim,{\"sid\""), "{answer}");
        client
    }

    /// Sends CONNECT and returns the answer.
    pub async fn greet(&mut self, hello: Value) -> String {
        self.send(format!("40/moim,{hello}")).await;
        self.text().await.unwrap()
    }

    /// Sends a text frame.
    pub async fn send(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// Sends a text frame, unless the server closes before it has all of it.
    pub async fn try_send(&mut self, text: String) {
        // Whether it did shows in what comes next.
        let _ = self.socket.send(Message::text(text)).await;
    }

    /// Sends a binary frame.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::binary(bytes)).await.unwrap();
    }

    /// Sends an event without waiting; returns the number of its answer.
    pub async fn post<E: ClientEvent>(&mut self, event: &E) -> u64 {
        let id = self.next_ack;
        self.next_ack += 1;
        let event = json!([E::NAME, event]);
        self.send(format!("42/moim,{id}{event}")).await;
        id
    }

    /// Sends an event and waits for its answer, which must be the next thing to come.
    pub async fn ask<E: ClientEvent>(&mut self, event: &E) -> Result<E::Reply, Rejection> {
        let id = self.post(event).await;
        match self.packet().await {
            Some(Packet::Ack(acked, answer)) if acked == id => {
                serde_json::from_value(answer).unwrap()
            }
            other => panic!("instead of answer {id}: {other:?}"),
        }
    }

    /// Sends an event and waits for its answer, whatever events come before it.
    pub async fn ask_meanwhile<E: ClientEvent>(
        &mut self,
        event: &E,
    ) -> Result<E::Reply, Rejection> {
        let id = self.post(event).await;
        loop {
            match self.packet().await {
                Some(Packet::Ack(acked, answer)) if acked == id => {
                    return serde_json::from_value(answer).unwrap();
                }
                Some(Packet::Event(..)) => {}
                other => panic!("instead of answer {id}: {other:?}"),
            }
        }
    }

    /// The next packet; `None` when the connection is closed.
    pub async fn packet(&mut self) -> Option<Packet> {
        let text = self.text().await?;
        let Some((kind, rest)) = text.split_once("/moim,") else {
            return Some(Packet::Other(text));
        };
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (id, payload) = rest.split_at(digits);
        let arguments = || match serde_json::from_str(payload).unwrap() {
            Value::Array(arguments) => arguments,
            other => panic!("not a list of arguments: {other}"),
        };
        Some(match kind {
            "42" => {
                let mut arguments = arguments();
                let payload = arguments.pop().unwrap();
                Packet::Event(
                    arguments.pop().unwrap().as_str().unwrap().to_owned(),
                    payload,
                )
            }
            "43" => Packet::Ack(id.parse().unwrap(), arguments().remove(0)),
            _ => Packet::Other(text),
        })
    }

    /// Closes the connection as a browser does.
    pub async fn close(mut self) {
        self.socket.close(None).await.unwrap();
        self.closed().await;
    }

    /// Reads until the server closes the connection, or the namespace on it.
    pub async fn closed(&mut self) {
        while let Some(text) = self.text().await
            && text != "41/moim,"
        {}
    }

    /// The next text, pings answered.
    pub async fn text(&mut self) -> Option<String> {
        soon("a frame", self.any_text()).await
    }

    async fn any_text(&mut self) -> Option<String> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => {
                    self.try_send("3".to_owned()).await;
                }
                Some(Ok(Message::Text(text))) => return Some(text.as_str().to_owned()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(other)) => panic!("unexpected frame {other:?}"),
            }
        }
    }
}
