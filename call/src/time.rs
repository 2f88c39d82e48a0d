//! Time as the call sees it: passed in, never read.

use std::ops::Add;
use std::time::Duration;

/// A moment: the time since the Unix epoch.
///
/// A driver takes the page's time origin plus its monotonic clock, so that moments of one page
/// never run backwards and can be shown as the time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(Duration);

impl Time {
    /// The moment that long after the Unix epoch.
    #[must_use]
    pub const fn since_unix_epoch(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0.as_millis() as u64
    }

    /// How long before `self` the other moment was; zero when it was not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, later: Duration) -> Self {
        Self(self.0 + later)
    }
}
