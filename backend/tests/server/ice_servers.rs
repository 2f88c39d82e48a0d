//! The STUN and TURN servers, asked for by someone who wants to know whether a call would work.

use std::num::NonZeroU32;

use backend::Config;
use serde_json::json;
use shared::Rejection;
use shared::room::{IceServer, MeetingKind};
use shared::to_server::{GetIceServers, Meet};

use crate::support::{Person, TestServer, enter, tab};

fn relay() -> IceServer {
    IceServer {
        urls: vec!["turn:turn.example:3478".to_owned()],
        username: Some("ann".to_owned()),
        credential: Some("s3cret".to_owned()),
    }
}

async fn server() -> TestServer {
    TestServer::with(Config {
        ice_servers: vec![relay()],
        ..Config::default()
    })
    .await
}

async fn asks(person: &Person) -> Vec<IceServer> {
    person.ask(GetIceServers {}).await.unwrap().ice_servers
}

#[tokio::test]
async fn who_is_in_no_room_gets_what_a_join_would_have_told() {
    let server = server().await;
    let ann = Person::connect(&server).await;
    assert_eq!(asks(&ann).await, [relay()]);
    let joined = ann.join(tab(1).join("Lobby")).await;
    assert_eq!(joined.ice_servers, [relay()]);
}

#[tokio::test]
async fn a_host_who_names_none_is_no_error() {
    let server = TestServer::start().await;
    let ann = Person::connect(&server).await;
    assert_eq!(asks(&ann).await, []);
}

#[tokio::test]
async fn who_is_in_a_room_stays_in_it() {
    let server = server().await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    assert_eq!(asks(&ann).await, [relay()]);
    ann.heard_nothing().await;
    let (_ben, joined) = enter(&server, "Lobby", 2).await;
    assert_eq!(joined.members.len(), 2);
}

#[tokio::test]
async fn who_waits_to_meet_someone_goes_on_waiting() {
    let server = server().await;
    let (mut ann, mut ben) = (
        Person::connect(&server).await,
        Person::connect(&server).await,
    );
    let meet = |who: u8| Meet {
        kind: MeetingKind::Text,
        nickname: "Somebody".to_owned(),
        secret: tab(who).secret,
        epoch: tab(who).epoch,
    };
    ann.ask(meet(1)).await.unwrap();
    assert_eq!(asks(&ann).await, [relay()]);
    ben.ask(meet(2)).await.unwrap();
    for person in [&mut ann, &mut ben] {
        let _: shared::to_browser::Paired = person.hear().await;
    }
}

#[tokio::test]
async fn what_is_no_object_is_refused() {
    let server = server().await;
    let ann = Person::connect(&server).await;
    let answer = ann.ask_raw("ice_servers", json!("all of them")).await;
    assert_eq!(answer["Err"]["code"], "malformed");
}

#[tokio::test]
async fn asking_counts_as_any_event_does() {
    let server = TestServer::with(Config {
        event_rate: NonZeroU32::new(1),
        event_burst: NonZeroU32::new(5),
        ..Config::default()
    })
    .await;
    let ann = Person::connect(&server).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(ann.ask(GetIceServers {}).await);
    }
    assert!(answers[0].is_ok());
    assert_eq!(answers[7], Err(Rejection::RateLimited));
}
