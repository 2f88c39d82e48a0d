//! coturn, which knows nothing of us: its clients with the built-in STUN and TURN server, and its server with the credentials that are made
//! here. Where it is not installed, nothing of this is tested; `cargo xtask test server` installs it.

use std::net::Ipv4Addr;
use std::process::{Command, Output, Stdio};

use backend::config::TurnOptions;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::support::relay::{Told, TurnClient, exchange, peer, relay, relay_with, with_turn};
use crate::support::{TestServer, enter, soon};

const SECRET: &str = "a secret of the tests";

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

/// By UDP and by TCP, over channels and by indications (`-s`), side by side, for they take their time.
async fn coturns_turn_clients_lose_nothing(told: &Told, way: &[&str]) {
    let port = told.address.port().to_string();
    let common = ["-c", "-n", "20", "-u", "ann", "-W", SECRET, "-p", &port];
    let client = async |ways: &[&str]| {
        let arguments = [ways, way, &common, &["127.0.0.1"]].concat();
        let output = coturn("turnutils_uclient", &arguments).await?;
        if picked_one_channel_twice(&output) {
            return coturn("turnutils_uclient", &arguments).await;
        }
        Some(output)
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

/// Each client picks two of the channels of RFC 5766 by chance, which once in 16,384 times are the same. Then every server
/// refuses it; one that refused without a reason would do so again.
fn picked_one_channel_twice(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stdout).contains("channel bind: error 400")
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

/// A coturn that shares a secret, and the folder that it writes into; it is killed when this is dropped. `None` where it is not
/// installed.
async fn coturn_with_secret(port: u16) -> Option<(tokio::process::Child, TempDir)> {
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
    let folder = TempDir::new().unwrap();
    let pid_file = folder.path().join("coturn.pid");
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
    Some((server, folder))
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
