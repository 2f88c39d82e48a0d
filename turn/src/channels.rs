//! Numbers that stand for peers of an allocation, for ten minutes each (RFC 8656 §12). One number for a peer, and one peer for a
//! number.

use core::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::hashing::{Hashing, Table};

/// How long a channel lasts.
const LIFETIME: Duration = Duration::from_secs(600);

/// The channels of one allocation.
#[derive(Debug)]
pub(crate) struct Channels {
    by_number: Table<u16, Channel>,
    by_peer: Table<SocketAddr, u16>,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    peer: SocketAddr,
    until: Instant,
}

/// Why a channel cannot be bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unbindable {
    /// The number stands for another peer, or another number for this peer.
    Taken,
    /// There are as many as there may be.
    Full,
}

impl Channels {
    pub fn new(hashing: Hashing) -> Self {
        Self {
            by_number: Table::with_hasher(hashing),
            by_peer: Table::with_hasher(hashing),
        }
    }

    /// The peer that a number stands for.
    pub fn peer(&self, number: u16, now: Instant) -> Option<SocketAddr> {
        let channel = self.by_number.get(&number)?;
        (channel.until > now).then_some(channel.peer)
    }

    /// The number that stands for a peer.
    pub fn number(&self, peer: SocketAddr, now: Instant) -> Option<u16> {
        let number = *self.by_peer.get(&peer)?;
        self.peer(number, now).is_some().then_some(number)
    }

    /// Whether this number can be bound to that peer.
    pub fn bindable(
        &mut self,
        number: u16,
        peer: SocketAddr,
        limit: usize,
        now: Instant,
    ) -> Result<(), Unbindable> {
        match (self.peer(number, now), self.number(peer, now)) {
            (Some(bound), _) if bound == peer => Ok(()),
            (Some(_), _) | (None, Some(_)) => Err(Unbindable::Taken),
            (None, None) => {
                self.forget_old(now);
                if self.by_number.len() < limit {
                    Ok(())
                } else {
                    Err(Unbindable::Full)
                }
            }
        }
    }

    /// Binds it, or renews it, if it is `bindable`.
    pub fn bind(&mut self, number: u16, peer: SocketAddr, now: Instant) {
        let until = now + LIFETIME;
        self.by_number.insert(number, Channel { peer, until });
        self.by_peer.insert(peer, number);
    }

    /// Both tables have the same channels in them, and so must lose them together.
    fn forget_old(&mut self, now: Instant) {
        let Self { by_number, by_peer } = self;
        by_number.retain(|_, channel| {
            let stays = channel.until > now;
            if !stays {
                by_peer.remove(&channel.peer);
            }
            stays
        });
    }
}
