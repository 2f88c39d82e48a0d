//! The list of devices, and when it changes.

use call::media::{Device, DeviceId, DeviceKind};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MediaDeviceInfo, MediaDeviceKind};

use super::listener::Listener;
use super::{bindings, console, describe};

/// All devices that the browser names; none on an insecure page, and those without permission are
/// left out, since they cannot be chosen.
pub async fn list() -> Vec<Device> {
    let Some(devices) = bindings::media_devices() else {
        return Vec::new();
    };
    let asked = match devices.enumerate_devices() {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(found) => js_sys::Array::from(&found)
            .iter()
            .filter_map(|info| device(info.unchecked_ref()))
            .collect(),
        Err(error) => {
            console::warn(&format!("cannot list the devices: {}", describe(&error)));
            Vec::new()
        }
    }
}

/// Says when a device is plugged in or out, until dropped.
#[must_use]
pub fn when_changed(handler: impl Fn() + 'static) -> Option<Listener> {
    let devices = bindings::media_devices()?;
    Some(Listener::new(&devices, "devicechange", move |_: Event| {
        handler();
    }))
}

fn device(info: &MediaDeviceInfo) -> Option<Device> {
    let kind = match info.kind() {
        MediaDeviceKind::Audioinput => DeviceKind::Microphone,
        MediaDeviceKind::Videoinput => DeviceKind::Camera,
        MediaDeviceKind::Audiooutput => DeviceKind::Speaker,
        _ => return None,
    };
    let id = info.device_id();
    (!id.is_empty()).then(|| Device {
        id: DeviceId(id),
        kind,
        label: info.label(),
    })
}
