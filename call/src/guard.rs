//! Patience with one peer's messages: how many it may send, how many bad ones, and when it is no
//! longer listened to. Whoever sends too much or nonsense harms only itself.

use std::time::Duration;

use shared::limits::{PEER_MESSAGES_BURST, PEER_MESSAGES_PER_SECOND};

use crate::time::Time;

/// How many bad messages are put up with in one [`PENALTY`].
const STRIKES: u32 = 10;

/// How long a peer that sent too many is not listened to.
const PENALTY: Duration = Duration::from_secs(30);

/// New links that a peer may ask for at once.
const LINKS_BURST: u32 = 8;

/// How long a peer that replaces its link again and again is made to wait for one more.
const LINK_PAUSE: Duration = Duration::from_secs(4);

/// How often tracks are sent afresh because a peer asks for it, in a burst …
const AFRESH_BURST: u32 = 3;

/// … and then.
const AFRESH_PAUSE: Duration = Duration::from_secs(20);

/// How often what is sent follows what a peer looks at, in a burst …
const LOOKS_BURST: u32 = 12;

/// … and then: each time may take a picture made anew for it.
const LOOKS_PAUSE: Duration = Duration::from_secs(2);

/// Watches over the messages of one peer.
#[derive(Debug)]
pub(crate) struct Guard {
    messages: Bucket,
    links: Bucket,
    afresh: Bucket,
    looks: Bucket,
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
            messages: Bucket::new(
                PEER_MESSAGES_BURST,
                Duration::from_secs(1) / PEER_MESSAGES_PER_SECOND,
                now,
            ),
            links: Bucket::new(LINKS_BURST, LINK_PAUSE, now),
            afresh: Bucket::new(AFRESH_BURST, AFRESH_PAUSE, now),
            looks: Bucket::new(LOOKS_BURST, LOOKS_PAUSE, now),
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
        self.messages.take(now)
    }

    /// Whether one more link may take the place of the one there is.
    pub fn admits_link(&mut self, now: Time) -> bool {
        self.links.take(now)
    }

    /// Whether tracks may be sent afresh once more.
    pub fn admits_sending_afresh(&mut self, now: Time) -> bool {
        self.afresh.take(now)
    }

    /// Whether what is sent may follow once more what the peer looks at.
    pub fn admits_looks(&mut self, now: Time) -> bool {
        self.looks.take(now)
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

/// A token bucket.
#[derive(Debug)]
struct Bucket {
    burst: Duration,
    /// What one more takes.
    pause: Duration,
    /// Saved up at `counted`.
    saved: Duration,
    counted: Time,
}

impl Bucket {
    fn new(burst: u32, pause: Duration, now: Time) -> Self {
        Self {
            burst: pause * burst,
            pause,
            saved: pause * burst,
            counted: now,
        }
    }

    fn take(&mut self, now: Time) -> bool {
        let passed = now.since(self.counted);
        self.counted = now;
        self.saved = self.saved.saturating_add(passed).min(self.burst);
        match self.saved.checked_sub(self.pause) {
            Some(rest) => {
                self.saved = rest;
                true
            }
            None => false,
        }
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
