//! How everyone in the room is connected with everyone else: this page's own measurements, and what the
//! others report of theirs. Who is asked for reports is whoever is there, while the person looks.

use shared::report::LinkReport;
use shared::{PeerId, PeerMessage};

use super::{Room, Scene};
use crate::outbox::Outbox;
use crate::peer::Peer;
use crate::reports;
use crate::view::{FlowView, PairView, Party, Quality, Route, RouteKind};

impl Room {
    /// The person begins or ceases to look at how all are connected.
    pub fn watch(&mut self, watching: bool, out: &mut Outbox) {
        self.tell(&PeerMessage::Watch { watching }, out);
        if !watching {
            self.peers
                .values_mut()
                .for_each(|peer| peer.reports.forget());
        }
    }

    /// Something was measured: tells those who look, and forgets what they told long ago.
    pub(super) fn exchange_reports(&mut self, scene: &mut Scene<'_>) {
        let now = scene.now;
        let links: Vec<LinkReport> = self
            .peers
            .iter()
            .map(|(id, peer)| reports::report(*id, peer.quality(), peer.rates()))
            .collect();
        for peer in self.peers.values_mut() {
            peer.reports.forget_stale(now);
            if peer.channel().is_some() && peer.reports.take_due(now) {
                let links = links.clone();
                peer.tell(PeerMessage::Report { links }, scene.out);
            }
        }
    }

    /// Every pair, those of this person first; of the others, those that at least one of the two reports.
    pub fn connections(&self) -> Vec<PairView> {
        let you = self.roster.you();
        let people: Vec<(PeerId, &Peer)> = self
            .roster
            .others()
            .filter_map(|(member, _)| Some((member.id, self.peers.get(&member.id)?)))
            .collect();
        let own = people.iter().map(|(id, peer)| {
            let yours = reports::report(*id, peer.quality(), peer.rates());
            self.pair((you, Some(&yours)), (*id, peer.reports.of(you)))
        });
        let others = people.iter().enumerate().flat_map(|(place, (one, peer))| {
            people[place + 1..].iter().map(move |(other, partner)| {
                let reported = (peer.reports.of(*other), partner.reports.of(*one));
                (reported.0.is_some() || reported.1.is_some())
                    .then(|| self.pair((*one, reported.0), (*other, reported.1)))
            })
        });
        own.chain(others.flatten()).collect()
    }

    fn pair(
        &self,
        (one, ones): (PeerId, Option<&LinkReport>),
        (other, others): (PeerId, Option<&LinkReport>),
    ) -> PairView {
        let reports = || ones.into_iter().chain(others);
        PairView {
            parties: [one, other].map(|id| Party {
                id,
                name: self.roster.name_of(id).unwrap_or_default().to_owned(),
            }),
            quality: reports()
                .map(reports::quality_of)
                .max_by_key(|quality| badness(*quality))
                .unwrap_or(Quality::Connecting),
            route: join_routes(
                ones.and_then(reports::route_of),
                others.and_then(reports::route_of),
            ),
            round_trip: reports().find_map(reports::round_trip_of),
            flows: [others, ones]
                .map(|there| there.map_or_else(FlowView::default, reports::flow_of)),
        }
    }
}

/// Two see the same link: what is worse for one of them is what it is like.
fn badness(quality: Quality) -> u8 {
    match quality {
        Quality::Good => 0,
        Quality::Poor => 1,
        Quality::Connecting => 2,
        Quality::Reconnecting => 3,
        Quality::Lost => 4,
    }
}

/// Each side knows its own relay, and how it reaches that.
fn join_routes(one: Option<Route>, other: Option<Route>) -> Option<Route> {
    match (one, other) {
        (Some(one), Some(_)) if one.kind == RouteKind::Relayed => Some(one),
        (one, other) => other.or(one),
    }
}
