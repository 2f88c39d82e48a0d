//! What the admin page is told, in the protocol of `@socket.io/admin-ui`. What of an event may be told
//! is [`shown`](super::shown)'s to say.

use std::net::IpAddr;

use serde::{Serialize, Serializer};
use serde_json::Value;
use socketioxide::TransportType;
use socketioxide::socket::DisconnectReason;

use super::timestamp::Timestamp;

/// The namespace of the admin page.
pub const NAMESPACE: &str = "/admin";

/// An event for the admin page; it serializes as the tuple of the event's arguments.
#[derive(Debug)]
pub enum ToAdmin {
    /// A page that has logged in: the id with which it may come back.
    Session(String),
    /// What the page may ask for.
    Config(Config),
    /// How the server is.
    ServerStats(ServerStats),
    /// Every socket, once.
    AllSockets(Vec<SocketView>),
    /// A new socket.
    SocketConnected(SocketView, Timestamp),
    /// Something about a socket is another now.
    SocketUpdated(SocketUpdate),
    /// A socket is gone, and why.
    SocketDisconnected(At, &'static str, Timestamp),
    /// A socket is in that room now.
    RoomJoined(&'static str, String, String, Timestamp),
    /// A socket is not in that room any more.
    RoomLeft(&'static str, String, String, Timestamp),
    /// A socket sent an event: its name and what is shown of it.
    EventReceived(At, (String, Value), Timestamp),
    /// A socket was sent an event.
    EventSent(At, (String, Value), Timestamp),
}

/// Which socket: its namespace and its id.
#[derive(Clone, Debug)]
pub struct At(pub &'static str, pub String);

/// The argument of `config`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// What the page may ask for.
    pub supported_features: &'static [Feature],
}

/// Something that the page may ask for, or be told.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Feature {
    /// A socket leaves a room.
    Leave,
    /// All in a room leave one.
    Mleave,
    /// A socket is disconnected.
    Disconnect,
    /// All in a room are disconnected.
    Mdisconnect,
    /// Every event is told.
    AllEvents,
}

impl Feature {
    /// For a page that may act.
    pub const ALL: &[Self] = &[
        Self::Leave,
        Self::Mleave,
        Self::Disconnect,
        Self::Mdisconnect,
        Self::AllEvents,
    ];

    /// For a page that may look.
    pub const READ_ONLY: &[Self] = &[Self::AllEvents];
}

/// The argument of `server_stats`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerStats {
    /// What tells servers apart.
    pub server_id: String,
    /// The machine's name.
    pub hostname: String,
    /// The process's id.
    pub pid: u32,
    /// In seconds.
    pub uptime: f64,
    /// Connections on which there are sockets.
    pub clients_count: usize,
    /// Those of them that are no WebSockets.
    pub polling_clients_count: usize,
    /// The namespaces.
    pub namespaces: Vec<NamespaceStats>,
}

/// A namespace in [`ServerStats`].
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceStats {
    /// Its name.
    pub name: &'static str,
    /// How many sockets are connected to it.
    pub sockets_count: usize,
}

/// A socket, as the page shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketView {
    /// Socket.IO's id.
    pub id: String,
    /// Which connection it is on: one for all namespaces.
    pub client_id: String,
    /// How it is connected.
    pub transport: Transport,
    /// The namespace.
    pub nsp: &'static str,
    /// Who it is, if they have said so.
    pub data: Value,
    /// How it began.
    pub handshake: Handshake,
    /// The rooms, by name.
    pub rooms: Vec<String>,
}

/// How a connection began. Of its request nothing is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Handshake {
    address: IpAddr,
    headers: Nothing,
    query: Nothing,
    /// In milliseconds since 1970.
    issued: u64,
    time: Timestamp,
    secure: bool,
    xdomain: bool,
    url: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Nothing {}

impl Handshake {
    /// Of a connection from there, begun then.
    #[must_use]
    pub fn of(address: IpAddr, time: Timestamp) -> Self {
        Self {
            address,
            headers: Nothing {},
            query: Nothing {},
            issued: time.milliseconds(),
            time,
            secure: false,
            xdomain: false,
            url: "/socket.io/",
        }
    }
}

/// How a socket is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// By a WebSocket.
    Websocket,
    /// By HTTP long-polling.
    Polling,
}

impl From<TransportType> for Transport {
    fn from(transport: TransportType) -> Self {
        match transport {
            TransportType::Websocket => Self::Websocket,
            TransportType::Polling => Self::Polling,
        }
    }
}

/// The argument of `socket_updated`.
#[derive(Debug, Serialize)]
pub struct SocketUpdate {
    id: String,
    nsp: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transport: Option<Transport>,
}

impl SocketUpdate {
    /// Nothing new yet about that socket.
    #[must_use]
    pub fn of(nsp: &'static str, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            nsp,
            data: None,
            transport: None,
        }
    }

    /// Who it is now.
    #[must_use]
    pub fn with_data(self, data: Value) -> Self {
        Self {
            data: Some(data),
            ..self
        }
    }

    /// How it is connected now.
    #[must_use]
    pub fn with_transport(self, transport: Transport) -> Self {
        Self {
            transport: Some(transport),
            ..self
        }
    }
}

impl ToAdmin {
    /// The event's name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Session(..) => "session",
            Self::Config(..) => "config",
            Self::ServerStats(..) => "server_stats",
            Self::AllSockets(..) => "all_sockets",
            Self::SocketConnected(..) => "socket_connected",
            Self::SocketUpdated(..) => "socket_updated",
            Self::SocketDisconnected(..) => "socket_disconnected",
            Self::RoomJoined(..) => "room_joined",
            Self::RoomLeft(..) => "room_left",
            Self::EventReceived(..) => "event_received",
            Self::EventSent(..) => "event_sent",
        }
    }

    /// Whether a page that misses it has a wrong idea of who is where.
    #[must_use]
    pub fn is_state(&self) -> bool {
        match self {
            Self::EventReceived(..) | Self::EventSent(..) | Self::ServerStats(..) => false,
            Self::Session(..)
            | Self::Config(..)
            | Self::AllSockets(..)
            | Self::SocketConnected(..)
            | Self::SocketUpdated(..)
            | Self::SocketDisconnected(..)
            | Self::RoomJoined(..)
            | Self::RoomLeft(..) => true,
        }
    }
}

impl Serialize for ToAdmin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Session(id) => (id,).serialize(serializer),
            Self::Config(config) => (config,).serialize(serializer),
            Self::ServerStats(stats) => (stats,).serialize(serializer),
            Self::AllSockets(sockets) => (sockets,).serialize(serializer),
            Self::SocketConnected(socket, at) => (socket, at).serialize(serializer),
            Self::SocketUpdated(update) => (update,).serialize(serializer),
            Self::SocketDisconnected(At(nsp, id), reason, at) => {
                (nsp, id, reason, at).serialize(serializer)
            }
            Self::RoomJoined(nsp, room, id, at) | Self::RoomLeft(nsp, room, id, at) => {
                (nsp, room, id, at).serialize(serializer)
            }
            Self::EventReceived(At(nsp, id), event, at)
            | Self::EventSent(At(nsp, id), event, at) => (nsp, id, event, at).serialize(serializer),
        }
    }
}

/// Why a socket is gone, in Socket.IO's words.
#[must_use]
pub fn reason(reason: DisconnectReason) -> &'static str {
    match reason {
        DisconnectReason::TransportClose => "transport close",
        DisconnectReason::TransportError => "transport error",
        DisconnectReason::PacketParsingError => "parse error",
        DisconnectReason::MultipleHttpPollingError => "transport error",
        DisconnectReason::HeartbeatTimeout => "ping timeout",
        DisconnectReason::ClientNSDisconnect => "client namespace disconnect",
        DisconnectReason::ServerNSDisconnect => "server namespace disconnect",
        DisconnectReason::ClosingServer => "server shutting down",
    }
}
