//! The rules of a room, told as stories, and what must hold whatever happens.

#![expect(clippy::unwrap_used)]

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

pub(super) fn id(who: u8) -> PeerId {
    PeerId::from_bytes([who; 16])
}

/// Person number `who`, after that many reloads of their page.
pub(super) fn entrant(who: u8, reloads: u8) -> Entrant {
    Entrant {
        id: id(who),
        nickname: Nickname::new(&format!("Person {who}")).unwrap(),
        epoch: Epoch::from_bytes([reloads; 8]),
    }
}

fn room_of(people: u8) -> Room {
    let name = RoomName::new("Lobby").unwrap();
    let mut room = Room::open(name, 4, false, entrant(1, 0));
    for who in 2..=people {
        room.join(entrant(who, 0)).unwrap();
    }
    room
}

pub(super) fn roster(room: &Room) -> Vec<PeerId> {
    room.members().map(|member| member.id).collect()
}

pub(super) fn told(to: Audience, message: impl Into<Message>) -> Notice {
    Notice::new(to, message)
}

#[test]
fn a_newcomer_is_welcomed_by_all_the_others() {
    let mut room = room_of(2);
    let notices = room.join(entrant(3, 0)).unwrap();
    let member = room.members().last().unwrap().clone();
    let welcome = told(Audience::EveryoneBut(id(3)), Welcome { member });
    assert_eq!(notices, [welcome]);
    assert_eq!(roster(&room), [id(1), id(2), id(3)]);
}

#[test]
fn a_room_for_two_takes_nobody_else_not_even_once_one_has_left() {
    let name = RoomName::new("hidden").unwrap();
    let mut room = Room::open_for_two(name, [entrant(1, 0), entrant(2, 0)]);
    assert_eq!(room.join(entrant(3, 0)), Err(Rejection::RoomLocked));
    assert_eq!(room.lock(id(1), false), Err(Rejection::NotHost));
    assert_eq!(room.remove(id(1), id(2)), Err(Rejection::NotHost));
    assert_eq!(room.summary(), None);

    room.away(id(2)).unwrap();
    room.join(entrant(2, 0)).unwrap();
    room.away(id(2)).unwrap();
    room.expire(id(2)).unwrap();
    assert_eq!(room.join(entrant(3, 0)), Err(Rejection::RoomLocked));
    room.join(entrant(2, 0)).unwrap();
    assert_eq!(roster(&room), [id(1), id(2)], "they come back themselves");

    let bye = Bye {
        peer: id(1),
        reason: ByeReason::Left,
    };
    let notices = room.leave(id(1)).unwrap();
    assert_eq!(notices, [told(Audience::Everyone, bye)]);
    for who in [1, 3] {
        assert_eq!(room.join(entrant(who, 0)), Err(Rejection::RoomLocked));
    }
}

#[test]
fn a_full_room_counts_those_who_are_away() {
    let mut room = room_of(4);
    room.away(id(2)).unwrap();
    let full = Err(Rejection::RoomFull { capacity: 4 });
    assert_eq!(room.join(entrant(5, 0)), full);
    room.expire(id(2)).unwrap();
    assert!(room.join(entrant(5, 0)).is_ok());
}

#[test]
fn a_member_comes_back_into_a_full_and_locked_room() {
    let mut room = room_of(4);
    room.lock(id(1), true).unwrap();
    room.away(id(2)).unwrap();
    let back = PresenceChange {
        peer: id(2),
        presence: Presence::Present,
    };
    let notices = room.join(entrant(2, 0)).unwrap();
    assert_eq!(notices, [told(Audience::EveryoneBut(id(2)), back)]);
    assert_eq!(room.members().count(), 4);
}

#[test]
fn a_reloaded_page_takes_the_place_of_the_one_before_and_not_the_other_way_round() {
    let mut room = room_of(2);
    let notices = room.join(entrant(1, 1)).unwrap();
    let member = room.members().next().unwrap().clone();
    assert_eq!(member.epoch, entrant(1, 1).epoch);
    assert_eq!(
        notices,
        [told(Audience::EveryoneBut(id(1)), Welcome { member })]
    );
    assert_eq!(roster(&room), [id(1), id(2)], "their place is the same");
    assert_eq!(room.join(entrant(1, 0)), Err(Rejection::StaleEpoch));
}

#[test]
fn the_host_is_the_opener_and_then_the_one_longest_in_the_room() {
    let mut room = room_of(3);
    let notices = room.leave(id(1)).unwrap();
    let bye = Bye {
        peer: id(1),
        reason: ByeReason::Left,
    };
    let state = room.state();
    assert_eq!(state.host, id(2));
    let expected = [
        told(Audience::Everyone, bye),
        told(Audience::Everyone, RoomStateChange { state }),
    ];
    assert_eq!(notices, expected);
}

#[test]
fn an_opener_who_comes_back_is_host_again() {
    let mut room = room_of(2);
    room.leave(id(1)).unwrap();
    let notices = room.join(entrant(1, 1)).unwrap();
    let state = room.state();
    assert_eq!(state.host, id(1));
    assert_eq!(roster(&room), [id(2), id(1)]);
    let told_state = told(Audience::EveryoneBut(id(1)), RoomStateChange { state });
    assert!(notices.contains(&told_state));
}

#[test]
fn only_the_host_locks_and_removes() {
    let mut room = room_of(2);
    assert_eq!(room.lock(id(2), true), Err(Rejection::NotHost));
    assert_eq!(room.remove(id(2), id(1)), Err(Rejection::NotHost));
    assert_eq!(room.lock(id(3), true), Err(Rejection::NotInRoom));
    assert_eq!(room.remove(id(1), id(3)), Err(Rejection::NoSuchPeer));
    assert_eq!(room.remove(id(1), id(1)), Err(Rejection::NoSuchPeer));
}

#[test]
fn a_lock_is_for_strangers_not_for_one_who_loads_the_page_again() {
    let mut room = room_of(2);
    room.lock(id(1), true).unwrap();
    room.leave(id(2)).unwrap();
    assert!(room.join(entrant(2, 1)).is_ok());
    assert_eq!(room.join(entrant(4, 0)), Err(Rejection::RoomLocked));
}

#[test]
fn nobody_gets_through_the_lock_by_an_id_they_left_under() {
    let mut room = room_of(3);
    room.leave(id(3)).unwrap();
    room.lock(id(1), true).unwrap();
    assert_eq!(room.join(entrant(3, 1)), Err(Rejection::RoomLocked));

    let mut room = room_of(3);
    room.lock(id(1), true).unwrap();
    room.leave(id(3)).unwrap();
    room.remove(id(1), id(2)).unwrap();
    assert_eq!(room.join(entrant(2, 1)), Err(Rejection::RemovedByHost));
    assert_eq!(room.join(entrant(3, 1)), Err(Rejection::RoomLocked));
}

#[test]
fn a_locked_room_takes_nobody_in_until_it_is_opened_again() {
    let mut room = room_of(1);
    assert_eq!(room.lock(id(1), true).unwrap().len(), 1);
    assert_eq!(room.lock(id(1), true).unwrap(), [], "nothing has changed");
    assert_eq!(room.join(entrant(2, 0)), Err(Rejection::RoomLocked));
    room.lock(id(1), false).unwrap();
    assert!(room.join(entrant(2, 0)).is_ok());
}

#[test]
fn whoever_was_removed_stays_out_even_with_a_reloaded_page() {
    let mut room = room_of(3);
    let notices = room.remove(id(1), id(2)).unwrap();
    let bye = Bye {
        peer: id(2),
        reason: ByeReason::Removed,
    };
    let expected = [
        told(Audience::Only(id(2)), Removed {}),
        told(Audience::Everyone, bye),
    ];
    assert_eq!(notices, expected);
    assert_eq!(room.join(entrant(2, 0)), Err(Rejection::RemovedByHost));
    assert_eq!(room.join(entrant(2, 1)), Err(Rejection::RemovedByHost));
}

#[test]
fn a_grace_period_ends_only_for_those_who_are_still_away() {
    let mut room = room_of(2);
    room.away(id(2)).unwrap();
    assert_eq!(room.away(id(2)).unwrap(), [], "nothing is told twice");
    room.join(entrant(2, 0)).unwrap();
    assert_eq!(room.expire(id(2)).unwrap(), []);
    room.away(id(2)).unwrap();
    let bye = Bye {
        peer: id(2),
        reason: ByeReason::Lost,
    };
    assert_eq!(room.expire(id(2)).unwrap(), [told(Audience::Everyone, bye)]);
}

#[test]
fn a_signal_goes_to_the_present_load_of_a_present_peer() {
    let mut room = room_of(3);
    let (now, before) = (entrant(2, 1).epoch, entrant(2, 0).epoch);
    room.join(entrant(2, 1)).unwrap();
    assert_eq!(room.signal(id(1), id(2), now).unwrap().id, id(1));
    let refused = |room: &Room, from, to, epoch| room.signal(from, to, epoch).unwrap_err();
    assert_eq!(refused(&room, id(1), id(2), before), Rejection::StaleEpoch);
    assert_eq!(refused(&room, id(1), id(9), now), Rejection::NoSuchPeer);
    assert_eq!(refused(&room, id(1), id(1), before), Rejection::NoSuchPeer);
    assert_eq!(refused(&room, id(9), id(2), now), Rejection::NotInRoom);
    room.away(id(2)).unwrap();
    assert_eq!(refused(&room, id(1), id(2), now), Rejection::PeerAway);
}

#[test]
fn only_a_listed_room_has_a_line_in_the_list() {
    let name = || RoomName::new("Lobby").unwrap();
    let listed = Room::open(name(), 4, true, entrant(1, 0));
    assert_eq!(listed.summary().unwrap().people, 1);
    assert_eq!(room_of(1).summary(), None);
}

/// Anything that can happen to a room.
#[derive(Clone, Debug)]
enum Happening {
    Join(u8, u8),
    Leave(u8),
    Away(u8),
    Expire(u8),
    Lock(u8, bool),
    Remove(u8, u8),
}

fn happening() -> impl Strategy<Value = Happening> {
    let who = 1..8_u8;
    prop_oneof![
        4 => (who.clone(), 0..3_u8).prop_map(|(who, reloads)| Happening::Join(who, reloads)),
        1 => who.clone().prop_map(Happening::Leave),
        2 => who.clone().prop_map(Happening::Away),
        1 => who.clone().prop_map(Happening::Expire),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, locked)| Happening::Lock(who, locked)),
        1 => (who.clone(), who).prop_map(|(by, whom)| Happening::Remove(by, whom)),
    ]
}

/// What one member knows of the room, from the reply to their join and the notices since.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Knowledge {
    members: Vec<Member>,
    state: RoomState,
}

impl Knowledge {
    pub(super) fn of(room: &Room) -> Self {
        Self {
            members: room.members().cloned().collect(),
            state: room.state(),
        }
    }

    fn hear(&mut self, message: &Message) {
        let known = |members: &mut Vec<Member>, id| members.iter().position(|m| m.id == id);
        match message {
            Message::Welcome(Welcome { member }) => match known(&mut self.members, member.id) {
                Some(index) => self.members[index] = member.clone(),
                None => self.members.push(member.clone()),
            },
            Message::Bye(Bye { peer, reason }) => match known(&mut self.members, *peer) {
                Some(index) => drop(self.members.remove(index)),
                // One who was lost before, and may still be heard.
                None => assert_eq!(*reason, ByeReason::Removed),
            },
            Message::PresenceChange(PresenceChange { peer, presence }) => {
                let index = known(&mut self.members, *peer).expect("news of someone known");
                self.members[index].presence = *presence;
            }
            Message::RoomStateChange(RoomStateChange { state }) => self.state = *state,
            Message::Removed(_)
            | Message::RoomChange(_)
            | Message::Offer(_)
            | Message::Answer(_)
            | Message::Ice(_)
            | Message::Replaced(_)
            | Message::Dropped(_)
            | Message::Paired(_) => panic!("no change of a room: {message:?}"),
        }
    }
}

/// Everyone whose connection stands, and what they know.
pub(super) type Listeners = HashMap<PeerId, Knowledge>;

pub(super) fn tell(listeners: &mut Listeners, notices: &[Notice]) {
    for Notice { to, message } in notices {
        match to {
            Audience::Everyone => listeners.values_mut().for_each(|who| who.hear(message)),
            Audience::EveryoneBut(one) => listeners
                .iter_mut()
                .filter(|(id, _)| *id != one)
                .for_each(|(_, who)| who.hear(message)),
            Audience::Only(one) => {
                assert_eq!(message, &Message::from(Removed {}));
                listeners.remove(one);
            }
        }
    }
}

fn happen(room: &mut Room, listeners: &mut Listeners, happening: &Happening) {
    let result = match *happening {
        Happening::Join(who, reloads) => room.join(entrant(who, reloads)),
        Happening::Leave(who) => room.leave(id(who)),
        Happening::Away(who) => room.away(id(who)),
        Happening::Expire(who) => room.expire(id(who)),
        Happening::Lock(by, locked) => room.lock(id(by), locked),
        Happening::Remove(by, whom) => room.remove(id(by), id(whom)),
    };
    let Ok(notices) = result else {
        return;
    };
    match *happening {
        Happening::Leave(who) | Happening::Away(who) => {
            listeners.remove(&id(who));
        }
        Happening::Join(..)
        | Happening::Expire(_)
        | Happening::Lock(..)
        | Happening::Remove(..) => {}
    }
    tell(listeners, &notices);
    if let Happening::Join(who, _) = *happening {
        listeners.insert(id(who), Knowledge::of(room));
    }
}

proptest! {
    #[test]
    fn whatever_happens_everyone_knows_the_room_as_it_is(
        happenings in prop::collection::vec(happening(), 0..60)
    ) {
        let mut room = room_of(1);
        let mut listeners = Listeners::from([(id(1), Knowledge::of(&room))]);
        for happening in happenings {
            happen(&mut room, &mut listeners, &happening);
            if room.is_empty() {
                break;
            }
            let mut ids = roster(&room);
            prop_assert!(ids.len() <= room.capacity());
            prop_assert!(ids.contains(&room.state().host));
            for (listener, knowledge) in &listeners {
                prop_assert!(ids.contains(listener));
                prop_assert_eq!(knowledge, &Knowledge::of(&room));
            }
            let people = ids.len();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), people, "nobody is there twice");
        }
    }
}
