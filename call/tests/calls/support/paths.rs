//! The paths between pages, and when ICE notices what becomes of them: at about the times at which
//! Chromium does.

use std::time::Duration;

use call::input::{LinkState, NetworkEvent};
use call::output::IceTransportPolicy;
use call::{Input, Time};

use super::browser::Connection;
use super::world::World;

/// How long nothing comes before the path counts as `disconnected`.
const DISCONNECTED: Duration = Duration::from_secs(5);

/// How long a path is looked for before it counts as `failed`.
const FAILED: Duration = Duration::from_secs(15);

/// How long nothing comes on a socket before it counts as dead.
const WATCHDOG: Duration = Duration::from_secs(15);

/// What ICE will find out of a connection's path, unless that is there by then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding {
    pub at: Time,
    connection: u64,
    /// An exchange of descriptions after this one makes it void.
    exchanges: u32,
    state: LinkState,
}

impl Finding {
    /// That there is none, after an exchange of descriptions.
    pub fn failure(connection: &Connection, now: Time) -> Self {
        Self::of(connection, LinkState::Failed, now + FAILED)
    }

    fn of(connection: &Connection, state: LinkState, at: Time) -> Self {
        Self {
            at,
            connection: connection.number,
            exchanges: connection.exchanges,
            state,
        }
    }
}

impl World {
    /// From now on nothing gets through between two pages, except by the server.
    pub fn block(&mut self, one: usize, other: usize) {
        self.blocked.insert((one, other));
        for number in self.between(one, other) {
            self.will_notice(number);
        }
    }

    /// It gets through again.
    pub fn unblock(&mut self, one: usize, other: usize) {
        self.blocked.remove(&(one, other));
        self.blocked.remove(&(other, one));
        for number in self.between(one, other) {
            self.connect(number);
        }
    }

    /// The page's machine comes into another network: other addresses, and the old ones are gone. Its
    /// browser says so.
    pub fn move_network(&mut self, page: usize) {
        self.strand(page);
        self.handle(page, Input::Network(NetworkEvent::Changed));
    }

    /// The page's machine comes into another network, and nobody says so: its socket still seems to stand,
    /// but nothing gets through.
    pub fn strand(&mut self, page: usize) {
        for other in 0..self.pages.len() {
            for number in self.between(page, other) {
                if let Some(connection) = self.connections.get_mut(&number) {
                    connection.move_away();
                }
                self.will_notice(number);
            }
        }
        let the = &mut self.pages[page];
        if let (Some(socket), None) = (the.socket, the.stranded) {
            the.stranded = Some(self.now + WATCHDOG);
            the.from_server.clear();
            self.gone.push(socket);
        }
    }

    /// The relay dies: what led over it leads nowhere, and no browser has noticed.
    pub fn kill_relay(&mut self) {
        let numbers = self.connections.keys().copied();
        let relayed: Vec<u64> = numbers.filter(|number| self.is_relayed(*number)).collect();
        for number in relayed {
            if let Some(connection) = self.connections.get_mut(&number) {
                connection.move_away();
            }
            self.will_notice(number);
        }
    }

    /// Whether one of its two ends hides its address.
    pub(super) fn is_relayed(&self, number: u64) -> bool {
        let hides = |connection: &Connection| connection.transport == IceTransportPolicy::Relay;
        let other = |connection: &Connection| self.connections.get(&connection.met?);
        self.connections
            .get(&number)
            .is_some_and(|connection| hides(connection) || other(connection).is_some_and(hides))
    }

    pub(super) fn is_blocked(&self, one: usize, other: usize) -> bool {
        self.blocked.contains(&(one, other)) || self.blocked.contains(&(other, one))
    }

    /// Whether nothing gets through between two connections.
    pub(super) fn is_cut(&self, ends: (u64, u64)) -> bool {
        let page = |number| {
            self.connections
                .get(&number)
                .map(|one: &Connection| one.page)
        };
        page(ends.0)
            .zip(page(ends.1))
            .is_some_and(|(one, other)| self.is_blocked(one, other))
    }

    /// What is due is found out.
    pub(super) fn find_out(&mut self) {
        let (due, findings): (Vec<Finding>, Vec<Finding>) = std::mem::take(&mut self.findings)
            .into_iter()
            .partition(|finding| finding.at <= self.now);
        self.findings = findings;
        for finding in due {
            let is_there = self.is_path_there(finding.connection);
            let Some(connection) = self.connections.get_mut(&finding.connection) else {
                continue;
            };
            if connection.exchanges == finding.exchanges
                && !is_there
                && connection.state != LinkState::Failed
            {
                connection.change_state(finding.state);
            }
        }
    }

    fn is_path_there(&self, number: u64) -> bool {
        self.connections.get(&number).is_some_and(|connection| {
            let other = self
                .pages
                .iter()
                .position(|page| page.id == connection.peer);
            connection.runs() && other.is_some_and(|other| !self.is_blocked(connection.page, other))
        })
    }

    fn will_notice(&mut self, number: u64) {
        if let Some(connection) = self.connections.get(&number)
            && connection.state == LinkState::Connected
        {
            let (silence, failure) = (
                Finding::of(connection, LinkState::Disconnected, self.now + DISCONNECTED),
                Finding::of(connection, LinkState::Failed, self.now + FAILED),
            );
            self.findings.extend([silence, failure]);
        }
    }

    /// The connections of the two to each other.
    fn between(&self, one: usize, other: usize) -> Vec<u64> {
        let (one_id, other_id) = (self.pages[one].id, self.pages[other].id);
        let joins = |connection: &&Connection| {
            (connection.page == one && connection.peer == other_id)
                || (connection.page == other && connection.peer == one_id)
        };
        let connections = self.connections.values().filter(joins);
        connections.map(|connection| connection.number).collect()
    }
}
