//! A browser's peer connection, as far as a call can tell: its signalling state, its transceivers,
//! its ICE credentials. Whatever a real one would refuse or get wrong makes the test fail.

use std::collections::VecDeque;

use call::input::{LinkEvent, LinkState};
use call::measure::Measurement;
use call::output::{
    IceCredentials, IceTransportPolicy, LinkCommand, LinkId, LinkRole, SendLimits, Slot,
};
use shared::PeerId;
use shared::room::IceServer;
use shared::signal::IceCandidate;

/// What a transceiver count should come to: microphone, camera, screen, screen sound.
pub const M_LINES: usize = 4;

/// Addresses that a browser gathers.
const HOST: &str = "10.0.0.1 9 typ host";
const RELAY: &str = "203.0.113.5 9 typ relay raddr 10.0.0.1 rport 9";

/// W3C webrtc-pc `RTCSignalingState`. `AcceptOffer` passes through `have-remote-offer` in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalingState {
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
}

/// Setting a description, the only thing that changes the state (JSEP, RFC 8829 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    LocalOffer,
    LocalAnswer,
    RemoteOffer,
    RemoteAnswer,
}

impl SignalingState {
    /// The state after it, or `None` where a browser throws `InvalidStateError`. A remote offer in
    /// `have-local-offer` rolls the own one back first.
    pub fn after(self, setting: Setting) -> Option<Self> {
        match (self, setting) {
            (Self::Stable | Self::HaveLocalOffer, Setting::LocalOffer) => {
                Some(Self::HaveLocalOffer)
            }
            (Self::Stable | Self::HaveLocalOffer | Self::HaveRemoteOffer, Setting::RemoteOffer) => {
                Some(Self::HaveRemoteOffer)
            }
            (Self::HaveLocalOffer, Setting::RemoteAnswer)
            | (Self::HaveRemoteOffer, Setting::LocalAnswer) => Some(Self::Stable),
            (Self::HaveRemoteOffer, Setting::LocalOffer | Setting::RemoteAnswer)
            | (Self::Stable, Setting::LocalAnswer | Setting::RemoteAnswer)
            | (Self::HaveLocalOffer, Setting::LocalAnswer) => None,
        }
    }
}

/// A description's content: what a real SDP would say in many more words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The connection that made it (its DTLS fingerprint, so to speak).
    pub connection: u64,
    /// Its ICE user-name fragment.
    pub ufrag: String,
    /// How many media descriptions it has.
    pub m_lines: usize,
    /// Of an answer: the offer's ICE user-name fragment.
    pub answers: Option<String>,
}

impl Description {
    fn to_sdp(&self) -> String {
        let answers = self.answers.as_deref().unwrap_or("-");
        format!(
            "{} {} {answers}\r\na=ice-ufrag:{}\r\n",
            self.connection, self.m_lines, self.ufrag
        )
    }

    fn from_sdp(sdp: &str) -> Self {
        let mut words = sdp.split_whitespace();
        let mut word = || words.next().unwrap();
        let connection = word().parse().unwrap();
        let m_lines = word().parse().unwrap();
        let answers = Some(word()).filter(|text| *text != "-").map(str::to_owned);
        let ufrag = word().strip_prefix("a=ice-ufrag:").unwrap().to_owned();
        Self {
            connection,
            ufrag,
            m_lines,
            answers,
        }
    }
}

/// What makes a slot send again that sends nothing although it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ailment {
    SentAfresh,
    Restarted,
    Replaced,
}

/// What a connection does by itself, one after the other.
#[derive(Debug)]
pub enum Work {
    CreateOffer(IceCredentials),
    AcceptOffer { sdp: String },
    AcceptAnswer { sdp: String },
    Tell(LinkEvent),
}

/// An `RTCPeerConnection`.
#[derive(Debug)]
pub struct Connection {
    /// Tells it from all others.
    pub number: u64,
    pub page: usize,
    pub link: LinkId,
    pub peer: PeerId,
    signaling: SignalingState,
    /// Transceivers that stand for an m-line of a description in force, and those that don't.
    associated: usize,
    unassociated: usize,
    restarts: u32,
    /// How many exchanges of descriptions were completed here: ICE begins to look anew with each.
    pub exchanges: u32,
    /// In force.
    local: Option<Description>,
    remote: Option<Description>,
    /// On offer.
    pending: Option<Description>,
    role: LinkRole,
    /// Whether an own offer was ever answered.
    was_answered: bool,
    pub remote_candidates: usize,
    /// All candidates of the peer's that were ever added.
    pub told: Vec<String>,
    pub ice_servers: Vec<IceServer>,
    pub transport: IceTransportPolicy,
    /// Credentials with which the path has broken.
    broken: Option<String>,
    pub state: LinkState,
    pub channel_is_open: bool,
    /// The connection at the other end, once they have met.
    pub met: Option<u64>,
    pub limits: Option<SendLimits>,
    /// What the path carries from here, in bits per second, as the browser finds out.
    pub carries: Option<u32>,
    /// How many times it was told of limits.
    pub limited: u32,
    /// Slots that send nothing although they should.
    pub ailments: [Option<Ailment>; 4],
    /// How many times tracks were sent afresh.
    pub sent_afresh: u32,
    /// What has come in so far.
    pub measurement: Measurement,
    pub work: VecDeque<Work>,
    is_busy: bool,
}

impl Connection {
    pub fn new(number: u64, page: usize, link: LinkId, peer: PeerId, role: LinkRole) -> Self {
        Self {
            told: Vec::new(),
            ice_servers: Vec::new(),
            transport: IceTransportPolicy::All,
            number,
            page,
            link,
            peer,
            signaling: SignalingState::Stable,
            associated: 0,
            unassociated: match role {
                LinkRole::Offerer => M_LINES,
                LinkRole::Answerer => 0,
            },
            restarts: 0,
            exchanges: 0,
            local: None,
            remote: None,
            pending: None,
            role,
            was_answered: false,
            remote_candidates: 0,
            broken: None,
            state: LinkState::New,
            channel_is_open: false,
            met: None,
            limits: None,
            carries: None,
            limited: 0,
            ailments: [None; 4],
            sent_afresh: 0,
            measurement: Measurement::default(),
            work: VecDeque::new(),
            is_busy: false,
        }
    }

    pub fn transceivers(&self) -> usize {
        self.associated + self.unassociated
    }

    /// Begins what is asked of it.
    pub fn command(&mut self, command: LinkCommand) {
        let work = match command {
            LinkCommand::CreateOffer(credentials) => Work::CreateOffer(credentials),
            LinkCommand::AcceptOffer { sdp } => Work::AcceptOffer { sdp },
            LinkCommand::AcceptAnswer { sdp } => Work::AcceptAnswer { sdp },
            LinkCommand::AddCandidates(candidates) => return self.add(candidates),
            LinkCommand::Configure {
                ice_servers,
                transport,
            } => {
                assert_eq!(transport, self.transport, "what is hidden stays so");
                assert_ne!(ice_servers, self.ice_servers, "for nothing");
                self.ice_servers = ice_servers;
                return;
            }
            LinkCommand::Limit(limits) => {
                assert!(self.associated > 0, "nothing to limit yet");
                self.limits = Some(limits);
                self.limited += 1;
                return;
            }
            LinkCommand::SendAfresh(slots) => {
                self.sent_afresh += 1;
                return self.recover(Ailment::SentAfresh, &slots);
            }
            LinkCommand::Open { .. } | LinkCommand::Send(_) | LinkCommand::Close => {
                panic!("not the connection's: {command:?}")
            }
        };
        assert!(!self.is_busy, "two operations at a time");
        self.is_busy = true;
        self.work.push_back(work);
    }

    /// Does the next piece of work; gives what it has to say about it.
    pub fn proceed(&mut self) -> Option<LinkEvent> {
        let event = match self.work.pop_front()? {
            Work::Tell(event) => return Some(event),
            Work::CreateOffer(credentials) => {
                self.set(Setting::LocalOffer);
                self.restarts += u32::from(credentials == IceCredentials::New);
                let offer = self.describe(self.transceivers(), None);
                self.pending = Some(offer.clone());
                self.gather(&offer.ufrag);
                LinkEvent::OfferCreated {
                    sdp: offer.to_sdp(),
                }
            }
            Work::AcceptOffer { sdp } => {
                let offer = Description::from_sdp(&sdp);
                if self.pending.take().is_some() && self.local.is_none() {
                    // Rolled back: transceivers made by addTransceiver are not reused.
                    assert_eq!(self.associated, 0);
                } else if self.signaling == SignalingState::HaveLocalOffer {
                    let shows = self.role == LinkRole::Offerer || self.was_answered;
                    assert!(
                        shows,
                        "Chromium would show no picture of this link any more"
                    );
                }
                self.set(Setting::RemoteOffer);
                self.check_renegotiation(&offer);
                if self.remote.as_ref().map(|remote| &remote.ufrag) != Some(&offer.ufrag) {
                    self.restarts += 1;
                    self.remote_candidates = 0;
                }
                self.associated = self.associated.max(offer.m_lines);
                self.set(Setting::LocalAnswer);
                let answer = self.describe(offer.m_lines, Some(offer.ufrag.clone()));
                self.remote = Some(offer);
                self.looks_anew();
                self.gather(&answer.ufrag);
                self.local = Some(answer.clone());
                LinkEvent::AnswerCreated {
                    sdp: answer.to_sdp(),
                }
            }
            Work::AcceptAnswer { sdp } => {
                let answer = Description::from_sdp(&sdp);
                self.set(Setting::RemoteAnswer);
                let offer = self.pending.take().unwrap();
                assert_eq!(
                    answer.answers.as_ref(),
                    Some(&offer.ufrag),
                    "another offer's"
                );
                assert_eq!(answer.m_lines, offer.m_lines);
                self.check_renegotiation(&answer);
                self.associated = offer.m_lines;
                self.unassociated = 0;
                self.local = Some(offer);
                self.remote = Some(answer);
                self.remote_candidates = 0;
                self.looks_anew();
                self.was_answered = true;
                LinkEvent::AnswerAccepted
            }
        };
        self.is_busy = false;
        if self.state == LinkState::New {
            self.change_state(LinkState::Connecting);
        }
        Some(event)
    }

    pub fn change_state(&mut self, state: LinkState) {
        self.state = state;
        self.tell(LinkEvent::StateChanged(state));
    }

    pub fn tell(&mut self, event: LinkEvent) {
        self.work.push_back(Work::Tell(event));
    }

    /// The path broke: with these credentials nothing gets through any more.
    pub fn break_path(&mut self) {
        self.broken = self.local.as_ref().map(|local| local.ufrag.clone());
        self.change_state(LinkState::Disconnected);
        self.change_state(LinkState::Failed);
    }

    /// The path is of no more use, and nobody has noticed yet.
    pub fn move_away(&mut self) {
        self.broken = self.local.as_ref().map(|local| local.ufrag.clone());
    }

    /// Whether what is sent gets through.
    pub fn runs(&self) -> bool {
        self.state == LinkState::Connected && self.broken != self.ufrag()
    }

    /// Whether the two have each other's descriptions and know an address to try.
    pub fn matches(&self, other: &Self) -> bool {
        let (Some(local), Some(remote)) = (&self.local, &self.remote) else {
            return false;
        };
        let is_fresh = |connection: &Self| {
            connection.broken != connection.ufrag() && connection.state != LinkState::Failed
        };
        other.local.as_ref() == Some(remote)
            && other.remote.as_ref() == Some(local)
            && self.remote_candidates + other.remote_candidates > 0
            && is_fresh(self)
            && is_fresh(other)
    }

    fn recover(&mut self, from: Ailment, slots: &[Slot]) {
        for slot in slots {
            let ailment = &mut self.ailments[*slot as usize];
            *ailment = ailment.filter(|ailment| *ailment != from);
        }
    }

    fn looks_anew(&mut self) {
        self.exchanges += 1;
        self.recover(Ailment::Restarted, &Slot::ALL);
        if matches!(self.state, LinkState::Disconnected | LinkState::Failed) {
            self.change_state(LinkState::Connecting);
        }
    }

    fn ufrag(&self) -> Option<String> {
        self.local.as_ref().map(|local| local.ufrag.clone())
    }

    fn set(&mut self, setting: Setting) {
        self.signaling = self
            .signaling
            .after(setting)
            .unwrap_or_else(|| panic!("InvalidStateError: {setting:?} in {:?}", self.signaling));
    }

    fn check_renegotiation(&self, description: &Description) {
        if let Some(remote) = &self.remote {
            assert_eq!(remote.connection, description.connection, "another's");
            assert_eq!(remote.m_lines, description.m_lines);
        }
    }

    fn describe(&self, m_lines: usize, answers: Option<String>) -> Description {
        Description {
            connection: self.number,
            ufrag: format!("u{}r{}", self.number, self.restarts),
            m_lines,
            answers,
        }
    }

    fn gather(&mut self, ufrag: &str) {
        let candidate = |kind: &str| IceCandidate {
            candidate: format!("candidate:1 1 udp 1 {kind}"),
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: Some(0),
            username_fragment: Some(ufrag.to_owned()),
        };
        // Those of the machine itself by mistake, where only those of a relay are wanted.
        for kind in [HOST, RELAY] {
            self.tell(LinkEvent::CandidatesGathered(vec![candidate(kind)]));
        }
    }

    fn add(&mut self, candidates: Vec<IceCandidate>) {
        let remote = self
            .remote
            .as_ref()
            .expect("candidates before a description");
        for candidate in candidates {
            assert_eq!(
                candidate.username_fragment.as_ref(),
                Some(&remote.ufrag),
                "a candidate of another description"
            );
            self.remote_candidates += 1;
            self.told.push(candidate.candidate);
        }
    }
}
