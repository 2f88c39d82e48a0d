//! What this page and one peer tell each other of all their links, while one of them looks. Putting it
//! together is left to the room's `connections`.

use std::time::Duration;

use shared::PeerId;
use shared::limits::ROOM_CAPACITY;
use shared::report::{LinkQuality, LinkReport, LinkRoute};

use crate::flow::Rates;
use crate::time::Time;
use crate::view::{FlowView, Picture, Quality, Route, RouteKind, Transport};

/// How often a peer that looks is told. A little less than what lies between two measurements.
const EVERY: Duration = Duration::from_millis(1_800);

/// What comes sooner after the last is passed over.
const TOO_SOON: Duration = Duration::from_secs(1);

/// For how long a report holds.
const HOLDS: Duration = Duration::from_secs(8);

/// The longest round trip that is believed, in milliseconds.
const LONGEST_ROUND_TRIP: u32 = 60_000;

/// What one peer and this page tell each other.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    /// Whether the peer looks.
    watched: bool,
    sent: Option<Time>,
    heard: Option<(Time, Vec<LinkReport>)>,
}

impl Reports {
    /// The peer begins or ceases to look.
    pub fn watch(&mut self, watched: bool) {
        self.watched = watched;
    }

    /// Whether the peer is to be told now; it then counts as told.
    pub fn take_due(&mut self, now: Time) -> bool {
        let is_due = self.watched && self.sent.is_none_or(|sent| now.since(sent) >= EVERY);
        if is_due {
            self.sent = Some(now);
        }
        is_due
    }

    /// The peer reports. Whether its report has a valid length.
    pub fn hear(&mut self, links: Vec<LinkReport>, now: Time) -> bool {
        if links.len() > *ROOM_CAPACITY.end() {
            return false;
        }
        let is_due = |(last, _): &(Time, _)| now.since(*last) >= TOO_SOON;
        if self.heard.as_ref().is_none_or(is_due) {
            self.heard = Some((now, links));
        }
        true
    }

    /// What the peer reports of its link to that person.
    pub fn of(&self, peer: PeerId) -> Option<&LinkReport> {
        let (_, links) = self.heard.as_ref()?;
        links.iter().find(|link| link.peer == peer)
    }

    /// Forgets what no longer holds.
    pub fn forget_stale(&mut self, now: Time) {
        let holds = |(at, _): &(Time, _)| now.since(*at) < HOLDS;
        if !self.heard.as_ref().is_some_and(holds) {
            self.heard = None;
        }
    }

    /// Forgets all that was heard: nobody looks any more.
    pub fn forget(&mut self) {
        self.heard = None;
    }
}

/// This page's own report of a link.
pub(crate) fn report(peer: PeerId, quality: Quality, rates: Option<&Rates>) -> LinkReport {
    let arriving = rates.map(|rates| &rates.arriving);
    let picture = arriving.and_then(|flow| flow.picture);
    LinkReport {
        peer,
        quality: match quality {
            Quality::Connecting => LinkQuality::Connecting,
            Quality::Good => LinkQuality::Good,
            Quality::Poor => LinkQuality::Poor,
            Quality::Reconnecting => LinkQuality::Reconnecting,
            Quality::Lost => LinkQuality::Lost,
        },
        route: rates.and_then(|rates| rates.route).map(to_wire),
        round_trip: rates
            .and_then(|rates| rates.round_trip)
            .map(|time| time.as_millis() as u32),
        bitrate: arriving.and_then(|flow| flow.bitrate),
        lost_per_mille: arriving.and_then(|flow| flow.lost_per_mille).map(u32::from),
        width: picture.map(|picture| picture.width.into()),
        height: picture.map(|picture| picture.height.into()),
        frames_per_second: picture.map(|picture| picture.frames_per_second.into()),
        sound: arriving.and_then(|flow| flow.sound),
    }
}

/// No browser has TLS to another.
fn to_wire(route: Route) -> LinkRoute {
    match (route.kind, route.transport) {
        (RouteKind::Direct, Transport::Udp) => LinkRoute::DirectUdp,
        (RouteKind::Direct, Transport::Tcp | Transport::Tls) => LinkRoute::DirectTcp,
        (RouteKind::Relayed, Transport::Udp) => LinkRoute::RelayedUdp,
        (RouteKind::Relayed, Transport::Tcp) => LinkRoute::RelayedTcp,
        (RouteKind::Relayed, Transport::Tls) => LinkRoute::RelayedTls,
    }
}

pub(crate) fn quality_of(report: &LinkReport) -> Quality {
    match report.quality {
        LinkQuality::Connecting => Quality::Connecting,
        LinkQuality::Good => Quality::Good,
        LinkQuality::Poor => Quality::Poor,
        LinkQuality::Reconnecting => Quality::Reconnecting,
        LinkQuality::Lost => Quality::Lost,
    }
}

pub(crate) fn route_of(report: &LinkReport) -> Option<Route> {
    let (kind, transport) = match report.route? {
        LinkRoute::DirectUdp => (RouteKind::Direct, Transport::Udp),
        LinkRoute::DirectTcp => (RouteKind::Direct, Transport::Tcp),
        LinkRoute::RelayedUdp => (RouteKind::Relayed, Transport::Udp),
        LinkRoute::RelayedTcp => (RouteKind::Relayed, Transport::Tcp),
        LinkRoute::RelayedTls => (RouteKind::Relayed, Transport::Tls),
    };
    Some(Route { kind, transport })
}

pub(crate) fn round_trip_of(report: &LinkReport) -> Option<Duration> {
    report
        .round_trip
        .map(|millis| Duration::from_millis(millis.min(LONGEST_ROUND_TRIP).into()))
}

/// What arrives at the one who reports.
pub(crate) fn flow_of(report: &LinkReport) -> FlowView {
    let small = |number: Option<u32>| number.map(|number| number.min(u16::MAX.into()) as u16);
    let picture = small(report.width)
        .zip(small(report.height))
        .zip(small(report.frames_per_second));
    FlowView {
        bitrate: report.bitrate,
        lost_per_mille: small(report.lost_per_mille).map(|lost| lost.min(1_000)),
        picture: picture.map(|((width, height), frames_per_second)| Picture {
            width,
            height,
            frames_per_second,
        }),
        sound: report.sound,
    }
}
