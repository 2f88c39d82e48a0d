//! One microphone or camera of this page: whether the person wants it, and whether it can be had.
//! What is done with both together is left to [`Local`](crate::local::Local).

use crate::media::{DeviceChoice, DeviceId, MediaError};
use crate::view::LocalDevice;

/// One capturing device.
#[derive(Debug)]
pub(crate) struct Capture {
    /// Whether the person wants to be heard (seen).
    wanted: bool,
    track: Track,
    /// What the person chose, on this visit or an earlier one.
    chosen: Option<DeviceId>,
    /// What runs, as far as the browser says.
    used: Option<DeviceId>,
}

/// What the browser gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Track {
    /// Nothing was asked for.
    Closed,
    /// Asked for; nothing runs.
    Opening(Occasion),
    /// Runs.
    Open,
    /// Runs, while another is being opened to take its place.
    Switching,
    /// Was refused.
    Unavailable(MediaError),
}

/// Why a device is being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occasion {
    /// The person wants it.
    Wish,
    /// The one in use is gone.
    Loss,
}

/// What became of an attempt to open a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// It runs, as wished.
    Runs,
    /// It runs in the place of one that is gone.
    Replaces,
    /// Nobody wants it any more: it is to be closed.
    Unwanted,
}

/// What a failed attempt to open a device leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// Nothing runs, for that reason.
    Problem,
    /// The one in use was gone, and there is no other.
    Gone,
    /// Nobody wants it any more.
    Unwanted,
}

impl Capture {
    pub fn new(wanted: bool, chosen: Option<DeviceId>) -> Self {
        Self {
            wanted,
            track: Track::Closed,
            chosen,
            used: None,
        }
    }

    pub fn view(&self) -> LocalDevice {
        match self.track {
            Track::Unavailable(error) => LocalDevice::Unavailable(error),
            Track::Opening(_) if self.wanted => LocalDevice::Opening,
            Track::Open | Track::Switching if self.wanted => LocalDevice::On,
            Track::Closed | Track::Opening(_) | Track::Open | Track::Switching => LocalDevice::Off,
        }
    }

    pub fn is_wanted(&self) -> bool {
        self.wanted
    }

    pub fn set_wanted(&mut self, wanted: bool) {
        self.wanted = wanted;
    }

    /// Whether a track runs, heard (seen) or not.
    pub fn runs(&self) -> bool {
        matches!(self.track, Track::Open | Track::Switching)
    }

    pub fn is_closed(&self) -> bool {
        self.track == Track::Closed
    }

    pub fn failure(&self) -> Option<MediaError> {
        match self.track {
            Track::Unavailable(error) => Some(error),
            Track::Closed | Track::Opening(_) | Track::Open | Track::Switching => None,
        }
    }

    /// The device in use, or else the one chosen.
    pub fn device(&self) -> Option<DeviceId> {
        self.used.clone().or_else(|| self.chosen.clone())
    }

    /// To be opened as remembered: what to ask for.
    pub fn open(&mut self) -> DeviceChoice {
        self.opening(Occasion::Wish);
        match &self.chosen {
            Some(id) => DeviceChoice::Preferred(id.clone()),
            None => DeviceChoice::Default,
        }
    }

    /// To be opened as the person has just chosen.
    pub fn choose(&mut self, id: DeviceId) -> DeviceChoice {
        self.chosen = Some(id.clone());
        self.opening(Occasion::Wish);
        DeviceChoice::Exact(id)
    }

    /// Takes note of a choice without opening anything.
    pub fn prefer(&mut self, id: DeviceId) {
        self.chosen = Some(id);
        self.used = None;
    }

    /// The one in use is gone. What to ask for in its place, if it was wanted.
    pub fn ended(&mut self) -> Option<DeviceChoice> {
        let lost = self.used.take();
        match self.track {
            // What takes its place is on its way already.
            Track::Switching => {
                self.track = Track::Opening(Occasion::Loss);
                None
            }
            Track::Open => {
                self.track = Track::Opening(Occasion::Loss);
                match &self.chosen {
                    Some(id) if lost.as_ref() != Some(id) => {
                        Some(DeviceChoice::Preferred(id.clone()))
                    }
                    Some(_) | None => Some(DeviceChoice::Default),
                }
            }
            Track::Closed | Track::Opening(_) | Track::Unavailable(_) => None,
        }
    }

    pub fn opened(&mut self, device: Option<DeviceId>) -> Opened {
        let opened = match self.track {
            Track::Closed => return Opened::Unwanted,
            Track::Opening(Occasion::Loss) => Opened::Replaces,
            Track::Opening(Occasion::Wish)
            | Track::Open
            | Track::Switching
            | Track::Unavailable(_) => Opened::Runs,
        };
        self.track = Track::Open;
        self.used = device;
        opened
    }

    pub fn failed(&mut self, error: MediaError) -> Failed {
        match self.track {
            Track::Closed => Failed::Unwanted,
            Track::Open | Track::Switching => {
                self.track = Track::Open;
                self.chosen.clone_from(&self.used);
                Failed::Problem
            }
            Track::Opening(Occasion::Loss) => {
                self.track = Track::Unavailable(error);
                Failed::Gone
            }
            Track::Opening(Occasion::Wish) | Track::Unavailable(_) => {
                self.track = Track::Unavailable(error);
                Failed::Problem
            }
        }
    }

    pub fn close(&mut self) {
        self.track = Track::Closed;
        self.used = None;
    }

    fn opening(&mut self, occasion: Occasion) {
        self.track = match self.track {
            Track::Open | Track::Switching => Track::Switching,
            Track::Closed | Track::Opening(_) | Track::Unavailable(_) => Track::Opening(occasion),
        };
    }
}
