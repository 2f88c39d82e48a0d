//! All allocations, found by whatever names them: an id, a client, a port, a time. Nothing here takes longer the more of them
//! there are, but for a logarithm of the deadlines.

use core::{hash::Hash, net::IpAddr};
use std::{collections::BTreeSet, time::Instant};

use crate::{
    AllocationId, Client, Family, Limits,
    allocation::{Allocation, Stage, user},
    client::neighbourhood,
    hashing::{Hashing, Table},
};

/// The allocations of a relay.
pub(crate) struct Allocations {
    by_id: Table<AllocationId, Allocation>,
    by_client: Table<Client, AllocationId>,
    by_port: Table<(Family, u16), AllocationId>,
    by_deadline: BTreeSet<(Instant, AllocationId)>,
    of_user: Table<Box<str>, usize>,
    of_address: Table<IpAddr, usize>,
    made: u64,
}

/// Why there can be no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoRoom {
    /// There are as many as there may be in all.
    InAll,
    /// Of this user, or at this address.
    ForThem,
}

impl Allocations {
    pub fn new(hashing: Hashing) -> Self {
        Self {
            by_id: Table::with_hasher(hashing),
            by_client: Table::with_hasher(hashing),
            by_port: Table::with_hasher(hashing),
            by_deadline: BTreeSet::new(),
            of_user: Table::with_hasher(hashing),
            of_address: Table::with_hasher(hashing),
            made: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    pub fn get(&self, id: AllocationId) -> Option<&Allocation> {
        self.by_id.get(&id)
    }

    pub fn get_mut(&mut self, id: AllocationId) -> Option<&mut Allocation> {
        self.by_id.get_mut(&id)
    }

    pub fn of(&self, client: Client) -> Option<&Allocation> {
        self.by_client.get(&client).and_then(|id| self.get(*id))
    }

    pub fn of_mut(&mut self, client: Client) -> Option<&mut Allocation> {
        let id = *self.by_client.get(&client)?;
        self.get_mut(id)
    }

    /// The one whose relayed address has this port.
    pub fn at_port(&self, family: Family, port: u16) -> Option<AllocationId> {
        self.by_port.get(&(family, port)).copied()
    }

    /// Whether this client may have one.
    pub fn room(&self, client: Client, username: &str, limits: &Limits) -> Result<(), NoRoom> {
        let count = |count: Option<&usize>| count.copied().unwrap_or(0);
        let of_user = count(self.of_user.get(user(username)));
        let of_address = count(self.of_address.get(&neighbourhood(client.address.ip())));
        if self.len() >= limits.allocations {
            Err(NoRoom::InAll)
        } else if of_user >= limits.allocations_per_user
            || of_address >= limits.allocations_per_address
        {
            Err(NoRoom::ForThem)
        } else {
            Ok(())
        }
    }

    /// An id that was never given before.
    pub fn next_id(&mut self) -> AllocationId {
        self.made += 1;
        AllocationId(self.made)
    }

    /// Adds one that waits for its port, of a client that has none.
    pub fn insert(&mut self, allocation: Allocation) {
        let (id, client) = (allocation.id, allocation.client);
        self.by_client.insert(client, id);
        self.by_deadline.insert((allocation.until, id));
        *self.of_user.entry(allocation.user().into()).or_default() += 1;
        let place = neighbourhood(client.address.ip());
        *self.of_address.entry(place).or_default() += 1;
        self.by_id.insert(id, allocation);
    }

    /// Its socket is bound. False if that port is already another's.
    pub fn go_live(&mut self, id: AllocationId, port: u16) -> bool {
        let Some(allocation) = self.by_id.get_mut(&id) else {
            return false;
        };
        let place = (allocation.family, port);
        if self.by_port.contains_key(&place) {
            return false;
        }
        self.by_port.insert(place, id);
        allocation.stage = Stage::Live { port };
        true
    }

    /// It ends at another time than it would have.
    pub fn postpone(&mut self, id: AllocationId, until: Instant) {
        if let Some(allocation) = self.by_id.get_mut(&id) {
            self.by_deadline.remove(&(allocation.until, id));
            self.by_deadline.insert((until, id));
            allocation.until = until;
        }
    }

    /// Takes it out, of every table.
    pub fn remove(&mut self, id: AllocationId) -> Option<Allocation> {
        let allocation = self.by_id.remove(&id)?;
        self.by_client.remove(&allocation.client);
        self.by_deadline.remove(&(allocation.until, id));
        if let Some(port) = allocation.port() {
            self.by_port.remove(&(allocation.family, port));
        }
        count_down(&mut self.of_user, &Box::from(allocation.user()));
        let place = neighbourhood(allocation.client.address.ip());
        count_down(&mut self.of_address, &place);
        Some(allocation)
    }

    /// When the next one ends.
    pub fn deadline(&self) -> Option<Instant> {
        self.by_deadline.first().map(|(until, _)| *until)
    }

    /// The next one, if it has ended by now.
    pub fn ended(&self, now: Instant) -> Option<AllocationId> {
        let (until, id) = self.by_deadline.first()?;
        (*until <= now).then_some(*id)
    }
}

/// Who has none any more is forgotten.
fn count_down<K: Eq + Hash>(counts: &mut Table<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}
