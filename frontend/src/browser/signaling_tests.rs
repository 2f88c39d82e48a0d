//! How Chromium's signalling states really change: the table that the `call` crate's fake browser
//! is made by (RFC 8829 §3.2, with the implicit rollback of W3C webrtc-pc).
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm)]

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    DomException, RtcPeerConnection, RtcSdpType, RtcSessionDescriptionInit, RtcSignalingState,
};

#[derive(Clone, Copy, Debug)]
enum Setting {
    LocalOffer,
    LocalAnswer,
    RemoteOffer,
    RemoteAnswer,
}

use RtcSignalingState::{HaveLocalOffer, HaveRemoteOffer, Stable};
use Setting::{LocalAnswer, LocalOffer, RemoteAnswer, RemoteOffer};

/// State, what is set, and the state after it; `None` where Chromium throws `InvalidStateError`.
const TABLE: [(RtcSignalingState, Setting, Option<RtcSignalingState>); 12] = [
    (Stable, LocalOffer, Some(HaveLocalOffer)),
    (Stable, LocalAnswer, None),
    (Stable, RemoteOffer, Some(HaveRemoteOffer)),
    (Stable, RemoteAnswer, None),
    (HaveLocalOffer, LocalOffer, Some(HaveLocalOffer)),
    (HaveLocalOffer, LocalAnswer, None),
    // Rolls the own offer back.
    (HaveLocalOffer, RemoteOffer, Some(HaveRemoteOffer)),
    (HaveLocalOffer, RemoteAnswer, Some(Stable)),
    (HaveRemoteOffer, LocalOffer, None),
    (HaveRemoteOffer, LocalAnswer, Some(Stable)),
    (HaveRemoteOffer, RemoteOffer, Some(HaveRemoteOffer)),
    (HaveRemoteOffer, RemoteAnswer, None),
];

#[wasm_bindgen_test]
async fn chromium_goes_by_the_table() {
    for (state, setting, expected) in TABLE {
        let pc = connection();
        let other = connection();
        bring_to(&pc, &other, state).await;
        let result = set(&pc, &other, setting).await;
        match expected {
            Some(after) => {
                assert!(result.is_ok(), "{setting:?} in {state:?}: {result:?}");
                assert_eq!(pc.signaling_state(), after, "{setting:?} in {state:?}");
            }
            None => {
                let error: DomException = result.unwrap_err().dyn_into().unwrap();
                assert_eq!(
                    error.name(),
                    "InvalidStateError",
                    "{setting:?} in {state:?}"
                );
                assert_eq!(pc.signaling_state(), state, "{setting:?} in {state:?}");
            }
        }
        pc.close();
        other.close();
    }
}

#[wasm_bindgen_test]
async fn a_second_answer_is_refused() {
    let pc = connection();
    let other = connection();
    bring_to(&pc, &other, HaveLocalOffer).await;
    set(&pc, &other, RemoteAnswer).await.unwrap();
    let error: DomException = set(&pc, &other, RemoteAnswer)
        .await
        .unwrap_err()
        .dyn_into()
        .unwrap();
    assert_eq!(error.name(), "InvalidStateError");
    pc.close();
    other.close();
}

fn connection() -> RtcPeerConnection {
    let pc = RtcPeerConnection::new().unwrap();
    pc.add_transceiver_with_str("audio");
    pc
}

async fn bring_to(pc: &RtcPeerConnection, other: &RtcPeerConnection, state: RtcSignalingState) {
    match state {
        HaveLocalOffer => set(pc, other, LocalOffer).await.unwrap(),
        HaveRemoteOffer => set(pc, other, RemoteOffer).await.unwrap(),
        _ => {}
    }
    assert_eq!(pc.signaling_state(), state);
}

/// Sets a description of that sort: the other end's real answer where there is an offer to answer,
/// otherwise what strangers say to each other.
async fn set(
    pc: &RtcPeerConnection,
    other: &RtcPeerConnection,
    setting: Setting,
) -> Result<(), JsValue> {
    match setting {
        // Without a text, the browser itself makes the description.
        LocalOffer => {
            run(pc.set_local_description(&RtcSessionDescriptionInit::new(RtcSdpType::Offer))).await
        }
        LocalAnswer => {
            run(pc.set_local_description(&RtcSessionDescriptionInit::new(RtcSdpType::Answer))).await
        }
        RemoteOffer => {
            let offer = JsFuture::from(connection().create_offer()).await?;
            run(pc.set_remote_description(offer.unchecked_ref())).await
        }
        RemoteAnswer => {
            let init = RtcSessionDescriptionInit::new(RtcSdpType::Answer);
            init.set_sdp(&answer_to(pc, other).await);
            run(pc.set_remote_description(&init)).await
        }
    }
}

/// The other end's answer to what is offered, or any answer when nothing is.
async fn answer_to(pc: &RtcPeerConnection, other: &RtcPeerConnection) -> String {
    let pending = pc
        .local_description()
        .filter(|_| pc.signaling_state() == HaveLocalOffer);
    let Some(offer) = pending else {
        return strange_answer().await;
    };
    let init = RtcSessionDescriptionInit::new(RtcSdpType::Offer);
    init.set_sdp(&offer.sdp());
    answer_of(other, &init).await
}

async fn strange_answer() -> String {
    let offer = JsFuture::from(connection().create_offer()).await.unwrap();
    answer_of(&connection(), offer.unchecked_ref()).await
}

async fn answer_of(pc: &RtcPeerConnection, offer: &RtcSessionDescriptionInit) -> String {
    run(pc.set_remote_description(offer)).await.unwrap();
    let answer = JsFuture::from(pc.create_answer()).await.unwrap();
    RtcSessionDescriptionInit::from(answer).get_sdp().unwrap()
}

async fn run(promise: js_sys::Promise) -> Result<(), JsValue> {
    JsFuture::from(promise).await.map(|_: JsValue| ())
}
