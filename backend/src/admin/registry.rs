//! Who is connected, and the admin pages that are told of it. A page learns all sockets at once and
//! then each change, in the order in which they happen. What a page does not take in time is bounded:
//! events are left out, and a page that would miss who is where is at its end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde_json::Value;
use tokio::sync::mpsc;

use super::payload::{
    At, Config, Feature, NAMESPACE, NamespaceStats, SocketUpdate, SocketView, ToAdmin, Transport,
};
use super::timestamp::Timestamp;
use crate::connection::line::{End, Ending};

/// What may wait for one admin page, in messages of some hundred bytes.
const OUTBOX: usize = 4096;

/// What an admin may do to a socket. Carrying it out is the socket's own business.
pub trait Controls: fmt::Debug + Send + Sync {
    /// Closes it.
    fn disconnect(&self);

    /// Puts it out of its room.
    fn put_out(&self);

    /// How it is connected at this moment.
    fn transport(&self) -> Transport;
}

/// How many there are.
#[derive(Debug)]
pub struct Count {
    /// Connections on which there are sockets.
    pub clients: usize,
    /// Those of them that are no WebSockets.
    pub polling: usize,
    /// The namespaces.
    pub namespaces: Vec<NamespaceStats>,
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

    /// A socket is in those rooms now, and in no others.
    pub fn is_in(&self, key: Key, rooms: Vec<String>) {
        self.state().move_to(key, rooms);
    }

    /// A socket is in that room now, as that person.
    pub fn joined(&self, key: Key, room: String, who: Value) {
        let mut state = self.state();
        state.move_to(key, vec![room]);
        let Some(Entry { view, .. }) = state.sockets.get_mut(&key) else {
            return;
        };
        view.data = who.clone();
        let update = view.update().with_data(who);
        state.tell(|_| ToAdmin::SocketUpdated(update));
    }

    /// A socket is in no room any more, and nobody.
    pub fn left(&self, key: Key) {
        let mut state = self.state();
        state.move_to(key, vec![]);
        let Some(Entry { view, .. }) = state.sockets.get_mut(&key) else {
            return;
        };
        let Value::Object(who) = &mut view.data else {
            return;
        };
        // The page merges what it is told into what it knows.
        who.values_mut().for_each(|value| *value = Value::Null);
        let update = view.update().with_data(view.data.clone());
        state.tell(|_| ToAdmin::SocketUpdated(update));
    }

    /// A socket is gone. Nothing happens the second time.
    pub fn disconnected(&self, key: Key, reason: &'static str) {
        let mut state = self.state();
        state.move_to(key, vec![]);
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
        controls.iter().for_each(|socket| socket.put_out());
        controls.len()
    }

    /// Counts the sockets of each namespace: those named, and all others that have any. Nobody says when a
    /// connection goes on as a WebSocket: who counts, finds out, and the pages are told.
    pub fn count(&self, namespaces: &[&'static str]) -> Count {
        let state = &mut *self.state();
        let mut transports = HashMap::new();
        let mut counts: BTreeMap<&'static str, usize> =
            namespaces.iter().map(|&name| (name, 0)).collect();
        let mut upgraded = Vec::new();
        for Entry { view, controls } in state.sockets.values_mut() {
            let transport = controls.transport();
            if transport != view.transport {
                view.transport = transport;
                upgraded.push(view.update().with_transport(transport));
            }
            transports.insert(view.client_id.as_str(), transport);
            *counts.entry(view.nsp).or_default() += 1;
        }
        let clients = transports.len();
        let polling = transports.values();
        let polling = polling.filter(|&&transport| transport == Transport::Polling);
        let count = Count {
            clients,
            polling: polling.count(),
            namespaces: counts
                .into_iter()
                .map(|(name, sockets_count)| NamespaceStats {
                    name,
                    sockets_count,
                })
                .collect(),
        };
        for update in upgraded {
            state.tell(|_| ToAdmin::SocketUpdated(update));
        }
        count
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

    fn move_to(&mut self, key: Key, rooms: Vec<String>) {
        let Some(Entry { view, .. }) = self.sockets.get_mut(&key) else {
            return;
        };
        let (nsp, id) = (view.nsp, view.id.clone());
        let before = std::mem::replace(&mut view.rooms, rooms.clone());
        for room in before.iter().filter(|room| !rooms.contains(room)) {
            self.tell(|at| ToAdmin::RoomLeft(nsp, room.clone(), id.clone(), at));
        }
        for room in rooms.into_iter().filter(|room| !before.contains(room)) {
            self.tell(|at| ToAdmin::RoomJoined(nsp, room, id.clone(), at));
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
    fn update(&self) -> SocketUpdate {
        SocketUpdate::of(self.nsp, &self.id)
    }

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

    /// What was asked of a socket.
    #[derive(Clone, Debug, Default)]
    struct Asked(Arc<Mutex<Vec<&'static str>>>);

    impl Asked {
        fn so_far(&self) -> Vec<&'static str> {
            self.0.lock().unwrap().clone()
        }
    }

    impl Controls for Asked {
        fn disconnect(&self) {
            self.0.lock().unwrap().push("disconnect");
        }

        fn put_out(&self) {
            self.0.lock().unwrap().push("put out");
        }

        fn transport(&self) -> Transport {
            Transport::Websocket
        }
    }

    fn view(nsp: &'static str, id: &str) -> SocketView {
        let begun = Timestamp::of(UNIX_EPOCH);
        SocketView {
            id: id.to_owned(),
            client_id: id.to_owned(),
            transport: Transport::Polling,
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
        registry.connected(ann, view("/moim", "ann"), Arc::new(Asked::default()));
        for _ in 0..OUTBOX {
            registry.joined(ann, "Lobby".to_owned(), Value::Null);
            registry.left(ann);
        }
        assert_eq!(end.declared().await, Ending::Slow);
        assert_eq!(waiting.len(), OUTBOX);
        assert_eq!(waiting.recv().await.unwrap().name(), "config");
        drop(watching);
        assert!(!registry.is_watched());
        while waiting.recv().await.is_some() {}
    }

    #[test]
    fn those_are_meant_who_have_the_id_or_are_in_the_room() {
        let registry = Registry::default();
        let [ann, ben, kim] = ["ann", "ben", "kim"].map(|id| {
            let (key, asked) = (Key::next(), Asked::default());
            registry.connected(key, view("/moim", id), Arc::new(asked.clone()));
            if id != "kim" {
                registry.is_in(key, vec!["Lobby".to_owned()]);
            }
            asked
        });
        let other = Asked::default();
        let beside = SocketView {
            client_id: "ann".to_owned(),
            ..view("/", "beside")
        };
        registry.connected(Key::next(), beside, Arc::new(other.clone()));
        assert_eq!(registry.put_out("/", "Lobby", None), 0);
        assert_eq!(registry.put_out("/moim", "Lobby", Some("kim")), 0);
        assert_eq!(registry.put_out("/moim", "Lobby", Some("ben")), 1);
        assert_eq!(registry.disconnect("/moim", false, Some("Lobby")), 2);
        assert_eq!(ben.so_far(), ["put out", "disconnect"]);
        assert_eq!(registry.disconnect("/moim", true, Some("ann")), 2);
        assert_eq!(ann.so_far(), ["disconnect", "disconnect"]);
        assert_eq!(other.so_far(), ["disconnect"]);
        assert_eq!(registry.disconnect("/moim", false, None), 3);
        assert_eq!(kim.so_far(), ["disconnect"]);
    }

    #[test]
    fn pages_are_told_of_rooms_that_are_new_or_left_and_of_a_new_transport() {
        let registry = Arc::new(Registry::default());
        let (_watching, mut waiting) = registry.watch(Key::next(), End::new(), Feature::ALL);
        let ann = Key::next();
        registry.connected(ann, view("/", "ann"), Arc::new(Asked::default()));
        let rooms = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        registry.is_in(ann, rooms(&["tea"]));
        registry.is_in(ann, rooms(&["tea", "talk"]));
        registry.is_in(ann, rooms(&["tea", "talk"]));
        registry.is_in(ann, rooms(&["talk"]));
        let count = registry.count(&["/moim"]);
        assert_eq!((count.clients, count.polling), (1, 0));
        registry.disconnected(ann, "transport close");
        registry.disconnected(ann, "transport close");
        let mut told = Vec::new();
        while let Ok(message) = waiting.try_recv() {
            told.push(message.name());
        }
        let expected = [
            "config",
            "all_sockets",
            "socket_connected",
            "room_joined",
            "room_joined",
            "room_left",
            "socket_updated",
            "room_left",
            "socket_disconnected",
        ];
        assert_eq!(told, expected);
    }
}
