//! Meeting someone: looking for them, being brought together, going on to the next. Once the two are
//! in their room, it is a call like any other.

use shared::room::MeetingKind;
use shared::to_server::{Done, Joined, LeaveRoom, Meet};
use shared::{Epoch, Rejection};

use super::{Call, Goal, Phase};
use crate::input::RequestError;
use crate::outbox::Outbox;
use crate::output::Request;
use crate::room::Room;
use crate::time::Time;
use crate::view::{NoticeKind, Parting, Refusal, ServerState};

impl Call {
    /// What one meets someone for, if that is what this call is for.
    pub(super) fn meeting(&self) -> Option<MeetingKind> {
        match self.goal {
            Goal::Room { .. } => None,
            Goal::Meeting(kind) => Some(kind),
        }
    }

    pub(super) fn meet(
        &mut self,
        kind: MeetingKind,
        nickname: &str,
        epoch: Epoch,
        out: &mut Outbox,
    ) {
        let Phase::Preview { .. } = self.phase else {
            return;
        };
        if self.meeting().is_none() || !self.take_name(nickname, out) {
            return;
        }
        self.goal = Goal::Meeting(kind);
        match kind {
            MeetingKind::Text => {}
            MeetingKind::Video => self.local.open(out),
        }
        self.choose_transport();
        self.look(epoch, out);
    }

    pub(super) fn next(&mut self, epoch: Epoch, now: Time, out: &mut Outbox) {
        match &self.phase {
            Phase::InCall(_) | Phase::Reconnecting(_) | Phase::Parted(_) => {}
            Phase::Preview { .. } | Phase::Joining | Phase::Ended(_) => return,
        }
        if self.meeting().is_none() {
            return;
        }
        self.leave_them(now, out);
        self.look(epoch, out);
    }

    pub(super) fn stop_looking(&mut self, out: &mut Outbox) {
        if self.server == ServerState::Connected {
            out.request(Request::Leave(LeaveRoom {}));
        }
        self.give_up(None, out);
    }

    pub(super) fn ask_to_meet(&self, kind: MeetingKind, epoch: Epoch, out: &mut Outbox) {
        out.request(Request::Meet(Meet {
            kind,
            nickname: self.preferences.nickname.clone(),
            secret: self.secret,
            epoch,
        }));
    }

    /// Whether one waits now. Who is told to wait waits until somebody comes, or the connection is lost.
    pub(super) fn hear_of_waiting(
        &mut self,
        reply: Result<Done, RequestError>,
        now: Time,
        out: &mut Outbox,
    ) {
        let Phase::Joining = self.phase else {
            return;
        };
        match reply {
            Ok(Done {}) => self.question.settled(),
            // Told by itself.
            Err(RequestError::Disconnected) => {}
            Err(
                RequestError::TimedOut
                | RequestError::Rejected(
                    Rejection::RateLimited | Rejection::QueueFull | Rejection::Closing,
                ),
            ) => self.ask_later(now),
            Err(RequestError::Rejected(Rejection::AlreadyInRoom)) => {
                out.request(Request::Leave(LeaveRoom {}));
                self.ask_later(now);
            }
            Err(RequestError::Rejected(rejection)) => {
                self.give_up(Some(Refusal::Rejected(rejection)), out);
            }
        }
    }

    pub(super) fn paired(&mut self, joined: Joined, now: Time, out: &mut Outbox) {
        let mut members = joined.members.iter();
        let you = members.find(|member| member.id == joined.you);
        let is_awaited = you.is_some_and(|you| Some(you.epoch) == self.epoch);
        match self.phase {
            Phase::Joining if is_awaited && self.meeting().is_some() => {}
            // It crossed a change of mind, of which the server has been told.
            Phase::Preview { .. }
            | Phase::Joining
            | Phase::InCall(_)
            | Phase::Reconnecting(_)
            | Phase::Parted(_)
            | Phase::Ended(_) => return,
        }
        self.question.settled();
        if self.lacks_relay(&joined) {
            out.request(Request::Leave(LeaveRoom {}));
            return self.turn_back(Refusal::NoRelay, out);
        }
        self.phase = Phase::InCall(Box::new(Room::new(&joined)));
        self.in_room(now, out, |room, scene| {
            room.meet(joined, scene);
            if let Some((_, name)) = room.roster().others().next() {
                scene.out.notice(NoticeKind::Met(name.to_owned()));
            }
        });
    }

    /// Of two, one is gone: that is the end of the meeting, and told as such. What was said stays to be read.
    pub(super) fn part_if_alone(&mut self, now: Time, out: &mut Outbox) {
        if self.meeting().is_none() {
            return;
        }
        let mut parting = None;
        out.notices.retain(|notice| match notice {
            NoticeKind::Left(name) | NoticeKind::Removed(name) => {
                parting = Some(Parting::Left(name.clone()));
                false
            }
            NoticeKind::Lost(name) => {
                parting = Some(Parting::Lost(name.clone()));
                false
            }
            // What is said in a room with a host, and a door that others come in by.
            NoticeKind::Joined(_)
            | NoticeKind::Locked
            | NoticeKind::Unlocked
            | NoticeKind::YouAreHost => false,
            NoticeKind::Met(_)
            | NoticeKind::SharesScreen(_)
            | NoticeKind::Reconnecting
            | NoticeKind::Reconnected
            | NoticeKind::RelayGone
            | NoticeKind::DeviceReplaced(_)
            | NoticeKind::MicrophoneGone
            | NoticeKind::CameraGone
            | NoticeKind::MicrophoneProblem(_)
            | NoticeKind::CameraProblem(_)
            | NoticeKind::DevicesProblem(_)
            | NoticeKind::ScreenProblem(_)
            | NoticeKind::ModerationFailed
            | NoticeKind::ModerationUnavailable
            | NoticeKind::PeerMisbehaves(_) => true,
        });
        if let Some(parting) = parting
            && self.current_room().is_some()
        {
            self.leave_them(now, out);
            self.phase = Phase::Parted(parting);
        }
    }

    /// Begins to look for someone, of whom nothing is known yet.
    fn look(&mut self, epoch: Epoch, out: &mut Outbox) {
        self.epoch = Some(epoch);
        self.chat.begin_anew();
        self.phase = Phase::Joining;
        self.ask_to_join(out);
    }

    /// Leaves the room of the two, if one is in it. Camera and microphone stay as they are; the screen is
    /// not for the next one to see.
    fn leave_them(&mut self, now: Time, out: &mut Outbox) {
        let is_asked = self.question.is_asked();
        self.in_room(now, out, |room, scene| {
            if scene.is_connected || is_asked {
                scene.out.request(Request::Leave(LeaveRoom {}));
            }
            room.close(scene);
        });
        self.question.forget();
        self.question.settled();
        self.notices.clear();
        self.local.stop_sharing(out);
    }

    /// Back to the choice.
    pub(super) fn give_up(&mut self, refusal: Option<Refusal>, out: &mut Outbox) {
        self.question.settled();
        self.local.close(out);
        self.notices.clear();
        self.panel = None;
        self.phase = Phase::Preview { refusal };
    }
}
