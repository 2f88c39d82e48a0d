//! The server: what it is told, and what it has to say to that. Here is what it keeps and who is asked about what; the answers
//! are in the files below.

mod allocate;
mod answer;
mod authentication;
mod command;
mod forward;
mod peers;
mod requests;

use core::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::{
    AllocationId, Client, Config, Counters, Envelope, Network, NotStun, Now, Transport,
    allocations::Allocations,
    floods::Floods,
    hashing::Hashing,
    nonce::Nonces,
    rate::{Bucket, Rate},
    wire::{Class, Malformed, Message, Method, channel_data},
};

pub(crate) use answer::Answer;
pub use command::{Command, Forward};

/// A STUN and TURN server without its sockets. It is told what came, and says what is to be done: commands are to be carried
/// out in their order, data is to be sent on at once.
pub struct Relay {
    config: Config,
    hashing: Hashing,
    nonces: Nonces,
    floods: Floods,
    allocations: Allocations,
    /// Those that this machine is in.
    networks: Vec<Network>,
    rate_of_one: Rate,
    rate_of_all: Rate,
    all: Bucket,
    /// Data indications so far: makes their transaction ids.
    indications: u64,
    counters: Counters,
}

impl Relay {
    /// A server that nobody has spoken to yet. The key must be random, and another with each start: nonces are signed
    /// with it, and what depends on it cannot be foreseen by clients.
    pub fn new(config: Config, key: [u8; 32]) -> Self {
        let hashing = Hashing::new(&key);
        let second = Duration::from_secs(1);
        Self {
            nonces: Nonces::new(key),
            floods: Floods::new(hashing, &config.limits),
            allocations: Allocations::new(hashing),
            networks: Vec::new(),
            rate_of_one: Rate::new(config.limits.bytes_per_second_per_allocation, second),
            rate_of_all: Rate::new(config.limits.bytes_per_second, second),
            all: Bucket::default(),
            indications: 0,
            counters: Counters::default(),
            hashing,
            config,
        }
    }

    /// The networks that this machine is in now. What it sends to an address of its own, or to a neighbour's, comes from within, past the
    /// firewall: these are relayed to as private ones are, however public they look.
    pub fn set_networks(&mut self, networks: Vec<Network>) {
        self.networks = networks;
    }

    /// A datagram of a client, or one message of its stream as [`frame`](crate::frame()) cuts it. What there is to answer is added to
    /// the commands; what is to be relayed is returned, and takes no memory.
    pub fn client_says<'a>(
        &mut self,
        client: Client,
        message: &'a [u8],
        now: Now,
        commands: &mut Vec<Command>,
    ) -> Option<Forward<'a>> {
        if message
            .first()
            .is_some_and(|first| channel_data::is_channel_data(*first))
        {
            return self.channel_data(client, message, now);
        }
        match Message::read(message) {
            Ok(message) => self.stun(client, &message, now, commands),
            Err(Malformed::Attributes(header)) if header.class == Class::Request => {
                self.broken(Answer::to_broken(client, header), now, commands);
                None
            }
            Err(malformed) => {
                self.counters.malformed += 1;
                if client.transport == Transport::Tcp && malformed == Malformed::NotStun {
                    commands.push(Command::HangUp { client });
                }
                None
            }
        }
    }

    /// How long the message is that these bytes of a client's stream begin with, as [`frame`](crate::frame()) tells. Who has no allocation has no channel
    /// either: what looks like data of one is something else, and is not waited for. From who has one it is as
    /// RFC 8656 §12.6 wants it, dropped: their channel may just have run out.
    pub fn frame(
        &mut self,
        client: Client,
        bytes: &[u8],
        now: Now,
    ) -> Result<Option<usize>, NotStun> {
        let is_data = bytes
            .first()
            .is_some_and(|first| channel_data::is_channel_data(*first));
        let framed = if is_data && self.live(client, now).is_none() {
            Err(NotStun)
        } else {
            crate::frame(bytes)
        };
        if framed.is_err() {
            self.counters.malformed += 1;
        }
        framed
    }

    /// The outcome of [`Command::Bind`]: the port, or none when there is none free, which the client is then told (508). When the
    /// allocation has ended in the meantime, its socket is to be closed.
    pub fn bound(
        &mut self,
        allocation: AllocationId,
        port: Option<u16>,
        _now: Now,
        commands: &mut Vec<Command>,
    ) {
        self.socket_is_bound(allocation, port, commands);
        self.count_allocations();
    }

    /// A datagram that came to an allocation's socket, and its data. None if it goes nowhere: not permitted, or over a rate. Else
    /// the client is to be sent the envelope's head, the data, and the envelope's padding.
    pub fn peer_says(
        &mut self,
        allocation: AllocationId,
        peer: SocketAddr,
        data: &[u8],
        now: Now,
    ) -> Option<(Client, Envelope)> {
        self.deliver(allocation, peer, data, now)
    }

    /// A client's TCP connection is closed: its allocation ends.
    pub fn client_gone(&mut self, client: Client, commands: &mut Vec<Command>) {
        if let Some(id) = self.allocations.of(client).map(|allocation| allocation.id) {
            self.end(id, commands);
        }
    }

    /// Ends what has run out. To be called at the [`deadline`](Self::deadline); called later, it does no harm, for what has run
    /// out is not relayed for any more.
    pub fn tick(&mut self, now: Now, commands: &mut Vec<Command>) {
        while let Some(id) = self.allocations.ended(now.instant) {
            self.end(id, commands);
        }
    }

    /// When to call [`tick`](Self::tick) next. None while there is no allocation.
    pub fn deadline(&self) -> Option<Instant> {
        self.allocations.deadline()
    }

    /// What has happened since the start.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    fn stun<'a>(
        &mut self,
        client: Client,
        message: &Message<'a>,
        now: Now,
        commands: &mut Vec<Command>,
    ) -> Option<Forward<'a>> {
        let header = message.header();
        match (header.class, header.method) {
            (Class::Request, Method::Binding) => self.binding(client, message, now, commands),
            (
                Class::Request,
                Method::Allocate | Method::Refresh | Method::CreatePermission | Method::ChannelBind,
            ) => self.request(client, message, now, commands),
            (Class::Indication, Method::Send) => return self.send_indication(client, message, now),
            // It keeps a NAT's mapping alive.
            (Class::Indication, Method::Binding) => {}
            // Unknown methods are not answered (RFC 8489 §6.3).
            (Class::Request, Method::Send | Method::Data | Method::Other(_))
            | (
                Class::Indication,
                Method::Allocate
                | Method::Refresh
                | Method::Data
                | Method::CreatePermission
                | Method::ChannelBind
                | Method::Other(_),
            )
            | (Class::Success | Class::Error, _) => self.counters.malformed += 1,
        }
        None
    }

    fn end(&mut self, allocation: AllocationId, commands: &mut Vec<Command>) {
        if self.allocations.remove(allocation).is_some() {
            commands.push(Command::Unbind { allocation });
        }
        self.count_allocations();
    }

    fn count_allocations(&mut self) {
        self.counters.allocations_now = self.allocations.len() as u64;
    }
}
