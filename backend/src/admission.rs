//! How many WebSockets there may be, in all and from one address. Telling the client is left to the
//! namespace's greeting, which has words for it.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many connections over the limit are let in just to be told so, of each limit.
const TO_BE_TOLD: usize = 16;

/// The count of connections.
#[derive(Debug)]
pub struct Admission {
    limit: usize,
    limit_per_address: usize,
    counts: Mutex<Counts>,
}

/// A connection's place in the count, until it is dropped.
#[derive(Debug)]
pub struct Admitted {
    admission: Arc<Admission>,
    address: IpAddr,
    room: HasRoom,
}

/// Whether there is room for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HasRoom {
    /// There is.
    Yes,
    /// There is not: it is to be told so, and closed.
    No,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Admission {
    /// Nobody yet, and at most so many.
    #[must_use]
    pub fn new(limit: usize, limit_per_address: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            limit_per_address,
            counts: Mutex::default(),
        })
    }

    /// Counts a connection in; `None` when there are too many even to say so.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Admitted> {
        let address = network(address);
        let mut counts = self.counts();
        let all = counts.all + 1;
        let here = counts.by_address.get(&address).map_or(1, |count| count + 1);
        if all > self.limit + TO_BE_TOLD || here > self.limit_per_address + TO_BE_TOLD {
            return None;
        }
        counts.all = all;
        counts.by_address.insert(address, here);
        let room = if all > self.limit || here > self.limit_per_address {
            HasRoom::No
        } else {
            HasRoom::Yes
        };
        Some(Admitted {
            admission: Arc::clone(self),
            address,
            room,
        })
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admitted {
    /// Whether there is room for it.
    #[must_use]
    pub fn room(&self) -> HasRoom {
        self.room
    }

    /// Where it comes from: an IPv4 address, or an IPv6 network.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        counts.all = counts.all.saturating_sub(1);
        if let Some(count) = counts.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

/// What counts as one address: with IPv6, the /64 that one household has to itself.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_take_the_places_of_others() {
        let admission = Admission::new(10, 2);
        let held: Vec<_> = (0..2 + TO_BE_TOLD)
            .map(|_| admission.admit(address("192.0.2.1")).unwrap())
            .collect();
        let rooms: Vec<_> = held.iter().take(3).map(Admitted::room).collect();
        assert_eq!(rooms, [HasRoom::Yes, HasRoom::Yes, HasRoom::No]);
        assert!(admission.admit(address("192.0.2.1")).is_none());
        drop(held);
        let next = admission.admit(address("192.0.2.1")).unwrap();
        assert_eq!(next.room(), HasRoom::Yes);
    }

    #[test]
    fn there_is_a_limit_to_all() {
        let admission = Admission::new(1, 5);
        let first = admission.admit(address("192.0.2.1")).unwrap();
        let second = admission.admit(address("192.0.2.2")).unwrap();
        assert_eq!((first.room(), second.room()), (HasRoom::Yes, HasRoom::No));
    }

    #[test]
    fn an_ipv6_household_is_one_address_and_a_mapped_one_is_ipv4() {
        let same = |one, other| network(address(one)) == network(address(other));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
    }
}
