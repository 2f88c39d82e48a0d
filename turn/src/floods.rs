//! How much is answered to requests without valid credentials. Anybody can send those, under any address.

use core::{hash::BuildHasher, net::IpAddr};
use std::time::{Duration, Instant};

use crate::{
    Limits,
    client::neighbourhood,
    hashing::Hashing,
    rate::{Bucket, Rate},
};

/// How many buckets there are for all addresses of the world: 64 kB.
const BUCKETS: usize = 4_096;

/// One bucket for all together, and a fixed number of others into which addresses fall by a hash.
///
/// Two addresses may share a bucket, and then share what it lets pass; which ones do depends on the relay's key. A flood from
/// one address takes the answers from one other in 4,096; a flood from very many takes them from everyone who has no
/// credentials yet, as the limit for all together would. Whoever has credentials is not touched by either, and no flood takes memory.
pub(crate) struct Floods {
    hashing: Hashing,
    buckets: Box<[Bucket]>,
    all: Bucket,
    rate: Rate,
    rate_of_all: Rate,
}

impl Floods {
    pub fn new(hashing: Hashing, limits: &Limits) -> Self {
        let each = u64::from(limits.unauthenticated_per_second_per_address);
        let all = u64::from(limits.unauthenticated_per_second);
        Self {
            hashing,
            buckets: vec![Bucket::default(); BUCKETS].into_boxed_slice(),
            all: Bucket::default(),
            rate: Rate::new(each, Duration::from_secs(5)),
            rate_of_all: Rate::new(all, Duration::from_secs(1)),
        }
    }

    /// Whether one more is to be answered.
    pub fn lets_pass(&mut self, ip: IpAddr, now: Instant) -> bool {
        let place = self.hashing.hash_one(neighbourhood(ip)) % BUCKETS as u64;
        let bucket = usize::try_from(place)
            .ok()
            .and_then(|place| self.buckets.get_mut(place));
        bucket.is_some_and(|bucket| bucket.take(1, self.rate, now))
            && self.all.take(1, self.rate_of_all, now)
    }
}
