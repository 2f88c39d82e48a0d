//! Meeting someone: those who wait, in memory, and the room that is opened for each two of them. Who
//! meets whom is left to [`pairing`](crate::pairing), the room to [`RoomStore`].

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use shared::room::MeetingKind;
use shared::to_browser::{Message, Paired};
use shared::{Epoch, Nickname, Secret};
use tokio::sync::oneshot;
use tracing::debug;

use crate::connection::line::{ConnectionId, Ending, Line};
use crate::ice::{IceServers, RelayUser};
use crate::identity::{TabId, peer_id};
use crate::names::{self, RoomKey};
use crate::pairing::{Acquaintances, Queue, Seeker};
use crate::room::Entrant;
use crate::room_store::{Place, RoomStore};

/// Those who wait to meet someone.
#[derive(Debug, Default)]
pub struct Meetings {
    people: Mutex<People>,
}

#[derive(Debug, Default)]
struct People {
    queue: Queue<Contact>,
    acquaintances: Acquaintances,
}

/// How someone who waits is reached, and who they will be in the room.
#[derive(Debug)]
pub struct Contact {
    /// Their connection.
    pub line: Line,
    /// The name they give.
    pub nickname: Nickname,
    /// Their tab's secret.
    pub secret: Secret,
    /// The visit to the room that there will be.
    pub epoch: Epoch,
    /// Where the connection's task waits: someone was found, and this is the place in the room of the two.
    pub met: oneshot::Sender<Place>,
}

impl Meetings {
    /// Takes someone in who waits since then. The connection on which the same person waited before is at
    /// its end.
    pub fn ask(&self, kind: MeetingKind, contact: Contact, since: Instant) {
        let connection = contact.line.id();
        let who = TabId::of(&contact.secret);
        let mut people = self.people();
        let last = people.acquaintances.last(who);
        let before = people.queue.ask(Seeker {
            kind,
            who,
            last,
            since,
            contact,
        });
        if let Some(Seeker { contact, .. }) = before
            && contact.line.id() != connection
        {
            contact.line.end().declare(Ending::Replaced);
        }
        debug!(tab = ?who, "waits to meet someone");
    }

    /// Takes a connection out. Afterwards either nobody has been found for it, or it has been told.
    pub fn forget(&self, connection: ConnectionId) {
        self.people()
            .queue
            .forget(|contact| contact.line.id() == connection);
    }

    /// Brings together all who may meet: each two get a room, and both are told at once.
    pub fn bring_together(&self, rooms: &RoomStore, ice: &IceServers) {
        // Held until all are told: who is not in the queue and has not been told waits for nobody.
        let mut people = self.people();
        people.queue.forget(|contact| !contact.line.is_open());
        while let Some(pair) = people.queue.next_pair(Instant::now()) {
            people.acquaintances.meet(pair[0].who, pair[1].who);
            introduce(pair, rooms, ice);
        }
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn introduce(pair: [Seeker<Contact>; 2], rooms: &RoomStore, ice: &IceServers) {
    let name = names::made_up();
    let key = RoomKey::of(&name);
    let guests = pair.each_ref().map(|Seeker { contact, .. }| {
        let entrant = Entrant {
            id: peer_id(&contact.secret, &key),
            nickname: contact.nickname.clone(),
            epoch: contact.epoch,
        };
        (entrant, contact.line.clone())
    });
    rooms.open_for_two(name, guests, |room, places| {
        for (seeker, place) in pair.into_iter().zip(places) {
            let Contact { line, met, .. } = seeker.contact;
            let ice_servers = ice.told_to(RelayUser::Member(place.peer));
            let joined = room.seen_by(place.peer, ice_servers);
            // First the task, then the browser, whose signals shall find it in the room. The task is there: it
            // would have been forgotten before it was over.
            let _ = met.send(place);
            line.tell(&Message::from(Paired { joined }));
        }
    });
}
