//! When to tell someone who speaks while muted that nobody hears them. Whether they speak and are
//! muted is left to [`Local`](crate::local::Local).

use std::time::Duration;

use crate::time::Time;

/// How long the hint is shown.
const SHOWN: Duration = Duration::from_secs(5);

/// How long one may go on after muting in the middle of a sentence. Longer than it takes to notice
/// that a voice has stopped (about a second), or ending the sentence would be going on.
const PATIENCE: Duration = Duration::from_secs(2);

/// The hint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MutedHint {
    /// There is nothing to say.
    #[default]
    Hidden,
    /// The person was speaking when they muted, and is told if they have not stopped by then.
    Due(Time),
    /// Shown until then.
    Shown(Time),
}

impl MutedHint {
    /// The person mutes, speaking or not.
    pub fn muted(voice: bool, now: Time) -> Self {
        if voice {
            Self::Due(now + PATIENCE)
        } else {
            Self::Hidden
        }
    }

    /// The person, muted, starts or stops speaking.
    pub fn voice(self, voice: bool, now: Time) -> Self {
        if voice {
            return Self::Shown(now + SHOWN);
        }
        match self {
            Self::Hidden | Self::Due(_) => Self::Hidden,
            // Whoever reads it falls silent, and may read on.
            Self::Shown(_) => self,
        }
    }

    pub fn tick(self, now: Time) -> Self {
        match self {
            Self::Due(at) if at <= now => Self::Shown(now + SHOWN),
            Self::Shown(until) if until <= now => Self::Hidden,
            Self::Hidden | Self::Due(_) | Self::Shown(_) => self,
        }
    }

    pub fn is_shown(self) -> bool {
        matches!(self, Self::Shown(_))
    }

    /// When to look at it again.
    pub fn deadline(self) -> Option<Time> {
        match self {
            Self::Hidden => None,
            Self::Due(at) => Some(at),
            Self::Shown(until) => Some(until),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Time = Time::since_unix_epoch(Duration::from_secs(1));

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// However often somebody looks in between.
        #[test]
        fn who_goes_on_is_told_in_time_and_who_stops_is_not(
            spoke_for in 0..6_000_u64,
            looks in proptest::collection::vec(0..6_000_u64, 0..20),
        ) {
            let at = |millis| START + Duration::from_millis(millis);
            let stops = at(spoke_for);
            let mut hint = MutedHint::muted(true, START);
            let mut was_shown = false;
            let mut voice = true;
            for millis in 0..6_000 {
                let now = at(millis);
                if voice && now >= stops {
                    voice = false;
                    hint = hint.voice(false, now);
                }
                if looks.contains(&millis) || hint.deadline() == Some(now) {
                    hint = hint.tick(now);
                }
                was_shown |= hint.is_shown();
                prop_assert!(hint.deadline().is_none_or(|at| at > now));
            }
            prop_assert_eq!(was_shown, stops > START + PATIENCE);
        }
    }

    #[test]
    fn who_starts_to_speak_is_told_at_once_and_for_a_while() {
        let hint = MutedHint::muted(false, START);
        assert_eq!(hint.deadline(), None);
        let hint = hint.voice(true, START);
        assert!(hint.is_shown());
        let hint = hint.voice(false, START);
        assert!(hint.is_shown(), "it stays to be read");
        assert!(!hint.tick(START + SHOWN).is_shown());
    }

    #[test]
    fn who_ends_their_sentence_and_starts_another_is_told() {
        let hint = MutedHint::muted(true, START).voice(false, START);
        assert_eq!(hint.deadline(), None);
        assert!(hint.voice(true, START).is_shown());
    }
}
