//! Turns deadlines into timers: each part of the call says when it wants to be looked at again, and
//! this tells the driver where that has changed.

use std::collections::BTreeMap;

use crate::outbox::Outbox;
use crate::output::{Output, Timer};
use crate::time::Time;

/// The timers that the driver runs.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    running: BTreeMap<Timer, Time>,
}

impl Timers {
    /// The driver says that it ran out.
    pub fn ran_out(&mut self, timer: Timer) {
        self.running.remove(&timer);
    }

    /// Sees to it that exactly these run. One that is no longer wanted is left to run out unheeded.
    pub fn set(&mut self, wanted: &BTreeMap<Timer, Time>, now: Time, out: &mut Outbox) {
        self.running.retain(|timer, _| wanted.contains_key(timer));
        for (timer, deadline) in wanted {
            if self.running.get(timer) != Some(deadline) {
                self.running.insert(*timer, *deadline);
                out.outputs.push(Output::SetTimer {
                    timer: *timer,
                    after: deadline.since(now),
                });
            }
        }
    }
}
