//! What there is to be tested: the rows of the check, and each STUN or TURN server by each way that a
//! browser can take to it.

use shared::room::IceServer;

use super::view::{Row, Test};

/// Most ways that are tried. The server is not to be trusted with the person's patience.
const MOST_TARGETS: usize = 16;

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// STUN over UDP, the only way in which browsers ask for their address.
    Stun,
    /// TURN over UDP.
    TurnUdp,
    /// TURN over TCP.
    TurnTcp,
    /// TURN over TLS over TCP.
    TurnTls,
}

/// One server by one way, for a browser to gather from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// With one URL, that says the way.
    pub server: IceServer,
    /// The way.
    pub transport: Transport,
}

impl Target {
    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.urls.first().map_or("", String::as_str)
    }
}

/// The tests in their order. The speaker comes last, since it waits for the person: nothing waits for it.
pub(super) fn rows() -> Vec<Row> {
    [
        Test::Camera,
        Test::Microphone,
        Test::Server,
        Test::IceServers,
        Test::Call,
        Test::Speaker,
    ]
    .map(Row::new)
    .into()
}

/// Each URL by each way that it allows, each once.
pub(super) fn targets(servers: &[IceServer]) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    let all =
        (servers.iter()).flat_map(|server| server.urls.iter().flat_map(|url| ways(server, url)));
    for target in all {
        if targets.len() < MOST_TARGETS && !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}

/// RFC 7065 §3.1: a `turn:` URL that names no transport leaves it open.
fn ways(server: &IceServer, url: &str) -> Vec<Target> {
    let by = |transport, url: String| Target {
        server: IceServer {
            urls: vec![url],
            ..server.clone()
        },
        transport,
    };
    let scheme = url.split(':').next().unwrap_or_default();
    let is = |name: &str| scheme.eq_ignore_ascii_case(name);
    let whole = || url.to_owned();
    if is("turns") {
        vec![by(Transport::TurnTls, whole())]
    } else if !is("turn") {
        vec![by(Transport::Stun, whole())]
    } else if url.ends_with("?transport=udp") {
        vec![by(Transport::TurnUdp, whole())]
    } else if url.ends_with("?transport=tcp") {
        vec![by(Transport::TurnTcp, whole())]
    } else {
        vec![
            by(Transport::TurnUdp, format!("{url}?transport=udp")),
            by(Transport::TurnTcp, format!("{url}?transport=tcp")),
        ]
    }
}

/// The relay that a call would prefer: by UDP, where that answered.
pub(super) fn best_relay(relays: &[Target]) -> Option<Target> {
    relays.iter().min_by_key(|relay| relay.transport).cloned()
}
