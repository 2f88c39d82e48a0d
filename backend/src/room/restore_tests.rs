//! Rooms that the server has forgotten, and those who come back to them: as they were, or with false
//! memories.

#![expect(clippy::unwrap_used)]

use proptest::prelude::*;
use shared::remembered::{Remembered, RememberedKind, RememberedMember};

use super::tests::{Knowledge, Listeners, entrant, id, roster, tell, told};
use super::*;

fn name() -> RoomName {
    RoomName::new("Lobby").unwrap()
}

fn hosted_by(who: u8, locked: bool) -> RememberedKind {
    RememberedKind::Open {
        host: id(who),
        locked,
    }
}

/// A room of those people, each as first loaded.
fn remembered(people: &[u8], kind: RememberedKind) -> Remembered {
    let member = |who: &u8| {
        let Entrant {
            id,
            nickname,
            epoch,
        } = entrant(*who, 0);
        RememberedMember {
            id,
            nickname,
            epoch,
        }
    };
    Remembered {
        members: people.iter().map(member).collect(),
        kind,
    }
}

fn restored_by(who: u8, remembered: &Remembered) -> Room {
    Room::restore(name(), 4, false, entrant(who, 0), remembered).unwrap()
}

fn present(room: &Room) -> Vec<PeerId> {
    let present = room
        .members()
        .filter(|member| member.presence == Presence::Present);
    present.map(|member| member.id).collect()
}

#[test]
fn a_restored_room_is_as_it_was_and_the_others_are_away() {
    let room = restored_by(2, &remembered(&[1, 2, 3], hosted_by(1, true)));
    assert_eq!(roster(&room), [id(1), id(2), id(3)]);
    assert_eq!(present(&room), [id(2)]);
    assert_eq!(room.state().host, id(1));
    assert!(room.state().locked);
}

#[test]
fn those_who_were_in_it_come_back_as_after_a_lost_connection() {
    let before = remembered(&[1, 2, 3], hosted_by(1, true));
    let mut room = restored_by(2, &before);
    let back = PresenceChange {
        peer: id(3),
        presence: Presence::Present,
    };
    let notices = room.come_back(entrant(3, 0), &before).unwrap();
    assert_eq!(notices, [told(Audience::EveryoneBut(id(3)), back)]);
    // One who has loaded the page again remembers nothing, and is the same person.
    room.join(entrant(1, 1)).unwrap();
    assert_eq!(present(&room), [id(1), id(2), id(3)]);
    assert_eq!(room.join(entrant(4, 0)), Err(Rejection::RoomLocked));
}

#[test]
fn who_does_not_come_back_is_lost_and_the_next_is_host() {
    let mut room = restored_by(2, &remembered(&[1, 2, 3], hosted_by(1, false)));
    room.expire(id(1)).unwrap();
    assert_eq!(room.state().host, id(2));
    // The host before counts as the opener.
    room.join(entrant(1, 0)).unwrap();
    assert_eq!(room.state().host, id(1));
}

#[test]
fn who_is_only_remembered_neither_counts_nor_keeps_the_room() {
    let all = remembered(&[1, 2, 3], hosted_by(1, false));
    let mut room = Room::restore(name(), 4, true, entrant(2, 0), &all).unwrap();
    assert_eq!(room.summary().unwrap().people, 1);
    room.join(entrant(3, 0)).unwrap();
    assert_eq!(room.summary().unwrap().people, 2);
    room.leave(id(3)).unwrap();
    room.leave(id(2)).unwrap();
    assert!(room.is_empty());
}

#[test]
fn a_later_one_vouches_for_those_whom_the_first_did_not_know() {
    let mut room = restored_by(2, &remembered(&[1, 2], hosted_by(1, true)));
    let newest = remembered(&[1, 2, 3], hosted_by(1, true));
    let locked = Err(Rejection::RoomLocked);
    assert_eq!(room.come_back(entrant(3, 0), &newest), locked);
    room.come_back(entrant(1, 0), &newest).unwrap();
    room.come_back(entrant(3, 0), &newest).unwrap();
    assert_eq!(roster(&room), [id(1), id(2), id(3)]);
}

#[test]
fn the_host_can_put_out_one_for_whom_another_vouched() {
    let mut room = restored_by(1, &remembered(&[1, 2], hosted_by(1, true)));
    let more = remembered(&[1, 2, 3], hosted_by(1, true));
    room.come_back(entrant(2, 0), &more).unwrap();
    room.remove(id(1), id(3)).unwrap();
    let removed = Err(Rejection::RemovedByHost);
    assert_eq!(room.come_back(entrant(3, 0), &more), removed);
}

#[test]
fn the_hosts_own_word_counts_for_the_lock_once() {
    let mut room = restored_by(2, &remembered(&[1, 2], hosted_by(1, false)));
    let locked = remembered(&[1, 2], hosted_by(1, true));
    room.come_back(entrant(2, 0), &locked).unwrap();
    assert!(!room.state().locked, "not the host's word");
    room.come_back(entrant(1, 0), &locked).unwrap();
    assert!(room.state().locked);
    room.lock(id(1), false).unwrap();
    room.come_back(entrant(1, 0), &locked).unwrap();
    assert!(!room.state().locked, "it has not been forgotten since");
}

#[test]
fn nobody_takes_over_a_room_that_is_there() {
    let mut room = restored_by(1, &remembered(&[1, 2], hosted_by(1, false)));
    let mine = remembered(&[1, 2, 3], hosted_by(3, true));
    room.come_back(entrant(3, 0), &mine).unwrap();
    assert_eq!(room.state().host, id(1));
    assert!(!room.state().locked);
    let mut taken = vec![id(1), id(2)];
    taken.push(id(3));
    assert_eq!(roster(&room), taken);
}

#[test]
fn one_who_reloads_before_the_others_are_back_keeps_their_places_and_their_lock() {
    let mut room = Room::open(name(), 4, false, entrant(2, 1));
    let all = remembered(&[1, 2, 3], hosted_by(1, true));
    room.come_back(entrant(3, 0), &all).unwrap();
    assert_eq!(roster(&room), [id(2), id(3), id(1)]);
    assert_eq!(present(&room), [id(2), id(3)]);
    assert_eq!(room.state().host, id(2));
    assert!(room.state().locked);
    room.come_back(entrant(1, 0), &all).unwrap();
    assert_eq!(room.state().host, id(2), "nobody can prove to have been it");
    assert_eq!(present(&room), [id(2), id(3), id(1)]);
}

#[test]
fn nobody_tells_a_strangers_room_what_it_was() {
    let mut room = Room::open(name(), 4, false, entrant(4, 0));
    let all = remembered(&[1, 2, 3], hosted_by(1, true));
    room.come_back(entrant(2, 0), &all).unwrap();
    assert_eq!(roster(&room), [id(4), id(2)]);
    assert_eq!(room.state().host, id(4));
    assert!(!room.state().locked);
}

#[test]
fn false_memories_are_refused() {
    let refused = |name: RoomName, claim: &Remembered| {
        let refused = Room::restore(name, 4, false, entrant(9, 0), claim).unwrap_err();
        assert!(
            matches!(refused, Rejection::Malformed { .. }),
            "{refused:?}"
        );
    };
    refused(name(), &remembered(&[1, 2], hosted_by(1, false)));
    refused(name(), &remembered(&[1, 9], RememberedKind::Pair));
    let for_two = crate::names::made_up();
    refused(for_two, &remembered(&[1, 9], hosted_by(9, false)));

    let mut room = restored_by(1, &remembered(&[1, 2], hosted_by(1, false)));
    let before = Knowledge::of(&room);
    let without = remembered(&[1, 2], hosted_by(1, false));
    assert!(
        room.come_back(entrant(9, 0), &without).is_ok(),
        "as anyone may come in"
    );
    room.leave(id(9)).unwrap();
    assert_eq!(Knowledge::of(&room), before);
}

#[test]
fn a_smaller_room_keeps_a_place_for_its_host_and_for_who_is_at_the_door() {
    let many = remembered(&[1, 2, 3, 4, 5, 6, 7], hosted_by(6, false));
    let room = restored_by(7, &many);
    assert_eq!(roster(&room), [id(1), id(2), id(6), id(7)]);
}

#[test]
fn two_who_have_met_are_restored_as_two() {
    let name = crate::names::made_up();
    let pair = remembered(&[1, 2], RememberedKind::Pair);
    let mut room = Room::restore(name, 16, true, entrant(2, 0), &pair).unwrap();
    assert_eq!(room.capacity(), 2);
    assert_eq!(room.summary(), None);
    assert_eq!(room.join(entrant(3, 0)), Err(Rejection::RoomLocked));
    assert_eq!(room.lock(id(2), true), Err(Rejection::NotHost));
    room.expire(id(1)).unwrap();
    room.come_back(entrant(1, 0), &pair).unwrap();
    assert_eq!(roster(&room), [id(2), id(1)]);

    // Nobody brings a third, not even in the place of one who has left.
    let other = remembered(&[2, 3], RememberedKind::Pair);
    room.come_back(entrant(2, 0), &other).unwrap();
    room.leave(id(1)).unwrap();
    let locked = Err(Rejection::RoomLocked);
    assert_eq!(room.come_back(entrant(3, 0), &other), locked);
}

#[test]
fn one_who_is_lost_and_still_heard_can_be_put_out() {
    let mut room = restored_by(1, &remembered(&[1, 2], hosted_by(1, false)));
    room.expire(id(2)).unwrap();
    let reason = ByeReason::Removed;
    let bye = Bye {
        peer: id(2),
        reason,
    };
    let notices = room.remove(id(1), id(2)).unwrap();
    assert_eq!(notices, [told(Audience::Everyone, bye)]);
    assert_eq!(room.join(entrant(2, 0)), Err(Rejection::RemovedByHost));
    assert_eq!(room.remove(id(1), id(2)), Err(Rejection::NoSuchPeer));
}

#[test]
fn nobody_gives_another_a_name() {
    let mut memory = remembered(&[1, 2], hosted_by(1, false));
    memory.members[0].nickname = Nickname::new("Nobody").unwrap();
    let mut room = restored_by(2, &memory);
    let notices = room.come_back(entrant(1, 0), &memory).unwrap();
    let member = room.member(id(1)).unwrap().clone();
    assert_eq!(member.nickname, entrant(1, 0).nickname);
    let to = Audience::EveryoneBut(id(1));
    assert_eq!(notices, [told(to, Welcome { member })]);
}

#[test]
fn whoever_comes_in_learns_whom_the_host_has_put_out() {
    let mut room = restored_by(1, &remembered(&[1, 2, 3], hosted_by(1, false)));
    room.remove(id(1), id(3)).unwrap();
    room.come_back(entrant(2, 0), &remembered(&[1, 2, 3], hosted_by(1, false)))
        .unwrap();
    assert_eq!(room.seen_by(id(2), vec![]).removed, [id(3)]);
}

/// Anyone's memory, true or false.
fn memory() -> impl Strategy<Value = Remembered> {
    let people = prop::sample::subsequence((1..8_u8).collect::<Vec<_>>(), 1..=7);
    let people = people.prop_shuffle();
    (
        people,
        any::<prop::sample::Index>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(people, host, locked, is_pair)| {
            let host = people[host.index(people.len())];
            let kind = if is_pair {
                RememberedKind::Pair
            } else {
                hosted_by(host, locked)
            };
            remembered(&people, kind)
        })
}

proptest! {
    /// Whoever comes with whatever memory: the host is there, nobody is there twice, the room is no fuller
    /// than it may be, who was put out stays out, and those who listen know the room as it is.
    #[test]
    fn no_memory_breaks_a_room(
        first in (1..8_u8, memory()),
        comers in prop::collection::vec((1..8_u8, 0..2_u8, memory(), 0..8_u8, 0..8_u8), 0..20),
        is_blank in any::<bool>(),
    ) {
        let opened = if is_blank {
            Ok(Room::open(name(), 4, false, entrant(first.0, 0)))
        } else {
            Room::restore(name(), 4, false, entrant(first.0, 0), &first.1)
        };
        let Ok(mut room) = opened else {
            return Ok(());
        };
        let mut listeners = Listeners::from([(id(first.0), Knowledge::of(&room))]);
        let mut put_out = Vec::new();
        for (who, reloads, claim, removed, expired) in comers {
            if let Ok(notices) = room.come_back(entrant(who, reloads), &claim) {
                prop_assert!(!put_out.contains(&id(who)));
                tell(&mut listeners, &notices);
                listeners.insert(id(who), Knowledge::of(&room));
            }
            if let Ok(notices) = room.expire(id(expired)) {
                tell(&mut listeners, &notices);
            }
            let host = room.state().host;
            if let Ok(notices) = room.remove(host, id(removed)) {
                put_out.push(id(removed));
                tell(&mut listeners, &notices);
            }
            if room.is_empty() {
                break;
            }
            let mut ids = roster(&room);
            prop_assert!(ids.len() <= room.capacity());
            prop_assert!(ids.contains(&room.state().host));
            for knowledge in listeners.values() {
                prop_assert_eq!(knowledge, &Knowledge::of(&room));
            }
            let people = ids.len();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), people, "nobody is there twice");
        }
    }

    /// In whatever order people come back who all remember the same, with or without their memory: it is
    /// the room that it was.
    #[test]
    fn all_who_remember_the_same_are_back_in_the_same_room(
        order in Just(vec![1_u8, 2, 3, 4]).prop_shuffle(),
        reloaded in prop::option::of(0..4_usize),
        host in 1..=4_u8,
        locked in any::<bool>(),
    ) {
        let all = remembered(&[1, 2, 3, 4], hosted_by(host, locked));
        // Who comes first without a memory opens it.
        let host = if reloaded == Some(0) { order[0] } else { host };
        let mut room: Option<Room> = None;
        for (place, who) in order.into_iter().enumerate() {
            let is_reloaded = reloaded == Some(place);
            let who = entrant(who, u8::from(is_reloaded));
            match &mut room {
                None if is_reloaded => room = Some(Room::open(name(), 4, false, who)),
                None => room = Some(Room::restore(name(), 4, false, who, &all).unwrap()),
                Some(room) if is_reloaded => drop(room.join(who).unwrap()),
                Some(room) => drop(room.come_back(who, &all).unwrap()),
            }
        }
        let room = room.unwrap();
        let mut back = present(&room);
        back.sort();
        prop_assert_eq!(back, [1, 2, 3, 4].map(id));
        prop_assert_eq!(room.state().host, id(host));
        prop_assert_eq!(room.state().locked, locked);
    }
}
