//! The call of the page with itself, and whether what it carried is enough for a call with others.

use std::time::Duration;

use super::view::{Finding, Problem, Status};

/// Bits per second under which a call shows no usable picture: what the least camera and a voice take.
const USABLE: u32 = 200_000;

/// From this round trip on people talk into each other's words (ITU-T G.114: 400 ms each way at most).
const SLOW: Duration = Duration::from_millis(800);

/// Something that happened to the connection of the page with itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallEvent {
    /// It stands.
    Connected,
    /// It cannot be made, or is lost.
    Unconnected,
    /// This is what it carried.
    Measured(Measured),
}

/// What the connection of the page with itself carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Bits per second that left.
    pub up: u32,
    /// Bits per second that arrived.
    pub down: u32,
    /// From here to here and back, if a reply came.
    pub round_trip: Option<Duration>,
    /// Whether pictures were among it; without a camera there are none.
    pub picture: bool,
}

impl Measured {
    pub(super) fn judged(self, relayed: bool) -> Status {
        match self.round_trip {
            None => Status::Failed(Problem::Stalled),
            Some(_) if self.up.min(self.down) < USABLE => Status::Failed(Problem::Thin(self)),
            Some(round_trip) if round_trip >= SLOW => Status::Failed(Problem::Slow(self)),
            Some(_) => Status::Passed(Finding::Call {
                relayed,
                measured: self,
            }),
        }
    }
}
