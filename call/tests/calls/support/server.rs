//! A server as the protocol describes it, in memory: rooms, presence, signals from one to one.

use std::collections::BTreeSet;

use call::input::{RequestError, ServerInput};
use call::output::Request;
use shared::room::{Member, Presence, RoomState};
use shared::to_browser::{
    Answer, Bye, ByeReason, Ice, Message, Offer, Paired, PresenceChange, Removed, Replaced,
    RoomStateChange, Welcome,
};
use shared::to_server::{Done, JoinRoom, Joined, Meet};
use shared::{Epoch, Nickname, PeerId, Rejection, RoomName, Secret};

/// One connection of one page.
pub type ConnectionId = usize;

/// What the server sends, and to whom.
pub type Delivery = (ConnectionId, ServerInput);

#[derive(Debug)]
struct Place {
    member: Member,
    connection: Option<ConnectionId>,
    /// Counts losses, so that the grace period of an earlier one ends nothing.
    losses: u64,
}

/// The one room of these tests. It is the one for two who meet, too, when nobody else is in it.
#[derive(Debug, Default)]
pub struct Server {
    places: Vec<Place>,
    /// Who waits to meet someone.
    seekers: Vec<(ConnectionId, Meet)>,
    locked: bool,
    capacity: Option<usize>,
    stale: BTreeSet<Epoch>,
    losses: u64,
    out: Vec<Delivery>,
}

impl Server {
    pub fn take(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.out)
    }

    pub fn people(&self) -> usize {
        self.places.len()
    }

    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.places.iter().map(|place| &place.member)
    }

    pub fn set_capacity(&mut self, capacity: usize) {
        self.capacity = Some(capacity);
    }

    /// All memory is gone.
    pub fn forget(&mut self) {
        let capacity = self.capacity;
        *self = Self {
            capacity,
            ..Self::default()
        };
    }

    pub fn handle(&mut self, from: ConnectionId, request: Request) {
        let you = self.place_of(from).map(|place| place.member.id);
        match (request, you) {
            (Request::Join(join), _) => {
                let reply = self.join(from, join).map_err(RequestError::Rejected);
                self.out.push((from, ServerInput::Joined(reply)));
            }
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
            (Request::Leave(_), Some(you)) => self.bye(you, ByeReason::Left),
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
                let result = self.moderate(you);
                if result.is_ok() {
                    self.locked = lock.locked;
                    self.announce_state();
                }
                self.out.push((from, ServerInput::Moderated(result)));
            }
            (Request::Remove(remove), Some(you)) => {
                let result = self.moderate(you);
                if result.is_ok() {
                    let theirs = self.connection_of(remove.peer);
                    self.bye(remove.peer, ByeReason::Removed);
                    if let Some(theirs) = theirs {
                        self.out
                            .push((theirs, ServerInput::Event(Removed {}.into())));
                    }
                }
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

    /// The server notices that a connection is gone. Gives whose grace period begins.
    pub fn gone(&mut self, connection: ConnectionId) -> Option<(PeerId, u64)> {
        self.seekers.retain(|(waiting, _)| *waiting != connection);
        self.losses += 1;
        let losses = self.losses;
        let place = self
            .places
            .iter_mut()
            .find(|place| place.connection == Some(connection))?;
        place.connection = None;
        place.member.presence = Presence::Away;
        place.losses = losses;
        let peer = place.member.id;
        self.tell_others(
            peer,
            PresenceChange {
                peer,
                presence: Presence::Away,
            },
        );
        Some((peer, losses))
    }

    /// A grace period is over.
    pub fn grace_over(&mut self, peer: PeerId, losses: u64) {
        let is_over = |place: &Place| {
            place.member.id == peer && place.connection.is_none() && place.losses == losses
        };
        if self.places.iter().any(is_over) {
            self.bye(peer, ByeReason::Lost);
        }
    }

    /// The first two who wait for the same get the room, if it is free.
    fn bring_together(&mut self) {
        let kind = self.seekers.first().map(|(_, first)| first.kind);
        let others = self.seekers.iter().skip(1);
        let partner = others
            .into_iter()
            .position(|(_, other)| Some(other.kind) == kind);
        let Some(partner) = partner.filter(|_| self.places.is_empty()) else {
            return;
        };
        let second = self.seekers.remove(partner + 1);
        let first = self.seekers.remove(0);
        for (connection, meet) in [first, second] {
            self.places.push(Place {
                member: Member {
                    id: id_of(&meet.secret),
                    nickname: Nickname::new(&meet.nickname).unwrap(),
                    epoch: meet.epoch,
                    presence: Presence::Present,
                },
                connection: Some(connection),
                losses: 0,
            });
        }
        let paired = |place: &Place| {
            let joined = self.joined(RoomName::new("hidden").unwrap(), place.member.id);
            let event = ServerInput::Event(Paired { joined }.into());
            Some((place.connection?, event))
        };
        let told: Vec<Delivery> = self.places.iter().filter_map(paired).collect();
        self.out.extend(told);
    }

    fn joined(&self, room: RoomName, you: PeerId) -> Joined {
        Joined {
            room,
            you,
            members: self.members().cloned().collect(),
            state: self.state(),
            capacity: self.capacity.unwrap_or(16),
            ice_servers: Vec::new(),
        }
    }

    fn join(&mut self, from: ConnectionId, join: JoinRoom) -> Result<Joined, Rejection> {
        let id = id_of(&join.secret);
        if self.place_of(from).is_some() {
            return Err(Rejection::AlreadyInRoom);
        }
        if self.stale.contains(&join.epoch) {
            return Err(Rejection::StaleEpoch);
        }
        let member = Member {
            id,
            nickname: Nickname::new(&join.nickname).unwrap(),
            epoch: join.epoch,
            presence: Presence::Present,
        };
        match self.places.iter_mut().find(|place| place.member.id == id) {
            Some(place) => {
                let older = place.connection.replace(from);
                let before = std::mem::replace(&mut place.member, member.clone());
                if let Some(older) = older {
                    self.out
                        .push((older, ServerInput::Event(Replaced {}.into())));
                }
                if before.epoch == member.epoch {
                    let presence = member.presence;
                    self.tell_others(id, PresenceChange { peer: id, presence });
                } else {
                    self.stale.insert(before.epoch);
                    self.tell_others(id, Welcome { member });
                }
            }
            None => {
                if let Some(capacity) = self.capacity
                    && self.places.len() >= capacity
                {
                    return Err(Rejection::RoomFull { capacity });
                }
                if self.locked {
                    return Err(Rejection::RoomLocked);
                }
                self.places.push(Place {
                    member: member.clone(),
                    connection: Some(from),
                    losses: 0,
                });
                self.tell_others(id, Welcome { member });
            }
        }
        Ok(self.joined(RoomName::new(&join.room).unwrap(), id))
    }

    fn pass_on(
        &mut self,
        from: PeerId,
        to: PeerId,
        to_epoch: Epoch,
        message: impl FnOnce(PeerId, Epoch) -> Message,
    ) -> Result<Done, RequestError> {
        let epoch_of = |id| {
            let member = self.members().find(|member| member.id == id);
            member.map(|member| member.epoch)
        };
        let rejected = |rejection| Err(RequestError::Rejected(rejection));
        let (Some(from_epoch), Some(epoch)) = (epoch_of(from), epoch_of(to)) else {
            return rejected(Rejection::NoSuchPeer);
        };
        if epoch != to_epoch {
            return rejected(Rejection::StaleEpoch);
        }
        let Some(connection) = self.connection_of(to) else {
            return rejected(Rejection::PeerAway);
        };
        let event = ServerInput::Event(message(from, from_epoch));
        self.out.push((connection, event));
        Ok(Done {})
    }

    fn moderate(&self, you: PeerId) -> Result<Done, RequestError> {
        if self.state().host == you {
            Ok(Done {})
        } else {
            Err(RequestError::Rejected(Rejection::NotHost))
        }
    }

    fn bye(&mut self, peer: PeerId, reason: ByeReason) {
        let host = self.state().host;
        self.places.retain(|place| place.member.id != peer);
        self.tell_others(peer, Bye { peer, reason });
        if self.places.is_empty() {
            self.locked = false;
        } else if host == peer {
            self.announce_state();
        }
    }

    fn announce_state(&mut self) {
        let state = self.state();
        self.tell_others(PeerId::from_bytes([0; 16]), RoomStateChange { state });
    }

    fn state(&self) -> RoomState {
        let nobody = PeerId::from_bytes([0; 16]);
        RoomState {
            host: self.members().next().map_or(nobody, |member| member.id),
            locked: self.locked,
            listed: false,
        }
    }

    fn tell_others(&mut self, not: PeerId, event: impl Into<Message>) {
        let event = event.into();
        let others = self.places.iter().filter(|place| place.member.id != not);
        let connections = others.filter_map(|place| place.connection);
        self.out
            .extend(connections.map(|connection| (connection, ServerInput::Event(event.clone()))));
    }

    fn place_of(&self, connection: ConnectionId) -> Option<&Place> {
        self.places
            .iter()
            .find(|place| place.connection == Some(connection))
    }

    fn connection_of(&self, peer: PeerId) -> Option<ConnectionId> {
        self.places
            .iter()
            .find(|place| place.member.id == peer)?
            .connection
    }
}

fn id_of(secret: &Secret) -> PeerId {
    let bytes = secret.as_bytes();
    PeerId::from_bytes(std::array::from_fn(|place| bytes[place]))
}
