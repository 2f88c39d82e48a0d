//! What is known of a room and of those in it: the parts that several events share.

use serde::{Deserialize, Serialize};

use crate::{Epoch, Nickname, PeerId, RoomName};

/// One person in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who it is.
    pub id: PeerId,
    /// The name they gave. Not unique.
    pub nickname: Nickname,
    /// Which of their visits this is.
    pub epoch: Epoch,
    /// Whether their connection to the server stands.
    pub presence: Presence,
}

/// Whether a member's connection to the server stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It stands.
    Present,
    /// It is lost, and the grace period runs. Their connections to peers may well stand.
    Away,
}

/// What the host decides for the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomState {
    /// The member who may lock the room and remove people: its opener whenever they are in it, else the one longest in it.
    pub host: PeerId,
    /// Whether newcomers are refused.
    pub locked: bool,
    /// Whether the room stands in the public list.
    pub listed: bool,
}

/// A room as the public list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// The name, in the opener's spelling.
    pub room: RoomName,
    /// How many are in it, those away included.
    pub people: usize,
}

/// Which rooms the public list shows (the server's `--list-rooms`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listing {
    /// Those whose opener asked for it.
    OptIn,
    /// Those whose opener did not ask otherwise.
    All,
    /// None; there is no list.
    Off,
}

/// What someone wants to meet somebody for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingKind {
    /// To write to each other, unseen and unheard.
    Text,
    /// To see and hear each other.
    Video,
}

/// A STUN or TURN server, as W3C webrtc-pc `RTCIceServer` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    /// `stun:`, `turn:` or `turns:` URLs (RFC 7064, RFC 7065).
    pub urls: Vec<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// For TURN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}
