//! Two peer connections, as they find each other and part.
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm)]

use call::input::LinkEvent;
use call::output::{IceCredentials, LinkCommand, LinkRole, Slot};
use shared::PeerMessage;
use shared::peer::{CameraState, MediaState, MicrophoneState};
use shared::signal::IceCandidate;
use wasm_bindgen_test::wasm_bindgen_test;

use super::links_pair::{Ann, Bob, LINK, Pair, answer_of, camera, failure_of, offer_of};
use crate::browser::testing::see_frames;

fn m_lines(sdp: &str) -> Vec<&str> {
    sdp.lines()
        .filter_map(|line| line.strip_prefix("m=")?.split(' ').next())
        .collect()
}

fn hello() -> PeerMessage {
    PeerMessage::Hello {
        version: 1,
        media: MediaState {
            microphone: MicrophoneState::Muted,
            camera: CameraState::On,
            screen: false,
        },
    }
}

#[wasm_bindgen_test]
async fn four_media_descriptions_and_a_channel_and_never_more() {
    let mut pair = Pair::new(LinkRole::Offerer, LinkRole::Answerer);
    let (offer, answer) = pair.offer_and_answer(Ann, Bob).await;
    let fixed = ["audio", "video", "video", "audio", "application"];
    assert_eq!(m_lines(&offer), fixed);
    assert_eq!(m_lines(&answer), fixed);
    assert_eq!(answer.matches("a=sendrecv").count(), 4, "{answer}");

    // The answerer's own offer reuses them.
    let (offer, answer) = pair.offer_and_answer(Bob, Ann).await;
    assert_eq!(m_lines(&offer), fixed);
    assert_eq!(m_lines(&answer), fixed);
}

#[wasm_bindgen_test]
async fn messages_pass_each_way_and_what_is_too_large_is_garbage() {
    let mut pair = Pair::connected().await;
    for (from, to) in [(Ann, Bob), (Bob, Ann)] {
        pair.command(from, LinkCommand::Send(hello()));
        let text = pair
            .event(to, "a message", |event| match event {
                LinkEvent::ChannelMessage(text) => Some(text.clone()),
                _ => None,
            })
            .await;
        assert_eq!(serde_json::from_str::<PeerMessage>(&text).unwrap(), hello());
    }
    let text = "한".repeat(30_000);
    pair.command(Ann, LinkCommand::Send(PeerMessage::Chat { id: 0, text }));
    pair.tells(Bob, LinkEvent::ChannelGarbage).await;
}

#[wasm_bindgen_test]
async fn crossing_first_offers_end_with_four_media_descriptions_too() {
    let mut pair = Pair::new(LinkRole::Offerer, LinkRole::Offerer);
    for side in [Ann, Bob] {
        pair.command(side, LinkCommand::CreateOffer(IceCredentials::Same));
    }
    let offer = pair.event(Ann, "an offer", offer_of).await;
    pair.event(Bob, "an offer", offer_of).await;
    pair.early[Bob as usize].clear();
    // Bob gives way.
    pair.command(Bob, LinkCommand::AcceptOffer { sdp: offer });
    let answer = pair.event(Bob, "an answer", answer_of).await;
    pair.command(Ann, LinkCommand::AcceptAnswer { sdp: answer });
    let (offer, _) = pair.offer_and_answer(Bob, Ann).await;
    assert_eq!(m_lines(&offer).len(), 5, "{offer}");
}

#[wasm_bindgen_test]
async fn new_credentials_come_with_an_ice_restart_only() {
    let mut pair = Pair::connected().await;
    let mut fragments = Vec::new();
    for credentials in [IceCredentials::Same, IceCredentials::New] {
        let (offer, _) = pair.exchange(Ann, Bob, credentials).await;
        let fragment = offer
            .lines()
            .find_map(|line| line.strip_prefix("a=ice-ufrag:"))
            .unwrap();
        fragments.push(fragment.to_owned());
    }
    assert_ne!(fragments[0], fragments[1]);
}

#[wasm_bindgen_test]
async fn a_restart_of_ice_on_a_path_that_stands_is_not_noticed() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    let camera = &streams[Slot::Camera as usize];
    pair.links[Ann as usize].set_tracks(self::camera().await);
    see_frames("frames", camera, 3).await;
    for (offerer, answerer) in [(Ann, Bob), (Bob, Ann)] {
        pair.exchange(offerer, answerer, IceCredentials::New).await;
        see_frames("frames", camera, 10).await;
        pair.command(Ann, LinkCommand::Send(hello()));
        pair.event(Bob, "a message", |event| match event {
            LinkEvent::ChannelMessage(_) => Some(()),
            _ => None,
        })
        .await;
    }
    let told = pair.events.concat();
    assert!(told.is_empty(), "{told:?}");
}

#[wasm_bindgen_test]
async fn what_cannot_be_done_is_told_and_the_link_lives_on() {
    let mut pair = Pair::connected().await;
    pair.command(
        Ann,
        LinkCommand::AcceptAnswer {
            sdp: "v=0\r\n".to_owned(),
        },
    );
    pair.event(Ann, "a failure", failure_of).await;
    pair.command(
        Ann,
        LinkCommand::AcceptOffer {
            sdp: "nonsense".to_owned(),
        },
    );
    pair.event(Ann, "a failure", failure_of).await;
    pair.command(
        Ann,
        LinkCommand::AddCandidates(vec![IceCandidate {
            candidate: "nonsense".to_owned(),
            sdp_mid: Some("99".to_owned()),
            sdp_m_line_index: None,
            username_fragment: None,
        }]),
    );
    pair.command(Ann, LinkCommand::Send(hello()));
    pair.event(Bob, "a message", |event| match event {
        LinkEvent::ChannelMessage(_) => Some(()),
        _ => None,
    })
    .await;
}

#[wasm_bindgen_test]
async fn closing_waits_for_nothing_and_the_other_side_sees_it() {
    let mut pair = Pair::connected().await;
    pair.command(Ann, LinkCommand::CreateOffer(IceCredentials::New));
    pair.command(Ann, LinkCommand::Close);
    assert!(!pair.links[0].has(LINK));
    pair.tells(Bob, LinkEvent::ChannelClosed).await;
    assert!(
        !pair.events[0]
            .iter()
            .any(|event| matches!(event, LinkEvent::OfferCreated { .. })),
        "a closed link is silent"
    );
}
