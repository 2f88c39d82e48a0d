//! The events that a browser sends to the server, each with its reply.

use serde::{Deserialize, Serialize};

use crate::event::{ClientEvent, Event};
use crate::remembered::Remembered;
use crate::room::{IceServer, Listing, MeetingKind, Member, RoomState, RoomSummary};
use crate::signal::{self, DescriptionId, IceCandidate, SdpType};
use crate::{Epoch, PeerId, Rejection, RoomName, Secret};

/// Enter a room, or come back to it after a lost connection.
///
/// Under an id that is present it takes over from the older connection, which is told
/// [`Replaced`](crate::to_browser::Replaced).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinRoom {
    /// The room's name as typed. Text, so that the server can say what is wrong with it.
    pub room: String,
    /// The person's name as typed.
    pub nickname: String,
    /// The tab's secret, from which the server derives the [`PeerId`].
    pub secret: Secret,
    /// This visit to the room.
    pub epoch: Epoch,
    /// Whether the room is to be listed, if this opens it; `None` leaves it to the server's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<bool>,
    /// For one who comes back: the room as they last knew it, should the server have forgotten it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Remembered>,
}

/// The reply to [`JoinRoom`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The room's name in its opener's spelling.
    pub room: RoomName,
    /// The newcomer's own id.
    pub you: PeerId,
    /// Everyone in the room, the newcomer included; the one longest in it first.
    pub members: Vec<Member>,
    /// What the host has decided.
    pub state: RoomState,
    /// How many people the room holds.
    pub capacity: usize,
    /// Whom the host has put out, the last first, at most 16. One who comes back may not have heard of it, and
    /// still hear them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<PeerId>,
    /// STUN and TURN servers to use.
    pub ice_servers: Vec<IceServer>,
}

/// Wait to be paired with someone who waits for the same, in a fresh room for the two of them
/// ([`Paired`](crate::to_browser::Paired)). The reply says that one waits; [`LeaveRoom`] ends it.
///
/// One who asks again keeps their place among those who wait; on another connection they take it over
/// from the older one, which is told [`Replaced`](crate::to_browser::Replaced).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meet {
    /// What for.
    pub kind: MeetingKind,
    /// The person's name as typed.
    pub nickname: String,
    /// The tab's secret.
    pub secret: Secret,
    /// The visit to the room that there will be. It tells a pairing from one that came too late.
    pub epoch: Epoch,
}

/// Leave the room at once, without a grace period; or wait for nobody any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveRoom {}

/// An offer (RFC 8829) to one peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The receiver.
    pub to: PeerId,
    /// The receiver's epoch that it is meant for.
    pub to_epoch: Epoch,
    /// Which description it is.
    pub id: DescriptionId,
    /// The session description.
    pub sdp: String,
}

/// An answer to one peer's offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The receiver.
    pub to: PeerId,
    /// The receiver's epoch that it is meant for.
    pub to_epoch: Epoch,
    /// The offer that it answers.
    pub id: DescriptionId,
    /// The session description.
    pub sdp: String,
}

/// ICE candidates for one peer. Sent without asking for an acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ice {
    /// The receiver.
    pub to: PeerId,
    /// The receiver's epoch that they are meant for.
    pub to_epoch: Epoch,
    /// The description of the sender that they belong to.
    pub id: DescriptionId,
    /// Whether that description is an offer or an answer.
    pub of: SdpType,
    /// The candidates, in the order in which they were gathered.
    pub candidates: Vec<IceCandidate>,
}

/// Close the room to newcomers, or open it again. For the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockRoom {
    /// Whether it shall be locked.
    pub locked: bool,
}

/// Put someone out of the room; they cannot come back under the same id while it lasts. For the
/// host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveMember {
    /// Whom.
    pub peer: PeerId,
}

/// Ask for the list of open rooms now and whenever it changes
/// ([`RoomChange`](crate::to_browser::RoomChange)), until [`UnwatchRooms`] or a join.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchRooms {}

/// The reply to [`WatchRooms`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRooms {
    /// Which rooms the server lists.
    pub listing: Listing,
    /// The listed rooms, by name.
    pub rooms: Vec<RoomSummary>,
}

/// No more updates of the list, please.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnwatchRooms {}

/// Ask for the STUN and TURN servers without entering a room: to see whether a call would work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetIceServers {}

/// The reply to [`GetIceServers`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServers {
    /// What [`Joined`] would say.
    pub ice_servers: Vec<IceServer>,
}

/// The reply that says no more than that it was done. For a signal: it was handed to the peer's
/// connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}

macro_rules! client_event {
    ($payload:ty, $name:literal, $reply:ty $(, $check:expr)?) => {
        impl Event for $payload {
            const NAME: &'static str = $name;
        }

        impl ClientEvent for $payload {
            type Reply = $reply;

            $(fn check(&self) -> Result<(), Rejection> {
                let check: fn(&Self) -> Result<(), Rejection> = $check;
                check(self)
            })?
        }
    };
}

client_event!(JoinRoom, "join_room", Joined, |join| join
    .resume
    .as_ref()
    .map_or(Ok(()), Remembered::check));
client_event!(Meet, "meet", Done);
client_event!(LeaveRoom, "leave_room", Done);
client_event!(Offer, "offer", Done, |offer| signal::check_sdp(&offer.sdp));
client_event!(Answer, "answer", Done, |answer| signal::check_sdp(
    &answer.sdp
));
client_event!(Ice, "ice", Done, |ice| signal::check_candidates(
    &ice.candidates
));
client_event!(LockRoom, "lock_room", Done);
client_event!(RemoveMember, "remove_member", Done);
client_event!(WatchRooms, "watch_rooms", OpenRooms);
client_event!(UnwatchRooms, "unwatch_rooms", Done);
client_event!(GetIceServers, "ice_servers", IceServers);

/// The names of all events in this direction.
pub const NAMES: [&str; 11] = [
    JoinRoom::NAME,
    Meet::NAME,
    LeaveRoom::NAME,
    Offer::NAME,
    Answer::NAME,
    Ice::NAME,
    LockRoom::NAME,
    RemoveMember::NAME,
    WatchRooms::NAME,
    UnwatchRooms::NAME,
    GetIceServers::NAME,
];
