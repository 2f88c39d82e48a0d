//! Back in the room after the connection to the server was lost: what the server says holds, and who is missing
//! there but can still be heard is waited for.

use std::time::Duration;

use shared::PeerId;
use shared::room::{Member, Presence};
use shared::to_server::Joined;

use super::{Room, Scene};
use crate::links::Parting;
use crate::peer::Peer;
use crate::view::NoticeKind;

/// How long someone is waited for whom the server no longer knows while their data channel stands.
///
/// After a restart the server has forgotten everyone, and they come back one after the other; the
/// server's own grace period cannot cover that.
const GRACE: Duration = Duration::from_secs(15);

impl Room {
    /// The server has let this page in again after a lost connection: what it says holds.
    pub fn rejoined(&mut self, joined: Joined, scene: &mut Scene<'_>) {
        if joined.you != self.roster.you() {
            scene.out.log("the server gives this page another id");
            self.close(scene);
            *self = Self::new(&joined);
            return self.enter(joined, scene);
        }
        let known: Vec<PeerId> = self.peers.keys().copied().collect();
        let missing = |id: &PeerId| joined.members.iter().all(|member| member.id != *id);
        let mut waited_for = Vec::new();
        for id in known.into_iter().filter(missing) {
            let is_alive = self.peers.get(&id).is_some_and(Peer::is_alive);
            match self.roster.member(id) {
                Some(member) if is_alive => {
                    waited_for.push(Member {
                        presence: Presence::Away,
                        ..member.clone()
                    });
                    self.unconfirmed.entry(id).or_insert(scene.now + GRACE);
                }
                Some(_) | None => self.part(id, NoticeKind::Left, Parting::Unknown, scene),
            }
        }
        let newcomers: Vec<PeerId> = joined
            .members
            .iter()
            .map(|member| member.id)
            .filter(|id| *id != joined.you && !self.peers.contains_key(id))
            .collect();
        let state = joined.state;
        self.change_state(state, scene);
        self.enter(joined, scene);
        for member in waited_for {
            self.roster.welcome(member);
        }
        for id in newcomers {
            self.announce_arrival(id, scene);
        }
    }
}
