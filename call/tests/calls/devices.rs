//! The page's own devices, from the preview on: each can fail by itself, and nothing that happens to
//! them keeps anyone from joining.

use std::time::Duration;

use crate::support::world::World;
use call::input::{MediaEvent, ServerInput};
use call::media::{Device, DeviceChoice, DeviceId, DeviceKind, MediaCommand, MediaError};
use call::output::{LinkCommand, Timer};
use call::view::{LocalDevice, LocalScreen, NoticeKind};
use call::{Call, Input, Intent, Output, Time};
use shared::PeerMessage;
use shared::peer::{CameraState, MediaState, MicrophoneState};

const NOW: Time = Time::since_unix_epoch(Duration::from_secs(1));

struct Page {
    call: Call,
}

impl Page {
    /// In its preview; gives what is asked of the browser first.
    fn open(microphone: Option<&str>, camera: Option<&str>) -> (Self, Vec<MediaCommand>) {
        let mut setup = crate::support::page::setup(0);
        setup.preferences.microphone = microphone.map(id);
        setup.preferences.camera = camera.map(id);
        let mut page = Self {
            call: Call::new(setup),
        };
        let outputs = page.call.start(NOW);
        (page, commands(outputs))
    }

    /// In its preview, with both devices running.
    fn ready() -> Self {
        let (mut page, _) = Self::open(None, None);
        page.media(MediaEvent::MicrophoneOpened {
            device: Some(id("mic")),
        });
        page.media(MediaEvent::CameraOpened {
            device: Some(id("cam")),
        });
        page
    }

    fn handle(&mut self, input: Input) -> Vec<Output> {
        self.call.handle(input, NOW)
    }

    fn media(&mut self, event: MediaEvent) -> Vec<MediaCommand> {
        commands(self.handle(Input::Media(event)))
    }

    fn wish(&mut self, intent: Intent) -> Vec<MediaCommand> {
        commands(self.handle(Input::Intent(intent)))
    }

    fn microphone(&self) -> LocalDevice {
        self.call.view().local.microphone
    }

    fn camera(&self) -> LocalDevice {
        self.call.view().local.camera
    }

    fn notices(&self) -> Vec<NoticeKind> {
        let notices = self.call.view().notices;
        notices.into_iter().map(|notice| notice.kind).collect()
    }
}

fn id(text: &str) -> DeviceId {
    DeviceId(text.to_owned())
}

fn device(kind: DeviceKind, text: &str) -> Device {
    Device {
        id: id(text),
        kind,
        label: format!("The {text}"),
    }
}

fn commands(outputs: Vec<Output>) -> Vec<MediaCommand> {
    let commands = outputs.into_iter().filter_map(|output| {
        let Output::Media(command) = output else {
            return None;
        };
        Some(command)
    });
    commands.collect()
}

fn open_camera(choice: DeviceChoice) -> MediaCommand {
    MediaCommand::Open {
        microphone: None,
        camera: Some(choice),
    }
}

fn open_microphone(choice: DeviceChoice) -> MediaCommand {
    MediaCommand::Open {
        microphone: Some(choice),
        camera: None,
    }
}

#[test]
fn the_preview_asks_for_both_at_once_as_remembered() {
    let (page, commands) = Page::open(Some("headset"), None);
    let both = MediaCommand::Open {
        microphone: Some(DeviceChoice::Preferred(id("headset"))),
        camera: Some(DeviceChoice::Default),
    };
    assert!(commands.contains(&both), "{commands:?}");
    assert_eq!(page.microphone(), LocalDevice::Opening);
    assert_eq!(page.camera(), LocalDevice::Opening);
}

#[test]
fn each_device_fails_by_itself_and_can_be_asked_for_again() {
    let (mut page, _) = Page::open(None, None);
    page.media(MediaEvent::CameraFailed(MediaError::InUse));
    page.media(MediaEvent::MicrophoneOpened { device: None });
    assert_eq!(page.microphone(), LocalDevice::On);
    assert_eq!(page.camera(), LocalDevice::Unavailable(MediaError::InUse));

    let commands = page.wish(Intent::RetryDevices);
    assert!(commands.contains(&open_camera(DeviceChoice::Default)));
    page.media(MediaEvent::CameraOpened { device: None });
    assert_eq!(page.camera(), LocalDevice::On);
}

#[test]
fn a_camera_turned_off_is_stopped_and_a_muted_microphone_is_not() {
    let mut page = Page::ready();
    let commands = page.wish(Intent::ToggleCamera);
    assert_eq!(commands, [MediaCommand::CloseCamera]);
    assert_eq!(page.camera(), LocalDevice::Off);
    let commands = page.wish(Intent::ToggleMicrophone);
    assert_eq!(commands, [MediaCommand::EnableMicrophone(false)]);
    assert_eq!(page.microphone(), LocalDevice::Off);

    let commands = page.wish(Intent::ToggleCamera);
    assert_eq!(commands, [open_camera(DeviceChoice::Default)]);
    let commands = page.wish(Intent::ToggleMicrophone);
    assert_eq!(commands, [MediaCommand::EnableMicrophone(true)]);
}

#[test]
fn a_camera_that_opens_after_it_was_turned_off_is_closed_again() {
    let (mut page, _) = Page::open(None, None);
    page.wish(Intent::ToggleCamera);
    let commands = page.media(MediaEvent::CameraOpened { device: None });
    assert_eq!(commands, [MediaCommand::CloseCamera]);
    assert_eq!(page.camera(), LocalDevice::Off);
}

#[test]
fn a_microphone_that_opens_after_it_was_muted_stays_muted() {
    let (mut page, _) = Page::open(None, None);
    page.wish(Intent::ToggleMicrophone);
    let commands = page.media(MediaEvent::MicrophoneOpened { device: None });
    assert!(commands.contains(&MediaCommand::EnableMicrophone(false)));
    assert_eq!(page.microphone(), LocalDevice::Off);
}

#[test]
fn another_device_is_chosen_without_a_gap_and_remembered() {
    let mut page = Page::ready();
    let outputs = page.handle(Input::Intent(Intent::ChooseDevice {
        kind: DeviceKind::Camera,
        id: id("back"),
    }));
    let remembered = outputs.iter().any(|output| {
        matches!(output, Output::Remember(preferences) if preferences.camera == Some(id("back")))
    });
    assert!(remembered);
    assert_eq!(
        commands(outputs),
        [open_camera(DeviceChoice::Exact(id("back")))]
    );
    assert_eq!(page.camera(), LocalDevice::On);

    page.media(MediaEvent::CameraFailed(MediaError::InUse));
    assert_eq!(page.camera(), LocalDevice::On, "the one before still runs");
    assert_eq!(page.call.view().local.camera_id, Some(id("cam")));
    assert_eq!(
        page.notices(),
        [NoticeKind::CameraProblem(MediaError::InUse)]
    );
}

#[test]
fn choosing_a_camera_that_is_off_does_not_turn_it_on() {
    let mut page = Page::ready();
    page.wish(Intent::ToggleCamera);
    let kind = DeviceKind::Camera;
    let commands = page.wish(Intent::ChooseDevice {
        kind,
        id: id("back"),
    });
    assert_eq!(commands, []);
    let commands = page.wish(Intent::ToggleCamera);
    assert_eq!(commands, [open_camera(DeviceChoice::Preferred(id("back")))]);
}

#[test]
fn when_a_device_is_pulled_out_another_takes_its_place() {
    let mut page = Page::ready();
    page.media(MediaEvent::Devices(vec![device(
        DeviceKind::Microphone,
        "built-in",
    )]));
    let commands = page.media(MediaEvent::MicrophoneEnded);
    assert_eq!(commands, [open_microphone(DeviceChoice::Default)]);
    page.media(MediaEvent::MicrophoneOpened {
        device: Some(id("built-in")),
    });
    assert_eq!(page.microphone(), LocalDevice::On);
    let replaced = NoticeKind::DeviceReplaced("The built-in".to_owned());
    assert_eq!(page.notices(), [replaced]);
}

#[test]
fn the_last_camera_pulled_out_is_gone_and_comes_back_when_plugged_in() {
    let mut page = Page::ready();
    page.media(MediaEvent::CameraEnded);
    page.media(MediaEvent::CameraFailed(MediaError::NoDevice));
    page.media(MediaEvent::Devices(Vec::new()));
    assert_eq!(page.notices(), [NoticeKind::CameraGone]);

    let list = || vec![device(DeviceKind::Camera, "cam")];
    let commands = page.media(MediaEvent::Devices(list()));
    assert_eq!(commands, [open_camera(DeviceChoice::Default)]);
    page.media(MediaEvent::CameraFailed(MediaError::NoDevice));
    let commands = page.media(MediaEvent::Devices(list()));
    assert_eq!(commands, [], "nothing new was plugged in");
}

#[test]
fn one_who_speaks_while_muted_is_told_for_a_while() {
    let mut page = Page::ready();
    page.wish(Intent::ToggleMicrophone);
    page.media(MediaEvent::Voice(true));
    let told = |page: &Page| page.call.view().local.speaking_while_muted;
    assert!(!told(&page), "in the preview nobody would hear anyway");
    page.media(MediaEvent::Voice(false));

    join(&mut page);
    page.media(MediaEvent::Voice(true));
    assert!(told(&page));
    assert!(!page.call.view().local.speaking);
    let later = NOW + Duration::from_secs(60);
    page.call.handle(Input::Timer(Timer::MutedHint), later);
    assert!(!told(&page));
}

#[test]
fn one_who_mutes_in_mid_sentence_and_goes_on_is_told() {
    let mut page = Page::ready();
    join(&mut page);
    page.media(MediaEvent::Voice(true));
    page.wish(Intent::ToggleMicrophone);
    let told = |page: &Page| page.call.view().local.speaking_while_muted;
    assert!(!told(&page), "they may be at the end of their sentence");
    let later = NOW + Duration::from_secs(3);
    page.call.handle(Input::Timer(Timer::MutedHint), later);
    assert!(told(&page));
}

#[test]
fn a_screen_is_shared_in_the_call_only_and_stopped_from_either_side() {
    let mut page = Page::ready();
    assert_eq!(page.wish(Intent::ShareScreen), []);
    join(&mut page);
    let screen = |page: &Page| page.call.view().local.screen;

    assert_eq!(page.wish(Intent::ShareScreen), [MediaCommand::OpenScreen]);
    assert_eq!(screen(&page), LocalScreen::Choosing);
    page.media(MediaEvent::ScreenFailed(MediaError::PermissionDenied));
    assert_eq!(screen(&page), LocalScreen::None);
    assert_eq!(page.notices(), [], "they thought better of it");

    page.wish(Intent::ShareScreen);
    page.media(MediaEvent::ScreenOpened { sound: true });
    assert_eq!(screen(&page), LocalScreen::Shared);
    page.media(MediaEvent::ScreenEnded);
    assert_eq!(screen(&page), LocalScreen::None);

    page.wish(Intent::ShareScreen);
    assert_eq!(page.wish(Intent::StopSharing), [MediaCommand::CloseScreen]);
    let commands = page.media(MediaEvent::ScreenOpened { sound: false });
    assert_eq!(commands, [MediaCommand::CloseScreen]);
}

#[test]
fn leaving_closes_all_and_coming_back_opens_what_was_on() {
    let mut page = Page::ready();
    page.wish(Intent::ToggleCamera);
    join(&mut page);
    let commands = page.wish(Intent::Leave);
    assert!(commands.contains(&MediaCommand::CloseMicrophone));
    assert!(commands.contains(&MediaCommand::CloseCamera));

    let commands = page.wish(Intent::BackToPreview);
    assert!(commands.contains(&open_microphone(DeviceChoice::Default)));
    assert_eq!(page.camera(), LocalDevice::Off);
}

#[test]
fn what_was_off_when_the_page_was_loaded_again_is_off() {
    let mut world = World::in_call(2);
    world.wish(0, Intent::ToggleMicrophone);
    world.wish(0, Intent::ToggleCamera);
    world.reload(0, true);
    assert_eq!(world.view(0).local.camera, LocalDevice::Off, "not opened");
    assert_eq!(world.view(0).local.microphone, LocalDevice::Off);
    world.pass(Duration::from_secs(5));
    assert_eq!(
        seen(&world),
        (MicrophoneState::Muted, CameraState::Off, false)
    );

    world.wish(0, Intent::ToggleMicrophone);
    world.wish(0, Intent::ToggleCamera);
    world.reload(0, true);
    world.pass(Duration::from_secs(5));
    assert_eq!(seen(&world), (MicrophoneState::On, CameraState::On, false));
}

#[test]
fn peers_are_told_of_every_change() {
    let mut world = World::in_call(2);
    let soon = Duration::from_secs(1);
    assert_eq!(seen(&world), (MicrophoneState::On, CameraState::On, false));
    world.handle(0, Input::Media(MediaEvent::Voice(true)));
    world.pass(soon);
    assert_eq!(seen(&world), (MicrophoneState::On, CameraState::On, true));
    world.wish(0, Intent::ToggleMicrophone);
    world.wish(0, Intent::ToggleCamera);
    world.pass(soon);
    assert_eq!(
        seen(&world),
        (MicrophoneState::Muted, CameraState::Off, false)
    );
}

#[test]
fn what_is_said_first_on_a_channel_is_what_the_tracks_carry() {
    let mut world = World::in_call(2);
    world.wish(0, Intent::ToggleCamera);
    let link = world.connection(0, 1).link;
    let outputs = world.pages[0].call.handle(
        Input::Link {
            link,
            event: call::input::LinkEvent::ChannelOpened,
        },
        world.now,
    );
    let hello = PeerMessage::Hello {
        version: shared::peer::PEER_VERSION,
        media: MediaState {
            microphone: MicrophoneState::On,
            camera: CameraState::Off,
            screen: false,
        },
    };
    let first = outputs.iter().find_map(|output| {
        let Output::Link {
            command: LinkCommand::Send(message),
            ..
        } = output
        else {
            return None;
        };
        Some(message)
    });
    assert_eq!(first, Some(&hello));
}

#[test]
fn what_the_preview_has_said_is_not_said_again_in_the_call() {
    let (mut page, _) = Page::open(None, None);
    let wrong = MediaError::InsecurePage;
    page.media(MediaEvent::MicrophoneFailed(wrong));
    page.media(MediaEvent::CameraFailed(wrong));
    join(&mut page);
    assert_eq!(page.notices(), []);

    page.wish(Intent::RetryDevices);
    page.media(MediaEvent::MicrophoneFailed(wrong));
    page.media(MediaEvent::CameraFailed(wrong));
    assert_eq!(page.notices(), [NoticeKind::DevicesProblem(wrong)]);
}

/// What the second page is told of the first one's microphone, camera and voice.
fn seen(world: &World) -> (MicrophoneState, CameraState, bool) {
    let view = world.view(1);
    let person = view.person(world.pages[0].id).unwrap();
    let (microphone, camera) = (person.microphone.unwrap(), person.camera.unwrap());
    (microphone, camera, person.speaking)
}

/// Enters a room in which nobody else is.
fn join(page: &mut Page) {
    use shared::room::{Member, Presence, RoomState};
    let you = shared::PeerId::from_bytes([1; 16]);
    page.handle(Input::Server(ServerInput::Connected));
    page.wish(Intent::Join {
        nickname: "Kim".to_owned(),
        epoch: shared::Epoch::from_bytes([1; 8]),
    });
    let joined = shared::to_server::Joined {
        room: shared::RoomName::new("Test room").unwrap(),
        you,
        members: vec![Member {
            id: you,
            nickname: shared::Nickname::new("Kim").unwrap(),
            epoch: shared::Epoch::from_bytes([1; 8]),
            presence: Presence::Present,
        }],
        state: RoomState {
            host: you,
            locked: false,
            listed: false,
        },
        capacity: 6,
        removed: Vec::new(),
        ice_servers: Vec::new(),
    };
    page.handle(Input::Server(ServerInput::Joined(Ok(joined))));
    assert!(page.call.view().you.is_some());
}
