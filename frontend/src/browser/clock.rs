//! The page's clock: monotonic, and yet a time of day.

use std::time::Duration;

use call::Time;
use wasm_bindgen::JsValue;

use super::console;
use super::page;

/// Now: the page's time origin plus its monotonic clock (W3C hr-time).
#[must_use]
pub fn now() -> Time {
    let millis = page::window().performance().map_or_else(
        || {
            console::error("no performance clock; the system's must do");
            js_sys::Date::now()
        },
        |performance| performance.time_origin() + performance.now(),
    );
    Time::since_unix_epoch(Duration::from_secs_f64(millis.max(0.0) / 1000.0))
}

/// Hours and minutes as people write them here.
#[must_use]
pub fn time_of_day(at: Time) -> String {
    let options = super::object([
        ("hour", JsValue::from_str("2-digit")),
        ("minute", JsValue::from_str("2-digit")),
    ]);
    js_sys::Date::new(&JsValue::from_f64(at.as_millis() as f64))
        .to_locale_time_string_with_options("default", &options)
        .into()
}
