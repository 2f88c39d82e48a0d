//! Signals between two peers: they reach the one they are addressed to, and nobody else.

use shared::room::Presence;
use shared::signal::{DescriptionId, IceCandidate, SdpType};
use shared::to_browser::{self, PresenceChange, Welcome};
use shared::to_server::{Answer, Ice, LeaveRoom, Offer};
use shared::{Epoch, PeerId, Rejection};

use crate::support::{Person, TestServer, enter, tab};

const ID: DescriptionId = DescriptionId {
    generation: 1,
    seq: 2,
};

fn offer(to: PeerId) -> Offer {
    Offer {
        to,
        to_epoch: tab(0).epoch,
        id: ID,
        sdp: "v=0\r\n".to_owned(),
    }
}

/// Three people in one room, who have all been told of each other.
async fn three(server: &TestServer) -> ([Person; 3], [PeerId; 3]) {
    let (mut ann, a) = enter(server, "Lobby", 1).await;
    let (mut ben, b) = enter(server, "Lobby", 2).await;
    let (cem, c) = enter(server, "Lobby", 3).await;
    for _ in 0..2 {
        let _: Welcome = ann.hear().await;
    }
    let _: Welcome = ben.hear().await;
    ([ann, ben, cem], [a.you, b.you, c.you])
}

#[tokio::test]
async fn each_kind_of_signal_reaches_its_receiver_alone_and_names_its_sender() {
    let server = TestServer::start().await;
    let ([ann, mut ben, mut cem], [a, b, _]) = three(&server).await;
    let (to, to_epoch) = (b, tab(2).epoch);
    let sdp = "v=0\r\n".to_owned();
    let candidates = vec![IceCandidate {
        candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host".to_owned(),
        sdp_mid: Some("0".to_owned()),
        sdp_m_line_index: Some(0),
        username_fragment: Some("abcd".to_owned()),
    }];
    ann.ask(offer(b)).await.unwrap();
    ann.ask(Answer {
        to,
        to_epoch,
        id: ID,
        sdp: sdp.clone(),
    })
    .await
    .unwrap();
    ann.tell(Ice {
        to,
        to_epoch,
        id: ID,
        of: SdpType::Answer,
        candidates: candidates.clone(),
    })
    .await;

    let (from, from_epoch) = (a, tab(1).epoch);
    ben.expect(to_browser::Offer {
        from,
        from_epoch,
        id: ID,
        sdp: sdp.clone(),
    })
    .await;
    ben.expect(to_browser::Answer {
        from,
        from_epoch,
        id: ID,
        sdp,
    })
    .await;
    ben.expect(to_browser::Ice {
        from,
        from_epoch,
        id: ID,
        of: SdpType::Answer,
        candidates,
    })
    .await;
    cem.heard_nothing().await;
}

#[tokio::test]
async fn the_server_and_not_the_sender_says_who_is_speaking() {
    let server = TestServer::start().await;
    let ([ann, mut ben, _], [a, b, c]) = three(&server).await;
    let mut forged = serde_json::to_value(offer(b)).unwrap();
    forged["from"] = serde_json::to_value(c).unwrap();
    forged["from_epoch"] = serde_json::to_value(Epoch::from_bytes([9; 8])).unwrap();
    ann.ask_raw("offer", forged).await;
    let heard: to_browser::Offer = ben.hear().await;
    assert_eq!((heard.from, heard.from_epoch), (a, tab(1).epoch));
}

#[tokio::test]
async fn a_signal_cannot_leave_its_room() {
    let server = TestServer::start().await;
    let ([ann, mut ben, _], [_, b, _]) = three(&server).await;
    let (mut dee, elsewhere) = enter(&server, "Cellar", 4).await;
    let nobody = Err(Rejection::NoSuchPeer);
    assert_eq!(ann.ask(offer(elsewhere.you)).await, nobody);
    assert_eq!(dee.ask(offer(b)).await, nobody);
    assert_eq!(ann.ask(offer(PeerId::from_bytes([9; 16]))).await, nobody);
    dee.heard_nothing().await;
    ben.heard_nothing().await;
}

#[tokio::test]
async fn a_signal_to_one_who_is_away_or_has_left_is_refused() {
    let server = TestServer::start().await;
    let ([mut ann, ben, cem], [_, b, c]) = three(&server).await;
    ben.vanish().await;
    ann.expect(PresenceChange {
        peer: b,
        presence: Presence::Away,
    })
    .await;
    assert_eq!(ann.ask(offer(b)).await, Err(Rejection::PeerAway));
    cem.ask(LeaveRoom {}).await.unwrap();
    assert_eq!(ann.ask(offer(c)).await, Err(Rejection::NoSuchPeer));

    let back = Person::connect(&server).await;
    back.join(tab(2).join("Lobby")).await;
    ann.ask(offer(b)).await.unwrap();
}

#[tokio::test]
async fn a_signal_to_an_earlier_load_of_the_page_is_refused() {
    let server = TestServer::start().await;
    let ([mut ann, _ben, _cem], [_, b, _]) = three(&server).await;
    let mut reloaded = Person::connect(&server).await;
    reloaded.join(tab(2).reloaded(1).join("Lobby")).await;
    let _: Welcome = ann.hear().await;
    assert_eq!(ann.ask(offer(b)).await, Err(Rejection::StaleEpoch));
    let current = Offer {
        to_epoch: tab(2).reloaded(1).epoch,
        ..offer(b)
    };
    ann.ask(current).await.unwrap();
    let _: to_browser::Offer = reloaded.hear().await;
}

#[tokio::test]
async fn after_a_take_over_signals_reach_the_newer_connection() {
    let server = TestServer::start().await;
    let ([ann, mut ben, _cem], [_, b, _]) = three(&server).await;
    let mut newer = Person::connect(&server).await;
    newer.join(tab(2).join("Lobby")).await;
    ann.ask(offer(b)).await.unwrap();
    let _: to_browser::Offer = newer.hear().await;
    let _: to_browser::Replaced = ben.hear().await;
    ben.closed().await;
}
