//! Who is connected, and the admin pages that are told of it. A page learns all sockets at once and
//! then each change, in the order in which they happen. What a page does not take in time is bounded:
//! events are left out, and a page that would miss who is where is at its end.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde_json::Value;
use tokio::sync::mpsc;

use super::payload::{
    At, Config, Feature, NAMESPACE, NamespaceStats, SocketUpdate, SocketView, ToAdmin,
};
use super::timestamp::Timestamp;
use crate::connection::line::{End, Ending};

/// What may wait for one admin page, in messages of some hundred bytes.
const OUTBOX: usize = 4096;

/// What an admin may do to a socket. Carrying it out is the socket's own business.
pub trait Controls: fmt::Debug + Send + Sync {
    /// Closes it.
    fn disconnect(&self);

    /// Takes it out of that room.
    fn leave(&self, room: &str);
}

/// A member is in one room at most, and a connection that is put out of it ends.
impl Controls for End {
    fn disconnect(&self) {
        self.declare(Ending::Disconnected);
    }

    fn leave(&self, _room: &str) {
        self.declare(Ending::PutOut);
    }
}

/// Tells sockets apart, those of one id too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

/// The sockets and the pages.
#[derive(Debug, Default)]
pub struct Registry {
    state: Mutex<State>,
    /// Whether there is any page.
    watched: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    sockets: BTreeMap<Key, Entry>,
    watchers: Vec<Watcher>,
}

#[derive(Debug)]
struct Entry {
    view: SocketView,
    controls: Arc<dyn Controls>,
}

#[derive(Debug)]
struct Watcher {
    key: Key,
    outbox: mpsc::Sender<Arc<ToAdmin>>,
    end: End,
}

/// A page's place among those that are told; dropping it ends that.
#[derive(Debug)]
pub struct Watching {
    registry: Arc<Registry>,
    key: Key,
}

impl Key {
    /// Another one than all before.
    #[must_use]
    pub fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Registry {
    /// Whether anybody is told.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.watched.load(Ordering::Relaxed)
    }

    /// A socket is connected.
    pub fn connected(&self, key: Key, view: SocketView, controls: Arc<dyn Controls>) {
        let mut state = self.state();
        state.tell(|at| ToAdmin::SocketConnected(view.clone(), at));
        state.sockets.insert(key, Entry { view, controls });
    }

    /// A socket is in that room now, as that person.
    pub fn joined(&self, key: Key, room: &str, data: Value) {
        let mut state = self.state();
        let Some(Entry { view, .. }) = state.sockets.get_mut(&key) else {
            return;
        };
        view.data = data.clone();
        view.rooms.push(room.to_owned());
        let (nsp, id) = (view.nsp, view.id.clone());
        let update = SocketUpdate {
            id: id.clone(),
            nsp,
            data,
        };
        state.tell(|at| ToAdmin::RoomJoined(nsp, room.to_owned(), id, at));
        state.tell(|_| ToAdmin::SocketUpdated(update));
    }

    /// A socket is in no room any more, and nobody.
    pub fn left(&self, key: Key) {
        let mut state = self.state();
        state.leave_rooms(key);
        let Some(Entry { view, .. }) = state.sockets.get_mut(&key) else {
            return;
        };
        let Value::Object(who) = &mut view.data else {
            return;
        };
        // The page merges what it is told into what it knows.
        who.values_mut().for_each(|value| *value = Value::Null);
        let (id, nsp, data) = (view.id.clone(), view.nsp, view.data.clone());
        state.tell(|_| ToAdmin::SocketUpdated(SocketUpdate { id, nsp, data }));
    }

    /// A socket is gone. Nothing happens the second time.
    pub fn disconnected(&self, key: Key, reason: &'static str) {
        let mut state = self.state();
        state.leave_rooms(key);
        if let Some(Entry { view, .. }) = state.sockets.remove(&key) {
            state.tell(|at| ToAdmin::SocketDisconnected(At(view.nsp, view.id), reason, at));
        }
    }

    /// An event has passed.
    pub fn passed(&self, event: impl FnOnce(Timestamp) -> ToAdmin) {
        self.state().tell(event);
    }

    /// Begins to tell the page of that socket: what it may ask for, who is there, and what happens from
    /// now on. It ends by `end` when it does not keep up.
    pub fn watch(
        self: &Arc<Self>,
        key: Key,
        end: End,
        supported_features: &'static [Feature],
    ) -> (Watching, mpsc::Receiver<Arc<ToAdmin>>) {
        let (outbox, waiting) = mpsc::channel(OUTBOX);
        let watcher = Watcher { key, outbox, end };
        let mut state = self.state();
        let mut views: Vec<SocketView> = state
            .sockets
            .values()
            .map(|entry| entry.view.clone())
            .collect();
        // The page begins with the namespace of the first one.
        views.sort_by_key(|view| view.nsp == NAMESPACE);
        let config = Config { supported_features };
        watcher.tell(&Arc::new(ToAdmin::Config(config)));
        watcher.tell(&Arc::new(ToAdmin::AllSockets(views)));
        state.watchers.push(watcher);
        self.watched.store(true, Ordering::Relaxed);
        let watching = Watching {
            registry: Arc::clone(self),
            key,
        };
        (watching, waiting)
    }

    /// Disconnects the sockets of that namespace that have that id, or are in that room; all of them
    /// without either. `close` means whatever else is on the same connections, too. Returns how many.
    pub fn disconnect(&self, nsp: &str, close: bool, filter: Option<&str>) -> usize {
        let state = self.state();
        let meant = |view: &SocketView| view.nsp == nsp && view.is_meant(filter);
        let views = state.sockets.values().map(|entry| &entry.view);
        let clients: HashSet<&str> = views
            .filter(|view| close && meant(view))
            .map(|view| view.client_id.as_str())
            .collect();
        let controls = state.controls(|view| meant(view) || clients.contains(&*view.client_id));
        drop(state);
        controls.iter().for_each(|socket| socket.disconnect());
        controls.len()
    }

    /// Takes the sockets of that namespace that have that id, or are in that other room, out of a room;
    /// all that are in it without either. Returns how many.
    pub fn put_out(&self, nsp: &str, room: &str, filter: Option<&str>) -> usize {
        let state = self.state();
        let controls =
            state.controls(|view| view.nsp == nsp && view.is_in(room) && view.is_meant(filter));
        drop(state);
        controls.iter().for_each(|socket| socket.leave(room));
        controls.len()
    }

    /// How many connections there are, and how many sockets in each namespace: those named, and all
    /// others that have any.
    #[must_use]
    pub fn count(&self, namespaces: &[&'static str]) -> (usize, Vec<NamespaceStats>) {
        let state = self.state();
        let mut clients = HashSet::new();
        let mut counts: BTreeMap<&'static str, usize> =
            namespaces.iter().map(|&name| (name, 0)).collect();
        for Entry { view, .. } in state.sockets.values() {
            clients.insert(view.client_id.as_str());
            *counts.entry(view.nsp).or_default() += 1;
        }
        let stats = counts
            .into_iter()
            .map(|(name, sockets_count)| NamespaceStats {
                name,
                sockets_count,
            });
        (clients.len(), stats.collect())
    }

    /// Nothing in it can panic half-way.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Tells every page. The message is made only if there is one.
    fn tell(&self, message: impl FnOnce(Timestamp) -> ToAdmin) {
        if self.watchers.is_empty() {
            return;
        }
        let message = Arc::new(message(Timestamp::of(SystemTime::now())));
        for watcher in &self.watchers {
            watcher.tell(&message);
        }
    }

    fn leave_rooms(&mut self, key: Key) {
        let Some(Entry { view, .. }) = self.sockets.get_mut(&key) else {
            return;
        };
        let (nsp, id) = (view.nsp, view.id.clone());
        for room in std::mem::take(&mut view.rooms) {
            self.tell(|at| ToAdmin::RoomLeft(nsp, room, id.clone(), at));
        }
    }

    fn controls(&self, meant: impl Fn(&SocketView) -> bool) -> Vec<Arc<dyn Controls>> {
        let meant = self.sockets.values().filter(|entry| meant(&entry.view));
        meant.map(|entry| Arc::clone(&entry.controls)).collect()
    }
}

impl Watcher {
    fn tell(&self, message: &Arc<ToAdmin>) {
        if !message.is_state() && self.outbox.capacity() < OUTBOX / 2 {
            return;
        }
        if self.outbox.try_send(Arc::clone(message)).is_err() {
            self.end.declare(Ending::Slow);
        }
    }
}

impl SocketView {
    fn is_in(&self, room: &str) -> bool {
        self.rooms.iter().any(|name| name == room)
    }

    fn is_meant(&self, filter: Option<&str>) -> bool {
        filter.is_none_or(|filter| self.id == filter || self.is_in(filter))
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut state = self.registry.state();
        state.watchers.retain(|watcher| watcher.key != self.key);
        let watched = !state.watchers.is_empty();
        self.registry.watched.store(watched, Ordering::Relaxed);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::UNIX_EPOCH;

    use super::super::payload::Handshake;
    use super::*;

    fn view(nsp: &'static str, id: &str) -> SocketView {
        let begun = Timestamp::of(UNIX_EPOCH);
        SocketView {
            id: id.to_owned(),
            client_id: id.to_owned(),
            transport: "websocket",
            nsp,
            data: Value::Null,
            handshake: Handshake::of(Ipv4Addr::LOCALHOST.into(), begun),
            rooms: Vec::new(),
        }
    }

    fn sent(at: Timestamp) -> ToAdmin {
        let event = ("hello".to_owned(), Value::Null);
        ToAdmin::EventSent(At("/moim", "ann".to_owned()), event, at)
    }

    #[tokio::test]
    async fn a_page_that_does_not_read_misses_events_and_then_is_at_its_end() {
        let registry = Arc::new(Registry::default());
        let end = End::new();
        let (watching, mut waiting) = registry.watch(Key::next(), end.clone(), Feature::ALL);
        for _ in 0..2 * OUTBOX {
            registry.passed(sent);
        }
        assert_eq!(waiting.len(), OUTBOX / 2 + 1);
        let ann = Key::next();
        registry.connected(ann, view("/moim", "ann"), Arc::new(End::new()));
        for _ in 0..OUTBOX {
            registry.joined(ann, "Lobby", Value::Null);
            registry.left(ann);
        }
        assert_eq!(end.declared().await, Ending::Slow);
        assert_eq!(waiting.len(), OUTBOX);
        assert_eq!(waiting.recv().await.unwrap().name(), "config");
        drop(watching);
        assert!(!registry.is_watched());
        while waiting.recv().await.is_some() {}
    }

    #[tokio::test]
    async fn those_are_meant_who_have_the_id_or_are_in_the_room() {
        let registry = Registry::default();
        let ends = ["ann", "ben", "kim"].map(|id| {
            let (key, end) = (Key::next(), End::new());
            registry.connected(key, view("/moim", id), Arc::new(end.clone()));
            if id != "kim" {
                registry.joined(key, "Lobby", Value::Null);
            }
            end
        });
        let other = End::new();
        let beside = SocketView {
            client_id: "ann".to_owned(),
            ..view("/", "beside")
        };
        registry.connected(Key::next(), beside, Arc::new(other.clone()));
        assert_eq!(registry.put_out("/", "Lobby", None), 0);
        assert_eq!(registry.put_out("/moim", "Lobby", Some("kim")), 0);
        assert_eq!(registry.put_out("/moim", "Lobby", Some("ben")), 1);
        assert_eq!(ends[1].declared().await, Ending::PutOut);
        assert_eq!(registry.disconnect("/moim", false, Some("Lobby")), 2);
        assert_eq!(registry.disconnect("/moim", true, Some("ann")), 2);
        assert_eq!(ends[0].declared().await, Ending::Disconnected);
        assert_eq!(other.declared().await, Ending::Disconnected);
        assert_eq!(registry.disconnect("/moim", false, None), 3);
        assert_eq!(registry.count(&["/moim"]).0, 3);
    }
}
