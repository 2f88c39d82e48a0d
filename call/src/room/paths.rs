//! The ways to the others: what happens to each link, and what is due when.

use std::collections::BTreeMap;

use super::{Room, Scene};
use crate::input::LinkEvent;
use crate::links::Parting;
use crate::output::{LinkId, Timer};
use crate::peer::{Heard, Peer};
use crate::time::Time;
use crate::view::NoticeKind;
use shared::PeerId;

impl Room {
    /// Something happened to a link. That of a link no longer in use is nobody's.
    pub fn link_event(&mut self, link: LinkId, event: LinkEvent, scene: &mut Scene<'_>) {
        let Some(id) = self.whose(link) else {
            return;
        };
        let is_measured = matches!(event, LinkEvent::Measured(_));
        if self.ends_untold(id, &event, scene) {
            return;
        }
        let heard = self.with(id, scene, |peer, around| peer.link_event(event, around));
        let (Some(heard), Some(peer)) = (heard, self.peers.get(&id)) else {
            return;
        };
        let name = self.roster.name_of(id).unwrap_or_default();
        match heard {
            Heard::Nothing => {}
            Heard::ChannelOpened => {
                if let Some(link) = peer.channel() {
                    let (chat, now) = (&mut *scene.chat, scene.now);
                    chat.channel_opened(id, peer.epoch(), link, now, scene.out);
                }
            }
            Heard::Line(text) => {
                scene
                    .chat
                    .heard(id, name, text, scene.chat_is_open, scene.now);
            }
            Heard::Receipt(line) => scene.chat.received(id, peer.epoch(), line),
            Heard::Shares => scene.out.notice(NoticeKind::SharesScreen(name.to_owned())),
            Heard::Misbehaves => scene
                .out
                .notice(NoticeKind::PeerMisbehaves(name.to_owned())),
        }
        self.note_screens();
        if is_measured {
            self.exchange_reports(scene);
        }
    }

    /// This page's machine is in another network.
    pub fn network_changed(&mut self, scene: &mut Scene<'_>) {
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in ids {
            self.with(id, scene, Peer::network_changed);
        }
    }

    /// Does what is due.
    pub fn tick(&mut self, scene: &mut Scene<'_>) {
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in ids {
            if self
                .silent_until(id)
                .is_some_and(|until| until <= scene.now)
            {
                self.part(id, NoticeKind::Lost, Parting::Unknown, scene);
            } else {
                self.with(id, scene, Peer::tick);
            }
        }
    }

    /// When something will be due.
    pub fn deadlines(
        &self,
        is_connected: bool,
        sound_only: bool,
        wanted: &mut BTreeMap<Timer, Time>,
    ) {
        for (id, peer) in &self.peers {
            let link = peer.timer_link();
            let is_reachable = is_connected && self.roster.is_present(*id);
            let repair = peer.repair_due().filter(|_| is_reachable);
            let silence = self.silent_until(*id);
            if let Some(due) = repair.into_iter().chain(silence).min() {
                wanted.insert(Timer::Link(link), due);
            }
            if let Some(due) = peer.looks_due(sound_only) {
                wanted.insert(Timer::View(link), due);
            }
            if let Some(due) = peer.candidates_due() {
                wanted.insert(Timer::Candidates(link), due);
            }
        }
    }
}
