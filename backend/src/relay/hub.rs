//! Between the sockets and what [`turn`] decides: takes what has come to one socket to it, and carries out what it says. One
//! turn of a socket is bounded, so that none keeps the others waiting. When it is whose turn is left to
//! [`thread`](super::thread).

use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Interest, Registry};
use tracing::{debug, warn};
use turn::{AllocationId, Client, Command, Envelope, Family, Forward, NotStun, Now, Transport};

use super::counters::Counters;
use super::datagrams::{BATCH, Datagram, Inbox, Sender};
use super::place::{self, Place};
use super::ports::RelaySockets;
use super::source::Source;
use super::streams::{self, Accepted, Pieces, Reading, Streams};

/// Connections that are accepted in one turn.
const ACCEPT: usize = 16;

/// The sockets, and what decides.
pub struct Hub {
    registry: Registry,
    relay: turn::Relay,
    places: Vec<Place>,
    streams: Streams,
    sockets: RelaySockets,
    commands: Vec<Command>,
    counters: Counters,
}

/// What the thread has for whoever's turn it is.
pub struct Tools {
    /// For datagrams that come.
    pub inbox: Inbox,
    /// For datagrams that go.
    pub sender: Sender,
    /// For what comes over TCP.
    pub scratch: Box<[u8]>,
}

/// What is left after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing, until more comes.
    Done,
    /// It has to have another turn.
    More,
    /// It has to have another turn, but not at once: the system has no more to give.
    Later,
}

/// Data that is to go out.
struct Parcel<'a> {
    by: Source,
    to: SocketAddr,
    envelope: Option<Envelope>,
    data: &'a [u8],
}

impl Hub {
    /// At those places.
    pub fn new(
        registry: Registry,
        relay: turn::Relay,
        mut places: Vec<Place>,
        streams: Streams,
        sockets: RelaySockets,
    ) -> io::Result<Self> {
        for (number, place) in places.iter_mut().enumerate() {
            let Place { udp, tcp, .. } = place;
            registry.register(udp, Source::Datagrams(number).token(), Interest::READABLE)?;
            registry.register(tcp, Source::Connections(number).token(), Interest::READABLE)?;
        }
        Ok(Self {
            registry,
            relay,
            places,
            streams,
            sockets,
            commands: Vec::new(),
            counters: Counters::default(),
        })
    }

    /// Gives one its turn.
    pub fn serve(&mut self, source: Source, tools: &mut Tools, now: Now) -> Turn {
        match source {
            Source::Waker => Turn::Done,
            Source::Datagrams(place) => self.hear_clients(place, tools, now),
            Source::Connections(place) => self.accept(place, now),
            Source::Stream(key) => self.hear_client(key, tools, now),
            Source::Allocation(id) => self.hear_peers(id, tools, now),
        }
    }

    /// A client can take more of what waits for it.
    pub fn flush(&mut self, key: usize, now: Now) {
        let flushed = self.streams.get(key).map(|stream| stream.flush());
        if matches!(flushed, Some(Err(_))) {
            self.close(key, now);
        }
    }

    /// Ends what has run out.
    pub fn tick(&mut self, now: Now) {
        self.relay.tick(now, &mut self.commands);
        self.carry_out(None, now);
    }

    /// When to do so next.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.relay.deadline()
    }

    /// Learns the networks that this machine is in, which may change while it runs.
    pub fn learn_networks(&mut self) {
        self.relay.set_networks(place::networks());
    }

    /// Closes connections that nobody uses. Says whether any are left.
    pub fn close_idle(&mut self, now: Now) -> bool {
        for key in self.streams.idle(now.instant) {
            debug!("a connection to the relay was of no use");
            self.counters.closed_of_no_use += 1;
            self.close(key, now);
        }
        self.streams.len() > 0
    }

    /// What has happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        Counters {
            relay: *self.relay.counters(),
            connections_now: self.streams.len(),
            ..self.counters
        }
    }

    fn hear_clients(&mut self, number: usize, tools: &mut Tools, now: Now) -> Turn {
        let Tools { inbox, sender, .. } = tools;
        let Some(Place { udp, local, .. }) = self.places.get(number) else {
            return Turn::Done;
        };
        let local = *local;
        let turn = turn_of(inbox.receive(udp, local.is_ipv6()));
        let mut parcels = Vec::with_capacity(BATCH);
        for (address, message) in inbox.datagrams() {
            let client = Client {
                transport: Transport::Udp,
                address,
                local,
            };
            self.client_says(client, message, now, &mut parcels);
        }
        self.send(&mut parcels, sender, now);
        turn
    }

    fn hear_client(&mut self, key: usize, tools: &mut Tools, now: Now) -> Turn {
        let Tools {
            sender, scratch, ..
        } = tools;
        let Some(stream) = self.streams.get(key) else {
            return Turn::Done;
        };
        let client = stream.client;
        let filled = match stream.read(scratch) {
            Reading::Bytes(filled) => filled,
            Reading::Nothing => return Turn::Done,
            Reading::End => {
                self.close(key, now);
                return Turn::Done;
            }
        };
        let mut rest = &scratch[..filled];
        let mut parcels = Vec::with_capacity(BATCH);
        // Each message may be the reason to close it.
        while let Some(stream) = self.streams.get(key) {
            let framed = self.relay.frame(client, rest, now);
            match framed.and_then(|length| streams::whole(length, rest)) {
                Ok(Some(length)) => {
                    let (message, behind) = rest.split_at(length);
                    rest = behind;
                    self.client_says(client, message, now, &mut parcels);
                    if parcels.len() == BATCH {
                        self.send(&mut parcels, sender, now);
                    }
                }
                Ok(None) => {
                    stream.keep(rest);
                    break;
                }
                Err(NotStun) => {
                    self.counters.closed_no_stun += 1;
                    self.close(key, now);
                }
            }
        }
        self.send(&mut parcels, sender, now);
        // Only an empty read tells of the end that may have come with what was read.
        Turn::More
    }

    fn hear_peers(&mut self, id: AllocationId, tools: &mut Tools, now: Now) -> Turn {
        let Tools { inbox, sender, .. } = tools;
        let Some(socket) = self.sockets.get(id) else {
            return Turn::Done;
        };
        let turn = turn_of(inbox.receive(&socket.udp, socket.is_v6));
        let mut parcels = Vec::with_capacity(BATCH);
        for (peer, data) in inbox.datagrams() {
            if let Some((client, envelope)) = self.relay.peer_says(id, peer, data, now)
                && let Some(by) = self.way_to(&client)
            {
                parcels.push(Parcel {
                    by,
                    to: client.address,
                    envelope: Some(envelope),
                    data,
                });
            }
        }
        self.send(&mut parcels, sender, now);
        turn
    }

    fn accept(&mut self, number: usize, now: Now) -> Turn {
        for _ in 0..ACCEPT {
            let Some(Place { tcp, .. }) = self.places.get(number) else {
                return Turn::Done;
            };
            match tcp.accept() {
                Ok((socket, address)) => {
                    if let Err(error) = self.take_in(socket, address, now) {
                        debug!(%error, "a connection to the relay broke");
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Turn::Done,
                Err(error) if is_of_one(&error) => {}
                Err(error) => {
                    warn!(%error, "the relay cannot accept a connection");
                    return Turn::Later;
                }
            }
        }
        Turn::More
    }

    fn take_in(&mut self, socket: TcpStream, address: SocketAddr, now: Now) -> io::Result<()> {
        let client = Client {
            transport: Transport::Tcp,
            address,
            local: socket.local_addr()?,
        };
        // The end of its former connection may not have been heard yet.
        if let Some(former) = self.streams.key(&client) {
            self.close(former, now);
        }
        let streams = &mut self.streams;
        match streams.accept(&self.registry, socket, client, now.instant)? {
            Accepted::In => {}
            Accepted::InPlaceOfOne => self.counters.closed_of_no_use += 1,
            Accepted::Not => self.counters.refused_connections += 1,
        }
        Ok(())
    }

    fn client_says<'a>(
        &mut self,
        client: Client,
        message: &'a [u8],
        now: Now,
        parcels: &mut Vec<Parcel<'a>>,
    ) {
        let relay = &mut self.relay;
        match relay.client_says(client, message, now, &mut self.commands) {
            Some(Forward::ToPeer {
                allocation,
                peer,
                data,
            }) => parcels.push(Parcel {
                by: Source::Allocation(allocation),
                to: peer,
                envelope: None,
                data,
            }),
            Some(Forward::ToClient {
                client,
                envelope,
                data,
            }) => parcels.extend(self.way_to(&client).map(|by| Parcel {
                by,
                to: client.address,
                envelope: Some(envelope),
                data,
            })),
            None => {}
        }
        self.carry_out(Some(client), now);
    }

    /// The socket by which a client is reached; `None` when its connection is closed.
    fn way_to(&self, client: &Client) -> Option<Source> {
        match client.transport {
            Transport::Udp => {
                let mut places = self.places.iter();
                let number = places.position(|place| place.local == client.local)?;
                Some(Source::Datagrams(number))
            }
            Transport::Tcp => self.streams.key(client).map(Source::Stream),
        }
    }

    /// Does as it has been told because of what `asker` said, and what follows from that.
    fn carry_out(&mut self, asker: Option<Client>, now: Now) {
        while !self.commands.is_empty() {
            for command in std::mem::take(&mut self.commands) {
                match command {
                    Command::Reply { client, message } => self.reply(&client, &message),
                    Command::Bind { allocation, family } => {
                        let port = asker.and_then(|owner| self.bind(allocation, family, owner));
                        if port.is_none() {
                            self.counters.without_port += 1;
                        }
                        self.relay.bound(allocation, port, now, &mut self.commands);
                    }
                    Command::Unbind { allocation } => {
                        let owner = self.sockets.close(&self.registry, allocation);
                        if let Some(stream) = owner.and_then(|owner| self.streams.of(&owner)) {
                            stream.has_lost_an_allocation(now.instant);
                        }
                    }
                    Command::HangUp { client } => {
                        if let Some(key) = self.streams.key(&client) {
                            self.counters.closed_no_stun += 1;
                            self.forget(key);
                        }
                    }
                }
            }
        }
    }

    fn bind(&mut self, id: AllocationId, family: Family, owner: Client) -> Option<u16> {
        let is_v6 = family == Family::V6;
        let mut places = self.places.iter();
        let place = places.find(|place| place.local.is_ipv6() == is_v6)?;
        let ip = place.local.ip();
        let port = self.sockets.open(&self.registry, id, ip, owner)?;
        if let Some(stream) = self.streams.of(&owner) {
            stream.has_allocated();
        }
        Some(port)
    }

    fn reply(&mut self, client: &Client, message: &[u8]) {
        match self.way_to(client) {
            Some(Source::Datagrams(number)) => {
                // One that is lost is asked for again.
                if self.places[number]
                    .udp
                    .send_to(message, client.address)
                    .is_err()
                {
                    self.counters.unsent += 1;
                }
            }
            Some(Source::Stream(key)) => {
                let replied = self.streams.get(key).map(|stream| stream.reply(message));
                if matches!(replied, Some(Err(_))) {
                    debug!("a client does not read what it is answered");
                    self.forget(key);
                }
            }
            Some(Source::Waker | Source::Connections(_) | Source::Allocation(_)) | None => {}
        }
    }

    /// Sends what has come together, all that goes through one socket at once.
    fn send(&mut self, parcels: &mut Vec<Parcel<'_>>, sender: &mut Sender, now: Now) {
        // Stable: what goes one way stays in order.
        parcels.sort_by_key(|parcel| parcel.by);
        for together in parcels.chunk_by(|one, other| one.by == other.by) {
            let Some(first) = together.first() else {
                continue;
            };
            match first.by {
                Source::Datagrams(number) => {
                    let udp = self.places.get(number).map(|place| &place.udp);
                    self.counters.unsent += send_datagrams(sender, udp, together);
                }
                Source::Allocation(id) => {
                    let udp = self.sockets.get(id).map(|socket| &socket.udp);
                    self.counters.unsent += send_datagrams(sender, udp, together);
                }
                Source::Stream(key) => {
                    let pieces: Vec<_> = together.iter().map(Parcel::pieces).collect();
                    match self
                        .streams
                        .get(key)
                        .map(|stream| stream.send_data(&pieces))
                    {
                        Some(Ok(unread)) => self.counters.unread += unread,
                        Some(Err(_)) => self.close(key, now),
                        None => {}
                    }
                }
                Source::Waker | Source::Connections(_) => {}
            }
        }
        parcels.clear();
    }

    fn close(&mut self, key: usize, now: Now) {
        self.forget(key);
        self.carry_out(None, now);
    }

    /// Closes a connection; what follows is among the commands.
    fn forget(&mut self, key: usize) {
        if let Some(client) = self.streams.close(key) {
            self.relay.client_gone(client, &mut self.commands);
        }
    }
}

impl Parcel<'_> {
    fn pieces(&self) -> Pieces<'_> {
        match &self.envelope {
            Some(envelope) => [envelope.head(), self.data, envelope.padding()],
            None => [&[], self.data, &[]],
        }
    }
}

fn send_datagrams(
    sender: &mut Sender,
    udp: Option<&mio::net::UdpSocket>,
    parcels: &[Parcel<'_>],
) -> u64 {
    let Some(udp) = udp else {
        // Its allocation has ended meanwhile.
        return 0;
    };
    sender.send(
        udp,
        parcels.iter().map(|parcel| Datagram {
            to: parcel.to,
            pieces: parcel.pieces(),
        }),
    )
}

/// Whether an error is that of one packet or connection, and not of the socket.
fn is_of_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
    )
}

fn turn_of(received: io::Result<bool>) -> Turn {
    match received {
        Ok(true) => Turn::More,
        Ok(false) => Turn::Done,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Turn::Done,
        // Of a datagram that was sent before, to where nobody listens: it is told once.
        Err(error) if is_of_one(&error) => Turn::More,
        Err(error) => {
            debug!(%error, "the relay cannot receive");
            Turn::Later
        }
    }
}
