//! Connections by the clock that is passed in, and with a far end that does not read.
#![expect(clippy::unwrap_used)]

use std::io::Read;
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use mio::Poll;
use mio::net::TcpListener;

use super::*;

/// Some connections, the far end of each, and the poll that they are registered with.
struct Given {
    poll: Poll,
    streams: Streams,
    far: Vec<TcpStream>,
}

fn given(connections: usize, now: Instant) -> Given {
    let poll = Poll::new().unwrap();
    let mut streams = Streams::new();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let mut far = Vec::new();
    for _ in 0..connections {
        far.push(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let (socket, address) = listener.accept().unwrap();
        assert!(
            streams
                .accept(poll.registry(), socket, address, now)
                .unwrap()
        );
    }
    Given { poll, streams, far }
}

/// A Binding request.
fn request() -> [u8; 20] {
    let mut request = [0; 20];
    request[..8].copy_from_slice(&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42]);
    request
}

#[test]
fn who_is_of_no_use_for_long_is_idle() {
    let begin = Instant::now();
    let Given { mut streams, .. } = given(3, begin);
    let after = |seconds| begin + Duration::from_secs(seconds);
    let message = streams.get(1).unwrap().message(&request(), after(20));
    assert_eq!(message, Ok(Some(20)));
    streams.get(2).unwrap().has_allocated();
    assert!(streams.idle(after(29)).is_empty());
    assert_eq!(streams.idle(after(31)), [0]);
    assert!(streams.close(0).is_some());
    assert_eq!(streams.idle(after(51)), [1]);
    streams.get(2).unwrap().has_lost_an_allocation(after(600));
    assert!(!streams.idle(after(601)).contains(&2));
    assert!(streams.idle(after(631)).contains(&2));
}

#[test]
fn half_a_message_is_no_sign_of_use_and_one_without_end_is_none() {
    let begin = Instant::now();
    let Given { mut streams, .. } = given(1, begin);
    let stream = streams.get(0).unwrap();
    let later = begin + Duration::from_secs(31);
    assert_eq!(stream.message(&request()[..19], later), Ok(None));
    assert_eq!(
        stream.message(b"POST / HTTP/1.1", later),
        Err(turn::NotStun)
    );
    let endless = [0x40, 0, 0xFF, 0xFF];
    assert_eq!(stream.message(&endless, later), Err(turn::NotStun));
    assert_eq!(streams.idle(later), [0]);
}

#[test]
fn there_is_room_for_the_next_once_one_is_closed() {
    let now = Instant::now();
    let Given {
        poll, mut streams, ..
    } = given(0, now);
    streams.admission = Admission::new(1, 1);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let mut accepted = Vec::new();
    let mut far = Vec::new();
    for number in 0..3 {
        far.push(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let (socket, address) = listener.accept().unwrap();
        accepted.push(
            streams
                .accept(poll.registry(), socket, address, now)
                .unwrap(),
        );
        if number == 1 {
            streams.close(0);
        }
    }
    assert_eq!(accepted, [true, false, true]);
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
