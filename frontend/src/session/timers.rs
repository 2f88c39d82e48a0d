//! The call's timers: setting one again voids its earlier setting.

use std::collections::HashMap;
use std::time::Duration;

use call::output::Timer;
use gloo_timers::callback::Timeout;

use super::queue::{Happening, Queue};

/// All timers that are set. Those that are dropped never run out.
pub struct Timers {
    set: HashMap<Timer, (u64, Timeout)>,
    settings: u64,
    queue: Queue,
}

impl Timers {
    /// None yet.
    pub fn new(queue: Queue) -> Self {
        Self {
            set: HashMap::new(),
            settings: 0,
            queue,
        }
    }

    /// Sets a timer.
    pub fn set(&mut self, timer: Timer, after: Duration) {
        self.settings += 1;
        let setting = self.settings;
        let queue = self.queue.clone();
        let millis = u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
        let timeout = Timeout::new(millis, move || {
            queue.happened(Happening::TimerRanOut { timer, setting });
        });
        self.set.insert(timer, (setting, timeout));
    }

    /// Whether a timer that ran out is the one set last; one may have run out and been set again
    /// before anyone looked.
    pub fn ran_out(&mut self, timer: Timer, setting: u64) -> bool {
        let current = self
            .set
            .get(&timer)
            .is_some_and(|(latest, _)| *latest == setting);
        if current {
            self.set.remove(&timer);
        }
        current
    }
}
