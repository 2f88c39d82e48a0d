//! *Classic*: the two-person signalling server. Serves `join`, `start_call`, `webrtc_offer`, `webrtc_answer` and
//! `webrtc_ice_candidate`; tells `room_created`, `room_joined`, `full_room`, and relays the others to the other
//! person.

use serde::Deserialize;
use serde_json::value::RawValue;
use shared::Rejection;

use super::arguments::Arguments;
use super::say::{Me, Say};
use super::space::{Entry, Role, Space};

/// People in a room.
pub const CAPACITY: usize = 2;

/// The events that it serves.
pub const EVENTS: [&str; 5] = [
    "join",
    "start_call",
    "webrtc_offer",
    "webrtc_answer",
    "webrtc_ice_candidate",
];

#[derive(Deserialize)]
struct InRoom {
    #[serde(rename = "roomId")]
    room: String,
}

#[derive(Deserialize)]
struct Description {
    #[serde(rename = "roomId")]
    room: String,
    sdp: Box<RawValue>,
}

/// Does what the event asks for.
pub fn hear(
    space: &mut Space,
    me: &Me,
    event: &str,
    arguments: &Arguments,
) -> Result<Vec<Say>, Rejection> {
    match event {
        "join" => join(space, me, &arguments.read::<String>(0)?),
        "start_call" => {
            let others = space.others(&arguments.read::<String>(0)?, me.id)?;
            Ok(vec![Say::relay(others, "start_call", Arguments::default())])
        }
        "webrtc_offer" => describe(space, me, "webrtc_offer", arguments),
        "webrtc_answer" => describe(space, me, "webrtc_answer", arguments),
        "webrtc_ice_candidate" => {
            let InRoom { room } = arguments.read(0)?;
            let candidate = Arguments::default().with(arguments.raw(0)?);
            let others = space.others(&room, me.id)?;
            Ok(vec![Say::relay(others, "webrtc_ice_candidate", candidate)])
        }
        _ => Err(Rejection::UnknownEvent),
    }
}

fn join(space: &mut Space, me: &Me, room: &str) -> Result<Vec<Say>, Rejection> {
    let answer = match space.enter(room, me.id) {
        Ok(Entry::New(Role::Opener, _) | Entry::Again(Role::Opener)) => "room_created",
        Ok(Entry::New(Role::Joiner, _) | Entry::Again(Role::Joiner)) => "room_joined",
        Err(Rejection::RoomFull { .. }) => "full_room",
        Err(rejection) => return Err(rejection),
    };
    Ok(vec![Say::back(me, answer, Arguments::default().with(room))])
}

fn describe(
    space: &Space,
    me: &Me,
    event: &'static str,
    arguments: &Arguments,
) -> Result<Vec<Say>, Rejection> {
    let Description { room, sdp } = arguments.read(0)?;
    let others = space.others(&room, me.id)?;
    Ok(vec![Say::relay(
        others,
        event,
        Arguments::default().with(&sdp),
    )])
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tutorials::say::tests::{hears, me};
    use serde_json::json;

    #[test]
    fn the_first_opens_the_second_joins_the_third_is_told_that_it_is_full() {
        let mut space = Space::new(CAPACITY);
        let room = Arguments::default().with("r");
        for (who, answer) in [
            (1, "room_created"),
            (2, "room_joined"),
            (3, "full_room"),
            (1, "room_created"),
            (2, "room_joined"),
        ] {
            let says = hear(&mut space, &me(who), "join", &room).unwrap();
            assert_eq!(says.len(), 1);
            assert_eq!(hears(who, &says), [format!("{answer}[\"r\"]")]);
        }
    }

    #[test]
    fn only_the_description_goes_on_and_the_whole_candidate() {
        let mut space = Space::new(CAPACITY);
        for who in [1, 2] {
            let room = Arguments::default().with("r");
            hear(&mut space, &me(who), "join", &room).unwrap();
        }
        let mut hear = |event, argument| {
            let arguments = Arguments::default().with(&argument);
            hears(2, &hear(&mut space, &me(1), event, &arguments).unwrap())
        };
        let offer = json!({ "type": "webrtc_offer", "sdp": { "a": [1] }, "roomId": "r" });
        assert_eq!(hear("webrtc_offer", offer), ["webrtc_offer[{\"a\":[1]}]"]);
        let candidate = json!({ "roomId": "r", "label": 0, "candidate": "c" });
        let whole = format!("webrtc_ice_candidate[{candidate}]");
        assert_eq!(hear("webrtc_ice_candidate", candidate), [whole]);
        assert_eq!(hear("start_call", json!("r")), ["start_call[]"]);
    }
}
