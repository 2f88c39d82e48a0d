//! What the admin page sees of one connection: the handle by which the rest of the server tells. It
//! costs nothing where there is no admin page, and next to nothing while nobody looks at it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::{PeerId, RoomName};
use socketioxide::extract::SocketRef;

use super::payload::{At, Handshake, SocketView, ToAdmin, Transport};
use super::registry::{Controls, Key, Registry};
use super::shown::{Shown, room_name};
use super::timestamp::Timestamp;
use crate::connection::line::{End, Ending};
use crate::polling::Session;
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

/// What an admin may do to a connection, which is to end it. A member is in one room at most, and one who is put out of
/// it is put out altogether.
#[derive(Debug)]
struct Handle {
    socket: SocketRef,
    end: End,
}

impl Controls for Handle {
    fn disconnect(&self) {
        self.end.declare(Ending::Disconnected);
    }

    fn put_out(&self) {
        self.end.declare(Ending::PutOut);
    }

    fn transport(&self) -> Transport {
        self.socket.transport_type().into()
    }
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
                id: public_id(socket),
            })
        }))
    }

    /// The socket is connected, from there, until that end.
    pub fn appears(&self, address: IpAddr, socket: &SocketRef, end: &End) {
        let Some(seen) = &self.0 else {
            return;
        };
        let controls = Handle {
            socket: socket.clone(),
            end: end.clone(),
        };
        let view = SocketView {
            id: seen.id.clone(),
            client_id: seen.id.clone(),
            transport: controls.transport(),
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
        let Some(seen) = &self.0 else {
            return;
        };
        let mut members = room.members();
        let nickname = members
            .find(|member| member.id == peer)
            .map(|member| &member.nickname);
        let who = json!({ "peer": peer, "nickname": nickname });
        seen.registry
            .joined(seen.key, room_name(room.name().as_str()), who);
    }

    /// It is in those rooms now, and in no others.
    pub fn is_in<'a>(&self, rooms: impl FnOnce() -> Vec<&'a RoomName>) {
        if let Some(seen) = &self.0 {
            let rooms = rooms().into_iter().map(|name| room_name(name.as_str()));
            seen.registry.is_in(seen.key, rooms.collect());
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
            let (at, event) = (seen.at(), (name.to_owned(), what.shown()));
            let passed = |time| ToAdmin::EventReceived(at, event, time);
            seen.registry.passed(passed);
        }
    }

    /// It was sent an event.
    pub fn sent(&self, name: &str, what: &impl Shown) {
        if let Some(seen) = self.looked_at() {
            let (at, event) = (seen.at(), (name.to_owned(), what.shown()));
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

/// Socket.IO's id, but for a session that began as HTTP long-polling: whoever knows it could speak in that session.
fn public_id(socket: &SocketRef) -> String {
    let id = socket.id.to_string();
    if socket
        .req_parts()
        .extensions
        .get::<Arc<Session>>()
        .is_none()
    {
        return id;
    }
    let digest = Sha256::digest(id.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest[..12])
}

/// Whatever became of the connection's task.
impl Drop for Seen {
    fn drop(&mut self) {
        self.registry.disconnected(self.key, "transport close");
    }
}
