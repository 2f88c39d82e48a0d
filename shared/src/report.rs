//! What one page tells the others of its connections to everyone in the room, for whoever looks at how
//! all are connected. Each direction is measured where it arrives, so a report says what comes in.

use serde::{Deserialize, Serialize};

use crate::PeerId;

/// One connection of the sender's: how it does, and what arrives by it. What is not known is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkReport {
    /// To whom it leads.
    pub peer: PeerId,
    /// How it does, as the sender sees it.
    pub quality: LinkQuality,
    /// Which way the packets go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<LinkRoute>,
    /// How long a packet and its answer take, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip: Option<u32>,
    /// Bits per second that arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bitrate: Option<u32>,
    /// How many of a thousand packets are lost on the way here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost_per_mille: Option<u16>,
    /// The largest picture that arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureReport>,
    /// Whether the voice arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<bool>,
}

/// How a connection does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkQuality {
    /// It is being made for the first time.
    Connecting,
    /// Nothing to complain of.
    Good,
    /// It stands, but is slow, loses much, or lets nothing through of what is sent.
    Poor,
    /// It stood, and is being repaired.
    Reconnecting,
    /// There is none; it is tried again from time to time.
    Lost,
}

/// Which way packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRoute {
    /// Whether through a TURN server, on one side or both.
    pub relayed: bool,
    /// In what; of a relayed route, between the sender and its relay.
    pub transport: LinkTransport,
}

/// What packets are carried in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkTransport {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
    /// TLS over TCP.
    Tls,
}

/// A picture that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureReport {
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
    /// Pictures each second.
    pub frames_per_second: u16,
}
