//! What an admin page asks for: that a socket be disconnected, or leave a room. Doing it is left to the
//! socket's own task.

use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::Rejection;
use socketioxide::adapter::LocalAdapter;
use socketioxide::extract::SocketRef;
use socketioxide::handler::{FromMessageParts, Value as Packet};
use socketioxide::socket::Socket;
use tracing::info;

use super::Admin;
use crate::connection::gate::Gate;
use crate::connection::line::{End, Ending};
use crate::connection::request::ReplyTo;
use crate::rate::Verdict;

/// Where one page asks.
pub struct Desk {
    admin: Arc<Admin>,
    gate: Arc<Gate>,
    end: End,
}

/// Why it is not done.
enum Denied {
    ReadOnly,
    Malformed,
    Unsupported,
}

impl Desk {
    /// Opens it on that socket. What is asked for is done on the spot, in order: it takes no time.
    pub fn open(admin: Arc<Admin>, gate: Arc<Gate>, end: End, socket: &SocketRef) {
        let desk = Arc::new(Self { admin, gate, end });
        let serve = Arc::clone(&desk);
        socket.on("_disconnect", move |arguments: Arguments, to: ReplyTo| {
            serve.serve(arguments, to, Self::disconnect);
            ready(())
        });
        let serve = Arc::clone(&desk);
        socket.on("leave", move |arguments: Arguments, to: ReplyTo| {
            serve.serve(arguments, to, Self::put_out);
            ready(())
        });
        // To join someone to a room, or to speak in the server's name, is nothing that Moim has.
        socket.on_fallback(move |arguments: Arguments, to: ReplyTo| {
            desk.serve(arguments, to, |_, _| Err(Denied::Unsupported));
            ready(())
        });
    }

    fn serve(
        &self,
        arguments: Arguments,
        to: ReplyTo,
        what: impl FnOnce(&Self, Arguments) -> Result<usize, Denied>,
    ) {
        let answer = match self.gate.count() {
            Verdict::Within if self.admin.read_only => Err(Denied::ReadOnly.to_string()),
            Verdict::Within => what(self, arguments).map_err(|denied| denied.to_string()),
            Verdict::Over => Err(Rejection::RateLimited.to_string()),
            Verdict::FarOver => {
                self.end.declare(Ending::Abusive(Rejection::RateLimited));
                return;
            }
        };
        let address = self.gate.admitted().address();
        match &answer {
            Ok(sockets) => info!(%address, sockets, "the admin page has intervened"),
            Err(why) => self
                .gate
                .log()
                .log(|| info!(%address, why, "the admin page is refused")),
        }
        to.send(&answer, &self.gate, &self.end);
    }

    fn disconnect(&self, arguments: Arguments) -> Result<usize, Denied> {
        let (nsp, close, filter): (String, Option<bool>, Option<String>) = arguments.read(3)?;
        let registry = &self.admin.registry;
        Ok(registry.disconnect(&nsp, close.unwrap_or(false), filter.as_deref()))
    }

    fn put_out(&self, arguments: Arguments) -> Result<usize, Denied> {
        let (nsp, room, filter): (String, String, Option<String>) = arguments.read(3)?;
        Ok(self.admin.registry.put_out(&nsp, &room, filter.as_deref()))
    }
}

/// The arguments of an event, however many.
struct Arguments(Option<Vec<Value>>);

impl FromMessageParts<LocalAdapter> for Arguments {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket>,
        packet: &mut Packet,
        _: &Option<i64>,
    ) -> Result<Self, Infallible> {
        Ok(Self(match packet {
            Packet::Str(text, _) => serde_json::from_str(text).ok().map(|mut all: Vec<Value>| {
                // The first is the event's name.
                all.drain(..1.min(all.len()));
                all
            }),
            Packet::Bytes(_) => None,
        }))
    }
}

impl Arguments {
    /// As a tuple of so many, of which the last ones may be missing.
    fn read<T: DeserializeOwned>(self, number: usize) -> Result<T, Denied> {
        let mut all = self.0.ok_or(Denied::Malformed)?;
        all.resize(number, Value::Null);
        serde_json::from_value(Value::Array(all)).map_err(|_| Denied::Malformed)
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadOnly => "the admin page may only look",
            Self::Malformed => "malformed payload",
            Self::Unsupported => "not supported",
        })
    }
}
