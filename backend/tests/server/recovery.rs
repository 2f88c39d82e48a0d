//! After a crash: the binary is killed in the middle of calls and started again, and everyone comes back;
//! or somebody who only says so.

use std::time::{Duration, Instant};

use backend::Config;
use futures::future::join_all;
use serde_json::{Value, json};
use shared::remembered::{Remembered, RememberedKind};
use shared::room::{Presence, RoomSummary};
use shared::to_browser::{Bye, ByeReason, PresenceChange, RoomStateChange, Welcome};
use shared::to_server::{
    JoinRoom, Joined, LeaveRoom, LockRoom, OpenRooms, RemoveMember, WatchRooms,
};
use shared::{Event, Rejection};

use crate::support::admin::{AdminPage, open_to_admin};
use crate::support::bystanders::Bystanders;
use crate::support::process::{Moim, command};
use crate::support::raw::RawClient;
use crate::support::{Person, TestServer, enter, remembered, tab};

/// Kills it and starts it again at the same address.
async fn restart(moim: Moim, arguments: &[&str]) -> Moim {
    let port = moim.kill().await;
    Moim::start_at(port, command(arguments)).await
}

/// How many members are present.
fn present(joined: &Joined) -> usize {
    let present = |presence: Presence| presence == Presence::Present;
    let members = joined.members.iter();
    members.filter(|member| present(member.presence)).count()
}

#[tokio::test]
async fn a_killed_server_finds_its_room_again() {
    let moim = Moim::start(&[]).await;
    let mut people = Vec::new();
    for who in 1..=3 {
        let mut person = RawClient::connect(moim.address).await;
        person.ask(&tab(who).join("Lobby")).await.unwrap();
        people.push(person);
    }
    let lock = LockRoom { locked: true };
    people[0].ask_meanwhile(&lock).await.unwrap();

    let moim = restart(moim, &[]).await;
    for person in &mut people {
        person.closed().await;
    }
    let memory = || remembered("Lobby", &[1, 2, 3], true);
    let mut back = Vec::new();
    for (place, who) in [3, 1, 2].into_iter().enumerate() {
        let mut person = RawClient::connect(moim.address).await;
        let joined = person
            .ask(&tab(who).resume("Lobby", memory()))
            .await
            .unwrap();
        let ids: Vec<_> = joined.members.iter().map(|member| member.id).collect();
        assert_eq!(ids, [1, 2, 3].map(|who| tab(who).id("Lobby")));
        assert_eq!(present(&joined), place + 1);
        assert_eq!(joined.state.host, tab(1).id("Lobby"));
        assert!(joined.state.locked);
        back.push(person);
    }
    let mut stranger = RawClient::connect(moim.address).await;
    let refused = stranger.ask(&tab(4).join("Lobby")).await;
    assert_eq!(refused, Err(Rejection::RoomLocked));
    let open = LockRoom { locked: false };
    assert_eq!(back[2].ask_meanwhile(&open).await, Err(Rejection::NotHost));
    back[1].ask_meanwhile(&open).await.unwrap();
    stranger.ask(&tab(4).join("Lobby")).await.unwrap();
}

/// Five people in each of a hundred rooms come back in one instant.
#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_come_back_at_once() {
    const ROOMS: u8 = 100;
    const PEOPLE: u8 = 5;
    let arguments = ["--max-connections-per-address=2000"];
    let moim = Moim::start(&arguments).await;
    let everyone = || {
        let rooms = 0..ROOMS;
        rooms.flat_map(|room| (1..=PEOPLE).map(move |who| (room, format!("Room {room}"), who)))
    };
    let is_locked = |room: u8| room % 2 == 1;
    let address = moim.address;
    let before = everyone().map(|(room, name, who)| async move {
        let mut person = RawClient::connect(address).await;
        person.ask_meanwhile(&tab(who).join(&name)).await.unwrap();
        (room, person)
    });
    drop(join_all(before).await);

    let moim = restart(moim, &arguments).await;
    let began = Instant::now();
    let back = everyone().map(|(room, name, who)| {
        let memory = remembered(&name, &[1, 2, 3, 4, 5], is_locked(room));
        tokio::spawn(async move {
            let mut person = RawClient::connect(address).await;
            let resume = tab(who).resume(&name, memory);
            let joined = person.ask_meanwhile(&resume).await.unwrap();
            assert_eq!(joined.members.len(), usize::from(PEOPLE));
            (room, name, who, person)
        })
    });
    let back = join_all(back).await;
    println!("500 are back after {:?}", began.elapsed());
    let now = back.into_iter().map(|person| async move {
        let (room, name, who, mut person) = person.unwrap();
        let joined = person.ask_meanwhile(&tab(who).join(&name)).await.unwrap();
        assert_eq!(present(&joined), usize::from(PEOPLE), "{name}");
        assert_eq!(joined.state.host, tab(1).id(&name));
        assert_eq!(joined.state.locked, is_locked(room));
    });
    join_all(now).await;
    drop(moim);
}

#[tokio::test]
async fn one_who_vanishes_without_a_word_is_away_then_gone_and_can_be_put_out() {
    let server = TestServer::with(Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_secs(3),
        grace_period: Duration::from_millis(300),
        ..Config::default()
    })
    .await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    // Its socket stays open, and nobody reads from it or writes to it.
    let mut silent = RawClient::connect(server.address).await;
    let peer = silent.ask(&tab(2).join("Lobby")).await.unwrap().you;
    let _: Welcome = ann.hear().await;
    let presence = Presence::Away;
    ann.expect(PresenceChange { peer, presence }).await;
    let bye = |reason| Bye { peer, reason };
    ann.expect(bye(ByeReason::Lost)).await;
    ann.ask(RemoveMember { peer }).await.unwrap();
    ann.expect(bye(ByeReason::Removed)).await;
    let back = Person::connect(&server).await;
    let refused = back.ask(tab(2).join("Lobby")).await;
    assert_eq!(refused, Err(Rejection::RemovedByHost));
    assert_eq!(
        ann.ask(RemoveMember { peer }).await,
        Err(Rejection::NoSuchPeer)
    );
}

#[tokio::test]
async fn those_who_are_only_remembered_are_gone_after_the_grace_period() {
    let server = TestServer::with(Config {
        grace_period: Duration::from_millis(300),
        ..Config::default()
    })
    .await;
    let mut ben = Person::connect(&server).await;
    let memory = remembered("Lobby", &[1, 2], true);
    let joined = ben.join(tab(2).resume("Lobby", memory)).await;
    assert_eq!(present(&joined), 1);
    let bye = Bye {
        peer: tab(1).id("Lobby"),
        reason: ByeReason::Lost,
    };
    ben.expect(bye).await;
    let change: RoomStateChange = ben.hear().await;
    assert_eq!(change.state.host, joined.you);
    assert!(change.state.locked);
}

#[tokio::test]
async fn a_memory_changes_nothing_of_a_room_that_is_there() {
    let server = TestServer::with(Config {
        grace_period: Duration::from_millis(1),
        ..Config::default()
    })
    .await;
    let (mut ann, _) = enter(&server, "Lobby", 1).await;
    let mallory = Person::connect(&server).await;
    let memory = remembered("Lobby", &[2, 1, 3], true);
    let joined = mallory.join(tab(2).resume("Lobby", memory)).await;
    assert_eq!(joined.members.len(), 2);
    assert_eq!(joined.state.host, tab(1).id("Lobby"));
    assert!(!joined.state.locked);
    let _: Welcome = ann.hear().await;
    ann.heard_nothing().await;
}

/// As long as nobody knows yet what was before, too.
#[tokio::test]
async fn a_false_memory_makes_nobody_host_of_a_room_that_is_there() {
    let server = TestServer::start().await;
    let (_ann, _) = enter(&server, "Lobby", 1).await;
    let (_ben, _) = enter(&server, "Lobby", 2).await;
    let mallory = Person::connect(&server).await;
    // She looks who is there, goes, and comes back with a memory.
    mallory.join(tab(9).join("Lobby")).await;
    mallory.ask(LeaveRoom {}).await.unwrap();
    let memory = remembered("Lobby", &[9, 1, 2], true);
    let joined = mallory.join(tab(9).resume("Lobby", memory)).await;
    assert_eq!(joined.state.host, tab(1).id("Lobby"));
    let peer = tab(1).id("Lobby");
    let refused = mallory.ask(RemoveMember { peer }).await;
    assert_eq!(refused, Err(Rejection::NotHost));
}

/// Neither by a memory, nor in the place of the room when it is over.
#[tokio::test]
async fn a_meeting_becomes_no_room_for_others() {
    let server = TestServer::start().await;
    let name = &format!("~{:032x}", 7);
    let ann = Person::connect(&server).await;
    let open = remembered(name, &[1, 2], false);
    let refused = ann.ask(tab(1).resume(name, open)).await;
    assert!(
        matches!(refused, Err(Rejection::Malformed { .. })),
        "{refused:?}"
    );
    let refused = ann.ask(tab(1).join(name)).await;
    assert_eq!(refused, Err(Rejection::RoomLocked));
    let pair = Remembered {
        kind: RememberedKind::Pair,
        ..remembered(name, &[1, 2], false)
    };
    ann.join(tab(1).resume(name, pair)).await;
    let eve = Person::connect(&server).await;
    let refused = eve.ask(tab(3).join(name)).await;
    assert_eq!(refused, Err(Rejection::RoomLocked));
}

#[tokio::test]
async fn a_seat_is_taken_by_nobody_but_its_owner() {
    let server = TestServer::start().await;
    // Mallory says that Ann and Ben were with her.
    let mut mallory = Person::connect(&server).await;
    let memory = remembered("Lobby", &[9, 1, 2], true);
    mallory.join(tab(9).resume("Lobby", memory.clone())).await;
    // Another secret is another person, whatever they remember; here it is a stranger at a locked door.
    let eve = Person::connect(&server).await;
    let refused = eve.ask(tab(8).resume("Lobby", memory.clone())).await;
    assert!(matches!(refused, Err(Rejection::RoomLocked)), "{refused:?}");
    let ann = Person::connect(&server).await;
    let joined = ann.join(tab(1).resume("Lobby", memory)).await;
    assert_eq!(joined.you, tab(1).id("Lobby"));
    mallory
        .expect(PresenceChange {
            peer: joined.you,
            presence: Presence::Present,
        })
        .await;
}

#[tokio::test]
async fn the_list_counts_nobody_who_is_only_remembered() {
    let server = TestServer::start().await;
    let mallory = Person::connect(&server).await;
    let memory = remembered("Lobby", &[9, 1, 2, 3], false);
    let join = JoinRoom {
        list: Some(true),
        ..tab(9).resume("Lobby", memory)
    };
    mallory.join(join).await;
    let rooms = async || {
        // The list is published a moment later.
        let watcher = Person::connect(&server).await;
        let OpenRooms { rooms, .. } = watcher.ask(WatchRooms {}).await.unwrap();
        (rooms, watcher)
    };
    let line = |people| RoomSummary {
        room: "Lobby".to_owned().try_into().unwrap(),
        people,
    };
    let (mut shown, mut watcher) = rooms().await;
    while shown != [line(1)] {
        let change: shared::to_browser::RoomChange = watcher.hear().await;
        assert!(
            change.rooms.iter().all(|room| room.people <= 1),
            "{change:?}"
        );
        shown = change.rooms;
    }
    // And they keep no room open.
    mallory.ask(LeaveRoom {}).await.unwrap();
    let change: shared::to_browser::RoomChange = watcher.hear().await;
    assert_eq!(change.rooms, []);
    let ann = Person::connect(&server).await;
    assert_eq!(ann.join(tab(1).join("Lobby")).await.members.len(), 1);
}

#[tokio::test]
async fn the_admin_page_sees_nobody_who_is_only_remembered() {
    let server = TestServer::with(open_to_admin()).await;
    let mut page = AdminPage::log_in(&server).await;
    let mut names = Vec::new();
    let mut people = Vec::new();
    for who in [2, 1] {
        let mut person = RawClient::connect(server.address).await;
        let memory = remembered("Lobby", &[1, 2, 3], false);
        person.ask(&tab(who).resume("Lobby", memory)).await.unwrap();
        people.push(person);
        for _ in 0..3 {
            names.push(page.change("/moim").await.name);
        }
    }
    let each = ["socket_connected", "room_joined", "socket_updated"];
    assert_eq!(names, each.repeat(2));
    let mut later = AdminPage::log_in(&server).await;
    let sockets = later.told("all_sockets").await.remove(0);
    let in_lobby = |socket: &&Value| socket["rooms"] == json!(["Lobby"]);
    let sockets = sockets.as_array().unwrap().iter();
    assert_eq!(sockets.filter(in_lobby).count(), 2);
}

#[tokio::test]
async fn false_memories_of_every_sort_are_refused() {
    let server = TestServer::start().await;
    let mut bystanders = Bystanders::meet(&server).await;
    let mallory = Person::connect(&server).await;
    let good = remembered("Lobby", &[9, 1, 2], false);
    let pair = Remembered {
        kind: RememberedKind::Pair,
        ..remembered("Lobby", &[9, 1], false)
    };
    let with = |change: &dyn Fn(&mut Value)| {
        let mut memory = serde_json::to_value(&good).unwrap();
        change(&mut memory);
        memory
    };
    let crowd: Vec<u8> = (9..=25).collect();
    let memories = [
        json!(null),
        json!(7),
        json!({}),
        json!({"members": [], "kind": "pair"}),
        serde_json::to_value(&pair).unwrap(),
        serde_json::to_value(remembered("Lobby", &[1, 2], false)).unwrap(),
        serde_json::to_value(remembered("Lobby", &[9, 9], false)).unwrap(),
        serde_json::to_value(remembered("Lobby", &crowd, false)).unwrap(),
        with(&|memory| memory["kind"] = json!("castle")),
        with(&|memory| memory["kind"] = json!({"open": {"locked": false}})),
        with(&|memory| memory["kind"]["open"]["host"] = json!("0".repeat(32))),
        with(&|memory| memory["members"][1]["nickname"] = json!("x".repeat(41))),
        with(&|memory| memory["members"][1]["nickname"] = json!("a\u{202e}b")),
        with(&|memory| memory["members"][1]["id"] = json!("Ann")),
        with(&|memory| memory["members"][1]["epoch"] = json!(-1)),
    ];
    for memory in memories {
        let mut join = serde_json::to_value(tab(9).join("Lobby")).unwrap();
        join["resume"] = memory.clone();
        let answer = mallory.ask_raw(JoinRoom::NAME, join).await;
        if memory.is_null() {
            // Nothing is remembered.
            assert!(answer["Ok"].is_object(), "{answer}");
            mallory.ask(LeaveRoom {}).await.unwrap();
            continue;
        }
        let code = answer["Err"]["code"].as_str().unwrap_or_default();
        assert!(
            ["malformed", "too_large"].contains(&code),
            "{memory}: {answer}"
        );
        bystanders.are_undisturbed().await;
    }
    let joined = mallory.join(tab(9).resume("Lobby", good)).await;
    assert_eq!(joined.members.len(), 3, "and nothing is left of them");
}
