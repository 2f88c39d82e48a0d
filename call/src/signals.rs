//! What the [`Negotiation`](crate::negotiation::Negotiation)s of two peers say to each other, and how
//! the protocol says it on the way to and from the server.

use shared::signal::{self, DescriptionId, IceCandidate, SdpType};
use shared::to_browser::{Answer, Ice, Offer};
use shared::{Epoch, PeerId, to_server};

use crate::output::Request;

/// What a peer says through the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Offer {
        id: DescriptionId,
        sdp: String,
    },
    Answer {
        id: DescriptionId,
        sdp: String,
    },
    Candidates {
        id: DescriptionId,
        of: SdpType,
        candidates: Vec<IceCandidate>,
    },
}

/// A [`Signal`] with its sender.
pub(crate) struct Signalled {
    pub from: PeerId,
    pub from_epoch: Epoch,
    pub signal: Signal,
}

impl Signal {
    pub fn id(&self) -> DescriptionId {
        match self {
            Self::Offer { id, .. } | Self::Answer { id, .. } | Self::Candidates { id, .. } => *id,
        }
    }

    pub fn is_within_limits(&self) -> bool {
        match self {
            Self::Offer { sdp, .. } | Self::Answer { sdp, .. } => signal::check_sdp(sdp),
            Self::Candidates { candidates, .. } => signal::check_candidates(candidates),
        }
        .is_ok()
    }
}

impl From<Offer> for Signalled {
    fn from(offer: Offer) -> Self {
        Self {
            from: offer.from,
            from_epoch: offer.from_epoch,
            signal: Signal::Offer {
                id: offer.id,
                sdp: offer.sdp,
            },
        }
    }
}

impl From<Answer> for Signalled {
    fn from(answer: Answer) -> Self {
        Self {
            from: answer.from,
            from_epoch: answer.from_epoch,
            signal: Signal::Answer {
                id: answer.id,
                sdp: answer.sdp,
            },
        }
    }
}

impl From<Ice> for Signalled {
    fn from(ice: Ice) -> Self {
        Self {
            from: ice.from,
            from_epoch: ice.from_epoch,
            signal: Signal::Candidates {
                id: ice.id,
                of: ice.of,
                candidates: ice.candidates,
            },
        }
    }
}

/// A signal to a peer.
pub(crate) fn to_request(signal: Signal, to: PeerId, to_epoch: Epoch) -> Request {
    match signal {
        Signal::Offer { id, sdp } => Request::Offer(to_server::Offer {
            to,
            to_epoch,
            id,
            sdp,
        }),
        Signal::Answer { id, sdp } => Request::Answer(to_server::Answer {
            to,
            to_epoch,
            id,
            sdp,
        }),
        Signal::Candidates { id, of, candidates } => Request::Ice(to_server::Ice {
            to,
            to_epoch,
            id,
            of,
            candidates,
        }),
    }
}
