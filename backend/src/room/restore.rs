//! A room that the server has forgotten, as those who come back remember it.
//!
//! Nothing of it can be proven. It is believed where the room would otherwise be opened afresh, whose
//! opener may do what they like with it in any case: name a host, and lock it. It puts nobody out who
//! is there, and lets nobody in as somebody else: a seat is taken by those alone whose secret gives its id.

use shared::remembered::{Remembered, RememberedKind, RememberedMember};
use shared::room::{Member, Presence, RoomState};
use shared::to_browser::Welcome;
use shared::{PeerId, Rejection, RoomName};

use super::{Audience, Entrant, Kind, Notice, Past, Room, Seat, remember};
use crate::names;

impl Room {
    /// Restores a room for one who comes back to it. The others whom they remember are away, as far as
    /// there are places.
    ///
    /// # Errors
    /// `Malformed`: the entrant was not in it, or a room of that name was never for two, or for nobody else.
    /// `InvalidNickname`.
    pub fn restore(
        name: RoomName,
        capacity: usize,
        listed: bool,
        entrant: Entrant,
        remembered: &Remembered,
    ) -> Result<Self, Rejection> {
        let mut seats = seats_of(&entrant, remembered)?;
        let (kind, capacity, state) = match remembered.kind {
            RememberedKind::Open { .. } if names::is_made_up(name.as_str()) => {
                return Err(malformed("a room of that name is for two"));
            }
            RememberedKind::Open { host, locked } => {
                let state = RoomState {
                    host,
                    locked,
                    listed,
                };
                (Kind::Open { opener: host }, capacity, state)
            }
            RememberedKind::Pair if !names::is_made_up(name.as_str()) => {
                return Err(malformed("two who meet are in no room of that name"));
            }
            RememberedKind::Pair => {
                let state = RoomState {
                    host: entrant.id,
                    locked: false,
                    listed: false,
                };
                (Kind::Pair, 2, state)
            }
        };
        // The host may have set a smaller number.
        while seats.len() > capacity
            && let Some(last) = seats
                .iter()
                .rposition(|seat| ![entrant.id, state.host].contains(&seat.member.id))
        {
            seats.remove(last);
        }
        let past = Past::Told;
        Ok(Self {
            past,
            ..Self::with(kind, name, capacity, seats, state)
        })
    }

    /// Lets someone back in who remembers the room, as [`join`](Self::join) does; for as long as what they
    /// remember is to be believed.
    ///
    /// If nobody has told of it before, those whom they remember get their places back and the lock is put
    /// on again, provided that they know everyone who is there; but whoever is host stays it. Else the rest
    /// whom they name get past a lock, and the host's own word counts for whether there is one.
    ///
    /// # Errors
    /// Those of [`join`](Self::join) and [`restore`](Self::restore).
    pub fn come_back(
        &mut self,
        entrant: Entrant,
        remembered: &Remembered,
    ) -> Result<Vec<Notice>, Rejection> {
        let id = entrant.id;
        // Whoever is refused after all shall have changed nothing.
        let mut after = self.clone();
        let mut notices = after.adopt(&entrant, remembered)?;
        let is_awaited = after.seats.iter().any(|seat| seat.is_awaited(id));
        notices.extend(after.join(entrant)?);
        // Of two who have met, neither brings a third.
        let vouched = match after.kind {
            Kind::Open { .. } => remembered.members.as_slice(),
            Kind::Pair => &[],
        };
        for named in vouched.iter().map(|member| member.id) {
            if after.member(named).is_none() && !after.removed.contains(&named) {
                remember(&mut after.former, named);
                remember(&mut after.lost, named);
            }
        }
        if let RememberedKind::Open { host, locked } = remembered.kind
            && is_awaited
            && [host, after.state.host] == [id; 2]
            && after.state.locked != locked
        {
            after.state.locked = locked;
            notices.push(after.state_notice());
        }
        *self = after;
        Ok(notices)
    }

    /// Gives a room that was opened afresh the people back that it had before, and the lock. Not the host: anyone
    /// who has looked at who is there could claim to have been it.
    fn adopt(
        &mut self,
        entrant: &Entrant,
        remembered: &Remembered,
    ) -> Result<Vec<Notice>, Rejection> {
        let knows_all = self.members().all(|member| remembered.has(member.id));
        let RememberedKind::Open { locked, .. } = remembered.kind else {
            return Ok(Vec::new());
        };
        if self.past != Past::Untold || self.kind == Kind::Pair || self.state.locked || !knows_all {
            return Ok(Vec::new());
        }
        let mut notices = Vec::new();
        let mut seats = seats_of(entrant, remembered)?;
        // The place of one who is at the door comes before those of the others.
        seats.sort_by_key(|seat| seat.member.id != entrant.id);
        for seat in seats {
            let is_there = self.member(seat.member.id).is_some();
            if is_there || self.removed.contains(&seat.member.id) || self.is_full() {
                continue;
            }
            let member = Member {
                presence: Presence::Away,
                ..seat.member.clone()
            };
            notices.push(Notice::new(
                Audience::EveryoneBut(entrant.id),
                Welcome {
                    member: member.clone(),
                },
            ));
            self.seats.push(Seat {
                member,
                past_epochs: seat.past_epochs,
                is_awaited: true,
            });
        }
        self.past = Past::Told;
        self.state.locked = locked;
        notices.push(self.state_notice());
        Ok(notices)
    }
}

/// The remembered seats, the entrant's taken by them.
fn seats_of(entrant: &Entrant, remembered: &Remembered) -> Result<Vec<Seat>, Rejection> {
    if !remembered.has(entrant.id) {
        return Err(malformed("one who comes back does not remember themselves"));
    }
    remembered
        .members
        .iter()
        .map(|member| {
            if member.id == entrant.id {
                Ok(Seat::new(entrant.clone()))
            } else {
                Seat::awaiting(member)
            }
        })
        .collect()
}

impl Seat {
    fn awaiting(member: &RememberedMember) -> Result<Self, Rejection> {
        let entrant = Entrant {
            id: member.id,
            nickname: names::nickname(member.nickname.as_str())?,
            epoch: member.epoch,
        };
        let mut seat = Self::new(entrant);
        seat.member.presence = Presence::Away;
        seat.is_awaited = true;
        Ok(seat)
    }

    fn is_awaited(&self, id: PeerId) -> bool {
        self.is_awaited && self.member.id == id
    }
}

fn malformed(detail: &str) -> Rejection {
    Rejection::Malformed {
        detail: detail.to_owned(),
    }
}
