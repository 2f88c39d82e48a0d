//! What web-sys (0.3) has not, or holds back as unstable: bound by hand, in this one file.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// W3C webrtc-pc, for what is missing in [`web_sys::RtcPeerConnection`].
    #[wasm_bindgen(extends = web_sys::RtcPeerConnection)]
    pub type PeerConnection;

    #[wasm_bindgen(method, js_name = restartIce)]
    pub fn restart_ice(this: &PeerConnection);

    #[wasm_bindgen(method, catch, js_name = setConfiguration)]
    pub fn set_configuration(this: &PeerConnection, configuration: &JsValue)
    -> Result<(), JsValue>;

    /// Without a description: the browser makes the offer or answer that fits the state.
    #[wasm_bindgen(method, js_name = setLocalDescription)]
    pub fn set_local_description(this: &PeerConnection) -> Promise;

    /// W3C webrtc-pc `RTCRtpSender.getParameters`, as the very object that `setParameters` wants back.
    #[wasm_bindgen(extends = web_sys::RtcRtpSender)]
    pub type RtpSender;

    #[wasm_bindgen(method, js_name = getParameters)]
    pub fn get_parameters(this: &RtpSender) -> JsValue;

    #[wasm_bindgen(method, js_name = setParameters)]
    pub fn set_parameters(this: &RtpSender, parameters: &JsValue) -> Promise;

    /// W3C webrtc-extensions `RTCSetParameterOptions`.
    #[wasm_bindgen(method, js_name = setParameters)]
    pub fn set_parameters_with_options(
        this: &RtpSender,
        parameters: &JsValue,
        options: &JsValue,
    ) -> Promise;

    /// W3C mst-content-hint.
    #[wasm_bindgen(extends = web_sys::MediaStreamTrack)]
    pub type HintedTrack;

    #[wasm_bindgen(method, setter, js_name = contentHint)]
    pub fn set_content_hint(this: &HintedTrack, hint: &str);

    /// W3C audio-output.
    #[wasm_bindgen(extends = web_sys::HtmlMediaElement)]
    pub type SinkElement;

    #[wasm_bindgen(method, catch, js_name = setSinkId)]
    pub fn set_sink_id(this: &SinkElement, id: &str) -> Result<Promise, JsValue>;

    /// W3C screen-capture.
    #[wasm_bindgen(extends = web_sys::MediaDevices)]
    pub type DisplayDevices;

    #[wasm_bindgen(method, catch, js_name = getDisplayMedia)]
    pub fn get_display_media(this: &DisplayDevices, options: &JsValue) -> Result<Promise, JsValue>;

    /// W3C screen-wake-lock.
    pub type WakeLock;

    #[wasm_bindgen(method)]
    pub fn request(this: &WakeLock, kind: &str) -> Promise;

    #[wasm_bindgen(extends = web_sys::EventTarget)]
    pub type WakeLockSentinel;

    #[wasm_bindgen(method)]
    pub fn release(this: &WakeLockSentinel) -> Promise;

    /// W3C clipboard-apis.
    pub type Clipboard;

    #[wasm_bindgen(method, js_name = writeText)]
    pub fn write_text(this: &Clipboard, text: &str) -> Promise;

    /// W3C permissions, with names that web-sys does not know.
    type Permissions;

    #[wasm_bindgen(method, catch)]
    fn query(this: &Permissions, descriptor: &JsValue) -> Result<Promise, JsValue>;

    /// W3C resize-observer.
    pub type ResizeObserver;

    #[wasm_bindgen(constructor)]
    pub fn new(callback: &js_sys::Function) -> ResizeObserver;

    #[wasm_bindgen(method)]
    pub fn observe(this: &ResizeObserver, element: &web_sys::Element);

    #[wasm_bindgen(method)]
    pub fn disconnect(this: &ResizeObserver);
}

/// `navigator.wakeLock`, where there is one.
pub fn wake_lock() -> Option<WakeLock> {
    navigator_property("wakeLock").map(JsCast::unchecked_into)
}

/// `navigator.clipboard`: only in secure contexts.
pub fn clipboard() -> Option<Clipboard> {
    navigator_property("clipboard").map(JsCast::unchecked_into)
}

/// `navigator.mediaDevices`: only in secure contexts.
pub fn media_devices() -> Option<web_sys::MediaDevices> {
    navigator_property("mediaDevices").map(JsCast::unchecked_into)
}

/// `navigator.connection` (W3C netinfo), where there is one.
pub fn network_information() -> Option<web_sys::EventTarget> {
    navigator_property("connection").map(JsCast::unchecked_into)
}

/// Whether an object has a property of this name, its prototypes included.
pub fn has(object: &JsValue, name: &str) -> bool {
    object.is_object() && Reflect::has(object, &JsValue::from_str(name)).unwrap_or(false)
}

/// A global by its name.
pub fn global(name: &str) -> Option<JsValue> {
    property(&js_sys::global(), name)
}

/// A property that is neither absent, `undefined` nor `null`.
pub fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    // Reading fails only on what is no object, or where the page forbids it: then it is not there.
    let value = Reflect::get(object, &JsValue::from_str(name)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn navigator_property(name: &str) -> Option<JsValue> {
    property(&super::page::window().navigator(), name)
}

/// The state of a permission (W3C permissions): `granted`, `denied` or `prompt`; `None` where the
/// browser does not say.
pub async fn permission(name: &str) -> Option<String> {
    let permissions: Permissions = navigator_property("permissions")?.unchecked_into();
    let asked = permissions
        .query(&super::object([("name", JsValue::from_str(name))]))
        .ok()?;
    // Rejected for a name that this browser does not know.
    let status = wasm_bindgen_futures::JsFuture::from(asked).await.ok()?;
    property(&status, "state")?.as_string()
}
