//! Whether sound has ceased to come on one link, and is back. It comes all the time, from a muted microphone as well, so when it
//! ceases it is mostly the path: browsers take five or six seconds to say so, and do not say it of a shorter break.

/// For how many seconds in a row there must be none. A microphone may be changed for another meanwhile.
const NONE: u8 = 2;

/// In how many seconds there must have been some before …
const SOME: u8 = 2;

/// … and before it is told again, so that what comes and goes is told seldom.
const AGAIN: u8 = 10;

/// What has just happened to the sound on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// None has come for some seconds.
    Ceased,
    /// After some seconds without it comes again.
    Returned,
}

/// Watches one link, second by second.
#[derive(Debug)]
pub struct Silence {
    /// The newest there ever was.
    newest: Option<u32>,
    /// Seconds with new sound that are still needed.
    needed: u8,
    /// Seconds without any since the last with some.
    without: u8,
}

impl Default for Silence {
    fn default() -> Self {
        Self {
            newest: None,
            needed: SOME,
            without: 0,
        }
    }
}

impl Silence {
    /// About a second has passed, and the newest packet of sound that was played has this RTP timestamp, if there was one. Seconds
    /// are counted, not timed, for a page may stand still like its peers.
    pub fn second_passed(&mut self, newest: Option<u32>) -> Option<Turn> {
        if newest.is_some() && newest != self.newest {
            let is_first = self.newest.is_none();
            self.newest = newest;
            self.needed = self.needed.saturating_sub(1);
            let without = std::mem::take(&mut self.without);
            return (without >= NONE && !is_first).then_some(Turn::Returned);
        }
        self.without = self.without.saturating_add(1);
        if self.without == NONE && self.needed == 0 {
            self.needed = AGAIN;
            return Some(Turn::Ceased);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Turn::{Ceased, Returned};
    use super::*;

    /// What turn is told of in which of the seconds. There is new sound in those with a `1`.
    fn told(seconds: &str) -> Vec<(usize, Turn)> {
        let mut silence = Silence::default();
        let mut newest = u32::MAX;
        let mut passed = |sound| {
            if sound == '1' {
                newest = newest.wrapping_add(48_000);
            }
            silence.second_passed(Some(newest))
        };
        let seconds = seconds.chars().enumerate();
        seconds
            .filter_map(|(second, sound)| Some((second, passed(sound)?)))
            .collect()
    }

    #[test]
    fn that_sound_ceases_and_returns_is_told_once() {
        let turns = [(5, Ceased), (9, Returned)];
        assert_eq!(told("11110000011111"), turns);
    }

    #[test]
    fn a_second_without_is_nothing() {
        assert!(told("111111111111010111").is_empty());
    }

    #[test]
    fn that_what_comes_and_goes_has_ceased_is_told_seldom() {
        let mut turns = told(&"1100".repeat(6));
        turns.retain(|(_, turn)| *turn == Ceased);
        assert_eq!(turns, [(3, Ceased), (23, Ceased)]);
    }

    #[test]
    fn where_none_ever_came_none_has_ceased_and_the_first_is_no_return() {
        let mut silence = Silence::default();
        assert!((0..30).all(|_| silence.second_passed(None).is_none()));
        assert_eq!(silence.second_passed(Some(7)), None);
    }

    #[test]
    fn a_browser_may_forget_the_newest_meanwhile() {
        let mut silence = Silence::default();
        let seconds = [Some(7), Some(8), None, None, Some(9)];
        let turns = seconds.map(|newest| silence.second_passed(newest));
        assert_eq!(turns, [None, None, None, Some(Ceased), Some(Returned)]);
    }
}
