//! How many connections of a kind there may be, in all and from one address. Telling the client is left
//! to others: to the namespace's greeting, which has words for it, where it is a WebSocket.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many connections over the limit are let in just to be told so, in all and from one address.
const TO_BE_TOLD: usize = 256;
const TO_BE_TOLD_PER_ADDRESS: usize = 16;

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
    network: IpAddr,
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
    all: Count,
    by_network: HashMap<IpAddr, Count>,
}

/// Those that are only to be told count by themselves: however often they try, they do not keep the
/// places of others taken.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    let_in: usize,
    to_be_told: usize,
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
        let network = network(address);
        let mut counts = self.counts();
        let all = counts.all;
        let here = counts.by_network.get(&network).copied().unwrap_or_default();
        let room = if all.let_in < self.limit && here.let_in < self.limit_per_address {
            HasRoom::Yes
        } else if all.to_be_told < TO_BE_TOLD && here.to_be_told < TO_BE_TOLD_PER_ADDRESS {
            HasRoom::No
        } else {
            return None;
        };
        *counts.all.of(room) += 1;
        *counts.by_network.entry(network).or_default().of(room) += 1;
        Some(Admitted {
            admission: Arc::clone(self),
            address: address.to_canonical(),
            network,
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

    /// Where it comes from.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// What counts as one address with it.
    #[must_use]
    pub fn network(&self) -> IpAddr {
        self.network
    }
}

impl Count {
    fn of(&mut self, room: HasRoom) -> &mut usize {
        match room {
            HasRoom::Yes => &mut self.let_in,
            HasRoom::No => &mut self.to_be_told,
        }
    }

    fn is_none(&self) -> bool {
        self.let_in + self.to_be_told == 0
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        *counts.all.of(self.room) -= 1;
        if let Entry::Occupied(mut here) = counts.by_network.entry(self.network) {
            *here.get_mut().of(self.room) -= 1;
            if here.get().is_none() {
                here.remove();
            }
        }
    }
}

/// What counts as one address: with IPv6, the /64 that one household has to itself.
pub fn network(address: IpAddr) -> IpAddr {
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
        let held: Vec<_> = (0..2 + TO_BE_TOLD_PER_ADDRESS)
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
    fn those_who_are_turned_away_do_not_keep_a_place_from_the_next() {
        let admission = Admission::new(10, 1);
        let inside = admission.admit(address("192.0.2.1"));
        let turned_away = admission.admit(address("192.0.2.1")).unwrap();
        assert_eq!(turned_away.room(), HasRoom::No);
        drop(inside);
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

    #[test]
    fn a_connection_is_known_by_its_own_address_however_it_is_counted() {
        let admission = Admission::new(1, 1);
        for (from, known_as) in [("::1", "::1"), ("::ffff:192.0.2.1", "192.0.2.1")] {
            let admitted = admission.admit(address(from)).unwrap();
            assert_eq!(admitted.address(), address(known_as));
        }
    }
}
