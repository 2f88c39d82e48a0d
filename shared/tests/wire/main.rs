//! Pins the JSON of every event, rejection and peer message: a change here is a change of the
//! protocol, and wants a new `PROTOCOL_VERSION`.

#![expect(clippy::unwrap_used)]

mod peer_messages;

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::event::{ConnectRefusal, Hello};
use shared::remembered::{Remembered, RememberedKind, RememberedMember};
use shared::room::{IceServer, Listing, MeetingKind, Member, Presence, RoomState, RoomSummary};
use shared::signal::{DescriptionId, IceCandidate, SdpType};
use shared::{
    ClientEvent, Epoch, Event, NameError, Nickname, PeerId, Rejection, RoomName, Secret,
    to_browser, to_server,
};

const PEER: &str = "01010101010101010101010101010101";
const EPOCH: &str = "0202020202020202";

fn peer() -> PeerId {
    PeerId::from_bytes([1; 16])
}

fn epoch() -> Epoch {
    Epoch::from_bytes([2; 8])
}

fn member() -> Member {
    Member {
        id: peer(),
        nickname: Nickname::new("Kim").unwrap(),
        epoch: epoch(),
        presence: Presence::Present,
    }
}

fn state() -> RoomState {
    RoomState {
        host: peer(),
        locked: false,
        listed: true,
    }
}

fn id() -> DescriptionId {
    DescriptionId {
        generation: 0,
        seq: 3,
    }
}

fn candidate() -> IceCandidate {
    IceCandidate {
        candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host".into(),
        sdp_mid: Some("0".into()),
        sdp_m_line_index: Some(0),
        username_fragment: None,
    }
}

fn summary() -> RoomSummary {
    RoomSummary {
        room: RoomName::new("한글방").unwrap(),
        people: 2,
    }
}

/// Both ways: what we write is that JSON, and that JSON reads as what we wrote.
fn pinned<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, json: Value) {
    assert_eq!(serde_json::to_value(value).unwrap(), json);
    assert_eq!(&serde_json::from_value::<T>(json).unwrap(), value);
}

/// Pins an event, and notes its name as covered.
fn event<E: Event + PartialEq + Debug>(covered: &mut BTreeSet<&str>, event: &E, json: Value) {
    pinned(event, json);
    covered.insert(E::NAME);
}

/// Pins what acknowledges an event.
fn reply<E: ClientEvent>(reply: E::Reply, json: Value)
where
    E::Reply: PartialEq + Debug,
{
    pinned(&Ok::<_, Rejection>(reply), json!({ "Ok": json }));
}

fn joined() -> to_server::Joined {
    to_server::Joined {
        room: RoomName::new("Lobby").unwrap(),
        you: peer(),
        members: vec![member()],
        state: state(),
        capacity: 6,
        removed: Vec::new(),
        ice_servers: vec![IceServer {
            urls: vec!["stun:192.0.2.1".into()],
            username: None,
            credential: None,
        }],
    }
}

fn joined_json() -> Value {
    json!({
        "room": "Lobby",
        "you": PEER,
        "members": [member_json()],
        "state": {"host": PEER, "locked": false, "listed": true},
        "capacity": 6,
        "ice_servers": [{"urls": ["stun:192.0.2.1"]}],
    })
}

fn member_json() -> Value {
    json!({"id": PEER, "nickname": "Kim", "epoch": EPOCH, "presence": "present"})
}

fn candidate_json() -> Value {
    json!({
        "candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host",
        "sdpMid": "0",
        "sdpMLineIndex": 0,
    })
}

#[test]
fn events_to_the_server() {
    use to_server::*;
    let covered = &mut BTreeSet::new();
    let secret = Secret::from_bytes([3; 32]);

    event(
        covered,
        &JoinRoom {
            room: "Lobby".into(),
            nickname: "Kim".into(),
            secret,
            epoch: epoch(),
            list: Some(true),
            resume: None,
        },
        json!({"room": "Lobby", "nickname": "Kim", "secret": "03".repeat(32), "epoch": EPOCH, "list": true}),
    );
    let locked = true;
    let remembered = |kind| Remembered {
        members: vec![RememberedMember {
            id: peer(),
            nickname: Nickname::new("Kim").unwrap(),
            epoch: epoch(),
        }],
        kind,
    };
    let members = json!([{"id": PEER, "nickname": "Kim", "epoch": EPOCH}]);
    pinned(
        &remembered(RememberedKind::Open {
            host: peer(),
            locked,
        }),
        json!({"members": members, "kind": {"open": {"host": PEER, "locked": true}}}),
    );
    pinned(
        &remembered(RememberedKind::Pair),
        json!({"members": members, "kind": "pair"}),
    );
    reply::<JoinRoom>(joined(), joined_json());
    event(
        covered,
        &Meet {
            kind: MeetingKind::Text,
            nickname: "Kim".into(),
            secret,
            epoch: epoch(),
        },
        json!({"kind": "text", "nickname": "Kim", "secret": "03".repeat(32), "epoch": EPOCH}),
    );
    pinned(&MeetingKind::Video, json!("video"));
    reply::<Meet>(Done {}, json!({}));
    event(covered, &LeaveRoom {}, json!({}));
    reply::<LeaveRoom>(Done {}, json!({}));
    event(
        covered,
        &Offer {
            to: peer(),
            to_epoch: epoch(),
            id: id(),
            sdp: "v=0".into(),
        },
        json!({"to": PEER, "to_epoch": EPOCH, "id": {"generation": 0, "seq": 3}, "sdp": "v=0"}),
    );
    event(
        covered,
        &Answer {
            to: peer(),
            to_epoch: epoch(),
            id: id(),
            sdp: "v=0".into(),
        },
        json!({"to": PEER, "to_epoch": EPOCH, "id": {"generation": 0, "seq": 3}, "sdp": "v=0"}),
    );
    event(
        covered,
        &Ice {
            to: peer(),
            to_epoch: epoch(),
            id: id(),
            of: SdpType::Offer,
            candidates: vec![candidate()],
        },
        json!({
            "to": PEER,
            "to_epoch": EPOCH,
            "id": {"generation": 0, "seq": 3},
            "of": "offer",
            "candidates": [candidate_json()],
        }),
    );
    event(covered, &LockRoom { locked: true }, json!({"locked": true}));
    event(
        covered,
        &RemoveMember { peer: peer() },
        json!({"peer": PEER}),
    );
    event(covered, &WatchRooms {}, json!({}));
    reply::<WatchRooms>(
        OpenRooms {
            listing: Listing::OptIn,
            rooms: vec![summary()],
        },
        json!({"listing": "opt-in", "rooms": [{"room": "한글방", "people": 2}]}),
    );
    event(covered, &UnwatchRooms {}, json!({}));
    event(covered, &GetIceServers {}, json!({}));
    reply::<GetIceServers>(
        IceServers {
            ice_servers: joined().ice_servers,
        },
        json!({"ice_servers": [{"urls": ["stun:192.0.2.1"]}]}),
    );

    assert_eq!(*covered, BTreeSet::from(to_server::NAMES));
}

#[test]
fn events_to_the_browser() {
    use to_browser::*;
    let covered = &mut BTreeSet::new();

    event(
        covered,
        &Paired { joined: joined() },
        json!({"joined": joined_json()}),
    );
    event(
        covered,
        &Welcome { member: member() },
        json!({"member": member_json()}),
    );
    event(
        covered,
        &Bye {
            peer: peer(),
            reason: ByeReason::Left,
        },
        json!({"peer": PEER, "reason": "left"}),
    );
    event(
        covered,
        &PresenceChange {
            peer: peer(),
            presence: Presence::Away,
        },
        json!({"peer": PEER, "presence": "away"}),
    );
    event(
        covered,
        &RoomStateChange { state: state() },
        json!({"state": {"host": PEER, "locked": false, "listed": true}}),
    );
    event(
        covered,
        &RoomChange {
            rooms: vec![summary()],
        },
        json!({"rooms": [{"room": "한글방", "people": 2}]}),
    );
    event(
        covered,
        &Offer {
            from: peer(),
            from_epoch: epoch(),
            id: id(),
            sdp: "v=0".into(),
        },
        json!({"from": PEER, "from_epoch": EPOCH, "id": {"generation": 0, "seq": 3}, "sdp": "v=0"}),
    );
    event(
        covered,
        &Answer {
            from: peer(),
            from_epoch: epoch(),
            id: id(),
            sdp: "v=0".into(),
        },
        json!({"from": PEER, "from_epoch": EPOCH, "id": {"generation": 0, "seq": 3}, "sdp": "v=0"}),
    );
    event(
        covered,
        &Ice {
            from: peer(),
            from_epoch: epoch(),
            id: id(),
            of: SdpType::Answer,
            candidates: vec![candidate()],
        },
        json!({
            "from": PEER,
            "from_epoch": EPOCH,
            "id": {"generation": 0, "seq": 3},
            "of": "answer",
            "candidates": [candidate_json()],
        }),
    );
    event(covered, &Replaced {}, json!({}));
    event(covered, &Removed {}, json!({}));
    event(
        covered,
        &Dropped {
            reason: Rejection::RateLimited,
        },
        json!({"reason": {"code": "rate_limited"}}),
    );

    assert_eq!(*covered, to_browser::NAMES.iter().copied().collect());
}

#[test]
fn an_event_decodes_by_its_name() {
    let bye = json!({"peer": PEER, "reason": "lost"});
    let decoded = to_browser::Message::decode("bye", bye.clone());
    assert!(matches!(decoded, Some(Ok(to_browser::Message::Bye(_)))));
    assert!(to_browser::Message::decode("good_bye", bye).is_none());
    assert!(matches!(
        to_browser::Message::decode("bye", json!({})),
        Some(Err(_))
    ));
}

#[test]
fn rejections() {
    let rejections = [
        (
            Rejection::Malformed {
                detail: "missing field `to`".into(),
            },
            json!({"code": "malformed", "detail": "missing field `to`"}),
        ),
        (Rejection::UnknownEvent, json!({"code": "unknown_event"})),
        (
            Rejection::InvalidRoomName {
                why: NameError::TooLong { limit: 64 },
            },
            json!({"code": "invalid_room_name", "why": {"code": "too_long", "limit": 64}}),
        ),
        (
            Rejection::InvalidNickname {
                why: NameError::Forbidden {
                    character: '\u{202e}',
                },
            },
            json!({"code": "invalid_nickname", "why": {"code": "forbidden", "character": "\u{202e}"}}),
        ),
        (
            Rejection::InvalidRoomName {
                why: NameError::Empty,
            },
            json!({"code": "invalid_room_name", "why": {"code": "empty"}}),
        ),
        (
            Rejection::InvalidRoomName {
                why: NameError::Reserved,
            },
            json!({"code": "invalid_room_name", "why": {"code": "reserved"}}),
        ),
        (
            Rejection::TooLarge { limit: 64 },
            json!({"code": "too_large", "limit": 64}),
        ),
        (Rejection::NotInRoom, json!({"code": "not_in_room"})),
        (Rejection::AlreadyInRoom, json!({"code": "already_in_room"})),
        (
            Rejection::RoomFull { capacity: 6 },
            json!({"code": "room_full", "capacity": 6}),
        ),
        (Rejection::RoomLocked, json!({"code": "room_locked"})),
        (Rejection::RemovedByHost, json!({"code": "removed_by_host"})),
        (Rejection::NotHost, json!({"code": "not_host"})),
        (Rejection::NoSuchPeer, json!({"code": "no_such_peer"})),
        (Rejection::PeerAway, json!({"code": "peer_away"})),
        (Rejection::StaleEpoch, json!({"code": "stale_epoch"})),
        (Rejection::RateLimited, json!({"code": "rate_limited"})),
        (Rejection::QueueFull, json!({"code": "queue_full"})),
        (Rejection::Closing, json!({"code": "closing"})),
    ];
    for (rejection, json) in rejections {
        pinned(&rejection, json.clone());
        pinned(
            &Err::<to_server::Done, _>(rejection),
            json!({ "Err": json }),
        );
    }
}

#[test]
fn connecting() {
    pinned(&Hello { protocol: 1 }, json!({"protocol": 1}));
    for refusal in ConnectRefusal::ALL {
        assert_eq!(ConnectRefusal::from_code(refusal.code()), Some(refusal));
    }
    assert_eq!(ConnectRefusal::from_code("tired"), None);
}
