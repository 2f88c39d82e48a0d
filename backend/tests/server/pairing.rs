//! Meeting someone: how people who wait are brought together, and what becomes of those who go away.

use std::collections::BTreeSet;
use std::time::Duration;

use backend::Config;
use futures::stream::{FuturesUnordered, StreamExt};
use shared::room::{MeetingKind, Presence};
use shared::signal::DescriptionId;
use shared::to_browser::{self, Bye, ByeReason, Paired, PresenceChange, Replaced};
use shared::to_server::{Done, Joined, LeaveRoom, LockRoom, Meet, Offer, WatchRooms};
use shared::{Epoch, Event, Rejection, Secret};

use crate::support::raw::{Packet, RawClient};
use crate::support::{Person, TestServer, enter, soon, tab};

fn meet(kind: MeetingKind, who: u8) -> Meet {
    Meet {
        kind,
        nickname: format!("Person {who}"),
        secret: tab(who).secret,
        epoch: tab(who).epoch,
    }
}

fn text(who: u8) -> Meet {
    meet(MeetingKind::Text, who)
}

/// Connects someone who wants to write to somebody.
async fn seek(server: &TestServer, who: u8) -> Person {
    let person = Person::connect(server).await;
    assert_eq!(person.ask(text(who)).await, Ok(Done {}));
    person
}

/// What someone is told who was found somebody.
async fn met(person: &mut Person) -> Joined {
    person.hear::<Paired>().await.joined
}

/// Two who have been brought together, and what each was told.
async fn pair(server: &TestServer) -> [(Person, Joined); 2] {
    let mut ann = seek(server, 1).await;
    let mut ben = seek(server, 2).await;
    let (a, b) = (met(&mut ann).await, met(&mut ben).await);
    [(ann, a), (ben, b)]
}

#[tokio::test]
async fn two_who_wait_for_the_same_are_both_told_of_a_room_of_their_own() {
    let server = TestServer::start().await;
    let mut watcher = Person::connect(&server).await;
    watcher.ask(WatchRooms {}).await.unwrap();
    let mut cem = Person::connect(&server).await;
    cem.ask(meet(MeetingKind::Video, 3)).await.unwrap();

    let [(ann, a), (mut ben, b)] = pair(&server).await;
    assert_eq!((&a.room, &a.members), (&b.room, &b.members));
    assert_eq!(a.room.as_str().len(), 33);
    assert_eq!((a.capacity, a.state.listed), (2, false));
    let ids = a.members.iter().map(|member| member.id);
    assert_eq!(ids.collect::<Vec<_>>(), [a.you, b.you], "who waited first");
    assert_eq!(a.you, tab(1).id(a.room.as_str()));

    let id = DescriptionId {
        generation: 0,
        seq: 0,
    };
    let offer = Offer {
        to: b.you,
        to_epoch: tab(2).epoch,
        id,
        sdp: "v=0".to_owned(),
    };
    ann.ask(offer).await.unwrap();
    let heard: to_browser::Offer = ben.hear().await;
    assert_eq!(heard.from, a.you);
    cem.heard_nothing().await;
    watcher.heard_nothing().await;
}

#[tokio::test]
async fn a_new_connection_does_not_make_the_last_one_met_a_stranger() {
    let server = TestServer::start().await;
    for (person, _) in pair(&server).await {
        person.vanish().await;
    }
    let mut ann = seek(&server, 1).await;
    let mut ben = seek(&server, 2).await;
    let mut cem = seek(&server, 3).await;
    let (a, c) = (met(&mut ann).await, met(&mut cem).await);
    assert_eq!(a.room, c.room, "somebody else is there");
    ben.heard_nothing().await;
}

#[tokio::test]
async fn nobody_else_comes_into_the_room_of_two() {
    let server = TestServer::start().await;
    let [(ann, a), (mut ben, _)] = pair(&server).await;
    let cem = Person::connect(&server).await;
    let join = || tab(3).join(a.room.as_str());
    assert_eq!(cem.ask(join()).await, Err(Rejection::RoomLocked));
    let unlock = ann.ask(LockRoom { locked: false }).await;
    assert_eq!(unlock, Err(Rejection::NotHost));

    ann.ask(LeaveRoom {}).await.unwrap();
    let _: Bye = ben.hear().await;
    assert_eq!(cem.ask(join()).await, Err(Rejection::RoomLocked));
}

#[tokio::test]
async fn whoever_loses_the_connection_comes_back_to_the_one_they_met() {
    let server = TestServer::start().await;
    let [(mut ann, a), (ben, b)] = pair(&server).await;
    ben.vanish().await;
    let away = PresenceChange {
        peer: b.you,
        presence: Presence::Away,
    };
    ann.expect(away).await;
    let ben = Person::connect(&server).await;
    let back = ben.join(tab(2).join(b.room.as_str())).await;
    assert_eq!((back.you, back.members), (b.you, b.members));
    let present = PresenceChange {
        peer: a.members[1].id,
        presence: Presence::Present,
    };
    ann.expect(present).await;
}

#[tokio::test]
async fn the_one_left_behind_is_told_and_both_can_look_for_the_next() {
    let server = TestServer::start().await;
    let [(ann, a), (mut ben, _)] = pair(&server).await;
    ann.ask(LeaveRoom {}).await.unwrap();
    ann.ask(text(1)).await.unwrap();
    let left = Bye {
        peer: a.you,
        reason: ByeReason::Left,
    };
    ben.expect(left).await;
    ben.ask(LeaveRoom {}).await.unwrap();
    ben.ask(text(2)).await.unwrap();

    // A third comes before the two are out of patience: it is the turn of whoever asked first.
    let (mut ann, mut cem) = (ann, seek(&server, 3).await);
    let (a, c) = (met(&mut ann).await, met(&mut cem).await);
    assert_eq!(a.room, c.room);
    ben.heard_nothing().await;
}

#[tokio::test]
async fn two_who_just_met_meet_again_if_nobody_else_comes() {
    let server = TestServer::start().await;
    let [(mut ann, a), (mut ben, _)] = pair(&server).await;
    ann.ask(LeaveRoom {}).await.unwrap();
    let _: Bye = ben.hear().await;
    ben.ask(LeaveRoom {}).await.unwrap();
    ben.ask(text(2)).await.unwrap();
    ann.ask(text(1)).await.unwrap();
    let (again, b) = (met(&mut ann).await, met(&mut ben).await);
    assert_eq!(again.room, b.room);
    assert_ne!(again.room, a.room);
    assert_ne!(again.you, a.you, "nobody is known by an earlier meeting");
}

#[tokio::test]
async fn whoever_has_gone_is_met_by_nobody() {
    let server = TestServer::start().await;
    seek(&server, 1).await.vanish().await;
    let ben = seek(&server, 2).await;
    ben.ask(LeaveRoom {}).await.unwrap();
    let again = ben.ask(LeaveRoom {}).await;
    assert_eq!(again, Err(Rejection::NotInRoom));
    // Who goes into a room waits no longer either.
    let cem = seek(&server, 3).await;
    cem.join(tab(3).join("Lobby")).await;
    let in_a_room = cem.ask(text(3)).await;
    assert_eq!(in_a_room, Err(Rejection::AlreadyInRoom));

    let (mut dee, mut eli) = (seek(&server, 4).await, seek(&server, 5).await);
    let (d, e) = (met(&mut dee).await, met(&mut eli).await);
    assert_eq!(d.room, e.room);
}

#[tokio::test]
async fn nobody_meets_themselves_in_another_connection() {
    let server = TestServer::start().await;
    let mut first = seek(&server, 1).await;
    let mut second = seek(&server, 1).await;
    first.expect(Replaced {}).await;
    first.closed().await;
    second.heard_nothing().await;
    second.ask(text(1)).await.unwrap();
    second.heard_nothing().await;

    let mut ben = seek(&server, 2).await;
    let (a, b) = (met(&mut second).await, met(&mut ben).await);
    assert_eq!(a.room, b.room);
}

#[tokio::test]
async fn one_who_asks_and_goes_at_once_keeps_nobody_from_the_next() {
    let config = Config {
        grace_period: Duration::from_millis(200),
        ..Config::default()
    };
    let server = TestServer::with(config).await;
    let mut ann = seek(&server, 1).await;
    // Whether Ben is found in between is up to chance.
    let ben = Person::connect(&server).await;
    ben.tell(text(2)).await;
    ben.vanish().await;
    let mut cem = seek(&server, 3).await;
    let mut a = met(&mut ann).await;
    if a.members
        .iter()
        .all(|member| member.nickname.as_str() != "Person 3")
    {
        let lost = Bye {
            peer: tab(2).id(a.room.as_str()),
            reason: ByeReason::Lost,
        };
        while ann.next().await != lost.into() {}
        ann.ask(LeaveRoom {}).await.unwrap();
        ann.ask(text(1)).await.unwrap();
        a = met(&mut ann).await;
    }
    assert_eq!(a.room, met(&mut cem).await.room);
}

#[tokio::test]
async fn an_invalid_name_is_refused_and_a_busy_client_too() {
    let server = TestServer::start().await;
    let (ann, _) = enter(&server, "Lobby", 1).await;
    assert_eq!(ann.ask(text(1)).await, Err(Rejection::AlreadyInRoom));
    let nameless = Meet {
        nickname: " ".to_owned(),
        ..text(2)
    };
    let ben = Person::connect(&server).await;
    assert!(matches!(
        ben.ask(nameless).await,
        Err(Rejection::InvalidNickname { .. })
    ));
    ann.ask(LeaveRoom {}).await.unwrap();

    let config = Config {
        event_burst: 2.try_into().ok(),
        event_rate: 1.try_into().ok(),
        ..Config::default()
    };
    let server = TestServer::with(config).await;
    let cem = seek(&server, 3).await;
    assert_eq!(cem.ask(text(3)).await, Err(Rejection::RateLimited));
}

/// The tab of one of many.
fn one_of_many(number: u16) -> Meet {
    let mut secret = [0; 32];
    secret[..2].copy_from_slice(&number.to_be_bytes());
    Meet {
        kind: MeetingKind::Text,
        nickname: format!("Person {number}"),
        secret: Secret::from_bytes(secret),
        epoch: Epoch::from_bytes([0; 8]),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_and_one_at_once_leave_exactly_one_waiting() {
    const MANY: u16 = 1001;
    let config = Config {
        max_connections_per_address: usize::from(MANY) + 10,
        ..Config::default()
    };
    let server = TestServer::with(config).await;
    let mut people = futures::stream::iter(0..MANY)
        .map(|_| RawClient::connect(server.address))
        .buffer_unordered(50)
        .collect::<Vec<_>>()
        .await;

    let mut asking: FuturesUnordered<_> = (0..MANY)
        .zip(&mut people)
        .map(|(number, person)| async move {
            person.post(&one_of_many(number)).await;
            let Some(Packet::Ack(_, answer)) = person.packet().await else {
                panic!("no answer");
            };
            assert_eq!(answer, serde_json::json!({ "Ok": {} }));
            match person.packet().await {
                Some(Packet::Event(name, payload)) if name == Paired::NAME => {
                    serde_json::from_value::<Paired>(payload).unwrap().joined
                }
                other => panic!("instead of a meeting: {other:?}"),
            }
        })
        .collect();
    let mut rooms = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for _ in 1..MANY {
        let joined = soon("a meeting", asking.next()).await.unwrap();
        assert_eq!(joined.members.len(), 2);
        rooms.insert(joined.room.as_str().to_owned());
        ids.insert(joined.you);
    }
    assert_eq!((rooms.len(), ids.len()), (500, 1000));
    assert_eq!(asking.len(), 1);
    drop(asking);

    // That one meets whoever comes next.
    let mut next = Person::connect(&server).await;
    next.ask(text(200)).await.unwrap();
    let met = met(&mut next).await;
    assert!(!rooms.contains(met.room.as_str()));
}
