//! The line to one browser: what the rest of the server holds of a connection, to tell it something
//! or to end it. What ends mean for the room is left to [`task`](super::task).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use shared::Rejection;
use shared::to_browser::Message;
use socketioxide::extract::SocketRef;
use socketioxide::socket::DisconnectReason;
use socketioxide::{SendError, SocketError};
use tokio::sync::watch;
use tracing::{debug, error};

use crate::admin::sight::Sight;
use crate::unsent::{self, TooMuch, Unsent};

/// Why a connection is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The socket is closed.
    Closed(DisconnectReason),
    /// A newer connection has taken this one's place in its room.
    Replaced,
    /// The host has removed this person.
    Removed,
    /// The admin page has put this person out of their room.
    PutOut,
    /// The admin page has ended this connection.
    Disconnected,
    /// It did something that is not put up with.
    Abusive(Rejection),
    /// It does not take what it is sent: its buffer is full.
    Slow,
}

impl Ending {
    /// The reason in Socket.IO's terms.
    #[must_use]
    pub fn reason(&self) -> DisconnectReason {
        match self {
            Self::Closed(reason) => *reason,
            Self::Replaced
            | Self::Removed
            | Self::PutOut
            | Self::Disconnected
            | Self::Abusive(_)
            | Self::Slow => DisconnectReason::ServerNSDisconnect,
        }
    }
}

/// Where the end of a connection is declared, from any side; the first to do so has the word.
#[derive(Clone, Debug)]
pub struct End(Arc<watch::Sender<Option<Ending>>>);

/// Tells connections apart. A socket's own id does not: a client may connect to the namespace several
/// times on one WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionId(u64);

/// A handle to one connection.
#[derive(Clone, Debug)]
pub struct Line {
    id: ConnectionId,
    socket: SocketRef,
    end: End,
    unsent: Unsent,
    sight: Sight,
}

impl End {
    /// An end that is open.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// The end of a connection to a namespace, declared when its socket closes.
    #[must_use]
    pub fn of(socket: &SocketRef) -> Self {
        let end = Self::new();
        let closed = end.clone();
        socket.on_disconnect(async move |reason: DisconnectReason| {
            closed.declare(Ending::Closed(reason));
        });
        end
    }

    /// Declares the end.
    pub fn declare(&self, ending: Ending) {
        self.0.send_if_modified(|declared| {
            let first = declared.is_none();
            if first {
                *declared = Some(ending);
            }
            first
        });
    }

    /// Whether it has been declared.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits for the end.
    pub async fn declared(&self) -> Ending {
        let mut declared = self.0.subscribe();
        loop {
            if let Some(ending) = declared.borrow_and_update().clone() {
                return ending;
            }
            // The sender lives as long as `self`.
            if declared.changed().await.is_err() {
                return Ending::Closed(DisconnectReason::ClosingServer);
            }
        }
    }

    /// Takes note of how sending to the connection went.
    pub fn note(&self, sent: Result<(), SendError>) {
        match sent {
            // Whoever sees the socket close declares it.
            Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
            Err(SendError::Socket(SocketError::InternalChannelFull)) => self.declare(Ending::Slow),
            Err(SendError::Serialize(error)) => error!(%error, "a payload cannot be encoded"),
        }
    }
}

impl Default for End {
    fn default() -> Self {
        Self::new()
    }
}

impl ConnectionId {
    /// One that there was no connection to before.
    #[must_use]
    pub fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// One that there is no connection to.
    #[cfg(test)]
    #[must_use]
    pub fn numbered(number: u64) -> Self {
        Self(number)
    }
}

impl Line {
    /// The line to that socket.
    #[must_use]
    pub fn new(socket: SocketRef, end: End, unsent: Unsent, sight: Sight) -> Self {
        Self {
            id: ConnectionId::next(),
            socket,
            end,
            unsent,
            sight,
        }
    }

    /// Which connection it is.
    #[must_use]
    pub fn id(&self) -> ConnectionId {
        self.id
    }

    /// The socket.
    #[must_use]
    pub fn socket(&self) -> &SocketRef {
        &self.socket
    }

    /// What it has been sent and has not taken.
    #[must_use]
    pub fn unsent(&self) -> &Unsent {
        &self.unsent
    }

    /// What the admin page sees of it.
    #[must_use]
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Where its end is declared.
    #[must_use]
    pub fn end(&self) -> &End {
        &self.end
    }

    /// Whether messages get through to it, as far as one knows.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.socket.connected() && !self.end.is_declared()
    }

    /// Sends a message without waiting. A connection that has no room for it is at its end: it would
    /// have a wrong idea of its room from then on.
    pub fn tell(&self, message: &Message) {
        self.emit(message.name(), message);
        self.sight.sent(message.name(), message);
    }

    /// Sends any event at all, likewise.
    pub fn emit(&self, event: &str, payload: &impl Serialize) {
        match self.unsent.add(payload) {
            Ok(()) => self.end.note(self.socket.emit(event, payload)),
            Err(TooMuch) => self.end.declare(Ending::Slow),
        }
    }

    /// Sends another client's event on. If there is no room for it, that is the sender's concern alone.
    ///
    /// # Errors
    /// `QueueFull`.
    pub fn relay(&self, event: &str, payload: &impl Serialize) -> Result<(), Rejection> {
        let bytes = unsent::size(payload);
        self.unsent
            .add_signal(bytes)
            .map_err(|TooMuch| Rejection::QueueFull)?;
        self.socket.emit(event, payload).map_err(|error| {
            debug!(%error, "cannot relay");
            self.unsent.taken(bytes);
            Rejection::QueueFull
        })
    }
}
