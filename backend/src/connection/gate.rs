//! What bounds one WebSocket, however often its client connects to the namespace on it: its event
//! rate, and how much it can make the log say.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use shared::Rejection;
use tracing::{info, warn};

use crate::admission::Admitted;
use crate::rate::{Bucket, Verdict};

/// Refusals of one WebSocket that are logged at once, and then each second.
const LOG_BURST: u32 = 10;
const LOG_RATE: u32 = 1;

/// The bounds of one WebSocket. It keeps the socket's place among the admitted connections.
#[derive(Debug)]
pub struct Gate {
    admitted: Admitted,
    bounds: Mutex<Bounds>,
}

#[derive(Debug)]
struct Bounds {
    events: Bucket,
    log: Bucket,
    unlogged: u64,
}

impl Gate {
    /// A gate that lets `rate` events a second pass, and `burst` at once.
    #[must_use]
    pub fn new(admitted: Admitted, rate: u32, burst: u32) -> Self {
        let now = Instant::now();
        Self {
            admitted,
            bounds: Mutex::new(Bounds {
                events: Bucket::new(rate, burst, now),
                log: Bucket::new(LOG_RATE, LOG_BURST, now),
                unlogged: 0,
            }),
        }
    }

    /// The socket's place among the connections.
    #[must_use]
    pub fn admitted(&self) -> &Admitted {
        &self.admitted
    }

    /// Counts an event.
    pub fn count(&self) -> Verdict {
        self.bounds().events.take(Instant::now())
    }

    /// Logs a refusal, unless there have been too many; then only how many there were, later.
    pub fn log_refusal(&self, event: &str, rejection: &Rejection) {
        let mut bounds = self.bounds();
        if bounds.log.take(Instant::now()) != Verdict::Within {
            bounds.unlogged += 1;
            return;
        }
        let unlogged = std::mem::take(&mut bounds.unlogged);
        drop(bounds);
        let address = self.admitted.address();
        if unlogged > 0 {
            warn!(%address, unlogged, "more refusals than are logged");
        }
        if let Rejection::Malformed { .. } = rejection {
            // The detail quotes the payload, in which there may be a secret.
            info!(%address, event, "refused: malformed payload");
        } else {
            info!(%address, event, %rejection, "refused");
        }
    }

    fn bounds(&self) -> std::sync::MutexGuard<'_, Bounds> {
        self.bounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
