//! The dialects of the tutorials, so that a page written after one of them works with this server. Off unless
//! the host turns them on. Each dialect has a file, which says what it serves; what holds for all is in
//! `connection`, `hub` and `space`. docs/tutorials.md maps the tutorials onto them.
//!
//! Those of Socket.IO share its default namespace, where no two of them have an event in common. Each has its
//! own room space: neither another dialect's rooms nor Moim's own are in it.

pub mod arguments;
mod call;
mod chat;
mod classic;
mod codelab;
mod connection;
mod hub;
pub mod plain_chat;
mod say;
mod space;

use std::sync::Arc;

use socketioxide::SocketIo;

use crate::server::Server;
use hub::Hub;
use plain_chat::PlainChat;

/// The dialects, spoken.
#[derive(Debug)]
pub struct Tutorials {
    hub: Arc<Hub>,
    /// The one without Socket.IO.
    pub plain_chat: Arc<PlainChat>,
}

impl Tutorials {
    /// Opens the default namespace on `io`, if the host wants it.
    #[must_use]
    pub fn open(io: &SocketIo, server: &Arc<Server>) -> Option<Self> {
        server.config.tutorials.then(|| {
            let hub = Arc::new(Hub::new());
            connection::open_namespace(io, server, &hub);
            let plain_chat = PlainChat::new(Arc::clone(server));
            Self { hub, plain_chat }
        })
    }
}

/// Brings late what was put off.
pub async fn run(tutorials: Option<&Tutorials>) -> ! {
    match tutorials {
        Some(tutorials) => tutorials.hub.bring_late_news().await,
        None => std::future::pending().await,
    }
}
