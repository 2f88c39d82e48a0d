//! The room that this page is in: applies what the server says of it to the roster and to the ways
//! to the peers. Being in it or not is left to [`Call`](crate::Call), coming back to `returning`, and what happens to
//! the ways to `paths`.

mod connections;
mod paths;
mod returning;

use std::collections::BTreeMap;

use shared::peer::MediaState;
use shared::room::{IceServer, Member, Presence, RoomState};
use shared::to_browser::{Bye, ByeReason, Message, PresenceChange};
use shared::to_server::Joined;
use shared::{PeerId, PeerMessage, RoomName};

use crate::budget::{self, Demand};
use crate::chat::{Chat, Recipient};
use crate::links::{Links, Parting, Past};
use crate::outbox::Outbox;
use crate::output::{IceTransportPolicy, LinkId};
use crate::peer::{Around, Peer};
use crate::roster::{Arrival, Roster};
use crate::signals::Signalled;
use crate::time::Time;
use crate::view::{NoticeKind, PersonView};
use returning::Unknown;

/// A room and everything that lasts as long as being in it.
#[derive(Debug)]
pub(crate) struct Room {
    name: RoomName,
    roster: Roster,
    ice_servers: Vec<IceServer>,
    /// One for each of the others in the roster.
    peers: BTreeMap<PeerId, Peer>,
    /// Those in the roster whom the server does not know (any more, or yet).
    unknown: BTreeMap<PeerId, Unknown>,
    /// Who shares a screen, in the order in which they began.
    sharing: Vec<PeerId>,
}

/// What a room needs of the rest of the call.
pub(crate) struct Scene<'a> {
    pub now: Time,
    pub out: &'a mut Outbox,
    pub links: &'a mut Links,
    pub chat: &'a mut Chat,
    pub chat_is_open: bool,
    /// Whether the server can be reached and this page is in the room there.
    pub is_connected: bool,
    /// Over which ways links may lead.
    pub transport: IceTransportPolicy,
    /// What this page's own tracks carry.
    pub media: MediaState,
    /// Whether this page's person speaks.
    pub speaking: bool,
    /// Whether this page's person looks at how all are connected.
    pub watches: bool,
    /// Whether this page's person wants no pictures.
    pub sound_only: bool,
}

impl Room {
    /// A room in which nobody has been seen yet, to be [entered](Self::enter).
    pub fn new(joined: &Joined) -> Self {
        Self {
            roster: Roster::new(joined.you, Vec::new(), joined.state),
            name: joined.room.clone(),
            ice_servers: Vec::new(),
            peers: BTreeMap::new(),
            unknown: BTreeMap::new(),
            sharing: Vec::new(),
        }
    }

    /// Takes over the server's roster, and offers a link to everyone in it to whom there is none.
    pub fn enter(&mut self, joined: Joined, scene: &mut Scene<'_>) {
        self.name = joined.room;
        self.use_servers(joined.ice_servers, scene);
        self.roster = Roster::new(joined.you, joined.members.clone(), joined.state);
        for member in joined.members {
            if member.id == joined.you {
                continue;
            }
            self.unknown.remove(&member.id);
            let before = self.peers.get(&member.id).map(Peer::epoch);
            if before == Some(member.epoch) {
                self.with(member.id, scene, Peer::reachable_if_present);
            } else {
                self.close_peer(member.id, Parting::Known, scene);
                self.add_peer(&member, scene);
            }
            // One who is away will offer when back: then this page is in its roster.
            if member.presence == Presence::Present {
                self.with(member.id, scene, Peer::offer);
            }
        }
    }

    /// Brought together with someone: one of the two comes into the room that the other is in.
    pub fn meet(&mut self, joined: Joined, scene: &mut Scene<'_>) {
        let you = joined.you;
        let is_newcomer = joined.members.last().is_some_and(|last| last.id == you);
        if is_newcomer {
            return self.enter(joined, scene);
        }
        let (own, others) = joined
            .members
            .into_iter()
            .partition(|member| member.id == you);
        let others: Vec<Member> = others;
        let members = own;
        self.enter(Joined { members, ..joined }, scene);
        for member in others {
            self.welcome(member, scene);
        }
    }

    pub fn name(&self) -> &RoomName {
        &self.name
    }

    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Who shares a screen; that of the last takes the stage.
    pub fn sharing(&self) -> &[PeerId] {
        &self.sharing
    }

    /// Everyone else, as the page shows them.
    pub fn people(&self) -> Vec<PersonView> {
        self.roster
            .others()
            .filter_map(|(member, name)| {
                let peer = self.peers.get(&member.id)?;
                let media = peer.media();
                Some(PersonView {
                    id: member.id,
                    name: name.to_owned(),
                    host: member.id == self.roster.state().host,
                    presence: member.presence,
                    link: peer.link(),
                    path: peer.path(),
                    quality: peer.quality(),
                    missing: peer.missing(),
                    missing_there: peer.missing_there(),
                    microphone: media.map(|media| media.microphone),
                    camera: media.map(|media| media.camera),
                    screen: media.is_some_and(|media| media.screen),
                    speaking: peer.is_speaking(),
                })
            })
            .collect()
    }

    /// The server says something about the room, or passes on what a peer says.
    pub fn handle(&mut self, message: Message, scene: &mut Scene<'_>) {
        match message {
            Message::Welcome(welcome) => self.welcome(welcome.member, scene),
            Message::Bye(bye) => self.bye(bye, scene),
            Message::PresenceChange(change) => self.presence(change, scene),
            Message::RoomStateChange(change) => self.change_state(change.state, scene),
            Message::Offer(offer) => self.signal(offer.into(), scene),
            Message::Answer(answer) => self.signal(answer.into(), scene),
            Message::Ice(ice) => self.signal(ice.into(), scene),
            // Those that end the call are the call's; the list of rooms is the welcome page's.
            Message::Paired(_)
            | Message::Replaced(_)
            | Message::Removed(_)
            | Message::Dropped(_)
            | Message::RoomChange(_) => {}
        }
    }

    /// Tells everyone something.
    pub fn tell(&self, message: &PeerMessage, out: &mut Outbox) {
        for peer in self.peers.values() {
            peer.tell(message.clone(), out);
        }
    }

    /// Everyone to whom a line of chat is addressed.
    pub fn recipients(&self) -> Vec<Recipient> {
        self.roster
            .others()
            .map(|(member, name)| Recipient {
                peer: member.id,
                epoch: member.epoch,
                name: name.to_owned(),
                channel: self.peers.get(&member.id).and_then(Peer::channel),
            })
            .collect()
    }

    /// Whether lines of chat get through to that person.
    pub fn has_channel(&self, id: PeerId) -> bool {
        self.peers
            .get(&id)
            .is_some_and(|peer| peer.channel().is_some())
    }

    /// Closes all links.
    pub fn close(&mut self, scene: &mut Scene<'_>) {
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in ids {
            self.close_peer(id, Parting::Known, scene);
        }
    }

    fn welcome(&mut self, member: Member, scene: &mut Scene<'_>) {
        if member.id == self.roster.you() {
            return scene.out.log("welcomed to one's own room");
        }
        let id = member.id;
        self.unknown.remove(&id);
        match self.roster.welcome(member.clone()) {
            Arrival::Same => {
                self.with(id, scene, Peer::reachable_if_present);
            }
            Arrival::Reloaded => {
                self.close_peer(id, Parting::Known, scene);
                self.add_peer(&member, scene);
            }
            Arrival::New => {
                self.add_peer(&member, scene);
                // Whoever comes offers; but one who was given up may think that the link stands.
                let past = scene.links.past(id, member.epoch);
                if past.is_some_and(|past| past.parting == Parting::Unknown) {
                    self.with(id, scene, Peer::offer);
                }
                self.announce_arrival(id, scene);
            }
        }
    }

    fn bye(&mut self, bye: Bye, scene: &mut Scene<'_>) {
        match bye.reason {
            ByeReason::Left => self.part(bye.peer, NoticeKind::Left, Parting::Known, scene),
            ByeReason::Lost => self.lost(bye.peer, scene),
            ByeReason::Removed => self.part(bye.peer, NoticeKind::Removed, Parting::Known, scene),
        }
    }

    fn presence(&mut self, change: PresenceChange, scene: &mut Scene<'_>) {
        if !self.roster.set_presence(change.peer, change.presence) {
            return scene.out.log_about(change.peer, "presence of a stranger");
        }
        self.unknown.remove(&change.peer);
        self.with(change.peer, scene, Peer::reachable_if_present);
    }

    fn change_state(&mut self, state: RoomState, scene: &mut Scene<'_>) {
        let before = self.roster.set_state(state);
        let you = self.roster.you();
        if state.host == you && before.host != you {
            scene.out.notice(NoticeKind::YouAreHost);
        }
        match (before.locked, state.locked) {
            (false, true) => scene.out.notice(NoticeKind::Locked),
            (true, false) => scene.out.notice(NoticeKind::Unlocked),
            (true, true) | (false, false) => {}
        }
    }

    fn signal(&mut self, signalled: Signalled, scene: &mut Scene<'_>) {
        let from = signalled.from;
        if !self.roster.has(from, signalled.from_epoch) {
            return scene.out.log_about(from, "a signal of a stranger");
        }
        self.with(from, scene, |peer, around| {
            peer.receive(signalled.signal, around);
        });
    }

    fn announce_arrival(&self, id: PeerId, scene: &mut Scene<'_>) {
        if let Some(name) = self.roster.name_of(id) {
            scene.out.notice(NoticeKind::Joined(name.to_owned()));
        }
    }

    /// Someone is no longer in the room.
    fn part(
        &mut self,
        id: PeerId,
        notice: fn(String) -> NoticeKind,
        parting: Parting,
        scene: &mut Scene<'_>,
    ) {
        if id == self.roster.you() {
            return scene.out.log("a goodbye to oneself");
        }
        self.unknown.remove(&id);
        self.close_peer(id, parting, scene);
        match self.roster.bye(id) {
            Some(name) => scene.out.notice(notice(name)),
            None => scene.out.log_about(id, "a goodbye to a stranger"),
        }
    }

    fn add_peer(&mut self, member: &Member, scene: &mut Scene<'_>) {
        let past = scene.links.past(member.id, member.epoch);
        let peer = Peer::new(
            member.id,
            member.epoch,
            self.roster.you(),
            past.map_or(0, |past| past.generation),
            scene.now,
            scene.links,
        );
        self.peers.insert(member.id, peer);
    }

    fn close_peer(&mut self, id: PeerId, parting: Parting, scene: &mut Scene<'_>) {
        self.sharing.retain(|sharer| *sharer != id);
        let Some(peer) = self.peers.remove(&id) else {
            return;
        };
        let epoch = peer.epoch();
        scene.chat.gone(id, epoch);
        let generation = peer.close(&mut self.around(id, scene));
        let past = Past {
            epoch,
            generation,
            parting,
        };
        scene.links.remember(id, past);
    }

    /// Those that there were may be gone, or their credentials run out: links need the new ones for their next restart, which
    /// may be due at once.
    fn use_servers(&mut self, ice_servers: Vec<IceServer>, scene: &mut Scene<'_>) {
        if self.ice_servers == ice_servers {
            return;
        }
        self.ice_servers = ice_servers;
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in ids {
            self.with(id, scene, |peer, around| peer.configure(around));
        }
    }

    /// Fits what is sent to what is looked at and what the paths carry, and tells the others what is looked at here.
    pub fn adapt(&mut self, scene: &mut Scene<'_>) {
        for peer in self.peers.values_mut() {
            peer.follow_looks(scene.now);
        }
        let demands: Vec<Demand> = self.peers.values().map(Peer::demand).collect();
        let shares = budget::share(&demands, scene.media.screen);
        for (peer, limits) in self.peers.values_mut().zip(shares) {
            peer.limit(limits, scene.out);
            peer.tell_looks(scene.sound_only, scene.now, scene.out);
        }
    }

    fn note_screens(&mut self) {
        let shares = |peer: &Peer| peer.media().is_some_and(|media| media.screen);
        let peers = &self.peers;
        self.sharing.retain(|id| peers.get(id).is_some_and(shares));
        for (id, _) in peers.iter().filter(|(_, peer)| shares(peer)) {
            if !self.sharing.contains(id) {
                self.sharing.push(*id);
            }
        }
    }

    fn whose(&self, link: LinkId) -> Option<PeerId> {
        self.peers
            .iter()
            .find(|(_, peer)| peer.link() == Some(link))
            .map(|(id, _)| *id)
    }

    fn with<R>(
        &mut self,
        id: PeerId,
        scene: &mut Scene<'_>,
        act: impl FnOnce(&mut Peer, &mut Around<'_>) -> R,
    ) -> Option<R> {
        let mut peer = self.peers.remove(&id)?;
        let result = act(&mut peer, &mut self.around(id, scene));
        self.peers.insert(id, peer);
        Some(result)
    }

    fn around<'a>(&'a self, id: PeerId, scene: &'a mut Scene<'_>) -> Around<'a> {
        Around {
            now: scene.now,
            out: scene.out,
            links: scene.links,
            ice_servers: &self.ice_servers,
            transport: scene.transport,
            is_reachable: scene.is_connected && self.roster.is_present(id),
            media: scene.media,
            speaking: scene.speaking,
            watches: scene.watches,
        }
    }
}
