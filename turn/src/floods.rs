//! How much is answered to requests without valid credentials. Anybody can send those, under any address.

use core::{hash::BuildHasher, net::IpAddr};
use std::time::{Duration, Instant};

use crate::{
    Client, Limits, Transport,
    client::neighbourhood,
    hashing::Hashing,
    rate::{Bucket, Rate},
};

/// How many buckets there are for all addresses of the world: 64 kB for each transport.
const BUCKETS: usize = 4_096;

/// How much strangers are answered, by UDP and by TCP. The two are counted apart: datagrams may come under any address, so that one
/// machine can use up what is answered to all, while a connection shows that its address is its own. Who cannot get through by
/// UDP still does by TCP.
pub(crate) struct Floods {
    by_udp: Gate,
    by_tcp: Gate,
}

/// One bucket for all together, and a fixed number of others into which addresses fall by a hash.
///
/// Two addresses may share a bucket, and then share what it lets pass; which ones do depends on the relay's key. A flood from
/// one address takes the answers from one other in 4,096; a flood from very many takes them from everyone who has no
/// credentials yet, as the limit for all together would. Whoever has credentials is not touched by either, and no flood takes memory.
struct Gate {
    hashing: Hashing,
    buckets: Box<[Bucket]>,
    all: Bucket,
    rate: Rate,
    rate_of_all: Rate,
}

impl Floods {
    pub fn new(hashing: Hashing, limits: &Limits) -> Self {
        Self {
            by_udp: Gate::new(hashing, limits),
            by_tcp: Gate::new(hashing, limits),
        }
    }

    /// Whether one more is to be answered.
    pub fn lets_pass(&mut self, client: Client, now: Instant) -> bool {
        let gate = match client.transport {
            Transport::Udp => &mut self.by_udp,
            Transport::Tcp => &mut self.by_tcp,
        };
        gate.lets_pass(client.address.ip(), now)
    }
}

impl Gate {
    fn new(hashing: Hashing, limits: &Limits) -> Self {
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

    fn lets_pass(&mut self, ip: IpAddr, now: Instant) -> bool {
        let place = self.hashing.hash_one(neighbourhood(ip)) % BUCKETS as u64;
        let bucket = usize::try_from(place)
            .ok()
            .and_then(|place| self.buckets.get_mut(place));
        bucket.is_some_and(|bucket| bucket.take(1, self.rate, now))
            && self.all.take(1, self.rate_of_all, now)
    }
}
