//! Looks, as long as one is in a room, at how the links do and which network the machine is in. What is
//! seen goes to the call, which knows what it means.

use std::cell::Cell;
use std::rc::Rc;

use call::Input;
use call::input::NetworkEvent;
use call::intent::Panel;
use call::view::{CallView, Quality};
use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;

use super::queue::{Happening, Queue};
use crate::browser::listener::Listener;
use crate::browser::network;

/// How long a tick is, in milliseconds.
const TICK: u32 = 1_000;

/// Where no path has been found for long, addresses are looked for once in so many ticks.
const RARELY: u32 = 15;

/// Looks until dropped.
pub struct Lookout {
    _ticks: Interval,
    _changes: Option<Listener>,
    ticks: u32,
    addresses: Addresses,
}

/// What a tick is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// To see what flows.
    Measure,
    /// Nothing.
    Pass,
}

#[derive(Clone)]
struct Addresses {
    queue: Queue,
    are_looked_for: Rc<Cell<bool>>,
}

impl Lookout {
    /// Begins to look.
    pub fn new(queue: Queue) -> Self {
        let ticks = queue.clone();
        let addresses = Addresses {
            queue,
            are_looked_for: Rc::default(),
        };
        let changed = addresses.clone();
        Self {
            _ticks: Interval::new(TICK, move || ticks.happened(Happening::Tick)),
            _changes: network::when_changed(move || changed.look()),
            ticks: 0,
            addresses,
        }
    }

    /// A tick has passed, and this is what the call looks like. Every other is for measuring, and every one
    /// while the person looks or something is wrong; while paths are lost, an address may be new.
    pub fn tick(&mut self, view: &CallView) -> Tick {
        self.ticks = self.ticks.wrapping_add(1);
        let is_second = self.ticks.is_multiple_of(2);
        let are_any = |quality| view.people.iter().any(|person| person.quality == quality);
        // To look costs a connection each time, and who could not be reached for long can wait.
        let is_rarely = self.ticks.is_multiple_of(RARELY);
        if is_second && are_any(Quality::Reconnecting) || is_rarely && are_any(Quality::Lost) {
            self.addresses.look();
        }
        let is_urgent = view.panel == Some(Panel::Connections)
            || view
                .people
                .iter()
                .any(|person| person.quality != Quality::Good);
        if is_urgent || is_second {
            Tick::Measure
        } else {
            Tick::Pass
        }
    }

    /// A path is lost: it may be for another network.
    pub fn path_lost(&self) {
        self.addresses.look();
    }
}

impl Addresses {
    fn look(&self) {
        if self.are_looked_for.replace(true) {
            return;
        }
        let addresses = self.clone();
        spawn_local(async move {
            let gathered = NetworkEvent::Gathered(network::gather().await);
            addresses.are_looked_for.set(false);
            addresses.queue.push(Input::Network(gathered));
        });
    }
}
