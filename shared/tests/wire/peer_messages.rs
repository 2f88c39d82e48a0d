//! What peers say to each other on the data channel.

use serde_json::json;
use shared::peer::{CameraState, MediaState, MicrophoneState, PeerMessage};
use shared::report::{LinkQuality, LinkReport, LinkRoute};

use super::{PEER, peer, pinned};

fn full_report() -> LinkReport {
    LinkReport {
        route: Some(LinkRoute::RelayedTls),
        quality: LinkQuality::Good,
        round_trip: Some(48),
        bitrate: Some(640_000),
        lost_per_mille: Some(3),
        width: Some(640),
        height: Some(360),
        frames_per_second: Some(30),
        sound: Some(true),
        ..sparse_report()
    }
}

fn sparse_report() -> LinkReport {
    LinkReport {
        peer: peer(),
        quality: LinkQuality::Lost,
        route: None,
        round_trip: None,
        bitrate: None,
        lost_per_mille: None,
        width: None,
        height: None,
        frames_per_second: None,
        sound: None,
    }
}

#[test]
fn peer_messages() {
    let media = MediaState {
        microphone: MicrophoneState::Muted,
        camera: CameraState::On,
        screen: false,
    };
    let media_json = json!({"microphone": "muted", "camera": "on", "screen": false});
    let messages = [
        (
            PeerMessage::Hello { version: 2, media },
            json!({"kind": "hello", "version": 2, "media": media_json}),
        ),
        (
            PeerMessage::Media { media },
            json!({"kind": "media", "media": media_json}),
        ),
        (
            PeerMessage::Speaking { speaking: true },
            json!({"kind": "speaking", "speaking": true}),
        ),
        (
            PeerMessage::Chat {
                id: 7,
                text: "hi".into(),
            },
            json!({"kind": "chat", "id": 7, "text": "hi"}),
        ),
        (
            PeerMessage::ChatReceived { id: 7 },
            json!({"kind": "chat_received", "id": 7}),
        ),
        (
            PeerMessage::Missing {
                sound: false,
                picture: true,
            },
            json!({"kind": "missing", "sound": false, "picture": true}),
        ),
        (
            PeerMessage::Watch { watching: true },
            json!({"kind": "watch", "watching": true}),
        ),
        (
            PeerMessage::Report {
                links: vec![full_report(), sparse_report()],
            },
            json!({"kind": "report", "links": [
                {
                    "peer": PEER,
                    "quality": "good",
                    "route": "relayed_tls",
                    "round_trip": 48,
                    "bitrate": 640_000,
                    "lost_per_mille": 3,
                    "width": 640,
                    "height": 360,
                    "frames_per_second": 30,
                    "sound": true,
                },
                {"peer": PEER, "quality": "lost"},
            ]}),
        ),
    ];
    for (message, json) in messages {
        pinned(&message, json);
    }
    let later: PeerMessage = serde_json::from_value(json!({"kind": "dance", "steps": 3})).unwrap();
    assert_eq!(later, PeerMessage::Unknown);
}
