//! One relayed address, and what belongs to it (RFC 8656 §3.2).

use std::time::{Duration, Instant};

use crate::{
    AllocationId, Client, Family, channels::Channels, credentials::Username, hashing::Hashing,
    permissions::Permissions, rate::Bucket, relay::Answer, wire::TransactionId,
};

/// A client's relayed address.
pub(crate) struct Allocation {
    pub id: AllocationId,
    pub client: Client,
    pub family: Family,
    /// Under which it was made, and under which alone it can be changed.
    pub username: Box<str>,
    /// Of the request that made it: the same request once more gets the same answer.
    pub transaction: TransactionId,
    /// For how long it was made.
    pub lifetime: Duration,
    pub until: Instant,
    pub stage: Stage,
    pub permissions: Permissions,
    pub channels: Channels,
    pub to_peers: Bucket,
    pub to_client: Bucket,
}

/// How far it is.
pub(crate) enum Stage {
    /// Its socket is being bound; this is how the client is answered then.
    Binding(Answer),
    /// Its relayed address has this port.
    Live { port: u16 },
}

impl Allocation {
    /// One that waits for its port.
    pub fn new(
        id: AllocationId,
        answer: Answer,
        family: Family,
        username: &str,
        lifetime: Duration,
        now: Instant,
        hashing: Hashing,
    ) -> Self {
        Self {
            id,
            client: answer.client(),
            family,
            username: username.into(),
            transaction: answer.transaction(),
            lifetime,
            until: now + lifetime,
            stage: Stage::Binding(answer),
            permissions: Permissions::new(hashing),
            channels: Channels::new(hashing),
            to_peers: Bucket::default(),
            to_client: Bucket::default(),
        }
    }

    /// The port of its relayed address, once it has one.
    pub fn port(&self) -> Option<u16> {
        match self.stage {
            Stage::Binding(_) => None,
            Stage::Live { port } => Some(port),
        }
    }

    /// Whether it has a relayed address, and has not run out.
    pub fn is_live(&self, now: Instant) -> bool {
        self.port().is_some() && self.until > now
    }

    /// Whom it counts for: the name without the expiry, which is another with each of somebody's credentials.
    pub fn user(&self) -> &str {
        user(&self.username)
    }
}

/// The part of a name that stays the same.
pub(crate) fn user(username: &str) -> &str {
    Username::read(username).map_or(username, |username| username.name)
}
