//! One load of one peer's page: the way there (negotiation and repair), the data channel, and what
//! the peer says of itself on it. Who is in the room is left to [`Room`](crate::room::Room).

mod adapting;
mod hearing;
mod media;

use std::time::Duration;

use shared::peer::{Look, MediaState, PEER_VERSION};
use shared::room::IceServer;
use shared::{Epoch, PeerId, PeerMessage};

use crate::arrivals::Arrivals;
use crate::attention::Attention;
use crate::capacity::Capacity;
use crate::chat::Seen;
use crate::flow::Flow;
use crate::guard::Guard;
use crate::input::LinkEvent;
use crate::links::Links;
use crate::negotiation::{Negotiation, Step};
use crate::outbox::Outbox;
use crate::output::{IceTransportPolicy, LinkCommand, LinkId, SendLimits};
use crate::politeness::Politeness;
use crate::relayed::relayed;
use crate::repair::{Remedy, Repair};
use crate::reports::Reports;
use crate::signals::{self, Signal};
use crate::time::Time;
use crate::view::{Missing, Path};

/// How long candidates are collected after some were sent, to be sent together.
const COLLECTING: Duration = Duration::from_millis(20);

/// A peer, as one load of their page.
#[derive(Debug)]
pub(crate) struct Peer {
    id: PeerId,
    epoch: Epoch,
    /// The link there is, or else the one to come.
    link: LinkId,
    negotiation: Negotiation,
    repair: Repair,
    candidates_due: Option<Time>,
    /// Until when candidates are collected: the first go at once, for they may be the way.
    collecting_until: Time,
    /// What the link was last told to keep to.
    limits: Option<SendLimits>,
    /// What the path carries from here.
    capacity: Capacity,
    /// How the peer looks at this page's camera and screen, as it says …
    said_looks: [Look; 2],
    /// … and as is gone by: a peer may change its mind as often as it likes.
    looks: [Look; 2],
    /// How the peer's are looked at here.
    attention: Attention,
    channel: Channel,
    guard: Guard,
    seen: Seen,
    media: Option<MediaState>,
    speaking: bool,
    flow: Flow,
    arrivals: Arrivals,
    /// What the peer was last told of what does not arrive.
    told_missing: Missing,
    /// What the peer says does not arrive there.
    missing_there: Missing,
    /// What the two tell each other of all their links.
    pub reports: Reports,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    Closed,
    /// Open, and the peer has not yet said [`PeerMessage::Hello`].
    Open,
    Greeted,
}

/// What a peer needs of its surroundings.
pub(crate) struct Around<'a> {
    pub now: Time,
    pub out: &'a mut Outbox,
    pub links: &'a mut Links,
    pub ice_servers: &'a [IceServer],
    /// Over which ways a link may lead.
    pub transport: IceTransportPolicy,
    /// Whether signals get through to this peer.
    pub is_reachable: bool,
    /// What this page's own tracks carry.
    pub media: MediaState,
    /// Whether this page's person speaks.
    pub speaking: bool,
    /// Whether this page's person looks at how all are connected.
    pub watches: bool,
}

/// What a link event means for the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    Nothing,
    /// The data channel is open.
    ChannelOpened,
    /// A line of chat, for the first time.
    Line(String),
    /// The line of that number has arrived there.
    Receipt(u32),
    /// The peer begins to share a screen.
    Shares,
    /// The peer is no longer listened to for a while.
    Misbehaves,
}

impl Peer {
    /// Without a link. `generation` is the least that the first may have.
    pub fn new(
        id: PeerId,
        epoch: Epoch,
        you: PeerId,
        generation: u32,
        now: Time,
        links: &mut Links,
    ) -> Self {
        let politeness = Politeness::towards(id, you);
        Self {
            id,
            epoch,
            link: links.fresh(),
            negotiation: Negotiation::new(politeness, generation),
            repair: Repair::new(politeness, now),
            candidates_due: None,
            collecting_until: now,
            limits: None,
            capacity: Capacity::default(),
            said_looks: Default::default(),
            looks: Default::default(),
            attention: Attention::default(),
            channel: Channel::Closed,
            guard: Guard::new(now),
            seen: Seen::default(),
            media: None,
            speaking: false,
            flow: Flow::default(),
            arrivals: Arrivals::new(),
            told_missing: Missing::default(),
            missing_there: Missing::default(),
            reports: Reports::default(),
        }
    }

    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The link there is.
    pub fn link(&self) -> Option<LinkId> {
        self.negotiation.has_link().then_some(self.link)
    }

    /// The link there is, or the one to come: what this peer's timers are named by.
    pub fn timer_link(&self) -> LinkId {
        self.link
    }

    /// The link on which the data channel is open.
    pub fn channel(&self) -> Option<LinkId> {
        match self.channel {
            Channel::Closed => None,
            Channel::Open | Channel::Greeted => Some(self.link),
        }
    }

    /// Whether the peer is heard of by another way than the server's.
    pub fn is_alive(&self) -> bool {
        self.channel != Channel::Closed && self.repair.is_connected()
    }

    pub fn path(&self) -> Path {
        self.repair.path()
    }

    pub fn media(&self) -> Option<MediaState> {
        self.media
    }

    /// As far as one can hear.
    pub fn is_speaking(&self) -> bool {
        self.speaking && self.repair.is_connected()
    }

    /// Offers a link, if there is none.
    pub fn offer(&mut self, around: &mut Around<'_>) {
        let mut steps = Vec::new();
        self.negotiation.offer(&mut steps);
        self.carry_out(steps, around);
    }

    /// If signals get through now: some may have been lost before.
    pub fn reachable_if_present(&mut self, around: &mut Around<'_>) {
        if around.is_reachable {
            // Of a path that stands nothing else asks whether its offer got through.
            let repeat = self.negotiation.is_offering().then_some(Remedy::Repeat);
            let remedy = self.repair.reachable(around.now).or(repeat);
            self.remedy(remedy, around);
        }
    }

    /// There are other STUN and TURN servers than the link was opened with.
    pub fn configure(&mut self, around: &mut Around<'_>) {
        let Some(link) = self.link() else {
            return;
        };
        let configure = LinkCommand::Configure {
            ice_servers: around.ice_servers.to_vec(),
            transport: around.transport,
        };
        around.out.link(link, configure);
        self.repair.servers_changed(self.is_relayed(), around.now);
        let mut steps = Vec::new();
        self.negotiation.renew(&mut steps);
        self.carry_out(steps, around);
    }

    /// Whether it takes the server to get the way back: it is lost, or led over a relay, which may be the server's.
    pub fn needs_server(&self, now: Time) -> bool {
        self.is_relayed() || self.repair.has_hope(now)
    }

    /// This page's machine is in another network.
    pub fn network_changed(&mut self, around: &mut Around<'_>) {
        self.repair.network_changed(around.now);
        self.repair_if_due(around);
    }

    /// The peer says something through the server.
    pub fn receive(&mut self, signal: Signal, around: &mut Around<'_>) {
        if self.negotiation.is_replaced_by(&signal) && !self.guard.admits_link(around.now) {
            return around.out.log_about(self.id, "too many links");
        }
        self.repair.sign_of_life(around.now);
        let mut steps = Vec::new();
        self.negotiation.receive(signal, &mut steps);
        self.carry_out(steps, around);
    }

    /// Sends what is due, and repairs what is broken.
    pub fn tick(&mut self, around: &mut Around<'_>) {
        self.send_candidates(around);
        self.repair_if_due(around);
    }

    pub fn candidates_due(&self) -> Option<Time> {
        self.candidates_due
    }

    /// When the link needs to be looked after, given that signals get through.
    pub fn repair_due(&self) -> Option<Time> {
        self.repair.deadline()
    }

    /// Says something to the peer, if there is a way.
    pub fn tell(&self, message: PeerMessage, out: &mut Outbox) {
        if let Some(link) = self.channel() {
            out.send(link, message);
        }
    }

    /// Closes the link. Gives the least generation that a later one may have.
    pub fn close(mut self, around: &mut Around<'_>) -> u32 {
        let mut steps = Vec::new();
        self.negotiation.close(&mut steps);
        self.carry_out(steps, around);
        self.negotiation.next_generation()
    }

    /// Something happened to the link.
    pub fn link_event(&mut self, event: LinkEvent, around: &mut Around<'_>) -> Heard {
        let mut steps = Vec::new();
        let mut heard = Heard::Nothing;
        match event {
            LinkEvent::OfferCreated { sdp } => self.negotiation.offer_created(sdp, &mut steps),
            LinkEvent::AnswerCreated { sdp } => {
                self.negotiation.answer_created(sdp, &mut steps);
                self.exchanged(around.now);
            }
            LinkEvent::AnswerAccepted => {
                self.negotiation.answer_accepted(&mut steps);
                self.exchanged(around.now);
            }
            LinkEvent::OperationFailed { reason } => {
                self.negotiation.operation_failed(reason, &mut steps);
            }
            LinkEvent::CandidatesGathered(candidates) => self.negotiation.gathered(candidates),
            LinkEvent::StateChanged(state) => self.repair.state_changed(state, around.now),
            LinkEvent::ChannelOpened => {
                self.channel = Channel::Open;
                self.attention.begin_anew();
                let hello = PeerMessage::Hello {
                    version: PEER_VERSION,
                    media: around.media,
                };
                self.tell(hello, around.out);
                if around.speaking {
                    self.tell(PeerMessage::Speaking { speaking: true }, around.out);
                }
                if around.watches {
                    self.tell(PeerMessage::Watch { watching: true }, around.out);
                }
                heard = Heard::ChannelOpened;
            }
            LinkEvent::ChannelClosed => {
                self.channel_is_gone();
                self.repair.closed(around.now);
            }
            LinkEvent::ChannelMessage(text) => heard = self.hear(&text, around),
            LinkEvent::ChannelGarbage => heard = self.strike("garbage", around),
            LinkEvent::Measured(measurement) => self.measured(*measurement, around),
            LinkEvent::SoundCeased => self.sound_ceased(around),
            LinkEvent::Shown { slot, look } => self.attention.shows(slot, look),
        }
        self.carry_out(steps, around);
        self.send_candidates(around);
        heard
    }

    fn exchanged(&mut self, now: Time) {
        if let Some(politeness) = self.negotiation.restarting() {
            self.repair.takes_part_as(politeness);
        }
        self.repair.exchanged(now);
    }

    fn repair_if_due(&mut self, around: &mut Around<'_>) {
        if around.is_reachable {
            let remedy = self.repair.tick(around.now);
            self.remedy(remedy, around);
        }
    }

    fn remedy(&mut self, remedy: Option<Remedy>, around: &mut Around<'_>) {
        let mut steps = Vec::new();
        match remedy {
            Some(Remedy::Repeat) => self.negotiation.repeat(&mut steps),
            Some(Remedy::Restart) => {
                self.negotiation.restart(&mut steps);
                if steps.is_empty() {
                    self.negotiation.repeat(&mut steps);
                }
            }
            Some(Remedy::Replace) => self.negotiation.replace(&mut steps),
            None => {}
        }
        self.carry_out(steps, around);
    }

    fn carry_out(&mut self, steps: Vec<Step>, around: &mut Around<'_>) {
        for step in steps {
            match step {
                Step::Open(role) => {
                    self.repair.opened(around.now);
                    let open = LinkCommand::Open {
                        peer: self.id,
                        ice_servers: around.ice_servers.to_vec(),
                        transport: around.transport,
                        role,
                    };
                    around.out.link(self.link, open);
                }
                Step::Close => {
                    around.out.link(self.link, LinkCommand::Close);
                    self.link = around.links.fresh();
                    self.limits = None;
                    self.channel_is_gone();
                }
                Step::Command(command) => around.out.link(self.link, command),
                // What does not get through now is repeated when it does.
                Step::Send(signal) if around.is_reachable => {
                    let signal = match around.transport {
                        IceTransportPolicy::All => Some(signal),
                        IceTransportPolicy::Relay => relayed(signal),
                    };
                    if let Some(signal) = signal {
                        let request = signals::to_request(signal, self.id, self.epoch);
                        around.out.request(request);
                    }
                }
                Step::Send(_) => {}
                Step::Broken(reason) => {
                    around.out.log_about(self.id, &reason);
                    self.repair.fail(around.now);
                }
                Step::Log(text) => around.out.log_about(self.id, &text),
            }
        }
    }

    fn channel_is_gone(&mut self) {
        self.channel = Channel::Closed;
        self.speaking = false;
        self.reports = Reports::default();
        self.said_looks = Default::default();
        self.looks = Default::default();
        self.nothing_flows();
    }

    /// Sends the candidates gathered, or sees to it that they will be.
    fn send_candidates(&mut self, around: &mut Around<'_>) {
        if !self.negotiation.has_candidates() {
            self.candidates_due = None;
        } else if around.now < self.collecting_until {
            self.candidates_due = Some(self.collecting_until);
        } else {
            self.collecting_until = around.now + COLLECTING;
            self.candidates_due = None;
            let mut steps = Vec::new();
            self.negotiation.send_candidates(&mut steps);
            self.carry_out(steps, around);
        }
    }
}
