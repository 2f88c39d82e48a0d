//! Numbers for this page's peer connections, and what is to be remembered of those that are gone.

use std::collections::BTreeMap;

use shared::{Epoch, PeerId};

use crate::output::LinkId;

/// Hands out [`LinkId`]s.
#[derive(Debug, Default)]
pub(crate) struct Links {
    next: u32,
    past: BTreeMap<PeerId, Past>,
}

/// What is left of the way to someone who has gone. Should the same load of their page come back,
/// signals of the old link may still be on their way: the new one needs a higher generation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    pub epoch: Epoch,
    /// The least that the next link may have.
    pub generation: u32,
    pub parting: Parting,
}

/// How one parted from someone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parting {
    /// Both sides know that the link is gone.
    Known,
    /// The peer was given up, and may think that the link stands.
    Unknown,
}

impl Links {
    /// Most people remembered.
    const MOST: usize = 64;

    /// One that was never used.
    pub fn fresh(&mut self) -> LinkId {
        let link = LinkId(self.next);
        self.next = self.next.wrapping_add(1);
        link
    }

    pub fn remember(&mut self, peer: PeerId, past: Past) {
        self.past.insert(peer, past);
        if self.past.len() > Self::MOST {
            self.past.pop_first();
        }
    }

    /// What is remembered of that load of that person's page.
    pub fn past(&self, peer: PeerId, epoch: Epoch) -> Option<Past> {
        self.past
            .get(&peer)
            .copied()
            .filter(|past| past.epoch == epoch)
    }
}
