//! The public list of open rooms: what stands in it, and how its watchers are kept up to date.

use std::time::{Duration, Instant};

use backend::Config;
use shared::Rejection;
use shared::room::{Listing, RoomSummary};
use shared::to_browser::RoomChange;
use shared::to_server::{JoinRoom, LeaveRoom, UnwatchRooms, WatchRooms};

use crate::support::{Person, TestServer, enter, tab};

async fn open(server: &TestServer, room: &str, who: u8, list: Option<bool>) -> Person {
    let person = Person::connect(server).await;
    person
        .join(JoinRoom {
            list,
            ..tab(who).join(room)
        })
        .await;
    person
}

fn line(room: &str, people: usize) -> RoomSummary {
    RoomSummary {
        room: shared::RoomName::new(room).unwrap(),
        people,
    }
}

/// Hears of changes until the list is that one.
async fn until(watcher: &mut Person, rooms: &[RoomSummary]) {
    loop {
        let change: RoomChange = watcher.hear().await;
        if change.rooms == rooms {
            return;
        }
    }
}

#[tokio::test]
async fn a_watcher_sees_rooms_open_fill_and_close() {
    let server = TestServer::start().await;
    let mut watcher = Person::connect(&server).await;
    let now = watcher.ask(WatchRooms {}).await.unwrap();
    assert_eq!((now.listing, now.rooms), (Listing::OptIn, vec![]));

    let ann = open(&server, "Lobby", 1, Some(true)).await;
    watcher
        .expect(RoomChange {
            rooms: vec![line("Lobby", 1)],
        })
        .await;
    let ben = open(&server, "Attic", 2, Some(true)).await;
    let (cem, _) = enter(&server, "lobby", 3).await;
    let both = [line("Attic", 1), line("Lobby", 2)];
    until(&mut watcher, &both).await;

    let late = Person::connect(&server).await;
    assert_eq!(late.ask(WatchRooms {}).await.unwrap().rooms, both);

    for person in [ann, ben, cem] {
        person.ask(LeaveRoom {}).await.unwrap();
    }
    until(&mut watcher, &[]).await;
}

#[tokio::test]
async fn the_host_of_the_server_decides_what_is_listed_by_default() {
    let cases = [
        (Listing::OptIn, vec![line("Yes", 1)]),
        (Listing::All, vec![line("Any", 1), line("Yes", 1)]),
        (Listing::Off, vec![]),
    ];
    for (list_rooms, expected) in cases {
        let server = TestServer::with(Config {
            list_rooms,
            ..Config::default()
        })
        .await;
        let mut watcher = Person::connect(&server).await;
        let now = watcher.ask(WatchRooms {}).await.unwrap();
        assert_eq!(now.listing, list_rooms);
        let _rooms = [
            open(&server, "Yes", 1, Some(true)).await,
            open(&server, "No", 2, Some(false)).await,
            open(&server, "Any", 3, None).await,
        ];
        if !expected.is_empty() {
            until(&mut watcher, &expected).await;
        }
        watcher.heard_nothing().await;
    }
}

#[tokio::test]
async fn many_changes_are_told_together_at_most_once_a_second() {
    let server = TestServer::start().await;
    let mut watcher = Person::connect(&server).await;
    watcher.ask(WatchRooms {}).await.unwrap();
    let start = Instant::now();
    let ann = open(&server, "Lobby", 1, Some(true)).await;
    for _ in 0..20 {
        ann.ask(LeaveRoom {}).await.unwrap();
        let again = JoinRoom {
            list: Some(true),
            ..tab(1).join("Lobby")
        };
        ann.join(again).await;
    }
    let (_ben, _) = enter(&server, "Lobby", 2).await;
    let mut news = 1;
    let _: RoomChange = watcher.hear().await;
    loop {
        let change: RoomChange = watcher.hear().await;
        news += 1;
        if change.rooms == [line("Lobby", 2)] {
            break;
        }
    }
    let most = 2 + start.elapsed().as_secs();
    assert!(news <= most, "{news} in {:?}", start.elapsed());
    assert!(start.elapsed() >= Duration::from_millis(900));
}

#[tokio::test]
async fn whoever_stops_watching_or_enters_a_room_hears_no_more_of_the_list() {
    let server = TestServer::start().await;
    let mut ann = Person::connect(&server).await;
    let mut ben = Person::connect(&server).await;
    let mut cem = Person::connect(&server).await;
    for person in [&ann, &ben, &cem] {
        person.ask(WatchRooms {}).await.unwrap();
    }
    ann.ask(UnwatchRooms {}).await.unwrap();
    ben.join(tab(2).join("hidden")).await;
    let in_a_room = ben.ask(WatchRooms {}).await;
    assert_eq!(in_a_room, Err(Rejection::AlreadyInRoom));

    let _dee = open(&server, "Lobby", 4, Some(true)).await;
    until(&mut cem, &[line("Lobby", 1)]).await;
    ann.heard_nothing().await;
    ben.heard_nothing().await;
}
