//! The one queue of a call: whatever happens, wherever, is put in here and taken out by one loop.

use call::Input;
use call::media::MediaError;
use call::output::{LinkId, Slot, Timer};
use futures::channel::mpsc::{self, UnboundedReceiver, UnboundedSender};
use shared::peer::Look;

use super::devices::CameraAttempt;
use crate::browser::capture::{Opened, Screen};
use crate::browser::page::PageEvent;
use crate::browser::{MediaStream, Viewer};

/// Something that happened.
pub enum Happening {
    /// For the call.
    Input(Input),
    /// A timer ran out; it counts if it is still the one set last under that name.
    TimerRanOut {
        /// Which.
        timer: Timer,
        /// Which setting of it.
        setting: u64,
    },
    /// Devices were opened, or not. Each counts if it is still the one asked for last.
    Opened {
        /// Number of the attempt.
        attempt: u64,
        /// How far the attempt at the camera had to go.
        camera: CameraAttempt,
        /// What became of it.
        opened: Opened,
    },
    /// A screen was chosen, or not.
    ScreenOpened {
        /// Number of the attempt.
        attempt: u64,
        /// What became of it.
        screen: Result<Screen, MediaError>,
    },
    /// A captured track ended by itself.
    TrackEnded {
        /// What it was.
        track: CapturedTrack,
        /// Number of the attempt that opened it.
        attempt: u64,
    },
    /// A microphone's level, 0 to 1.
    Level(f64),
    /// A link has its transceivers: this is what will come.
    RemoteStreams {
        /// Which.
        link: LinkId,
        /// By slot.
        streams: [MediaStream; 4],
    },
    /// An element shows what comes in a slot of a link, in another way than before.
    Shown {
        /// Which link.
        link: LinkId,
        /// Camera or screen.
        slot: Slot,
        /// The element.
        viewer: Viewer,
        /// How, or no longer.
        look: Option<Look>,
    },
    /// The browser holds sound back until a click.
    SoundBlocked,
    /// The person has clicked to hear.
    AllowSound,
    /// The person wants to hear a tone.
    TestSpeaker,
    /// It is time to show what has changed.
    Show,
    /// A second has passed in a room.
    Tick,
    /// The browser sees its network change in some way, be it only its estimate of it.
    NetworkSeen,
    /// Something happened to the whole page.
    Page(PageEvent),
    /// The page of the room is gone.
    Closed,
}

/// Which of this page's tracks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapturedTrack {
    /// The microphone's.
    Microphone,
    /// The camera's.
    Camera,
    /// The picture of the shared screen.
    Screen,
}

/// The way in.
#[derive(Clone)]
pub struct Queue {
    sender: UnboundedSender<Happening>,
}

impl Queue {
    /// A queue, and its way out.
    pub fn new() -> (Self, UnboundedReceiver<Happening>) {
        let (sender, receiver) = mpsc::unbounded();
        (Self { sender }, receiver)
    }

    /// Puts in something for the call.
    pub fn push(&self, input: Input) {
        self.happened(Happening::Input(input));
    }

    /// Puts in anything. When the call is over it is dropped, and guards in it with it.
    pub fn happened(&self, happening: Happening) {
        drop(self.sender.unbounded_send(happening));
    }
}
