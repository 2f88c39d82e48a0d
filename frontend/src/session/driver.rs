//! The loop that a call lives in: takes what happens out of the queue, asks the call what is to be
//! done, and has it done, in order.

use std::collections::HashMap;

use call::input::{LinkEvent, NetworkEvent, RequestError, ServerInput};
use call::media::MediaCommand;
use call::output::{LinkCommand, LinkId, Output, Request, Slot};
use call::view::{Phase, ServerState};
use call::{Call, CallView, Input, Intent};
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use shared::PeerId;
use shared::signal::DescriptionId;
use shared::to_server::Done;

use super::devices::Devices;
use super::links::Links;
use super::lookout::{Lookout, Tick};
use super::queue::{Happening, Queue};
use super::rehearsal::rehearse_soon;
use super::server::{Server, Subscription};
use super::shown::Shown;
use super::timers::Timers;
use super::voice::Voice;
use super::{outdated, preferences};
use crate::browser::clock;
use crate::browser::local_tracks::LocalTracks;
use crate::browser::page::{self, PageEvent, PageEvents};
use crate::browser::sound::Sound;
use crate::browser::wake_lock::WakeLock;
use crate::browser::{MediaStream, VideoSource, console};

/// Where a driver shows what a call looks like. All may be gone before the driver is.
#[derive(Clone, Copy)]
pub struct Screens {
    /// What the call looks like.
    pub view: WriteSignal<CallView>,
    /// Whether sound is held back.
    pub sound_blocked: WriteSignal<bool>,
    /// The microphone's level.
    pub microphone_level: WriteSignal<f64>,
    /// What there is to see.
    pub streams: RwSignal<HashMap<VideoSource, MediaStream>, LocalStorage>,
}

/// How long drawing waits for descriptions at most, in milliseconds.
const LONGEST_HELD: u32 = 100;

/// When what has changed will be shown.
enum Showing {
    /// In the next task.
    Soon(#[expect(dead_code, reason = "runs while it is held")] Timeout),
    /// Once no description is being made, or at last by this timer.
    Held(#[expect(dead_code, reason = "runs while it is held")] Timeout),
}

/// Carries one call out. All that it holds ends with it.
pub struct Driver {
    call: Call,
    queue: Queue,
    screens: Screens,
    server: Server,
    links: Links,
    devices: Devices,
    sound: Sound,
    timers: Timers,
    voice: Voice,
    wake_lock: Option<WakeLock>,
    looks: Shown,
    lookout: Option<Lookout>,
    rehearsal: Option<Timeout>,
    shown: CallView,
    showing: Option<Showing>,
    /// Whether the page is going away: then nothing is shown any more, so that what leaving looks
    /// like does not flash up.
    hidden: bool,
    _subscription: Subscription,
    _page: PageEvents,
}

impl Driver {
    /// A call that has not been started.
    pub fn new(call: Call, server: Server, queue: Queue, screens: Screens) -> Self {
        let (blocked, news, page) = (queue.clone(), queue.clone(), queue.clone());
        Self {
            shown: call.view(),
            showing: None,
            call,
            links: Links::new(queue.clone()),
            devices: Devices::new(queue.clone()),
            sound: Sound::new(move || blocked.happened(Happening::SoundBlocked)),
            timers: Timers::new(queue.clone()),
            voice: Voice::default(),
            wake_lock: None,
            looks: Shown::default(),
            lookout: None,
            rehearsal: None,
            hidden: false,
            _subscription: server.subscribe(move |input| news.push(Input::Server(input))),
            _page: PageEvents::new(move |event| page.happened(Happening::Page(event))),
            server,
            queue,
            screens,
        }
    }

    /// Runs until the page of the room is gone.
    pub async fn run(mut self, mut happenings: UnboundedReceiver<Happening>) {
        let outputs = self.call.start(clock::now());
        self.carry_out(outputs);
        while let Some(happening) = happenings.next().await {
            if matches!(happening, Happening::Closed) {
                break;
            }
            self.take(happening);
        }
        self.input(Input::Intent(Intent::Leave));
    }

    fn take(&mut self, happening: Happening) {
        match happening {
            Happening::Input(input) => {
                self.look_out(&input);
                self.input(input);
            }
            Happening::Tick => {
                let view = &self.shown;
                let tick = self.lookout.as_mut().map(|lookout| lookout.tick(view));
                self.links.listen();
                if tick == Some(Tick::Measure) {
                    self.links.measure();
                }
            }
            Happening::NetworkSeen => {
                if let Some(lookout) = &mut self.lookout {
                    lookout.network_seen();
                }
            }
            Happening::TimerRanOut { timer, setting } => {
                if self.timers.ran_out(timer, setting) {
                    self.input(Input::Timer(timer));
                }
            }
            Happening::Opened {
                attempt,
                camera,
                opened,
            } => {
                self.devices.opened(attempt, camera, opened);
                self.pass_tracks_on();
                if let Phase::Preview { .. } = self.shown.phase {
                    self.rehearsal.get_or_insert_with(rehearse_soon);
                }
            }
            Happening::ScreenOpened { attempt, screen } => {
                self.devices.screen_opened(attempt, screen);
                self.pass_tracks_on();
            }
            Happening::TrackEnded { track, attempt } => {
                self.devices.ended(track, attempt);
                self.pass_tracks_on();
            }
            Happening::Level(level) => self.level(level),
            Happening::RemoteStreams { link, streams } => self.remote_streams(link, streams),
            Happening::Shown {
                link,
                slot,
                viewer,
                look,
            } => {
                let look = self.looks.note(link, slot, viewer, look);
                let event = LinkEvent::Shown { slot, look };
                self.input(Input::Link { link, event });
            }
            Happening::SoundBlocked => show(self.screens.sound_blocked, true),
            Happening::AllowSound => {
                show(self.screens.sound_blocked, false);
                self.sound.allow();
            }
            Happening::TestSpeaker => self.sound.test(),
            Happening::Show => {
                self.showing = None;
                self.show();
            }
            Happening::Page(event) => self.page(event),
            // Ends the loop before it comes here.
            Happening::Closed => {}
        }
    }

    fn page(&mut self, event: PageEvent) {
        match event {
            PageEvent::Hidden => {
                self.hidden = true;
                self.input(Input::Intent(Intent::Leave));
            }
            PageEvent::Restored => page::reload(),
            PageEvent::Online => {
                self.take(Happening::Input(Input::Network(NetworkEvent::Changed)));
            }
            PageEvent::Thawed => self.sound.allow(),
        }
    }

    fn look_out(&mut self, input: &Input) {
        let Some(lookout) = &mut self.lookout else {
            return;
        };
        match input {
            Input::Link {
                link,
                event: LinkEvent::StateChanged(state),
            } => lookout.link_changed(*link, *state),
            Input::Network(NetworkEvent::Changed) => lookout.network_changed(),
            Input::Link { .. }
            | Input::Network(NetworkEvent::Gathered(_))
            | Input::Intent(_)
            | Input::Server(_)
            | Input::Media(_)
            | Input::Timer(_) => {}
        }
    }

    fn input(&mut self, input: Input) {
        let outputs = self.call.handle(input, clock::now());
        self.carry_out(outputs);
    }

    fn carry_out(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Request(request) => self.request(request),
                Output::Link { link, command } => self.link(link, command),
                Output::Media(MediaCommand::UseSpeaker(speaker)) => {
                    self.sound.use_speaker(speaker);
                }
                Output::Media(command) => {
                    self.devices.command(command);
                    self.pass_tracks_on();
                }
                Output::SetTimer { timer, after } => self.timers.set(timer, after),
                Output::Remember(preferences) => preferences::save(&preferences),
                Output::Reconnect => self.server.reconnect_now(),
                Output::Hurry => self.server.hurry(),
                Output::Log(text) => console::warn(&text),
            }
        }
        self.show_soon();
    }

    /// Shows what has changed in a task of its own, after the browser has begun with what it was told
    /// to do. Drawing takes longer than a description, and would keep it waiting.
    fn show_soon(&mut self) {
        let is_held = self.links.are_describing();
        match &self.showing {
            Some(Showing::Soon(_)) => return,
            Some(Showing::Held(_)) if is_held => return,
            Some(Showing::Held(_)) | None => {}
        }
        let queue = self.queue.clone();
        let show = move || queue.happened(Happening::Show);
        self.showing = Some(if is_held {
            Showing::Held(Timeout::new(LONGEST_HELD, show))
        } else {
            Showing::Soon(Timeout::new(0, show))
        });
    }

    fn show(&mut self) {
        let view = self.call.view();
        if view == self.shown || self.hidden {
            return;
        }
        if !matches!(view.phase, Phase::Preview { .. }) {
            self.rehearsal = None;
        }
        let in_room = match view.phase {
            Phase::InCall | Phase::Reconnecting => true,
            // Nobody is there any more when the machine has gone to sleep.
            Phase::Joining => view.meeting.is_some(),
            Phase::Preview { .. } | Phase::Parted(_) | Phase::Ended(_) => false,
        };
        let is_among_people = matches!(view.phase, Phase::InCall | Phase::Reconnecting);
        if is_among_people != self.lookout.is_some() {
            self.lookout = is_among_people.then(|| Lookout::new(self.queue.clone()));
        }
        if in_room != self.wake_lock.is_some() {
            self.wake_lock = in_room.then(WakeLock::new);
        }
        match (view.server, &view.phase) {
            // No call is going on, and none can.
            (ServerState::OutOfDate, Phase::Preview { .. } | Phase::Joining) => outdated::reload(),
            (ServerState::Connected, _) if self.shown.server != view.server => {
                outdated::settled();
            }
            (
                ServerState::Connected
                | ServerState::Connecting
                | ServerState::Lost
                | ServerState::OutOfDate,
                _,
            ) => {}
        }
        self.shown = view.clone();
        show(self.screens.view, view);
    }

    fn request(&self, request: Request) {
        match request {
            Request::Join(join) => self
                .server
                .request(&join, self.replied(ServerInput::Joined)),
            Request::Meet(meet) => {
                let then = self.replied(ServerInput::Waiting);
                self.server.request(&meet, then);
            }
            Request::Leave(leave) => self.server.notify(&leave),
            Request::Offer(offer) => {
                let then = self.signalled(offer.to, offer.id);
                self.server.request(&offer, then);
            }
            Request::Answer(answer) => {
                let then = self.signalled(answer.to, answer.id);
                self.server.request(&answer, then);
            }
            Request::Ice(ice) => self.server.notify(&ice),
            Request::Lock(lock) => {
                let then = self.replied(ServerInput::Moderated);
                self.server.request(&lock, then);
            }
            Request::Remove(remove) => {
                let then = self.replied(ServerInput::Moderated);
                self.server.request(&remove, then);
            }
            Request::IceServers(get) => {
                let then = self.replied(ServerInput::IceServers);
                self.server.request(&get, then);
            }
        }
    }

    fn signalled(
        &self,
        to: PeerId,
        id: DescriptionId,
    ) -> impl FnOnce(Result<Done, RequestError>) + use<> {
        self.replied(move |result| ServerInput::Signalled { to, id, result })
    }

    fn replied<R, F>(&self, input: F) -> impl FnOnce(R) + use<R, F>
    where
        F: FnOnce(R) -> ServerInput,
    {
        let queue = self.queue.clone();
        move |reply| queue.push(Input::Server(input(reply)))
    }

    fn link(&mut self, link: LinkId, command: LinkCommand) {
        if command == LinkCommand::Close {
            self.sound.stop(link);
            self.update_streams(|streams| {
                streams.retain(
                    |source, _| !matches!(source, VideoSource::Peer { link: of, .. } if *of == link),
                );
            });
        }
        self.links.command(link, command);
    }

    fn remote_streams(&mut self, link: LinkId, streams: [MediaStream; 4]) {
        if !self.links.has(link) {
            // Closed before it came to this.
            return;
        }
        for (slot, stream) in Slot::ALL.into_iter().zip(streams) {
            match slot {
                Slot::Microphone | Slot::ScreenSound => self.sound.play(link, slot, &stream),
                Slot::Camera | Slot::Screen => self.update_streams(|all| {
                    all.insert(VideoSource::Peer { link, slot }, stream);
                }),
            }
        }
    }

    fn pass_tracks_on(&mut self) {
        let Some(tracks) = self.devices.changed_tracks() else {
            return;
        };
        self.update_streams(|streams| {
            put_own(streams, VideoSource::OwnCamera, &tracks, Slot::Camera);
            put_own(streams, VideoSource::OwnScreen, &tracks, Slot::Screen);
        });
        self.links.set_tracks(tracks);
    }

    fn level(&mut self, level: f64) {
        show(self.screens.microphone_level, level);
        if let Some(speaking) = self.voice.hear(level, clock::now()) {
            self.input(Input::Media(call::input::MediaEvent::Voice(speaking)));
        }
    }

    fn update_streams(&self, change: impl FnOnce(&mut HashMap<VideoSource, MediaStream>)) {
        // `None` when the page of the room is gone, and nobody looks.
        let _nobody: Option<()> = self.screens.streams.try_update(change);
    }
}

fn put_own(
    streams: &mut HashMap<VideoSource, MediaStream>,
    source: VideoSource,
    tracks: &LocalTracks,
    slot: Slot,
) {
    let track = tracks.get(slot);
    let shown = streams.get(&source);
    if track.is_some_and(|track| shown.is_some_and(|stream| track.is_in(stream))) {
        return;
    }
    match track.and_then(|track| track.stream()) {
        Some(stream) => drop(streams.insert(source, stream)),
        None => drop(streams.remove(&source)),
    }
}

/// Sets a signal that may be gone.
fn show<T: Send + Sync + 'static>(signal: WriteSignal<T>, value: T) {
    drop(signal.try_set(value));
}
