//! One page of the world: a call, its socket, its devices and its timers, as a driver would have them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use call::input::{MediaEvent, ServerInput};
use call::media::{MediaCommand, MediaError};
use call::output::{LinkId, Preferences, Request, Timer};
use call::{Call, Goal, Time};
use shared::{PeerId, RoomName, Secret};

use super::server::ConnectionId;

pub struct Page {
    pub call: Call,
    pub id: PeerId,
    pub nickname: String,
    /// What was asked of the devices when they were opened.
    pub opened_devices: Vec<MediaCommand>,
    pub(super) goal: Goal,
    pub(super) socket: Option<ConnectionId>,
    /// When the watchdog notices that the socket leads nowhere any more.
    pub(super) stranded: Option<Time>,
    /// How often the call wanted the connection to the server begun anew.
    pub reconnects: usize,
    /// When the call could not wait for the next attempt.
    pub hurried: Vec<Time>,
    /// Whether the driver tries to get a socket.
    pub(super) online: bool,
    pub(super) to_server: VecDeque<Request>,
    pub(super) from_server: VecDeque<ServerInput>,
    pub media: VecDeque<MediaEvent>,
    pub(super) timers: BTreeMap<Timer, Time>,
    pub(super) used: BTreeSet<LinkId>,
    /// What the browser keeps from one load to the next.
    pub(super) kept: Preferences,
    pub logs: Vec<String>,
    /// The person thinks better of each screen that they are to choose.
    pub refuses_screens: bool,
}

/// What the page of that number starts from.
pub fn setup(number: usize) -> call::Setup {
    // Spread, so that the order of ids is not the order of pages.
    let byte = u8::try_from(number * 97 % 251).unwrap() + 1;
    call::Setup {
        goal: room(),
        secret: Secret::from_bytes([byte; 32]),
        preferences: Preferences::default(),
        random: number as u64,
    }
}

/// To be in the one room that there is.
pub fn room() -> Goal {
    Goal::Room {
        name: RoomName::new("Test room").unwrap(),
        list: None,
    }
}

impl Page {
    pub fn new(number: usize, goal: Goal) -> Self {
        Self::load(number, goal, Preferences::default())
    }

    pub(super) fn load(number: usize, goal: Goal, kept: Preferences) -> Self {
        let mut setup = setup(number);
        setup.goal = goal.clone();
        setup.preferences = kept.clone();
        let byte = setup.secret.as_bytes()[0];
        Self {
            call: Call::new(setup),
            id: PeerId::from_bytes([byte; 16]),
            nickname: format!("P{number}"),
            opened_devices: Vec::new(),
            goal,
            socket: None,
            stranded: None,
            reconnects: 0,
            hurried: Vec::new(),
            online: true,
            to_server: VecDeque::new(),
            from_server: VecDeque::new(),
            media: VecDeque::new(),
            timers: BTreeMap::new(),
            used: BTreeSet::new(),
            kept,
            logs: Vec::new(),
            refuses_screens: false,
        }
    }

    pub(super) fn command(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open {
                ref microphone,
                ref camera,
            } => {
                self.opened_devices.push(command.clone());
                if microphone.is_some() {
                    let event = MediaEvent::MicrophoneOpened { device: None };
                    self.media.push_back(event);
                }
                if camera.is_some() {
                    let event = MediaEvent::CameraOpened { device: None };
                    self.media.push_back(event);
                }
            }
            MediaCommand::OpenScreen if self.refuses_screens => {
                let event = MediaEvent::ScreenFailed(MediaError::PermissionDenied);
                self.media.push_back(event);
            }
            MediaCommand::OpenScreen => {
                let event = MediaEvent::ScreenOpened { sound: false };
                self.media.push_back(event);
            }
            MediaCommand::ListDevices => self.media.push_back(MediaEvent::Devices(Vec::new())),
            MediaCommand::CloseCamera
            | MediaCommand::CloseMicrophone
            | MediaCommand::EnableMicrophone(_)
            | MediaCommand::CloseScreen
            | MediaCommand::UseSpeaker(_) => {}
        }
    }
}
