//! What flows on one link: rates, from two measurements, and whether they are good enough to talk.
//! What should flow and does not is left to [`Arrivals`](crate::arrivals::Arrivals).

use std::time::Duration;

use crate::capacity::Sending;
use crate::measure::{Measurement, Received};
use crate::output::Slot;
use crate::view::{FlowView, Picture, Route};

/// Two measurements closer than this say little: a video comes in bursts.
const CLOSEST: Duration = Duration::from_millis(500);

/// From how many packets on a share of them means something.
const FEWEST_PACKETS: u64 = 20;

/// A round trip that is too long to talk. ITU-T G.114 puts the end of what most people accept at 400 ms
/// from mouth to ear. Half of this is one way; as much again goes on recording, packing, waiting for late
/// packets and playing.
const SLOW: Duration = Duration::from_millis(400);

/// One that is short enough again.
const SWIFT: Duration = Duration::from_millis(300);

/// A loss of packets, per mille, that is heard: ITU-T G.1010 has 3 % as the limit for conversation.
const LOSSY: u16 = 30;

/// One that is small enough again: its limit for video telephony is 1 %.
const SOUND: u16 = 10;

/// How many bad measurements in a row make it poor …
const BAD: u8 = 2;

/// … and how many good ones make it good: a way that comes and goes shall not flicker.
const FINE: u8 = 3;

/// What flows on one link.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    last: Option<Measurement>,
    rates: Option<Rates>,
    grade: Grade,
}

/// What the last two measurements came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rates {
    /// What arrives here.
    pub arriving: FlowView,
    /// Whether any content came in, by slot.
    pub arrived: [bool; 4],
    pub route: Option<Route>,
    pub round_trip: Option<Duration>,
    pub sending: Sending,
}

/// With how many measurements in a row that say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Good { bad: u8 },
    Poor { fine: u8 },
}

impl Default for Grade {
    fn default() -> Self {
        Self::Good { bad: 0 }
    }
}

impl Flow {
    /// Takes a measurement in. Whether there are new rates.
    pub fn measured(&mut self, now: Measurement) -> bool {
        let Some(before) = &self.last else {
            self.last = Some(now);
            return false;
        };
        if now.at.saturating_sub(before.at) < CLOSEST {
            return false;
        }
        let rates = rates(before, &now);
        self.grade = self.grade.after(&rates);
        self.rates = Some(rates);
        self.last = Some(now);
        true
    }

    pub fn rates(&self) -> Option<&Rates> {
        self.rates.as_ref()
    }

    /// Whether it is too slow to talk, or loses too much.
    pub fn is_poor(&self) -> bool {
        matches!(self.grade, Grade::Poor { .. })
    }
}

impl Grade {
    fn after(self, rates: &Rates) -> Self {
        let loss = rates
            .arriving
            .lost_per_mille
            .max(rates.sending.lost_per_mille);
        let is_bad = loss.is_some_and(|loss| loss >= LOSSY)
            || rates.round_trip.is_some_and(|time| time >= SLOW);
        let is_fine = loss.is_none_or(|loss| loss <= SOUND)
            && rates.round_trip.is_none_or(|time| time <= SWIFT);
        match self {
            Self::Good { bad } if is_bad && bad + 1 >= BAD => Self::Poor { fine: 0 },
            Self::Good { bad } => Self::Good {
                bad: if is_bad { bad + 1 } else { 0 },
            },
            Self::Poor { fine } if is_fine && fine + 1 >= FINE => Self::Good { bad: 0 },
            Self::Poor { fine } => Self::Poor {
                fine: if is_fine { fine + 1 } else { 0 },
            },
        }
    }
}

fn rates(before: &Measurement, now: &Measurement) -> Rates {
    let time = now.at.saturating_sub(before.at);
    let grown = Slot::ALL.map(|slot| {
        let (before, now) = (before.received[slot as usize], now.received[slot as usize]);
        // A counter begins anew when the browser takes another stream for the same slot.
        Received {
            packets: now.packets.saturating_sub(before.packets),
            lost: now.lost.saturating_sub(before.lost),
            bytes: now.bytes.saturating_sub(before.bytes),
            frames: now.frames.saturating_sub(before.frames),
            ..now
        }
    });
    let sum = |count: fn(&Received) -> u64| {
        grown
            .iter()
            .fold(0_u64, |sum, slot| sum.saturating_add(count(slot)))
    };
    let (packets, lost) = (sum(|slot| slot.packets), sum(|slot| slot.lost));
    let expected = packets.saturating_add(lost);
    let picture = [Slot::Camera, Slot::Screen]
        .into_iter()
        .filter_map(|slot| picture(&grown[slot as usize], time))
        .max_by_key(|picture| u32::from(picture.width) * u32::from(picture.height));
    // Packets may be mere padding, by which a browser finds out how much it may send.
    let arrived = grown.map(|slot| slot.bytes > 0);
    Rates {
        arriving: FlowView {
            bitrate: Some(per_second(sum(|slot| slot.bytes).saturating_mul(8), time)),
            lost_per_mille: (expected >= FEWEST_PACKETS)
                .then(|| (lost.saturating_mul(1_000) / expected) as u16),
            picture,
            sound: Some(arrived[Slot::Microphone as usize]),
        },
        arrived,
        route: now.route,
        round_trip: now.round_trip,
        sending: Sending {
            sent: per_second(now.sent.saturating_sub(before.sent).saturating_mul(8), time),
            available: now.available,
            lost_per_mille: now.lost_there_per_mille,
        },
    }
}

fn picture(grown: &Received, time: Duration) -> Option<Picture> {
    let frames = per_second(grown.frames, time);
    (grown.frames > 0).then_some(Picture {
        width: grown.width,
        height: grown.height,
        // A picture every two seconds is not none.
        frames_per_second: u16::try_from(frames.max(1)).unwrap_or(u16::MAX),
    })
}

fn per_second(count: u64, time: Duration) -> u32 {
    (count as f64 / time.as_secs_f64()).round() as u32
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
