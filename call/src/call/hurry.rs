//! Trying for the server more often than its client does, while someone can be got back only with its help: the pauses of
//! that have grown by then, and the two who are to find each other must both be there. Everyone else is patient, so that a
//! server that is back is not met by all at once.

use std::time::Duration;

use super::{Call, Phase};
use crate::outbox::Outbox;
use crate::output::Output;
use crate::time::Time;
use crate::view::ServerState;

/// The longest pause between two tries; half of it at random.
const PAUSE: Duration = Duration::from_secs(2);

/// For how long, from the loss of the server.
const LONGEST: Duration = Duration::from_secs(180);

/// How the server is waited for.
#[derive(Debug, Default)]
pub(super) struct Hurry {
    /// Since when the server is out of reach.
    since: Option<Time>,
    /// The next try.
    next: Option<Time>,
}

impl Hurry {
    pub fn deadline(&self) -> Option<Time> {
        self.next
    }
}

impl Call {
    /// Tries for the server if that is due, and says when it will be.
    pub(super) fn hurry(&mut self, now: Time, out: &mut Outbox) {
        let Phase::Reconnecting(room) = &self.phase else {
            self.hurry = Hurry::default();
            return;
        };
        let since = *self.hurry.since.get_or_insert(now);
        let is_urgent = self.server == ServerState::Lost
            && now.since(since) < LONGEST
            && room.needs_server(now);
        let is_due = self.hurry.next.is_some_and(|next| next <= now);
        if is_urgent && is_due {
            out.outputs.push(Output::Hurry);
        }
        if !is_urgent || is_due {
            self.hurry.next = None;
        }
        if is_urgent && self.hurry.next.is_none() {
            self.hurry.next = Some(now + self.random.jitter(PAUSE));
        }
    }
}
