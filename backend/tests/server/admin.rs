//! The Socket.IO admin page: who may look, what they see, what they never see, and what they may do.

use backend::Config;
use backend::config::AdminAccess;
use serde_json::{Value, json};
use shared::Rejection;
use shared::room::{IceServer, MeetingKind};
use shared::signal::{DescriptionId, IceCandidate, SdpType};
use shared::to_browser::{self, Bye, ByeReason, Paired, PresenceChange, Removed, Welcome};
use shared::to_server::{Answer, Ice, LeaveRoom, Meet, Offer, UnwatchRooms};

use crate::support::admin::{AdminPage, Told, credentials, open_to_admin};
use crate::support::bystanders::Bystanders;
use crate::support::raw::RawClient;
use crate::support::{Person, TestServer, enter, tab};

const DESCRIPTION: DescriptionId = DescriptionId {
    generation: 0,
    seq: 0,
};

#[tokio::test]
async fn there_is_none_unless_the_host_gives_someone_access() {
    let server = TestServer::start().await;
    let mut client = RawClient::open(server.address, None).await.unwrap();
    client.send("40/admin,{}".to_owned()).await;
    let answer = client.text().await.unwrap();
    assert!(answer.starts_with("44/admin,"), "{answer}");
}

#[tokio::test]
async fn the_password_lets_one_in_and_then_the_session() {
    let server = TestServer::with(open_to_admin()).await;
    let mut page = AdminPage::log_in(&server).await;
    let session = page.told("session").await.remove(0);
    let config = page.told("config").await.remove(0);
    let features = json!(["LEAVE", "MLEAVE", "DISCONNECT", "MDISCONNECT", "ALL_EVENTS"]);
    assert_eq!(config, json!({ "supportedFeatures": features }));
    let sockets = page.told("all_sockets").await.remove(0);
    assert_eq!(sockets[0]["id"], page.id.as_str());
    let stats = page.told("server_stats").await.remove(0);
    assert_eq!(stats["clientsCount"], 1);
    let namespaces = json!([
        { "name": "/admin", "socketsCount": 1 },
        { "name": "/moim", "socketsCount": 0 },
    ]);
    assert_eq!(stats["namespaces"], namespaces);

    let back = AdminPage::connect(&server, None, json!({ "sessionId": session })).await;
    assert!(back.is_ok());
    for wrong in [json!("0".repeat(32)), json!(""), json!(null), json!([1])] {
        let refused = AdminPage::connect(&server, None, json!({ "sessionId": wrong })).await;
        assert_eq!(refused.err().as_deref(), Some("invalid credentials"));
    }
}

#[tokio::test]
async fn whoever_guesses_is_refused_and_slowed_down() {
    let server = TestServer::with(open_to_admin()).await;
    let mut bystanders = Bystanders::meet(&server).await;
    for (user, password) in [("root", "change"), ("boot", "changeit"), ("", "")] {
        let refused = AdminPage::connect(&server, None, credentials(user, password)).await;
        assert_eq!(refused.err().as_deref(), Some("invalid credentials"));
    }
    let refused = AdminPage::connect(&server, None, credentials("root", "changeit")).await;
    let why = refused.err().unwrap();
    assert_eq!(why, "too many tries: wait 1 s");
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn a_page_of_any_site_may_log_in_and_connect_to_nothing_else() {
    let server = TestServer::with(open_to_admin()).await;
    let origin = Some("https://admin.example");
    let page = AdminPage::connect(&server, origin, credentials("root", "changeit")).await;
    assert!(page.is_ok());
    let refused = AdminPage::connect(&server, origin, credentials("root", "wrong")).await;
    assert!(refused.is_err());
    let mut other = RawClient::open(server.address, origin).await.unwrap();
    let answer = other.greet(json!({ "protocol": 1 })).await;
    assert_eq!(answer, r#"44/moim,{"message":"strange_site"}"#);

    let closed = TestServer::start().await;
    assert!(RawClient::open(closed.address, origin).await.is_err());
}

/// What is the same in each: all but the time.
fn without_time(told: Told) -> Value {
    let Told {
        name,
        mut arguments,
    } = told;
    if name != "socket_updated" {
        let time = arguments.pop().unwrap();
        assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
    }
    json!([name, arguments])
}

#[tokio::test]
async fn who_is_there_is_seen_and_who_comes_and_goes() {
    let server = TestServer::with(open_to_admin()).await;
    let (ann, joined) = enter(&server, "Lobby", 1).await;
    let mut page = AdminPage::log_in(&server).await;
    let sockets = page.told("all_sockets").await.remove(0);
    let there = &sockets[0];
    let who = json!({ "peer": joined.you, "nickname": "Person 1" });
    assert_eq!(there["nsp"], "/moim");
    assert_eq!(there["rooms"], json!(["Lobby"]));
    assert_eq!(there["data"], who);
    assert_eq!(there["transport"], "websocket");
    assert_eq!(there["handshake"]["address"], "127.0.0.1");
    assert_eq!(there["handshake"]["headers"], json!({}));

    let mut ben = RawClient::connect(server.address).await;
    let Told { name, arguments } = page.change("/moim").await;
    assert_eq!(name, "socket_connected");
    let id = &arguments[0]["id"];
    // In the opener's spelling.
    ben.ask(&tab(2).join("lobby")).await.unwrap();
    let who = json!({ "peer": tab(2).id("Lobby"), "nickname": "Person 2" });
    let expected = [
        json!(["room_joined", ["/moim", "Lobby", id]]),
        json!(["socket_updated", [{ "id": id, "nsp": "/moim", "data": who }]]),
    ];
    for event in expected {
        assert_eq!(without_time(page.change("/moim").await), event);
    }
    ben.ask(&LeaveRoom {}).await.unwrap();
    let nobody = json!({ "peer": null, "nickname": null });
    let expected = [
        json!(["room_left", ["/moim", "Lobby", id]]),
        json!(["socket_updated", [{ "id": id, "nsp": "/moim", "data": nobody }]]),
    ];
    for event in expected {
        assert_eq!(without_time(page.change("/moim").await), event);
    }
    ben.ask(&tab(3).join("Lobby")).await.unwrap();
    let other = AdminPage::log_in(&server).await;
    assert_eq!(
        page.change("/admin").await.arguments[0]["id"],
        other.id.as_str()
    );
    ben.close().await;
    while page.change("/moim").await.name != "room_left" {}
    page.change("/moim").await;
    let gone = without_time(page.change("/moim").await);
    let expected = json!(["socket_disconnected", ["/moim", id, "transport close"]]);
    assert_eq!(gone, expected);
    ann.ask(UnwatchRooms {}).await.unwrap();
}

/// The name and the payload of each event that passed between people, in order.
fn events(traffic: &str) -> Vec<(String, Value)> {
    traffic
        .lines()
        .filter_map(|line| line.strip_prefix("42/admin,"))
        .filter_map(|event| serde_json::from_str::<Vec<Value>>(event).ok())
        .filter(|event| event[0] == "event_received" || event[0] == "event_sent")
        .map(|event| {
            let name = event[3][0].as_str().unwrap().to_owned();
            (name, event[3][1].clone())
        })
        .collect()
}

#[tokio::test]
async fn events_are_seen_as_they_pass_and_nothing_secret_is() {
    let server = TestServer::with(Config {
        ice_servers: vec![IceServer {
            urls: vec!["turn:turn.example".to_owned()],
            username: Some("turn-user".to_owned()),
            credential: Some("turn-password".to_owned()),
        }],
        ..open_to_admin()
    })
    .await;
    let mut page = AdminPage::log_in(&server).await;
    let (mut ann, a) = enter(&server, "Lobby", 1).await;
    let (mut ben, b) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;
    let sdp = "v=0\r\na=ice-pwd:passage\r\na=fingerprint:sha-256 AB:CD";
    let offer = Offer {
        to: a.you,
        to_epoch: tab(1).epoch,
        id: DESCRIPTION,
        sdp: sdp.to_owned(),
    };
    ben.ask(offer).await.unwrap();
    let _: to_browser::Offer = ann.hear().await;
    let answer = Answer {
        to: b.you,
        to_epoch: tab(2).epoch,
        id: DESCRIPTION,
        sdp: sdp.to_owned(),
    };
    ann.ask(answer).await.unwrap();
    let _: to_browser::Answer = ben.hear().await;
    let ice = Ice {
        to: b.you,
        to_epoch: tab(2).epoch,
        id: DESCRIPTION,
        of: SdpType::Offer,
        candidates: vec![IceCandidate {
            candidate: "candidate:1 1 udp 1 198.51.100.7 9 typ host".to_owned(),
            sdp_mid: None,
            sdp_m_line_index: Some(0),
            username_fragment: Some("fragment".to_owned()),
        }],
    };
    ann.ask(ice).await.unwrap();
    let _: to_browser::Ice = ben.hear().await;
    // What a client should not have sent.
    ann.ask_raw(
        "between you and me",
        json!({ "text": "between you and me" }),
    )
    .await;
    let secret = serde_json::to_value(tab(1).secret).unwrap();
    ann.ask_raw("join_room", json!({ "secret": secret, "room": 7 }))
        .await;
    ann.ask_raw("lock_room", json!({ "locked": "between you and me" }))
        .await;
    ann.vanish().await;
    let _: PresenceChange = ben.hear().await;

    let traffic = page.traffic().await;
    let length = format!("{} bytes", sdp.len());
    let sent = [a.you, b.you].map(|from| json!({ "from": from, "sdp": length }));
    let received = [a.you, b.you].map(|to| json!({ "to": to, "sdp": length }));
    let events = events(&traffic);
    let expected = [
        (
            "join_room",
            json!({ "room": "Lobby", "nickname": "Person 1", "list": null }),
        ),
        (
            "welcome",
            json!({ "peer": b.you, "nickname": "Person 2", "presence": "present" }),
        ),
        ("offer", received[0].clone()),
        ("offer", sent[1].clone()),
        ("answer", received[1].clone()),
        ("answer", sent[0].clone()),
        ("ice", json!({ "to": b.you, "candidates": 1 })),
        ("ice", json!({ "from": a.you, "candidates": 1 })),
        ("(unknown)", json!({ "refused": "unknown event" })),
        ("join_room", json!({ "refused": "malformed payload" })),
        ("lock_room", json!({ "refused": "malformed payload" })),
        ("presence", json!({ "peer": a.you, "presence": "away" })),
    ];
    let mut rest = events.iter();
    for (name, payload) in expected {
        let found = rest.any(|event| *event == (name.to_owned(), payload.clone()));
        assert!(found, "{name} {payload} is not in its place in {events:#?}");
    }
    for who in [1, 2] {
        for hidden in [json!(tab(who).secret), json!(tab(who).epoch)] {
            assert!(!traffic.contains(hidden.as_str().unwrap()), "{hidden}");
        }
    }
    let hidden = [
        "v=0",
        "ice-pwd",
        "passage",
        "fingerprint",
        "AB:CD",
        "198.51.100.7",
        "fragment",
        "turn-user",
        "turn-password",
        "turn.example",
        "between you and me",
        "changeit",
        "$2b$",
        "Host",
        "Upgrade",
    ];
    for hidden in hidden {
        assert!(!traffic.contains(hidden), "{hidden} is in {traffic}");
    }
}

#[tokio::test]
async fn the_name_of_a_room_made_up_for_two_stays_theirs() {
    let server = TestServer::with(open_to_admin()).await;
    let mut page = AdminPage::log_in(&server).await;
    let meet = |who: u8| Meet {
        kind: MeetingKind::Text,
        nickname: format!("Person {who}"),
        secret: tab(who).secret,
        epoch: tab(who).epoch,
    };
    let (mut ann, mut ben) = (
        Person::connect(&server).await,
        Person::connect(&server).await,
    );
    ann.ask(meet(1)).await.unwrap();
    ben.ask(meet(2)).await.unwrap();
    let Paired { joined } = ann.hear().await;
    let _: Paired = ben.hear().await;
    ann.vanish().await;
    let _: PresenceChange = ben.hear().await;
    let name = joined.room.as_str();
    Person::connect(&server).await.join(tab(1).join(name)).await;

    let traffic = page.traffic().await;
    assert!(traffic.contains(&format!("{}…", &name[..8])), "{traffic}");
    assert!(!traffic.contains(name), "{traffic}");
    assert_eq!(traffic.matches(r#"["room_joined""#).count(), 3);
}

/// The id of the socket in that namespace whose person that is.
async fn id_of(page: &mut AdminPage, nickname: &str) -> String {
    let sockets = page.told("all_sockets").await.remove(0);
    let sockets = sockets.as_array().unwrap();
    let socket = sockets
        .iter()
        .find(|socket| socket["data"]["nickname"] == nickname)
        .unwrap();
    socket["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_socket_is_disconnected_and_its_person_may_come_back() {
    let server = TestServer::with(open_to_admin()).await;
    let (mut ann, joined) = enter(&server, "Lobby", 1).await;
    let (mut ben, _) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;
    let mut page = AdminPage::log_in(&server).await;
    let id = id_of(&mut page, "Person 1").await;
    let answer = page.ask(json!(["_disconnect", "/moim", false, id])).await;
    assert_eq!(answer, json!({ "Ok": 1 }));
    ann.closed().await;
    let left = without_time(page.change("/moim").await);
    assert_eq!(left, json!(["room_left", ["/moim", "Lobby", id]]));
    let away: PresenceChange = ben.hear().await;
    assert_eq!(away.peer, joined.you);

    // Everyone in a room, and whatever else is on the same connections.
    let answer = page
        .ask(json!(["_disconnect", "/moim", true, "Lobby"]))
        .await;
    assert_eq!(answer, json!({ "Ok": 1 }));
    ben.closed().await;
    let back = Person::connect(&server).await;
    assert_eq!(back.join(tab(1).join("Lobby")).await.members.len(), 2);

    // Other admin pages too, and this one.
    let answer = page.ask(json!(["_disconnect", "/admin"])).await;
    assert_eq!(answer, json!({ "Ok": 1 }));
    page.closed().await;
}

#[tokio::test]
async fn a_socket_is_made_to_leave_its_room() {
    let server = TestServer::with(open_to_admin()).await;
    let (mut ann, joined) = enter(&server, "Lobby", 1).await;
    let (mut ben, _) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;
    let mut page = AdminPage::log_in(&server).await;
    let id = id_of(&mut page, "Person 1").await;
    for none in [
        json!(["leave", "/moim", "Hall", id]),
        json!(["leave", "/", "Lobby", id]),
    ] {
        assert_eq!(page.ask(none).await, json!({ "Ok": 0 }));
    }
    let answer = page.ask(json!(["leave", "/moim", "Lobby", id])).await;
    assert_eq!(answer, json!({ "Ok": 1 }));
    ben.expect(Bye {
        peer: joined.you,
        reason: ByeReason::Removed,
    })
    .await;
    let left = without_time(page.change("/moim").await);
    assert_eq!(left, json!(["room_left", ["/moim", "Lobby", id]]));
    ann.expect(Removed {}).await;
    ann.closed().await;
    while page.change("/moim").await.name != "socket_disconnected" {}

    // As if the room's host had done it.
    let back = Person::connect(&server).await;
    let refused = back.ask(tab(1).join("Lobby")).await;
    assert_eq!(refused, Err(Rejection::RemovedByHost));
    back.join(tab(3).join("Lobby")).await;

    // And all at once.
    assert_eq!(
        page.ask(json!(["leave", "/moim", "Lobby"])).await,
        json!({ "Ok": 2 })
    );
    while page.change("/moim").await.name != "socket_disconnected" {}
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let server = TestServer::with(open_to_admin()).await;
    let mut bystanders = Bystanders::meet(&server).await;
    let mut page = AdminPage::log_in(&server).await;
    for event in [
        json!(["_disconnect"]),
        json!(["_disconnect", 7, true, "Calm"]),
        json!(["leave", "/moim", ["Calm"]]),
        json!(["leave", "/moim"]),
        json!(["join", "/moim", "Hall", "Calm"]),
        json!(["emit", "/moim", "Calm", "bye", {}]),
        json!(["join_room", {}]),
    ] {
        let answer = page.ask(event.clone()).await;
        assert!(answer["Err"].is_string(), "{event}: {answer}");
    }
    bystanders.are_undisturbed().await;
}

#[tokio::test]
async fn one_who_may_only_look_can_do_nothing() {
    let mut config = open_to_admin();
    config.admin = config.admin.map(|access| AdminAccess {
        read_only: true,
        ..access
    });
    let server = TestServer::with(config).await;
    let mut bystanders = Bystanders::meet(&server).await;
    let mut page = AdminPage::log_in(&server).await;
    let features = page.told("config").await.remove(0);
    assert_eq!(features, json!({ "supportedFeatures": ["ALL_EVENTS"] }));
    let id = id_of(&mut page, "Person 101").await;
    for event in [
        json!(["_disconnect", "/moim", true, id]),
        json!(["_disconnect", "/moim", false]),
        json!(["leave", "/moim", Bystanders::ROOM, id]),
    ] {
        let answer = page.ask(event).await;
        assert_eq!(answer, json!({ "Err": "the admin page may only look" }));
    }
    bystanders.are_undisturbed().await;
}
