//! Descriptions and the candidates that belong to them: this side's, kept for sending again; the
//! peer's, kept until their description is set.

use shared::limits;
use shared::signal::{DescriptionId, IceCandidate, SdpType};

use crate::negotiation::Step;
use crate::output::LinkCommand;
use crate::signals::Signal;

/// A description of this side with its candidates.
#[derive(Debug)]
pub(crate) struct Local {
    of: SdpType,
    pub id: DescriptionId,
    pub sdp: String,
    candidates: Vec<IceCandidate>,
    /// How many of them have been sent.
    sent: usize,
}

impl Local {
    /// Most candidates of one description; a computer with many addresses has some dozens.
    pub const MOST_CANDIDATES: usize = 256;

    pub fn new(of: SdpType, id: DescriptionId, sdp: String) -> Self {
        Self {
            of,
            id,
            sdp,
            candidates: Vec::new(),
            sent: 0,
        }
    }

    /// Takes those candidates that are this description's and within the limits.
    pub fn add(&mut self, candidates: Vec<IceCandidate>) {
        let room = Self::MOST_CANDIDATES - self.candidates.len();
        let own = candidates
            .into_iter()
            .filter(|candidate| {
                candidate.bytes() <= limits::CANDIDATE_BYTES && belongs(candidate, &self.sdp)
            })
            .take(room);
        self.candidates.extend(own);
    }

    pub fn has_unsent(&self) -> bool {
        self.sent < self.candidates.len()
    }

    /// From now on none counts as sent.
    pub fn unsend(&mut self) {
        self.sent = 0;
    }

    /// Sends those not sent yet.
    pub fn send(&mut self, steps: &mut Vec<Step>) {
        for part in self.candidates[self.sent..].chunks(limits::CANDIDATES_PER_EVENT) {
            steps.push(Step::Send(Signal::Candidates {
                id: self.id,
                of: self.of,
                candidates: part.to_vec(),
            }));
        }
        self.sent = self.candidates.len();
    }
}

/// Whether a candidate is of that description: after an ICE restart, candidates of the earlier one
/// may still come in.
fn belongs(candidate: &IceCandidate, sdp: &str) -> bool {
    candidate.username_fragment.as_ref().is_none_or(|fragment| {
        sdp.lines()
            .filter_map(|line| line.strip_prefix("a=ice-ufrag:"))
            .any(|ours| ours.trim_end() == fragment)
    })
}

/// Candidates of the peer's whose description has not been set yet.
#[derive(Debug, Default)]
pub(crate) struct EarlyCandidates(Vec<(DescriptionId, SdpType, Vec<IceCandidate>)>);

impl EarlyCandidates {
    /// Most lists that wait; what comes beyond is dropped.
    const MOST: usize = 32;

    pub fn add(&mut self, id: DescriptionId, of: SdpType, candidates: Vec<IceCandidate>) {
        if self.0.len() < Self::MOST {
            self.0.push((id, of, candidates));
        }
    }

    /// That description is set: adds its candidates, and forgets those that came before it.
    pub fn release(&mut self, of: SdpType, id: DescriptionId, steps: &mut Vec<Step>) {
        let waiting = std::mem::take(&mut self.0);
        for (candidates_id, candidates_of, candidates) in waiting {
            if (candidates_of, candidates_id) == (of, id) {
                steps.push(Step::Command(LinkCommand::AddCandidates(candidates)));
            } else if candidates_of != of || candidates_id.seq > id.seq {
                self.0.push((candidates_id, candidates_of, candidates));
            }
        }
    }

    pub fn keep_generation(&mut self, generation: u32) {
        self.0.retain(|(id, _, _)| id.generation == generation);
    }
}
