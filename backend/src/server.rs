//! The whole server, from the listener to its end. What it consists of is in the other modules.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use shared::limits::SOCKET_MESSAGE_BYTES;
use socketioxide::{ParserConfig, SocketIo, TransportType};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::admin::registry::Registry;
use crate::admin::{self, Admin};
use crate::admission::Admission;
use crate::config::{Config, TurnSecret};
use crate::ice::IceServers;
use crate::lobby::{self, List};
use crate::log::Allowance;
use crate::meetings::Meetings;
use crate::polling::Sessions;
use crate::room_store::RoomStore;
use crate::tutorials::{self, Tutorials, plain_chat};
use crate::{accept, connection, relay, unsent, upgrade, web};

/// How long a client may take to connect to the namespace, and a refused one to go.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long whoever asks for something is told that the server is closing, before it does.
const FAREWELL: Duration = Duration::from_millis(300);

/// How long the connections get to close when the server stops.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// Plain HTTP connections for each WebSocket that there may be: in all, and from one address, where
/// browsers open several at once to load the page.
const PLAIN: usize = 2;
const PLAIN_PER_ADDRESS: usize = 4;

/// Lines in the log about connections that are refused or gone astray, at once and then each second.
const LOG_BURST: u32 = 50;
const LOG_RATE: u32 = 5;

/// Small, because every socket has one; larger messages take several reads.
pub const READ_BUFFER_BYTES: usize = 512;

/// What all connections share.
#[derive(Debug)]
pub struct Server {
    /// What the host has set.
    pub config: Config,
    /// The open rooms.
    pub rooms: RoomStore,
    /// Those who wait to meet someone.
    pub meetings: Meetings,
    /// The rooms that are listed, as published.
    pub list: watch::Sender<List>,
    /// The STUN and TURN servers that browsers are told of.
    pub ice: IceServers,
    /// The count of WebSockets.
    pub sockets: Arc<Admission>,
    /// The sessions of Socket.IO that began as HTTP long-polling, which count among the sockets.
    pub sessions: Arc<Sessions>,
    /// The count of connections that are no WebSockets, or not yet.
    pub plain: Arc<Admission>,
    /// What the admin page may see, if anyone has access to it.
    pub admin: Option<Arc<Admin>>,
    /// How much connections that are nobody's yet can make the log say.
    pub log: Arc<Allowance>,
    closing: watch::Sender<bool>,
}

/// Why the server stopped, other than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The listener is of no use.
    #[error("cannot accept connections")]
    Listen(#[source] std::io::Error),
    /// There is no relay, although the host wants one.
    #[error("cannot run the relay")]
    Relay(#[source] relay::StartError),
}

/// Runs the server on `listener` until `shutdown` is ready; then closes all connections and returns.
///
/// # Errors
/// [`RunError`].
pub async fn run(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), RunError> {
    let secret = config.turn.secret.clone();
    let secret = secret.unwrap_or_else(TurnSecret::random);
    // Runs until the end of this function.
    let relay = relay::start(&config, &secret).map_err(RunError::Relay)?;
    let addresses = relay.as_ref().map_or(&[][..], |relay| relay.addresses());
    let ice = IceServers::new(&config, addresses, secret);
    let server = Arc::new(Server::new(config, ice));
    let (socket_io, io) = socket_io(&server.config);
    connection::open_namespace(&io, &server);
    admin::open_namespace(&io, &server);
    let tutorials = Tutorials::open(&io, &server);
    let router = socket_io
        .layer(from_fn_with_state(Arc::clone(&server), upgrade::check))
        .merge(web::routes(&server));
    let router = match &tutorials {
        Some(Tutorials { plain_chat, .. }) => {
            let chat = Arc::clone(plain_chat);
            router.layer(from_fn_with_state(chat, plain_chat::intercept))
        }
        None => router,
    };
    let serving = accept::serve(listener, router, Arc::clone(&server));
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => return ended.map_err(RunError::Listen),
        never = lobby::publish(&server.rooms, &server.list) => never,
        never = tutorials::run(tutorials.as_ref()) => never,
        () = shutdown => {}
    }
    info!("closing");
    server.close();
    let sockets = async {
        sleep(FAREWELL).await;
        if timeout(CLOSE_TIMEOUT, io.close()).await.is_err() {
            warn!("some connections did not close in time");
        }
    };
    let ((), served) = tokio::join!(sockets, timeout(CLOSE_TIMEOUT, serving));
    match served {
        Ok(ended) => ended.map_err(RunError::Listen),
        Err(_) => {
            warn!("some requests did not end in time");
            Ok(())
        }
    }
}

impl Server {
    fn new(config: Config, ice: IceServers) -> Self {
        let (all, per_address) = (config.max_connections, config.max_connections_per_address);
        Self {
            sockets: Admission::new(all, per_address),
            sessions: Arc::default(),
            plain: Admission::new(PLAIN * all, PLAIN_PER_ADDRESS * per_address),
            log: Arc::new(Allowance::new(LOG_RATE, LOG_BURST)),
            rooms: RoomStore::new(config.room_capacity, config.list_rooms, config.grace_period),
            meetings: Meetings::default(),
            list: watch::Sender::new(List::new()),
            admin: config
                .admin
                .as_ref()
                .map(|access| Arc::new(Admin::new(access))),
            closing: watch::Sender::new(false),
            ice,
            config,
        }
    }

    /// Where connections are seen by the admin page, if anyone has access to it.
    #[must_use]
    pub fn registry(&self) -> Option<Arc<Registry>> {
        let admin = self.admin.as_ref();
        admin.map(|admin| Arc::clone(&admin.registry))
    }

    /// Whether it is being shut down.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Waits until it is being shut down.
    pub async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        // An error would mean that the server is gone altogether.
        let _ = closing.wait_for(|&closing| closing).await;
    }

    fn close(&self) {
        self.closing.send_replace(true);
    }
}

fn socket_io(config: &Config) -> (Router, SocketIo) {
    let builder = SocketIo::builder();
    let builder = if config.tutorials {
        builder.transports([TransportType::Websocket, TransportType::Polling])
    } else {
        builder.transports([TransportType::Websocket])
    };
    let (service, io) = builder
        .req_path("/socket.io")
        .ping_interval(config.ping_interval)
        .ping_timeout(config.ping_timeout)
        .connect_timeout(CONNECT_TIMEOUT)
        .max_buffer_size(unsent::MESSAGES)
        .ws_read_buffer_size(READ_BUFFER_BYTES)
        .max_payload(SOCKET_MESSAGE_BYTES as u64)
        .ws_max_message_size(SOCKET_MESSAGE_BYTES)
        .ws_max_frame_size(SOCKET_MESSAGE_BYTES)
        // The protocol has no binary attachments.
        .with_parser(ParserConfig::common().max_incoming_binaries(0))
        .build_svc();
    // As a layer, axum would make it anew for each request, and a session spans many.
    let router = Router::new().route_service("/socket.io/", service);
    (router, io)
}
