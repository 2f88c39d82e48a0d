//! *Call*: the video call of the zoom clone, and the two-computer clone with a data channel, whose events are the
//! same and one more. Serves `join_room`, `offer`, `answer` and `ice`; tells the others `welcome`, and relays the
//! rest to them.

use shared::Rejection;

use super::arguments::Arguments;
use super::say::{Me, Say};
use super::space::{Entry, Space};

/// People in a room. The tutorials know no bound, and serve two.
pub const CAPACITY: usize = 16;

/// The events that it serves.
pub const EVENTS: [&str; 4] = ["join_room", "offer", "answer", "ice"];

/// Does what the event asks for.
pub fn hear(
    space: &mut Space,
    me: &Me,
    event: &str,
    arguments: &Arguments,
) -> Result<Vec<Say>, Rejection> {
    match event {
        "join_room" => match space.enter(&arguments.read::<String>(0)?, me.id)? {
            Entry::New(_, others) => Ok(vec![Say::to(others, "welcome", Arguments::default())]),
            Entry::Again(_) => Ok(vec![]),
        },
        "offer" => relay(space, me, "offer", arguments),
        "answer" => relay(space, me, "answer", arguments),
        "ice" => relay(space, me, "ice", arguments),
        _ => Err(Rejection::UnknownEvent),
    }
}

fn relay(
    space: &Space,
    me: &Me,
    event: &'static str,
    arguments: &Arguments,
) -> Result<Vec<Say>, Rejection> {
    let others = space.others(&arguments.read::<String>(1)?, me.id)?;
    let signal = Arguments::default().with(arguments.raw(0)?);
    Ok(vec![Say::relay(others, event, signal)])
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tutorials::say::tests::{hears, me};
    use serde_json::json;

    #[test]
    fn those_in_the_room_hear_who_comes_and_what_they_send() {
        let mut space = Space::new(CAPACITY);
        let room = Arguments::default().with("r");
        let mut enter = |who| hear(&mut space, &me(who), "join_room", &room).unwrap();
        assert!(hears(1, &enter(1)).is_empty());
        assert_eq!(hears(1, &enter(2)), ["welcome[]"]);
        let third = enter(3);
        assert_eq!((hears(1, &third), hears(2, &third)).0, ["welcome[]"]);
        assert_eq!(hears(2, &third), ["welcome[]"]);
        assert!(enter(3).is_empty());
        for event in ["offer", "answer", "ice"] {
            let signal = Arguments::default().with(&json!({ "z": null })).with("r");
            let says = hear(&mut space, &me(3), event, &signal).unwrap();
            assert_eq!(hears(1, &says), [format!("{event}[{{\"z\":null}}]")]);
            assert!(hears(3, &says).is_empty());
        }
    }
}
