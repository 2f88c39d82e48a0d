//! How the people in a room are connected with each other, as the page shows it.

use std::time::Duration;

use shared::PeerId;

/// How well sound and picture come through between this person and somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quality {
    /// The way is being made for the first time.
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

/// What does not arrive although its sender says that it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Missing {
    /// The voice.
    pub sound: bool,
    /// The camera's picture, or the shared screen's.
    pub picture: bool,
}

/// Two people in the room, and what they have measured of the way between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairView {
    /// The two. Where this person is one of them, they are the first.
    pub parties: [Party; 2],
    /// How it does.
    pub quality: Quality,
    /// Which way the packets go.
    pub route: Option<Route>,
    /// How long a packet and its answer take.
    pub round_trip: Option<Duration>,
    /// What flows from the first to the second, and from the second to the first. Measured where it arrives.
    pub flows: [FlowView; 2],
}

/// One of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Who.
    pub id: PeerId,
    /// Their name as shown.
    pub name: String,
}

/// What arrives in one direction. `None` where it is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlowView {
    /// Bits per second, sound and pictures together.
    pub bitrate: Option<u32>,
    /// How many of a thousand packets are lost.
    pub lost_per_mille: Option<u16>,
    /// The camera's picture or the shared screen's, whichever is larger; `None` when none arrives, too.
    pub picture: Option<Picture>,
    /// Whether sound arrives.
    pub sound: Option<bool>,
}

/// The size and rate of a picture that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
    /// Pictures each second.
    pub frames_per_second: u16,
}

/// Which way the packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// Directly or not.
    pub kind: RouteKind,
    /// In what; of a relayed route, between this side and its relay.
    pub transport: Transport,
}

/// Whether packets go from browser to browser or through a relay (RFC 8656).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// From browser to browser.
    Direct,
    /// Through a TURN server, on one side or both.
    Relayed,
}

/// What packets are carried in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// UDP.
    Udp,
    /// TCP.
    Tcp,
    /// TLS over TCP.
    Tls,
}
