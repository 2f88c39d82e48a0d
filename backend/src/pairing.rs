//! Who waits to meet someone, and who is paired with whom: first come, first paired, and nobody with
//! themselves. A pure value: connections, rooms and the clock are left to
//! [`meetings`](crate::meetings).

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use shared::room::MeetingKind;

use crate::identity::TabId;

/// How long two who have just met both wait for somebody else before they are paired again. Without it,
/// whoever asks for the next one where few are about would be given the one just left.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// Someone who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeker<C> {
    /// What for.
    pub kind: MeetingKind,
    /// Who, on whatever connection.
    pub who: TabId,
    /// Whom they met last.
    pub last: Option<TabId>,
    /// Since when.
    pub since: Instant,
    /// How they are reached.
    pub contact: C,
}

/// Those who wait, the one who came first in front. Any two who may be paired have been as soon as the
/// second came, so there are never more than three who wait for the same.
#[derive(Clone, Debug)]
pub struct Queue<C> {
    seekers: Vec<Seeker<C>>,
}

impl<C> Queue<C> {
    /// Nobody waits.
    #[must_use]
    pub fn new() -> Self {
        Self {
            seekers: Vec::new(),
        }
    }

    /// Takes someone in, at the end. One who waits already is the same person on another connection, or with
    /// second thoughts: the new wish takes the place of the old one, which is returned. Who waits
    /// for something else now begins at the end again.
    pub fn ask(&mut self, mut seeker: Seeker<C>) -> Option<Seeker<C>> {
        let at = self
            .seekers
            .iter()
            .position(|waiting| waiting.who == seeker.who);
        let Some(at) = at else {
            self.seekers.push(seeker);
            return None;
        };
        if self.seekers[at].kind == seeker.kind {
            seeker.since = self.seekers[at].since;
            return Some(std::mem::replace(&mut self.seekers[at], seeker));
        }
        let before = self.seekers.remove(at);
        self.seekers.push(seeker);
        Some(before)
    }

    /// Lets everyone go whose contact is like that.
    pub fn forget(&mut self, is_gone: impl Fn(&C) -> bool) {
        self.seekers.retain(|seeker| !is_gone(&seeker.contact));
    }

    /// The next two who are to meet, the one who waited longer first. They wait no longer then.
    pub fn next_pair(&mut self, now: Instant) -> Option<[Seeker<C>; 2]> {
        let (first, second) = self
            .pairs()
            .find(|&(first, second)| may_meet(&self.seekers[first], &self.seekers[second], now))?;
        let second = self.seekers.remove(second);
        let first = self.seekers.remove(first);
        Some([first, second])
    }

    /// Everyone with everyone behind them, by their places: those in front first.
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + use<C> {
        let end = self.seekers.len();
        (0..end).flat_map(move |first| (first + 1..end).map(move |second| (first, second)))
    }
}

impl<C> Default for Queue<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// Whom each met last, however often they have come anew since. The most recent meetings are remembered.
#[derive(Clone, Debug, Default)]
pub struct Acquaintances {
    last: HashMap<TabId, TabId>,
    /// Those in the map, the one who met somebody longest ago first.
    order: VecDeque<TabId>,
}

/// How many people's last meetings are remembered.
const REMEMBERED: usize = 16_384;

impl Acquaintances {
    /// Whom they met last.
    #[must_use]
    pub fn last(&self, who: TabId) -> Option<TabId> {
        self.last.get(&who).copied()
    }

    /// These two meet.
    pub fn meet(&mut self, one: TabId, other: TabId) {
        for (who, whom) in [(one, other), (other, one)] {
            if self.last.insert(who, whom).is_some() {
                self.order.retain(|known| *known != who);
            }
            self.order.push_back(who);
            if self.order.len() > REMEMBERED
                && let Some(oldest) = self.order.pop_front()
            {
                self.last.remove(&oldest);
            }
        }
    }
}

fn may_meet<C>(one: &Seeker<C>, other: &Seeker<C>, now: Instant) -> bool {
    let met_last = one.last == Some(other.who) || other.last == Some(one.who);
    let is_out_of_patience =
        |seeker: &Seeker<C>| now.saturating_duration_since(seeker.since) >= PATIENCE;
    one.kind == other.kind && (!met_last || (is_out_of_patience(one) && is_out_of_patience(other)))
}

#[cfg(test)]
mod tests;
