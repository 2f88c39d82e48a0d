//! What a host sets about the relay: the one that is built in, or another that shares a secret with this server. What
//! follows from it is left to [`relay`](crate::relay) and [`ice`](crate::ice).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::parse;

/// What RFC 8489 §8.4 and RFC 8656 §6 give to STUN and TURN.
const PORT: u16 = 3478;

/// As many as there may be allocations.
const RELAY_PORTS: PortRange = PortRange {
    first: 49152,
    last: 50151,
};

/// What most servers' networks carry, in megabits per second.
const BANDWIDTH: usize = 1_000;

/// As long as a call may last. A page asks for new relayed addresses whenever it looks for another path, and has for that what it
/// was told when it joined: with less, a long call would have no relay just when its network changes.
const CREDENTIAL_LIFETIME: Duration = Duration::from_secs(12 * 3600);

/// What there is to set about the relay.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct TurnOptions {
    /// Whether the built-in STUN and TURN server runs, through which people reach each other where no direct path is
    /// found: `on` or `off` [default: on; where its port is taken, Moim says so and runs without. With `on` said, it
    /// does not start].
    #[arg(id = "turn", long = "turn", env = "MOIM_TURN", value_name = "WHETHER")]
    pub mode: Option<TurnMode>,

    /// The port of the built-in STUN and TURN server, UDP and TCP.
    #[arg(id = "turn_port", long = "turn-port", env = "MOIM_TURN_PORT", value_name = "PORT",
        default_value_t = PORT)]
    pub port: u16,

    /// The UDP ports through which it relays, one for each relayed address: FIRST-LAST.
    #[arg(id = "turn_relay_ports", long = "turn-relay-ports", env = "MOIM_TURN_RELAY_PORTS",
        value_name = "PORTS", default_value_t = RELAY_PORTS)]
    pub relay_ports: PortRange,

    /// What the built-in server relays in all, both ways together, in megabits per second.
    #[arg(id = "turn_bandwidth", long = "turn-bandwidth", env = "MOIM_TURN_BANDWIDTH", value_name = "MBIT/S",
        value_parser = parse::some_number, default_value_t = BANDWIDTH)]
    pub bandwidth: usize,

    /// The address by which the built-in STUN and TURN server is reached from outside, where that is not this machine's
    /// own: behind NAT, in a container. May be given twice, for IPv4 and IPv6, or both in one, separated by a space
    /// [default: the address that leads outwards].
    #[arg(id = "turn_address", long = "turn-address", env = "MOIM_TURN_ADDRESSES", value_name = "ADDRESS",
        value_parser = reachable, value_delimiter = ' ')]
    pub addresses: Vec<IpAddr>,

    /// The secret that credentials for TURN are made of [default: another random one at each start].
    #[arg(
        id = "turn_secret",
        long = "turn-secret",
        env = "MOIM_TURN_SECRET",
        hide_env_values = true,
        value_name = "SECRET"
    )]
    pub secret: Option<TurnSecret>,

    /// Whether the built-in server relays to private addresses too, such as those of a home network [default: only
    /// where it is itself at such an address].
    #[arg(id = "turn_allow_private", long = "turn-allow-private", env = "MOIM_TURN_ALLOW_PRIVATE",
        value_name = "true|false", num_args = 0..=1, default_missing_value = "true",
        value_parser = BoolishValueParser::new())]
    pub allow_private: Option<bool>,

    /// Another TURN server, instead of the built-in one, that knows `--turn-secret` (coturn's `use-auth-secret`):
    /// `turn:HOST[:PORT][?transport=udp|tcp]`. May be given several times, or several in one, separated by spaces.
    #[arg(id = "turn_external", long = "turn-external", env = "MOIM_TURN_EXTERNAL", value_name = "URL",
        value_parser = parse::turn_url, value_delimiter = ' ', requires = "turn_secret")]
    pub external: Vec<String>,

    /// For how long one can begin to use TURN with the credentials that a join gives.
    #[arg(id = "turn_credential_lifetime", long = "turn-credential-lifetime",
        env = "MOIM_TURN_CREDENTIAL_LIFETIME", value_name = "TIME", value_parser = parse::some_time,
        default_value = "12h")]
    pub credential_lifetime: Duration,
}

/// What cannot be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TurnMistake {
    /// There is one or the other.
    #[error("--turn on is for the built-in relay, and --turn-external for another in its place")]
    Both,
    /// Each family has one address.
    #[error("--turn-address takes one IPv4 address and one IPv6 address")]
    TooManyAddresses,
}

/// Whether the built-in relay runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnMode {
    /// It does, or nothing does.
    On,
    /// It does not.
    Off,
}

/// UDP ports, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// The lowest.
    pub first: u16,
    /// The highest; not lower.
    pub last: u16,
}

/// What credentials for TURN are made of. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct TurnSecret(Vec<u8>);

impl TurnSecret {
    /// A new one that nobody knows.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random::<[u8; 32]>().to_vec())
    }

    /// The secret itself.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TurnSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TurnSecret(…)")
    }
}

impl TurnOptions {
    /// Whether the options agree with each other.
    ///
    /// # Errors
    /// [`TurnMistake`].
    pub fn check(&self) -> Result<(), TurnMistake> {
        if self.mode == Some(TurnMode::On) && !self.external.is_empty() {
            return Err(TurnMistake::Both);
        }
        let of_v4 = self.addresses.iter().filter(|address| address.is_ipv4());
        let of_v4 = of_v4.count();
        if of_v4 > 1 || self.addresses.len() - of_v4 > 1 {
            return Err(TurnMistake::TooManyAddresses);
        }
        Ok(())
    }

    /// The options set that say how the built-in relay is to run.
    #[must_use]
    pub fn of_the_built_in(&self) -> Vec<&'static str> {
        let unset = Self::default();
        let set = [
            ("--turn-port", self.port != unset.port),
            ("--turn-relay-ports", self.relay_ports != unset.relay_ports),
            ("--turn-bandwidth", self.bandwidth != unset.bandwidth),
            ("--turn-address", self.addresses != unset.addresses),
            (
                "--turn-allow-private",
                self.allow_private != unset.allow_private,
            ),
        ];
        set.into_iter()
            .filter_map(|(name, is_set)| is_set.then_some(name))
            .collect()
    }
}

/// No relay, and all else as it is when nothing is set.
impl Default for TurnOptions {
    fn default() -> Self {
        Self {
            mode: Some(TurnMode::Off),
            port: PORT,
            relay_ports: RELAY_PORTS,
            bandwidth: BANDWIDTH,
            addresses: Vec::new(),
            secret: None,
            allow_private: None,
            external: Vec::new(),
            credential_lifetime: CREDENTIAL_LIFETIME,
        }
    }
}

impl PortRange {
    /// How many there are.
    #[must_use]
    pub fn count(self) -> usize {
        usize::from(self.last.saturating_sub(self.first)) + 1
    }
}

impl FromStr for TurnMode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err("choose on or off"),
        }
    }
}

impl FromStr for PortRange {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ports = text.split_once('-').and_then(|(first, last)| {
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            (0 < first && first <= last).then_some(Self { first, last })
        });
        ports.ok_or("give two ports, the lower first, such as 49152-50151")
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl FromStr for TurnSecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err("give a long secret, such as `openssl rand -hex 32` makes");
        }
        Ok(Self(text.into()))
    }
}

fn reachable(text: &str) -> Result<IpAddr, String> {
    match text.parse::<IpAddr>() {
        Ok(address) if !address.is_unspecified() && !address.is_multicast() => {
            Ok(address.to_canonical())
        }
        Ok(_) => Err("give the address of one machine".to_owned()),
        Err(_) => Err("give an IP address, such as 192.0.2.1 or 2001:db8::1".to_owned()),
    }
}
