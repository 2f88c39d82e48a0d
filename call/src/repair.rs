//! How the way to one peer does, and what is to be tried when it does badly: wait, send again,
//! restart ICE, replace the link. The exchange of descriptions is left to
//! [`Negotiation`](crate::negotiation::Negotiation).
//!
//! Both sides see a broken path at about the same time. The polite one waits a little longer before
//! it acts, so that mostly one acts; when both do, the negotiation settles it.
//!
//! A way that stood is hoped for: it is tried again and again without long pauses, so that somebody
//! looks for it when it is back. Pauses that grow are for those who never got through to each other.

use std::time::Duration;

use crate::input::LinkState;
use crate::politeness::Politeness;
use crate::time::Time;
use crate::view::Path;

/// How long the peer whose turn it is may take to offer a link.
const OFFER: Duration = Duration::from_secs(10);

/// How long a new link may take, before what may have been lost is sent again, and once more before
/// it is given up. A relayed one takes a few seconds.
const CONNECT: Duration = Duration::from_secs(8);

/// How long a path may be silent (`disconnected`) before ICE is restarted; most recover by then.
const SILENCE: Duration = Duration::from_secs(3);

/// How long a restart of ICE may take before the next …
const RESTART: Duration = Duration::from_secs(6);

/// … which gets that much longer, for there are ways that take their time. Browsers go on looking for
/// 15 s, so one that is back in between is found at once.
const LONGER: Duration = Duration::from_secs(2);

/// How many restarts there are before the link is replaced.
const RESTARTS: u32 = 3;

/// How much longer the polite side waits.
const COURTESY: Duration = Duration::from_millis(1_500);

/// How much longer it waits when something has happened that calls for a restart at once: mostly to one of the two alone.
const HASTE: Duration = Duration::from_millis(300);

/// How long the peer may take to replace a link that it closed, or to be reported gone.
const CLOSED: Duration = Duration::from_secs(2);

/// The pauses between tries grow from this …
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// … to this, while there is hope …
const HOPEFUL_PAUSE: Duration = Duration::from_secs(5);

/// … and to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long a way that stood is hoped for, from its loss or the last sign of life.
const HOPE: Duration = Duration::from_secs(180);

/// The health of the way to one peer.
#[derive(Debug)]
pub(crate) struct Repair {
    politeness: Politeness,
    condition: Condition,
    past: Past,
    /// Links given up since the last that stood.
    failures: u32,
    /// Pauses that have grown since then.
    pauses: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// There is no link; the peer is to offer one.
    Waiting { until: Time },
    /// A new link is being made.
    Connecting { until: Time, repeated: bool },
    /// The path stands. After a change of the network ICE will be restarted all the same.
    Connected { renewed: Option<Time> },
    /// Silent, or failed: ICE will be restarted.
    Silent { until: Time },
    /// ICE is being restarted.
    Restarting { until: Time, restarts: u32 },
    /// Of no more use: it will be replaced.
    Dead { until: Time },
}

/// Whether a link has ever stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Past {
    Never,
    /// One has, and there is hope for it until then, should it be lost now.
    Stood {
        hope: Option<Time>,
    },
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Send again what may have been lost.
    Repeat,
    /// Restart ICE.
    Restart,
    /// Make a new link, in the place of the old if there is one.
    Replace,
}

impl Repair {
    pub fn new(politeness: Politeness, now: Time) -> Self {
        Self {
            politeness,
            condition: Condition::Waiting { until: now + OFFER },
            past: Past::Never,
            failures: 0,
            pauses: 0,
        }
    }

    /// Who waits longer is decided otherwise.
    pub fn takes_part_as(&mut self, politeness: Politeness) {
        self.politeness = politeness;
    }

    /// A new link is being made.
    pub fn opened(&mut self, now: Time) {
        self.lost(now);
        self.condition = Condition::Connecting {
            until: now + CONNECT,
            repeated: false,
        };
    }

    /// An exchange of descriptions is complete on this side.
    pub fn exchanged(&mut self, now: Time) {
        let courtesy = self.courtesy();
        match &mut self.condition {
            Condition::Silent { .. } => self.restarting(now),
            Condition::Connecting { until, .. } => *until = now + CONNECT,
            Condition::Restarting { until, restarts } => {
                *until = now + patience(*restarts) + courtesy;
            }
            // It brought new credentials, for both sides.
            Condition::Connected { renewed } => *renewed = None,
            Condition::Waiting { .. } | Condition::Dead { .. } => {}
        }
    }

    /// The browser says how the link does.
    pub fn state_changed(&mut self, state: LinkState, now: Time) {
        match state {
            LinkState::Connected => {
                self.condition = Condition::Connected { renewed: None };
                self.past = Past::Stood { hope: None };
                self.failures = 0;
                self.pauses = 0;
            }
            LinkState::Disconnected => self.falls_silent(now, SILENCE),
            LinkState::Failed => self.path_failed(now),
            LinkState::New | LinkState::Connecting => match self.condition {
                // The other side restarts.
                Condition::Connected { .. } | Condition::Silent { .. } => self.restarting(now),
                Condition::Waiting { .. }
                | Condition::Connecting { .. }
                | Condition::Restarting { .. }
                | Condition::Dead { .. } => {}
            },
            LinkState::Closed => self.closed(now),
        }
    }

    /// The link, or the data channel on it, was closed by the peer.
    pub fn closed(&mut self, now: Time) {
        self.lost(now);
        if !matches!(self.condition, Condition::Dead { .. }) {
            self.condition = Condition::Dead {
                until: self.later(now + CLOSED),
            };
        }
    }

    /// The browser could not do what was asked: this link will not come to anything.
    pub fn fail(&mut self, now: Time) {
        self.lost(now);
        let longest = if self.has_hope(now) {
            HOPEFUL_PAUSE
        } else {
            LONGEST_PAUSE
        };
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.pauses.min(10));
        self.pauses = self.pauses.saturating_add(1);
        self.give_up(now + doubled.min(longest));
    }

    /// Signals get through again: whatever waits need not wait longer.
    pub fn reachable(&mut self, now: Time) -> Option<Remedy> {
        self.hope(now);
        self.pauses = 0;
        let soon = self.soon(now);
        // What was due before is due for both at once, and one is enough.
        let hasten = |until: &mut Time| {
            if *until <= now || *until > soon {
                *until = soon;
            }
        };
        match &mut self.condition {
            Condition::Waiting { until } => {
                *until = now + OFFER;
                None
            }
            Condition::Connecting { until, repeated } => {
                *until = now + CONNECT;
                *repeated = false;
                Some(Remedy::Repeat)
            }
            Condition::Restarting { until, .. } if *until > now => Some(Remedy::Repeat),
            Condition::Restarting { .. } => self.tick(now),
            Condition::Connected { renewed } => {
                renewed.iter_mut().for_each(hasten);
                self.tick(now)
            }
            Condition::Silent { until } | Condition::Dead { until } => {
                hasten(until);
                self.tick(now)
            }
        }
    }

    /// The peer has said something through the server: it is there, and tries too.
    pub fn sign_of_life(&mut self, now: Time) {
        self.hope(now);
        // Not at once, for a peer may say as much as it likes.
        let soon = self.later(now + HOPEFUL_PAUSE);
        if let (Condition::Dead { until }, Past::Stood { .. }) = (&mut self.condition, self.past) {
            *until = soon.min(*until);
        }
    }

    /// This page's own addresses have changed: what was found before may be of no use.
    pub fn network_changed(&mut self, now: Time) {
        self.hope(now);
        self.pauses = 0;
        let soon = self.soon(now);
        match &mut self.condition {
            Condition::Connected { renewed } => *renewed = Some(soon),
            Condition::Silent { until } | Condition::Dead { until } => *until = soon.min(*until),
            Condition::Restarting { .. } => self.condition = Condition::Silent { until: soon },
            Condition::Connecting { .. } => self.condition = Condition::Dead { until: soon },
            Condition::Waiting { .. } => {}
        }
    }

    /// There are other STUN and TURN servers. What is being looked for by the old ones may never be found, and a
    /// relayed way may have ended with its relay, of which browsers take some seconds to tell.
    pub fn servers_changed(&mut self, is_relayed: bool, now: Time) {
        let soon = self.soon(now);
        match &mut self.condition {
            Condition::Connected { renewed } if is_relayed => *renewed = Some(soon),
            Condition::Restarting { .. } => self.condition = Condition::Silent { until: soon },
            Condition::Connected { .. }
            | Condition::Silent { .. }
            | Condition::Dead { .. }
            | Condition::Connecting { .. }
            | Condition::Waiting { .. } => {}
        }
    }

    /// The path may be broken, of which the browser takes some seconds more to tell. If it is not, a restart of ICE does no harm.
    pub fn sound_ceased(&mut self, now: Time) {
        let until = self.later(now);
        if let Condition::Connected { renewed } = &mut self.condition {
            renewed.get_or_insert(until);
        }
    }

    /// When to look at it again, given that signals get through.
    pub fn deadline(&self) -> Option<Time> {
        match self.condition {
            Condition::Waiting { until }
            | Condition::Connecting { until, .. }
            | Condition::Silent { until }
            | Condition::Restarting { until, .. }
            | Condition::Dead { until } => Some(until),
            Condition::Connected { renewed } => renewed,
        }
    }

    /// What is to be done now, given that signals get through.
    pub fn tick(&mut self, now: Time) -> Option<Remedy> {
        if self.deadline().is_none_or(|until| until > now) {
            return None;
        }
        let courtesy = self.courtesy();
        match &mut self.condition {
            Condition::Waiting { .. } | Condition::Dead { .. } => Some(Remedy::Replace),
            Condition::Silent { .. } => {
                self.restarting(now);
                Some(Remedy::Restart)
            }
            Condition::Restarting { until, restarts } if *restarts < RESTARTS => {
                *restarts += 1;
                *until = now + patience(*restarts) + courtesy;
                Some(Remedy::Restart)
            }
            Condition::Restarting { .. } => Some(Remedy::Replace),
            Condition::Connecting { until, repeated } if !*repeated => {
                *repeated = true;
                *until = now + CONNECT;
                Some(Remedy::Repeat)
            }
            Condition::Connecting { .. } => {
                self.came_to_nothing(now);
                None
            }
            Condition::Connected { renewed } => {
                *renewed = None;
                Some(Remedy::Restart)
            }
        }
    }

    pub fn is_connected(&self) -> bool {
        matches!(self.condition, Condition::Connected { .. })
    }

    pub fn path(&self) -> Path {
        match self.condition {
            Condition::Connected { .. } => Path::Connected,
            Condition::Waiting { .. }
            | Condition::Connecting { .. }
            | Condition::Silent { .. }
            | Condition::Restarting { .. }
            | Condition::Dead { .. } => match (self.past, self.failures) {
                (Past::Stood { .. }, 0 | 1) => Path::Reconnecting,
                (Past::Never, 0) => Path::Connecting,
                (Past::Stood { .. } | Past::Never, _) => Path::Failed,
            },
        }
    }

    fn falls_silent(&mut self, now: Time, wait: Duration) {
        self.lost(now);
        let until = self.later(now + wait);
        match &mut self.condition {
            Condition::Connected { .. } => self.condition = Condition::Silent { until },
            Condition::Silent { until: earlier } => *earlier = until.min(*earlier),
            Condition::Waiting { .. }
            | Condition::Connecting { .. }
            | Condition::Restarting { .. }
            | Condition::Dead { .. } => {}
        }
    }

    /// The browser has stopped looking.
    fn path_failed(&mut self, now: Time) {
        let soon = self.later(now + FIRST_PAUSE);
        match &mut self.condition {
            Condition::Connected { .. } | Condition::Silent { .. } => {
                self.falls_silent(now, Duration::ZERO);
            }
            Condition::Restarting { until, .. } => *until = soon.min(*until),
            Condition::Connecting { .. } => self.came_to_nothing(now),
            Condition::Waiting { .. } | Condition::Dead { .. } => {}
        }
    }

    /// A new link has had its time.
    fn came_to_nothing(&mut self, now: Time) {
        if self.has_hope(now) {
            self.give_up(now + FIRST_PAUSE);
        } else {
            self.fail(now);
        }
    }

    fn give_up(&mut self, until: Time) {
        self.failures = self.failures.saturating_add(1);
        self.condition = Condition::Dead {
            until: self.later(until),
        };
    }

    fn restarting(&mut self, now: Time) {
        self.lost(now);
        self.condition = Condition::Restarting {
            until: self.later(now + patience(0)),
            restarts: 0,
        };
    }

    /// It does not stand now.
    fn lost(&mut self, now: Time) {
        if let Past::Stood { hope } = &mut self.past {
            hope.get_or_insert(now + HOPE);
        }
    }

    /// There is a reason to think that it may come back.
    fn hope(&mut self, now: Time) {
        if let Past::Stood { hope: Some(until) } = &mut self.past {
            *until = now + HOPE;
        }
    }

    /// Whether the way is lost, but not for long.
    pub fn has_hope(&self, now: Time) -> bool {
        match self.past {
            Past::Never | Past::Stood { hope: None } => false,
            Past::Stood { hope: Some(until) } => now < until,
        }
    }

    /// When to do what cannot wait.
    fn soon(&self, now: Time) -> Time {
        match self.politeness {
            Politeness::Polite => now + HASTE,
            Politeness::Impolite => now,
        }
    }

    fn later(&self, until: Time) -> Time {
        until + self.courtesy()
    }

    fn courtesy(&self) -> Duration {
        match self.politeness {
            Politeness::Polite => COURTESY,
            Politeness::Impolite => Duration::ZERO,
        }
    }
}

/// How long the restart after so many others may take.
fn patience(restarts: u32) -> Duration {
    RESTART + LONGER * restarts
}

#[cfg(test)]
#[path = "repair_tests.rs"]
mod tests;
