//! How often something may happen: a token bucket that may fall into debt. Reading the clock is left
//! to the caller.

use std::time::Instant;

/// Grants `burst` at once and `rate` a second in the long run. What goes beyond is refused, and counts
/// all the same: whoever goes on regardless gets into debt.
#[derive(Debug)]
pub struct Bucket {
    rate: f64,
    burst: f64,
    /// At most `burst`.
    balance: f64,
    settled: Instant,
}

/// What a [`Bucket`] says to one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is within the rate.
    Within,
    /// It is over the rate.
    Over,
    /// It is over the rate, after a whole burst of others that were.
    FarOver,
}

impl Bucket {
    /// A full bucket.
    #[must_use]
    pub fn new(rate: u32, burst: u32, now: Instant) -> Self {
        Self {
            rate: rate.into(),
            burst: burst.into(),
            balance: burst.into(),
            settled: now,
        }
    }

    /// Counts as many more, if they are within the rate; else none of them.
    pub fn afford(&mut self, many: u32, now: Instant) -> bool {
        self.settle(now);
        let affordable = self.balance >= f64::from(many);
        if affordable {
            self.balance -= f64::from(many);
        }
        affordable
    }

    /// Counts one more.
    pub fn take(&mut self, now: Instant) -> Verdict {
        self.take_several(1.0, now)
    }

    /// Counts that many more, at once.
    pub fn take_several(&mut self, count: f64, now: Instant) -> Verdict {
        self.settle(now);
        if self.balance <= -self.burst {
            return Verdict::FarOver;
        }
        self.balance -= count;
        if self.balance >= 0.0 {
            Verdict::Within
        } else {
            Verdict::Over
        }
    }

    fn settle(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.settled).as_secs_f64();
        self.balance = (self.balance + elapsed * self.rate).min(self.burst);
        self.settled = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_passes_then_only_the_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::new(2, 3, start);
        let mut at = |seconds| bucket.take(start + Duration::from_secs(seconds));
        assert_eq!([at(0), at(0), at(0)], [Verdict::Within; 3]);
        assert_eq!(at(0), Verdict::Over);
        assert_eq!(at(1), Verdict::Within);
        assert_eq!(at(1), Verdict::Over);
    }

    #[test]
    fn what_cannot_be_afforded_is_not_counted() {
        let start = Instant::now();
        let mut bucket = Bucket::new(1, 10, start);
        assert!(bucket.afford(7, start));
        assert!(!bucket.afford(7, start));
        assert!(bucket.afford(3, start));
        assert!(!bucket.afford(2, start + Duration::from_secs(1)));
        assert!(bucket.afford(2, start + Duration::from_secs(2)));
    }

    #[test]
    fn whoever_goes_on_regardless_is_found_out_and_whoever_pauses_is_forgiven() {
        let start = Instant::now();
        let mut bucket = Bucket::new(1, 2, start);
        for _ in 0..4 {
            assert_ne!(bucket.take(start), Verdict::FarOver);
        }
        assert_eq!(bucket.take(start), Verdict::FarOver);
        let later = start + Duration::from_secs(4);
        assert_eq!(bucket.take(later), Verdict::Within);
    }
}
