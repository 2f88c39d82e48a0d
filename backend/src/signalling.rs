//! Signals: how `offer`, `answer` and `ice` find their receiver, and what the receiver is told of
//! their sender. Whether they may go there is left to [`Room::signal`](crate::room::Room::signal).
//!
//! Each member listens at an address made of their room and their id; a signal is sent to an address
//! made of the *sender's* room, and so cannot leave it.

use shared::room::Member;
use shared::to_browser::{self, Message};
use shared::to_server::{Answer, Ice, Offer};
use shared::{ClientEvent, Epoch, PeerId, to_server::Done};

use crate::names::RoomKey;

/// The Socket.IO room that one member of one room listens in. Room keys have no `/`.
#[must_use]
pub fn address(room: &RoomKey, peer: PeerId) -> String {
    format!("{room}/{peer}")
}

/// An event for one peer.
pub trait Signal: ClientEvent<Reply = Done> {
    /// The receiver, and which visit of theirs it is meant for.
    fn to(&self) -> (PeerId, Epoch);

    /// What the receiver gets.
    fn from(self, sender: &Member) -> Message;
}

impl Signal for Offer {
    fn to(&self) -> (PeerId, Epoch) {
        (self.to, self.to_epoch)
    }

    fn from(self, sender: &Member) -> Message {
        let Self { id, sdp, .. } = self;
        Message::from(to_browser::Offer {
            from: sender.id,
            from_epoch: sender.epoch,
            id,
            sdp,
        })
    }
}

impl Signal for Answer {
    fn to(&self) -> (PeerId, Epoch) {
        (self.to, self.to_epoch)
    }

    fn from(self, sender: &Member) -> Message {
        let Self { id, sdp, .. } = self;
        Message::from(to_browser::Answer {
            from: sender.id,
            from_epoch: sender.epoch,
            id,
            sdp,
        })
    }
}

impl Signal for Ice {
    fn to(&self) -> (PeerId, Epoch) {
        (self.to, self.to_epoch)
    }

    fn from(self, sender: &Member) -> Message {
        let Self {
            id, of, candidates, ..
        } = self;
        Message::from(to_browser::Ice {
            from: sender.id,
            from_epoch: sender.epoch,
            id,
            of,
            candidates,
        })
    }
}
