//! Two pages' peer connections in one: real ones, led by hand through what a call would command. For tests.
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm)]

use std::rc::Rc;

use call::Input;
use call::input::{LinkEvent, LinkState};
use call::measure::Measurement;
use call::media::DeviceChoice;
use call::output::{IceCredentials, IceTransportPolicy, LinkCommand, LinkId, LinkRole, Slot};
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use futures::stream::{SelectAll, select_all};
use shared::PeerId;
use shared::signal::IceCandidate;

use super::links::Links;
use super::queue::{Happening, Queue};
use crate::browser::MediaStream;
use crate::browser::capture;
use crate::browser::local_tracks::LocalTracks;
use crate::browser::testing::soon;

pub const LINK: LinkId = LinkId(7);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Ann,
    Bob,
}

pub use Side::{Ann, Bob};

/// Two ends, and all that has happened to them.
pub struct Pair {
    pub links: [Links; 2],
    happenings: SelectAll<futures::stream::Map<UnboundedReceiver<Happening>, Tag>>,
    pub events: [Vec<LinkEvent>; 2],
    streams: [Option<[MediaStream; 4]>; 2],
    /// Candidates that came before the other side had a description to put them to.
    pub early: [Vec<IceCandidate>; 2],
    described: bool,
}

type Tag = fn(Happening) -> (Side, Happening);

impl Pair {
    pub fn new(ann: LinkRole, bob: LinkRole) -> Self {
        let (queue_of_ann, from_ann) = Queue::new();
        let (queue_of_bob, from_bob) = Queue::new();
        let mut pair = Self {
            links: [Links::new(queue_of_ann), Links::new(queue_of_bob)],
            happenings: select_all([
                from_ann.map((|happening| (Ann, happening)) as Tag),
                from_bob.map((|happening| (Bob, happening)) as Tag),
            ]),
            events: Default::default(),
            streams: Default::default(),
            early: Default::default(),
            described: false,
        };
        pair.open(ann, bob);
        pair
    }

    pub fn open(&mut self, ann: LinkRole, bob: LinkRole) {
        for (side, role) in [(Ann, ann), (Bob, bob)] {
            let open = LinkCommand::Open {
                peer: PeerId::from_bytes([1; 16]),
                ice_servers: Vec::new(),
                transport: IceTransportPolicy::All,
                role,
            };
            self.command(side, open);
        }
    }

    /// Both connected: Ann has offered, Bob has answered.
    pub async fn connected() -> Self {
        let mut pair = Self::new(LinkRole::Offerer, LinkRole::Answerer);
        pair.offer_and_answer(Ann, Bob).await;
        for side in [Ann, Bob] {
            pair.tells(side, LinkEvent::StateChanged(LinkState::Connected))
                .await;
            pair.tells(side, LinkEvent::ChannelOpened).await;
        }
        pair.events = Default::default();
        pair
    }

    pub async fn offer_and_answer(&mut self, offerer: Side, answerer: Side) -> (String, String) {
        self.exchange(offerer, answerer, IceCredentials::Same).await
    }

    /// Gives offer and answer.
    pub async fn exchange(
        &mut self,
        offerer: Side,
        answerer: Side,
        credentials: IceCredentials,
    ) -> (String, String) {
        self.command(offerer, LinkCommand::CreateOffer(credentials));
        let offer = self.event(offerer, "an offer", offer_of).await;
        self.command(answerer, LinkCommand::AcceptOffer { sdp: offer.clone() });
        // Behind the offer in the queue, before the browser has taken it.
        let early = std::mem::take(&mut self.early[offerer as usize]);
        self.command(answerer, LinkCommand::AddCandidates(early));
        let answer = self.event(answerer, "an answer", answer_of).await;
        self.command(
            offerer,
            LinkCommand::AcceptAnswer {
                sdp: answer.clone(),
            },
        );
        let early = std::mem::take(&mut self.early[answerer as usize]);
        self.command(offerer, LinkCommand::AddCandidates(early));
        self.described = true;
        self.tells(offerer, LinkEvent::AnswerAccepted).await;
        (offer, answer)
    }

    pub fn command(&mut self, side: Side, command: LinkCommand) {
        self.links[side as usize].command(LINK, command);
    }

    /// Waits until that side tells, or has told, of exactly that.
    pub async fn tells(&mut self, side: Side, event: LinkEvent) {
        let what = format!("{event:?}");
        self.event(side, &what, |told| (*told == event).then_some(()))
            .await;
    }

    /// The first event of that side, past or to come, that is what is looked for; it is then used up.
    pub async fn event<T>(
        &mut self,
        side: Side,
        what: &str,
        find: impl Fn(&LinkEvent) -> Option<T>,
    ) -> T {
        soon(what, async {
            loop {
                let events = &mut self.events[side as usize];
                let found = events
                    .iter()
                    .enumerate()
                    .find_map(|(index, event)| Some((index, find(event)?)));
                if let Some((index, found)) = found {
                    events.remove(index);
                    return found;
                }
                self.go_on().await;
            }
        })
        .await
    }

    pub async fn measurement(&mut self, side: Side) -> Measurement {
        self.links[side as usize].measure();
        self.event(side, "a measurement", |event| match event {
            LinkEvent::Measured(measurement) => Some((**measurement).clone()),
            _ => None,
        })
        .await
    }

    pub async fn streams(&mut self, side: Side) -> [MediaStream; 4] {
        soon("streams", async {
            loop {
                if let Some(streams) = self.streams[side as usize].take() {
                    return streams;
                }
                self.go_on().await;
            }
        })
        .await
    }

    /// Takes one happening, and carries candidates across.
    pub async fn go_on(&mut self) {
        let (side, happening) = self.happenings.next().await.unwrap();
        match happening {
            Happening::Input(Input::Link { link, event }) => {
                assert_eq!(link, LINK);
                match event {
                    LinkEvent::CandidatesGathered(candidates) if self.described => {
                        let other = if side == Ann { Bob } else { Ann };
                        self.command(other, LinkCommand::AddCandidates(candidates));
                    }
                    LinkEvent::CandidatesGathered(candidates) => {
                        self.early[side as usize].extend(candidates);
                    }
                    event => self.events[side as usize].push(event),
                }
            }
            Happening::RemoteStreams { link, streams } => {
                assert_eq!(link, LINK);
                let before = self.streams[side as usize].replace(streams);
                assert!(before.is_none(), "streams are told once");
            }
            _ => panic!("links tell of nothing else"),
        }
    }
}

pub fn offer_of(event: &LinkEvent) -> Option<String> {
    match event {
        LinkEvent::OfferCreated { sdp } => Some(sdp.clone()),
        LinkEvent::OperationFailed { reason } => panic!("{reason}"),
        _ => None,
    }
}

pub fn answer_of(event: &LinkEvent) -> Option<String> {
    match event {
        LinkEvent::AnswerCreated { sdp } => Some(sdp.clone()),
        LinkEvent::OperationFailed { reason } => panic!("{reason}"),
        _ => None,
    }
}

pub fn failure_of(event: &LinkEvent) -> Option<String> {
    match event {
        LinkEvent::OperationFailed { reason } => Some(reason.clone()),
        _ => None,
    }
}

pub async fn camera() -> LocalTracks {
    let opened = capture::open(None, Some(DeviceChoice::Default)).await;
    let mut tracks = LocalTracks::default();
    tracks.put(
        Slot::Camera,
        Some(Rc::new(opened.camera.unwrap().ok().unwrap())),
    );
    tracks
}

pub async fn microphone() -> LocalTracks {
    let opened = capture::open(Some(DeviceChoice::Default), None).await;
    let mut tracks = LocalTracks::default();
    tracks.put(
        Slot::Microphone,
        Some(Rc::new(opened.microphone.unwrap().ok().unwrap())),
    );
    tracks
}
