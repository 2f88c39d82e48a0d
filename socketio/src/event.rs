//! What a client tells its application. Leaves the decoding of payloads to it.

use std::time::Duration;

use serde_json::value::RawValue;

use crate::PacketError;

/// Something that happened on the connection, in the order in which it happened.
#[derive(Debug)]
pub enum Event {
    /// The namespace has let us in: emits work from here on.
    Connected {
        /// The server's id of this connection; another one after each reconnection.
        sid: String,
    },
    /// The connection is gone; exactly one for each [`Event::Connected`]. Acks that were awaited
    /// have failed.
    Disconnected(Reason),
    /// The server (CONNECT_ERROR), or the browser itself (a malformed or forbidden address), has
    /// refused the connection. It is not tried again until [`Client::connect`](crate::Client::connect) or
    /// [`Client::retry`](crate::Client::retry).
    ConnectRefused {
        /// The refuser's words.
        message: String,
        /// What the server sent along.
        data: Option<Box<RawValue>>,
    },
    /// The server emitted an event.
    Received {
        /// The event's name.
        name: String,
        /// Its first argument as JSON; `null` if it has none.
        payload: Box<RawValue>,
    },
    /// An attempt failed, or a connection was lost: the next attempt comes after a pause.
    Reconnecting {
        /// Number of the coming attempt, counted from 1 since the connection last proved good.
        attempt: u32,
        /// The pause before it.
        delay: Duration,
        /// What made it necessary.
        cause: Reason,
    },
}

/// Why a connection ended, or an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The server took us out of the namespace. No reconnection by itself.
    ServerDisconnect,
    /// We said goodbye. No reconnection by itself.
    ClientDisconnect,
    /// The application would not wait for its end ([`Client::reconnect`](crate::Client::reconnect)).
    Abandoned,
    /// The server's ping did not come in time: the network is gone, or the machine slept.
    PingTimeout,
    /// The attempt took longer than [`Options::connect_timeout`](crate::Options::connect_timeout).
    ConnectTimeout,
    /// The WebSocket closed, with the code of RFC 6455 §7.4 (1006: without a farewell).
    TransportClosed {
        /// The close code.
        code: u16,
        /// The other side's words, often empty.
        reason: String,
    },
    /// The server ended the Engine.IO session (its CLOSE packet).
    SessionClosed,
    /// The server sent what the protocol does not allow.
    ProtocolError(PacketError),
}
