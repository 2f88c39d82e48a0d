//! One connection, from its first event to its end: the only place where its requests are carried
//! out, one after another. The rules are left to [`Room`](crate::room::Room), and keeping everyone
//! informed to [`RoomStore`](crate::room_store::RoomStore).

use std::sync::Arc;
use std::time::{Duration, Instant};

use shared::to_browser::{Dropped, Message, Replaced, RoomChange};
use shared::to_server::{
    Done, GetIceServers, IceServers, JoinRoom, LeaveRoom, LockRoom, Meet, OpenRooms, RemoveMember,
    UnwatchRooms, WatchRooms,
};
use shared::{PeerId, Rejection};
use socketioxide::SocketError;
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;
use tracing::debug;

use super::gate::Gate;
use super::inbox::Requests;
use super::line::{Ending, Line};
use super::request::{Job, Request};
use super::seeking::{Seeking, Turn};
use crate::admin::payload;
use crate::ice::RelayUser;
use crate::identity::peer_id;
use crate::lobby::List;
use crate::meetings::Contact;
use crate::names::{self, RoomKey};
use crate::room::{Entrant, Notice, Room};
use crate::room_store::{Entered, Place, Way, Wish};
use crate::server::Server;
use crate::signalling::{Signal, address};
use crate::unsent::{self, TooMuch};

/// How often it is tried to close a socket whose buffer is full.
const HANG_UP_AGAIN: Duration = Duration::from_millis(200);

/// A connection and what it is doing.
pub struct Connection {
    server: Arc<Server>,
    line: Line,
    gate: Arc<Gate>,
    queue: Requests,
    state: State,
    /// As whom it uses the relay while it is in no room.
    number: u64,
}

enum State {
    Outside,
    Watching(watch::Receiver<List>),
    Seeking(Seeking),
    Inside(Place),
}

/// What can happen without the browser's asking.
enum News {
    List(List),
    Turn(Turn),
}

impl Connection {
    /// A connection that is in no room.
    #[must_use]
    pub fn new(server: Arc<Server>, line: Line, gate: Arc<Gate>, queue: Requests) -> Self {
        Self {
            server,
            line,
            gate,
            queue,
            state: State::Outside,
            number: rand::random(),
        }
    }

    /// Carries out its requests until its end, and what follows from that.
    pub async fn run(mut self) {
        let server = Arc::clone(&self.server);
        let closing = server.closed();
        tokio::pin!(closing);
        let ending = loop {
            tokio::select! {
                biased;
                () = &mut closing => return self.refuse_all().await,
                ending = self.line.end().declared() => break ending,
                // Before the requests: whoever was found for it, the browser knows already.
                news = next_news(&mut self.state) => self.hear(news),
                Some(request) = self.queue.recv() => self.handle(*request).await,
            }
        };
        self.gate.log_end(&ending);
        let why = ending.reason();
        let put_out = ending == Ending::PutOut;
        let last_words = match ending {
            Ending::Closed(_) => {
                // What was sent before the close still counts: a leave, most of all.
                while let Ok(request) = self.queue.try_recv() {
                    self.handle(*request).await;
                }
                None
            }
            Ending::Replaced => Some(Message::from(Replaced {})),
            // Those removed are told with the others; those who do not read would not hear it.
            Ending::Removed | Ending::PutOut | Ending::Slow => None,
            Ending::Disconnected => None,
            Ending::Abusive(reason) => Some(Message::from(Dropped { reason })),
        };
        self.stop_seeking();
        let Self {
            line,
            gate,
            queue,
            state,
            ..
        } = self;
        // The wait below shall not hold what belongs to the socket.
        drop((gate, queue));
        let lost = match state {
            State::Inside(place) if put_out => {
                let put_out = |room: &mut Room| room.put_out(place.peer);
                // An error would mean that the place is not theirs any more.
                let _ = server.rooms.change(&place, put_out);
                None
            }
            State::Inside(place) => server.rooms.lose(&place).is_ok().then_some(place),
            State::Outside | State::Watching(_) | State::Seeking(_) => None,
        };
        let lost = Vec::from_iter(lost);
        let sight = line.sight().clone();
        sight.left();
        let farewell = async {
            hang_up(line, last_words).await;
            sight.vanishes(payload::reason(why));
        };
        tokio::join!(farewell, grace(&server, lost));
    }

    /// Says that the server is closing, until the sockets are closed, all together.
    async fn refuse_all(mut self) {
        loop {
            tokio::select! {
                _ = self.line.end().declared() => return,
                Some(request) = self.queue.recv() => request.refuse(Rejection::Closing),
            }
        }
    }

    async fn handle(&mut self, request: Request) {
        match request {
            Request::JoinRoom(job) => self.join(job),
            Request::Meet(job) => self.meet(job),
            Request::LeaveRoom(Job {
                event: LeaveRoom {},
                ack,
            }) => ack.answer(self.leave()),
            Request::Offer(job) => self.signal(job).await,
            Request::Answer(job) => self.signal(job).await,
            Request::Ice(job) => self.signal(job).await,
            Request::LockRoom(Job {
                event: LockRoom { locked },
                ack,
            }) => ack.answer(self.change(|room, me| room.lock(me, locked))),
            Request::RemoveMember(Job {
                event: RemoveMember { peer },
                ack,
            }) => ack.answer(self.change(|room, me| room.remove(me, peer))),
            Request::WatchRooms(Job {
                event: WatchRooms {},
                ack,
            }) => ack.answer(self.watch()),
            Request::UnwatchRooms(Job {
                event: UnwatchRooms {},
                ack,
            }) => {
                self.unwatch();
                ack.answer(Ok(Done {}));
            }
            Request::GetIceServers(Job {
                event: GetIceServers {},
                ack,
            }) => ack.answer(Ok(IceServers {
                ice_servers: self.server.ice.told_to(self.relay_user()),
            })),
        }
    }

    fn hear(&mut self, news: News) {
        match news {
            News::List(rooms) => self.line.tell(&Message::from(RoomChange { rooms })),
            News::Turn(turn) => self.take_turn(turn),
        }
    }

    fn join(&mut self, job: Job<JoinRoom>) {
        let Job { event, ack } = job;
        let JoinRoom {
            room,
            nickname,
            secret,
            epoch,
            list,
            resume,
        } = event;
        self.stop_seeking();
        let checked =
            names::room_name(&room).and_then(|room| Ok((room, names::nickname(&nickname)?)));
        let (name, nickname) = match checked {
            Ok(names) => names,
            Err(rejection) => return ack.answer(Err(rejection)),
        };
        let key = RoomKey::of(&name);
        let id = peer_id(&secret, &key);
        let entrant = Entrant {
            id,
            nickname,
            epoch,
        };
        let ice = &self.server.ice;
        let answer = |room: Result<&Room, Rejection>| {
            ack.answer(room.map(|room| room.seen_by(id, ice.told_to(RelayUser::Member(id)))));
        };
        let rooms = &self.server.rooms;
        match &self.state {
            // The answer to an earlier question may have been too late for whoever asked.
            State::Inside(place) if place.room == key && place.peer == id => {
                return rooms.look_again(place, epoch, answer);
            }
            State::Inside(_) => return answer(Err(Rejection::AlreadyInRoom)),
            State::Outside | State::Watching(_) | State::Seeking(_) => {}
        }
        let wish = Wish {
            entrant,
            list,
            resume,
        };
        if let Some(Entered { place, awaited }) = rooms.join(name, wish, &self.line, answer) {
            self.state = State::Inside(place);
            if !awaited.is_empty() {
                let server = Arc::clone(&self.server);
                tokio::spawn(async move { grace(&server, awaited).await });
            }
        }
    }

    /// Waits to meet someone. The answer goes out before anyone can be found.
    fn meet(&mut self, job: Job<Meet>) {
        let Job { event, ack } = job;
        let Meet {
            kind,
            nickname,
            secret,
            epoch,
        } = event;
        self.stop_seeking();
        let checked = match &self.state {
            State::Inside(_) => Err(Rejection::AlreadyInRoom),
            State::Outside | State::Watching(_) | State::Seeking(_) => names::nickname(&nickname),
        };
        let nickname = match checked {
            Ok(nickname) => nickname,
            Err(rejection) => return ack.answer(Err(rejection)),
        };
        ack.answer(Ok(Done {}));
        let (met, wait) = oneshot::channel();
        let since = Instant::now();
        let contact = Contact {
            line: self.line.clone(),
            nickname,
            secret,
            epoch,
            met,
        };
        self.server.meetings.ask(kind, contact, since);
        self.state = State::Seeking(Seeking::new(wait, since));
        self.bring_together();
    }

    fn bring_together(&self) {
        let Server {
            meetings,
            rooms,
            ice,
            ..
        } = &*self.server;
        meetings.bring_together(rooms, ice);
    }

    fn take_turn(&mut self, turn: Turn) {
        match turn {
            Turn::Met(place) => self.state = State::Inside(place),
            Turn::OutOfPatience => self.bring_together(),
            Turn::Displaced => self.state = State::Outside,
        }
    }

    /// Waits for nobody any more; whoever has been found already has been met. Says whether anything
    /// was waited for.
    fn stop_seeking(&mut self) -> bool {
        let State::Seeking(seeking) = &mut self.state else {
            return false;
        };
        self.server.meetings.forget(self.line.id());
        let turn = seeking.met().map_or(Turn::Displaced, Turn::Met);
        self.take_turn(turn);
        true
    }

    fn leave(&mut self) -> Result<Done, Rejection> {
        if self.stop_seeking() && matches!(self.state, State::Outside) {
            return Ok(Done {});
        }
        let left = self.change(Room::leave)?;
        self.state = State::Outside;
        self.line.sight().left();
        Ok(left)
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Room, PeerId) -> Result<Vec<Notice>, Rejection>,
    ) -> Result<Done, Rejection> {
        let place = self.place()?;
        let rooms = &self.server.rooms;
        rooms.change(place, |room| change(room, place.peer))?;
        Ok(Done {})
    }

    async fn signal<S: Signal>(&self, job: Job<S>) {
        let Job { event, ack } = job;
        ack.answer(self.relay(event).await);
    }

    async fn relay(&self, signal: impl Signal) -> Result<Done, Rejection> {
        let place = self.place()?;
        let (to, epoch) = signal.to();
        let Way {
            sender,
            unsent,
            sight,
        } = self.server.rooms.signal(place, to, epoch)?;
        let message = signal.from(&sender);
        let bytes = unsent::size(&message);
        self.gate.count_signal(bytes)?;
        // Too much for the receiver is the senders' doing: one of them is told, and nobody else suffers.
        unsent
            .add_signal(bytes)
            .map_err(|TooMuch| Rejection::QueueFull)?;
        let receiver = self.line.socket().to(address(&place.room, to));
        match receiver.emit(message.name(), &message).await {
            Ok(()) => {
                sight.sent(message.name(), &message);
                Ok(Done {})
            }
            Err(error) => {
                debug!(%error, peer = ?to, "cannot hand a signal over");
                unsent.taken(bytes);
                Err(Rejection::QueueFull)
            }
        }
    }

    fn watch(&mut self) -> Result<OpenRooms, Rejection> {
        self.stop_seeking();
        match self.state {
            State::Inside(_) => return Err(Rejection::AlreadyInRoom),
            State::Outside | State::Watching(_) | State::Seeking(_) => {}
        }
        let mut list = self.server.list.subscribe();
        let rooms = list.borrow_and_update().clone();
        self.state = State::Watching(list);
        Ok(OpenRooms {
            listing: self.server.config.list_rooms,
            rooms,
        })
    }

    fn unwatch(&mut self) {
        match self.state {
            State::Watching(_) => self.state = State::Outside,
            State::Outside | State::Seeking(_) | State::Inside(_) => {}
        }
    }

    fn relay_user(&self) -> RelayUser {
        match &self.state {
            State::Inside(place) => RelayUser::Member(place.peer),
            State::Outside | State::Watching(_) | State::Seeking(_) => {
                RelayUser::Nobody(self.number)
            }
        }
    }

    fn place(&self) -> Result<&Place, Rejection> {
        match &self.state {
            State::Inside(place) => Ok(place),
            State::Outside | State::Watching(_) | State::Seeking(_) => Err(Rejection::NotInRoom),
        }
    }
}

/// The next state of the list, for one who watches it; the next turn, for one who waits to meet
/// someone; else never.
async fn next_news(state: &mut State) -> News {
    match state {
        State::Watching(list) => {
            if list.changed().await.is_ok() {
                return News::List(list.borrow_and_update().clone());
            }
        }
        State::Seeking(seeking) => return News::Turn(seeking.turn().await),
        State::Outside | State::Inside(_) => {}
    }
    std::future::pending().await
}

/// Lets the grace period of those who are away pass, if there are any.
async fn grace(server: &Server, away: Vec<Place>) {
    if away.is_empty() {
        return;
    }
    tokio::select! {
        () = sleep(server.config.grace_period) => {}
        () = server.closed() => return,
    }
    for place in away {
        match server.rooms.expire(&place) {
            Ok(()) => debug!(peer = ?place.peer, "expired"),
            Err(_) => debug!(peer = ?place.peer, "came back, or left"),
        }
    }
}

/// Closes the socket, if it is not closed yet, with that message as the last one. A buffer that is full
/// may get room again; if not, the next ping finds it full and closes the socket.
pub async fn hang_up(line: Line, last_words: Option<Message>) {
    let socket = line.socket().clone();
    if let Some(message) = &last_words {
        line.sight().sent(message.name(), message);
    }
    drop(line);
    let mut last_words = last_words.as_ref();
    while socket.connected() {
        if let Some(message) = last_words
            && socket.emit(message.name(), message).is_ok()
        {
            last_words = None;
        }
        if last_words.is_none() {
            match socket.clone().disconnect() {
                Ok(()) | Err(SocketError::Closed) => return,
                Err(SocketError::InternalChannelFull) => {}
            }
        }
        sleep(HANG_UP_AGAIN).await;
    }
}
