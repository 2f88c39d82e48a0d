//! The built-in STUN and TURN server, by real sockets: with coturn's own clients where they are installed, and with one by hand
//! for what these do not do.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, Output, Stdio};

use backend::config::{PortRange, TurnOptions};
use shared::room::MeetingKind;
use shared::to_browser::Paired;
use shared::to_server::{GetIceServers, LeaveRoom, Meet};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::UdpSocket;

use crate::support::http::get;
use crate::support::process::{Moim, command};
use crate::support::relay::{Told, TurnClient, with_relay, with_turn};
use crate::support::{Person, TestServer, enter, soon, tab};

const SECRET: &str = "a secret of the tests";
const CHANNEL: u16 = 0x4000;

/// A server with a relay, and what a join tells of it.
async fn relay() -> (TestServer, Told) {
    relay_with(TurnOptions::default()).await
}

async fn relay_with(options: TurnOptions) -> (TestServer, Told) {
    let server = TestServer::with(with_turn(options)).await;
    let (_ann, joined) = enter(&server, "Lobby", 1).await;
    let told = Told::of(&joined.ice_servers);
    (server, told)
}

/// Someone to be relayed to. At the relay's own address there is nobody but those who are relayed themselves.
async fn peer() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.2:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Sends there and back between a client and a peer.
async fn exchange(client: &mut TurnClient) {
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

/// Runs one of coturn's tools; `None` where it is not installed, which `cargo xtask test server` sees to.
async fn coturn(program: &str, arguments: &[&str]) -> Option<Output> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let command = tokio::process::Command::from(command)
        .kill_on_drop(true)
        .output();
    match soon(program, command).await {
        Ok(output) => Some(output),
        Err(_) => {
            eprintln!("{program} is not there: not tested");
            None
        }
    }
}

fn secret() -> TurnOptions {
    TurnOptions {
        secret: Some(SECRET.parse().unwrap()),
        ..TurnOptions::default()
    }
}

#[tokio::test]
async fn coturns_stun_client_learns_its_address() {
    let (_server, told) = relay().await;
    let port = told.address.port().to_string();
    let Some(output) = coturn("turnutils_stunclient", &["-p", &port, "127.0.0.1"]).await else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("reflexive addr: 127.0.0.1:"), "{text}");
}

#[tokio::test]
async fn coturns_turn_clients_talk_to_each_other() {
    let (_server, told) = relay_with(secret()).await;
    let way = ["-y", "-m", "4", "-l", "501"];
    coturns_turn_clients_lose_nothing(&told, &way).await;
}

#[tokio::test]
async fn coturns_turn_clients_talk_to_a_peer() {
    let (_server, told) = relay_with(secret()).await;
    let (peer, address) = peer().await;
    tokio::spawn(async move {
        let mut data = [0; 2048];
        loop {
            let (size, from) = peer.recv_from(&mut data).await.unwrap();
            peer.send_to(&data[..size], from).await.unwrap();
        }
    });
    let (ip, port) = (address.ip().to_string(), address.port().to_string());
    let way = ["-m", "2", "-e", &ip, "-r", &port];
    coturns_turn_clients_lose_nothing(&told, &way).await;
}

/// By UDP and by TCP, over channels and by indications (`-s`), side by side, for they take their time. They pick any of the channels of RFC 5766.
async fn coturns_turn_clients_lose_nothing(told: &Told, way: &[&str]) {
    let port = told.address.port().to_string();
    let common = ["-c", "-n", "20", "-u", "ann", "-W", SECRET, "-p", &port];
    let client = async |ways: &[&str]| {
        let arguments = [ways, way, &common, &["127.0.0.1"]].concat();
        coturn("turnutils_uclient", &arguments).await
    };
    let outputs = tokio::join!(
        client(&[]),
        client(&["-t"]),
        client(&["-s"]),
        client(&["-s", "-t"])
    );
    let outputs = [outputs.0, outputs.1, outputs.2, outputs.3];
    for output in outputs.into_iter().flatten() {
        assert_nothing_is_lost(&output);
    }
}

fn assert_nothing_is_lost(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("Total lost packets 0 "), "{text}");
}

/// One that is free for UDP and TCP, and its successor, which coturn takes too. Nobody else is given them so soon after.
fn two_free_ports() -> u16 {
    let is_free = |port: u16| {
        let at = (Ipv4Addr::LOCALHOST, port);
        std::net::UdpSocket::bind(at).is_ok() && std::net::TcpListener::bind(at).is_ok()
    };
    let found = (0..100).find_map(|_| {
        let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        drop(socket);
        let next = port.checked_add(1)?;
        (is_free(port) && is_free(next)).then_some(port)
    });
    found.expect("two ports in a row are free")
}

/// A coturn that shares a secret; it is killed when this is dropped. `None` where it is not installed.
async fn coturn_with_secret(port: u16) -> Option<tokio::process::Child> {
    let mut server = tokio::process::Command::new("turnserver");
    // `-n`: no configuration of the machine's.
    server.args([
        "-n",
        "--no-tls",
        "--no-dtls",
        "--no-cli",
        "--realm=elsewhere",
    ]);
    server.args(["--use-auth-secret", "--allow-loopback-peers"]);
    server.args(["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1"]);
    server.args(["--log-file=stdout", "--simple-log", "--verbose"]);
    server.arg(format!("--static-auth-secret={SECRET}"));
    server.arg(format!("--listening-port={port}"));
    let pid_file = std::env::temp_dir().join(format!("moim-server-test-coturn-{port}.pid"));
    server.arg(format!("--pidfile={}", pid_file.display()));
    server
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let Ok(mut server) = server.spawn() else {
        eprintln!("turnserver is not there: not tested");
        return None;
    };
    let mut log = BufReader::new(server.stdout.take().unwrap()).lines();
    let listening = async {
        // It opens the listeners for TCP last.
        while let Some(line) = log.next_line().await.unwrap() {
            if line.contains("TCP listener opened") {
                return;
            }
        }
        panic!("coturn has ended");
    };
    soon("coturn", listening).await;
    // Its pipe must not fill up.
    tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
    Some(server)
}

#[tokio::test]
async fn another_server_that_knows_the_secret_takes_what_a_join_gives() {
    let port = two_free_ports();
    let Some(_coturn) = coturn_with_secret(port).await else {
        return;
    };
    let url = format!("turn:127.0.0.1:{port}?transport=tcp");
    let server = TestServer::with(with_turn(TurnOptions {
        external: vec![url.clone()],
        ..secret()
    }))
    .await;
    let (_ann, joined) = enter(&server, "Lobby", 1).await;
    let [turn] = &joined.ice_servers[..] else {
        panic!("{:?}", joined.ice_servers);
    };
    assert_eq!(turn.urls, [url]);
    exchange(&mut TurnClient::tcp(&Told::of(&joined.ice_servers)).await).await;
}
