//! Devices in a real browser, with Chromium's two fake cameras and its beeping microphone.
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm)]

use call::Input;
use call::input::MediaEvent;
use call::media::{Device, DeviceChoice, DeviceId, DeviceKind, MediaCommand, MediaError};
use call::output::Slot;
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use wasm_bindgen_test::wasm_bindgen_test;

use super::devices::Devices;
use super::queue::{Happening, Queue};
use crate::browser::local_tracks::LocalTracks;
use crate::browser::testing::{see_frames, soon};

struct Page {
    devices: Devices,
    happenings: UnboundedReceiver<Happening>,
    loudest: f64,
}

impl Page {
    fn new() -> Self {
        let (queue, happenings) = Queue::new();
        Self {
            devices: Devices::new(queue),
            happenings,
            loudest: 0.0,
        }
    }

    fn command(&mut self, command: MediaCommand) {
        self.devices.command(command);
    }

    fn open_camera(&mut self, choice: DeviceChoice) {
        self.command(MediaCommand::Open {
            microphone: None,
            camera: Some(choice),
        });
    }

    /// The next event for the call.
    async fn event(&mut self) -> MediaEvent {
        soon("an event", async {
            loop {
                if let Some(event) = self.go_on().await {
                    return event;
                }
            }
        })
        .await
    }

    async fn go_on(&mut self) -> Option<MediaEvent> {
        match self.happenings.next().await.unwrap() {
            Happening::Input(Input::Media(event)) => return Some(event),
            Happening::Opened {
                attempt,
                camera,
                opened,
            } => self.devices.opened(attempt, camera, opened),
            Happening::ScreenOpened { attempt, screen } => {
                self.devices.screen_opened(attempt, screen);
            }
            Happening::TrackEnded { track, attempt } => self.devices.ended(track, attempt),
            Happening::Level(level) => self.loudest = self.loudest.max(level),
            _ => panic!("devices tell of nothing else"),
        }
        None
    }

    async fn cameras(&mut self) -> Vec<Device> {
        self.command(MediaCommand::ListDevices);
        match self.event().await {
            MediaEvent::Devices(devices) => devices
                .into_iter()
                .filter(|device| device.kind == DeviceKind::Camera)
                .collect(),
            event => panic!("{event:?}"),
        }
    }

    fn tracks(&mut self) -> LocalTracks {
        self.devices.changed_tracks().expect("changed tracks")
    }
}

async fn see_camera(tracks: &LocalTracks) {
    let stream = tracks.get(Slot::Camera).unwrap().stream().unwrap();
    see_frames("the camera", &stream, 2).await;
}

#[wasm_bindgen_test]
async fn both_devices_open_at_one_question() {
    let mut page = Page::new();
    page.command(MediaCommand::Open {
        microphone: Some(DeviceChoice::Default),
        camera: Some(DeviceChoice::Preferred(DeviceId(
            "of another day".to_owned(),
        ))),
    });
    let events = [page.event().await, page.event().await];
    assert!(
        matches!(
            events,
            [
                MediaEvent::MicrophoneOpened { device: Some(_) },
                MediaEvent::CameraOpened { device: Some(_) }
            ]
        ),
        "{events:?}"
    );
    see_camera(&page.tracks()).await;
}

#[wasm_bindgen_test]
async fn another_camera_takes_over_and_the_first_then_stops() {
    let mut page = Page::new();
    page.open_camera(DeviceChoice::Default);
    let MediaEvent::CameraOpened { device: first } = page.event().await else {
        panic!("no camera");
    };
    let before = page.tracks();
    let cameras = page.cameras().await;
    let other = cameras
        .iter()
        .find(|camera| Some(&camera.id) != first.as_ref())
        .unwrap();

    page.open_camera(DeviceChoice::Exact(other.id.clone()));
    see_camera(&before).await;
    let opened = page.event().await;
    let device = Some(other.id.clone());
    assert_eq!(opened, MediaEvent::CameraOpened { device });

    let after = page.tracks();
    let former = before.get(Slot::Camera).unwrap().stream().unwrap();
    assert!(
        former.active(),
        "runs until the last peer connection has the other"
    );
    drop(before);
    assert!(!former.active(), "stops then");
    see_camera(&after).await;
}

#[wasm_bindgen_test]
async fn a_preferred_camera_is_taken_though_another_has_more_pixels() {
    let mut page = Page::new();
    page.open_camera(DeviceChoice::Default);
    page.event().await;
    for camera in page.cameras().await {
        page.open_camera(DeviceChoice::Preferred(camera.id.clone()));
        let device = Some(camera.id);
        assert_eq!(page.event().await, MediaEvent::CameraOpened { device });
    }
}

#[wasm_bindgen_test]
async fn turning_the_camera_off_stops_it_whoever_holds_it() {
    let mut page = Page::new();
    page.open_camera(DeviceChoice::Default);
    page.event().await;
    let held = page.tracks();
    let stream = held.get(Slot::Camera).unwrap().stream().unwrap();
    page.command(MediaCommand::CloseCamera);
    assert!(!stream.active());
    assert!(page.tracks().get(Slot::Camera).is_none());

    page.open_camera(DeviceChoice::Default);
    page.event().await;
    see_camera(&page.tracks()).await;
}

#[wasm_bindgen_test]
async fn a_camera_that_comes_too_late_is_not_taken() {
    let mut page = Page::new();
    page.open_camera(DeviceChoice::Default);
    page.command(MediaCommand::CloseCamera);
    page.command(MediaCommand::Open {
        microphone: Some(DeviceChoice::Default),
        camera: None,
    });
    let event = page.event().await;
    assert!(
        matches!(event, MediaEvent::MicrophoneOpened { .. }),
        "{event:?}"
    );
    assert!(page.tracks().get(Slot::Camera).is_none());
}

#[wasm_bindgen_test]
async fn what_is_not_there_is_said_and_the_running_one_runs_on() {
    let mut page = Page::new();
    page.open_camera(DeviceChoice::Default);
    page.event().await;
    let tracks = page.tracks();
    page.open_camera(DeviceChoice::Exact(DeviceId("nowhere".to_owned())));
    let event = page.event().await;
    assert_eq!(event, MediaEvent::CameraFailed(MediaError::Unsuitable));
    see_camera(&tracks).await;
}

#[wasm_bindgen_test]
async fn the_microphone_is_heard_by_its_owner_when_muted_too() {
    let mut page = Page::new();
    page.command(MediaCommand::EnableMicrophone(false));
    page.command(MediaCommand::Open {
        microphone: Some(DeviceChoice::Default),
        camera: None,
    });
    page.event().await;
    soon("a beep", async {
        while page.loudest < 0.2 {
            page.go_on().await;
        }
    })
    .await;
}

#[wasm_bindgen_test]
async fn everything_stops_with_its_owner() {
    let mut page = Page::new();
    page.open_camera(DeviceChoice::Default);
    page.event().await;
    let stream = page.tracks().get(Slot::Camera).unwrap().stream().unwrap();
    assert!(stream.active());
    drop(page);
    assert!(!stream.active());
}
