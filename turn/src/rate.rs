//! How much may pass in a time: a leaky bucket that is one point in time, the one at which it will be empty.

use std::time::{Duration, Instant};

/// So many units per second, and at once as many as fit into a burst.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    per_second: u64,
    burst: Duration,
}

impl Rate {
    pub fn new(per_second: u64, burst: Duration) -> Self {
        Self { per_second, burst }
    }
}

/// What has passed lately.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket {
    empty_at: Option<Instant>,
}

impl Bucket {
    /// Whether so many units more may pass now. If so, they count; if not, they do not.
    pub fn take(&mut self, units: u64, rate: Rate, now: Instant) -> bool {
        let Some(nanos) = units
            .saturating_mul(1_000_000_000)
            .checked_div(rate.per_second)
        else {
            return false;
        };
        let start = self.empty_at.map_or(now, |empty_at| empty_at.max(now));
        let Some(empty_at) = start.checked_add(Duration::from_nanos(nanos)) else {
            return false;
        };
        let passes = empty_at.duration_since(now) <= rate.burst;
        if passes {
            self.empty_at = Some(empty_at);
        }
        passes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_passes_and_then_what_the_rate_gives() {
        let start = Instant::now();
        let rate = Rate::new(1_000, SECOND);
        let mut bucket = Bucket::default();
        assert!(bucket.take(600, rate, start));
        assert!(bucket.take(400, rate, start));
        assert!(!bucket.take(1, rate, start), "the bucket is full");
        assert!(bucket.take(100, rate, start + SECOND / 10));
        assert!(!bucket.take(1, rate, start + SECOND / 10));
        assert!(bucket.take(1_000, rate, start + SECOND * 60));
        assert!(
            !bucket.take(1, rate, start + SECOND * 60),
            "no more is saved up"
        );
    }

    #[test]
    fn small_packets_at_short_intervals_are_counted_as_exactly_as_large_ones() {
        let start = Instant::now();
        let rate = Rate::new(1_250_000, SECOND);
        let mut bucket = Bucket::default();
        assert!(bucket.take(1_250_000, rate, start));
        // 128 bytes each 50 µs would be twice the rate, so half of them pass.
        let passed = (1..=20_000_u32)
            .filter(|tick| bucket.take(128, rate, start + Duration::from_micros(50) * *tick))
            .count();
        assert!((9_700..=9_800).contains(&passed), "{passed}");
    }

    #[test]
    fn nothing_passes_at_no_rate() {
        assert!(!Bucket::default().take(1, Rate::new(0, SECOND), Instant::now()));
    }
}
