//! Which of two peers gives way (W3C webrtc-pc §10.7).

use shared::PeerId;

/// One side's part: of two peers, exactly one is polite towards the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Politeness {
    /// Gives up its own offer when two cross, and is slower to repair.
    Polite,
    /// Ignores the other's offer when two cross.
    Impolite,
}

impl Politeness {
    /// Decided by the order of ids, so that both sides come to the same without a word.
    pub fn towards(peer: PeerId, you: PeerId) -> Self {
        if you < peer {
            Self::Polite
        } else {
            Self::Impolite
        }
    }
}
