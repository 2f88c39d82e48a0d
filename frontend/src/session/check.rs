//! Carries a check out: runs the tests that [`call::check`] asks for and tells it what came of them.
//! One loop, as for a call; all that a test began ends with the next one, or with the page.

use std::collections::HashMap;
use std::time::Duration;

use call::check::{
    Alarm, Attempt, CallEvent, Check, CheckEvent, CheckInput, CheckOutput, CheckView,
    GatheringEvent, Job, ServerEvent,
};
use call::input::{RequestError, ServerInput};
use call::media::{DeviceChoice, DeviceId, MediaError};
use futures::StreamExt;
use futures::channel::mpsc::{self, UnboundedReceiver, UnboundedSender};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::to_server::GetIceServers;
use wasm_bindgen_futures::spawn_local;

use super::server::{Server, Subscription};
use super::{CopyState, preferences};
use crate::app::App;
use crate::browser::capture::{self, Opened};
use crate::browser::level_meter::LevelMeter;
use crate::browser::loopback::Loopback;
use crate::browser::probe::Probe;
use crate::browser::sound::Sound;
use crate::browser::track::Track;
use crate::browser::{MediaStream, VideoSource, clipboard, clock, console, page};

/// A check that is being carried out, as the page sees it. Ends with the owner that opened it.
#[derive(Clone, Copy)]
pub struct CheckHandle {
    /// What it looks like.
    pub view: ReadSignal<CheckView>,
    /// How loud the microphone hears, 0 to 1, while it is tested.
    pub level: ReadSignal<f64>,
    streams: RwSignal<HashMap<VideoSource, MediaStream>, LocalStorage>,
    queue: StoredValue<Queue, LocalStorage>,
}

/// Opens a check, which waits to be begun.
#[must_use]
pub fn open_check() -> CheckHandle {
    let (sender, happenings) = mpsc::unbounded();
    let queue = Queue(sender);
    let check = Check::new();
    let (view, set_view) = signal(check.view());
    let (level, set_level) = signal(0.0);
    let streams = RwSignal::new_local(HashMap::new());
    let driver = Driver {
        check,
        server: expect_context::<App>().server(),
        queue: queue.clone(),
        screens: Screens {
            view: set_view,
            level: set_level,
            streams,
        },
        attempt: Attempt::default(),
        running: Running::Nothing,
        camera: None,
        subscription: None,
        timer: None,
    };
    spawn_local(driver.run(happenings));
    let queue = StoredValue::new_local(queue);
    on_cleanup(move || queue.with_value(|queue| queue.happened(Happening::Closed)));
    CheckHandle {
        view,
        level,
        streams,
        queue,
    }
}

impl CheckHandle {
    /// Begins, or begins again. To be called from a click: the tone would not be heard otherwise.
    pub fn start(&self) {
        self.happened(Happening::Input(CheckInput::Start));
    }

    /// Ends it as it stands.
    pub fn stop(&self) {
        self.happened(Happening::Input(CheckInput::Stop));
    }

    /// Passes over the test that runs.
    pub fn skip(&self) {
        self.happened(Happening::Input(CheckInput::Skip));
    }

    /// The camera's picture is to be seen, in this size.
    pub fn seen(&self, width: u32, height: u32) {
        self.happened(Happening::Event(CheckEvent::Picture { width, height }));
    }

    /// Whether the person has heard the tone.
    pub fn heard(&self, heard: bool) {
        self.happened(Happening::Event(CheckEvent::Heard(heard)));
    }

    /// Plays the tone again.
    pub fn play(&self) {
        self.happened(Happening::Play);
    }

    /// Copies text. To be called from a click.
    #[must_use]
    pub fn copy(&self, text: String) -> ReadSignal<CopyState> {
        let (state, set_state) = signal(CopyState::Idle);
        spawn_local(async move {
            let copied = match clipboard::copy(&text).await {
                Ok(()) => CopyState::Copied,
                Err(error) => {
                    console::warn(&format!("cannot copy the results: {error}"));
                    CopyState::Failed
                }
            };
            // The page may be gone by now, and its signal with it.
            let _ = set_state.try_set(copied);
        });
        state
    }

    /// What a `<video>` is to show: the camera's picture, while it is open; tracked.
    pub(crate) fn stream(&self, source: VideoSource) -> Option<MediaStream> {
        self.streams.with(|streams| streams.get(&source).cloned())
    }

    fn happened(&self, happening: Happening) {
        self.queue.with_value(|queue| queue.happened(happening));
    }
}

/// Something that happened.
enum Happening {
    Input(CheckInput),
    /// Of the test that runs.
    Event(CheckEvent),
    Opened(Attempt, Opened),
    Level(f64),
    Play,
    Closed,
}

/// The way into the loop.
#[derive(Clone)]
struct Queue(UnboundedSender<Happening>);

impl Queue {
    /// When the check is over it is dropped, and guards in it with it.
    fn happened(&self, happening: Happening) {
        drop(self.0.unbounded_send(happening));
    }

    fn event(&self, attempt: Attempt, event: CheckEvent) {
        self.happened(Happening::Input(CheckInput::Event(attempt, event)));
    }
}

/// Where the check shows itself. All may be gone before the driver is.
struct Screens {
    view: WriteSignal<CheckView>,
    level: WriteSignal<f64>,
    streams: RwSignal<HashMap<VideoSource, MediaStream>, LocalStorage>,
}

/// What the test that runs needs. Dropping it ends it.
enum Running {
    Nothing,
    Microphone(#[expect(dead_code, reason = "runs while it is held")] (LevelMeter, Track)),
    Gathering(#[expect(dead_code, reason = "runs while it is held")] Probe),
    Call(#[expect(dead_code, reason = "runs while it is held")] Loopback),
    Speaker(Sound),
}

struct Driver {
    check: Check,
    server: Server,
    queue: Queue,
    screens: Screens,
    attempt: Attempt,
    running: Running,
    camera: Option<Track>,
    subscription: Option<Subscription>,
    timer: Option<Timeout>,
}

impl Driver {
    async fn run(mut self, mut happenings: UnboundedReceiver<Happening>) {
        while let Some(happening) = happenings.next().await {
            match happening {
                Happening::Input(input) => self.handle(input),
                Happening::Event(event) => {
                    self.handle(CheckInput::Event(self.attempt, event));
                }
                Happening::Opened(attempt, opened) => self.opened(attempt, opened),
                Happening::Level(level) => {
                    let _ = self.screens.level.try_set(level);
                    self.handle(CheckInput::Event(self.attempt, CheckEvent::Level(level)));
                }
                Happening::Play => {
                    if let Running::Speaker(sound) = &mut self.running {
                        sound.test();
                    }
                }
                Happening::Closed => return self.handle(CheckInput::Stop),
            }
        }
    }

    fn handle(&mut self, input: CheckInput) {
        let quiet = matches!(input, CheckInput::Event(_, CheckEvent::Level(_)));
        let outputs = self.check.handle(input);
        if quiet && outputs.is_empty() {
            return;
        }
        for output in outputs {
            self.carry_out(output);
        }
        drop(self.screens.view.try_set(self.check.view()));
    }

    fn carry_out(&mut self, output: CheckOutput) {
        match output {
            CheckOutput::Run(attempt, job) => {
                self.end_test();
                self.attempt = attempt;
                self.begin(attempt, job);
            }
            CheckOutput::SetTimer(alarm, after) => self.set_timer(alarm, after),
            CheckOutput::CloseCamera => self.close_camera(),
            CheckOutput::StopAll => {
                // No test is that one: what comes now is too late for any.
                self.attempt = Attempt::default();
                self.end_test();
                self.close_camera();
                self.subscription = None;
                self.timer = None;
            }
        }
    }

    fn begin(&mut self, attempt: Attempt, job: Job) {
        let wanted = preferences::load();
        let choice = |device: Option<DeviceId>| {
            Some(device.map_or(DeviceChoice::Default, DeviceChoice::Preferred))
        };
        match job {
            Job::Camera => self.open(attempt, None, choice(wanted.camera)),
            Job::Microphone => self.open(attempt, choice(wanted.microphone), None),
            Job::Server => self.ask_server(attempt),
            Job::Gather(target) => {
                let queue = self.queue.clone();
                let tell = move |event| queue.event(attempt, CheckEvent::Gathering(event));
                match Probe::new(&target, tell) {
                    Ok(probe) => self.running = Running::Gathering(probe),
                    Err(error) => {
                        console::warn(&format!("{}: {error}", target.url()));
                        self.queue
                            .event(attempt, CheckEvent::Gathering(GatheringEvent::Refused));
                    }
                }
            }
            Job::Call(relay) => {
                let queue = self.queue.clone();
                let tell = move |event| queue.event(attempt, CheckEvent::Call(event));
                let relay = relay.as_ref().map(|relay| &relay.server);
                match Loopback::new(relay, self.camera.as_ref(), tell) {
                    Ok(loopback) => self.running = Running::Call(loopback),
                    Err(error) => {
                        console::warn(&format!("cannot call oneself: {error}"));
                        self.queue
                            .event(attempt, CheckEvent::Call(CallEvent::Unconnected));
                    }
                }
            }
            Job::Speaker => {
                // Where it is held back all the same, the person presses to hear it again.
                let mut sound = Sound::new(|| {});
                if let Some(speaker) = wanted.speaker {
                    sound.use_speaker(speaker);
                }
                sound.test();
                self.running = Running::Speaker(sound);
            }
        }
    }

    fn open(
        &self,
        attempt: Attempt,
        microphone: Option<DeviceChoice>,
        camera: Option<DeviceChoice>,
    ) {
        let queue = self.queue.clone();
        spawn_local(async move {
            let opened = capture::open(microphone, camera).await;
            queue.happened(Happening::Opened(attempt, opened));
        });
    }

    /// What comes too late is dropped, and its light goes out.
    fn opened(&mut self, attempt: Attempt, opened: Opened) {
        if attempt != self.attempt {
            return;
        }
        let told = match (opened.microphone, opened.camera) {
            (Some(Ok(track)), _) => self.listen(track),
            (_, Some(Ok(track))) => {
                self.show(track.stream());
                self.camera = Some(track);
                Ok(())
            }
            (Some(Err(error)), _) | (_, Some(Err(error))) => Err(error),
            (None, None) => Err(MediaError::Other),
        };
        self.handle(CheckInput::Event(attempt, CheckEvent::Opened(told)));
    }

    fn listen(&mut self, track: Track) -> Result<(), MediaError> {
        let queue = self.queue.clone();
        let meter = LevelMeter::new(&track, move |level| {
            queue.happened(Happening::Level(level));
        });
        match meter {
            Ok(meter) => {
                self.running = Running::Microphone((meter, track));
                Ok(())
            }
            Err(error) => {
                console::warn(&error.to_string());
                Err(MediaError::Unsupported)
            }
        }
    }

    /// Stays subscribed to the end, so that a server that goes away meanwhile is noticed.
    fn ask_server(&mut self, attempt: Attempt) {
        if !page::is_online() {
            self.queue
                .event(attempt, CheckEvent::Server(ServerEvent::Offline));
            return;
        }
        let (server, queue) = (self.server.clone(), self.queue.clone());
        let subscription = self.server.subscribe(move |input| match input {
            ServerInput::Connected => ask(&server, queue.clone(), attempt),
            ServerInput::Disconnected => {
                queue.happened(Happening::Input(CheckInput::ServerLost));
            }
            ServerInput::OutOfDate => {
                queue.event(attempt, CheckEvent::Server(ServerEvent::OutOfDate));
            }
            // What concerns those in a room, or at its door.
            ServerInput::Event(_)
            | ServerInput::Joined(_)
            | ServerInput::Waiting(_)
            | ServerInput::Signalled { .. }
            | ServerInput::Moderated(_)
            | ServerInput::IceServers(_) => {}
        });
        self.subscription = Some(subscription);
        self.server.reconnect_now();
    }

    fn set_timer(&mut self, alarm: Alarm, after: Duration) {
        let queue = self.queue.clone();
        let millis = u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
        self.timer = Some(Timeout::new(millis, move || {
            queue.happened(Happening::Input(CheckInput::TimerRanOut(alarm)));
        }));
    }

    fn end_test(&mut self) {
        self.running = Running::Nothing;
        let _ = self.screens.level.try_set(0.0);
    }

    fn close_camera(&mut self) {
        self.camera = None;
        self.show(None);
    }

    fn show(&self, camera: Option<MediaStream>) {
        let shown = camera.map(|stream| (VideoSource::OwnCamera, stream));
        drop(self.screens.streams.try_set(shown.into_iter().collect()));
    }
}

fn ask(server: &Server, queue: Queue, attempt: Attempt) {
    let asked = clock::now();
    server.request(&GetIceServers {}, move |reply| {
        let event = match reply {
            Ok(reply) => ServerEvent::Answered {
                round_trip: clock::now().since(asked),
                servers: reply.ice_servers,
            },
            Err(error) => failed(error),
        };
        queue.event(attempt, CheckEvent::Server(event));
    });
}

fn failed(error: RequestError) -> ServerEvent {
    console::warn(&format!(
        "the server does not say its STUN and TURN servers: {error}"
    ));
    ServerEvent::Failed(error)
}
