//! The room that this page is in: applies what the server says of it to the roster and to the ways
//! to the peers. Being in it or not is left to [`Call`](crate::Call).

use shared::to_server::Joined;

use crate::roster::Roster;
use crate::view::{Path, PersonView};

/// A room and everything that lasts as long as being in it.
#[derive(Debug)]
pub(crate) struct Room {
    joined: Joined,
    roster: Roster,
}

impl Room {
    pub fn new(joined: Joined) -> Self {
        Self {
            roster: Roster::new(joined.you, joined.members.clone(), joined.state),
            joined,
        }
    }

    pub fn name(&self) -> &str {
        self.joined.room.as_str()
    }

    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    pub fn people(&self) -> Vec<PersonView> {
        self.roster
            .others()
            .map(|(member, name)| PersonView {
                id: member.id,
                name: name.to_owned(),
                host: member.id == self.roster.state().host,
                presence: member.presence,
                link: None,
                path: Path::Connecting,
                microphone: None,
                camera: None,
                screen: false,
                speaking: false,
            })
            .collect()
    }
}
