//! What the path to one peer carries, as far as it can be told. A browser holds itself back by its own estimate; this
//! is for choosing a picture that looks well at what is left. The estimate means little while less is sent than would
//! fit: then what may be sent grows until it no longer does.

/// A loss, per mille, at which less is sent.
const LOSSY: u16 = 100;

/// A loss that is small enough to send more.
const SOUND: u16 = 30;

/// Of what a browser thinks possible, the share from which on it is the path that holds it back.
const FULL: f64 = 0.8;

/// By how much is sent less where packets are lost …
const LESS: f64 = 0.8;

/// … and by how much more where all goes well.
const MORE: f64 = 1.3;

/// No path is worth less than this, in bits per second: a small picture now and then.
const LEAST: u32 = 60_000;

/// What is lost at this rate is not lost for being too much.
const LEAST_WHILE_LOSSY: u32 = 200_000;

/// From here on a path holds nothing back.
const PLENTY: u32 = 6_000_000;

/// How many measurements in a row have to be good before more is tried …
const PATIENCE: u8 = 1;

/// … and at most, when that was too much again and again.
const MOST_PATIENCE: u8 = 16;

/// What is known of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Capacity {
    /// It carries what is sent.
    #[default]
    Ample,
    /// It carries about so much.
    Narrow {
        /// In bits per second.
        carries: u32,
        /// How many measurements in a row were good.
        calm: u8,
        /// How many will have to be.
        patience: u8,
        /// Whether that was a try at more, since the path was last full.
        tried: bool,
    },
}

/// How the sending to a peer went lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sending {
    /// In bits per second.
    pub sent: u32,
    /// What the browser thinks possible, in bits per second.
    pub available: Option<u32>,
    /// How many of a thousand packets were lost.
    pub lost_per_mille: Option<u16>,
}

impl Capacity {
    /// In bits per second; `None` for as much as one likes.
    pub fn carries(self) -> Option<u32> {
        match self {
            Self::Ample => None,
            Self::Narrow { carries, .. } => Some(carries),
        }
    }

    /// What it is after another measurement.
    #[must_use]
    pub fn measured(self, sending: Sending) -> Self {
        let Sending {
            sent,
            available,
            lost_per_mille: loss,
        } = sending;
        let by_estimate = available.filter(|available| is_full(sent, *available));
        let by_loss = loss
            .filter(|loss| *loss >= LOSSY)
            .map(|_| scaled(sent, LESS).max(LEAST_WHILE_LOSSY));
        if let Some(carries) = by_estimate.into_iter().chain(by_loss).min() {
            return self.narrowed(carries.max(LEAST));
        }
        if loss.is_some_and(|loss| loss > SOUND) {
            return self;
        }
        self.widened(available)
    }

    fn narrowed(self, carries: u32) -> Self {
        if carries >= PLENTY {
            return Self::Ample;
        }
        let patience = match self {
            Self::Ample => PATIENCE,
            // More was tried, and was too much. A path that wavers by itself is another matter.
            Self::Narrow {
                carries: before,
                patience,
                tried: true,
                ..
            } if carries < before => patience.saturating_mul(2).min(MOST_PATIENCE),
            Self::Narrow { patience, .. } => patience,
        };
        Self::Narrow {
            carries,
            calm: 0,
            patience,
            tried: false,
        }
    }

    /// By a step, or to what the browser thinks possible by now.
    fn widened(self, available: Option<u32>) -> Self {
        match self {
            Self::Ample => Self::Ample,
            Self::Narrow {
                carries,
                calm,
                patience,
                tried,
            } if calm + 1 < patience => Self::Narrow {
                carries,
                calm: calm + 1,
                patience,
                tried,
            },
            Self::Narrow {
                carries,
                patience,
                tried,
                ..
            } => match scaled(carries, MORE).max(available.unwrap_or(0)) {
                PLENTY.. => Self::Ample,
                carries => Self::Narrow {
                    carries,
                    calm: 0,
                    // What was tried last has done well.
                    patience: if tried {
                        (patience / 2).max(PATIENCE)
                    } else {
                        patience
                    },
                    tried: true,
                },
            },
        }
    }
}

fn is_full(sent: u32, available: u32) -> bool {
    f64::from(sent) >= f64::from(available) * FULL
}

/// `as` takes the nearest that there is.
fn scaled(rate: u32, by: f64) -> u32 {
    (f64::from(rate) * by) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sending(sent: u32, available: impl Into<Option<u32>>, loss: u16) -> Sending {
        Sending {
            sent,
            available: available.into(),
            lost_per_mille: Some(loss),
        }
    }

    /// A path that carries so much, over which a browser sends what it may of what the picture takes.
    fn on_a_path(of: u32, takes: u32, measurements: usize) -> Vec<Option<u32>> {
        let mut capacity = Capacity::default();
        let mut all = Vec::new();
        for _ in 0..measurements {
            let may = capacity.carries().unwrap_or(u32::MAX);
            let sent = takes.min(may).min(of);
            capacity = capacity.measured(sending(sent, of, 0));
            all.push(capacity.carries());
        }
        all
    }

    #[test]
    fn where_less_is_sent_than_would_fit_nothing_is_held_back() {
        assert_eq!(on_a_path(2_500_000, 1_700_000, 50), [None; 50]);
    }

    #[test]
    fn a_path_that_is_full_carries_what_the_browser_thinks() {
        let all = on_a_path(500_000, 1_700_000, 20);
        assert_eq!(all, [Some(500_000); 20]);
    }

    #[test]
    fn a_still_picture_does_not_keep_the_next_from_being_large() {
        let mut capacity = Capacity::default().measured(sending(500_000, 500_000, 0));
        let mut measurements = 0;
        while capacity.carries().is_some() {
            // The estimate does not grow where nothing is there to send.
            capacity = capacity.measured(sending(100_000, 500_000, 0));
            measurements += 1;
            assert!(measurements < 12);
        }
    }

    #[test]
    fn what_was_too_much_again_and_again_is_tried_less_and_less_often() {
        let (mut capacity, mut tries) = (Capacity::default(), Vec::new());
        for measurement in 0..200 {
            // A picture that takes less than the path carries, or more as soon as it may.
            let carries = capacity.carries().unwrap_or(u32::MAX);
            let sent = if carries > 500_000 { 500_000 } else { 200_000 };
            let after = capacity.measured(sending(sent, 500_000, 0));
            if after.carries().is_some_and(|after| after < carries) {
                tries.push(measurement);
            }
            capacity = after;
        }
        let pauses: Vec<usize> = tries.windows(2).map(|two| two[1] - two[0]).collect();
        assert!(pauses.is_sorted(), "{pauses:?}");
        assert!(pauses.len() < 20, "{pauses:?}");
    }

    #[test]
    fn loss_narrows_where_the_browser_says_nothing() {
        let lossy = Capacity::default().measured(sending(1_000_000, None, 150));
        assert_eq!(lossy.carries(), Some(800_000));
        assert_eq!(lossy.measured(sending(800_000, None, 50)), lossy, "waits");
        let better = lossy.measured(sending(800_000, None, 0));
        assert!(better.carries() > lossy.carries());
    }

    /// How many measurements it takes until a large picture fits again on a path that carries 10 Mbit/s, on which a
    /// browser thinks half as much again possible as it sends.
    fn recovers(mut capacity: Capacity, mut available: u32) -> usize {
        let mut measurements = 0;
        while capacity
            .carries()
            .is_some_and(|carries| carries < 1_700_000)
        {
            let sent = 1_700_000
                .min(capacity.carries().unwrap_or(u32::MAX))
                .min(available);
            available = available.max(sent / 2 * 3).min(10_000_000);
            capacity = capacity.measured(sending(sent, available, 0));
            measurements += 1;
            assert!(measurements < 1_000);
        }
        measurements
    }

    #[test]
    fn a_narrow_path_that_wavered_is_used_again_soon_after_it_is_wide() {
        let mut capacity = Capacity::default();
        for number in 0..30 {
            let of = if number % 2 == 0 { 500_000 } else { 450_000 };
            let may = capacity.carries().unwrap_or(u32::MAX);
            capacity = capacity.measured(sending(1_700_000.min(may).min(of), of, 0));
        }
        assert!(recovers(capacity, 500_000) <= 15);
    }

    #[test]
    fn half_a_minute_of_loss_does_not_cost_minutes() {
        let mut capacity = Capacity::default();
        for _ in 0..15 {
            let may = capacity.carries().unwrap_or(u32::MAX);
            capacity = capacity.measured(sending(1_700_000.min(may), None, 150));
        }
        assert_eq!(capacity.carries(), Some(LEAST_WHILE_LOSSY));
        assert!(recovers(capacity, 10_000_000) <= 15);
    }

    proptest! {
        #[test]
        fn no_path_is_given_up(
            all in prop::collection::vec((any::<u32>(), any::<Option<u32>>(), any::<Option<u16>>()), 0..50)
        ) {
            let mut capacity = Capacity::default();
            for (sent, available, lost_per_mille) in all {
                capacity = capacity.measured(Sending { sent, available, lost_per_mille });
                prop_assert!(capacity.carries().is_none_or(|carries| (LEAST..PLENTY).contains(&carries)));
            }
            for _ in 0..500 {
                capacity = capacity.measured(sending(0, 100_000, 0));
            }
            prop_assert_eq!(capacity, Capacity::Ample);
        }
    }
}
