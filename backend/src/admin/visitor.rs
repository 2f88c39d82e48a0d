//! One admin page's connection: its login, and what it is told. What it asks for is left to
//! [`desk`](super::desk).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use socketioxide::extract::{Extension, HttpExtension, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::{SendError, SocketError, SocketIo};
use tokio::time::{interval, sleep};
use tracing::info;

use super::Admin;
use super::desk::Desk;
use super::login::{Credentials, Refusal, Welcome};
use super::payload::{NAMESPACE, ToAdmin, reason};
use super::sight::Sight;
use crate::connection::gate::Gate;
use crate::connection::line::{End, Line};
use crate::connection::prepared::Prepared;
use crate::connection::task::hang_up;
use crate::server::Server;

/// How often the page is told how the server is.
const STATS_INTERVAL: Duration = Duration::from_secs(2);

/// How soon it is tried again to send to a page whose buffer is full.
const SEND_AGAIN: Duration = Duration::from_millis(20);

/// What the greeting prepares for the connection's task.
struct Beginning {
    welcome: Welcome,
    end: End,
    sight: Sight,
}

/// Why a page cannot connect.
enum Refused {
    TooManyConnections,
    Login(Refusal),
}

/// Opens the namespace on `io`, if anyone has access to it. Pages of other sites may connect to this
/// one: a browser adds nothing to what they send, so that without the password they are as far as anyone.
pub fn open_namespace(io: &SocketIo, server: &Arc<Server>) {
    let Some(admin) = server.admin.clone() else {
        return;
    };
    let server = Arc::clone(server);
    let desk_admin = Arc::clone(&admin);
    let greet = async move |socket: SocketRef,
                            TryData(credentials): TryData<Credentials>,
                            HttpExtension(gate): HttpExtension<Arc<Gate>>| {
        let greeted = greet(&desk_admin, credentials.ok(), &gate).await;
        match greeted {
            Ok(welcome) => {
                prepare(&socket, &desk_admin, gate, welcome);
                Ok(())
            }
            Err(refused) => {
                gate.trace().greeted();
                gate.trace().refused(&format!("the admin page: {refused}"));
                Err(refused)
            }
        }
    };
    let start = async move |socket: SocketRef,
                            Extension(prepared): Extension<Prepared<Beginning>>,
                            HttpExtension(gate): HttpExtension<Arc<Gate>>| {
        if let Some(Beginning {
            welcome,
            end,
            sight,
        }) = prepared.take()
        {
            gate.trace().greeted();
            let line = Line::new(socket, end, gate.unsent().clone(), sight);
            attend(&server, &admin, &gate, line, welcome).await;
        }
    };
    io.ns(NAMESPACE, start.with(greet));
}

async fn greet(
    admin: &Admin,
    credentials: Option<Credentials>,
    gate: &Gate,
) -> Result<Welcome, Refused> {
    if !gate.has_room() {
        return Err(Refused::TooManyConnections);
    }
    let credentials = credentials.ok_or(Refused::Login(Refusal::InvalidCredentials))?;
    let network = gate.admitted().network();
    let welcome = admin.logins.admit(credentials, network).await;
    welcome.map_err(Refused::Login)
}

fn prepare(socket: &SocketRef, admin: &Arc<Admin>, gate: Arc<Gate>, welcome: Welcome) {
    let end = End::of(socket);
    Desk::open(Arc::clone(admin), gate, end.clone(), socket);
    let sight = Sight::of(Some(&admin.registry), NAMESPACE, socket);
    let beginning = Beginning {
        welcome,
        end,
        sight,
    };
    Prepared::leave(socket, beginning);
}

/// Tells the page of that line until its end.
async fn attend(server: &Server, admin: &Admin, gate: &Gate, line: Line, welcome: Welcome) {
    let address = gate.admitted().address();
    info!(%address, "the admin page has logged in");
    let (end, sight) = (line.end().clone(), line.sight().clone());
    sight.appears(address, line.socket(), &end);
    let Some(key) = sight.key() else {
        return;
    };
    let (watching, mut waiting) = admin.registry.watch(key, end.clone(), admin.features());
    let page = Page { line };
    match welcome {
        Welcome::New(session) => page.deliver(&ToAdmin::Session(session)).await,
        Welcome::Back => {}
    }
    let closing = server.closed();
    tokio::pin!(closing);
    let mut stats = interval(STATS_INTERVAL);
    let ending = loop {
        tokio::select! {
            biased;
            () = &mut closing => return,
            ending = end.declared() => break ending,
            Some(message) = waiting.recv() => page.deliver(&message).await,
            _ = stats.tick() => page.deliver(&ToAdmin::ServerStats(admin.stats())).await,
        }
    };
    drop((watching, waiting));
    gate.log_end(&ending);
    hang_up(page.line, None).await;
    sight.vanishes(reason(ending.reason()));
}

/// The way to one page.
struct Page {
    line: Line,
}

impl Page {
    /// Sends it as soon as there is room for it, unless the page ends.
    async fn deliver(&self, message: &ToAdmin) {
        let Self { line } = self;
        // All sockets at once may be more than may wait, but come only once.
        let may_wait =
            || matches!(message, ToAdmin::AllSockets(_)) || line.unsent().add(message).is_ok();
        let emitted = || match line.socket().emit(message.name(), message) {
            Err(SendError::Socket(SocketError::InternalChannelFull)) => false,
            sent => {
                line.end().note(sent);
                true
            }
        };
        self.keep_trying(may_wait).await;
        self.keep_trying(emitted).await;
    }

    async fn keep_trying(&self, succeeds: impl Fn() -> bool) {
        while !succeeds() {
            tokio::select! {
                _ = self.line.end().declared() => return,
                () = sleep(SEND_AGAIN) => {}
            }
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyConnections => f.write_str("too many connections"),
            Self::Login(refusal) => refusal.fmt(f),
        }
    }
}
