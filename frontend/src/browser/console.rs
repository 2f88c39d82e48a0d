//! The browser's console: where what nobody on the page can act on is written down.

use wasm_bindgen::JsValue;

/// Something unexpected that the page got over.
pub fn warn(text: &str) {
    web_sys::console::warn_1(&JsValue::from_str(text));
}

/// Something that should not happen.
pub fn error(text: &str) {
    web_sys::console::error_1(&JsValue::from_str(text));
}

/// Writes panics, which otherwise show as no more than `unreachable executed`.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|info| error(&info.to_string())));
}
