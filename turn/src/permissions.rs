//! Which peers may send to an allocation, by IP address and for five minutes each (RFC 8656 §9).

use core::net::IpAddr;
use std::time::{Duration, Instant};

use crate::hashing::{Hashing, Table};

/// How long a permission lasts.
const LIFETIME: Duration = Duration::from_secs(300);

/// The permissions of one allocation.
#[derive(Debug)]
pub(crate) struct Permissions {
    until: Table<IpAddr, Instant>,
}

/// There would be more of them than there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Permissions {
    pub fn new(hashing: Hashing) -> Self {
        Self {
            until: Table::with_hasher(hashing),
        }
    }

    pub fn allows(&self, peer: IpAddr, now: Instant) -> bool {
        self.until.get(&peer).is_some_and(|until| *until > now)
    }

    /// Makes or renews those of all these peers, or of none.
    pub fn make(&mut self, peers: &[IpAddr], limit: usize, now: Instant) -> Result<(), Full> {
        let mut new: Vec<IpAddr> = peers
            .iter()
            .filter(|peer| !self.allows(**peer, now))
            .copied()
            .collect();
        new.sort_unstable();
        new.dedup();
        if self.until.len() + new.len() > limit {
            // Those that have run out make room.
            self.until.retain(|_, until| *until > now);
        }
        if self.until.len() + new.len() > limit {
            return Err(Full);
        }
        for peer in peers {
            self.until.insert(*peer, now + LIFETIME);
        }
        Ok(())
    }
}
