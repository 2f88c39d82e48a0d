//! Everything that a host sets, by flag or environment: its defaults, its help and its checks. What
//! follows from it is left to those who read it.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser};
use shared::limits;
use shared::room::{IceServer, Listing};

use crate::origin::Origin;
use crate::password::PasswordHash;

mod parse;
mod turn;

pub use turn::{PortRange, TurnMistake, TurnMode, TurnOptions, TurnSecret};

/// The port that `http://localhost:3000` means.
const PORT: u16 = 3000;
const GRACE_PERIOD: Duration = Duration::from_secs(15);
const PING_INTERVAL: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);
const BYTES_PER_EVENT: u32 = 2048;
const MAX_CONNECTIONS: usize = 10_000;
/// A school or an office behind one address has this many tabs open, hardly more.
const MAX_CONNECTIONS_PER_ADDRESS: usize = 500;

/// Moim, a video-calling server for you and your people.
///
/// Serves the page, relays the signalling, and sees neither sound nor picture nor chat.
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(name = "moim", version)]
pub struct Config {
    /// The address to listen on [default: every address of this machine, IPv4 and IPv6].
    #[arg(long, env = "MOIM_BIND", value_name = "ADDRESS")]
    pub bind: Option<IpAddr>,

    /// The port to listen on.
    #[arg(long, env = "PORT", default_value_t = PORT)]
    pub port: u16,

    /// How many people a room holds, 2 to 16.
    #[arg(long, env = "MOIM_ROOM_CAPACITY", value_name = "PEOPLE", value_parser = parse::capacity,
        default_value_t = limits::DEFAULT_ROOM_CAPACITY)]
    pub room_capacity: usize,

    /// Which rooms the welcome page lists: `opt-in` those whose opener asked for it, `all` those whose
    /// opener did not ask otherwise, `off` none.
    #[arg(long, env = "MOIM_LIST_ROOMS", value_name = "WHICH", value_parser = parse::listing,
        default_value = "opt-in")]
    pub list_rooms: Listing,

    /// How long someone whose connection is lost keeps their place, such as `15s` or `500ms`.
    #[arg(long, env = "MOIM_GRACE_PERIOD", value_name = "TIME", value_parser = parse::duration,
        default_value = "15s")]
    pub grace_period: Duration,

    /// A STUN or TURN server that browsers shall use:
    /// `stun:HOST[:PORT]` or
    /// `turn:HOST[:PORT][?transport=tcp],username=NAME,credential=SECRET`.
    /// May be given several times, or several in one, separated by spaces. The user name may have no
    /// comma and no space, the credential no space.
    #[arg(long = "ice-server", env = "MOIM_ICE_SERVERS", hide_env_values = true, value_name = "SERVER",
        value_parser = parse::ice_server, value_delimiter = ' ')]
    pub ice_servers: Vec<IceServer>,

    /// The relay that is built in, or another that shares a secret with this server.
    #[command(flatten)]
    pub turn: TurnOptions,

    /// How often each connection is asked for a sign of life.
    #[arg(long, env = "MOIM_PING_INTERVAL", value_name = "TIME", value_parser = parse::some_time,
        default_value = "10s")]
    pub ping_interval: Duration,

    /// How long it may take to give it. A connection that takes nothing of what it is sent is closed
    /// after twice this time and the interval together.
    #[arg(long, env = "MOIM_PING_TIMEOUT", value_name = "TIME", value_parser = parse::some_time,
        default_value = "5s")]
    pub ping_timeout: Duration,

    /// How many WebSockets there may be in all: one for each open page. There may be twice as many
    /// other connections.
    #[arg(long, env = "MOIM_MAX_CONNECTIONS", value_name = "NUMBER", value_parser = parse::some_number,
        default_value_t = MAX_CONNECTIONS)]
    pub max_connections: usize,

    /// How many WebSockets one address may have: all tabs of all people behind one router, and
    /// everyone behind one reverse proxy. There may be four times as many other connections. Of IPv6,
    /// a /64 counts as one address.
    #[arg(long, env = "MOIM_MAX_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER",
        value_parser = parse::some_number, default_value_t = MAX_CONNECTIONS_PER_ADDRESS)]
    pub max_connections_per_address: usize,

    /// How many events a connection may send each second in the long run [default: 16, and 4 for each
    /// person that a room holds].
    #[arg(long, env = "MOIM_EVENT_RATE", value_name = "EVENTS")]
    pub event_rate: Option<NonZeroU32>,

    /// How many events a connection may send at once [default: 64, and 32 for each person that a room
    /// holds].
    #[arg(long, env = "MOIM_EVENT_BURST", value_name = "EVENTS")]
    pub event_burst: Option<NonZeroU32>,

    /// Who may use the Socket.IO admin page; nobody when not set.
    #[command(flatten)]
    pub admin: Option<AdminAccess>,

    /// Serve the page from this folder, which trunk has made, instead of the one that is built in.
    #[arg(long, env = "MOIM_PAGE", value_name = "FOLDER")]
    pub page: Option<PathBuf>,

    /// Speak the dialects of the tutorials too, so that their pages work with this server: see
    /// docs/tutorials.md.
    #[arg(long, env = "MOIM_TUTORIALS", value_parser = BoolishValueParser::new())]
    pub tutorials: bool,

    /// Serve this folder in place of Moim's page.
    #[arg(
        long,
        env = "MOIM_STATIC_DIR",
        value_name = "FOLDER",
        conflicts_with = "page"
    )]
    pub static_dir: Option<PathBuf>,

    /// Let pages of that origin in, such as `https://pages.example.org`. May be given several times, or
    /// several in one, separated by spaces.
    #[arg(long = "allow-origin", env = "MOIM_ALLOW_ORIGINS", value_name = "ORIGIN",
        value_parser = parse::origin, value_delimiter = ' ')]
    pub allow_origins: Vec<Origin>,

    /// What goes into the log: `error`, `warn`, `info`, `debug` or `trace`, or finer, such as
    /// `warn,backend=debug`.
    #[arg(long, env = "MOIM_LOG", value_name = "LEVEL", value_parser = parse::log,
        default_value = "info")]
    pub log: String,
}

/// Who may use the Socket.IO admin page, and for what.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct AdminAccess {
    /// Let the Socket.IO admin page connect, under this user name and the password of
    /// `--admin-password-hash`. It shows who is connected from where, in which rooms, and what is sent,
    /// but for descriptions, candidates and secrets.
    #[arg(id = "admin_user", long = "admin-user", env = "MOIM_ADMIN_USER", value_name = "NAME",
        required = false, requires = "admin_password_hash", value_parser = parse::admin_user)]
    pub user: String,

    /// The admin page's password as a bcrypt hash: what `moim hash-password` prints.
    #[arg(id = "admin_password_hash", long = "admin-password-hash", env = "MOIM_ADMIN_PASSWORD_HASH",
        hide_env_values = true, value_name = "HASH", required = false, requires = "admin_user",
        value_parser = parse::password_hash)]
    pub password_hash: PasswordHash,

    /// Let the admin page look, but neither disconnect anyone nor put anyone out of a room.
    #[arg(
        id = "admin_read_only",
        long = "admin-read-only",
        env = "MOIM_ADMIN_READ_ONLY",
        requires = "admin_user"
    )]
    pub read_only: bool,
}

impl Config {
    /// Events each second that a connection may keep up.
    #[must_use]
    pub fn event_rate_or_default(&self) -> u32 {
        self.event_rate
            .map_or_else(|| 16 + 4 * self.people(), NonZeroU32::get)
    }

    /// Events that a connection may send at once. Someone who enters a full room sends each peer an
    /// offer and some ten lists of candidates; someone who changes networks does the same again.
    #[must_use]
    pub fn event_burst_or_default(&self) -> u32 {
        self.event_burst
            .map_or_else(|| 64 + 32 * self.people(), NonZeroU32::get)
    }

    /// Bytes of signals that a connection may send each second, and at once: of all its events few carry
    /// a description, of some 12 kB, and the others some hundred bytes.
    #[must_use]
    pub fn signal_bytes(&self) -> (u32, u32) {
        // Each by itself must be able to go.
        let largest = u32::try_from(limits::SOCKET_MESSAGE_BYTES).unwrap_or(u32::MAX);
        let bytes = |events: u32| events.saturating_mul(BYTES_PER_EVENT).max(largest);
        (
            bytes(self.event_rate_or_default()),
            bytes(self.event_burst_or_default()),
        )
    }

    /// How long a connection may take nothing of what it is sent. A WebSocket that is alive has
    /// answered a ping by half of it.
    #[must_use]
    pub fn send_timeout(&self) -> Duration {
        2 * (self.ping_interval + self.ping_timeout)
    }

    fn people(&self) -> u32 {
        u32::try_from(self.room_capacity).unwrap_or(u32::MAX / 64)
    }
}

/// What holds when nothing is set; the environment is not read. But for the relay: a server that a test or another
/// program starts has none unless told to, so that any number of them can run side by side.
impl Default for Config {
    fn default() -> Self {
        Self {
            bind: None,
            port: PORT,
            room_capacity: limits::DEFAULT_ROOM_CAPACITY,
            list_rooms: Listing::OptIn,
            grace_period: GRACE_PERIOD,
            ice_servers: Vec::new(),
            turn: TurnOptions::default(),
            ping_interval: PING_INTERVAL,
            ping_timeout: PING_TIMEOUT,
            max_connections: MAX_CONNECTIONS,
            max_connections_per_address: MAX_CONNECTIONS_PER_ADDRESS,
            event_rate: None,
            event_burst: None,
            admin: None,
            page: None,
            tutorials: false,
            static_dir: None,
            allow_origins: Vec::new(),
            log: "info".to_owned(),
        }
    }
}
