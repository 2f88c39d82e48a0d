//! Where the relay is: the address by which it is known, and the sockets on which clients find it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use nix::ifaddrs::getifaddrs;
use nix::sys::socket::SockaddrStorage;
use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use tracing::debug;
use turn::Network;

use super::StartError;

/// For documentation (RFC 5737, RFC 3849): a route leads there as anywhere outside.
const OUTSIDE: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
];

/// Connections that wait to be accepted.
const BACKLOG: i32 = 128;

/// What may wait to be read from the one socket that all clients send to; the system may grant less.
const RECEIVE_BUFFER: usize = 4 << 20;

/// How often a port is looked for that is free for UDP and TCP, where any will do.
const TRIES: usize = 16;

/// One address by which the relay is known, and its sockets.
#[derive(Debug)]
pub struct Place {
    /// Datagrams of clients.
    pub udp: mio::net::UdpSocket,
    /// Their connections.
    pub tcp: mio::net::TcpListener,
    /// Where both are bound, as the client's side of a 5-tuple has it.
    pub local: SocketAddr,
    ip: IpAddr,
}

impl Place {
    /// Listens for those who know it by that address, on that port; 0 is any.
    pub fn listen(ip: IpAddr, port: u16) -> Result<Self, StartError> {
        let bound = bindable(ip);
        let tries = if port == 0 { TRIES } else { 1 };
        let mut tried = Err(io::ErrorKind::AddrInUse.into());
        for _ in 0..tries {
            tried = listen(bound, port);
            if tried.is_ok() {
                break;
            }
        }
        let (udp, tcp, local) =
            tried.map_err(|error| StartError::Listen(SocketAddr::new(bound, port), error))?;
        Ok(Self {
            udp: mio::net::UdpSocket::from_std(udp),
            tcp: mio::net::TcpListener::from_std(tcp),
            local,
            ip,
        })
    }

    /// Where clients find it.
    #[must_use]
    pub fn advertised(&self) -> SocketAddr {
        SocketAddr::new(self.ip, self.local.port())
    }
}

/// The addresses by which the relay is known, one of a family: those that are set, else those of this machine that lead
/// outside, else loopback.
pub fn advertised(set: &[IpAddr]) -> Vec<IpAddr> {
    if !set.is_empty() {
        return set.to_vec();
    }
    let mut found: Vec<_> = OUTSIDE.into_iter().filter_map(towards).collect();
    if found.is_empty() {
        found.push(Ipv4Addr::LOCALHOST.into());
    }
    found
}

/// The networks that this machine is in. Where the system does not tell, none: those outside then reach what any machine here does.
pub fn networks() -> Vec<Network> {
    match getifaddrs() {
        Ok(interfaces) => interfaces
            .filter_map(|interface| {
                let address = ip(interface.address.as_ref()?)?;
                let mask = interface.netmask.as_ref().and_then(ip);
                Some(Network::of(address, mask))
            })
            .collect(),
        Err(error) => {
            debug!(%error, "this machine's networks are not to be had");
            Vec::new()
        }
    }
}

/// An IPv4 address as one.
pub fn v4(ip: IpAddr) -> Option<Ipv4Addr> {
    match ip {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    }
}

/// An IPv6 address as one.
pub fn v6(ip: IpAddr) -> Option<Ipv6Addr> {
    match ip {
        IpAddr::V6(ip) => Some(ip),
        IpAddr::V4(_) => None,
    }
}

/// A socket for datagrams, of that address family alone.
pub fn datagram_socket(address: SocketAddr) -> io::Result<UdpSocket> {
    Ok(socket(address, Type::DGRAM, Protocol::UDP)?.into())
}

fn ip(address: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = address.as_sockaddr_in().map(|v4| v4.ip().into());
    v4.or_else(|| address.as_sockaddr_in6().map(|v6| v6.ip().into()))
}

/// This machine's address on the way there. Connecting a socket for datagrams sends nothing.
fn towards(outside: IpAddr) -> Option<IpAddr> {
    let socket = UdpSocket::bind((any(outside), 0)).ok()?;
    socket.connect((outside, 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified() && !ip.is_loopback()).then_some(ip)
}

/// The address itself where it is this machine's own, so that answers come from where questions went; behind NAT all of
/// this machine's.
fn bindable(ip: IpAddr) -> IpAddr {
    match UdpSocket::bind((ip, 0)) {
        Ok(_) => ip,
        Err(_) => any(ip),
    }
}

fn any(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

fn listen(ip: IpAddr, port: u16) -> io::Result<(UdpSocket, TcpListener, SocketAddr)> {
    let udp = datagram_socket(SocketAddr::new(ip, port))?;
    // The default is kept where the system grants no more.
    let _ = socket2::SockRef::from(&udp).set_recv_buffer_size(RECEIVE_BUFFER);
    let local = udp.local_addr()?;
    let tcp = socket(local, Type::STREAM, Protocol::TCP)?;
    tcp.listen(BACKLOG)?;
    Ok((udp, tcp.into(), local))
}

fn socket(address: SocketAddr, kind: Type, protocol: Protocol) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    if kind == Type::STREAM {
        // Else a restart would have to wait for the last connections to be forgotten.
        socket.set_reuse_address(true)?;
    }
    socket.bind(&SockAddr::from(address))?;
    Ok(socket)
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_by_the_addresses_that_are_set() {
        let ips = |texts: &[&str]| -> Vec<IpAddr> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let both = ips(&["192.0.2.1", "2001:db8::1"]);
        assert_eq!(advertised(&both), both);
    }

    #[test]
    fn a_machine_knows_the_networks_that_it_is_in() {
        let networks = networks();
        let is_near = |ip: IpAddr| networks.iter().any(|network| network.contains(ip));
        assert!(is_near(Ipv4Addr::LOCALHOST.into()), "{networks:?}");
        for ip in advertised(&[]) {
            assert!(is_near(ip), "{ip} is not in {networks:?}");
        }
    }

    #[test]
    fn there_is_always_an_address_to_be_known_by() {
        assert!(!advertised(&[]).is_empty());
    }

    #[test]
    fn behind_nat_it_listens_on_all_addresses_of_the_machine() {
        let outer = "192.0.2.1".parse().unwrap();
        let place = Place::listen(outer, 0).unwrap();
        assert!(place.local.ip().is_unspecified());
        assert_eq!(place.advertised(), (outer, place.local.port()).into());
    }

    #[test]
    fn a_port_that_is_taken_is_an_error() {
        let first = Place::listen(Ipv4Addr::LOCALHOST.into(), 0).unwrap();
        let second = Place::listen(Ipv4Addr::LOCALHOST.into(), first.local.port());
        assert!(matches!(second, Err(StartError::Listen(..))));
    }
}
