//! The client's public face: emits, acks and events. Leaves the connection to
//! [`driver`](crate::driver) and the meaning of it all to the application.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::channel::mpsc::{self, UnboundedReceiver};
use futures::future::{Either, select};
use futures::{Stream, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::acks::Answer;
use crate::driver::{self, Driver};
use crate::protocol::Protocol;
use crate::{AckError, EmitError, Event, Options};

/// Starts to connect. Works inside a browser only.
///
/// The connection lives until the last clone of the [`Client`], or the [`Events`], is dropped:
/// then the namespace is left and the socket closed, as by [`Client::disconnect`].
pub fn connect(options: Options) -> (Client, Events) {
    let (orders, orders_to_do) = mpsc::unbounded();
    let (events, events_to_tell) = mpsc::unbounded();
    let url = options.transport_url();
    let protocol = Protocol::new(options, js_sys::Math::random);
    let mut driver = Driver::new(protocol, url, orders, events);
    driver.handle(Protocol::connect);

    let driver = Rc::new(RefCell::new(driver));
    wasm_bindgen_futures::spawn_local(driver::run(driver.clone(), orders_to_do));
    let events = Events {
        events: events_to_tell,
        driver: Rc::downgrade(&driver),
    };
    let owner = Rc::new(Owner { driver });
    (Client { owner }, events)
}

/// Speaks to the server. Clones speak on the same connection.
#[derive(Clone)]
pub struct Client {
    owner: Rc<Owner>,
}

impl Client {
    /// Sends an event with one argument, and asks for no ack.
    ///
    /// # Errors
    /// If there is no connection, or the payload cannot be sent. Nothing was sent then, and
    /// nothing will be.
    pub fn emit<T>(&self, event: &str, payload: &T) -> Result<(), EmitError>
    where
        T: Serialize + ?Sized,
    {
        let arguments = arguments(event, payload)?;
        let mut driver = self.owner.driver.borrow_mut();
        let frame = driver.protocol.emit(&arguments)?;
        driver.send(&frame)
    }

    /// Sends an event with one argument, in the call and not in the first poll; the future then
    /// waits for the ack's first argument. It may be dropped at any time.
    pub fn emit_with_ack<T, R>(
        &self,
        event: &str,
        payload: &T,
        timeout: Duration,
    ) -> impl Future<Output = Result<R, AckError>> + use<T, R>
    where
        T: Serialize + ?Sized,
        R: DeserializeOwned,
    {
        let awaited = arguments(event, payload).and_then(|arguments| self.await_ack(&arguments));
        async move {
            let Awaited { answer, ticket } = awaited?;
            let payload = match select(answer, driver::timeout(timeout)).await {
                Either::Left((answer, _)) => answer.map_err(|_| AckError::Disconnected)?,
                Either::Right(((), _)) => return Err(AckError::TimedOut),
            };
            drop(ticket);
            serde_json::from_str(payload.get()).map_err(AckError::Malformed)
        }
    }

    /// Says goodbye to the namespace and closes the socket, or gives up connecting. Nothing
    /// happens by itself after that.
    pub fn disconnect(&self) {
        self.owner.handle(Protocol::disconnect);
    }

    /// Connects again after [`disconnect`](Self::disconnect), a refusal, or the server's goodbye.
    /// Without effect on a connection, or on an attempt.
    pub fn connect(&self) {
        self.owner.handle(Protocol::connect);
    }

    /// Connects again after a refusal or the server's goodbye, as [`connect`](Self::connect), but after a
    /// pause, which grows as after a lost connection. Without effect at any other time.
    pub fn retry(&self) {
        self.owner.handle(Protocol::retry);
    }

    /// Skips the rest of the pause before the next attempt. Without effect at any other time; in
    /// particular, it does not undo a goodbye or a refusal.
    pub fn reconnect_now(&self) {
        self.owner.handle(Protocol::reconnect_now);
    }

    /// Begins anew at once, in the place of the connection or the attempt that there is: for the browser's
    /// `online` event, after which what was there before is most probably dead. It does not undo a goodbye
    /// or a refusal.
    pub fn reconnect(&self) {
        self.owner.handle(Protocol::reconnect);
    }

    /// Begins anew if nothing has come for longer than the server lets pass between two pings: for when the
    /// machine was asleep, and with it the timer that would have noticed. A pause is skipped.
    pub fn reconnect_if_silent(&self) {
        let mut driver = self.owner.driver.borrow_mut();
        if driver.is_silent() {
            driver.handle(Protocol::reconnect);
        } else {
            driver.handle(Protocol::reconnect_now);
        }
    }

    fn await_ack(&self, arguments: &str) -> Result<Awaited, EmitError> {
        let mut driver = self.owner.driver.borrow_mut();
        let (frame, id, answer) = driver.protocol.emit_with_ack(arguments)?;
        let sent = driver.send(&frame);
        drop(driver);
        let ticket = Ticket {
            driver: Rc::downgrade(&self.owner.driver),
            id,
        };
        sent.map(|()| Awaited { answer, ticket })
    }
}

/// What the client tells, in order. It never blocks the connection: what is not yet polled waits.
/// Ends when the last [`Client`] is gone.
pub struct Events {
    events: UnboundedReceiver<Event>,
    driver: Weak<RefCell<Driver>>,
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        self.events.poll_next_unpin(context)
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.upgrade() {
            driver.borrow_mut().handle(Protocol::disconnect);
        }
    }
}

/// Ends the connection with the last client.
struct Owner {
    driver: Rc<RefCell<Driver>>,
}

impl Owner {
    fn handle(&self, input: fn(&mut Protocol) -> Vec<crate::protocol::Action>) {
        self.driver.borrow_mut().handle(input);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.driver.borrow_mut().stop();
    }
}

struct Awaited {
    answer: Answer,
    ticket: Ticket,
}

/// Forgets the ack when it came, or is waited for no longer.
struct Ticket {
    driver: Weak<RefCell<Driver>>,
    id: u64,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.upgrade() {
            driver.borrow_mut().protocol.forget_ack(self.id);
        }
    }
}

/// Name and payload, as the JSON array of an EVENT.
fn arguments<T: Serialize + ?Sized>(event: &str, payload: &T) -> Result<String, EmitError> {
    serde_json::to_string(&(event, payload)).map_err(EmitError::Unserializable)
}
