//! When the page wakes: the machine was asleep, or the browser had frozen the page (W3C page lifecycle). Timers stand still
//! meanwhile, and those that watch over something are late.

use std::rc::Rc;

use gloo_timers::callback::Interval;
use web_sys::{Event, VisibilityState};

use super::listener::Listener;
use super::page;

/// How often it is looked whether time has been lost, in milliseconds.
const LOOK: f64 = 2_000.0;

/// What may be lost between two looks without its being a sleep, in milliseconds. A browser slows the timers of
/// a hidden page down to one a second, and in time to one a minute: then this is needless, and does no harm.
const LATE: f64 = 3_000.0;

/// Reports each awakening until dropped.
pub struct Wakes {
    _listeners: [Listener; 2],
    _looks: Interval,
}

impl Wakes {
    /// Begins to listen.
    pub fn new(handler: impl Fn() + 'static) -> Self {
        let handler = Rc::new(handler);
        let document = page::document();
        let (shown, resumed, late) = (handler.clone(), handler.clone(), handler);
        // The wall clock, for the other stands still while some machines sleep.
        let mut before = js_sys::Date::now();
        Self {
            _listeners: [
                Listener::new(&document, "visibilitychange", move |_: Event| {
                    if page::document().visibility_state() == VisibilityState::Visible {
                        shown();
                    }
                }),
                Listener::new(&document, "resume", move |_: Event| resumed()),
            ],
            _looks: Interval::new(LOOK as u32, move || {
                let now = js_sys::Date::now();
                if now - std::mem::replace(&mut before, now) > LOOK + LATE {
                    late();
                }
            }),
        }
    }
}
