//! Hash tables whose order nobody outside can foresee, for the seed is made of the relay's key.

use core::hash::BuildHasher;

use foldhash::{SharedSeed, fast::FoldHasher};

/// A table of a relay.
pub(crate) type Table<K, V> = std::collections::HashMap<K, V, Hashing>;

/// How keys are hashed. No hash is ever shown, so the seed cannot be learned from one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hashing {
    seed: u64,
}

impl Hashing {
    /// By a relay's key.
    pub fn new(key: &[u8; 32]) -> Self {
        let seed = key.iter().fold(0, |seed: u64, byte| {
            seed.rotate_left(9).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(*byte)
        });
        Self { seed }
    }
}

impl BuildHasher for Hashing {
    type Hasher = FoldHasher<'static>;

    fn build_hasher(&self) -> Self::Hasher {
        FoldHasher::with_seed(self.seed, SharedSeed::global_fixed())
    }
}
