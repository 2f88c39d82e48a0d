//! What a peer says on the data channel, which may be anything at all.

use shared::PeerMessage;
use shared::limits::{CHAT_CHARS, PEER_MESSAGE_BYTES};
use shared::peer::MediaState;

use super::{Around, Channel, Heard, Peer};
use crate::guard::Strike;
use crate::view::Missing;

impl Peer {
    /// The peer says something on the data channel. It may say anything at all.
    pub(super) fn hear(&mut self, text: &str, around: &mut Around<'_>) -> Heard {
        if self.channel == Channel::Closed || !self.guard.listens(around.now) {
            return Heard::Nothing;
        }
        if !self.guard.admits(around.now) {
            return self.strike("too many messages", around);
        }
        if text.len() > PEER_MESSAGE_BYTES {
            return self.strike("an oversized message", around);
        }
        let message = match serde_json::from_str::<PeerMessage>(text) {
            Ok(message) => message,
            Err(error) => return self.strike(&error.to_string(), around),
        };
        if self.channel == Channel::Open && !matches!(message, PeerMessage::Hello { .. }) {
            return self.strike("a message before Hello", around);
        }
        match message {
            PeerMessage::Hello { media, .. } => {
                self.channel = Channel::Greeted;
                self.show(media)
            }
            PeerMessage::Media { media } => self.show(media),
            PeerMessage::Speaking { speaking } => {
                self.speaking = speaking;
                Heard::Nothing
            }
            PeerMessage::Chat { id, text } => {
                if text.trim().is_empty() || text.chars().count() > CHAT_CHARS {
                    return self.strike("a line of no valid length", around);
                }
                self.tell(PeerMessage::ChatReceived { id }, around.out);
                if self.seen.first(id) {
                    Heard::Line(text)
                } else {
                    Heard::Nothing
                }
            }
            PeerMessage::ChatReceived { id } => Heard::Receipt(id),
            PeerMessage::Missing { sound, picture } => {
                self.asked_to_send_afresh(Missing { sound, picture }, around);
                Heard::Nothing
            }
            PeerMessage::View { camera, screen } => {
                self.said_looks = [camera, screen];
                Heard::Nothing
            }
            PeerMessage::Watch { watching } => {
                self.reports.watch(watching);
                Heard::Nothing
            }
            PeerMessage::Report { links } if around.watches => {
                if self.reports.hear(links, around.now) {
                    Heard::Nothing
                } else {
                    self.strike("a report of too many", around)
                }
            }
            PeerMessage::Report { .. } | PeerMessage::Unknown => Heard::Nothing,
        }
    }

    fn show(&mut self, media: MediaState) -> Heard {
        let before = self.media.replace(media);
        self.attention.sends(media);
        match before {
            Some(before) if media.screen && !before.screen => Heard::Shares,
            Some(_) | None => Heard::Nothing,
        }
    }

    pub(super) fn strike(&mut self, what: &str, around: &mut Around<'_>) -> Heard {
        match self.guard.strike(around.now) {
            Strike::Overlooked => {
                around.out.log_about(self.id, what);
                Heard::Nothing
            }
            Strike::Out => Heard::Misbehaves,
        }
    }
}
