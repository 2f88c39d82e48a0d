//! Words about cameras, microphones, speakers and screens, and what to do when there are none.

use call::media::{DeviceKind, MediaError};

pub const LEVEL: &str = "Microphone level";
pub const TEST_SPEAKER: &str = "Play a test sound";
pub const TRY_AGAIN: &str = "Try again";
pub const SYSTEM_DEFAULT: &str = "System default";

/// The label of the list of such devices.
pub fn label(kind: DeviceKind) -> &'static str {
    match kind {
        DeviceKind::Microphone => "Microphone",
        DeviceKind::Camera => "Camera",
        DeviceKind::Speaker => "Speaker",
    }
}

/// A device that the browser does not name yet.
pub fn unnamed(kind: DeviceKind, number: usize) -> String {
    format!("{} {number}", label(kind))
}

/// The only entry of an empty list.
pub const NONE_LISTED: &str = "None available";

/// Why there is no microphone, and what to do.
pub fn microphone_problem(error: MediaError) -> &'static str {
    match error {
        MediaError::InsecurePage => INSECURE,
        MediaError::PermissionDenied => {
            "The microphone is blocked. Allow it for this site (the icon beside the address), then try again."
        }
        MediaError::NoDevice => "No microphone found. Plug one in, then try again.",
        MediaError::InUse => {
            "Another program is using the microphone. Close that program, then try again."
        }
        MediaError::Unsuitable => "The chosen microphone is gone. Choose another one.",
        MediaError::Unsupported => "This browser cannot use a microphone. Try another browser.",
        MediaError::Other => "The microphone did not start. Try again, or choose another one.",
    }
}

/// Why there is no picture, and what to do.
pub fn camera_problem(error: MediaError) -> &'static str {
    match error {
        MediaError::InsecurePage => INSECURE,
        MediaError::PermissionDenied => {
            "The camera is blocked. Allow it for this site (the icon beside the address), then try again."
        }
        MediaError::NoDevice => "No camera found. Plug one in, then try again.",
        MediaError::InUse => {
            "Another program is using the camera. Close that program, then try again."
        }
        MediaError::Unsuitable => "The chosen camera is gone. Choose another one.",
        MediaError::Unsupported => "This browser cannot use a camera. Try another browser.",
        MediaError::Other => "The camera did not start. Try again, or choose another one.",
    }
}

/// Why there is neither microphone nor camera, and what to do.
pub fn both_problem(error: MediaError) -> &'static str {
    match error {
        MediaError::InsecurePage => INSECURE,
        MediaError::PermissionDenied => {
            "Camera and microphone are blocked. Allow them for this site (the icon beside the address), then try again."
        }
        MediaError::NoDevice => "No camera and no microphone found. Plug them in, then try again.",
        MediaError::InUse => {
            "Another program is using camera and microphone. Close that program, then try again."
        }
        MediaError::Unsuitable => "The chosen camera and microphone are gone. Choose others.",
        MediaError::Unsupported => {
            "This browser cannot use camera and microphone. Try another browser."
        }
        MediaError::Other => "Camera and microphone did not start. Please try again.",
    }
}

/// Why no screen is shared, and what to do.
pub fn screen_problem(error: MediaError) -> &'static str {
    match error {
        MediaError::InsecurePage => INSECURE,
        MediaError::PermissionDenied => {
            "No screen was shared. If you did choose one, allow screen recording for your browser in the system’s settings."
        }
        MediaError::NoDevice | MediaError::Unsuitable => "There is no screen to share.",
        MediaError::InUse => "The system does not hand out that screen. Choose another one.",
        MediaError::Unsupported => "This browser cannot share a screen. A desktop browser can.",
        MediaError::Other => "The screen could not be shared. Please try again.",
    }
}

/// That one can come in all the same.
pub const JOIN_ANYWAY: &str = "You can take part without.";

const INSECURE: &str = "Browsers give camera and microphone to secure pages only. Open this site by its https:// address.";
