//! A room and its rules: who may enter, who is in it, who its host is, and what everyone is told when
//! that changes. A pure value: sockets, clocks, ids and the list of rooms are left to others, and so
//! is handing over the [`Notice`]s that its changes result in.

use std::collections::VecDeque;

use shared::room::{IceServer, Member, Presence, RoomState, RoomSummary};
use shared::to_browser::{
    Bye, ByeReason, Message, PresenceChange, Removed, RoomStateChange, Welcome,
};
use shared::to_server::Joined;
use shared::{Epoch, Nickname, PeerId, Rejection, RoomName};

/// Earlier visits of a member that a join is recognised by. A page whose visit is so old that it has
/// been forgotten would take the place of a newer one.
const PAST_EPOCHS: usize = 16;

/// Of how many removed people one is told on coming in: more than can have been in the room with one.
const TOLD_REMOVED: usize = 16;

/// How many removed people, and how many who left, a room remembers.
const REMEMBERED: usize = 256;

/// The people in one room, never empty while it is in use, and what its host has decided.
#[derive(Clone, Debug)]
pub struct Room {
    name: RoomName,
    kind: Kind,
    capacity: usize,
    /// The one longest in the room first.
    seats: Vec<Seat>,
    state: RoomState,
    /// Put out by the host: not let in again.
    removed: VecDeque<PeerId>,
    /// Left, or lost, since the room was locked or anyone was last put out: no strangers, whom alone
    /// the lock is for. A page that is loaded again leaves and comes back.
    former: VecDeque<PeerId>,
    /// Lost for good, as far as the server knows. Their peers may still hear them, and the host may put
    /// them out.
    lost: VecDeque<PeerId>,
    past: Past,
}

/// What is known of an earlier room of the same name, which the server may have forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Past {
    /// Nothing.
    Untold,
    /// What one of its members remembered.
    Told,
}

/// Whom a room is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// All who know its name, as far as its host lets them: its opener, whenever in the room.
    Open { opener: PeerId },
    /// Two who were brought together. Nobody else comes in, not even in the place of one who has left; who
    /// was lost may come back. Neither rules over the other.
    Pair,
}

/// Who wants to enter.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// Their id in this room.
    pub id: PeerId,
    /// The name they give.
    pub nickname: Nickname,
    /// This visit of theirs.
    pub epoch: Epoch,
}

/// Something that someone is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who.
    pub to: Audience,
    /// What.
    pub message: Message,
}

/// Who is to be told something. Those who are away are told nothing: they get the whole roster when
/// they come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everyone who is in the room after the change.
    Everyone,
    /// All of them but one.
    EveryoneBut(PeerId),
    /// One person, who may just have ceased to be a member.
    Only(PeerId),
}

#[derive(Clone, Debug)]
struct Seat {
    member: Member,
    past_epochs: VecDeque<Epoch>,
    /// Its member was only remembered by another, and has not come back since.
    is_awaited: bool,
}

impl Room {
    /// Opens a room; its opener is its first member and its host.
    #[must_use]
    pub fn open(name: RoomName, capacity: usize, listed: bool, opener: Entrant) -> Self {
        let state = RoomState {
            host: opener.id,
            locked: false,
            listed,
        };
        let kind = Kind::Open { opener: opener.id };
        Self::with(kind, name, capacity, vec![Seat::new(opener)], state)
    }

    /// Opens a room for those two alone.
    #[must_use]
    pub fn open_for_two(name: RoomName, pair: [Entrant; 2]) -> Self {
        let state = RoomState {
            // One of them has to be named.
            host: pair[0].id,
            locked: false,
            listed: false,
        };
        let seats = pair.map(Seat::new).into();
        Self::with(Kind::Pair, name, 2, seats, state)
    }

    fn with(
        kind: Kind,
        name: RoomName,
        capacity: usize,
        seats: Vec<Seat>,
        state: RoomState,
    ) -> Self {
        Self {
            name,
            kind,
            capacity,
            seats,
            state,
            removed: VecDeque::new(),
            former: VecDeque::new(),
            lost: VecDeque::new(),
            past: Past::Untold,
        }
    }

    /// The name, in the opener's spelling.
    #[must_use]
    pub fn name(&self) -> &RoomName {
        &self.name
    }

    /// How many people it holds, those away included.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// What its host has decided.
    #[must_use]
    pub fn state(&self) -> RoomState {
        self.state
    }

    /// Everyone in it, the one longest in it first.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.seats.iter().map(|seat| &seat.member)
    }

    /// The room as one of its members is told of it on coming in.
    #[must_use]
    pub fn seen_by(&self, you: PeerId, ice_servers: Vec<IceServer>) -> Joined {
        Joined {
            room: self.name.clone(),
            you,
            members: self.members().cloned().collect(),
            state: self.state,
            capacity: self.capacity,
            removed: self
                .removed
                .iter()
                .rev()
                .take(TOLD_REMOVED)
                .copied()
                .collect(),
            ice_servers,
        }
    }

    /// Whether the last one has left; then the room is over. Who is only remembered keeps no room open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people() == 0
    }

    /// Its line in the public list, if it stands there.
    #[must_use]
    pub fn summary(&self) -> Option<RoomSummary> {
        self.state.listed.then(|| RoomSummary {
            room: self.name.clone(),
            people: self.people(),
        })
    }

    /// How many are in it, without those who are only remembered: anyone could name many.
    fn people(&self) -> usize {
        self.seats.iter().filter(|seat| !seat.is_awaited).count()
    }

    fn is_full(&self) -> bool {
        self.seats.len() >= self.capacity
    }

    /// Lets someone in, or back in: a member under the same epoch resumes, one under a new epoch has
    /// loaded their page afresh. Both get in however full or locked the room is. The opener is host again.
    ///
    /// # Errors
    /// `RemovedByHost`, `StaleEpoch`, `RoomLocked`, `RoomFull`.
    pub fn join(&mut self, entrant: Entrant) -> Result<Vec<Notice>, Rejection> {
        let id = entrant.id;
        if self.removed.contains(&id) {
            return Err(Rejection::RemovedByHost);
        }
        if let Some(seat) = self.seat_mut(id) {
            let message = seat.come_back(entrant)?;
            return Ok(vec![Notice::new(Audience::EveryoneBut(id), message)]);
        }
        let is_closed = match self.kind {
            Kind::Open { .. } => self.state.locked,
            Kind::Pair => true,
        };
        if is_closed && !self.former.contains(&id) {
            return Err(Rejection::RoomLocked);
        }
        if self.is_full() {
            return Err(Rejection::RoomFull {
                capacity: self.capacity,
            });
        }
        self.lost.retain(|lost| *lost != id);
        let seat = Seat::new(entrant);
        let member = seat.member.clone();
        self.seats.push(seat);
        let mut notices = vec![Notice::new(Audience::EveryoneBut(id), Welcome { member })];
        // A page that is loaded again leaves and comes back: that shall not cost the role.
        if self.kind == (Kind::Open { opener: id }) {
            self.state.host = id;
            let state = self.state;
            notices.push(Notice::new(
                Audience::EveryoneBut(id),
                RoomStateChange { state },
            ));
        }
        Ok(notices)
    }

    /// Takes someone out at once.
    ///
    /// # Errors
    /// `NotInRoom`.
    pub fn leave(&mut self, id: PeerId) -> Result<Vec<Notice>, Rejection> {
        self.vacate(id, ByeReason::Left)
    }

    /// Marks someone whose connection was lost. Nothing is told twice.
    ///
    /// # Errors
    /// `NotInRoom`.
    pub fn away(&mut self, id: PeerId) -> Result<Vec<Notice>, Rejection> {
        let seat = self.seat_mut(id).ok_or(Rejection::NotInRoom)?;
        if seat.member.presence == Presence::Away {
            return Ok(Vec::new());
        }
        seat.member.presence = Presence::Away;
        let change = PresenceChange {
            peer: id,
            presence: Presence::Away,
        };
        Ok(vec![Notice::new(Audience::EveryoneBut(id), change)])
    }

    /// Takes out someone whose grace period is over. One who is back stays.
    ///
    /// # Errors
    /// `NotInRoom`.
    pub fn expire(&mut self, id: PeerId) -> Result<Vec<Notice>, Rejection> {
        match self.member(id).ok_or(Rejection::NotInRoom)?.presence {
            Presence::Present => Ok(Vec::new()),
            Presence::Away => self.vacate(id, ByeReason::Lost),
        }
    }

    /// Locks the room against newcomers, or opens it again.
    ///
    /// # Errors
    /// `NotInRoom`, `NotHost`.
    pub fn lock(&mut self, by: PeerId, locked: bool) -> Result<Vec<Notice>, Rejection> {
        self.check_host(by)?;
        if self.state.locked == locked {
            return Ok(Vec::new());
        }
        self.state.locked = locked;
        self.former.clear();
        Ok(vec![self.state_notice()])
    }

    /// Puts someone else out, for as long as the room lasts; one who is lost, too.
    ///
    /// # Errors
    /// `NotInRoom`, `NotHost`, `NoSuchPeer` (oneself included: that is what leaving is for).
    pub fn remove(&mut self, by: PeerId, peer: PeerId) -> Result<Vec<Notice>, Rejection> {
        self.check_host(by)?;
        if peer == by {
            return Err(Rejection::NoSuchPeer);
        }
        if self.member(peer).is_some() {
            return self.put_out(peer);
        }
        if !self.lost.contains(&peer) {
            return Err(Rejection::NoSuchPeer);
        }
        self.bar(peer);
        let reason = ByeReason::Removed;
        Ok(vec![Notice::new(Audience::Everyone, Bye { peer, reason })])
    }

    /// Puts someone out for as long as the room lasts, whoever may have decided so.
    ///
    /// # Errors
    /// `NotInRoom`.
    pub fn put_out(&mut self, peer: PeerId) -> Result<Vec<Notice>, Rejection> {
        self.member(peer).ok_or(Rejection::NotInRoom)?;
        let mut notices = vec![Notice::new(Audience::Only(peer), Removed {})];
        notices.extend(self.vacate(peer, ByeReason::Removed)?);
        self.bar(peer);
        Ok(notices)
    }

    /// Whether a signal from one member can go to another under that epoch. Returns the sender, as
    /// the receiver shall know it.
    ///
    /// # Errors
    /// `NotInRoom`, `NoSuchPeer` (oneself included), `StaleEpoch`, `PeerAway`.
    pub fn signal(&self, from: PeerId, to: PeerId, epoch: Epoch) -> Result<&Member, Rejection> {
        let sender = self.member(from).ok_or(Rejection::NotInRoom)?;
        let receiver = self
            .member(to)
            .filter(|receiver| receiver.id != from)
            .ok_or(Rejection::NoSuchPeer)?;
        if receiver.epoch != epoch {
            return Err(Rejection::StaleEpoch);
        }
        match receiver.presence {
            Presence::Present => Ok(sender),
            Presence::Away => Err(Rejection::PeerAway),
        }
    }

    fn member(&self, id: PeerId) -> Option<&Member> {
        self.members().find(|member| member.id == id)
    }

    fn seat_mut(&mut self, id: PeerId) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.member.id == id)
    }

    /// Lets someone in no more.
    fn bar(&mut self, peer: PeerId) {
        remember(&mut self.removed, peer);
        self.lost.retain(|lost| *lost != peer);
        // Under another id, the one put out may be among them.
        self.former.clear();
    }

    fn check_host(&self, id: PeerId) -> Result<(), Rejection> {
        self.member(id).ok_or(Rejection::NotInRoom)?;
        match self.kind {
            Kind::Open { .. } if self.state.host == id => Ok(()),
            Kind::Open { .. } | Kind::Pair => Err(Rejection::NotHost),
        }
    }

    fn vacate(&mut self, id: PeerId, reason: ByeReason) -> Result<Vec<Notice>, Rejection> {
        let index = self
            .members()
            .position(|member| member.id == id)
            .ok_or(Rejection::NotInRoom)?;
        self.seats.remove(index);
        match reason {
            ByeReason::Left if self.kind == Kind::Pair => {}
            ByeReason::Left => remember(&mut self.former, id),
            ByeReason::Lost => {
                remember(&mut self.former, id);
                remember(&mut self.lost, id);
            }
            ByeReason::Removed => {}
        }
        let mut notices = vec![Notice::new(Audience::Everyone, Bye { peer: id, reason })];
        if let Some(longest) = self.seats.first()
            && self.state.host == id
        {
            self.state.host = longest.member.id;
            match self.kind {
                Kind::Open { .. } => notices.push(self.state_notice()),
                Kind::Pair => {}
            }
        }
        Ok(notices)
    }

    fn state_notice(&self) -> Notice {
        Notice::new(Audience::Everyone, RoomStateChange { state: self.state })
    }
}

impl Seat {
    fn new(entrant: Entrant) -> Self {
        Self {
            member: Member {
                id: entrant.id,
                nickname: entrant.nickname,
                epoch: entrant.epoch,
                presence: Presence::Present,
            },
            past_epochs: VecDeque::new(),
            is_awaited: false,
        }
    }

    /// The same page resumes (and keeps the name that the others know), or a new one takes its place.
    /// Of one who was only remembered, the name was another's to say.
    fn come_back(&mut self, entrant: Entrant) -> Result<Message, Rejection> {
        if self.past_epochs.contains(&entrant.epoch) {
            return Err(Rejection::StaleEpoch);
        }
        self.member.presence = Presence::Present;
        let was_misnamed =
            std::mem::take(&mut self.is_awaited) && self.member.nickname != entrant.nickname;
        if self.member.epoch == entrant.epoch && !was_misnamed {
            return Ok(Message::from(PresenceChange {
                peer: entrant.id,
                presence: Presence::Present,
            }));
        }
        if self.member.epoch != entrant.epoch {
            if self.past_epochs.len() == PAST_EPOCHS {
                self.past_epochs.pop_front();
            }
            self.past_epochs.push_back(self.member.epoch);
            self.member.epoch = entrant.epoch;
        }
        self.member.nickname = entrant.nickname;
        Ok(Message::from(Welcome {
            member: self.member.clone(),
        }))
    }
}

/// Remembers someone in place of the one remembered longest.
fn remember(people: &mut VecDeque<PeerId>, id: PeerId) {
    if people.contains(&id) {
        return;
    }
    if people.len() == REMEMBERED {
        people.pop_front();
    }
    people.push_back(id);
}

impl Notice {
    fn new(to: Audience, message: impl Into<Message>) -> Self {
        Self {
            to,
            message: message.into(),
        }
    }
}

mod restore;
#[cfg(test)]
mod restore_tests;
#[cfg(test)]
mod tests;
