//! What the admin page sees of one connection: the handle by which the rest of the server tells. It
//! costs nothing where there is no admin page, and next to nothing while nobody looks at it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Value, json};
use shared::PeerId;
use shared::to_browser::Message;
use socketioxide::extract::SocketRef;

use super::payload::{At, Handshake, SocketView, ToAdmin};
use super::registry::{Controls, Key, Registry};
use super::shown::{Shown, cut, room_name};
use super::timestamp::Timestamp;
use crate::room::Room;

/// A handle to what is seen of a connection.
#[derive(Clone, Debug, Default)]
pub struct Sight(Option<Arc<Seen>>);

#[derive(Debug)]
struct Seen {
    registry: Arc<Registry>,
    key: Key,
    nsp: &'static str,
    id: String,
}

impl Sight {
    /// Of that socket in that namespace; nothing, where there is no registry.
    #[must_use]
    pub fn of(registry: Option<&Arc<Registry>>, nsp: &'static str, socket: &SocketRef) -> Self {
        Self(registry.map(|registry| {
            Arc::new(Seen {
                registry: Arc::clone(registry),
                key: Key::next(),
                nsp,
                id: socket.id.to_string(),
            })
        }))
    }

    /// The socket is connected.
    pub fn appears(&self, address: IpAddr, controls: impl Controls + 'static) {
        let Some(seen) = &self.0 else {
            return;
        };
        let view = SocketView {
            id: seen.id.clone(),
            client_id: seen.id.clone(),
            transport: "websocket",
            nsp: seen.nsp,
            data: json!({}),
            handshake: Handshake::of(address, Timestamp::of(SystemTime::now())),
            rooms: Vec::new(),
        };
        seen.registry.connected(seen.key, view, Arc::new(controls));
    }

    /// Which socket it is, where anybody might ask.
    #[must_use]
    pub fn key(&self) -> Option<Key> {
        self.0.as_ref().map(|seen| seen.key)
    }

    /// It is that member of that room now.
    pub fn entered(&self, room: &Room, peer: PeerId) {
        if self.0.is_none() {
            return;
        }
        self.joined(&room_name(room.name().as_str()), || {
            let nickname = room
                .members()
                .find(|member| member.id == peer)
                .map(|member| &member.nickname);
            json!({ "peer": peer, "nickname": nickname })
        });
    }

    /// It is in a room now, as someone.
    pub fn joined(&self, room: &str, who: impl FnOnce() -> Value) {
        if let Some(seen) = &self.0 {
            seen.registry.joined(seen.key, room, who());
        }
    }

    /// It is in no room any more, and nobody.
    pub fn left(&self) {
        if let Some(seen) = &self.0 {
            seen.registry.left(seen.key);
        }
    }

    /// It sent an event.
    pub fn received(&self, name: &str, what: &impl Shown) {
        if let Some(seen) = self.looked_at() {
            let (at, event) = (seen.at(), (cut(name), what.shown()));
            let passed = |time| ToAdmin::EventReceived(at, event, time);
            seen.registry.passed(passed);
        }
    }

    /// It was sent an event.
    pub fn sent(&self, message: &Message) {
        if let Some(seen) = self.looked_at() {
            let (at, event) = (seen.at(), (message.name().to_owned(), message.shown()));
            let passed = |time| ToAdmin::EventSent(at, event, time);
            seen.registry.passed(passed);
        }
    }

    /// It is disconnected.
    pub fn vanishes(&self, reason: &'static str) {
        if let Some(seen) = &self.0 {
            seen.registry.disconnected(seen.key, reason);
        }
    }

    fn looked_at(&self) -> Option<&Seen> {
        self.0.as_deref().filter(|seen| seen.registry.is_watched())
    }
}

impl Seen {
    fn at(&self) -> At {
        At(self.nsp, self.id.clone())
    }
}

/// Whatever became of the connection's task.
impl Drop for Seen {
    fn drop(&mut self) {
        self.registry.disconnected(self.key, "transport close");
    }
}
