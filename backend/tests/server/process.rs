//! The binary itself: how it starts, says where it is, and stops.

use std::process::Stdio;

use backend::password::PasswordHash;
use shared::Rejection;
use shared::to_server::UnwatchRooms;
use tokio::io::AsyncWriteExt;

use crate::support::http::get;
use crate::support::process::{Moim, command};
use crate::support::raw::RawClient;
use crate::support::{Person, TestServer, soon, tab};

#[tokio::test]
async fn it_says_where_it_is_and_stops_when_told_to() {
    for signal in ["-INT", "-TERM"] {
        let moim = Moim::start(&[]).await;
        let health = get(moim.address, "/healthz", &[]).await;
        assert_eq!(health.status, 200);
        assert!(moim.end(signal).await.contains("closed"));
    }
}

#[tokio::test]
async fn a_bad_value_in_the_environment_stops_the_start() {
    let output = command(&[]).env("PORT", "many").output();
    let output = soon("the end", output).await.unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("'many' for '--port"), "{error}");
}

#[tokio::test]
async fn a_port_in_use_stops_the_start() {
    let server = TestServer::start().await;
    let port = server.address.port().to_string();
    let output = command(&["--bind=127.0.0.1", "--port", &port]).output();
    let output = soon("the end", output).await.unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    let sentence = format!("cannot listen on port {port}");
    assert!(error.contains(&sentence), "{error}");
}

#[tokio::test]
async fn it_makes_the_hash_of_a_password() {
    let mut command = command(&["hash-password"]);
    // For a start: the hash is to follow.
    command.env("MOIM_ADMIN_USER", "root");
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"open sesame\n").await.unwrap();
    drop(input);
    let output = soon("the hash", child.wait_with_output()).await.unwrap();
    assert!(output.status.success());
    let hash = String::from_utf8(output.stdout).unwrap();
    let hash: PasswordHash = hash.trim_end().parse().unwrap();
    assert!(hash.is_of("open sesame"));
}

#[tokio::test]
async fn whoever_asks_for_something_while_the_server_closes_is_told_so() {
    let server = TestServer::start().await;
    let ann = Person::connect(&server).await;
    ann.join(tab(1).join("Lobby")).await;
    let ben = Person::connect(&server).await;
    let asking = async {
        while ann.ask(UnwatchRooms {}).await.is_ok() {}
        ben.ask(tab(2).join("Lobby")).await
    };
    let (answer, ()) = tokio::join!(asking, server.stop());
    assert_eq!(answer, Err(Rejection::Closing));
}

#[tokio::test]
async fn a_shutdown_closes_every_connection_and_returns() {
    let server = TestServer::start().await;
    let mut ann = RawClient::connect(server.address).await;
    ann.ask(&tab(1).join("Lobby")).await.unwrap();
    let mut ben = RawClient::connect(server.address).await;
    server.stop().await;
    ann.closed().await;
    ben.closed().await;
}
