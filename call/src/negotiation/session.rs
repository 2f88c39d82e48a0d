//! One link's descriptions: which are in force, which are on the way. What is done with a peer's is left
//! to [`Negotiation`](super::Negotiation).

use shared::signal::{DescriptionId, IceCandidate, SdpType};

use crate::description::Local;
use crate::output::LinkRole;
use crate::politeness::Politeness;

/// One link's descriptions.
#[derive(Debug)]
pub(super) struct Session {
    pub role: LinkRole,
    pub exchange: Exchange,
    /// This side's description in force or on offer, with its candidates.
    pub local: Option<Local>,
    /// The peer's description in force.
    pub remote: Option<(SdpType, DescriptionId)>,
    /// The last offer of the peer's that was answered, and the answer.
    pub answered: Option<(u32, String)>,
    /// Candidates gathered while it is not yet clear for which description.
    pub gathered: Vec<IceCandidate>,
}

/// Where the exchange is. `CreatingOffer`, `AcceptingOffer` and `AcceptingAnswer` wait for the
/// browser; all signals wait with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    /// Both descriptions are set, or none yet.
    Stable,
    CreatingOffer {
        seq: u32,
    },
    /// The offer is set here (`have-local-offer`) and sent.
    Offering {
        seq: u32,
    },
    AcceptingOffer {
        seq: u32,
    },
    AcceptingAnswer {
        seq: u32,
    },
    /// An operation failed: nothing more can come of this link.
    Broken,
}

impl Exchange {
    /// Whether the browser is at work.
    pub fn is_busy(self) -> bool {
        match self {
            Self::CreatingOffer { .. }
            | Self::AcceptingOffer { .. }
            | Self::AcceptingAnswer { .. } => true,
            Self::Stable | Self::Offering { .. } | Self::Broken => false,
        }
    }
}

impl Session {
    /// Who gives way when two offers cross. Of a link that stands it is always its offerer: once the answerer
    /// takes its own first offer back, Chromium decodes what comes on that link and shows none of it.
    pub fn politeness(&self, at_first: Politeness) -> Politeness {
        match (self.remote, self.role) {
            (None, _) => at_first,
            (Some(_), LinkRole::Offerer) => Politeness::Polite,
            (Some(_), LinkRole::Answerer) => Politeness::Impolite,
        }
    }

    pub fn describe(&mut self, local: Local) {
        self.local = Some(local);
        self.sort_gathered();
    }

    /// Gives the candidates gathered to the description they belong to, once that is there.
    pub fn sort_gathered(&mut self) {
        let is_changing = match self.exchange {
            Exchange::CreatingOffer { .. } | Exchange::AcceptingOffer { .. } => true,
            Exchange::Stable
            | Exchange::Offering { .. }
            | Exchange::AcceptingAnswer { .. }
            | Exchange::Broken => false,
        };
        if let Some(local) = &mut self.local
            && !is_changing
        {
            local.add(std::mem::take(&mut self.gathered));
        }
    }
}
