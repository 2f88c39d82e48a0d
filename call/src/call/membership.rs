//! Getting into the room, back into it after a lost connection, and out of it.

use std::time::Duration;

use shared::to_browser::Message;
use shared::to_server::{JoinRoom, Joined, LeaveRoom};
use shared::{Epoch, Nickname, Rejection};

use super::{Call, Goal, Phase};
use crate::input::RequestError;
use crate::outbox::Outbox;
use crate::output::{Output, Request};
use crate::room::Room;
use crate::time::Time;
use crate::view::{Ending, NoticeKind, Refusal, Relay, ServerState};

/// The first pause before asking again to be let in again …
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// … and the longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Most signals that wait for the reply to a join.
const MOST_HELD: usize = 128;

/// "May I come in?", and what hangs on the answer.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// How often it was asked on this connection without a reply yet; the last one counts.
    unanswered: u32,
    /// What peers say while the reply is on its way: to be taken in after it.
    held: Vec<Message>,
    /// When to ask again.
    again: Option<Time>,
    /// How often it had to be asked again.
    tries: u32,
    /// Whether the server does not take the room as this page remembers it.
    is_disbelieved: bool,
}

impl Question {
    fn asked(&mut self) {
        self.unanswered += 1;
        self.held.clear();
        self.again = None;
    }

    /// Whether the reply that came is to the question asked last.
    fn answered(&mut self) -> bool {
        let is_awaited = self.unanswered == 1;
        self.unanswered = self.unanswered.saturating_sub(1);
        is_awaited
    }

    /// Nothing asked before will be answered.
    pub(super) fn forget(&mut self) {
        self.unanswered = 0;
        self.held.clear();
        self.again = None;
    }

    /// Gives the event back if it can be taken in now. Until the reply comes, signals are kept for
    /// after it; what is said of the room is dropped, for the reply says it all, and what comes ahead
    /// of it may be about an earlier stay.
    pub fn hold(&mut self, event: Message) -> Option<Message> {
        if self.unanswered == 0 {
            return Some(event);
        }
        match event {
            Message::Offer(_) | Message::Answer(_) | Message::Ice(_) => {
                if self.held.len() < MOST_HELD {
                    self.held.push(event);
                }
            }
            Message::Welcome(_)
            | Message::Bye(_)
            | Message::PresenceChange(_)
            | Message::RoomStateChange(_)
            | Message::RoomChange(_)
            | Message::Paired(_)
            | Message::Replaced(_)
            | Message::Removed(_)
            | Message::Dropped(_) => {}
        }
        None
    }

    /// Whether the server may be about to let this page in.
    pub(super) fn is_asked(&self) -> bool {
        self.unanswered > 0
    }

    /// It is settled, one way or the other.
    pub(super) fn settled(&mut self) {
        self.again = None;
        self.tries = 0;
        self.is_disbelieved = false;
    }

    pub fn deadline(&self) -> Option<Time> {
        self.again
    }

    pub fn is_due(&self, now: Time) -> bool {
        self.again.is_some_and(|again| again <= now)
    }
}

impl Call {
    pub(super) fn join(&mut self, nickname: &str, epoch: Epoch, out: &mut Outbox) {
        if self.meeting().is_some() {
            return;
        }
        match &self.phase {
            // It has said by itself what there was to say.
            Phase::Preview { .. } => self.notices.clear(),
            Phase::Ended(_) => self.local.open(out),
            Phase::Joining | Phase::InCall(_) | Phase::Reconnecting(_) | Phase::Parted(_) => return,
        }
        if self.take_name(nickname, out) {
            self.phase = Phase::Joining;
            self.epoch = Some(epoch);
            self.choose_transport();
            self.ask_to_join(out);
        }
    }

    /// Keeps the name, or says that it is not valid.
    pub(super) fn take_name(&mut self, nickname: &str, out: &mut Outbox) -> bool {
        match Nickname::new(nickname) {
            Ok(nickname) => {
                self.preferences.nickname = nickname.as_str().to_owned();
                out.outputs.push(Output::Remember(self.preferences.clone()));
                true
            }
            Err(why) => {
                self.refuse(Refusal::Nickname(why));
                false
            }
        }
    }

    pub(super) fn leave(&mut self, now: Time, out: &mut Outbox) {
        match &self.phase {
            Phase::Joining if self.meeting().is_some() => self.stop_looking(out),
            Phase::Joining => {
                if self.question.unanswered > 0 {
                    out.request(Request::Leave(LeaveRoom {}));
                }
                self.phase = Phase::Preview { refusal: None };
            }
            Phase::InCall(_) => {
                out.request(Request::Leave(LeaveRoom {}));
                self.end(Ending::Left, now, out);
            }
            Phase::Reconnecting(_) => {
                if self.question.unanswered > 0 {
                    out.request(Request::Leave(LeaveRoom {}));
                }
                self.end(Ending::Left, now, out);
            }
            Phase::Parted(_) => self.end(Ending::Left, now, out),
            Phase::Preview { .. } | Phase::Ended(_) => {}
        }
    }

    /// The call is over; everything is closed. What was said stays to be read.
    pub(super) fn end(&mut self, ending: Ending, now: Time, out: &mut Outbox) {
        match &self.phase {
            Phase::Joining | Phase::InCall(_) | Phase::Reconnecting(_) | Phase::Parted(_) => {}
            Phase::Preview { .. } | Phase::Ended(_) => return,
        }
        self.in_room(now, out, |room, scene| room.close(scene));
        self.local.close(out);
        self.notices.clear();
        self.panel = None;
        self.question.settled();
        self.phase = Phase::Ended(ending);
    }

    pub(super) fn connected(&mut self, out: &mut Outbox) {
        // A driver that reports a new connection has lost the old one, whether it said so or not.
        self.disconnected(out);
        self.server = ServerState::Connected;
        match &self.phase {
            Phase::Joining => {
                self.look_for_relay_again();
                self.ask_to_join(out);
            }
            Phase::Reconnecting(_) => self.ask_to_join(out),
            Phase::Preview { .. } => self.look_for_relay(out),
            Phase::InCall(_) | Phase::Parted(_) | Phase::Ended(_) => {}
        }
    }

    pub(super) fn disconnected(&mut self, out: &mut Outbox) {
        self.question.forget();
        let phase = std::mem::replace(&mut self.phase, Phase::Joining);
        self.phase = match phase {
            Phase::InCall(room) => {
                out.notice(NoticeKind::Reconnecting);
                Phase::Reconnecting(room)
            }
            Phase::Preview { .. }
            | Phase::Joining
            | Phase::Reconnecting(_)
            | Phase::Parted(_)
            | Phase::Ended(_) => phase,
        };
    }

    /// Asks to be let in (again); without a connection that has to wait for one.
    pub(super) fn ask_to_join(&mut self, out: &mut Outbox) {
        self.question.again = None;
        let (ServerState::Connected, Some(epoch)) = (self.server, self.epoch) else {
            return;
        };
        if !self.has_relay_if_needed(out) {
            return;
        }
        let (room, list) = match (&self.goal, &self.phase) {
            (Goal::Room { name, list }, _) => (name, *list),
            // Back to whom one has met.
            (Goal::Meeting(_), Phase::Reconnecting(room)) => (room.name(), Some(false)),
            (Goal::Meeting(kind), _) => return self.ask_to_meet(*kind, epoch, out),
        };
        let room = room.as_str().to_owned();
        self.question.asked();
        // Should the server have forgotten the room, it is to be listed as before.
        let listed = self
            .current_room()
            .map(|room| room.roster().state().listed)
            .or(list);
        let is_pair = self.meeting().is_some();
        let resume = self
            .current_room()
            .filter(|_| !self.question.is_disbelieved)
            .and_then(|room| room.remembered(is_pair));
        out.request(Request::Join(JoinRoom {
            room,
            nickname: self.preferences.nickname.clone(),
            secret: self.secret,
            epoch,
            list: listed,
            resume,
        }));
    }

    pub(super) fn hear_reply(
        &mut self,
        reply: Result<Joined, RequestError>,
        now: Time,
        out: &mut Outbox,
    ) {
        // The loss of the connection is told by itself, and has settled this.
        if reply == Err(RequestError::Disconnected) {
            return;
        }
        // One to a question that was taken back and asked anew says nothing.
        if !self.question.answered() {
            return;
        }
        let held = std::mem::take(&mut self.question.held);
        match reply {
            Ok(joined) => {
                self.let_in(joined, now, out);
                for event in held {
                    self.in_room(now, out, |room, scene| room.handle(event, scene));
                }
            }
            Err(RequestError::Rejected(rejection)) => self.turned_away(rejection, now, out),
            Err(RequestError::TimedOut | RequestError::Disconnected) => match &self.phase {
                Phase::Joining => {
                    // The server may yet let this page in, and nobody would be there.
                    out.request(Request::Leave(LeaveRoom {}));
                    self.refuse(Refusal::NoAnswer);
                }
                Phase::Reconnecting(_) => self.ask_later(now),
                Phase::Preview { .. } | Phase::InCall(_) | Phase::Parted(_) | Phase::Ended(_) => {}
            },
        }
    }

    fn let_in(&mut self, joined: Joined, now: Time, out: &mut Outbox) {
        self.question.settled();
        let phase = std::mem::replace(&mut self.phase, Phase::Joining);
        match phase {
            Phase::Joining => {
                if self.lacks_relay(&joined) {
                    out.request(Request::Leave(LeaveRoom {}));
                    return self.turn_back(Refusal::NoRelay, out);
                }
                self.phase = Phase::InCall(Box::new(Room::new(&joined)));
                self.in_room(now, out, |room, scene| room.enter(joined, scene));
            }
            Phase::Reconnecting(room) => {
                self.phase = Phase::InCall(room);
                out.notice(NoticeKind::Reconnected);
                let had_relay = self.relay == Relay::Offered;
                if self.lacks_relay(&joined) && had_relay {
                    out.notice(NoticeKind::RelayGone);
                }
                self.in_room(now, out, |room, scene| room.rejoined(joined, scene));
            }
            // Left before the reply came; the server has been told.
            Phase::Preview { .. } | Phase::InCall(_) | Phase::Parted(_) | Phase::Ended(_) => {
                self.phase = phase;
            }
        }
    }

    fn turned_away(&mut self, rejection: Rejection, now: Time, out: &mut Outbox) {
        match &self.phase {
            Phase::Joining => self.refuse(Refusal::Rejected(rejection)),
            Phase::Reconnecting(room) => match rejection {
                // The last: that connection is at its end, as one will hear.
                Rejection::RateLimited
                | Rejection::QueueFull
                | Rejection::Closing
                | Rejection::NotInRoom => self.ask_later(now),
                // It may pass: somebody gives a place up, or comes back who vouches for this person.
                Rejection::RoomFull { .. } | Rejection::RoomLocked if room.hears_someone() => {
                    self.ask_later(now);
                }
                Rejection::Malformed { .. } | Rejection::TooLarge { .. }
                    if !self.question.is_disbelieved =>
                {
                    self.question.is_disbelieved = true;
                    out.log(format!("the room as it was is not believed: {rejection}"));
                    self.ask_to_join(out);
                }
                // An earlier question was understood after all, but its answer was lost.
                Rejection::AlreadyInRoom => {
                    out.request(Request::Leave(LeaveRoom {}));
                    self.ask_to_join(out);
                }
                Rejection::RemovedByHost => self.end(Ending::Removed, now, out),
                Rejection::Malformed { .. }
                | Rejection::UnknownEvent
                | Rejection::InvalidRoomName { .. }
                | Rejection::InvalidNickname { .. }
                | Rejection::TooLarge { .. }
                | Rejection::RoomFull { .. }
                | Rejection::RoomLocked
                | Rejection::NotHost
                | Rejection::NoSuchPeer
                | Rejection::PeerAway
                | Rejection::StaleEpoch => self.end(Ending::NotReadmitted(rejection), now, out),
            },
            Phase::Preview { .. } | Phase::InCall(_) | Phase::Parted(_) | Phase::Ended(_) => {}
        }
    }

    pub(super) fn ask_later(&mut self, now: Time) {
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.question.tries.min(10));
        self.question.tries = self.question.tries.saturating_add(1);
        let pause = self.random.jitter(doubled.min(LONGEST_PAUSE));
        self.question.again = Some(now + pause);
    }

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.phase = Phase::Preview {
            refusal: Some(refusal),
        };
    }
}
