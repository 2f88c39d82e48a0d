//! The built-in STUN and TURN server, by real sockets and a client by hand. coturn's clients are left to `coturn`.

use std::net::Ipv4Addr;

use backend::config::{PortRange, TurnOptions};
use shared::room::MeetingKind;
use shared::to_browser::Paired;
use shared::to_server::{GetIceServers, LeaveRoom, Meet};

use crate::support::http::get;
use crate::support::process::{Moim, command};
use crate::support::relay::{
    CHANNEL, Told, TurnClient, exchange, peer, relay, relay_with, with_relay,
};
use crate::support::{Person, TestServer, enter, soon, tab};

fn is_open(port: u16) -> bool {
    std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).is_err()
}

#[tokio::test]
async fn a_join_tells_of_the_relay_with_credentials_that_it_takes() {
    let server = TestServer::with(with_relay()).await;
    let (_ann, joined) = enter(&server, "Lobby", 1).await;
    let [stun, turn] = &joined.ice_servers[..] else {
        panic!("{:?}", joined.ice_servers);
    };
    let told = Told::of(&joined.ice_servers);
    let address = told.address;
    assert_eq!(stun.urls, [format!("stun:{address}")]);
    assert_eq!(stun.credential, None);
    let urls = ["udp", "tcp"].map(|by| format!("turn:{address}?transport={by}"));
    assert_eq!(turn.urls, urls);
    exchange(&mut TurnClient::udp(&told).await).await;
    exchange(&mut TurnClient::tcp(&told).await).await;
}

#[tokio::test]
async fn whoever_comes_back_or_asks_or_meets_someone_is_told_as_well() {
    let server = TestServer::with(with_relay()).await;
    let (ann, joined) = enter(&server, "Lobby", 1).await;
    let name = |told: &Told| told.username.split_once(':').unwrap().1.to_owned();
    let first = Told::of(&joined.ice_servers);
    // On the same connection and on another, under the same epoch.
    let again = Told::of(&ann.join(tab(1).join("Lobby")).await.ice_servers);
    let other = Person::connect(&server).await;
    let back = Told::of(&other.join(tab(1).join("Lobby")).await.ice_servers);
    let asked = Told::of(&other.ask(GetIceServers {}).await.unwrap().ice_servers);
    for told in [again, back, asked] {
        assert_eq!(name(&told), name(&first));
        TurnClient::udp(&told).await.allocate().await.unwrap();
    }
    other.ask(LeaveRoom {}).await.unwrap();
    let outside = Told::of(&other.ask(GetIceServers {}).await.unwrap().ice_servers);
    assert_ne!(name(&outside), name(&first));
    TurnClient::udp(&outside).await.allocate().await.unwrap();

    let mut pair = [Person::connect(&server).await, other];
    for (who, person) in (2..).zip(&pair) {
        let meet = Meet {
            kind: MeetingKind::Text,
            nickname: "Somebody".to_owned(),
            secret: tab(who).secret,
            epoch: tab(who).epoch,
        };
        person.ask(meet).await.unwrap();
    }
    for person in &mut pair {
        let Paired { joined } = person.hear().await;
        let told = Told::of(&joined.ice_servers);
        TurnClient::tcp(&told).await.allocate().await.unwrap();
    }
}

#[tokio::test]
async fn credentials_that_were_made_up_are_refused() {
    let (_server, told) = relay().await;
    let false_ones = [
        Told {
            password: "guessed".to_owned(),
            ..told.clone()
        },
        Told {
            username: told.username.replacen(':', "0:", 1),
            ..told.clone()
        },
    ];
    for told in false_ones {
        assert_eq!(TurnClient::udp(&told).await.allocate().await, Err(401));
    }
}

#[tokio::test]
async fn a_port_is_closed_once_its_address_is_given_back_or_the_connection_ends() {
    let (_server, told) = relay().await;
    let mut by_udp = TurnClient::udp(&told).await;
    let port = by_udp.allocate().await.unwrap().port();
    assert!(is_open(port));
    by_udp.give_back().await.unwrap();
    by_udp.binding().await;
    assert!(!is_open(port));

    let mut by_tcp = TurnClient::tcp(&told).await;
    let port = by_tcp.allocate().await.unwrap().port();
    assert!(is_open(port));
    drop(by_tcp);
    let closing = async {
        while is_open(port) {
            by_udp.binding().await;
        }
    };
    soon("the close", closing).await;
}

#[tokio::test]
async fn the_relay_ends_with_the_server() {
    let (server, told) = relay().await;
    let mut client = TurnClient::tcp(&told).await;
    let relayed = client.allocate().await.unwrap();
    server.stop().await;
    assert!(client.next().await.is_none());
    assert!(!is_open(relayed.port()));
    assert!(!is_open(told.address.port()));
}

#[tokio::test]
async fn messages_in_a_stream_may_come_in_pieces_and_together() {
    let (_server, told) = relay().await;
    let mut client = TurnClient::tcp(&told).await;
    let request = client.binding_request();
    let (last, others) = request.split_last().unwrap();
    for byte in others {
        client.send(&[*byte]).await;
    }
    client.ask_after(&request, &[*last]).await;
    let (relayed, (peer, address)) = (client.allocate().await.unwrap(), peer().await);
    client.bind_channel(CHANNEL, address).await.unwrap();
    let request = client.binding_request();
    let data = [&[0x40, 0, 0, 5][..], b"hello\0\0\0"].concat();
    let all = [&data[..], &data, &request, &data[..9]].concat();
    client.ask_after(&request, &all).await;
    client.send(&data[9..]).await;
    let mut buffer = [0; 100];
    for _ in 0..3 {
        let (size, from) = soon("data", peer.recv_from(&mut buffer)).await.unwrap();
        assert_eq!((&buffer[..size], from), (&b"hello"[..], relayed));
    }
}

#[tokio::test]
async fn who_speaks_something_else_is_hung_up_on() {
    let (_server, told) = relay().await;
    let others: [&[u8]; 6] = [
        b"POST / HTTP/1.1\r\n\r\n",
        // Letters that could be channels, with lengths that never come.
        b"GET / HTTP/1.1\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"G",
        // TLS, and a message of STUN without end.
        &[0x16, 3, 1, 2, 0, 1, 0, 1],
        &[0, 3, 0xFF, 0xFC, 0x21, 0x12, 0xA4, 0x42],
    ];
    for other in others {
        let mut client = TurnClient::tcp(&told).await;
        client.send(other).await;
        assert!(client.next().await.is_none(), "{other:?}");
    }
}

#[tokio::test]
async fn who_does_not_read_loses_data_and_neither_replies_nor_others_time() {
    const SENT: u32 = 900;
    let (_server, told) = relay().await;
    let mut slow = TurnClient::tcp_with_a_small_buffer(&told).await;
    let relayed = slow.allocate().await.unwrap();
    let (peer, address) = peer().await;
    slow.bind_channel(CHANNEL, address).await.unwrap();
    let mut other = TurnClient::udp(&told).await;
    other.allocate().await.unwrap();
    for number in 0..SENT {
        let data = [&number.to_be_bytes()[..], &[7; 1201]].concat();
        peer.send_to(&data, relayed).await.unwrap();
        // Now and then the relay gets the time to read what has come.
        if number % 16 == 0 {
            other.refresh().await.unwrap();
        }
    }
    let request = slow.binding_request();
    slow.send(&request).await;
    let mut numbers = Vec::new();
    loop {
        let message = slow.next().await.expect("a reply");
        if message[0] < 0x40 {
            assert_eq!(message[8..20], request[8..20]);
            break;
        }
        assert_eq!(message.len(), 4 + 1205 + 3);
        assert!(message[8..1209].iter().all(|&byte| byte == 7));
        numbers.push(u32::from_be_bytes(message[4..8].try_into().unwrap()));
    }
    assert!(numbers.is_sorted());
    assert!(
        !numbers.is_empty() && numbers.len() < SENT as usize / 2,
        "{}",
        numbers.len()
    );
    // From now on it reads.
    peer.send_to(b"there again?", relayed).await.unwrap();
    assert_eq!(slow.data().await, b"there again?");
}

#[tokio::test]
async fn when_all_ports_are_taken_the_next_one_is_told_so() {
    let free = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let relay_ports = PortRange {
        first: port,
        last: port,
    };
    let (_server, told) = relay_with(TurnOptions {
        relay_ports,
        ..TurnOptions::default()
    })
    .await;
    let mut first = TurnClient::udp(&told).await;
    let mut second = TurnClient::tcp(&told).await;
    assert_eq!(first.allocate().await.unwrap().port(), port);
    assert_eq!(second.allocate().await, Err(508));
    first.give_back().await.unwrap();
    assert_eq!(second.allocate().await.unwrap().port(), port);
}

#[tokio::test]
async fn a_relay_that_is_reached_from_outside_keeps_to_the_outside() {
    let options = TurnOptions {
        allow_private: Some(false),
        ..TurnOptions::default()
    };
    let (_server, told) = relay_with(options).await;
    let mut client = TurnClient::udp(&told).await;
    client.allocate().await.unwrap();
    let (_peer, address) = peer().await;
    assert_eq!(client.bind_channel(CHANNEL, address).await, Err(403));
}

/// A port of loopback that is taken, for as long as it is held.
fn taken_port() -> (std::net::UdpSocket, String) {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port().to_string();
    (socket, port)
}

#[tokio::test]
async fn without_its_port_the_server_runs_and_says_that_there_is_no_relay() {
    let (_taken, port) = taken_port();
    let mut command = command(&["--turn-address=127.0.0.1", "--turn-port", &port]);
    command.env_remove("MOIM_TURN");
    let moim = Moim::start_as(command).await;
    let health = get(moim.address, "/healthz", &[]).await;
    assert_eq!(health.status, 200);
    let log = moim.stop().await;
    let sentence = format!("cannot listen on 127.0.0.1:{port}");
    assert!(log.contains("there is no relay"), "{log}");
    assert!(log.contains(&sentence), "{log}");
}

#[tokio::test]
async fn without_its_port_the_server_does_not_start_where_a_relay_is_asked_for() {
    let (_taken, port) = taken_port();
    let arguments = [
        "--turn=on",
        "--turn-address=127.0.0.1",
        "--turn-port",
        &port,
    ];
    let output = command(&arguments).env("PORT", "0").output();
    let output = soon("the end", output).await.unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("cannot run the relay"), "{error}");
    assert!(error.contains("--turn-port"), "{error}");
}

#[tokio::test]
async fn the_binary_has_a_relay_unless_told_otherwise() {
    let mut command = command(&["--turn-address=127.0.0.1", "--turn-port=0"]);
    command.env_remove("MOIM_TURN");
    let moim = Moim::start_as(command).await;
    let log = moim.stop().await;
    assert!(log.contains("the relay is at 127.0.0.1:"), "{log}");
    let moim = Moim::start(&["--turn=off"]).await;
    assert!(!moim.stop().await.contains("the relay"));
}

#[tokio::test]
async fn the_log_tells_what_was_relayed_and_who_was_turned_away() {
    let (free, port) = taken_port();
    drop(free);
    let ports = format!("--turn-relay-ports={port}-{port}");
    let mut command = command(&["--turn-address=127.0.0.1", "--turn-port=0", &ports]);
    command
        .args(["--turn-secret=xyzzy", "--log=info,backend=debug"])
        .env_remove("MOIM_TURN");
    let mut moim = Moim::start_as(command).await;
    let line = moim.line_with("the relay is at ").await;
    let (_, address) = line.split_once("the relay is at ").unwrap();
    let address = address.split(',').next().unwrap().parse().unwrap();
    let told = Told::made_of("xyzzy", address);
    exchange(&mut TurnClient::udp(&told).await).await;
    assert_eq!(TurnClient::tcp(&told).await.allocate().await, Err(508));
    let log = moim.stop().await;
    let of = |words: &str| log.lines().find(|line| line.contains(words)).unwrap();
    let turned_away = of("the relay has turned some away");
    assert!(turned_away.contains("over_capacity=1"), "{turned_away}");
    let closed = of("the relay is closed");
    for count in ["allocations_made=1", "to_peers=1", "to_clients=2"] {
        assert!(closed.contains(count), "{closed}");
    }
    assert!(of("the relay's counters").contains("bytes_to_peers: 6,"));
    assert!(!log.contains("xyzzy") && !log.contains(&told.password));
}
