//! A room as one who was in it remembers it: what a server that has forgotten it can restore it from.
//! What of it is believed, and when, is left to the server.

use serde::{Deserialize, Serialize};

use crate::limits::ROOM_CAPACITY;
use crate::{Epoch, Nickname, PeerId, Rejection};

/// A room as one of its members last knew it. Nobody can prove what is said here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Everyone in it, whoever remembers it included; the one longest in it first.
    pub members: Vec<RememberedMember>,
    /// Whom it was for.
    pub kind: RememberedKind,
}

/// One of those who were in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedMember {
    /// Who.
    pub id: PeerId,
    /// The name they gave.
    pub nickname: Nickname,
    /// Which of their visits it was.
    pub epoch: Epoch,
}

/// Whom the room was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RememberedKind {
    /// All who knew its name.
    Open {
        /// One of the members.
        host: PeerId,
        /// Whether newcomers were refused.
        locked: bool,
    },
    /// Two who were brought together.
    Pair,
}

impl Remembered {
    /// Whether there can have been such a room.
    ///
    /// # Errors
    /// `TooLarge`: there are more members than any room holds. `Malformed`: someone is there twice, or
    /// the host is not there, or there are more than two in a room for two.
    pub fn check(&self) -> Result<(), Rejection> {
        let most = match self.kind {
            RememberedKind::Open { .. } => *ROOM_CAPACITY.end(),
            RememberedKind::Pair => 2,
        };
        if self.members.len() > most {
            return Err(Rejection::TooLarge { limit: most });
        }
        let mut ids: Vec<PeerId> = self.members.iter().map(|member| member.id).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() < self.members.len() {
            return Err(malformed("someone is in the remembered room twice"));
        }
        match self.kind {
            RememberedKind::Open { host, .. } if !self.has(host) => {
                Err(malformed("the remembered host is not in the room"))
            }
            RememberedKind::Open { .. } | RememberedKind::Pair => Ok(()),
        }
    }

    /// Whether that person was in it.
    #[must_use]
    pub fn has(&self, id: PeerId) -> bool {
        self.members.iter().any(|member| member.id == id)
    }
}

fn malformed(detail: &str) -> Rejection {
    Rejection::Malformed {
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn member(who: u8) -> RememberedMember {
        RememberedMember {
            id: PeerId::from_bytes([who; 16]),
            nickname: Nickname::new("Kim").unwrap(),
            epoch: Epoch::from_bytes([who; 8]),
        }
    }

    fn room_of(people: u8, kind: RememberedKind) -> Remembered {
        let members = (0..people).map(member).collect();
        Remembered { members, kind }
    }

    fn hosted_by(who: u8) -> RememberedKind {
        RememberedKind::Open {
            host: member(who).id,
            locked: true,
        }
    }

    #[test]
    fn a_room_that_can_have_been_passes() {
        assert_eq!(room_of(16, hosted_by(15)).check(), Ok(()));
        assert_eq!(room_of(2, RememberedKind::Pair).check(), Ok(()));
        assert_eq!(room_of(1, RememberedKind::Pair).check(), Ok(()));
    }

    #[test]
    fn a_room_that_cannot_have_been_does_not() {
        let too_large = |limit| Err(Rejection::TooLarge { limit });
        assert_eq!(room_of(17, hosted_by(0)).check(), too_large(16));
        assert_eq!(room_of(3, RememberedKind::Pair).check(), too_large(2));
        let mut twice = room_of(3, hosted_by(0));
        twice.members.push(member(1));
        for impossible in [twice, room_of(3, hosted_by(3)), room_of(0, hosted_by(0))] {
            let refused = impossible.check();
            assert!(
                matches!(refused, Err(Rejection::Malformed { .. })),
                "{refused:?}"
            );
        }
    }
}
