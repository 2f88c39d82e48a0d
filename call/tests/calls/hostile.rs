//! Peers and servers that send nonsense, too much, or at the wrong time: it harms nobody.

use std::time::Duration;

use crate::support::world::World;
use call::input::{LinkEvent, LinkState, NetworkEvent, RequestError, ServerInput};
use call::intent::Panel;
use call::measure::{Measurement, Received};
use call::media::MediaError;
use call::output::{LinkId, Timer};
use call::view::{NoticeKind, Path};
use call::{Input, Intent};
use proptest::prelude::*;
use shared::limits::{CHAT_CHARS, PEER_MESSAGES_BURST};
use shared::peer::{CameraState, MediaState, MicrophoneState, PEER_VERSION};
use shared::report::{LinkQuality, LinkReport};
use shared::room::{Member, Presence, RoomState};
use shared::signal::{DescriptionId, IceCandidate, SdpType};
use shared::to_browser::{
    Answer, Bye, ByeReason, Ice, Message, Offer, PresenceChange, RoomStateChange, Welcome,
};
use shared::to_server::{Done, IceServers, Joined};
use shared::{Epoch, Nickname, PeerId, PeerMessage, Rejection, RoomName};

const SOON: Duration = Duration::from_secs(1);

/// Page 1 says that to page 0, whatever its own call would say.
fn whisper(world: &mut World, text: &str) {
    let link = world.connection(0, 1).link;
    let event = LinkEvent::ChannelMessage(text.to_owned());
    world.handle(0, Input::Link { link, event });
}

fn misbehaviours(world: &World) -> usize {
    let notices = world.view(0).notices;
    notices
        .iter()
        .filter(|notice| notice.kind == NoticeKind::PeerMisbehaves("P1".into()))
        .count()
}

#[test]
fn nonsense_on_the_data_channel_is_dropped_and_its_sender_then_ignored() {
    let mut world = World::in_call(3);
    let long = format!(
        r#"{{"kind":"chat","id":1,"text":"{}"}}"#,
        "x".repeat(CHAT_CHARS + 1)
    );
    let huge = format!(r#"{{"kind":"x","y":"{}"}}"#, "x".repeat(70_000));
    let deep = "[".repeat(10_000);
    for text in [
        "",
        "null",
        "{}",
        "[1]",
        r#"{"kind":"chat"}"#,
        r#"{"kind":"chat","id":-1,"text":"x"}"#,
        r#"{"kind":"chat","id":1,"text":""}"#,
        &long,
        &huge,
        &deep,
    ] {
        assert_eq!(misbehaviours(&world), 0, "{text:.20}");
        whisper(&mut world, text);
    }
    assert_eq!(misbehaviours(&world), 1);
    whisper(&mut world, r#"{"kind":"chat","id":1,"text":"listen!"}"#);
    assert!(world.view(0).chat.lines.is_empty());
    assert_eq!(path(&world), Path::Connected);

    world.pass(Duration::from_secs(60));
    whisper(&mut world, r#"{"kind":"chat","id":2,"text":"sorry"}"#);
    assert_eq!(world.view(0).chat.lines.len(), 1);
}

#[test]
fn a_kind_from_a_later_version_is_no_offence() {
    let mut world = World::in_call(2);
    for _ in 0..50 {
        whisper(&mut world, r#"{"kind":"hologram","depth":3}"#);
    }
    assert_eq!(misbehaviours(&world), 0);
}

#[test]
fn a_flood_is_cut_short() {
    let mut world = World::in_call(2);
    for id in 0..10_000_u32 {
        let text = format!(r#"{{"kind":"chat","id":{id},"text":"buy!"}}"#);
        whisper(&mut world, &text);
    }
    let lines = world.view(0).chat.lines.len();
    assert!(lines <= PEER_MESSAGES_BURST as usize, "{lines} lines");
    assert_eq!(misbehaviours(&world), 1);
}

#[test]
fn nothing_is_heard_from_one_who_has_not_said_hello() {
    let mut world = World::new(2);
    world.join(0);
    world.join(1);
    // Until the channel opens on this side.
    while world.connections.values().all(|one| !one.channel_is_open) {
        world.step_without_timers(0);
        world.pass(Duration::from_millis(5));
    }
    let link = world.connection(0, 1).link;
    world.handle(
        0,
        Input::Link {
            link,
            event: LinkEvent::ChannelClosed,
        },
    );
    world.handle(
        0,
        Input::Link {
            link,
            event: LinkEvent::ChannelOpened,
        },
    );
    whisper(&mut world, r#"{"kind":"chat","id":7,"text":"psst"}"#);
    assert!(world.view(0).chat.lines.is_empty());
}

fn path(world: &World) -> Path {
    world.view(0).person(world.pages[1].id).unwrap().path
}

#[test]
fn signals_of_strangers_and_of_other_loads_are_ignored() {
    let mut world = World::in_call(2);
    let known = world.pages[1].id;
    for (from, from_epoch) in [
        (PeerId::from_bytes([200; 16]), Epoch::from_bytes([1; 8])),
        (known, Epoch::from_bytes([77; 8])),
    ] {
        let id = DescriptionId {
            generation: 9,
            seq: 0,
        };
        let sdp = "nonsense".to_owned();
        let offer = Offer {
            from,
            from_epoch,
            id,
            sdp,
        };
        world.handle(0, Input::Server(ServerInput::Event(offer.into())));
    }
    assert_eq!(path(&world), Path::Connected);
    assert_eq!(world.opened(), 2);
    assert_eq!(world.pages[0].logs.len(), 2);
}

#[test]
fn a_peer_cannot_make_the_page_open_links_without_end() {
    let mut world = World::in_call(2);
    let from = world.pages[1].id;
    let from_epoch = world.server.members().last().unwrap().epoch;
    for generation in 1..1_000 {
        let offer = Offer {
            from,
            from_epoch,
            id: DescriptionId { generation, seq: 0 },
            sdp: "nonsense".to_owned(),
        };
        world.handle(0, Input::Server(ServerInput::Event(offer.into())));
    }
    assert!(world.opened() < 20, "{} links", world.opened());
}

fn peer() -> BoxedStrategy<PeerId> {
    // Those of the three pages, and a stranger.
    prop_oneof![Just(1_u8), Just(98), Just(195), Just(7)]
        .prop_map(|byte| PeerId::from_bytes([byte; 16]))
        .boxed()
}

fn epoch() -> BoxedStrategy<Epoch> {
    (prop_oneof![Just(1_u8), Just(98), Just(195)], 0..2_u8)
        .prop_map(|(byte, load)| Epoch::from_bytes([byte, load, 0, 0, 0, 0, 0, 0]))
        .boxed()
}

fn member() -> BoxedStrategy<Member> {
    (peer(), epoch(), "[a-c]", any::<bool>())
        .prop_map(|(id, epoch, name, present)| Member {
            id,
            nickname: Nickname::new(&name).unwrap(),
            epoch,
            presence: if present {
                Presence::Present
            } else {
                Presence::Away
            },
        })
        .boxed()
}

fn state() -> BoxedStrategy<RoomState> {
    (peer(), any::<bool>())
        .prop_map(|(host, locked)| RoomState {
            host,
            locked,
            listed: false,
        })
        .boxed()
}

fn description() -> BoxedStrategy<DescriptionId> {
    let number = || prop_oneof![4 => 0..3_u32, 1 => Just(u32::MAX)];
    (number(), number())
        .prop_map(|(generation, seq)| DescriptionId { generation, seq })
        .boxed()
}

fn gathered() -> BoxedStrategy<Vec<IceCandidate>> {
    let candidate = ".{0,8}".prop_map(|candidate| IceCandidate {
        candidate,
        sdp_mid: None,
        sdp_m_line_index: None,
        username_fragment: None,
    });
    (candidate, prop_oneof![0..3_usize, 60..80_usize])
        .prop_map(|(one, times)| vec![one; times])
        .boxed()
}

fn message() -> BoxedStrategy<Message> {
    let reason = prop_oneof![
        Just(ByeReason::Left),
        Just(ByeReason::Lost),
        Just(ByeReason::Removed)
    ];
    let presence = prop_oneof![Just(Presence::Present), Just(Presence::Away)];
    let of = prop_oneof![Just(SdpType::Offer), Just(SdpType::Answer)];
    prop_oneof![
        member().prop_map(|member| Welcome { member }.into()),
        (peer(), reason).prop_map(|(peer, reason)| Bye { peer, reason }.into()),
        (peer(), presence).prop_map(|(peer, presence)| PresenceChange { peer, presence }.into()),
        state().prop_map(|state| RoomStateChange { state }.into()),
        (peer(), epoch(), description(), ".{0,8}").prop_map(|(from, from_epoch, id, sdp)| Offer {
            from,
            from_epoch,
            id,
            sdp
        }
        .into()),
        (peer(), epoch(), description(), ".{0,8}").prop_map(|(from, from_epoch, id, sdp)| Answer {
            from,
            from_epoch,
            id,
            sdp
        }
        .into()),
        (peer(), epoch(), description(), of, gathered()).prop_map(
            |(from, from_epoch, id, of, candidates)| {
                Ice {
                    from,
                    from_epoch,
                    id,
                    of,
                    candidates,
                }
                .into()
            }
        ),
    ]
    .boxed()
}

fn joined() -> BoxedStrategy<Joined> {
    (peer(), proptest::collection::vec(member(), 0..5), state())
        .prop_map(|(you, members, state)| Joined {
            room: RoomName::new("Test room").unwrap(),
            you,
            members,
            state,
            capacity: 6,
            removed: Vec::new(),
            ice_servers: Vec::new(),
        })
        .boxed()
}

fn report() -> BoxedStrategy<LinkReport> {
    let number = any::<Option<u32>>;
    (peer(), number(), number(), number())
        .prop_map(|(peer, round_trip, bitrate, lost_per_mille)| LinkReport {
            peer,
            quality: LinkQuality::Good,
            route: None,
            round_trip,
            bitrate,
            lost_per_mille,
            width: Some(u32::MAX),
            height: None,
            frames_per_second: None,
            sound: None,
        })
        .boxed()
}

fn measurement() -> BoxedStrategy<Measurement> {
    let count = || prop_oneof![Just(0), 0..1_000_u64, Just(u64::MAX)];
    (count(), count(), count(), 0..100_u64)
        .prop_map(|(packets, lost, frames, at)| Measurement {
            at: Duration::from_secs(at),
            received: [Received {
                packets,
                lost,
                bytes: packets,
                frames,
                width: u16::MAX,
                height: 1,
            }; 4],
            ..Measurement::default()
        })
        .boxed()
}

fn peer_message() -> BoxedStrategy<String> {
    let media = (any::<bool>(), any::<bool>()).prop_map(|(on, screen)| MediaState {
        microphone: if on {
            MicrophoneState::On
        } else {
            MicrophoneState::Absent
        },
        camera: CameraState::Off,
        screen,
    });
    let version = PEER_VERSION;
    let message = prop_oneof![
        media
            .clone()
            .prop_map(move |media| PeerMessage::Hello { version, media }),
        media.prop_map(|media| PeerMessage::Media { media }),
        any::<bool>().prop_map(|speaking| PeerMessage::Speaking { speaking }),
        (any::<u32>(), ".{0,9}").prop_map(|(id, text)| PeerMessage::Chat { id, text }),
        any::<u32>().prop_map(|id| PeerMessage::ChatReceived { id }),
        (any::<bool>(), any::<bool>())
            .prop_map(|(sound, picture)| PeerMessage::Missing { sound, picture }),
        any::<bool>().prop_map(|watching| PeerMessage::Watch { watching }),
        proptest::collection::vec(report(), 0..20).prop_map(|links| PeerMessage::Report { links }),
    ];
    prop_oneof![
        message.prop_map(|message| serde_json::to_string(&message).unwrap()),
        ".{0,20}",
    ]
    .boxed()
}

fn link_event() -> BoxedStrategy<LinkEvent> {
    let state = prop_oneof![
        Just(LinkState::New),
        Just(LinkState::Connecting),
        Just(LinkState::Connected),
        Just(LinkState::Disconnected),
        Just(LinkState::Failed),
        Just(LinkState::Closed),
    ];
    prop_oneof![
        ".{0,8}".prop_map(|sdp| LinkEvent::OfferCreated { sdp }),
        ".{0,8}".prop_map(|sdp| LinkEvent::AnswerCreated { sdp }),
        Just(LinkEvent::AnswerAccepted),
        ".{0,8}".prop_map(|reason| LinkEvent::OperationFailed { reason }),
        gathered().prop_map(LinkEvent::CandidatesGathered),
        state.prop_map(LinkEvent::StateChanged),
        Just(LinkEvent::ChannelOpened),
        Just(LinkEvent::ChannelClosed),
        peer_message().prop_map(LinkEvent::ChannelMessage),
        Just(LinkEvent::ChannelGarbage),
        measurement().prop_map(|measurement| LinkEvent::Measured(Box::new(measurement))),
        Just(LinkEvent::SoundCeased),
    ]
    .boxed()
}

fn network() -> BoxedStrategy<NetworkEvent> {
    prop_oneof![
        Just(NetworkEvent::Changed),
        gathered().prop_map(NetworkEvent::Gathered),
    ]
    .boxed()
}

fn any_input() -> BoxedStrategy<Input> {
    let link = (0..6_u32).prop_map(LinkId);
    let refused = prop_oneof![
        Just(RequestError::TimedOut),
        Just(RequestError::Disconnected),
        Just(RequestError::Rejected(Rejection::PeerAway)),
        Just(RequestError::Rejected(Rejection::AlreadyInRoom)),
        Just(RequestError::Rejected(Rejection::RateLimited)),
    ];
    let server = prop_oneof![
        8 => message().prop_map(ServerInput::Event),
        2 => joined().prop_map(|joined| ServerInput::Joined(Ok(joined))),
        1 => refused.clone().prop_map(|error| ServerInput::Joined(Err(error))),
        1 => refused.clone().prop_map(|error| ServerInput::Moderated(Err(error))),
        1 => refused.clone().prop_map(|error| ServerInput::IceServers(Err(error))),
        1 => Just(ServerInput::IceServers(Ok(IceServers { ice_servers: Vec::new() }))),
        1 => (peer(), description(), refused).prop_map(|(to, id, error)| {
            ServerInput::Signalled { to, id, result: Err::<Done, _>(error) }
        }),
        1 => Just(ServerInput::Connected),
        1 => Just(ServerInput::Disconnected),
    ];
    let wish = prop_oneof![
        2 => epoch().prop_map(|epoch| Intent::Join { nickname: "a".into(), epoch }),
        1 => Just(Intent::Leave),
        1 => Just(Intent::BackToPreview),
        1 => any::<bool>().prop_map(Intent::HideAddress),
        1 => Just(Intent::ShareScreen),
        1 => Just(Intent::ToggleMicrophone),
        1 => Just(Intent::ToggleCamera),
        1 => prop_oneof![Just(None), Just(Some(Panel::Connections))].prop_map(Intent::ShowPanel),
        2 => ".{0,9}".prop_map(|text| Intent::SendChat { text }),
    ];
    let timer = link.clone().prop_flat_map(|link| {
        prop_oneof![
            Just(Timer::Candidates(link)),
            Just(Timer::Link(link)),
            Just(Timer::Chat),
            Just(Timer::Rejoin),
            Just(Timer::Hurry),
        ]
    });
    prop_oneof![
        6 => server.prop_map(Input::Server),
        6 => (link, link_event()).prop_map(|(link, event)| Input::Link { link, event }),
        1 => wish.prop_map(Input::Intent),
        1 => timer.prop_map(Input::Timer),
        1 => network().prop_map(Input::Network),
        1 => Just(Input::Media(call::input::MediaEvent::CameraFailed(MediaError::NoDevice))),
    ]
    .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_a_call_goes_on(inputs in proptest::collection::vec((any_input(), 0..9_000_u64), 0..120)) {
        let mut setup = crate::support::page::setup(0);
        setup.preferences.nickname = "a".to_owned();
        let mut call = call::Call::new(setup);
        let mut now = call::Time::since_unix_epoch(SOON);
        call.start(now);
        for input in [
            Input::Server(ServerInput::Connected),
            Input::Intent(Intent::Join { nickname: "a".into(), epoch: Epoch::from_bytes([1; 8]) }),
        ] {
            call.handle(input, now);
        }
        for (input, pause) in inputs {
            now = now + Duration::from_millis(pause);
            call.handle(input, now);
            let view = call.view();
            prop_assert!(view.stage.is_none_or(|stage| view.person(stage).is_some()));
            prop_assert!(view.notices.len() < 10);
        }
    }
}
