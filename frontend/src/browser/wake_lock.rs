//! Keeps the screen awake (W3C screen-wake-lock), where the browser can.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, VisibilityState};

use super::bindings::{self, WakeLockSentinel};
use super::listener::Listener;
use super::{console, describe, page};

/// Keeps the screen awake until dropped.
pub struct WakeLock {
    sentinel: Rc<RefCell<Option<WakeLockSentinel>>>,
    /// Browsers release the lock when the page is hidden: it is taken again when it shows.
    _visibility: Listener,
}

impl WakeLock {
    /// Asks for it; browsers may refuse (a low battery, say), and then the screen dims as usual.
    #[must_use]
    pub fn new() -> Self {
        let sentinel = Rc::default();
        take(Rc::downgrade(&sentinel));
        let again = Rc::downgrade(&sentinel);
        let document = page::document();
        Self {
            sentinel,
            _visibility: Listener::new(&document, "visibilitychange", move |_: Event| {
                take(again.clone());
            }),
        }
    }
}

impl Default for WakeLock {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        if let Some(sentinel) = self.sentinel.take() {
            release(&sentinel);
        }
    }
}

fn take(keep: Weak<RefCell<Option<WakeLockSentinel>>>) {
    if page::document().visibility_state() != VisibilityState::Visible {
        return;
    }
    let Some(wake_lock) = bindings::wake_lock() else {
        return;
    };
    spawn_local(async move {
        match JsFuture::from(wake_lock.request("screen")).await {
            Ok(sentinel) => {
                let sentinel: WakeLockSentinel = sentinel.unchecked_into();
                let superfluous = match keep.upgrade() {
                    Some(keep) => keep.replace(Some(sentinel)),
                    None => Some(sentinel),
                };
                if let Some(sentinel) = superfluous {
                    release(&sentinel);
                }
            }
            Err(error) => console::warn(&format!("no wake lock: {}", describe(&error))),
        }
    });
}

fn release(sentinel: &WakeLockSentinel) {
    let released = sentinel.release();
    spawn_local(async move {
        let result: Result<JsValue, JsValue> = JsFuture::from(released).await;
        if let Err(error) = result {
            console::warn(&format!(
                "cannot release the wake lock: {}",
                describe(&error)
            ));
        }
    });
}
