//! How the way to one peer does, and what is to be tried when it does badly: wait, send again,
//! restart ICE, replace the link. The exchange of descriptions is left to
//! [`Negotiation`](crate::negotiation::Negotiation).
//!
//! Both sides see a broken path at about the same time. The polite one waits a little longer before
//! it acts, so that mostly one acts; when both do, the negotiation settles it.

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

/// How much longer the polite side waits.
const COURTESY: Duration = Duration::from_millis(1_500);

/// How long the peer may take to replace a link that it closed, or to be reported gone.
const CLOSED: Duration = Duration::from_secs(2);

/// The pauses between tries grow from this …
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// … to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The health of the way to one peer.
#[derive(Debug)]
pub(crate) struct Repair {
    politeness: Politeness,
    condition: Condition,
    /// Links given up since the last that stood.
    failures: u32,
    /// Whether a link has ever stood.
    stood: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// There is no link; the peer is to offer one.
    Waiting {
        until: Time,
    },
    /// A new link is being made.
    Connecting {
        until: Time,
        repeated: bool,
    },
    Connected,
    /// Silent, or failed: ICE will be restarted.
    Silent {
        until: Time,
    },
    /// ICE is being restarted.
    Restarting {
        until: Time,
        repeated: bool,
    },
    /// Of no more use: it will be replaced.
    Dead {
        until: Time,
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
            failures: 0,
            stood: false,
        }
    }

    /// A new link is being made.
    pub fn opened(&mut self, now: Time) {
        self.condition = Condition::Connecting {
            until: now + CONNECT,
            repeated: false,
        };
    }

    /// An exchange of descriptions is complete on this side.
    pub fn exchanged(&mut self, now: Time) {
        match &mut self.condition {
            Condition::Silent { .. } => self.restarting(now),
            Condition::Connecting { until, .. } | Condition::Restarting { until, .. } => {
                *until = now + CONNECT;
            }
            Condition::Waiting { .. } | Condition::Connected | Condition::Dead { .. } => {}
        }
    }

    /// The browser says how the link does.
    pub fn state_changed(&mut self, state: LinkState, now: Time) {
        match state {
            LinkState::Connected => {
                self.condition = Condition::Connected;
                self.failures = 0;
                self.stood = true;
            }
            LinkState::Disconnected => self.falls_silent(now, SILENCE),
            LinkState::Failed => match self.condition {
                Condition::Connected | Condition::Silent { .. } => {
                    self.falls_silent(now, Duration::ZERO);
                }
                Condition::Connecting { .. } | Condition::Restarting { .. } => self.fail(now),
                Condition::Waiting { .. } | Condition::Dead { .. } => {}
            },
            LinkState::New | LinkState::Connecting => match self.condition {
                // The other side restarts.
                Condition::Connected | Condition::Silent { .. } => self.restarting(now),
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
        if !matches!(self.condition, Condition::Dead { .. }) {
            self.condition = Condition::Dead {
                until: self.later(now + CLOSED),
            };
        }
    }

    /// The browser could not do what was asked: this link will not come to anything.
    pub fn fail(&mut self, now: Time) {
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.failures.min(10));
        self.failures = self.failures.saturating_add(1);
        self.condition = Condition::Dead {
            until: self.later(now + doubled.min(LONGEST_PAUSE)),
        };
    }

    /// Signals get through again: whatever waits need not wait longer.
    pub fn reachable(&mut self, now: Time) -> Option<Remedy> {
        let courtesy = self.courtesy();
        match &mut self.condition {
            Condition::Waiting { until } => {
                *until = now + OFFER;
                None
            }
            Condition::Connecting { until, repeated }
            | Condition::Restarting { until, repeated } => {
                *until = now + CONNECT;
                *repeated = false;
                Some(Remedy::Repeat)
            }
            Condition::Connected => None,
            Condition::Silent { until } | Condition::Dead { until } => {
                *until = (*until).min(now + courtesy);
                self.tick(now)
            }
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
            Condition::Connected => None,
        }
    }

    /// What is to be done now, given that signals get through.
    pub fn tick(&mut self, now: Time) -> Option<Remedy> {
        if self.deadline().is_none_or(|until| until > now) {
            return None;
        }
        match &mut self.condition {
            Condition::Waiting { .. } | Condition::Dead { .. } => Some(Remedy::Replace),
            Condition::Silent { .. } => {
                self.restarting(now);
                Some(Remedy::Restart)
            }
            Condition::Connecting { until, repeated }
            | Condition::Restarting { until, repeated }
                if !*repeated =>
            {
                *repeated = true;
                *until = now + CONNECT;
                Some(Remedy::Repeat)
            }
            Condition::Connecting { .. } | Condition::Restarting { .. } => {
                self.fail(now);
                None
            }
            Condition::Connected => None,
        }
    }

    pub fn is_connected(&self) -> bool {
        self.condition == Condition::Connected
    }

    pub fn path(&self) -> Path {
        match self.condition {
            Condition::Connected => Path::Connected,
            Condition::Waiting { .. }
            | Condition::Connecting { .. }
            | Condition::Silent { .. }
            | Condition::Restarting { .. }
            | Condition::Dead { .. } => match (self.stood, self.failures) {
                (true, 0 | 1) => Path::Reconnecting,
                (false, 0) => Path::Connecting,
                (true | false, _) => Path::Failed,
            },
        }
    }

    fn falls_silent(&mut self, now: Time, wait: Duration) {
        let until = self.later(now + wait);
        match &mut self.condition {
            Condition::Connected => self.condition = Condition::Silent { until },
            Condition::Silent { until: earlier } => *earlier = until.min(*earlier),
            Condition::Waiting { .. }
            | Condition::Connecting { .. }
            | Condition::Restarting { .. }
            | Condition::Dead { .. } => {}
        }
    }

    fn restarting(&mut self, now: Time) {
        self.condition = Condition::Restarting {
            until: now + CONNECT,
            repeated: false,
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time::since_unix_epoch(Duration::from_secs(1));

    fn impolite() -> Repair {
        let mut repair = Repair::new(Politeness::Impolite, START);
        repair.opened(START);
        repair
    }

    #[test]
    fn a_link_that_comes_to_nothing_is_repeated_then_given_up_then_replaced() {
        let mut repair = impolite();
        assert_eq!(repair.path(), Path::Connecting);
        assert_eq!(repair.tick(START), None);
        assert_eq!(repair.tick(START + CONNECT), Some(Remedy::Repeat));
        assert_eq!(repair.tick(START + CONNECT * 2), None);
        assert_eq!(repair.path(), Path::Failed);
        assert_eq!(
            repair.tick(START + CONNECT * 2 + FIRST_PAUSE),
            Some(Remedy::Replace)
        );
    }

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let mut repair = impolite();
        let mut pauses = Vec::new();
        for _ in 0..9 {
            repair.fail(START);
            pauses.extend(repair.deadline().map(|until| until.since(START).as_secs()));
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn a_silent_path_is_given_time_then_restarted() {
        let mut repair = impolite();
        repair.state_changed(LinkState::Connected, START);
        repair.state_changed(LinkState::Disconnected, START);
        assert_eq!(repair.path(), Path::Reconnecting);
        assert_eq!(repair.tick(START), None);
        assert_eq!(repair.tick(START + SILENCE), Some(Remedy::Restart));
        repair.state_changed(LinkState::Connected, START + SILENCE);
        assert_eq!(repair.path(), Path::Connected);
        assert_eq!(repair.deadline(), None);
    }

    #[test]
    fn the_polite_one_leaves_the_restart_to_the_other() {
        let mut repair = Repair::new(Politeness::Polite, START);
        repair.state_changed(LinkState::Connected, START);
        repair.state_changed(LinkState::Failed, START);
        assert_eq!(repair.tick(START), None);
        repair.exchanged(START);
        assert_eq!(repair.tick(START + COURTESY), None);
    }

    #[test]
    fn signals_that_get_through_again_shorten_the_wait() {
        let mut repair = impolite();
        repair.state_changed(LinkState::Connected, START);
        assert_eq!(repair.reachable(START), None);
        repair.state_changed(LinkState::Disconnected, START);
        assert_eq!(repair.reachable(START), Some(Remedy::Restart));
        assert_eq!(repair.reachable(START), Some(Remedy::Repeat));
        repair.fail(START);
        assert_eq!(repair.reachable(START), Some(Remedy::Replace));
    }

    #[test]
    fn a_peer_that_was_to_offer_and_did_not_is_offered() {
        let mut repair = Repair::new(Politeness::Impolite, START);
        assert_eq!(repair.tick(START), None);
        assert_eq!(repair.tick(START + OFFER), Some(Remedy::Replace));
    }
}
