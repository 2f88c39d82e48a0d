//! Which peers may be relayed to. A relay stands inside a network, and must not lend its place there to those outside: what is
//! refused here is what strangers should not reach through it. By IANA's special-purpose registries (RFC 6890).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Into the internet.
    Public,
    /// Into this machine's own networks: only if that is allowed.
    Private,
    /// To this machine itself: only if, besides, clients find the relay there.
    Loopback,
    /// To nobody who could be called, to very many, or to a cloud's metadata: never.
    Never,
}

/// Whether an address means the same machine to everyone in the internet.
pub fn is_public(ip: IpAddr) -> bool {
    reach(ip) == Reach::Public
}

/// Whether an address means a machine itself.
pub(crate) fn is_loopback(ip: IpAddr) -> bool {
    reach(ip) == Reach::Loopback
}

/// Whether this peer may be relayed to. `is_loopback`: whether that is where clients find the relay.
pub(crate) fn allows(peer: IpAddr, allow_private: bool, is_loopback: bool) -> bool {
    match reach(peer) {
        Reach::Public => true,
        Reach::Private => allow_private,
        Reach::Loopback => allow_private && is_loopback,
        Reach::Never => false,
    }
}

fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => reach_v6(ip),
    }
}

fn reach_v4(ip: Ipv4Addr) -> Reach {
    match ip.octets() {
        // What a cloud tells its machines alone: credentials, and the names inside. Of most clouds, of AWS's containers, of Alibaba's,
        // and of Azure's, which looks public. Oracle's is among the protocol assignments.
        [169, 254, 169..=170, _] | [100, 100, 100, 200] | [168, 63, 129, 16] => Reach::Never,
        // This network, protocol assignments, documentation, the former way to 6to4, benchmarks.
        [0, ..]
        | [192, 0, 0, _]
        | [192, 0, 2, _]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [192, 88, 99, _]
        | [198, 18..=19, ..] => Reach::Never,
        // Multicast; reserved, and broadcast.
        [224..=255, ..] => Reach::Never,
        [127, ..] => Reach::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [169, 254, ..] | [100, 64..=127, ..] => {
            Reach::Private
        }
        _ => Reach::Public,
    }
}

fn reach_v6(ip: Ipv6Addr) -> Reach {
    match ip.segments() {
        // The same: of AWS, of Google, of OpenStack.
        [0xFD00, 0x0EC2, ..]
        | [0xFD20, 0x00CE, 0, 0, 0, 0, 0, 0x0254]
        | [0xFE80, 0, 0, 0, 0, 0, 0xA9FE, 0xA9FE] => Reach::Never,
        [0, 0, 0, 0, 0, 0, 0, 1] => Reach::Loopback,
        [0xFC00..=0xFDFF, ..] => Reach::Private,
        [0xFE80..=0xFEBF, ..] => Reach::Private,
        // NAT64: whatever is behind it has an IPv4 address.
        [0x0064, 0xFF9B, 0, 0, 0, 0, high, low] => reach_v4(embedded(high, low)),
        // 6to4, and Teredo with its server and its client, which is inverted.
        [0x2002, high, low, ..] => reach_v4(embedded(high, low)),
        [0x2001, 0, s0, s1, _, _, c0, c1] => {
            worse(reach_v4(embedded(s0, s1)), reach_v4(embedded(!c0, !c1)))
        }
        // The rest of the protocol assignments; documentation.
        [0x2001, 0x0000..=0x01FF, ..] | [0x2001, 0x0DB8, ..] | [0x3FFF, 0x0000..=0x0FFF, ..] => {
            Reach::Never
        }
        // ISATAP: the host behind an interface of that form is known by its IPv4 address.
        [0x2000..=0x3FFF, _, _, _, 0x0000 | 0x0200, 0x5EFE, high, low] => {
            reach_v4(embedded(high, low))
        }
        [0x2000..=0x3FFF, ..] => Reach::Public,
        // Unspecified, IPv4 in other clothes (mapped, compatible, translated, local NAT64), site-local, multicast,
        // discard-only, and what nobody has been given.
        _ => Reach::Never,
    }
}

fn worse(one: Reach, other: Reach) -> Reach {
    match (one, other) {
        (Reach::Never, _) | (_, Reach::Never) => Reach::Never,
        (Reach::Loopback, _) | (_, Reach::Loopback) => Reach::Loopback,
        (Reach::Private, _) | (_, Reach::Private) => Reach::Private,
        (Reach::Public, Reach::Public) => Reach::Public,
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
#[path = "peer_filter_tests.rs"]
mod tests;
