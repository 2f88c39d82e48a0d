//! The events that the server sends to a browser.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::{Event, ServerEvent};
use crate::room::{Member, Presence, RoomState, RoomSummary};
use crate::signal::{DescriptionId, IceCandidate, SdpType};
use crate::to_server::Joined;
use crate::{Epoch, PeerId, Rejection};

/// Someone entered the room, or came back with a freshly loaded page: then the id is known, the
/// epoch new, and the peer connection is to be replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// Who.
    pub member: Member,
}

/// Someone was found for one who [waits](crate::to_server::Meet): both are in a room now, as after a
/// join. Of its two members, the second offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// The room of the two.
    pub joined: Joined,
}

/// Someone is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bye {
    /// Who.
    pub peer: PeerId,
    /// Why.
    pub reason: ByeReason,
}

/// Why someone is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByeReason {
    /// They left, or closed the page.
    Left,
    /// Their connection was lost and did not come back within the grace period.
    Lost,
    /// The host removed them.
    Removed,
}

/// A member's connection to the server was lost or is back. `Present` also after a return so quick
/// that nobody was told of the loss: signals may have been lost with the old connection, and what
/// still matters is to be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceChange {
    /// Who.
    pub peer: PeerId,
    /// Which it is now.
    pub presence: Presence,
}

/// The host, the lock or the listing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomStateChange {
    /// What holds now.
    pub state: RoomState,
}

/// The list of open rooms, for those who watch it; at most once a second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomChange {
    /// The listed rooms, by name.
    pub rooms: Vec<RoomSummary>,
}

/// A peer's offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The sender, as the server knows it.
    pub from: PeerId,
    /// The sender's epoch, as the server knows it.
    pub from_epoch: Epoch,
    /// Which description it is.
    pub id: DescriptionId,
    /// The session description.
    pub sdp: String,
}

/// A peer's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The sender, as the server knows it.
    pub from: PeerId,
    /// The sender's epoch, as the server knows it.
    pub from_epoch: Epoch,
    /// The offer that it answers.
    pub id: DescriptionId,
    /// The session description.
    pub sdp: String,
}

/// A peer's candidates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ice {
    /// The sender, as the server knows it.
    pub from: PeerId,
    /// The sender's epoch, as the server knows it.
    pub from_epoch: Epoch,
    /// The description of the sender that they belong to.
    pub id: DescriptionId,
    /// Whether that description is an offer or an answer.
    pub of: SdpType,
    /// The candidates, in the order in which they were gathered.
    pub candidates: Vec<IceCandidate>,
}

/// Another connection has taken over this one's place in the room; this one is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {}

/// The host has removed this person from the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {}

/// The server closes this connection because of what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// What it did.
    pub reason: Rejection,
}

macro_rules! server_events {
    ($($payload:ident = $name:literal),* $(,)?) => {
        $(
            impl Event for $payload {
                const NAME: &'static str = $name;
            }

            impl ServerEvent for $payload {}

            impl From<$payload> for Message {
                fn from(event: $payload) -> Self {
                    Self::$payload(event)
                }
            }
        )*

        /// Any event in this direction.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each variant's payload says what it is")]
        pub enum Message {
            $($payload($payload)),*
        }

        /// The payload alone; its name is [`Message::name`].
        impl Serialize for Message {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$payload(event) => event.serialize(serializer)),*
                }
            }
        }

        impl Message {
            /// The event's name on the wire.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$payload(_) => <$payload as Event>::NAME),*
                }
            }

            /// Decodes the event of that name; `None` when this version knows none.
            ///
            /// # Errors
            /// The deserializer's, when the payload has not the event's shape.
            pub fn decode<'de, D: Deserializer<'de>>(
                name: &str,
                payload: D,
            ) -> Option<Result<Self, D::Error>> {
                match name {
                    $(
                        <$payload as Event>::NAME => {
                            Some(<$payload>::deserialize(payload).map(Self::$payload))
                        }
                    )*
                    _ => None,
                }
            }
        }

        /// The names of all events in this direction.
        pub const NAMES: &[&str] = &[$(<$payload as Event>::NAME),*];
    };
}

server_events! {
    Paired = "paired",
    Welcome = "welcome",
    Bye = "bye",
    PresenceChange = "presence",
    RoomStateChange = "room_state",
    RoomChange = "room_change",
    Offer = "offer",
    Answer = "answer",
    Ice = "ice",
    Replaced = "replaced",
    Removed = "removed",
    Dropped = "dropped",
}
