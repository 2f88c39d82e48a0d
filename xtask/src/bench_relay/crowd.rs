//! Clients of a TURN server by UDP, each with a peer that sends back what it is sent: so many as are wanted, at a pace that is chosen.
//! turnutils_uclient has neither the one nor the other. All run in turn on one thread, which never waits for a socket while it sends.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use turn::{
    Secret,
    wire::{
        Class, Encoder, Message, Method, TransactionId, attribute, channel_data, long_term_key,
    },
};

use super::{SIZE, Told};

const CHANNEL: u16 = 0x4000;

/// Where peers are: not at the relays' own address, where the built-in one hands data over by itself.
const PEERS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Clients at one address: as many as a relay may take for one household.
const TOGETHER: usize = 50;

/// Packets of a client that are on their way where it goes as fast as it can: what any socket has room for.
const WINDOW: u64 = 4;

/// After such a silence, what is on its way is given up.
const SILENCE: Duration = Duration::from_millis(200);

/// How long a request is waited for, and how often it is sent.
const PATIENCE: Duration = Duration::from_millis(500);
const TRIES: usize = 10;

/// All of them.
pub struct Crowd {
    pairs: Vec<Pair>,
    packet: Vec<u8>,
    scratch: Vec<u8>,
}

/// How fast they send, all together.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// So many packets.
    PerSecond(u64),
    /// The next one once an earlier one is back.
    AsFastAsItGoes,
}

/// A client and its peer.
struct Pair {
    client: UdpSocket,
    peer: UdpSocket,
    on_the_way: u64,
    heard: Instant,
}

impl Crowd {
    /// So many, each with an allocation and a channel to its peer.
    pub fn gather(server: SocketAddr, secret: &str, count: usize) -> Result<Self> {
        let pairs = (0..count).map(|number| Pair::new(server, secret, number));
        let mut packet = channel_data::header(CHANNEL, u16::try_from(SIZE)?).to_vec();
        packet.resize(packet.len() + SIZE, 7);
        Ok(Self {
            pairs: pairs.collect::<Result<_>>()?,
            packet,
            scratch: vec![0; 2048],
        })
    }

    /// Sends for so long, and then waits for what is on its way.
    pub fn send(&mut self, pace: Pace, time: Duration) -> Result<Told> {
        let begin = Instant::now();
        let (mut sent, mut returned) = (0, 0);
        while begin.elapsed() < time {
            let more = match pace {
                Pace::PerSecond(packets) => {
                    let due = begin.elapsed().as_micros() as u64 * packets / 1_000_000;
                    self.send_until(due, sent)?
                }
                Pace::AsFastAsItGoes => self.fill_windows()?,
            };
            let back = self.pass_on()?;
            sent += more;
            returned += back;
            if more + back == 0 {
                thread::sleep(Duration::from_micros(50));
            }
        }
        let seconds = begin.elapsed().as_secs_f64();
        let mut heard = Instant::now();
        while heard.elapsed() < SILENCE {
            let back = self.pass_on()?;
            returned += back;
            if back > 0 {
                heard = Instant::now();
            } else {
                thread::sleep(Duration::from_millis(1));
            }
        }
        for pair in &mut self.pairs {
            pair.on_the_way = 0;
        }
        Ok(Told {
            returned,
            lost: sent - returned.min(sent),
            seconds: Some(seconds),
        })
    }

    /// One of each client at most: who was kept from sending for a while is not to make up for it at once.
    fn send_until(&mut self, due: u64, sent: u64) -> Result<u64> {
        let due = due.clamp(sent, sent + self.pairs.len() as u64);
        for number in sent..due {
            let at = number as usize % self.pairs.len();
            self.pairs[at].send(&self.packet)?;
        }
        Ok(due - sent)
    }

    fn fill_windows(&mut self) -> Result<u64> {
        let mut sent = 0;
        for pair in &mut self.pairs {
            if pair.heard.elapsed() > SILENCE {
                pair.on_the_way = 0;
                pair.heard = Instant::now();
            }
            while pair.on_the_way < WINDOW {
                pair.send(&self.packet)?;
                sent += 1;
            }
        }
        Ok(sent)
    }

    /// Lets each peer send back what has come to it, and counts what has come back to the clients.
    fn pass_on(&mut self) -> Result<u64> {
        let mut returned = 0;
        for pair in &mut self.pairs {
            while let Some((size, from)) = received(&pair.peer, &mut self.scratch)? {
                is_taken(pair.peer.send_to(&self.scratch[..size], from))?;
            }
            while let Some((size, _)) = received(&pair.client, &mut self.scratch)? {
                if self.scratch[..size] != self.packet {
                    bail!("what came back is not what was sent");
                }
                pair.on_the_way = pair.on_the_way.saturating_sub(1);
                pair.heard = Instant::now();
                returned += 1;
            }
        }
        Ok(returned)
    }
}

impl Pair {
    fn new(server: SocketAddr, secret: &str, number: usize) -> Result<Self> {
        let household = u8::try_from(number / TOGETHER)?;
        let client = UdpSocket::bind((Ipv4Addr::new(127, 0, 1, household), 0))?;
        client.connect(server)?;
        let peer = UdpSocket::bind((PEERS, 0))?;
        allocate(&client, secret, number, peer.local_addr()?)?;
        client.set_nonblocking(true)?;
        peer.set_nonblocking(true)?;
        Ok(Self {
            client,
            peer,
            on_the_way: 0,
            heard: Instant::now(),
        })
    }

    fn send(&mut self, packet: &[u8]) -> Result<()> {
        self.on_the_way += 1;
        is_taken(self.client.send(packet))
    }
}

/// Gets a relayed address, and a channel to that peer.
fn allocate(client: &UdpSocket, secret: &str, number: usize, peer: SocketAddr) -> Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    let udp = [17, 0, 0, 0];
    let begin = |method, transaction: u8| {
        Encoder::new(Class::Request, method, TransactionId([transaction; 12]))
    };
    let question = begin(Method::Allocate, 0).attribute(attribute::REQUESTED_TRANSPORT, &udp);
    let challenge = ask(client, &question.finish(None, false))?;
    let challenge = Message::read(&challenge)?;
    let realm = challenge.text(attribute::REALM).context("no realm")?;
    let nonce = challenge.find(attribute::NONCE).context("no nonce")?;

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let credentials = Secret::new(secret).credentials(&format!("bench-{number}"), now + 3_600);
    let key = long_term_key(&credentials.username, realm, &credentials.password);
    let granted = |request: Encoder| {
        let request = request
            .attribute(attribute::USERNAME, credentials.username.as_bytes())
            .attribute(attribute::REALM, realm.as_bytes())
            .attribute(attribute::NONCE, nonce)
            .finish(Some(&key), false);
        let answer = ask(client, &request)?;
        let answer = Message::read(&answer)?;
        if answer.header().class != Class::Success {
            let code = answer.find(attribute::ERROR_CODE);
            bail!("the server refuses an allocation: {code:?}");
        }
        Ok(())
    };
    granted(begin(Method::Allocate, 1).attribute(attribute::REQUESTED_TRANSPORT, &udp))?;
    let [high, low] = CHANNEL.to_be_bytes();
    let bind = begin(Method::ChannelBind, 2)
        .attribute(attribute::CHANNEL_NUMBER, &[high, low, 0, 0])
        .address(attribute::XOR_PEER_ADDRESS, peer);
    granted(bind)
}

fn ask(client: &UdpSocket, request: &[u8]) -> Result<Vec<u8>> {
    let mut answer = vec![0; 2048];
    for _ in 0..TRIES {
        client.send(request)?;
        match client.recv(&mut answer) {
            Ok(size) => {
                answer.truncate(size);
                return Ok(answer);
            }
            Err(error) if is_nothing(error.kind()) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bail!("the server does not answer")
}

fn received(socket: &UdpSocket, into: &mut [u8]) -> Result<Option<(usize, SocketAddr)>> {
    match socket.recv_from(into) {
        Ok(received) => Ok(Some(received)),
        Err(error) if is_nothing(error.kind()) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What the system has no room for is lost, as on any network.
fn is_taken(sent: std::io::Result<usize>) -> Result<()> {
    match sent {
        Ok(_) => Ok(()),
        Err(error) if is_nothing(error.kind()) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn is_nothing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
