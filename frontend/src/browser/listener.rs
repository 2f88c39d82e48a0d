//! A listener for DOM events as a guard. Handlers should do no more than hand the event on.

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

use super::console;

/// Listens until dropped. May be dropped from inside its own handler.
#[must_use = "dropping it ends the listening"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// `E` is the type that the standard gives the events of this name.
    pub fn new<E: JsCast>(
        target: &EventTarget,
        name: &'static str,
        mut handler: impl FnMut(E) + 'static,
    ) -> Self {
        let closure =
            Closure::<dyn FnMut(Event)>::new(move |event: Event| handler(event.unchecked_into()));
        if let Err(error) =
            target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())
        {
            console::error(&format!("cannot listen for {name}: {error:?}"));
        }
        Self {
            target: target.clone(),
            name,
            closure,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Err(error) = self
            .target
            .remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref())
        {
            console::error(&format!(
                "cannot stop listening for {}: {error:?}",
                self.name
            ));
        }
    }
}
