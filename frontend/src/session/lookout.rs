//! Looks, as long as one is in a room, at how the links do and which network the machine is in. What is
//! seen goes to the call, which knows what it means.

use std::cell::Cell;
use std::rc::Rc;

use call::Input;
use call::input::{LinkState, NetworkEvent};
use call::intent::Panel;
use call::looks::Looks;
use call::output::LinkId;
use call::view::{CallView, Quality};
use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;

use super::queue::{Happening, Queue};
use crate::browser::listener::Listener;
use crate::browser::network;

/// How long a tick is, in milliseconds.
const TICK: u32 = 1_000;

/// In how many ticks is measured once while nobody looks. A browser works for each measurement, most of all
/// where many are in the room and it has no time to spare.
const SELDOM: u32 = 4;

/// Looks until dropped.
pub struct Lookout {
    _ticks: Interval,
    _changes: Option<Listener>,
    ticks: u32,
    looks: Looks,
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
        let (ticks, seen) = (queue.clone(), queue.clone());
        let addresses = Addresses {
            queue,
            are_looked_for: Rc::default(),
        };
        Self {
            _ticks: Interval::new(TICK, move || ticks.happened(Happening::Tick)),
            _changes: network::when_changed(move || seen.happened(Happening::NetworkSeen)),
            ticks: 0,
            looks: Looks::default(),
            addresses,
        }
    }

    /// A tick has passed, and this is what the call looks like. Every fourth is for measuring, and every one
    /// while the person looks; while paths are lost, an address may be new.
    pub fn tick(&mut self, view: &CallView) -> Tick {
        self.ticks = self.ticks.wrapping_add(1);
        let is_lost = |quality| matches!(quality, Quality::Reconnecting | Quality::Lost);
        let are_any_lost = view.people.iter().any(|person| is_lost(person.quality));
        if self.looks.second_passed(are_any_lost) {
            self.addresses.look();
        }
        let is_looked_at = view.panel == Some(Panel::Connections);
        if is_looked_at || self.ticks.is_multiple_of(SELDOM) {
            Tick::Measure
        } else {
            Tick::Pass
        }
    }

    /// A link's state is this now. If its path is lost, it may be for another network.
    pub fn link_changed(&mut self, link: LinkId, state: LinkState) {
        if self.looks.link_changed(link, state) {
            self.addresses.look();
        }
    }

    /// The browser sees its network change: there may be other addresses.
    pub fn network_seen(&mut self) {
        self.looks.begin_anew();
        self.addresses.look();
    }

    /// The network is another one, for which no look is needed.
    pub fn network_changed(&mut self) {
        self.looks.begin_anew();
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
