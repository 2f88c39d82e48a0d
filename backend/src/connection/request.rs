//! What a connection's task is asked to do: one decoded and checked event each, with the means to
//! acknowledge it. Doing it is left to [`task`](super::task).

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use shared::to_server::{
    Answer, GetIceServers, Ice, JoinRoom, LeaveRoom, LockRoom, Meet, Offer, RemoveMember,
    UnwatchRooms, WatchRooms,
};
use shared::{ClientEvent, Rejection};
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::AckSender;
use socketioxide::handler::{FromMessageParts, Value};
use socketioxide::socket::Socket;

use super::gate::Gate;
use super::line::{End, Ending};
use crate::unsent::TooMuch;

/// An event and its acknowledgement.
#[derive(Debug)]
pub struct Job<E: ClientEvent> {
    /// The event, within its limits.
    pub event: E,
    /// Where its answer goes.
    pub ack: Ack<E>,
}

/// Where an answer to an event goes: nowhere, if the client did not ask for one.
pub struct ReplyTo(Option<AckSender>);

/// The means to answer one event.
pub struct Ack<E> {
    to: ReplyTo,
    end: End,
    gate: Arc<Gate>,
    event: PhantomData<fn() -> E>,
}

impl FromMessageParts<LocalAdapter> for ReplyTo {
    type Error = Infallible;

    fn from_message_parts(
        socket: &Arc<Socket>,
        payload: &mut Value,
        id: &Option<i64>,
    ) -> Result<Self, Infallible> {
        let sender = AckSender::from_message_parts(socket, payload, id)?;
        Ok(Self(id.is_some().then_some(sender)))
    }
}

impl ReplyTo {
    /// Answers.
    pub fn send(self, answer: &impl Serialize, gate: &Gate, end: &End) {
        let Some(sender) = self.0 else {
            return;
        };
        match gate.unsent().add(answer) {
            Ok(()) => end.note(sender.send(answer)),
            Err(TooMuch) => end.declare(Ending::Slow),
        }
    }
}

impl<E: ClientEvent> Ack<E> {
    /// What answers the event that wants its answer there.
    #[must_use]
    pub fn new(to: ReplyTo, end: End, gate: Arc<Gate>) -> Self {
        Self {
            to,
            end,
            gate,
            event: PhantomData,
        }
    }

    /// Answers, if an answer was asked for. A refusal is logged in any case.
    pub fn answer(self, answer: Result<E::Reply, Rejection>) {
        if let Err(rejection) = &answer {
            self.gate.log_refusal(E::NAME, rejection);
        }
        self.to.send(&answer, &self.gate, &self.end);
    }
}

impl<E: ClientEvent> std::fmt::Debug for Ack<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ack({})", E::NAME)
    }
}

macro_rules! requests {
    ($($event:ident),* $(,)?) => {
        /// Any event that the protocol has in this direction.
        #[derive(Debug)]
        pub enum Request {
            $(
                #[doc = concat!("`", stringify!($event), "`")]
                $event(Job<$event>)
            ),*
        }

        $(
            impl From<Job<$event>> for Request {
                fn from(job: Job<$event>) -> Self {
                    Self::$event(job)
                }
            }
        )*

        impl Request {
            /// Answers that it is not done.
            pub fn refuse(self, rejection: Rejection) {
                match self {
                    $(Self::$event(job) => job.ack.answer(Err(rejection))),*
                }
            }
        }

        /// Registers a handler for each of them.
        pub fn register(socket: &socketioxide::extract::SocketRef, inbox: &Arc<super::inbox::Inbox>) {
            $(inbox.listen::<$event>(socket);)*
        }
    };
}

requests! {
    JoinRoom,
    Meet,
    LeaveRoom,
    Offer,
    Answer,
    Ice,
    LockRoom,
    RemoveMember,
    WatchRooms,
    UnwatchRooms,
    GetIceServers,
}
