//! What the person at the page wants.

use shared::room::MeetingKind;
use shared::{Epoch, PeerId};

use crate::media::{DeviceId, DeviceKind};

/// One wish. Those that make no sense at the moment change nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Enter the room under this name: from the preview, after a refusal, or again after the end.
    Join {
        /// As typed.
        nickname: String,
        /// Of this visit: a new one each time, for the server takes none back that has been replaced.
        epoch: Epoch,
    },
    /// Look for someone to meet: from the preview, in a call that is for meetings.
    Meet {
        /// What for.
        kind: MeetingKind,
        /// As typed.
        nickname: String,
        /// For the visit to the room that there will be: random, so that nobody can tell by it whom they
        /// have met before.
        epoch: Epoch,
    },
    /// Leave whoever one has met, and look for somebody else.
    Next {
        /// As for `Meet`.
        epoch: Epoch,
    },
    /// Leave the room, or look for nobody any more.
    Leave,
    /// Hide this machine's network address from the others, or do not: in the preview.
    HideAddress(bool),
    /// From the end back to the preview.
    BackToPreview,
    /// Mute or unmute.
    ToggleMicrophone,
    /// Turn the camera off or on.
    ToggleCamera,
    /// Use another device.
    ChooseDevice {
        /// Which sort.
        kind: DeviceKind,
        /// Which one.
        id: DeviceId,
    },
    /// Ask for camera and microphone again, after having fixed what was wrong.
    RetryDevices,
    /// Share a screen.
    ShareScreen,
    /// Stop sharing it.
    StopSharing,
    /// Do with sound alone, or with pictures again: neither send nor get any, on a line that carries little.
    SoundOnly(bool),
    /// Open a side panel, or close the one that is open.
    ShowPanel(Option<Panel>),
    /// Say this to everyone.
    SendChat {
        /// As typed.
        text: String,
    },
    /// Close the room to newcomers, or open it. For the host.
    LockRoom(bool),
    /// Put someone out. For the host.
    RemoveMember(PeerId),
    /// Put a notice away.
    DismissNotice(u64),
}

/// What can stand beside the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Panel {
    /// The chat.
    Chat,
    /// Who is here.
    People,
    /// Camera, microphone and speaker.
    Devices,
    /// How everyone is connected with each other.
    Connections,
}
