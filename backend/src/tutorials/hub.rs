//! All sockets of the tutorials and what their dialects know of them, under one lock: an event is heard, acknowledged
//! and passed on at one go, so that everyone hears of things in one order.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use shared::{Rejection, RoomName};
use tokio::sync::Notify;
use tokio::time::sleep;
use tracing::warn;

use super::arguments::Heard;
use super::chat::Chat;
use super::say::{Me, Say, To, Word};
use super::space::Space;
use super::{call, chat, classic, codelab};
use crate::connection::gate::Gate;
use crate::connection::line::{ConnectionId, Line};
use crate::rate::Bucket;
use crate::unsent;

/// Names of rooms that are told to somebody in news for everyone, at once and then each second: those who come and
/// go shall not keep the server busy with it. Few notice; what is more is told late, and only the latest of it.
const NEWS_BURST: u32 = 100_000;
const NEWS_RATE: u32 = 20_000;

/// The shortest time between two late news.
const PAUSE: Duration = Duration::from_secs(1);

/// The hub.
#[derive(Debug)]
pub struct Hub {
    state: Mutex<State>,
    late: Notify,
}

#[derive(Debug)]
struct State {
    lines: HashMap<ConnectionId, Line>,
    classic: Space,
    codelab: Space,
    call: Space,
    chat: Chat,
    news: Bucket,
}

impl Hub {
    /// With nobody.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: Mutex::new(State {
                lines: HashMap::new(),
                classic: Space::new(classic::CAPACITY),
                codelab: Space::new(codelab::CAPACITY),
                call: Space::new(call::CAPACITY),
                chat: Chat::new(),
                news: Bucket::new(NEWS_RATE, NEWS_BURST, Instant::now()),
            }),
            late: Notify::new(),
        }
    }

    /// Takes a connection in.
    pub fn enter(&self, line: Line) {
        self.state().lines.insert(line.id(), line);
    }

    /// Does what an event asks for. `answer` gets to know whether it was done, before the server's own word on it goes
    /// out.
    pub fn hear(
        &self,
        me: &Me,
        gate: &Gate,
        heard: &Heard,
        answer: impl FnOnce(Result<(), Rejection>),
    ) {
        let state = &mut *self.state();
        match state.hear(me, heard) {
            Ok(says) => {
                let (relayed, own): (Vec<_>, Vec<_>) =
                    says.into_iter().partition(|say| say.word == Word::Peers);
                answer(relayed.iter().try_for_each(|say| state.relay(gate, say)));
                self.tell(state, own);
            }
            Err(rejection) => answer(Err(rejection)),
        }
        state.show(me.id);
    }

    /// Takes a connection out, and whoever is on it out of all rooms.
    pub fn leave(&self, who: ConnectionId) {
        let state = &mut *self.state();
        state.lines.remove(&who);
        for space in [&mut state.classic, &mut state.codelab, &mut state.call] {
            // These dialects have no word for it.
            space.leave(who);
        }
        let says = state.chat.leave(who);
        self.tell(state, says);
    }

    /// Brings everyone the news for which there were too many, the latest of them.
    pub async fn bring_late_news(&self) -> ! {
        loop {
            self.late.notified().await;
            sleep(PAUSE).await;
            let state = self.state();
            state.send(&state.chat.room_change());
        }
    }

    fn tell(&self, state: &mut State, says: Vec<Say>) {
        for say in says {
            if say.to == To::Everyone && !state.afford_news() {
                self.late.notify_one();
            } else {
                state.send(&say);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn hear(&mut self, me: &Me, heard: &Heard) -> Result<Vec<Say>, Rejection> {
        let Heard { event, arguments } = heard;
        let event = event.as_str();
        if classic::EVENTS.contains(&event) {
            classic::hear(&mut self.classic, me, event, arguments)
        } else if codelab::EVENTS.contains(&event) {
            codelab::hear(&mut self.codelab, me, event, arguments, own_addresses)
        } else if chat::EVENTS.contains(&event) {
            self.chat.hear(me, event, arguments)
        } else if call::EVENTS.contains(&event) {
            call::hear(&mut self.call, me, event, arguments)
        } else {
            Err(Rejection::UnknownEvent)
        }
    }

    fn send(&self, say: &Say) {
        for line in self.lines_to(&say.to) {
            line.emit(say.event, &say.arguments);
            line.sight().sent(say.event, &say.arguments);
        }
    }

    /// Lets the admin page see which rooms somebody is in.
    fn show(&self, who: ConnectionId) {
        let Some(line) = self.lines.get(&who) else {
            return;
        };
        line.sight().is_in(|| {
            let spaces =
                [&self.classic, &self.codelab, &self.call].map(|space| space.rooms_of(who));
            let mut rooms: Vec<&RoomName> = spaces.into_iter().flatten().collect();
            rooms.extend(self.chat.rooms_of(who));
            rooms
        });
    }

    fn lines_to(&self, to: &To) -> Vec<&Line> {
        match to {
            To::These(these) => (these.iter())
                .filter_map(|who| self.lines.get(who))
                .collect(),
            To::Everyone => (self.lines.values())
                .filter(|line| self.may_chat(line.id()))
                .collect(),
        }
    }

    /// Passes a client's word on to all who can take it.
    fn relay(&self, gate: &Gate, say: &Say) -> Result<(), Rejection> {
        gate.count_signal(unsent::size(&say.arguments))?;
        let mut relayed = Ok(());
        for line in self.lines_to(&say.to) {
            let taken = line.relay(say.event, &say.arguments);
            if taken.is_ok() {
                line.sight().sent(say.event, &say.arguments);
            }
            relayed = relayed.and(taken);
        }
        relayed
    }

    fn afford_news(&mut self) -> bool {
        let names = self.lines.len() * (1 + self.chat.listed_rooms());
        let names = u32::try_from(names).unwrap_or(u32::MAX);
        self.news.afford(names, Instant::now())
    }

    /// Whether somebody may be of the chat's dialect: they are in one of its rooms, or in none at all.
    fn may_chat(&self, who: ConnectionId) -> bool {
        let elsewhere = [&self.classic, &self.codelab, &self.call];
        self.chat.has(who) || elsewhere.iter().all(|space| !space.has(who))
    }
}

/// Whether any dialect has an event of that name.
#[must_use]
pub fn knows(event: &str) -> bool {
    let dialects: [&[&str]; 4] = [
        &classic::EVENTS,
        &codelab::EVENTS,
        &chat::EVENTS,
        &call::EVENTS,
    ];
    dialects.iter().any(|events| events.contains(&event))
}

/// The machine's IPv4 addresses that others can reach it by.
fn own_addresses() -> Vec<Ipv4Addr> {
    match getifaddrs() {
        Ok(interfaces) => interfaces
            .filter(|interface| !interface.flags.contains(InterfaceFlags::IFF_LOOPBACK))
            .filter_map(|interface| Some(interface.address?.as_sockaddr_in()?.ip()))
            .collect(),
        Err(error) => {
            warn!(%error, "cannot list the network's interfaces");
            Vec::new()
        }
    }
}
