//! This page's microphone, camera and screen: opened, replaced and stopped as the call commands.
//! Whoever sends or shows the tracks takes them from here.

use std::rc::Rc;

use call::Input;
use call::input::MediaEvent;
use call::media::{DeviceChoice, DeviceId, MediaCommand, MediaError};
use call::output::Slot;
use wasm_bindgen_futures::spawn_local;

use super::queue::{CapturedTrack, Happening, Queue};
use crate::browser::capture::{self, Opened, Screen};
use crate::browser::level_meter::LevelMeter;
use crate::browser::listener::Listener;
use crate::browser::local_tracks::LocalTracks;
use crate::browser::track::Track;
use crate::browser::{console, devices};

/// How far an attempt at the camera has gone. A phone can have one camera open at a time: there the
/// running one has to go before the other comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraAttempt {
    /// Not asked for.
    None,
    /// Beside the one that runs, if one does.
    Beside(DeviceChoice),
    /// After the one that ran was stopped.
    Instead {
        /// The one that ran.
        former: Option<DeviceId>,
    },
    /// The former one again, because the other failed like this.
    Back(MediaError),
}

/// The devices of this page. Dropping them stops them.
pub struct Devices {
    tracks: LocalTracks,
    tracks_changed: bool,
    microphone: Line,
    camera: Line,
    screen: Line,
    attempts: u64,
    heard: bool,
    meter: Option<LevelMeter>,
    queue: Queue,
    _changes: Option<Listener>,
}

/// One device, from being asked for to running.
#[derive(Default)]
struct Line {
    /// The attempt under way; results of others come too late.
    asked: Option<u64>,
    /// The attempt that opened the track that runs.
    running: Option<u64>,
    /// Whether one that ran has ended without the call having been told, since another is on its
    /// way.
    lost: bool,
}

impl Devices {
    /// Nothing open yet.
    pub fn new(queue: Queue) -> Self {
        let changed = queue.clone();
        Self {
            tracks: LocalTracks::default(),
            tracks_changed: false,
            microphone: Line::default(),
            camera: Line::default(),
            screen: Line::default(),
            attempts: 0,
            heard: true,
            meter: None,
            _changes: devices::when_changed(move || list(changed.clone())),
            queue,
        }
    }

    /// The tracks, if they are others than at the last time.
    pub fn changed_tracks(&mut self) -> Option<LocalTracks> {
        std::mem::take(&mut self.tracks_changed).then(|| self.tracks.clone())
    }

    /// Does what the call wants, but for the speaker, which is not a device that is opened.
    pub fn command(&mut self, command: MediaCommand) {
        match command {
            MediaCommand::Open { microphone, camera } => self.open(microphone, camera),
            MediaCommand::CloseCamera => {
                self.camera = Line::default();
                self.stop(Slot::Camera);
            }
            MediaCommand::CloseMicrophone => {
                self.microphone = Line::default();
                self.stop_microphone();
            }
            MediaCommand::EnableMicrophone(heard) => {
                self.heard = heard;
                if let Some(track) = self.tracks.get(Slot::Microphone) {
                    track.set_enabled(heard);
                }
            }
            MediaCommand::OpenScreen => self.open_screen(),
            MediaCommand::CloseScreen => {
                self.screen = Line::default();
                self.stop_screen();
            }
            MediaCommand::ListDevices => list(self.queue.clone()),
            MediaCommand::UseSpeaker(_) => {}
        }
    }

    /// Takes in what became of an attempt.
    pub fn opened(&mut self, attempt: u64, camera: CameraAttempt, opened: Opened) {
        if let Some(result) = opened.microphone
            && self.microphone.answers(attempt)
        {
            self.microphone_opened(attempt, result);
        }
        if let Some(result) = opened.camera
            && self.camera.answers(attempt)
        {
            self.camera_opened(attempt, camera, result);
        }
    }

    /// Takes in what became of the choice of a screen.
    pub fn screen_opened(&mut self, attempt: u64, screen: Result<Screen, MediaError>) {
        if !self.screen.answers(attempt) {
            return;
        }
        match screen {
            Ok(Screen { picture, sound }) => {
                let with_sound = sound.is_some();
                self.screen.running = Some(attempt);
                self.put(
                    Slot::Screen,
                    self.watched(picture, CapturedTrack::Screen, attempt),
                );
                self.tracks.put(Slot::ScreenSound, sound.map(Rc::new));
                self.tell(MediaEvent::ScreenOpened { sound: with_sound });
            }
            Err(error) => self.tell(MediaEvent::ScreenFailed(error)),
        }
    }

    /// Takes in that a track ended by itself.
    pub fn ended(&mut self, track: CapturedTrack, attempt: u64) {
        let line = match track {
            CapturedTrack::Microphone => &mut self.microphone,
            CapturedTrack::Camera => &mut self.camera,
            CapturedTrack::Screen => &mut self.screen,
        };
        if line.running != Some(attempt) {
            return;
        }
        line.running = None;
        line.lost = line.asked.is_some();
        let tell = !line.lost;
        let event = match track {
            CapturedTrack::Microphone => {
                self.stop_microphone();
                MediaEvent::MicrophoneEnded
            }
            CapturedTrack::Camera => {
                self.stop(Slot::Camera);
                MediaEvent::CameraEnded
            }
            CapturedTrack::Screen => {
                self.stop_screen();
                MediaEvent::ScreenEnded
            }
        };
        if tell {
            self.tell(event);
        }
    }

    fn open(&mut self, microphone: Option<DeviceChoice>, camera: Option<DeviceChoice>) {
        let attempt = self.next_attempt();
        if microphone.is_some() {
            self.microphone.asked = Some(attempt);
        }
        let course = match &camera {
            Some(choice) => {
                self.camera.asked = Some(attempt);
                CameraAttempt::Beside(choice.clone())
            }
            None => CameraAttempt::None,
        };
        self.attempt(attempt, microphone, camera, course);
    }

    fn attempt(
        &self,
        attempt: u64,
        microphone: Option<DeviceChoice>,
        camera: Option<DeviceChoice>,
        course: CameraAttempt,
    ) {
        let queue = self.queue.clone();
        spawn_local(async move {
            let opened = capture::open(microphone, camera).await;
            queue.happened(Happening::Opened {
                attempt,
                camera: course,
                opened,
            });
        });
    }

    fn open_screen(&mut self) {
        let attempt = self.next_attempt();
        self.screen.asked = Some(attempt);
        let queue = self.queue.clone();
        spawn_local(async move {
            let screen = capture::open_screen().await;
            queue.happened(Happening::ScreenOpened { attempt, screen });
        });
    }

    fn microphone_opened(&mut self, attempt: u64, result: Result<Track, MediaError>) {
        match result {
            Ok(track) => {
                self.microphone.runs(attempt);
                track.set_enabled(self.heard);
                let queue = self.queue.clone();
                let meter =
                    LevelMeter::new(&track, move |level| queue.happened(Happening::Level(level)));
                self.meter = meter
                    .inspect_err(|error| console::warn(&error.to_string()))
                    .ok();
                let device = track.device();
                self.put(
                    Slot::Microphone,
                    self.watched(track, CapturedTrack::Microphone, attempt),
                );
                self.tell(MediaEvent::MicrophoneOpened { device });
            }
            Err(error) => {
                if std::mem::take(&mut self.microphone.lost) {
                    self.tell(MediaEvent::MicrophoneEnded);
                }
                self.tell(MediaEvent::MicrophoneFailed(error));
            }
        }
    }

    fn camera_opened(
        &mut self,
        attempt: u64,
        course: CameraAttempt,
        result: Result<Track, MediaError>,
    ) {
        match (result, course) {
            (Ok(track), course) => {
                self.camera.runs(attempt);
                let device = track.device();
                self.put(
                    Slot::Camera,
                    self.watched(track, CapturedTrack::Camera, attempt),
                );
                match course {
                    CameraAttempt::Back(error) => self.tell(MediaEvent::CameraFailed(error)),
                    CameraAttempt::None
                    | CameraAttempt::Beside(_)
                    | CameraAttempt::Instead { .. } => {
                        self.tell(MediaEvent::CameraOpened { device });
                    }
                }
            }
            (Err(MediaError::InUse), CameraAttempt::Beside(choice))
                if self.camera.running.is_some() =>
            {
                let former = self
                    .tracks
                    .get(Slot::Camera)
                    .and_then(|track| track.device());
                self.camera.running = None;
                self.camera.lost = true;
                self.stop(Slot::Camera);
                self.retry_camera(choice, CameraAttempt::Instead { former });
            }
            (Err(error), CameraAttempt::Instead { former: Some(id) }) => {
                self.retry_camera(DeviceChoice::Exact(id), CameraAttempt::Back(error));
            }
            (Err(_), CameraAttempt::Back(error)) | (Err(error), _) => {
                if std::mem::take(&mut self.camera.lost) {
                    self.tell(MediaEvent::CameraEnded);
                }
                self.tell(MediaEvent::CameraFailed(error));
            }
        }
    }

    fn retry_camera(&mut self, choice: DeviceChoice, course: CameraAttempt) {
        let attempt = self.next_attempt();
        self.camera.asked = Some(attempt);
        self.attempt(attempt, None, Some(choice), course);
    }

    fn watched(&self, mut track: Track, what: CapturedTrack, attempt: u64) -> Track {
        let queue = self.queue.clone();
        track.when_ended(move || {
            queue.happened(Happening::TrackEnded {
                track: what,
                attempt,
            });
        });
        track
    }

    /// The one that ran before runs on until the last peer connection sends this one.
    fn put(&mut self, slot: Slot, track: Track) {
        self.tracks.put(slot, Some(Rc::new(track)));
        self.tracks_changed = true;
    }

    /// Stops at once, whoever still sends it: the light goes out.
    fn stop(&mut self, slot: Slot) {
        if let Some(track) = self.tracks.put(slot, None) {
            track.stop();
        }
        self.tracks_changed = true;
    }

    fn stop_microphone(&mut self) {
        self.meter = None;
        self.stop(Slot::Microphone);
        self.queue.happened(Happening::Level(0.0));
    }

    fn stop_screen(&mut self) {
        self.stop(Slot::Screen);
        self.stop(Slot::ScreenSound);
    }

    fn next_attempt(&mut self) -> u64 {
        self.attempts += 1;
        self.attempts
    }

    fn tell(&self, event: MediaEvent) {
        self.queue.push(Input::Media(event));
    }
}

impl Line {
    /// Whether this is the attempt that is waited for; it is no longer.
    fn answers(&mut self, attempt: u64) -> bool {
        let awaited = self.asked == Some(attempt);
        if awaited {
            self.asked = None;
        }
        awaited
    }

    fn runs(&mut self, attempt: u64) {
        self.running = Some(attempt);
        self.lost = false;
    }
}

fn list(queue: Queue) {
    spawn_local(async move {
        let devices = devices::list().await;
        queue.push(Input::Media(MediaEvent::Devices(devices)));
    });
}
