//! Moim's protocol: every event, payload, reply, rejection, peer message, id and limit, typed once
//! for the server and the page. It does no IO and knows no transport: sockets, JSON and clocks are
//! the callers'.

#![warn(missing_docs)]

pub mod event;
pub mod ids;
pub mod limits;
pub mod names;
pub mod peer;
pub mod rejection;
pub mod remembered;
pub mod report;
pub mod room;
pub mod signal;
pub mod to_browser;
pub mod to_server;

pub use event::{ClientEvent, Event, NAMESPACE, PROTOCOL_VERSION, ServerEvent};
pub use ids::{Epoch, PeerId, Secret};
pub use names::{NameError, Nickname, RoomName};
pub use peer::PeerMessage;
pub use rejection::Rejection;
