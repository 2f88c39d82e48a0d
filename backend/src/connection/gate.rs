//! What bounds one WebSocket, however often its client connects to the namespace on it: its event
//! rate, how much it can make others take, and how much it can make the log say.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use shared::Rejection;
use socketioxide::extract::HttpExtension;
use socketioxide::socket::DisconnectReason;
use tracing::{debug, info, warn};

use super::line::Ending;
use crate::Config;
use crate::admission::{Admitted, HasRoom};
use crate::log::Allowance;
use crate::rate::{Bucket, Verdict};
use crate::trace::Trace;
use crate::unsent::Unsent;

/// Refusals of one WebSocket that are logged at once, and then each second.
const LOG_BURST: u32 = 10;
const LOG_RATE: u32 = 1;

/// The bounds of one WebSocket. It keeps the socket's place among the admitted connections.
#[derive(Debug)]
pub struct Gate {
    admitted: Admitted,
    unsent: Unsent,
    events: Mutex<Bucket>,
    signal_bytes: Mutex<Bucket>,
    log: Allowance,
    trace: Arc<Trace>,
    site: Site,
}

/// Whose page opened a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Site {
    /// Ours, one that the host allows, or no page at all.
    Known,
    /// Any other.
    Strange,
}

/// The namespace is not for any site's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("strange_site")]
pub struct StrangeSite;

/// The middleware of every namespace but the admin page's, which asks for a password.
///
/// # Errors
/// [`StrangeSite`].
pub async fn known_site(HttpExtension(gate): HttpExtension<Arc<Gate>>) -> Result<(), StrangeSite> {
    match gate.site {
        Site::Known => Ok(()),
        Site::Strange => {
            gate.trace.greeted();
            gate.trace
                .refused("the request comes from another site's page");
            Err(StrangeSite)
        }
    }
}

impl Gate {
    /// The gate of a socket on which nothing has happened yet.
    #[must_use]
    pub fn new(config: &Config, admitted: Admitted, unsent: Unsent, trace: Arc<Trace>) -> Self {
        let rate = config.event_rate_or_default();
        let burst = config.event_burst_or_default();
        let (byte_rate, byte_burst) = config.signal_bytes();
        Self {
            admitted,
            unsent,
            events: Mutex::new(Bucket::new(rate, burst, Instant::now())),
            signal_bytes: Mutex::new(Bucket::new(byte_rate, byte_burst, Instant::now())),
            log: Allowance::new(LOG_RATE, LOG_BURST),
            trace,
            site: Site::Known,
        }
    }

    /// The same for a socket that a page of such a site opened.
    #[must_use]
    pub fn of(self, site: Site) -> Self {
        Self { site, ..self }
    }

    /// The socket's place among the connections.
    #[must_use]
    pub fn admitted(&self) -> &Admitted {
        &self.admitted
    }

    /// What it has been sent and has not taken.
    #[must_use]
    pub fn unsent(&self) -> &Unsent {
        &self.unsent
    }

    /// What it leaves in the log.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// How much it can make the log say.
    #[must_use]
    pub fn log(&self) -> &Allowance {
        &self.log
    }

    /// Whether its client may connect to a namespace on it, once more: that counts as an event.
    pub fn has_room(&self) -> bool {
        self.admitted.room() == HasRoom::Yes && self.count() == Verdict::Within
    }

    /// Counts an event.
    pub fn count(&self) -> Verdict {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.take(Instant::now())
    }

    /// Counts the bytes of a signal.
    ///
    /// # Errors
    /// `RateLimited`: it must not be passed on.
    pub fn count_signal(&self, bytes: usize) -> Result<(), Rejection> {
        let mut counted = (self.signal_bytes.lock()).unwrap_or_else(PoisonError::into_inner);
        match counted.take_several(bytes as f64, Instant::now()) {
            Verdict::Within => Ok(()),
            Verdict::Over | Verdict::FarOver => Err(Rejection::RateLimited),
        }
    }

    /// Logs the end of a connection, as far as anybody wants to know of it.
    pub fn log_end(&self, ending: &Ending) {
        let address = self.admitted.address();
        match ending {
            Ending::Closed(
                reason @ (DisconnectReason::TransportClose
                | DisconnectReason::ClientNSDisconnect
                | DisconnectReason::ServerNSDisconnect
                | DisconnectReason::ClosingServer),
            ) => debug!(%reason, "closed"),
            Ending::Closed(
                reason @ (DisconnectReason::TransportError
                | DisconnectReason::HeartbeatTimeout
                | DisconnectReason::PacketParsingError
                | DisconnectReason::MultipleHttpPollingError),
            ) => self.trace.lost(*reason),
            Ending::Replaced | Ending::Removed | Ending::PutOut | Ending::Disconnected => {}
            Ending::Abusive(reason) => warn!(%address, %reason, "dropped"),
            Ending::Slow => info!(%address, "dropped: it does not take what it is sent"),
        }
    }

    /// Logs a refusal, unless there have been too many; then only how many there were, later.
    pub fn log_refusal(&self, event: &str, rejection: &Rejection) {
        let address = self.admitted.address();
        self.log.log(|| {
            if let Rejection::Malformed { .. } = rejection {
                // The detail quotes the payload, in which there may be a secret.
                info!(%address, event, "refused: malformed payload");
            } else {
                info!(%address, event, %rejection, "refused");
            }
        });
    }
}
