//! Order and first events, with thousands of fresh connections and messages on every core: nothing is
//! lost, nothing is overtaken, and every head count is right at every moment. socketioxide by itself
//! warrants none of it.

use std::num::NonZeroU32;
use std::time::Duration;

use backend::Config;
use futures::future::join_all;
use shared::PeerId;
use shared::signal::{DescriptionId, IceCandidate, SdpType};
use shared::to_browser::{self, Message, Welcome};
use shared::to_server::{Answer, Ice, Joined, LeaveRoom, Offer, UnwatchRooms};

use crate::support::raw::{Packet, RawClient};
use crate::support::{TestServer, tab};

/// For clients that do nothing else.
fn generous() -> Config {
    Config {
        event_rate: NonZeroU32::new(1_000_000),
        event_burst: NonZeroU32::new(4096),
        max_connections_per_address: 10_000,
        // They answer no ping while they send, however long that takes on a busy machine.
        ping_timeout: Duration::from_secs(120),
        ..Config::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_sent_the_moment_the_connection_stands_is_answered() {
    let server = TestServer::with(generous()).await;
    let visitors = (0..16).map(|visitor: u8| {
        let address = server.address;
        tokio::spawn(async move {
            let room = format!("Room {visitor}");
            for _ in 0..150 {
                let mut client = RawClient::connect(address).await;
                let joined = client.ask(&tab(visitor).join(&room)).await.unwrap();
                assert_eq!(joined.members.len(), 1);
                client.ask(&LeaveRoom {}).await.unwrap();
            }
        })
    });
    for visitor in join_all(visitors).await {
        visitor.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_events_sent_at_once_are_answered_in_their_order() {
    let server = TestServer::with(generous()).await;
    let visitors = (0..8).map(|visitor: u8| {
        let address = server.address;
        tokio::spawn(async move {
            for _ in 0..50 {
                let mut client = RawClient::connect(address).await;
                let join = tab(visitor).join("one after another");
                let room = format!("{} {visitor}", join.room);
                let join = shared::to_server::JoinRoom { room, ..join };
                let mut sent = Vec::new();
                for _ in 0..5 {
                    sent.push(client.post(&join).await);
                    sent.push(client.post(&LeaveRoom {}).await);
                    sent.push(client.post(&UnwatchRooms {}).await);
                }
                for id in sent {
                    match client.packet().await {
                        Some(Packet::Ack(acked, answer)) => {
                            assert_eq!(acked, id);
                            assert!(answer["Ok"].is_object(), "{answer}");
                        }
                        other => panic!("instead of answer {id}: {other:?}"),
                    }
                }
            }
        })
    });
    for visitor in join_all(visitors).await {
        visitor.unwrap();
    }
}

/// Sends the signal number `n`, of one kind or another.
async fn send(sender: &mut RawClient, to: PeerId, n: u32) {
    let to_epoch = tab(0).epoch;
    let id = DescriptionId {
        generation: 0,
        seq: n,
    };
    let sdp = "v".repeat(n as usize % 7000);
    match n % 5 {
        0 => {
            sender
                .post(&Offer {
                    to,
                    to_epoch,
                    id,
                    sdp,
                })
                .await
        }
        1 => {
            sender
                .post(&Answer {
                    to,
                    to_epoch,
                    id,
                    sdp,
                })
                .await
        }
        _ => {
            let candidate = IceCandidate {
                candidate: format!("candidate:{n}"),
                sdp_mid: None,
                sdp_m_line_index: None,
                username_fragment: None,
            };
            let candidates = vec![candidate];
            let of = SdpType::Offer;
            sender
                .post(&Ice {
                    to,
                    to_epoch,
                    id,
                    of,
                    candidates,
                })
                .await
        }
    };
}

fn number(message: &Message) -> Option<u32> {
    match message {
        Message::Offer(to_browser::Offer { id, .. })
        | Message::Answer(to_browser::Answer { id, .. })
        | Message::Ice(to_browser::Ice { id, .. }) => Some(id.seq),
        Message::Welcome(_)
        | Message::Bye(_)
        | Message::PresenceChange(_)
        | Message::RoomStateChange(_)
        | Message::RoomChange(_)
        | Message::Replaced(_)
        | Message::Removed(_)
        | Message::Dropped(_)
        | Message::Paired(_) => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_signal_overtakes_another_of_the_same_sender() {
    const SIGNALS: u32 = 1000;
    let server = TestServer::with(generous()).await;
    let pairs = (0..8).map(|pair: u8| {
        let address = server.address;
        tokio::spawn(async move {
            let room = format!("Pair {pair}");
            let mut receiver = RawClient::connect(address).await;
            let Joined { you: to, .. } = receiver.ask(&tab(1).join(&room)).await.unwrap();
            let mut sender = RawClient::connect(address).await;
            sender.ask(&tab(2).join(&room)).await.unwrap();
            let sending = async {
                for n in 0..SIGNALS {
                    send(&mut sender, to, n).await;
                }
                for _ in 0..SIGNALS {
                    match sender.packet().await {
                        Some(Packet::Ack(_, answer)) => assert!(answer["Ok"].is_object()),
                        other => panic!("instead of an answer: {other:?}"),
                    }
                }
            };
            let receiving = async {
                let mut next = 0;
                while next < SIGNALS {
                    let Some(Packet::Event(name, payload)) = receiver.packet().await else {
                        panic!("closed after {next}");
                    };
                    let message = Message::decode(&name, payload).unwrap().unwrap();
                    if let Some(n) = number(&message) {
                        assert_eq!(n, next);
                        next += 1;
                    }
                }
            };
            tokio::join!(sending, receiving);
        })
    });
    for pair in join_all(pairs).await {
        pair.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_come_in_the_order_in_which_the_room_changes() {
    const VISITS: usize = 60;
    let server = TestServer::with(generous()).await;
    let address = server.address;
    let mut host = RawClient::connect(address).await;
    let Joined { you, .. } = host.ask(&tab(1).join("Lobby")).await.unwrap();
    let visitors = (2..7).map(|visitor: u8| {
        tokio::spawn(async move {
            let mut client = RawClient::connect(address).await;
            for _ in 0..VISITS {
                let join = client.post(&tab(visitor).join("Lobby")).await;
                let joined: Joined = answer(&mut client, join, &mut Vec::new()).await;
                let mut present: Vec<_> = joined.members.iter().map(|who| who.id).collect();
                assert!(present.contains(&you));
                let leave = client.post(&LeaveRoom {}).await;
                let _: shared::to_server::Done = answer(&mut client, leave, &mut present).await;
            }
        })
    });
    let visitors = tokio::spawn(join_all(visitors));
    let mut present = vec![you];
    for _ in 0..2 * VISITS * 5 {
        hear(&mut host, &mut present).await;
    }
    assert_eq!(present, [you]);
    for visitor in visitors.await.unwrap() {
        visitor.unwrap();
    }
}

/// Waits for an answer, keeping account of who is there meanwhile.
async fn answer<T: serde::de::DeserializeOwned>(
    client: &mut RawClient,
    id: u64,
    present: &mut Vec<PeerId>,
) -> T {
    loop {
        match client.packet().await {
            Some(Packet::Ack(acked, answer)) => {
                assert_eq!(acked, id);
                return serde_json::from_value(answer["Ok"].clone()).unwrap();
            }
            Some(Packet::Event(name, payload)) => account(present, &name, payload),
            other => panic!("instead of answer {id}: {other:?}"),
        }
    }
}

async fn hear(client: &mut RawClient, present: &mut Vec<PeerId>) {
    match client.packet().await {
        Some(Packet::Event(name, payload)) => account(present, &name, payload),
        other => panic!("instead of an event: {other:?}"),
    }
}

/// Nobody comes who is there already, and nobody goes who is not.
fn account(present: &mut Vec<PeerId>, name: &str, payload: serde_json::Value) {
    match Message::decode(name, payload).unwrap().unwrap() {
        Message::Welcome(Welcome { member }) => {
            assert!(!present.contains(&member.id));
            present.push(member.id);
            assert!(present.len() <= 6);
        }
        Message::Bye(to_browser::Bye { peer, .. }) => {
            let index = present.iter().position(|&who| who == peer).unwrap();
            present.remove(index);
        }
        other => panic!("{other:?}"),
    }
}
