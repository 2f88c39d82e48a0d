//! What two peers tell each other through the server to connect: the parts that `offer`, `answer`
//! and `ice` have in common in both directions.

use serde::{Deserialize, Serialize};

use crate::{Rejection, limits};

/// Which description of which peer connection is meant.
///
/// Between two epochs of two peers, connections are numbered by `generation`, from 0: whoever
/// replaces one that is beyond repair counts up, and a signal of an earlier generation is dropped.
/// In a generation, each side numbers its own offers by `seq`, from 0; an answer bears the number
/// of the offer that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DescriptionId {
    /// The number of the peer connection.
    pub generation: u32,
    /// The number of the offer.
    pub seq: u32,
}

/// Whether a description is an offer or an answer (W3C webrtc-pc `RTCSdpType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SdpType {
    /// An offer.
    Offer,
    /// An answer.
    Answer,
}

/// One candidate (W3C webrtc-pc `RTCIceCandidateInit`). An empty `candidate` ends the candidates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IceCandidate {
    /// The candidate-attribute (RFC 8839 §5.1).
    pub candidate: String,
    /// The media description's `mid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    /// The media description's index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_m_line_index: Option<u16>,
    /// The ICE user-name fragment of its generation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username_fragment: Option<String>,
}

impl IceCandidate {
    /// How many bytes its text fields take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        self.candidate.len() + length(&self.sdp_mid) + length(&self.username_fragment)
    }
}

/// Checks a description against [`limits::SDP_BYTES`].
///
/// # Errors
/// [`Rejection::TooLarge`].
pub fn check_sdp(sdp: &str) -> Result<(), Rejection> {
    within(sdp.len(), limits::SDP_BYTES)
}

/// Checks a list of candidates against [`limits::CANDIDATES_PER_EVENT`] and
/// [`limits::CANDIDATE_BYTES`].
///
/// # Errors
/// [`Rejection::TooLarge`].
pub fn check_candidates(candidates: &[IceCandidate]) -> Result<(), Rejection> {
    within(candidates.len(), limits::CANDIDATES_PER_EVENT)?;
    candidates
        .iter()
        .try_for_each(|candidate| within(candidate.bytes(), limits::CANDIDATE_BYTES))
}

fn within(size: usize, limit: usize) -> Result<(), Rejection> {
    if size > limit {
        return Err(Rejection::TooLarge { limit });
    }
    Ok(())
}
