//! Something that is broken for a while, and the moment at which it is whole again. What breaks is left to those who break
//! it.

use std::{
    fmt,
    time::{Duration, Instant, SystemTime},
};

/// A moment, in ms since the epoch: the same in this process and in all pages.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Moment(pub f64);

/// Something that is broken. It is mended when this is dropped, at the latest.
#[must_use = "it ends at once otherwise"]
pub struct Outage<'a> {
    began: Instant,
    mend: Option<Box<dyn FnOnce() + 'a>>,
}

impl Moment {
    /// This one.
    #[track_caller]
    pub fn now() -> Self {
        let since = SystemTime::UNIX_EPOCH.elapsed();
        Self(since.expect("it is later than 1970").as_secs_f64() * 1000.0)
    }
}

impl<'a> Outage<'a> {
    /// Of something that has just been broken, and is mended so.
    pub(crate) fn begins(mend: impl FnOnce() + 'a) -> Self {
        Self {
            began: Instant::now(),
            mend: Some(Box::new(mend)),
        }
    }

    /// Lets it last so long from its beginning, and mends it: when that was.
    pub fn ends_after(mut self, span: Duration) -> Moment {
        // Nothing is waited for: an outage of that length is what the story is about.
        std::thread::sleep(span.saturating_sub(self.began.elapsed()));
        let end = Moment::now();
        if let Some(mend) = self.mend.take() {
            mend();
        }
        end
    }
}

impl Drop for Outage<'_> {
    fn drop(&mut self) {
        if let Some(mend) = self.mend.take() {
            mend();
        }
    }
}

impl fmt::Debug for Outage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an outage for {:?} so far", self.began.elapsed())
    }
}
