//! Who is in the room, in the server's order, and what the host has decided. The way to each of them
//! is left to [`Peer`](crate::peer::Peer).

use shared::room::{Member, Presence, RoomState};
use shared::{Epoch, PeerId};

use crate::names;

/// The people of a room, this one included.
#[derive(Debug)]
pub(crate) struct Roster {
    you: PeerId,
    members: Vec<Member>,
    /// The members' names as shown, in the same order.
    names: Vec<String>,
    state: RoomState,
}

/// What [`Roster::welcome`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// Someone who was not in the room.
    New,
    /// The same load of the page as before.
    Same,
    /// Another load of the page of someone who is in the room.
    Reloaded,
}

impl Roster {
    pub fn new(you: PeerId, members: Vec<Member>, state: RoomState) -> Self {
        let mut roster = Self {
            you,
            members,
            names: Vec::new(),
            state,
        };
        roster.name();
        roster
    }

    pub fn you(&self) -> PeerId {
        self.you
    }

    pub fn state(&self) -> RoomState {
        self.state
    }

    /// Takes over what the host decided; gives what held before.
    pub fn set_state(&mut self, state: RoomState) -> RoomState {
        std::mem::replace(&mut self.state, state)
    }

    /// Everyone, this person included, the one longest in the room first.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// Everyone else, with the name shown, the one longest in the room first.
    pub fn others(&self) -> impl Iterator<Item = (&Member, &str)> {
        self.members
            .iter()
            .zip(self.names.iter().map(String::as_str))
            .filter(|(member, _)| member.id != self.you)
    }

    pub fn member(&self, id: PeerId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// The name shown of someone in the room.
    pub fn name_of(&self, id: PeerId) -> Option<&str> {
        let place = self.members.iter().position(|member| member.id == id)?;
        self.names.get(place).map(String::as_str)
    }

    /// Whether that load of somebody else's page is in the room.
    pub fn has(&self, id: PeerId, epoch: Epoch) -> bool {
        id != self.you && self.member(id).is_some_and(|member| member.epoch == epoch)
    }

    pub fn is_present(&self, id: PeerId) -> bool {
        self.member(id)
            .is_some_and(|member| member.presence == Presence::Present)
    }

    /// Someone entered, or came back.
    pub fn welcome(&mut self, member: Member) -> Arrival {
        let arrival = match self.members.iter_mut().find(|known| known.id == member.id) {
            Some(known) => {
                let arrival = if known.epoch == member.epoch {
                    Arrival::Same
                } else {
                    Arrival::Reloaded
                };
                *known = member;
                arrival
            }
            None => {
                self.members.push(member);
                Arrival::New
            }
        };
        self.name();
        arrival
    }

    /// Someone is gone; gives the name they were shown under.
    pub fn bye(&mut self, id: PeerId) -> Option<String> {
        let place = self.members.iter().position(|member| member.id == id)?;
        let name = self.names.get(place).cloned();
        self.members.remove(place);
        self.name();
        name
    }

    /// Whether that person was there to be marked.
    pub fn set_presence(&mut self, id: PeerId, presence: Presence) -> bool {
        match self.members.iter_mut().find(|member| member.id == id) {
            Some(member) => {
                member.presence = presence;
                true
            }
            None => false,
        }
    }

    fn name(&mut self) {
        self.names = names::told_apart(self.members.iter().map(|member| member.nickname.as_str()));
    }
}
