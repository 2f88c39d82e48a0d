//! What the admin page is shown of the events that pass: who, to whom and how much, but nothing that
//! would open a connection to anyone, tell where someone is, or let one pass for somebody else. Each
//! event names what is shown of it: what is added to the protocol stays unseen until it is named here.

use serde_json::{Value, json};
use shared::room::{Member, RoomState};
use shared::to_browser::{self, Message};
use shared::to_server::{
    Answer, GetIceServers, Ice, JoinRoom, LeaveRoom, LockRoom, Meet, Offer, RemoveMember,
    UnwatchRooms, WatchRooms,
};
use shared::{PeerId, Rejection};

use crate::names::is_made_up;
use crate::tutorials::arguments::Arguments;

/// Longest text of a client's that is shown, in characters: room names and nicknames are shorter.
const MOST_CHARS: usize = 80;

/// The name of every event that there is none of: it may say anything.
pub const UNKNOWN: &str = "(unknown)";

/// Something of which a part may be shown.
pub trait Shown {
    /// That part.
    fn shown(&self) -> Value;
}

impl Shown for JoinRoom {
    fn shown(&self) -> Value {
        let mut shown = json!({ "room": room_name(&self.room), "nickname": cut(&self.nickname), "list": self.list });
        if let Some(remembered) = &self.resume {
            shown["remembers"] = remembered.members.len().into();
        }
        shown
    }
}

impl Shown for Meet {
    fn shown(&self) -> Value {
        json!({ "kind": self.kind, "nickname": cut(&self.nickname) })
    }
}

impl Shown for LeaveRoom {
    fn shown(&self) -> Value {
        json!({})
    }
}

impl Shown for Offer {
    fn shown(&self) -> Value {
        json!({ "to": self.to, "sdp": bytes(&self.sdp) })
    }
}

impl Shown for Answer {
    fn shown(&self) -> Value {
        json!({ "to": self.to, "sdp": bytes(&self.sdp) })
    }
}

impl Shown for Ice {
    fn shown(&self) -> Value {
        json!({ "to": self.to, "candidates": self.candidates.len() })
    }
}

impl Shown for LockRoom {
    fn shown(&self) -> Value {
        json!({ "locked": self.locked })
    }
}

impl Shown for RemoveMember {
    fn shown(&self) -> Value {
        json!({ "peer": self.peer })
    }
}

impl Shown for WatchRooms {
    fn shown(&self) -> Value {
        json!({})
    }
}

impl Shown for UnwatchRooms {
    fn shown(&self) -> Value {
        json!({})
    }
}

impl Shown for GetIceServers {
    fn shown(&self) -> Value {
        json!({})
    }
}

impl Shown for Message {
    fn shown(&self) -> Value {
        let description = |from: PeerId, sdp: &str| json!({ "from": from, "sdp": bytes(sdp) });
        match self {
            Self::Welcome(to_browser::Welcome { member }) => {
                let Member {
                    id,
                    nickname,
                    presence,
                    epoch: _,
                } = member;
                json!({ "peer": id, "nickname": nickname, "presence": presence })
            }
            Self::Paired(to_browser::Paired { joined }) => {
                json!({ "room": room_name(joined.room.as_str()), "peer": joined.you })
            }
            Self::Bye(bye) => json!({ "peer": bye.peer, "reason": bye.reason }),
            Self::PresenceChange(change) => {
                json!({ "peer": change.peer, "presence": change.presence })
            }
            Self::RoomStateChange(to_browser::RoomStateChange { state }) => {
                let RoomState {
                    host,
                    locked,
                    listed,
                } = state;
                json!({ "host": host, "locked": locked, "listed": listed })
            }
            Self::RoomChange(change) => json!({ "rooms": change.rooms.len() }),
            Self::Offer(offer) => description(offer.from, &offer.sdp),
            Self::Answer(answer) => description(answer.from, &answer.sdp),
            Self::Ice(ice) => json!({ "from": ice.from, "candidates": ice.candidates.len() }),
            Self::Replaced(_) | Self::Removed(_) => json!({}),
            Self::Dropped(dropped) => dropped.reason.shown(),
        }
    }
}

/// Of the tutorials' events nothing but how much there is: they have chat and descriptions in any place.
impl Shown for Arguments {
    fn shown(&self) -> Value {
        json!({ "arguments": self.number() })
    }
}

impl Shown for Rejection {
    fn shown(&self) -> Value {
        // The detail quotes the payload.
        let why = if let Self::Malformed { .. } = self {
            "malformed payload".to_owned()
        } else {
            self.to_string()
        };
        json!({ "refused": why })
    }
}

/// A room's name, unless it is one of those that are made up for two people: whoever knows it might
/// come in. Of these, as much as tells them apart.
#[must_use]
pub fn room_name(name: &str) -> String {
    if is_made_up(name) {
        format!("{}…", &name[..8])
    } else {
        cut(name)
    }
}

/// The beginning of a text.
fn cut(text: &str) -> String {
    text.chars().take(MOST_CHARS).collect()
}

fn bytes(text: &str) -> String {
    format!("{} bytes", text.len())
}
