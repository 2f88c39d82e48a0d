//! All that a call wants done.

use std::time::Duration;

use shared::room::IceServer;
use shared::signal::IceCandidate;
use shared::to_server::{
    Answer, GetIceServers, Ice, JoinRoom, LeaveRoom, LockRoom, Meet, Offer, RemoveMember,
};
use shared::{PeerId, PeerMessage};

use crate::media::{DeviceId, MediaCommand};

/// One thing to do, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send this to the server.
    Request(Request),
    /// Do this to a peer connection.
    Link {
        /// Which.
        link: LinkId,
        /// What.
        command: LinkCommand,
    },
    /// Do this to the devices.
    Media(MediaCommand),
    /// Give [`Input::Timer`](crate::Input::Timer) after that time; an earlier setting of the same
    /// timer is void.
    SetTimer {
        /// Which.
        timer: Timer,
        /// After how long.
        after: Duration,
    },
    /// Keep these for the next visit.
    Remember(Preferences),
    /// Begin the connection to the server anew: the network that it leads over may be gone
    /// → `Disconnected`, `Connected`. Where there is none, try at once.
    Reconnect,
    /// Skip the pause before the next attempt to reach the server, if there is one.
    Hurry,
    /// Write this to the browser's console: something unexpected from the server or a peer.
    Log(String),
}

/// An event for the server. Its acknowledgement comes back as the
/// [`ServerInput`](crate::input::ServerInput) that is named with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// → `Joined`
    Join(JoinRoom),
    /// → `Waiting`
    Meet(Meet),
    /// → nothing
    Leave(LeaveRoom),
    /// → `Signalled`
    Offer(Offer),
    /// → `Signalled`
    Answer(Answer),
    /// → nothing
    Ice(Ice),
    /// → `Moderated`
    Lock(LockRoom),
    /// → `Moderated`
    Remove(RemoveMember),
    /// → `IceServers`
    IceServers(GetIceServers),
}

/// One peer connection of this page. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

/// What to do to a peer connection. Of `CreateOffer`, `AcceptOffer` and `AcceptAnswer` the call has
/// one under way at a time on each link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkCommand {
    /// Make it.
    Open {
        /// To whom it will lead.
        peer: PeerId,
        /// STUN and TURN servers.
        ice_servers: Vec<IceServer>,
        /// Over which ways it may lead.
        transport: IceTransportPolicy,
        /// Whether this side makes the transceivers.
        role: LinkRole,
    },
    /// Look for ways by these from the next offer or answer on that brings new ICE credentials
    /// (W3C webrtc-pc `setConfiguration`).
    Configure {
        /// STUN and TURN servers.
        ice_servers: Vec<IceServer>,
        /// As before.
        transport: IceTransportPolicy,
    },
    /// Make an offer and set it locally → `OfferCreated`.
    CreateOffer(IceCredentials),
    /// Set this offer remotely (which rolls an own one back), take its transceivers, make an answer
    /// and set it locally → `AnswerCreated`.
    AcceptOffer {
        /// The offer's text.
        sdp: String,
    },
    /// Set this answer remotely → `AnswerAccepted`.
    AcceptAnswer {
        /// The answer's text.
        sdp: String,
    },
    /// Add remote candidates.
    AddCandidates(Vec<IceCandidate>),
    /// Send this on the data channel.
    Send(PeerMessage),
    /// Send no more than this.
    Limit(SendLimits),
    /// Take the tracks out of these slots and put them in again: the peer gets nothing of them.
    SendAfresh(Vec<Slot>),
    /// Close it and forget it.
    Close,
}

/// Over which ways a peer connection may lead (W3C webrtc-pc `RTCIceTransportPolicy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum IceTransportPolicy {
    /// Any.
    #[default]
    All,
    /// Relays alone: the peer learns a relay's address, and none of this machine's.
    Relay,
}

/// The ICE credentials that an offer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IceCredentials {
    /// Those in force, if there are any: the path stays.
    Same,
    /// New ones: ICE restarts, and looks for another path (W3C webrtc-pc `restartIce`).
    New,
}

/// Who makes the transceivers: the side of the first offer. The other takes the offer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkRole {
    /// Make the four, in the order of [`Slot`].
    Offerer,
    /// Make none.
    Answerer,
}

/// The fixed media descriptions of each peer connection, in the order of their m-lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Sound of the microphone.
    Microphone,
    /// Picture of the camera.
    Camera,
    /// Picture of a shared screen.
    Screen,
    /// Sound of a shared screen.
    ScreenSound,
}

impl Slot {
    /// All four, by m-line.
    pub const ALL: [Self; 4] = [
        Self::Microphone,
        Self::Camera,
        Self::Screen,
        Self::ScreenSound,
    ];
}

/// What one peer is sent at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendLimits {
    /// Of the microphone's sound, in bits per second
    /// (W3C webrtc-pc `RTCRtpEncodingParameters.maxBitrate`).
    pub microphone: u32,
    /// Of the camera's picture; `None` for nothing of it (`RTCRtpEncodingParameters.active`).
    pub camera: Option<PictureLimits>,
    /// Of a shared screen's picture; `None` for nothing of it.
    pub screen: Option<PictureLimits>,
}

/// What is sent of a picture at most (W3C webrtc-pc `RTCRtpEncodingParameters`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureLimits {
    /// In bits per second: `maxBitrate`.
    pub bitrate: u32,
    /// In pictures per second: `maxFramerate`.
    pub frame_rate: u8,
    /// The box that it needs to fill or fit into, for `scaleResolutionDownBy`: see [`scale`](crate::scale). `None` for
    /// the whole picture as it is captured.
    pub size: Option<PictureSize>,
}

/// In pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PictureSize {
    /// From left to right.
    pub width: u16,
    /// From top to bottom.
    pub height: u16,
}

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// Candidates of a link have been collected long enough.
    Candidates(LinkId),
    /// A link has had time to heal, or an exchange to finish.
    Link(LinkId),
    /// What is looked at of a peer has stayed so for long enough to tell them.
    View(LinkId),
    /// The oldest notice has been seen.
    Notices,
    /// A line of chat should have arrived by now.
    Chat,
    /// It is time to ask again to be let in.
    Rejoin,
    /// The hint that one speaks while muted has been seen.
    MutedHint,
    /// The server cannot be waited for in one's own time.
    Hurry,
}

/// What the page keeps from visit to visit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The person's name.
    pub nickname: String,
    /// The microphone chosen last.
    pub microphone: Option<DeviceId>,
    /// The camera chosen last.
    pub camera: Option<DeviceId>,
    /// The speaker chosen last.
    pub speaker: Option<DeviceId>,
    /// What is off when the page is loaded again.
    pub turned_off: TurnedOff,
    /// From whom they hide their network address.
    pub hides_address: HidesAddress,
}

/// What the person has turned off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TurnedOff {
    /// They are muted.
    pub microphone: bool,
    /// They are not to be seen.
    pub camera: bool,
    /// They do with sound alone.
    pub pictures: bool,
}

/// From whom the person hides their network address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HidesAddress {
    /// From those in a room.
    pub in_rooms: bool,
    /// From whomever they meet.
    pub in_meetings: bool,
}

impl Default for HidesAddress {
    /// Of strangers one is careful.
    fn default() -> Self {
        Self {
            in_rooms: false,
            in_meetings: true,
        }
    }
}
