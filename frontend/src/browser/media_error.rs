//! Why the browser gives no device, read from its exception's name.

use call::media::MediaError;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DomException, MediaDevices};

use super::{bindings, page};

/// The devices, or why there are none at all.
pub(super) fn media_devices() -> Result<MediaDevices, MediaError> {
    bindings::media_devices().ok_or(if page::window().is_secure_context() {
        MediaError::Unsupported
    } else {
        MediaError::InsecurePage
    })
}

/// What a rejected `getUserMedia` or `getDisplayMedia` means (W3C mediacapture-streams §10.3).
pub(super) fn media_error(thrown: &JsValue) -> MediaError {
    match thrown.dyn_ref::<DomException>() {
        Some(exception) => by_name(&exception.name()),
        None => MediaError::Other,
    }
}

fn by_name(name: &str) -> MediaError {
    match name {
        "NotAllowedError" | "SecurityError" => MediaError::PermissionDenied,
        "NotFoundError" => MediaError::NoDevice,
        "NotReadableError" | "AbortError" => MediaError::InUse,
        "OverconstrainedError" => MediaError::Unsuitable,
        "NotSupportedError" => MediaError::Unsupported,
        _ => MediaError::Other,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn an_exception_says_what_is_wrong_by_its_name() {
        for (name, error) in [
            ("NotAllowedError", MediaError::PermissionDenied),
            ("SecurityError", MediaError::PermissionDenied),
            ("NotFoundError", MediaError::NoDevice),
            ("NotReadableError", MediaError::InUse),
            ("AbortError", MediaError::InUse),
            ("OverconstrainedError", MediaError::Unsuitable),
            ("NotSupportedError", MediaError::Unsupported),
            ("DataError", MediaError::Other),
        ] {
            let thrown = DomException::new_with_message_and_name("", name).unwrap();
            assert_eq!(media_error(&thrown), error, "{name}");
        }
        assert_eq!(media_error(&JsValue::from_str("what?")), MediaError::Other);
    }
}
