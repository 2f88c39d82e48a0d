//! How long to wait before the next attempt. Leaves counting and waiting to others; randomness
//! is passed in.

use std::time::Duration;

/// Pauses that double from `first` to `max`, each shortened at random by up to one half, so that
/// clients cut off together do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The longest pause before the first attempt.
    pub first: Duration,
    /// The longest pause at all.
    pub max: Duration,
}

impl Default for Backoff {
    /// Half a second, doubling up to five: as the JavaScript client, but quicker to begin with.
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            max: Duration::from_secs(5),
        }
    }
}

impl Backoff {
    /// The pause before attempt number `attempt` (from 1), for a random number from 0 to 1.
    pub fn delay(&self, attempt: u32, random: f64) -> Duration {
        let doublings = attempt.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        let longest = self.first.saturating_mul(factor).min(self.max);
        let random = if (0.0..=1.0).contains(&random) {
            random
        } else {
            1.0
        };
        let half = longest / 2;
        // Floating point may round very long times up.
        (half + half.mul_f64(random)).min(longest)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let backoff = Backoff::default();

        let longest: Vec<_> = (1..=6)
            .map(|attempt| backoff.delay(attempt, 1.0).as_millis())
            .collect();
        assert_eq!(longest, [500, 1_000, 2_000, 4_000, 5_000, 5_000]);

        let shortest: Vec<_> = (1..=6)
            .map(|attempt| backoff.delay(attempt, 0.0).as_millis())
            .collect();
        assert_eq!(shortest, [250, 500, 1_000, 2_000, 2_500, 2_500]);
    }

    proptest! {
        #[test]
        fn a_pause_is_never_longer_than_the_longest_nor_shorter_than_half_of_the_first(
            first in any::<Duration>(), max in any::<Duration>(),
            attempt in any::<u32>(), random in any::<f64>(),
        ) {
            let pause = Backoff { first, max }.delay(attempt, random);
            prop_assert!(pause <= max);
            prop_assert!(pause >= first.min(max) / 2);
        }
    }
}
