//! What one client can take up: connections, places, memory, lines in the log; and how it gets them back.

use std::fs;
use std::num::NonZeroU32;
use std::time::Duration;

use backend::Config;
use serde_json::json;
use shared::event::PROTOCOL_VERSION;
use shared::signal::DescriptionId;
use shared::to_browser::{RoomStateChange, Welcome};
use shared::to_server::{Joined, LockRoom, Offer, UnwatchRooms};
use shared::{PeerId, Rejection, limits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::process::{Moim, command_with_open_files};
use crate::support::raw::RawClient;
use crate::support::{Person, TestServer, enter, soon, tab};

/// A server that soon finds out who is dead.
fn impatient() -> Config {
    Config {
        ping_interval: Duration::from_millis(200),
        ping_timeout: Duration::from_millis(300),
        ..Config::default()
    }
}

/// Asks on a connection that stays open; `None` when the server does not want it.
async fn ask(stream: &mut TcpStream) -> Option<String> {
    // The refusal may come before the question has gone.
    let _ = stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .await;
    let mut answer = [0; 1024];
    match soon("an answer or the close", stream.read(&mut answer)).await {
        Ok(0) | Err(_) => None,
        Ok(bytes) => Some(String::from_utf8_lossy(&answer[..bytes]).into_owned()),
    }
}

#[tokio::test]
async fn more_plain_connections_than_one_address_may_have() {
    let server = TestServer::with(Config {
        max_connections_per_address: 2,
        ..Config::default()
    })
    .await;
    let _sockets = [
        RawClient::connect(server.address).await,
        RawClient::connect(server.address).await,
    ];
    let mut open = Vec::new();
    let mut refused = TcpStream::connect(server.address).await.unwrap();
    while let Some(answer) = ask(&mut refused).await {
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        open.push(refused);
        assert!(open.len() <= 100, "there is no bound");
        refused = TcpStream::connect(server.address).await.unwrap();
    }
    // WebSockets are counted by themselves.
    assert_eq!(open.len(), 8);
    for stream in &mut open {
        assert!(ask(stream).await.is_some());
    }
    drop(open.pop());
    until_answered(&server).await;
}

/// Waits until there is room for one more plain connection.
async fn until_answered(server: &TestServer) {
    let trying = async {
        loop {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            if ask(&mut stream).await.is_some() {
                return;
            }
        }
    };
    soon("a free place", trying).await;
}

#[tokio::test]
async fn a_response_that_is_not_read_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    // Larger than what the system buffers between the two.
    fs::write(folder.path().join("index.html"), vec![b' '; 32_000_000]).unwrap();
    let server = TestServer::with(Config {
        page: Some(folder.path().to_owned()),
        max_connections_per_address: 1,
        ..impatient()
    })
    .await;
    let mut deaf = Vec::new();
    for _ in 0..4 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        stream.write_all(request).await.unwrap();
        // It has begun to come.
        soon("a byte", stream.read_u8()).await.unwrap();
        deaf.push(stream);
    }
    until_answered(&server).await;
}

fn offer(to: PeerId) -> Offer {
    Offer {
        to,
        to_epoch: tab(0).epoch,
        id: DescriptionId {
            generation: 0,
            seq: 0,
        },
        sdp: "v".repeat(40_000),
    }
}

/// Sends them offers until no more can wait for them; returns how many they were sent.
async fn fill(sender: &Person, to: PeerId) -> usize {
    let mut sent = 0;
    loop {
        match sender.ask(offer(to)).await {
            Ok(_) => sent += 1,
            Err(refused) => {
                assert_eq!(refused, Rejection::QueueFull);
                return sent;
            }
        }
    }
}

#[tokio::test]
async fn a_socket_that_is_not_read_loses_its_place() {
    let server = TestServer::with(Config {
        event_rate: NonZeroU32::new(1_000_000),
        max_connections_per_address: 3,
        // Time enough to fill all buffers, the system's too, on a machine that has much else to do.
        ping_interval: Duration::from_secs(6),
        ping_timeout: Duration::from_secs(1),
        ..Config::default()
    })
    .await;
    let ben = Person::connect(&server).await;
    ben.join(tab(2).join("Lobby")).await;
    let mut deaf = Vec::new();
    for who in [3, 4] {
        let mut client = RawClient::connect(server.address).await;
        let Joined { you, .. } = client.ask(&tab(who).join("Lobby")).await.unwrap();
        fill(&ben, you).await;
        deaf.push(client);
    }
    // Two places, because one who was turned away may keep theirs for a moment.
    let trying = async {
        loop {
            let Ok(mut next) = RawClient::open(server.address, None).await else {
                continue;
            };
            let answer = next.greet(json!({ "protocol": PROTOCOL_VERSION })).await;
            if answer.starts_with("40") {
                return;
            }
        }
    };
    soon("a free place", trying).await;
    // The places were not his.
    ben.ask(UnwatchRooms {}).await.unwrap();
}

#[tokio::test]
async fn what_waits_for_one_who_does_not_read_is_bounded_in_bytes() {
    let server = TestServer::with(Config {
        event_rate: NonZeroU32::new(1_000_000),
        event_burst: NonZeroU32::new(4096),
        ..Config::default()
    })
    .await;
    let ben = Person::connect(&server).await;
    ben.join(tab(2).join("Lobby")).await;
    let mut deaf = RawClient::connect(server.address).await;
    let Joined { you, .. } = deaf.ask(&tab(3).join("Lobby")).await.unwrap();
    let sent = fill(&ben, you).await;
    // The system's own buffers take some megabytes.
    assert!(sent * 40_000 < 20_000_000, "{sent}");
}

/// However much they send to one who reads nothing of it: that is refused to them.
#[tokio::test]
async fn peers_cannot_put_out_another() {
    let server = TestServer::with(Config {
        event_rate: NonZeroU32::new(1_000_000),
        ..Config::default()
    })
    .await;
    let mut slow = RawClient::connect(server.address).await;
    let Joined { you, .. } = slow.ask(&tab(0).join("Lobby")).await.unwrap();
    let (mut ben, _) = enter(&server, "Lobby", 1).await;
    let (mut cyd, _) = enter(&server, "Lobby", 2).await;
    ben.hear::<Welcome>().await;
    for person in [&ben, &cyd] {
        fill(person, you).await;
        assert_eq!(person.ask(offer(you)).await, Err(Rejection::QueueFull));
    }
    // It never left, and the others still learn what it does.
    slow.post(&LockRoom { locked: true }).await;
    for person in [&mut ben, &mut cyd] {
        let RoomStateChange { state } = person.hear().await;
        assert!(state.locked);
        assert_eq!(state.host, you);
    }
}

#[tokio::test]
async fn signals_are_counted_in_bytes() {
    let server = TestServer::start().await;
    let (_ann, Joined { you, .. }) = enter(&server, "Lobby", 0).await;
    let (ben, _) = enter(&server, "Lobby", 1).await;
    let mut sent = 0;
    // Fewer than the events that may come at once.
    let refused = loop {
        match ben.ask(offer(you)).await {
            Ok(_) => sent += 1,
            Err(refused) => break refused,
        }
        assert!(sent < 100, "there is no bound");
    };
    assert_eq!(refused, Rejection::RateLimited);
    assert!(sent >= 5, "a room full of peers gets its offers: {sent}");
}

#[tokio::test]
async fn an_end_that_is_not_in_order_is_a_line_in_the_log_with_the_address() {
    let moim = Moim::start(&["--log=info"]).await;
    let port = moim.address.port();
    let v6 = (std::net::Ipv6Addr::LOCALHOST, port).into();
    let before = [
        "x".to_owned(),
        "49".to_owned(),
        "y".repeat(limits::SOCKET_MESSAGE_BYTES + 1),
    ];
    for message in &before {
        let mut mallory = RawClient::open(v6, None).await.unwrap();
        mallory.try_send(message.clone()).await;
        mallory.closed().await;
    }
    for message in &before {
        let mut mallory = RawClient::connect(v6).await;
        mallory.try_send(message.clone()).await;
        mallory.closed().await;
    }
    let mut ann = RawClient::connect(v6).await;
    ann.ask(&tab(1).join("Lobby")).await.unwrap();
    ann.close().await;
    let log = moim.stop().await;
    let lines = |part: &str| {
        log.lines()
            .filter(|line| line.contains("INFO") && line.contains("address=::1"))
            .filter(|line| line.contains(part))
            .count()
    };
    assert_eq!(lines("gone before it connected"), 3, "{log}");
    assert_eq!(lines("could not be parsed"), 2, "{log}");
    assert_eq!(lines("abruptly"), 1, "{log}");
    assert_eq!(lines(""), 6, "{log}");
}

#[tokio::test]
async fn the_open_files_are_as_many_as_the_system_grants() {
    let moim = Moim::start_as(command_with_open_files(64, 128, &["--max-connections=10"])).await;
    let log = moim.stop().await;
    assert!(log.contains("open_files=128"), "{log}");
    assert!(!log.contains("WARN"), "{log}");

    let moim = Moim::start_as(command_with_open_files(64, 128, &[])).await;
    let log = moim.stop().await;
    let warning = log.split_once("WARN").expect("a warning").1;
    assert!(warning.contains("max_connections=10000"), "{log}");
}
