//! What is set by whoever runs the server.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use crate::{Family, Secret};

/// How a [`Relay`](crate::Relay) is set up.
pub struct Config {
    /// Where the credentials are valid: a name that is shown to clients. Short, for every refusal bears it.
    pub realm: String,
    /// What credentials are made of.
    pub secret: Secret,
    /// What relayed IPv4 addresses look like from outside; without it they are refused (440).
    pub advertised_v4: Option<Ipv4Addr>,
    /// What relayed IPv6 addresses look like from outside; without it they are refused (440).
    pub advertised_v6: Option<Ipv6Addr>,
    /// Whether peers in private, link-local, unique-local and carrier-grade NAT ranges may be relayed to, and those in the networks that
    /// this machine is in ([`set_networks`](crate::Relay::set_networks)). Those on loopback only if the relay is advertised there too: what
    /// listens there is for this machine alone.
    /// Multicast, unspecified, broadcast, reserved and the cloud metadata addresses never.
    pub allow_private: bool,
    /// How much of everything there may be.
    pub limits: Limits,
}

/// How much of everything there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Allocations in all (508 beyond).
    pub allocations: usize,
    /// Allocations of one user: those whose names have the same part behind the expiry (486 beyond).
    pub allocations_per_user: usize,
    /// Allocations of clients at one IP address, for IPv6 in one /64 (486 beyond).
    pub allocations_per_address: usize,
    /// Peer IP addresses that may send to one allocation (508 beyond).
    pub permissions_per_allocation: usize,
    /// Channels of one allocation (508 beyond).
    pub channels_per_allocation: usize,
    /// Bytes per second of one allocation, each way, in a bucket of one second. A datagram counts with 28 bytes of IP and UDP
    /// headers, so that empty ones have a limit too.
    pub bytes_per_second_per_allocation: u64,
    /// Bytes per second of all allocations, both ways together, in a bucket of one second.
    pub bytes_per_second: u64,
    /// Answers per second to requests without valid credentials from one IP address (IPv6: /64), with a burst of five
    /// seconds' worth, by UDP and by TCP. Binding requests are among them, for they have none.
    pub unauthenticated_per_second_per_address: u32,
    /// The same from everywhere, with a burst of one second's worth.
    pub unauthenticated_per_second: u32,
    /// The longest that an allocation lasts without a refresh.
    pub max_lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            allocations: 1_000,
            allocations_per_user: 12,
            allocations_per_address: 100,
            permissions_per_allocation: 64,
            channels_per_allocation: 64,
            bytes_per_second_per_allocation: 1_250_000,
            bytes_per_second: 125_000_000,
            unauthenticated_per_second_per_address: 20,
            unauthenticated_per_second: 2_000,
            max_lifetime: Duration::from_secs(3_600),
        }
    }
}

impl Config {
    /// The IP address of relayed addresses.
    pub(crate) fn advertised(&self, family: Family) -> Option<IpAddr> {
        match family {
            Family::V4 => self.advertised_v4.map(IpAddr::V4),
            Family::V6 => self.advertised_v6.map(IpAddr::V6),
        }
    }

    /// Whether it is this machine's own clients that it is for.
    pub(crate) fn is_on_loopback(&self) -> bool {
        [Family::V4, Family::V6]
            .into_iter()
            .filter_map(|family| self.advertised(family))
            .any(crate::peer_filter::is_loopback)
    }

    /// Whether relayed addresses have this IP address.
    pub(crate) fn is_advertised(&self, ip: IpAddr) -> bool {
        self.advertised(Family::of(ip)) == Some(ip)
    }
}
