//! The life of a room as the people in it see it: joining, leaving, counts, capacity, the host.

use backend::Config;
use shared::Rejection;
use shared::room::{IceServer, Presence};
use shared::to_browser::{Bye, ByeReason, Removed, RoomStateChange, Welcome};
use shared::to_server::{JoinRoom, LeaveRoom, LockRoom, RemoveMember};

use crate::support::{Person, TestServer, enter, tab};

#[tokio::test]
async fn two_people_meet_and_part() {
    let server = TestServer::start().await;
    let (mut ann, alone) = enter(&server, "Lobby", 1).await;
    assert_eq!(alone.you, tab(1).id("lobby"));
    assert_eq!(alone.members.len(), 1);
    assert_eq!(alone.state.host, alone.you);

    let (ben, joined) = enter(&server, "lobby", 2).await;
    assert_eq!(joined.room.as_str(), "Lobby", "the opener's spelling");
    let ids: Vec<_> = joined.members.iter().map(|member| member.id).collect();
    assert_eq!(ids, [alone.you, joined.you], "the oldest first");
    assert_eq!(joined.members[1].presence, Presence::Present);
    ann.expect(Welcome {
        member: joined.members[1].clone(),
    })
    .await;

    ben.ask(LeaveRoom {}).await.unwrap();
    ann.expect(Bye {
        peer: joined.you,
        reason: ByeReason::Left,
    })
    .await;
    ben.join(tab(2).join("elsewhere")).await;
    ann.heard_nothing().await;
}

#[tokio::test]
async fn rooms_of_any_script_and_spelling_are_apart_from_each_other() {
    let server = TestServer::start().await;
    let (mut ann, _) = enter(&server, "한글방", 1).await;
    let (_ben, other) = enter(&server, "غرفة", 2).await;
    assert_eq!(other.members.len(), 1);
    let (_cem, same) = enter(&server, "  한글방 ", 3).await;
    assert_eq!(same.members.len(), 2);
    let welcome: Welcome = ann.hear().await;
    assert_eq!(welcome.member.id, same.you);
}

#[tokio::test]
async fn a_full_room_says_how_many_it_holds_and_takes_the_next_one_once_there_is_space() {
    let server = TestServer::with(Config {
        room_capacity: 2,
        ..Config::default()
    })
    .await;
    let (mut ann, joined) = enter(&server, "Lobby", 1).await;
    assert_eq!(joined.capacity, 2);
    let (ben, _) = enter(&server, "Lobby", 2).await;
    let _: Welcome = ann.hear().await;

    let cem = Person::connect(&server).await;
    let full = Rejection::RoomFull { capacity: 2 };
    assert_eq!(cem.ask(tab(3).join("Lobby")).await, Err(full));
    ann.heard_nothing().await;

    ben.ask(LeaveRoom {}).await.unwrap();
    let _: Bye = ann.hear().await;
    assert_eq!(cem.join(tab(3).join("Lobby")).await.members.len(), 2);
}

#[tokio::test]
async fn twins_in_name_are_two_people() {
    let server = TestServer::start().await;
    let (_ann, first) = enter(&server, "Lobby", 1).await;
    let ben = Person::connect(&server).await;
    let nickname = first.members[0].nickname.as_str().to_owned();
    let joined = ben
        .join(JoinRoom {
            nickname,
            ..tab(2).join("Lobby")
        })
        .await;
    assert_eq!(joined.members[0].nickname, joined.members[1].nickname);
    assert_ne!(joined.members[0].id, joined.members[1].id);
}

#[tokio::test]
async fn the_hosts_role_goes_to_the_one_longest_in_the_room() {
    let server = TestServer::start().await;
    let (ann, _) = enter(&server, "Lobby", 1).await;
    let (mut ben, second) = enter(&server, "Lobby", 2).await;
    let (mut cem, third) = enter(&server, "Lobby", 3).await;
    let _: Welcome = ben.hear().await;
    assert_eq!(
        cem.ask(LockRoom { locked: true }).await,
        Err(Rejection::NotHost)
    );

    ann.ask(LeaveRoom {}).await.unwrap();
    for person in [&mut ben, &mut cem] {
        let _: Bye = person.hear().await;
        let change: RoomStateChange = person.hear().await;
        assert_eq!(change.state.host, second.you);
    }
    ben.ask(LockRoom { locked: true }).await.unwrap();
    let remove = RemoveMember { peer: third.you };
    ben.ask(remove).await.unwrap();
}

#[tokio::test]
async fn a_locked_room_refuses_newcomers_until_the_host_opens_it() {
    let server = TestServer::start().await;
    let (mut ann, joined) = enter(&server, "Lobby", 1).await;
    ann.ask(LockRoom { locked: true }).await.unwrap();
    let change: RoomStateChange = ann.hear().await;
    assert!(change.state.locked);
    assert_eq!(change.state.host, joined.you);

    let ben = Person::connect(&server).await;
    let join = tab(2).join("Lobby");
    assert_eq!(ben.ask(join.clone()).await, Err(Rejection::RoomLocked));
    ann.heard_nothing().await;

    ann.ask(LockRoom { locked: false }).await.unwrap();
    assert!(!ben.join(join).await.state.locked);
}

#[tokio::test]
async fn whoever_the_host_removes_is_told_and_stays_out_while_the_room_lasts() {
    let server = TestServer::start().await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let (mut ben, joined) = enter(&server, "Lobby", 2).await;
    let (mut cem, _) = enter(&server, "Lobby", 3).await;
    for _ in 0..2 {
        let _: Welcome = ann.hear().await;
    }
    let _: Welcome = ben.hear().await;

    ann.ask(RemoveMember { peer: joined.you }).await.unwrap();
    ben.expect(Removed {}).await;
    ben.closed().await;
    let bye = Bye {
        peer: joined.you,
        reason: ByeReason::Removed,
    };
    ann.expect(bye).await;
    cem.expect(bye).await;

    let back = Person::connect(&server).await;
    for tab in [tab(2), tab(2).reloaded(1)] {
        let refused = back.ask(tab.join("Lobby")).await;
        assert_eq!(refused, Err(Rejection::RemovedByHost));
    }
    ann.heard_nothing().await;

    for person in [&ann, &cem] {
        person.ask(LeaveRoom {}).await.unwrap();
    }
    back.join(tab(2).join("Lobby")).await;
}

#[tokio::test]
async fn the_ice_servers_come_with_the_reply() {
    let relay = IceServer {
        urls: vec!["turn:turn.example:3478".to_owned()],
        username: Some("ann".to_owned()),
        credential: Some("s3cret".to_owned()),
    };
    let server = TestServer::with(Config {
        ice_servers: vec![relay.clone()],
        ..Config::default()
    })
    .await;
    let (_ann, joined) = enter(&server, "Lobby", 1).await;
    assert_eq!(joined.ice_servers, [relay]);
}
