//! The exchange of descriptions with one peer: "perfect negotiation" (W3C webrtc-pc §10.7) with
//! numbered descriptions, so that whatever is late, repeated or crossed is told apart. Pure: takes
//! what the peer and the browser say, gives [`Step`]s. When to repair or replace a link is left to
//! [`Repair`](crate::repair::Repair).

mod session;

use std::collections::VecDeque;

use shared::signal::{DescriptionId, IceCandidate, SdpType};

use crate::description::{EarlyCandidates, Local};
use crate::engine::Engines;
use crate::output::{IceCredentials, LinkCommand, LinkRole};
use crate::politeness::Politeness;
use crate::signals::Signal;

use self::session::{Exchange, Session};

/// Most signals that wait for the browser to finish an operation.
const MOST_WAITING: usize = 64;

/// The state of affairs with one load of one peer's page.
#[derive(Debug)]
pub(crate) struct Negotiation {
    /// Who gives way when two offers cross.
    politeness: Politeness,
    /// Of the link there is, or the least that the next one may have.
    generation: u32,
    session: Option<Session>,
    /// The least that the next offer in this generation may have.
    next_seq: u32,
    /// The peer's offer that lost to one of this side's.
    ignored: Option<u32>,
    inbox: VecDeque<Signal>,
    early: EarlyCandidates,
    engines: Engines,
}

/// What a negotiation wants done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Make a new link.
    Open(LinkRole),
    /// Close the link there is.
    Close,
    /// Do this to the link.
    Command(LinkCommand),
    /// Send this to the peer.
    Send(Signal),
    /// The link is of no more use, for the browser's reason.
    Broken(String),
    /// The peer said something unexpected.
    Log(String),
}

impl Negotiation {
    /// Without a link. Its first will have `generation`, or a later one if the peer says so.
    pub fn new(politeness: Politeness, generation: u32) -> Self {
        Self {
            politeness,
            generation,
            session: None,
            next_seq: 0,
            ignored: None,
            inbox: VecDeque::new(),
            early: EarlyCandidates::default(),
            engines: Engines::default(),
        }
    }

    pub fn has_link(&self) -> bool {
        self.session.is_some()
    }

    /// Whether both descriptions have been set once: the link's transceivers exist.
    pub fn is_settled(&self) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| session.remote.is_some())
    }

    /// Whether an offer waits for its answer.
    pub fn is_offering(&self) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| matches!(session.exchange, Exchange::Offering { .. }))
    }

    /// The least generation that a link after this one's end may have.
    pub fn next_generation(&self) -> u32 {
        match self.session {
            Some(_) => self.generation.saturating_add(1),
            None => self.generation,
        }
    }

    /// Opens a link and offers it, if there is none.
    pub fn offer(&mut self, steps: &mut Vec<Step>) {
        if self.session.is_none() {
            self.open(LinkRole::Offerer, steps);
            self.create_offer(IceCredentials::Same, steps);
        }
    }

    /// Puts a new link in the place of the one there is.
    pub fn replace(&mut self, steps: &mut Vec<Step>) {
        self.begin(self.next_generation(), steps);
        self.offer(steps);
    }

    /// Offers new ICE credentials, unless an exchange that brings them is under way; or another link, to a browser that an
    /// offer of them breaks the link with.
    pub fn restart(&mut self, steps: &mut Vec<Step>) {
        if let Some(session) = &self.session
            && session.exchange == Exchange::Stable
            && session.remote.is_some()
        {
            match self.engines.politeness() {
                Some(Politeness::Polite) => self.replace(steps),
                Some(Politeness::Impolite) | None => self.create_offer(IceCredentials::New, steps),
            }
        }
    }

    /// Makes an offer of new ICE credentials anew that nobody has answered yet: what it was gathered by is gone.
    pub fn renew(&mut self, steps: &mut Vec<Step>) {
        let is_restart = (self.session.as_ref()).is_some_and(|session| session.remote.is_some());
        if is_restart && self.is_offering() {
            self.create_offer(IceCredentials::New, steps);
        }
    }

    /// Who is to restart ICE, where the browsers decide that.
    pub fn restarting(&self) -> Option<Politeness> {
        self.engines.politeness()
    }

    /// Sends again what the peer may not have got.
    pub fn repeat(&mut self, steps: &mut Vec<Step>) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Some(local) = &mut session.local else {
            return;
        };
        match session.exchange {
            Exchange::Offering { .. } => steps.push(Step::Send(Signal::Offer {
                id: local.id,
                sdp: local.sdp.clone(),
            })),
            // An answer is sent again when the peer repeats its offer. The candidates belong to
            // what is being changed.
            Exchange::CreatingOffer { .. } | Exchange::AcceptingOffer { .. } => return,
            Exchange::Stable | Exchange::AcceptingAnswer { .. } => {}
            Exchange::Broken => return,
        }
        local.unsend();
        local.send(steps);
    }

    /// Whether that signal of the peer's would put a new link in the place of the one there is.
    pub fn is_replaced_by(&self, signal: &Signal) -> bool {
        self.has_link()
            && matches!(signal, Signal::Offer { .. })
            && signal.id().generation > self.generation
    }

    /// Takes a signal of the peer's.
    pub fn receive(&mut self, signal: Signal, steps: &mut Vec<Step>) {
        if !signal.is_within_limits() {
            return steps.push(Step::Log("a signal over the limits".to_owned()));
        }
        let generation = signal.id().generation;
        let is_of_the_link = self.session.is_some() && generation == self.generation;
        if !is_of_the_link {
            let is_late = generation < self.generation;
            match signal {
                // The peer holds on to a link that this side gave up.
                Signal::Offer { .. } if is_late => return self.offer(steps),
                Signal::Offer { .. } => {
                    self.begin(generation, steps);
                    self.open(LinkRole::Answerer, steps);
                }
                Signal::Candidates { id, of, candidates } if !is_late => {
                    return self.early.add(id, of, candidates);
                }
                Signal::Candidates { .. } | Signal::Answer { .. } => {
                    return steps.push(Step::Log("a signal of another link".to_owned()));
                }
            }
        }
        if self.inbox.len() >= MOST_WAITING {
            return steps.push(Step::Log("too many signals at once".to_owned()));
        }
        self.inbox.push_back(signal);
        self.work(steps);
    }

    /// `CreateOffer` is done.
    pub fn offer_created(&mut self, sdp: String, steps: &mut Vec<Step>) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Exchange::CreatingOffer { seq } = session.exchange else {
            return steps.push(Step::Log("an offer nobody asked for".to_owned()));
        };
        self.engines.own(&sdp);
        let id = DescriptionId {
            generation: self.generation,
            seq,
        };
        session.exchange = Exchange::Offering { seq };
        steps.push(Step::Send(Signal::Offer {
            id,
            sdp: sdp.clone(),
        }));
        session.describe(Local::new(SdpType::Offer, id, sdp));
        self.work(steps);
    }

    /// `AcceptOffer` is done.
    pub fn answer_created(&mut self, sdp: String, steps: &mut Vec<Step>) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Exchange::AcceptingOffer { seq } = session.exchange else {
            return steps.push(Step::Log("an answer nobody asked for".to_owned()));
        };
        self.engines.own(&sdp);
        let id = DescriptionId {
            generation: self.generation,
            seq,
        };
        session.exchange = Exchange::Stable;
        session.answered = Some((seq, sdp.clone()));
        session.remote = Some((SdpType::Offer, id));
        steps.push(Step::Send(Signal::Answer {
            id,
            sdp: sdp.clone(),
        }));
        session.describe(Local::new(SdpType::Answer, id, sdp));
        self.early.release(SdpType::Offer, id, steps);
        self.work(steps);
    }

    /// `AcceptAnswer` is done.
    pub fn answer_accepted(&mut self, steps: &mut Vec<Step>) {
        let Some(session) = &mut self.session else {
            return;
        };
        let Exchange::AcceptingAnswer { seq } = session.exchange else {
            return steps.push(Step::Log("nobody's answer accepted".to_owned()));
        };
        let id = DescriptionId {
            generation: self.generation,
            seq,
        };
        session.exchange = Exchange::Stable;
        session.remote = Some((SdpType::Answer, id));
        self.early.release(SdpType::Answer, id, steps);
        self.work(steps);
    }

    /// The operation under way failed.
    pub fn operation_failed(&mut self, reason: String, steps: &mut Vec<Step>) {
        if let Some(session) = &mut self.session
            && session.exchange.is_busy()
        {
            session.exchange = Exchange::Broken;
            self.inbox.clear();
            steps.push(Step::Broken(reason));
        }
    }

    /// The browser found candidates of this side's. They are sent by
    /// [`send_candidates`](Self::send_candidates).
    pub fn gathered(&mut self, candidates: Vec<IceCandidate>) {
        if let Some(session) = &mut self.session {
            session.gathered.extend(candidates);
            session.gathered.truncate(Local::MOST_CANDIDATES);
            session.sort_gathered();
        }
    }

    /// Whether there are candidates to send.
    pub fn has_candidates(&self) -> bool {
        self.session
            .as_ref()
            .and_then(|session| session.local.as_ref())
            .is_some_and(Local::has_unsent)
    }

    /// Sends the candidates gathered since the last time.
    pub fn send_candidates(&mut self, steps: &mut Vec<Step>) {
        if let Some(session) = &mut self.session
            && let Some(local) = &mut session.local
        {
            local.send(steps);
        }
    }

    /// Closes the link, if there is one.
    pub fn close(&mut self, steps: &mut Vec<Step>) {
        self.begin(self.next_generation(), steps);
    }

    /// Closes the link and turns to the generation given.
    fn begin(&mut self, generation: u32, steps: &mut Vec<Step>) {
        if self.session.take().is_some() {
            steps.push(Step::Close);
        }
        self.generation = generation;
        self.next_seq = 0;
        self.ignored = None;
        self.inbox.clear();
        self.early.keep_generation(generation);
    }

    fn open(&mut self, role: LinkRole, steps: &mut Vec<Step>) {
        self.session = Some(Session {
            role,
            exchange: Exchange::Stable,
            local: None,
            remote: None,
            answered: None,
            gathered: Vec::new(),
        });
        steps.push(Step::Open(role));
    }

    fn create_offer(&mut self, credentials: IceCredentials, steps: &mut Vec<Step>) {
        if let Some(session) = &mut self.session {
            // Above what was answered, so that the peer can see which of its offers this one knows of.
            let least = session
                .answered
                .as_ref()
                .map_or(0, |(seq, _)| seq.saturating_add(1));
            let seq = self.next_seq.max(least);
            session.exchange = Exchange::CreatingOffer { seq };
            self.next_seq = seq.saturating_add(1);
            steps.push(Step::Command(LinkCommand::CreateOffer(credentials)));
        }
    }

    /// Takes the signals that wait, until the browser has something to do.
    fn work(&mut self, steps: &mut Vec<Step>) {
        while let Some(session) = &self.session
            && !session.exchange.is_busy()
            && let Some(signal) = self.inbox.pop_front()
        {
            match signal {
                Signal::Offer { id, sdp } => self.take_offer(id, sdp, steps),
                Signal::Answer { id, sdp } => self.take_answer(id, sdp, steps),
                Signal::Candidates { id, of, candidates } => {
                    self.take_candidates(id, of, candidates, steps);
                }
            }
        }
    }

    fn take_offer(&mut self, id: DescriptionId, sdp: String, steps: &mut Vec<Step>) {
        let Some(session) = &mut self.session else {
            return;
        };
        if let Some((seq, answer)) = &session.answered
            && id.seq <= *seq
        {
            if id.seq == *seq {
                // The peer has not got the answer.
                steps.push(Step::Send(Signal::Answer {
                    id,
                    sdp: answer.clone(),
                }));
                self.repeat(steps);
            }
            return;
        }
        match session.exchange {
            Exchange::Stable => self.accept(id, sdp, steps),
            // The peer has answered this side's first offer, and the answer was lost: starting over would
            // leave the peer with a link to nobody. It repeats both when it gets the offer again.
            Exchange::Offering { seq } if session.remote.is_none() && id.seq > seq => {
                self.repeat(steps);
            }
            Exchange::Offering { .. }
                if session.politeness(self.politeness) == Politeness::Impolite =>
            {
                // A repetition of what was ignored shows that the peer has not got this side's.
                if self.ignored.replace(id.seq) == Some(id.seq) {
                    self.repeat(steps);
                }
            }
            Exchange::Offering { .. } => {
                // Transceivers of one's own first offer would stay beside those of the peer's, for
                // the answerer's are not reused when they were made by addTransceiver: start over.
                if session.remote.is_none() {
                    self.session = None;
                    steps.push(Step::Close);
                    self.open(LinkRole::Answerer, steps);
                }
                self.accept(id, sdp, steps);
            }
            Exchange::CreatingOffer { .. }
            | Exchange::AcceptingOffer { .. }
            | Exchange::AcceptingAnswer { .. }
            | Exchange::Broken => {}
        }
    }

    fn accept(&mut self, id: DescriptionId, sdp: String, steps: &mut Vec<Step>) {
        if let Some(session) = &mut self.session {
            session.exchange = Exchange::AcceptingOffer { seq: id.seq };
            self.engines.peers(&sdp);
            steps.push(Step::Command(LinkCommand::AcceptOffer { sdp }));
        }
    }

    fn take_answer(&mut self, id: DescriptionId, sdp: String, steps: &mut Vec<Step>) {
        let Some(session) = &mut self.session else {
            return;
        };
        if session.exchange == (Exchange::Offering { seq: id.seq }) {
            session.exchange = Exchange::AcceptingAnswer { seq: id.seq };
            self.engines.peers(&sdp);
            steps.push(Step::Command(LinkCommand::AcceptAnswer { sdp }));
        } else {
            steps.push(Step::Log("an answer to no offer".to_owned()));
        }
    }

    fn take_candidates(
        &mut self,
        id: DescriptionId,
        of: SdpType,
        candidates: Vec<IceCandidate>,
        steps: &mut Vec<Step>,
    ) {
        let Some(session) = &self.session else {
            return;
        };
        let may_come = match of {
            SdpType::Offer => {
                self.ignored != Some(id.seq)
                    && session
                        .answered
                        .as_ref()
                        .is_none_or(|(seq, _)| id.seq > *seq)
            }
            SdpType::Answer => session.exchange == Exchange::Offering { seq: id.seq },
        };
        if session.remote == Some((of, id)) {
            steps.push(Step::Command(LinkCommand::AddCandidates(candidates)));
        } else if may_come {
            self.early.add(id, of, candidates);
        }
    }
}

#[cfg(test)]
mod crossing_tests;
#[cfg(test)]
mod tests;
