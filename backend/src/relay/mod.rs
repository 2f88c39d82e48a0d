//! The built-in STUN and TURN server: the sockets of what the crate [`turn`] decides. It has a thread of its own, so that
//! neither thousands of packets hold up the signalling nor a busy room the packets. Who gets credentials is left to
//! [`ice`](crate::ice).

mod counters;
mod datagrams;
mod hub;
mod place;
mod ports;
mod source;
mod streams;
mod thread;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;

use mio::{Poll, Waker};
use tracing::{error, info, warn};

use crate::config::{Config, TurnMistake, TurnMode, TurnOptions, TurnSecret};
use counters::{Counters, Shared};
use hub::Hub;
use place::Place;
use ports::RelaySockets;
use source::Source;
use streams::Streams;

/// For each person of a full room: a page allocates for each peer over UDP and over TCP, from each network that its machine
/// is in, and once more before it lets go of what it had.
const ALLOCATIONS_PER_PEER: usize = 8;

/// What one address may have of a family's ports, and of the connections: a third. A school or an office is behind one, but
/// whoever has two, of IPv4 and of IPv6, is not to leave nothing for others.
const SHARE_OF_AN_ADDRESS: usize = 3;

const BYTES_PER_MEGABIT: u64 = 125_000;

/// A running relay; dropping it ends it.
#[derive(Debug)]
pub struct Relay {
    addresses: Vec<SocketAddr>,
    stop: Arc<AtomicBool>,
    waker: Waker,
    counters: Shared,
    thread: Option<JoinHandle<()>>,
}

/// Why there is no relay.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// What is asked for contradicts itself.
    #[error(transparent)]
    Mistake(#[from] TurnMistake),
    /// Its port is taken, most likely.
    #[error("cannot listen on {0}, which --turn-port names")]
    Listen(SocketAddr, #[source] io::Error),
    /// The system has no more threads or file descriptors.
    #[error("cannot set up its thread")]
    Thread(#[source] io::Error),
}

/// Starts it, if the host wants it. That it cannot start is an error only when the host has asked for it.
///
/// # Errors
/// [`StartError`].
pub fn start(config: &Config, secret: &TurnSecret) -> Result<Option<Relay>, StartError> {
    let options = &config.turn;
    options.check()?;
    if options.mode == Some(TurnMode::Off) || !options.external.is_empty() {
        log_that_it_does_not_run(options);
        return Ok(None);
    }
    let advertised = place::advertised(&options.addresses);
    match (Relay::start(config, secret, &advertised), options.mode) {
        (Ok(relay), _) => Ok(Some(relay)),
        (Err(error), None) => {
            warn!(
                reason = reason(&error),
                "there is no relay, so people between whom no direct path is found will not reach each other: \
                 choose another --turn-port, or say --turn off"
            );
            Ok(None)
        }
        (Err(error), Some(TurnMode::On | TurnMode::Off)) => Err(error),
    }
}

fn log_that_it_does_not_run(options: &TurnOptions) {
    if options.external.is_empty() {
        info!("the built-in relay does not run");
    } else {
        info!(urls = ?options.external, "the built-in relay does not run: another takes its place");
    }
    let in_vain = options.of_the_built_in();
    if !in_vain.is_empty() {
        warn!(options = ?in_vain, "these are for the built-in relay, which does not run");
    }
}

impl Relay {
    fn start(
        config: &Config,
        secret: &TurnSecret,
        advertised: &[IpAddr],
    ) -> Result<Self, StartError> {
        let options = &config.turn;
        let places = advertised
            .iter()
            .map(|&ip| Place::listen(ip, options.port))
            .collect::<Result<Vec<_>, _>>()?;
        let addresses: Vec<_> = places.iter().map(Place::advertised).collect();
        let settings = settings(config, secret, &addresses);
        let allow_private = settings.allow_private;
        let limits = &settings.limits;
        let streams = Streams::new(limits.allocations, limits.allocations_per_address);
        let sockets = RelaySockets::new(options.relay_ports);
        let relay = turn::Relay::new(settings, rand::random());
        let poll = Poll::new().map_err(StartError::Thread)?;
        let waker =
            Waker::new(poll.registry(), Source::Waker.token()).map_err(StartError::Thread)?;
        let registry = poll.registry().try_clone().map_err(StartError::Thread)?;
        let hub =
            Hub::new(registry, relay, places, streams, sockets).map_err(StartError::Thread)?;
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let counters = Shared::default();
        let shown = Arc::clone(&counters);
        let thread = std::thread::Builder::new()
            .name("relay".to_owned())
            .spawn(move || thread::run(poll, hub, &told, shown))
            .map_err(StartError::Thread)?;
        for address in &addresses {
            info!(
                ports = %options.relay_ports,
                allow_private,
                "the relay is at {address}, UDP and TCP"
            );
        }
        Ok(Self {
            addresses,
            stop,
            waker,
            counters,
            thread: Some(thread),
        })
    }

    /// Where browsers find it.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What it has done, no older than a second.
    #[must_use]
    pub fn counters(&self) -> Counters {
        *self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Err(error) = self.waker.wake() {
            // Without this it would be waited for in vain.
            error!(%error, "cannot tell the relay to end");
            return;
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            error!("the relay had ended by a panic");
        }
        self.counters().log("the relay is closed");
    }
}

fn settings(config: &Config, secret: &TurnSecret, addresses: &[SocketAddr]) -> turn::Config {
    let options: &TurnOptions = &config.turn;
    let ips = || addresses.iter().map(SocketAddr::ip);
    // Each family has them for itself.
    let ports = options.relay_ports.count();
    let allocations = ports * addresses.len();
    let allow_private = options
        .allow_private
        .unwrap_or_else(|| !ips().any(turn::is_public));
    turn::Config {
        realm: "moim".to_owned(),
        secret: turn::Secret::new(secret.as_bytes()),
        advertised_v4: ips().find_map(place::v4),
        advertised_v6: ips().find_map(place::v6),
        allow_private,
        limits: turn::Limits {
            allocations,
            allocations_per_user: ALLOCATIONS_PER_PEER * config.room_capacity,
            allocations_per_address: ports.div_ceil(SHARE_OF_AN_ADDRESS),
            bytes_per_second: (options.bandwidth as u64).saturating_mul(BYTES_PER_MEGABIT),
            ..turn::Limits::default()
        },
    }
}

/// An error and what led to it, in one sentence.
fn reason(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", reason(source)),
        None => error.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn another_takes_the_place_of_the_built_in_one_but_not_of_one_that_was_asked_for() {
        let start = |mode| {
            let config = Config {
                turn: TurnOptions {
                    mode,
                    external: vec!["turn:turn.example.org".to_owned()],
                    ..TurnOptions::default()
                },
                ..Config::default()
            };
            start(&config, &TurnSecret::random())
        };
        assert!(matches!(
            start(Some(TurnMode::On)),
            Err(StartError::Mistake(TurnMistake::Both))
        ));
        assert!(matches!(start(None), Ok(None)));
    }

    #[test]
    fn there_are_as_many_allocations_as_ports_and_a_third_of_a_familys_for_one_address() {
        let limits = |ports: &str, addresses: &[&str], room_capacity| {
            let config = Config {
                room_capacity,
                turn: TurnOptions {
                    relay_ports: ports.parse().unwrap(),
                    ..TurnOptions::default()
                },
                ..Config::default()
            };
            let at = |ip: &&str| SocketAddr::new(ip.parse().unwrap(), 3478);
            let addresses: Vec<_> = addresses.iter().map(at).collect();
            let limits = settings(&config, &TurnSecret::random(), &addresses).limits;
            [
                limits.allocations,
                limits.allocations_per_address,
                limits.allocations_per_user,
            ]
        };
        let v4 = &["192.0.2.1"][..];
        assert_eq!(limits("49152-50151", v4, 6), [1_000, 334, 48]);
        assert_eq!(limits("49152-49351", v4, 2), [200, 67, 16]);
        assert_eq!(limits("10000-59999", v4, 16), [50_000, 16_667, 128]);
        assert_eq!(limits("3-3", v4, 6), [1, 1, 48]);
        let both = &["192.0.2.1", "2001:db8::1"];
        assert_eq!(limits("49152-50151", both, 6), [2_000, 334, 48]);
    }

    #[test]
    fn private_peers_are_for_those_who_know_the_relay_by_a_private_address() {
        let allows = |addresses: &[&str], said| {
            let turn = TurnOptions {
                allow_private: said,
                ..TurnOptions::default()
            };
            let config = Config {
                turn,
                ..Config::default()
            };
            let at = |ip: &&str| SocketAddr::new(ip.parse().unwrap(), 3478);
            let addresses: Vec<_> = addresses.iter().map(at).collect();
            settings(&config, &TurnSecret::random(), &addresses).allow_private
        };
        // At home, in a container, on loopback, in an overlay network with the addresses of carriers.
        for private in [
            "192.168.1.5",
            "172.17.0.2",
            "127.0.0.1",
            "100.101.102.103",
            "fd00::1",
        ] {
            assert!(allows(&[private], None), "{private}");
            assert!(!allows(&[private], Some(false)), "{private}");
        }
        for public in [&["9.9.9.9"][..], &["192.168.1.5", "2a00::1"]] {
            assert!(!allows(public, None), "{public:?}");
            assert!(allows(public, Some(true)), "{public:?}");
        }
    }

    #[test]
    fn what_is_relayed_in_all_is_the_hosts_to_say() {
        let limit = |bandwidth| {
            let turn = TurnOptions {
                bandwidth,
                ..TurnOptions::default()
            };
            let config = Config {
                turn,
                ..Config::default()
            };
            let limits = settings(&config, &TurnSecret::random(), &[]).limits;
            limits.bytes_per_second
        };
        assert_eq!(limit(8), 1_000_000);
        assert_eq!(limit(TurnOptions::default().bandwidth), 125_000_000);
    }
}
