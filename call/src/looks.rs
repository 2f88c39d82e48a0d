//! When to look for this machine's addresses while someone cannot be reached. Each look costs a peer
//! connection, of which browsers bear some hundreds before they collect the closed ones, so the pauses grow.

use std::collections::BTreeMap;

use crate::input::LinkState;
use crate::output::LinkId;

/// The first pause, in seconds …
const FIRST: u32 = 2;

/// … and the longest.
const LONGEST: u32 = 60;

/// Counts the looks and the seconds between them.
#[derive(Debug, Default)]
pub struct Looks {
    paths: BTreeMap<LinkId, Path>,
    /// Since the last look.
    seconds: u32,
    /// After the last loss.
    done: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Standing,
    /// Not found yet, or lost before: there is nothing more to lose.
    Missing,
}

impl Looks {
    /// A link's state is this now. Says whether to look at once: the path that it had is lost.
    pub fn link_changed(&mut self, link: LinkId, state: LinkState) -> bool {
        match state {
            LinkState::New | LinkState::Connecting => {
                self.paths.entry(link).or_insert(Path::Missing);
            }
            LinkState::Connected => drop(self.paths.insert(link, Path::Standing)),
            LinkState::Disconnected | LinkState::Failed => {
                // One never heard of stood before anyone listened.
                let is_lost = self.paths.insert(link, Path::Missing) != Some(Path::Missing);
                if is_lost {
                    self.begin_anew();
                }
                return is_lost;
            }
            LinkState::Closed => drop(self.paths.remove(&link)),
        }
        false
    }

    /// The network may be another one: the pauses are short again.
    pub fn begin_anew(&mut self) {
        self.seconds = 0;
        self.done = 0;
    }

    /// A second has passed, with someone out of reach or not. Says whether to look.
    pub fn second_passed(&mut self, is_anyone_lost: bool) -> bool {
        if !is_anyone_lost {
            self.begin_anew();
            return false;
        }
        self.seconds += 1;
        let is_due = self.seconds >= pause(self.done);
        if is_due {
            self.seconds = 0;
            self.done = self.done.saturating_add(1);
        }
        is_due
    }
}

/// Before the next look, after so many.
fn pause(done: u32) -> u32 {
    let doublings = done.saturating_sub(1).min(LONGEST.ilog2());
    (FIRST << doublings).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: LinkId = LinkId(1);

    /// The seconds in which it looks, of so many.
    fn looked(looks: &mut Looks, seconds: u32) -> Vec<u32> {
        (1..=seconds)
            .filter(|_| looks.second_passed(true))
            .collect()
    }

    #[test]
    fn the_pauses_grow_up_to_a_minute() {
        let mut looks = Looks::default();
        let expected = [2, 4, 8, 16, 32, 64, 124, 184, 244];
        assert_eq!(looked(&mut looks, 250), expected);
        let in_an_hour = looked(&mut looks, 3_600).len();
        assert_eq!(in_an_hour, 60);
    }

    #[test]
    fn a_path_newly_lost_is_looked_for_at_once_and_then_often() {
        let mut looks = Looks::default();
        looks.link_changed(LINK, LinkState::Connected);
        for link in [LINK, LinkId(2)] {
            looked(&mut looks, 100);
            assert!(looks.link_changed(link, LinkState::Disconnected));
            assert_eq!(looked(&mut looks, 10), [2, 4, 8]);
        }
    }

    #[test]
    fn one_that_stays_lost_or_never_stood_makes_no_pause_short() {
        let mut looks = Looks::default();
        looks.link_changed(LINK, LinkState::Connected);
        looks.link_changed(LINK, LinkState::Disconnected);
        let mut seconds = 0;
        for round in 0..20 {
            for state in [LinkState::Connecting, LinkState::Failed] {
                assert!(!looks.link_changed(LINK, state));
                assert!(!looks.link_changed(LinkId(2 + round), state));
            }
            seconds += looked(&mut looks, 30).len();
        }
        assert!(seconds < 15, "{seconds} looks in ten minutes");
    }

    #[test]
    fn when_all_are_there_nothing_is_looked_for() {
        let mut looks = Looks::default();
        looked(&mut looks, 100);
        assert!((0..100).all(|_| !looks.second_passed(false)));
        assert_eq!(looked(&mut looks, 5), [2, 4]);
    }

    #[test]
    fn another_network_makes_the_pauses_short_again() {
        let mut looks = Looks::default();
        looked(&mut looks, 100);
        looks.begin_anew();
        assert_eq!(looked(&mut looks, 5), [2, 4]);
    }
}
