//! The whole call: where it is (preview, joining, in the room, reconnecting, ended) and which part
//! answers to which input. What happens inside a room is left to [`Room`](crate::room::Room).

mod hiding;
mod hurry;
mod meeting;
mod membership;
mod network;

use std::collections::BTreeMap;

use shared::peer::MediaState;
use shared::room::MeetingKind;
use shared::to_browser::Message;
use shared::to_server::{LockRoom, RemoveMember};
use shared::{Epoch, PeerMessage, RoomName, Secret};

use crate::chat::Chat;
use crate::input::{Input, LinkEvent, NetworkEvent, RequestError, ServerInput};
use crate::intent::{Intent, Panel};
use crate::links::Links;
use crate::local::Local;
use crate::media::{DeviceId, DeviceKind};
use crate::notices::Notices;
use crate::outbox::Outbox;
use crate::output::{IceTransportPolicy, Output, Preferences, Request, Timer};
use crate::random::Random;
use crate::room::{Room, Scene};
use crate::time::Time;
use crate::timers::Timers;
use crate::view::{
    CallView, Ending, LocalView, NoticeKind, Parting, PersonView, Phase as PhaseView, Refusal,
    Relay, ServerState, YouView,
};
use hurry::Hurry;
use membership::Question;
use network::Network;

/// What a call starts from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What it is for.
    pub goal: Goal,
    /// The tab's secret.
    pub secret: Secret,
    /// What the page kept from earlier visits.
    pub preferences: Preferences,
    /// A seed for what needs chance (pauses before trying again); any number.
    pub random: u64,
}

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To be in a room.
    Room {
        /// Its name, as in the page's address.
        name: RoomName,
        /// Whether it is to be listed, if this person opens it; `None` leaves it to the server.
        list: Option<bool>,
    },
    /// To meet someone, and then somebody else. What for is chosen by
    /// [`Intent::Meet`](crate::Intent::Meet).
    Meeting(MeetingKind),
}

/// One page's visit to one room, from the preview to the end; or to one after the other, to meet people.
#[derive(Debug)]
pub struct Call {
    goal: Goal,
    secret: Secret,
    /// Of the visit asked for last.
    epoch: Option<Epoch>,
    preferences: Preferences,
    random: Random,
    phase: Phase,
    server: ServerState,
    question: Question,
    hurry: Hurry,
    relay: Relay,
    /// Of the visit asked for last.
    transport: IceTransportPolicy,
    local: Local,
    /// What peers were last told of this page.
    told: (MediaState, bool),
    links: Links,
    network: Network,
    chat: Chat,
    notices: Notices,
    timers: Timers,
    panel: Option<Panel>,
}

#[derive(Debug)]
enum Phase {
    Preview { refusal: Option<Refusal> },
    Joining,
    InCall(Box<Room>),
    Reconnecting(Box<Room>),
    Parted(Parting),
    Ended(Ending),
}

impl Call {
    /// A call in its preview. [`start`](Self::start) sets it going.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let local = Local::new(&setup.preferences);
        Self {
            goal: setup.goal,
            secret: setup.secret,
            epoch: None,
            preferences: setup.preferences,
            random: Random::new(setup.random),
            phase: Phase::Preview { refusal: None },
            server: ServerState::Connecting,
            question: Question::default(),
            hurry: Hurry::default(),
            relay: Relay::Unknown,
            transport: IceTransportPolicy::All,
            told: (local.state(), false),
            local,
            links: Links::default(),
            network: Network::default(),
            chat: Chat::default(),
            notices: Notices::default(),
            timers: Timers::default(),
            panel: None,
        }
    }

    /// Opens the devices for the preview, if there is anything to preview.
    pub fn start(&mut self, now: Time) -> Vec<Output> {
        let mut out = Outbox::default();
        self.preview(&mut out);
        self.finish(now, out)
    }

    /// Takes in what happened at that time, and says what is to be done.
    pub fn handle(&mut self, input: Input, now: Time) -> Vec<Output> {
        let mut out = Outbox::default();
        match input {
            Input::Intent(intent) => self.wish(intent, now, &mut out),
            Input::Server(input) => self.hear_server(input, now, &mut out),
            Input::Link { link, event } => {
                if let LinkEvent::CandidatesGathered(candidates) = &event {
                    self.network.gathered(candidates);
                }
                self.in_room(now, &mut out, |room, scene| {
                    room.link_event(link, event, scene);
                });
            }
            Input::Media(event) => self.local.handle(event, now, &mut out),
            Input::Network(event) => {
                // Ahead of the offers, which would go to where nobody hears them. Of other addresses the browser
                // knows as well, and gives up by itself what led over the old ones: a connection begun anew at
                // that moment hangs.
                if event == NetworkEvent::Changed {
                    out.outputs.push(Output::Reconnect);
                }
                if self.network.has_changed(event) {
                    self.in_room(now, &mut out, Room::network_changed);
                }
            }
            Input::Timer(timer) => {
                self.timers.ran_out(timer);
                self.tick(now, &mut out);
            }
        }
        self.finish(now, out)
    }

    /// What the call looks like now.
    #[must_use]
    pub fn view(&self) -> CallView {
        let room = self.current_room();
        let local = self.local.view();
        let meeting = self.meeting();
        CallView {
            room: match (&self.goal, room) {
                (_, Some(room)) => room.name().as_str().to_owned(),
                (Goal::Room { name, .. }, None) => name.as_str().to_owned(),
                (Goal::Meeting(_), None) => String::new(),
            },
            meeting,
            nickname: self.preferences.nickname.clone(),
            phase: match &self.phase {
                Phase::Preview { refusal } => PhaseView::Preview {
                    refusal: refusal.clone(),
                },
                Phase::Joining => PhaseView::Joining,
                Phase::InCall(_) => PhaseView::InCall,
                Phase::Reconnecting(_) => PhaseView::Reconnecting,
                Phase::Parted(parting) => PhaseView::Parted(parting.clone()),
                Phase::Ended(ending) => PhaseView::Ended(ending.clone()),
            },
            server: match (&self.phase, self.server) {
                // It is there again, and this page not yet in the room.
                (Phase::Reconnecting(_), ServerState::Connected) => ServerState::Lost,
                (_, server) => server,
            },
            local: LocalView {
                speaking_while_muted: local.speaking_while_muted && room.is_some(),
                ..local
            },
            hiding: self.hiding(),
            you: room.map(|room| {
                let roster = room.roster();
                YouView {
                    id: roster.you(),
                    name: roster.name_of(roster.you()).unwrap_or_default().to_owned(),
                    host: meeting.is_none() && roster.state().host == roster.you(),
                }
            }),
            people: room.map(|room| self.people(room)).unwrap_or_default(),
            locked: room.is_some_and(|room| room.roster().state().locked),
            stage: room.and_then(|room| room.sharing().last().copied()),
            panel: self.panel,
            chat: self.chat.view(),
            connections: room
                .filter(|_| self.panel == Some(Panel::Connections))
                .map(Room::connections)
                .unwrap_or_default(),
            notices: self.notices.view(),
        }
    }

    /// Of two who have met, neither is the host.
    fn people(&self, room: &Room) -> Vec<PersonView> {
        let mut people = room.people();
        if self.meeting().is_some() {
            people.iter_mut().for_each(|person| person.host = false);
        }
        people
    }

    fn current_room(&self) -> Option<&Room> {
        match &self.phase {
            Phase::InCall(room) | Phase::Reconnecting(room) => Some(room),
            Phase::Preview { .. } | Phase::Joining | Phase::Parted(_) | Phase::Ended(_) => None,
        }
    }

    /// Lets the room act, if there is one.
    fn in_room(
        &mut self,
        now: Time,
        out: &mut Outbox,
        act: impl FnOnce(&mut Room, &mut Scene<'_>),
    ) {
        let (room, is_connected) = match &mut self.phase {
            Phase::InCall(room) => (room, true),
            Phase::Reconnecting(room) => (room, false),
            Phase::Preview { .. } | Phase::Joining | Phase::Parted(_) | Phase::Ended(_) => return,
        };
        let writes = matches!(self.goal, Goal::Meeting(MeetingKind::Text));
        let mut scene = Scene {
            now,
            out,
            links: &mut self.links,
            chat: &mut self.chat,
            chat_is_open: writes || self.panel == Some(Panel::Chat),
            is_connected,
            transport: self.transport,
            media: self.local.state(),
            speaking: self.local.is_speaking(),
            watches: self.panel == Some(Panel::Connections),
            sound_only: self.local.is_sound_only(),
        };
        act(room, &mut scene);
    }

    fn wish(&mut self, intent: Intent, now: Time, out: &mut Outbox) {
        match intent {
            Intent::Join { nickname, epoch } => self.join(&nickname, epoch, out),
            Intent::Meet {
                kind,
                nickname,
                epoch,
            } => self.meet(kind, &nickname, epoch, out),
            Intent::Next { epoch } => self.next(epoch, now, out),
            Intent::Leave => self.leave(now, out),
            Intent::HideAddress(hide) => self.hide_address(hide, out),
            Intent::BackToPreview => {
                if let Phase::Ended(_) = self.phase {
                    self.phase = Phase::Preview { refusal: None };
                    self.preview(out);
                }
            }
            Intent::ToggleMicrophone => {
                self.local.toggle_microphone(now, out);
                self.remember_what_is_off(out);
            }
            Intent::ToggleCamera => {
                self.local.toggle_camera(out);
                self.remember_what_is_off(out);
            }
            Intent::ChooseDevice { kind, id } => self.choose_device(kind, id, out),
            Intent::RetryDevices => self.local.open(out),
            Intent::ShareScreen => {
                if self.current_room().is_some() {
                    self.local.share_screen(out);
                }
            }
            Intent::StopSharing => self.local.stop_sharing(out),
            Intent::SoundOnly(sound_only) => {
                self.local.set_sound_only(sound_only, out);
                self.remember_what_is_off(out);
            }
            Intent::ShowPanel(panel) => self.show_panel(panel, now, out),
            Intent::SendChat { text } => self.in_room(now, out, |room, scene| {
                scene.chat.say(&text, room.recipients(), now, scene.out);
            }),
            Intent::LockRoom(locked) => self.moderate(Request::Lock(LockRoom { locked }), out),
            Intent::RemoveMember(peer) => {
                self.moderate(Request::Remove(RemoveMember { peer }), out);
            }
            Intent::DismissNotice(key) => self.notices.dismiss(key),
        }
    }

    fn show_panel(&mut self, panel: Option<Panel>, now: Time, out: &mut Outbox) {
        let before = std::mem::replace(&mut self.panel, panel);
        if panel == Some(Panel::Chat) {
            self.chat.read();
        }
        let [watched, watches] = [before, panel].map(|panel| panel == Some(Panel::Connections));
        if watches != watched {
            self.in_room(now, out, |room, scene| room.watch(watches, scene.out));
        }
    }

    fn choose_device(&mut self, kind: DeviceKind, id: DeviceId, out: &mut Outbox) {
        let kept = match kind {
            DeviceKind::Microphone => &mut self.preferences.microphone,
            DeviceKind::Camera => &mut self.preferences.camera,
            DeviceKind::Speaker => &mut self.preferences.speaker,
        };
        *kept = Some(id.clone());
        out.outputs.push(Output::Remember(self.preferences.clone()));
        self.local.choose(kind, id, out);
    }

    fn remember_what_is_off(&mut self, out: &mut Outbox) {
        self.preferences.turned_off = self.local.turned_off();
        out.outputs.push(Output::Remember(self.preferences.clone()));
    }

    fn moderate(&mut self, request: Request, out: &mut Outbox) {
        match &self.phase {
            Phase::InCall(_) => out.request(request),
            Phase::Reconnecting(_) => out.notice(NoticeKind::ModerationUnavailable),
            Phase::Preview { .. } | Phase::Joining | Phase::Parted(_) | Phase::Ended(_) => {}
        }
    }

    /// One sees oneself before one goes into a room. Before a meeting nothing is chosen yet.
    fn preview(&mut self, out: &mut Outbox) {
        self.look_for_relay(out);
        match self.goal {
            Goal::Room { .. } => self.local.open(out),
            Goal::Meeting(_) => {}
        }
    }

    fn hear_server(&mut self, input: ServerInput, now: Time, out: &mut Outbox) {
        match input {
            ServerInput::Connected => self.connected(out),
            ServerInput::Disconnected => {
                self.server = ServerState::Lost;
                self.disconnected(out);
            }
            ServerInput::OutOfDate => {
                self.server = ServerState::OutOfDate;
                self.disconnected(out);
                if let Phase::Joining = self.phase {
                    self.phase = Phase::Preview {
                        refusal: Some(Refusal::NoAnswer),
                    };
                }
            }
            ServerInput::Event(event) => self.hear_event(event, now, out),
            ServerInput::Joined(reply) => self.hear_reply(reply, now, out),
            ServerInput::Waiting(reply) => self.hear_of_waiting(reply, now, out),
            ServerInput::IceServers(reply) => self.hear_of_relay(reply, now, out),
            ServerInput::Signalled {
                to,
                result: Err(RequestError::Rejected(rejection)),
                ..
            } => {
                // What did not get through is sent again when the peer is back, or after a while.
                out.log_about(to, &format!("signal refused: {rejection}"));
            }
            ServerInput::Signalled {
                result: Ok(_) | Err(RequestError::TimedOut | RequestError::Disconnected),
                ..
            }
            | ServerInput::Moderated(Ok(_)) => {}
            ServerInput::Moderated(Err(error)) => {
                out.log(format!("moderation: {error}"));
                out.notice(NoticeKind::ModerationFailed);
            }
        }
    }

    fn hear_event(&mut self, event: Message, now: Time, out: &mut Outbox) {
        match event {
            Message::Paired(paired) => self.paired(paired.joined, now, out),
            Message::Replaced(_) => self.end(Ending::Replaced, now, out),
            Message::Removed(_) => self.end(Ending::Removed, now, out),
            Message::Dropped(dropped) => self.end(Ending::Dropped(dropped.reason), now, out),
            Message::Welcome(_)
            | Message::Bye(_)
            | Message::PresenceChange(_)
            | Message::RoomStateChange(_)
            | Message::RoomChange(_)
            | Message::Offer(_)
            | Message::Answer(_)
            | Message::Ice(_) => {
                // The server answers before it tells anyone of a new visit: what comes ahead of that is
                // about an earlier one.
                if let Phase::Joining = self.phase {
                    return;
                }
                if let Some(event) = self.question.hold(event) {
                    self.in_room(now, out, |room, scene| room.handle(event, scene));
                }
            }
        }
    }

    fn tick(&mut self, now: Time, out: &mut Outbox) {
        self.notices.tick(now);
        self.local.tick(now);
        self.in_room(now, out, |room, scene| {
            scene.chat.tick(now, |id| room.has_channel(id));
            room.tick(scene);
        });
        if self.question.is_due(now) {
            self.ask_to_join(out);
        }
    }

    /// Tells peers what has changed, shows what has happened, sets the timers.
    fn finish(&mut self, now: Time, mut out: Outbox) -> Vec<Output> {
        self.part_if_alone(now, &mut out);
        self.hurry(now, &mut out);
        let (media, speaking) = (self.local.state(), self.local.is_speaking());
        let told = std::mem::replace(&mut self.told, (media, speaking));
        self.in_room(now, &mut out, |room, scene| {
            if told.0 != media {
                room.tell(&PeerMessage::Media { media }, scene.out);
            }
            if told.1 != speaking {
                room.tell(&PeerMessage::Speaking { speaking }, scene.out);
            }
            room.adapt(scene);
        });
        for kind in std::mem::take(&mut out.notices) {
            self.notices.add(kind, now);
        }
        let room = match &self.phase {
            Phase::InCall(room) | Phase::Reconnecting(room) => Some(room),
            Phase::Preview { .. } | Phase::Joining | Phase::Parted(_) | Phase::Ended(_) => None,
        };
        self.notices.keep_screens_of(|name| {
            room.is_some_and(|room| {
                let mut sharing = room.sharing().iter();
                sharing.any(|id| room.roster().name_of(*id) == Some(name))
            })
        });
        let mut wanted = BTreeMap::new();
        let mut want = |timer, deadline: Option<Time>| {
            if let Some(deadline) = deadline {
                wanted.insert(timer, deadline);
            }
        };
        want(Timer::Notices, self.notices.deadline());
        want(Timer::MutedHint, self.local.deadline());
        want(Timer::Rejoin, self.question.deadline());
        want(Timer::Hurry, self.hurry.deadline());
        match &self.phase {
            Phase::InCall(room) | Phase::Reconnecting(room) => {
                want(Timer::Chat, self.chat.deadline());
                let is_connected = matches!(self.phase, Phase::InCall(_));
                let sound_only = self.local.is_sound_only();
                room.deadlines(is_connected, sound_only, &mut wanted);
            }
            Phase::Preview { .. } | Phase::Joining | Phase::Parted(_) | Phase::Ended(_) => {}
        }
        self.timers.set(&wanted, now, &mut out);
        out.outputs
    }
}
