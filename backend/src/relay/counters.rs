//! What the relay has done, in numbers: for the log, and for whoever in the server wants to know.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::{debug, info, warn};

/// How often the log is told, where something has happened.
const EVERY: Duration = Duration::from_secs(60);

/// Since the start, but for what there is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// What has been decided.
    pub relay: turn::Counters,
    /// Connections of clients now.
    pub connections_now: usize,
    /// Connections that there was no room for.
    pub refused_connections: u64,
    /// Connections over which something else than STUN and channels came.
    pub closed_no_stun: u64,
    /// Connections that came to no allocation in time.
    pub closed_of_no_use: u64,
    /// Allocations for which there was no port.
    pub without_port: u64,
    /// Datagrams that the system did not take.
    pub unsent: u64,
    /// Messages for clients over TCP that do not read fast enough.
    pub unread: u64,
}

/// Where they can be read from outside the thread.
pub type Shared = Arc<Mutex<Counters>>;

/// Tells the log, seldom.
#[derive(Debug)]
pub struct Reporter {
    shared: Shared,
    said: Counters,
    next: Instant,
}

impl Counters {
    /// What somebody who is refused may complain of. None of it tells of an attack by itself, so it is one line a minute.
    fn refusals(&self) -> [u64; 7] {
        [
            self.relay.refused_quota,
            self.relay.refused_capacity,
            self.without_port,
            self.refused_connections,
            self.relay.unauthenticated_over_rate,
            self.relay.dropped_over_rate,
            self.relay.dropped_over_rate_of_all,
        ]
    }

    /// In one line, for those who host.
    pub fn log(&self, what: &'static str) {
        info!(
            allocations = self.relay.allocations_now,
            allocations_made = self.relay.allocations_made,
            to_peers = self.relay.packets_to_peers,
            to_clients = self.relay.packets_to_clients,
            megabytes = (self.relay.bytes_to_peers + self.relay.bytes_to_clients) / 1_000_000,
            connections = self.connections_now,
            forbidden_peers = self.relay.refused_forbidden,
            no_stun = self.relay.malformed,
            unused = self.closed_of_no_use,
            unsent = self.unsent + self.unread,
            "{what}"
        );
    }
}

impl Reporter {
    /// For counters that begin now.
    #[must_use]
    pub fn new(shared: Shared, now: Instant) -> Self {
        Self {
            shared,
            said: Counters::default(),
            next: now + EVERY,
        }
    }

    /// Takes the counters as they are now.
    pub fn note(&mut self, counters: Counters, now: Instant) {
        *self.shared.lock().unwrap_or_else(PoisonError::into_inner) = counters;
        if now >= self.next && counters != self.said {
            self.next = now + EVERY;
            self.tell(counters);
            counters.log("relayed so far");
        }
    }

    /// Takes the counters as they are at the end.
    pub fn end(&mut self, counters: Counters) {
        *self.shared.lock().unwrap_or_else(PoisonError::into_inner) = counters;
        self.tell(counters);
    }

    fn tell(&mut self, counters: Counters) {
        let (before, after) = (self.said.refusals(), counters.refusals());
        let more = |at: usize| after[at] - before[at];
        if before != after {
            warn!(
                over_quota = more(0),
                over_capacity = more(1),
                without_port = more(2),
                connections = more(3),
                too_many_unknown = more(4),
                packets_over_rate = more(5),
                packets_over_bandwidth = more(6),
                "the relay has turned some away"
            );
        }
        debug!(?counters, "the relay's counters");
        self.said = counters;
    }
}
