//! What makes a payload an event: its name and its direction live in its type, so that a name is
//! written once and a handler cannot be given the wrong payload. The payloads are in
//! [`to_server`](crate::to_server) and [`to_browser`](crate::to_browser).

use serde::{Serialize, de::DeserializeOwned};

use crate::Rejection;

/// The Socket.IO namespace that Moim's own protocol lives on.
pub const NAMESPACE: &str = "/moim";

/// The version of the protocol in this build, sent in the CONNECT payload ([`Hello`]).
///
/// A server that speaks another version refuses the connection with
/// [`ConnectRefusal::ProtocolVersion`]; the page then needs to be loaded afresh.
pub const PROTOCOL_VERSION: u32 = 1;

/// A payload that travels as one named Socket.IO event with one argument.
pub trait Event: Serialize + DeserializeOwned {
    /// The event's name on the wire.
    const NAME: &'static str;
}

/// An event from the server to one browser.
pub trait ServerEvent: Event {}

/// An event from a browser to the server.
///
/// One that asks for an acknowledgement always gets one: `Result<Reply, Rejection>`, in serde's
/// form (`{"Ok": …}` or `{"Err": …}`), for a malformed payload too.
pub trait ClientEvent: Event {
    /// What the acknowledgement carries when the event was accepted.
    type Reply: Serialize + DeserializeOwned;

    /// Checks the limits that the payload's shape does not express.
    ///
    /// # Errors
    /// The rejection to acknowledge the event with.
    fn check(&self) -> Result<(), Rejection> {
        Ok(())
    }
}

/// The payload of the Socket.IO CONNECT packet, in both senses of the word a greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Hello {
    /// The sender's [`PROTOCOL_VERSION`].
    pub protocol: u32,
}

/// Why the server refuses a connection: the message string of Socket.IO's CONNECT_ERROR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectRefusal {
    /// The page and the server are of different versions: load the page again.
    ProtocolVersion,
    /// The CONNECT payload was not a [`Hello`].
    Malformed,
    /// Too many connections from this address, or in all.
    TooManyConnections,
    /// The connection began as HTTP long-polling.
    WebSocketOnly,
}

impl ConnectRefusal {
    /// Every refusal there is.
    pub const ALL: [Self; 4] = [
        Self::ProtocolVersion,
        Self::Malformed,
        Self::TooManyConnections,
        Self::WebSocketOnly,
    ];

    /// The stable code that stands on the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ProtocolVersion => "protocol_version",
            Self::Malformed => "malformed",
            Self::TooManyConnections => "too_many_connections",
            Self::WebSocketOnly => "websocket_only",
        }
    }

    /// Reads a code back; `None` for one that this version does not know.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.code() == code)
    }
}

impl std::fmt::Display for ConnectRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}
