//! This page's own microphone, camera and screen: what the person wants of them, and what the
//! browser gives. Capturing is the driver's; telling peers is [`Call`](crate::Call)'s.

use shared::peer::{CameraState, MediaState, MicrophoneState};

use crate::capture::{Capture, Failed, Opened};
use crate::input::MediaEvent;
use crate::media::{Device, DeviceId, DeviceKind, MediaCommand, MediaError};
use crate::muted_hint::MutedHint;
use crate::outbox::Outbox;
use crate::output::{Preferences, TurnedOff};
use crate::time::Time;
use crate::view::{LocalDevice, LocalScreen, LocalView, NoticeKind};

/// The devices of this page.
#[derive(Debug)]
pub(crate) struct Local {
    microphone: Capture,
    camera: Capture,
    speaker: Option<DeviceId>,
    screen: LocalScreen,
    /// The person wants no pictures: the camera is closed, and comes back afterwards if it was wanted.
    sound_only: bool,
    devices: Vec<Device>,
    /// Whether the person speaks, heard or not.
    voice: bool,
    muted_hint: MutedHint,
}

impl Local {
    pub fn new(preferences: &Preferences) -> Self {
        Self {
            microphone: Capture::new(
                !preferences.turned_off.microphone,
                preferences.microphone.clone(),
            ),
            camera: Capture::new(!preferences.turned_off.camera, preferences.camera.clone()),
            speaker: preferences.speaker.clone(),
            screen: LocalScreen::None,
            sound_only: preferences.turned_off.pictures,
            devices: Vec::new(),
            voice: false,
            muted_hint: MutedHint::default(),
        }
    }

    pub fn view(&self) -> LocalView {
        LocalView {
            microphone: self.microphone.view(),
            camera: self.camera_view(),
            screen: self.screen,
            devices: self.devices.clone(),
            microphone_id: self.microphone.device(),
            camera_id: self.camera.device(),
            speaker_id: self.speaker.clone(),
            sound_only: self.sound_only,
            speaking: self.is_speaking(),
            speaking_while_muted: self.muted_hint.is_shown(),
        }
    }

    /// What peers are to know.
    pub fn state(&self) -> MediaState {
        MediaState {
            microphone: match self.microphone.view() {
                LocalDevice::On => MicrophoneState::On,
                LocalDevice::Off => MicrophoneState::Muted,
                LocalDevice::Opening | LocalDevice::Unavailable(_) => MicrophoneState::Absent,
            },
            camera: match self.camera_view() {
                LocalDevice::On => CameraState::On,
                LocalDevice::Off | LocalDevice::Opening => CameraState::Off,
                LocalDevice::Unavailable(_) => CameraState::Absent,
            },
            screen: self.screen == LocalScreen::Shared,
        }
    }

    /// What the person does not want.
    pub fn turned_off(&self) -> TurnedOff {
        TurnedOff {
            microphone: !self.microphone.is_wanted(),
            camera: !self.camera.is_wanted(),
            pictures: self.sound_only,
        }
    }

    /// Whether the person speaks and is heard.
    pub fn is_speaking(&self) -> bool {
        self.voice && self.microphone.view() == LocalDevice::On
    }

    /// Opens what is wanted and does not run. A muted microphone is opened too, muted.
    pub fn open(&mut self, out: &mut Outbox) {
        let closed = |device: &Capture| device.is_closed() || device.failure().is_some();
        let microphone = closed(&self.microphone).then(|| self.microphone.open());
        let camera = (self.wants_camera() && closed(&self.camera)).then(|| self.camera.open());
        if microphone.is_some() {
            out.media(MediaCommand::EnableMicrophone(self.microphone.is_wanted()));
        }
        if microphone.is_some() || camera.is_some() {
            out.media(MediaCommand::Open { microphone, camera });
        }
        if let Some(speaker) = &self.speaker {
            out.media(MediaCommand::UseSpeaker(speaker.clone()));
        }
        out.media(MediaCommand::ListDevices);
    }

    /// Closes everything; what is muted or off stays so for the next time.
    pub fn close(&mut self, out: &mut Outbox) {
        self.microphone.close();
        self.camera.close();
        self.voice = false;
        self.muted_hint = MutedHint::Hidden;
        out.media(MediaCommand::CloseMicrophone);
        out.media(MediaCommand::CloseCamera);
        self.stop_sharing(out);
    }

    pub fn toggle_microphone(&mut self, now: Time, out: &mut Outbox) {
        if self.microphone.failure().is_some() {
            self.microphone.set_wanted(true);
            return self.open_microphone(out);
        }
        let wanted = !self.microphone.is_wanted();
        self.microphone.set_wanted(wanted);
        self.muted_hint = if wanted {
            MutedHint::Hidden
        } else {
            MutedHint::muted(self.voice, now)
        };
        out.media(MediaCommand::EnableMicrophone(wanted));
    }

    pub fn is_sound_only(&self) -> bool {
        self.sound_only
    }

    /// Does without pictures from now on, or with them again.
    pub fn set_sound_only(&mut self, sound_only: bool, out: &mut Outbox) {
        if sound_only == self.sound_only {
            return;
        }
        self.sound_only = sound_only;
        if sound_only {
            self.stop_sharing(out);
            if self.camera.is_wanted() && self.camera.failure().is_none() {
                self.camera.close();
                out.media(MediaCommand::CloseCamera);
            }
        } else if self.camera.is_wanted() && !self.camera.runs() {
            self.open_camera(out);
        }
    }

    /// Whoever turns the camera on wants pictures again.
    pub fn toggle_camera(&mut self, out: &mut Outbox) {
        if self.sound_only {
            self.camera.set_wanted(true);
            return self.set_sound_only(false, out);
        }
        if self.camera.is_wanted() && self.camera.failure().is_none() {
            self.camera.set_wanted(false);
            self.camera.close();
            out.media(MediaCommand::CloseCamera);
        } else {
            self.camera.set_wanted(true);
            self.open_camera(out);
        }
    }

    /// Uses another device from now on. Choosing a camera that is off does not turn it on.
    pub fn choose(&mut self, kind: DeviceKind, id: DeviceId, out: &mut Outbox) {
        match kind {
            DeviceKind::Microphone => {
                let microphone = Some(self.microphone.choose(id));
                out.media(MediaCommand::Open {
                    microphone,
                    camera: None,
                });
            }
            DeviceKind::Camera if self.wants_camera() => {
                let camera = Some(self.camera.choose(id));
                out.media(MediaCommand::Open {
                    microphone: None,
                    camera,
                });
            }
            DeviceKind::Camera => self.camera.prefer(id),
            DeviceKind::Speaker => {
                self.speaker = Some(id.clone());
                out.media(MediaCommand::UseSpeaker(id));
            }
        }
    }

    pub fn share_screen(&mut self, out: &mut Outbox) {
        if self.screen == LocalScreen::None {
            self.screen = LocalScreen::Choosing;
            out.media(MediaCommand::OpenScreen);
        }
    }

    pub fn stop_sharing(&mut self, out: &mut Outbox) {
        if self.screen != LocalScreen::None {
            self.screen = LocalScreen::None;
            out.media(MediaCommand::CloseScreen);
        }
    }

    pub fn handle(&mut self, event: MediaEvent, now: Time, out: &mut Outbox) {
        match event {
            MediaEvent::MicrophoneOpened { device } => {
                let opened = self.microphone.opened(device);
                if opened == Opened::Unwanted {
                    return out.media(MediaCommand::CloseMicrophone);
                }
                out.media(MediaCommand::EnableMicrophone(self.microphone.is_wanted()));
                self.opened(DeviceKind::Microphone, opened, out);
            }
            MediaEvent::CameraOpened { device } => {
                let opened = self.camera.opened(device);
                if opened == Opened::Unwanted {
                    return out.media(MediaCommand::CloseCamera);
                }
                self.opened(DeviceKind::Camera, opened, out);
            }
            MediaEvent::MicrophoneFailed(error) => match self.microphone.failed(error) {
                Failed::Problem => out.notice(NoticeKind::MicrophoneProblem(error)),
                Failed::Gone => out.notice(NoticeKind::MicrophoneGone),
                Failed::Unwanted => {}
            },
            MediaEvent::CameraFailed(error) => match self.camera.failed(error) {
                Failed::Problem => out.notice(NoticeKind::CameraProblem(error)),
                Failed::Gone => out.notice(NoticeKind::CameraGone),
                Failed::Unwanted => {}
            },
            MediaEvent::MicrophoneEnded => {
                self.hear(false, now);
                if let microphone @ Some(_) = self.microphone.ended() {
                    out.media(MediaCommand::Open {
                        microphone,
                        camera: None,
                    });
                }
            }
            MediaEvent::CameraEnded => {
                if let camera @ Some(_) = self.camera.ended() {
                    out.media(MediaCommand::Open {
                        microphone: None,
                        camera,
                    });
                }
            }
            MediaEvent::ScreenOpened { .. } => match self.screen {
                LocalScreen::Choosing | LocalScreen::Shared => {
                    self.screen = LocalScreen::Shared;
                    // Whoever shares a screen wants pictures again, but has not asked to be seen.
                    if self.sound_only {
                        self.sound_only = false;
                        self.camera.set_wanted(false);
                    }
                }
                LocalScreen::None => out.media(MediaCommand::CloseScreen),
            },
            MediaEvent::ScreenFailed(error) => {
                self.screen = LocalScreen::None;
                // Thinking better of it is nothing to complain about.
                if error != MediaError::PermissionDenied {
                    out.notice(NoticeKind::ScreenProblem(error));
                }
            }
            MediaEvent::ScreenEnded => self.screen = LocalScreen::None,
            MediaEvent::Devices(devices) => self.list(devices, out),
            MediaEvent::Voice(voice) => self.hear(voice, now),
        }
    }

    /// When the hint of speaking while muted is to come or go.
    pub fn deadline(&self) -> Option<Time> {
        self.muted_hint.deadline()
    }

    pub fn tick(&mut self, now: Time) {
        self.muted_hint = self.muted_hint.tick(now);
    }

    fn hear(&mut self, voice: bool, now: Time) {
        self.voice = voice;
        if self.microphone.runs() && !self.microphone.is_wanted() {
            self.muted_hint = self.muted_hint.voice(voice, now);
        }
    }

    fn opened(&mut self, kind: DeviceKind, opened: Opened, out: &mut Outbox) {
        if opened == Opened::Replaces {
            let device = match kind {
                DeviceKind::Microphone => self.microphone.device(),
                DeviceKind::Camera => self.camera.device(),
                DeviceKind::Speaker => None,
            };
            let label = self.label(device.as_ref());
            out.notice(NoticeKind::DeviceReplaced(label));
        }
        // Labels can be read only now that there is permission.
        out.media(MediaCommand::ListDevices);
    }

    fn label(&self, id: Option<&DeviceId>) -> String {
        self.devices
            .iter()
            .find(|device| Some(&device.id) == id)
            .map(|device| device.label.clone())
            .unwrap_or_default()
    }

    /// Takes note of the devices there are, and opens one that was missed and has been plugged in.
    fn list(&mut self, devices: Vec<Device>, out: &mut Outbox) {
        let ids = |devices: &[Device], kind| -> Vec<DeviceId> {
            let of_kind = devices.iter().filter(|device| device.kind == kind);
            of_kind.map(|device| device.id.clone()).collect()
        };
        let plugged_in = |kind| {
            let before = ids(&self.devices, kind);
            ids(&devices, kind).iter().any(|id| !before.contains(id))
        };
        let missed = |device: &Capture| {
            device.is_wanted()
                && matches!(
                    device.failure(),
                    Some(MediaError::NoDevice | MediaError::Unsuitable)
                )
        };
        let microphone = missed(&self.microphone) && plugged_in(DeviceKind::Microphone);
        let camera = !self.sound_only && missed(&self.camera) && plugged_in(DeviceKind::Camera);
        self.devices = devices;
        if microphone {
            self.open_microphone(out);
        }
        if camera {
            self.open_camera(out);
        }
    }

    fn open_microphone(&mut self, out: &mut Outbox) {
        out.media(MediaCommand::EnableMicrophone(self.microphone.is_wanted()));
        let microphone = Some(self.microphone.open());
        out.media(MediaCommand::Open {
            microphone,
            camera: None,
        });
    }

    fn wants_camera(&self) -> bool {
        self.camera.is_wanted() && !self.sound_only
    }

    fn camera_view(&self) -> LocalDevice {
        let view = self.camera.view();
        let is_held_back =
            self.sound_only && matches!(view, LocalDevice::On | LocalDevice::Opening);
        if is_held_back { LocalDevice::Off } else { view }
    }

    fn open_camera(&mut self, out: &mut Outbox) {
        let camera = Some(self.camera.open());
        out.media(MediaCommand::Open {
            microphone: None,
            camera,
        });
    }
}
