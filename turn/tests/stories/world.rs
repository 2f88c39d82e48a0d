//! A driver and clients for the stories: sockets that are always bound, a clock that goes when told to.

use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use turn::{
    AllocationId, Client, Command, Config, Credentials, Envelope, Forward, Limits, Now, Relay,
    Secret, Transport,
    wire::{
        Class, Encoder, Key, Message, Method, TransactionId,
        attribute::{
            CHANNEL_NUMBER, DATA, ERROR_CODE, LIFETIME, NONCE, REALM, REQUESTED_TRANSPORT,
            USERNAME, XOR_PEER_ADDRESS, XOR_RELAYED_ADDRESS,
        },
        channel_data, long_term_key,
    },
};

pub const REALM_NAME: &str = "moim";
pub const SECRET: &str = "north star";
pub const RELAYED_IP: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);
/// Somebody in the internet.
pub const PEER: &str = "9.9.9.9:5000";
const START: u64 = 1_700_000_000;

/// A relay with its driver.
pub struct World {
    pub relay: Relay,
    pub now: Now,
    /// The port of the next socket. None: there are none.
    pub next_port: Option<u16>,
    pub bound: Vec<AllocationId>,
    pub unbound: Vec<AllocationId>,
    pub hung_up: Vec<Client>,
    pub replies: Vec<(Client, Vec<u8>)>,
}

/// Somebody who would like to be relayed.
pub struct Caller {
    pub client: Client,
    pub credentials: Credentials,
    pub nonce: String,
    requests: u64,
}

/// What a request was answered.
#[derive(Debug)]
pub struct Reply(pub Vec<u8>);

impl World {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn limited(limits: Limits) -> Self {
        Self::with(|config| config.limits = limits)
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config {
            realm: REALM_NAME.to_owned(),
            secret: Secret::new(SECRET),
            advertised_v4: Some(RELAYED_IP),
            advertised_v6: Some(Ipv6Addr::new(0x2001, 0xDB8, 0, 0, 0, 0, 0, 1)),
            allow_private: false,
            limits: Limits::default(),
        };
        change(&mut config);
        Self {
            relay: Relay::new(config, [5; 32]),
            now: Now {
                instant: Instant::now(),
                unix_seconds: START,
            },
            next_port: Some(50_000),
            bound: Vec::new(),
            unbound: Vec::new(),
            hung_up: Vec::new(),
            replies: Vec::new(),
        }
    }

    /// Time goes by, and the driver's timer with it.
    pub fn later(&mut self, seconds: u64) {
        self.now.instant += Duration::from_secs(seconds);
        self.now.unix_seconds += seconds;
        let mut commands = Vec::new();
        self.relay.tick(self.now, &mut commands);
        self.carry_out(commands);
    }

    /// A message comes from a client.
    pub fn hear<'a>(&mut self, client: Client, message: &'a [u8]) -> Option<Forward<'a>> {
        let mut commands = Vec::new();
        let forward = self
            .relay
            .client_says(client, message, self.now, &mut commands);
        self.carry_out(commands);
        forward
    }

    /// The only answer to it, if there is one.
    pub fn ask(&mut self, client: Client, message: &[u8]) -> Option<Reply> {
        self.replies.clear();
        assert_eq!(self.hear(client, message), None);
        assert!(self.replies.len() <= 1);
        let (to, reply) = self.replies.pop()?;
        assert_eq!(to, client);
        Some(Reply(reply))
    }

    /// A client's connection is closed.
    pub fn close(&mut self, client: Client) {
        let mut commands = Vec::new();
        self.relay.client_gone(client, &mut commands);
        self.carry_out(commands);
    }

    /// A datagram comes to the latest socket.
    pub fn peer_sends(&mut self, peer: &str, data: &[u8]) -> Option<(Client, Envelope)> {
        let allocation = *self.bound.last().unwrap();
        self.relay
            .peer_says(allocation, address(peer), data, self.now)
    }

    fn carry_out(&mut self, mut commands: Vec<Command>) {
        while !commands.is_empty() {
            for command in std::mem::take(&mut commands) {
                match command {
                    Command::Reply { client, message } => self.replies.push((client, message)),
                    Command::Bind { allocation, .. } => {
                        let port = self.next_port;
                        self.next_port = port.map(|port| port + 1);
                        self.bound.push(allocation);
                        self.relay.bound(allocation, port, self.now, &mut commands);
                    }
                    Command::Unbind { allocation } => self.unbound.push(allocation),
                    Command::HangUp { client } => self.hung_up.push(client),
                }
            }
        }
    }
}

impl Caller {
    /// Over UDP, with credentials that are valid for an hour.
    pub fn new(address: &str, name: &str) -> Self {
        Self {
            client: client(address),
            credentials: Secret::new(SECRET).credentials(name, START + 3_600),
            nonce: String::new(),
            requests: 0,
        }
    }

    pub fn by_tcp(mut self) -> Self {
        self.client.transport = Transport::Tcp;
        self
    }

    /// An empty request, with an id that no other had.
    pub fn begin(&mut self, method: Method) -> Encoder {
        self.requests += 1;
        let mut id = [0; 12];
        id[..8].copy_from_slice(&self.requests.to_be_bytes());
        Encoder::new(Class::Request, method, TransactionId(id))
    }

    /// What it is to be sent as.
    pub fn sign(&self, request: Encoder) -> Vec<u8> {
        request
            .attribute(USERNAME, self.credentials.username.as_bytes())
            .attribute(REALM, REALM_NAME.as_bytes())
            .attribute(NONCE, self.nonce.as_bytes())
            .finish(Some(&self.key()), true)
    }

    pub fn key(&self) -> Key {
        let Credentials { username, password } = &self.credentials;
        long_term_key(username, REALM_NAME, password)
    }

    /// Asks without credentials, to be told a nonce.
    pub fn knock(&mut self, world: &mut World) -> Reply {
        let request = transport(self.begin(Method::Allocate), 17).finish(None, true);
        let reply = world.ask(self.client, &request).unwrap();
        self.nonce = reply.text(NONCE);
        reply
    }

    pub fn ask(
        &mut self,
        world: &mut World,
        method: Method,
        fill: impl FnOnce(Encoder) -> Encoder,
    ) -> Reply {
        let request = fill(self.begin(method));
        let request = self.sign(request);
        world.ask(self.client, &request).unwrap()
    }

    /// Asks for a relayed address.
    pub fn try_allocate(&mut self, world: &mut World) -> Reply {
        self.knock(world);
        self.ask(world, Method::Allocate, |request| transport(request, 17))
    }

    /// Gets a relayed address.
    pub fn allocate(&mut self, world: &mut World) -> SocketAddr {
        self.try_allocate(world).relayed()
    }

    pub fn refresh(&mut self, world: &mut World, seconds: u32) -> Reply {
        self.ask(world, Method::Refresh, |request| {
            request.attribute(LIFETIME, &seconds.to_be_bytes())
        })
    }

    pub fn permit(&mut self, world: &mut World, peers: &[&str]) -> Reply {
        self.ask(world, Method::CreatePermission, |request| {
            peers.iter().fold(request, |request, peer| {
                request.address(XOR_PEER_ADDRESS, address(peer))
            })
        })
    }

    pub fn bind_channel(&mut self, world: &mut World, number: u16, peer: &str) -> Reply {
        let [n0, n1] = number.to_be_bytes();
        self.ask(world, Method::ChannelBind, |request| {
            request
                .attribute(CHANNEL_NUMBER, &[n0, n1, 0, 0])
                .address(XOR_PEER_ADDRESS, address(peer))
        })
    }
}

impl Reply {
    pub fn message(&self) -> Message<'_> {
        Message::read(&self.0).unwrap()
    }

    /// The number of the refusal. None if it is a success.
    pub fn error(&self) -> Option<u16> {
        let message = self.message();
        assert!(matches!(
            message.header().class,
            Class::Success | Class::Error
        ));
        let value = message.find(ERROR_CODE)?;
        assert_eq!(message.header().class, Class::Error);
        Some(u16::from(value[2]) * 100 + u16::from(value[3]))
    }

    pub fn relayed(&self) -> SocketAddr {
        assert_eq!(self.error(), None);
        self.message().address(XOR_RELAYED_ADDRESS).unwrap()
    }

    /// In seconds.
    pub fn lifetime(&self) -> u32 {
        assert_eq!(self.error(), None);
        u32::from_be_bytes(self.message().find(LIFETIME).unwrap().try_into().unwrap())
    }

    pub fn text(&self, kind: u16) -> String {
        self.message().text(kind).unwrap().to_owned()
    }
}

pub fn client(at: &str) -> Client {
    Client {
        transport: Transport::Udp,
        address: address(at),
        local: address("203.0.113.1:3478"),
    }
}

pub fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

pub fn transport(request: Encoder, protocol: u8) -> Encoder {
    request.attribute(REQUESTED_TRANSPORT, &[protocol, 0, 0, 0])
}

pub fn send_indication(peer: &str, data: &[u8]) -> Vec<u8> {
    Encoder::new(Class::Indication, Method::Send, TransactionId([9; 12]))
        .address(XOR_PEER_ADDRESS, address(peer))
        .attribute(DATA, data)
        .finish(None, false)
}

pub fn over_channel(number: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&channel_data::header(number, length), data].concat()
}

/// What the client gets.
pub fn packed(envelope: &Envelope, data: &[u8]) -> Vec<u8> {
    [envelope.head(), data, envelope.padding()].concat()
}
