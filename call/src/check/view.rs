//! What a check looks like: plain data, of which the words are the page's.

use std::time::Duration;

use super::measured::Measured;
use super::plan::{Target, Transport};
use crate::media::MediaError;

/// A check as it is to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckView {
    /// How far it is.
    pub stage: Stage,
    /// The tests in their order.
    pub rows: Vec<Row>,
}

/// How far a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It has not begun.
    Ready,
    /// One of its tests runs.
    Running,
    /// Nothing runs any more.
    Done,
}

/// One test and how it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub test: Test,
    /// How it stands.
    pub status: Status,
}

/// What is tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Whether the camera gives a picture.
    Camera,
    /// Whether the microphone hears.
    Microphone,
    /// Whether the server answers.
    Server,
    /// Stands for the STUN and TURN servers while they are not known, and where there are none.
    IceServers,
    /// Whether a STUN or TURN server answers by one way.
    Ice(Target),
    /// Whether the page can call itself.
    Call,
    /// Whether the person hears.
    Speaker,
}

/// How a test stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// Its turn has not come.
    Waiting,
    /// It runs.
    Running,
    /// All is well.
    Passed(Finding),
    /// Something is to be done.
    Failed(Problem),
    /// It was not tested.
    Skipped(Skip),
}

/// What is well.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// The camera shows pictures of this size.
    Picture {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// The microphone hears.
    Sound,
    /// The server answers, in the right version.
    Server {
        /// From the question to its answer.
        round_trip: Duration,
    },
    /// A STUN server sees this device.
    Reflexive {
        /// By this address.
        address: Option<String>,
    },
    /// A STUN server sees this device by one of its own addresses: nothing translates them.
    OwnAddress,
    /// A TURN server relays.
    Relay {
        /// From this address.
        address: Option<String>,
    },
    /// The page can call itself.
    Call {
        /// Over a TURN server.
        relayed: bool,
        /// What was carried.
        measured: Measured,
    },
    /// The person heard the tone.
    Heard,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The browser gives no device.
    Device(MediaError),
    /// The person has not answered the browser's question for a device.
    Unanswered,
    /// The camera is open and shows nothing.
    NoPicture,
    /// The microphone is open and hears nothing.
    Silence,
    /// The browser sees no network.
    Offline,
    /// The server did not answer.
    NoAnswer,
    /// The server refused to answer.
    Rejected,
    /// The server is of another version than the page.
    OutOfDate,
    /// The server answered, and was lost later on.
    ServerLost,
    /// The browser cannot make anything of a server's URL.
    BadAddress,
    /// A STUN or TURN server did not answer.
    Silent(Transport),
    /// A STUN or TURN server could not be reached, or its name not be found.
    Unreachable(Transport),
    /// 401 or 441: a TURN server does not take user name and credential.
    Credentials,
    /// 403: a TURN server will not relay for this device.
    Forbidden,
    /// 438: the credentials were good for too short a time.
    StaleNonce,
    /// 486: this user has too many relays open.
    Quota,
    /// 508: a TURN server is full.
    Capacity,
    /// Another error of a TURN server's (RFC 8489 §14.8, RFC 8656 §19).
    Code(u16),
    /// A TURN server answers, but carries nothing.
    RelayCarriesNothing,
    /// The page cannot be connected with itself.
    NoConnection,
    /// The page was connected with itself, but nothing came through.
    Stalled,
    /// The connection carries too little.
    Thin(Measured),
    /// The connection takes too long.
    Slow(Measured),
    /// The person did not hear the tone.
    NotHeard,
}

impl Problem {
    pub(super) fn unconnected(relayed: bool) -> Self {
        if relayed {
            Self::RelayCarriesNothing
        } else {
            Self::NoConnection
        }
    }
}

/// Why something was not tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The person did not want it.
    ByPerson,
    /// The person did not answer.
    NoReply,
    /// The server names no STUN and no TURN server.
    NoServers,
    /// The server did not say which there are.
    UnknownServers,
}

/// The whole check in a word, once it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Summary {
    /// Everything works.
    AllWell,
    /// What was tested works; so much was not.
    Untested(usize),
    /// So much is to be seen to.
    Attention(usize),
}

impl CheckView {
    /// What to say on top, once nothing runs any more.
    #[must_use]
    pub fn summary(&self) -> Option<Summary> {
        let count =
            |is: fn(&Status) -> bool| self.rows.iter().filter(|row| is(&row.status)).count();
        let failed = count(|status| matches!(status, Status::Failed(_)));
        let skipped = count(|status| matches!(status, Status::Skipped(_)));
        match (self.stage, failed, skipped) {
            (Stage::Ready | Stage::Running, _, _) => None,
            (Stage::Done, 0, 0) => Some(Summary::AllWell),
            (Stage::Done, 0, skipped) => Some(Summary::Untested(skipped)),
            (Stage::Done, failed, _) => Some(Summary::Attention(failed)),
        }
    }

    /// The test that runs.
    #[must_use]
    pub fn running(&self) -> Option<&Test> {
        let row = (self.rows.iter()).find(|row| row.status == Status::Running)?;
        Some(&row.test)
    }
}

impl Row {
    pub(super) fn new(test: Test) -> Self {
        Self {
            test,
            status: Status::Waiting,
        }
    }
}
