//! What the candidates that a browser gathers say about the one server that it was given.

use super::plan::Transport;
use super::view::{Finding, Problem, Status};

/// Something that happened while candidates were gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GatheringEvent {
    /// There is a candidate.
    Candidate(Candidate),
    /// The server could not be asked, or said no.
    Error(GatheringError),
    /// The browser has gathered all that there is.
    Done {
        /// Whether this browser reports errors at all.
        tells_errors: bool,
    },
    /// The browser does not even try: it cannot make anything of the URL.
    Refused,
}

/// A local candidate (W3C webrtc-pc `RTCIceCandidate`), as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What sort it is.
    pub kind: CandidateKind,
    /// Its address, unless the browser hides it.
    pub address: Option<String>,
}

/// W3C webrtc-pc `RTCIceCandidateType`, for UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CandidateKind {
    /// `host`: an address of this device.
    Host,
    /// `srflx`: the address by which a STUN server sees it.
    Reflexive,
    /// `relay`: an address at a TURN server.
    Relay,
}

/// W3C webrtc-pc `RTCPeerConnectionIceErrorEvent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatheringError {
    /// The server's STUN error code (RFC 8489 §14.8), or 701 if none came from it.
    pub code: u16,
    /// The network of this device from which it was tried, if the browser says.
    pub from: Option<Family>,
}

/// Of which protocol an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// That of an address as browsers write it; `None` for a name.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        if address.contains(':') {
            Some(Self::V6)
        } else if address.split('.').count() == 4
            && address.starts_with(|c: char| c.is_ascii_digit())
        {
            Some(Self::V4)
        } else {
            None
        }
    }
}

/// The code of a server that was not reached.
const UNREACHABLE: u16 = 701;

/// What has been gathered so far.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    networks: Vec<Family>,
    errors: Vec<GatheringError>,
}

impl Gathering {
    /// Takes in what came; says how the test ended, once it has.
    pub fn hear(&mut self, transport: Transport, event: GatheringEvent) -> Option<Status> {
        match event {
            GatheringEvent::Candidate(Candidate { kind, address }) => match (kind, transport) {
                (CandidateKind::Reflexive, Transport::Stun) => {
                    Some(Status::Passed(Finding::Reflexive { address }))
                }
                (
                    CandidateKind::Relay,
                    Transport::TurnUdp | Transport::TurnTcp | Transport::TurnTls,
                ) => Some(Status::Passed(Finding::Relay { address })),
                (CandidateKind::Host, _) => {
                    self.networks
                        .extend(address.as_deref().and_then(Family::of));
                    None
                }
                (CandidateKind::Reflexive | CandidateKind::Relay, _) => None,
            },
            GatheringEvent::Error(error) => {
                self.errors.push(error);
                None
            }
            GatheringEvent::Done { tells_errors } => Some(match transport {
                // One that sees this device by its own address adds no candidate.
                Transport::Stun if tells_errors && !self.failed_everywhere() => {
                    Status::Passed(Finding::OwnAddress)
                }
                Transport::Stun | Transport::TurnUdp | Transport::TurnTcp | Transport::TurnTls => {
                    Status::Failed(self.problem(transport))
                }
            }),
            GatheringEvent::Refused => Some(Status::Failed(Problem::BadAddress)),
        }
    }

    pub fn out_of_time(&self, transport: Transport) -> Status {
        Status::Failed(self.problem(transport))
    }

    /// A server with addresses of one protocol only fails on a device's networks of the other.
    fn failed_everywhere(&self) -> bool {
        let failed = |network: &Family| {
            (self.errors.iter()).any(|error| error.from.is_none_or(|from| from == *network))
        };
        if self.networks.is_empty() {
            !self.errors.is_empty()
        } else {
            self.networks.iter().all(failed)
        }
    }

    /// What a server itself has said tells more than that another network did not reach it.
    fn problem(&self, transport: Transport) -> Problem {
        let codes = || self.errors.iter().map(|error| error.code);
        match codes().find(|code| *code != UNREACHABLE).or(codes().next()) {
            None => Problem::Silent(transport),
            Some(UNREACHABLE) => Problem::Unreachable(transport),
            Some(401 | 441) => Problem::Credentials,
            Some(403) => Problem::Forbidden,
            Some(438) => Problem::StaleNonce,
            Some(486) => Problem::Quota,
            Some(508) => Problem::Capacity,
            Some(code) => Problem::Code(code),
        }
    }
}
