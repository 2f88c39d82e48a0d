//! Those whom the server does not know while they can be heard: lost to it for good, or forgotten by it. And back in
//! the room after the connection to the server was lost: what the server says holds, but for them.

use std::time::Duration;

use shared::PeerId;
use shared::limits::ROOM_CAPACITY;
use shared::remembered::{Remembered, RememberedKind, RememberedMember};
use shared::room::{Member, Presence};
use shared::to_server::Joined;

use super::{Room, Scene};
use crate::input::{LinkEvent, LinkState};
use crate::links::Parting;
use crate::peer::Peer;
use crate::time::Time;
use crate::view::NoticeKind;

/// How long the way to someone may be silent whom the server does not know: nobody can tell them to look
/// for another.
const SILENCE: Duration = Duration::from_secs(15);

/// Someone in the roster whom the server does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Their data channel stands: they are in the call for as long as it does.
    Heard,
    /// Nothing comes from them. It may pass until then.
    Silent { until: Time },
}

impl Room {
    /// The server has let this page in again after a lost connection: what it says holds.
    pub fn rejoined(&mut self, joined: Joined, scene: &mut Scene<'_>) {
        if joined.you != self.roster.you() {
            scene.out.log("the server gives this page another id");
            self.close(scene);
            *self = Self::new(&joined);
            return self.enter(joined, scene);
        }
        for id in &joined.removed {
            if self.peers.contains_key(id) {
                self.part(*id, NoticeKind::Removed, Parting::Known, scene);
            }
        }
        let known: Vec<PeerId> = self.peers.keys().copied().collect();
        let missing = |id: &PeerId| joined.members.iter().all(|member| member.id != *id);
        let mut kept = Vec::new();
        for id in known.into_iter().filter(missing) {
            match (self.roster.member(id).cloned(), self.peers.get(&id)) {
                (Some(member), Some(peer)) if peer.channel().is_some() => {
                    let doubt = if peer.is_alive() {
                        Unknown::Heard
                    } else {
                        silent(scene)
                    };
                    self.unknown.entry(id).or_insert(doubt);
                    kept.push(Member {
                        presence: Presence::Away,
                        ..member
                    });
                }
                // Whoever closes their channel has left.
                _ => self.part(id, NoticeKind::Left, Parting::Unknown, scene),
            }
        }
        // Of those whom somebody else has named to the server nothing is to be seen yet.
        let newcomers: Vec<PeerId> = joined
            .members
            .iter()
            .filter(|member| member.presence == Presence::Present)
            .map(|member| member.id)
            .filter(|id| *id != joined.you && !self.peers.contains_key(id))
            .collect();
        let state = joined.state;
        self.change_state(state, scene);
        self.enter(joined, scene);
        for member in kept {
            self.roster.welcome(member);
        }
        for id in newcomers {
            self.announce_arrival(id, scene);
        }
    }

    /// The server has given someone up. Who can still be heard stays.
    pub(super) fn lost(&mut self, id: PeerId, scene: &mut Scene<'_>) {
        if self.peers.get(&id).is_some_and(Peer::is_alive) {
            self.roster.set_presence(id, Presence::Away);
            self.unknown.insert(id, Unknown::Heard);
        } else {
            self.part(id, NoticeKind::Lost, Parting::Unknown, scene);
        }
    }

    /// Something happened to the link to someone. Gives whether that was the end of one of whom the server cannot
    /// tell: because it does not know them, or because this page does not hear it. Who only puts another link in
    /// the place of that one is found in the roster, once one is back.
    pub(super) fn ends_untold(
        &mut self,
        id: PeerId,
        event: &LinkEvent,
        scene: &mut Scene<'_>,
    ) -> bool {
        let Some(unknown) = self.unknown.get_mut(&id) else {
            let has_left = !scene.is_connected && *event == LinkEvent::ChannelClosed;
            if has_left {
                self.part(id, NoticeKind::Left, Parting::Unknown, scene);
            }
            return has_left;
        };
        match event {
            LinkEvent::ChannelClosed => self.part(id, NoticeKind::Left, Parting::Unknown, scene),
            LinkEvent::StateChanged(LinkState::Failed | LinkState::Closed) => {
                self.part(id, NoticeKind::Lost, Parting::Unknown, scene);
            }
            LinkEvent::StateChanged(LinkState::Disconnected) => {
                *unknown = silent(scene);
                return false;
            }
            LinkEvent::StateChanged(LinkState::Connected) => {
                *unknown = Unknown::Heard;
                return false;
            }
            LinkEvent::StateChanged(LinkState::New | LinkState::Connecting)
            | LinkEvent::OfferCreated { .. }
            | LinkEvent::AnswerCreated { .. }
            | LinkEvent::AnswerAccepted
            | LinkEvent::OperationFailed { .. }
            | LinkEvent::CandidatesGathered(_)
            | LinkEvent::ChannelOpened
            | LinkEvent::ChannelMessage(_)
            | LinkEvent::ChannelGarbage
            | LinkEvent::Measured(_)
            | LinkEvent::SoundCeased
            | LinkEvent::Shown { .. } => return false,
        }
        true
    }

    /// Until when the silence of someone is put up with whom the server does not know.
    pub(super) fn silent_until(&self, id: PeerId) -> Option<Time> {
        match self.unknown.get(&id)? {
            Unknown::Heard => None,
            Unknown::Silent { until } => Some(*until),
        }
    }

    /// Whether anyone can be heard, whatever the server says.
    pub fn hears_someone(&self) -> bool {
        self.peers.values().any(Peer::is_alive)
    }

    /// Whether there is anyone to whom there will be no way before the server is back.
    pub fn needs_server(&self, now: Time) -> bool {
        self.peers.values().any(|peer| peer.needs_server(now))
    }

    /// The room as it is to be told to a server that has forgotten it.
    pub fn remembered(&self, is_pair: bool) -> Option<Remembered> {
        let mut members: Vec<&Member> = self.roster.members().collect();
        members.sort_by_key(|member| self.unknown.contains_key(&member.id));
        members.truncate(*ROOM_CAPACITY.end());
        let members = members.into_iter().map(|member| RememberedMember {
            id: member.id,
            nickname: member.nickname.clone(),
            epoch: member.epoch,
        });
        let state = self.roster.state();
        let remembered = Remembered {
            members: members.collect(),
            kind: if is_pair {
                RememberedKind::Pair
            } else {
                RememberedKind::Open {
                    host: state.host,
                    locked: state.locked,
                }
            },
        };
        let is_possible = remembered.check().is_ok() && remembered.has(self.roster.you());
        is_possible.then_some(remembered)
    }
}

fn silent(scene: &Scene<'_>) -> Unknown {
    Unknown::Silent {
        until: scene.now + SILENCE,
    }
}
