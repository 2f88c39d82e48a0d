//! What flows to and from a peer: whether it comes through well, and what is done when something does
//! not come through at all.

use shared::PeerMessage;
use shared::peer::{CameraState, MediaState, MicrophoneState};

use super::{Around, Channel, Peer};
use crate::arrivals::Cure;
use crate::flow::Rates;
use crate::measure::Measurement;
use crate::outbox::Outbox;
use crate::output::{LinkCommand, Slot};
use crate::repair::Remedy;
use crate::view::{Missing, Path, Quality, RouteKind};

impl Peer {
    pub fn quality(&self) -> Quality {
        let lacks =
            self.missing() != Missing::default() || self.missing_there != Missing::default();
        match self.repair.path() {
            Path::Connecting => Quality::Connecting,
            Path::Connected if lacks || self.flow.is_poor() => Quality::Poor,
            Path::Connected => Quality::Good,
            Path::Reconnecting => Quality::Reconnecting,
            Path::Failed => Quality::Lost,
        }
    }

    /// What does not arrive although the peer says that it is sent.
    pub fn missing(&self) -> Missing {
        self.arrivals.missing()
    }

    /// What of this page's own the peer says does not arrive there.
    pub fn missing_there(&self) -> Missing {
        self.missing_there
    }

    /// What flows on the link there is, while it stands.
    pub fn rates(&self) -> Option<&Rates> {
        self.flow.rates().filter(|_| self.repair.is_connected())
    }

    /// Whether the way led over a relay when it was last measured.
    pub(super) fn is_relayed(&self) -> bool {
        let route = self.flow.rates().and_then(|rates| rates.route);
        route.is_some_and(|route| route.kind == RouteKind::Relayed)
    }

    pub(super) fn measured(&mut self, measurement: Measurement, around: &mut Around<'_>) {
        if !self.flow.measured(measurement) {
            return;
        }
        let sent = match self.media {
            Some(media) if self.repair.is_connected() && self.channel == Channel::Greeted => {
                let carried = carried(media);
                Slot::ALL.map(|slot| carried[slot as usize] && self.attention.expects(slot))
            }
            Some(_) | None => [false; 4],
        };
        if let Some(rates) = self.flow.rates() {
            self.capacity = self.capacity.measured(rates.sending);
        }
        let arrived = self.flow.rates().map_or([false; 4], |rates| rates.arrived);
        self.arrivals.seen(sent, arrived, around.now);
        // Where packets are lost, a browser may leave pictures out, and a new link would not help. Where nothing comes at
        // all, it is the path, which is looked after; or a machine with too much to do, which would get more.
        let may_rebuild = around.is_reachable && !self.flow.is_poor() && arrived.contains(&true);
        let cure = self.arrivals.cure(may_rebuild, around.now);
        self.tell_what_is_missing(cure == Some(Cure::Ask), around.out);
        match cure {
            Some(Cure::Ask) | None => {}
            Some(Cure::Restart) => self.remedy(Some(Remedy::Restart), around),
            Some(Cure::Replace) => {
                around.out.log_about(self.id, "nothing arrives: replaced");
                self.remedy(Some(Remedy::Replace), around);
            }
        }
    }

    /// No sound comes any more, though the peer has a microphone, which if muted sends silence.
    pub(super) fn sound_ceased(&mut self, around: &mut Around<'_>) {
        let is_sent = |media: MediaState| media.microphone != MicrophoneState::Absent;
        if self.media.is_some_and(is_sent) && around.is_reachable {
            self.repair.sound_ceased(around.now);
            self.repair_if_due(around);
        }
    }

    /// Forgets what was on a link that is gone.
    pub(super) fn nothing_flows(&mut self) {
        self.flow = Default::default();
        self.capacity = Default::default();
        self.arrivals.begin_anew();
        self.told_missing = Missing::default();
        self.missing_there = Missing::default();
    }

    fn tell_what_is_missing(&mut self, again: bool, out: &mut Outbox) {
        let missing = self.missing();
        if again || missing != self.told_missing {
            self.told_missing = missing;
            let Missing { sound, picture } = missing;
            self.tell(PeerMessage::Missing { sound, picture }, out);
        }
    }

    /// The peer says what of this page's does not arrive there.
    pub(super) fn asked_to_send_afresh(&mut self, missing: Missing, around: &mut Around<'_>) {
        let sent = carried(around.media);
        let is_asked = |slot: Slot| {
            sent[slot as usize]
                && match slot {
                    Slot::Microphone => missing.sound,
                    Slot::Camera | Slot::Screen => missing.picture,
                    Slot::ScreenSound => false,
                }
        };
        let slots: Vec<Slot> = Slot::ALL
            .into_iter()
            .filter(|slot| is_asked(*slot))
            .collect();
        self.missing_there = Missing {
            sound: is_asked(Slot::Microphone),
            picture: is_asked(Slot::Camera) || is_asked(Slot::Screen),
        };
        if !slots.is_empty() && self.guard.admits_sending_afresh(around.now) {
            around.out.link(self.link, LinkCommand::SendAfresh(slots));
        }
    }
}

/// What tracks in such a state make packets of, by slot. A microphone that is muted sends silence, and
/// nobody misses it.
fn carried(media: MediaState) -> [bool; 4] {
    Slot::ALL.map(|slot| match slot {
        Slot::Microphone => media.microphone == MicrophoneState::On,
        Slot::Camera => media.camera == CameraState::On,
        Slot::Screen => media.screen,
        Slot::ScreenSound => false,
    })
}
