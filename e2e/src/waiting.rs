//! The one place that waits: for a condition, with a deadline. What to ask is left to those who wait.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

/// How long anything in a story may take before it has failed.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Between two questions. Browsers cannot push to us over WebDriver, so they are asked.
const TICK: Duration = Duration::from_millis(30);

thread_local! {
    static DEADLINE_HERE: Cell<Duration> = const { Cell::new(DEADLINE) };
}

/// Asks until the answer is `Ok`, and returns it.
///
/// # Panics
/// When the deadline has passed, with what was waited for and why it was not so at last.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Result<T, String>) -> T {
    let deadline = DEADLINE_HERE.get();
    let end = Instant::now() + deadline;
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(why) if Instant::now() > end => {
                panic!("waited {} s for {what}: {why}", deadline.as_secs())
            }
            Err(_not_yet) => std::thread::sleep(TICK),
        }
    }
}

/// Runs this with another deadline than [`DEADLINE`]: a longer one for what takes its time by design, a shorter one for
/// what is expected to fail.
pub fn within<T>(deadline: Duration, run: impl FnOnce() -> T) -> T {
    struct Restore(Duration);
    impl Drop for Restore {
        fn drop(&mut self) {
            DEADLINE_HERE.set(self.0);
        }
    }
    let _restore = Restore(DEADLINE_HERE.replace(deadline));
    run()
}
