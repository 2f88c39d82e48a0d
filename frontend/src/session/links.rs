//! The peer connections of a call. Each has a task of its own that does what it is told strictly in
//! order; they do not wait for each other.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use call::Input;
use call::input::{LinkEvent, LinkState};
use call::output::{IceTransportPolicy, LinkCommand, LinkId, LinkRole};
use call::silence::{Silence, Turn};
use futures::StreamExt;
use futures::channel::mpsc::{self, UnboundedReceiver, UnboundedSender};
use futures::future::{AbortHandle, Aborted, abortable};
use shared::room::IceServer;
use wasm_bindgen_futures::spawn_local;

use super::queue::{Happening, Queue};
use crate::browser::console;
use crate::browser::local_tracks::LocalTracks;
use crate::browser::peer_connection::{LinkError, PeerConnection};

/// All of a call's peer connections. Those that are dropped are closed.
pub struct Links {
    links: HashMap<LinkId, Link>,
    tracks: LocalTracks,
    queue: Queue,
    describing: Rc<Cell<usize>>,
}

struct Link {
    orders: UnboundedSender<Order>,
    task: AbortHandle,
    /// Whether a measurement is under way.
    is_measuring: Rc<Cell<bool>>,
    /// Whether it is being listened to.
    is_listening: Rc<Cell<bool>>,
}

enum Order {
    Command(LinkCommand),
    Describe(LinkCommand, Describing),
    Tracks(LocalTracks),
    Measure(Once),
    Listen(Once),
}

/// Stands for an order of which one at a time is enough, until it is carried out.
struct Once(Rc<Cell<bool>>);

/// Counts while a description is being made, or waits to be.
struct Describing(Rc<Cell<usize>>);

impl Links {
    /// None yet.
    pub fn new(queue: Queue) -> Self {
        Self {
            links: HashMap::new(),
            tracks: LocalTracks::default(),
            queue,
            describing: Rc::default(),
        }
    }

    /// Does it, after all that was told that link before. `Close` waits for nothing.
    pub fn command(&mut self, id: LinkId, command: LinkCommand) {
        match command {
            LinkCommand::Open {
                ice_servers,
                transport,
                role,
                ..
            } => self.open(id, ice_servers, transport, role),
            LinkCommand::Close => drop(self.links.remove(&id)),
            LinkCommand::CreateOffer(_)
            | LinkCommand::AcceptOffer { .. }
            | LinkCommand::AcceptAnswer { .. } => {
                let describing = Describing::new(&self.describing);
                self.order(id, Order::Describe(command, describing));
            }
            LinkCommand::Configure { .. }
            | LinkCommand::AddCandidates(_)
            | LinkCommand::Send(_)
            | LinkCommand::Limit(_)
            | LinkCommand::SendAfresh(_) => {
                self.order(id, Order::Command(command));
            }
        }
    }

    /// Whether any link is at a description: what the browser does for it waits for the page.
    pub fn are_describing(&self) -> bool {
        self.describing.get() > 0
    }

    /// Whether that one is open.
    pub fn has(&self, id: LinkId) -> bool {
        self.links.contains_key(&id)
    }

    /// Sends these tracks to everyone, now and to come.
    pub fn set_tracks(&mut self, tracks: LocalTracks) {
        for link in self.links.values() {
            link.order(Order::Tracks(tracks.clone()));
        }
        self.tracks = tracks;
    }

    /// Has everything counted that flows on them → `Measured`.
    pub fn measure(&self) {
        for link in self.links.values() {
            link.order_once(&link.is_measuring, Order::Measure);
        }
    }

    /// Listens whether sound still comes on them; to be done each second → `SoundCeased`. Who hears the other again is mostly
    /// seen again as well, and sends a picture that can be shown.
    pub fn listen(&self) {
        for link in self.links.values() {
            link.order_once(&link.is_listening, Order::Listen);
        }
    }

    fn order(&self, id: LinkId, order: Order) {
        match self.links.get(&id) {
            Some(link) => link.order(order),
            None => console::error(&format!("a command for link {}, which is not open", id.0)),
        }
    }

    fn open(
        &mut self,
        id: LinkId,
        ice_servers: Vec<IceServer>,
        transport: IceTransportPolicy,
        role: LinkRole,
    ) {
        let (orders, received) = mpsc::unbounded();
        let worker = Worker {
            id,
            queue: self.queue.clone(),
            streams_told: false,
            silence: Silence::default(),
        };
        let tracks = self.tracks.clone();
        let (task, abort) = abortable(async move {
            let (id, queue) = (worker.id, worker.queue.clone());
            let tell = move |event| queue.push(Input::Link { link: id, event });
            let made = PeerConnection::new(&ice_servers, transport, role, Rc::new(tell));
            worker.run(made, tracks, received).await;
        });
        spawn_local(async move {
            // Aborted is how it usually ends: the connection goes with it.
            let (Ok(()) | Err(Aborted)) = task.await;
        });
        let link = Link {
            orders,
            task: abort,
            is_measuring: Rc::default(),
            is_listening: Rc::default(),
        };
        self.links.insert(id, link);
    }
}

impl Link {
    fn order(&self, order: Order) {
        // Refused when the connection could not even be made, which has been told.
        drop(self.orders.unbounded_send(order));
    }

    fn order_once(&self, is_ordered: &Rc<Cell<bool>>, order: impl FnOnce(Once) -> Order) {
        if !is_ordered.replace(true) {
            self.order(order(Once(is_ordered.clone())));
        }
    }
}

impl Describing {
    fn new(count: &Rc<Cell<usize>>) -> Self {
        count.set(count.get() + 1);
        Self(count.clone())
    }
}

impl Drop for Describing {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Drop for Once {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Worker {
    id: LinkId,
    queue: Queue,
    streams_told: bool,
    silence: Silence,
}

impl Worker {
    async fn run(
        mut self,
        made: Result<PeerConnection, LinkError>,
        tracks: LocalTracks,
        mut orders: UnboundedReceiver<Order>,
    ) {
        let mut connection = match made {
            Ok(connection) => connection,
            Err(error) => {
                console::error(&format!("no peer connection: {error}"));
                self.tell(LinkEvent::StateChanged(LinkState::Failed));
                return;
            }
        };
        connection.set_tracks(tracks);
        self.tell_streams(&connection);
        while let Some(order) = orders.next().await {
            match order {
                Order::Command(command) => self.command(&mut connection, command).await,
                Order::Describe(command, describing) => {
                    self.command(&mut connection, command).await;
                    drop(describing);
                }
                Order::Tracks(tracks) => connection.set_tracks(tracks),
                Order::Measure(measuring) => {
                    if let Some(measurement) = connection.measure().await {
                        self.tell(LinkEvent::Measured(Box::new(measurement)));
                    }
                    drop(measuring);
                }
                Order::Listen(listening) => {
                    match self.silence.second_passed(connection.newest_sound()) {
                        Some(Turn::Ceased) => self.tell(LinkEvent::SoundCeased),
                        Some(Turn::Returned) => connection.send_key_frames(),
                        None => {}
                    }
                    drop(listening);
                }
            }
            connection.settle().await;
        }
    }

    async fn command(&mut self, connection: &mut PeerConnection, command: LinkCommand) {
        match command {
            LinkCommand::CreateOffer(credentials) => {
                let result = connection.create_offer(credentials).await;
                self.tell_result(result.map(|sdp| LinkEvent::OfferCreated { sdp }));
            }
            LinkCommand::AcceptOffer { sdp } => {
                let result = connection.accept_offer(&sdp).await;
                self.tell_streams(connection);
                self.tell_result(result.map(|sdp| LinkEvent::AnswerCreated { sdp }));
            }
            LinkCommand::AcceptAnswer { sdp } => {
                let result = connection.accept_answer(&sdp).await;
                self.tell_result(result.map(|()| LinkEvent::AnswerAccepted));
            }
            LinkCommand::Configure {
                ice_servers,
                transport,
            } => connection.configure(&ice_servers, transport),
            LinkCommand::AddCandidates(candidates) => connection.add_candidates(candidates).await,
            LinkCommand::Send(message) => match serde_json::to_string(&message) {
                Ok(text) => connection.send(text),
                Err(error) => console::error(&format!("cannot write a peer message: {error}")),
            },
            LinkCommand::Limit(limits) => connection.set_limits(limits),
            LinkCommand::SendAfresh(slots) => connection.send_afresh(&slots),
            // Done by the one who holds all links.
            LinkCommand::Open { .. } | LinkCommand::Close => {}
        }
    }

    fn tell_result(&self, result: Result<LinkEvent, LinkError>) {
        self.tell(result.unwrap_or_else(|error| LinkEvent::OperationFailed {
            reason: error.to_string(),
        }));
    }

    fn tell(&self, event: LinkEvent) {
        self.queue.push(Input::Link {
            link: self.id,
            event,
        });
    }

    fn tell_streams(&mut self, connection: &PeerConnection) {
        if self.streams_told {
            return;
        }
        if let Some(streams) = connection.remote_streams() {
            self.streams_told = true;
            self.queue.happened(Happening::RemoteStreams {
                link: self.id,
                streams,
            });
        }
    }
}
