//! What a call looks like at a moment: plain data for the page to draw, in no language.

mod connections;

use std::sync::Arc;

use shared::peer::{CameraState, MicrophoneState};
use shared::room::{MeetingKind, Presence};
use shared::{NameError, PeerId, Rejection};

use crate::intent::Panel;
use crate::media::{Device, DeviceId, MediaError};
use crate::time::Time;

pub use connections::{
    FlowView, Missing, PairView, Party, Picture, Quality, Route, RouteKind, Transport,
};

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CallView {
    /// The room's name: as in the address until joined, then as its opener spelled it. That of a meeting
    /// is for nobody to read.
    pub room: String,
    /// What one meets someone for, in a call that is for meetings.
    pub meeting: Option<MeetingKind>,
    /// The name that the person gave last.
    pub nickname: String,
    /// Where the call is.
    pub phase: Phase,
    /// Whether the server can be reached.
    pub server: ServerState,
    /// This page's own devices.
    pub local: LocalView,
    /// Whether this machine's address is kept from the others.
    pub hiding: HidingView,
    /// This person in the room, as others see them.
    pub you: Option<YouView>,
    /// Everyone else in the room, the one longest in it first.
    pub people: Vec<PersonView>,
    /// What the host has decided.
    pub locked: bool,
    /// The person whose shared screen takes the stage: the one who began last. `None` when nobody else
    /// shares.
    pub stage: Option<PeerId>,
    /// Which panel is open.
    pub panel: Option<Panel>,
    /// The chat.
    pub chat: ChatView,
    /// Every pair of people in the room and how they are connected, as far as it was measured; those of this
    /// person first. Empty while the panel for it is closed.
    pub connections: Vec<PairView>,
    /// What has just happened, oldest first.
    pub notices: Vec<Notice>,
}

impl CallView {
    /// How many people are in the room, this one included; 0 when not in it.
    #[must_use]
    pub fn head_count(&self) -> usize {
        self.you.as_ref().map_or(0, |_| 1 + self.people.len())
    }

    /// The person of this id.
    #[must_use]
    pub fn person(&self, id: PeerId) -> Option<&PersonView> {
        self.people.iter().find(|person| person.id == id)
    }
}

/// Where a call is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before joining: choosing devices and a name. Before a meeting: choosing what for, and a name.
    Preview {
        /// Why the last try to join did not succeed.
        refusal: Option<Refusal>,
    },
    /// Asked to be let in (or waiting for the server to be there). Of a meeting: looking for someone.
    Joining,
    /// In the room.
    InCall,
    /// In the room as far as one knows, while the connection to the server is lost. What runs
    /// between peers goes on.
    Reconnecting,
    /// Whom one has met is gone; one can look for the next.
    Parted(Parting),
    /// No longer in the room.
    Ended(Ending),
}

impl Phase {
    /// Why the last try to join did not succeed, before the next.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Preview { refusal } => refusal.as_ref(),
            Self::Joining
            | Self::InCall
            | Self::Reconnecting
            | Self::Parted(_)
            | Self::Ended(_) => None,
        }
    }
}

/// How someone went whom one had met, with their name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parting {
    /// They left.
    Left(String),
    /// Their connection was lost for good.
    Lost(String),
}

/// Why one is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The name typed is not valid (found out before asking).
    Nickname(NameError),
    /// The server says no.
    Rejected(Rejection),
    /// The server did not answer.
    NoAnswer,
    /// The person's address is to be hidden, and the server has no relay for it.
    NoRelay,
}

/// Why a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The person left.
    Left,
    /// The host removed them.
    Removed,
    /// The room was opened in another tab with the same identity.
    Replaced,
    /// The server closed the connection for what it did.
    Dropped(Rejection),
    /// After a lost connection, the server did not let them in again.
    NotReadmitted(Rejection),
}

/// Whether the server can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServerState {
    /// Not yet.
    Connecting,
    /// Yes.
    Connected,
    /// It could, and the page is trying again.
    Lost,
    /// It speaks another version of the protocol; the page must be loaded again.
    OutOfDate,
}

/// Whether this machine's network address is kept from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HidingView {
    /// Whether the person wants it, in a call of this kind.
    pub wanted: bool,
    /// Whether the server can do it.
    pub relay: Relay,
}

/// Whether the server has a relay (TURN), as far as one knows. It is asked where it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Relay {
    /// It has not said.
    #[default]
    Unknown,
    /// It has.
    Offered,
    /// It has none.
    Missing,
}

/// This page's own devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalView {
    /// The microphone.
    pub microphone: LocalDevice,
    /// The camera.
    pub camera: LocalDevice,
    /// The screen.
    pub screen: LocalScreen,
    /// All devices that the browser lists.
    pub devices: Vec<Device>,
    /// The microphone in use or chosen.
    pub microphone_id: Option<DeviceId>,
    /// The camera in use or chosen.
    pub camera_id: Option<DeviceId>,
    /// The speaker chosen.
    pub speaker_id: Option<DeviceId>,
    /// Whether the person wants no pictures, neither the others' nor their own to be sent.
    pub sound_only: bool,
    /// Whether the person speaks and can be heard.
    pub speaking: bool,
    /// Whether the person speaks and cannot be heard, and should be told.
    pub speaking_while_muted: bool,
}

/// A microphone or camera of this page. For the camera, `Off` means that it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalDevice {
    /// Being opened.
    Opening,
    /// Runs, and is sent to peers.
    On,
    /// Muted or turned off by the person.
    Off,
    /// Not to be had.
    Unavailable(MediaError),
}

/// A screen of this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalScreen {
    /// None is shared.
    None,
    /// The person is choosing one.
    Choosing,
    /// One is shared.
    Shared,
}

/// This person in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YouView {
    /// Their id.
    pub id: PeerId,
    /// Their name as shown, told apart from twins.
    pub name: String,
    /// Whether they are the host.
    pub host: bool,
}

/// Somebody else in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonView {
    /// Their id.
    pub id: PeerId,
    /// Their name as shown, told apart from twins (`Kim`, `Kim (2)`).
    pub name: String,
    /// Whether they are the host.
    pub host: bool,
    /// Whether their connection to the server stands.
    pub presence: Presence,
    /// The peer connection that leads to them, for finding its tracks.
    pub link: Option<crate::output::LinkId>,
    /// How that connection does.
    pub path: Path,
    /// How well sound and picture come through on it.
    pub quality: Quality,
    /// What does not arrive although they send it.
    pub missing: Missing,
    /// What does not arrive there although this page sends it, as they say.
    pub missing_there: Missing,
    /// Their microphone; `None` until they have said.
    pub microphone: Option<MicrophoneState>,
    /// Their camera; `None` until they have said.
    pub camera: Option<CameraState>,
    /// Whether they share a screen.
    pub screen: bool,
    /// Whether they speak.
    pub speaking: bool,
}

/// How the way to a peer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// Being made for the first time.
    Connecting,
    /// Stands.
    Connected,
    /// Stood, and is being repaired.
    Reconnecting,
    /// Could not be made; it is tried again from time to time.
    Failed,
}

/// The chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatView {
    /// The lines of this page, oldest first.
    pub lines: Vec<ChatLine>,
    /// Whether there were older ones.
    pub forgotten: bool,
    /// Lines that came while the panel was closed.
    pub unread: usize,
}

/// One line of chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatLine {
    /// Numbers the lines of this page.
    pub key: u64,
    /// Who said it.
    pub author: ChatAuthor,
    /// When it came (or was sent).
    pub at: Time,
    /// Plain text.
    pub text: Arc<str>,
}

/// Who said a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatAuthor {
    /// This person.
    You {
        /// Names of those whom it did not reach.
        undelivered: Vec<String>,
        /// Whether there are some of whom one doesn't know yet.
        pending: bool,
    },
    /// Somebody else.
    Peer {
        /// Their id.
        id: PeerId,
        /// Their name at the time.
        name: String,
    },
}

/// Something that has just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Numbers the notices of this page.
    pub key: u64,
    /// What.
    pub kind: NoticeKind,
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// That person was found.
    Met(String),
    /// That person entered.
    Joined(String),
    /// That person left.
    Left(String),
    /// That person's connection was lost for good.
    Lost(String),
    /// The host removed that person.
    Removed(String),
    /// That person began to share a screen.
    SharesScreen(String),
    /// The host locked the room.
    Locked,
    /// The room is no longer locked.
    Unlocked,
    /// This person is the host now.
    YouAreHost,
    /// The connection to the server is lost; calls go on.
    Reconnecting,
    /// The connection to the server is back.
    Reconnected,
    /// The server is back without the relay behind which this machine's address is hidden.
    RelayGone,
    /// A device that was in use is gone, and this one took its place.
    DeviceReplaced(String),
    /// The microphone is gone.
    MicrophoneGone,
    /// The camera is gone.
    CameraGone,
    /// A device could not be opened.
    MicrophoneProblem(MediaError),
    /// A device could not be opened.
    CameraProblem(MediaError),
    /// Neither device could be opened, for one and the same reason.
    DevicesProblem(MediaError),
    /// The screen could not be shared.
    ScreenProblem(MediaError),
    /// Locking or removing did not work.
    ModerationFailed,
    /// Locking or removing is not possible while the server cannot be reached.
    ModerationUnavailable,
    /// That person sends what cannot be understood.
    PeerMisbehaves(String),
}
