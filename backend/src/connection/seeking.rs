//! What a connection's task waits for while its person waits to meet someone.

use std::time::Instant;

use tokio::sync::oneshot;
use tokio::time::sleep_until;

use crate::pairing::PATIENCE;
use crate::room_store::Place;

/// Waiting to meet someone.
#[derive(Debug)]
pub struct Seeking {
    met: oneshot::Receiver<Place>,
    /// When the one met last will do, if there is nobody else; `None` once it has been said.
    out_of_patience: Option<Instant>,
}

/// What becomes of it.
#[derive(Debug)]
pub enum Turn {
    /// Someone was found.
    Met(Place),
    /// The one met last will do from now on.
    OutOfPatience,
    /// The person waits on another connection now.
    Displaced,
}

impl Seeking {
    /// Waiting since then; `met` is where it is told.
    #[must_use]
    pub fn new(met: oneshot::Receiver<Place>, since: Instant) -> Self {
        Self {
            met,
            out_of_patience: Some(since + PATIENCE),
        }
    }

    /// Waits for the next turn. After any but `OutOfPatience` it is over. Nothing is lost when this is dropped.
    pub async fn turn(&mut self) -> Turn {
        let until = self.out_of_patience;
        tokio::select! {
            biased;
            met = &mut self.met => met.map_or(Turn::Displaced, Turn::Met),
            () = sleep_until(until.unwrap_or_else(Instant::now).into()), if until.is_some() => {
                self.out_of_patience = None;
                Turn::OutOfPatience
            }
        }
    }

    /// What it was told of by now.
    pub fn met(&mut self) -> Option<Place> {
        // Otherwise nobody was found, and whoever asks has made sure that nobody will be.
        self.met.try_recv().ok()
    }
}
