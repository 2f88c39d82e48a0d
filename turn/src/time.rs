//! The time, which is always passed in.

use std::time::Instant;

/// When something happens, by two clocks.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The clock that never jumps: what runs out here is measured by it.
    pub instant: Instant,
    /// The clock that others have too, in seconds since 1970: credentials and nonces bear it.
    pub unix_seconds: u64,
}
