//! Two pages' peer connections in one: real ones, led by hand through what a call would command.
#![expect(clippy::unwrap_used, clippy::wildcard_enum_match_arm)]

use std::rc::Rc;
use std::time::Duration;

use call::Input;
use call::input::{LinkEvent, LinkState};
use call::measure::Measurement;
use call::media::DeviceChoice;
use call::output::{
    IceCredentials, IceTransportPolicy, LinkCommand, LinkId, LinkRole, SendLimits, Slot,
};
use call::view::{Route, RouteKind, Transport};
use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use futures::stream::{SelectAll, select_all};
use shared::peer::{CameraState, MediaState, MicrophoneState};
use shared::signal::IceCandidate;
use shared::{PeerId, PeerMessage};
use wasm_bindgen_test::wasm_bindgen_test;

use super::links::Links;
use super::queue::{Happening, Queue};
use crate::browser::MediaStream;
use crate::browser::capture;
use crate::browser::local_tracks::LocalTracks;
use crate::browser::testing::{see_frames, soon};

const LINK: LinkId = LinkId(7);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ann,
    Bob,
}

use Side::{Ann, Bob};

/// Two ends, and all that has happened to them.
struct Pair {
    links: [Links; 2],
    happenings: SelectAll<futures::stream::Map<UnboundedReceiver<Happening>, Tag>>,
    events: [Vec<LinkEvent>; 2],
    streams: [Option<[MediaStream; 4]>; 2],
    /// Candidates that came before the other side had a description to put them to.
    early: [Vec<IceCandidate>; 2],
    described: bool,
}

type Tag = fn(Happening) -> (Side, Happening);

impl Pair {
    fn new(ann: LinkRole, bob: LinkRole) -> Self {
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

    fn open(&mut self, ann: LinkRole, bob: LinkRole) {
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
    async fn connected() -> Self {
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

    async fn offer_and_answer(&mut self, offerer: Side, answerer: Side) -> (String, String) {
        self.exchange(offerer, answerer, IceCredentials::Same).await
    }

    /// Gives offer and answer.
    async fn exchange(
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

    fn command(&mut self, side: Side, command: LinkCommand) {
        self.links[side as usize].command(LINK, command);
    }

    /// Waits until that side tells, or has told, of exactly that.
    async fn tells(&mut self, side: Side, event: LinkEvent) {
        let what = format!("{event:?}");
        self.event(side, &what, |told| (*told == event).then_some(()))
            .await;
    }

    /// The first event of that side, past or to come, that is what is looked for; it is then used up.
    async fn event<T>(
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

    async fn measurement(&mut self, side: Side) -> Measurement {
        self.links[side as usize].measure();
        self.event(side, "a measurement", |event| match event {
            LinkEvent::Measured(measurement) => Some((**measurement).clone()),
            _ => None,
        })
        .await
    }

    async fn streams(&mut self, side: Side) -> [MediaStream; 4] {
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
    async fn go_on(&mut self) {
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

fn offer_of(event: &LinkEvent) -> Option<String> {
    match event {
        LinkEvent::OfferCreated { sdp } => Some(sdp.clone()),
        LinkEvent::OperationFailed { reason } => panic!("{reason}"),
        _ => None,
    }
}

fn answer_of(event: &LinkEvent) -> Option<String> {
    match event {
        LinkEvent::AnswerCreated { sdp } => Some(sdp.clone()),
        LinkEvent::OperationFailed { reason } => panic!("{reason}"),
        _ => None,
    }
}

fn failure_of(event: &LinkEvent) -> Option<String> {
    match event {
        LinkEvent::OperationFailed { reason } => Some(reason.clone()),
        _ => None,
    }
}

fn m_lines(sdp: &str) -> Vec<&str> {
    sdp.lines()
        .filter_map(|line| line.strip_prefix("m=")?.split(' ').next())
        .collect()
}

async fn camera() -> LocalTracks {
    let opened = capture::open(None, Some(DeviceChoice::Default)).await;
    let mut tracks = LocalTracks::default();
    tracks.put(
        Slot::Camera,
        Some(Rc::new(opened.camera.unwrap().ok().unwrap())),
    );
    tracks
}

fn hello() -> PeerMessage {
    PeerMessage::Hello {
        version: 1,
        media: MediaState {
            microphone: MicrophoneState::Muted,
            camera: CameraState::On,
            screen: false,
        },
    }
}

#[wasm_bindgen_test]
async fn four_media_descriptions_and_a_channel_and_never_more() {
    let mut pair = Pair::new(LinkRole::Offerer, LinkRole::Answerer);
    let (offer, answer) = pair.offer_and_answer(Ann, Bob).await;
    let fixed = ["audio", "video", "video", "audio", "application"];
    assert_eq!(m_lines(&offer), fixed);
    assert_eq!(m_lines(&answer), fixed);
    assert_eq!(answer.matches("a=sendrecv").count(), 4, "{answer}");

    // The answerer's own offer reuses them.
    let (offer, answer) = pair.offer_and_answer(Bob, Ann).await;
    assert_eq!(m_lines(&offer), fixed);
    assert_eq!(m_lines(&answer), fixed);
}

#[wasm_bindgen_test]
async fn messages_pass_each_way_and_what_is_too_large_is_garbage() {
    let mut pair = Pair::connected().await;
    for (from, to) in [(Ann, Bob), (Bob, Ann)] {
        pair.command(from, LinkCommand::Send(hello()));
        let text = pair
            .event(to, "a message", |event| match event {
                LinkEvent::ChannelMessage(text) => Some(text.clone()),
                _ => None,
            })
            .await;
        assert_eq!(serde_json::from_str::<PeerMessage>(&text).unwrap(), hello());
    }
    let text = "한".repeat(30_000);
    pair.command(Ann, LinkCommand::Send(PeerMessage::Chat { id: 0, text }));
    pair.tells(Bob, LinkEvent::ChannelGarbage).await;
}

#[wasm_bindgen_test]
async fn pictures_pass_as_tracks_come_and_go_without_negotiation() {
    let mut pair = Pair::connected().await;
    let seen_by = [pair.streams(Ann).await, pair.streams(Bob).await];
    let [first, second] = [camera().await, camera().await];
    let limits = SendLimits {
        microphone: 32_000,
        camera: 300_000,
        screen: 300_000,
    };
    for (from, to) in [(Ann, Bob), (Bob, Ann)] {
        let camera = &seen_by[to as usize][Slot::Camera as usize];
        pair.command(from, LinkCommand::Limit(limits));
        for tracks in [first.clone(), second.clone()] {
            pair.links[from as usize].set_tracks(tracks);
            see_frames("frames", camera, 3).await;
        }
        pair.links[from as usize].set_tracks(LocalTracks::default());
    }
    assert!(pair.events.concat().is_empty(), "{:?}", pair.events);
}

#[wasm_bindgen_test]
async fn what_comes_in_is_counted_by_slot() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    pair.links[Ann as usize].set_tracks(camera().await);
    see_frames("frames", &streams[Slot::Camera as usize], 3).await;
    let first = pair.measurement(Bob).await;
    see_frames("frames", &streams[Slot::Camera as usize], 5).await;
    let then = pair.measurement(Bob).await;
    for slot in [Slot::Microphone, Slot::Screen, Slot::ScreenSound] {
        // A browser may send padding on any of them.
        let received = then.received[slot as usize];
        assert_eq!((received.bytes, received.frames), (0, 0), "{slot:?}");
    }
    let [first_camera, camera] = [&first, &then].map(|one| one.received[Slot::Camera as usize]);
    assert!(camera.packets > first_camera.packets && camera.lost == 0);
    assert!(camera.bytes > first_camera.bytes);
    assert!(camera.frames >= first_camera.frames + 4, "{camera:?}");
    assert!(camera.width >= 160 && camera.height >= 120, "{camera:?}");
    assert!(then.at > first.at && then.at - first.at < Duration::from_secs(20));
    assert_eq!(
        then.route,
        Some(Route {
            kind: RouteKind::Direct,
            transport: Transport::Udp
        })
    );
    assert!(then.round_trip.unwrap() < Duration::from_secs(1));
    // Nothing goes the other way.
    let other = pair.measurement(Ann).await;
    assert!(other.received.iter().all(|slot| slot.bytes == 0));
}

#[wasm_bindgen_test]
async fn one_measurement_at_a_time_is_made_and_none_before_there_are_media() {
    let mut pair = Pair::new(LinkRole::Offerer, LinkRole::Answerer);
    for side in [Ann, Bob] {
        for _ in 0..5 {
            pair.links[side as usize].measure();
        }
    }
    pair.offer_and_answer(Ann, Bob).await;
    for (side, most) in [(Ann, 1), (Bob, 0)] {
        let events = &pair.events[side as usize];
        let measured = |event: &&LinkEvent| matches!(event, LinkEvent::Measured(_));
        assert_eq!(events.iter().filter(measured).count(), most, "{events:?}");
    }
}

#[wasm_bindgen_test]
async fn what_is_sent_afresh_comes_again() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    let camera = &streams[Slot::Camera as usize];
    pair.links[Ann as usize].set_tracks(self::camera().await);
    see_frames("frames", camera, 3).await;
    for _ in 0..2 {
        pair.command(Ann, LinkCommand::SendAfresh(Slot::ALL.to_vec()));
        see_frames("frames", camera, 3).await;
    }
    assert!(pair.events.concat().is_empty(), "{:?}", pair.events);
}

#[wasm_bindgen_test]
async fn tracks_that_are_there_before_the_link_are_sent_by_either_role() {
    let mut pair = Pair::new(LinkRole::Answerer, LinkRole::Answerer);
    let tracks = camera().await;
    for side in [Ann, Bob] {
        pair.command(side, LinkCommand::Close);
        pair.links[side as usize].set_tracks(tracks.clone());
    }
    pair.open(LinkRole::Offerer, LinkRole::Answerer);
    pair.offer_and_answer(Ann, Bob).await;
    for side in [Ann, Bob] {
        pair.tells(side, LinkEvent::ChannelOpened).await;
        let streams = pair.streams(side).await;
        see_frames("frames", &streams[Slot::Camera as usize], 3).await;
    }
}

#[wasm_bindgen_test]
async fn crossing_first_offers_end_with_four_media_descriptions_too() {
    let mut pair = Pair::new(LinkRole::Offerer, LinkRole::Offerer);
    for side in [Ann, Bob] {
        pair.command(side, LinkCommand::CreateOffer(IceCredentials::Same));
    }
    let offer = pair.event(Ann, "an offer", offer_of).await;
    pair.event(Bob, "an offer", offer_of).await;
    pair.early[Bob as usize].clear();
    // Bob gives way.
    pair.command(Bob, LinkCommand::AcceptOffer { sdp: offer });
    let answer = pair.event(Bob, "an answer", answer_of).await;
    pair.command(Ann, LinkCommand::AcceptAnswer { sdp: answer });
    let (offer, _) = pair.offer_and_answer(Bob, Ann).await;
    assert_eq!(m_lines(&offer).len(), 5, "{offer}");
}

#[wasm_bindgen_test]
async fn new_credentials_come_with_an_ice_restart_only() {
    let mut pair = Pair::connected().await;
    let mut fragments = Vec::new();
    for credentials in [IceCredentials::Same, IceCredentials::New] {
        let (offer, _) = pair.exchange(Ann, Bob, credentials).await;
        let fragment = offer
            .lines()
            .find_map(|line| line.strip_prefix("a=ice-ufrag:"))
            .unwrap();
        fragments.push(fragment.to_owned());
    }
    assert_ne!(fragments[0], fragments[1]);
}

#[wasm_bindgen_test]
async fn a_restart_of_ice_on_a_path_that_stands_is_not_noticed() {
    let mut pair = Pair::connected().await;
    let streams = pair.streams(Bob).await;
    let camera = &streams[Slot::Camera as usize];
    pair.links[Ann as usize].set_tracks(self::camera().await);
    see_frames("frames", camera, 3).await;
    for (offerer, answerer) in [(Ann, Bob), (Bob, Ann)] {
        pair.exchange(offerer, answerer, IceCredentials::New).await;
        see_frames("frames", camera, 10).await;
        pair.command(Ann, LinkCommand::Send(hello()));
        pair.event(Bob, "a message", |event| match event {
            LinkEvent::ChannelMessage(_) => Some(()),
            _ => None,
        })
        .await;
    }
    let told = pair.events.concat();
    assert!(told.is_empty(), "{told:?}");
}

#[wasm_bindgen_test]
async fn what_cannot_be_done_is_told_and_the_link_lives_on() {
    let mut pair = Pair::connected().await;
    pair.command(
        Ann,
        LinkCommand::AcceptAnswer {
            sdp: "v=0\r\n".to_owned(),
        },
    );
    pair.event(Ann, "a failure", failure_of).await;
    pair.command(
        Ann,
        LinkCommand::AcceptOffer {
            sdp: "nonsense".to_owned(),
        },
    );
    pair.event(Ann, "a failure", failure_of).await;
    pair.command(
        Ann,
        LinkCommand::AddCandidates(vec![IceCandidate {
            candidate: "nonsense".to_owned(),
            sdp_mid: Some("99".to_owned()),
            sdp_m_line_index: None,
            username_fragment: None,
        }]),
    );
    pair.command(Ann, LinkCommand::Send(hello()));
    pair.event(Bob, "a message", |event| match event {
        LinkEvent::ChannelMessage(_) => Some(()),
        _ => None,
    })
    .await;
}

#[wasm_bindgen_test]
async fn closing_waits_for_nothing_and_the_other_side_sees_it() {
    let mut pair = Pair::connected().await;
    pair.command(Ann, LinkCommand::CreateOffer(IceCredentials::New));
    pair.command(Ann, LinkCommand::Close);
    assert!(!pair.links[0].has(LINK));
    pair.tells(Bob, LinkEvent::ChannelClosed).await;
    assert!(
        !pair.events[0]
            .iter()
            .any(|event| matches!(event, LinkEvent::OfferCreated { .. })),
        "a closed link is silent"
    );
}
