//! Numbers that need not be secret, from a seed given from outside: so that many pages do not all
//! come back in the same instant.

use std::time::Duration;

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Somewhere between half of it and the whole.
    pub fn jitter(&mut self, whole: Duration) -> Duration {
        let share = (self.next() >> 40) as f64 / (1_u64 << 24) as f64;
        whole.mul_f64(0.5 + share / 2.0)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_between_half_and_whole() {
        let mut random = Random::new(7);
        let whole = Duration::from_secs(4);
        for _ in 0..1_000 {
            let pause = random.jitter(whole);
            assert!(pause >= whole / 2 && pause <= whole, "{pause:?}");
        }
    }
}
