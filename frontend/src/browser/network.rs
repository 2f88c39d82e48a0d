//! The network that this machine is in: its own addresses, and when it may be another.

use std::pin::pin;

use futures::StreamExt;
use futures::channel::mpsc;
use futures::future::select;
use gloo_timers::future::TimeoutFuture;
use shared::signal::IceCandidate;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, RtcPeerConnection, RtcPeerConnectionIceEvent};

use super::listener::Listener;
use super::peer_connection::{Closing, gathered};
use super::{bindings, console, describe};

/// How long is waited for the last address, in milliseconds.
const LONGEST: u32 = 1_000;

/// Says when the network may have changed, until dropped. The browser says it when its own estimates
/// have, too.
#[must_use]
pub fn when_changed(handler: impl Fn() + 'static) -> Option<Listener> {
    let information = bindings::network_information()?;
    Some(Listener::new(&information, "change", move |_: Event| {
        handler();
    }))
}

/// The candidates of this machine alone. A connection gathers them once and never again by itself, so one
/// is made for nothing else.
pub async fn gather() -> Vec<IceCandidate> {
    let pc = match RtcPeerConnection::new() {
        Ok(pc) => Closing(pc.unchecked_into()),
        Err(error) => {
            console::warn(&format!("cannot look for addresses: {}", describe(&error)));
            return Vec::new();
        }
    };
    // Something to gather for.
    drop(pc.0.create_data_channel(""));
    let (tell, mut told) = mpsc::unbounded();
    let _listener = Listener::new(
        &pc.0,
        "icecandidate",
        move |event: RtcPeerConnectionIceEvent| drop(tell.unbounded_send(gathered(&event))),
    );
    if let Err(error) = JsFuture::from(pc.0.set_local_description()).await {
        console::warn(&format!("cannot look for addresses: {}", describe(&error)));
        return Vec::new();
    }
    let mut candidates = Vec::new();
    let all = async {
        while let Some(Some(candidate)) = told.next().await {
            candidates.push(candidate);
        }
    };
    drop(select(pin!(all), TimeoutFuture::new(LONGEST)).await);
    candidates
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use call::media::DeviceChoice;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::browser::{capture, testing::soon};

    #[wasm_bindgen_test]
    async fn the_same_machine_has_the_same_addresses_each_time() {
        // Whoever may capture may know them.
        let opened = capture::open(None, Some(DeviceChoice::Default)).await;
        opened.camera.unwrap().ok().unwrap();
        let mut looks = Vec::new();
        for _ in 0..2 {
            let candidates = soon("candidates", gather()).await;
            let address =
                |candidate: &IceCandidate| candidate.candidate.split(' ').nth(4).map(str::to_owned);
            let mut addresses: Vec<_> = candidates.iter().filter_map(address).collect();
            addresses.sort();
            addresses.dedup();
            looks.push(addresses);
        }
        assert_eq!(looks[0], looks[1]);
        assert!(!looks[0].is_empty());
    }
}
