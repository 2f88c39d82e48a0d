//! What one page tells the others of its connections to everyone in the room, for whoever looks at how
//! all are connected. Each direction is measured where it arrives, so a report says what comes in.

use serde::{Deserialize, Serialize};

use crate::PeerId;

/// One connection of the sender's: how it does, and what arrives by it. What is not known is left out.
///
/// Flat, and its numbers of one type: what reads it is part of the page that everyone loads.
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
    pub lost_per_mille: Option<u32>,
    /// How wide the largest picture is that arrives, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Its height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How many such pictures arrive each second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames_per_second: Option<u32>,
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

/// Which way packets go, and in what; of a relayed route, between the sender and its relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkRoute {
    /// From browser to browser, in UDP.
    DirectUdp,
    /// From browser to browser, in TCP.
    DirectTcp,
    /// Through a TURN server, on one side or both, in UDP.
    RelayedUdp,
    /// Through a TURN server, in TCP.
    RelayedTcp,
    /// Through a TURN server, in TLS over TCP.
    RelayedTls,
}
