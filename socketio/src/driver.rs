//! Carries the protocol's actions out in the browser: owns the socket and the timer, in one task.
//! Leaves all decisions to [`protocol`](crate::protocol).
//!
//! Frames are sent straight from the call that emits them, not through the task: what is emitted
//! while the page goes away (`pagehide`) still leaves.

use std::cell::RefCell;
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender};
use futures::future::Fuse;
use futures::{FutureExt, StreamExt, select_biased};
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::{Action, Protocol};
use crate::{EmitError, Event};

/// What the task, the client and its events have in common.
pub(crate) struct Driver {
    pub(crate) protocol: Protocol,
    url: String,
    /// The sending half of the socket; the task listens to it.
    socket: Option<web_sys::WebSocket>,
    /// When a frame came last, in milliseconds. By the wall clock: others stand still while the machine
    /// sleeps.
    heard: f64,
    orders: UnboundedSender<Order>,
    events: UnboundedSender<Event>,
}

/// What the task shall do with what it owns.
pub(crate) enum Order {
    Open,
    Close,
    Timer(Duration),
    /// The last client is gone.
    Stop,
}

impl Driver {
    pub(crate) fn new(
        protocol: Protocol,
        url: String,
        orders: UnboundedSender<Order>,
        events: UnboundedSender<Event>,
    ) -> Self {
        Self {
            protocol,
            url,
            socket: None,
            heard: js_sys::Date::now(),
            orders,
            events,
        }
    }

    /// Lets the protocol handle something, and does what follows from it.
    pub(crate) fn handle(&mut self, input: impl FnOnce(&mut Protocol) -> Vec<Action>) {
        let actions = input(&mut self.protocol);
        self.perform(actions);
    }

    /// Sends a frame on the open socket.
    pub(crate) fn send(&self, frame: &str) -> Result<(), EmitError> {
        self.socket
            .as_ref()
            // A socket that is closing takes frames and drops them.
            .filter(|socket| socket.ready_state() == web_sys::WebSocket::OPEN)
            .and_then(|socket| socket.send_with_str(frame).ok())
            .ok_or(EmitError::Disconnected)
    }

    /// Whether a ping of the server's is overdue.
    pub(crate) fn is_silent(&self) -> bool {
        let silence = js_sys::Date::now() - self.heard;
        let interval = self.protocol.ping_interval();
        interval.is_some_and(|interval| silence > interval.as_secs_f64() * 1_000.0)
    }

    /// Closes everything for good.
    pub(crate) fn stop(&mut self) {
        self.handle(Protocol::disconnect);
        self.order(Order::Stop);
    }

    fn perform(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Open => self.order(Order::Open),
                Action::Timer(duration) => self.order(Order::Timer(duration)),
                Action::Close => {
                    if let Some(socket) = self.socket.take() {
                        // Fails for bad close codes only, and this gives none.
                        let _ = socket.close();
                    }
                    self.order(Order::Close);
                }
                // Fails only if the socket is closing, which the task will hear of.
                Action::Send(frame) => drop(self.send(&frame)),
                // Fails only if nobody listens any longer.
                Action::Tell(event) => drop(self.events.unbounded_send(event)),
            }
        }
    }

    fn order(&self, order: Order) {
        // Fails only after `Stop`, when nothing is left to be ordered.
        let _ = self.orders.unbounded_send(order);
    }
}

/// The task. Orders come first, so that no frame or timer is heard of a socket that was given up.
pub(crate) async fn run(driver: Rc<RefCell<Driver>>, mut orders: UnboundedReceiver<Order>) {
    let mut socket: Option<WebSocket> = None;
    let mut timer: Fuse<TimeoutFuture> = Fuse::terminated();
    loop {
        let next = {
            let mut frame = pin!(next_frame(&mut socket).fuse());
            select_biased! {
                order = orders.next() => Next::Order(order.unwrap_or(Order::Stop)),
                frame = frame => Next::Frame(frame),
                () = timer => Next::Timer,
            }
        };
        let mut driver = driver.borrow_mut();
        match next {
            Next::Frame(Frame::Text(text)) => {
                driver.heard = js_sys::Date::now();
                driver.handle(|p| p.text_received(&text));
            }
            Next::Frame(Frame::Binary) => driver.handle(Protocol::binary_received),
            Next::Frame(Frame::Closed(code, why)) => driver.handle(|p| p.socket_closed(code, why)),
            Next::Timer => driver.handle(Protocol::timer_fired),
            Next::Order(Order::Open) => match open(&driver.url) {
                Ok((sender, receiver)) => {
                    driver.socket = Some(sender);
                    socket = Some(receiver);
                }
                Err(message) => driver.handle(|p| p.socket_refused(message)),
            },
            Next::Order(Order::Close) => {
                socket = None;
                timer = Fuse::terminated();
            }
            Next::Order(Order::Timer(duration)) => timer = timeout(duration).fuse(),
            Next::Order(Order::Stop) => return,
        }
    }
}

enum Next {
    Order(Order),
    Frame(Frame),
    Timer,
}

/// A timer that a drop stops. Times beyond the browser's longest (24 days) become that.
pub(crate) fn timeout(duration: Duration) -> TimeoutFuture {
    let longest = i32::MAX.unsigned_abs();
    let millis = u32::try_from(duration.as_millis()).unwrap_or(longest);
    TimeoutFuture::new(millis.min(longest))
}

enum Frame {
    Text(String),
    Binary,
    Closed(u16, String),
}

async fn next_frame(socket: &mut Option<WebSocket>) -> Frame {
    let Some(socket) = socket else {
        return pending().await;
    };
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Frame::Text(text),
            Some(Ok(Message::Bytes(_))) => return Frame::Binary,
            Some(Err(WebSocketError::ConnectionClose(close))) => {
                return Frame::Closed(close.code, close.reason);
            }
            // Says nothing, and the close event with its code follows.
            Some(Err(_)) => {}
            None => return Frame::Closed(1006, String::new()),
        }
    }
}

/// The same socket twice: gloo-net's wrapper listens, and takes its listeners away when dropped.
fn open(url: &str) -> Result<(web_sys::WebSocket, WebSocket), String> {
    let sender = web_sys::WebSocket::new(url).map_err(|error| message_of(&error))?;
    let receiver = WebSocket::try_from(sender.clone()).map_err(|error| error.to_string())?;
    Ok((sender, receiver))
}

fn message_of(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(
        || "the browser refused to open the socket".to_owned(),
        |error| String::from(error.message()),
    )
}
