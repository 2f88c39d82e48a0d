//! Datagrams in batches: one system call receives or sends several. What they mean is left to others.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{SocketAddr, SocketAddrV6};
use std::os::fd::AsRawFd;

use mio::net::UdpSocket;
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg};
use rustix::io::Errno;
use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, SocketAddrAny, sendmmsg};

/// How many go in one system call, and how many one socket has read at a time before it is the next one's turn.
pub const BATCH: usize = 32;

/// Bytes of a datagram. Those of browsers have at most some 1,300, however large their network's packets may be; a
/// larger one is dropped.
const LARGEST: usize = 4096;

/// Receives datagrams into buffers that are used again and again.
pub struct Inbox {
    buffers: Box<[u8]>,
    // Apart, since the length of the last sender's address is what the next one may have.
    v4: MultiHeaders<SockaddrStorage>,
    v6: MultiHeaders<SockaddrStorage>,
    received: Vec<Received>,
}

struct Received {
    from: SocketAddr,
    size: usize,
}

/// One to be sent, in three pieces.
#[derive(Clone, Copy, Debug)]
pub struct Datagram<'a> {
    /// Where to.
    pub to: SocketAddr,
    /// Its bytes, one piece behind the other.
    pub pieces: [&'a [u8]; 3],
}

/// Sends datagrams from where they lie.
pub struct Sender {
    addresses: Vec<SocketAddrAny>,
}

impl Inbox {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            buffers: vec![0; BATCH * LARGEST].into(),
            v4: MultiHeaders::preallocate(BATCH, None),
            v6: MultiHeaders::preallocate(BATCH, None),
            received: Vec::with_capacity(BATCH),
        }
    }

    /// Receives what has come, in place of what it had. Returns whether there may be more.
    ///
    /// # Errors
    /// The socket's, which need not be its end.
    pub fn receive(&mut self, socket: &UdpSocket, is_v6: bool) -> io::Result<bool> {
        self.received.clear();
        let headers = if is_v6 { &mut self.v6 } else { &mut self.v4 };
        let mut buffers = self.buffers.chunks_exact_mut(LARGEST);
        let mut slices: [[IoSliceMut<'_>; 1]; BATCH] =
            std::array::from_fn(|_| [IoSliceMut::new(buffers.next().unwrap_or_default())]);
        let flags = MsgFlags::MSG_DONTWAIT;
        let mut count = 0;
        for message in recvmmsg(socket.as_raw_fd(), headers, slices.iter_mut(), flags, None)? {
            count += 1;
            let whole = !message.flags.contains(MsgFlags::MSG_TRUNC);
            self.received.push(Received {
                from: message
                    .address
                    .as_ref()
                    .and_then(socket_address)
                    .filter(|_| whole)
                    .unwrap_or(NOBODY),
                size: message.bytes,
            });
        }
        Ok(count == BATCH)
    }

    /// What has been received, and where from.
    pub fn datagrams(&self) -> impl Iterator<Item = (SocketAddr, &[u8])> {
        let buffers = self.buffers.chunks_exact(LARGEST);
        let received = self.received.iter().zip(buffers);
        received
            .filter(|(received, _)| received.from != NOBODY)
            .map(|(&Received { from, size }, buffer)| (from, &buffer[..size.min(LARGEST)]))
    }
}

/// Whom one that is to be dropped is from: nobody sends from port 0 of no address.
const NOBODY: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);

impl Sender {
    /// One that has sent nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            addresses: Vec::with_capacity(BATCH),
        }
    }

    /// Sends at most [`BATCH`] datagrams from `socket`; returns how many the system did not take. They are lost, as any
    /// datagram may be.
    pub fn send<'a>(
        &mut self,
        socket: &UdpSocket,
        datagrams: impl Iterator<Item = Datagram<'a>>,
    ) -> u64 {
        self.addresses.clear();
        let mut slices = Vec::with_capacity(BATCH);
        for Datagram { to, pieces } in datagrams.take(BATCH) {
            self.addresses.push(to.into());
            slices.push(pieces.map(IoSlice::new));
        }
        let mut nothing: [SendAncillaryBuffer<'_, '_, '_>; BATCH] = Default::default();
        let datagrams = self.addresses.iter().zip(&slices).zip(&mut nothing);
        let mut messages: Vec<_> = datagrams
            .map(|((to, pieces), nothing)| MMsgHdr::new_with_addr(to, pieces, nothing))
            .collect();
        let mut rest = &mut messages[..];
        let mut lost = 0;
        while !rest.is_empty() {
            let done = match sendmmsg(socket, rest, SendFlags::DONTWAIT) {
                // At least one, else it is an error.
                Ok(sent) => sent.max(1),
                Err(Errno::INTR) => 0,
                Err(Errno::AGAIN | Errno::NOBUFS) => return lost + rest.len() as u64,
                // Of the first one alone: it is too long, or there is no way to where it should go.
                Err(_) => {
                    lost += 1;
                    1
                }
            };
            rest = rest.get_mut(done..).unwrap_or_default();
        }
        lost
    }
}

fn socket_address(address: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = address
        .as_sockaddr_in()
        .map(|address| SocketAddr::from(*address));
    v4.or_else(|| {
        let address = SocketAddrV6::from(*address.as_sockaddr_in6()?);
        // A flow label is no part of who someone is.
        let (ip, port, scope) = (*address.ip(), address.port(), address.scope_id());
        Some(SocketAddrV6::new(ip, port, 0, scope).into())
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn socket(ip: &str) -> (UdpSocket, SocketAddr) {
        let socket = UdpSocket::bind(SocketAddr::new(ip.parse().unwrap(), 0)).unwrap();
        let address = socket.local_addr().unwrap();
        (socket, address)
    }

    fn send(
        sender: &mut Sender,
        socket: &UdpSocket,
        datagrams: &[(SocketAddr, [&[u8]; 3])],
    ) -> u64 {
        let all = datagrams
            .iter()
            .map(|&(to, pieces)| Datagram { to, pieces });
        sender.send(socket, all)
    }

    fn received(inbox: &mut Inbox, socket: &UdpSocket) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        // Loopback delivers within the call that sends.
        while let Ok(more) = inbox.receive(socket, false) {
            all.extend(inbox.datagrams().map(|(_, data)| data.to_vec()));
            if !more {
                break;
            }
        }
        all
    }

    #[test]
    fn pieces_arrive_as_one_datagram_each() {
        let ((here, from), (there, to)) = (socket("127.0.0.1"), socket("127.0.0.1"));
        let mut inbox = Inbox::new();
        let data: [[&[u8]; 3]; 3] = [[b"he", b"l", b"lo"], [b"", b"", b""], [b"", b"moim", b"\0"]];
        assert_eq!(
            send(&mut Sender::new(), &here, &data.map(|data| (to, data))),
            0
        );
        assert!(!inbox.receive(&there, false).unwrap());
        let got: Vec<_> = inbox.datagrams().collect();
        assert_eq!(got, [(from, &b"hello"[..]), (from, b""), (from, b"moim\0")]);
    }

    #[test]
    fn one_that_cannot_go_does_not_hold_up_the_others() {
        let ((here, _), (there, to)) = (socket("127.0.0.1"), socket("127.0.0.1"));
        let too_long = vec![0; 70_000];
        let data: [(SocketAddr, [&[u8]; 3]); 4] = [
            (to, [b"1", b"", b""]),
            (to, [&too_long, b"", b""]),
            ("[::1]:9".parse().unwrap(), [b"2", b"", b""]),
            (to, [b"3", b"", b""]),
        ];
        assert_eq!(send(&mut Sender::new(), &here, &data), 2);
        assert_eq!(received(&mut Inbox::new(), &there), [b"1", b"3"]);
    }

    #[test]
    fn one_that_is_too_large_is_dropped_and_the_next_is_not() {
        let ((here, _), (there, to)) = (socket("127.0.0.1"), socket("127.0.0.1"));
        let large = vec![1; LARGEST + 1];
        let data: [(SocketAddr, [&[u8]; 3]); 2] =
            [(to, [b"", &large, b""]), (to, [b"", &large[1..], b""])];
        assert_eq!(send(&mut Sender::new(), &here, &data), 0);
        assert_eq!(received(&mut Inbox::new(), &there), [&large[1..]]);
    }

    #[test]
    fn addresses_of_both_families_come_out_whole() {
        let mut inbox = Inbox::new();
        let mut sender = Sender::new();
        for (ip, is_v6) in [("127.0.0.1", false), ("::1", true), ("127.0.0.1", false)] {
            let Ok(here) = UdpSocket::bind(SocketAddr::new(ip.parse().unwrap(), 0)) else {
                // A machine without IPv6.
                continue;
            };
            let from = here.local_addr().unwrap();
            let (there, to) = socket(ip);
            assert_eq!(send(&mut sender, &here, &[(to, [b"", b"x", b""])]), 0);
            inbox.receive(&there, is_v6).unwrap();
            let got: Vec<_> = inbox.datagrams().collect();
            assert_eq!(got, [(from, &b"x"[..])]);
        }
    }

    #[test]
    fn more_than_a_batch_is_said_to_be_more() {
        let ((here, _), (there, to)) = (socket("127.0.0.1"), socket("127.0.0.1"));
        let mut sender = Sender::new();
        let mut inbox = Inbox::new();
        for _ in 0..=BATCH {
            send(&mut sender, &here, &[(to, [b"", b"x", b""])]);
        }
        assert!(inbox.receive(&there, false).unwrap());
        assert!(!inbox.receive(&there, false).unwrap());
        assert_eq!(inbox.datagrams().count(), 1);
    }
}
