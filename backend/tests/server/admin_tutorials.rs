//! The admin page beside the dialects of the tutorials, which share the default namespace.

use std::net::SocketAddr;

use backend::{Config, Origin};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::admin::{AdminPage, credentials, open_to_admin};
use crate::support::http::get;
use crate::support::raw::RawClient;
use crate::support::{TestServer, soon};

fn both() -> Config {
    Config {
        tutorials: true,
        ..open_to_admin()
    }
}

/// A socket on the default namespace, and its id.
async fn chatter(server: &TestServer) -> (RawClient, String) {
    let mut client = RawClient::open(server.address, None).await.unwrap();
    client.send("40".to_owned()).await;
    let answer = client.text().await.unwrap();
    let answer: Value = serde_json::from_str(answer.strip_prefix("40").unwrap()).unwrap();
    (client, answer["sid"].as_str().unwrap().to_owned())
}

/// Sends an event and waits for its acknowledgement.
async fn ask(client: &mut RawClient, event: Value) {
    client.send(format!("427{event}")).await;
    while !client.text().await.unwrap().starts_with("437") {}
}

#[tokio::test]
async fn sockets_rooms_and_events_are_seen_but_not_what_is_said() {
    let server = TestServer::with(both()).await;
    let mut page = AdminPage::log_in(&server).await;
    let (mut ann, id) = chatter(&server).await;
    let connected = page.change("/").await;
    assert_eq!(connected.name, "socket_connected");
    assert_eq!(connected.arguments[0]["id"], id);
    let form = json!({ "roomName": "tea", "nickName": "Ann" });
    ask(&mut ann, json!(["enter_room", form])).await;
    let joined = page.told("room_joined").await;
    assert_eq!(joined[..3], [json!("/"), json!("tea"), json!(id)]);
    let (mut ben, other) = chatter(&server).await;
    ask(&mut ben, json!(["enter_room", "tea"])).await;
    ask(
        &mut ann,
        json!(["new_message", "between you and me", "tea"]),
    )
    .await;
    let sdp = json!({ "type": "offer", "sdp": "v=0 ice-pwd" });
    ask(&mut ann, json!(["join_room", "tea"])).await;
    ask(&mut ann, json!(["offer", sdp, "tea"])).await;
    let said = json!(["between", "you and me"]);
    ask(
        &mut ann,
        json!(["between you and me, as nothing that there is", said]),
    )
    .await;

    let traffic = page.traffic().await;
    for event in [
        json!(["event_received", "/", id, ["new_message", { "arguments": 2 }]]),
        json!(["event_sent", "/", other, ["toMessage", { "arguments": 1 }]]),
        json!(["event_received", "/", id, ["offer", { "arguments": 2 }]]),
    ] {
        let event = event.to_string();
        let event = event.strip_suffix(']').unwrap();
        assert!(traffic.contains(event), "{event} is not in {traffic}");
    }
    for hidden in ["you and me", "v=0", "ice-pwd"] {
        assert!(!traffic.contains(hidden), "{hidden} is in {traffic}");
    }

    let answer = page.ask(json!(["leave", "/", "tea", id])).await;
    assert_eq!(answer, json!({ "Ok": 1 }));
    while ann.text().await.unwrap() != "41" {}
    while page.change("/").await.name != "socket_disconnected" {}
    let answer = page.ask(json!(["_disconnect", "/", false, other])).await;
    assert_eq!(answer, json!({ "Ok": 1 }));
    while ben.text().await.unwrap() != "41" {}
}

/// Posts a packet to a session of HTTP long-polling.
async fn post(server: SocketAddr, id: &str, packet: &str) {
    let length = packet.len();
    let request = format!(
        "POST /socket.io/?EIO=4&transport=polling&sid={id} HTTP/1.1\r\nHost: {server}\r\n\
         Connection: close\r\nContent-Length: {length}\r\n\r\n{packet}"
    );
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    soon("a response", stream.read_to_string(&mut response))
        .await
        .unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}

#[tokio::test]
async fn the_id_of_a_session_that_is_polled_stays_its_own() {
    let server = TestServer::with(both()).await;
    let mut page = AdminPage::log_in(&server).await;
    let opened = get(server.address, "/socket.io/?EIO=4&transport=polling", &[]).await;
    let packet: Value = serde_json::from_str(&opened.text()[1..]).unwrap();
    let id = packet["sid"].as_str().unwrap();
    post(server.address, id, "40").await;
    let connected = page.change("/").await;
    let socket = &connected.arguments[0];
    assert_eq!(socket["transport"], "polling");
    while page.told("server_stats").await[0]["pollingClientsCount"] != 1 {}
    let event = json!(["_disconnect", "/", true, socket["id"]]);
    assert_eq!(page.ask(event).await, json!({ "Ok": 1 }));
    assert!(!page.traffic().await.contains(id));
}

#[tokio::test]
async fn other_sites_pages_get_no_further_than_to_the_admin_page() {
    let pages = "https://pages.example";
    let server = TestServer::with(Config {
        allow_origins: vec![Origin::parse(pages).unwrap()],
        ..both()
    })
    .await;
    let evil = Some("https://evil.example");
    let mut stranger = RawClient::open(server.address, evil).await.unwrap();
    stranger.send("40".to_owned()).await;
    let answer = stranger.text().await.unwrap();
    assert_eq!(answer, r#"44{"message":"strange_site"}"#);
    let page = AdminPage::connect(&server, evil, credentials("root", "changeit")).await;
    assert!(page.is_ok());
    for path in [
        "/socket.io/?EIO=4&transport=polling",
        "/socket.io/?EIO=4&transport=websocket&sid=AAAA",
    ] {
        let origin = [("Origin", "https://evil.example")];
        assert_eq!(get(server.address, path, &origin).await.status, 403);
    }
    let mut allowed = RawClient::open(server.address, Some(pages)).await.unwrap();
    allowed.send("40".to_owned()).await;
    assert!(allowed.text().await.unwrap().starts_with("40{"));
}
