//! Who is spoken to, and what is theirs.

use core::net::{IpAddr, Ipv6Addr, SocketAddr};

/// How a client reaches the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// A datagram is a message.
    Udp,
    /// Messages come in a stream, told apart by [`frame`](crate::frame()).
    Tcp,
}

/// The client's side of a 5-tuple (RFC 8656 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client {
    /// How it reaches the server.
    pub transport: Transport,
    /// Where it is seen to be.
    pub address: SocketAddr,
    /// The address of the server that it spoke to.
    pub local: SocketAddr,
}

/// Names an allocation, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AllocationId(pub u64);

/// The kind of a relayed address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    pub(crate) fn of(ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }
}

/// What counts as one address where addresses are counted: of IPv6 everyone has a /64 at least.
pub(crate) fn neighbourhood(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
