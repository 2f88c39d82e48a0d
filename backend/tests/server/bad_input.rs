//! What the server refuses, and how: with a typed rejection and a line in its log, or by closing the
//! connection; and every time, nobody else notices.

use std::num::NonZeroU32;
use std::time::Duration;

use backend::Config;
use serde_json::{Value, json};
use shared::names::NameError;
use shared::signal::{DescriptionId, IceCandidate, SdpType};
use shared::to_browser::{Dropped, PresenceChange, Welcome};
use shared::to_server::{Ice, JoinRoom, LeaveRoom, LockRoom, Offer, RemoveMember, UnwatchRooms};
use shared::{PeerId, Rejection, limits};

use crate::support::bystanders::Bystanders;
use crate::support::process::Moim;
use crate::support::raw::{Packet, RawClient};
use crate::support::{Person, TestServer, enter, tab};

const ID: DescriptionId = DescriptionId {
    generation: 0,
    seq: 0,
};

fn offer(to: PeerId, sdp: String) -> Offer {
    Offer {
        to,
        to_epoch: tab(0).epoch,
        id: ID,
        sdp,
    }
}

fn ice(to: PeerId, candidates: Vec<IceCandidate>) -> Ice {
    Ice {
        to,
        to_epoch: tab(0).epoch,
        id: ID,
        of: SdpType::Offer,
        candidates,
    }
}

fn candidate(bytes: usize) -> IceCandidate {
    IceCandidate {
        candidate: "c".repeat(bytes),
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    }
}

#[tokio::test]
async fn names_that_are_empty_too_long_or_misleading() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let mallory = Person::connect(&server).await;
    let long = "x".repeat(65);
    let too_long = |limit| NameError::TooLong { limit };
    let forbidden = |character| NameError::Forbidden { character };
    let rooms = [
        (" ", NameError::Empty),
        (&long, too_long(limits::ROOM_NAME_CHARS)),
        ("a/b", forbidden('/')),
        ("a\u{202E}b", forbidden('\u{202E}')),
        ("a\u{0}b", forbidden('\u{0}')),
        ("healthz", NameError::Reserved),
    ];
    for (room, why) in rooms {
        let refused = mallory.ask(tab(1).join(room)).await;
        assert_eq!(refused, Err(Rejection::InvalidRoomName { why }), "{room:?}");
    }
    let nicknames = [
        ("", NameError::Empty),
        (&long, too_long(limits::NICKNAME_CHARS)),
        ("\u{200B}", forbidden('\u{200B}')),
    ];
    for (nickname, why) in nicknames {
        let join = JoinRoom {
            nickname: nickname.to_owned(),
            ..tab(1).join(Bystanders::ROOM)
        };
        let refused = mallory.ask(join).await;
        assert_eq!(refused, Err(Rejection::InvalidNickname { why }));
    }
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn unknown_events_and_payloads_of_the_wrong_shape() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let mallory = Person::connect(&server).await;
    let code = |answer: Value| answer["Err"]["code"].as_str().unwrap().to_owned();
    for event in ["new_message", "message", "welcome", "__proto__", "한글"] {
        let answer = mallory.ask_raw(event, json!({ "a": 1 })).await;
        assert_eq!(code(answer), "unknown_event", "{event}");
    }
    let nothing: Vec<Value> = Vec::new();
    let payloads = [
        json!(null),
        json!("Lobby"),
        json!(17),
        json!([]),
        json!({}),
        json!({ "room": 5, "nickname": "x", "secret": "y", "epoch": "z" }),
        json!({ "room": "a", "nickname": "b", "secret": "00", "epoch": "00" }),
    ];
    for event in ["join_room", "offer", "answer", "ice", "lock_room"] {
        for payload in &payloads {
            let answer = mallory.ask_raw(event, payload.clone()).await;
            assert_eq!(code(answer), "malformed", "{event} {payload}");
        }
        let answer = mallory.ask_raw(event, nothing.clone()).await;
        assert_eq!(code(answer), "malformed", "{event} without a payload");
    }
    bystanders.are_undisturbed().await;
    mallory.join(tab(1).join("Lobby")).await;
}

#[tokio::test]
async fn descriptions_and_candidates_over_their_limits() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let (mut ann, a) = enter(&server, "Lobby", 1).await;
    let (mallory, _) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;
    let too_large = |limit| Err(Rejection::TooLarge { limit });

    let sdp = "v".repeat(limits::SDP_BYTES + 1);
    let refused = mallory.ask(offer(a.you, sdp)).await;
    assert_eq!(refused, too_large(limits::SDP_BYTES));
    let refused = mallory
        .ask(ice(a.you, vec![candidate(limits::CANDIDATE_BYTES + 1)]))
        .await;
    assert_eq!(refused, too_large(limits::CANDIDATE_BYTES));
    let many = vec![candidate(1); limits::CANDIDATES_PER_EVENT + 1];
    let refused = mallory.ask(ice(a.you, many)).await;
    assert_eq!(refused, too_large(limits::CANDIDATES_PER_EVENT));
    ann.heard_nothing().await;

    let largest = vec![candidate(limits::CANDIDATE_BYTES); limits::CANDIDATES_PER_EVENT];
    mallory.ask(ice(a.you, largest)).await.unwrap();
    let sdp = "v".repeat(limits::SDP_BYTES);
    mallory.ask(offer(a.you, sdp)).await.unwrap();
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn signals_to_another_room_to_nobody_and_to_an_earlier_page() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let (mallory, m) = enter(&server, "Lobby", 1).await;
    let nobody = PeerId::from_bytes([0; 16]);
    for to in [bystanders.someone(), nobody, m.you] {
        let refused = mallory.ask(offer(to, String::new())).await;
        assert_eq!(refused, Err(Rejection::NoSuchPeer));
        let refused = mallory.ask(ice(to, vec![])).await;
        assert_eq!(refused, Err(Rejection::NoSuchPeer));
    }
    let inside = Person::connect(&server).await;
    inside.join(tab(2).join("Lobby")).await;
    let stale = Offer {
        to_epoch: tab(0).reloaded(7).epoch,
        ..offer(m.you, String::new())
    };
    assert_eq!(inside.ask(stale).await, Err(Rejection::StaleEpoch));
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn events_before_joining_and_after_leaving() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let mallory = Person::connect(&server).await;
    let peer = bystanders.someone();
    let outside = Rejection::NotInRoom;
    for _ in 0..2 {
        let signal = mallory.ask(offer(peer, String::new())).await;
        assert_eq!(signal, Err(outside.clone()));
        let candidates = mallory.ask(ice(peer, vec![])).await;
        assert_eq!(candidates, Err(outside.clone()));
        let lock = mallory.ask(LockRoom { locked: true }).await;
        assert_eq!(lock, Err(outside.clone()));
        let remove = mallory.ask(RemoveMember { peer }).await;
        assert_eq!(remove, Err(outside.clone()));
        assert_eq!(mallory.ask(LeaveRoom {}).await, Err(outside.clone()));
        mallory.join(tab(1).join("Lobby")).await;
        mallory.ask(LeaveRoom {}).await.unwrap();
    }
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn joining_twice_and_under_a_stale_epoch() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let (mallory, _) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;
    for join in [tab(2).join("Cellar"), tab(2).reloaded(1).join("Lobby")] {
        assert_eq!(mallory.ask(join).await, Err(Rejection::AlreadyInRoom));
    }
    // Whoever has not heard the answer may ask again.
    let again = mallory.join(tab(2).join("Lobby")).await;
    assert_eq!(again.members.len(), 2);
    ann.heard_nothing().await;

    let reloaded = Person::connect(&server).await;
    reloaded.join(tab(2).reloaded(1).join("Lobby")).await;
    let _: Welcome = ann.hear().await;
    let stale = Person::connect(&server).await;
    let refused = stale.ask(tab(2).join("Lobby")).await;
    assert_eq!(refused, Err(Rejection::StaleEpoch));
    ann.heard_nothing().await;
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn a_guest_who_plays_the_host() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let (mut ann, a) = enter(&server, "Lobby", 1).await;
    let (mallory, _) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;
    let remove = RemoveMember { peer: a.you };
    assert_eq!(mallory.ask(remove).await, Err(Rejection::NotHost));
    let lock = LockRoom { locked: true };
    assert_eq!(mallory.ask(lock).await, Err(Rejection::NotHost));
    ann.heard_nothing().await;
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn more_events_than_the_rate_allows_are_refused_and_then_the_connection_is_dropped() {
    let server = TestServer::with(Config {
        event_rate: NonZeroU32::new(1),
        event_burst: NonZeroU32::new(50),
        ..Config::default()
    })
    .await;
    let mut bystanders = Bystanders::meet(&server).await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let mut mallory = RawClient::connect(server.address).await;
    let joined = mallory.ask(&tab(2).join("Lobby")).await.unwrap();
    let _: Welcome = ann.hear().await;
    let (mut done, mut limited) = (0, 0);
    let reason = loop {
        mallory.post(&UnwatchRooms {}).await;
        match mallory.packet().await.unwrap() {
            Packet::Ack(_, answer) if answer["Ok"].is_object() => done += 1,
            Packet::Ack(_, answer) => {
                assert_eq!(answer["Err"]["code"], "rate_limited");
                limited += 1;
            }
            Packet::Event(name, payload) if name == "dropped" => {
                break serde_json::from_value::<Dropped>(payload).unwrap().reason;
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(reason, Rejection::RateLimited);
    mallory.closed().await;
    // Two of the burst went into connecting and joining; a second may have passed meanwhile.
    assert!((48..100).contains(&done), "{done}");
    assert!(limited >= 50, "{limited}");
    let away: PresenceChange = ann.hear().await;
    assert_eq!(away.peer, joined.you);
    ann.heard_nothing().await;
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn connecting_again_on_the_same_socket_does_not_refill_the_allowance() {
    let server = TestServer::with(Config {
        event_rate: NonZeroU32::new(1),
        event_burst: NonZeroU32::new(20),
        ..Config::default()
    })
    .await;
    let mut mallory = RawClient::connect(server.address).await;
    for _ in 0..15 {
        mallory.ask(&UnwatchRooms {}).await.unwrap();
    }
    let mut refusal = String::new();
    for _ in 0..20 {
        mallory.send("41/moim,".to_owned()).await;
        refusal = mallory.greet(json!({ "protocol": 1 })).await;
        if refusal.starts_with("44") {
            break;
        }
    }
    assert_eq!(refusal, "44/moim,{\"message\":\"too_many_connections\"}");
}

#[tokio::test]
async fn one_who_does_not_read_is_dropped_and_the_others_go_on() {
    let server = TestServer::with(Config {
        event_rate: NonZeroU32::new(1_000_000),
        ping_interval: Duration::from_secs(1),
        // Its silence shall not be noticed before it is full, however busy the machine is.
        ping_timeout: Duration::from_secs(6),
        ..Config::default()
    })
    .await;
    let mut bystanders = Bystanders::meet(&server).await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let (ben, _) = enter(&server, "Lobby", 2).await;
    let mut deaf = RawClient::connect(server.address).await;
    let joined = deaf.ask(&tab(3).join("Lobby")).await.unwrap();
    for _ in 0..2 {
        let _: Welcome = ann.hear().await;
    }
    let sdp = "v".repeat(40_000);
    let refused = loop {
        if let Err(refused) = ben.ask(offer(joined.you, sdp.clone())).await {
            break refused;
        }
    };
    // The sender's haste is the sender's affair …
    assert_eq!(refused, Rejection::QueueFull);
    // … and the other goes for taking nothing at all.
    let away: PresenceChange = ann.hear().await;
    assert_eq!(away.peer, joined.you);
    ann.heard_nothing().await;
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn what_is_no_message_of_ours_ends_the_connection() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let messages = [
        "42/moim,{\"no\":\"list\"}".to_owned(),
        "42/moim,".to_owned(),
        "42/moim,[".to_owned(),
        "49/moim,".to_owned(),
        "x".to_owned(),
        "451-/moim,[\"offer\",{\"_placeholder\":true,\"num\":0}]".to_owned(),
        format!(
            "42/moim,[\"offer\",\"{}\"]",
            "x".repeat(limits::SOCKET_MESSAGE_BYTES)
        ),
    ];
    for message in messages {
        let mut mallory = RawClient::connect(server.address).await;
        mallory.send(message).await;
        mallory.closed().await;
    }
    let mut mallory = RawClient::connect(server.address).await;
    mallory.send_binary(vec![0; 64]).await;
    mallory.closed().await;
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn a_greeting_of_another_version_or_shape() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    for (hello, code) in [
        (json!({ "protocol": 999 }), "protocol_version"),
        (json!({}), "malformed"),
        (json!("hello"), "malformed"),
    ] {
        let Err(refusal) = Person::try_connect(&server, hello).await else {
            panic!("accepted");
        };
        assert!(refusal.contains(code), "{refusal}");
    }
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn a_page_of_another_site_does_not_get_a_socket() {
    let server = TestServer::start().await;
    let evil = RawClient::open(server.address, Some("https://evil.example")).await;
    assert!(evil.is_err());
    let ours = format!("http://{}", server.address);
    assert!(RawClient::open(server.address, Some(&ours)).await.is_ok());
}

#[tokio::test]
async fn more_connections_than_there_may_be() {
    let server = TestServer::with(Config {
        max_connections_per_address: 3,
        ..Config::default()
    })
    .await;
    let mut bystanders = Bystanders::meet(&server).await;
    let third = Person::connect(&server).await;
    let hello = json!({ "protocol": 1 });
    let Err(refusal) = Person::try_connect(&server, hello).await else {
        panic!("accepted");
    };
    assert!(refusal.contains("too_many_connections"), "{refusal}");
    drop(third);
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn each_refusal_is_a_line_in_the_log_and_a_flood_is_not() {
    let moim = Moim::start(&["--log=info"]).await;
    let mut mallory = RawClient::connect(moim.address).await;
    mallory
        .send("42/moim,0[\"frobnicate\",{}]".to_owned())
        .await;
    mallory.packet().await.unwrap();
    for _ in 0..100 {
        mallory.ask(&LeaveRoom {}).await.unwrap_err();
    }
    let log = moim.stop().await;
    let lines_with = |parts: &[&str]| {
        let all = |line: &&str| parts.iter().all(|part| line.contains(part));
        log.lines().filter(all).count()
    };
    let unknown = lines_with(&["refused", "frobnicate", "unknown event"]);
    assert_eq!(unknown, 1, "{log}");
    let refused = lines_with(&["refused", "leave_room", "not in a room"]);
    assert!((9..20).contains(&refused), "{log}");
}

#[tokio::test]
async fn secrets_descriptions_and_names_do_not_reach_the_log() {
    let moim = Moim::start(&["--log=trace"]).await;
    let mut ann = RawClient::connect(moim.address).await;
    let a = ann.ask(&tab(1).join("Quiet Room")).await.unwrap();
    let mut ben = RawClient::connect(moim.address).await;
    ben.ask(&tab(2).join("Quiet Room")).await.unwrap();
    let sdp = "v=0 fingerprint".to_owned();
    ben.ask(&offer(a.you, sdp)).await.unwrap();
    let malformed = "42/moim,9[\"offer\",{\"sdp\":\"v=0 fingerprint\"}]";
    ben.send(malformed.to_owned()).await;
    ben.packet().await.unwrap();
    let secret = tab(1).secret.to_hex();
    ben.send(format!("42/moim,10[\"join_room\",\"{secret}\"]"))
        .await;
    ben.packet().await.unwrap();
    let log = moim.stop().await;
    assert!(log.contains("refused"), "{log}");
    for hidden in [secret.as_str(), "fingerprint", "Quiet Room", "Person 1"] {
        assert!(!log.contains(hidden), "{hidden} in {log}");
    }
}
