//! The sockets of allocations, each on a port of the host's range.

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{IpAddr, SocketAddr};

use mio::net::UdpSocket;
use mio::{Interest, Registry};
use rand::RngExt;
use tracing::debug;
use turn::{AllocationId, Client};

use super::place;
use super::source::Source;
use crate::config::PortRange;

/// How many ports of others are run into before the range counts as full: each costs a system call, while all clients wait.
const TRIES: usize = 256;

/// The open sockets.
#[derive(Debug)]
pub struct RelaySockets {
    range: PortRange,
    by_id: HashMap<AllocationId, RelaySocket>,
    taken: HashSet<(IpAddr, u16)>,
}

/// The socket of an allocation.
#[derive(Debug)]
pub struct RelaySocket {
    /// Where peers send to.
    pub udp: UdpSocket,
    /// Whether it is of IPv6.
    pub is_v6: bool,
    /// Whose allocation it is.
    pub owner: Client,
    at: (IpAddr, u16),
}

impl RelaySockets {
    /// None yet.
    #[must_use]
    pub fn new(range: PortRange) -> Self {
        Self {
            range,
            by_id: HashMap::new(),
            taken: HashSet::new(),
        }
    }

    /// Opens one on a free port; `None` when there is none, or the system has no more sockets.
    pub fn open(
        &mut self,
        registry: &Registry,
        id: AllocationId,
        ip: IpAddr,
        owner: Client,
    ) -> Option<u16> {
        let (port, socket) = self.bind(ip)?;
        let mut udp = UdpSocket::from_std(socket);
        let token = Source::Allocation(id).token();
        if let Err(error) = registry.register(&mut udp, token, Interest::READABLE) {
            debug!(%error, "a relayed port cannot be waited for");
            return None;
        }
        let at = (ip, port);
        self.taken.insert(at);
        let is_v6 = ip.is_ipv6();
        let socket = RelaySocket {
            udp,
            is_v6,
            owner,
            at,
        };
        self.by_id.insert(id, socket);
        Some(port)
    }

    /// Closes it; returns whose it was.
    pub fn close(&mut self, registry: &Registry, id: AllocationId) -> Option<Client> {
        let mut socket = self.by_id.remove(&id)?;
        self.taken.remove(&socket.at);
        // Closing it deregisters it as well.
        let _ = registry.deregister(&mut socket.udp);
        Some(socket.owner)
    }

    /// The socket of that allocation.
    #[must_use]
    pub fn get(&self, id: AllocationId) -> Option<&RelaySocket> {
        self.by_id.get(&id)
    }

    /// Begins at a random port, so that nobody outside can tell which one comes next, and goes on to the end and from the
    /// beginning.
    fn bind(&self, ip: IpAddr) -> Option<(u16, std::net::UdpSocket)> {
        let PortRange { first, last } = self.range;
        let begin = rand::rng().random_range(first..=last);
        let free = (begin..=last)
            .chain(first..begin)
            .filter(|&port| !self.taken.contains(&(ip, port)));
        for port in free.take(TRIES) {
            match place::datagram_socket(SocketAddr::new(ip, port)) {
                Ok(socket) => return Some((port, socket)),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => {
                    debug!(%error, port, "a relayed port cannot be opened");
                    return None;
                }
            }
        }
        None
    }
}
