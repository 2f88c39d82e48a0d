//! What two browsers tell each other on their data channel, without a server: JSON text, at most
//! [`limits::PEER_MESSAGE_BYTES`](crate::limits::PEER_MESSAGE_BYTES) each. Who is speaking is known
//! from the channel, never from the message.

use serde::{Deserialize, Serialize};

use crate::report::LinkReport;

/// The version of the peer messages in this build.
pub const PEER_VERSION: u32 = 2;

/// The label of the data channel, which is negotiated out of band
/// (W3C webrtc-pc `RTCDataChannelInit.negotiated`), ordered and reliable.
pub const CHANNEL_LABEL: &str = "moim";

/// The id of the data channel.
pub const CHANNEL_ID: u16 = 0;

/// One message. The first each way is [`PeerMessage::Hello`]; unknown kinds are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PeerMessage {
    /// The first message each way.
    Hello {
        /// The sender's [`PEER_VERSION`].
        version: u32,
        /// What the sender's tracks carry now.
        media: MediaState,
    },
    /// What the sender's tracks carry has changed.
    Media {
        /// What they carry now.
        media: MediaState,
    },
    /// The sender starts or stops speaking.
    Speaking {
        /// Which of the two.
        speaking: bool,
    },
    /// A line of chat. Sent to each peer by itself, under the same id.
    Chat {
        /// Numbers the sender's lines in this epoch, from 0.
        id: u32,
        /// 1 to [`limits::CHAT_CHARS`](crate::limits::CHAT_CHARS) scalar values of plain text.
        text: String,
    },
    /// The line has arrived and been shown.
    ChatReceived {
        /// Its id.
        id: u32,
    },
    /// What does not arrive here although the receiver says that it is sent. The receiver may see to it that
    /// its tracks are sent afresh. Said when it changes, and again when nothing has come of it.
    Missing {
        /// The voice.
        sound: bool,
        /// The camera's picture, or the shared screen's.
        picture: bool,
    },
    /// How large the sender shows the receiver's pictures, so that no more is sent than is looked at. Until it is
    /// said on a channel, both are [`Look::Full`].
    View {
        /// The picture of the receiver's camera.
        camera: Look,
        /// That of the screen which the receiver shares, or may come to share.
        screen: Look,
    },
    /// The sender begins or ceases to look at how everyone is connected. While it does, it is to be sent a
    /// [`PeerMessage::Report`] about every two seconds.
    Watch {
        /// Which of the two.
        watching: bool,
    },
    /// How the sender is connected with everyone in the room, the receiver included.
    Report {
        /// One for each of them at most.
        links: Vec<LinkReport>,
    },
    /// A kind that this version does not know.
    #[serde(other)]
    Unknown,
}

/// How large someone shows a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Not said, or in its full size.
    #[default]
    Full,
    /// In a box of that size, in physical pixels. A camera's picture fills it, a screen's fits into it.
    Within {
        /// From left to right.
        width: u16,
        /// From top to bottom.
        height: u16,
    },
    /// Not at all: it need not be sent.
    Hidden,
}

/// What someone's tracks carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaState {
    /// Their microphone.
    pub microphone: MicrophoneState,
    /// Their camera.
    pub camera: CameraState,
    /// Whether they share a screen.
    pub screen: bool,
}

/// What someone's microphone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MicrophoneState {
    /// It can be heard.
    On,
    /// They muted it.
    Muted,
    /// They have none, or gave the page none.
    Absent,
}

/// What someone's camera does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraState {
    /// It can be seen.
    On,
    /// They turned it off.
    Off,
    /// They have none, or gave the page none.
    Absent,
}
