//! Why the server refuses an event. Stable on the wire; the words that a person reads are chosen by
//! the page, in the person's language.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::NameError;

/// A refusal, as the `Err` of an acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Rejection {
    /// The payload has not the event's shape.
    Malformed {
        /// What the decoder found, for the developer who sent it.
        detail: String,
    },
    /// No event has this name.
    UnknownEvent,
    /// The room's name is not valid.
    InvalidRoomName {
        /// What is wrong with it.
        why: NameError,
    },
    /// The person's name is not valid.
    InvalidNickname {
        /// What is wrong with it.
        why: NameError,
    },
    /// A description, candidate or list is over its limit.
    TooLarge {
        /// The limit, in bytes or items.
        limit: usize,
    },
    /// The event is for those in a room, and the sender is in none.
    NotInRoom,
    /// This connection is in a room already.
    AlreadyInRoom,
    /// The room has no place left.
    RoomFull {
        /// How many people it holds.
        capacity: usize,
    },
    /// The host has locked the room, or it is for two who have met.
    RoomLocked,
    /// The host has removed this person from the room.
    RemovedByHost,
    /// Only the room's host may do this.
    NotHost,
    /// Nobody in the sender's room has this id.
    NoSuchPeer,
    /// The person is in the room, but their connection is lost for the moment.
    PeerAway,
    /// The signal is meant for an earlier visit of the peer's, or the join belongs to one that a
    /// later visit has replaced.
    StaleEpoch,
    /// The sender is over its event rate.
    RateLimited,
    /// Events come faster than they can be handled, by the server or by the peer that they are for.
    QueueFull,
    /// The server is shutting down.
    Closing,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { detail } => write!(f, "malformed payload: {detail}"),
            Self::UnknownEvent => f.write_str("unknown event"),
            Self::InvalidRoomName { why } => write!(f, "invalid room name: {why}"),
            Self::InvalidNickname { why } => write!(f, "invalid nickname: {why}"),
            Self::TooLarge { limit } => write!(f, "over the limit of {limit}"),
            Self::NotInRoom => f.write_str("not in a room"),
            Self::AlreadyInRoom => f.write_str("already in a room"),
            Self::RoomFull { capacity } => write!(f, "the room is full ({capacity} people)"),
            Self::RoomLocked => f.write_str("the room is locked"),
            Self::RemovedByHost => f.write_str("removed by the host"),
            Self::NotHost => f.write_str("only the host may do this"),
            Self::NoSuchPeer => f.write_str("no such peer in the room"),
            Self::PeerAway => f.write_str("the peer is away"),
            Self::StaleEpoch => f.write_str("stale epoch"),
            Self::RateLimited => f.write_str("over the event rate"),
            Self::QueueFull => f.write_str("the queue is full"),
            Self::Closing => f.write_str("the server is shutting down"),
        }
    }
}

impl std::error::Error for Rejection {}
