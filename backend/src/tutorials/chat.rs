//! *Chat*: the Socket.IO chat rooms of the zoom clone. Serves `enter_room` and `new_message`; tells `welcome`,
//! `toMessage` and `bye` to the others of a room, and to everyone, in `room_change`, which rooms there are.

use std::collections::HashMap;

use serde::Deserialize;
use shared::{Nickname, Rejection, RoomName};

use super::arguments::Arguments;
use super::say::{Me, Say};
use super::space::{Entry, Space};
use crate::connection::line::ConnectionId;
use crate::names;

/// People in a room. The tutorial knows no bound.
const CAPACITY: usize = 100;

/// Most rooms that `room_change` names: the oldest.
const LISTED_ROOMS: usize = 200;

/// Who has not said their name; so do the earlier stages.
pub const NOBODY: &str = "Anon";

/// The events that it serves.
pub const EVENTS: [&str; 2] = ["enter_room", "new_message"];

/// The rooms, and what people in them are called.
#[derive(Debug)]
pub struct Chat {
    space: Space,
    nicknames: HashMap<ConnectionId, Nickname>,
}

/// What the stages of the tutorial send to enter a room.
#[derive(Deserialize)]
#[serde(untagged)]
enum Door {
    Bare(String),
    Form {
        #[serde(rename = "roomName")]
        room: String,
        #[serde(rename = "nickName", default)]
        nickname: Option<String>,
    },
    Payload {
        payload: String,
    },
}

impl Chat {
    /// Without rooms.
    #[must_use]
    pub fn new() -> Self {
        Self {
            space: Space::new(CAPACITY),
            nicknames: HashMap::new(),
        }
    }

    /// Does what the event asks for.
    ///
    /// # Errors
    /// Why it does not.
    pub fn hear(
        &mut self,
        me: &Me,
        event: &str,
        arguments: &Arguments,
    ) -> Result<Vec<Say>, Rejection> {
        match event {
            "enter_room" => match arguments.read(0)? {
                Door::Bare(room) | Door::Payload { payload: room } => self.enter(me, &room, None),
                Door::Form { room, nickname } => self.enter(me, &room, nickname.as_deref()),
            },
            "new_message" => {
                let others = self.space.others(&arguments.read::<String>(1)?, me.id)?;
                let text = Arguments::default().with(arguments.raw(0)?);
                Ok(vec![Say::relay(others, "toMessage", text)])
            }
            _ => Err(Rejection::UnknownEvent),
        }
    }

    /// Tells everyone which rooms there are.
    #[must_use]
    pub fn room_change(&self) -> Say {
        let names = self.space.names(LISTED_ROOMS);
        Say::to_everyone("room_change", Arguments::default().with(&names))
    }

    /// How many rooms that names.
    #[must_use]
    pub fn listed_rooms(&self) -> usize {
        self.space.rooms().min(LISTED_ROOMS)
    }

    /// Whether somebody is in any of its rooms.
    #[must_use]
    pub fn has(&self, who: ConnectionId) -> bool {
        self.space.has(who)
    }

    /// The rooms that somebody is in.
    #[must_use]
    pub fn rooms_of(&self, who: ConnectionId) -> &[RoomName] {
        self.space.rooms_of(who)
    }

    /// Takes somebody out of all rooms.
    pub fn leave(&mut self, who: ConnectionId) -> Vec<Say> {
        let left = self.space.leave(who);
        if left.is_empty() {
            return vec![];
        }
        let name = self.name_of(who);
        let mut says: Vec<_> = left
            .into_iter()
            .map(|left| {
                let goodbye = Arguments::default().with(&name).with(&left.rest.len());
                Say::to(left.rest, "bye", goodbye)
            })
            .collect();
        self.nicknames.remove(&who);
        says.push(self.room_change());
        says
    }

    fn enter(
        &mut self,
        me: &Me,
        room: &str,
        nickname: Option<&str>,
    ) -> Result<Vec<Say>, Rejection> {
        let nickname = nickname
            .filter(|text| !text.trim().is_empty())
            .map(names::nickname)
            .transpose()?;
        let entry = self.space.enter(room, me.id)?;
        if let Some(nickname) = nickname {
            self.nicknames.insert(me.id, nickname);
        }
        Ok(match entry {
            Entry::New(_, others) => {
                let count = others.len() + 1;
                let name = self.name_of(me.id);
                let who = Arguments::default().with(&name).with(&count);
                vec![Say::to(others, "welcome", who), self.room_change()]
            }
            Entry::Again(_) => vec![],
        })
    }

    fn name_of(&self, who: ConnectionId) -> String {
        let name = self.nicknames.get(&who).map_or(NOBODY, Nickname::as_str);
        name.to_owned()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tutorials::say::tests::{hears, me};
    use serde_json::{Value, json};

    fn enter(chat: &mut Chat, who: u64, door: &Value) -> Vec<Say> {
        let arguments = Arguments::default().with(door);
        chat.hear(&me(who), "enter_room", &arguments).unwrap()
    }

    #[test]
    fn a_room_hears_who_comes_and_goes_and_everyone_which_rooms_there_are() {
        let mut chat = Chat::new();
        let says = enter(
            &mut chat,
            1,
            &json!({ "roomName": "tea", "nickName": "Ann" }),
        );
        assert_eq!(hears(9, &says), ["room_change[[\"tea\"]]"]);
        let says = enter(&mut chat, 2, &json!("tea"));
        let heard = hears(1, &says);
        assert_eq!(heard, ["welcome[\"Anon\",2]", "room_change[[\"tea\"]]"]);
        let says = chat.leave(me(1).id);
        let heard = hears(2, &says);
        assert_eq!(heard, ["bye[\"Ann\",1]", "room_change[[\"tea\"]]"]);
        let says = chat.leave(me(2).id);
        assert_eq!(hears(9, &says), ["room_change[[]]"]);
        assert!(chat.leave(me(2).id).is_empty());
    }

    #[test]
    fn every_stages_way_in_is_open() {
        let mut chat = Chat::new();
        enter(&mut chat, 1, &json!("tea"));
        enter(&mut chat, 2, &json!({ "payload": "tea" }));
        let says = enter(&mut chat, 3, &json!({ "roomName": "tea", "nickName": " " }));
        assert_eq!(hears(1, &says)[0], "welcome[\"Anon\",3]");
    }

    #[test]
    fn one_who_enters_again_is_not_announced_again_but_may_have_a_new_name() {
        let mut chat = Chat::new();
        enter(&mut chat, 1, &json!("tea"));
        enter(&mut chat, 2, &json!("tea"));
        let door = json!({ "roomName": "tea", "nickName": "Ben" });
        assert!(enter(&mut chat, 2, &door).is_empty());
        let says = chat.leave(me(2).id);
        assert_eq!(hears(1, &says)[0], "bye[\"Ben\",1]");
    }

    #[test]
    fn a_message_goes_to_the_others_of_the_room_as_it_is() {
        let mut chat = Chat::new();
        for (who, room) in [(1, "tea"), (2, "tea"), (3, "cake")] {
            enter(&mut chat, who, &json!(room));
        }
        let message = Arguments::default().with(&json!({ "t": 1 })).with("tea");
        let says = chat.hear(&me(1), "new_message", &message).unwrap();
        assert_eq!(hears(2, &says), ["toMessage[{\"t\":1}]"]);
        assert!(hears(1, &says).is_empty() && hears(3, &says).is_empty());
        let refused = chat.hear(&me(3), "new_message", &message).unwrap_err();
        assert_eq!(refused, Rejection::NotInRoom);
    }
}
