//! An offer and an answer that nobody needs, made while the person looks at the preview: a browser
//! compiles code when it first runs, and takes far longer for a page's first connection than for the
//! next. That time is better spent before joining than after.

use std::rc::Rc;

use call::input::LinkEvent;
use call::output::{IceCredentials, IceTransportPolicy, LinkRole};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;

use crate::browser::console;
use crate::browser::peer_connection::{LinkError, PeerConnection};

/// How long the preview gets to show itself first, in milliseconds.
const AFTER: u32 = 200;

/// Rehearses once, soon, unless dropped before.
pub fn rehearse_soon() -> Timeout {
    Timeout::new(AFTER, || {
        spawn_local(async {
            if let Err(error) = rehearse().await {
                console::warn(&format!("the rehearsal failed: {error}"));
            }
        });
    })
}

/// Neither side hears of the other's candidates: nothing is connected, or sent.
async fn rehearse() -> Result<(), LinkError> {
    let ignore: Rc<dyn Fn(LinkEvent)> = Rc::new(|_| {});
    let all = IceTransportPolicy::All;
    let mut offerer = PeerConnection::new(&[], all, LinkRole::Offerer, ignore.clone())?;
    let mut answerer = PeerConnection::new(&[], all, LinkRole::Answerer, ignore)?;
    let offer = offerer.create_offer(IceCredentials::Same).await?;
    let answer = answerer.accept_offer(&offer).await?;
    offerer.accept_answer(&answer).await
}
