//! Patience with one peer's messages: how many it may send, how many bad ones, and when it is no
//! longer listened to. Whoever sends too much or nonsense harms only itself.

use std::time::Duration;

use shared::limits::{PEER_MESSAGES_BURST, PEER_MESSAGES_PER_SECOND};

use crate::time::Time;

/// How many bad messages are put up with in one [`PENALTY`].
const STRIKES: u32 = 10;

/// How long a peer that sent too many is not listened to.
const PENALTY: Duration = Duration::from_secs(30);

/// Watches over the messages of one peer.
#[derive(Debug)]
pub(crate) struct Guard {
    /// Messages that may come at once, as of `counted`, in thousandths.
    allowance: u64,
    counted: Time,
    strikes: u32,
    /// When the first of the strikes was, or when the penalty began.
    since: Time,
}

/// What a bad message leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strike {
    /// It is dropped.
    Overlooked,
    /// It is dropped, and from now on the peer is not listened to for a while.
    Out,
}

impl Guard {
    pub fn new(now: Time) -> Self {
        Self {
            allowance: u64::from(PEER_MESSAGES_BURST) * 1_000,
            counted: now,
            strikes: 0,
            since: now,
        }
    }

    /// Whether the peer is listened to.
    pub fn listens(&mut self, now: Time) -> bool {
        if self.strikes > 0 && now.since(self.since) >= PENALTY {
            self.strikes = 0;
        }
        self.strikes < STRIKES
    }

    /// Whether one more message is within the rate.
    pub fn admits(&mut self, now: Time) -> bool {
        let passed = u64::try_from(now.since(self.counted).as_millis()).unwrap_or(u64::MAX);
        self.counted = now;
        self.allowance = self
            .allowance
            .saturating_add(passed.saturating_mul(u64::from(PEER_MESSAGES_PER_SECOND)))
            .min(u64::from(PEER_MESSAGES_BURST) * 1_000);
        match self.allowance.checked_sub(1_000) {
            Some(rest) => {
                self.allowance = rest;
                true
            }
            None => false,
        }
    }

    /// The peer sent something bad.
    pub fn strike(&mut self, now: Time) -> Strike {
        if self.strikes == 0 {
            self.since = now;
        }
        self.strikes = self.strikes.saturating_add(1);
        if self.strikes == STRIKES {
            self.since = now;
            return Strike::Out;
        }
        Strike::Overlooked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time::since_unix_epoch(Duration::from_secs(1));

    #[test]
    fn a_burst_is_admitted_then_a_rate() {
        let mut guard = Guard::new(START);
        for _ in 0..PEER_MESSAGES_BURST {
            assert!(guard.admits(START));
        }
        assert!(!guard.admits(START));
        let later = START + Duration::from_secs(1);
        let admitted = (0..100).filter(|_| guard.admits(later)).count();
        assert_eq!(admitted, PEER_MESSAGES_PER_SECOND as usize);
    }

    #[test]
    fn who_sends_too_much_nonsense_is_not_heard_for_a_while() {
        let mut guard = Guard::new(START);
        for _ in 1..STRIKES {
            assert_eq!(guard.strike(START), Strike::Overlooked);
        }
        assert!(guard.listens(START));
        assert_eq!(guard.strike(START), Strike::Out);
        assert!(!guard.listens(START));
        assert!(guard.listens(START + PENALTY));
    }
}
