//! When pictures were shown and sound came in, all the while: how long an outage was noticed, and how soon it was over. That
//! they come at all is left to `media`.

use serde::Deserialize;
use serde_json::json;

use crate::{lab::Moment, person::Person, waiting::until};

/// From here on it is no hiccup of a busy machine, in ms.
const STANDSTILL: f64 = 500.0;

/// What was shown and heard since one began to [follow](Person::follows), in ms since the epoch.
#[derive(Clone, Debug, Deserialize)]
pub struct Timeline {
    begun: f64,
    asked: f64,
    /// When each picture was shown.
    frames: Vec<f64>,
    /// When sound was found to have come in. Looked for ten times a second.
    sound: Vec<f64>,
}

impl Timeline {
    /// The longest time without a new picture, in ms.
    pub fn longest_gap(&self) -> f64 {
        self.gap(&self.frames)
    }

    /// The longest time in which no sound came in, in ms, give or take 100.
    pub fn longest_silence(&self) -> f64 {
        self.gap(&self.sound)
    }

    /// How long after that moment the next picture was shown, in ms.
    pub fn next_frame_after(&self, moment: Moment) -> Option<f64> {
        let Moment(moment) = moment;
        let next = self.frames.iter().find(|frame| **frame > moment)?;
        Some(next - moment)
    }

    /// How long after that moment pictures came without a standstill again, in ms: it may be that a few which were under way come at
    /// first.
    pub fn flows_after(&self, moment: Moment) -> Option<f64> {
        let Moment(moment) = moment;
        let still = |pair: &&[f64]| pair[1] > moment && pair[1] - pair[0] > STANDSTILL;
        match self.frames.windows(2).rfind(still) {
            Some(last) => Some(last[1] - moment),
            None => self.next_frame_after(Moment(moment)),
        }
    }

    /// Whether pictures still came without a standstill in the last second and a half.
    pub fn flows(&self) -> bool {
        let before = self.asked - 3.0 * STANDSTILL;
        let recent = self.frames.iter().copied().filter(|frame| *frame > before);
        let all: Vec<f64> = [before]
            .into_iter()
            .chain(recent)
            .chain([self.asked])
            .collect();
        all.windows(2).all(|pair| pair[1] - pair[0] <= STANDSTILL)
    }

    fn gap(&self, moments: &[f64]) -> f64 {
        let all = [&[self.begun], moments, &[self.asked]].concat();
        let gaps = all.windows(2).map(|pair| pair[1] - pair[0]);
        gaps.fold(0.0, f64::max)
    }
}

impl Person {
    /// Begins to note when the picture of that person's tile changes, and when sound comes in.
    #[track_caller]
    pub fn follows(&self, name: &str) {
        self.follows_videos(&videos_of(name));
    }

    /// The same for the videos of a CSS selector.
    #[track_caller]
    pub fn follows_videos(&self, selector: &str) {
        let follow = format!("tap.follow({}) ?? null", json!(selector));
        self.evaluate::<()>(&follow)
            .unwrap_or_else(|error| panic!("{selector} cannot be followed: {error}"));
    }

    /// What has been noted about that person since [`follows`](Self::follows).
    #[track_caller]
    pub fn timeline(&self, name: &str) -> Timeline {
        self.timeline_of_videos(&videos_of(name))
            .unwrap_or_else(|error| panic!("{name} is not followed: {error}"))
    }

    /// The same for the videos of a CSS selector.
    ///
    /// # Errors
    /// When the page does not answer, or they are not followed.
    pub fn timeline_of_videos(&self, selector: &str) -> Result<Timeline, String> {
        self.evaluate(&format!("tap.timeline({})", json!(selector)))
    }

    /// Waits for the next picture of that person after that moment: how many ms it took.
    #[track_caller]
    pub fn sees_again(&self, name: &str, moment: Moment) -> f64 {
        until(&format!("{} to see {name} again", self.name()), || {
            let timeline = self.timeline_of_videos(&videos_of(name))?;
            let next = timeline.next_frame_after(moment);
            next.ok_or_else(|| "no picture came".to_owned())
        })
    }
}

fn videos_of(name: &str) -> String {
    format!("[role=group][aria-label={}] video", json!(name))
}

#[cfg(test)]
mod tests {
    use super::Timeline;
    use crate::lab::Moment;

    fn shown(frames: &[f64]) -> Timeline {
        Timeline {
            begun: 1000.0,
            asked: 2000.0,
            frames: frames.to_vec(),
            sound: Vec::new(),
        }
    }

    #[test]
    fn a_gap_lasts_from_the_beginning_and_until_the_end() {
        assert_eq!(shown(&[1100.0, 1400.0, 1900.0]).longest_gap(), 500.0);
        assert_eq!(shown(&[1700.0, 1900.0]).longest_gap(), 700.0);
        assert_eq!(shown(&[1100.0]).longest_gap(), 900.0);
        assert_eq!(shown(&[]).longest_gap(), 1000.0);
        assert_eq!(shown(&[]).longest_silence(), 1000.0);
    }

    #[test]
    fn the_next_picture_is_the_first_that_came_later() {
        let timeline = shown(&[1100.0, 1400.0, 1900.0]);
        assert_eq!(timeline.next_frame_after(Moment(1100.0)), Some(300.0));
        assert_eq!(timeline.next_frame_after(Moment(1900.0)), None);
    }

    #[test]
    fn pictures_flow_while_none_is_missed() {
        let steadily: Vec<f64> = (0..10)
            .map(|number| f64::from(number) * 100.0 + 1100.0)
            .collect();
        assert!(!shown(&steadily).flows(), "not for long enough");
        let longer: Vec<f64> = (0..16)
            .map(|number| f64::from(number) * 100.0 + 500.0)
            .collect();
        assert!(shown(&longer).flows());
        assert!(!shown(&longer[..10]).flows(), "no more");
    }

    #[test]
    fn what_was_under_way_is_no_sign_that_all_is_well() {
        let timeline = shown(&[1100.0, 1200.0, 1800.0, 1900.0]);
        assert_eq!(timeline.flows_after(Moment(1150.0)), Some(650.0));
        assert_eq!(timeline.flows_after(Moment(1850.0)), Some(50.0));
        assert_eq!(timeline.flows_after(Moment(1900.0)), None);
    }
}
