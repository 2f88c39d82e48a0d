//! Framing: Engine.IO v4 packets that carry Socket.IO v5 packets, as text.
//!
//! ```text
//! <engine type>[<socket type>[<namespace>,][<ack id>][<JSON>]]      42/chat,7["enter",{"seat":3}]
//! ```
//!
//! Leaves to others which packet may come when ([`protocol`](crate::protocol)). Binary attachments
//! (types 5 and 6) are refused.

use serde::Deserialize;
use serde_json::value::RawValue;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

/// A packet from the server.
#[derive(Debug)]
pub(crate) enum Packet {
    /// Engine.IO: the session begins.
    Open(Handshake),
    /// Engine.IO: the session ends.
    Close,
    /// Engine.IO: are you there?
    Ping,
    /// Engine.IO: nothing.
    Noop,
    /// We are in the namespace, under this id.
    Connect { sid: String },
    /// We are out of the namespace.
    Disconnect,
    /// An event with its first argument.
    Event {
        name: String,
        payload: Box<RawValue>,
    },
    /// The answer to an event of ours.
    Ack { id: u64, payload: Box<RawValue> },
    /// The namespace does not let us in.
    ConnectError(Refusal),
}

/// What the server says when a session begins.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Handshake {
    /// Milliseconds between the server's pings.
    pub(crate) ping_interval: u64,
    /// Milliseconds that a ping, or its answer, may be late.
    pub(crate) ping_timeout: u64,
    /// Bytes that the server takes in one frame; servers of early v4 don't say.
    pub(crate) max_payload: Option<u64>,
}

/// The body of CONNECT_ERROR.
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) data: Option<Box<RawValue>>,
}

/// A frame that the protocol does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// A frame without a packet type.
    #[error("a packet without a type")]
    NoType,
    /// A packet type that does not exist, or that only clients send.
    #[error("packet type {0:?}")]
    UnknownType(char),
    /// A binary frame, or a packet that announces attachments.
    #[error("a binary packet")]
    Binary,
    /// A ping, close, pong … with something behind it.
    #[error("something behind a packet that has no body")]
    UnexpectedBody,
    /// A packet for a namespace that was not asked for.
    #[error("a packet for namespace {0:?}")]
    ForeignNamespace(String),
    /// An ack without id, or with one that is too large.
    #[error("an ack without a usable id")]
    BadAckId,
    /// The JSON is malformed, or of the wrong shape.
    #[error("a body of the wrong shape: {0}")]
    BadBody(String),
    /// A packet that must not come at this point of the conversation.
    #[error("a packet out of turn: {0}")]
    OutOfTurn(&'static str),
}

/// The answer to a ping.
pub(crate) const PONG: &str = "3";

/// Asks to be let into the namespace.
pub(crate) fn encode_connect(namespace: &str, auth: Option<&RawValue>) -> String {
    let auth = auth.map_or("", RawValue::get);
    format!("40{}{auth}", prefix(namespace))
}

/// Says goodbye to the namespace.
pub(crate) fn encode_disconnect(namespace: &str) -> String {
    format!("41{}", prefix(namespace))
}

/// An event, its name and arguments given as a JSON array; with an id, the server is asked for an ack.
pub(crate) fn encode_event(namespace: &str, id: Option<u64>, arguments: &str) -> String {
    let id = id.map_or_else(String::new, |id| id.to_string());
    format!("42{}{id}{arguments}", prefix(namespace))
}

/// Reads one frame of a session that is in this namespace only.
pub(crate) fn decode(frame: &str, namespace: &str) -> Result<Packet, PacketError> {
    let (engine_type, body) = split_type(frame)?;
    match engine_type {
        '0' => Ok(Packet::Open(json(body)?)),
        '1' => bare(body, Packet::Close),
        '2' => bare(body, Packet::Ping),
        '4' => decode_message(body, namespace),
        '6' => bare(body, Packet::Noop),
        'b' => Err(PacketError::Binary),
        other => Err(PacketError::UnknownType(other)),
    }
}

fn decode_message(message: &str, namespace: &str) -> Result<Packet, PacketError> {
    let (socket_type, rest) = split_type(message)?;
    if matches!(socket_type, '5' | '6') {
        return Err(PacketError::Binary);
    }
    let (addressed, rest) = split_namespace(rest);
    if addressed != root_if_empty(namespace) {
        return Err(PacketError::ForeignNamespace(addressed.to_owned()));
    }
    match socket_type {
        '0' => {
            let Joined { sid } = json(rest)?;
            Ok(Packet::Connect { sid })
        }
        '1' => bare(rest, Packet::Disconnect),
        '2' => {
            // Whether the server wants an ack makes no difference: see the crate's header.
            let (_, arguments) = split_id(rest);
            let arguments: Vec<&RawValue> = json(arguments)?;
            let name = arguments.first().map_or("", |name| name.get());
            Ok(Packet::Event {
                name: json(name)?,
                payload: argument(&arguments, 1),
            })
        }
        '3' => {
            let (id, arguments) = split_id(rest);
            let id = id.parse().map_err(|_| PacketError::BadAckId)?;
            let arguments: Vec<&RawValue> = json(arguments)?;
            Ok(Packet::Ack {
                id,
                payload: argument(&arguments, 0),
            })
        }
        '4' => Ok(Packet::ConnectError(json(rest)?)),
        other => Err(PacketError::UnknownType(other)),
    }
}

#[derive(Deserialize)]
struct Joined {
    sid: String,
}

fn split_type(text: &str) -> Result<(char, &str), PacketError> {
    let mut chars = text.chars();
    let kind = chars.next().ok_or(PacketError::NoType)?;
    Ok((kind, chars.as_str()))
}

/// The root namespace is not written. A packet without body may end without the comma.
fn split_namespace(text: &str) -> (&str, &str) {
    if text.starts_with('/') {
        text.split_once(',').unwrap_or((text, ""))
    } else {
        ("/", text)
    }
}

fn split_id(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

fn bare(body: &str, packet: Packet) -> Result<Packet, PacketError> {
    if body.is_empty() {
        Ok(packet)
    } else {
        Err(PacketError::UnexpectedBody)
    }
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, PacketError> {
    serde_json::from_str(text).map_err(|error| PacketError::BadBody(error.to_string()))
}

fn argument(arguments: &[&RawValue], index: usize) -> Box<RawValue> {
    arguments
        .get(index)
        .map_or(RawValue::NULL, |argument| *argument)
        .to_owned()
}

fn prefix(namespace: &str) -> String {
    match root_if_empty(namespace) {
        "/" => String::new(),
        namespace => format!("{namespace},"),
    }
}

fn root_if_empty(namespace: &str) -> &str {
    if namespace.is_empty() { "/" } else { namespace }
}
