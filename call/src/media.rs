//! What the call knows of devices: names for them, what can go wrong, what is captured. Capturing
//! itself is the driver's.

/// The browser's opaque id of a device (W3C mediacapture-streams `MediaDeviceInfo.deviceId`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceId(pub String);

/// What a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// `audioinput`
    Microphone,
    /// `videoinput`
    Camera,
    /// `audiooutput`
    Speaker,
}

/// A device that the browser lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// What it does.
    pub kind: DeviceKind,
    /// Its name for people; empty until permission is given.
    pub label: String,
}

/// Why the browser gives no device or no picture of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaError {
    /// The page is not in a secure context (W3C secure-contexts): there are no devices at all.
    InsecurePage,
    /// `NotAllowedError`: the person, or the browser's settings, said no.
    PermissionDenied,
    /// `NotFoundError`: there is no such device.
    NoDevice,
    /// `NotReadableError`: something else uses it, or the system does not hand it out.
    InUse,
    /// `OverconstrainedError`: the chosen device is gone or cannot do what was asked.
    Unsuitable,
    /// The browser cannot do this at all (a phone without screen capture, say).
    Unsupported,
    /// Anything else.
    Other,
}

/// What to ask the driver for. Completion comes back as a [`MediaEvent`](crate::input::MediaEvent).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaCommand {
    /// Open one or both devices, with one question to the person. Each answers for itself. A
    /// device that is open already is replaced once the new one runs, without a gap.
    Open {
        /// The microphone, if asked for.
        microphone: Option<DeviceChoice>,
        /// The camera, if asked for.
        camera: Option<DeviceChoice>,
    },
    /// Stop the camera's track, so that its light goes out.
    CloseCamera,
    /// Stop the microphone's track.
    CloseMicrophone,
    /// Let the microphone be heard by peers, or not. It stays open, so that one who speaks while
    /// muted can be told.
    EnableMicrophone(bool),
    /// Ask for a screen, window or tab, with its sound where there is any.
    OpenScreen,
    /// Stop sharing.
    CloseScreen,
    /// Play everyone through this speaker.
    UseSpeaker(DeviceId),
    /// List the devices.
    ListDevices,
}

/// Which device to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The browser's default; of cameras, one that faces the person.
    Default,
    /// This one if it is there, otherwise the default: what was remembered from another day.
    Preferred(DeviceId),
    /// This one and no other: what the person has just chosen.
    Exact(DeviceId),
}
