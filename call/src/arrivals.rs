//! Whether that arrives of which the peer says that it is sent; and when not, what is tried, one after
//! the other: the peer is asked to send afresh, ICE is restarted, the link is replaced. After that only
//! asking is left, with growing pauses, so that whatever the peer says or does costs little.

use std::time::Duration;

use crate::output::Slot;
use crate::time::Time;
use crate::view::Missing;

/// How long sound or a camera's picture may stay away. A microphone sends even silence, a camera several
/// pictures a second; but one that was just switched on takes a moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// As `PATIENCE`, for a screen: while nothing moves on it, a picture comes about once a second or less.
const SCREEN_PATIENCE: Duration = Duration::from_secs(8);

/// How long it may stay away when nothing comes at all. Then it is mostly the path, and the browser takes
/// some seconds to say so.
const ALL_PATIENCE: Duration = Duration::from_secs(10);

/// How long each remedy gets.
const ASKED: Duration = Duration::from_secs(6);
const RESTARTED: Duration = Duration::from_secs(10);
const REPLACED: Duration = Duration::from_secs(30);

/// The longest pause between two times of asking.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// How long everything has to arrive before it is begun with the mildest remedy again.
const CURED: Duration = Duration::from_secs(60);

/// What is waited for from one peer.
#[derive(Debug)]
pub(crate) struct Arrivals {
    /// Since when nothing has come, by [`WATCHED`].
    silent: [Option<Time>; 3],
    missing: Missing,
    treatment: Treatment,
}

/// The slots that are waited for. The sound of a screen may be silent for as long as it likes.
const WATCHED: [(Slot, Duration); 3] = [
    (Slot::Microphone, PATIENCE),
    (Slot::Camera, PATIENCE),
    (Slot::Screen, SCREEN_PATIENCE),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    None,
    /// That was done, and gets until then to show.
    Tried {
        cure: Cure,
        until: Time,
        pause: Duration,
    },
}

/// What to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cure {
    /// Ask the peer to send afresh.
    Ask,
    /// Restart ICE.
    Restart,
    /// Replace the link.
    Replace,
}

impl Arrivals {
    pub fn new() -> Self {
        Self {
            silent: [None; 3],
            missing: Missing::default(),
            treatment: Treatment::None,
        }
    }

    /// What does not arrive.
    pub fn missing(&self) -> Missing {
        self.missing
    }

    /// There is no link, or a new one: it gets time.
    pub fn begin_anew(&mut self) {
        self.silent = [None; 3];
        self.missing = Missing::default();
    }

    /// Takes in what the peer says that it sends, and what came lately, by slot.
    pub fn seen(&mut self, sent: [bool; 4], arrived: [bool; 4], now: Time) {
        let least = if arrived.contains(&true) {
            Duration::ZERO
        } else {
            ALL_PATIENCE
        };
        let mut is_missing = [false; 3];
        for (place, (slot, patience)) in WATCHED.into_iter().enumerate() {
            let silent = &mut self.silent[place];
            if sent[slot as usize] && !arrived[slot as usize] {
                let since = *silent.get_or_insert(now);
                is_missing[place] = now.since(since) >= patience.max(least);
            } else {
                *silent = None;
            }
        }
        let [microphone, camera, screen] = is_missing;
        self.missing = Missing {
            sound: microphone,
            picture: camera || screen,
        };
    }

    /// What is to be tried now. `may_rebuild`: whether more than asking makes sense.
    pub fn cure(&mut self, may_rebuild: bool, now: Time) -> Option<Cure> {
        let is_missing = self.missing != Missing::default();
        let (next, time, pause) = match self.treatment {
            Treatment::None if is_missing => (Cure::Ask, ASKED, REPLACED),
            Treatment::None => return None,
            Treatment::Tried { until, .. } if !is_missing => {
                if now.since(until) >= CURED {
                    self.treatment = Treatment::None;
                }
                return None;
            }
            Treatment::Tried { until, .. } if now < until => return None,
            Treatment::Tried {
                cure: Cure::Ask,
                pause,
                ..
            } if pause == REPLACED => {
                if !may_rebuild {
                    return None;
                }
                (Cure::Restart, RESTARTED, pause)
            }
            Treatment::Tried {
                cure: Cure::Restart,
                pause,
                ..
            } => {
                if !may_rebuild {
                    return None;
                }
                (Cure::Replace, REPLACED, pause)
            }
            Treatment::Tried {
                cure: Cure::Replace | Cure::Ask,
                pause,
                ..
            } => {
                let pause = (pause * 2).min(LONGEST_PAUSE);
                (Cure::Ask, pause, pause)
            }
        };
        self.treatment = Treatment::Tried {
            cure: next,
            until: now + time,
            pause,
        };
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time::since_unix_epoch(Duration::from_secs(1_000));
    const ALL: [bool; 4] = [true; 4];
    const NONE: [bool; 4] = [false; 4];
    const NO_VOICE: [bool; 4] = [false, true, true, true];

    /// Looks once a second for so long; gives what was tried and when.
    fn watch(
        arrivals: &mut Arrivals,
        seconds: std::ops::Range<u64>,
        sent: [bool; 4],
        arrived: [bool; 4],
    ) -> Vec<(u64, Cure)> {
        let mut cures = Vec::new();
        for second in seconds {
            let now = START + Duration::from_secs(second);
            arrivals.seen(sent, arrived, now);
            cures.extend(arrivals.cure(true, now).map(|cure| (second, cure)));
        }
        cures
    }

    #[test]
    fn what_arrives_or_is_not_sent_is_not_missing() {
        for (sent, arrived) in [(ALL, ALL), (NONE, NONE), (NONE, ALL)] {
            let mut arrivals = Arrivals::new();
            assert_eq!(watch(&mut arrivals, 0..600, sent, arrived), []);
            assert_eq!(arrivals.missing(), Missing::default());
        }
    }

    #[test]
    fn each_slot_gets_its_time_and_the_sound_of_a_screen_as_long_as_it_likes() {
        let only = |slot: Slot| Slot::ALL.map(|one| one == slot);
        for (slot, sound, picture, after) in [
            (Slot::Microphone, true, false, 5),
            (Slot::Camera, false, true, 5),
            (Slot::Screen, false, true, 8),
            (Slot::ScreenSound, false, false, 600),
        ] {
            let mut arrivals = Arrivals::new();
            let others = only(slot).map(|is_it| !is_it);
            watch(&mut arrivals, 0..after, ALL, others);
            assert_eq!(arrivals.missing(), Missing::default(), "{slot:?}");
            watch(&mut arrivals, after..after + 1, ALL, others);
            assert_eq!(arrivals.missing(), Missing { sound, picture }, "{slot:?}");
        }
    }

    #[test]
    fn where_nothing_comes_at_all_the_browser_has_the_first_word() {
        let mut arrivals = Arrivals::new();
        watch(&mut arrivals, 0..10, ALL, NONE);
        assert_eq!(arrivals.missing(), Missing::default());
        watch(&mut arrivals, 10..11, ALL, NONE);
        assert!(arrivals.missing().sound && arrivals.missing().picture);
    }

    #[test]
    fn remedies_grow_stronger_once_and_then_only_asking_is_left() {
        let mut arrivals = Arrivals::new();
        let cures = watch(&mut arrivals, 0..1_000, ALL, NO_VOICE);
        assert_eq!(
            cures,
            [
                (5, Cure::Ask),
                (11, Cure::Restart),
                (21, Cure::Replace),
                (51, Cure::Ask),
                (111, Cure::Ask),
                (231, Cure::Ask),
                (471, Cure::Ask),
                (771, Cure::Ask),
            ]
        );
    }

    #[test]
    fn what_helped_is_not_forgotten_at_once() {
        let mut arrivals = Arrivals::new();
        watch(&mut arrivals, 0..22, ALL, NO_VOICE);
        watch(&mut arrivals, 22..60, ALL, ALL);
        assert_eq!(arrivals.missing(), Missing::default());
        assert_eq!(
            watch(&mut arrivals, 60..70, ALL, NO_VOICE),
            [(65, Cure::Ask)],
            "no link is replaced so soon again"
        );
        watch(&mut arrivals, 70..400, ALL, ALL);
        let again = watch(&mut arrivals, 400..430, ALL, NO_VOICE);
        let again: Vec<Cure> = again.into_iter().map(|(_, cure)| cure).collect();
        assert_eq!(again, [Cure::Ask, Cure::Restart, Cure::Replace]);
    }

    #[test]
    fn a_way_too_poor_for_pictures_is_not_rebuilt() {
        let mut arrivals = Arrivals::new();
        let mut cures = Vec::new();
        for second in 0..300 {
            let now = START + Duration::from_secs(second);
            arrivals.seen(ALL, NONE, now);
            cures.extend(arrivals.cure(false, now));
        }
        assert_eq!(cures, [Cure::Ask]);
    }
}
