//! A server in memory: connections, and the one room there is, by the real server's rules
//! ([`backend::room::Room`]).

use std::collections::BTreeMap;

use backend::room::{Audience, Entrant, Notice, Room};
use call::Time;
use call::input::{RequestError, ServerInput};
use call::output::Request;
use shared::room::{IceServer, Member};
use shared::to_browser::{Answer, Ice, Message, Offer, Paired, Replaced};
use shared::to_server::{Done, IceServers, JoinRoom, Joined, Meet};
use shared::{Epoch, Nickname, PeerId, Rejection, RoomName, Secret};

use super::world::GRACE;

/// One connection of one page.
pub type ConnectionId = usize;

/// What the server sends, and to whom.
pub type Delivery = (ConnectionId, ServerInput);

/// Counts losses, so that the grace period of an earlier one ends nothing.
pub type Loss = u64;

/// What stands behind a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    Taken(ConnectionId),
    Vacated(Loss),
}

#[derive(Debug)]
struct Open {
    room: Room,
    seats: BTreeMap<PeerId, Seat>,
    /// Until when what people remember of it is believed.
    unsure_until: Time,
}

/// The one room of these tests. It is the one for two who meet, too, when nobody else is in it.
#[derive(Debug)]
pub struct Server {
    open: Option<Open>,
    /// Who waits to meet someone.
    seekers: Vec<(ConnectionId, Meet)>,
    capacity: usize,
    /// What everyone is told who comes in.
    pub ice_servers: Vec<IceServer>,
    losses: Loss,
    began: Time,
    /// Whose grace periods begin.
    away: Vec<(PeerId, Loss)>,
    out: Vec<Delivery>,
}

impl Server {
    pub fn new(now: Time) -> Self {
        Self {
            open: None,
            seekers: Vec::new(),
            capacity: 16,
            ice_servers: vec![turn("first")],
            losses: 0,
            began: now,
            away: Vec::new(),
            out: Vec::new(),
        }
    }

    pub fn take(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.out)
    }

    /// Whose grace periods have begun since the last look.
    pub fn take_away(&mut self) -> Vec<(PeerId, Loss)> {
        std::mem::take(&mut self.away)
    }

    pub fn room(&self) -> Option<&Room> {
        self.open.as_ref().map(|open| &open.room)
    }

    pub fn people(&self) -> usize {
        self.members().count()
    }

    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.room().into_iter().flat_map(Room::members)
    }

    /// What rooms to come hold.
    pub fn set_capacity(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    /// All memory is gone.
    pub fn forget(&mut self, now: Time) {
        *self = Self {
            capacity: self.capacity,
            ice_servers: std::mem::take(&mut self.ice_servers),
            losses: self.losses,
            ..Self::new(now)
        };
    }

    pub fn handle(&mut self, from: ConnectionId, request: Request, now: Time) {
        let you = self.place_of(from);
        match (request, you) {
            (Request::Join(join), _) => self.join(from, join, now),
            (Request::Meet(_), Some(_)) => {
                let refused = Err(RequestError::Rejected(Rejection::AlreadyInRoom));
                self.out.push((from, ServerInput::Waiting(refused)));
            }
            (Request::Meet(meet), None) => {
                self.out.push((from, ServerInput::Waiting(Ok(Done {}))));
                self.seekers
                    .retain(|(_, other)| other.secret != meet.secret);
                self.seekers.push((from, meet));
            }
            (Request::IceServers(_), _) => {
                let ice_servers = self.ice_servers.clone();
                let reply = ServerInput::IceServers(Ok(IceServers { ice_servers }));
                self.out.push((from, reply));
            }
            (Request::Leave(_), Some(you)) => drop(self.change(|room| room.leave(you))),
            (Request::Leave(_), None) => self.seekers.retain(|(waiting, _)| *waiting != from),
            (Request::Offer(offer), Some(you)) => {
                let (to, id) = (offer.to, offer.id);
                let result = self.pass_on(you, to, offer.to_epoch, |from, from_epoch| {
                    Message::Offer(Offer {
                        from,
                        from_epoch,
                        id,
                        sdp: offer.sdp.clone(),
                    })
                });
                let signalled = ServerInput::Signalled { to, id, result };
                self.out.push((from, signalled));
            }
            (Request::Answer(answer), Some(you)) => {
                let (to, id) = (answer.to, answer.id);
                let result = self.pass_on(you, to, answer.to_epoch, |from, from_epoch| {
                    Message::Answer(Answer {
                        from,
                        from_epoch,
                        id,
                        sdp: answer.sdp.clone(),
                    })
                });
                let signalled = ServerInput::Signalled { to, id, result };
                self.out.push((from, signalled));
            }
            (Request::Ice(ice), Some(you)) => {
                // Nobody is told whether candidates got through.
                let _ = self.pass_on(you, ice.to, ice.to_epoch, |from, from_epoch| {
                    Message::Ice(Ice {
                        from,
                        from_epoch,
                        id: ice.id,
                        of: ice.of,
                        candidates: ice.candidates.clone(),
                    })
                });
            }
            (Request::Lock(lock), Some(you)) => {
                let result = self.change(|room| room.lock(you, lock.locked));
                self.out.push((from, ServerInput::Moderated(result)));
            }
            (Request::Remove(remove), Some(you)) => {
                let result = self.change(|room| room.remove(you, remove.peer));
                self.out.push((from, ServerInput::Moderated(result)));
            }
            // From a connection that is in no room (any more).
            (
                Request::Offer(_)
                | Request::Answer(_)
                | Request::Ice(_)
                | Request::Lock(_)
                | Request::Remove(_),
                None,
            ) => {}
        }
        self.bring_together();
    }

    /// The server notices that a connection is gone.
    pub fn gone(&mut self, connection: ConnectionId) {
        self.seekers.retain(|(waiting, _)| *waiting != connection);
        let Some(peer) = self.place_of(connection) else {
            return;
        };
        self.losses += 1;
        let loss = self.losses;
        if let Some(open) = &mut self.open {
            open.seats.insert(peer, Seat::Vacated(loss));
        }
        self.away.push((peer, loss));
        drop(self.change(|room| room.away(peer)));
    }

    /// A grace period is over.
    pub fn grace_over(&mut self, peer: PeerId, loss: Loss) {
        let seat = self.open.as_ref().and_then(|open| open.seats.get(&peer));
        if seat == Some(&Seat::Vacated(loss)) {
            drop(self.change(|room| room.expire(peer)));
        }
    }

    /// The first two who wait for the same get the room, if it is free.
    fn bring_together(&mut self) {
        let kind = self.seekers.first().map(|(_, first)| first.kind);
        let others = self.seekers.iter().skip(1);
        let partner = others
            .into_iter()
            .position(|(_, other)| Some(other.kind) == kind);
        let Some(partner) = partner.filter(|_| self.open.is_none()) else {
            return;
        };
        let second = self.seekers.remove(partner + 1);
        let first = self.seekers.remove(0);
        let pair = [first, second];
        let name = RoomName::new(&format!("~{:032x}", 0)).unwrap();
        let entrants = pair
            .each_ref()
            .map(|(_, meet)| entrant(&meet.secret, &meet.nickname, meet.epoch));
        let ids = entrants.each_ref().map(|entrant| entrant.id);
        let room = Room::open_for_two(name, entrants);
        for ((connection, _), id) in pair.iter().zip(ids) {
            let joined = room.seen_by(id, self.ice_servers.clone());
            let event = ServerInput::Event(Paired { joined }.into());
            self.out.push((*connection, event));
        }
        let taken = pair.map(|(connection, _)| Seat::Taken(connection));
        self.open = Some(Open {
            room,
            seats: ids.into_iter().zip(taken).collect(),
            unsure_until: self.began,
        });
    }

    fn join(&mut self, from: ConnectionId, join: JoinRoom, now: Time) {
        let who = entrant(&join.secret, &join.nickname, join.epoch);
        let id = who.id;
        match self.let_in(from, who, join, now) {
            Ok((joined, notices)) => {
                self.out.push((from, ServerInput::Joined(Ok(joined))));
                let taken = Seat::Taken(from);
                let seats = self.open.as_mut().map(|open| &mut open.seats);
                let before = seats.and_then(|seats| seats.insert(id, taken));
                if let Some(Seat::Taken(older)) = before.filter(|before| *before != taken) {
                    let replaced = ServerInput::Event(Replaced {}.into());
                    self.out.push((older, replaced));
                }
                self.await_the_rest();
                self.tell(&notices);
            }
            Err(rejection) => {
                let refused = Err(RequestError::Rejected(rejection));
                self.out.push((from, ServerInput::Joined(refused)));
            }
        }
    }

    fn let_in(
        &mut self,
        from: ConnectionId,
        entrant: Entrant,
        join: JoinRoom,
        now: Time,
    ) -> Result<(Joined, Vec<Notice>), Rejection> {
        let (id, epoch) = (entrant.id, entrant.epoch);
        if let Some(you) = self.place_of(from) {
            let mut members = self.members();
            let is_same = members.any(|member| member.id == you && member.epoch == epoch);
            return match &self.open {
                Some(open) if is_same && you == id => {
                    Ok((open.room.seen_by(id, self.ice_servers.clone()), Vec::new()))
                }
                Some(_) | None => Err(Rejection::AlreadyInRoom),
            };
        }
        if let Some(remembered) = &join.resume {
            shared::remembered::Remembered::check(remembered).expect("no page says what cannot be");
        }
        if let Some(Open {
            room, unsure_until, ..
        }) = &mut self.open
        {
            let notices = match &join.resume {
                Some(remembered) if now < *unsure_until => room.come_back(entrant, remembered)?,
                Some(_) | None => room.join(entrant)?,
            };
            return Ok((room.seen_by(id, self.ice_servers.clone()), notices));
        }
        let name = RoomName::new(&join.room).unwrap();
        let (room, unsure_until) = match &join.resume {
            Some(remembered) => (
                Room::restore(name, self.capacity, false, entrant, remembered)?,
                now + GRACE,
            ),
            None => (
                Room::open(name, self.capacity, false, entrant),
                self.began + GRACE,
            ),
        };
        let joined = room.seen_by(id, self.ice_servers.clone());
        self.open = Some(Open {
            room,
            seats: BTreeMap::new(),
            unsure_until,
        });
        Ok((joined, Vec::new()))
    }

    /// The grace periods of those begin who were only remembered.
    fn await_the_rest(&mut self) {
        let Some(Open { room, seats, .. }) = &mut self.open else {
            return;
        };
        for peer in room.members().map(|member| member.id) {
            seats.entry(peer).or_insert_with(|| {
                self.losses += 1;
                self.away.push((peer, self.losses));
                Seat::Vacated(self.losses)
            });
        }
    }

    fn pass_on(
        &mut self,
        from: PeerId,
        to: PeerId,
        to_epoch: Epoch,
        message: impl FnOnce(PeerId, Epoch) -> Message,
    ) -> Result<Done, RequestError> {
        let way = self.open.as_ref().ok_or(Rejection::NotInRoom);
        let way = way.and_then(|open| Ok((open.room.signal(from, to, to_epoch)?, &open.seats)));
        let (sender, seats) = way.map_err(RequestError::Rejected)?;
        let Some(Seat::Taken(connection)) = seats.get(&to) else {
            return Err(RequestError::Rejected(Rejection::PeerAway));
        };
        let event = ServerInput::Event(message(sender.id, sender.epoch));
        self.out.push((*connection, event));
        Ok(Done {})
    }

    /// Changes the room, tells everyone, and lets go of the seats and the room that nobody has any more.
    fn change(
        &mut self,
        change: impl FnOnce(&mut Room) -> Result<Vec<Notice>, Rejection>,
    ) -> Result<Done, RequestError> {
        let room = self.open.as_mut().map(|open| &mut open.room);
        let changed = room.ok_or(Rejection::NotInRoom).and_then(change);
        let notices = changed.map_err(RequestError::Rejected)?;
        self.tell(&notices);
        if let Some(Open { room, seats, .. }) = &mut self.open {
            seats.retain(|peer, _| room.members().any(|member| member.id == *peer));
            if room.is_empty() {
                self.open = None;
            }
        }
        Ok(Done {})
    }

    fn tell(&mut self, notices: &[Notice]) {
        let Some(Open { room, seats, .. }) = &self.open else {
            return;
        };
        for Notice { to, message } in notices {
            let members = room.members().map(|member| member.id);
            let listeners: Vec<PeerId> = match *to {
                Audience::Everyone => members.collect(),
                Audience::EveryoneBut(one) => members.filter(|id| *id != one).collect(),
                Audience::Only(one) => vec![one],
            };
            for listener in listeners {
                if let Some(Seat::Taken(connection)) = seats.get(&listener) {
                    let event = ServerInput::Event(message.clone());
                    self.out.push((*connection, event));
                }
            }
        }
    }

    fn place_of(&self, connection: ConnectionId) -> Option<PeerId> {
        let mut seats = self.open.as_ref()?.seats.iter();
        let (peer, _) = seats.find(|(_, seat)| **seat == Seat::Taken(connection))?;
        Some(*peer)
    }
}

/// A TURN server for that user.
pub fn turn(user: &str) -> IceServer {
    IceServer {
        urls: vec![
            "stun:turn.example".to_owned(),
            "turn:turn.example?transport=udp".to_owned(),
        ],
        username: Some(user.to_owned()),
        credential: Some("secret".to_owned()),
    }
}

fn entrant(secret: &Secret, nickname: &str, epoch: Epoch) -> Entrant {
    Entrant {
        id: id_of(secret),
        nickname: Nickname::new(nickname).unwrap(),
        epoch,
    }
}

fn id_of(secret: &Secret) -> PeerId {
    let bytes = secret.as_bytes();
    PeerId::from_bytes(std::array::from_fn(|place| bytes[place]))
}
