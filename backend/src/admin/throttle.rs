//! How often a password may be tried: a few times at once, then with growing pauses. Pure; the clock is
//! the caller's.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

/// Tries without a pause: someone who mistypes.
const FREE: u32 = 3;

/// The first pause; each further try doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause: 1440 tries a day.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// After so long without a try, all is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(15 * 60);

/// Networks that are kept count of. All others together then count as one.
const MOST: usize = 4096;
const ALL_OTHERS: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The tries that have not succeeded, for each network.
#[derive(Debug, Default)]
pub struct Throttle(HashMap<IpAddr, Tries>);

#[derive(Clone, Copy, Debug)]
struct Tries {
    number: u32,
    last: Instant,
}

impl Throttle {
    /// Counts a try. It counts as a failed one until it has [succeeded](Self::succeeded), so that
    /// several at once gain nothing.
    ///
    /// # Errors
    /// How long to wait: it must not be tried, and is not counted.
    pub fn begin(&mut self, network: IpAddr, now: Instant) -> Result<(), Duration> {
        if self.0.len() >= MOST {
            self.0.retain(|_, tries| !tries.is_forgotten(now));
        }
        let known = self.0.contains_key(&network) || self.0.len() < MOST;
        let network = if known { network } else { ALL_OTHERS };
        let tries = self.0.entry(network).or_insert(Tries {
            number: 0,
            last: now,
        });
        if tries.is_forgotten(now) {
            tries.number = 0;
        }
        let wait = tries
            .pause()
            .saturating_sub(now.saturating_duration_since(tries.last));
        if !wait.is_zero() {
            return Err(wait);
        }
        tries.number = tries.number.saturating_add(1);
        tries.last = now;
        Ok(())
    }

    /// A try had the right password: those before it were its owner's.
    pub fn succeeded(&mut self, network: IpAddr) {
        self.0.remove(&network);
    }
}

impl Tries {
    fn pause(&self) -> Duration {
        let Some(doublings) = self.number.checked_sub(FREE) else {
            return Duration::ZERO;
        };
        2_u32
            .checked_pow(doublings)
            .map_or(LONGEST_PAUSE, |factor| FIRST_PAUSE.saturating_mul(factor))
            .min(LONGEST_PAUSE)
    }

    fn is_forgotten(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) >= FORGOTTEN_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const BEN: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn after_a_few_tries_the_pauses_grow_to_a_limit() {
        let mut throttle = Throttle::default();
        let mut now = Instant::now();
        for _ in 0..FREE {
            assert_eq!(throttle.begin(ANN, now), Ok(()));
        }
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            let pause = Duration::from_secs(seconds);
            assert_eq!(throttle.begin(ANN, now), Err(pause));
            now += pause - Duration::from_millis(1);
            assert_eq!(throttle.begin(ANN, now), Err(Duration::from_millis(1)));
            now += Duration::from_millis(1);
            assert_eq!(throttle.begin(ANN, now), Ok(()));
        }
        assert_eq!(throttle.begin(BEN, now), Ok(()));
    }

    #[test]
    fn one_who_gets_in_or_stays_away_long_enough_begins_anew() {
        let mut throttle = Throttle::default();
        let start = Instant::now();
        let exhaust = |throttle: &mut Throttle, now| {
            while throttle.begin(ANN, now).is_ok() {}
        };
        exhaust(&mut throttle, start);
        throttle.succeeded(ANN);
        assert_eq!(throttle.begin(ANN, start), Ok(()));
        exhaust(&mut throttle, start);
        let later = start + FORGOTTEN_AFTER;
        for _ in 0..FREE {
            assert_eq!(throttle.begin(ANN, later), Ok(()));
        }
    }

    #[test]
    fn those_who_come_from_everywhere_are_slowed_down_together() {
        let mut throttle = Throttle::default();
        let now = Instant::now();
        let network = |number: u32| IpAddr::V4(Ipv4Addr::from_bits(number));
        let others = 1 + u32::try_from(MOST).unwrap_or(u32::MAX);
        for number in 1..others {
            assert_eq!(throttle.begin(network(number), now), Ok(()));
        }
        let let_in = (others..others + 100)
            .filter(|&number| throttle.begin(network(number), now).is_ok())
            .count();
        assert_eq!(let_in, 3);
        assert_eq!(throttle.begin(network(1), now), Ok(()));
        let later = now + FORGOTTEN_AFTER;
        assert_eq!(throttle.begin(network(others), later), Ok(()));
        assert_eq!(throttle.0.len(), 1);
    }
}
