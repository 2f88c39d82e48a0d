//! What is sent to a peer, by what it looks at; and telling it what is looked at here. How the uplink is shared is left
//! to [`budget`](crate::budget).

use shared::peer::Look;

use super::{Channel, Peer};
use crate::budget::Demand;
use crate::outbox::Outbox;
use crate::output::{LinkCommand, SendLimits};
use crate::time::Time;
use crate::view::Path;

impl Peer {
    /// Goes by what the peer said last of what it looks at, if that is not too soon.
    pub fn follow_looks(&mut self, now: Time) {
        if self.looks != self.said_looks && self.guard.admits_looks(now) {
            self.looks = self.said_looks;
        }
    }

    /// What it looks at, and what the path carries; nothing while there is none.
    pub fn demand(&self) -> Demand {
        let [camera, screen] = if self.path() == Path::Failed {
            [Look::Hidden; 2]
        } else {
            self.looks
        };
        Demand {
            camera,
            screen,
            carries: self.capacity.carries(),
        }
    }

    /// Tells the link its share of the uplink, once there is something to limit.
    pub fn limit(&mut self, limits: SendLimits, out: &mut Outbox) {
        if self.negotiation.is_settled() && self.limits != Some(limits) {
            self.limits = Some(limits);
            out.link(self.link, LinkCommand::Limit(limits));
        }
    }

    /// Tells the peer what is looked at, when it is time to.
    pub fn tell_looks(&mut self, sound_only: bool, now: Time, out: &mut Outbox) {
        if self.channel == Channel::Closed {
            return;
        }
        if let Some(view) = self.attention.tell(sound_only, now) {
            self.tell(view, out);
        }
    }

    /// When there will be something to tell.
    pub fn looks_due(&self, sound_only: bool) -> Option<Time> {
        match self.channel {
            Channel::Closed => None,
            Channel::Open | Channel::Greeted => self.attention.deadline(sound_only),
        }
    }
}
