//! A Socket.IO client for the browser: protocol v5 (Engine.IO v4), WebSocket only, text only.
//!
//! [`connect`] gives a [`Client`] to speak with and a stream of [`Events`] to listen to. The
//! connection is re-established by itself when the transport is lost, and not when the server
//! refused it or said goodbye: then the application decides ([`Client::connect`]).
//!
//! Nothing is buffered while there is no connection: an emit fails at once, and whoever holds the
//! state sends what still matters after the next [`Event::Connected`]. Order is kept both ways.
//!
//! Left to others, or left out: HTTP polling, binary attachments, more than one namespace on a
//! socket, connection-state recovery, arguments of an event after the first, and acks that the
//! *server* asks for (they are never sent). The meaning of events and payloads is the application's.
//!
//! Inside, `protocol` is a state machine without IO (frames and timer in, actions out) over
//! the framing in `packet`; `driver` is the one task that carries its actions out in the browser.
//!
//! ```no_run
//! # async fn example() -> Result<(), socketio::AckError> {
//! use futures::StreamExt;
//! use std::time::Duration;
//!
//! let options = socketio::Options::new("wss://example.org/socket.io/", "/chat");
//! let (client, mut events) = socketio::connect(options);
//! while let Some(event) = events.next().await {
//!     if let socketio::Event::Connected { .. } = event {
//!         let seats: u32 = client
//!             .emit_with_ack("enter", &"lobby", Duration::from_secs(5))
//!             .await?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod acks;
mod backoff;
mod client;
mod driver;
mod error;
mod event;
mod options;
mod packet;
mod protocol;

pub use backoff::Backoff;
pub use client::{Client, Events, connect};
pub use error::{AckError, EmitError};
pub use event::{Event, Reason};
pub use options::Options;
pub use packet::PacketError;
