//! *Codelab*: the signalling step of the WebRTC codelab. Serves `create or join`, `message` and `ipaddr`; tells
//! `created`, `join`, `joined`, `ready`, `full`, relays `message` to the sender's rooms, and tells the sender in
//! `log` what it did, for the page's console.

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use shared::Rejection;

use super::arguments::Arguments;
use super::say::{Me, Say};
use super::space::{Entry, Role, Space};

/// People in a room.
pub const CAPACITY: usize = 2;

/// The events that it serves.
pub const EVENTS: [&str; 3] = ["create or join", "message", "ipaddr"];

/// Does what the event asks for. `addresses` gives the server's own, if it comes to that.
pub fn hear(
    space: &mut Space,
    me: &Me,
    event: &str,
    arguments: &Arguments,
    addresses: impl FnOnce() -> Vec<Ipv4Addr>,
) -> Result<Vec<Say>, Rejection> {
    match event {
        "create or join" => create_or_join(space, me, &arguments.read::<String>(0)?),
        "message" => {
            let companions = space.companions(me.id)?;
            let said = log(me, &[json!("Client said:")], Some(arguments));
            Ok(vec![
                said,
                Say::relay(companions, "message", arguments.clone()),
            ])
        }
        "ipaddr" => {
            let mut says = vec![log(me, &[json!("Received request for addresses")], None)];
            says.extend(addresses().into_iter().map(|address| {
                Say::back(
                    me,
                    "ipaddr",
                    Arguments::default().with(&address.to_string()),
                )
            }));
            Ok(says)
        }
        _ => Err(Rejection::UnknownEvent),
    }
}

fn create_or_join(space: &mut Space, me: &Me, room: &str) -> Result<Vec<Say>, Rejection> {
    let mut says = vec![log(
        me,
        &[
            json!("Received request to create or join room"),
            json!(room),
        ],
        None,
    )];
    let name = || Arguments::default().with(room);
    let name_and_id = || name().with(&me.socket);
    let mut report = |people: usize, did: &str| {
        let counted = format!("Room {room} now has {people} client(s)");
        says.push(log(me, &[json!(counted)], None));
        let done = format!("Client ID {} {did} room {room}", me.socket);
        says.push(log(me, &[json!(done)], None));
    };
    match space.enter(room, me.id) {
        Ok(Entry::New(Role::Opener, _)) => {
            report(1, "created");
            says.push(Say::back(me, "created", name_and_id()));
        }
        Ok(Entry::New(Role::Joiner, others)) => {
            report(1 + others.len(), "joined");
            says.push(Say::to(others.clone(), "join", name()));
            says.push(Say::back(me, "joined", name_and_id()));
            let mut all = others;
            all.push(me.id);
            says.push(Say::to(all, "ready", Arguments::default()));
        }
        Ok(Entry::Again(role)) => {
            let answer = match role {
                Role::Opener => "created",
                Role::Joiner => "joined",
            };
            report(1 + space.others(room, me.id)?.len(), "is already in");
            says.push(Say::back(me, answer, name_and_id()));
        }
        Err(Rejection::RoomFull { .. }) => {
            report(CAPACITY, "found no place in");
            says.push(Say::back(me, "full", name()));
        }
        Err(rejection) => return Err(rejection),
    }
    Ok(says)
}

/// A line for the page's console: one array, whose items are what `console.log` takes.
fn log(me: &Me, items: &[Value], quoted: Option<&Arguments>) -> Say {
    let mut line = Arguments::default().with("Message from server:");
    for item in items {
        line = line.with(item);
    }
    let line = match quoted {
        Some(quoted) => line.and(quoted),
        None => line,
    };
    Say::back(me, "log", Arguments::default().with(&line))
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tutorials::say::tests::{hears, me};

    fn ask(space: &mut Space, who: u64, event: &str, arguments: &Arguments) -> Vec<Say> {
        let addresses = || vec![Ipv4Addr::new(192, 0, 2, 1)];
        hear(space, &me(who), event, arguments, addresses).unwrap()
    }

    fn without_log(heard: Vec<String>) -> Vec<String> {
        heard
            .into_iter()
            .filter(|event| !event.starts_with("log"))
            .collect()
    }

    #[test]
    fn the_first_hears_the_second_come_and_both_are_ready() {
        let mut space = Space::new(CAPACITY);
        let room = Arguments::default().with("foo");
        let mut enter = |who| ask(&mut space, who, "create or join", &room);
        let first = enter(1);
        let second = enter(2);
        let third = enter(3);
        let again = enter(2);
        assert_eq!(
            without_log(hears(1, &first)),
            ["created[\"foo\",\"socket 1\"]"]
        );
        let (one, two) = (hears(1, &second), without_log(hears(2, &second)));
        assert_eq!(one, ["join[\"foo\"]", "ready[]"]);
        assert_eq!(two, ["joined[\"foo\",\"socket 2\"]", "ready[]"]);
        assert_eq!(without_log(hears(3, &third)), ["full[\"foo\"]"]);
        assert!(hears(1, &third).is_empty() && hears(1, &again).is_empty());
        assert_eq!(without_log(hears(2, &again)), two[..1]);
    }

    #[test]
    fn a_message_stays_in_the_room_and_is_quoted_in_the_log() {
        let mut space = Space::new(CAPACITY);
        for (who, room) in [(1, "foo"), (2, "foo"), (3, "bar")] {
            let room = Arguments::default().with(room);
            ask(&mut space, who, "create or join", &room);
        }
        let message = Arguments::default()
            .with("got user media")
            .with(&json!([1, null]));
        let says = ask(&mut space, 1, "message", &message);
        assert_eq!(hears(2, &says), ["message[\"got user media\",[1,null]]"]);
        assert!(hears(3, &says).is_empty());
        let log = r#"log[["Message from server:","Client said:","got user media",[1,null]]]"#;
        assert_eq!(hears(1, &says), [log]);
    }

    #[test]
    fn each_address_is_an_event() {
        let says = ask(&mut Space::new(2), 1, "ipaddr", &Arguments::default());
        assert_eq!(without_log(hears(1, &says)), ["ipaddr[\"192.0.2.1\"]"]);
    }
}
