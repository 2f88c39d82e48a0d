//! A connection's handlers: they decode, check and count each event, in the order in which the events
//! arrive, and push what is good into the connection's queue. What is not is refused on the spot.
//!
//! socketioxide spawns the future that a handler returns, so that futures overtake each other; the
//! closures' own bodies run in order. All work here is therefore done before the future.

use std::future::ready;
use std::sync::Arc;

use shared::{ClientEvent, Rejection};
use socketioxide::ParserError;
use socketioxide::extract::{Event, SocketRef, TryData};
use tokio::sync::mpsc;

use super::gate::Gate;
use super::line::{End, Ending};
use super::request::{Ack, Job, ReplyTo, Request};
use crate::admin::shown::{Shown, UNKNOWN};
use crate::admin::sight::Sight;
use crate::rate::Verdict;

/// Longest event name of an unknown event that goes into the log.
const LOGGED_NAME_CHARS: usize = 32;

/// Longest decoder message that goes into an acknowledgement, in characters.
const DETAIL_CHARS: usize = 200;

/// Where a connection's requests wait. Boxed, because a channel sets 32 places aside for each socket.
pub type Queue = mpsc::Sender<Box<Request>>;

/// The other end of it.
pub type Requests = mpsc::Receiver<Box<Request>>;

/// The way into a connection's queue.
#[derive(Debug)]
pub struct Inbox {
    queue: Queue,
    end: End,
    gate: Arc<Gate>,
    sight: Sight,
}

impl Inbox {
    /// The way into `queue`.
    #[must_use]
    pub fn new(queue: Queue, end: End, gate: Arc<Gate>, sight: Sight) -> Self {
        Self {
            queue,
            end,
            gate,
            sight,
        }
    }

    /// Handles `E` on that socket.
    pub fn listen<E>(self: &Arc<Self>, socket: &SocketRef)
    where
        E: ClientEvent + Shown + Send + Sync + 'static,
        Request: From<Job<E>>,
    {
        let inbox = Arc::clone(self);
        socket.on(E::NAME, move |TryData(event), to: ReplyTo| {
            inbox.receive::<E>(event, to);
            ready(())
        });
    }

    /// Handles the events that no handler is registered for.
    pub fn listen_for_unknown(self: &Arc<Self>, socket: &SocketRef) {
        let inbox = Arc::clone(self);
        socket.on_fallback(move |Event(name): Event, to: ReplyTo| {
            inbox.refuse_unknown(&name, to);
            ready(())
        });
    }

    fn receive<E>(&self, event: Result<E, ParserError>, to: ReplyTo)
    where
        E: ClientEvent + Shown,
        Request: From<Job<E>>,
    {
        let Some(counted) = self.count() else {
            return;
        };
        let ack = Ack::new(to, self.end.clone(), Arc::clone(&self.gate));
        let checked = counted.and_then(|()| {
            let event = event.map_err(|error| Rejection::Malformed {
                detail: error.to_string().chars().take(DETAIL_CHARS).collect(),
            })?;
            event.check()?;
            Ok(event)
        });
        let event = match checked {
            Ok(event) => event,
            Err(rejection) => {
                self.sight.received(E::NAME, &rejection);
                return ack.answer(Err(rejection));
            }
        };
        self.sight.received(E::NAME, &event);
        let (request, rejection) = match self.queue.try_send(Box::new(Job { event, ack }.into())) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(request)) => (request, Rejection::QueueFull),
            // The connection is at its end, and with it its place in a room.
            Err(mpsc::error::TrySendError::Closed(request)) => (request, Rejection::NotInRoom),
        };
        request.refuse(rejection);
    }

    fn refuse_unknown(&self, name: &str, to: ReplyTo) {
        let Some(counted) = self.count() else {
            return;
        };
        let rejection = counted.err().unwrap_or(Rejection::UnknownEvent);
        let name: String = name.escape_debug().take(LOGGED_NAME_CHARS).collect();
        self.gate.log_refusal(&name, &rejection);
        self.sight.received(UNKNOWN, &rejection);
        to.send(&Err::<(), _>(rejection), &self.gate, &self.end);
    }

    /// Counts one more event. `None` when there have been so many that no answer is owed any more: that
    /// is the end of the connection.
    fn count(&self) -> Option<Result<(), Rejection>> {
        match self.gate.count() {
            Verdict::Within => Some(Ok(())),
            Verdict::Over => Some(Err(Rejection::RateLimited)),
            Verdict::FarOver => {
                self.end.declare(Ending::Abusive(Rejection::RateLimited));
                None
            }
        }
    }
}
