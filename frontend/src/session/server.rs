//! The page's one connection to the server, shared by all its pages: who is interested subscribes.
//! Reconnecting is the client's; what follows from a lost connection is its subscribers'.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use call::input::{RequestError, ServerInput};
use futures::StreamExt;
use serde_json::value::RawValue;
use shared::event::{ConnectRefusal, Hello};
use shared::to_browser::Message;
use shared::{ClientEvent, NAMESPACE, PROTOCOL_VERSION, Rejection};
use socketio::{AckError, Client, EmitError, Event, Options, Reason};
use wasm_bindgen_futures::spawn_local;

use crate::browser::wakes::Wakes;
use crate::browser::{console, page};

/// How long the server may take to acknowledge.
const ACK_TIMEOUT: Duration = Duration::from_secs(10);

/// The connection. Clones share it; it is made when first somebody subscribes.
#[derive(Clone, Default)]
pub struct Server {
    shared: Rc<Shared>,
}

#[derive(Default)]
struct Shared {
    client: RefCell<Option<Client>>,
    standing: Cell<Standing>,
    subscribers: RefCell<Vec<Subscriber>>,
    next_key: Cell<u32>,
    wakes: RefCell<Option<Wakes>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Standing {
    #[default]
    Down,
    Up,
    OutOfDate,
}

struct Subscriber {
    key: u32,
    tell: Rc<dyn Fn(ServerInput)>,
}

/// Ends the subscription when dropped.
#[must_use = "dropping it ends the subscription"]
pub struct Subscription {
    shared: Weak<Shared>,
    key: u32,
}

impl Server {
    /// Without a connection yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells of all that comes from the server, beginning with how things stand.
    pub fn subscribe(&self, tell: impl Fn(ServerInput) + 'static) -> Subscription {
        match self.shared.standing.get() {
            Standing::Down => {}
            Standing::Up => tell(ServerInput::Connected),
            Standing::OutOfDate => tell(ServerInput::OutOfDate),
        }
        let key = self.shared.next_key.get();
        self.shared.next_key.set(key + 1);
        self.shared.subscribers.borrow_mut().push(Subscriber {
            key,
            tell: Rc::new(tell),
        });
        self.connect();
        Subscription {
            shared: Rc::downgrade(&self.shared),
            key,
        }
    }

    /// Sends an event now; tells what it was acknowledged with, or why it was not.
    pub fn request<E: ClientEvent>(
        &self,
        event: &E,
        then: impl FnOnce(Result<E::Reply, RequestError>) + 'static,
    ) {
        self.request_raw(
            E::NAME,
            serde_json::value::to_raw_value(event),
            Box::new(|reply| then(reply.and_then(|reply| read_reply::<E>(&reply)))),
        );
    }

    /// Sends an event now and asks for no acknowledgement. Without a connection it is lost: those
    /// who send so begin anew when they are connected again.
    pub fn notify<E: ClientEvent>(&self, event: &E) {
        let Some(client) = self.shared.client.borrow().clone() else {
            return;
        };
        match client.emit(E::NAME, event) {
            Ok(()) | Err(EmitError::Disconnected) => {}
            Err(error) => console::error(&format!("cannot send {}: {error}", E::NAME)),
        }
    }

    /// The network is another one: whatever stood on the old one is most probably dead, which would be
    /// noticed much later. Coming back costs little.
    pub fn reconnect_now(&self) {
        if let Some(client) = self.shared.client.borrow().as_ref() {
            client.reconnect();
        }
    }

    /// Tries at once, where the next try would come after a pause.
    pub fn hurry(&self) {
        if let Some(client) = self.shared.client.borrow().as_ref() {
            client.reconnect_now();
        }
    }

    /// What is the same for all events, so that the page carries it once.
    fn request_raw(
        &self,
        name: &'static str,
        payload: RawPayload,
        then: Box<dyn FnOnce(RawReply)>,
    ) {
        let reply = match (self.shared.client.borrow().as_ref(), payload) {
            (Some(client), Ok(payload)) => {
                Ok(client.emit_with_ack::<RawValue, Box<RawValue>>(name, &payload, ACK_TIMEOUT))
            }
            (None, _) => Err(RequestError::Disconnected),
            (Some(_), Err(error)) => {
                console::error(&format!("cannot write {name}: {error}"));
                Err(RequestError::TimedOut)
            }
        };
        spawn_local(async move {
            then(match reply {
                Ok(reply) => reply.await.map_err(|error| request_error(name, &error)),
                Err(error) => Err(error),
            });
        });
    }

    fn connect(&self) {
        if self.shared.client.borrow().is_some() {
            return;
        }
        let mut options = Options::new(page::server_url(), NAMESPACE);
        options.auth = hello();
        let (client, mut events) = socketio::connect(options);
        let woken = client.clone();
        *self.shared.wakes.borrow_mut() = Some(Wakes::new(move || woken.reconnect_if_silent()));
        *self.shared.client.borrow_mut() = Some(client);
        let server = self.clone();
        spawn_local(async move {
            while let Some(event) = events.next().await {
                server.take(event);
            }
        });
    }

    fn take(&self, event: Event) {
        match event {
            Event::Connected { .. } => {
                self.shared.standing.set(Standing::Up);
                self.tell(&ServerInput::Connected);
            }
            Event::Disconnected(reason) => {
                self.shared.standing.set(Standing::Down);
                self.tell(&ServerInput::Disconnected);
                if reason == Reason::ServerDisconnect {
                    self.retry();
                }
            }
            Event::ConnectRefused { message, .. } => self.refused(&message),
            Event::Received { name, payload } => self.received(&name, &payload),
            Event::Reconnecting { attempt, cause, .. } => {
                console::warn(&format!("reconnecting, attempt {attempt}: {cause:?}"));
            }
        }
    }

    fn refused(&self, code: &str) {
        match ConnectRefusal::from_code(code) {
            Some(ConnectRefusal::ProtocolVersion) => {
                self.shared.standing.set(Standing::OutOfDate);
                self.tell(&ServerInput::OutOfDate);
            }
            Some(
                ConnectRefusal::Malformed
                | ConnectRefusal::TooManyConnections
                | ConnectRefusal::WebSocketOnly,
            )
            | None => {
                console::warn(&format!("the server refuses the connection: {code}"));
                self.retry();
            }
        }
    }

    /// The client does not come back by itself after a refusal or the server's goodbye.
    fn retry(&self) {
        if let Some(client) = self.shared.client.borrow().as_ref() {
            client.retry();
        }
    }

    fn received(&self, name: &str, payload: &RawValue) {
        let mut decoder = serde_json::Deserializer::from_str(payload.get());
        match Message::decode(name, &mut decoder) {
            Some(Ok(message)) => self.tell(&ServerInput::Event(message)),
            Some(Err(error)) => {
                console::error(&format!("malformed {name} from the server: {error}"))
            }
            None => console::warn(&format!("unknown event from the server: {name}")),
        }
    }

    fn tell(&self, input: &ServerInput) {
        // Copied first: a subscriber may come or go while it is told.
        let subscribers: Vec<_> = self
            .shared
            .subscribers
            .borrow()
            .iter()
            .map(|subscriber| subscriber.tell.clone())
            .collect();
        for tell in subscribers {
            tell(input.clone());
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared
                .subscribers
                .borrow_mut()
                .retain(|subscriber| subscriber.key != self.key);
        }
    }
}

type RawPayload = Result<Box<RawValue>, serde_json::Error>;
type RawReply = Result<Box<RawValue>, RequestError>;

fn read_reply<E: ClientEvent>(reply: &RawValue) -> Result<E::Reply, RequestError> {
    match serde_json::from_str::<Result<E::Reply, Rejection>>(reply.get()) {
        Ok(reply) => reply.map_err(RequestError::Rejected),
        Err(error) => {
            // An acknowledgement that says nothing is none.
            console::error(&format!("{}: unreadable acknowledgement: {error}", E::NAME));
            Err(RequestError::TimedOut)
        }
    }
}

fn hello() -> Option<Box<RawValue>> {
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
    };
    serde_json::value::to_raw_value(&hello)
        .inspect_err(|error| console::error(&format!("cannot write the greeting: {error}")))
        .ok()
}

fn request_error(name: &str, error: &AckError) -> RequestError {
    match error {
        AckError::TimedOut => RequestError::TimedOut,
        AckError::Disconnected => RequestError::Disconnected,
        AckError::NotSent(EmitError::TooLarge { limit, .. }) => {
            RequestError::Rejected(Rejection::TooLarge {
                limit: usize::try_from(*limit).unwrap_or(usize::MAX),
            })
        }
        // An acknowledgement that says nothing is none.
        AckError::NotSent(_) | AckError::Malformed(_) => {
            console::error(&format!("{name}: {error}"));
            RequestError::TimedOut
        }
    }
}
