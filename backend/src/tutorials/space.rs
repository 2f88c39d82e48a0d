//! A room space: who is in which of a dialect's rooms. Pure; what is said about it is left to the dialects.

use std::collections::HashMap;

use shared::{Rejection, RoomName};

use crate::connection::line::ConnectionId;
use crate::names;

/// Rooms that one socket may be in at once; the tutorials' pages are in one.
const ROOMS_OF_ONE: usize = 16;

/// The rooms.
#[derive(Debug)]
pub struct Space {
    capacity: usize,
    rooms: HashMap<RoomName, Room>,
    rooms_of: HashMap<ConnectionId, Vec<RoomName>>,
    opened: u64,
}

#[derive(Debug)]
struct Room {
    /// Greater than that of every room that was opened before it.
    number: u64,
    members: Vec<(ConnectionId, Role)>,
}

/// How somebody came into a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It was empty.
    Opener,
    /// Somebody was there.
    Joiner,
}

/// What became of somebody's wish to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// They are in it now, and these were there before.
    New(Role, Vec<ConnectionId>),
    /// They have been in it all along.
    Again(Role),
}

/// A room that somebody has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its name.
    pub room: RoomName,
    /// Who is still there.
    pub rest: Vec<ConnectionId>,
}

impl Space {
    /// No rooms yet, and so many in each at most.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            rooms: HashMap::new(),
            rooms_of: HashMap::new(),
            opened: 0,
        }
    }

    /// Lets somebody into the room of that name, as they wrote it.
    ///
    /// # Errors
    /// [`Rejection::InvalidRoomName`], [`Rejection::RoomFull`], or [`Rejection::TooLarge`] for one who is in too
    /// many rooms.
    pub fn enter(&mut self, name: &str, who: ConnectionId) -> Result<Entry, Rejection> {
        let name = names::room_name(name)?;
        let (members, number) = match self.rooms.get(&name) {
            Some(room) => (room.members.as_slice(), room.number),
            None => (&[] as &[_], self.opened),
        };
        if let Some((_, role)) = members.iter().find(|(member, _)| *member == who) {
            return Ok(Entry::Again(*role));
        }
        let capacity = self.capacity;
        if members.len() >= capacity {
            return Err(Rejection::RoomFull { capacity });
        }
        let rooms_of = self.rooms_of.entry(who).or_default();
        if rooms_of.len() >= ROOMS_OF_ONE {
            let limit = ROOMS_OF_ONE;
            return Err(Rejection::TooLarge { limit });
        }
        rooms_of.push(name.clone());
        let others: Vec<_> = members.iter().map(|(member, _)| *member).collect();
        let role = if others.is_empty() {
            self.opened += 1;
            Role::Opener
        } else {
            Role::Joiner
        };
        let room = self.rooms.entry(name).or_insert_with(|| Room {
            number,
            members: Vec::new(),
        });
        room.members.push((who, role));
        Ok(Entry::New(role, others))
    }

    /// The others in that room.
    ///
    /// # Errors
    /// [`Rejection::NotInRoom`]: nobody speaks into a room that they are not in.
    pub fn others(&self, name: &str, who: ConnectionId) -> Result<Vec<ConnectionId>, Rejection> {
        let name = names::room_name(name)?;
        let room = self.rooms.get(&name).ok_or(Rejection::NotInRoom)?;
        if room.members.iter().all(|(member, _)| *member != who) {
            return Err(Rejection::NotInRoom);
        }
        Ok(room.others(who))
    }

    /// The others in all rooms that somebody is in, each once.
    ///
    /// # Errors
    /// [`Rejection::NotInRoom`].
    pub fn companions(&self, who: ConnectionId) -> Result<Vec<ConnectionId>, Rejection> {
        let rooms = self.rooms_of.get(&who).ok_or(Rejection::NotInRoom)?;
        let mut companions = Vec::new();
        for room in rooms.iter().filter_map(|name| self.rooms.get(name)) {
            for other in room.others(who) {
                if !companions.contains(&other) {
                    companions.push(other);
                }
            }
        }
        Ok(companions)
    }

    /// Whether somebody is in any of the rooms.
    #[must_use]
    pub fn has(&self, who: ConnectionId) -> bool {
        self.rooms_of.contains_key(&who)
    }

    /// The rooms that somebody is in.
    #[must_use]
    pub fn rooms_of(&self, who: ConnectionId) -> &[RoomName] {
        self.rooms_of.get(&who).map_or(&[], Vec::as_slice)
    }

    /// Takes somebody out of all of them.
    pub fn leave(&mut self, who: ConnectionId) -> Vec<Left> {
        let names = self.rooms_of.remove(&who).unwrap_or_default();
        let left = names.into_iter().filter_map(|name| {
            let room = self.rooms.get_mut(&name)?;
            room.members.retain(|(member, _)| *member != who);
            let rest = room.others(who);
            if rest.is_empty() {
                self.rooms.remove(&name);
            }
            Some(Left { room: name, rest })
        });
        left.collect()
    }

    /// How many rooms there are.
    #[must_use]
    pub fn rooms(&self) -> usize {
        self.rooms.len()
    }

    /// The names of the rooms, the oldest first, at most so many.
    #[must_use]
    pub fn names(&self, most: usize) -> Vec<&RoomName> {
        let mut rooms: Vec<_> = self.rooms.iter().collect();
        rooms.sort_by_key(|(_, room)| room.number);
        rooms.into_iter().map(|(name, _)| name).take(most).collect()
    }
}

impl Room {
    fn others(&self, who: ConnectionId) -> Vec<ConnectionId> {
        let others = self.members.iter().map(|(member, _)| *member);
        others.filter(|member| *member != who).collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn id(number: u64) -> ConnectionId {
        ConnectionId::numbered(number)
    }

    #[test]
    fn a_room_fills_up_and_empties_again() {
        let mut space = Space::new(2);
        let opener = Entry::New(Role::Opener, vec![]);
        let joiner = Entry::New(Role::Joiner, vec![id(1)]);
        assert_eq!(space.enter("a", id(1)), Ok(opener.clone()));
        assert_eq!(space.enter("a", id(2)), Ok(joiner));
        let full = Err(Rejection::RoomFull { capacity: 2 });
        assert_eq!(space.enter("a", id(3)), full);
        let rest = space.leave(id(1));
        assert_eq!(rest[0].rest, [id(2)]);
        assert_eq!(space.enter("a", id(2)), Ok(Entry::Again(Role::Joiner)));
        space.leave(id(2));
        assert_eq!(space.enter("a", id(3)), Ok(opener));
    }

    #[test]
    fn one_who_enters_again_is_not_counted_twice() {
        let mut space = Space::new(2);
        space.enter("a", id(1)).unwrap();
        assert_eq!(space.enter(" a ", id(1)), Ok(Entry::Again(Role::Opener)));
        assert!(space.others("a", id(1)).unwrap().is_empty());
        assert!(space.enter("a", id(2)).is_ok());
    }

    #[test]
    fn nobody_speaks_into_a_room_that_they_are_not_in() {
        let mut space = Space::new(2);
        space.enter("a", id(1)).unwrap();
        space.enter("b", id(2)).unwrap();
        assert_eq!(space.others("a", id(2)), Err(Rejection::NotInRoom));
        assert_eq!(space.others("c", id(2)), Err(Rejection::NotInRoom));
        assert_eq!(space.companions(id(3)), Err(Rejection::NotInRoom));
    }

    #[test]
    fn companions_are_those_of_all_rooms_each_once() {
        let mut space = Space::new(3);
        for (room, who) in [("a", 1), ("a", 2), ("b", 1), ("b", 2), ("b", 3), ("c", 4)] {
            space.enter(room, id(who)).unwrap();
        }
        assert_eq!(space.companions(id(1)), Ok(vec![id(2), id(3)]));
    }

    #[test]
    fn the_rooms_of_one_are_bounded_and_given_back() {
        let mut space = Space::new(2);
        for room in 0..ROOMS_OF_ONE {
            space.enter(&room.to_string(), id(1)).unwrap();
        }
        assert!(space.enter("one more", id(1)).is_err());
        assert_eq!(space.leave(id(1)).len(), ROOMS_OF_ONE);
        assert!(space.names(100).is_empty() && !space.has(id(1)));
    }

    #[test]
    fn names_are_listed_in_the_order_of_opening() {
        let mut space = Space::new(2);
        for (room, who) in [("z", 1), ("a", 2), ("m", 3)] {
            space.enter(room, id(who)).unwrap();
        }
        space.leave(id(1));
        space.enter("z", id(1)).unwrap();
        let names =
            |most| -> Vec<_> { space.names(most).iter().map(|name| name.as_str()).collect() };
        assert_eq!(names(100), ["a", "m", "z"]);
        assert_eq!(names(2), ["a", "m"]);
    }
}
