//! The whole call: where it is (preview, joining, in the room, reconnecting, ended) and which part
//! answers to which input. What happens inside a room is left to [`Room`](crate::room::Room).

use std::collections::BTreeMap;

use shared::to_browser::Message;
use shared::to_server::{JoinRoom, Joined, LeaveRoom, LockRoom, RemoveMember};
use shared::{Epoch, Nickname, Rejection, RoomName, Secret};

use crate::input::{Input, RequestError, ServerInput};
use crate::intent::{Intent, Panel};
use crate::local::Local;
use crate::media::DeviceKind;
use crate::notices::Notices;
use crate::outbox::Outbox;
use crate::output::{Output, Preferences, Request, Timer};
use crate::room::Room;
use crate::time::Time;
use crate::timers::Timers;
use crate::view::{
    CallView, ChatView, Ending, NoticeKind, Phase as PhaseView, Refusal, ServerState, YouView,
};

/// What a call starts from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The room, as in the page's address.
    pub room: RoomName,
    /// The tab's secret.
    pub secret: Secret,
    /// This load of the page.
    pub epoch: Epoch,
    /// Whether the room is to be listed, if this person opens it; `None` leaves it to the server.
    pub list: Option<bool>,
    /// What the page kept from earlier visits.
    pub preferences: Preferences,
    /// A seed for what needs chance (pauses before trying again); any number.
    pub random: u64,
}

/// One page's visit to one room, from the preview to the end.
#[derive(Debug)]
pub struct Call {
    room: RoomName,
    secret: Secret,
    epoch: Epoch,
    list: Option<bool>,
    preferences: Preferences,
    phase: Phase,
    server: ServerState,
    local: Local,
    notices: Notices,
    timers: Timers,
    panel: Option<Panel>,
}

#[derive(Debug)]
enum Phase {
    Preview { refusal: Option<Refusal> },
    Joining { nickname: Nickname },
    InCall(Box<Room>),
    Reconnecting(Box<Room>),
    Ended(Ending),
}

impl Call {
    /// A call in its preview. [`start`](Self::start) sets it going.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self {
            room: setup.room,
            secret: setup.secret,
            epoch: setup.epoch,
            list: setup.list,
            local: Local::new(&setup.preferences),
            preferences: setup.preferences,
            phase: Phase::Preview { refusal: None },
            server: ServerState::Connecting,
            notices: Notices::default(),
            timers: Timers::default(),
            panel: None,
        }
    }

    /// Opens the devices for the preview.
    pub fn start(&mut self, now: Time) -> Vec<Output> {
        let mut out = Outbox::default();
        self.local.open(&mut out);
        self.finish(now, out)
    }

    /// Takes in what happened at that time, and says what is to be done.
    pub fn handle(&mut self, input: Input, now: Time) -> Vec<Output> {
        let mut out = Outbox::default();
        match input {
            Input::Intent(intent) => self.wish(intent, &mut out),
            Input::Server(input) => self.hear_server(input, &mut out),
            Input::Link { .. } => {}
            Input::Media(event) => self.local.handle(event, now, &mut out),
            Input::Timer(timer) => {
                self.timers.ran_out(timer);
                self.notices.tick(now);
                self.local.tick(now);
            }
        }
        self.finish(now, out)
    }

    /// What the call looks like now.
    #[must_use]
    pub fn view(&self) -> CallView {
        let room = self.current_room();
        CallView {
            room: room.map_or(self.room.as_str(), Room::name).to_owned(),
            nickname: self.preferences.nickname.clone(),
            phase: match &self.phase {
                Phase::Preview { refusal } => PhaseView::Preview {
                    refusal: refusal.clone(),
                },
                Phase::Joining { .. } => PhaseView::Joining,
                Phase::InCall(_) => PhaseView::InCall,
                Phase::Reconnecting(_) => PhaseView::Reconnecting,
                Phase::Ended(ending) => PhaseView::Ended(ending.clone()),
            },
            server: self.server,
            local: self.local.view(),
            you: room.map(|room| {
                let roster = room.roster();
                YouView {
                    id: roster.you(),
                    name: roster.name_of(roster.you()).unwrap_or_default().to_owned(),
                    host: roster.state().host == roster.you(),
                }
            }),
            people: room.map(Room::people).unwrap_or_default(),
            locked: room.is_some_and(|room| room.roster().state().locked),
            stage: None,
            panel: self.panel,
            chat: ChatView::default(),
            notices: self.notices.view(),
        }
    }

    fn current_room(&self) -> Option<&Room> {
        match &self.phase {
            Phase::InCall(room) | Phase::Reconnecting(room) => Some(room),
            Phase::Preview { .. } | Phase::Joining { .. } | Phase::Ended(_) => None,
        }
    }

    fn wish(&mut self, intent: Intent, out: &mut Outbox) {
        match intent {
            Intent::Join { nickname } => self.join(&nickname, out),
            Intent::Leave => match &self.phase {
                Phase::Joining { .. } => {
                    out.request(Request::Leave(LeaveRoom {}));
                    self.phase = Phase::Preview { refusal: None };
                }
                Phase::InCall(_) | Phase::Reconnecting(_) => {
                    out.request(Request::Leave(LeaveRoom {}));
                    self.end(Ending::Left, out);
                }
                Phase::Preview { .. } | Phase::Ended(_) => {}
            },
            Intent::BackToPreview => {
                if let Phase::Ended(_) = self.phase {
                    self.phase = Phase::Preview { refusal: None };
                    self.local.open(out);
                }
            }
            Intent::ToggleMicrophone => self.local.toggle_microphone(out),
            Intent::ToggleCamera => self.local.toggle_camera(out),
            Intent::ChooseDevice { kind, id } => {
                let kept = match kind {
                    DeviceKind::Microphone => &mut self.preferences.microphone,
                    DeviceKind::Camera => &mut self.preferences.camera,
                    DeviceKind::Speaker => &mut self.preferences.speaker,
                };
                *kept = Some(id.clone());
                out.outputs.push(Output::Remember(self.preferences.clone()));
                self.local.choose(kind, id, out);
            }
            Intent::RetryDevices => self.local.open(out),
            Intent::ShareScreen => {
                if self.current_room().is_some() {
                    self.local.share_screen(out);
                }
            }
            Intent::StopSharing => self.local.stop_sharing(out),
            Intent::ShowPanel(panel) => self.panel = panel,
            Intent::SendChat { .. } => {}
            Intent::LockRoom(locked) => {
                self.moderate(Request::Lock(LockRoom { locked }), out);
            }
            Intent::RemoveMember(peer) => {
                self.moderate(Request::Remove(RemoveMember { peer }), out);
            }
            Intent::DismissNotice(key) => self.notices.dismiss(key),
        }
    }

    fn moderate(&mut self, request: Request, out: &mut Outbox) {
        match &self.phase {
            Phase::InCall(_) => out.request(request),
            Phase::Reconnecting(_) => out.notice(NoticeKind::ModerationFailed),
            Phase::Preview { .. } | Phase::Joining { .. } | Phase::Ended(_) => {}
        }
    }

    fn join(&mut self, nickname: &str, out: &mut Outbox) {
        match &self.phase {
            Phase::Preview { .. } => {}
            Phase::Ended(_) => self.local.open(out),
            Phase::Joining { .. } | Phase::InCall(_) | Phase::Reconnecting(_) => return,
        }
        match Nickname::new(nickname) {
            Ok(nickname) => {
                self.preferences.nickname = nickname.as_str().to_owned();
                out.outputs.push(Output::Remember(self.preferences.clone()));
                self.phase = Phase::Joining { nickname };
                self.ask_to_join(out);
            }
            Err(why) => {
                self.phase = Phase::Preview {
                    refusal: Some(Refusal::Nickname(why)),
                };
            }
        }
    }

    fn ask_to_join(&mut self, out: &mut Outbox) {
        if self.server != ServerState::Connected {
            return;
        }
        out.request(Request::Join(JoinRoom {
            room: self.room.as_str().to_owned(),
            nickname: self.preferences.nickname.clone(),
            secret: self.secret,
            epoch: self.epoch,
            list: self.list,
        }));
    }

    fn hear_server(&mut self, input: ServerInput, out: &mut Outbox) {
        match input {
            ServerInput::Connected => {
                self.server = ServerState::Connected;
                match &self.phase {
                    Phase::Joining { .. } | Phase::Reconnecting(_) => self.ask_to_join(out),
                    Phase::Preview { .. } | Phase::InCall(_) | Phase::Ended(_) => {}
                }
            }
            ServerInput::Disconnected => self.server = ServerState::Lost,
            ServerInput::OutOfDate => self.server = ServerState::OutOfDate,
            ServerInput::Event(event) => self.hear_event(event, out),
            ServerInput::Joined(Ok(joined)) => self.joined(joined),
            ServerInput::Joined(Err(error)) => self.not_joined(error),
            ServerInput::Signalled { .. } => {}
            ServerInput::Moderated(Ok(_)) => {}
            ServerInput::Moderated(Err(error)) => {
                out.log(format!("moderation: {error}"));
                out.notice(NoticeKind::ModerationFailed);
            }
        }
    }

    fn hear_event(&mut self, event: Message, out: &mut Outbox) {
        match event {
            Message::Replaced(_) => self.end(Ending::Replaced, out),
            Message::Removed(_) => self.end(Ending::Removed, out),
            Message::Dropped(dropped) => self.end(Ending::Dropped(dropped.reason), out),
            Message::Welcome(_)
            | Message::Bye(_)
            | Message::PresenceChange(_)
            | Message::RoomStateChange(_)
            | Message::RoomChange(_)
            | Message::Offer(_)
            | Message::Answer(_)
            | Message::Ice(_) => {}
        }
    }

    fn joined(&mut self, joined: Joined) {
        self.phase = Phase::InCall(Box::new(Room::new(joined)));
    }

    fn not_joined(&mut self, error: RequestError) {
        let refusal = match error {
            RequestError::Rejected(rejection) => Refusal::Rejected(rejection),
            RequestError::TimedOut => Refusal::NoAnswer,
            RequestError::Disconnected => return,
        };
        match (&self.phase, refusal) {
            (Phase::Joining { .. }, refusal) => {
                self.phase = Phase::Preview {
                    refusal: Some(refusal),
                };
            }
            (Phase::Reconnecting(_), Refusal::Rejected(Rejection::RemovedByHost)) => {}
            _ => {}
        }
    }

    fn end(&mut self, ending: Ending, out: &mut Outbox) {
        self.local.close(out);
        self.notices.clear();
        self.panel = None;
        self.phase = Phase::Ended(ending);
    }

    fn finish(&mut self, now: Time, mut out: Outbox) -> Vec<Output> {
        for kind in std::mem::take(&mut out.notices) {
            self.notices.add(kind, now);
        }
        let deadlines = [
            (Timer::Notices, self.notices.deadline()),
            (Timer::MutedHint, self.local.deadline()),
        ];
        let wanted: BTreeMap<Timer, Time> = deadlines
            .into_iter()
            .filter_map(|(timer, deadline)| Some((timer, deadline?)))
            .collect();
        self.timers.set(&wanted, now, &mut out);
        out.outputs
    }
}
