//! All open rooms, in memory. It applies each change to a room atomically and tells everyone what
//! follows from it before the next change can happen: what each member hears is in the order in which
//! the room changed. The rules are left to [`Room`], the connections to [`Line`].

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use shared::remembered::Remembered;
use shared::room::{Listing, Member};
use shared::{Epoch, PeerId, Rejection, RoomName};
use tokio::sync::Notify;
use tracing::debug;

use crate::admin::sight::Sight;
use crate::connection::line::{ConnectionId, Ending, Line};
use crate::lobby::Listed;
use crate::names::{self, RoomKey};
use crate::room::{Audience, Entrant, Notice, Room};
use crate::signalling::address;
use crate::unsent::Unsent;

/// How many parts the rooms are divided into, each behind its own lock. Nothing waits inside a lock.
const SHARDS: usize = 16;

/// The open rooms.
#[derive(Debug)]
pub struct RoomStore {
    shards: [Mutex<HashMap<RoomKey, OpenRoom>>; SHARDS],
    hasher: RandomState,
    capacity: usize,
    listing: Listing,
    list_changed: Notify,
    /// How many rooms have been opened so far.
    opened: AtomicU64,
    /// How long what people remember of a room is believed.
    grace: Duration,
    /// Since when rooms are remembered here.
    began: Instant,
}

/// What someone wants who comes to the door.
#[derive(Debug)]
pub struct Wish {
    /// Who.
    pub entrant: Entrant,
    /// Whether the room is to be listed, if this opens it.
    pub list: Option<bool>,
    /// The room as they remember it.
    pub resume: Option<Remembered>,
}

/// Someone has been let in.
#[derive(Debug)]
pub struct Entered {
    /// Their place.
    pub place: Place,
    /// The places of those who were only remembered. Their grace periods begin.
    pub awaited: Vec<Place>,
}

/// One connection's place in a room. It is worth nothing any more once another connection, or nobody,
/// has the place.
#[derive(Clone, Debug)]
pub struct Place {
    /// The room.
    pub room: RoomKey,
    /// The member.
    pub peer: PeerId,
    /// The connection.
    pub connection: ConnectionId,
}

/// How a signal gets to its receiver.
#[derive(Debug)]
pub struct Way {
    /// Whom it comes from, as the receiver shall know them.
    pub sender: Member,
    /// What waits for the receiver already.
    pub unsent: Unsent,
    /// What the admin page sees of the receiver.
    pub sight: Sight,
}

#[derive(Debug)]
struct OpenRoom {
    room: Room,
    /// Which of all rooms it is, in the order in which they were opened.
    number: u64,
    seats: HashMap<PeerId, Seat>,
    /// Until when what people remember of it is believed.
    unsure_until: Instant,
}

/// What stands behind a member.
#[derive(Debug)]
enum Seat {
    Taken(Line),
    /// The member is away: this was their connection, or stands for it.
    Vacated(ConnectionId),
}

impl RoomStore {
    /// No rooms yet; those to come hold `capacity` people and are listed as `listing` says. There may have
    /// been others before, of which people come to tell for as long as `grace`.
    #[must_use]
    pub fn new(capacity: usize, listing: Listing, grace: Duration) -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            hasher: RandomState::new(),
            capacity,
            listing,
            list_changed: Notify::new(),
            opened: AtomicU64::new(0),
            grace,
            began: Instant::now(),
        }
    }

    /// Lets someone into the room of that name, which is opened if need be, or restored as they remember
    /// it. `answer` is told the room as it is then, or that they may not enter ([`Room::join`]), before
    /// anyone can change it again. `None` if they may not.
    pub fn join(
        &self,
        name: RoomName,
        wish: Wish,
        line: &Line,
        answer: impl FnOnce(Result<&Room, Rejection>),
    ) -> Option<Entered> {
        let place = Place {
            room: RoomKey::of(&name),
            peer: wish.entrant.id,
            connection: line.id(),
        };
        let mut shard = self.shard(&place.room);
        let entered = match shard.entry(place.room.clone()) {
            Entry::Vacant(vacant) => self
                .open(name, wish)
                .map(|open| (vacant.insert(open), Vec::new())),
            Entry::Occupied(occupied) => {
                let open = occupied.into_mut();
                open.let_in(wish).map(|notices| (open, notices))
            }
        };
        let (open, notices) = match entered {
            Ok(entered) => entered,
            Err(rejection) => {
                answer(Err(rejection));
                return None;
            }
        };
        line.socket().join(address(&place.room, place.peer));
        let before = open.seats.insert(place.peer, Seat::Taken(line.clone()));
        if let Some(Seat::Taken(older)) = before {
            hang_up(&older, &place, Ending::Replaced);
        }
        let awaited = open.await_the_rest(&place);
        line.sight().entered(&open.room, place.peer);
        answer(Ok(&open.room));
        open.tell(&notices);
        debug!(peer = ?place.peer, people = open.seats.len(), awaited = awaited.len(), "joined");
        self.list_changed.notify_one();
        Some(Entered { place, awaited })
    }

    /// Answers one who is let in already under that epoch, and asks again, with the room as it is now.
    ///
    /// # Errors
    /// `AlreadyInRoom`: under another epoch. `NotInRoom` when the place is no longer this connection's.
    pub fn look_again(
        &self,
        place: &Place,
        epoch: Epoch,
        answer: impl FnOnce(Result<&Room, Rejection>),
    ) {
        let mut shard = self.shard(&place.room);
        let room = held(&mut shard, place).and_then(|open| {
            let mut members = open.room.members();
            if members.any(|member| member.id == place.peer && member.epoch == epoch) {
                Ok(&open.room)
            } else {
                Err(Rejection::AlreadyInRoom)
            }
        });
        answer(room);
    }

    /// Opens a room for those two alone. `told` is given the room and their places in it before anyone
    /// can change it.
    pub fn open_for_two(
        &self,
        name: RoomName,
        pair: [(Entrant, Line); 2],
        told: impl FnOnce(&Room, [Place; 2]),
    ) {
        let key = RoomKey::of(&name);
        let places = pair.each_ref().map(|(entrant, line)| Place {
            room: key.clone(),
            peer: entrant.id,
            connection: line.id(),
        });
        let (entrants, lines) = {
            let [(first, first_line), (second, second_line)] = pair;
            ([first, second], [first_line, second_line])
        };
        let seats = places.iter().zip(lines).map(|(place, line)| {
            line.socket().join(address(&place.room, place.peer));
            (place.peer, Seat::Taken(line))
        });
        let open = OpenRoom {
            seats: seats.collect(),
            ..self.opened(Room::open_for_two(name, entrants), Instant::now())
        };
        let mut shard = self.shard(&key);
        open.show();
        told(&open.room, places);
        shard.insert(key, open);
    }

    /// Applies a change to the room of that place and tells everyone what follows from it.
    ///
    /// # Errors
    /// `NotInRoom` when the place is no longer this connection's, and those of the change.
    pub fn change(
        &self,
        place: &Place,
        change: impl FnOnce(&mut Room) -> Result<Vec<Notice>, Rejection>,
    ) -> Result<(), Rejection> {
        let mut shard = self.shard(&place.room);
        let open = held(&mut shard, place)?;
        let notices = change(&mut open.room)?;
        self.settle(&mut shard, place, &notices);
        Ok(())
    }

    /// Marks the member of that place as away: the connection is lost. Nothing happens when it no
    /// longer has the place.
    ///
    /// # Errors
    /// `NotInRoom`, the place being no longer this connection's.
    pub fn lose(&self, place: &Place) -> Result<(), Rejection> {
        let mut shard = self.shard(&place.room);
        let open = held(&mut shard, place)?;
        let notices = open.room.away(place.peer)?;
        let seat = Seat::Vacated(place.connection);
        if let Some(Seat::Taken(line)) = open.seats.insert(place.peer, seat) {
            line.socket().leave(address(&place.room, place.peer));
        }
        open.tell(&notices);
        Ok(())
    }

    /// Ends the membership of one who did not come back after [`lose`](Self::lose).
    ///
    /// # Errors
    /// `NotInRoom`: they did come back, or have left.
    pub fn expire(&self, place: &Place) -> Result<(), Rejection> {
        let mut shard = self.shard(&place.room);
        let open = shard.get_mut(&place.room).ok_or(Rejection::NotInRoom)?;
        match open.seats.get(&place.peer) {
            Some(Seat::Vacated(connection)) if *connection == place.connection => {}
            Some(Seat::Vacated(_) | Seat::Taken(_)) | None => return Err(Rejection::NotInRoom),
        }
        let notices = open.room.expire(place.peer)?;
        self.settle(&mut shard, place, &notices);
        Ok(())
    }

    /// The way of a signal from that place to that peer.
    ///
    /// # Errors
    /// Those of [`Room::signal`].
    pub fn signal(&self, place: &Place, to: PeerId, epoch: Epoch) -> Result<Way, Rejection> {
        let mut shard = self.shard(&place.room);
        let open = held(&mut shard, place)?;
        let sender = open.room.signal(place.peer, to, epoch)?.clone();
        match open.seats.get(&to) {
            Some(Seat::Taken(line)) => Ok(Way {
                sender,
                unsent: line.unsent().clone(),
                sight: line.sight().clone(),
            }),
            Some(Seat::Vacated(_)) | None => Err(Rejection::PeerAway),
        }
    }

    /// The listed rooms, in no order.
    #[must_use]
    pub fn listed(&self) -> Vec<Listed> {
        let mut listed = Vec::new();
        for shard in &self.shards {
            listed.extend(lock(shard).values().filter_map(OpenRoom::listed));
        }
        listed
    }

    /// Waits until the list of rooms may be another one than when this last returned.
    pub async fn list_may_have_changed(&self) {
        self.list_changed.notified().await;
    }

    /// Tells everyone, then lets go of the seats and the room that nobody has any more.
    fn settle(&self, shard: &mut HashMap<RoomKey, OpenRoom>, place: &Place, notices: &[Notice]) {
        let Some(open) = shard.get_mut(&place.room) else {
            return;
        };
        open.tell(notices);
        let OpenRoom { room, seats, .. } = open;
        seats.retain(|&peer, seat| {
            let stays = room.members().any(|member| member.id == peer);
            match seat {
                Seat::Taken(line) if !stays && peer != place.peer => {
                    let place = Place {
                        peer,
                        ..place.clone()
                    };
                    hang_up(line, &place, Ending::Removed);
                }
                Seat::Taken(line) if !stays => {
                    line.socket().leave(address(&place.room, peer));
                }
                Seat::Taken(_) | Seat::Vacated(_) => {}
            }
            stays
        });
        if room.is_empty() {
            shard.remove(&place.room);
        }
        self.list_changed.notify_one();
    }

    /// A room of that name, for the first who comes.
    fn open(&self, name: RoomName, wish: Wish) -> Result<OpenRoom, Rejection> {
        let Wish {
            entrant,
            list,
            resume,
        } = wish;
        let listed = self.is_listed(list);
        Ok(match resume {
            Some(remembered) => {
                let room = Room::restore(name, self.capacity, listed, entrant, &remembered)?;
                self.opened(room, Instant::now() + self.grace)
            }
            // Of such a room there is nothing to open for anyone but the two whom it was for.
            None if names::is_made_up(name.as_str()) => return Err(Rejection::RoomLocked),
            // Whoever reloads the page has forgotten the room, and may come before those who have not.
            None => {
                let room = Room::open(name, self.capacity, listed, entrant);
                self.opened(room, self.began + self.grace)
            }
        })
    }

    fn opened(&self, room: Room, unsure_until: Instant) -> OpenRoom {
        OpenRoom {
            room,
            number: self.opened.fetch_add(1, Ordering::Relaxed),
            seats: HashMap::new(),
            unsure_until,
        }
    }

    fn is_listed(&self, wish: Option<bool>) -> bool {
        match self.listing {
            Listing::OptIn => wish.unwrap_or(false),
            Listing::All => wish.unwrap_or(true),
            Listing::Off => false,
        }
    }

    fn shard(&self, room: &RoomKey) -> MutexGuard<'_, HashMap<RoomKey, OpenRoom>> {
        let hash = self.hasher.hash_one(room);
        // The remainder is below SHARDS, whatever the width of usize.
        lock(&self.shards[(hash % SHARDS as u64) as usize])
    }
}

impl OpenRoom {
    fn let_in(&mut self, wish: Wish) -> Result<Vec<Notice>, Rejection> {
        match &wish.resume {
            Some(remembered) if Instant::now() < self.unsure_until => {
                self.room.come_back(wish.entrant, remembered)
            }
            Some(_) | None => self.room.join(wish.entrant),
        }
    }

    /// The places of those members whom nothing stands behind yet.
    fn await_the_rest(&mut self, restorer: &Place) -> Vec<Place> {
        let connection = ConnectionId::next();
        let mut awaited = Vec::new();
        for peer in self.room.members().map(|member| member.id) {
            self.seats.entry(peer).or_insert_with(|| {
                awaited.push(Place {
                    peer,
                    connection,
                    room: restorer.room.clone(),
                });
                Seat::Vacated(connection)
            });
        }
        awaited
    }

    fn listed(&self) -> Option<Listed> {
        let summary = self.room.summary()?;
        Some(Listed {
            summary,
            number: self.number,
        })
    }

    /// Lets the admin page see who is in it.
    fn show(&self) {
        for (&peer, seat) in &self.seats {
            match seat {
                Seat::Taken(line) => line.sight().entered(&self.room, peer),
                Seat::Vacated(_) => {}
            }
        }
    }

    fn tell(&self, notices: &[Notice]) {
        for Notice { to, message } in notices {
            let members = self.room.members().map(|member| member.id);
            let listeners: Vec<PeerId> = match *to {
                Audience::Everyone => members.collect(),
                Audience::EveryoneBut(one) => members.filter(|&id| id != one).collect(),
                Audience::Only(one) => vec![one],
            };
            for listener in listeners {
                match self.seats.get(&listener) {
                    Some(Seat::Taken(line)) => line.tell(message),
                    Some(Seat::Vacated(_)) | None => {}
                }
            }
        }
    }
}

/// The room of a place that is still this connection's.
fn held<'a>(
    shard: &'a mut HashMap<RoomKey, OpenRoom>,
    place: &Place,
) -> Result<&'a mut OpenRoom, Rejection> {
    let open = shard.get_mut(&place.room).ok_or(Rejection::NotInRoom)?;
    match open.seats.get(&place.peer) {
        Some(Seat::Taken(line)) if line.id() == place.connection => Ok(open),
        Some(Seat::Taken(_) | Seat::Vacated(_)) | None => Err(Rejection::NotInRoom),
    }
}

fn hang_up(line: &Line, place: &Place, ending: Ending) {
    line.socket().leave(address(&place.room, place.peer));
    line.end().declare(ending);
}

/// A panic elsewhere does not take the rooms down: every change is made of steps that cannot panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
