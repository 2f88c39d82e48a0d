//! A TURN client by hand, for what no ready-made one does: to send byte by byte, not to read, to ask at a chosen instant.

use std::net::{Ipv4Addr, SocketAddr};

use backend::Config;
use backend::config::{TurnMode, TurnOptions};
use shared::room::IceServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream, UdpSocket};
use turn::Secret;
use turn::wire::{Class, Encoder, Key, Message, Method, TransactionId, attribute, long_term_key};

use super::{TestServer, enter, soon};

/// A server with a relay on a free port of loopback.
pub fn with_relay() -> Config {
    with_turn(TurnOptions::default())
}

/// The same, with these options otherwise.
pub fn with_turn(options: TurnOptions) -> Config {
    Config {
        turn: TurnOptions {
            // Another in its place and one that was asked for exclude each other.
            mode: options.external.is_empty().then_some(TurnMode::On),
            port: 0,
            addresses: vec![Ipv4Addr::LOCALHOST.into()],
            ..options
        },
        ..Config::default()
    }
}

/// A channel that any client may take.
pub const CHANNEL: u16 = 0x4000;

/// A server with a relay, and what a join tells of it.
pub async fn relay() -> (TestServer, Told) {
    relay_with(TurnOptions::default()).await
}

pub async fn relay_with(options: TurnOptions) -> (TestServer, Told) {
    let server = TestServer::with(with_turn(options)).await;
    let (_ann, joined) = enter(&server, "Lobby", 1).await;
    let told = Told::of(&joined.ice_servers);
    (server, told)
}

/// Someone to be relayed to. At the relay's own address there is nobody but those who are relayed themselves.
pub async fn peer() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.2:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Sends there and back between a client and a peer.
pub async fn exchange(client: &mut TurnClient) {
    let relayed = client.allocate().await.unwrap();
    let (peer, address) = peer().await;
    client.bind_channel(CHANNEL, address).await.unwrap();
    client.send_data(CHANNEL, b"to you").await;
    let mut data = [0; 100];
    let (size, from) = soon("data", peer.recv_from(&mut data)).await.unwrap();
    assert_eq!((&data[..size], from), (&b"to you"[..], relayed));
    // Of a length that has to be padded over TCP.
    peer.send_to(b"and back", relayed).await.unwrap();
    peer.send_to(b"again", relayed).await.unwrap();
    assert_eq!(client.data().await, b"and back");
    assert_eq!(client.data().await, b"again");
}

/// What a join tells of a relay.
#[derive(Clone, Debug)]
pub struct Told {
    pub address: SocketAddr,
    pub username: String,
    pub password: String,
}

impl Told {
    /// Of the first server that takes credentials.
    pub fn of(servers: &[IceServer]) -> Self {
        let server = servers.iter().find(|server| server.credential.is_some());
        let server = server.expect("a TURN server");
        let url = server.urls[0].strip_prefix("turn:").unwrap();
        let address = url.split('?').next().unwrap();
        Self {
            address: address.parse().unwrap(),
            username: server.username.clone().unwrap(),
            password: server.credential.clone().unwrap(),
        }
    }
}

impl Told {
    /// What everybody could make who knows the secret.
    pub fn made_of(secret: &str, address: SocketAddr) -> Self {
        let credentials = Secret::new(secret).credentials("ann", u64::MAX);
        Self {
            address,
            username: credentials.username,
            password: credentials.password,
        }
    }
}

pub struct TurnClient {
    way: Way,
    told: Told,
    /// Realm, nonce, and the key that follows.
    challenge: Option<(Vec<u8>, Vec<u8>, Key)>,
    transactions: u8,
}

enum Way {
    Udp(UdpSocket),
    Tcp(TcpStream, Vec<u8>),
}

impl TurnClient {
    pub async fn udp(told: &Told) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(told.address).await.unwrap();
        Self::by(Way::Udp(socket), told)
    }

    pub async fn tcp(told: &Told) -> Self {
        let stream = TcpStream::connect(told.address).await.unwrap();
        Self::by(Way::Tcp(stream, Vec::new()), told)
    }

    /// One for which the system keeps little of what it does not read.
    pub async fn tcp_with_a_small_buffer(told: &Told) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(told.address).await.unwrap();
        Self::by(Way::Tcp(stream, Vec::new()), told)
    }

    fn by(way: Way, told: &Told) -> Self {
        if let Way::Tcp(stream, _) = &way {
            stream.set_nodelay(true).unwrap();
        }
        Self {
            way,
            told: told.clone(),
            challenge: None,
            transactions: 0,
        }
    }

    /// Asks for a relayed address; the error is STUN's code.
    pub async fn allocate(&mut self) -> Result<SocketAddr, u16> {
        let udp = (attribute::REQUESTED_TRANSPORT, vec![17, 0, 0, 0]);
        let answer = self.request(Method::Allocate, &[udp], None).await?;
        let answer = Message::read(&answer).unwrap();
        Ok(answer.address(attribute::XOR_RELAYED_ADDRESS).unwrap())
    }

    /// Lets a peer send, and be sent to by that channel.
    pub async fn bind_channel(&mut self, channel: u16, peer: SocketAddr) -> Result<(), u16> {
        let [high, low] = channel.to_be_bytes();
        let number = (attribute::CHANNEL_NUMBER, vec![high, low, 0, 0]);
        let number = [number];
        let bound = self.request(Method::ChannelBind, &number, Some(peer));
        bound.await.map(|_| ())
    }

    /// Gives the relayed address back.
    pub async fn give_back(&mut self) -> Result<(), u16> {
        let none = (attribute::LIFETIME, vec![0; 4]);
        self.request(Method::Refresh, &[none], None)
            .await
            .map(|_| ())
    }

    /// Keeps the relayed address.
    pub async fn refresh(&mut self) -> Result<(), u16> {
        self.request(Method::Refresh, &[], None).await.map(|_| ())
    }

    /// Asks by which address it is seen. What had been said before has been heard by then.
    pub async fn binding(&mut self) -> SocketAddr {
        let message = self.message(Method::Binding, &[], None);
        let answer = self.ask(&message).await;
        let answer = Message::read(&answer).unwrap();
        answer.address(attribute::XOR_MAPPED_ADDRESS).unwrap()
    }

    /// A Binding request, to be sent by [`send`](Self::send).
    pub fn binding_request(&mut self) -> Vec<u8> {
        self.message(Method::Binding, &[], None)
    }

    /// Sends data over a channel.
    pub async fn send_data(&mut self, channel: u16, data: &[u8]) {
        let length = u16::try_from(data.len()).unwrap();
        let mut message = [channel.to_be_bytes(), length.to_be_bytes()].concat();
        message.extend_from_slice(data);
        let padding = data.len().wrapping_neg() & 3;
        message.extend_from_slice(&[0; 3][..padding]);
        self.send(&message).await;
    }

    /// The data of the next message over a channel.
    pub async fn data(&mut self) -> Vec<u8> {
        let message = self.next().await.expect("data");
        let length = u16::from_be_bytes([message[2], message[3]]);
        assert!(message[0] >= 0x40, "no data: {message:?}");
        message[4..4 + usize::from(length)].to_vec()
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        match &mut self.way {
            Way::Udp(socket) => {
                socket.send(bytes).await.unwrap();
            }
            Way::Tcp(stream, _) => stream.write_all(bytes).await.unwrap(),
        }
    }

    /// The next message, whole; `None` when the server has closed the connection.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        match &mut self.way {
            Way::Udp(socket) => {
                let mut message = vec![0; 2048];
                let size = soon("a datagram", socket.recv(&mut message)).await.unwrap();
                message.truncate(size);
                Some(message)
            }
            Way::Tcp(stream, read) => loop {
                let length = turn::frame(read).unwrap();
                if let Some(length) = length.filter(|&length| length <= read.len()) {
                    let rest = read.split_off(length);
                    return Some(std::mem::replace(read, rest));
                }
                // An error is a close that was not to be heard.
                if let Ok(0) | Err(_) = soon("a message", stream.read_buf(read)).await {
                    return None;
                }
            },
        }
    }

    /// Sends a request and passes over data until its answer comes.
    pub async fn ask(&mut self, request: &[u8]) -> Vec<u8> {
        self.send(request).await;
        loop {
            let message = self.next().await.expect("an answer");
            if message[0] < 0x40 && message[8..20] == request[8..20] {
                return message;
            }
        }
    }

    /// Sends these bytes, with which the request is complete, and waits for its answer.
    pub async fn ask_after(&mut self, request: &[u8], bytes: &[u8]) {
        self.send(bytes).await;
        let answer = self.next().await.expect("an answer");
        assert_eq!(answer[8..20], request[8..20]);
    }

    async fn request(
        &mut self,
        method: Method,
        attributes: &[(u16, Vec<u8>)],
        peer: Option<SocketAddr>,
    ) -> Result<Vec<u8>, u16> {
        loop {
            let message = self.message(method, attributes, peer);
            let answer = self.ask(&message).await;
            let read = Message::read(&answer).unwrap();
            if read.header().class == Class::Success {
                return Ok(answer);
            }
            let code = read.find(attribute::ERROR_CODE).unwrap();
            let code = u16::from(code[2]) * 100 + u16::from(code[3]);
            if code != 401 || self.challenge.is_some() {
                return Err(code);
            }
            let realm = read.text(attribute::REALM).unwrap();
            let nonce = read.find(attribute::NONCE).unwrap();
            let key = long_term_key(&self.told.username, realm, &self.told.password);
            self.challenge = Some((realm.into(), nonce.to_vec(), key));
        }
    }

    fn message(
        &mut self,
        method: Method,
        attributes: &[(u16, Vec<u8>)],
        peer: Option<SocketAddr>,
    ) -> Vec<u8> {
        self.transactions += 1;
        let transaction = TransactionId([self.transactions; 12]);
        let mut message = Encoder::new(Class::Request, method, transaction);
        for (kind, value) in attributes {
            message = message.attribute(*kind, value);
        }
        if let Some(peer) = peer {
            message = message.address(attribute::XOR_PEER_ADDRESS, peer);
        }
        match &self.challenge {
            Some((realm, nonce, key)) => message
                .attribute(attribute::USERNAME, self.told.username.as_bytes())
                .attribute(attribute::REALM, realm)
                .attribute(attribute::NONCE, nonce)
                .finish(Some(key.as_slice()), false),
            None => message.finish(None, false),
        }
    }
}
