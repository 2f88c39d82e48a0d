//! What the server's tests share: a real server on a free port, and people who talk to it through
//! `rust_socketio`, a Socket.IO client that has nothing in common with ours. Everything is awaited
//! with a deadline.

pub mod admin;
pub mod bystanders;
pub mod http;
pub mod process;
pub mod raw;
pub mod relay;

use std::net::SocketAddr;
use std::time::Duration;

use backend::Config;
use backend::names::RoomKey;
use futures::FutureExt;
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event as ClientSideEvent, Payload, TransportType};
use serde_json::{Value, json};
use shared::event::{PROTOCOL_VERSION, ServerEvent};
use shared::remembered::{Remembered, RememberedKind, RememberedMember};
use shared::to_browser::Message;
use shared::to_server::{JoinRoom, Joined};
use shared::{ClientEvent, Epoch, NAMESPACE, Nickname, PeerId, Rejection, Secret};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// How long anything may take; longer than it ever takes.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Waits for something that must happen.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: not within {DEADLINE:?}"),
    }
}

/// A running server; it is shut down when this is dropped.
pub struct TestServer {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let shutdown = stopped.map(|_| ());
            backend::run(config, listener, shutdown).await.unwrap();
        });
        Self {
            address,
            stop: Some(stop),
            task: Some(task),
        }
    }

    /// Shuts the server down and waits for its end.
    pub async fn stop(mut self) {
        self.stop.take();
        soon("the server's end", self.task.take().unwrap())
            .await
            .unwrap();
    }
}

/// What comes from the server.
#[derive(Debug)]
enum Incoming {
    Connected,
    Refused(String),
    Event(String, Value),
    Closed,
}

/// Someone at a browser: one connection.
pub struct Person {
    client: Client,
    incoming: mpsc::UnboundedReceiver<Incoming>,
}

impl Person {
    /// Connects as our page does.
    pub async fn connect(server: &TestServer) -> Self {
        Self::try_connect(server, json!({ "protocol": PROTOCOL_VERSION }))
            .await
            .expect("accepted")
    }

    /// Connects with any greeting; the error is the server's.
    pub async fn try_connect(server: &TestServer, hello: Value) -> Result<Self, String> {
        let (sender, mut incoming) = mpsc::unbounded_channel();
        let send = move |event: Incoming| {
            // Nobody listens any more once the test is over.
            let _ = sender.send(event);
            async {}.boxed()
        };
        let (connected, refused, events, closed) = (send.clone(), send.clone(), send.clone(), send);
        let client = ClientBuilder::new(format!("http://{}/", server.address))
            .namespace(NAMESPACE)
            .auth(hello)
            .transport_type(TransportType::Websocket)
            .reconnect(false)
            .reconnect_on_disconnect(false)
            .on(ClientSideEvent::Connect, move |_, _| {
                connected(Incoming::Connected)
            })
            .on(ClientSideEvent::Close, move |_, _| closed(Incoming::Closed))
            .on(ClientSideEvent::Error, move |payload, _| {
                refused(Incoming::Refused(format!("{payload:?}")))
            })
            .on_any(move |event, payload, _| {
                events(Incoming::Event(String::from(event), first(payload)))
            })
            .connect()
            .await
            .map_err(|error| error.to_string())?;
        match soon("the answer to CONNECT", incoming.recv()).await {
            Some(Incoming::Connected) => Ok(Self { client, incoming }),
            Some(Incoming::Refused(why)) => Err(why),
            other => panic!("instead of an answer to CONNECT: {other:?}"),
        }
    }

    /// Sends an event and waits for its answer.
    pub async fn ask<E: ClientEvent>(&self, event: E) -> Result<E::Reply, Rejection> {
        let answer = self
            .ask_raw(E::NAME, serde_json::to_value(event).unwrap())
            .await;
        serde_json::from_value(answer).unwrap()
    }

    /// Sends anything at all and waits for its answer.
    pub async fn ask_raw(&self, event: &str, payload: impl Into<Payload>) -> Value {
        let (sender, mut answers) = mpsc::unbounded_channel();
        let answer = move |payload: Payload, _: Client| {
            let _ = sender.send(first(payload));
            async {}.boxed()
        };
        self.client
            .emit_with_ack(event, payload, DEADLINE, answer)
            .await
            .unwrap();
        soon("the answer to an event", answers.recv())
            .await
            .unwrap()
    }

    /// Sends something without asking for an answer.
    pub async fn tell<E: ClientEvent>(&self, event: E) {
        let payload = serde_json::to_value(event).unwrap();
        self.client.emit(E::NAME, payload).await.unwrap();
    }

    /// The next event from the server, whichever it is.
    pub async fn next(&mut self) -> Message {
        match soon("an event", self.incoming.recv()).await {
            Some(Incoming::Event(name, payload)) => {
                let decoded = Message::decode(&name, payload);
                decoded
                    .unwrap_or_else(|| panic!("unknown event {name}"))
                    .unwrap()
            }
            other => panic!("instead of an event: {other:?}"),
        }
    }

    /// The next event from the server, which must be this one.
    pub async fn expect(&mut self, expected: impl Into<Message>) {
        assert_eq!(self.next().await, expected.into());
    }

    /// The next event from the server, which must be of this kind.
    pub async fn hear<E: ServerEvent>(&mut self) -> E {
        let message = self.next().await;
        assert_eq!(message.name(), E::NAME, "{message:?}");
        serde_json::from_value(serde_json::to_value(message).unwrap()).unwrap()
    }

    /// Waits until the server closes the connection; nothing may come before.
    pub async fn closed(&mut self) {
        match soon("the close", self.incoming.recv()).await {
            Some(Incoming::Closed | Incoming::Refused(_)) => {}
            other => panic!("instead of the close: {other:?}"),
        }
    }

    /// Asserts that nothing has come: an answered question proves that nothing is on its way.
    pub async fn heard_nothing(&mut self) {
        self.ask_raw("are you there?", json!({})).await;
        if let Ok(event) = self.incoming.try_recv() {
            panic!("unexpected: {event:?}");
        }
    }

    /// Cuts the connection without a leave.
    pub async fn vanish(self) {
        self.client.disconnect().await.unwrap();
    }

    /// Enters a room and returns the reply.
    pub async fn join(&self, join: JoinRoom) -> Joined {
        self.ask(join).await.unwrap()
    }
}

/// Connects someone and lets them enter a room as its next new member.
pub async fn enter(server: &TestServer, room: &str, who: u8) -> (Person, Joined) {
    let person = Person::connect(server).await;
    let joined = person.join(tab(who).join(room)).await;
    (person, joined)
}

/// A tab of a browser.
#[derive(Clone, Copy)]
pub struct Tab {
    pub secret: Secret,
    pub epoch: Epoch,
    who: u8,
}

/// The tab of person number `who`, as first loaded.
pub fn tab(who: u8) -> Tab {
    Tab {
        secret: Secret::from_bytes([who; 32]),
        epoch: Epoch::from_bytes([0; 8]),
        who,
    }
}

impl Tab {
    /// The same tab after that many reloads.
    pub fn reloaded(self, times: u8) -> Self {
        Self {
            epoch: Epoch::from_bytes([times; 8]),
            ..self
        }
    }

    /// Its request to enter a room.
    pub fn join(self, room: &str) -> JoinRoom {
        JoinRoom {
            room: room.to_owned(),
            nickname: format!("Person {}", self.who),
            secret: self.secret,
            epoch: self.epoch,
            list: None,
            resume: None,
        }
    }

    /// Its request to come back to a room as it remembers it.
    pub fn resume(self, room: &str, remembered: Remembered) -> JoinRoom {
        JoinRoom {
            resume: Some(remembered),
            ..self.join(room)
        }
    }

    /// Its id in a room.
    pub fn id(self, room: &str) -> PeerId {
        let name = backend::names::room_name(room).unwrap();
        backend::identity::peer_id(&self.secret, &RoomKey::of(&name))
    }
}

/// That room of those people, each as first loaded, the first of them host.
pub fn remembered(room: &str, people: &[u8], locked: bool) -> Remembered {
    let member = |who: &u8| RememberedMember {
        id: tab(*who).id(room),
        nickname: Nickname::new(&tab(*who).join(room).nickname).unwrap(),
        epoch: tab(*who).epoch,
    };
    let members: Vec<_> = people.iter().map(member).collect();
    let host = members[0].id;
    Remembered {
        members,
        kind: RememberedKind::Open { host, locked },
    }
}

/// The first argument of an event or an answer, however the client wraps it.
fn first(payload: Payload) -> Value {
    #[expect(deprecated, reason = "the client still has it")]
    match payload {
        Payload::Text(values) => match values.into_iter().next() {
            Some(Value::Array(mut arguments)) if arguments.len() == 1 => arguments.remove(0),
            Some(value) => value,
            None => Value::Null,
        },
        Payload::String(text) => Value::String(text),
        Payload::Binary(_) => panic!("the protocol has no binary payloads"),
    }
}
