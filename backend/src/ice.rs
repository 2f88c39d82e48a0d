//! The STUN and TURN servers that a browser is told of: those the host has named, and the relay, with credentials for this one
//! browser. Relaying is left to [`relay`](crate::relay) or to another machine.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use shared::PeerId;
use shared::room::IceServer;

use crate::config::{Config, TurnSecret};

/// The servers there are.
#[derive(Debug)]
pub struct IceServers {
    named: Vec<IceServer>,
    relay: Option<OurRelay>,
}

/// A relay that takes credentials that are made here.
#[derive(Debug)]
struct OurRelay {
    stun: Vec<String>,
    turn: Vec<String>,
    secret: TurnSecret,
    lifetime: Duration,
}

/// As whom someone uses the relay, which bounds what each of them takes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayUser {
    /// A member of a room, as its other members know them; the same on the next join.
    Member(PeerId),
    /// A connection that is in no room, by a number that means nothing else.
    Nobody(u64),
}

impl IceServers {
    /// Those of the configuration, and the built-in relay where it runs, at these addresses.
    #[must_use]
    pub fn new(config: &Config, relay: &[SocketAddr], secret: TurnSecret) -> Self {
        let options = &config.turn;
        let at = |scheme: &str, rest: &str| {
            let url = |address: &SocketAddr| format!("{scheme}:{address}{rest}");
            relay.iter().map(url).collect::<Vec<_>>()
        };
        let turn = if options.external.is_empty() {
            [at("turn", "?transport=udp"), at("turn", "?transport=tcp")].concat()
        } else {
            options.external.clone()
        };
        Self {
            named: config.ice_servers.clone(),
            relay: (!turn.is_empty()).then(|| OurRelay {
                stun: at("stun", ""),
                turn,
                secret,
                lifetime: options.credential_lifetime,
            }),
        }
    }

    /// The servers for one browser.
    #[must_use]
    pub fn told_to(&self, user: RelayUser) -> Vec<IceServer> {
        let mut servers = self.named.clone();
        if let Some(relay) = &self.relay {
            if !relay.stun.is_empty() {
                servers.push(IceServer {
                    urls: relay.stun.clone(),
                    username: None,
                    credential: None,
                });
            }
            let expires = unix_seconds().saturating_add(relay.lifetime.as_secs());
            let secret = turn::Secret::new(relay.secret.as_bytes());
            let turn::Credentials { username, password } =
                secret.credentials(&user.name(), expires);
            servers.push(IceServer {
                urls: relay.turn.clone(),
                username: Some(username),
                credential: Some(password),
            });
        }
        servers
    }
}

impl RelayUser {
    fn name(self) -> String {
        match self {
            Self::Member(peer) => peer
                .as_bytes()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            Self::Nobody(number) => format!("{number:016x}"),
        }
    }
}

/// The wall clock, as credentials have it.
#[must_use]
pub fn unix_seconds() -> u64 {
    // A clock that is set before 1970 lets nobody in.
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
