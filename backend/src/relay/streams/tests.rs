//! Connections by the clock that is passed in, and with a far end that does not read.
#![expect(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use mio::Poll;
use mio::net::TcpListener;
use turn::Transport;

use super::*;

const LIMIT: usize = 5;
const LIMIT_PER_ADDRESS: usize = 2;

/// Some connections, the far end of each, and the poll that they are registered with.
struct Given {
    poll: Poll,
    streams: Streams,
    far: Vec<TcpStream>,
}

fn given(connections: usize, now: Instant) -> Given {
    let poll = Poll::new().unwrap();
    let mut given = Given {
        poll,
        streams: Streams::new(LIMIT, LIMIT_PER_ADDRESS),
        far: Vec::new(),
    };
    for number in 0..connections {
        let ip = IpAddr::from([192, 0, 2, u8::try_from(number).unwrap()]);
        assert_eq!(given.come(ip, now), Accepted::In);
    }
    given
}

impl Given {
    /// One more connects, as if from that address.
    fn come(&mut self, ip: IpAddr, now: Instant) -> Accepted {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let local = listener.local_addr().unwrap();
        self.far.push(TcpStream::connect(local).unwrap());
        let (socket, address) = listener.accept().unwrap();
        let client = Client {
            transport: Transport::Tcp,
            address: (ip, address.port()).into(),
            local,
        };
        let registry = self.poll.registry();
        self.streams.accept(registry, socket, client, now).unwrap()
    }
}

/// A Binding request.
fn request() -> [u8; 20] {
    let mut request = [0; 20];
    request[..8].copy_from_slice(&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]);
    request
}

#[test]
fn who_comes_to_no_allocation_has_to_go_whatever_it_says() {
    let begin = Instant::now();
    let Given {
        mut streams,
        mut far,
        poll: _poll,
    } = given(3, begin);
    let after = |seconds| begin + Duration::from_secs(seconds);
    streams.get(1).unwrap().has_allocated();
    far[2].write_all(&request()).unwrap();
    assert!(streams.idle(after(29)).is_empty());
    let mut idle = streams.idle(after(31));
    idle.sort_unstable();
    assert_eq!(idle, [0, 2]);
    streams.get(1).unwrap().has_lost_an_allocation(after(600));
    assert!(!streams.idle(after(629)).contains(&1));
    assert!(streams.idle(after(630)).contains(&1));
}

#[test]
fn a_message_is_waited_for_unless_it_is_longer_than_any() {
    assert_eq!(whole(None, &[0]), Ok(None));
    assert_eq!(whole(Some(20), &request()[..19]), Ok(None));
    assert_eq!(whole(Some(20), &request()), Ok(Some(20)));
    let longest = [0; LONGEST_MESSAGE];
    assert_eq!(whole(Some(LONGEST_MESSAGE), &longest[1..]), Ok(None));
    assert_eq!(whole(Some(LONGEST_MESSAGE + 1), &[0]), Err(NotStun));
}

#[test]
fn there_is_room_for_the_next_once_one_is_closed() {
    let now = Instant::now();
    let mut given = given(LIMIT, now);
    let next = IpAddr::from([198, 51, 100, 1]);
    assert_eq!(given.come(next, now), Accepted::Not);
    given.streams.close(0);
    assert_eq!(given.come(next, now), Accepted::In);
}

#[test]
fn who_is_of_no_use_makes_room_for_the_next() {
    let begin = Instant::now();
    let soon = begin + Duration::from_secs(1);
    let later = begin + GRACE;
    let mut given = given(LIMIT - 1, begin);
    assert_eq!(given.come([198, 51, 100, 1].into(), soon), Accepted::In);
    // The first has an allocation, and the last has just come.
    given.streams.get(0).unwrap().has_allocated();
    assert_eq!(given.come([198, 51, 100, 2].into(), soon), Accepted::Not);
    let taken_in = (2..10).map(|last| given.come([198, 51, 100, last].into(), later));
    let taken_in = taken_in.filter(|accepted| *accepted == Accepted::InPlaceOfOne);
    assert_eq!(taken_in.count(), LIMIT - 2);
    let mut left: Vec<_> = given.streams.by_key.keys().copied().collect();
    left.sort_unstable();
    assert_eq!(left, [0, 4, 5, 6, 7]);
}

#[test]
fn an_address_makes_room_for_its_own() {
    let begin = Instant::now();
    let mut given = given(1, begin);
    let one = IpAddr::from([198, 51, 100, 1]);
    assert_eq!(given.come(one, begin), Accepted::In);
    assert_eq!(given.come(one, begin), Accepted::In);
    assert_eq!(given.come(one, begin), Accepted::Not);
    let later = begin + GRACE;
    assert_eq!(given.come(one, later), Accepted::InPlaceOfOne);
    assert!(given.streams.get(0).is_some(), "that is another's");
    assert!(given.streams.get(1).is_none());
}

#[test]
fn who_does_not_read_loses_data_first_and_the_connection_last() {
    let Given {
        mut streams,
        mut far,
        poll: _poll,
    } = given(1, Instant::now());
    let stream = streams.get(0).unwrap();
    let data = |number: u32| [&[0x40, 0, 3, 0xE8][..], &number.to_be_bytes(), &[9; 996]].concat();
    let mut sent = 0;
    let mut taken = Vec::new();
    // Three at a time, in pieces, as they come from a batch.
    loop {
        let messages = [0, 1, 2].map(|more| data(sent + more));
        let pieces = messages.each_ref().map(|message| {
            let (head, data) = message.split_at(4);
            [head, data, &[]] as Pieces<'_>
        });
        let dropped = stream.send_data(&pieces).unwrap();
        taken.extend((sent..sent + 3).take(3 - dropped as usize));
        sent += 3;
        if dropped > 0 {
            break;
        }
        assert!(sent < 100_000, "there is no bound");
    }
    // Replies have some room of their own.
    stream.reply(&request()).unwrap();
    let mut replies = 1;
    while stream.reply(&request()).is_ok() {
        replies += 1;
        assert!(replies < 100_000, "there is no bound");
    }
    // Then it reads after all: everything that was taken is there, whole and in order.
    let total = taken.len() * 1004 + replies * 20;
    let mut heard = vec![0; total];
    far[0].set_nonblocking(true).unwrap();
    let mut at = 0;
    while at < total {
        stream.flush().unwrap();
        match far[0].read(&mut heard[at..]) {
            Ok(read) => at += read,
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
        }
    }
    let (messages, answers) = heard.split_at(taken.len() * 1004);
    for (number, message) in taken.iter().zip(messages.chunks(1004)) {
        assert!(message == data(*number), "{number}");
    }
    assert!(answers.chunks(20).all(|answer| answer == request()));
    assert!(stream.waiting.is_empty());
}
