//! The data channel of a peer connection, as a guard: bounded both ways, whatever the other side
//! does. What the messages mean is the call's.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use call::input::LinkEvent;
use js_sys::JsString;
use shared::limits::PEER_MESSAGE_BYTES;
use shared::peer::{CHANNEL_ID, CHANNEL_LABEL};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, MessageEvent, RtcDataChannel, RtcDataChannelInit, RtcDataChannelState, RtcPeerConnection,
};

use super::listener::Listener;
use super::{console, describe};

/// How many bytes are handed to the browser at a time …
const HIGH_WATER: u32 = 1024 * 1024;

/// … and at how few left over it gets more.
const LOW_WATER: u32 = 256 * 1024;

/// How many messages may wait for that. A peer that takes none for so long is not waited for.
const WAITING: usize = 512;

/// An open or opening channel. Dropping it closes it.
pub(super) struct DataChannel {
    channel: RtcDataChannel,
    waiting: Rc<RefCell<VecDeque<String>>>,
    _listeners: [Listener; 4],
}

impl DataChannel {
    /// Makes this side's half; the other makes its own (W3C webrtc-pc, `negotiated`).
    pub fn new(pc: &RtcPeerConnection, tell: &Rc<dyn Fn(LinkEvent)>) -> Self {
        let init = RtcDataChannelInit::new();
        init.set_negotiated(true);
        init.set_id(CHANNEL_ID);
        let channel = pc.create_data_channel_with_data_channel_dict(CHANNEL_LABEL, &init);
        channel.set_buffered_amount_low_threshold(LOW_WATER);
        let waiting = Rc::<RefCell<VecDeque<String>>>::default();
        let flush_waiting = {
            let (channel, waiting) = (channel.clone(), waiting.clone());
            move || flush(&channel, &waiting)
        };
        let (opened, flush_opened) = (tell.clone(), flush_waiting.clone());
        let (closed, messages) = (tell.clone(), tell.clone());
        let listeners = [
            Listener::new(&channel, "open", move |_: Event| {
                opened(LinkEvent::ChannelOpened);
                flush_opened();
            }),
            Listener::new(&channel, "bufferedamountlow", move |_: Event| {
                flush_waiting()
            }),
            Listener::new(&channel, "close", move |_: Event| {
                closed(LinkEvent::ChannelClosed);
            }),
            Listener::new(&channel, "message", move |event: MessageEvent| {
                messages(received(&event.data()));
            }),
        ];
        Self {
            channel,
            waiting,
            _listeners: listeners,
        }
    }

    /// Sends text, in order, when the channel is open and has room. Text that cannot be sent is
    /// lost; whoever cares asks for a receipt.
    pub fn send(&self, text: String) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.len() >= WAITING {
            console::warn("a peer takes no messages; one was dropped");
            return;
        }
        waiting.push_back(text);
        drop(waiting);
        flush(&self.channel, &self.waiting);
    }
}

impl Drop for DataChannel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

fn flush(channel: &RtcDataChannel, waiting: &RefCell<VecDeque<String>>) {
    while channel.ready_state() == RtcDataChannelState::Open
        && channel.buffered_amount() < HIGH_WATER
    {
        let Some(text) = waiting.borrow_mut().pop_front() else {
            return;
        };
        if let Err(error) = channel.send_with_str(&text) {
            console::warn(&format!("cannot send to a peer: {}", describe(&error)));
        }
    }
}

/// Looks at the size before the text is copied in.
fn received(data: &JsValue) -> LinkEvent {
    match data.dyn_ref::<JsString>() {
        Some(text) if text.length() as usize <= PEER_MESSAGE_BYTES => {
            let text = String::from(text);
            if text.len() <= PEER_MESSAGE_BYTES {
                LinkEvent::ChannelMessage(text)
            } else {
                LinkEvent::ChannelGarbage
            }
        }
        Some(_) | None => LinkEvent::ChannelGarbage,
    }
}
