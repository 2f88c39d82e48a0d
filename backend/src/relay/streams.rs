//! The connections of clients that speak TCP: how many there may be, what has been read of a message and what waits to be
//! written. What the messages mean is left to others.

use std::collections::{HashMap, VecDeque};
use std::io::{self, IoSlice, Read, Write};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Interest, Registry};
use socket2::SockRef;
use tracing::debug;
use turn::{Client, NotStun};

use super::source::Source;
use crate::admission::{Admission, Admitted, HasRoom, network};

/// How long one may be without an allocation, whatever it says: else a message now and then would be enough to keep a place from others.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long one that has just come keeps its place when there is none for the next: time enough to get an allocation.
const GRACE: Duration = Duration::from_secs(2);

/// Bytes of a message: twice what passes as a datagram. Pieces of it are kept for anybody.
const LONGEST_MESSAGE: usize = 8 * 1024;

/// Bytes that are read before it is the next one's turn.
const READ: usize = 32 * 1024;

/// Bytes of data that wait for a client: half a second of a picture. What comes then is dropped, as it is by a
/// full network.
const DATA_BOUND: usize = 64 * 1024;

/// Bytes that wait for a client, replies included: who makes the server say this much and does not listen has to go.
const BOUND: usize = DATA_BOUND + 16 * 1024;

/// Bytes that the system keeps of what is to be sent. Left to itself it keeps megabytes, which are seconds of a
/// picture that nobody wants to see any more.
const SEND_BUFFER: usize = 128 * 1024;

/// Room to read into: a message of which a piece is there, and one turn's worth.
pub const SCRATCH: usize = LONGEST_MESSAGE + READ;

/// The open connections.
#[derive(Debug)]
pub struct Streams {
    by_key: HashMap<usize, Stream>,
    by_client: HashMap<Client, usize>,
    admission: Arc<Admission>,
    limit: usize,
    next: usize,
}

/// A client's connection.
#[derive(Debug)]
pub struct Stream {
    /// Who it is.
    pub client: Client,
    socket: TcpStream,
    /// The beginning of a message.
    piece: Vec<u8>,
    waiting: VecDeque<u8>,
    allocations: usize,
    /// When it came, or had its last allocation.
    since: Instant,
    place: Admitted,
}

/// What became of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is taken in.
    In,
    /// It is taken in, for which another had to go that was of no use.
    InPlaceOfOne,
    /// There is no room for it.
    Not,
}

/// What reading came to.
#[derive(Debug)]
pub enum Reading {
    /// So many bytes are there.
    Bytes(usize),
    /// No more than there was.
    Nothing,
    /// The connection is at its end.
    End,
}

/// Data on its way, in pieces.
pub type Pieces<'a> = [&'a [u8]; 3];

/// It does not read what it is sent, or is gone.
#[derive(Debug)]
pub struct Lost;

impl Streams {
    /// None yet, and at most so many in all and from one address.
    #[must_use]
    pub fn new(limit: usize, limit_per_address: usize) -> Self {
        Self {
            by_key: HashMap::new(),
            by_client: HashMap::new(),
            admission: Admission::new(limit, limit_per_address),
            limit,
            next: 0,
        }
    }

    /// Takes a connection in, if there is room for it or can be made. That client must not have one already.
    pub fn accept(
        &mut self,
        registry: &Registry,
        mut socket: TcpStream,
        client: Client,
        now: Instant,
    ) -> io::Result<Accepted> {
        let address = client.address.ip();
        let mut accepted = Accepted::In;
        let mut admitted = self.admit(address);
        if admitted.is_none() && self.make_room(address, now) {
            accepted = Accepted::InPlaceOfOne;
            admitted = self.admit(address);
        }
        let Some(place) = admitted else {
            return Ok(Accepted::Not);
        };
        socket.set_nodelay(true)?;
        SockRef::from(&socket).set_send_buffer_size(SEND_BUFFER)?;
        let key = self.next;
        let both = Interest::READABLE | Interest::WRITABLE;
        registry.register(&mut socket, Source::Stream(key).token(), both)?;
        self.next += 1;
        self.by_client.insert(client, key);
        let stream = Stream {
            client,
            socket,
            piece: Vec::new(),
            waiting: VecDeque::new(),
            allocations: 0,
            since: now,
            place,
        };
        self.by_key.insert(key, stream);
        Ok(accepted)
    }

    /// The connection of that number.
    pub fn get(&mut self, key: usize) -> Option<&mut Stream> {
        self.by_key.get_mut(&key)
    }

    /// The number of that client's connection.
    #[must_use]
    pub fn key(&self, client: &Client) -> Option<usize> {
        self.by_client.get(client).copied()
    }

    /// The connection of that client.
    pub fn of(&mut self, client: &Client) -> Option<&mut Stream> {
        self.by_key.get_mut(self.by_client.get(client)?)
    }

    /// Closes one; returns whose it was.
    pub fn close(&mut self, key: usize) -> Option<Client> {
        // Closing the socket deregisters it.
        let stream = self.by_key.remove(&key)?;
        self.by_client.remove(&stream.client);
        Some(stream.client)
    }

    /// Those that have been of no use for too long.
    #[must_use]
    pub fn idle(&self, now: Instant) -> Vec<usize> {
        let streams = self.by_key.iter();
        streams
            .filter(|(_, stream)| stream.is_of_no_use_for(PATIENCE, now))
            .map(|(&key, _)| key)
            .collect()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    fn admit(&self, address: IpAddr) -> Option<Admitted> {
        let admitted = self.admission.admit(address);
        admitted.filter(|place| place.room() == HasRoom::Yes)
    }

    /// Closes the one that has been of no use for longest: of all where there are as many as there may be, else of those at this address.
    fn make_room(&mut self, address: IpAddr, now: Instant) -> bool {
        let (here, is_full) = (network(address), self.by_key.len() >= self.limit);
        let streams = self.by_key.iter();
        let of_no_use = streams.filter(|(_, stream)| {
            stream.is_of_no_use_for(GRACE, now) && (is_full || stream.place.network() == here)
        });
        let oldest = of_no_use.min_by_key(|(key, stream)| (stream.since, **key));
        let oldest = oldest.map(|(&key, _)| key);
        // Without an allocation, there is nothing else to end.
        oldest.is_some_and(|key| self.close(key).is_some())
    }
}

impl Stream {
    /// Reads behind the piece that was kept, both to the beginning of `scratch`, which holds [`SCRATCH`] bytes.
    pub fn read(&mut self, scratch: &mut [u8]) -> Reading {
        let kept = self.piece.len();
        scratch[..kept].copy_from_slice(&self.piece);
        match self.socket.read(&mut scratch[kept..kept + READ]) {
            Ok(0) => Reading::End,
            Ok(read) => {
                self.piece.clear();
                Reading::Bytes(kept + read)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Reading::Nothing,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Reading::Bytes(kept),
            Err(error) => {
                debug!(%error, "a connection to the relay broke");
                Reading::End
            }
        }
    }

    /// Keeps the beginning of a message until the rest comes.
    pub fn keep(&mut self, piece: &[u8]) {
        // Nothing is held for those of whom nothing is left: most of them, most of the time.
        self.piece = piece.to_vec();
    }

    /// It has one allocation more.
    pub fn has_allocated(&mut self) {
        self.allocations += 1;
    }

    /// It has one allocation less.
    pub fn has_lost_an_allocation(&mut self, now: Instant) {
        self.allocations = self.allocations.saturating_sub(1);
        self.since = now;
    }

    /// Sends an answer.
    pub fn reply(&mut self, message: &[u8]) -> Result<(), Lost> {
        self.send(&[[message, &[], &[]]], BOUND)
            .and_then(|lost| if lost == 0 { Ok(()) } else { Err(Lost) })
    }

    /// Sends data as far as it can be taken; returns how many messages were dropped.
    pub fn send_data(&mut self, messages: &[Pieces<'_>]) -> Result<u64, Lost> {
        self.send(messages, DATA_BOUND)
    }

    /// Goes on with what waits.
    pub fn flush(&mut self) -> Result<(), Lost> {
        while !self.waiting.is_empty() {
            let (front, back) = self.waiting.as_slices();
            let slices = [IoSlice::new(front), IoSlice::new(back)];
            let written = write(&mut self.socket, &slices)?;
            if written == 0 {
                return Ok(());
            }
            self.waiting.drain(..written);
        }
        // Most clients never need it again.
        self.waiting = VecDeque::new();
        Ok(())
    }

    fn is_of_no_use_for(&self, time: Duration, now: Instant) -> bool {
        self.allocations == 0 && now.duration_since(self.since) >= time
    }

    fn send(&mut self, messages: &[Pieces<'_>], bound: usize) -> Result<u64, Lost> {
        let mut written = 0;
        if self.waiting.is_empty() {
            let slices: Vec<_> = messages
                .iter()
                .flatten()
                .map(|piece| IoSlice::new(piece))
                .collect();
            written = write(&mut self.socket, &slices)?;
        }
        let mut dropped = 0;
        for message in messages {
            let size: usize = message.iter().map(|piece| piece.len()).sum();
            let is_begun = written > 0;
            if !is_begun && self.waiting.len() + size > bound {
                dropped += 1;
                continue;
            }
            // Of a message that is begun the rest has to follow, else nothing behind it could be understood.
            for piece in message {
                let done = written.min(piece.len());
                written -= done;
                self.waiting.extend(&piece[done..]);
            }
        }
        Ok(dropped)
    }
}

/// The length of a message, once all of it is there.
pub fn whole(length: Option<usize>, there: &[u8]) -> Result<Option<usize>, NotStun> {
    match length {
        Some(length) if length > LONGEST_MESSAGE => Err(NotStun),
        length => Ok(length.filter(|length| *length <= there.len())),
    }
}

/// Writes as much as the system takes.
fn write(socket: &mut TcpStream, slices: &[IoSlice<'_>]) -> Result<usize, Lost> {
    loop {
        match socket.write_vectored(slices) {
            Ok(written) => return Ok(written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(0),
            Err(error) => {
                debug!(%error, "a connection to the relay broke");
                return Err(Lost);
            }
        }
    }
}

#[cfg(test)]
mod tests;
