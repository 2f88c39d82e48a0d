//! All that can happen to a call.

use shared::peer::Look;
use shared::signal::IceCandidate;
use shared::to_browser::Message;
use shared::to_server::{Done, IceServers, Joined};
use shared::{PeerId, Rejection, signal::DescriptionId};

use crate::intent::Intent;
use crate::measure::Measurement;
use crate::media::{Device, DeviceId, MediaError};
use crate::output::{LinkId, Slot, Timer};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The person wants something.
    Intent(Intent),
    /// Something came from the server, or happened to the connection to it.
    Server(ServerInput),
    /// Something happened to a peer connection.
    Link {
        /// Which. Events of a link that the call has closed are ignored.
        link: LinkId,
        /// What.
        event: LinkEvent,
    },
    /// Something happened to the devices.
    Media(MediaEvent),
    /// Something is known of this machine's network.
    Network(NetworkEvent),
    /// A timer set by [`Output::SetTimer`](crate::Output::SetTimer) ran out.
    Timer(Timer),
}

/// From the server, or about the connection to it.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerInput {
    /// The connection stands (again); the server knows nothing of this connection yet.
    Connected,
    /// The connection is lost; the driver tries again by itself.
    Disconnected,
    /// The server speaks another version of the protocol, and this page cannot talk to it.
    OutOfDate,
    /// An event.
    Event(Message),
    /// The acknowledgement of [`Request::Join`](crate::output::Request::Join).
    Joined(Result<Joined, RequestError>),
    /// The acknowledgement of [`Request::Meet`](crate::output::Request::Meet).
    Waiting(Result<Done, RequestError>),
    /// The acknowledgement of an offer or answer.
    Signalled {
        /// To whom it was sent.
        to: PeerId,
        /// Which it was.
        id: DescriptionId,
        /// What became of it.
        result: Result<Done, RequestError>,
    },
    /// The acknowledgement of [`Request::Lock`](crate::output::Request::Lock) or
    /// [`Request::Remove`](crate::output::Request::Remove).
    Moderated(Result<Done, RequestError>),
    /// The acknowledgement of [`Request::IceServers`](crate::output::Request::IceServers).
    IceServers(Result<IceServers, RequestError>),
}

/// Why a request has no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The server refuses it.
    #[error("refused: {0}")]
    Rejected(Rejection),
    /// No acknowledgement came in time.
    #[error("no acknowledgement in time")]
    TimedOut,
    /// The connection was lost before an acknowledgement came.
    #[error("the connection was lost")]
    Disconnected,
}

/// About one peer connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkEvent {
    /// `CreateOffer` is done: the offer is set locally.
    OfferCreated {
        /// Its text.
        sdp: String,
    },
    /// `AcceptOffer` is done: the offer is set remotely and the answer locally.
    AnswerCreated {
        /// The answer's text.
        sdp: String,
    },
    /// `AcceptAnswer` is done.
    AnswerAccepted,
    /// The operation under way failed.
    OperationFailed {
        /// The browser's words, for the log.
        reason: String,
    },
    /// The browser gathered candidates for the local description.
    CandidatesGathered(Vec<IceCandidate>),
    /// `connectionState` changed.
    StateChanged(LinkState),
    /// The data channel is open.
    ChannelOpened,
    /// The data channel is closed.
    ChannelClosed,
    /// Text came on the data channel.
    ChannelMessage(String),
    /// What the browser has counted so far. To come every few seconds.
    Measured(Box<Measurement>),
    /// Sound had come all the time, and for [some seconds](crate::silence::Silence) none has.
    SoundCeased,
    /// The page shows what comes in that slot so large now: [`Slot::Camera`] or [`Slot::Screen`].
    Shown {
        /// Which.
        slot: Slot,
        /// How.
        look: Look,
    },
    /// Something that is not text, or is over [`PEER_MESSAGE_BYTES`](shared::limits::PEER_MESSAGE_BYTES),
    /// came on the data channel and was thrown away.
    ChannelGarbage,
}

/// W3C webrtc-pc `RTCPeerConnectionState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the standard's own states")]
pub enum LinkState {
    New,
    Connecting,
    Connected,
    Disconnected,
    Failed,
    Closed,
}

/// About the network that this page's machine is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkEvent {
    /// There is one again, or another: paths found before may be of no use.
    Changed,
    /// All candidates of a connection made for nothing but to look for this machine's addresses. When these
    /// are others than before, the network has changed.
    Gathered(Vec<IceCandidate>),
}

/// About the devices of this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// The microphone runs.
    MicrophoneOpened {
        /// Which it is, if the browser says.
        device: Option<DeviceId>,
    },
    /// The microphone could not be opened. One that ran before still runs.
    MicrophoneFailed(MediaError),
    /// The microphone stopped by itself: pulled out, or taken away by the system.
    MicrophoneEnded,
    /// The camera runs.
    CameraOpened {
        /// Which it is, if the browser says.
        device: Option<DeviceId>,
    },
    /// The camera could not be opened. One that ran before still runs.
    CameraFailed(MediaError),
    /// The camera stopped by itself.
    CameraEnded,
    /// A screen is being shared.
    ScreenOpened {
        /// With its sound.
        sound: bool,
    },
    /// No screen is shared; [`MediaError::PermissionDenied`] when the person thought better of it.
    ScreenFailed(MediaError),
    /// Sharing was stopped from outside the page: by the browser's own bar, or the window closed.
    ScreenEnded,
    /// The devices there are now: asked for, or plugged in or out.
    Devices(Vec<Device>),
    /// The person starts or stops speaking into the microphone, muted or not.
    Voice(bool),
}
