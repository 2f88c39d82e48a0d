//! Moim's page: a Leptos app around [`call::Call`]. `pages`, `components` and `words` are what one
//! sees; `session` carries the call's wishes out; `browser` is the only folder that touches web-sys
//! and js-sys. What a call *is* is left to the `call` crate, how bytes travel to `socketio`.

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

pub mod app;
pub mod browser;
pub mod components;
pub mod pages;
pub mod session;
pub mod words;
