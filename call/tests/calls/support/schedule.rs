//! What happens next in the world: whatever can, as it is chosen; and how time passes.

use std::time::Duration;

use call::input::ServerInput;
use call::output::Timer;
use call::{Input, Time};
use shared::PeerId;

use super::browser::Connection;
use super::paths::Finding;
use super::world::World;

#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    Reconnect(usize),
    ToServer(usize),
    FromServer(usize),
    Media(usize),
    Gone(usize),
    Work(u64),
    Channel((u64, u64)),
    /// The next timer of all runs out.
    Later,
}

impl World {
    /// Something happens: which of the things that can, is chosen by the number.
    pub fn step(&mut self, choice: usize) {
        let mut possible = self.possible();
        if self.next_deadline().is_some() {
            possible.push(Happening::Later);
        }
        if !possible.is_empty() {
            self.happen(possible[choice % possible.len()]);
        }
    }

    /// Something happens that is not a timer's doing.
    pub fn step_without_timers(&mut self, choice: usize) {
        let possible = self.possible();
        if !possible.is_empty() {
            self.happen(possible[choice % possible.len()]);
        }
    }

    /// Whether something of that page's is on its way to the server.
    pub fn is_sending(&self, page: usize) -> bool {
        !self.pages[page].to_server.is_empty()
    }

    /// How many connections were ever opened.
    pub fn opened(&self) -> u64 {
        self.next_number
    }

    /// Everything that is on its way arrives, in the order that is chosen; no timer runs out.
    pub fn settle(&mut self, choices: &mut impl Iterator<Item = usize>) {
        loop {
            let possible = self.possible();
            if possible.is_empty() {
                return;
            }
            self.happen(possible[choices.next().unwrap_or(0) % possible.len()]);
            assert!(self.steps < 30_000, "it never comes to rest: {possible:?}");
        }
    }

    /// Everything happens that can, until nothing is left to happen.
    pub fn rest(&mut self, choices: &mut impl Iterator<Item = usize>) {
        loop {
            self.settle(choices);
            if self.next_deadline().is_none() {
                return;
            }
            self.happen(Happening::Later);
        }
    }

    /// Lets that much time pass.
    pub fn pass(&mut self, time: Duration) {
        self.pass_choosing(time, &mut std::iter::repeat(0));
    }

    /// Lets that much time pass; what happens in it comes in the order that is chosen.
    pub fn pass_choosing(&mut self, time: Duration, choices: &mut impl Iterator<Item = usize>) {
        let until = self.now + time;
        loop {
            self.settle(choices);
            match self.next_deadline() {
                Some(deadline) if deadline <= until => self.happen(Happening::Later),
                Some(_) | None => break,
            }
        }
        self.now = until.max(self.now);
    }

    fn possible(&self) -> Vec<Happening> {
        let mut possible = Vec::new();
        for (number, page) in self.pages.iter().enumerate() {
            if page.socket.is_none() && page.online {
                possible.push(Happening::Reconnect(number));
            }
            if !page.to_server.is_empty() && page.stranded.is_none() {
                possible.push(Happening::ToServer(number));
            }
            if !page.from_server.is_empty() {
                possible.push(Happening::FromServer(number));
            }
            if !page.media.is_empty() {
                possible.push(Happening::Media(number));
            }
        }
        possible.extend((0..self.gone.len()).map(Happening::Gone));
        let has_work = |connection: &&Connection| !connection.work.is_empty();
        possible.extend(
            self.connections
                .values()
                .filter(has_work)
                .map(|connection| Happening::Work(connection.number)),
        );
        for (ends, parcels) in &self.channels {
            let runs = |number| self.connections.get(number).is_none_or(Connection::runs);
            if !parcels.is_empty() && runs(&ends.0) && runs(&ends.1) && !self.is_cut(*ends) {
                possible.push(Happening::Channel(*ends));
            }
        }
        possible
    }

    fn next_deadline(&self) -> Option<Time> {
        let timers = self.pages.iter().flat_map(|page| page.timers.values());
        let stranded = self.pages.iter().flat_map(|page| &page.stranded);
        let graces = self.graces.iter().map(|(deadline, _, _)| deadline);
        let findings = self.findings.iter().map(|finding| &finding.at);
        let server = stranded.chain(graces);
        timers.chain(server).chain(findings).min().copied()
    }

    pub(super) fn happen(&mut self, happening: Happening) {
        self.steps += 1;
        self.trace(|world| format!("{}: {happening:?}", world.steps));
        self.now = self.now + Duration::from_millis(1);
        match happening {
            Happening::Reconnect(page) => {
                self.pages[page].socket = Some(self.next_socket);
                self.next_socket += 1;
                self.handle(page, Input::Server(ServerInput::Connected));
            }
            Happening::ToServer(page) => {
                let the = &mut self.pages[page];
                if let (Some(request), Some(socket)) = (the.to_server.pop_front(), the.socket) {
                    self.server.handle(socket, request, self.now);
                    self.deliver();
                }
            }
            Happening::FromServer(page) => {
                if let Some(input) = self.pages[page].from_server.pop_front() {
                    self.handle(page, Input::Server(input));
                }
            }
            Happening::Media(page) => {
                if let Some(event) = self.pages[page].media.pop_front() {
                    self.handle(page, Input::Media(event));
                }
            }
            Happening::Gone(place) => {
                let socket = self.gone.remove(place);
                self.server.gone(socket);
                self.deliver();
            }
            Happening::Work(number) => {
                let Some(connection) = self.connections.get_mut(&number) else {
                    return;
                };
                let (page, link) = (connection.page, connection.link);
                let exchanges = connection.exchanges;
                if let Some(event) = connection.proceed() {
                    if connection.exchanges != exchanges {
                        let finding = Finding::failure(connection, self.now);
                        self.findings.push(finding);
                    }
                    self.handle(page, Input::Link { link, event });
                    self.connect(number);
                }
            }
            Happening::Channel(ends) => self.carry(ends),
            Happening::Later => self.time_passes(),
        }
    }

    fn time_passes(&mut self) {
        let Some(deadline) = self.next_deadline() else {
            return;
        };
        self.now = self.now.max(deadline);
        for page in 0..self.pages.len() {
            let timers = &mut self.pages[page].timers;
            let due: Vec<Timer> = timers
                .iter()
                .filter(|(_, deadline)| **deadline <= self.now)
                .map(|(timer, _)| *timer)
                .collect();
            for timer in due {
                if self.pages[page].timers.remove(&timer).is_some() {
                    self.handle(page, Input::Timer(timer));
                }
            }
            let stranded = self.pages[page].stranded;
            if stranded.is_some_and(|until| until <= self.now) {
                self.cut(page);
            }
        }
        self.find_out();
        let (due, graces) = std::mem::take(&mut self.graces)
            .into_iter()
            .partition(|(deadline, _, _)| *deadline <= self.now);
        self.graces = graces;
        let due: Vec<(Time, PeerId, u64)> = due;
        for (_, peer, losses) in due {
            self.server.grace_over(peer, losses);
        }
        self.deliver();
    }
}
