//! What a browser counts of one peer connection (W3C webrtc-stats), read off at a moment. What it comes
//! to between two moments is worked out by `flow`.

use std::time::Duration;

use crate::view::Route;

/// The counters of one peer connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measurement {
    /// When, by the browser's own clock: only differences mean something.
    pub at: Duration,
    /// Which way the packets go: that of the selected candidate pair.
    pub route: Option<Route>,
    /// How long a packet and its answer take on it.
    pub round_trip: Option<Duration>,
    /// How many of a thousand packets sent lately did not arrive, as the peer says: of the slot that
    /// fares worst.
    pub lost_there_per_mille: Option<u16>,
    /// What the browser reckons that the path carries from here, in bits per second; not all say.
    pub available: Option<u32>,
    /// What has gone out so far on the path, in bytes.
    pub sent: u64,
    /// What has come in so far, by [`Slot`](crate::output::Slot).
    pub received: [Received; 4],
}

/// What has come in so far in one slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Packets.
    pub packets: u64,
    /// Packets that are missing.
    pub lost: u64,
    /// Their content, in bytes: without headers and padding.
    pub bytes: u64,
    /// Pictures decoded.
    pub frames: u64,
    /// The size of the last picture, in pixels; 0 when there was none.
    pub width: u16,
    /// As `width`.
    pub height: u16,
}
